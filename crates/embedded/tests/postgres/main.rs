//! The embedded PostgreSQL with real server programs, in folders of their own.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cluster;
mod crash;
mod programs;
mod support;
