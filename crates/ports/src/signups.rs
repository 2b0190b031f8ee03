//! Halls that people want to make, in storage, until their address is verified.

use jiff::Timestamp;
use unionhall_domain::{signups::Signup, tenants::Slug, users::UserId};

use crate::storage::StorageError;

/// Halls that wait for the address of whoever wants them. Needs the identity scope.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait SignupRepository {
    /// Keeps what a person wants, in place of what they wanted before. For a person there is not, nothing is kept, in
    /// the same time.
    ///
    /// # Errors
    /// [`StorageError`].
    fn put(&mut self, user: UserId, signup: &Signup, now: Timestamp) -> Result<(), StorageError>;

    /// What a person wants; it is forgotten by this. Of two who ask at once, one gets it.
    ///
    /// # Errors
    /// [`StorageError`].
    fn take(&mut self, user: UserId) -> Result<Option<Signup>, StorageError>;

    /// A hall on trial, over or not, that a person owns, if there is one. Of two transactions that ask at once for the
    /// same person, the second waits for the end of the first.
    ///
    /// # Errors
    /// [`StorageError`].
    fn hold_trial_of(&mut self, user: UserId) -> Result<Option<Slug>, StorageError>;
}
