//! What can go wrong with students.

use unionhall_domain::{invalid::FieldError, students::IllegalMove};
use unionhall_ports::{idempotency::StoredAnswer, storage::StorageError};

use crate::error::{CallError, Code, Coded};

/// What can go wrong with students.
#[derive(Debug, thiserror::Error)]
pub enum StudentError {
    /// There is none with this id.
    #[error("there is no such student")]
    NotFound,
    /// Fields are wrong.
    #[error("some fields are wrong")]
    Invalid(Vec<FieldError>),
    /// The status does not allow the move.
    #[error(transparent)]
    Illegal(#[from] IllegalMove),
    /// The person is a student already.
    #[error("this person has a student record, perhaps a deleted one")]
    AlreadyStudent,
    /// The student is in a cohort.
    #[error("this student is in a cohort, and leaves it first")]
    InCohort,
    /// The member is deleted.
    #[error("the member whom this student is was deleted; restore the member first")]
    MemberGone,
    /// The union is deleted, or is none any more.
    #[error("the union that sends this student is gone; restore it first")]
    UnionGone,
    /// Another one has the former number.
    #[error("another student has this former number")]
    NumberTaken,
    /// What any call can meet.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl From<StorageError> for StudentError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Constraint { name } if name == "students_member_key" => {
                Self::AlreadyStudent
            }
            StorageError::Constraint { name } if name == "students_former_number_key" => {
                Self::NumberTaken
            }
            other => Self::Call(other.into()),
        }
    }
}

impl Coded for StudentError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::NotFound,
            Self::Invalid(_) => Code::InvalidFields,
            Self::Illegal(_) => Code::IllegalMove,
            Self::AlreadyStudent | Self::NumberTaken => Code::Duplicate,
            Self::InCohort | Self::MemberGone | Self::UnionGone => Code::InUse,
            Self::Call(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldError] {
        match self {
            Self::Invalid(errors) => errors,
            Self::NotFound
            | Self::Illegal(_)
            | Self::AlreadyStudent
            | Self::InCohort
            | Self::MemberGone
            | Self::UnionGone
            | Self::NumberTaken
            | Self::Call(_) => &[],
        }
    }

    fn allowed_actions(&self) -> Option<Vec<&'static str>> {
        match self {
            Self::Illegal(error) => Some(error.allowed.clone()),
            Self::NotFound
            | Self::Invalid(_)
            | Self::AlreadyStudent
            | Self::InCohort
            | Self::MemberGone
            | Self::UnionGone
            | Self::NumberTaken
            | Self::Call(_) => None,
        }
    }

    fn replay(&self) -> Option<&StoredAnswer> {
        match self {
            Self::Call(error) => error.replay(),
            Self::NotFound
            | Self::Invalid(_)
            | Self::Illegal(_)
            | Self::AlreadyStudent
            | Self::InCohort
            | Self::MemberGone
            | Self::UnionGone
            | Self::NumberTaken => None,
        }
    }
}
