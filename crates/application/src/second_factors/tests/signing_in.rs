//! Signing in with a second factor: the challenge, the codes, the devices, and what each failure costs.

use jiff::SignedDuration;
use mockall::predicate::eq;
use unionhall_domain::{audit::AuditAction, second_factors::TimeStep};
use unionhall_ports::{
    identity::{Credentials, UserState},
    mock::MockRepositories,
    second_factors::SecondFactor,
    sign_in_challenges::SignInChallenge,
    unit_of_work::{Decision, Mode, Scope},
};

use super::{
    super::{Finished, Proof, SecondFactorError, TRUSTED, proving},
    account, actions, begun, code_in, factor, failing, origin, recovery_code, sealed, world,
    wrong_code,
};
use crate::{
    error::Code,
    fixtures::{CALLER, HALL, Hall, Shared, audited, code, mailed, now, user},
    identity::SignIn,
};

/// A sign-in that waits, with so many wrong codes before.
fn waiting(attempts: u32) -> SignInChallenge {
    SignInChallenge {
        hash: proving::hashed("token"),
        user: CALLER,
        email: user(CALLER).email,
        expires_at: now() + SignedDuration::from_secs(1),
        attempts,
    }
}

/// Mocks in which this sign-in waits.
fn challenged(
    challenge: Option<SignInChallenge>,
    account: Credentials,
    factor: Option<SecondFactor>,
) -> MockRepositories {
    let mut mocks = world(account, factor);
    mocks
        .sign_in_challenges
        .expect_find()
        .with(eq(proving::hashed("token")))
        .returning(move |_| Ok(challenge.clone()));
    mocks
        .identity
        .expect_insert_session()
        .returning(|_, _| Ok(()));
    mocks
}

fn finish(hall: &Hall, proof: Proof, trust: bool) -> Result<Finished, SecondFactorError> {
    let factors = &hall.application.second_factors;
    factors.finish("token", &proof, trust, &origin())
}

fn sign_in(hall: &Hall, device: Option<&str>) -> SignIn {
    let identity = &hall.application.identity;
    let challenge = identity.challenge("stella@hall.example").unwrap();
    identity
        .sign_in(challenge, true, device, &origin())
        .unwrap()
}

/// Lets the mocks end challenges, and tells how many were.
fn ending(mocks: &mut MockRepositories) -> Shared<[u8; 32]> {
    let ended = Shared::default();
    let taken = Shared::clone(&ended);
    mocks
        .sign_in_challenges
        .expect_end()
        .returning(move |hash| {
            taken.lock().unwrap().push(*hash);
            Ok(())
        });
    ended
}

#[test]
fn the_right_password_is_answered_with_a_challenge_of_five_minutes_and_no_session() {
    let mut mocks = world(account(), Some(factor()));
    let (sender, receiver) = std::sync::mpsc::channel();
    mocks.sign_in_challenges.expect_insert().times(1).returning(
        move |user, hash, at, expires_at| {
            assert_eq!((user, at), (CALLER, now()));
            assert_eq!(expires_at, at + SignedDuration::from_mins(5));
            sender.send(*hash).unwrap();
            Ok(())
        },
    );
    let SignIn::Challenged(challenged) = sign_in(&Hall::over(mocks), None) else {
        panic!("it should ask for the second factor");
    };
    assert_eq!(receiver.recv().unwrap(), proving::hashed(&challenged.token));
    assert_eq!(challenged.waits, SignedDuration::from_mins(5));
    assert!(!format!("{challenged:?}").contains(&challenged.token));
}

#[test]
fn an_enrolment_that_was_not_confirmed_is_asked_of_nobody() {
    let mut mocks = world(account(), Some(begun()));
    let events = audited(&mut mocks);
    mocks
        .identity
        .expect_insert_session()
        .times(1)
        .returning(|_, _| Ok(()));
    assert!(matches!(
        sign_in(&Hall::over(mocks), None),
        SignIn::Begun(_)
    ));
    assert_eq!(events.lock().unwrap()[0].details, []);
}

#[test]
fn a_trusted_device_stands_in_for_the_code_and_an_unknown_one_does_not() {
    for trusted in [true, false] {
        let mut mocks = world(account(), Some(factor()));
        let events = audited(&mut mocks);
        mocks
            .trusted_devices
            .expect_recognise()
            .with(eq(CALLER), eq(proving::hashed("device")), eq(now()))
            .times(1)
            .returning(move |_, _, _| Ok(trusted));
        mocks
            .sign_in_challenges
            .expect_insert()
            .returning(|_, _, _, _| Ok(()));
        mocks
            .identity
            .expect_insert_session()
            .returning(|_, _| Ok(()));
        let signed_in = sign_in(&Hall::over(mocks), Some("device"));
        assert_eq!(matches!(signed_in, SignIn::Begun(_)), trusted);
        let told = events.lock().unwrap().pop().map(|event| event.details);
        let means = vec![("second_factor", "trusted_device".to_owned())];
        assert_eq!(told, trusted.then_some(means));
    }
}

#[test]
fn the_phones_code_begins_the_session_and_ends_the_challenge() {
    let mut mocks = challenged(Some(waiting(4)), account(), Some(factor()));
    let (events, ended) = (audited(&mut mocks), ending(&mut mocks));
    mocks
        .second_factors
        .expect_accept_step()
        .with(eq(CALLER), eq(TimeStep::of(now())))
        .times(1)
        .returning(|_, _| Ok(true));
    let hall = Hall::over(mocks);
    let finished = finish(&hall, Proof::Code(code_in(0)), false).unwrap();
    assert_eq!(finished.signed_in.user, CALLER);
    assert_eq!(finished.device_token, None);
    assert_eq!(*ended.lock().unwrap(), [proving::hashed("token")]);
    assert_eq!(actions(&events), [AuditAction::SignedIn]);
    let details = &events.lock().unwrap()[0].details;
    assert_eq!(details, &[("second_factor", "code".to_owned())]);
    let kept = (Scope::Identity, Mode::Write, Decision::Commit);
    assert_eq!(hall.runs(), [kept]);
}

#[test]
fn a_recovery_code_does_too_without_the_secret_being_opened() {
    let lost = SecondFactor {
        secret: sealed("a key that is gone"),
        ..factor()
    };
    let mut mocks = challenged(Some(waiting(0)), account(), Some(lost));
    let (events, _ended) = (audited(&mut mocks), ending(&mut mocks));
    let mails = mailed(&mut mocks);
    mocks
        .second_factors
        .expect_spend_recovery_code()
        .with(eq(CALLER), eq(proving::recovery_hash(&recovery_code())))
        .times(1)
        .returning(|_, _| Ok(true));
    mocks
        .second_factors
        .expect_count_recovery_codes()
        .returning(|_| Ok(1));
    let hall = Hall::over(mocks);
    finish(&hall, Proof::RecoveryCode(recovery_code()), false).unwrap();
    let details = &events.lock().unwrap()[0].details;
    assert_eq!(details, &[("second_factor", "recovery_code".to_owned())]);
    insta::assert_snapshot!(mails.lock().unwrap()[0].text);
}

#[test]
fn a_device_is_trusted_for_thirty_days_and_known_by_the_hash_of_its_token() {
    let mut mocks = challenged(Some(waiting(0)), account(), Some(factor()));
    let (events, _ended) = (audited(&mut mocks), ending(&mut mocks));
    mocks
        .second_factors
        .expect_accept_step()
        .returning(|_, _| Ok(true));
    let (sender, receiver) = std::sync::mpsc::channel();
    mocks
        .trusted_devices
        .expect_insert()
        .times(1)
        .returning(move |device, hash| {
            sender.send((device.clone(), *hash)).unwrap();
            Ok(())
        });
    let hall = Hall::over(mocks);
    let finished = finish(&hall, Proof::Code(code_in(0)), true).unwrap();
    let (device, hash) = receiver.recv().unwrap();
    let token = finished.device_token.clone().unwrap();
    assert_eq!(hash, proving::hashed(&token));
    assert_eq!(device.expires_at, now() + TRUSTED);
    assert_eq!(TRUSTED.as_hours(), 30 * 24);
    assert_eq!(
        (device.user, device.label.as_deref()),
        (CALLER, Some("test"))
    );
    assert_eq!(
        actions(&events),
        [AuditAction::SignedIn, AuditAction::Created]
    );
    assert!(!format!("{finished:?}").contains(&token));
}

#[test]
fn a_wrong_code_counts_against_the_challenge_and_the_account_and_the_fifth_ends_both() {
    for (before, ended) in [(0, 0), (3, 0), (4, 1)] {
        let tried = Credentials {
            failures: before,
            ..account()
        };
        let mut mocks = challenged(Some(waiting(before)), tried, Some(factor()));
        let (events, failures) = (audited(&mut mocks), failing(&mut mocks));
        let ends = ending(&mut mocks);
        mocks
            .sign_in_challenges
            .expect_record_attempts()
            .with(eq(proving::hashed("token")), eq(before + 1))
            .times(usize::from(ended == 0))
            .returning(|_, _| Ok(()));
        let hall = Hall::over(mocks);
        let refused = finish(&hall, Proof::Code(wrong_code()), true);
        assert_eq!(code(refused), Code::SecondFactorRefused);
        assert_eq!(*failures.lock().unwrap(), [before + 1]);
        assert_eq!(ends.lock().unwrap().len(), ended);
        assert_eq!(actions(&events), [AuditAction::SignInRefused]);
        let kept = (Scope::Identity, Mode::Write, Decision::Commit);
        assert_eq!(hall.runs(), [kept]);
    }
}

#[test]
fn a_code_that_somebody_else_was_quicker_with_is_refused() {
    let mut mocks = challenged(Some(waiting(0)), account(), Some(factor()));
    let (_events, failures) = (audited(&mut mocks), failing(&mut mocks));
    mocks
        .second_factors
        .expect_accept_step()
        .returning(|_, _| Ok(false));
    mocks
        .sign_in_challenges
        .expect_record_attempts()
        .returning(|_, _| Ok(()));
    let refused = finish(&Hall::over(mocks), Proof::Code(code_in(0)), false);
    assert_eq!(code(refused), Code::SecondFactorRefused);
    assert_eq!(failures.lock().unwrap().len(), 1);
}

#[test]
fn a_code_of_a_step_that_was_accepted_before_is_not_even_tried_against_storage() {
    let used = SecondFactor {
        last_step: Some(TimeStep::of(now())),
        ..factor()
    };
    let mut mocks = challenged(Some(waiting(0)), account(), Some(used));
    let (_events, _failures) = (audited(&mut mocks), failing(&mut mocks));
    mocks
        .sign_in_challenges
        .expect_record_attempts()
        .returning(|_, _| Ok(()));
    let refused = finish(&Hall::over(mocks), Proof::Code(code_in(0)), false);
    assert_eq!(code(refused), Code::SecondFactorRefused);
}

#[test]
fn what_waits_no_more_lets_nobody_in_with_the_right_code() {
    let expired = SignInChallenge {
        expires_at: now(),
        ..waiting(0)
    };
    for (challenge, factor) in [
        (None, Some(factor())),
        (Some(expired), Some(factor())),
        (Some(waiting(5)), Some(factor())),
        (Some(waiting(0)), None),
        (Some(waiting(0)), Some(begun())),
    ] {
        let mut mocks = challenged(challenge, account(), factor);
        let (events, _failures) = (audited(&mut mocks), failing(&mut mocks));
        ending(&mut mocks);
        let refused = finish(&Hall::over(mocks), Proof::Code(code_in(0)), false);
        assert_eq!(code(refused), Code::SecondFactorRefused);
        assert_eq!(actions(&events), [AuditAction::SignInRefused]);
    }
}

#[test]
fn an_account_that_was_closed_or_locked_meanwhile_lets_nobody_in_with_the_right_code() {
    let locked = Credentials {
        locked_until: Some(now() + SignedDuration::from_secs(1)),
        ..account()
    };
    let inactive = Credentials {
        state: UserState::Inactive,
        ..account()
    };
    let homeless = Credentials {
        tenant: None,
        ..account()
    };
    for found in [locked, inactive, homeless] {
        let mut mocks = challenged(Some(waiting(0)), found, Some(factor()));
        let (_events, failures) = (audited(&mut mocks), failing(&mut mocks));
        mocks
            .sign_in_challenges
            .expect_record_attempts()
            .returning(|_, _| Ok(()));
        let refused = finish(&Hall::over(mocks), Proof::Code(code_in(0)), false);
        assert_eq!(code(refused), Code::SecondFactorRefused);
        assert_eq!(failures.lock().unwrap().len(), 1);
    }
}

#[test]
fn a_secret_that_was_sealed_with_an_older_key_is_sealed_anew_when_it_is_used() {
    let old = SecondFactor {
        secret: sealed("old"),
        ..factor()
    };
    let mut mocks = challenged(Some(waiting(0)), account(), Some(old));
    let (_events, _ended) = (audited(&mut mocks), ending(&mut mocks));
    mocks
        .second_factors
        .expect_accept_step()
        .returning(|_, _| Ok(true));
    mocks
        .second_factors
        .expect_reseal()
        .with(eq(CALLER), eq(sealed("old")), eq(sealed("new")))
        .times(1)
        .returning(|_, _, _| Ok(()));
    let hall = Hall::over(mocks);
    let finished = finish(&hall, Proof::Code(code_in(0)), false).unwrap();
    assert_eq!(finished.signed_in.tenant.id, HALL);
}
