//! What can go wrong with calendar feeds.

use unionhall_ports::{idempotency::StoredAnswer, storage::StorageError};

use crate::error::{CallError, Code, Coded};

/// What can go wrong with calendar feeds.
#[derive(Debug, thiserror::Error)]
pub enum DeadlineFeedError {
    /// There is none, as far as the caller may know.
    #[error("there is no such calendar feed")]
    NotFound,
    /// The caller has one.
    #[error("you have a calendar feed; replace its address if you have lost it")]
    Exists,
    /// What any call can meet.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl From<StorageError> for DeadlineFeedError {
    fn from(error: StorageError) -> Self {
        Self::Call(error.into())
    }
}

impl Coded for DeadlineFeedError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::NotFound,
            Self::Exists => Code::Duplicate,
            Self::Call(error) => error.code(),
        }
    }

    fn replay(&self) -> Option<&StoredAnswer> {
        match self {
            Self::Call(error) => error.replay(),
            Self::NotFound | Self::Exists => None,
        }
    }
}
