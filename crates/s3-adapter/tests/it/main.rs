//! The adapter keeps the port's contract: on the embedded store, and on a server by others.

#![expect(
    clippy::unwrap_used,
    reason = "clippy takes only functions marked #[test] for tests, not their helpers"
)]

mod contract;
mod failures;
mod servers;
