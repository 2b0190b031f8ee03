//! What can be said of a cohort.

use serde::Deserialize;
use unionhall_application::cohorts::{Join, Leave, NewCohort, UpdateCohort};
use unionhall_domain::{
    cohorts::{CohortChange, CohortDetails, Taught, Teachers},
    ids::Id,
    seats::Seats,
    text::{Line, Prose},
};
use utoipa::ToSchema;

use crate::web::{
    fields::{Input, Reader, Unknown, date},
    problem::Problem,
};

/// A cohort to be planned.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = CreateCohort,
    example = json!({"code": "2027-SPRING", "name": "Spring 2027", "start_date": "2027-01-11", "end_date": "2027-06-30", "capacity": 20, "instructor_ids": ["019aa5c8-7b00-7000-8000-000000000001"]})
)]
pub(super) struct CreateCohortBody {
    /// A short name of its own, given to no other cohort of the tenant.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 50, pattern = r"\S")]
    code: Input,
    /// What it is called.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 100, pattern = r"\S")]
    name: Input,
    /// What it is about.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 5000, pattern = r"\S")]
    description: Input,
    /// The day it begins.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = Date)]
    start_date: Input,
    /// The day it should end.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    end_date: Input,
    /// Where it is taught.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    location_id: Input,
    /// How many students it takes; as many as come when nothing is said.
    #[serde(default)]
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 10000)]
    capacity: Input,
    /// Who teaches it, none twice.
    #[serde(default)]
    #[schema(value_type = Option<Vec<String>>, max_items = 20)]
    instructor_ids: Input,
    /// Which of them is the one to ask first; the first of them when nothing is said.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    primary_instructor_id: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl CreateCohortBody {
    /// What is known of it, or every field that is wrong.
    pub(super) fn command(self) -> Result<NewCohort, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let new = self.read(&mut reader);
        reader.finish(new)
    }

    fn read(self, reader: &mut Reader) -> Option<NewCohort> {
        let code = reader.required("code", self.code, Line::parse);
        let name = reader.required("name", self.name, Line::parse);
        let description = reader.optional("description", self.description, Prose::parse);
        let start_date = reader.required("start_date", self.start_date, date);
        let end_date = reader.optional("end_date", self.end_date, date);
        let location = reader.optional("location_id", self.location_id, Id::parse);
        let capacity = reader.whole_number("capacity", self.capacity, Seats::new);
        let taught = taught(reader, self.instructor_ids, self.primary_instructor_id);
        let details = CohortDetails {
            code: code?,
            name: name?,
            description,
            start_date: start_date?,
            end_date,
            location,
            capacity,
        };
        Some(NewCohort { details, taught })
    }
}

/// What to change of a cohort.
#[derive(Deserialize, ToSchema)]
#[schema(as = ChangeCohort, example = json!({"capacity": 24, "primary_instructor_id": "019aa5c8-7b00-7000-8000-000000000001"}))]
pub(super) struct ChangeCohortBody {
    /// A short name of its own, given to no other cohort of the tenant.
    #[serde(default)]
    #[schema(value_type = String, max_length = 50, pattern = r"\S")]
    code: Input,
    /// What it is called.
    #[serde(default)]
    #[schema(value_type = String, max_length = 100, pattern = r"\S")]
    name: Input,
    /// What it is about.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 5000, pattern = r"\S")]
    description: Input,
    /// The day it begins.
    #[serde(default)]
    #[schema(value_type = String, format = Date)]
    start_date: Input,
    /// The day it should end.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    end_date: Input,
    /// Where it is taught.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    location_id: Input,
    /// How many students it takes; as many as come when nothing is said.
    #[serde(default)]
    #[schema(value_type = Option<u32>, minimum = 1, maximum = 10000)]
    capacity: Input,
    /// Who teaches it, all of them as they are to be, none twice.
    #[serde(default)]
    #[schema(value_type = Vec<String>, max_items = 20)]
    instructor_ids: Input,
    /// Which of them is the one to ask first; making somebody so takes it from whoever was.
    #[serde(default)]
    #[schema(value_type = String, format = "uuid")]
    primary_instructor_id: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl ChangeCohortBody {
    /// The change, or every field that is wrong.
    pub(super) fn command(self) -> Result<UpdateCohort, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let taught = taught(&mut reader, self.instructor_ids, self.primary_instructor_id);
        let change = CohortChange {
            code: reader.change("code", self.code, Line::parse),
            name: reader.change("name", self.name, Line::parse),
            description: reader.clearable("description", self.description, Prose::parse),
            start_date: reader.change("start_date", self.start_date, date),
            end_date: reader.clearable("end_date", self.end_date, date),
            location: reader.clearable("location_id", self.location_id, Id::parse),
            capacity: reader.clearable_number("capacity", self.capacity, Seats::new),
        };
        reader.finish(Some(UpdateCohort {
            details: change,
            taught,
        }))
    }
}

/// What is wanted of the instructors.
fn taught(reader: &mut Reader, instructors: Input, primary: Input) -> Taught {
    Taught {
        instructors: reader.changed_list("instructor_ids", instructors, Teachers::MOST, Id::parse),
        primary: reader.change("primary_instructor_id", primary, Id::parse),
    }
}

/// Who joins a cohort.
#[derive(Deserialize, ToSchema)]
#[schema(as = JoinCohort, example = json!({"student_id": "019aa5c8-7b00-7000-8000-000000000001"}))]
pub(super) struct JoinBody {
    /// The student, who is in no cohort now.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = "uuid")]
    student_id: Input,
    /// As of which day, not in the future; today when nothing is said.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    on: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl JoinBody {
    /// Who joins when, or every field that is wrong.
    pub(super) fn command(self) -> Result<Join, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let student = reader.required("student_id", self.student_id, Id::parse);
        let on = reader.optional("on", self.on, date);
        reader.finish(student.map(|student| Join { student, on }))
    }
}

/// When somebody leaves a cohort, and why.
#[derive(Deserialize, ToSchema)]
#[schema(as = LeaveCohort, example = json!({"reason": "Moved to the evening group."}))]
pub(super) struct LeaveBody {
    /// As of which day, not in the future and not before they joined; today when nothing is said.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    on: Input,
    /// Why, in words.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 2000, pattern = r"\S")]
    reason: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl LeaveBody {
    /// When and why, or every field that is wrong.
    pub(super) fn command(self) -> Result<Leave, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let on = reader.optional("on", self.on, date);
        let reason = reader.optional("reason", self.reason, Prose::parse);
        reader.finish(Some(Leave { on, reason }))
    }
}

/// Why a cohort is cancelled.
#[derive(Deserialize, ToSchema)]
#[schema(as = CancelCohort, example = json!({"reason": "Too few have applied."}))]
pub(super) struct CancelCohortBody {
    /// The reason, in words.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 2000, pattern = r"\S")]
    reason: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl CancelCohortBody {
    /// The reason, or what is wrong with it.
    pub(super) fn command(self) -> Result<Prose<2_000>, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let reason = reader.required("reason", self.reason, Prose::parse);
        reader.finish(reason)
    }
}
