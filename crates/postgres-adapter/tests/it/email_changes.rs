//! Changes of address: one waits for each person, both sides are noted, and an address is given to one account alone.

use std::{sync::Barrier, thread};

use jiff::{SignedDuration, Timestamp};
use unionhall_domain::{
    email_changes::{EmailChange, Side},
    roles::Role,
    users::{EmailAddress, User, UserId},
};
use unionhall_ports::{
    email_changes::Agreed,
    identity::{RefreshToken, Session, SessionId},
    storage::StorageError,
    unit_of_work::{Scope, UnitOfWork},
};
use unionhall_testing::{TestDatabase, builders};

fn later(seconds: i64) -> Timestamp {
    builders::now() + SignedDuration::from_secs(seconds)
}

fn email(text: &str) -> EmailAddress {
    EmailAddress::parse(text).unwrap()
}

/// Somebody with a place and a session.
fn signed_in(storage: &dyn UnitOfWork) -> (User, SessionId) {
    let user = builders::user(storage, "ada@hall.example");
    let tenant = builders::tenant(storage, "local-1").id;
    builders::membership(storage, &user, tenant, &[Role::Owner]);
    let session = Session {
        id: builders::fresh_id(),
        user: user.id,
        tenant,
        device: None,
        address: None,
        created_at: later(0),
    };
    let token = RefreshToken {
        hash: [1; 32],
        session: session.id,
        issued_at: later(0),
        expires_at: later(100),
    };
    builders::store(storage, Scope::Identity, |tx| {
        tx.identity().insert_session(&session, &token)
    });
    (user, session.id)
}

fn change(user: UserId, address: &str) -> EmailChange {
    EmailChange {
        expires_at: later(100),
        ..EmailChange::asked(user, email(address), later(0))
    }
}

fn put(storage: &dyn UnitOfWork, change: &EmailChange, session: SessionId) {
    builders::store(storage, Scope::Identity, |tx| {
        tx.email_changes().put(change, session)
    });
}

fn find(storage: &dyn UnitOfWork, user: UserId, seconds: i64) -> Option<EmailChange> {
    storage
        .read(Scope::Identity, |tx| {
            tx.email_changes().find(user, later(seconds))
        })
        .unwrap()
}

fn confirm(
    storage: &dyn UnitOfWork,
    user: UserId,
    address: &str,
    side: Side,
    seconds: i64,
) -> Option<Agreed> {
    builders::store(storage, Scope::Identity, |tx| {
        tx.email_changes()
            .confirm(user, &email(address), side, later(seconds))
    })
}

fn move_to(storage: &dyn UnitOfWork, user: UserId, address: &str) -> Result<bool, StorageError> {
    storage.transaction(Scope::Identity, |tx| {
        tx.email_changes()
            .move_account(user, &email(address), later(5))
    })
}

#[test]
fn a_change_comes_back_as_it_was_kept_until_it_expires_or_is_replaced_or_removed() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (user, session) = signed_in(storage);
    let first = change(user.id, "new@hall.example");
    put(storage, &first, session);
    assert_eq!(find(storage, user.id, 99), Some(first));
    assert_eq!(find(storage, user.id, 100), None);
    confirm(storage, user.id, "new@hall.example", Side::Old, 1).unwrap();
    let second = change(user.id, "newer@hall.example");
    put(storage, &second, session);
    assert_eq!(
        find(storage, user.id, 1),
        Some(second),
        "who agreed to the first has not agreed to the second"
    );
    let remove = || {
        builders::store(storage, Scope::Identity, |tx| {
            tx.email_changes().remove(user.id)
        })
    };
    assert_eq!((remove(), remove()), (true, false));
    assert_eq!(find(storage, user.id, 1), None);
}

#[test]
fn each_side_is_noted_once_and_for_this_address_alone() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (user, session) = signed_in(storage);
    let asked = change(user.id, "new@hall.example");
    put(storage, &asked, session);
    let agree = |side, seconds| confirm(storage, user.id, "new@hall.example", side, seconds);
    let agreed = |old: Option<i64>, new: Option<i64>| {
        Some(Agreed {
            change: EmailChange {
                old_confirmed_at: old.map(later),
                new_confirmed_at: new.map(later),
                ..asked.clone()
            },
            session,
        })
    };
    assert_eq!(agree(Side::New, 1), agreed(None, Some(1)));
    assert_eq!(agree(Side::New, 2), agreed(None, Some(1)));
    let other = confirm(storage, user.id, "other@hall.example", Side::Old, 3);
    assert_eq!(other, None);
    assert_eq!(agree(Side::Old, 100), None, "it has expired");
    assert_eq!(agree(Side::Old, 99), agreed(Some(99), Some(1)));
    let nobody = builders::fresh_id();
    let none = confirm(storage, nobody, "new@hall.example", Side::Old, 1);
    assert_eq!(none, None);
}

#[test]
fn of_two_sides_that_agree_at_once_the_second_sees_both() {
    let database = TestDatabase::new();
    let storages = [database.unit_of_work(), database.unit_of_work()];
    let (user, session) = signed_in(&*storages[0]);
    put(&*storages[0], &change(user.id, "new@hall.example"), session);
    let together = Barrier::new(2);
    let agree = |storage: &dyn UnitOfWork, side: Side| {
        together.wait();
        let agreed = confirm(storage, user.id, "new@hall.example", side, 1);
        agreed.unwrap().change.is_agreed()
    };
    let (first, second) = (&*storages[0], &*storages[1]);
    let agreed = thread::scope(|scope| {
        let old = scope.spawn(|| agree(first, Side::Old));
        let new = scope.spawn(|| agree(second, Side::New));
        [old.join().unwrap(), new.join().unwrap()]
    });
    assert_eq!(agreed.iter().filter(|agreed| **agreed).count(), 1);
}

#[test]
fn an_account_moves_to_an_address_that_nobody_has_and_a_deleted_account_has_its_own_still() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (user, _) = signed_in(storage);
    builders::user(storage, "grace@hall.example");
    database.execute("update users set deleted_at = now() where email = 'grace@hall.example'");
    assert!(!move_to(storage, user.id, "grace@hall.example").unwrap());
    assert!(move_to(storage, user.id, "new@hall.example").unwrap());
    let found = |address: &str| {
        storage
            .read(Scope::Identity, |tx| {
                tx.identity().find_credentials(&email(address))
            })
            .unwrap()
    };
    assert_eq!(found("ada@hall.example"), None);
    let moved = found("new@hall.example").unwrap();
    assert_eq!(
        (moved.user.id, moved.verified, moved.tenant.is_some()),
        (user.id, true, true)
    );
    let profile = storage.read(Scope::Identity, |tx| tx.profiles().find(user.id));
    assert_eq!(profile.unwrap().unwrap().version.get(), 2);
}

#[test]
fn of_two_who_move_to_an_address_at_once_one_has_it() {
    let database = TestDatabase::new();
    let storages = [database.unit_of_work(), database.unit_of_work()];
    let people = [
        builders::user(&*storages[0], "ada@hall.example").id,
        builders::user(&*storages[0], "grace@hall.example").id,
    ];
    let together = Barrier::new(2);
    let moved = |storage: &dyn UnitOfWork, user| {
        together.wait();
        match move_to(storage, user, "new@hall.example") {
            Ok(moved) => moved,
            Err(StorageError::Constraint { name }) => {
                assert_eq!(name, "users_email_key");
                false
            }
            Err(other) => panic!("{other:?}"),
        }
    };
    let (first, second) = (&*storages[0], &*storages[1]);
    let moved = thread::scope(|scope| {
        let threads = [
            scope.spawn(|| moved(first, people[0])),
            scope.spawn(|| moved(second, people[1])),
        ];
        threads.map(|thread| thread.join().unwrap())
    });
    assert_eq!(moved.iter().filter(|moved| **moved).count(), 1);
}

#[test]
fn only_an_account_that_was_never_verified_and_has_a_place_nowhere_gives_its_address_up() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (with_place, _) = signed_in(storage);
    let verified = builders::user(storage, "grace@hall.example");
    let waiting = builders::user(storage, "mary@hall.example");
    database.execute("update users set verified_at = null where email <> 'grace@hall.example'");
    let free = |user: &User| {
        builders::store(storage, Scope::Identity, |tx| {
            tx.email_changes().free_address(&user.email, later(5))
        })
    };
    assert_eq!((free(&with_place), free(&verified)), (None, None));
    assert_eq!(free(&waiting), Some(waiting.id));
    assert_eq!(free(&waiting), None);
    assert!(move_to(storage, verified.id, "mary@hall.example").unwrap());
}

#[test]
fn a_tenant_sees_and_keeps_no_changes() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (user, session) = signed_in(storage);
    let asked = change(user.id, "new@hall.example");
    put(storage, &asked, session);
    let tenant = storage
        .read(Scope::Identity, |tx| tx.identity().tenants_of(user.id))
        .unwrap()[0]
        .id;
    let seen = storage.read(Scope::Tenant(tenant), |tx| {
        tx.email_changes().find(user.id, later(1))
    });
    assert_eq!(seen.unwrap(), None);
    let kept = storage.transaction(Scope::Tenant(tenant), |tx| {
        tx.email_changes().put(&asked, session)
    });
    assert!(matches!(kept, Err(StorageError::Failed(_))));
}
