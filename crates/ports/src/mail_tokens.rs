//! Tokens that people are sent by mail, in storage: known by their hash, good for one use.

use std::fmt;

use jiff::Timestamp;
use unionhall_domain::{
    mail_tokens::MailPurpose,
    users::{User, UserId},
};

use crate::storage::StorageError;

/// A token that is on its way to somebody.
#[derive(Clone, PartialEq, Eq)]
pub struct MailToken {
    /// SHA-256 of the token.
    pub hash: [u8; 32],
    /// Whom it was sent to.
    pub user: UserId,
    /// What it is good for.
    pub purpose: MailPurpose,
    /// What it carries, such as the address that is to be confirmed: 1 to 1,000 characters.
    pub payload: Option<String>,
    /// When it was made.
    pub issued_at: Timestamp,
    /// From when it is worth nothing.
    pub expires_at: Timestamp,
}

impl fmt::Debug for MailToken {
    /// Shows neither hash nor payload: the one is a secret's, the other may be an address.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("MailToken")
            .field("user", &self.user)
            .field("purpose", &self.purpose)
            .finish_non_exhaustive()
    }
}

/// What a token that counts stands for.
#[derive(Clone, PartialEq, Eq)]
pub struct Spent {
    /// Whose it is.
    pub user: User,
    /// What it carries.
    pub payload: Option<String>,
}

impl fmt::Debug for Spent {
    /// Shows the user's id alone: the rest is personal.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Spent")
            .field("user", &self.user.id)
            .finish_non_exhaustive()
    }
}

/// Tokens sent by mail. Needs the identity scope.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait MailTokenRepository {
    /// Keeps a token in place of an older one of the same user and purpose, which counts no more; of two
    /// kept at once, one counts. For a user there is not, nothing is kept, in the same time.
    ///
    /// # Errors
    /// [`StorageError`].
    fn issue(&mut self, token: &MailToken) -> Result<(), StorageError>;

    /// What a token stands for that could be spent now; it is not spent by this.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find(
        &mut self,
        hash: &[u8; 32],
        purpose: MailPurpose,
        now: Timestamp,
    ) -> Result<Option<Spent>, StorageError>;

    /// Spends a token: nothing for one that is unknown, of another purpose, spent, replaced or expired, or
    /// whose user is switched off or deleted. Of two who present it at once, one spends it.
    ///
    /// # Errors
    /// [`StorageError`].
    fn spend(
        &mut self,
        hash: &[u8; 32],
        purpose: MailPurpose,
        now: Timestamp,
    ) -> Result<Option<Spent>, StorageError>;

    /// Ends every token that a user was sent, whatever it is good for.
    ///
    /// # Errors
    /// [`StorageError`].
    fn end_all(&mut self, user: UserId, at: Timestamp) -> Result<(), StorageError>;
}
