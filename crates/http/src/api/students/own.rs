//! What a member may see of their own training.

use actix_web::{HttpResponse, get};
use jiff::civil::Date;
use serde::Serialize;
use unionhall_domain::students::{Student, StudentDetails, StudentNumber};
use utoipa::ToSchema;

use super::super::{choices::StudentStatusName, docs::Record, routes::Routes, shown::Shown};
use crate::web::{answer, caller::Caller, problem::Problem};

/// One's own record as a student, without what the school notes for itself.
#[derive(Serialize, ToSchema)]
#[schema(as = OwnStudent)]
struct OwnStudentView<'a> {
    /// The number that people quote.
    #[schema(value_type = String, example = "2026-0001")]
    student_number: Shown<StudentNumber>,
    /// Given name.
    first_name: &'a str,
    /// Family name.
    last_name: &'a str,
    /// Where one stands.
    #[schema(value_type = StudentStatusName)]
    status: &'static str,
    /// The day of the application.
    #[schema(value_type = String, format = Date)]
    application_date: Shown<Date>,
    /// The day one was enrolled, the first time.
    #[schema(value_type = Option<String>, required = true, format = Date)]
    enrollment_date: Option<Shown<Date>>,
    /// The day one should be through.
    #[schema(value_type = Option<String>, required = true, format = Date)]
    expected_completion_date: Option<Shown<Date>>,
    /// The day one was through.
    #[schema(value_type = Option<String>, required = true, format = Date)]
    actual_completion_date: Option<Shown<Date>>,
    /// Whom to call when something happens.
    #[schema(required = true)]
    emergency_contact_name: Option<&'a str>,
    /// Their telephone number, as written.
    #[schema(required = true)]
    emergency_contact_phone: Option<&'a str>,
    /// What they are to one.
    #[schema(required = true)]
    emergency_contact_relationship: Option<&'a str>,
}

impl<'a> From<&'a Student> for OwnStudentView<'a> {
    fn from(student: &'a Student) -> Self {
        let StudentDetails {
            application_date,
            expected_completion_date,
            former_number: _,
            emergency_contact_name,
            emergency_contact_phone,
            emergency_contact_relationship,
            notes: _,
        } = &student.details;
        let standing = &student.standing;
        Self {
            student_number: Shown(student.number),
            first_name: student.name.first.as_str(),
            last_name: student.name.last.as_str(),
            status: standing.status.as_str(),
            application_date: Shown(*application_date),
            enrollment_date: standing.enrollment_date.map(Shown),
            expected_completion_date: expected_completion_date.map(Shown),
            actual_completion_date: standing.completion_date.map(Shown),
            emergency_contact_name: emergency_contact_name.as_ref().map(|text| text.as_str()),
            emergency_contact_phone: emergency_contact_phone.as_ref().map(|text| text.as_str()),
            emergency_contact_relationship: emergency_contact_relationship
                .as_ref()
                .map(|text| text.as_str()),
        }
    }
}

/// The routes, in the order of the document.
pub(in crate::api) fn routes(routes: &mut Routes<'_, '_>) {
    routes.schema::<OwnStudentView<'_>>().add(own);
}

/// Reads one's own record as a student; there is none for whoever is no student.
#[utoipa::path(
    operation_id = "students_own",
    tag = "students",
    responses(Record<OwnStudentView>)
)]
#[get("/me/student")]
async fn own(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let found = caller
        .read(|application, call| application.students.own(call))
        .await?;
    let view = OwnStudentView::from(&found);
    Ok(answer::record(&view, found.version))
}
