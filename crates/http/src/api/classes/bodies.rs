//! What can be said of a class.

use serde::Deserialize;
use unionhall_domain::{
    classes::{ClassPlan, ClassPlanChange, Term},
    courses::CourseId,
    ids::Id,
    seats::Seats,
    text::{Line, Prose},
};
use utoipa::ToSchema;

use crate::web::{
    fields::{Input, Reader, Unknown, date},
    problem::Problem,
};

/// A class to be planned.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = CreateClass,
    example = json!({
        "course_id": "019aa5c8-7b00-7000-8000-000000000001", "name": "2027 spring, evenings",
        "starts_on": "2027-01-04", "ends_on": "2027-03-26", "capacity": 24
    })
)]
pub(super) struct CreateClassBody {
    /// The course: one that is taught.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = "uuid")]
    course_id: Input,
    /// What it is called, beside the course.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 100, pattern = r"\S")]
    name: Input,
    /// The first day of its term.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = Date)]
    starts_on: Input,
    /// The last day of its term.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = Date)]
    ends_on: Input,
    /// How many students it takes; as many as the course says, when nothing is said.
    #[serde(default)]
    #[schema(value_type = Option<i32>, minimum = 1, maximum = 10000)]
    capacity: Input,
    /// Notes of the office.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 5000, pattern = r"\S")]
    notes: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl CreateClassBody {
    /// The course and the plan, or every field that is wrong.
    pub(super) fn command(self) -> Result<(CourseId, ClassPlan), Problem> {
        let mut reader = Reader::new(&self.unknown);
        let course = reader.required("course_id", self.course_id, Id::parse);
        let name = reader.required("name", self.name, Line::parse);
        let starts_on = reader.required("starts_on", self.starts_on, date);
        let ends_on = reader.required("ends_on", self.ends_on, date);
        let capacity = reader.whole_number("capacity", self.capacity, Seats::new);
        let notes = reader.optional("notes", self.notes, Prose::parse);
        let term = match starts_on
            .zip(ends_on)
            .map(|(first, last)| Term::new(first, last))
        {
            Some(Ok(term)) => Some(term),
            Some(Err(error)) => {
                reader.wrong("ends_on", error.invalid);
                None
            }
            None => None,
        };
        let command = course.zip(name).zip(term).map(|((course, name), term)| {
            let plan = ClassPlan {
                name,
                term,
                capacity,
                notes,
            };
            (course, plan)
        });
        reader.finish(command)
    }
}

/// What to change of the plan of a class.
#[derive(Deserialize, ToSchema)]
#[schema(as = ChangeClass, example = json!({"ends_on": "2027-04-02", "capacity": 26}))]
pub(super) struct ChangeClassBody {
    /// What it is called, beside the course.
    #[serde(default)]
    #[schema(value_type = String, max_length = 100, pattern = r"\S")]
    name: Input,
    /// The first day of its term.
    #[serde(default)]
    #[schema(value_type = String, format = Date)]
    starts_on: Input,
    /// The last day of its term.
    #[serde(default)]
    #[schema(value_type = String, format = Date)]
    ends_on: Input,
    /// How many students it takes; null for no bound.
    #[serde(default)]
    #[schema(value_type = Option<i32>, minimum = 1, maximum = 10000)]
    capacity: Input,
    /// Notes of the office.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 5000, pattern = r"\S")]
    notes: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl ChangeClassBody {
    /// The change, or every field that is wrong.
    pub(super) fn command(self) -> Result<ClassPlanChange, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let change = ClassPlanChange {
            name: reader.change("name", self.name, Line::parse),
            starts_on: reader.change("starts_on", self.starts_on, date),
            ends_on: reader.change("ends_on", self.ends_on, date),
            capacity: reader.clearable_number("capacity", self.capacity, Seats::new),
            notes: reader.clearable("notes", self.notes, Prose::parse),
        };
        reader.finish(Some(change))
    }
}
