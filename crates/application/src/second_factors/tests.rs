//! Tests of the second factor, over mocks: a phone that computes codes, and what each attempt writes down.

mod enrolling;
mod resetting;
mod signing_in;

use jiff::SignedDuration;
use unionhall_domain::{
    audit::AuditAction,
    locks::Guard,
    roles::Role,
    second_factors::{OneTimeCode, RECOVERY_BYTES, RecoveryCode, TimeStep, TotpSecret},
};
use unionhall_ports::{
    audit::Origin,
    identity::{Credentials, UserState},
    locks::Watch,
    mock::MockRepositories,
    passwords::PasswordHash,
    sealing::Sealed,
    second_factors::SecondFactor,
};

use super::{SecondFactorError, totp};
use crate::{
    call::Call,
    fixtures::{CALLER, HALL, Hall, Shared, call, now, tenant, user},
    identity::Challenge,
};

/// The secret of every test.
fn secret() -> TotpSecret {
    TotpSecret::new([7; 20])
}

/// That secret as the tests' sealer seals it, with this key.
fn sealed(key: &str) -> Sealed {
    Sealed {
        key: key.to_owned(),
        bytes: vec![!7; 20],
    }
}

/// The code that the phone shows so many seconds from now.
fn code_in(seconds: i64) -> OneTimeCode {
    let step = TimeStep::of(now() + SignedDuration::from_secs(seconds));
    totp::code_of(&secret(), step)
}

/// A code that the phone shows at no time that counts.
fn wrong_code() -> OneTimeCode {
    let near = [-30, 0, 30].map(code_in);
    let mut numbers = (0..).map(|number| OneTimeCode::parse(&format!("{number:06}")).unwrap());
    numbers.find(|code| !near.contains(code)).unwrap()
}

fn recovery_code() -> RecoveryCode {
    RecoveryCode::of(&[3; RECOVERY_BYTES])
}

/// A factor that counts.
fn factor() -> SecondFactor {
    SecondFactor {
        user: CALLER,
        secret: sealed("new"),
        begun_at: now(),
        confirmed_at: Some(now()),
        last_step: Some(TimeStep::new(1)),
        covers_password: false,
    }
}

/// A factor that was begun.
fn begun() -> SecondFactor {
    SecondFactor {
        confirmed_at: None,
        last_step: None,
        ..factor()
    }
}

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

fn origin() -> Origin {
    Origin {
        request_id: "request-1".to_owned(),
        address: Some("192.0.2.1".to_owned()),
        device: Some("test".to_owned()),
    }
}

/// Lets the mocks guard this account against strangers.
fn watched(mocks: &mut MockRepositories, account: &Credentials) {
    let watch = Watch {
        user: account.user.id,
        known: None,
        guard: Guard {
            failures: account.failures,
            locks: 0,
            locked_until: account.locked_until,
        },
    };
    mocks
        .locks
        .expect_hold()
        .returning(move |_, _, _| Ok(Some(watch)));
    mocks.locks.expect_let_in().returning(|_, _, _, _| Ok(()));
}

/// Mocks that know this account and this factor.
fn world(account: Credentials, factor: Option<SecondFactor>) -> MockRepositories {
    let mut mocks = MockRepositories::default();
    watched(&mut mocks, &account);
    mocks
        .identity
        .expect_find_credentials()
        .returning(move |_| Ok(Some(account.clone())));
    mocks
        .second_factors
        .expect_find()
        .returning(move |_| Ok(factor.clone()));
    mocks
        .tenants
        .expect_find()
        .returning(|_| Ok(Some(tenant())));
    mocks
}

/// Lets the mocks write failures down, and shows how many there were in a row.
fn failing(mocks: &mut MockRepositories) -> Shared<u32> {
    let failures = Shared::default();
    let taken = Shared::clone(&failures);
    mocks.locks.expect_record().returning(move |watch, _| {
        taken.lock().unwrap().push(watch.guard.failures);
        Ok(())
    });
    failures
}

/// What the caller's password was checked against.
fn challenge(hall: &Hall) -> Challenge {
    let identity = &hall.application.identity;
    identity.challenge("stella@hall.example").unwrap()
}

fn wrong(result: Result<impl Sized, SecondFactorError>) -> (String, &'static str) {
    match result.err() {
        Some(SecondFactorError::Wrong(fields)) => {
            (fields[0].field.to_string(), fields[0].invalid.code)
        }
        other => panic!("no wrong field: {other:?}"),
    }
}

fn staff() -> Call {
    call(Role::Staff)
}

/// The actions that the events tell of.
fn actions(events: &Shared<unionhall_ports::audit::AuditEvent>) -> Vec<AuditAction> {
    let events = events.lock().unwrap();
    events.iter().map(|event| event.action).collect()
}
