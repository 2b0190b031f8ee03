//! The audit trail: who did and who read what.

use std::{future::Future, pin::Pin};

use jiff::{Timestamp, civil::Date};
use unionhall_domain::{
    audit::{AuditAction, FieldChange, Target},
    members::MemberId,
    tenants::TenantId,
    users::UserId,
};
use uuid::Uuid;

use crate::{
    pages::{Page, PageRequest},
    storage::StorageError,
};

/// Where a request came from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Origin {
    /// The id that ties together the answer, the log and the trail.
    pub request_id: String,
    /// The client's network address.
    pub address: Option<String>,
    /// What the client says it is, cut at 500 characters.
    pub device: Option<String>,
}

/// Who acted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditActor {
    /// A signed-in person.
    User(UserId),
    /// Somebody who has not signed in.
    Anonymous,
    /// Whoever hosts the installation, on its command line.
    Operator,
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEvent {
    /// Its id.
    pub id: Uuid,
    /// When.
    pub at: Timestamp,
    /// In which tenant; none for what concerns the installation.
    pub tenant: Option<TenantId>,
    /// Who.
    pub actor: AuditActor,
    /// Did what.
    pub action: AuditAction,
    /// To what kind of record.
    pub target: Target,
    /// To which one; none for lists.
    pub target_id: Option<Uuid>,
    /// What changed.
    pub changes: Vec<FieldChange>,
    /// What else there is to say: filters, counts, reasons.
    pub details: Vec<(&'static str, String)>,
    /// From where.
    pub origin: Origin,
}

/// An event as it is read back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRecord {
    /// Its id.
    pub id: Uuid,
    /// When.
    pub at: Timestamp,
    /// Who: `user`, `anonymous` or `operator`.
    pub actor_kind: String,
    /// The user, if it was one.
    pub actor_id: Option<UserId>,
    /// The user's address, if it was one.
    pub actor_email: Option<String>,
    /// Did what.
    pub action: AuditAction,
    /// To what kind of record.
    pub target: Target,
    /// To which one.
    pub target_id: Option<Uuid>,
    /// What changed: field, before, after.
    pub changes: Vec<(String, Option<String>, Option<String>)>,
    /// What else there is to say.
    pub details: Vec<(String, String)>,
    /// From where.
    pub origin: Origin,
}

/// Who looks at the trail, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Onlooker {
    /// The user.
    pub user: UserId,
    /// The union member the user is, if one.
    pub member: Option<MemberId>,
    /// The day, in the tenant's time zone.
    pub day: Date,
}

/// Which events are wanted; what is `None` does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AuditFilter {
    /// By this user.
    pub actor: Option<UserId>,
    /// With this action.
    pub action: Option<AuditAction>,
    /// About this kind of record.
    pub target: Option<Target>,
    /// About this record.
    pub target_id: Option<Uuid>,
    /// At or after this instant.
    pub from: Option<Timestamp>,
    /// Before this instant.
    pub until: Option<Timestamp>,
    /// Leaves out what would tell this person whose an application to the benevolence fund is, before they may know.
    pub onlooker: Option<Onlooker>,
    /// None about these kinds of records.
    pub without: &'static [Target],
}

/// How the trail is sorted: by time alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AuditSort {
    /// By time.
    #[default]
    Time,
}

/// The trail inside a transaction.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait AuditTrail {
    /// Adds events; they are kept if, and only if, the transaction is.
    ///
    /// # Errors
    /// [`StorageError`]; an event of a tenant outside the transaction's scope is refused.
    fn insert(&mut self, events: &[AuditEvent]) -> Result<(), StorageError>;

    /// The scope's events that match, in the order of the request.
    ///
    /// # Errors
    /// [`StorageError`].
    fn list(
        &mut self,
        filter: &AuditFilter,
        page: &PageRequest<AuditSort>,
    ) -> Result<Page<AuditRecord>, StorageError>;
}

/// The promise that an event will be on record: resolves when it is durable.
pub type Receipt = Pin<Box<dyn Future<Output = Result<(), StorageError>> + Send>>;

/// The trail for reads: many readers share one write.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait ReadLog: Send + Sync {
    /// Takes an event; it is durable when the receipt resolves to `Ok`, and an answer must wait for that.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`] when the log is full or failing: what was read must then not be told.
    fn submit(&self, event: AuditEvent) -> Result<Receipt, StorageError>;
}
