//! The codes that errors carry to every face of the product, and the errors that any call can meet.

use std::error::Error;

use unionhall_domain::{invalid::FieldError, tenants::ReadOnly};
use unionhall_ports::{idempotency::StoredAnswer, storage::StorageError};

use crate::permissions::Permission;

/// What went wrong, as a client can match it; its status is the business of the face.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    /// The request is not understood: not JSON, a bad parameter.
    BadRequest,
    /// Nobody is signed in, or the sign-in does not count (any more).
    Unauthenticated,
    /// E-mail address and password do not let anybody in.
    SignInRefused,
    /// The password is right, and its owner has a place in no tenant.
    NoPlace,
    /// Nobody registers by themselves on this installation.
    RegistrationClosed,
    /// Challenge and code do not let anybody in.
    SecondFactorRefused,
    /// Known, and not allowed.
    Forbidden,
    /// A role that is held needs a second factor.
    SecondFactorRequired,
    /// The tenant can be read and not changed: its trial has ended, or it is suspended or canceled.
    TenantReadOnly,
    /// Nobody does this to themselves.
    NotOneself,
    /// It concerns a role above all that the caller holds.
    AboveOwnRole,
    /// The person may not review this: no seat, a conflict of interest, or a review at another level.
    Barred,
    /// There is no such thing, as far as the caller may know.
    NotFound,
    /// The path is there, the method is not.
    MethodNotAllowed,
    /// The status does not allow the move.
    IllegalMove,
    /// There is one already.
    Duplicate,
    /// A member would have more jobs at once than the tenant allows.
    JobsOverlap,
    /// Something else would be at the same time, in the same room, of the same instructor, class or student.
    SessionsOverlap,
    /// Other records still need it.
    InUse,
    /// The tenant has used up what it may use.
    LimitReached,
    /// The tenant would be left without an owner.
    LastOwner,
    /// The fund does not hold so much, its reserve aside.
    FundShort,
    /// All seats are taken.
    NoSeat,
    /// A yearly cap of the fund does not leave so much.
    OverCap,
    /// What was asked for could not be made.
    NotMade,
    /// Somebody else changed it at the same time.
    ChangedMeanwhile,
    /// `If-Match` names another version than the present one.
    Stale,
    /// A request with the same `Idempotency-Key` is still running.
    KeyInProgress,
    /// The `Idempotency-Key` was used for another request.
    KeyReused,
    /// The body is too large.
    TooLarge,
    /// There are more rows than one file may have.
    TooManyRows,
    /// The body is of a type that is not taken here.
    UnsupportedMediaType,
    /// The part of a file that was asked for lies behind its end.
    RangeNotSatisfiable,
    /// One or more fields are wrong.
    InvalidFields,
    /// There were too many requests of this kind from there; trying later helps.
    RateLimited,
    /// Something needed is down or too busy; trying later may help.
    Unavailable,
    /// A bug.
    Internal,
}

impl Code {
    /// Every code, in the order of the documents.
    pub const ALL: [Self; 37] = [
        Self::BadRequest,
        Self::Unauthenticated,
        Self::SignInRefused,
        Self::NoPlace,
        Self::RegistrationClosed,
        Self::SecondFactorRefused,
        Self::Forbidden,
        Self::SecondFactorRequired,
        Self::TenantReadOnly,
        Self::NotOneself,
        Self::AboveOwnRole,
        Self::Barred,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::IllegalMove,
        Self::Duplicate,
        Self::JobsOverlap,
        Self::SessionsOverlap,
        Self::InUse,
        Self::LimitReached,
        Self::LastOwner,
        Self::FundShort,
        Self::NoSeat,
        Self::OverCap,
        Self::NotMade,
        Self::ChangedMeanwhile,
        Self::Stale,
        Self::KeyInProgress,
        Self::KeyReused,
        Self::TooLarge,
        Self::TooManyRows,
        Self::UnsupportedMediaType,
        Self::RangeNotSatisfiable,
        Self::InvalidFields,
        Self::RateLimited,
        Self::Unavailable,
        Self::Internal,
    ];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BadRequest => "bad_request",
            Self::Unauthenticated => "unauthenticated",
            Self::SignInRefused => "sign_in_refused",
            Self::NoPlace => "no_place",
            Self::RegistrationClosed => "registration_closed",
            Self::SecondFactorRefused => "second_factor_refused",
            Self::Forbidden => "forbidden",
            Self::SecondFactorRequired => "second_factor_required",
            Self::TenantReadOnly => "tenant_read_only",
            Self::NotOneself => "not_oneself",
            Self::AboveOwnRole => "above_own_role",
            Self::Barred => "barred",
            Self::NotFound => "not_found",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::IllegalMove => "illegal_move",
            Self::Duplicate => "duplicate",
            Self::JobsOverlap => "jobs_overlap",
            Self::SessionsOverlap => "sessions_overlap",
            Self::InUse => "in_use",
            Self::LimitReached => "limit_reached",
            Self::LastOwner => "last_owner",
            Self::FundShort => "fund_short",
            Self::NoSeat => "no_seat",
            Self::OverCap => "over_cap",
            Self::NotMade => "not_made",
            Self::ChangedMeanwhile => "changed_meanwhile",
            Self::Stale => "stale",
            Self::KeyInProgress => "key_in_progress",
            Self::KeyReused => "key_reused",
            Self::TooLarge => "too_large",
            Self::TooManyRows => "too_many_rows",
            Self::UnsupportedMediaType => "unsupported_media_type",
            Self::RangeNotSatisfiable => "range_not_satisfiable",
            Self::InvalidFields => "invalid_fields",
            Self::RateLimited => "rate_limited",
            Self::Unavailable => "unavailable",
            Self::Internal => "internal",
        }
    }
}

/// An error that a face can show: its code, and what else a client may know.
pub trait Coded: Error + Send + Sync + 'static {
    /// What went wrong.
    fn code(&self) -> Code;

    /// The wrong fields, all of them.
    fn fields(&self) -> &[FieldError] {
        &[]
    }

    /// The moves that are allowed instead, for [`Code::IllegalMove`].
    fn allowed_actions(&self) -> Option<Vec<&'static str>> {
        None
    }

    /// The answer that was given the first time, when the request is a retry.
    fn replay(&self) -> Option<&StoredAnswer> {
        None
    }
}

/// What a tenant can use up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resource {
    /// Places for people.
    Users,
    /// Room for files.
    StorageBytes,
}

impl Resource {
    /// What is counted.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Users => "users",
            Self::StorageBytes => "bytes of storage",
        }
    }
}

/// What any call can meet, whatever it is about.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// No role held allows it.
    #[error("this needs the permission {}", .0.as_str())]
    Forbidden(Permission),
    /// The tenant can be read and not changed.
    #[error("the tenant can be read and not changed: {}", .0.words())]
    ReadOnly(ReadOnly),
    /// The tenant has used up what it may use.
    #[error("the tenant has used up what it may use: {limit} {}", resource.as_str())]
    LimitReached {
        /// Of what.
        resource: Resource,
        /// How much it may use.
        limit: u64,
    },
    /// `If-Match` names another version than the present one.
    #[error("the record has been changed since it was read; read it again")]
    Stale,
    /// Somebody else changed the record between its reading and its writing here.
    #[error("the record was changed by somebody else at the same time; read it again")]
    ChangedMeanwhile,
    /// A request with the same key is still running.
    #[error("a request with this Idempotency-Key is still running")]
    KeyInProgress,
    /// The key was used for another request.
    #[error("this Idempotency-Key was used for another request")]
    KeyReused,
    /// The request was done before; this was the answer.
    #[error("the request was done before")]
    Replayed(StoredAnswer),
    /// Something needed is down or too busy.
    #[error("a part of the service is not available at present")]
    Unavailable(#[source] Box<dyn Error + Send + Sync>),
    /// A bug.
    #[error("something went wrong on our side")]
    Internal(#[source] Box<dyn Error + Send + Sync>),
}

impl From<StorageError> for CallError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Stale => Self::ChangedMeanwhile,
            StorageError::Unavailable(source) => Self::Unavailable(source),
            StorageError::Failed(source) => Self::Internal(source),
            // A use case names the constraints it expects; any other one is a rule the domain forgot.
            error @ StorageError::Constraint { .. } => Self::Internal(Box::new(error)),
        }
    }
}

impl Coded for CallError {
    fn code(&self) -> Code {
        match self {
            Self::Forbidden(_) => Code::Forbidden,
            Self::ReadOnly(_) => Code::TenantReadOnly,
            Self::LimitReached { .. } => Code::LimitReached,
            Self::Stale => Code::Stale,
            Self::ChangedMeanwhile => Code::ChangedMeanwhile,
            Self::KeyInProgress => Code::KeyInProgress,
            Self::KeyReused => Code::KeyReused,
            Self::Unavailable(_) => Code::Unavailable,
            Self::Replayed(_) | Self::Internal(_) => Code::Internal,
        }
    }

    fn replay(&self) -> Option<&StoredAnswer> {
        match self {
            Self::Replayed(answer) => Some(answer),
            Self::Forbidden(_)
            | Self::ReadOnly(_)
            | Self::LimitReached { .. }
            | Self::Stale
            | Self::ChangedMeanwhile
            | Self::KeyInProgress
            | Self::KeyReused
            | Self::Unavailable(_)
            | Self::Internal(_) => None,
        }
    }
}
