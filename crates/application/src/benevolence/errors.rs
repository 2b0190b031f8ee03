//! What can go wrong with the benevolence fund.

use unionhall_domain::{
    benevolence::{AlreadyReversed, Bar, FundError, Move, Refused, ReviewError, State},
    invalid::{FieldError, Invalid},
};
use unionhall_ports::{idempotency::StoredAnswer, storage::StorageError};

use crate::error::{CallError, Code, Coded};

/// What can go wrong with the benevolence fund.
#[derive(Debug, thiserror::Error)]
pub enum BenevolenceError {
    /// There is none with this id or number, as far as the caller may know.
    #[error("there is no such thing in the benevolence fund")]
    NotFound,
    /// Fields are wrong.
    #[error("some fields are wrong")]
    Invalid(Vec<FieldError>),
    /// The status does not allow the move, or another level is due.
    #[error(transparent)]
    Illegal(Refused),
    /// Only a draft is changed or deleted.
    #[error("only a draft can be changed or deleted; what was handed in is moved")]
    NotDraft(Vec<Move>),
    /// The payment was taken back already.
    #[error(transparent)]
    AlreadyReversed(#[from] AlreadyReversed),
    /// The caller may not review it.
    #[error(transparent)]
    Barred(Bar),
    /// The caller may not review it, and why would tell whose it is.
    #[error("there is a conflict of interest; somebody else has to review it")]
    Conflict,
    /// It would tell whose it is, which is held back from the caller.
    #[error(
        "this would tell whose the application is, which is held back from reviewers; unmask it first"
    )]
    HeldBack,
    /// Nobody does this for themselves.
    #[error("nobody does this with their own application, or about themselves")]
    Own,
    /// There is one already.
    #[error("there is one already")]
    Duplicate,
    /// The fund does not allow it.
    #[error(transparent)]
    Fund(FundError),
    /// What any call can meet.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl BenevolenceError {
    /// One wrong field.
    pub(super) fn field(name: &'static str, code: &'static str, detail: impl Into<String>) -> Self {
        Self::Invalid(vec![Invalid::new(code, detail).at(name)])
    }

    /// That something is not a draft any more, and what can be done with it instead.
    pub(super) fn not_draft(state: &State) -> Self {
        Self::NotDraft(state.allowed())
    }
}

impl From<StorageError> for BenevolenceError {
    fn from(error: StorageError) -> Self {
        Self::Call(error.into())
    }
}

impl From<Refused> for BenevolenceError {
    fn from(refused: Refused) -> Self {
        match &refused {
            Refused::Illegal(_) | Refused::NotDue { .. } => Self::Illegal(refused),
            Refused::NotAsked { .. } => Self::field("amount", "not_asked", refused.to_string()),
            Refused::AboveAward { .. } => {
                Self::field("amount", "above_the_award", refused.to_string())
            }
            Refused::AbovePaid { .. } => Self::field("amount", "above_paid", refused.to_string()),
        }
    }
}

impl From<ReviewError> for BenevolenceError {
    fn from(error: ReviewError) -> Self {
        match error {
            ReviewError::Refused(refused) => refused.into(),
            ReviewError::TooManyQuestions => Self::field("decision", "too_many", error.to_string()),
            // The application still waited for the level when it was read: somebody decided in between.
            ReviewError::Barred(Bar::LevelDecided(_)) => CallError::ChangedMeanwhile.into(),
            ReviewError::Barred(bar) => Self::Barred(bar),
        }
    }
}

impl From<FundError> for BenevolenceError {
    fn from(error: FundError) -> Self {
        match error {
            FundError::Short { .. } | FundError::OverCap(_) => Self::Fund(error),
            FundError::TooLarge => Self::field("amount", "out_of_range", error.to_string()),
            // What is paid is of an award and what is taken back was paid, so the books were wrong before.
            FundError::NotInTheBooks => Self::Call(CallError::Internal(Box::new(error))),
        }
    }
}

impl Coded for BenevolenceError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::NotFound,
            Self::Invalid(_) => Code::InvalidFields,
            Self::Illegal(_) | Self::NotDraft(_) | Self::AlreadyReversed(_) => Code::IllegalMove,
            Self::Barred(_) | Self::Conflict | Self::HeldBack => Code::Barred,
            Self::Own => Code::NotOneself,
            Self::Duplicate => Code::Duplicate,
            Self::Fund(FundError::OverCap(_)) => Code::OverCap,
            Self::Fund(_) => Code::FundShort,
            Self::Call(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldError] {
        match self {
            Self::Invalid(errors) => errors,
            Self::NotFound
            | Self::Illegal(_)
            | Self::NotDraft(_)
            | Self::AlreadyReversed(_)
            | Self::Barred(_)
            | Self::Conflict
            | Self::HeldBack
            | Self::Own
            | Self::Duplicate
            | Self::Fund(_)
            | Self::Call(_) => &[],
        }
    }

    fn allowed_actions(&self) -> Option<Vec<&'static str>> {
        let names = |moves: &[Move]| moves.iter().map(|kind| kind.as_str()).collect();
        match self {
            Self::Illegal(Refused::Illegal(error)) => Some(names(&error.allowed)),
            Self::NotDraft(allowed) => Some(names(allowed)),
            Self::NotFound
            | Self::Invalid(_)
            | Self::Illegal(_)
            | Self::AlreadyReversed(_)
            | Self::Barred(_)
            | Self::Conflict
            | Self::HeldBack
            | Self::Own
            | Self::Duplicate
            | Self::Fund(_)
            | Self::Call(_) => None,
        }
    }

    fn replay(&self) -> Option<&StoredAnswer> {
        match self {
            Self::Call(error) => error.replay(),
            Self::NotFound
            | Self::Invalid(_)
            | Self::Illegal(_)
            | Self::NotDraft(_)
            | Self::AlreadyReversed(_)
            | Self::Barred(_)
            | Self::Conflict
            | Self::HeldBack
            | Self::Own
            | Self::Duplicate
            | Self::Fund(_) => None,
        }
    }
}
