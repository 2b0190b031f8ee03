//! Rows of `courses` and of what belongs to them, and their way from and to the aggregate.

use diesel::{AsChangeset, Insertable, Queryable, Selectable};
use unionhall_domain::{
    courses::{Course, CourseDetails, CourseEdition, CourseId, CourseType, Edition, Prerequisites},
    hundredths::Hundredths,
    seats::Seats,
    tenants::TenantId,
    text::{Line, Prose},
};
use uuid::Uuid;

use crate::{
    errors::InconsistentRow,
    rows::instant,
    schema::{course_editions, course_prerequisites, courses},
    stored::StoredRow,
};

/// Everything that is stored of a course but its prerequisites, save what the database derives from it.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = courses)]
#[diesel(primary_key(tenant_id, id))]
#[diesel(treat_none_as_null = true)]
#[diesel(treat_none_as_default_value = false)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) tenant_id: Uuid,
    code: String,
    name: String,
    description: Option<String>,
    course_type: String,
    credits: i32,
    contact_hours: i32,
    passing_grade: i32,
    capacity: Option<i32>,
    is_required: bool,
    is_active: bool,
    edition: i32,
    pub(super) version: i64,
    pub(super) created_at: jiff_diesel::Timestamp,
    updated_at: jiff_diesel::Timestamp,
    deleted_at: Option<jiff_diesel::Timestamp>,
}

impl Row {
    /// The row of a tenant's course.
    pub(super) fn new(tenant: TenantId, course: &Course) -> Self {
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
            prerequisites: _,
        } = &course.details;
        Self {
            id: course.id.uuid(),
            tenant_id: tenant.uuid(),
            code: code.to_string(),
            name: name.to_string(),
            description: description.as_ref().map(ToString::to_string),
            course_type: course_type.as_str().to_owned(),
            credits: hundredths(*credits),
            contact_hours: hundredths(*contact_hours),
            passing_grade: hundredths(*passing_grade),
            capacity: capacity.map(Seats::get),
            is_required: *is_required,
            is_active: *is_active,
            edition: course.edition.get().into(),
            version: course.version.get(),
            created_at: instant(course.created_at),
            updated_at: instant(course.updated_at),
            deleted_at: course.deleted_at.map(instant),
        }
    }

    /// The course, with those of the prerequisites that are its own.
    pub(super) fn course(self, before: &[PrerequisiteRow]) -> Result<Course, InconsistentRow> {
        let from = StoredRow::new("courses", self.id);
        let own = before.iter().filter(|row| row.course_id == self.id);
        let own = own.map(|row| CourseId::new(row.prerequisite_id)).collect();
        let seats = |seats: i32| from.value("capacity", Seats::new(seats.into()));
        Ok(Course {
            id: CourseId::new(self.id),
            details: CourseDetails {
                code: from.value("code", Line::parse(&self.code))?,
                name: from.value("name", Line::parse(&self.name))?,
                description: from.optional(
                    "description",
                    self.description.as_deref(),
                    Prose::parse,
                )?,
                course_type: from.value("course_type", CourseType::parse(&self.course_type))?,
                credits: from.value("credits", Hundredths::new(self.credits.into()))?,
                contact_hours: from
                    .value("contact_hours", Hundredths::new(self.contact_hours.into()))?,
                passing_grade: from
                    .value("passing_grade", Hundredths::new(self.passing_grade.into()))?,
                capacity: self.capacity.map(seats).transpose()?,
                required: self.is_required,
                taught: self.is_active,
                prerequisites: from.value("prerequisites", Prerequisites::new(own))?,
            },
            edition: edition(from, self.edition)?,
            version: from.version(self.version)?,
            created_at: self.created_at.to_jiff(),
            updated_at: self.updated_at.to_jiff(),
            deleted_at: self.deleted_at.map(jiff_diesel::Timestamp::to_jiff),
        })
    }
}

/// One edition of a course.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = course_editions)]
pub(super) struct EditionRow {
    tenant_id: Uuid,
    pub(super) course_id: Uuid,
    pub(super) edition: i32,
    name: String,
    credits: i32,
    contact_hours: i32,
    passing_grade: i32,
    made_at: jiff_diesel::Timestamp,
}

impl EditionRow {
    /// The row of an edition.
    pub(super) fn new(tenant: TenantId, edition: &CourseEdition) -> Self {
        Self {
            tenant_id: tenant.uuid(),
            course_id: edition.course.uuid(),
            edition: edition.edition.get().into(),
            name: edition.name.to_string(),
            credits: hundredths(edition.credits),
            contact_hours: hundredths(edition.contact_hours),
            passing_grade: hundredths(edition.passing_grade),
            made_at: instant(edition.made_at),
        }
    }

    /// The edition.
    pub(super) fn edition(self) -> Result<CourseEdition, InconsistentRow> {
        let from = StoredRow::new("course_editions", self.course_id);
        Ok(CourseEdition {
            course: CourseId::new(self.course_id),
            edition: edition(from, self.edition)?,
            name: from.value("name", Line::parse(&self.name))?,
            credits: from.value("credits", Hundredths::new(self.credits.into()))?,
            contact_hours: from
                .value("contact_hours", Hundredths::new(self.contact_hours.into()))?,
            passing_grade: from
                .value("passing_grade", Hundredths::new(self.passing_grade.into()))?,
            made_at: self.made_at.to_jiff(),
        })
    }
}

/// One course that comes before another.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = course_prerequisites)]
pub(super) struct PrerequisiteRow {
    tenant_id: Uuid,
    course_id: Uuid,
    prerequisite_id: Uuid,
}

impl PrerequisiteRow {
    /// All that come before a course.
    pub(super) fn all(tenant: TenantId, course: &Course) -> Vec<Self> {
        let row = |before: &CourseId| Self {
            tenant_id: tenant.uuid(),
            course_id: course.id.uuid(),
            prerequisite_id: before.uuid(),
        };
        let before = course.details.prerequisites.as_slice();
        before.iter().map(row).collect()
    }
}

/// The number as the database keeps it; the largest is far below the end of the integer.
fn hundredths<const MOST: u32>(number: Hundredths<MOST>) -> i32 {
    i32::try_from(number.get()).unwrap_or(i32::MAX)
}

fn edition(from: StoredRow, number: i32) -> Result<Edition, InconsistentRow> {
    Edition::new(number).ok_or_else(|| from.inconsistent("edition is below 1"))
}
