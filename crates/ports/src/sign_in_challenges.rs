//! Sign-ins that are half done: the password was right, the second factor is still asked for; in storage.

use jiff::Timestamp;
use unionhall_domain::users::{EmailAddress, UserId};

use crate::storage::StorageError;

/// A sign-in that waits for its second half, known by the SHA-256 of its token alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInChallenge {
    /// SHA-256 of the token.
    pub hash: [u8; 32],
    /// Who signs in.
    pub user: UserId,
    /// The address of the account.
    pub email: EmailAddress,
    /// From when it is worth nothing.
    pub expires_at: Timestamp,
    /// Wrong codes so far.
    pub attempts: u32,
}

/// Sign-ins that are half done. Needs the identity scope.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait SignInChallengeRepository {
    /// Adds one, and forgets those of the user that have expired at `now`.
    ///
    /// # Errors
    /// [`StorageError`].
    fn insert(
        &mut self,
        user: UserId,
        hash: &[u8; 32],
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), StorageError>;

    /// The one with this hash. Of two who try at once, whoever holds the account sees what the other has left.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find(&mut self, hash: &[u8; 32]) -> Result<Option<SignInChallenge>, StorageError>;

    /// Writes down so many wrong codes.
    ///
    /// # Errors
    /// [`StorageError`].
    fn record_attempts(&mut self, hash: &[u8; 32], attempts: u32) -> Result<(), StorageError>;

    /// Ends one, because it has served or has been tried too often; ending an ended one is fine.
    ///
    /// # Errors
    /// [`StorageError`].
    fn end(&mut self, hash: &[u8; 32]) -> Result<(), StorageError>;
}
