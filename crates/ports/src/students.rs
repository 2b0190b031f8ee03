//! Students in storage.

use unionhall_domain::{
    cohorts::CohortId,
    members::MemberId,
    organizations::OrganizationId,
    students::{Moved, Student, StudentId, StudentNumber, StudentStatus},
    text::Line,
};
use uuid::Uuid;

use crate::{
    pages::{Page, PageRequest},
    storage::StorageError,
};

/// Which students are wanted; what is `None` does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StudentFilter {
    /// With this status.
    pub status: Option<StudentStatus>,
    /// Whom this union sends.
    pub union: Option<OrganizationId>,
    /// Who is this member.
    pub member: Option<MemberId>,
    /// Who is in this cohort now.
    pub cohort: Option<CohortId>,
    /// Whose name or numbers hold these words, accents and case aside.
    pub search: Option<String>,
}

/// What a list of students can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StudentSort {
    /// Family name, given name; accents and case aside.
    #[default]
    Name,
    /// Time of entry.
    Created,
}

/// The students of one tenant.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait StudentRepository {
    /// The student with this id, unless deleted.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find(&mut self, id: StudentId) -> Result<Option<Student>, StorageError>;

    /// The student with this id, unless deleted, kept from being changed or deleted by others until the transaction
    /// ends; others may hold it too.
    ///
    /// # Errors
    /// [`StorageError`].
    fn hold(&mut self, id: StudentId) -> Result<Option<Student>, StorageError>;

    /// The student with this id, if it is deleted.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find_deleted(&mut self, id: StudentId) -> Result<Option<Student>, StorageError>;

    /// The students that match and are not deleted, in a total order.
    ///
    /// # Errors
    /// [`StorageError`].
    fn list(
        &mut self,
        filter: &StudentFilter,
        page: &PageRequest<StudentSort>,
    ) -> Result<Page<Student>, StorageError>;

    /// The next number of `year`. Numbers have no gaps: two transactions never get the same one, and
    /// a number that is not used because the transaction is rolled back is given out again.
    ///
    /// # Errors
    /// [`StorageError`].
    fn next_number(&mut self, year: i16) -> Result<StudentNumber, StorageError>;

    /// The student with this number, unless deleted.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find_by_number(&mut self, number: StudentNumber) -> Result<Option<Student>, StorageError>;

    /// The student who is this member, unless deleted.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find_of_member(&mut self, member: MemberId) -> Result<Option<Student>, StorageError>;

    /// Whether there is a student, perhaps a deleted one, whom this union sends under this number, case aside.
    ///
    /// # Errors
    /// [`StorageError`].
    fn is_sent(
        &mut self,
        union: OrganizationId,
        member_number: &Line<50>,
    ) -> Result<bool, StorageError>;

    /// The numbers of up to 20 students whom a union sends, unless deleted, in order.
    ///
    /// # Errors
    /// [`StorageError`].
    fn numbers_sent_by(
        &mut self,
        union: OrganizationId,
    ) -> Result<Vec<StudentNumber>, StorageError>;

    /// Keeps a move in the history of a student, which nothing changes.
    ///
    /// # Errors
    /// [`StorageError::Constraint`] when the student is not of this tenant.
    fn insert_move(
        &mut self,
        id: Uuid,
        student: StudentId,
        moved: &Moved,
    ) -> Result<(), StorageError>;

    /// The moves of a student, earliest first.
    ///
    /// # Errors
    /// [`StorageError`].
    fn history(&mut self, student: StudentId) -> Result<Vec<Moved>, StorageError>;

    /// Adds a student.
    ///
    /// # Errors
    /// [`StorageError::Constraint`] with `students_member_key` when the member is a student already, perhaps
    /// a deleted one, and `students_former_number_key` when another one has the former number. Of a member the name is what
    /// the roster says, whatever is given here, and follows it from then on.
    fn insert(&mut self, student: &Student) -> Result<(), StorageError>;

    /// Writes a student whose version is one above the stored one.
    ///
    /// # Errors
    /// [`StorageError::Stale`] when the stored version is another; [`StorageError::Constraint`] as for
    /// [`insert`](Self::insert).
    fn update(&mut self, student: &Student) -> Result<(), StorageError>;
}
