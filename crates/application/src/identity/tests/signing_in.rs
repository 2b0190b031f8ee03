//! Signing in: one answer for every refusal, what is written down, and when an account is locked.

use jiff::{SignedDuration, Timestamp};
use unionhall_domain::{
    audit::{AuditAction, Target},
    locks::Guard,
};
use unionhall_ports::{
    audit::{AuditActor, Origin},
    identity::{Credentials, UserState},
    locks::Watch,
    mock::MockRepositories,
    passwords::PasswordHash,
    storage::StorageError,
    unit_of_work::{Decision, Mode, Scope},
};
use uuid::Uuid;

use super::super::{IdentityError, SignIn, SignedIn, hashed};
use crate::{
    error::Code,
    fixtures::{CALLER, HALL, Hall, audited, code, id, mailed, now, tenant, user},
};

fn origin() -> Origin {
    Origin {
        request_id: "request-1".to_owned(),
        address: Some("192.0.2.1".to_owned()),
        device: Some("test".to_owned()),
    }
}

/// An account in order.
fn account() -> Credentials {
    Credentials {
        user: user(CALLER),
        password_hash: PasswordHash::new("$2b$12$".to_owned()),
        state: UserState::Active,
        verified: true,
        failures: 0,
        locked_until: None,
        tenant: Some(HALL),
    }
}

fn in_minutes(minutes: i64) -> Timestamp {
    now() + SignedDuration::from_mins(minutes)
}

/// The guard of an account against strangers.
fn watched(found: &Credentials) -> Watch {
    Watch {
        user: found.user.id,
        known: None,
        guard: Guard {
            failures: found.failures,
            locks: 0,
            locked_until: found.locked_until,
        },
    }
}

/// Lets the mocks watch over this account, if any.
fn watch(mocks: &mut MockRepositories, found: Option<&Credentials>) {
    let watched = found.map(watched);
    mocks
        .locks
        .expect_hold()
        .times(0..=1)
        .returning(move |_, _, _| Ok(watched));
    mocks.locks.expect_let_in().returning(|_, _, _, _| Ok(()));
}

/// Mocks of a refusal that does the work of mailing a link, and mails none.
fn without_mail() -> MockRepositories {
    let mut mocks = MockRepositories::default();
    mocks
        .mail_tokens
        .expect_issue()
        .withf(|token| token.user.uuid().is_nil())
        .returning(|_| Ok(()));
    mocks.outbox.expect_withhold().returning(|_| Ok(()));
    mocks
}

/// Mocks that know this account, if any.
fn with_account(found: Option<Credentials>) -> MockRepositories {
    let mut mocks = without_mail();
    watch(&mut mocks, found.as_ref());
    mocks
        .identity
        .expect_find_credentials()
        .returning(move |_| Ok(found.clone()));
    mocks
        .tenants
        .expect_find()
        .returning(|id| Ok((id == HALL).then(tenant)));
    mocks.second_factors.expect_find().returning(|_| Ok(None));
    mocks
}

fn sign_in(hall: &Hall, password_matched: bool) -> Result<SignedIn, IdentityError> {
    let identity = &hall.application.identity;
    let challenge = identity.challenge("stella@hall.example")?;
    match identity.sign_in(challenge, password_matched, None, &origin())? {
        SignIn::Begun(signed_in) => Ok(*signed_in),
        SignIn::Challenged(_) => panic!("nobody here has a second factor"),
    }
}

/// What a refusal wrote down: the user, the failures, the lock.
type Written = (Uuid, u32, Option<Timestamp>);

/// Tries to sign in, expects a refusal, and tells what it wrote down.
fn refused(found: Option<Credentials>, password_matched: bool) -> Written {
    let known = found.clone();
    let mut mocks = with_account(found);
    let events = audited(&mut mocks);
    let (sender, receiver) = std::sync::mpsc::channel();
    mocks
        .locks
        .expect_record()
        .times(1)
        .returning(move |watch, untold| {
            let Guard {
                failures,
                locks,
                locked_until,
            } = watch.guard;
            assert_eq!(untold, locks == 1, "the owner is told of a lock");
            sender
                .send((watch.user.uuid(), failures, locked_until))
                .unwrap();
            Ok(())
        });
    let hall = Hall::over(mocks);
    assert_eq!(code(sign_in(&hall, password_matched)), Code::SignInRefused);
    // The refusal itself is kept: it is on record and counts.
    assert_eq!(
        hall.runs(),
        [
            (Scope::Identity, Mode::Read, Decision::Commit),
            (Scope::Identity, Mode::Write, Decision::Commit),
        ]
    );
    let events = events.lock().unwrap();
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].action, AuditAction::SignInRefused);
    assert_eq!(events[0].actor, AuditActor::Anonymous);
    assert_eq!(events[0].target, Target::User);
    let user = known.as_ref().map(|known| known.user.id.uuid());
    assert_eq!(events[0].target_id, user);
    assert_eq!(events[0].tenant, known.and_then(|known| known.tenant));
    assert_eq!(events[0].origin, origin());
    receiver.recv().unwrap()
}

#[test]
fn the_right_password_begins_a_session_in_the_users_tenant() {
    let mut mocks = with_account(Some(account()));
    let events = audited(&mut mocks);
    mocks
        .identity
        .expect_insert_session()
        .times(1)
        .withf(|session, token| {
            session.user == CALLER
                && session.tenant == HALL
                && session.device.as_deref() == Some("test")
                && session.address.as_deref() == Some("192.0.2.1")
                && token.session == session.id
                && token.issued_at == now()
                && token.expires_at == in_minutes(7 * 24 * 60)
        })
        .returning(|_, _| Ok(()));
    let hall = Hall::over(mocks);
    let signed_in = sign_in(&hall, true).unwrap();
    assert_eq!(signed_in.user, CALLER);
    assert_eq!(signed_in.tenant, tenant());
    let events = events.lock().unwrap();
    assert_eq!(events[0].action, AuditAction::SignedIn);
    assert_eq!(events[0].actor, AuditActor::User(CALLER));
    assert_eq!(events[0].target_id, Some(signed_in.session.uuid()));
}

#[test]
fn storage_sees_the_refresh_token_only_as_its_hash() {
    let mut mocks = with_account(Some(account()));
    audited(&mut mocks);
    let (sender, receiver) = std::sync::mpsc::channel();
    mocks
        .identity
        .expect_insert_session()
        .returning(move |_, token| {
            sender.send(token.hash).unwrap();
            Ok(())
        });
    let signed_in = sign_in(&Hall::over(mocks), true).unwrap();
    assert_eq!(signed_in.refresh_token.len(), 43);
    assert_eq!(receiver.recv().unwrap(), hashed(&signed_in.refresh_token));
}

#[test]
fn an_unknown_address_takes_the_same_way_as_a_wrong_password() {
    assert_eq!(refused(None, false), (Uuid::nil(), 1, None));
    let known = account().user.id.uuid();
    assert_eq!(refused(Some(account()), false), (known, 1, None));
}

#[test]
fn what_is_no_address_is_asked_of_nobody_and_refused_like_an_unknown_one() {
    let mut mocks = MockRepositories::default();
    audited(&mut mocks);
    mocks
        .locks
        .expect_record()
        .times(1)
        .returning(|_, _| Ok(()));
    let hall = Hall::over(mocks);
    let identity = &hall.application.identity;
    let challenge = identity.challenge("no address").unwrap();
    assert_eq!(challenge.hash(), None);
    let result = identity.sign_in(challenge, false, None, &origin());
    assert_eq!(code(result), Code::SignInRefused);
}

#[test]
fn the_right_password_does_not_open_an_account_that_is_closed() {
    for state in [UserState::Inactive, UserState::Deleted] {
        let closed = Credentials { state, ..account() };
        refused(Some(closed), true);
    }
}

#[test]
fn whoever_may_sign_in_and_has_nowhere_to_is_told_so() {
    let homeless = || Credentials {
        tenant: None,
        ..account()
    };
    let mut mocks = with_account(Some(homeless()));
    let events = audited(&mut mocks);
    let hall = Hall::over(mocks);
    assert_eq!(code(sign_in(&hall, true)), Code::NoPlace);
    let last = hall.runs().pop().unwrap();
    assert_eq!(last, (Scope::Identity, Mode::Write, Decision::Commit));
    assert_eq!(
        events.lock().unwrap()[0].details,
        [("reason", "no_place".to_owned())]
    );
    // Whoever does not know the password learns nothing of it.
    refused(Some(homeless()), false);
}

#[test]
fn the_right_password_of_an_address_that_is_not_verified_brings_another_link_and_no_session() {
    let unverified = || Credentials {
        verified: false,
        ..account()
    };
    refused(Some(unverified()), false);
    let mut mocks = MockRepositories::default();
    mocks
        .identity
        .expect_find_credentials()
        .returning(move |_| Ok(Some(unverified())));
    let (events, mails) = (audited(&mut mocks), mailed(&mut mocks));
    watch(&mut mocks, Some(&unverified()));
    mocks
        .locks
        .expect_record()
        .times(1)
        .returning(|_, _| Ok(()));
    mocks
        .mail_tokens
        .expect_issue()
        .withf(|token| token.user == CALLER)
        .times(1)
        .returning(|_| Ok(()));
    let hall = Hall::over(mocks);
    assert_eq!(code(sign_in(&hall, true)), Code::SignInRefused);
    assert_eq!(
        mails.lock().unwrap()[0].subject,
        "Verify your e-mail address"
    );
    assert_eq!(events.lock().unwrap()[0].action, AuditAction::SignInRefused);
}

#[test]
fn the_fifth_wrong_password_in_a_row_locks_the_account_for_half_an_hour() {
    for (before, lock) in [(0, None), (3, None), (4, Some(in_minutes(30)))] {
        let tried = Credentials {
            failures: before,
            ..account()
        };
        let (_, failures, until) = refused(Some(tried), false);
        assert_eq!((failures, until), (before + 1, lock));
    }
}

#[test]
fn a_locked_account_refuses_the_right_password_and_stays_locked_as_long_as_it_was() {
    let locked = Credentials {
        failures: 5,
        locked_until: Some(in_minutes(12)),
        ..account()
    };
    for password_matched in [true, false] {
        let (_, failures, until) = refused(Some(locked.clone()), password_matched);
        assert_eq!((failures, until), (5, Some(in_minutes(12))));
    }
}

#[test]
fn a_lock_that_has_run_out_lets_the_right_password_in_and_forgets_old_failures() {
    let unlocked = Credentials {
        failures: 5,
        locked_until: Some(now()),
        ..account()
    };
    let (_, failures, until) = refused(Some(unlocked.clone()), false);
    assert_eq!((failures, until), (1, None));

    let mut mocks = with_account(Some(unlocked));
    audited(&mut mocks);
    mocks
        .identity
        .expect_insert_session()
        .times(1)
        .returning(|_, _| Ok(()));
    assert!(sign_in(&Hall::over(mocks), true).is_ok());
}

/// Mocks that know one state of an account when it is challenged, and another when the check is over.
fn changing(before: Credentials, after: Credentials) -> MockRepositories {
    let mut mocks = without_mail();
    watch(&mut mocks, Some(&after));
    let mut states = vec![after, before];
    mocks
        .identity
        .expect_find_credentials()
        .times(2)
        .returning(move |_| Ok(states.pop()));
    mocks
}

#[test]
fn wrong_passwords_that_are_checked_at_the_same_time_all_count() {
    let meanwhile = Credentials {
        failures: 4,
        ..account()
    };
    let mut mocks = changing(account(), meanwhile);
    audited(&mut mocks);
    mocks
        .locks
        .expect_record()
        .times(1)
        .withf(|watch, untold| {
            watch.guard.failures == 5 && watch.guard.locked_until == Some(in_minutes(30)) && *untold
        })
        .returning(|_, _| Ok(()));
    assert_eq!(
        code(sign_in(&Hall::over(mocks), false)),
        Code::SignInRefused
    );
}

#[test]
fn a_password_that_was_changed_while_the_old_one_was_checked_lets_nobody_in() {
    let meanwhile = Credentials {
        password_hash: PasswordHash::new("$2b$12$new".to_owned()),
        ..account()
    };
    let mut mocks = changing(account(), meanwhile);
    audited(&mut mocks);
    mocks
        .locks
        .expect_record()
        .times(1)
        .returning(|_, _| Ok(()));
    assert_eq!(code(sign_in(&Hall::over(mocks), true)), Code::SignInRefused);
}

#[test]
fn a_refusal_that_cannot_be_put_on_record_is_a_failure_of_ours() {
    let mut mocks = with_account(Some(account()));
    mocks.locks.expect_record().returning(|_, _| Ok(()));
    mocks
        .audit
        .expect_insert()
        .returning(|_| Err(StorageError::Unavailable("down".into())));
    let hall = Hall::over(mocks);
    assert_eq!(code(sign_in(&hall, false)), Code::Unavailable);
    let last = hall.runs().pop().unwrap();
    assert_eq!(last, (Scope::Identity, Mode::Write, Decision::RollBack));
}

#[test]
fn a_tenant_that_is_gone_begins_no_session() {
    let moved = Credentials {
        tenant: Some(id(999)),
        ..account()
    };
    let hall = Hall::over(with_account(Some(moved)));
    assert_eq!(code(sign_in(&hall, true)), Code::NotFound);
}
