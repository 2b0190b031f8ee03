//! What can be said of a student.

use serde::Deserialize;
use unionhall_application::students::NewStudent;
use unionhall_domain::{
    students::{SentChange, StudentChange, StudentDetails, StudentMove, Transition},
    text::{Line, Prose},
    users::EmailAddress,
};
use utoipa::ToSchema;

use super::super::people::PersonInput;
use crate::web::{
    fields::{Input, Reader, Unknown, date},
    problem::Problem,
};

/// A student to be added: a member of the tenant, or somebody whom another union sends.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = CreateStudent,
    example = json!({
        "union_id": "019aa5c8-7b00-7000-8000-000000000001",
        "member_number": "77-1024",
        "first_name": "Ada",
        "last_name": "Ohm",
        "email": "ada@ohm.example",
        "application_date": "2026-03-02"
    })
)]
pub(super) struct CreateStudentBody {
    /// The member of the tenant, if it is one.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    member_id: Input,
    /// The union that sends the person, if another one does: an organization of the tenant that is a union.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    union_id: Input,
    /// The number that the person has at that union.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 50, pattern = r"\S")]
    member_number: Input,
    /// Given name of a person whom another union sends.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 100, pattern = r"\S")]
    first_name: Input,
    /// Family name of a person whom another union sends.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 100, pattern = r"\S")]
    last_name: Input,
    /// E-mail address of a person whom another union sends.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Email, max_length = 254)]
    email: Input,
    /// Telephone number of a person whom another union sends.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 50, pattern = r"\S")]
    phone: Input,
    /// The day they applied.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = Date)]
    application_date: Input,
    /// The day they should be through.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    expected_completion_date: Input,
    /// The number that an older system gave them.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 20, pattern = r"\S")]
    former_number: Input,
    /// Whom to call when something happens.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 200, pattern = r"\S")]
    emergency_contact_name: Input,
    /// Their telephone number, as written.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 50, pattern = r"\S")]
    emergency_contact_phone: Input,
    /// What they are to the student.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 50, pattern = r"\S")]
    emergency_contact_relationship: Input,
    /// Free notes.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 5000, pattern = r"\S")]
    notes: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl CreateStudentBody {
    /// The student, or every field that is wrong.
    pub(super) fn command(self) -> Result<NewStudent, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let new = self.read(&mut reader);
        reader.finish(new)
    }

    fn read(self, reader: &mut Reader) -> Option<NewStudent> {
        let person = PersonInput {
            member_id: self.member_id,
            union_id: self.union_id,
            member_number: self.member_number,
            first_name: self.first_name,
            last_name: self.last_name,
            email: self.email,
            phone: self.phone,
        };
        let person = person.read(reader);
        let application_date = reader.required("application_date", self.application_date, date);
        let expected_completion_date = reader.optional(
            "expected_completion_date",
            self.expected_completion_date,
            date,
        );
        let former_number = reader.optional("former_number", self.former_number, Line::parse);
        let emergency_contact_name = reader.optional(
            "emergency_contact_name",
            self.emergency_contact_name,
            Line::parse,
        );
        let emergency_contact_phone = reader.optional(
            "emergency_contact_phone",
            self.emergency_contact_phone,
            Line::parse,
        );
        let emergency_contact_relationship = reader.optional(
            "emergency_contact_relationship",
            self.emergency_contact_relationship,
            Line::parse,
        );
        let notes = reader.optional("notes", self.notes, Prose::parse);
        let details = StudentDetails {
            application_date: application_date?,
            expected_completion_date,
            former_number,
            emergency_contact_name,
            emergency_contact_phone,
            emergency_contact_relationship,
            notes,
        };
        Some(NewStudent {
            person: person?,
            details,
        })
    }
}

/// What to change of a student.
#[derive(Deserialize, ToSchema)]
#[schema(as = ChangeStudent, example = json!({"emergency_contact_phone": "206-555-0118", "notes": null}))]
pub(super) struct ChangeStudentBody {
    /// The number that a person whom another union sends has there.
    #[serde(default)]
    #[schema(value_type = String, max_length = 50, pattern = r"\S")]
    member_number: Input,
    /// Given name of a person whom another union sends.
    #[serde(default)]
    #[schema(value_type = String, max_length = 100, pattern = r"\S")]
    first_name: Input,
    /// Family name of a person whom another union sends.
    #[serde(default)]
    #[schema(value_type = String, max_length = 100, pattern = r"\S")]
    last_name: Input,
    /// E-mail address of a person whom another union sends.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Email, max_length = 254)]
    email: Input,
    /// Telephone number of a person whom another union sends.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 50, pattern = r"\S")]
    phone: Input,
    /// The day they applied.
    #[serde(default)]
    #[schema(value_type = String, format = Date)]
    application_date: Input,
    /// The day they should be through.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    expected_completion_date: Input,
    /// The number that an older system gave them.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 20, pattern = r"\S")]
    former_number: Input,
    /// Whom to call when something happens.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 200, pattern = r"\S")]
    emergency_contact_name: Input,
    /// Their telephone number, as written.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 50, pattern = r"\S")]
    emergency_contact_phone: Input,
    /// What they are to the student.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 50, pattern = r"\S")]
    emergency_contact_relationship: Input,
    /// Free notes.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 5000, pattern = r"\S")]
    notes: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl ChangeStudentBody {
    /// The change, or every field that is wrong.
    pub(super) fn command(self) -> Result<StudentChange, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let change = StudentChange {
            sent: SentChange {
                first_name: reader.change("first_name", self.first_name, Line::parse),
                last_name: reader.change("last_name", self.last_name, Line::parse),
                member_number: reader.change("member_number", self.member_number, Line::parse),
                email: reader.clearable("email", self.email, EmailAddress::parse),
                phone: reader.clearable("phone", self.phone, Line::parse),
            },
            application_date: reader.change("application_date", self.application_date, date),
            expected_completion_date: reader.clearable(
                "expected_completion_date",
                self.expected_completion_date,
                date,
            ),
            former_number: reader.clearable("former_number", self.former_number, Line::parse),
            emergency_contact_name: reader.clearable(
                "emergency_contact_name",
                self.emergency_contact_name,
                Line::parse,
            ),
            emergency_contact_phone: reader.clearable(
                "emergency_contact_phone",
                self.emergency_contact_phone,
                Line::parse,
            ),
            emergency_contact_relationship: reader.clearable(
                "emergency_contact_relationship",
                self.emergency_contact_relationship,
                Line::parse,
            ),
            notes: reader.clearable("notes", self.notes, Prose::parse),
        };
        reader.finish(Some(change))
    }
}

/// As of when and why a student is moved.
#[derive(Deserialize, ToSchema)]
#[schema(as = MoveStudent, example = json!({"reason": "Moved out of state.", "on": "2026-11-02"}))]
pub(super) struct StudentMoveBody {
    /// The reason, in words; taking leave, dropping, dismissing and readmitting need one.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 2000, pattern = r"\S")]
    reason: Input,
    /// As of which day: not in the future and not before the last move. Today when nothing is said.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    on: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl StudentMoveBody {
    /// What is wanted of the move, or every field that is wrong.
    pub(super) fn command(self, wanted: StudentMove) -> Result<Transition, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let reason = reader.optional("reason", self.reason, Prose::parse);
        let on = reader.optional("on", self.on, date);
        reader.finish(Some(Transition { wanted, on, reason }))
    }
}
