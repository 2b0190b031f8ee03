//! What can go wrong with signing in, and what is said of it.

use unionhall_ports::{idempotency::StoredAnswer, storage::StorageError};

use crate::error::{CallError, Code, Coded};

/// What can go wrong with signing in and staying so.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// Address and password do not let anybody in; it is not said why.
    #[error("e-mail address and password do not match an account that may sign in")]
    Refused,
    /// The refresh token is worth nothing (any more); it is not said why.
    #[error("the refresh token is not valid; sign in again")]
    TokenRefused,
    /// The password is right, and the person has a place in no tenant.
    #[error(
        "address and password are right, but you have no place in any hall yet; ask your hall to invite you"
    )]
    NoPlace,
    /// The person has no place in that tenant, or there is none.
    #[error("there is no such tenant for you")]
    NoTenant,
    /// What any call can meet.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl From<StorageError> for IdentityError {
    fn from(error: StorageError) -> Self {
        Self::Call(error.into())
    }
}

impl Coded for IdentityError {
    fn code(&self) -> Code {
        match self {
            Self::Refused => Code::SignInRefused,
            Self::TokenRefused => Code::Unauthenticated,
            Self::NoPlace => Code::NoPlace,
            Self::NoTenant => Code::NotFound,
            Self::Call(error) => error.code(),
        }
    }

    fn replay(&self) -> Option<&StoredAnswer> {
        match self {
            Self::Call(error) => error.replay(),
            Self::Refused | Self::TokenRefused | Self::NoPlace | Self::NoTenant => None,
        }
    }
}
