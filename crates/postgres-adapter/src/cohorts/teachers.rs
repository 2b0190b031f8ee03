//! A row of `cohort_instructors`.

use diesel::{Insertable, Queryable, Selectable};
use unionhall_domain::{
    cohorts::{Cohort, Teachers},
    instructors::InstructorId,
    tenants::TenantId,
};
use uuid::Uuid;

use crate::schema::cohort_instructors;

/// One instructor of a cohort.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = cohort_instructors)]
pub(super) struct TeacherRow {
    tenant_id: Uuid,
    pub(super) cohort_id: Uuid,
    pub(super) instructor_id: Uuid,
    pub(super) is_primary: bool,
}

impl TeacherRow {
    /// The rows of a tenant's cohort.
    pub(super) fn all(tenant: TenantId, cohort: &Cohort) -> Vec<Self> {
        let primary = cohort.teachers.as_ref().map(Teachers::primary);
        let row = |instructor: InstructorId| Self {
            tenant_id: tenant.uuid(),
            cohort_id: cohort.id.uuid(),
            instructor_id: instructor.uuid(),
            is_primary: primary == Some(instructor),
        };
        cohort
            .teachers
            .iter()
            .flat_map(Teachers::all)
            .map(row)
            .collect()
    }
}
