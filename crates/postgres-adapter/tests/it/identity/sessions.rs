//! Sessions and their one-time tokens.

use unionhall_ports::{
    identity::{Session, Spending},
    round_trips::counted,
    unit_of_work::{Scope, UnitOfWork},
};
use unionhall_testing::{TestDatabase, builders};

use super::{credentials, identity, later, sign_in, token, user_in};

fn spend(storage: &dyn UnitOfWork, byte: u8, seconds: i64) -> Spending {
    identity(storage, |identity| {
        identity.spend_token(&[byte; 32], later(seconds))
    })
}

#[test]
fn signing_in_is_remembered_in_one_round_trip() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (user, tenant) = user_in(storage, "local-1", &[]);
    let (_, trips) = counted(|| sign_in(storage, user.id, tenant, 1, later(10)));
    assert_eq!(trips, 3, "begin, one statement, commit");
    let now = credentials(storage, &user.email).unwrap();
    assert_eq!(now.user.last_login_at, Some(later(10)));
}

#[test]
fn a_token_is_spent_once_and_a_second_time_gives_its_session_away() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (user, tenant) = user_in(storage, "local-1", &[]);
    let session = sign_in(storage, user.id, tenant, 1, later(0));
    assert_eq!(spend(storage, 1, 5), Spending::Spent(session.clone()));
    identity(storage, |identity| {
        identity.insert_token(&token(session.id, 2))
    });
    assert_eq!(spend(storage, 1, 6), Spending::Reused(session.clone()));
    assert_eq!(spend(storage, 2, 7), Spending::Spent(session));
}

#[test]
fn unknown_and_expired_tokens_are_refused() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (user, tenant) = user_in(storage, "local-1", &[]);
    sign_in(storage, user.id, tenant, 1, later(0));
    assert_eq!(spend(storage, 9, 0), Spending::Refused);
    assert_eq!(spend(storage, 1, 1_000), Spending::Refused);
    assert!(matches!(spend(storage, 1, 999), Spending::Spent(_)));
}

#[test]
fn tokens_of_ended_sessions_and_users_are_refused() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (user, tenant) = user_in(storage, "local-1", &[]);
    let session = sign_in(storage, user.id, tenant, 1, later(0));
    database.execute("update users set state = 'inactive'");
    assert_eq!(spend(storage, 1, 1), Spending::Refused);
    database.execute("update users set state = 'active', deleted_at = now()");
    assert_eq!(spend(storage, 1, 1), Spending::Refused);
    database.execute("update users set deleted_at = null");
    identity(storage, |identity| {
        identity.end_session(session.id, later(1))
    });
    assert_eq!(spend(storage, 1, 2), Spending::Refused);
}

#[test]
fn of_two_who_present_a_token_at_once_one_spends_it() {
    let database = TestDatabase::new();
    let (storage, other) = (&*database.unit_of_work(), &*database.unit_of_work());
    let (user, tenant) = user_in(storage, "local-1", &[]);
    for byte in 1..=30 {
        let session = sign_in(storage, user.id, tenant, byte, later(0));
        let mut spendings = std::thread::scope(|scope| {
            let here = scope.spawn(|| spend(storage, byte, 1));
            let there = scope.spawn(|| spend(other, byte, 1));
            [here.join().unwrap(), there.join().unwrap()]
        });
        spendings.sort_by_key(|spending| matches!(spending, Spending::Reused(_)));
        assert_eq!(
            spendings,
            [Spending::Spent(session.clone()), Spending::Reused(session)]
        );
    }
}

#[test]
fn a_token_whose_spending_was_not_kept_is_good_still() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (user, tenant) = user_in(storage, "local-1", &[]);
    let session = sign_in(storage, user.id, tenant, 1, later(0));
    let rehearsed = storage
        .rehearsal(Scope::Identity, |tx| {
            tx.identity().spend_token(&[1; 32], later(1))
        })
        .map_err(|error: unionhall_ports::storage::StorageError| error);
    assert_eq!(rehearsed.unwrap(), Spending::Spent(session.clone()));
    assert_eq!(spend(storage, 1, 1), Spending::Spent(session));
}

#[test]
fn ending_an_ended_session_is_fine_and_all_of_a_user_are_counted() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let (user, tenant) = user_in(storage, "local-1", &[]);
    let sessions = [1, 2, 3].map(|byte| sign_in(storage, user.id, tenant, byte, later(0)));
    let end = |session: &Session| {
        identity(storage, |identity| {
            identity.end_session(session.id, later(1))
        });
    };
    end(&sessions[0]);
    end(&sessions[0]);
    end(&Session {
        id: builders::fresh_id(),
        ..sessions[0].clone()
    });
    let ended = || identity(storage, |identity| identity.end_sessions(user.id, later(2)));
    assert_eq!((ended(), ended()), (2, 0));
}
