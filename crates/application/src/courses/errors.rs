//! What can go wrong with courses.

use unionhall_domain::invalid::FieldError;
use unionhall_ports::{idempotency::StoredAnswer, storage::StorageError};

use crate::error::{CallError, Code, Coded};

/// What can go wrong with courses.
#[derive(Debug, thiserror::Error)]
pub enum CourseError {
    /// There is none with this id.
    #[error("there is no such course")]
    NotFound,
    /// Fields are wrong.
    #[error("some fields are wrong")]
    Invalid(Vec<FieldError>),
    /// Another course has the code.
    #[error("another course has this code")]
    CodeTaken,
    /// Other courses ask for it, so many.
    #[error("{0} other courses ask for this one first")]
    AskedFor(usize),
    /// Classes are of it, so many.
    #[error("{0} classes are of this course")]
    Taught(u64),
    /// What any call can meet.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl From<StorageError> for CourseError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Constraint { name } if name == "courses_code_key" => Self::CodeTaken,
            other => Self::Call(other.into()),
        }
    }
}

impl Coded for CourseError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::NotFound,
            Self::Invalid(_) => Code::InvalidFields,
            Self::CodeTaken => Code::Duplicate,
            Self::AskedFor(_) | Self::Taught(_) => Code::InUse,
            Self::Call(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldError] {
        match self {
            Self::Invalid(errors) => errors,
            Self::NotFound
            | Self::CodeTaken
            | Self::AskedFor(_)
            | Self::Taught(_)
            | Self::Call(_) => &[],
        }
    }

    fn replay(&self) -> Option<&StoredAnswer> {
        match self {
            Self::Call(error) => error.replay(),
            Self::NotFound
            | Self::Invalid(_)
            | Self::CodeTaken
            | Self::AskedFor(_)
            | Self::Taught(_) => None,
        }
    }
}
