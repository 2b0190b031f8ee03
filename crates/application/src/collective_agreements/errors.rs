//! What can go wrong with collective agreements.

use unionhall_domain::{grievances::GrievanceNumber, invalid::FieldError};
use unionhall_ports::{idempotency::StoredAnswer, storage::StorageError};

use crate::error::{CallError, Code, Coded};

/// What can go wrong with collective agreements.
#[derive(Debug, thiserror::Error)]
pub enum AgreementError {
    /// There is none with this id, or it has no such version of its rules.
    #[error("there is no such agreement")]
    NotFound,
    /// Grievances name it.
    #[error("grievances still name this agreement: {}", listed(.0))]
    InUse(Vec<GrievanceNumber>),
    /// Fields are wrong.
    #[error("some fields are wrong")]
    Invalid(Vec<FieldError>),
    /// What any call can meet.
    #[error(transparent)]
    Call(#[from] CallError),
}

/// Numbers in a row, for messages.
fn listed(numbers: &[GrievanceNumber]) -> String {
    let numbers: Vec<_> = numbers.iter().map(ToString::to_string).collect();
    numbers.join(", ")
}

impl From<StorageError> for AgreementError {
    fn from(error: StorageError) -> Self {
        Self::Call(error.into())
    }
}

impl Coded for AgreementError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::NotFound,
            Self::InUse(_) => Code::InUse,
            Self::Invalid(_) => Code::InvalidFields,
            Self::Call(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldError] {
        match self {
            Self::Invalid(errors) => errors,
            Self::NotFound | Self::InUse(_) | Self::Call(_) => &[],
        }
    }

    fn replay(&self) -> Option<&StoredAnswer> {
        match self {
            Self::Call(error) => error.replay(),
            Self::NotFound | Self::InUse(_) | Self::Invalid(_) => None,
        }
    }
}
