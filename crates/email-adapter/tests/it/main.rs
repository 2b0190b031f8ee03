//! The adapter keeps the port's contract: with the embedded mailbox, and with a server by others.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "clippy takes only functions marked #[test] for tests, not their helpers"
)]

mod contract;
mod failures;
mod protected;
mod servers;
mod signed;
