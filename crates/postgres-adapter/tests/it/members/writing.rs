//! Members are found, written and locked.

use std::time::{Duration, Instant};

use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types::BigInt};
use unionhall_domain::{members::Member, roles::Role, tenants::Tenant};
use unionhall_ports::{
    identity::Membership,
    round_trips::counted,
    storage::StorageError,
    unit_of_work::{Scope, UnitOfWork},
};
use unionhall_testing::{TestDatabase, builders};

use super::{number, whole_member};

fn changed(member: &Member, last_name: &str) -> Member {
    let mut member = member.clone();
    member.details.last_name = builders::line(last_name);
    member.version = member.version.next();
    member
}

fn update(storage: &dyn UnitOfWork, tenant: &Tenant, member: &Member) -> Result<(), StorageError> {
    storage.transaction(Scope::Tenant(tenant.id), |tx| tx.members().update(member))
}

fn find(storage: &dyn UnitOfWork, tenant: &Tenant, member: &Member) -> Option<Member> {
    storage
        .read(Scope::Tenant(tenant.id), |tx| tx.members().find(member.id))
        .unwrap_or_else(|error: StorageError| panic!("{error:?}"))
}

/// Waits until a statement in the database waits for a lock.
fn until_somebody_waits(database: &TestDatabase) {
    #[derive(QueryableByName)]
    struct Waiting {
        #[diesel(sql_type = BigInt)]
        count: i64,
    }
    let mut connection = crate::connect(&database.owner_url());
    let deadline = Instant::now() + Duration::from_secs(4);
    let statement = "select count(*) from pg_stat_activity \
        where datname = current_database() and wait_event_type = 'Lock'";
    while sql_query(statement)
        .get_result::<Waiting>(&mut connection)
        .unwrap()
        .count
        == 0
    {
        assert!(Instant::now() < deadline, "nobody waits");
    }
}

#[test]
fn a_member_comes_back_as_it_was_by_id_and_by_number() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46");
    let (whole, plain) = (
        whole_member("A1204"),
        builders::unstored_member("77", "Bo", "Li"),
    );
    let found = storage.transaction(Scope::Tenant(tenant.id), |tx| {
        let members = tx.members();
        members.insert(&whole)?;
        members.insert(&plain)?;
        Ok::<_, StorageError>((
            members.find(whole.id)?,
            members.hold(plain.id)?,
            members.find_by_number(&number("A1204"))?,
            members.find_by_number(&number("A1205"))?,
            members.find(builders::fresh_id())?,
        ))
    });
    let expected = (Some(whole.clone()), Some(plain), Some(whole), None, None);
    assert_eq!(found.unwrap(), expected);
}

#[test]
fn a_deleted_member_is_found_as_such_and_in_no_other_way() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46");
    let member = builders::member(storage, tenant.id, "1", "Bo", "Li");
    let mut deleted = changed(&member, "Li");
    deleted.deleted_at = Some(builders::now());
    let scope = Scope::Tenant(tenant.id);
    let before = storage.read(scope, |tx| tx.members().find_deleted(member.id));
    assert_eq!(
        before.unwrap_or_else(|error: StorageError| panic!("{error:?}")),
        None
    );
    update(storage, &tenant, &deleted).unwrap();
    let after = storage.transaction(scope, |tx| {
        let members = tx.members();
        Ok::<_, StorageError>((
            members.find(member.id)?,
            members.hold(member.id)?,
            members.find_by_number(&number("1"))?,
            members.find_deleted(member.id)?,
        ))
    });
    assert_eq!(after.unwrap(), (None, None, None, Some(deleted)));
}

#[test]
fn a_taken_number_is_named_even_if_its_member_is_deleted_and_is_free_elsewhere() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46");
    let other = builders::tenant(storage, "local-47");
    let member = builders::member(storage, tenant.id, "1", "Bo", "Li");
    let mut deleted = changed(&member, "Li");
    deleted.deleted_at = Some(builders::now());
    update(storage, &tenant, &deleted).unwrap();

    let second = builders::unstored_member("1", "Al", "Wu");
    let taken = storage.transaction(Scope::Tenant(tenant.id), |tx| tx.members().insert(&second));
    assert!(
        matches!(taken, Err(StorageError::Constraint { name }) if name == "members_number_key")
    );
    let mut third = builders::member(storage, tenant.id, "2", "Al", "Wu");
    third.details.member_number = number("1");
    third.version = third.version.next();
    let taken = update(storage, &tenant, &third);
    assert!(
        matches!(taken, Err(StorageError::Constraint { name }) if name == "members_number_key")
    );
    builders::member(storage, other.id, "1", "Bo", "Li");
}

#[test]
fn an_update_writes_every_field_and_can_clear_it() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46");
    let plain = builders::member(storage, tenant.id, "1", "Bo", "Li");
    let mut whole = Member {
        id: plain.id,
        ..whole_member("2")
    };
    whole.version = plain.version.next();
    update(storage, &tenant, &whole).unwrap();
    assert_eq!(find(storage, &tenant, &plain), Some(whole.clone()));
    let mut cleared = plain;
    cleared.version = whole.version.next();
    update(storage, &tenant, &cleared).unwrap();
    assert_eq!(find(storage, &tenant, &cleared), Some(cleared));
}

#[test]
fn the_second_of_two_editors_is_stale_and_changes_nothing() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46");
    let member = builders::member(storage, tenant.id, "1", "Bo", "Li");
    let first = changed(&member, "First");
    update(storage, &tenant, &first).unwrap();
    let second = update(storage, &tenant, &changed(&member, "Second"));
    assert!(matches!(second, Err(StorageError::Stale)));
    assert_eq!(find(storage, &tenant, &member), Some(first));
    let unknown = update(storage, &tenant, &changed(&whole_member("9"), "Nobody"));
    assert!(matches!(unknown, Err(StorageError::Stale)));
}

#[test]
fn a_held_member_can_be_held_by_others_and_is_changed_only_afterwards() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (other, editor) = (database.unit_of_work(), database.unit_of_work());
    let tenant = builders::tenant(storage, "local-46");
    let member = builders::member(storage, tenant.id, "1", "Bo", "Li");
    let scope = Scope::Tenant(tenant.id);
    std::thread::scope(|threads| {
        let edit = storage.transaction(scope, |tx| {
            tx.members().hold(member.id)?;
            let too = other.transaction(scope, |tx| tx.members().hold(member.id));
            assert_eq!(
                too.unwrap_or_else(|error: StorageError| panic!("{error:?}")),
                Some(member.clone())
            );
            let edit = threads.spawn(|| update(&*editor, &tenant, &changed(&member, "Wu")));
            until_somebody_waits(&database);
            assert_eq!(tx.members().find(member.id)?, Some(member.clone()));
            Ok::<_, StorageError>(edit)
        });
        edit.unwrap().join().unwrap().unwrap();
    });
    assert_eq!(
        find(storage, &tenant, &member),
        Some(changed(&member, "Wu"))
    );
}

#[test]
fn members_locked_by_number_include_deleted_ones_and_are_changed_only_afterwards() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let editor = database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46");
    let (first, second) = (
        builders::member(storage, tenant.id, "B2", "Bo", "Li"),
        builders::member(storage, tenant.id, "A1", "Al", "Wu"),
    );
    builders::member(storage, tenant.id, "C3", "Cy", "Xi");
    let mut deleted = changed(&second, "Wu");
    deleted.deleted_at = Some(builders::now());
    update(storage, &tenant, &deleted).unwrap();
    std::thread::scope(|threads| {
        let edit = storage.transaction(Scope::Tenant(tenant.id), |tx| {
            let numbers = [number("B2"), number("A1"), number("D4")];
            let locked = tx.members().lock_by_numbers(&numbers)?;
            let mut expected = [deleted.clone(), first.clone()];
            // In the order in which those are locked that are named by id.
            expected.sort_by_key(|one| one.id);
            assert_eq!(locked, expected);
            let edit = threads.spawn(|| update(&*editor, &tenant, &changed(&first, "Late")));
            until_somebody_waits(&database);
            tx.members().update_many(&[changed(&first, "Early")])?;
            Ok::<_, StorageError>(edit)
        });
        let late = edit.unwrap().join().unwrap();
        assert!(matches!(late, Err(StorageError::Stale)));
    });
    assert_eq!(
        find(storage, &tenant, &first),
        Some(changed(&first, "Early"))
    );
}

#[test]
fn many_members_are_added_and_changed_in_one_round_trip_each() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46");
    let members: Vec<_> = (0..500).map(|n| whole_member(&n.to_string())).collect();
    let edited: Vec<_> = members
        .iter()
        .enumerate()
        .map(|(n, member)| {
            let mut edited = changed(member, "Edited");
            if n % 2 == 0 {
                edited.details = builders::unstored_member(&n.to_string(), "A", "B").details;
                edited.deleted_at = Some(builders::now());
            }
            edited
        })
        .collect();
    let numbers: Vec<_> = (0..500).map(|n: u32| number(&n.to_string())).collect();
    let result = storage.transaction(Scope::Tenant(tenant.id), |tx| {
        let members_of = tx.members();
        let (added, trips) = counted(|| members_of.insert_many(&members));
        added?;
        assert_eq!(trips, 1);
        let (written, trips) = counted(|| members_of.update_many(&edited));
        written?;
        assert_eq!(trips, 1);
        let (locked, trips) = counted(|| members_of.lock_by_numbers(&numbers));
        assert_eq!(trips, 1);
        members_of.insert_many(&[])?;
        members_of.update_many(&[])?;
        locked
    });
    let mut expected = edited;
    expected.sort_by_key(|one| one.id);
    assert_eq!(result.unwrap(), expected);
}

#[test]
fn when_one_of_many_is_refused_none_is_written() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46");
    let scope = Scope::Tenant(tenant.id);
    let taken = builders::member(storage, tenant.id, "1", "Bo", "Li");
    let fresh = builders::unstored_member("2", "Al", "Wu");
    let again = builders::unstored_member("1", "Cy", "Xi");
    let result = storage.transaction(scope, |tx| {
        tx.members().insert_many(&[fresh.clone(), again.clone()])
    });
    assert!(
        matches!(result, Err(StorageError::Constraint { name }) if name == "members_number_key")
    );
    assert_eq!(find(storage, &tenant, &fresh), None);

    let stale = Member {
        version: taken.version,
        ..changed(&taken, "Stale")
    };
    let second = builders::member(storage, tenant.id, "3", "Di", "Yu");
    let result = storage.transaction(scope, |tx| {
        tx.members()
            .update_many(&[changed(&second, "Fresh"), stale])
    });
    assert!(matches!(result, Err(StorageError::Stale)));
    assert_eq!(find(storage, &tenant, &second), Some(second));
    assert_eq!(find(storage, &tenant, &taken), Some(taken));
}

#[test]
fn the_database_refuses_dates_that_contradict_each_other() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46");
    let table = [
        (
            Some((1980, 1, 1)),
            Some((1980, 1, 1)),
            "members_hire_date_check",
        ),
        (None, Some((1899, 12, 31)), "members_hire_date_check"),
        (Some((1899, 12, 31)), None, "members_date_of_birth_check"),
    ];
    for (born, hired, constraint) in table {
        let day = |(year, month, day)| jiff::civil::date(year, month, day);
        let mut member = whole_member("1");
        member.details.date_of_birth = born.map(day);
        member.details.hire_date = hired.map(day);
        let refused =
            storage.transaction(Scope::Tenant(tenant.id), |tx| tx.members().insert(&member));
        assert!(
            matches!(&refused, Err(StorageError::Constraint { name }) if name == constraint),
            "{refused:?}"
        );
    }
}

#[test]
fn a_row_that_makes_no_sense_is_named_by_table_and_id() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46");
    let member = builders::member(storage, tenant.id, "1", "Bo", "Li");
    database.execute(
        "alter table members drop constraint members_status_check; update members set status = 'ghost'",
    );
    let found = storage.read(Scope::Tenant(tenant.id), |tx| tx.members().find(member.id));
    let Err(StorageError::Failed(cause)) = found else {
        panic!("{found:?}");
    };
    let text = cause.to_string();
    assert!(
        text.contains("members") && text.contains(&member.id.to_string()),
        "{text}"
    );
    assert!(!text.contains("ghost"), "a value may be personal: {text}");
}

#[test]
fn another_tenants_member_is_as_unknown_as_one_that_never_was() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46");
    let other = builders::tenant(storage, "local-47");
    let theirs = builders::member(storage, other.id, "1", "Bo", "Li");
    let found = storage.transaction(Scope::Tenant(tenant.id), |tx| {
        let members = tx.members();
        Ok::<_, StorageError>((
            members.find(theirs.id)?,
            members.hold(theirs.id)?,
            members.find_by_number(&number("1"))?,
            members.lock_by_numbers(&[number("1")])?,
        ))
    });
    assert_eq!(found.unwrap(), (None, None, None, vec![]));
    let stolen = update(storage, &tenant, &changed(&theirs, "Stolen"));
    assert!(matches!(stolen, Err(StorageError::Stale)));
    assert_eq!(find(storage, &other, &theirs), Some(theirs));
}

#[test]
fn a_user_is_linked_to_a_member_of_the_same_tenant_alone() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-46");
    let other = builders::tenant(storage, "local-47");
    let user = builders::user(storage, "ada@hall.example");
    let own = builders::member(storage, tenant.id, "1", "Ada", "Okafor");
    let theirs = builders::member(storage, other.id, "1", "Ada", "Okafor");
    let link = |member: &Member| {
        let membership = Membership {
            member: Some(member.id),
            ..builders::membership(storage, &user, tenant.id, &[Role::Member])
        };
        storage.transaction(Scope::Identity, |tx| {
            tx.identity().put_membership(&membership, builders::now())
        })
    };
    link(&own).unwrap_or_else(|error: StorageError| panic!("{error:?}"));
    assert!(
        matches!(link(&theirs), Err(StorageError::Constraint { name }) if name == "memberships_member_fkey")
    );
}
