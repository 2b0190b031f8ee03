//! Answers kept for requests that are sent again.

use jiff::Timestamp;
use unionhall_domain::users::UserId;

use crate::storage::StorageError;

/// What makes two requests the same one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdempotencyKey {
    /// The user who sent it.
    pub user: UserId,
    /// The key the client chose: 1 to 255 visible ASCII characters.
    pub key: String,
    /// SHA-256 of method, path, query and body.
    pub fingerprint: [u8; 32],
}

/// An answer as it went out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StoredAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The headers that belong to the answer: name and value.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

/// What is known of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyState {
    /// Never seen, or forgotten: the caller now holds it until the transaction ends.
    Fresh,
    /// Another transaction is working on it.
    InProgress,
    /// It was used for another request.
    Reused,
    /// The request was done; this was the answer.
    Answered(StoredAnswer),
}

/// The kept answers of one tenant.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait IdempotencyStore {
    /// Takes the key without waiting. Answers older than `forgotten_before` count as never seen.
    ///
    /// # Errors
    /// [`StorageError`].
    fn begin(
        &mut self,
        key: &IdempotencyKey,
        forgotten_before: Timestamp,
    ) -> Result<KeyState, StorageError>;

    /// Keeps the answer of a key that was [`KeyState::Fresh`]; kept if, and only if, the transaction is.
    ///
    /// # Errors
    /// [`StorageError`].
    fn keep(
        &mut self,
        key: &IdempotencyKey,
        answer: &StoredAnswer,
        at: Timestamp,
    ) -> Result<(), StorageError>;
}
