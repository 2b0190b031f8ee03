//! What can go wrong with invitations, and what a client is told of it.

use unionhall_domain::{
    invalid::FieldError,
    invitations::{InvitationAction, Refusal},
    users::places::PlaceState,
};
use unionhall_ports::{idempotency::StoredAnswer, storage::StorageError};

use crate::error::{CallError, Code, Coded};

/// What can go wrong with invitations.
#[derive(Debug, thiserror::Error)]
pub enum InvitationError {
    /// There is none with this id, as far as the caller may know.
    #[error("there is no such invitation")]
    NotFound,
    /// Fields are wrong.
    #[error("some fields are wrong")]
    Invalid(Vec<FieldError>),
    /// Whoever has the address is a user of the tenant.
    #[error("whoever has this address is a user of this tenant already{}", words(*.0))]
    AlreadyHere(PlaceState),
    /// Another invitation waits in its place.
    #[error(
        "an invitation to this address, or for this member, waits already; send that one again or cancel it"
    )]
    AlreadyInvited,
    /// Another user is that member.
    #[error("another user is linked to this member")]
    MemberTaken,
    /// The invitation may not be made or changed so.
    #[error("{refusal}")]
    Refused {
        /// Why.
        refusal: Refusal,
        /// What the caller may do instead.
        allowed: Vec<InvitationAction>,
    },
    /// Whoever accepts has no account, and none are made here.
    #[error(
        "no accounts are made here, not even by invitation; ask whoever runs this installation"
    )]
    NoAccounts,
    /// Whoever accepts has an account, and has not shown that it is theirs.
    #[error(
        "the password is not that of the account with this address, or the account may not sign in"
    )]
    NotTheirs,
    /// What any call can meet.
    #[error(transparent)]
    Call(#[from] CallError),
}

const fn words(state: PlaceState) -> &'static str {
    match state {
        PlaceState::Active | PlaceState::Removed => "",
        PlaceState::Suspended => ", and suspended",
    }
}

impl From<StorageError> for InvitationError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Constraint { name }
                if name == "invitations_pending_key"
                    || name == "invitations_pending_member_key" =>
            {
                Self::AlreadyInvited
            }
            StorageError::Constraint { name } if name == "memberships_member_key" => {
                Self::MemberTaken
            }
            other => Self::Call(other.into()),
        }
    }
}

impl Coded for InvitationError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::NotFound,
            Self::Invalid(_) => Code::InvalidFields,
            Self::AlreadyHere(_) | Self::AlreadyInvited | Self::MemberTaken => Code::Duplicate,
            Self::Refused { refusal, .. } => match refusal {
                Refusal::Above(_) => Code::AboveOwnRole,
                Refusal::Illegal { .. } => Code::IllegalMove,
            },
            Self::NoAccounts => Code::RegistrationClosed,
            Self::NotTheirs => Code::SignInRefused,
            Self::Call(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldError] {
        match self {
            Self::Invalid(errors) => errors,
            Self::NotFound
            | Self::AlreadyHere(_)
            | Self::AlreadyInvited
            | Self::MemberTaken
            | Self::Refused { .. }
            | Self::NoAccounts
            | Self::NotTheirs
            | Self::Call(_) => &[],
        }
    }

    fn allowed_actions(&self) -> Option<Vec<&'static str>> {
        match self {
            Self::Refused {
                refusal: Refusal::Illegal { .. },
                allowed,
            } => Some(allowed.iter().map(|action| action.as_str()).collect()),
            Self::Refused { .. }
            | Self::NotFound
            | Self::Invalid(_)
            | Self::AlreadyHere(_)
            | Self::AlreadyInvited
            | Self::MemberTaken
            | Self::NoAccounts
            | Self::NotTheirs
            | Self::Call(_) => None,
        }
    }

    fn replay(&self) -> Option<&StoredAnswer> {
        match self {
            Self::Call(error) => error.replay(),
            Self::NotFound
            | Self::Invalid(_)
            | Self::AlreadyHere(_)
            | Self::AlreadyInvited
            | Self::MemberTaken
            | Self::Refused { .. }
            | Self::NoAccounts
            | Self::NotTheirs => None,
        }
    }
}
