//! Organizations in storage.

mod merging;
mod overview;

use std::collections::HashMap;

use unionhall_domain::{
    ids::Id,
    organizations::{Organization, OrganizationId, OrganizationType},
};

use crate::{
    pages::{Page, PageRequest},
    storage::StorageError,
};

#[cfg(feature = "mock")]
pub use self::{merging::MockDuplicateRepository, overview::MockOverviewRepository};
pub use self::{
    merging::{Double, DuplicateRepository, Likeness, Moved, Similar, Twins},
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

/// What a name is without case and accents, and the records that are called that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Called<T> {
    /// The name without case and accents: of two that differ in nothing else it is the same.
    pub folded: String,
    /// The records, in the order of their ids.
    pub ids: Vec<Id<T>>,
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

    /// The organization with this id, unless deleted, kept from being merged into another one until the transaction
    /// ends. Others may change, delete, hold and lock it meanwhile: nobody but who merges can tell that it is kept.
    ///
    /// # Errors
    /// [`StorageError`].
    fn keep_unmerged(&mut self, id: OrganizationId) -> Result<Option<Organization>, StorageError>;

    /// The organization with this id, unless deleted, locked as by [`lock`](Self::lock) for whoever merges: it waits for
    /// those who [keep it unmerged](Self::keep_unmerged), and they wait for it.
    ///
    /// # Errors
    /// [`StorageError`].
    fn lock_to_merge(&mut self, id: OrganizationId) -> Result<Option<Organization>, StorageError>;

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

    /// For each of these names, in the same order: the organizations that are called that and are not deleted, or, when
    /// there is none, what those that are called that were merged into.
    ///
    /// # Errors
    /// [`StorageError`].
    fn called(&mut self, names: &[String]) -> Result<Vec<Called<Organization>>, StorageError>;

    /// The names of the organizations with these ids, deleted ones too.
    ///
    /// # Errors
    /// [`StorageError`].
    fn names(
        &mut self,
        ids: &[OrganizationId],
    ) -> Result<HashMap<OrganizationId, String>, StorageError>;

    /// The organizations with these ids, deleted ones too, locked as by [`lock`](Self::lock) in the order of their ids.
    ///
    /// # Errors
    /// [`StorageError`].
    fn lock_by_ids(&mut self, ids: &[OrganizationId]) -> Result<Vec<Organization>, StorageError>;

    /// The organizations with these ids, deleted ones too, held as by [`hold`](Self::hold) in the order of their ids.
    ///
    /// # Errors
    /// [`StorageError`].
    fn hold_by_ids(&mut self, ids: &[OrganizationId]) -> Result<Vec<Organization>, StorageError>;

    /// Adds many organizations.
    ///
    /// # Errors
    /// As for [`insert`](Self::insert); then none is kept.
    fn insert_many(&mut self, organizations: &[Organization]) -> Result<(), StorageError>;

    /// Writes many organizations that were locked, in one round trip.
    ///
    /// # Errors
    /// [`StorageError::Stale`] unless every one was written.
    fn update_many(&mut self, organizations: &[Organization]) -> Result<(), StorageError>;
}
