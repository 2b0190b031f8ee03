//! Second factors, recovery codes, trusted devices and sign-ins that wait: each sentence of their ports.

mod leaving;

use std::{sync::Barrier, thread};

use diesel::{QueryableByName, RunQueryDsl, sql_query, sql_types::BigInt};
use jiff::{SignedDuration, Timestamp};
use unionhall_domain::{
    passwords::Strength,
    roles::Role,
    second_factors::{TimeStep, TrustedDevice},
    users::{User, UserId},
};
use unionhall_ports::{
    passwords::PasswordHash,
    sealing::Sealed,
    second_factors::{SecondFactor, SecondFactorRepository},
    sign_in_challenges::{SignInChallenge, SignInChallengeRepository},
    storage::StorageError,
    trusted_devices::TrustedDeviceRepository,
    unit_of_work::{Scope, UnitOfWork},
};
use unionhall_testing::{TestDatabase, builders};

use crate::connect;

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// How many rows there are, seen by the owner of everything.
fn counted(database: &TestDatabase, rows: &str) -> i64 {
    sql_query(format!("select count(*) from {rows}"))
        .get_result::<Count>(&mut connect(&database.owner_url()))
        .unwrap()
        .count
}

fn later(seconds: i64) -> Timestamp {
    builders::now() + SignedDuration::from_secs(seconds)
}

fn sealed(byte: u8) -> Sealed {
    Sealed {
        key: "2026".to_owned(),
        bytes: vec![byte; 48],
    }
}

fn factors<T>(
    storage: &dyn UnitOfWork,
    work: impl FnOnce(&mut dyn SecondFactorRepository) -> Result<T, StorageError>,
) -> T {
    builders::store(storage, Scope::Identity, |tx| work(tx.second_factors()))
}

fn devices<T>(
    storage: &dyn UnitOfWork,
    work: impl FnOnce(&mut dyn TrustedDeviceRepository) -> Result<T, StorageError>,
) -> T {
    builders::store(storage, Scope::Identity, |tx| work(tx.trusted_devices()))
}

fn challenges<T>(
    storage: &dyn UnitOfWork,
    work: impl FnOnce(&mut dyn SignInChallengeRepository) -> Result<T, StorageError>,
) -> T {
    builders::store(storage, Scope::Identity, |tx| work(tx.sign_in_challenges()))
}

fn ada(storage: &dyn UnitOfWork) -> User {
    builders::user(storage, "ada@hall.example")
}

fn find(storage: &dyn UnitOfWork, user: UserId) -> Option<SecondFactor> {
    storage
        .read(Scope::Identity, |tx| tx.second_factors().find(user))
        .unwrap()
}

/// A confirmed factor with the recovery codes 1 and 2, whose step 100 was accepted.
fn enrolled(storage: &dyn UnitOfWork, user: UserId) {
    factors(storage, |factors| {
        factors.begin(user, &sealed(1), later(0))?;
        let factor = factors.find(user)?.expect("it was begun");
        factors.confirm(&factor, TimeStep::new(100), &[[1; 32], [2; 32]], later(1))
    });
}

fn device(storage: &dyn UnitOfWork, user: UserId, token: u8, expires: i64) -> TrustedDevice {
    let device = TrustedDevice {
        id: builders::fresh_id(),
        user,
        label: Some("Firefox".to_owned()),
        created_at: later(0),
        last_used_at: None,
        expires_at: later(expires),
    };
    devices(storage, |devices| devices.insert(&device, &[token; 32]));
    device
}

fn listed(storage: &dyn UnitOfWork, user: UserId, at: i64) -> Vec<TrustedDevice> {
    devices(storage, |devices| devices.list(user, later(at)))
}

fn challenge(storage: &dyn UnitOfWork, user: UserId, token: u8, at: i64) {
    challenges(storage, |challenges| {
        challenges.insert(user, &[token; 32], later(at), later(at + 300))
    });
}

fn held(storage: &dyn UnitOfWork, token: u8) -> Option<SignInChallenge> {
    challenges(storage, |challenges| challenges.find(&[token; 32]))
}

/// Two at once, each with a transaction of its own; what they were told.
fn both<T: Send>(storage: &dyn UnitOfWork, work: impl Fn(&dyn UnitOfWork) -> T + Sync) -> [T; 2] {
    let together = Barrier::new(2);
    thread::scope(|scope| {
        let run = || {
            together.wait();
            work(storage)
        };
        let (one, two) = (scope.spawn(run), scope.spawn(run));
        [one.join().unwrap(), two.join().unwrap()]
    })
}

#[test]
fn an_enrolment_is_found_as_it_was_begun_and_begun_anew_until_it_is_confirmed() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let user = ada(storage).id;
    assert_eq!(find(storage, user), None);
    for (byte, at) in [(1, 0), (2, 5)] {
        factors(storage, |factors| {
            factors.begin(user, &sealed(byte), later(at))
        });
        let expected = SecondFactor {
            user,
            secret: sealed(byte),
            begun_at: later(at),
            confirmed_at: None,
            last_step: None,
            covers_password: false,
        };
        assert_eq!(find(storage, user), Some(expected));
    }
    enrolled(storage, user);
    let result = storage.transaction(Scope::Identity, |tx| {
        tx.second_factors().begin(user, &sealed(3), later(9))
    });
    assert!(matches!(result, Err(StorageError::Stale)));
    let kept = find(storage, user).unwrap();
    assert_eq!(
        (kept.secret, kept.confirmed_at),
        (sealed(1), Some(later(1)))
    );
    assert_eq!(kept.last_step, Some(TimeStep::new(100)));
}

#[test]
fn an_enrolment_is_confirmed_once_and_only_the_one_that_was_meant() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let user = ada(storage).id;
    factors(storage, |factors| factors.begin(user, &sealed(1), later(0)));
    let older = find(storage, user).unwrap();
    factors(storage, |factors| factors.begin(user, &sealed(2), later(0)));
    let newer = find(storage, user).unwrap();
    let confirm = |factor: &SecondFactor| {
        storage.transaction(Scope::Identity, |tx| {
            let codes = [[7; 32], [8; 32]];
            let factors = tx.second_factors();
            factors.confirm(factor, TimeStep::new(100), &codes, later(1))
        })
    };
    assert!(matches!(confirm(&older), Err(StorageError::Stale)));
    confirm(&newer).unwrap();
    assert!(matches!(confirm(&newer), Err(StorageError::Stale)));
    let left = factors(storage, |factors| factors.count_recovery_codes(user));
    assert_eq!(left, 2);
}

#[test]
fn a_step_is_accepted_once_and_none_after_a_later_one() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let user = ada(storage).id;
    let accept = |step: i64| {
        factors(storage, |factors| {
            factors.accept_step(user, TimeStep::new(step))
        })
    };
    assert!(!accept(101), "there is no factor");
    factors(storage, |factors| factors.begin(user, &sealed(1), later(0)));
    assert!(!accept(101), "it is not confirmed");
    enrolled(storage, user);
    let told: Vec<_> = [100, 102, 102, 101, 103].into_iter().map(accept).collect();
    assert_eq!(told, [false, true, false, false, true]);
}

#[test]
fn of_two_who_offer_the_code_of_one_step_at_once_one_is_accepted() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let user = ada(storage).id;
    enrolled(storage, user);
    for step in 101..121 {
        let told = both(storage, |storage| {
            factors(storage, |factors| {
                factors.accept_step(user, TimeStep::new(step))
            })
        });
        assert_ne!(told[0], told[1], "step {step}");
    }
}

#[test]
fn a_recovery_code_is_spent_once_also_by_two_at_once_and_by_its_owner_alone() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let user = ada(storage).id;
    let ben = builders::user(storage, "ben@hall.example").id;
    enrolled(storage, user);
    enrolled(storage, ben);
    let spend = |storage: &dyn UnitOfWork, user, code: u8| {
        factors(storage, |factors| {
            factors.spend_recovery_code(user, &[code; 32])
        })
    };
    assert!(!spend(storage, user, 3));
    let told = both(storage, |storage| spend(storage, user, 1));
    assert_ne!(told[0], told[1]);
    assert!(!spend(storage, user, 1));
    let left = |user| factors(storage, |factors| factors.count_recovery_codes(user));
    assert_eq!((left(user), left(ben)), (1, 2));
}

#[test]
fn new_recovery_codes_take_the_place_of_the_old() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let user = ada(storage).id;
    enrolled(storage, user);
    let told = factors(storage, |factors| {
        factors.replace_recovery_codes(user, &[[5; 32], [6; 32], [7; 32]])?;
        let left = factors.count_recovery_codes(user)?;
        let old = factors.spend_recovery_code(user, &[1; 32])?;
        Ok((left, old, factors.spend_recovery_code(user, &[6; 32])?))
    });
    assert_eq!(told, (3, false, true));
}

#[test]
fn a_secret_sealed_anew_replaces_the_one_it_was_and_no_other() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let user = ada(storage).id;
    enrolled(storage, user);
    for (old, expected) in [(2, sealed(1)), (1, sealed(9))] {
        factors(storage, |factors| {
            factors.reseal(user, &sealed(old), &sealed(9))
        });
        assert_eq!(find(storage, user).unwrap().secret, expected);
    }
}

#[test]
fn what_is_removed_takes_everything_with_it_that_stands_in_for_it() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let user = ada(storage).id;
    let ben = builders::user(storage, "ben@hall.example").id;
    for (user, token) in [(user, 1), (ben, 2)] {
        enrolled(storage, user);
        device(storage, user, token, 60);
        challenge(storage, user, token, 0);
    }
    assert!(factors(storage, |factors| factors.remove(user)));
    assert_eq!(find(storage, user), None);
    assert_eq!(listed(storage, user, 1), []);
    assert_eq!(held(storage, 1), None);
    let left = |user| factors(storage, |factors| factors.count_recovery_codes(user));
    assert_eq!((left(user), left(ben)), (0, 2));
    assert_eq!(listed(storage, ben, 1).len(), 1);
    assert!(held(storage, 2).is_some());
    assert!(!factors(storage, |factors| factors.remove(user)));
}

#[test]
fn a_device_is_recognised_by_its_token_for_its_owner_until_it_expires() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let user = ada(storage).id;
    let ben = builders::user(storage, "ben@hall.example").id;
    let known = device(storage, user, 1, 60);
    let recognise = |user, token: u8, at: i64| {
        devices(storage, |devices| {
            devices.recognise(user, &[token; 32], later(at))
        })
    };
    assert_eq!(listed(storage, user, 0), std::slice::from_ref(&known));
    assert!(recognise(user, 1, 59));
    assert!(!recognise(user, 1, 60), "expired");
    assert!(!recognise(user, 2, 1), "another token");
    assert!(!recognise(ben, 1, 1), "another user");
    let used = TrustedDevice {
        last_used_at: Some(later(59)),
        ..known
    };
    assert_eq!(listed(storage, user, 59), [used]);
    assert_eq!(listed(storage, user, 60), []);
}

#[test]
fn devices_are_listed_newest_first_and_expired_ones_forgotten() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let user = ada(storage).id;
    device(storage, user, 1, 0);
    let (older, newer) = (device(storage, user, 2, 60), device(storage, user, 3, 60));
    assert_eq!(listed(storage, user, 0), [newer, older]);
    assert_eq!(counted(&database, "trusted_devices"), 2);
}

#[test]
fn a_device_is_trusted_no_more_at_its_owners_word_alone() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let user = ada(storage).id;
    let ben = builders::user(storage, "ben@hall.example").id;
    let one = device(storage, user, 1, 60);
    device(storage, user, 2, 60);
    device(storage, ben, 3, 60);
    let remove = |user| devices(storage, |devices| devices.remove(user, one.id));
    assert_eq!(
        (remove(ben), remove(user), remove(user)),
        (false, true, false)
    );
    assert_eq!(devices(storage, |devices| devices.remove_all(user)), 1);
    assert_eq!(listed(storage, user, 0), []);
    assert_eq!(listed(storage, ben, 0).len(), 1);
}

#[test]
fn a_sign_in_that_waits_is_found_with_its_account_and_ended() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let user = ada(storage);
    challenge(storage, user.id, 1, 0);
    let expected = SignInChallenge {
        hash: [1; 32],
        user: user.id,
        email: user.email.clone(),
        expires_at: later(300),
        attempts: 0,
    };
    assert_eq!(held(storage, 1), Some(expected));
    assert_eq!(held(storage, 2), None);
    challenges(storage, |challenges| {
        challenges.record_attempts(&[1; 32], 4)
    });
    assert_eq!(held(storage, 1).unwrap().attempts, 4);
    for _ in 0..2 {
        challenges(storage, |challenges| challenges.end(&[1; 32]));
        assert_eq!(held(storage, 1), None);
    }
}

#[test]
fn sign_ins_that_have_expired_are_forgotten_with_the_next_of_the_same_user() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let user = ada(storage).id;
    let ben = builders::user(storage, "ben@hall.example").id;
    challenge(storage, user, 1, 0);
    challenge(storage, ben, 2, 0);
    challenge(storage, user, 3, 299);
    assert!(held(storage, 1).is_some());
    challenge(storage, user, 4, 300);
    let waiting: Vec<_> = (1..=4)
        .map(|token| held(storage, token).is_some())
        .collect();
    assert_eq!(waiting, [false, true, true, true]);
}

#[test]
fn a_new_password_ends_trusted_devices_and_sign_ins_that_wait_and_leaves_the_factor() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let user = ada(storage).id;
    let ben = builders::user(storage, "ben@hall.example").id;
    for (user, token) in [(user, 1), (ben, 2)] {
        enrolled(storage, user);
        device(storage, user, token, 60);
        challenge(storage, user, token, 0);
    }
    let hash = PasswordHash::new("new".to_owned());
    builders::store(storage, Scope::Identity, |tx| {
        tx.identity()
            .set_password(user, &hash, Strength::Alone, later(1))
    });
    assert_eq!((listed(storage, user, 0), held(storage, 1)), (vec![], None));
    assert!(find(storage, user).is_some());
    assert_eq!(listed(storage, ben, 0).len(), 1);
    assert!(held(storage, 2).is_some());
}
