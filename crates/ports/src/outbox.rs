//! Mail that leaves after the commit.

use jiff::Timestamp;
use unionhall_domain::{tenants::TenantId, users::EmailAddress};
use uuid::Uuid;

use crate::storage::StorageError;

/// A mail to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxMail {
    /// Its id; the Message-ID is made of it, so a mail sent again is recognised as the same.
    pub id: Uuid,
    /// Whose mail it is.
    pub tenant: TenantId,
    /// To whom.
    pub to: EmailAddress,
    /// The subject: one line.
    pub subject: String,
    /// The text.
    pub text: String,
    /// When it was written.
    pub at: Timestamp,
}

/// A mail that a worker has taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimedMail {
    /// The mail.
    pub mail: OutboxMail,
    /// How often it was tried before.
    pub earlier_attempts: u32,
}

/// What became of a claimed mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// The mail server took it.
    Sent,
    /// It did not; try again at that instant.
    RetryAt(Timestamp),
    /// It never will.
    GivenUp,
}

/// The outbox inside a transaction.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Outbox {
    /// Adds a mail; it will be sent if, and only if, the transaction is kept.
    ///
    /// # Errors
    /// [`StorageError`].
    fn insert(&mut self, mail: &OutboxMail) -> Result<(), StorageError>;

    /// Takes up to `limit` mails that are due at `now`, oldest first, for whoever calls alone until `lease`;
    /// a mail whose lease ran out is due again. Needs the worker's scope.
    ///
    /// # Errors
    /// [`StorageError`].
    fn claim(
        &mut self,
        now: Timestamp,
        lease: Timestamp,
        limit: u16,
    ) -> Result<Vec<ClaimedMail>, StorageError>;

    /// Writes down what became of a claimed mail. Needs the worker's scope.
    ///
    /// # Errors
    /// [`StorageError`].
    fn settle(&mut self, id: Uuid, delivery: &Delivery, at: Timestamp) -> Result<(), StorageError>;

    /// How many mails wait to be sent. Needs the worker's scope.
    ///
    /// # Errors
    /// [`StorageError`].
    fn waiting(&mut self) -> Result<u64, StorageError>;
}
