//! A row of `students`, and its way from and to the aggregate.

use diesel::{AsChangeset, Insertable, Queryable, Selectable};
use unionhall_domain::{
    ids::Id,
    students::{
        Person, PersonName, Sent, Standing, Student, StudentDetails, StudentId, StudentNumber,
        StudentStatus,
    },
    tenants::TenantId,
    text::{Line, Prose},
    users::EmailAddress,
};
use uuid::Uuid;

use crate::{
    errors::InconsistentRow,
    rows::instant,
    schema::students,
    stored::{StoredRow, day},
};

/// Everything that is stored of a student, save what the database derives from it.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = students)]
#[diesel(primary_key(tenant_id, id))]
#[diesel(treat_none_as_null = true)]
#[diesel(treat_none_as_default_value = false)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) tenant_id: Uuid,
    year: i16,
    place: i32,
    member_id: Option<Uuid>,
    union_id: Option<Uuid>,
    sent_number: Option<String>,
    sent_email: Option<String>,
    sent_phone: Option<String>,
    first_name: String,
    last_name: String,
    application_date: jiff_diesel::Date,
    expected_completion_date: Option<jiff_diesel::Date>,
    former_number: Option<String>,
    emergency_contact_name: Option<String>,
    emergency_contact_phone: Option<String>,
    emergency_contact_relationship: Option<String>,
    notes: Option<String>,
    status: String,
    status_since: jiff_diesel::Date,
    enrollment_date: Option<jiff_diesel::Date>,
    actual_completion_date: Option<jiff_diesel::Date>,
    pub(super) version: i64,
    pub(super) created_at: jiff_diesel::Timestamp,
    updated_at: jiff_diesel::Timestamp,
    deleted_at: Option<jiff_diesel::Timestamp>,
}

impl Row {
    /// The row of a tenant's student.
    pub(super) fn new(tenant: TenantId, student: &Student) -> Self {
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
            id: student.id.uuid(),
            tenant_id: tenant.uuid(),
            year: student.number.year(),
            place: student.number.place(),
            member_id: student.person.member().map(Id::uuid),
            union_id: sent.map(|sent| sent.union.uuid()),
            sent_number: sent.map(|sent| sent.member_number.to_string()),
            sent_email: sent.and_then(|sent| sent.email.as_ref().map(ToString::to_string)),
            sent_phone: sent.and_then(|sent| sent.phone.as_ref().map(ToString::to_string)),
            first_name: student.name.first.to_string(),
            last_name: student.name.last.to_string(),
            application_date: day(*application_date),
            expected_completion_date: expected_completion_date.map(day),
            former_number: former_number.as_ref().map(ToString::to_string),
            emergency_contact_name: emergency_contact_name.as_ref().map(ToString::to_string),
            emergency_contact_phone: emergency_contact_phone.as_ref().map(ToString::to_string),
            emergency_contact_relationship: emergency_contact_relationship
                .as_ref()
                .map(ToString::to_string),
            notes: notes.as_ref().map(ToString::to_string),
            status: status.as_str().to_owned(),
            status_since: day(since),
            enrollment_date: enrollment_date.map(day),
            actual_completion_date: completion_date.map(day),
            version: student.version.get(),
            created_at: instant(student.created_at),
            updated_at: instant(student.updated_at),
            deleted_at: student.deleted_at.map(instant),
        }
    }

    fn person(&self, from: StoredRow) -> Result<Person, InconsistentRow> {
        match (self.member_id, self.union_id, &self.sent_number) {
            (Some(member), None, None) => Ok(Person::Member(Id::new(member))),
            (None, Some(union), Some(number)) => Ok(Person::Sent(Sent {
                union: Id::new(union),
                member_number: from.value("sent_number", Line::parse(number))?,
                email: from.optional(
                    "sent_email",
                    self.sent_email.as_deref(),
                    EmailAddress::parse,
                )?,
                phone: from.optional("sent_phone", self.sent_phone.as_deref(), Line::parse)?,
            })),
            _ => Err(from.inconsistent("is neither a member nor sent")),
        }
    }
}

impl TryFrom<Row> for Student {
    type Error = InconsistentRow;

    fn try_from(row: Row) -> Result<Self, InconsistentRow> {
        let from = StoredRow::new("students", row.id);
        let date = |date: Option<jiff_diesel::Date>| date.map(jiff_diesel::Date::to_jiff);
        Ok(Self {
            id: StudentId::new(row.id),
            number: from.value("place", StudentNumber::new(row.year, row.place))?,
            person: row.person(from)?,
            name: PersonName {
                first: from.value("first_name", Line::parse(&row.first_name))?,
                last: from.value("last_name", Line::parse(&row.last_name))?,
            },
            details: StudentDetails {
                application_date: row.application_date.to_jiff(),
                expected_completion_date: row
                    .expected_completion_date
                    .map(jiff_diesel::Date::to_jiff),
                former_number: from.optional(
                    "former_number",
                    row.former_number.as_deref(),
                    Line::parse,
                )?,
                emergency_contact_name: from.optional(
                    "emergency_contact_name",
                    row.emergency_contact_name.as_deref(),
                    Line::parse,
                )?,
                emergency_contact_phone: from.optional(
                    "emergency_contact_phone",
                    row.emergency_contact_phone.as_deref(),
                    Line::parse,
                )?,
                emergency_contact_relationship: from.optional(
                    "emergency_contact_relationship",
                    row.emergency_contact_relationship.as_deref(),
                    Line::parse,
                )?,
                notes: from.optional("notes", row.notes.as_deref(), Prose::parse)?,
            },
            standing: Standing {
                status: from.value("status", StudentStatus::parse(&row.status))?,
                enrollment_date: date(row.enrollment_date),
                completion_date: date(row.actual_completion_date),
                since: row.status_since.to_jiff(),
            },
            version: from.version(row.version)?,
            created_at: row.created_at.to_jiff(),
            updated_at: row.updated_at.to_jiff(),
            deleted_at: row.deleted_at.map(jiff_diesel::Timestamp::to_jiff),
        })
    }
}
