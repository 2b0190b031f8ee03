//! Waiting for what happens elsewhere: a condition that is asked until a deadline, never a mere pause.

use std::{
    thread,
    time::{Duration, Instant},
};

/// Asks `condition` again and again until it holds.
///
/// # Panics
/// With `what` when it does not hold within `patience`.
pub fn eventually(what: &str, patience: Duration, mut condition: impl FnMut() -> bool) {
    let deadline = Instant::now() + patience;
    while !condition() {
        assert!(Instant::now() < deadline, "not in time: {what}");
        thread::sleep(Duration::from_millis(10));
    }
}
