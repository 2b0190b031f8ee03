//! Meetings on the steps of grievances, in storage.

use unionhall_domain::{
    grievances::GrievanceId,
    step_meetings::{Statement, StepMeeting, StepMeetingId},
};

use crate::{
    pages::{Page, PageRequest},
    storage::StorageError,
};

/// What a list of meetings can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StepMeetingSort {
    /// When they begin.
    #[default]
    Start,
}

/// The meetings of one tenant's grievances.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait StepMeetingRepository {
    /// The meeting of this grievance with this id: attendees in their order, statements earliest first.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find(
        &mut self,
        grievance: GrievanceId,
        id: StepMeetingId,
    ) -> Result<Option<StepMeeting>, StorageError>;

    /// The meetings of a grievance, in a total order.
    ///
    /// # Errors
    /// [`StorageError`].
    fn list(
        &mut self,
        grievance: GrievanceId,
        page: &PageRequest<StepMeetingSort>,
    ) -> Result<Page<StepMeeting>, StorageError>;

    /// Adds a meeting with its attendees; its statements are added one by one.
    ///
    /// # Errors
    /// [`StorageError::Constraint`] with `step_meeting_attendees_user_fkey` when a user is not of this tenant.
    fn insert(&mut self, meeting: &StepMeeting) -> Result<(), StorageError>;

    /// Writes a meeting whose version is one above the stored one, with its attendees and without its statements.
    ///
    /// # Errors
    /// [`StorageError::Stale`] when the stored version is another; [`StorageError::Constraint`] as for
    /// [`insert`](Self::insert).
    fn update(&mut self, meeting: &StepMeeting) -> Result<(), StorageError>;

    /// Adds a statement to a meeting.
    ///
    /// # Errors
    /// [`StorageError`].
    fn insert_statement(
        &mut self,
        meeting: StepMeetingId,
        statement: &Statement,
    ) -> Result<(), StorageError>;

    /// Writes a statement that is a draft in storage.
    ///
    /// # Errors
    /// [`StorageError::Stale`] when it is signed off there, or is not there: the database changes no signed statement.
    fn update_statement(&mut self, statement: &Statement) -> Result<(), StorageError>;
}
