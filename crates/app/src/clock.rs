//! The machine's clock and its randomness.

use std::sync::Mutex;

use jiff::Timestamp;
use unionhall_ports::clock::Clock;
use uuid::{ContextV7, Uuid};

/// The real time, ids that sort by it, and secrets from the system's generator.
pub struct SystemClock {
    // Ids of one millisecond sort in the order in which they were made only if they share a counter.
    counter: Mutex<ContextV7>,
}

impl Default for SystemClock {
    fn default() -> Self {
        Self {
            counter: Mutex::new(ContextV7::new()),
        }
    }
}

impl Clock for SystemClock {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is the Clock port's one real clock"
    )]
    fn now(&self) -> Timestamp {
        // PostgreSQL keeps microseconds: what is told and what is read back must be the same.
        let now = Timestamp::now();
        Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }

    fn new_id(&self) -> Uuid {
        let now = self.now();
        let seconds = u64::try_from(now.as_second()).unwrap_or(0);
        let nanoseconds = u32::try_from(now.subsec_nanosecond()).unwrap_or(0);
        let counter = self
            .counter
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        Uuid::new_v7(uuid::Timestamp::from_unix(&*counter, seconds, nanoseconds))
    }

    #[expect(
        clippy::expect_used,
        reason = "a system without randomness can sign nobody in; going on would be worse"
    )]
    fn secret(&self) -> [u8; 32] {
        let mut secret = [0; 32];
        getrandom::fill(&mut secret).expect("the system's random generator works");
        secret
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_ids_sort_after_earlier_ones_within_a_millisecond_too() {
        let clock = SystemClock::default();
        let ids: Vec<_> = (0..10_000).map(|_| clock.new_id()).collect();
        assert!(ids.is_sorted());
        assert!(ids.iter().all(|id| id.get_version_num() == 7));
    }

    #[test]
    fn two_secrets_differ() {
        let clock = SystemClock::default();
        assert_ne!(clock.secret(), clock.secret());
    }
}
