//! Deadlines of grievances, and what they are counted from, in storage.

use jiff::{Timestamp, civil::Date};
use unionhall_domain::{
    collective_agreements::CollectiveAgreementId,
    deadlines::{Deadline, DeadlineId, DeadlineStatus, Happening, Occurrence, WarningKey},
    grievances::{GrievanceId, GrievanceNumber, Step},
    organizations::OrganizationId,
    tenants::TenantId,
    text::Prose,
    users::UserId,
};
use uuid::Uuid;

use crate::{
    pages::{Page, PageRequest},
    storage::StorageError,
};

/// Which deadlines are wanted; what is `None` does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DeadlineFilter {
    /// Of grievances that this user represents or is the steward of.
    pub carrier: Option<UserId>,
    /// Of grievances against this employer.
    pub employer: Option<OrganizationId>,
    /// By the rules of this agreement.
    pub agreement: Option<CollectiveAgreementId>,
    /// On this step.
    pub step: Option<Step>,
    /// In one of these statuses; empty for all.
    pub statuses: Vec<DeadlineStatus>,
    /// Due on this day or later.
    pub due_from: Option<Date>,
    /// Due on this day or earlier.
    pub due_until: Option<Date>,
}

/// What a list of deadlines can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DeadlineSort {
    /// The last day.
    #[default]
    Due,
}

/// A deadline, and what people must know of its grievance to act on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseDeadline {
    /// The deadline.
    pub deadline: Deadline,
    /// The number of its grievance.
    pub number: GrievanceNumber,
    /// Against whom the grievance is.
    pub employer: OrganizationId,
    /// Who represents the member.
    pub representative: Option<UserId>,
    /// The steward.
    pub steward: Option<UserId>,
}

/// Something that happened on the way of a grievance, as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseEvent {
    /// Its id.
    pub id: Uuid,
    /// What happened.
    pub happening: Happening,
    /// Who recorded it; nobody where it follows from filing or moving the grievance.
    pub recorded_by: Option<UserId>,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// That it was taken back, if it was: it counts no more.
    pub retraction: Option<Retraction>,
}

impl CaseEvent {
    /// What happened, as it is on record.
    pub const fn occurrence(&self) -> Occurrence {
        Occurrence {
            id: self.id,
            at: self.recorded_at,
            happening: self.happening,
        }
    }
}

/// What happened of what was recorded: what was taken back counts no more.
pub fn standing(events: Vec<CaseEvent>) -> Vec<Happening> {
    let stands = events
        .into_iter()
        .filter(|event| event.retraction.is_none());
    stands.map(|event| event.happening).collect()
}

/// That something recorded was taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retraction {
    /// When.
    pub at: Timestamp,
    /// By whom; nobody where the program did it.
    pub by: Option<UserId>,
    /// Why.
    pub reason: Prose<2_000>,
}

/// The deadlines of one tenant; those of deleted grievances are not there.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait DeadlineRepository {
    /// The deadline with this id.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find(&mut self, id: DeadlineId) -> Result<Option<CaseDeadline>, StorageError>;

    /// Every deadline of a grievance, by its last day.
    ///
    /// # Errors
    /// [`StorageError`].
    fn of_grievance(&mut self, id: GrievanceId) -> Result<Vec<CaseDeadline>, StorageError>;

    /// The deadlines that match, in a total order.
    ///
    /// # Errors
    /// [`StorageError`].
    fn list(
        &mut self,
        filter: &DeadlineFilter,
        page: &PageRequest<DeadlineSort>,
    ) -> Result<Page<CaseDeadline>, StorageError>;

    /// The running deadlines that are due first, of one agreement or of all, from a day on if one is named, at most so
    /// many.
    ///
    /// # Errors
    /// [`StorageError`].
    fn running(
        &mut self,
        agreement: Option<CollectiveAgreementId>,
        due_from: Option<Date>,
        most: u16,
    ) -> Result<Vec<CaseDeadline>, StorageError>;

    /// Adds deadlines.
    ///
    /// # Errors
    /// [`StorageError`].
    fn insert(&mut self, deadlines: &[Deadline]) -> Result<(), StorageError>;

    /// Writes a deadline whose version is one above the stored one.
    ///
    /// # Errors
    /// [`StorageError::Stale`] when the stored version is another.
    fn update(&mut self, deadline: &Deadline) -> Result<(), StorageError>;

    /// The tenants that have running deadlines which are due by a day, in the worker's scope.
    ///
    /// # Errors
    /// [`StorageError`], in any other scope too.
    fn tenants_with_due(&mut self, until: Date) -> Result<Vec<TenantId>, StorageError>;

    /// The running deadlines of which the warning that is due on the tenant's `today` has not gone out, those that
    /// are due first, at most so many.
    ///
    /// # Errors
    /// [`StorageError`].
    fn to_warn(&mut self, today: Date, most: u16) -> Result<Vec<CaseDeadline>, StorageError>;

    /// Takes note that a warning goes out, and says whether it had not before. Of two who ask at once the second waits
    /// for the end of the first.
    ///
    /// # Errors
    /// [`StorageError`].
    fn insert_warning(&mut self, key: &WarningKey, at: Timestamp) -> Result<bool, StorageError>;

    /// Adds what happened on the way of a grievance, each with its id, and who recorded it if somebody did.
    ///
    /// # Errors
    /// [`StorageError::Constraint`] with `grievance_events_answer_due_key` when an answer was due on that day already.
    fn insert_events(
        &mut self,
        grievance: GrievanceId,
        happened: &[(Uuid, Happening)],
        by: Option<UserId>,
        at: Timestamp,
    ) -> Result<(), StorageError>;

    /// What happened on the way of a grievance, earliest first, what was taken back too.
    ///
    /// # Errors
    /// [`StorageError`].
    fn events(&mut self, grievance: GrievanceId) -> Result<Vec<CaseEvent>, StorageError>;

    /// Writes that an event was taken back; it must not have been before.
    ///
    /// # Errors
    /// [`StorageError::Stale`] when it was, or is not there.
    fn retract_event(&mut self, id: Uuid, retraction: &Retraction) -> Result<(), StorageError>;
}
