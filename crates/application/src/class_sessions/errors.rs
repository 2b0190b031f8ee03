//! What can go wrong with class sessions.

use unionhall_domain::{class_sessions::Overlap, invalid::FieldError};
use unionhall_ports::{idempotency::StoredAnswer, storage::StorageError};

use crate::error::{CallError, Code, Coded};

/// What can go wrong with class sessions.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// There is none with this id.
    #[error("there is no such session")]
    NotFound,
    /// There is no series with this id that has a session to come.
    #[error("there is no such series")]
    NoSeries,
    /// Fields are wrong.
    #[error("some fields are wrong")]
    Invalid(Vec<FieldError>),
    /// It is cancelled.
    #[error("the session is cancelled")]
    Cancelled,
    /// It is over.
    #[error("the session is over")]
    Over,
    /// Something else is at the same time.
    #[error("at the same time is {}", told(.0))]
    Overlaps(Vec<Overlap>),
    /// What any call can meet.
    #[error(transparent)]
    Call(#[from] CallError),
}

/// How many overlaps an answer names.
const NAMED: usize = 5;

fn told(overlaps: &[Overlap]) -> String {
    let one = |overlap: &Overlap| {
        let Overlap {
            kind, other, of, ..
        } = overlap;
        let kind = kind.as_str();
        format!("session {other} of the same {kind} ({of})")
    };
    let mut named: Vec<_> = overlaps.iter().take(NAMED).map(one).collect();
    if let Some(more) = overlaps.len().checked_sub(NAMED).filter(|more| *more > 0) {
        named.push(format!("{more} more"));
    }
    named.join(", ")
}

impl From<StorageError> for SessionError {
    fn from(error: StorageError) -> Self {
        Self::Call(error.into())
    }
}

impl Coded for SessionError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound | Self::NoSeries => Code::NotFound,
            Self::Invalid(_) => Code::InvalidFields,
            Self::Cancelled | Self::Over => Code::IllegalMove,
            Self::Overlaps(_) => Code::SessionsOverlap,
            Self::Call(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldError] {
        match self {
            Self::Invalid(errors) => errors,
            Self::NotFound
            | Self::NoSeries
            | Self::Cancelled
            | Self::Over
            | Self::Overlaps(_)
            | Self::Call(_) => &[],
        }
    }

    fn allowed_actions(&self) -> Option<Vec<&'static str>> {
        match self {
            Self::Cancelled => Some(Vec::new()),
            Self::Over => Some(vec!["update"]),
            Self::NotFound
            | Self::NoSeries
            | Self::Invalid(_)
            | Self::Overlaps(_)
            | Self::Call(_) => None,
        }
    }

    fn replay(&self) -> Option<&StoredAnswer> {
        match self {
            Self::Call(error) => error.replay(),
            Self::NotFound
            | Self::NoSeries
            | Self::Invalid(_)
            | Self::Cancelled
            | Self::Over
            | Self::Overlaps(_) => None,
        }
    }
}
