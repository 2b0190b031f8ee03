//! Classes in storage.

use jiff::civil::Date;
use unionhall_domain::{
    classes::{Class, ClassId},
    courses::CourseId,
};

use crate::{
    pages::{Page, PageRequest},
    storage::StorageError,
};

/// Which classes are wanted; what is `None` does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClassFilter {
    /// Of this course.
    pub course: Option<CourseId>,
    /// With this status, by its name.
    pub status: Option<&'static str>,
    /// Of whose term this day is one.
    pub on: Option<Date>,
    /// With words that begin so in its name, accents and case aside.
    pub search: Option<String>,
}

/// What a list of classes can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ClassSort {
    /// The first day of the term.
    #[default]
    Starts,
    /// Time of entry.
    Created,
}

/// The classes of one tenant.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait ClassRepository {
    /// The class with this id, unless deleted.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find(&mut self, id: ClassId) -> Result<Option<Class>, StorageError>;

    /// The class with this id, unless deleted, kept from being changed or held by others until the transaction ends:
    /// whoever gives its seats away does so one after the other.
    ///
    /// # Errors
    /// [`StorageError`].
    fn hold(&mut self, id: ClassId) -> Result<Option<Class>, StorageError>;

    /// The class with this id, if it is deleted.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find_deleted(&mut self, id: ClassId) -> Result<Option<Class>, StorageError>;

    /// The classes that match and are not deleted, in a total order.
    ///
    /// # Errors
    /// [`StorageError`].
    fn list(
        &mut self,
        filter: &ClassFilter,
        page: &PageRequest<ClassSort>,
    ) -> Result<Page<Class>, StorageError>;

    /// How many classes of a course are not deleted.
    ///
    /// # Errors
    /// [`StorageError`].
    fn count_of_course(&mut self, course: CourseId) -> Result<u64, StorageError>;

    /// Adds a class.
    ///
    /// # Errors
    /// [`StorageError::Constraint`] with `classes_course_fkey` when the edition is not one of a course of this tenant.
    fn insert(&mut self, class: &Class) -> Result<(), StorageError>;

    /// Writes a class whose version is one above the stored one.
    ///
    /// # Errors
    /// [`StorageError::Stale`] when the stored version is another.
    fn update(&mut self, class: &Class) -> Result<(), StorageError>;
}
