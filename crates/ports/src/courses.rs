//! Courses in storage.

use unionhall_domain::courses::{Course, CourseEdition, CourseId, CourseType, Requirement};

use crate::{
    pages::{Page, PageRequest},
    storage::StorageError,
};

/// Which courses are wanted; what is `None` does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CourseFilter {
    /// Of this kind.
    pub course_type: Option<CourseType>,
    /// That classes can be planned of, or that none can be planned of.
    pub is_active: Option<bool>,
    /// Without which the program can, or cannot, be completed.
    pub is_required: Option<bool>,
    /// With this code, case aside.
    pub code: Option<String>,
    /// With words that begin so in code, title or description, accents and case aside.
    pub search: Option<String>,
}

/// What a list of courses can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CourseSort {
    /// Code, case aside.
    #[default]
    Code,
    /// Title, accents and case aside.
    Name,
    /// Time of entry.
    Created,
}

/// What a list of editions can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EditionSort {
    /// Number.
    #[default]
    Edition,
}

/// The courses of one tenant.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait CourseRepository {
    /// The course with this id, unless deleted.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find(&mut self, id: CourseId) -> Result<Option<Course>, StorageError>;

    /// The course with this id, unless deleted, kept from being changed or deleted by others until the transaction
    /// ends; others may hold it too.
    ///
    /// # Errors
    /// [`StorageError`].
    fn hold(&mut self, id: CourseId) -> Result<Option<Course>, StorageError>;

    /// The course with this id, if it is deleted.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find_deleted(&mut self, id: CourseId) -> Result<Option<Course>, StorageError>;

    /// The courses that match and are not deleted, in a total order.
    ///
    /// # Errors
    /// [`StorageError`].
    fn list(
        &mut self,
        filter: &CourseFilter,
        page: &PageRequest<CourseSort>,
    ) -> Result<Page<Course>, StorageError>;

    /// The editions of a course, deleted or not, in the order of their numbers.
    ///
    /// # Errors
    /// [`StorageError`].
    fn editions(
        &mut self,
        id: CourseId,
        page: &PageRequest<EditionSort>,
    ) -> Result<Page<CourseEdition>, StorageError>;

    /// Lets nobody else decide which course comes before which, in this tenant, until the transaction ends.
    ///
    /// # Errors
    /// [`StorageError`].
    fn lock_prerequisites(&mut self) -> Result<(), StorageError>;

    /// Which course comes before which, of those that are not deleted: all of the tenant.
    ///
    /// # Errors
    /// [`StorageError`].
    fn requirements(&mut self) -> Result<Vec<Requirement>, StorageError>;

    /// Those of these courses that are there and not deleted, in the order of their ids.
    ///
    /// # Errors
    /// [`StorageError`].
    fn known(&mut self, ids: &[CourseId]) -> Result<Vec<CourseId>, StorageError>;

    /// Adds a course with its prerequisites and its present edition.
    ///
    /// # Errors
    /// [`StorageError::Constraint`] with `courses_code_key` when another course has the code, and with
    /// `course_prerequisites_prerequisite_fkey` when a prerequisite is not of this tenant.
    fn insert(&mut self, course: &Course) -> Result<(), StorageError>;

    /// Writes a course whose version is one above the stored one, with its prerequisites as they are now, and adds
    /// its present edition unless that is there.
    ///
    /// # Errors
    /// [`StorageError::Stale`] when the stored version is another; [`StorageError::Constraint`] as for
    /// [`insert`](Self::insert).
    fn update(&mut self, course: &Course) -> Result<(), StorageError>;
}
