//! What can go wrong with the second factor.

use unionhall_domain::invalid::{FieldError, Invalid};
use unionhall_ports::{idempotency::StoredAnswer, sealing::SealError, storage::StorageError};

use super::Proof;
use crate::{
    error::{CallError, Code, Coded},
    identity::IdentityError,
};

/// What can go wrong with the second factor.
#[derive(Debug, thiserror::Error)]
pub enum SecondFactorError {
    /// Password or code are not right; the fields say which.
    #[error("some fields are wrong")]
    Wrong(Vec<FieldError>),
    /// Challenge and code do not let anybody in; it is not said why.
    #[error(
        "the code does not let anybody in; after five wrong ones, or five minutes, sign in anew"
    )]
    Refused,
    /// There is a second factor.
    #[error("there is a second factor already; remove it before you set up another")]
    AlreadyThere,
    /// There is no second factor, or none was begun.
    #[error("there is no such second factor")]
    NotThere,
    /// There is no such trusted device.
    #[error("there is no such trusted device")]
    NoDevice,
    /// There is no such person in the tenant.
    #[error("there is no such user")]
    NoUser,
    /// A role held needs one.
    #[error("a role that you hold here needs a second factor")]
    Required,
    /// Somebody's own factor is removed with password and code.
    #[error("your own second factor is removed with your password and a code")]
    OwnFactor,
    /// The person holds a role above those of the caller.
    #[error("the user holds a role above yours")]
    AboveOwnRole,
    /// What any call can meet.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl SecondFactorError {
    pub(super) fn wrong_password() -> Self {
        Self::Wrong(vec![
            Invalid::new("wrong_password", "is not the password of this account").at("password"),
        ])
    }

    pub(super) fn leaned_on() -> Self {
        let detail =
            "is too short without a second factor; choose one of 15 characters at least first";
        Self::Wrong(vec![Invalid::new("too_short", detail).at("password")])
    }

    pub(super) fn wrong_code() -> Self {
        Self::Wrong(vec![
            Invalid::new("wrong_code", "is not the present code, or was used before").at("code"),
        ])
    }

    pub(super) fn wrong(proof: &Proof) -> Self {
        match proof {
            Proof::Code(_) => Self::wrong_code(),
            Proof::RecoveryCode(_) => Self::Wrong(vec![
                Invalid::new("wrong_code", "is no recovery code, or was used before")
                    .at("recovery_code"),
            ]),
        }
    }
}

impl From<StorageError> for SecondFactorError {
    fn from(error: StorageError) -> Self {
        Self::Call(error.into())
    }
}

impl From<IdentityError> for SecondFactorError {
    fn from(error: IdentityError) -> Self {
        match error {
            IdentityError::Call(error) => Self::Call(error),
            // Whatever keeps somebody from signing in, it is not said what.
            IdentityError::Refused
            | IdentityError::TokenRefused
            | IdentityError::NoPlace
            | IdentityError::NoTenant => Self::Refused,
        }
    }
}

impl From<SealError> for SecondFactorError {
    fn from(error: SealError) -> Self {
        Self::Call(CallError::Internal(Box::new(error)))
    }
}

impl Coded for SecondFactorError {
    fn code(&self) -> Code {
        match self {
            Self::Wrong(_) => Code::InvalidFields,
            Self::Refused => Code::SecondFactorRefused,
            Self::AlreadyThere => Code::Duplicate,
            Self::NotThere | Self::NoDevice | Self::NoUser => Code::NotFound,
            Self::Required => Code::SecondFactorRequired,
            Self::OwnFactor => Code::NotOneself,
            Self::AboveOwnRole => Code::AboveOwnRole,
            Self::Call(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldError] {
        match self {
            Self::Wrong(fields) => fields,
            Self::Refused
            | Self::AlreadyThere
            | Self::NotThere
            | Self::NoDevice
            | Self::NoUser
            | Self::Required
            | Self::OwnFactor
            | Self::AboveOwnRole
            | Self::Call(_) => &[],
        }
    }

    fn replay(&self) -> Option<&StoredAnswer> {
        match self {
            Self::Call(error) => error.replay(),
            Self::Wrong(_)
            | Self::Refused
            | Self::AlreadyThere
            | Self::NotThere
            | Self::NoDevice
            | Self::NoUser
            | Self::Required
            | Self::OwnFactor
            | Self::AboveOwnRole => None,
        }
    }
}
