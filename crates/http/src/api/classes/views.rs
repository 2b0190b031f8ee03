//! How a class is shown.

use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use unionhall_domain::{
    classes::{Class, ClassId, ClassPlan},
    courses::CourseId,
    seats::Seats,
};
use utoipa::ToSchema;

use super::super::{
    choices::{ClassActionName, ClassStatusName},
    shown::Shown,
};

/// One run of a course.
#[derive(Serialize, ToSchema)]
#[schema(as = Class)]
pub(super) struct ClassView<'a> {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<ClassId>,
    /// The course.
    #[schema(value_type = String, format = "uuid")]
    course_id: Shown<CourseId>,
    /// The edition of the course that it is taught in, which stays.
    #[schema(minimum = 1)]
    course_edition: u16,
    /// What it is called, beside the course.
    name: &'a str,
    /// The first day of its term.
    #[schema(value_type = String, format = Date)]
    starts_on: Shown<Date>,
    /// The last day of its term.
    #[schema(value_type = String, format = Date)]
    ends_on: Shown<Date>,
    /// How many students it takes; null for no bound.
    #[schema(required = true)]
    capacity: Option<i32>,
    /// Notes of the office.
    #[schema(required = true)]
    notes: Option<&'a str>,
    /// Where it stands.
    #[schema(value_type = ClassStatusName)]
    status: &'static str,
    /// Why it was cancelled.
    #[schema(required = true)]
    status_reason: Option<&'a str>,
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
    #[schema(value_type = Vec<ClassActionName>, required = false)]
    allowed_actions: Option<Vec<&'static str>>,
}

impl ClassView<'_> {
    /// The same view, with what the caller may do.
    pub(super) fn allowing(self, actions: Vec<&'static str>) -> Self {
        Self {
            allowed_actions: Some(actions),
            ..self
        }
    }
}

impl<'a> From<&'a Class> for ClassView<'a> {
    fn from(class: &'a Class) -> Self {
        let ClassPlan {
            name,
            term,
            capacity,
            notes,
        } = &class.plan;
        Self {
            id: Shown(class.id),
            course_id: Shown(class.course),
            course_edition: class.edition.get(),
            name: name.as_str(),
            starts_on: Shown(term.starts_on()),
            ends_on: Shown(term.ends_on()),
            capacity: capacity.map(Seats::get),
            notes: notes.as_ref().map(|text| text.as_str()),
            status: class.state.as_str(),
            status_reason: class.state.reason().map(|text| text.as_str()),
            version: class.version.get(),
            created_at: Shown(class.created_at),
            updated_at: Shown(class.updated_at),
            allowed_actions: None,
        }
    }
}
