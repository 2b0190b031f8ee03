//! What can go wrong with classes.

use unionhall_domain::{classes::IllegalClassMove, invalid::FieldError};
use unionhall_ports::{idempotency::StoredAnswer, storage::StorageError};

use crate::error::{CallError, Code, Coded};

/// What can go wrong with classes.
#[derive(Debug, thiserror::Error)]
pub enum ClassError {
    /// There is none with this id.
    #[error("there is no such class")]
    NotFound,
    /// Fields are wrong.
    #[error("some fields are wrong")]
    Invalid(Vec<FieldError>),
    /// The status does not allow the move.
    #[error(transparent)]
    Illegal(#[from] IllegalClassMove),
    /// It has sessions that are not cancelled, so many.
    #[error("{0} sessions of this class are not cancelled")]
    HasSessions(usize),
    /// Its course was deleted.
    #[error("the course of this class was deleted")]
    CourseGone,
    /// What any call can meet.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl From<StorageError> for ClassError {
    fn from(error: StorageError) -> Self {
        Self::Call(error.into())
    }
}

impl Coded for ClassError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::NotFound,
            Self::Invalid(_) => Code::InvalidFields,
            Self::Illegal(_) => Code::IllegalMove,
            Self::HasSessions(_) | Self::CourseGone => Code::InUse,
            Self::Call(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldError] {
        match self {
            Self::Invalid(errors) => errors,
            Self::NotFound
            | Self::Illegal(_)
            | Self::HasSessions(_)
            | Self::CourseGone
            | Self::Call(_) => &[],
        }
    }

    fn allowed_actions(&self) -> Option<Vec<&'static str>> {
        match self {
            Self::Illegal(error) => Some(error.allowed.clone()),
            Self::NotFound
            | Self::Invalid(_)
            | Self::HasSessions(_)
            | Self::CourseGone
            | Self::Call(_) => None,
        }
    }

    fn replay(&self) -> Option<&StoredAnswer> {
        match self {
            Self::Call(error) => error.replay(),
            Self::NotFound
            | Self::Invalid(_)
            | Self::Illegal(_)
            | Self::HasSessions(_)
            | Self::CourseGone => None,
        }
    }
}
