//! Devices on which the password alone is enough for a while, in storage.

use jiff::Timestamp;
use unionhall_domain::{
    second_factors::{TrustedDevice, TrustedDeviceId},
    users::UserId,
};

use crate::storage::StorageError;

/// Trusted devices, known by the SHA-256 of the token that each holds. Needs the identity scope.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait TrustedDeviceRepository {
    /// Adds a device, and forgets those of the user that are trusted no more.
    ///
    /// # Errors
    /// [`StorageError`].
    fn insert(&mut self, device: &TrustedDevice, token: &[u8; 32]) -> Result<(), StorageError>;

    /// The user's devices that are trusted at `now`, newest first.
    ///
    /// # Errors
    /// [`StorageError`].
    fn list(&mut self, user: UserId, now: Timestamp) -> Result<Vec<TrustedDevice>, StorageError>;

    /// Whether this is the token of a device of this user that is trusted at `now`; if so, it was used then.
    ///
    /// # Errors
    /// [`StorageError`].
    fn recognise(
        &mut self,
        user: UserId,
        token: &[u8; 32],
        now: Timestamp,
    ) -> Result<bool, StorageError>;

    /// Trusts a device of the user no more; tells whether it was trusted.
    ///
    /// # Errors
    /// [`StorageError`].
    fn remove(&mut self, user: UserId, device: TrustedDeviceId) -> Result<bool, StorageError>;

    /// Trusts no device of the user any more; tells how many were trusted.
    ///
    /// # Errors
    /// [`StorageError`].
    fn remove_all(&mut self, user: UserId) -> Result<u64, StorageError>;
}
