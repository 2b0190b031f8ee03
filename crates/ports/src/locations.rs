//! Locations in storage.

use unionhall_domain::locations::{Location, LocationId, LocationType};

use crate::{
    pages::{Page, PageRequest},
    storage::StorageError,
};

/// Which locations are wanted; what is `None` does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LocationFilter {
    /// Of this kind.
    pub kind: Option<LocationType>,
    /// Whose name, code or city holds these words, accents and case aside.
    pub search: Option<String>,
}

/// What a list of locations can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LocationSort {
    /// Name, accents and case aside.
    #[default]
    Name,
    /// Time of entry.
    Created,
}

/// The locations of one tenant.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait LocationRepository {
    /// The location with this id, unless deleted.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find(&mut self, id: LocationId) -> Result<Option<Location>, StorageError>;

    /// The location with this id, unless deleted, kept from being changed or deleted by others until the transaction
    /// ends; others may hold it too.
    ///
    /// # Errors
    /// [`StorageError`].
    fn hold(&mut self, id: LocationId) -> Result<Option<Location>, StorageError>;

    /// The location with this id, if it is deleted.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find_deleted(&mut self, id: LocationId) -> Result<Option<Location>, StorageError>;

    /// The locations that match and are not deleted, in a total order.
    ///
    /// # Errors
    /// [`StorageError`].
    fn list(
        &mut self,
        filter: &LocationFilter,
        page: &PageRequest<LocationSort>,
    ) -> Result<Page<Location>, StorageError>;

    /// Adds a location.
    ///
    /// # Errors
    /// [`StorageError::Constraint`] with `locations_code_key` when another one has the code.
    fn insert(&mut self, location: &Location) -> Result<(), StorageError>;

    /// Writes a location whose version is one above the stored one.
    ///
    /// # Errors
    /// [`StorageError::Stale`] when the stored version is another; [`StorageError::Constraint`] as for
    /// [`insert`](Self::insert).
    fn update(&mut self, location: &Location) -> Result<(), StorageError>;
}
