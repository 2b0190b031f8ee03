//! What can go wrong with instructors.

use unionhall_domain::invalid::FieldError;
use unionhall_ports::{idempotency::StoredAnswer, sealing::SealError, storage::StorageError};

use crate::error::{CallError, Code, Coded};

/// What can go wrong with instructors.
#[derive(Debug, thiserror::Error)]
pub enum InstructorError {
    /// There is none with this id.
    #[error("there is no such instructor")]
    NotFound,
    /// Fields are wrong.
    #[error("some fields are wrong")]
    Invalid(Vec<FieldError>),
    /// Cohorts with these codes need it.
    #[error("cohorts that are not over need this instructor: {}", .0.join(", "))]
    InUse(Vec<String>),
    /// Sessions to come on these days need it.
    #[error("sessions to come need this instructor, on {}", .0.join(", "))]
    Scheduled(Vec<String>),
    /// Another one has the e-mail address.
    #[error("another instructor has this e-mail address")]
    EmailTaken,
    /// Another one is the user.
    #[error("another instructor is this user")]
    UserTaken,
    /// There is no tax id to be shown.
    #[error("no tax id of this instructor is kept")]
    NoTaxId,
    /// A tax id can be neither sealed nor opened.
    #[error("a tax id could not be sealed or opened")]
    Seal(#[source] SealError),
    /// What any call can meet.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl From<StorageError> for InstructorError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Constraint { name } if name == "instructors_email_key" => {
                Self::EmailTaken
            }
            StorageError::Constraint { name } if name == "instructors_user_key" => Self::UserTaken,
            other => Self::Call(other.into()),
        }
    }
}

impl Coded for InstructorError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::NotFound,
            Self::Invalid(_) => Code::InvalidFields,
            Self::InUse(_) | Self::Scheduled(_) => Code::InUse,
            Self::EmailTaken | Self::UserTaken => Code::Duplicate,
            Self::NoTaxId => Code::NotFound,
            Self::Seal(_) => Code::Internal,
            Self::Call(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldError] {
        match self {
            Self::Invalid(errors) => errors,
            Self::NotFound
            | Self::InUse(_)
            | Self::Scheduled(_)
            | Self::EmailTaken
            | Self::UserTaken
            | Self::NoTaxId
            | Self::Seal(_)
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
            | Self::EmailTaken
            | Self::UserTaken
            | Self::NoTaxId
            | Self::Seal(_) => None,
        }
    }
}
