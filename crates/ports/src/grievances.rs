//! Grievances in storage.

use jiff::civil::Date;
use unionhall_domain::{
    collective_agreements::CollectiveAgreementId,
    grievances::{Grievance, GrievanceId, GrievanceNumber, Step, StepRecord},
    members::MemberId,
    organizations::OrganizationId,
    users::UserId,
};

use crate::{
    pages::{Page, PageRequest},
    storage::StorageError,
};

/// Which grievances are wanted; what is `None` does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct GrievanceFilter {
    /// With this status, by its name.
    pub status: Option<&'static str>,
    /// On this step.
    pub step: Option<Step>,
    /// Of this member.
    pub member: Option<MemberId>,
    /// Against this employer.
    pub employer: Option<OrganizationId>,
    /// Whose representative is this user.
    pub representative: Option<UserId>,
    /// Whose representative or steward is this user.
    pub carrier: Option<UserId>,
    /// Filed on or after this day.
    pub filed_from: Option<Date>,
    /// Filed on or before this day.
    pub filed_until: Option<Date>,
    /// Whose number, article or description holds these words, case aside.
    pub search: Option<String>,
}

/// What a list of grievances can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum GrievanceSort {
    /// Number: year, then place.
    #[default]
    Number,
    /// Day of filing.
    Filed,
}

/// The grievances of one tenant.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait GrievanceRepository {
    /// The next number of `year`. Numbers have no gaps: two transactions never get the same one, and
    /// one that is not kept gives its number back.
    ///
    /// # Errors
    /// [`StorageError`].
    fn next_number(&mut self, year: i16) -> Result<GrievanceNumber, StorageError>;

    /// The grievance with this id, unless deleted.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find(&mut self, id: GrievanceId) -> Result<Option<Grievance>, StorageError>;

    /// The grievance with this id, if it is deleted.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find_deleted(&mut self, id: GrievanceId) -> Result<Option<Grievance>, StorageError>;

    /// The grievance with this number, unless deleted.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find_by_number(
        &mut self,
        number: GrievanceNumber,
    ) -> Result<Option<Grievance>, StorageError>;

    /// The grievances that match and are not deleted, in a total order.
    ///
    /// # Errors
    /// [`StorageError`].
    fn list(
        &mut self,
        filter: &GrievanceFilter,
        page: &PageRequest<GrievanceSort>,
    ) -> Result<Page<Grievance>, StorageError>;

    /// The grievances with these ids that are not deleted, locked until the transaction ends in the order of their
    /// ids.
    ///
    /// # Errors
    /// [`StorageError`].
    fn lock_by_ids(&mut self, ids: &[GrievanceId]) -> Result<Vec<Grievance>, StorageError>;

    /// Writes who represents the members of many grievances that were locked, in one round trip; their other fields
    /// stay as they are stored.
    ///
    /// # Errors
    /// [`StorageError::Stale`] unless every one was written.
    fn assign(&mut self, grievances: &[Grievance]) -> Result<(), StorageError>;

    /// Adds a grievance.
    ///
    /// # Errors
    /// [`StorageError::Constraint`] with `grievances_member_fkey`, `grievances_employer_fkey`,
    /// `grievances_rules_fkey`, `grievances_representative_fkey` or `grievances_steward_fkey` when a party is not of
    /// this tenant.
    fn insert(&mut self, grievance: &Grievance) -> Result<(), StorageError>;

    /// Writes a grievance whose version is one above the stored one.
    ///
    /// # Errors
    /// [`StorageError::Stale`] when the stored version is another; [`StorageError::Constraint`] as for
    /// [`insert`](Self::insert).
    fn update(&mut self, grievance: &Grievance) -> Result<(), StorageError>;

    /// Adds the record of a meeting.
    ///
    /// # Errors
    /// [`StorageError`].
    fn insert_step(&mut self, record: &StepRecord) -> Result<(), StorageError>;

    /// The meetings of a grievance, earliest first.
    ///
    /// # Errors
    /// [`StorageError`].
    fn steps(&mut self, grievance: GrievanceId) -> Result<Vec<StepRecord>, StorageError>;

    /// Up to 20 grievances of a member that are not deleted, by number.
    ///
    /// # Errors
    /// [`StorageError`].
    fn numbers_of_member(&mut self, member: MemberId)
    -> Result<Vec<GrievanceNumber>, StorageError>;

    /// Up to 20 grievances against an employer that are not deleted, by number.
    ///
    /// # Errors
    /// [`StorageError`].
    fn numbers_against(
        &mut self,
        employer: OrganizationId,
    ) -> Result<Vec<GrievanceNumber>, StorageError>;

    /// Up to 20 grievances under an agreement that are not deleted, by number.
    ///
    /// # Errors
    /// [`StorageError`].
    fn numbers_under(
        &mut self,
        agreement: CollectiveAgreementId,
    ) -> Result<Vec<GrievanceNumber>, StorageError>;
}
