//! When wrong passwords lock an account, and for how long.

use jiff::{SignedDuration, Timestamp};

/// So many wrong passwords in a row are one lock.
pub const FAILURES: u32 = 5;
/// How long the first lock lasts; each one after it lasts twice as long …
const FIRST: SignedDuration = SignedDuration::from_mins(30);
/// … but no longer than this, because a lock keeps its owner out as well.
const LONGEST: SignedDuration = SignedDuration::from_hours(24);
/// After so long without a lock, the next one is a first one again.
const QUIET: SignedDuration = SignedDuration::from_hours(24);

/// What stands between an account and whoever guesses its password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Guard {
    /// Wrong passwords in a row.
    pub failures: u32,
    /// Locks in a row.
    pub locks: u32,
    /// Until when no password is accepted.
    pub locked_until: Option<Timestamp>,
}

impl Guard {
    /// Whether the right password is accepted.
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.locked_until.is_none_or(|until| until <= now)
    }

    /// The guard after a wrong password. One that comes while it is locked changes nothing, or whoever goes on
    /// guessing would keep the owner out for ever; and a lock that has run out is forgotten with what led to it.
    #[must_use]
    pub fn after_failure(self, now: Timestamp) -> Self {
        let Self {
            failures,
            locks,
            locked_until,
        } = match self.locked_until {
            Some(until) if until > now => return self,
            Some(until) => Self {
                failures: 0,
                locks: if later(until, QUIET) <= now {
                    0
                } else {
                    self.locks
                },
                locked_until: None,
            },
            None => self,
        };
        let failures = failures.saturating_add(1);
        if failures < FAILURES {
            return Self {
                failures,
                locks,
                locked_until,
            };
        }
        Self {
            failures,
            locks: locks.saturating_add(1),
            locked_until: Some(later(now, lasting(locks))),
        }
    }
}

/// How long the lock after so many locks lasts.
fn lasting(earlier: u32) -> SignedDuration {
    let doubled = 2_i32
        .checked_pow(earlier)
        .and_then(|times| FIRST.checked_mul(times));
    doubled.map_or(LONGEST, |long| long.min(LONGEST))
}

fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.saturating_add(by).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_mins(minutes)
    }

    /// The guard after so many wrong passwords at one instant.
    fn failing(guard: Guard, times: u32, now: Timestamp) -> Guard {
        (0..times).fold(guard, |guard, _| guard.after_failure(now))
    }

    #[test]
    fn the_fifth_wrong_password_in_a_row_locks_for_half_an_hour() {
        let four = failing(Guard::default(), 4, at(0));
        assert!(four.is_open(at(0)));
        let five = four.after_failure(at(0));
        assert_eq!(five.locked_until, Some(at(30)));
        assert!(!five.is_open(at(29)) && five.is_open(at(30)));
    }

    #[test]
    fn who_guesses_on_at_a_locked_account_does_not_make_the_lock_longer() {
        let locked = failing(Guard::default(), 5, at(0));
        assert_eq!(failing(locked, 1_000, at(29)), locked);
    }

    #[test]
    fn after_a_lock_has_run_out_it_takes_five_again_and_the_next_lasts_twice_as_long_up_to_a_day() {
        let (mut guard, mut now, mut lasted) = (Guard::default(), 0, Vec::new());
        for _ in 0..9 {
            guard = failing(guard, 4, at(now));
            assert!(guard.is_open(at(now)));
            guard = guard.after_failure(at(now));
            let until = guard.locked_until.unwrap();
            let minutes = until.duration_since(at(now)).as_mins();
            lasted.push(minutes);
            now += minutes;
        }
        assert_eq!(lasted, [30, 60, 120, 240, 480, 960, 1440, 1440, 1440]);
    }

    #[test]
    fn a_day_after_a_lock_the_next_is_a_first_one_again() {
        let twice = failing(failing(Guard::default(), 5, at(0)), 5, at(30));
        assert_eq!(twice.locked_until, Some(at(90)));
        let soon = failing(twice, 5, at(90 + 24 * 60 - 1));
        assert_eq!(soon.locks, 3);
        let late = failing(twice, 5, at(90 + 24 * 60));
        assert_eq!(late.locks, 1);
    }

    #[test]
    fn no_number_of_locks_is_too_many() {
        let guard = Guard {
            locks: u32::MAX,
            ..Guard::default()
        };
        let locked = failing(guard, 5, at(0));
        assert_eq!(
            (locked.locks, locked.locked_until),
            (u32::MAX, Some(at(24 * 60)))
        );
    }
}
