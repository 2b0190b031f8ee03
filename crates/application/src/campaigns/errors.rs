//! What can go wrong with campaigns.

use unionhall_domain::{campaigns::IllegalMove, invalid::FieldError};
use unionhall_ports::{idempotency::StoredAnswer, storage::StorageError};

use crate::error::{CallError, Code, Coded};

/// What can go wrong with campaigns.
#[derive(Debug, thiserror::Error)]
pub enum CampaignError {
    /// There is none with this id.
    #[error("there is no such campaign")]
    NotFound,
    /// Fields are wrong.
    #[error("some fields are wrong")]
    Invalid(Vec<FieldError>),
    /// The status does not allow the move.
    #[error(transparent)]
    Illegal(#[from] IllegalMove),
    /// Activities belong to it, so many.
    #[error("{0} activities belong to this campaign")]
    InUse(u64),
    /// Activities name an employer that is left out, perhaps deleted ones.
    #[error("activities of this campaign, perhaps deleted ones, name an employer that is left out")]
    TargetInUse,
    /// What any call can meet.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl From<StorageError> for CampaignError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Constraint { name } if name == "salting_activities_campaign_fkey" => {
                Self::TargetInUse
            }
            other => Self::Call(other.into()),
        }
    }
}

impl Coded for CampaignError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::NotFound,
            Self::Invalid(_) => Code::InvalidFields,
            Self::Illegal(_) => Code::IllegalMove,
            Self::InUse(_) | Self::TargetInUse => Code::InUse,
            Self::Call(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldError] {
        match self {
            Self::Invalid(errors) => errors,
            Self::NotFound
            | Self::Illegal(_)
            | Self::InUse(_)
            | Self::TargetInUse
            | Self::Call(_) => &[],
        }
    }

    fn allowed_actions(&self) -> Option<Vec<&'static str>> {
        match self {
            Self::Illegal(error) => Some(error.allowed.clone()),
            Self::NotFound
            | Self::Invalid(_)
            | Self::InUse(_)
            | Self::TargetInUse
            | Self::Call(_) => None,
        }
    }

    fn replay(&self) -> Option<&StoredAnswer> {
        match self {
            Self::Call(error) => error.replay(),
            Self::NotFound
            | Self::Invalid(_)
            | Self::Illegal(_)
            | Self::InUse(_)
            | Self::TargetInUse => None,
        }
    }
}
