//! Organizations in storage.

mod merging;
mod overview;

use unionhall_domain::organizations::{Organization, OrganizationId, OrganizationType};

use crate::{
    pages::{Page, PageRequest},
    storage::StorageError,
};

#[cfg(feature = "mock")]
pub use self::{merging::MockDuplicateRepository, overview::MockOverviewRepository};
pub use self::{
    merging::{DuplicateRepository, Likeness, Moved, Similar, Twins},
    overview::{OpenGrievance, OrganizationCounts, OverviewRepository},
};

/// Which organizations are wanted; what is `None` does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OrganizationFilter {
    /// Of this type.
    pub org_type: Option<OrganizationType>,
    /// Whose name or city holds these words, accents and case aside.
    pub search: Option<String>,
}

/// What a list of organizations can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OrganizationSort {
    /// Name, accents and case aside.
    #[default]
    Name,
    /// Time of entry.
    Created,
}

/// The organizations of one tenant.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait OrganizationRepository {
    /// The organization with this id, unless deleted.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find(&mut self, id: OrganizationId) -> Result<Option<Organization>, StorageError>;

    /// The organization with this id, unless deleted, kept from being changed or deleted by others until
    /// the transaction ends; others may hold it too.
    ///
    /// # Errors
    /// [`StorageError`].
    fn hold(&mut self, id: OrganizationId) -> Result<Option<Organization>, StorageError>;

    /// The organization with this id, unless deleted, kept from being changed, deleted, held or locked by others until
    /// the transaction ends: for whoever decides on all that hangs on it.
    ///
    /// # Errors
    /// [`StorageError`].
    fn lock(&mut self, id: OrganizationId) -> Result<Option<Organization>, StorageError>;

    /// The organization with this id, if it is deleted.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find_deleted(&mut self, id: OrganizationId) -> Result<Option<Organization>, StorageError>;

    /// The organizations that match and are not deleted, in a total order.
    ///
    /// # Errors
    /// [`StorageError`].
    fn list(
        &mut self,
        filter: &OrganizationFilter,
        page: &PageRequest<OrganizationSort>,
    ) -> Result<Page<Organization>, StorageError>;

    /// Adds an organization.
    ///
    /// # Errors
    /// [`StorageError`].
    fn insert(&mut self, organization: &Organization) -> Result<(), StorageError>;

    /// Writes an organization whose version is one above the stored one.
    ///
    /// # Errors
    /// [`StorageError::Stale`] when the stored version is another.
    fn update(&mut self, organization: &Organization) -> Result<(), StorageError>;
}
