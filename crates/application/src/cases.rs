//! What the parts of a case share: the grievance they belong to, who may read them, and what can go wrong.

use unionhall_domain::{
    audit::{AuditAction, FieldChange, Target},
    grievances::{Grievance, GrievanceId, State},
    invalid::{FieldError, Invalid},
    refused::Refused,
};
use unionhall_ports::{
    idempotency::StoredAnswer, pages::Page, storage::StorageError, unit_of_work::Repositories,
};
use uuid::Uuid;

use crate::{
    actor::Actor,
    core::Change,
    error::{CallError, Code, Coded},
    grievances::Readable,
};

/// What can go wrong with a part of a case.
#[derive(Debug, thiserror::Error)]
pub enum CaseError {
    /// There is none with this id, as far as the caller may know.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// Fields are wrong.
    #[error("some fields are wrong")]
    Invalid(Vec<FieldError>),
    /// It was to be made, and could not be.
    #[error("the {0} could not be made; ask for another one")]
    NotMade(&'static str),
    /// Its state does not allow it.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// What any call can meet.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl CaseError {
    /// The grievance is not there.
    pub(crate) const NO_GRIEVANCE: Self = Self::NotFound("grievance");

    /// One wrong field.
    pub(crate) fn wrong(field: &'static str, code: &'static str, detail: &str) -> Self {
        Self::Invalid(vec![Invalid::new(code, detail).at(field)])
    }
}

impl From<StorageError> for CaseError {
    fn from(error: StorageError) -> Self {
        Self::Call(error.into())
    }
}

impl Coded for CaseError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound(_) => Code::NotFound,
            Self::Invalid(_) => Code::InvalidFields,
            Self::NotMade(_) => Code::NotMade,
            Self::Refused(_) => Code::IllegalMove,
            Self::Call(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldError] {
        match self {
            Self::Invalid(errors) => errors,
            Self::NotFound(_) | Self::NotMade(_) | Self::Refused(_) | Self::Call(_) => &[],
        }
    }

    fn allowed_actions(&self) -> Option<Vec<&'static str>> {
        match self {
            Self::Refused(refused) => Some(refused.allowed.clone()),
            Self::NotFound(_) | Self::Invalid(_) | Self::NotMade(_) | Self::Call(_) => None,
        }
    }

    fn replay(&self) -> Option<&StoredAnswer> {
        match self {
            Self::Call(error) => error.replay(),
            Self::NotFound(_) | Self::Invalid(_) | Self::NotMade(_) | Self::Refused(_) => None,
        }
    }
}

/// A record with a last day, and whether that has passed in the tenant's time zone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dated<T> {
    /// The record.
    pub record: T,
    /// Whether it waits although its last day has passed.
    pub is_overdue: bool,
}

/// A page with what is made of each row.
pub(crate) fn dated_page<T, R>(page: Page<T>, make: impl FnMut(T) -> R) -> Page<R> {
    let Page { items, next, total } = page;
    Page {
        items: items.into_iter().map(make).collect(),
        next,
        total,
    }
}

/// The grievance with this id, if the caller may read it.
///
/// # Errors
/// [`CaseError::NotFound`].
pub(crate) fn shown(
    tx: &mut dyn Repositories,
    own: &Readable,
    id: GrievanceId,
) -> Result<Grievance, CaseError> {
    tx.grievances()
        .find(id)?
        .filter(|grievance| own.shows(grievance))
        .ok_or(CaseError::NO_GRIEVANCE)
}

/// The grievance with this id, whatever its state.
///
/// # Errors
/// [`CaseError::NotFound`].
pub(crate) fn present(change: &mut Change<'_>, id: GrievanceId) -> Result<Grievance, CaseError> {
    shown(change.tx, &Readable::Every, id)
}

/// The grievance with this id, which is not over.
///
/// # Errors
/// [`CaseError::NotFound`], or [`CaseError::Refused`] when it is settled, withdrawn or closed.
pub(crate) fn alive(
    change: &mut Change<'_>,
    id: GrievanceId,
    action: &'static str,
) -> Result<Grievance, CaseError> {
    let grievance = present(change, id)?;
    match grievance.progress.state {
        State::Open | State::Investigation | State::Hearing | State::Arbitration => Ok(grievance),
        State::Settled(_) | State::Withdrawn(_) | State::Closed(..) => Err(Refused {
            what: "a grievance",
            status: grievance.progress.state.as_str(),
            action,
            allowed: Vec::new(),
        }
        .into()),
    }
}

/// Puts on record what was done to a part of a case, with the case it is a part of.
pub(crate) fn record(
    change: &mut Change<'_>,
    action: AuditAction,
    (target, id): (Target, Uuid),
    grievance: GrievanceId,
    fields: Vec<FieldChange>,
) {
    let details = vec![("grievance_id", grievance.to_string())];
    change.record(action, target, id, fields, details);
}

/// A user who is named in a field must be one of this tenant: the constraint with this name says so.
pub(crate) fn unless_foreign(
    written: Result<(), StorageError>,
    expected: &[(&str, &'static str, &'static str, &str)],
) -> Result<(), CaseError> {
    let Err(StorageError::Constraint { name }) = &written else {
        return Ok(written?);
    };
    let known = expected.iter().find(|(constraint, ..)| constraint == name);
    match known {
        Some((_, field, code, detail)) => Err(CaseError::wrong(field, code, detail)),
        None => Ok(written?),
    }
}

/// The names of what an actor may do, where doing anything needs one permission.
pub(crate) fn named<A: Copy>(
    actor: &Actor,
    allowed: Vec<A>,
    permission: impl Fn(A) -> crate::permissions::Permission,
    name: impl Fn(A) -> &'static str,
) -> Vec<&'static str> {
    let may = allowed
        .into_iter()
        .filter(|one| actor.may(permission(*one)));
    may.map(name).collect()
}
