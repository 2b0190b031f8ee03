//! Changes of address that wait for both addresses to agree, in storage.

use jiff::Timestamp;
use unionhall_domain::{
    email_changes::{EmailChange, Side},
    users::{EmailAddress, UserId},
};

use crate::{identity::SessionId, storage::StorageError};

/// A change of address as it stands after one of the two has agreed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreed {
    /// The change.
    pub change: EmailChange,
    /// The session that asked for it.
    pub session: SessionId,
}

/// Changes of address, one for each person. Needs the identity scope.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait EmailChangeRepository {
    /// The change that somebody waits for, if it has not expired at `now`.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find(&mut self, user: UserId, now: Timestamp) -> Result<Option<EmailChange>, StorageError>;

    /// Keeps a change in place of an older one of the same person.
    ///
    /// # Errors
    /// [`StorageError`].
    fn put(&mut self, change: &EmailChange, session: SessionId) -> Result<(), StorageError>;

    /// Notes that one of the two addresses agrees to a change to `email`, and gives the change as it stands then; nothing
    /// when the person waits for no such change, or it has expired. Of two who agree at once, the second sees both.
    ///
    /// # Errors
    /// [`StorageError`].
    fn confirm(
        &mut self,
        user: UserId,
        email: &EmailAddress,
        side: Side,
        now: Timestamp,
    ) -> Result<Option<Agreed>, StorageError>;

    /// Forgets the change that somebody waits for, and tells whether there was one.
    ///
    /// # Errors
    /// [`StorageError`].
    fn remove(&mut self, user: UserId) -> Result<bool, StorageError>;

    /// Takes an address from an account that never showed that it is its own and has a place nowhere, ends that account,
    /// and gives its id; nothing when there is no such account.
    ///
    /// # Errors
    /// [`StorageError`].
    fn free_address(
        &mut self,
        email: &EmailAddress,
        at: Timestamp,
    ) -> Result<Option<UserId>, StorageError>;

    /// Gives an account another address, which counts as verified, and tells whether it was to be had: one that an
    /// account has, a deleted one too, is not.
    ///
    /// # Errors
    /// [`StorageError::Constraint`] with `users_email_key` when somebody takes the address in the same moment.
    fn move_account(
        &mut self,
        user: UserId,
        email: &EmailAddress,
        at: Timestamp,
    ) -> Result<bool, StorageError>;
}
