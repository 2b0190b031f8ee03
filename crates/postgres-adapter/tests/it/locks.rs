//! Wrong passwords and locks, of strangers and of places that are known.

use std::thread;

use jiff::{SignedDuration, Timestamp};
use unionhall_domain::{
    locks::Guard,
    passwords::Strength,
    users::{EmailAddress, User, UserId},
};
use unionhall_ports::{
    locks::{LockRepository, Place, Watch},
    passwords::PasswordHash,
    round_trips::counted,
    storage::StorageError,
    unit_of_work::{Scope, UnitOfWork},
};
use unionhall_testing::{TestDatabase, builders};

const HOME: Place = Place([1; 32]);
const CAFE: Place = Place([2; 32]);

fn later(seconds: i64) -> Timestamp {
    builders::now() + SignedDuration::from_secs(seconds)
}

fn locks<T>(
    storage: &dyn UnitOfWork,
    work: impl FnOnce(&mut dyn LockRepository) -> Result<T, StorageError>,
) -> T {
    builders::store(storage, Scope::Identity, |tx| work(tx.locks()))
}

fn held(storage: &dyn UnitOfWork, user: &User, place: &Place) -> Watch {
    locks(storage, |locks| locks.hold(&user.email, place, later(-100))).unwrap()
}

fn guard(failures: u32, locks: u32, locked_until: Option<Timestamp>) -> Guard {
    Guard {
        failures,
        locks,
        locked_until,
    }
}

/// Lets the user in from here.
fn let_in(storage: &dyn UnitOfWork, user: UserId, place: &Place, at: Timestamp) {
    locks(storage, |locks| {
        locks.let_in(user, place, at, at - SignedDuration::from_secs(100))
    });
}

/// Writes this guard down for whoever comes from here.
fn write(storage: &dyn UnitOfWork, user: &User, place: &Place, guard: Guard, untold: bool) {
    let watch = Watch {
        guard,
        ..held(storage, user, place)
    };
    locks(storage, |locks| locks.record(&watch, untold));
}

#[test]
fn an_account_has_one_guard_against_strangers_and_one_for_each_place_that_is_known() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let user = builders::user(storage, "ada@hall.example");
    let fresh = Watch {
        user: user.id,
        known: None,
        guard: Guard::default(),
    };
    assert_eq!(held(storage, &user, &HOME), fresh);
    let_in(storage, user.id, &HOME, later(0));
    write(storage, &user, &HOME, guard(2, 1, Some(later(9))), false);
    write(storage, &user, &CAFE, guard(4, 0, None), false);
    let home = held(storage, &user, &HOME);
    assert_eq!(
        (home.known, home.guard),
        (Some(HOME), guard(2, 1, Some(later(9))))
    );
    let cafe = held(storage, &user, &CAFE);
    assert_eq!((cafe.known, cafe.guard), (None, guard(4, 0, None)));
    let nobody = EmailAddress::parse("nobody@hall.example").unwrap();
    let none = locks(storage, |locks| locks.hold(&nobody, &HOME, later(0)));
    assert_eq!(none, None);
}

#[test]
fn a_place_is_known_for_as_long_as_it_is_asked_for_and_then_forgotten() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let user = builders::user(storage, "ada@hall.example");
    let_in(storage, user.id, &HOME, later(0));
    let known = |since: i64| {
        let hold = locks(storage, |locks| {
            locks.hold(&user.email, &HOME, later(since))
        });
        let knows = storage.read(Scope::Identity, |tx| {
            tx.locks().knows(&user.email, &HOME, later(since))
        });
        let (hold, knows) = (hold.unwrap().known.is_some(), knows.unwrap());
        assert_eq!(hold, knows);
        knows
    };
    assert!(known(0) && !known(1));
    assert_eq!(locks(storage, |locks| locks.forget_places(later(0))), 0);
    assert_eq!(locks(storage, |locks| locks.forget_places(later(1))), 1);
    assert!(!known(0));
}

#[test]
fn who_is_let_in_begins_anew_the_guard_they_passed_and_no_other() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let user = builders::user(storage, "ada@hall.example");
    let bad = guard(3, 2, Some(later(9)));
    let_in(storage, user.id, &HOME, later(0));
    write(storage, &user, &HOME, bad, false);
    write(storage, &user, &CAFE, bad, false);
    let_in(storage, user.id, &HOME, later(1));
    assert_eq!(held(storage, &user, &HOME).guard, Guard::default());
    assert_eq!(
        held(storage, &user, &CAFE).guard,
        bad,
        "strangers have not passed"
    );
    let_in(storage, user.id, &CAFE, later(2));
    let elsewhere = held(storage, &user, &Place([3; 32]));
    assert_eq!(elsewhere.guard, Guard::default());
    assert_eq!(held(storage, &user, &CAFE).known, Some(CAFE));
}

#[test]
fn every_lock_is_lifted_at_once_and_the_place_it_was_lifted_from_is_known() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let user = builders::user(storage, "ada@hall.example");
    let_in(storage, user.id, &HOME, later(0));
    let locked = guard(5, 2, Some(later(9)));
    write(storage, &user, &HOME, locked, true);
    write(storage, &user, &CAFE, locked, true);
    locks(storage, |locks| locks.lift(user.id, &CAFE, later(1)));
    let open = guard(0, 2, None);
    assert_eq!(held(storage, &user, &HOME).guard, open);
    let cafe = held(storage, &user, &CAFE);
    assert_eq!((cafe.known, cafe.guard), (Some(CAFE), Guard::default()));
    assert_eq!(held(storage, &user, &Place([3; 32])).guard, open);
    let untold = locks(storage, |locks| locks.take_untold(9));
    assert_eq!(untold, [], "who has unlocked knows");
}

#[test]
fn a_new_password_lifts_the_locks_of_every_place() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let user = builders::user(storage, "ada@hall.example");
    let_in(storage, user.id, &HOME, later(0));
    write(storage, &user, &HOME, guard(5, 2, Some(later(9))), true);
    write(storage, &user, &CAFE, guard(5, 2, Some(later(9))), true);
    builders::store(storage, Scope::Identity, |tx| {
        let hash = PasswordHash::new("new".to_owned());
        tx.identity()
            .set_password(user.id, &hash, Strength::Alone, later(1))
    });
    for place in [HOME, CAFE] {
        assert_eq!(held(storage, &user, &place).guard, Guard::default());
    }
}

#[test]
fn failures_that_come_at_the_same_instant_all_count() {
    let database = TestDatabase::new();
    let user = builders::user(&*database.unit_of_work(), "ada@hall.example");
    let_in(&*database.unit_of_work(), user.id, &HOME, later(0));
    for place in [HOME, CAFE] {
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let storage = database.unit_of_work();
                    for _ in 0..10 {
                        builders::store(&*storage, Scope::Identity, |tx| {
                            let held = tx.locks().hold(&user.email, &place, later(0))?.unwrap();
                            let failures = held.guard.failures + 1;
                            let guard = guard(failures, 0, None);
                            tx.locks().record(&Watch { guard, ..held }, false)
                        });
                    }
                });
            }
        });
        let counted = held(&*database.unit_of_work(), &user, &place);
        assert_eq!(counted.guard.failures, 40, "{:?}", counted.known);
    }
}

#[test]
fn each_owner_is_told_once_of_a_lock_unless_they_may_not_sign_in_anyway() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let ada = builders::user(storage, "ada@hall.example");
    let ben = builders::user(storage, "ben@hall.example");
    let gone = builders::user(storage, "gone@hall.example");
    for user in [&ada, &gone] {
        write(storage, user, &HOME, guard(5, 1, Some(later(9))), true);
    }
    write(storage, &ben, &HOME, guard(4, 0, None), false);
    // Another failure does not take back that the owner is to be told.
    write(storage, &ada, &HOME, guard(5, 1, Some(later(9))), false);
    database.execute("update users set deleted_at = now() where email = 'gone@hall.example'");
    let take = || locks(storage, |locks| locks.take_untold(9));
    assert_eq!(take(), [ada]);
    assert_eq!(take(), []);
}

#[test]
fn a_failure_of_nobody_is_written_nowhere_and_costs_the_same() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let user = builders::user(storage, "ada@hall.example");
    let of = |user: UserId| Watch {
        user,
        known: None,
        guard: guard(1, 0, None),
    };
    let cost = |user| counted(|| locks(storage, |locks| locks.record(&of(user), false))).1;
    assert_eq!(cost(builders::fresh_id()), cost(user.id));
    assert_eq!(held(storage, &user, &HOME).guard.failures, 1);
}
