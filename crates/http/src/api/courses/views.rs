//! How a course is shown.

use jiff::Timestamp;
use serde::Serialize;
use unionhall_domain::{
    courses::{
        ContactHours, Course, CourseDetails, CourseEdition, CourseId, Credits, Edition, Percent,
    },
    seats::Seats,
    text::Line,
};
use utoipa::ToSchema;

use super::super::{
    choices::{CourseActionName, CourseTypeName},
    shown::Shown,
};

/// A course of the catalogue.
#[derive(Serialize, ToSchema)]
#[schema(as = Course)]
pub(super) struct CourseView<'a> {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<CourseId>,
    /// Its code in the catalogue.
    code: &'a str,
    /// Its title.
    name: &'a str,
    /// What it is about.
    #[schema(required = true)]
    description: Option<&'a str>,
    /// What kind of course it is.
    #[schema(value_type = CourseTypeName)]
    course_type: &'static str,
    /// What it counts for.
    #[schema(value_type = String, example = "3.00")]
    credits: Shown<Credits>,
    /// The hours in class.
    #[schema(value_type = String, example = "37.50")]
    contact_hours: Shown<ContactHours>,
    /// The result, in percent, from which it is passed.
    #[schema(value_type = String, example = "70.00")]
    passing_grade: Shown<Percent>,
    /// How many students one class of it takes, where nothing else is said of the class.
    #[schema(required = true)]
    capacity: Option<i32>,
    /// Whether the program cannot be completed without it.
    is_required: bool,
    /// Whether new classes of it can be planned.
    is_active: bool,
    /// The courses that must have been passed before.
    #[schema(value_type = Vec<String>)]
    prerequisite_ids: Vec<Shown<CourseId>>,
    /// Counts what a transcript shows differently: title, credits, contact hours, passing grade.
    #[schema(minimum = 1)]
    edition: u16,
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
    #[schema(value_type = Vec<CourseActionName>, required = false)]
    allowed_actions: Option<Vec<&'static str>>,
}

impl CourseView<'_> {
    /// The same view, with what the caller may do.
    pub(super) fn allowing(self, actions: Vec<&'static str>) -> Self {
        Self {
            allowed_actions: Some(actions),
            ..self
        }
    }
}

impl<'a> From<&'a Course> for CourseView<'a> {
    fn from(course: &'a Course) -> Self {
        let CourseDetails {
            code,
            name,
            description,
            course_type,
            credits,
            contact_hours,
            passing_grade,
            capacity,
            required: is_required,
            taught: is_active,
            prerequisites,
        } = &course.details;
        Self {
            id: Shown(course.id),
            code: code.as_str(),
            name: name.as_str(),
            description: description.as_ref().map(|text| text.as_str()),
            course_type: course_type.as_str(),
            credits: Shown(*credits),
            contact_hours: Shown(*contact_hours),
            passing_grade: Shown(*passing_grade),
            capacity: capacity.map(Seats::get),
            is_required: *is_required,
            is_active: *is_active,
            prerequisite_ids: prerequisites
                .as_slice()
                .iter()
                .copied()
                .map(Shown)
                .collect(),
            edition: course.edition.get(),
            version: course.version.get(),
            created_at: Shown(course.created_at),
            updated_at: Shown(course.updated_at),
            allowed_actions: None,
        }
    }
}

/// What a transcript says of a course.
#[derive(Serialize, ToSchema)]
#[schema(as = CourseEdition)]
pub(super) struct CourseEditionView<'a> {
    /// Which edition it is, counted from 1.
    #[schema(minimum = 1)]
    edition: u16,
    /// The title.
    name: &'a str,
    /// What it counts for.
    #[schema(value_type = String, example = "3.00")]
    credits: Shown<Credits>,
    /// The hours in class.
    #[schema(value_type = String, example = "37.50")]
    contact_hours: Shown<ContactHours>,
    /// The result, in percent, from which it is passed.
    #[schema(value_type = String, example = "70.00")]
    passing_grade: Shown<Percent>,
    /// Since when new classes are of this edition.
    #[schema(value_type = String, format = DateTime)]
    made_at: Shown<Timestamp>,
}

impl<'a> From<&'a CourseEdition> for CourseEditionView<'a> {
    fn from(shown: &'a CourseEdition) -> Self {
        let CourseEdition {
            course: _,
            edition,
            name,
            credits,
            contact_hours,
            passing_grade,
            made_at,
        } = shown;
        Self {
            edition: Edition::get(*edition),
            name: Line::as_str(name),
            credits: Shown(*credits),
            contact_hours: Shown(*contact_hours),
            passing_grade: Shown(*passing_grade),
            made_at: Shown(*made_at),
        }
    }
}
