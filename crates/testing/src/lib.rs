//! What tests of several crates share: a database per test, and records to fill it with.
//!
//! Everything here panics with a sentence when it fails: it is for tests alone.
#![warn(missing_docs)]

#[cfg(feature = "app")]
pub mod app;
pub mod builders;
pub mod database;
pub mod polling;
#[cfg(feature = "app")]
pub mod sql;

#[cfg(feature = "app")]
pub use app::TestApp;
pub use database::TestDatabase;
pub use polling::eventually;
