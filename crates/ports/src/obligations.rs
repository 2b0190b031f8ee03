//! Obligations out of settlements, in storage.

use jiff::civil::Date;
use unionhall_domain::{
    grievances::GrievanceId,
    obligations::{Obligation, ObligationId, ObligationStatus},
    organizations::OrganizationId,
    step_meetings::Party,
    users::UserId,
};

use crate::{
    pages::{Page, PageRequest},
    storage::StorageError,
};

/// Which obligations are wanted; what is `None` or false does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ObligationFilter {
    /// Of this grievance.
    pub grievance: Option<GrievanceId>,
    /// That stand so.
    pub status: Option<ObligationStatus>,
    /// That are open or breached.
    pub only_outstanding: bool,
    /// That are open or breached and were due before this day.
    pub overdue_on: Option<Date>,
    /// That this side owes.
    pub owed_by: Option<Party>,
    /// Of grievances against this employer.
    pub employer: Option<OrganizationId>,
    /// Of grievances that this user carries.
    pub representative: Option<UserId>,
    /// Due on or before this day.
    pub due_until: Option<Date>,
}

/// What a list of obligations can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ObligationSort {
    /// The last day.
    #[default]
    Due,
}

/// The obligations of one tenant's settlements.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait ObligationRepository {
    /// The obligation of this grievance with this id.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find(
        &mut self,
        grievance: GrievanceId,
        id: ObligationId,
    ) -> Result<Option<Obligation>, StorageError>;

    /// The obligations that match, of grievances that are not deleted, in a total order.
    ///
    /// # Errors
    /// [`StorageError`].
    fn list(
        &mut self,
        filter: &ObligationFilter,
        page: &PageRequest<ObligationSort>,
    ) -> Result<Page<Obligation>, StorageError>;

    /// Adds an obligation.
    ///
    /// # Errors
    /// [`StorageError`].
    fn insert(&mut self, obligation: &Obligation) -> Result<(), StorageError>;

    /// Writes an obligation whose version is one above the stored one.
    ///
    /// # Errors
    /// [`StorageError::Stale`] when the stored version is another.
    fn update(&mut self, obligation: &Obligation) -> Result<(), StorageError>;
}
