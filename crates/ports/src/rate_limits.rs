//! Requests counted over every instance of the program.

use jiff::Timestamp;
use unionhall_domain::rate_limits::Window;

use crate::storage::StorageError;

/// Whom a limit counts: a keyed hash, or an id that tells nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RateKey(pub [u8; 32]);

/// One request that wants to be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Take {
    /// Whom it counts for.
    pub key: RateKey,
    /// How many there may be in a minute.
    pub limit: u32,
}

/// What became of one request that wanted to be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    /// Whether there was room for it.
    pub allowed: bool,
    /// Everything that is counted now.
    pub window: Window,
}

/// Requests that were counted by one instance since it last told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// Whom they count for.
    pub key: RateKey,
    /// How many.
    pub requests: u32,
}

/// What every instance counts together. Each call is kept at once, outside any transaction.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait RateLimits: Send + Sync {
    /// Takes one from each allowance in turn and stops at the first that is used up: there is one answer for each
    /// that was asked. Of those who ask at once, no more get one than there are.
    ///
    /// # Errors
    /// [`StorageError`].
    fn take(&self, takes: &[Take], now: Timestamp) -> Result<Vec<Taken>, StorageError>;

    /// Adds what was counted elsewhere, whatever the limit, and gives all that is counted for the same keys, in the
    /// same order. A key is named once.
    ///
    /// # Errors
    /// [`StorageError`].
    fn add(&self, counts: &[Count], now: Timestamp) -> Result<Vec<Window>, StorageError>;

    /// Forgets everybody of whom nothing is counted any more, and tells how many those were.
    ///
    /// # Errors
    /// [`StorageError`].
    fn forget(&self, now: Timestamp) -> Result<u64, StorageError>;
}
