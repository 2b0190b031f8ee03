//! How a student is shown, and how their history is.

use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use unionhall_domain::{
    members::MemberId,
    organizations::OrganizationId,
    students::{Moved, Standing, Student, StudentDetails, StudentId, StudentNumber, StudentStatus},
    users::UserId,
};
use utoipa::ToSchema;

use super::super::{
    choices::{StudentActionName, StudentStatusName},
    shown::Shown,
};

/// Somebody in training: a member of the tenant, or somebody whom another union sends.
#[derive(Serialize, ToSchema)]
#[schema(as = Student)]
pub(super) struct StudentView<'a> {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<StudentId>,
    /// The number that people quote.
    #[schema(value_type = String, example = "2026-0001")]
    student_number: Shown<StudentNumber>,
    /// The member, if the student is one of this tenant.
    #[schema(value_type = Option<String>, required = true, format = "uuid")]
    member_id: Option<Shown<MemberId>>,
    /// The union that sends the student, if another one does.
    #[schema(value_type = Option<String>, required = true, format = "uuid")]
    union_id: Option<Shown<OrganizationId>>,
    /// The number that the student has at that union.
    #[schema(required = true)]
    member_number: Option<&'a str>,
    /// Given name; of a member what the roster says.
    first_name: &'a str,
    /// Family name; of a member what the roster says.
    last_name: &'a str,
    /// E-mail address of a student whom another union sends.
    #[schema(required = true)]
    email: Option<&'a str>,
    /// Telephone number of a student whom another union sends.
    #[schema(required = true)]
    phone: Option<&'a str>,
    /// The day they applied.
    #[schema(value_type = String, format = Date)]
    application_date: Shown<Date>,
    /// The day they should be through.
    #[schema(value_type = Option<String>, required = true, format = Date)]
    expected_completion_date: Option<Shown<Date>>,
    /// The number that an older system gave them.
    #[schema(required = true)]
    former_number: Option<&'a str>,
    /// Whom to call when something happens.
    #[schema(required = true)]
    emergency_contact_name: Option<&'a str>,
    /// Their telephone number, as written.
    #[schema(required = true)]
    emergency_contact_phone: Option<&'a str>,
    /// What they are to the student.
    #[schema(required = true)]
    emergency_contact_relationship: Option<&'a str>,
    /// Free notes.
    #[schema(required = true)]
    notes: Option<&'a str>,
    /// Where the student stands.
    #[schema(value_type = StudentStatusName)]
    status: &'static str,
    /// The day of the last move, or of the application.
    #[schema(value_type = String, format = Date)]
    status_since: Shown<Date>,
    /// The day the student was enrolled, the first time.
    #[schema(value_type = Option<String>, required = true, format = Date)]
    enrollment_date: Option<Shown<Date>>,
    /// The day the student was through.
    #[schema(value_type = Option<String>, required = true, format = Date)]
    actual_completion_date: Option<Shown<Date>>,
    /// Counts the changes of the record.
    #[schema(minimum = 1)]
    version: i64,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Shown<Timestamp>,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Shown<Timestamp>,
    /// What the caller may do with it now; not in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<StudentActionName>, required = false)]
    allowed_actions: Option<Vec<&'static str>>,
}

impl StudentView<'_> {
    /// The same view, with what the caller may do.
    pub(super) fn allowing(self, actions: Vec<&'static str>) -> Self {
        Self {
            allowed_actions: Some(actions),
            ..self
        }
    }
}

impl<'a> From<&'a Student> for StudentView<'a> {
    fn from(student: &'a Student) -> Self {
        let StudentDetails {
            application_date,
            expected_completion_date,
            former_number,
            emergency_contact_name,
            emergency_contact_phone,
            emergency_contact_relationship,
            notes,
        } = &student.details;
        let Standing {
            status,
            enrollment_date,
            completion_date,
            since,
        } = student.standing;
        let sent = student.person.sent();
        Self {
            id: Shown(student.id),
            student_number: Shown(student.number),
            member_id: student.person.member().map(Shown),
            union_id: sent.map(|sent| Shown(sent.union)),
            member_number: sent.map(|sent| sent.member_number.as_str()),
            first_name: student.name.first.as_str(),
            last_name: student.name.last.as_str(),
            email: sent.and_then(|sent| sent.email.as_ref().map(|text| text.as_str())),
            phone: sent.and_then(|sent| sent.phone.as_ref().map(|text| text.as_str())),
            application_date: Shown(*application_date),
            expected_completion_date: expected_completion_date.map(Shown),
            former_number: former_number.as_ref().map(|text| text.as_str()),
            emergency_contact_name: emergency_contact_name.as_ref().map(|text| text.as_str()),
            emergency_contact_phone: emergency_contact_phone.as_ref().map(|text| text.as_str()),
            emergency_contact_relationship: emergency_contact_relationship
                .as_ref()
                .map(|text| text.as_str()),
            notes: notes.as_ref().map(|text| text.as_str()),
            status: status.as_str(),
            status_since: Shown(since),
            enrollment_date: enrollment_date.map(Shown),
            actual_completion_date: completion_date.map(Shown),
            version: student.version.get(),
            created_at: Shown(student.created_at),
            updated_at: Shown(student.updated_at),
            allowed_actions: None,
        }
    }
}

/// One move of a student.
#[derive(Serialize, ToSchema)]
#[schema(as = StudentMove)]
pub(super) struct StudentMoveView<'a> {
    /// Where the student stood; null when the record was made.
    #[schema(value_type = Option<StudentStatusName>, required = true)]
    from: Option<&'static str>,
    /// Where the student stood from then on.
    #[schema(value_type = StudentStatusName)]
    to: &'static str,
    /// As of which day.
    #[schema(value_type = String, format = Date)]
    on: Shown<Date>,
    /// Why.
    #[schema(required = true)]
    reason: Option<&'a str>,
    /// Who wrote it down.
    #[schema(value_type = Option<String>, required = true, format = "uuid")]
    moved_by: Option<Shown<UserId>>,
    /// When it was written down.
    #[schema(value_type = String, format = DateTime)]
    moved_at: Shown<Timestamp>,
}

impl<'a> From<&'a Moved> for StudentMoveView<'a> {
    fn from(moved: &'a Moved) -> Self {
        let Moved {
            from,
            to,
            on,
            reason,
            by,
            at,
        } = moved;
        Self {
            from: from.map(StudentStatus::as_str),
            to: to.as_str(),
            on: Shown(*on),
            reason: reason.as_ref().map(|text| text.as_str()),
            moved_by: by.map(Shown),
            moved_at: Shown(*at),
        }
    }
}
