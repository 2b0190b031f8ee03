//! What tests of several crates share: a database per test, and records to fill it with.
//!
//! Everything here panics with a sentence when it fails: it is for tests alone.
#![warn(missing_docs)]

pub mod builders;
pub mod database;

pub use database::TestDatabase;
