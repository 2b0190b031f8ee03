//! Employments in storage.

use jiff::civil::Date;
use unionhall_domain::{
    employments::{Employment, EmploymentId, JobRules},
    members::{MemberId, MemberNumber},
    organizations::OrganizationId,
    text::Line,
};

use crate::{
    pages::{Page, PageRequest},
    storage::StorageError,
};

/// A job with the names of those it ties together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Employed {
    /// The job.
    pub employment: Employment,
    /// The number of the member.
    pub member_number: MemberNumber,
    /// The member's given name.
    pub first_name: Line<100>,
    /// The member's family name.
    pub last_name: Line<100>,
    /// The name of the organization.
    pub organization_name: Line<255>,
}

/// Which jobs are wanted; what is `None` does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EmploymentFilter {
    /// Of this member.
    pub member: Option<MemberId>,
    /// At this organization.
    pub organization: Option<OrganizationId>,
    /// Current on this day, or not.
    pub current: Option<(Date, bool)>,
    /// With this title.
    pub job_title: Option<Line<100>>,
}

/// What a list of jobs can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EmploymentSort {
    /// The first day.
    #[default]
    Start,
    /// Time of entry.
    Created,
}

/// A job title and how many jobs have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TitleInUse {
    /// The title.
    pub job_title: Line<100>,
    /// How many jobs have it.
    pub count: u64,
}

/// The employments of one tenant.
///
/// Whoever adds, moves or prolongs one locks the member first
/// ([`MemberRepository::lock`](crate::members::MemberRepository::lock)).
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait EmploymentRepository {
    /// The tenant's rules of jobs; the usual ones until it has others.
    ///
    /// # Errors
    /// [`StorageError`].
    fn rules(&mut self) -> Result<JobRules, StorageError>;

    /// Writes the tenant's rules, whose version is one above the stored one; the usual ones count as the first.
    ///
    /// # Errors
    /// [`StorageError::Stale`] when the stored version is another.
    fn put_rules(&mut self, rules: &JobRules) -> Result<(), StorageError>;

    /// The job with this id, unless deleted.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find(&mut self, id: EmploymentId) -> Result<Option<Employed>, StorageError>;

    /// The job with this id, if it is deleted.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find_deleted(&mut self, id: EmploymentId) -> Result<Option<Employed>, StorageError>;

    /// The jobs of a member that are not deleted, earliest first.
    ///
    /// # Errors
    /// [`StorageError`].
    fn of_member(&mut self, member: MemberId) -> Result<Vec<Employed>, StorageError>;

    /// The jobs that match and are not deleted, in a total order.
    ///
    /// # Errors
    /// [`StorageError`].
    fn list(
        &mut self,
        filter: &EmploymentFilter,
        page: &PageRequest<EmploymentSort>,
    ) -> Result<Page<Employed>, StorageError>;

    /// Up to `limit` titles of jobs that are not deleted, those that most jobs have first; of those that begin with
    /// some words if there are any.
    ///
    /// # Errors
    /// [`StorageError`].
    fn titles(
        &mut self,
        beginning: Option<String>,
        limit: u16,
    ) -> Result<Vec<TitleInUse>, StorageError>;

    /// The numbers of up to 20 members who have, or had, a job at an organization that is not deleted.
    ///
    /// # Errors
    /// [`StorageError`].
    fn numbers_at(
        &mut self,
        organization: OrganizationId,
    ) -> Result<Vec<MemberNumber>, StorageError>;

    /// The names of up to 20 organizations at which a member has, or had, a job that is not deleted.
    ///
    /// # Errors
    /// [`StorageError`].
    fn names_of_member(&mut self, member: MemberId) -> Result<Vec<String>, StorageError>;

    /// Adds a job.
    ///
    /// # Errors
    /// [`StorageError::Constraint`] with `employments_at_once` when the member would have more jobs on a day than the
    /// tenant allows, and with `employments_member_fkey` or `employments_organization_fkey` when one of them is not of
    /// this tenant.
    fn insert(&mut self, employment: &Employment) -> Result<(), StorageError>;

    /// Writes a job whose version is one above the stored one.
    ///
    /// # Errors
    /// [`StorageError::Stale`] when the stored version is another; [`StorageError::Constraint`] as for
    /// [`insert`](Self::insert), save that a job that gets no new days is not asked how many there are.
    fn update(&mut self, employment: &Employment) -> Result<(), StorageError>;

    /// The jobs of these members that are not deleted, each member's earliest first, locked until the transaction ends in
    /// the order of their ids.
    ///
    /// # Errors
    /// [`StorageError`].
    fn of_members(&mut self, members: &[MemberId]) -> Result<Vec<Employed>, StorageError>;

    /// The jobs with these ids, deleted ones too, locked until the transaction ends in the order of their ids.
    ///
    /// # Errors
    /// [`StorageError`].
    fn lock_by_ids(&mut self, ids: &[EmploymentId]) -> Result<Vec<Employment>, StorageError>;

    /// Adds many jobs.
    ///
    /// # Errors
    /// As for [`insert`](Self::insert); then none is kept.
    fn insert_many(&mut self, employments: &[Employment]) -> Result<(), StorageError>;

    /// Writes many jobs that were locked, in one round trip.
    ///
    /// # Errors
    /// [`StorageError::Stale`] unless every one was written; [`StorageError::Constraint`] as for
    /// [`update`](Self::update), when it is so once all are written.
    fn update_many(&mut self, employments: &[Employment]) -> Result<(), StorageError>;
}
