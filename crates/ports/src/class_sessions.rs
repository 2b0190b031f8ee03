//! Class sessions in storage.

use jiff::{Timestamp, civil::Date};
use unionhall_domain::{
    class_sessions::{ClassSession, ClassSessionId, Overlap, SeriesId},
    classes::ClassId,
    instructors::InstructorId,
    locations::LocationId,
};

use crate::{
    pages::{Page, PageRequest},
    storage::StorageError,
};

/// Which sessions are wanted; what is `None` does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClassSessionFilter {
    /// Of this class.
    pub class: Option<ClassId>,
    /// Of this series.
    pub series: Option<SeriesId>,
    /// Taught by this instructor.
    pub instructor: Option<InstructorId>,
    /// At this location.
    pub location: Option<LocationId>,
    /// That begin on this day or later.
    pub from: Option<Date>,
    /// That begin on this day or earlier.
    pub to: Option<Date>,
    /// That were, or were not, cancelled.
    pub is_cancelled: Option<bool>,
}

/// What a list of sessions can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ClassSessionSort {
    /// When they begin.
    #[default]
    Starts,
}

/// The class sessions of one tenant.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait ClassSessionRepository {
    /// The session with this id.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find(&mut self, id: ClassSessionId) -> Result<Option<ClassSession>, StorageError>;

    /// The session with this id, kept from being changed by others until the transaction ends; others may hold it too.
    ///
    /// # Errors
    /// [`StorageError`].
    fn hold(&mut self, id: ClassSessionId) -> Result<Option<ClassSession>, StorageError>;

    /// The sessions that match, in a total order.
    ///
    /// # Errors
    /// [`StorageError`].
    fn list(
        &mut self,
        filter: &ClassSessionFilter,
        page: &PageRequest<ClassSessionSort>,
    ) -> Result<Page<ClassSession>, StorageError>;

    /// Lets nobody else write to this tenant's timetable until the transaction ends.
    ///
    /// # Errors
    /// [`StorageError`].
    fn lock_timetable(&mut self) -> Result<(), StorageError>;

    /// The sessions of a series from a day on that are not cancelled, in the order of their times.
    ///
    /// # Errors
    /// [`StorageError`].
    fn of_series(&mut self, id: SeriesId, from: Date) -> Result<Vec<ClassSession>, StorageError>;

    /// The sessions of a class that are not cancelled, in the order of their times.
    ///
    /// # Errors
    /// [`StorageError`].
    fn of_class(&mut self, id: ClassId) -> Result<Vec<ClassSession>, StorageError>;

    /// The days of up to 20 sessions at a location that have not ended and are not cancelled, in the order of their times.
    ///
    /// # Errors
    /// [`StorageError`].
    fn days_at(&mut self, location: LocationId, now: Timestamp) -> Result<Vec<Date>, StorageError>;

    /// The days of up to 20 sessions of an instructor that have not ended and are not cancelled, in the order of their
    /// times.
    ///
    /// # Errors
    /// [`StorageError`].
    fn days_taught_by(
        &mut self,
        instructor: InstructorId,
        now: Timestamp,
    ) -> Result<Vec<Date>, StorageError>;

    /// What is at the same time as these sessions, in the room, of the instructor, or of the class; in a total order.
    /// What is cancelled overlaps nothing. Each two sessions are there once for each of the two that was asked about.
    ///
    /// # Errors
    /// [`StorageError`].
    fn overlaps(&mut self, ids: &[ClassSessionId]) -> Result<Vec<Overlap>, StorageError>;

    /// Adds sessions.
    ///
    /// # Errors
    /// [`StorageError::Constraint`] with `class_sessions_class_fkey`, `class_sessions_location_fkey` or
    /// `class_sessions_instructor_fkey` when what they name is not of this tenant.
    fn insert(&mut self, sessions: &[ClassSession]) -> Result<(), StorageError>;

    /// Writes a session whose version is one above the stored one.
    ///
    /// # Errors
    /// [`StorageError::Stale`] when the stored version is another; [`StorageError::Constraint`] as for
    /// [`insert`](Self::insert).
    fn update(&mut self, session: &ClassSession) -> Result<(), StorageError>;
}
