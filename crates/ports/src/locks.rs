//! Wrong passwords and the locks they lead to, in storage.

use std::fmt;

use jiff::Timestamp;
use unionhall_domain::{
    locks::Guard,
    users::{EmailAddress, User, UserId},
};

use crate::storage::StorageError;

/// Where somebody signs in from: a hash of network and device.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Place(pub [u8; 32]);

impl fmt::Debug for Place {
    /// Without the hash, which an address could be guessed from.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Place")
    }
}

/// The guard of an account against whoever comes from a certain place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Watch {
    /// Whose account it is.
    pub user: UserId,
    /// The place, if the account was signed in to from there lately: then the guard is that place's own.
    pub known: Option<Place>,
    /// The guard.
    pub guard: Guard,
}

/// Failures and locks. Needs the identity scope.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait LockRepository {
    /// Holds the account with this address until the transaction ends, and tells its guard against whoever comes
    /// from this place. The place is known when somebody was let in from it at `since` or later. Of those who hold an
    /// account at once, one sees what the other has written.
    ///
    /// # Errors
    /// [`StorageError`].
    fn hold(
        &mut self,
        email: &EmailAddress,
        place: &Place,
        since: Timestamp,
    ) -> Result<Option<Watch>, StorageError>;

    /// Whether somebody was let in to the account with this address from this place at `since` or later.
    ///
    /// # Errors
    /// [`StorageError`].
    fn knows(
        &mut self,
        email: &EmailAddress,
        place: &Place,
        since: Timestamp,
    ) -> Result<bool, StorageError>;

    /// Writes down how a guard stands now, and whether its account's owner is to be told of a lock. For a user there
    /// is not, nothing is written, in the same time.
    ///
    /// # Errors
    /// [`StorageError`].
    fn record(&mut self, watch: &Watch, untold: bool) -> Result<(), StorageError>;

    /// Somebody was let in from this place: it is known from now on. The guard that they passed begins anew: the
    /// place's own if it was known since `since`, else the one against strangers.
    ///
    /// # Errors
    /// [`StorageError`].
    fn let_in(
        &mut self,
        user: UserId,
        place: &Place,
        now: Timestamp,
        since: Timestamp,
    ) -> Result<(), StorageError>;

    /// Lifts every lock of a user and forgets the failures that led to it, and knows this place from now on. How
    /// often the account was locked is not forgotten.
    ///
    /// # Errors
    /// [`StorageError`].
    fn lift(&mut self, user: UserId, place: &Place, now: Timestamp) -> Result<(), StorageError>;

    /// Takes up to `limit` users who are to be told of a lock and may sign in otherwise; they count as told.
    ///
    /// # Errors
    /// [`StorageError`].
    fn take_untold(&mut self, limit: u16) -> Result<Vec<User>, StorageError>;

    /// Forgets places from which nobody was let in since `before`, and tells how many.
    ///
    /// # Errors
    /// [`StorageError`].
    fn forget_places(&mut self, before: Timestamp) -> Result<u64, StorageError>;
}
