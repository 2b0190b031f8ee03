//! What can go wrong with deadlines.

use unionhall_domain::{
    deadlines::{DeadlineMove, DeadlineRefusal, NotConfirmed, Uncountable},
    invalid::{FieldError, Invalid},
};
use unionhall_ports::{idempotency::StoredAnswer, storage::StorageError};

use crate::error::{CallError, Code, Coded};

/// What can go wrong with deadlines.
#[derive(Debug, thiserror::Error)]
pub enum DeadlineError {
    /// The grievance has none with this id.
    #[error("there is no such deadline")]
    NotFound,
    /// There is no such grievance, as far as the caller may know.
    #[error("there is no such grievance")]
    NoGrievance,
    /// The grievance has no such event, or it was taken back.
    #[error("there is no such event, or it was taken back")]
    NoEvent,
    /// The event follows from filing or moving the grievance, and is put right there.
    #[error("the event follows from filing or moving the grievance; nobody recorded it by itself")]
    OfAMove,
    /// The agreement has no such version of its rules.
    #[error("there is no such agreement")]
    NoRules,
    /// Fields are wrong.
    #[error("some fields are wrong")]
    Invalid(Vec<FieldError>),
    /// Its status, or the day, does not allow the move.
    #[error("{words}")]
    Illegal {
        /// Why.
        words: String,
        /// The moves that are allowed instead.
        allowed: Vec<DeadlineMove>,
    },
    /// What was confirmed is not what would change now.
    #[error("what would change is not what was shown; look at it again")]
    Overtaken,
    /// What any call can meet.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl DeadlineError {
    /// A refusal; `allowed` are the moves that its status allows.
    pub(super) fn refused(refusal: DeadlineRefusal, mut allowed: Vec<DeadlineMove>) -> Self {
        let words = refusal.to_string();
        match refusal {
            DeadlineRefusal::Illegal { allowed, .. } => Self::Illegal { words, allowed },
            DeadlineRefusal::NotOver { .. } => {
                allowed.retain(|kind| *kind != DeadlineMove::Miss);
                Self::Illegal { words, allowed }
            }
            DeadlineRefusal::Late { .. } => {
                Self::Invalid(vec![Invalid::new("late", words).at("met_on")])
            }
            DeadlineRefusal::Fields(errors) => Self::Invalid(errors),
            DeadlineRefusal::OtherAct { .. } => Self::Call(CallError::Internal(words.into())),
            DeadlineRefusal::Uncountable(error) => Self::from(error),
        }
    }

    /// It cannot run again; `allowed` are the moves that its status allows.
    pub(super) fn runs_already(mut allowed: Vec<DeadlineMove>) -> Self {
        allowed.retain(|kind| !matches!(kind, DeadlineMove::Extend | DeadlineMove::Reopen));
        let words = "another deadline of the grievance runs for the same thing".to_owned();
        Self::Illegal { words, allowed }
    }
}

impl From<Uncountable> for DeadlineError {
    /// What a use case counts has its calendars: the rest are mistakes of the program.
    fn from(error: Uncountable) -> Self {
        Self::Call(CallError::Internal(Box::new(error)))
    }
}

impl From<NotConfirmed> for DeadlineError {
    fn from(error: NotConfirmed) -> Self {
        match error {
            NotConfirmed::OtherDeadline | NotConfirmed::Stale | NotConfirmed::NothingToTake => {
                Self::Overtaken
            }
        }
    }
}

impl From<StorageError> for DeadlineError {
    fn from(error: StorageError) -> Self {
        Self::Call(error.into())
    }
}

impl Coded for DeadlineError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound | Self::NoGrievance | Self::NoEvent | Self::NoRules => Code::NotFound,
            Self::OfAMove => Code::IllegalMove,
            Self::Invalid(_) => Code::InvalidFields,
            Self::Illegal { .. } => Code::IllegalMove,
            Self::Overtaken => Code::ChangedMeanwhile,
            Self::Call(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldError] {
        match self {
            Self::Invalid(errors) => errors,
            Self::NotFound
            | Self::NoGrievance
            | Self::NoEvent
            | Self::OfAMove
            | Self::NoRules
            | Self::Illegal { .. }
            | Self::Overtaken
            | Self::Call(_) => &[],
        }
    }

    fn allowed_actions(&self) -> Option<Vec<&'static str>> {
        match self {
            Self::OfAMove => Some(Vec::new()),
            Self::Illegal { allowed, .. } => {
                let names = allowed.iter().map(|kind| DeadlineMove::as_str(*kind));
                Some(names.collect())
            }
            Self::NotFound
            | Self::NoGrievance
            | Self::NoEvent
            | Self::NoRules
            | Self::Invalid(_)
            | Self::Overtaken
            | Self::Call(_) => None,
        }
    }

    fn replay(&self) -> Option<&StoredAnswer> {
        match self {
            Self::Call(error) => error.replay(),
            Self::NotFound
            | Self::NoGrievance
            | Self::NoEvent
            | Self::OfAMove
            | Self::NoRules
            | Self::Invalid(_)
            | Self::Illegal { .. }
            | Self::Overtaken => None,
        }
    }
}
