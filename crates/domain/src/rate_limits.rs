//! How many requests were sent in the last minute: a window that slides in steps of five seconds.

use jiff::Timestamp;

/// How many seconds a step lasts.
const STEP: i64 = 5;
/// How many steps are kept: those of a minute, and the one that has begun.
pub const STEPS: usize = 13;

/// The requests of the last minute.
///
/// The step that has begun is counted beside twelve whole ones, so no span of sixty seconds, wherever it begins,
/// holds more than are counted here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    step: i64,
    counts: [u32; STEPS],
}

impl Window {
    /// Nothing was sent.
    pub fn empty(at: Timestamp) -> Self {
        Self::of(step_of(at), [0; STEPS])
    }

    /// The requests of each step, the newest first, which has this number since the beginning of Unix time.
    pub const fn of(step: i64, counts: [u32; STEPS]) -> Self {
        Self { step, counts }
    }

    /// The number of the newest step.
    pub const fn step(&self) -> i64 {
        self.step
    }

    /// How many were sent.
    pub fn used(&self) -> u32 {
        self.counts.iter().fold(0, |sum, n| sum.saturating_add(*n))
    }

    /// Lets time pass; it does not run backwards.
    pub fn pass(&mut self, now: Timestamp) {
        let later = step_of(now);
        let passed = usize::try_from(later.saturating_sub(self.step)).unwrap_or(0);
        if passed == 0 {
            return;
        }
        self.step = later;
        let passed = passed.min(STEPS);
        self.counts.rotate_right(passed);
        for count in self.counts.iter_mut().take(passed) {
            *count = 0;
        }
    }

    /// Counts more requests in the newest step.
    pub fn add(&mut self, more: u32) {
        if let Some(newest) = self.counts.first_mut() {
            *newest = newest.saturating_add(more);
        }
    }

    /// In how many seconds fewer than `limit` are counted, or, when that is so already, fewer than now; zero when
    /// nothing is.
    pub fn frees_in(&self, limit: u32, now: Timestamp) -> u32 {
        let used = self.used();
        let goal = limit.min(used);
        let mut left = used;
        // From the oldest on: when each step leaves the window, its requests are forgotten.
        for (age, count) in self.counts.iter().enumerate().rev() {
            left = left.saturating_sub(*count);
            if *count > 0 && left < goal.max(1) {
                let age = i64::try_from(age).unwrap_or(0);
                let steps = i64::try_from(STEPS).unwrap_or(0);
                let leaves =
                    (self.step.saturating_sub(age).saturating_add(steps)).saturating_mul(STEP);
                return u32::try_from(leaves.saturating_sub(now.as_second())).unwrap_or(0);
            }
        }
        0
    }
}

/// The number of the step that an instant is in.
pub fn step_of(at: Timestamp) -> i64 {
    at.as_second().div_euclid(STEP)
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use proptest::prelude::*;

    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_secs(1_000_000 + seconds)
    }

    #[test]
    fn what_was_sent_is_forgotten_after_a_minute_and_not_before() {
        let mut window = Window::empty(at(0));
        window.add(3);
        window.pass(at(30));
        window.add(2);
        assert_eq!(window.used(), 5);
        window.pass(at(60));
        assert_eq!(window.used(), 5);
        window.pass(at(65));
        assert_eq!(window.used(), 2);
        window.pass(at(95));
        assert_eq!(window.used(), 0);
    }

    #[test]
    fn however_much_time_passes_nothing_old_is_counted_and_none_of_it_comes_back() {
        for seconds in [65, 66, 120, 130, 1_000_000] {
            let mut window = Window::empty(at(0));
            window.add(7);
            window.pass(at(seconds));
            assert_eq!(window.used(), 0, "{seconds}");
            window.pass(at(0));
            assert_eq!(window.used(), 0, "{seconds}");
        }
    }

    #[test]
    fn it_is_told_when_there_is_room_again() {
        let mut window = Window::empty(at(0));
        assert_eq!(window.frees_in(10, at(0)), 0);
        window.add(4);
        window.pass(at(10));
        window.add(6);
        assert_eq!(window.frees_in(10, at(10)), 55);
        assert_eq!(window.frees_in(5, at(10)), 65);
        assert_eq!(window.frees_in(20, at(12)), 53);
        window.pass(at(10 + 55));
        assert_eq!(window.used(), 6);
    }

    proptest! {
        #[test]
        fn no_sixty_seconds_hold_more_requests_than_the_limit(
            pauses in prop::collection::vec(0i64..20, 1..200),
            limit in 1u32..8,
        ) {
            let (mut window, mut now, mut sent) = (Window::empty(at(0)), 0, Vec::new());
            for pause in pauses {
                now += pause;
                window.pass(at(now));
                if window.used() < limit {
                    window.add(1);
                    sent.push(now);
                } else {
                    let free = i64::from(window.frees_in(limit, at(now)));
                    let mut later = window;
                    later.pass(at(now + free - 1));
                    prop_assert!(later.used() >= limit);
                    later.pass(at(now + free));
                    prop_assert!(later.used() < limit);
                }
            }
            for begin in &sent {
                let within = sent.iter().filter(|at| (*begin..*begin + 60).contains(at)).count();
                prop_assert!(within <= usize::try_from(limit).unwrap());
            }
        }
    }
}
