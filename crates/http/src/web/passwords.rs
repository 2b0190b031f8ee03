//! The way from the sign-in to the hashing of passwords, which has threads of its own elsewhere.

use std::{future::Future, pin::Pin};

use unionhall_application::passwords::{Password, PasswordHash};

use super::problem::Problem;

/// Too many passwords wait already, or the hashing has stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many passwords are waiting to be hashed")]
pub struct Busy;

/// Whether a password matches, in time.
pub type Checking = Pin<Box<dyn Future<Output = Result<bool, Busy>> + Send>>;

/// A password's new hash, in time.
pub type Hashing = Pin<Box<dyn Future<Output = Result<PasswordHash, Busy>> + Send>>;

/// Checks and hashes passwords off the threads that serve requests, a bounded number at a time.
pub trait PasswordGate: Send + Sync {
    /// Whether the password is the hash's. Without a hash the answer is `false`, after the same time.
    ///
    /// The future fails with [`Busy`] when no more passwords are taken at present.
    fn check(&self, password: Password, hash: Option<PasswordHash>) -> Checking;

    /// A new hash of the password.
    ///
    /// The future fails with [`Busy`] when no more passwords are taken at present.
    fn hash(&self, password: Password) -> Hashing;
}

impl From<Busy> for Problem {
    fn from(_: Busy) -> Self {
        Self::busy()
    }
}
