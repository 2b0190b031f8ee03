//! The users of a tenant: their places, found, listed, locked and written.

use std::sync::mpsc;

use jiff::{SignedDuration, Timestamp};
use unionhall_domain::{
    roles::Role,
    tenants::TenantId,
    text::Line,
    users::{
        User, UserId,
        places::{Place, PlaceState, Standing},
    },
};
use unionhall_ports::{
    identity::{HeldRole, Membership, RefreshToken, Session},
    pages::{Direction, Page, PageRequest},
    storage::StorageError,
    unit_of_work::{Scope, UnitOfWork},
    users::{UserFilter, UserSort},
};
use unionhall_testing::{TestDatabase, builders};

fn later(seconds: i64) -> Timestamp {
    builders::now() + SignedDuration::from_secs(seconds)
}

fn someone(storage: &dyn UnitOfWork, tenant: TenantId, email: &str, roles: &[Role]) -> User {
    let user = builders::user(storage, email);
    builders::membership(storage, &user, tenant, roles);
    user
}

fn find(storage: &dyn UnitOfWork, tenant: TenantId, user: UserId) -> Option<Place> {
    storage
        .read(Scope::Tenant(tenant), |tx| tx.users().find(user))
        .unwrap()
}

fn write(storage: &dyn UnitOfWork, tenant: TenantId, place: &Place) -> Result<(), StorageError> {
    storage.transaction(Scope::Tenant(tenant), |tx| tx.users().update(place))
}

fn page(sort: UserSort) -> PageRequest<UserSort> {
    PageRequest {
        limit: 50,
        after: None,
        sort,
        direction: Direction::Ascending,
        with_total: true,
    }
}

fn list(
    storage: &dyn UnitOfWork,
    tenant: TenantId,
    filter: &UserFilter,
    page: &PageRequest<UserSort>,
) -> Page<Place> {
    storage
        .snapshot(Scope::Tenant(tenant), |tx| {
            tx.users().list(filter, page, builders::now())
        })
        .unwrap()
}

fn emails(page: &Page<Place>) -> Vec<&str> {
    page.items
        .iter()
        .map(|place| place.user.email.as_str())
        .collect()
}

/// The next version of a place, changed.
fn next(place: &Place, change: impl FnOnce(&mut Place)) -> Place {
    let mut after = Place {
        version: place.version.next(),
        updated_at: later(9),
        ..place.clone()
    };
    change(&mut after);
    after
}

#[test]
fn a_place_comes_back_as_it_was_written_in_every_standing() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-1").id;
    let user = someone(
        storage,
        tenant,
        "ada@hall.example",
        &[Role::Staff, Role::Owner],
    );
    let member = builders::member(storage, tenant, "1204", "Ada", "Okafor").id;
    let mut place = find(storage, tenant, user.id).unwrap();
    assert_eq!(
        (place.user.clone(), place.state()),
        (user.clone(), PlaceState::Active)
    );
    let roles: Vec<_> = place.roles.iter().map(|held| held.role).collect();
    assert_eq!(roles, [Role::Owner, Role::Staff]);
    assert_eq!(place.updated_at, place.joined_at);
    let standings = [
        Standing::Suspended {
            reason: Line::parse("On leave.").unwrap(),
            since: later(5),
        },
        Standing::Removed { at: later(6) },
        Standing::Active,
    ];
    for standing in standings {
        let after = next(&place, |after| {
            after.standing = standing;
            after.member = Some(member);
            after.roles = vec![
                HeldRole {
                    role: Role::Admin,
                    expires_at: Some(later(99)),
                },
                HeldRole {
                    role: Role::Staff,
                    expires_at: None,
                },
            ];
        });
        write(storage, tenant, &after).unwrap();
        place = find(storage, tenant, user.id).unwrap();
        assert_eq!(place, after);
    }
    let nothing = next(&place, |after| {
        after.roles = Vec::new();
        after.member = None;
    });
    write(storage, tenant, &nothing).unwrap();
    assert_eq!(find(storage, tenant, user.id), Some(nothing));
}

#[test]
fn only_users_of_the_scopes_tenant_who_were_not_deleted_are_found_or_written() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-1").id;
    let other = builders::tenant(storage, "local-2").id;
    let user = someone(storage, tenant, "ada@hall.example", &[Role::Owner]);
    let place = find(storage, tenant, user.id).unwrap();
    assert_eq!(find(storage, other, user.id), None);
    let stale = write(
        storage,
        other,
        &next(&place, |after| after.roles = Vec::new()),
    );
    assert!(matches!(stale, Err(StorageError::Stale)));
    assert_eq!(find(storage, tenant, user.id), Some(place));
    database.execute("update users set deleted_at = now()");
    assert_eq!(find(storage, tenant, user.id), None);
    let nobody = list(
        storage,
        tenant,
        &UserFilter::default(),
        &page(UserSort::Name),
    );
    assert_eq!((emails(&nobody).len(), nobody.total), (0, Some(0)));
}

#[test]
fn another_version_than_the_stored_one_writes_nothing_and_a_taken_member_is_named() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-1").id;
    let ada = someone(storage, tenant, "ada@hall.example", &[Role::Owner]);
    let ben = someone(storage, tenant, "ben@hall.example", &[Role::Staff]);
    let member = Some(builders::member(storage, tenant, "1204", "Ada", "Okafor").id);
    let first = find(storage, tenant, ada.id).unwrap();
    let second = next(&first, |after| after.member = member);
    write(storage, tenant, &second).unwrap();
    let stale = write(
        storage,
        tenant,
        &next(&first, |after| after.roles = Vec::new()),
    );
    assert!(matches!(stale, Err(StorageError::Stale)));
    assert_eq!(find(storage, tenant, ada.id), Some(second));
    let other = find(storage, tenant, ben.id).unwrap();
    let taken = write(
        storage,
        tenant,
        &next(&other, |after| after.member = member),
    );
    assert!(
        matches!(taken, Err(StorageError::Constraint { name }) if name == "memberships_member_key")
    );
}

/// A tenant with Ada, who is staff, and Ben and Cyd, who are called otherwise; Cyd was staff until now.
fn three(database: &TestDatabase, storage: &dyn UnitOfWork) -> (TenantId, [User; 3]) {
    let tenant = builders::tenant(storage, "local-1").id;
    let people = [
        someone(storage, tenant, "ada@hall.example", &[Role::Staff]),
        someone(storage, tenant, "ben@hall.example", &[Role::Owner]),
        someone(storage, tenant, "cyd@hall.example", &[]),
    ];
    database.execute(
        "update users set first_name = 'Bénédict', last_name = 'Ångström' where email not like 'ada%'",
    );
    let over = Membership {
        user: people[2].id,
        tenant,
        roles: vec![HeldRole {
            role: Role::Staff,
            expires_at: Some(builders::now()),
        }],
        member: None,
    };
    builders::store(storage, Scope::Identity, |tx| {
        tx.identity().put_membership(&over, later(0))
    });
    (tenant, people)
}

/// The first three letters of the addresses of whoever is found.
fn found(storage: &dyn UnitOfWork, tenant: TenantId, filter: &UserFilter) -> Vec<String> {
    let page = list(storage, tenant, filter, &page(UserSort::Email));
    assert_eq!(page.total, Some(page.items.len().try_into().unwrap()));
    let short = |email: &str| email[..3].to_owned();
    emails(&page).into_iter().map(short).collect()
}

#[test]
fn users_are_found_by_the_role_they_hold_now_and_by_words() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (tenant, _) = three(&database, storage);
    let found = |filter| found(storage, tenant, &filter);
    let words = |words: &str| {
        found(UserFilter {
            search: Some(words.to_owned()),
            ..UserFilter::default()
        })
    };
    assert_eq!(found(UserFilter::default()), ["ada", "ben", "cyd"]);
    let staff = UserFilter {
        role: Some(Role::Staff),
        ..UserFilter::default()
    };
    assert_eq!(found(staff), ["ada"]);
    assert_eq!(words("angstrom BENEDICT"), ["ben", "cyd"]);
    assert_eq!(words("ada@hall.example"), ["ada"]);
    assert_eq!(words("ada ben"), [""; 0]);
    assert_eq!(words("a\0da"), ["ada"]);
}

#[test]
fn users_are_found_by_state_and_the_removed_only_so() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (tenant, [_, _, cyd]) = three(&database, storage);
    let removed = next(&find(storage, tenant, cyd.id).unwrap(), |after| {
        after.standing = Standing::Removed { at: later(1) };
    });
    write(storage, tenant, &removed).unwrap();
    let of = |state| {
        let filter = UserFilter {
            state: Some(state),
            ..UserFilter::default()
        };
        found(storage, tenant, &filter)
    };
    let default = found(storage, tenant, &UserFilter::default());
    assert_eq!(default, ["ada", "ben"]);
    assert_eq!(of(PlaceState::Removed), ["cyd"]);
    assert_eq!(of(PlaceState::Active), ["ada", "ben"]);
    assert_eq!(of(PlaceState::Suspended), [""; 0]);
    let both = UserFilter {
        state: Some(PlaceState::Active),
        search: Some("ada".to_owned()),
        ..UserFilter::default()
    };
    assert_eq!(found(storage, tenant, &both), ["ada"]);
}

#[test]
fn pages_go_on_in_every_order_where_they_ended() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-1").id;
    for name in ["ada", "ben", "cyd", "dee", "eve"] {
        someone(storage, tenant, &format!("{name}@hall.example"), &[]);
    }
    for sort in [UserSort::Name, UserSort::Email, UserSort::Joined] {
        for direction in [Direction::Ascending, Direction::Descending] {
            let mut request = PageRequest {
                limit: 2,
                direction,
                ..page(sort)
            };
            let mut seen = Vec::new();
            loop {
                let found = list(storage, tenant, &UserFilter::default(), &request);
                assert_eq!(found.total, Some(5));
                seen.extend(found.items.iter().map(|place| place.user.id));
                request.after = found.next;
                if request.after.is_none() {
                    break;
                }
            }
            let mut once = seen.clone();
            once.sort();
            if direction == Direction::Descending {
                once.reverse();
            }
            // Names and times are the same, so that the ids decide, which were made in the order of the addresses.
            assert_eq!(seen, once, "{sort:?}");
        }
    }
}

#[test]
fn owners_who_may_sign_in_are_locked_whatever_their_state() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-1").id;
    let ada = someone(storage, tenant, "ada@hall.example", &[Role::Owner]);
    let ben = someone(
        storage,
        tenant,
        "ben@hall.example",
        &[Role::Owner, Role::Staff],
    );
    someone(storage, tenant, "cyd@hall.example", &[Role::Admin]);
    someone(storage, tenant, "dee@hall.example", &[Role::Owner]);
    someone(storage, tenant, "eve@hall.example", &[Role::Owner]);
    database.execute("update users set state = 'inactive' where email like 'dee%'");
    database.execute("update users set deleted_at = now() where email like 'eve%'");
    database.execute(&format!(
        "update memberships set state = 'removed', removed_at = now() where user_id = '{}'",
        ben.id
    ));
    let owners = storage
        .transaction(Scope::Tenant(tenant), |tx| tx.users().lock_owners())
        .unwrap();
    let ids: Vec<_> = owners.iter().map(|place| place.user.id).collect();
    assert_eq!(ids, [ada.id, ben.id]);
}

#[test]
fn whoever_locks_the_owners_second_waits_and_sees_what_the_first_has_left() {
    let database = TestDatabase::new();
    let (storage, other) = (&*database.unit_of_work(), &*database.unit_of_work());
    let tenant = builders::tenant(storage, "local-1").id;
    let ada = someone(storage, tenant, "ada@hall.example", &[Role::Owner]);
    let ben = someone(storage, tenant, "ben@hall.example", &[Role::Owner]);
    let (locked, wait_for_lock) = mpsc::channel();
    let seen = std::thread::scope(|scope| {
        let second = scope.spawn(move || {
            wait_for_lock.recv().unwrap();
            other
                .transaction(Scope::Tenant(tenant), |tx| tx.users().lock_owners())
                .unwrap()
        });
        builders::store(storage, Scope::Tenant(tenant), |tx| {
            let owners = tx.users().lock_owners()?;
            locked.send(()).unwrap();
            let demoted = next(&owners[0], |after| after.roles = Vec::new());
            tx.users().update(&demoted)
        });
        second.join().unwrap()
    });
    let seen: Vec<_> = seen.iter().map(|place| place.user.id).collect();
    assert!(!seen.contains(&ada.id) && seen == [ben.id], "{seen:?}");
}

#[test]
fn ending_the_sessions_of_a_user_ends_those_in_the_tenant_and_no_others() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-1").id;
    let other = builders::tenant(storage, "local-2").id;
    let ada = someone(storage, tenant, "ada@hall.example", &[]);
    builders::membership(storage, &ada, other, &[]);
    let ben = someone(storage, tenant, "ben@hall.example", &[]);
    let begin = |user: &User, tenant, byte| {
        let session = Session {
            id: builders::fresh_id(),
            user: user.id,
            tenant,
            device: None,
            address: None,
            created_at: later(0),
        };
        let token = RefreshToken {
            hash: [byte; 32],
            session: session.id,
            issued_at: later(0),
            expires_at: later(100),
        };
        builders::store(storage, Scope::Identity, |tx| {
            tx.identity().insert_session(&session, &token)
        });
    };
    begin(&ada, tenant, 1);
    begin(&ada, tenant, 2);
    begin(&ada, other, 3);
    begin(&ben, tenant, 4);
    let end = || {
        builders::store(storage, Scope::Tenant(tenant), |tx| {
            tx.users().end_sessions(ada.id, later(1))
        })
    };
    assert_eq!((end(), end()), (2, 0));
}
