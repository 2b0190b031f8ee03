//! Tenants in storage.

use jiff::Timestamp;
use unionhall_domain::{
    roles::Role,
    tenants::{Slug, Tenant, TenantDetails, TenantId},
};

use crate::storage::StorageError;

/// Whether there is room for what somebody wants to use up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Room {
    /// There is, and it is theirs if the transaction is kept.
    Reserved,
    /// There is not: so much is all.
    Full {
        /// The limit: users, or bytes.
        limit: u64,
    },
}

/// What a tenant has and uses, counted at one instant.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TenantStatistics {
    /// People with a place in the tenant who may sign in.
    pub active_users: u64,
    /// People with a place in the tenant who may not.
    pub inactive_users: u64,
    /// How many of those who may sign in hold each role; roles that nobody holds are left out.
    pub users_by_role: Vec<(Role, u64)>,
    /// How many bytes its files take.
    pub used_storage_bytes: u64,
}

/// The tenants of the installation. What needs the identity scope says so.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait TenantRepository {
    /// The tenant with this id, if the scope may see it.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find(&mut self, id: TenantId) -> Result<Option<Tenant>, StorageError>;

    /// The tenant with this slug. Needs the identity scope, except for the scope's own tenant.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find_by_slug(&mut self, slug: &Slug) -> Result<Option<Tenant>, StorageError>;

    /// Every tenant that the scope may see, by slug.
    ///
    /// # Errors
    /// [`StorageError`].
    fn list(&mut self) -> Result<Vec<Tenant>, StorageError>;

    /// Adds a tenant. Needs the identity scope.
    ///
    /// # Errors
    /// [`StorageError::Constraint`] with `tenants_slug_key` when the slug is taken.
    fn insert(&mut self, tenant: &Tenant) -> Result<(), StorageError>;

    /// Adds a tenant if nobody has its slug, and tells whether it was added. Of two at once with one slug, one is.
    /// Needs the identity scope.
    ///
    /// # Errors
    /// [`StorageError`].
    fn insert_if_free(&mut self, tenant: &Tenant) -> Result<bool, StorageError>;

    /// Whether there is no tenant yet. Of two transactions that ask at once the second waits for the end of the
    /// first, so that the first tenant is made once. Needs the identity scope.
    ///
    /// # Errors
    /// [`StorageError`].
    fn none_yet(&mut self) -> Result<bool, StorageError>;

    /// Writes the plan of a tenant whose version is one above the stored one. Needs the identity scope: a tenant
    /// does not change its own plan.
    ///
    /// # Errors
    /// [`StorageError::Stale`] when the stored version is another.
    fn update_plan(&mut self, tenant: &Tenant) -> Result<(), StorageError>;

    /// The scope's own tenant with its settings.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find_details(&mut self, id: TenantId) -> Result<Option<TenantDetails>, StorageError>;

    /// The tenant with this slug and its settings. Needs the identity scope.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find_details_by_slug(&mut self, slug: &Slug) -> Result<Option<TenantDetails>, StorageError>;

    /// Writes the settings of a tenant whose version is one above the stored one; its plan stays.
    ///
    /// # Errors
    /// [`StorageError::Stale`] when the stored version is another.
    fn update_settings(&mut self, details: &TenantDetails) -> Result<(), StorageError>;

    /// Counts what the scope's tenant has and uses; roles count as they do at `now`.
    ///
    /// # Errors
    /// [`StorageError`].
    fn statistics(&mut self, now: Timestamp) -> Result<TenantStatistics, StorageError>;

    /// Asks for a place for one more person, before it is given. Of two transactions that ask at once the second
    /// waits for the end of the first, so that the last place is given once. Who was removed takes no place. Works
    /// in the identity scope, and in the tenant's own.
    ///
    /// # Errors
    /// [`StorageError`].
    fn reserve_user(&mut self, tenant: TenantId) -> Result<Room, StorageError>;

    /// Uses up `bytes` of a tenant's storage in place of `freed` bytes that it used before. Of two transactions
    /// that ask at once the second waits for the end of the first. What needs no more than before always fits.
    ///
    /// # Errors
    /// [`StorageError`].
    fn reserve_storage(
        &mut self,
        tenant: TenantId,
        bytes: u64,
        freed: u64,
    ) -> Result<Room, StorageError>;

    /// Waits until nobody else brings a list into the tenant, and keeps others from it until the transaction ends: lists
    /// of one kind or of several lock the same records in the order of their rows, and would wait for each other in a
    /// circle.
    ///
    /// # Errors
    /// [`StorageError::Unavailable`] when the other one takes longer than a lock is waited for.
    fn hold_imports(&mut self, tenant: TenantId) -> Result<(), StorageError>;
}
