//! Requests for information in storage.

use jiff::civil::Date;
use unionhall_domain::{
    grievances::GrievanceId,
    information_requests::{Entry, InformationRequest, InformationRequestId, RequestStatus},
    organizations::OrganizationId,
    users::UserId,
};

use crate::{
    pages::{Page, PageRequest},
    storage::StorageError,
};

/// Which requests are wanted; what is `None` does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InformationRequestFilter {
    /// For this grievance.
    pub grievance: Option<GrievanceId>,
    /// That stand so.
    pub status: Option<RequestStatus>,
    /// Whose clock runs and had run out before this day.
    pub overdue_on: Option<Date>,
    /// For grievances against this employer.
    pub employer: Option<OrganizationId>,
    /// For grievances that this user carries.
    pub representative: Option<UserId>,
    /// Due on or after this day.
    pub due_from: Option<Date>,
    /// Due on or before this day.
    pub due_until: Option<Date>,
}

/// What a list of requests can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum InformationRequestSort {
    /// The last day for the answer.
    #[default]
    Due,
}

/// The requests for information of one tenant.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait InformationRequestRepository {
    /// The request of this grievance with this id: items in their order, entries earliest first.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find(
        &mut self,
        grievance: GrievanceId,
        id: InformationRequestId,
    ) -> Result<Option<InformationRequest>, StorageError>;

    /// The requests that match, of grievances that are not deleted, in a total order.
    ///
    /// # Errors
    /// [`StorageError`].
    fn list(
        &mut self,
        filter: &InformationRequestFilter,
        page: &PageRequest<InformationRequestSort>,
    ) -> Result<Page<InformationRequest>, StorageError>;

    /// The same with an excerpt of each entry's text, as [`InformationRequest::in_short`] makes it, cut where it is stored:
    /// what a list shows is all that is read for it.
    ///
    /// # Errors
    /// [`StorageError`].
    fn list_in_short(
        &mut self,
        filter: &InformationRequestFilter,
        page: &PageRequest<InformationRequestSort>,
    ) -> Result<Page<InformationRequest>, StorageError>;

    /// Adds a request with its items and no entries.
    ///
    /// # Errors
    /// [`StorageError`].
    fn insert(&mut self, request: &InformationRequest) -> Result<(), StorageError>;

    /// Adds entries to a request whose version is one above the stored one, and writes where it stands then.
    /// `request` has the new entries already.
    ///
    /// # Errors
    /// [`StorageError::Stale`] when the stored version is another.
    fn add(&mut self, request: &InformationRequest, new: &[Entry]) -> Result<(), StorageError>;
}
