//! Locks: who is told of them, who lifts them, and what counts as the same place.

use std::sync::mpsc::channel;

use mockall::predicate::eq;
use unionhall_ports::{
    mail_tokens::Spent,
    mock::MockRepositories,
    unit_of_work::{Decision, Mode},
};

use super::*;
use crate::fixtures::{CALLER, Hall, audited, code, mailed, now, told, user, wrong_fields};

const WRITTEN: (Scope, Mode, Decision) = (Scope::Identity, Mode::Write, Decision::Commit);

fn origin(address: &str, device: &str) -> Origin {
    Origin {
        request_id: "request-1".to_owned(),
        address: Some(address.to_owned()),
        device: Some(device.to_owned()),
    }
}

fn here() -> Origin {
    origin("192.0.2.1", "Firefox/146.0")
}

#[test]
fn a_place_is_a_network_with_a_device_whatever_its_version() {
    let same = |one: (&str, &str), other: (&str, &str)| {
        place(&origin(one.0, one.1)) == place(&origin(other.0, other.1))
    };
    assert!(same(
        ("192.0.2.1", "Firefox/146.0"),
        ("192.0.2.1", "Firefox/147.1")
    ));
    assert!(same(
        ("2001:db8::1", "Firefox"),
        ("2001:db8::ffff", "Firefox")
    ));
    assert!(!same(("192.0.2.1", "Firefox"), ("192.0.2.2", "Firefox")));
    assert!(!same(("192.0.2.1", "Firefox"), ("192.0.2.1", "Chrome")));
    assert!(!same(
        ("2001:db8::1", "Firefox"),
        ("2001:db8:0:1::1", "Firefox")
    ));
}

#[test]
fn the_owner_of_an_account_that_was_locked_is_mailed_a_link_that_unlocks_it() {
    let mut mocks = MockRepositories::default();
    mocks
        .locks
        .expect_take_untold()
        .returning(|_| Ok(vec![user(CALLER)]));
    mocks
        .mail_tokens
        .expect_issue()
        .times(1)
        .withf(|token| token.user == CALLER && token.purpose == MailPurpose::Unlock)
        .returning(|_| Ok(()));
    let mails = mailed(&mut mocks);
    let hall = Hall::over(mocks);
    assert_eq!(hall.application.locks.tell().unwrap(), 1);
    assert_eq!(hall.runs(), [WRITTEN]);
    let mails = mails.lock().unwrap();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, user(CALLER).email);
    insta::assert_snapshot!(mails[0].text);
}

#[test]
fn a_token_from_the_mail_lifts_the_locks_and_makes_the_place_known() {
    let mut mocks = MockRepositories::default();
    mocks.mail_tokens.expect_spend().returning(|_, purpose, _| {
        Ok((purpose == MailPurpose::Unlock).then(|| Spent {
            user: user(CALLER),
            payload: None,
        }))
    });
    mocks
        .locks
        .expect_lift()
        .with(eq(CALLER), eq(place(&here())), eq(now()))
        .times(1)
        .returning(|_, _, _| Ok(()));
    mocks
        .identity
        .expect_find_credentials()
        .returning(|_| Ok(None));
    let events = audited(&mut mocks);
    let hall = Hall::over(mocks);
    hall.application.locks.unlock("token", &here()).unwrap();
    assert_eq!(hall.runs(), [WRITTEN]);
    assert_eq!(told(&events), [("unlocked", "user")]);
    assert_eq!(events.lock().unwrap()[0].actor, AuditActor::User(CALLER));
}

#[test]
fn a_token_that_does_not_count_lifts_nothing() {
    let mut mocks = MockRepositories::default();
    mocks
        .mail_tokens
        .expect_spend()
        .returning(|_, _, _| Ok(None));
    let hall = Hall::over(mocks);
    let result = hall.application.locks.unlock("token", &here());
    assert_eq!(
        wrong_fields(result),
        [("token".to_owned(), "token_refused")]
    );
    let refused = hall.application.locks.unlock("token", &here());
    assert_eq!(code(refused), Code::InvalidFields);
}

#[test]
fn a_place_is_known_for_ninety_days() {
    let mut mocks = MockRepositories::default();
    let since = now() - SignedDuration::from_hours(90 * 24);
    mocks
        .locks
        .expect_knows()
        .withf(move |_, _, at| *at == since)
        .returning(|_, from, _| Ok(*from == place(&here())));
    let locks = Hall::over(mocks).application.locks;
    let knows = |email, origin| locks.knows(email, &origin).unwrap();
    assert!(knows("stella@hall.example", here()));
    assert!(!knows(
        "stella@hall.example",
        origin("203.0.113.9", "Firefox")
    ));
    assert!(!knows("no address", here()));
}

#[test]
fn a_wrong_password_counts_against_the_guard_it_was_tried_at_and_for_nobody_in_the_same_way() {
    let failing = |watch: Option<Watch>| {
        let (sender, receiver) = channel();
        let mut mocks = MockRepositories::default();
        mocks
            .locks
            .expect_record()
            .times(1)
            .returning(move |watch, untold| {
                sender.send((*watch, untold)).unwrap();
                Ok(())
            });
        let locked = failed(&mut mocks, watch, now()).unwrap();
        (receiver.recv().unwrap(), locked)
    };
    let four = Guard {
        failures: 4,
        ..Guard::default()
    };
    let known = Watch {
        user: CALLER,
        known: Some(place(&here())),
        guard: four,
    };
    let ((written, untold), locked) = failing(Some(known));
    assert_eq!((written.user, written.known), (CALLER, known.known));
    assert_eq!(written.guard, four.after_failure(now()));
    assert!(untold && locked == written.guard.locked_until);
    let ((written, untold), locked) = failing(None);
    assert_eq!(written.user.uuid(), Uuid::nil());
    assert_eq!((written.guard.failures, untold, locked), (1, false, None));
}
