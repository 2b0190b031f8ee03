//! Setting a second factor up, renewing its recovery codes, and removing it.

use std::sync::Arc;

use jiff::SignedDuration;
use mockall::predicate::eq;
use unionhall_domain::{
    audit::AuditAction,
    ids::Id,
    roles::Role,
    second_factors::{RECOVERY_CODES, TimeStep, TrustedDevice},
};
use unionhall_ports::{
    identity::{Access, Credentials},
    mock::MockRepositories,
    passwords::PasswordHash,
    storage::StorageError,
    unit_of_work::{Decision, Mode, Scope},
};

use super::{
    super::{Proof, SecondFactorError, State, proving},
    account, actions, begun, challenge, code_in, factor, failing, recovery_code, sealed, secret,
    staff, watched, world, wrong, wrong_code,
};
use crate::{
    actor::Actor,
    call::Call,
    error::{Code, Coded},
    fixtures::{
        CALLER, Hall, STEWARD, access, audited, call_of, code, for_good, mailed, now, tenant, user,
    },
};

const KEPT: (Scope, Mode, Decision) = (Scope::Identity, Mode::Write, Decision::Commit);

/// A call by an admin of a hall where admins need a second factor.
fn admin() -> Call {
    let access = Access {
        second_factor_roles: vec![Role::Admin],
        has_second_factor: true,
        ..access(&[for_good(Role::Admin)], None)
    };
    call_of(Actor::person(Arc::new(access), Arc::new(tenant()), now()))
}

#[test]
fn an_enrolment_stores_the_secret_sealed_and_shows_it_once() {
    let mut mocks = world(account(), None);
    let events = audited(&mut mocks);
    mocks
        .second_factors
        .expect_begin()
        .with(eq(CALLER), eq(sealed("new")), eq(now()))
        .times(1)
        .returning(|_, _, _| Ok(()));
    let hall = Hall::over(mocks);
    let factors = &hall.application.second_factors;
    let enrolment = factors.begin(&staff(), &challenge(&hall), true).unwrap();
    assert_eq!(enrolment.secret, secret());
    assert_eq!(enrolment.account.as_str(), "stella@hall.example");
    assert_eq!(actions(&events), [AuditAction::SecondFactorBegun]);
}

#[test]
fn a_wrong_password_begins_nothing_and_counts_as_one_at_sign_in_does() {
    let changed = Credentials {
        password_hash: PasswordHash::new("$2b$12$changed".to_owned()),
        ..account()
    };
    let locked = Credentials {
        locked_until: Some(now() + SignedDuration::from_mins(1)),
        ..account()
    };
    for (found, matched) in [(account(), false), (locked, true)] {
        let mut mocks = world(found, None);
        let (events, failures) = (audited(&mut mocks), failing(&mut mocks));
        let hall = Hall::over(mocks);
        let factors = &hall.application.second_factors;
        let refused = factors.begin(&staff(), &challenge(&hall), matched);
        assert_eq!(wrong(refused), ("password".to_owned(), "wrong_password"));
        assert_eq!(failures.lock().unwrap().len(), 1);
        assert_eq!(actions(&events), [AuditAction::SignInRefused]);
        assert_eq!(hall.runs().last(), Some(&KEPT));
    }
    // Changed while the old one was checked.
    let mut mocks = MockRepositories::default();
    watched(&mut mocks, &account());
    let mut states = vec![changed, account()];
    mocks
        .identity
        .expect_find_credentials()
        .returning(move |_| Ok(states.pop()));
    let (_events, failures) = (audited(&mut mocks), failing(&mut mocks));
    let hall = Hall::over(mocks);
    let factors = &hall.application.second_factors;
    let refused = factors.begin(&staff(), &challenge(&hall), true);
    assert_eq!(wrong(refused).0, "password");
    assert_eq!(failures.lock().unwrap().len(), 1);
}

#[test]
fn a_factor_that_counts_is_not_replaced() {
    let hall = Hall::over(world(account(), Some(factor())));
    let factors = &hall.application.second_factors;
    let begun = factors.begin(&staff(), &challenge(&hall), true);
    assert_eq!(code(begun), Code::Duplicate);
    assert_eq!(code(factors.confirm(&staff(), code_in(0))), Code::Duplicate);
}

#[test]
fn the_first_code_confirms_and_draws_ten_codes_of_which_storage_sees_hashes() {
    let mut mocks = world(account(), Some(begun()));
    let (events, mails) = (audited(&mut mocks), mailed(&mut mocks));
    let (sender, receiver) = std::sync::mpsc::channel();
    mocks
        .second_factors
        .expect_confirm()
        .times(1)
        .returning(move |factor, step, hashes, at| {
            assert_eq!((factor, at), (&begun(), now()));
            sender.send((step, hashes.to_vec())).unwrap();
            Ok(())
        });
    let hall = Hall::over(mocks);
    let codes = hall
        .application
        .second_factors
        .confirm(&staff(), code_in(-30));
    let codes = codes.unwrap().0;
    let (step, hashes) = receiver.recv().unwrap();
    assert_eq!(step.number(), TimeStep::of(now()).number() - 1);
    assert_eq!(codes.len(), RECOVERY_CODES);
    let expected: Vec<_> = codes.iter().map(proving::recovery_hash).collect();
    assert_eq!(hashes, expected);
    assert_eq!(actions(&events), [AuditAction::SecondFactorConfirmed]);
    // The person is told, and no code is in what they are sent.
    insta::assert_snapshot!(mails.lock().unwrap()[0].text);
}

#[test]
fn nothing_is_confirmed_by_a_wrong_code_or_before_an_enrolment_or_twice_at_once() {
    let hall = Hall::over(world(account(), Some(begun())));
    let factors = &hall.application.second_factors;
    let refused = factors.confirm(&staff(), wrong_code());
    assert_eq!(wrong(refused), ("code".to_owned(), "wrong_code"));
    assert_eq!(
        wrong(factors.confirm(&staff(), code_in(90))),
        ("code".to_owned(), "wrong_code")
    );
    let hall = Hall::over(world(account(), None));
    let factors = &hall.application.second_factors;
    assert_eq!(code(factors.confirm(&staff(), code_in(0))), Code::NotFound);

    let mut mocks = world(account(), Some(begun()));
    mocks
        .second_factors
        .expect_confirm()
        .returning(|_, _, _, _| Err(StorageError::Stale));
    let hall = Hall::over(mocks);
    let factors = &hall.application.second_factors;
    let second = factors.confirm(&staff(), code_in(0));
    assert_eq!(code(second), Code::ChangedMeanwhile);
}

#[test]
fn new_recovery_codes_take_a_code_which_counts_for_nothing_afterwards() {
    let mut mocks = world(account(), Some(factor()));
    let events = audited(&mut mocks);
    mocks
        .second_factors
        .expect_accept_step()
        .with(eq(CALLER), eq(TimeStep::of(now())))
        .times(1)
        .returning(|_, _| Ok(true));
    mocks
        .second_factors
        .expect_replace_recovery_codes()
        .times(1)
        .withf(|user, hashes| *user == CALLER && hashes.len() == RECOVERY_CODES)
        .returning(|_, _| Ok(()));
    let hall = Hall::over(mocks);
    let factors = &hall.application.second_factors;
    assert!(factors.renew_codes(&staff(), code_in(0)).is_ok());
    assert_eq!(actions(&events), [AuditAction::RecoveryCodesRenewed]);
}

#[test]
fn a_wrong_code_renews_nothing_and_counts_as_a_wrong_password_does() {
    let mut mocks = world(account(), Some(factor()));
    let (events, failures) = (audited(&mut mocks), failing(&mut mocks));
    let hall = Hall::over(mocks);
    let factors = &hall.application.second_factors;
    let refused = factors.renew_codes(&staff(), wrong_code());
    assert_eq!(wrong(refused), ("code".to_owned(), "wrong_code"));
    assert_eq!(*failures.lock().unwrap(), [1]);
    assert_eq!(actions(&events), [AuditAction::SignInRefused]);
    assert_eq!(hall.runs(), [KEPT]);
}

#[test]
fn a_removal_takes_password_and_either_code() {
    let mut mocks = world(account(), Some(factor()));
    let (events, mails) = (audited(&mut mocks), mailed(&mut mocks));
    mocks
        .second_factors
        .expect_spend_recovery_code()
        .with(eq(CALLER), eq(proving::recovery_hash(&recovery_code())))
        .times(1)
        .returning(|_, _| Ok(true));
    mocks
        .second_factors
        .expect_remove()
        .with(eq(CALLER))
        .times(1)
        .returning(|_| Ok(true));
    let hall = Hall::over(mocks);
    let factors = &hall.application.second_factors;
    let proof = Proof::RecoveryCode(recovery_code());
    factors
        .remove(&staff(), &challenge(&hall), true, &proof)
        .unwrap();
    assert_eq!(actions(&events), [AuditAction::SecondFactorRemoved]);
    insta::assert_snapshot!(mails.lock().unwrap()[0].text);
}

#[test]
fn an_address_that_is_somebody_elses_by_now_is_not_the_callers() {
    let theirs = Credentials {
        user: user(STEWARD),
        ..account()
    };
    let hall = Hall::over(world(theirs, Some(factor())));
    let factors = &hall.application.second_factors;
    let refused = factors.begin(&staff(), &challenge(&hall), true);
    assert_eq!(code(refused), Code::ChangedMeanwhile);
    let proof = Proof::Code(code_in(0));
    let refused = factors.remove(&staff(), &challenge(&hall), true, &proof);
    assert_eq!(code(refused), Code::ChangedMeanwhile);
}

#[test]
fn a_factor_that_a_short_password_leans_on_stays() {
    let mut mocks = world(account(), Some(factor()));
    mocks
        .second_factors
        .expect_accept_step()
        .returning(|_, _| Ok(true));
    mocks
        .second_factors
        .expect_remove()
        .returning(|_| Ok(false));
    let hall = Hall::over(mocks);
    let factors = &hall.application.second_factors;
    let proof = Proof::Code(code_in(0));
    let refused = factors.remove(&staff(), &challenge(&hall), true, &proof);
    assert_eq!(wrong(refused), ("password".to_owned(), "too_short"));
}

#[test]
fn a_removal_with_a_wrong_password_or_a_wrong_code_removes_nothing_and_counts() {
    for (matched, proof, field) in [
        (false, Proof::Code(code_in(0)), "password"),
        (true, Proof::Code(wrong_code()), "code"),
        (true, Proof::RecoveryCode(recovery_code()), "recovery_code"),
    ] {
        let mut mocks = world(account(), Some(factor()));
        let (_events, failures) = (audited(&mut mocks), failing(&mut mocks));
        mocks
            .second_factors
            .expect_spend_recovery_code()
            .returning(|_, _| Ok(false));
        let hall = Hall::over(mocks);
        let factors = &hall.application.second_factors;
        let refused = factors.remove(&staff(), &challenge(&hall), matched, &proof);
        assert_eq!(wrong(refused).0, field);
        assert_eq!(*failures.lock().unwrap(), [1]);
    }
}

#[test]
fn whoever_must_have_a_factor_keeps_it() {
    let hall = Hall::over(world(account(), Some(factor())));
    let factors = &hall.application.second_factors;
    let proof = Proof::Code(code_in(0));
    let refused = factors.remove(&admin(), &challenge(&hall), true, &proof);
    assert_eq!(code(refused), Code::SecondFactorRequired);
}

#[test]
fn the_standing_tells_what_there_is() {
    let device = TrustedDevice {
        id: Id::new(CALLER.uuid()),
        user: CALLER,
        label: None,
        created_at: now(),
        last_used_at: None,
        expires_at: now(),
    };
    for (found, expected) in [
        (None, State::None),
        (Some(begun()), State::Begun(now())),
        (
            Some(factor()),
            State::Confirmed {
                at: now(),
                recovery_codes: 9,
            },
        ),
    ] {
        let mut mocks = world(account(), found);
        mocks
            .second_factors
            .expect_count_recovery_codes()
            .returning(|_| Ok(9));
        let devices = vec![device.clone()];
        mocks
            .trusted_devices
            .expect_list()
            .with(eq(CALLER), eq(now()))
            .returning(move |_, _| Ok(devices.clone()));
        let hall = Hall::over(mocks);
        let factors = &hall.application.second_factors;
        let standing = factors.show(&staff()).unwrap();
        assert_eq!(standing.state, expected);
        assert_eq!(standing.devices, std::slice::from_ref(&device));
        assert!(!standing.required);
        assert!(factors.show(&admin()).unwrap().required);
    }
}

#[test]
fn a_device_that_is_not_the_callers_is_not_there() {
    let mut mocks = MockRepositories::default();
    mocks
        .trusted_devices
        .expect_remove()
        .returning(|_, _| Ok(false));
    let hall = Hall::over(mocks);
    let factors = &hall.application.second_factors;
    let refused = factors.distrust(&staff(), Id::new(CALLER.uuid()));
    assert_eq!(code(refused), Code::NotFound);
}

#[test]
fn devices_that_are_trusted_no_more_are_on_record() {
    let mut mocks = MockRepositories::default();
    let events = audited(&mut mocks);
    mocks
        .trusted_devices
        .expect_remove()
        .returning(|_, _| Ok(true));
    mocks
        .trusted_devices
        .expect_remove_all()
        .returning(|_| Ok(3));
    let hall = Hall::over(mocks);
    let factors = &hall.application.second_factors;
    factors.distrust(&staff(), Id::new(CALLER.uuid())).unwrap();
    factors.distrust_all(&staff()).unwrap();
    assert_eq!(actions(&events), [AuditAction::Deleted; 2]);
    let events = events.lock().unwrap();
    assert_eq!(events[1].details, [("devices", "3".to_owned())]);
}

#[test]
fn no_secret_is_printed_with_an_error_or_a_result() {
    let proof = Proof::Code(code_in(0));
    let printed = format!(
        "{:?} {:?} {:?}",
        secret(),
        proof,
        SecondFactorError::wrong(&proof)
    );
    assert!(!printed.contains(&secret().base32()), "{printed}");
    assert!(printed.contains("OneTimeCode(…)"), "{printed}");
    assert_eq!(SecondFactorError::Refused.fields().len(), 0);
}
