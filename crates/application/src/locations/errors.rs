//! What can go wrong with locations.

use unionhall_domain::invalid::FieldError;
use unionhall_ports::{idempotency::StoredAnswer, storage::StorageError};

use crate::error::{CallError, Code, Coded};

/// What can go wrong with locations.
#[derive(Debug, thiserror::Error)]
pub enum LocationError {
    /// There is none with this id.
    #[error("there is no such location")]
    NotFound,
    /// Fields are wrong.
    #[error("some fields are wrong")]
    Invalid(Vec<FieldError>),
    /// Cohorts with these codes need it.
    #[error("cohorts that are not over need this location: {}", .0.join(", "))]
    InUse(Vec<String>),
    /// Sessions to come on these days need it.
    #[error("sessions to come need this location, on {}", .0.join(", "))]
    Scheduled(Vec<String>),
    /// Another one has the code.
    #[error("another location has this code")]
    CodeTaken,
    /// What any call can meet.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl From<StorageError> for LocationError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Constraint { name } if name == "locations_code_key" => Self::CodeTaken,
            other => Self::Call(other.into()),
        }
    }
}

impl Coded for LocationError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::NotFound,
            Self::Invalid(_) => Code::InvalidFields,
            Self::InUse(_) | Self::Scheduled(_) => Code::InUse,
            Self::CodeTaken => Code::Duplicate,
            Self::Call(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldError] {
        match self {
            Self::Invalid(errors) => errors,
            Self::NotFound
            | Self::InUse(_)
            | Self::Scheduled(_)
            | Self::CodeTaken
            | Self::Call(_) => &[],
        }
    }

    fn replay(&self) -> Option<&StoredAnswer> {
        match self {
            Self::Call(error) => error.replay(),
            Self::NotFound
            | Self::Invalid(_)
            | Self::InUse(_)
            | Self::Scheduled(_)
            | Self::CodeTaken => None,
        }
    }
}
