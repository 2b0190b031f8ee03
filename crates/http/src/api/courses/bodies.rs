//! What can be said of a course.

use serde::Deserialize;
use unionhall_domain::{
    change::Change,
    courses::{
        ContactHours, CourseChange, CourseDetails, CourseId, CourseType, Credits, Percent,
        Prerequisites,
    },
    ids::Id,
    seats::Seats,
    text::{Line, Prose},
};
use utoipa::ToSchema;

use super::super::choices::CourseTypeName;
use crate::web::{
    fields::{Input, Reader, Unknown},
    problem::Problem,
};

/// A course to be added.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = CreateCourse,
    example = json!({
        "code": "EL-201", "name": "Electrical theory II", "course_type": "core",
        "credits": "3.00", "contact_hours": "37.50", "passing_grade": "70.00", "capacity": 24,
        "prerequisite_ids": ["019aa5c8-7b00-7000-8000-000000000001"]
    })
)]
pub(super) struct CreateCourseBody {
    /// Its code in the catalogue: no other course has it, case aside.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 20, pattern = r"\S")]
    code: Input,
    /// Its title.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 200, pattern = r"\S")]
    name: Input,
    /// What it is about.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 10000, pattern = r"\S")]
    description: Input,
    /// What kind of course it is; `core` when nothing is said.
    #[serde(default)]
    #[schema(value_type = Option<CourseTypeName>)]
    course_type: Input,
    /// What it counts for: 0.00 to 999.99.
    #[serde(default)]
    #[schema(value_type = String, required = true, pattern = r"^[0-9]{1,3}(\.[0-9]{1,2})?$")]
    credits: Input,
    /// The hours in class: 0.00 to 9999.99.
    #[serde(default)]
    #[schema(value_type = String, required = true, pattern = r"^[0-9]{1,4}(\.[0-9]{1,2})?$")]
    contact_hours: Input,
    /// The result, in percent, from which it is passed: 0.00 to 100.00.
    #[serde(default)]
    #[schema(value_type = String, required = true, pattern = r"^(100(\.00?)?|[0-9]{1,2}(\.[0-9]{1,2})?)$")]
    passing_grade: Input,
    /// How many students one class of it takes, where nothing else is said of the class; no bound when nothing is said.
    #[serde(default)]
    #[schema(value_type = Option<i32>, minimum = 1, maximum = 10000)]
    capacity: Input,
    /// Whether the program cannot be completed without it; so it is when nothing is said.
    #[serde(default)]
    #[schema(value_type = bool)]
    is_required: Input,
    /// Whether new classes of it can be planned; so it is when nothing is said.
    #[serde(default)]
    #[schema(value_type = bool)]
    is_active: Input,
    /// The courses that must have been passed before, none twice.
    #[serde(default)]
    #[schema(value_type = Vec<String>, max_items = 20)]
    prerequisite_ids: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl CreateCourseBody {
    /// The details, or every field that is wrong.
    pub(super) fn command(self) -> Result<CourseDetails, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let code = reader.required("code", self.code, Line::parse);
        let name = reader.required("name", self.name, Line::parse);
        let description = reader.optional("description", self.description, Prose::parse);
        let course_type = reader.optional("course_type", self.course_type, CourseType::parse);
        let credits = reader.required("credits", self.credits, Credits::parse);
        let hours = reader.required("contact_hours", self.contact_hours, ContactHours::parse);
        let grade = reader.required("passing_grade", self.passing_grade, Percent::parse);
        let capacity = reader.whole_number("capacity", self.capacity, Seats::new);
        let is_required = reader.changed_truth("is_required", self.is_required);
        let is_active = reader.changed_truth("is_active", self.is_active);
        let prerequisites = prerequisites(&mut reader, self.prerequisite_ids);
        let titled = code.zip(name);
        let numbers = credits.zip(hours).zip(grade);
        let details = titled.zip(numbers).map(
            |((code, name), ((credits, contact_hours), passing_grade))| CourseDetails {
                code,
                name,
                description,
                course_type: course_type.unwrap_or_default(),
                credits,
                contact_hours,
                passing_grade,
                capacity,
                required: said(is_required),
                taught: said(is_active),
                prerequisites: match prerequisites {
                    Change::Keep => Prerequisites::default(),
                    Change::Set(prerequisites) => prerequisites,
                },
            },
        );
        reader.finish(details)
    }
}

/// What to change of a course.
#[derive(Deserialize, ToSchema)]
#[schema(as = ChangeCourse, example = json!({"contact_hours": "40.00", "capacity": null}))]
pub(super) struct ChangeCourseBody {
    /// Its code in the catalogue: no other course has it, case aside.
    #[serde(default)]
    #[schema(value_type = String, max_length = 20, pattern = r"\S")]
    code: Input,
    /// Its title.
    #[serde(default)]
    #[schema(value_type = String, max_length = 200, pattern = r"\S")]
    name: Input,
    /// What it is about.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 10000, pattern = r"\S")]
    description: Input,
    /// What kind of course it is.
    #[serde(default)]
    #[schema(value_type = CourseTypeName)]
    course_type: Input,
    /// What it counts for: 0.00 to 999.99.
    #[serde(default)]
    #[schema(value_type = String, pattern = r"^[0-9]{1,3}(\.[0-9]{1,2})?$")]
    credits: Input,
    /// The hours in class: 0.00 to 9999.99.
    #[serde(default)]
    #[schema(value_type = String, pattern = r"^[0-9]{1,4}(\.[0-9]{1,2})?$")]
    contact_hours: Input,
    /// The result, in percent, from which it is passed: 0.00 to 100.00.
    #[serde(default)]
    #[schema(value_type = String, pattern = r"^(100(\.00?)?|[0-9]{1,2}(\.[0-9]{1,2})?)$")]
    passing_grade: Input,
    /// How many students one class of it takes.
    #[serde(default)]
    #[schema(value_type = Option<i32>, minimum = 1, maximum = 10000)]
    capacity: Input,
    /// Whether the program cannot be completed without it.
    #[serde(default)]
    #[schema(value_type = bool)]
    is_required: Input,
    /// Whether new classes of it can be planned.
    #[serde(default)]
    #[schema(value_type = bool)]
    is_active: Input,
    /// The courses that must have been passed before, all of them as they are to be.
    #[serde(default)]
    #[schema(value_type = Vec<String>, max_items = 20)]
    prerequisite_ids: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl ChangeCourseBody {
    /// The change, or every field that is wrong.
    pub(super) fn command(self) -> Result<CourseChange, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let change = CourseChange {
            code: reader.change("code", self.code, Line::parse),
            name: reader.change("name", self.name, Line::parse),
            description: reader.clearable("description", self.description, Prose::parse),
            course_type: reader.change("course_type", self.course_type, CourseType::parse),
            credits: reader.change("credits", self.credits, Credits::parse),
            contact_hours: reader.change("contact_hours", self.contact_hours, ContactHours::parse),
            passing_grade: reader.change("passing_grade", self.passing_grade, Percent::parse),
            capacity: reader.clearable_number("capacity", self.capacity, Seats::new),
            required: reader.changed_truth("is_required", self.is_required),
            taught: reader.changed_truth("is_active", self.is_active),
            prerequisites: prerequisites(&mut reader, self.prerequisite_ids),
        };
        reader.finish(Some(change))
    }
}

/// What is true unless somebody says otherwise.
const fn said(change: Change<bool>) -> bool {
    match change {
        Change::Keep => true,
        Change::Set(said) => said,
    }
}

/// The courses that come before, if they were all understood.
fn prerequisites(reader: &mut Reader, input: Input) -> Change<Prerequisites> {
    let read = reader.changed_list(
        "prerequisite_ids",
        input,
        Prerequisites::MOST,
        CourseId::parse,
    );
    let courses: Vec<Id<_>> = match read {
        Change::Keep => return Change::Keep,
        Change::Set(courses) => courses,
    };
    match Prerequisites::new(courses) {
        Ok(courses) => Change::Set(courses),
        Err(invalid) => {
            reader.wrong("prerequisite_ids", invalid);
            Change::Keep
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::web::problem::tests::told;

    const ID: &str = "019aa5c8-7b00-7000-8000-000000000001";

    fn create(body: Value) -> Result<CourseDetails, Problem> {
        serde_json::from_value::<CreateCourseBody>(body)
            .unwrap()
            .command()
    }

    fn change(body: Value) -> Result<CourseChange, Problem> {
        serde_json::from_value::<ChangeCourseBody>(body)
            .unwrap()
            .command()
    }

    #[test]
    fn a_course_needs_code_title_and_numbers_and_is_core_required_and_active_unless_said() {
        let body = json!({
            "code": "EL-1", "name": "Theory", "credits": "3", "contact_hours": "37.5",
            "passing_grade": "70"
        });
        let details = create(body).unwrap();
        assert_eq!(details.course_type, CourseType::Core);
        assert!(details.required && details.taught);
        assert_eq!(details.contact_hours.to_string(), "37.50");
        assert_eq!(
            told(create(json!({}))),
            [
                "/code required",
                "/name required",
                "/credits required",
                "/contact_hours required",
                "/passing_grade required"
            ]
        );
    }

    #[test]
    fn a_change_keeps_what_is_not_named_and_tells_every_wrong_field() {
        let cleared = change(json!({"capacity": null, "is_required": false})).unwrap();
        let expected = CourseChange {
            capacity: Change::Set(None),
            required: Change::Set(false),
            ..CourseChange::default()
        };
        assert_eq!(cleared, expected);
        let wrong = json!({
            "credits": 3, "passing_grade": "101", "capacity": 0, "edition": 2,
            "prerequisite_ids": [ID, ID]
        });
        assert_eq!(
            told(change(wrong)),
            [
                "/edition unknown_field",
                "/credits wrong_type",
                "/passing_grade out_of_range",
                "/capacity out_of_range",
                "/prerequisite_ids repeated"
            ]
        );
    }
}
