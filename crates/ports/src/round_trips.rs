//! Counts the round trips to the database that one use case makes.
//!
//! A use case runs on one thread from beginning to end, so the count is that thread's.

use std::cell::Cell;

thread_local! {
    static COUNT: Cell<u32> = const { Cell::new(0) };
}

/// Adds one; called by an adapter each time it waits for the database.
pub fn add() {
    COUNT.with(|count| count.set(count.get().saturating_add(1)));
}

/// Runs `work` and tells how many round trips it made.
pub fn counted<T>(work: impl FnOnce() -> T) -> (T, u32) {
    COUNT.with(|count| count.set(0));
    let result = work();
    (result, COUNT.with(Cell::get))
}
