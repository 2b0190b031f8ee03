//! The limiter over a store of its own: what counts where, and what two instances know of each other.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use unionhall_application::rate_limits::Taken;
use uuid::Uuid;

use super::*;

/// A store in memory that can be down.
#[derive(Default)]
struct Store {
    windows: Mutex<BTreeMap<RateKey, Window>>,
    down: Mutex<bool>,
    calls: Mutex<u32>,
}

impl Store {
    fn on<T>(&self, now: Timestamp, key: RateKey, work: impl FnOnce(&mut Window) -> T) -> T {
        let mut windows = lock(&self.windows);
        let window = windows.entry(key).or_insert_with(|| Window::empty(now));
        window.pass(now);
        work(window)
    }

    fn called(&self) -> Result<(), StorageError> {
        *lock(&self.calls) += 1;
        match *lock(&self.down) {
            true => Err(StorageError::Unavailable("down".into())),
            false => Ok(()),
        }
    }
}

impl RateLimits for Store {
    fn take(&self, takes: &[Take], now: Timestamp) -> Result<Vec<Taken>, StorageError> {
        self.called()?;
        let mut answers = Vec::new();
        for take in takes {
            let taken = self.on(now, take.key, |window| {
                let allowed = window.used() < take.limit;
                window.add(u32::from(allowed));
                let window = *window;
                Taken { allowed, window }
            });
            answers.push(taken);
            if !taken.allowed {
                break;
            }
        }
        Ok(answers)
    }

    fn add(&self, counts: &[Count], now: Timestamp) -> Result<Vec<Window>, StorageError> {
        self.called()?;
        let added = |count: &Count| {
            self.on(now, count.key, |window| {
                window.add(count.requests);
                *window
            })
        };
        Ok(counts.iter().map(added).collect())
    }

    fn forget(&self, _: Timestamp) -> Result<u64, StorageError> {
        Ok(0)
    }
}

/// A clock that a test moves.
struct Watch(Mutex<Timestamp>);

impl Clock for Watch {
    fn now(&self) -> Timestamp {
        *lock(&self.0)
    }

    fn new_id(&self) -> Uuid {
        Uuid::nil()
    }

    fn secret(&self) -> [u8; 32] {
        [0; 32]
    }
}

struct Instances {
    store: Arc<Store>,
    watch: Arc<Watch>,
}

impl Instances {
    fn new() -> Self {
        let now = "2026-11-21T20:00:00Z".parse().unwrap();
        Self {
            store: Arc::default(),
            watch: Arc::new(Watch(Mutex::new(now))),
        }
    }

    fn one(&self) -> RateLimiter {
        let allowances = Allowances {
            sign_in: 10,
            registration: 5,
            recovery: 3,
            anonymous: 6,
            member: 60,
            staff: 300,
            admin: 1_000,
        };
        let store = Arc::clone(&self.store);
        let watch = Arc::clone(&self.watch);
        RateLimiter::new(allowances, b"secret", store, watch)
    }

    fn wait(&self, seconds: i64) {
        *lock(&self.watch.0) += SignedDuration::from_secs(seconds);
    }
}

fn passed(limiter: &RateLimiter, address: &str, tries: u32) -> u32 {
    let address = address.parse().unwrap();
    let standings = (0..tries).map(|_| limiter.count_stranger(address));
    let refused = standings.filter(|standing| standing.refusal().is_some());
    tries - u32::try_from(refused.count()).unwrap()
}

#[test]
fn an_address_has_its_allowance_each_minute_and_its_neighbours_have_theirs() {
    let instances = Instances::new();
    let limiter = instances.one();
    assert_eq!(passed(&limiter, "192.0.2.1", 9), 6);
    assert_eq!(passed(&limiter, "192.0.2.2", 9), 6);
    instances.wait(59);
    assert_eq!(passed(&limiter, "192.0.2.1", 9), 0);
    instances.wait(6);
    assert_eq!(passed(&limiter, "192.0.2.1", 9), 6);
}

#[test]
fn addresses_of_version_6_share_the_allowance_of_their_block() {
    let limiter = Instances::new().one();
    assert_eq!(passed(&limiter, "2001:db8::1", 4), 4);
    assert_eq!(passed(&limiter, "2001:db8::ffff", 4), 2);
    assert_eq!(passed(&limiter, "2001:db8:0:1::1", 4), 4);
}

#[test]
fn instances_know_of_each_other_once_they_have_told() {
    let instances = Instances::new();
    let (here, there) = (instances.one(), instances.one());
    assert_eq!(passed(&here, "192.0.2.1", 4), 4);
    assert_eq!(passed(&there, "192.0.2.1", 1), 1);
    here.exchange().unwrap();
    there.exchange().unwrap();
    assert_eq!(passed(&there, "192.0.2.1", 4), 1);
    there.exchange().unwrap();
    assert_eq!(
        passed(&here, "192.0.2.1", 9),
        2,
        "it has heard of nothing since"
    );
    here.exchange().unwrap();
    assert_eq!(passed(&here, "192.0.2.1", 9), 0);
}

#[test]
fn who_sent_nothing_since_is_not_told_again() {
    let instances = Instances::new();
    let limiter = instances.one();
    passed(&limiter, "192.0.2.1", 4);
    for _ in 0..3 {
        limiter.exchange().unwrap();
    }
    assert_eq!(*lock(&instances.store.calls), 1);
}

#[test]
fn while_storage_is_down_the_limits_hold_and_what_was_counted_is_told_later() {
    let instances = Instances::new();
    let limiter = instances.one();
    *lock(&instances.store.down) = true;
    assert_eq!(passed(&limiter, "192.0.2.1", 4), 4);
    assert!(limiter.exchange().is_err());
    assert_eq!(passed(&limiter, "192.0.2.1", 4), 2);
    assert!(limiter.exchange().is_err());
    *lock(&instances.store.down) = false;
    limiter.exchange().unwrap();
    let windows = lock(&instances.store.windows);
    let total: Vec<_> = windows.values().map(Window::used).collect();
    assert_eq!(total, [6]);
}

#[test]
fn a_flood_of_addresses_does_not_grow_what_is_kept_in_mind() {
    let limiter = Instances::new().one();
    for number in 0..120_000_u32 {
        limiter.count_stranger(IpAddr::from(number.to_be_bytes()));
    }
    limiter.known.run_pending_tasks();
    assert!(limiter.known.entry_count() <= KNOWN);
    assert!(lock(&limiter.untold).len() <= UNTOLD);
}

#[test]
fn the_most_powerful_role_says_how_many_requests_somebody_has() {
    assert_eq!(class(&[]), Class::Member);
    assert_eq!(class(&[Role::Contact, Role::Member]), Class::Member);
    assert_eq!(class(&[Role::Member, Role::Organizer]), Class::Staff);
    assert_eq!(class(&[Role::Staff, Role::Admin]), Class::Admin);
}

#[test]
fn what_is_kept_of_an_account_is_a_hash_that_needs_the_secret() {
    let instances = Instances::new();
    let (one, same) = (instances.one(), instances.one());
    let store = Arc::clone(&instances.store);
    let watch = Arc::clone(&instances.watch);
    let other = RateLimiter::new(one.allowances, b"another", store, watch);
    let words = ["/auth/login", "account", "ada@hall.example"];
    assert_eq!(one.key(&words), same.key(&words));
    assert_ne!(one.key(&words), other.key(&words));
    assert_ne!(
        one.key(&words),
        one.key(&["/auth/login", "accountada", "@hall.example"])
    );
}
