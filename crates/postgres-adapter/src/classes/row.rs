//! A row of `classes`, and its way from and to the aggregate.

use diesel::{AsChangeset, Insertable, Queryable, Selectable};
use unionhall_domain::{
    classes::{Class, ClassId, ClassPlan, ClassState, Term},
    courses::{CourseId, Edition},
    seats::Seats,
    tenants::TenantId,
    text::{Line, Prose},
};
use uuid::Uuid;

use crate::{
    errors::InconsistentRow,
    rows::instant,
    schema::classes,
    stored::{StoredRow, day},
};

/// Everything that is stored of a class.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = classes)]
#[diesel(primary_key(tenant_id, id))]
#[diesel(treat_none_as_null = true)]
#[diesel(treat_none_as_default_value = false)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) tenant_id: Uuid,
    course_id: Uuid,
    course_edition: i32,
    name: String,
    pub(super) starts_on: jiff_diesel::Date,
    ends_on: jiff_diesel::Date,
    capacity: Option<i32>,
    notes: Option<String>,
    status: String,
    status_reason: Option<String>,
    pub(super) version: i64,
    pub(super) created_at: jiff_diesel::Timestamp,
    updated_at: jiff_diesel::Timestamp,
    deleted_at: Option<jiff_diesel::Timestamp>,
}

impl Row {
    /// The row of a tenant's class.
    pub(super) fn new(tenant: TenantId, class: &Class) -> Self {
        let ClassPlan {
            name,
            term,
            capacity,
            notes,
        } = &class.plan;
        Self {
            id: class.id.uuid(),
            tenant_id: tenant.uuid(),
            course_id: class.course.uuid(),
            course_edition: class.edition.get().into(),
            name: name.to_string(),
            starts_on: day(term.starts_on()),
            ends_on: day(term.ends_on()),
            capacity: capacity.map(Seats::get),
            notes: notes.as_ref().map(ToString::to_string),
            status: class.state.as_str().to_owned(),
            status_reason: class.state.reason().map(ToString::to_string),
            version: class.version.get(),
            created_at: instant(class.created_at),
            updated_at: instant(class.updated_at),
            deleted_at: class.deleted_at.map(instant),
        }
    }

    /// The class.
    pub(super) fn class(self) -> Result<Class, InconsistentRow> {
        let from = StoredRow::new("classes", self.id);
        let seats = |seats: i32| from.value("capacity", Seats::new(seats.into()));
        let term = Term::new(self.starts_on.to_jiff(), self.ends_on.to_jiff());
        let edition = Edition::new(self.course_edition);
        Ok(Class {
            id: ClassId::new(self.id),
            course: CourseId::new(self.course_id),
            edition: edition.ok_or_else(|| from.inconsistent("edition is below 1"))?,
            plan: ClassPlan {
                name: from.value("name", Line::parse(&self.name))?,
                term: from.value("ends_on", term.map_err(|error| error.invalid))?,
                capacity: self.capacity.map(seats).transpose()?,
                notes: from.optional("notes", self.notes.as_deref(), Prose::parse)?,
            },
            state: state(from, &self.status, self.status_reason.as_deref())?,
            version: from.version(self.version)?,
            created_at: self.created_at.to_jiff(),
            updated_at: self.updated_at.to_jiff(),
            deleted_at: self.deleted_at.map(jiff_diesel::Timestamp::to_jiff),
        })
    }
}

fn state(
    from: StoredRow,
    status: &str,
    reason: Option<&str>,
) -> Result<ClassState, InconsistentRow> {
    let reason = from.optional("status_reason", reason, Prose::parse)?;
    match (status, reason) {
        ("planned", None) => Ok(ClassState::Planned),
        ("open", None) => Ok(ClassState::Open),
        ("completed", None) => Ok(ClassState::Completed),
        ("cancelled", Some(reason)) => Ok(ClassState::Cancelled(reason)),
        _ => Err(from.inconsistent("status contradicts its reason")),
    }
}
