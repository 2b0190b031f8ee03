//! What can go wrong with holiday calendars.

use unionhall_domain::invalid::FieldError;
use unionhall_ports::{idempotency::StoredAnswer, storage::StorageError};

use crate::error::{CallError, Code, Coded};

/// What can go wrong with holiday calendars.
#[derive(Debug, thiserror::Error)]
pub enum HolidayError {
    /// The year's calendar has no such version.
    #[error("there is no such holiday calendar")]
    NotFound,
    /// Fields are wrong.
    #[error("some fields are wrong")]
    Invalid(Vec<FieldError>),
    /// What any call can meet.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl From<StorageError> for HolidayError {
    fn from(error: StorageError) -> Self {
        Self::Call(error.into())
    }
}

impl Coded for HolidayError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::NotFound,
            Self::Invalid(_) => Code::InvalidFields,
            Self::Call(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldError] {
        match self {
            Self::Invalid(errors) => errors,
            Self::NotFound | Self::Call(_) => &[],
        }
    }

    fn replay(&self) -> Option<&StoredAnswer> {
        match self {
            Self::Call(error) => error.replay(),
            Self::NotFound | Self::Invalid(_) => None,
        }
    }
}
