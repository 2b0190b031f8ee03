//! What can go wrong with employments.

use jiff::civil::Date;
use unionhall_domain::invalid::FieldError;
use unionhall_ports::{idempotency::StoredAnswer, storage::StorageError};

use crate::error::{CallError, Code, Coded};

/// What can go wrong with employments.
#[derive(Debug, thiserror::Error)]
pub enum EmploymentError {
    /// There is none with this id, as far as the caller may know.
    #[error("there is no such employment")]
    NotFound,
    /// Fields are wrong.
    #[error("some fields are wrong")]
    Invalid(Vec<FieldError>),
    /// The member would have more jobs on a day than the tenant allows.
    #[error("a member has at most {at_once} at once here, and this one works at {}", in_the_way.join("; "))]
    Overlap {
        /// How many the tenant allows.
        at_once: u8,
        /// The jobs that are in the way.
        in_the_way: Vec<String>,
    },
    /// The job has ended already.
    #[error("the job has ended already, on {0}; change its last day if that is wrong")]
    Ended(Date),
    /// What any call can meet.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl From<StorageError> for EmploymentError {
    fn from(error: StorageError) -> Self {
        match error {
            // The jobs were looked at under a lock, so the tenant's rules have changed since.
            StorageError::Constraint { name } if name == "employments_at_once" => {
                Self::Call(CallError::ChangedMeanwhile)
            }
            other => Self::Call(other.into()),
        }
    }
}

impl Coded for EmploymentError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::NotFound,
            Self::Invalid(_) => Code::InvalidFields,
            Self::Overlap { .. } => Code::JobsOverlap,
            Self::Ended(_) => Code::IllegalMove,
            Self::Call(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldError] {
        match self {
            Self::Invalid(errors) => errors,
            Self::NotFound | Self::Overlap { .. } | Self::Ended(_) | Self::Call(_) => &[],
        }
    }

    fn allowed_actions(&self) -> Option<Vec<&'static str>> {
        match self {
            Self::Ended(_) => Some(vec!["update", "delete"]),
            Self::NotFound | Self::Invalid(_) | Self::Overlap { .. } | Self::Call(_) => None,
        }
    }

    fn replay(&self) -> Option<&StoredAnswer> {
        match self {
            Self::Call(error) => error.replay(),
            Self::NotFound | Self::Invalid(_) | Self::Overlap { .. } | Self::Ended(_) => None,
        }
    }
}
