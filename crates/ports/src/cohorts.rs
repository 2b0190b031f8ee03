//! Cohorts in storage.

use jiff::civil::Date;
use unionhall_domain::{
    cohorts::{Cohort, CohortId, CohortStatus, Stay},
    instructors::InstructorId,
    locations::LocationId,
    students::StudentId,
};

use crate::{
    pages::{Page, PageRequest},
    storage::StorageError,
};

/// Which cohorts are wanted; what is `None` does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CohortFilter {
    /// With this status.
    pub status: Option<CohortStatus>,
    /// Taught here.
    pub location: Option<LocationId>,
    /// Taught by this instructor, perhaps with others.
    pub instructor: Option<InstructorId>,
    /// Whose name or code holds these words, accents and case aside.
    pub search: Option<String>,
}

/// What a list of cohorts can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CohortSort {
    /// Name, accents and case aside.
    #[default]
    Name,
    /// Time of entry.
    Created,
}

/// The cohorts of one tenant.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait CohortRepository {
    /// The cohort with this id, unless deleted.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find(&mut self, id: CohortId) -> Result<Option<Cohort>, StorageError>;

    /// The cohort with this id, if it is deleted.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find_deleted(&mut self, id: CohortId) -> Result<Option<Cohort>, StorageError>;

    /// The cohorts that match and are not deleted, in a total order.
    ///
    /// # Errors
    /// [`StorageError`].
    fn list(
        &mut self,
        filter: &CohortFilter,
        page: &PageRequest<CohortSort>,
    ) -> Result<Page<Cohort>, StorageError>;

    /// The cohort with this id, unless deleted, kept from being changed, deleted or joined by others until the transaction
    /// ends; what is told of its students is as of then.
    ///
    /// # Errors
    /// [`StorageError`].
    fn lock(&mut self, id: CohortId) -> Result<Option<Cohort>, StorageError>;

    /// The codes of up to 20 cohorts at a location that are neither over nor deleted, in order.
    ///
    /// # Errors
    /// [`StorageError`].
    fn codes_at(&mut self, location: LocationId) -> Result<Vec<String>, StorageError>;

    /// The codes of up to 20 cohorts of an instructor that are neither over nor deleted, in order.
    ///
    /// # Errors
    /// [`StorageError`].
    fn codes_taught_by(&mut self, instructor: InstructorId) -> Result<Vec<String>, StorageError>;

    /// Adds a cohort.
    ///
    /// # Errors
    /// [`StorageError::Constraint`] with `cohorts_code_key` when another one has the code,
    /// `cohorts_location_fkey` and `cohort_instructors_instructor_fkey` when what is named is not of this tenant; that a
    /// cohort has instructors and no primary one is refused when the transaction ends.
    fn insert(&mut self, cohort: &Cohort) -> Result<(), StorageError>;

    /// Writes a cohort whose version is one above the stored one.
    ///
    /// # Errors
    /// [`StorageError::Stale`] when the stored version is another; [`StorageError::Constraint`] as for
    /// [`insert`](Self::insert).
    fn update(&mut self, cohort: &Cohort) -> Result<(), StorageError>;
}

/// The first day of a stay, by which a list of them is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StaySort {
    /// The day they joined.
    #[default]
    Joined,
}

/// Who is and was in the cohorts of one tenant.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait CohortRoll {
    /// The stay of a student that has not ended, if there is one.
    ///
    /// # Errors
    /// [`StorageError`].
    fn present(&mut self, student: StudentId) -> Result<Option<Stay>, StorageError>;

    /// The last day on which a student was in a cohort that they have left.
    ///
    /// # Errors
    /// [`StorageError`].
    fn last_left(&mut self, student: StudentId) -> Result<Option<Date>, StorageError>;

    /// The stays in a cohort, those that ended too, in a total order.
    ///
    /// # Errors
    /// [`StorageError`].
    fn list(
        &mut self,
        cohort: CohortId,
        page: &PageRequest<StaySort>,
    ) -> Result<Page<Stay>, StorageError>;

    /// Adds a stay.
    ///
    /// # Errors
    /// [`StorageError::Constraint`] with `cohort_stays_one_key` when the student has one that has not ended.
    fn insert(&mut self, stay: &Stay) -> Result<(), StorageError>;

    /// Writes the end of a stay.
    ///
    /// # Errors
    /// [`StorageError`].
    fn end(&mut self, stay: &Stay) -> Result<(), StorageError>;

    /// Ends every stay in a cohort that has not ended, on this day, or on its first where that is later.
    ///
    /// # Errors
    /// [`StorageError`].
    fn end_all(&mut self, cohort: CohortId, on: Date) -> Result<(), StorageError>;
}
