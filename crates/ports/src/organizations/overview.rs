//! What an organization is in the middle of, at one glance.

use jiff::civil::Date;
use unionhall_domain::{
    grievances::{GrievanceId, GrievanceNumber},
    members::MemberId,
    organizations::OrganizationId,
};

use crate::storage::StorageError;

/// How much hangs on an organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OrganizationCounts {
    /// Contacts.
    pub contacts: u64,
    /// Members who have a job there on the day.
    pub current_members: u64,
    /// Grievances against it that are neither settled, withdrawn nor closed.
    pub open_grievances: u64,
}

/// A grievance that is neither settled, withdrawn nor closed, in short.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenGrievance {
    /// Its id.
    pub id: GrievanceId,
    /// The number people quote.
    pub number: GrievanceNumber,
    /// Whose grievance it is.
    pub member: MemberId,
    /// The day it was filed.
    pub filed_date: Date,
    /// The rung of the ladder it is on, as it is called on the wire.
    pub current_step: String,
    /// Where it stands, as it is called on the wire.
    pub status: String,
}

/// Organizations at one glance.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait OverviewRepository {
    /// How much hangs on an organization on a day; what is deleted does not count.
    ///
    /// # Errors
    /// [`StorageError`].
    fn counts(
        &mut self,
        organization: OrganizationId,
        today: Date,
    ) -> Result<OrganizationCounts, StorageError>;

    /// Up to `limit` grievances against an organization that are open, the latest filed first.
    ///
    /// # Errors
    /// [`StorageError`].
    fn open_grievances(
        &mut self,
        organization: OrganizationId,
        limit: u16,
    ) -> Result<Vec<OpenGrievance>, StorageError>;
}
