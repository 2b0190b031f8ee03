//! What can go wrong with grievances.

use unionhall_domain::{
    grievances::{IllegalMove, Move},
    invalid::FieldError,
};
use unionhall_ports::{idempotency::StoredAnswer, storage::StorageError};

use crate::error::{CallError, Code, Coded};

/// What can go wrong with grievances.
#[derive(Debug, thiserror::Error)]
pub enum GrievanceError {
    /// There is none with this id or number, as far as the caller may know.
    #[error("there is no such grievance")]
    NotFound,
    /// Fields are wrong.
    #[error("some fields are wrong")]
    Invalid(Vec<FieldError>),
    /// The status does not allow the move.
    #[error(transparent)]
    Illegal(#[from] IllegalMove),
    /// What any call can meet.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl From<StorageError> for GrievanceError {
    fn from(error: StorageError) -> Self {
        Self::Call(error.into())
    }
}

impl Coded for GrievanceError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::NotFound,
            Self::Invalid(_) => Code::InvalidFields,
            Self::Illegal(_) => Code::IllegalMove,
            Self::Call(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldError] {
        match self {
            Self::Invalid(errors) => errors,
            Self::NotFound | Self::Illegal(_) | Self::Call(_) => &[],
        }
    }

    fn allowed_actions(&self) -> Option<Vec<&'static str>> {
        match self {
            Self::Illegal(error) => Some(
                error
                    .allowed
                    .iter()
                    .map(|kind| Move::as_str(*kind))
                    .collect(),
            ),
            Self::NotFound | Self::Invalid(_) | Self::Call(_) => None,
        }
    }

    fn replay(&self) -> Option<&StoredAnswer> {
        match self {
            Self::Call(error) => error.replay(),
            Self::NotFound | Self::Invalid(_) | Self::Illegal(_) => None,
        }
    }
}
