//! Requests counted over several instances, and what is forgotten.

use std::{sync::Arc, thread};

use jiff::{SignedDuration, Timestamp};
use unionhall_domain::rate_limits::Window;
use unionhall_ports::{
    rate_limits::{Count, RateKey, RateLimits, Take},
    round_trips::counted,
    storage::StorageError,
};
use unionhall_postgres_adapter::PgRateLimits;
use unionhall_testing::{TestDatabase, builders};

const ADA: RateKey = RateKey([1; 32]);
const BEN: RateKey = RateKey([2; 32]);

fn instance(database: &TestDatabase) -> PgRateLimits {
    PgRateLimits::new(database.runtime_url())
}

fn later(seconds: i64) -> Timestamp {
    builders::now() + SignedDuration::from_secs(seconds)
}

/// Whether each was allowed, and how many are counted.
fn take(limits: &PgRateLimits, wanted: &[(RateKey, u32)], at: Timestamp) -> Vec<(bool, u32)> {
    let takes: Vec<_> = wanted
        .iter()
        .map(|(key, limit)| Take {
            key: *key,
            limit: *limit,
        })
        .collect();
    let taken = limits.take(&takes, at).unwrap();
    taken
        .iter()
        .map(|taken| (taken.allowed, taken.window.used()))
        .collect()
}

fn add(limits: &PgRateLimits, counts: &[(RateKey, u32)], at: Timestamp) -> Vec<u32> {
    let counts: Vec<_> = counts
        .iter()
        .map(|(key, requests)| Count {
            key: *key,
            requests: *requests,
        })
        .collect();
    let windows = limits.add(&counts, at).unwrap();
    windows.iter().map(Window::used).collect()
}

#[test]
fn an_allowance_is_taken_from_until_it_is_used_up_and_again_when_a_minute_has_passed() {
    let database = TestDatabase::new();
    let limits = instance(&database);
    let one = |at| take(&limits, &[(ADA, 2)], at);
    assert_eq!(one(later(0)), [(true, 1)]);
    assert_eq!(one(later(20)), [(true, 2)]);
    assert_eq!(one(later(21)), [(false, 2)]);
    assert_eq!(one(later(65)), [(true, 2)]);
    assert_eq!(one(later(66)), [(false, 2)]);
    assert_eq!(one(later(1_000)), [(true, 1)]);
}

#[test]
fn what_is_taken_together_stops_at_the_first_that_is_used_up() {
    let database = TestDatabase::new();
    let limits = instance(&database);
    let both = || take(&limits, &[(ADA, 3), (BEN, 2)], later(0));
    assert_eq!(both(), [(true, 1), (true, 1)]);
    assert_eq!(both(), [(true, 2), (true, 2)]);
    assert_eq!(both(), [(true, 3), (false, 2)]);
    assert_eq!(both(), [(false, 3)]);
    assert!(take(&limits, &[], later(0)).is_empty());
}

#[test]
fn of_many_who_ask_at_once_on_two_instances_no_more_are_let_in_than_there_is_room_for() {
    let database = TestDatabase::new();
    let instances = [Arc::new(instance(&database)), Arc::new(instance(&database))];
    let let_in: usize = thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|number| {
                let limits = Arc::clone(&instances[number % 2]);
                // Each has an address of its own, and all mean one account.
                let address = RateKey([u8::try_from(number).unwrap() + 100; 32]);
                scope.spawn(move || {
                    let tries =
                        (0..25).map(|_| take(&limits, &[(address, 99), (ADA, 10)], later(0)));
                    tries
                        .filter(|answers| answers.iter().all(|(allowed, _)| *allowed))
                        .count()
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .sum()
    });
    assert_eq!(let_in, 10);
}

#[test]
fn what_instances_add_is_told_to_each_in_the_order_it_asked() {
    let database = TestDatabase::new();
    let (here, there) = (instance(&database), instance(&database));
    assert_eq!(add(&here, &[(BEN, 5), (ADA, 3)], later(0)), [5, 3]);
    assert_eq!(add(&there, &[(ADA, 4), (BEN, 1)], later(6)), [7, 6]);
    assert_eq!(
        add(&here, &[(BEN, 1)], later(65)),
        [2],
        "the first five are over"
    );
    assert!(add(&here, &[], later(65)).is_empty());
}

#[test]
fn what_is_added_counts_when_it_is_taken_and_the_other_way_round() {
    let database = TestDatabase::new();
    let limits = instance(&database);
    add(&limits, &[(ADA, 1)], later(0));
    assert_eq!(take(&limits, &[(ADA, 2)], later(0)), [(true, 2)]);
    assert_eq!(take(&limits, &[(ADA, 2)], later(0)), [(false, 2)]);
    assert_eq!(add(&limits, &[(ADA, 1)], later(0)), [3]);
}

#[test]
fn an_instance_whose_clock_is_behind_counts_with_the_others() {
    let database = TestDatabase::new();
    let limits = instance(&database);
    add(&limits, &[(ADA, 1)], later(30));
    assert_eq!(add(&limits, &[(ADA, 1)], later(0)), [2]);
    assert_eq!(take(&limits, &[(ADA, 9)], later(10)), [(true, 3)]);
}

#[test]
fn who_counts_for_nothing_any_more_is_forgotten_and_nobody_else() {
    let database = TestDatabase::new();
    let limits = instance(&database);
    add(&limits, &[(ADA, 1)], later(0));
    add(&limits, &[(BEN, 1)], later(30));
    assert_eq!(limits.forget(later(60)).unwrap(), 0);
    assert_eq!(limits.forget(later(65)).unwrap(), 1);
    assert_eq!(add(&limits, &[(ADA, 1), (BEN, 1)], later(65)), [1, 2]);
}

#[test]
fn each_call_is_one_round_trip() {
    let database = TestDatabase::new();
    let limits = instance(&database);
    add(&limits, &[(ADA, 1)], later(0));
    take(&limits, &[(ADA, 9)], later(0));
    let (_, taking) = counted(|| take(&limits, &[(ADA, 9), (BEN, 9)], later(0)));
    let (_, adding) = counted(|| add(&limits, &[(ADA, 1), (BEN, 1)], later(0)));
    assert_eq!((taking, adding), (1, 1));
}

#[test]
fn a_connection_that_has_died_is_made_anew_and_a_database_that_is_gone_is_told() {
    let database = TestDatabase::new();
    let limits = instance(&database);
    add(&limits, &[(ADA, 1)], later(0));
    database.execute(
        "select pg_terminate_backend(pid) from pg_stat_activity \
         where datname = current_database() and usename = 'unionhall'",
    );
    assert_eq!(add(&limits, &[(ADA, 1)], later(0)), [2]);
    drop(database);
    let nowhere = PgRateLimits::new("postgresql://unionhall@127.0.0.1:1/none".to_owned());
    let gone = nowhere.forget(later(0));
    assert!(
        matches!(gone, Err(StorageError::Unavailable(_))),
        "{gone:?}"
    );
}
