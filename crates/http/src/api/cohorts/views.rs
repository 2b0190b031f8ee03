//! How a cohort is shown.

use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use unionhall_domain::{
    cohorts::{Cohort, CohortDetails, CohortId, Stay, Teachers},
    instructors::InstructorId,
    locations::LocationId,
    students::StudentId,
};
use utoipa::ToSchema;

use super::super::{
    choices::{CohortActionName, CohortStatusName},
    shown::Shown,
};

/// A group of students who are taught together.
#[derive(Serialize, ToSchema)]
#[schema(as = Cohort)]
pub(super) struct CohortView<'a> {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<CohortId>,
    /// A short name of its own, given to no other cohort of the tenant.
    code: &'a str,
    /// What it is called.
    name: &'a str,
    /// What it is about.
    #[schema(required = true)]
    description: Option<&'a str>,
    /// The day it begins.
    #[schema(value_type = String, format = Date)]
    start_date: Shown<Date>,
    /// The day it should end.
    #[schema(value_type = Option<String>, required = true, format = Date)]
    end_date: Option<Shown<Date>>,
    /// Where it is taught.
    #[schema(value_type = Option<String>, required = true, format = "uuid")]
    location_id: Option<Shown<LocationId>>,
    /// How many students it takes; as many as come when nothing is said.
    #[schema(required = true)]
    capacity: Option<i32>,
    /// Who teaches it, the primary one first.
    #[schema(value_type = Vec<String>)]
    instructor_ids: Vec<Shown<InstructorId>>,
    /// The one to ask first; null when nobody teaches it yet.
    #[schema(value_type = Option<String>, required = true, format = "uuid")]
    primary_instructor_id: Option<Shown<InstructorId>>,
    /// Where it stands.
    #[schema(value_type = CohortStatusName)]
    status: &'static str,
    /// Why it was cancelled.
    #[schema(required = true)]
    cancellation_reason: Option<&'a str>,
    /// How many students are in it now.
    students: u32,
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
    #[schema(value_type = Vec<CohortActionName>, required = false)]
    allowed_actions: Option<Vec<&'static str>>,
}

impl CohortView<'_> {
    /// The same view, with what the caller may do.
    pub(super) fn allowing(self, actions: Vec<&'static str>) -> Self {
        Self {
            allowed_actions: Some(actions),
            ..self
        }
    }
}

impl<'a> From<&'a Cohort> for CohortView<'a> {
    fn from(cohort: &'a Cohort) -> Self {
        let Cohort {
            id,
            details,
            teachers,
            status,
            cancellation,
            students,
            version,
            created_at,
            updated_at,
            deleted_at: _,
        } = cohort;
        let CohortDetails {
            code,
            name,
            description,
            start_date,
            end_date,
            location,
            capacity,
        } = details;
        Self {
            id: Shown(*id),
            code: code.as_str(),
            name: name.as_str(),
            description: description.as_ref().map(|text| text.as_str()),
            start_date: Shown(*start_date),
            end_date: end_date.map(Shown),
            location_id: location.map(Shown),
            capacity: capacity.map(|found| found.get()),
            instructor_ids: teachers.iter().flat_map(Teachers::all).map(Shown).collect(),
            primary_instructor_id: teachers.as_ref().map(|found| Shown(found.primary())),
            status: status.as_str(),
            cancellation_reason: cancellation.as_ref().map(|text| text.as_str()),
            students: *students,
            version: version.get(),
            created_at: Shown(*created_at),
            updated_at: Shown(*updated_at),
            allowed_actions: None,
        }
    }
}

/// A student's time in a cohort.
#[derive(Serialize, ToSchema)]
#[schema(as = CohortStay)]
pub(super) struct StayView<'a> {
    /// The student.
    #[schema(value_type = String, format = "uuid")]
    student_id: Shown<StudentId>,
    /// The day they came.
    #[schema(value_type = String, format = Date)]
    joined_on: Shown<Date>,
    /// The day they left; null while they are in it.
    #[schema(value_type = Option<String>, required = true, format = Date)]
    left_on: Option<Shown<Date>>,
    /// Why they left.
    #[schema(required = true)]
    reason: Option<&'a str>,
}

impl<'a> From<&'a Stay> for StayView<'a> {
    fn from(stay: &'a Stay) -> Self {
        let Stay {
            id: _,
            cohort: _,
            student,
            joined_on,
            left_on,
            reason,
        } = stay;
        Self {
            student_id: Shown(*student),
            joined_on: Shown(*joined_on),
            left_on: left_on.map(Shown),
            reason: reason.as_ref().map(|text| text.as_str()),
        }
    }
}
