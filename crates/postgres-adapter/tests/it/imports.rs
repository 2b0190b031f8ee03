//! Contract of what brings many organizations, contacts and jobs in at once.

use std::time::Duration;

use diesel::{
    RunQueryDsl,
    dsl::{select, sql},
    sql_types::BigInt,
};
use jiff::civil::{Date, date};
use unionhall_domain::{
    contacts::{Contact, ContactDetails, Rank},
    employments::{Employment, EmploymentDetails, Period},
    members::MemberId,
    organizations::{Organization, OrganizationId},
    tenants::{Tenant, TenantId},
    version::Version,
};
use unionhall_ports::{
    contacts::PersonAt,
    storage::StorageError,
    unit_of_work::{Repositories, Scope, UnitOfWork},
};
use unionhall_postgres_adapter::{PgUnitOfWork, PoolConfig};
use unionhall_testing::{
    TestDatabase,
    builders::{self, line},
    polling::eventually,
};

/// How long another thread may take to ask for a lock.
const PATIENCE: Duration = Duration::from_secs(30);

struct World {
    database: TestDatabase,
    tenant: Tenant,
}

impl World {
    fn new() -> Self {
        let database = TestDatabase::new();
        let tenant = builders::tenant(&*database.unit_of_work(), "local-46");
        Self { database, tenant }
    }

    fn write<T>(
        &self,
        work: impl FnOnce(&mut dyn Repositories) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        let storage = self.database.unit_of_work();
        storage.transaction(Scope::Tenant(self.tenant.id), work)
    }

    /// How many wait for a lock that is of no row.
    fn waits(&self) -> i64 {
        let waiting = "select count(*) from pg_locks where not granted and locktype = 'advisory' \
            and database = (select oid from pg_database where datname = current_database())";
        let mut connection = crate::connect(&self.database.owner_url());
        select(sql::<BigInt>(&format!("({waiting})")))
            .get_result(&mut connection)
            .unwrap()
    }

    /// Sees that another transaction holds rows of this table.
    fn is_locked(&self, table: &str) {
        let url = self.database.owner_url();
        let statement = format!("select from {table} for share nowait");
        let refused = unionhall_postgres_adapter::migrate::execute(&url, &statement);
        assert!(
            format!("{refused:?}").contains("could not obtain lock"),
            "{refused:?}"
        );
    }

    fn organization(&self, name: &str) -> Organization {
        builders::organization(&*self.database.unit_of_work(), self.tenant.id, name)
    }
}

fn contact(organization: OrganizationId, last_name: &str, rank: Rank) -> Contact {
    Contact {
        id: builders::fresh_id(),
        organization,
        details: ContactDetails {
            first_name: line("Íra"),
            last_name: line(last_name),
            title: None,
            phone: None,
            email: None,
            notes: None,
        },
        rank,
        version: Version::FIRST,
        created_at: builders::now(),
        updated_at: builders::now(),
        deleted_at: None,
    }
}

#[test]
fn a_tenant_brings_one_list_in_at_a_time_and_no_other_tenant_waits_for_it() {
    let world = World::new();
    let other = builders::tenant(&*world.database.unit_of_work(), "local-47").id;
    let pool = PoolConfig {
        size: 2,
        ..world.database.pool_config()
    };
    let storage = PgUnitOfWork::new(&pool);
    let storage: &dyn UnitOfWork = &storage;
    let hold = |tenant: TenantId| {
        storage.transaction(Scope::Tenant(tenant), |tx| {
            tx.tenants().hold_imports(tenant)
        })
    };
    let own = world.tenant.id;
    std::thread::scope(|scope| {
        let first = storage.transaction(Scope::Tenant(own), |tx| {
            tx.tenants().hold_imports(own)?;
            hold(other)?;
            let second = scope.spawn(|| hold(own));
            eventually("the second one waits", PATIENCE, || world.waits() == 1);
            Ok::<_, StorageError>(second)
        });
        first.unwrap().join().unwrap().unwrap();
    });
}

#[test]
fn organizations_are_called_what_they_are_whatever_the_case_and_the_accents() {
    let world = World::new();
    let [volta, twin] = ["Volta Électric", "VOLTA electric"].map(|name| world.organization(name));
    world.organization("Volta Electric, Inc.");
    let mut gone = builders::unstored_organization("Volta Electric");
    gone.deleted_at = Some(builders::now());
    let other = builders::tenant(&*world.database.unit_of_work(), "local-47");
    builders::organization(&*world.database.unit_of_work(), other.id, "Volta Electric");
    let names = ["volta électric", "Nowhere", "Volta Electric"].map(str::to_owned);
    let found = world.write(|tx| {
        tx.organizations().insert(&gone)?;
        tx.organizations().called(&names)
    });
    let found = found.unwrap();
    let mut both = vec![volta.id, twin.id];
    both.sort();
    let ids: Vec<_> = found.iter().map(|called| called.ids.clone()).collect();
    assert_eq!(ids, [both.clone(), Vec::new(), both]);
    assert_eq!(found[0].folded, found[2].folded);
    assert_ne!(found[0].folded, found[1].folded);
}

#[test]
fn a_name_that_only_merged_organizations_have_is_of_what_they_were_merged_into() {
    let world = World::new();
    let stays = world.organization("Volta Electric");
    let goes = world.organization("Volta Électric, Inc.");
    let names = ["volta electric, inc.", "Volta Electric"].map(str::to_owned);
    let mut gone = goes.clone();
    gone.deleted_at = Some(builders::now());
    gone.version = gone.version.next();
    let called = world
        .write(|tx| {
            tx.organizations().update(&gone)?;
            tx.duplicates()
                .take_over(stays.id, goes.id, builders::now())?;
            assert_eq!(
                tx.duplicates()
                    .merged(&[stays.id, goes.id, builders::fresh_id()])?,
                [(goes.id, stays.id)]
            );
            tx.organizations().called(&names)
        })
        .unwrap();
    let ids: Vec<_> = called.into_iter().map(|called| called.ids).collect();
    assert_eq!(ids, [vec![stays.id], vec![stays.id]]);
    // Where somebody else has the name again, it is theirs.
    let again = world.organization("VOLTA Electric, Inc.");
    let called = world.write(|tx| tx.organizations().called(&names)).unwrap();
    assert_eq!(called[0].ids, [again.id]);
}

#[test]
fn many_organizations_are_added_locked_and_changed_and_none_when_one_was_changed_meanwhile() {
    let world = World::new();
    let mut all: Vec<_> = (0..1_003)
        .map(|number| builders::unstored_organization(&format!("Ampere {number}")))
        .collect();
    world
        .write(|tx| tx.organizations().insert_many(&all))
        .unwrap();
    let ids: Vec<_> = all.iter().map(|one| one.id).collect();
    let found = world.write(|tx| tx.organizations().lock_by_ids(&ids));
    assert_eq!(found.unwrap().len(), 1_003);
    for one in &mut all {
        one.details.city = Some(line("Kent"));
        one.details.website = None;
        one.version = one.version.next();
    }
    world
        .write(|tx| tx.organizations().update_many(&all))
        .unwrap();
    let mut found = world
        .write(|tx| tx.organizations().hold_by_ids(&ids))
        .unwrap();
    assert!(found.is_sorted_by_key(|one| one.id));
    all.sort_by_key(|one| one.id);
    assert_eq!(found, all);
    for one in &mut found {
        one.version = one.version.next();
    }
    found[7].version = found[7].version.next();
    let refused = world.write(|tx| tx.organizations().update_many(&found));
    assert!(matches!(refused, Err(StorageError::Stale)), "{refused:?}");
    let kept = world.write(|tx| tx.organizations().find(found[0].id));
    assert_eq!(kept.unwrap().as_ref(), Some(&all[0]));
    // A deleted one is locked and held, so that whoever names it can be told.
    let mut gone = all[0].clone();
    gone.deleted_at = Some(builders::now());
    gone.version = gone.version.next();
    let ids = [gone.id];
    let (locked, held) = world
        .write(|tx| {
            tx.organizations()
                .update_many(std::slice::from_ref(&gone))?;
            let locked = tx.organizations().lock_by_ids(&ids)?;
            Ok((locked, tx.organizations().hold_by_ids(&ids)?))
        })
        .unwrap();
    assert_eq!((locked, held), (vec![gone.clone()], vec![gone]));
}

#[test]
fn an_organization_that_may_be_another_one_is_told_with_that_one() {
    let world = World::new();
    let volta = world.organization("Volta");
    let mut next_door = builders::unstored_organization("Ohm");
    next_door.details.address = Some(line("12 North Main Street"));
    let mut behind = builders::unstored_organization("Faraday");
    behind.details.address = Some(line("12 N. Main St"));
    let added = [
        builders::unstored_organization("The Volta Co."),
        behind,
        builders::unstored_organization("Henry"),
    ];
    let ids = added.clone().map(|one| one.id);
    let mut found = world
        .write(|tx| {
            tx.organizations().insert(&next_door)?;
            tx.organizations().insert_many(&added)?;
            tx.duplicates().doubles_of(&ids)
        })
        .unwrap();
    found.sort_by_key(|double| double.name.clone());
    let found: Vec<_> = found
        .into_iter()
        .map(|double| (double.id, double.like, double.name))
        .collect();
    assert_eq!(
        found,
        [
            (added[1].id, next_door.id, "Ohm".to_owned()),
            (added[0].id, volta.id, "Volta".to_owned())
        ]
    );
}

#[test]
fn contacts_are_called_what_they_are_where_they_are_and_change_places_in_order() {
    let world = World::new();
    let [ampere, volta] = ["Ampere", "Volta"].map(|name| world.organization(name).id);
    let first = contact(ampere, "Ohm", Rank::Primary);
    let second = contact(ampere, "Ohm", Rank::Other);
    let third = contact(volta, "Ohm", Rank::Primary);
    let all = [first.clone(), second.clone(), third.clone()];
    world.write(|tx| tx.contacts().insert_many(&all)).unwrap();
    let person = |organization, last_name: &str| PersonAt {
        organization,
        first_name: "ira".to_owned(),
        last_name: last_name.to_owned(),
    };
    let people = [
        person(volta, "OHM"),
        person(ampere, "Öhm"),
        person(ampere, "Watt"),
    ];
    let found = world.write(|tx| tx.contacts().called(&people)).unwrap();
    let mut both = vec![first.id, second.id];
    both.sort();
    let ids: Vec<_> = found.into_iter().map(|called| called.ids).collect();
    assert_eq!(ids, [vec![third.id], both, Vec::new()]);
    let mut primaries = world
        .write(|tx| {
            let found = tx.contacts().primaries(&[ampere, volta])?;
            world.is_locked("contacts");
            Ok(found)
        })
        .unwrap();
    primaries.sort_by_key(|one| one.id);
    let mut expected = vec![first.clone(), third];
    expected.sort_by_key(|one| one.id);
    assert_eq!(primaries, expected);
    // A place is given up before it is taken.
    let next = |one: &Contact, rank| Contact {
        rank,
        version: one.version.next(),
        ..one.clone()
    };
    let (gives, takes) = (next(&first, Rank::Other), next(&second, Rank::Primary));
    world
        .write(|tx| {
            tx.contacts().update_many(std::slice::from_ref(&gives))?;
            tx.contacts().update_many(std::slice::from_ref(&takes))
        })
        .unwrap();
    let ids = [first.id, second.id];
    let mut found = world.write(|tx| tx.contacts().lock_by_ids(&ids)).unwrap();
    found.sort_by_key(|one| one.id);
    let mut expected = vec![gives, takes];
    expected.sort_by_key(|one| one.id);
    assert_eq!(found, expected);
    let stale = world.write(|tx| tx.contacts().update_many(&found));
    assert!(matches!(stale, Err(StorageError::Stale)), "{stale:?}");
}

fn job(
    organization: OrganizationId,
    member: MemberId,
    start: Date,
    end: Option<Date>,
) -> Employment {
    Employment {
        id: builders::fresh_id(),
        member,
        organization,
        details: EmploymentDetails {
            period: Period::new(start, end).unwrap(),
            job_title: None,
            hourly_rate: None,
        },
        version: Version::FIRST,
        created_at: builders::now(),
        updated_at: builders::now(),
        deleted_at: None,
    }
}

#[test]
fn jobs_that_end_make_room_for_those_that_begin_and_no_others_do() {
    let world = World::new();
    let storage = world.database.unit_of_work();
    let ada = builders::member(&*storage, world.tenant.id, "A1204", "Ada", "Voltz");
    let bea = builders::member(&*storage, world.tenant.id, "B7", "Bea", "Amp");
    let ampere = world.organization("Ampere").id;
    let job = |member, start, end| job(ampere, member, start, end);
    let old = job(ada.id, date(2020, 1, 1), None);
    let other = job(bea.id, date(2021, 1, 1), None);
    let both = [old.clone(), other.clone()];
    world
        .write(|tx| tx.employments().insert_many(&both))
        .unwrap();
    let new = job(ada.id, date(2024, 5, 1), None);
    let refused = world.write(|tx| tx.employments().insert_many(std::slice::from_ref(&new)));
    assert!(
        matches!(&refused, Err(StorageError::Constraint { name }) if name == "employments_at_once"),
        "{refused:?}"
    );
    let mut over = old.clone();
    over.details.period = Period::new(date(2020, 1, 1), Some(date(2024, 4, 30))).unwrap();
    over.details.job_title = Some(line("Foreman"));
    over.version = over.version.next();
    world
        .write(|tx| {
            tx.employments().update_many(std::slice::from_ref(&over))?;
            tx.employments().insert_many(std::slice::from_ref(&new))
        })
        .unwrap();
    let jobs = world
        .write(|tx| {
            let found = tx.employments().of_members(&[ada.id, bea.id])?;
            world.is_locked("employments");
            // The others can be held meanwhile.
            for shown in ["members", "organizations"] {
                let url = world.database.owner_url();
                let statement = format!("select from {shown} for update nowait");
                unionhall_postgres_adapter::migrate::execute(&url, &statement).unwrap();
            }
            Ok(found)
        })
        .unwrap();
    let of = |member| {
        let theirs = jobs.iter().filter(|job| job.employment.member == member);
        theirs.map(|job| job.employment.clone()).collect::<Vec<_>>()
    };
    assert_eq!(of(ada.id), [over.clone(), new]);
    assert_eq!(of(bea.id), [other]);
    let mut gone = over.clone();
    gone.deleted_at = Some(builders::now());
    gone.version = gone.version.next();
    let found = world
        .write(|tx| {
            tx.employments().update_many(std::slice::from_ref(&gone))?;
            tx.employments().lock_by_ids(&[gone.id])
        })
        .unwrap();
    assert_eq!(found, [gone.clone()]);
    let stale = world.write(|tx| tx.employments().update_many(&[gone]));
    assert!(matches!(stale, Err(StorageError::Stale)), "{stale:?}");
}
