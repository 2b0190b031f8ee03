//! Tokens sent by mail: one counts for each person and purpose, and it is spent once.

use std::{sync::Barrier, thread};

use jiff::{SignedDuration, Timestamp};
use unionhall_domain::{
    mail_tokens::MailPurpose,
    users::{User, UserId},
};
use unionhall_ports::{
    mail_tokens::{MailToken, Spent},
    storage::StorageError,
    unit_of_work::{Scope, UnitOfWork},
};
use unionhall_testing::{TestDatabase, builders};

const PURPOSE: MailPurpose = MailPurpose::ResetPassword;

fn later(seconds: i64) -> Timestamp {
    builders::now() + SignedDuration::from_secs(seconds)
}

fn token(user: UserId, purpose: MailPurpose, byte: u8) -> MailToken {
    MailToken {
        hash: [byte; 32],
        user,
        purpose,
        payload: None,
        issued_at: later(0),
        expires_at: later(100),
    }
}

fn issue(storage: &dyn UnitOfWork, token: &MailToken) {
    builders::store(storage, Scope::Identity, |tx| tx.mail_tokens().issue(token));
}

fn find(storage: &dyn UnitOfWork, byte: u8, purpose: MailPurpose, at: Timestamp) -> Option<Spent> {
    storage
        .read(Scope::Identity, |tx| {
            tx.mail_tokens().find(&[byte; 32], purpose, at)
        })
        .unwrap()
}

fn spend(storage: &dyn UnitOfWork, byte: u8, purpose: MailPurpose, at: Timestamp) -> Option<Spent> {
    builders::store(storage, Scope::Identity, |tx| {
        tx.mail_tokens().spend(&[byte; 32], purpose, at)
    })
}

fn ada(storage: &dyn UnitOfWork) -> User {
    builders::user(storage, "ada@hall.example")
}

#[test]
fn a_token_comes_back_with_its_user_and_what_it_carries_and_is_spent_once() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let user = ada(storage);
    let payload = Some("new@hall.example".to_owned());
    issue(
        storage,
        &MailToken {
            payload: payload.clone(),
            ..token(user.id, PURPOSE, 1)
        },
    );
    let expected = Some(Spent { user, payload });
    assert_eq!(find(storage, 1, PURPOSE, later(1)), expected);
    assert_eq!(
        find(storage, 1, PURPOSE, later(1)),
        expected,
        "looking does not spend"
    );
    assert_eq!(spend(storage, 1, PURPOSE, later(1)), expected);
    assert_eq!(spend(storage, 1, PURPOSE, later(1)), None);
    assert_eq!(find(storage, 1, PURPOSE, later(1)), None);
}

#[test]
fn a_token_that_is_unknown_expired_or_for_something_else_counts_for_nothing() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    issue(storage, &token(ada(storage).id, PURPOSE, 1));
    for (byte, purpose, at) in [
        (2, PURPOSE, later(1)),
        (1, MailPurpose::VerifyEmail, later(1)),
        (1, PURPOSE, later(100)),
    ] {
        assert_eq!(find(storage, byte, purpose, at), None);
        assert_eq!(spend(storage, byte, purpose, at), None);
    }
    assert!(spend(storage, 1, PURPOSE, later(99)).is_some());
}

#[test]
fn a_new_token_ends_the_older_one_of_its_purpose_and_no_other() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let user = ada(storage).id;
    let other = builders::user(storage, "grace@hall.example").id;
    for (byte, purpose) in (1..).zip(MailPurpose::ALL) {
        issue(storage, &token(user, purpose, byte));
    }
    issue(storage, &token(other, PURPOSE, 20));
    issue(storage, &token(user, PURPOSE, 21));
    assert_eq!(spend(storage, 2, PURPOSE, later(1)), None);
    assert!(spend(storage, 21, PURPOSE, later(1)).is_some());
    assert!(spend(storage, 20, PURPOSE, later(1)).is_some());
    for (byte, purpose) in (1..).zip(MailPurpose::ALL) {
        let counts = purpose != PURPOSE;
        assert_eq!(
            spend(storage, byte, purpose, later(1)).is_some(),
            counts,
            "{purpose:?}"
        );
    }
}

#[test]
fn after_a_spent_token_the_next_one_counts_again() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let user = ada(storage).id;
    issue(storage, &token(user, PURPOSE, 1));
    assert!(spend(storage, 1, PURPOSE, later(1)).is_some());
    issue(storage, &token(user, PURPOSE, 2));
    assert!(spend(storage, 2, PURPOSE, later(1)).is_some());
}

#[test]
fn a_token_for_nobody_is_kept_nowhere_and_is_no_error() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    issue(storage, &token(builders::fresh_id(), PURPOSE, 1));
    assert_eq!(spend(storage, 1, PURPOSE, later(1)), None);
}

#[test]
fn the_token_of_somebody_switched_off_or_deleted_counts_for_nothing() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    issue(storage, &token(ada(storage).id, PURPOSE, 1));
    for state in [
        "state = 'inactive', deleted_at = null",
        "state = 'active', deleted_at = now()",
    ] {
        database.execute(&format!("update users set {state}"));
        assert_eq!(find(storage, 1, PURPOSE, later(1)), None);
        assert_eq!(spend(storage, 1, PURPOSE, later(1)), None);
    }
    database.execute("update users set state = 'active', deleted_at = null");
    assert!(spend(storage, 1, PURPOSE, later(1)).is_some());
}

#[test]
fn every_token_of_a_user_can_be_ended_at_once_and_nobody_elses() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let user = ada(storage).id;
    let other = builders::user(storage, "grace@hall.example").id;
    for (byte, purpose) in (1..).zip(MailPurpose::ALL) {
        issue(storage, &token(user, purpose, byte));
    }
    issue(storage, &token(other, PURPOSE, 20));
    builders::store(storage, Scope::Identity, |tx| {
        tx.mail_tokens().end_all(user, later(1))
    });
    for (byte, purpose) in (1..).zip(MailPurpose::ALL) {
        assert_eq!(spend(storage, byte, purpose, later(2)), None, "{purpose:?}");
    }
    assert!(spend(storage, 20, PURPOSE, later(2)).is_some());
}

#[test]
fn of_two_who_present_a_token_at_once_one_spends_it() {
    let database = TestDatabase::new();
    let storages = [database.unit_of_work(), database.unit_of_work()];
    issue(&*storages[0], &token(ada(&*storages[0]).id, PURPOSE, 1));
    let together = Barrier::new(2);
    let present = |storage: &dyn UnitOfWork| {
        together.wait();
        spend(storage, 1, PURPOSE, later(1)).is_some()
    };
    let spent = thread::scope(|scope| {
        let threads = storages
            .each_ref()
            .map(|storage| scope.spawn(|| present(&**storage)));
        threads.map(|thread| thread.join().unwrap())
    });
    assert_eq!(spent.iter().filter(|spent| **spent).count(), 1);
}

#[test]
fn a_tenant_sees_and_keeps_no_tokens() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-1").id;
    let user = ada(storage);
    builders::membership(
        storage,
        &user,
        tenant,
        &[unionhall_domain::roles::Role::Owner],
    );
    issue(storage, &token(user.id, PURPOSE, 1));
    let seen = storage.read(Scope::Tenant(tenant), |tx| {
        tx.mail_tokens().find(&[1; 32], PURPOSE, later(1))
    });
    assert_eq!(seen.unwrap(), None);
    let kept = storage.transaction(Scope::Tenant(tenant), |tx| {
        tx.mail_tokens().issue(&token(user.id, PURPOSE, 2))
    });
    assert!(matches!(kept, Err(StorageError::Failed(_))));
}
