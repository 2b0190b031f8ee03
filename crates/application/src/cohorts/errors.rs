//! What can go wrong with cohorts.

use unionhall_domain::{
    cohorts::{CohortStatus, IllegalMove},
    invalid::FieldError,
    seats::Seats,
};
use unionhall_ports::{idempotency::StoredAnswer, storage::StorageError};

use crate::error::{CallError, Code, Coded};

/// What can go wrong with cohorts.
#[derive(Debug, thiserror::Error)]
pub enum CohortError {
    /// There is none with this id.
    #[error("there is no such cohort")]
    NotFound,
    /// Fields are wrong.
    #[error("some fields are wrong")]
    Invalid(Vec<FieldError>),
    /// The status does not allow the move.
    #[error(transparent)]
    Illegal(#[from] IllegalMove),
    /// Another one has the code.
    #[error("another cohort has this code")]
    CodeTaken,
    /// All seats are taken.
    #[error("all {0} seats of this cohort are taken")]
    Full(Seats),
    /// It is over, or was cancelled.
    #[error("nobody joins a cohort that is {}", .0.as_str())]
    Over(CohortStatus),
    /// The student is in a cohort.
    #[error("this student is in a cohort; they leave it before they join another one")]
    InCohort,
    /// So many students are in it.
    #[error("{0} students are in this cohort")]
    InUse(u32),
    /// What any call can meet.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl From<StorageError> for CohortError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Constraint { name } if name == "cohorts_code_key" => Self::CodeTaken,
            StorageError::Constraint { name } if name == "cohort_stays_one_key" => Self::InCohort,
            other => Self::Call(other.into()),
        }
    }
}

impl Coded for CohortError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::NotFound,
            Self::Invalid(_) => Code::InvalidFields,
            Self::Illegal(_) | Self::Over(_) => Code::IllegalMove,
            Self::CodeTaken | Self::InCohort => Code::Duplicate,
            Self::Full(_) => Code::NoSeat,
            Self::InUse(_) => Code::InUse,
            Self::Call(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldError] {
        match self {
            Self::Invalid(errors) => errors,
            Self::NotFound
            | Self::Illegal(_)
            | Self::CodeTaken
            | Self::Full(_)
            | Self::Over(_)
            | Self::InCohort
            | Self::InUse(_)
            | Self::Call(_) => &[],
        }
    }

    fn allowed_actions(&self) -> Option<Vec<&'static str>> {
        match self {
            Self::Illegal(error) => Some(error.allowed.clone()),
            Self::NotFound
            | Self::Invalid(_)
            | Self::CodeTaken
            | Self::Full(_)
            | Self::Over(_)
            | Self::InCohort
            | Self::InUse(_)
            | Self::Call(_) => None,
        }
    }

    fn replay(&self) -> Option<&StoredAnswer> {
        match self {
            Self::Call(error) => error.replay(),
            Self::NotFound
            | Self::Invalid(_)
            | Self::Illegal(_)
            | Self::CodeTaken
            | Self::Full(_)
            | Self::Over(_)
            | Self::InCohort
            | Self::InUse(_) => None,
        }
    }
}
