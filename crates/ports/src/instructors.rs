//! Instructors in storage.

use unionhall_domain::{
    instructors::{Instructor, InstructorId, InstructorStatus, TaxIdEnding},
    users::UserId,
};

use crate::{
    pages::{Page, PageRequest},
    sealing::Sealed,
    storage::StorageError,
};

/// A tax id as it is kept: sealed, with the digits that may be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedTaxId {
    /// Its last four digits.
    pub ending: TaxIdEnding,
    /// All of it.
    pub sealed: Sealed,
}

/// Which instructors are wanted; what is `None` does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InstructorFilter {
    /// With this status.
    pub status: Option<InstructorStatus>,
    /// Who are this user.
    pub user: Option<UserId>,
    /// Whose name, address or specialties hold these words, accents and case aside.
    pub search: Option<String>,
}

/// What a list of instructors can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum InstructorSort {
    /// Family name, given name; accents and case aside.
    #[default]
    Name,
    /// Time of entry.
    Created,
}

/// The instructors of one tenant.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait InstructorRepository {
    /// The instructor with this id, unless deleted.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find(&mut self, id: InstructorId) -> Result<Option<Instructor>, StorageError>;

    /// The instructor with this id, unless deleted, kept from being changed or deleted by others until the transaction
    /// ends; others may hold it too.
    ///
    /// # Errors
    /// [`StorageError`].
    fn hold(&mut self, id: InstructorId) -> Result<Option<Instructor>, StorageError>;

    /// The instructor with this id, if it is deleted.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find_deleted(&mut self, id: InstructorId) -> Result<Option<Instructor>, StorageError>;

    /// The instructors that match and are not deleted, in a total order.
    ///
    /// # Errors
    /// [`StorageError`].
    fn list(
        &mut self,
        filter: &InstructorFilter,
        page: &PageRequest<InstructorSort>,
    ) -> Result<Page<Instructor>, StorageError>;

    /// The sealed tax id of an instructor that is not deleted, if there is one.
    ///
    /// # Errors
    /// [`StorageError`].
    fn tax_id(&mut self, id: InstructorId) -> Result<Option<Sealed>, StorageError>;

    /// Keeps this sealed tax id with its end, or none; [`insert`](Self::insert) and [`update`](Self::update) leave it
    /// as it is.
    ///
    /// # Errors
    /// [`StorageError`].
    fn put_tax_id(
        &mut self,
        id: InstructorId,
        tax_id: Option<SealedTaxId>,
    ) -> Result<(), StorageError>;

    /// Adds an instructor.
    ///
    /// # Errors
    /// [`StorageError::Constraint`] with `instructors_email_key` when another one has the
    /// address, `instructors_user_key` when another one is the user, and `instructors_user_fkey` when the user is not of
    /// this tenant.
    fn insert(&mut self, instructor: &Instructor) -> Result<(), StorageError>;

    /// Writes an instructor whose version is one above the stored one.
    ///
    /// # Errors
    /// [`StorageError::Stale`] when the stored version is another; [`StorageError::Constraint`] as for
    /// [`insert`](Self::insert).
    fn update(&mut self, instructor: &Instructor) -> Result<(), StorageError>;
}
