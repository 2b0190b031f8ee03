//! Tenants in storage.

use unionhall_domain::tenants::{Slug, Tenant, TenantId};

use crate::storage::StorageError;

/// The tenants of the installation. All but [`find`](Self::find) need the identity scope.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait TenantRepository {
    /// The tenant with this id, if the scope may see it.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find(&mut self, id: TenantId) -> Result<Option<Tenant>, StorageError>;

    /// The tenant with this slug.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find_by_slug(&mut self, slug: &Slug) -> Result<Option<Tenant>, StorageError>;

    /// Every tenant, by slug.
    ///
    /// # Errors
    /// [`StorageError`].
    fn list(&mut self) -> Result<Vec<Tenant>, StorageError>;

    /// Adds a tenant.
    ///
    /// # Errors
    /// [`StorageError::Constraint`] with `tenants_slug_key` when the slug is taken.
    fn insert(&mut self, tenant: &Tenant) -> Result<(), StorageError>;
}
