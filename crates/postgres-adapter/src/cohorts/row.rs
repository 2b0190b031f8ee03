//! A row of `cohorts`, and its way from and to the aggregate.

use diesel::{AsChangeset, Insertable, Queryable, Selectable};
use unionhall_domain::{
    cohorts::{Cohort, CohortDetails, CohortId, CohortStatus, Teachers},
    ids::Id,
    seats::Seats,
    tenants::TenantId,
    text::{Line, Prose},
};
use uuid::Uuid;

use super::teachers::TeacherRow;
use crate::{
    errors::InconsistentRow,
    rows::instant,
    schema::cohorts,
    stored::{StoredRow, day},
};

/// Everything that is stored of a cohort but who is in it, save what the database derives from it.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = cohorts)]
#[diesel(primary_key(tenant_id, id))]
#[diesel(treat_none_as_null = true)]
#[diesel(treat_none_as_default_value = false)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) tenant_id: Uuid,
    code: String,
    name: String,
    description: Option<String>,
    start_date: jiff_diesel::Date,
    end_date: Option<jiff_diesel::Date>,
    location_id: Option<Uuid>,
    capacity: Option<i32>,
    status: String,
    cancellation_reason: Option<String>,
    pub(super) version: i64,
    pub(super) created_at: jiff_diesel::Timestamp,
    updated_at: jiff_diesel::Timestamp,
    deleted_at: Option<jiff_diesel::Timestamp>,
}

impl Row {
    /// The row of a tenant's cohort.
    pub(super) fn new(tenant: TenantId, cohort: &Cohort) -> Self {
        let Cohort {
            id,
            details,
            teachers: _,
            status,
            cancellation,
            students: _,
            version,
            created_at,
            updated_at,
            deleted_at,
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
            id: id.uuid(),
            tenant_id: tenant.uuid(),
            code: code.to_string(),
            name: name.to_string(),
            description: description.as_ref().map(ToString::to_string),
            start_date: day(*start_date),
            end_date: end_date.map(day),
            location_id: location.map(|found| found.uuid()),
            capacity: capacity.map(|found| found.get()),
            status: status.as_str().to_owned(),
            cancellation_reason: cancellation.as_ref().map(ToString::to_string),
            version: version.get(),
            created_at: instant(*created_at),
            updated_at: instant(*updated_at),
            deleted_at: deleted_at.map(instant),
        }
    }

    /// The cohort, with those of the instructors that teach it and how many students are in it.
    pub(super) fn cohort(
        self,
        teachers: &[TeacherRow],
        students: u32,
    ) -> Result<Cohort, InconsistentRow> {
        let row = self;
        let from = StoredRow::new("cohorts", row.id);
        let own = teachers
            .iter()
            .filter(|teacher| teacher.cohort_id == row.id);
        let ids: Vec<_> = own
            .clone()
            .map(|teacher| Id::new(teacher.instructor_id))
            .collect();
        let mut primary = own.filter(|teacher| teacher.is_primary);
        let primary = primary.next().map(|teacher| Id::new(teacher.instructor_id));
        let reason = row.cancellation_reason.as_deref();
        Ok(Cohort {
            id: CohortId::new(row.id),
            details: CohortDetails {
                code: from.value("code", Line::parse(&row.code))?,
                name: from.value("name", Line::parse(&row.name))?,
                description: from.optional(
                    "description",
                    row.description.as_deref(),
                    Prose::parse,
                )?,
                start_date: row.start_date.to_jiff(),
                end_date: row.end_date.map(jiff_diesel::Date::to_jiff),
                location: row.location_id.map(Id::new),
                capacity: row
                    .capacity
                    .map(|count| from.value("capacity", Seats::new(i64::from(count))))
                    .transpose()?,
            },
            teachers: from.value("instructors", Teachers::of(&ids, primary))?,
            status: from.value("status", CohortStatus::parse(&row.status))?,
            cancellation: from.optional("cancellation_reason", reason, Prose::parse)?,
            students,
            version: from.version(row.version)?,
            created_at: row.created_at.to_jiff(),
            updated_at: row.updated_at.to_jiff(),
            deleted_at: row.deleted_at.map(jiff_diesel::Timestamp::to_jiff),
        })
    }
}
