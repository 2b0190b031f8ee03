//! Cohorts in PostgreSQL.

mod listing;
mod roll;
mod row;
mod teachers;

use diesel::{
    BoolExpressionMethods, ExpressionMethods, OptionalExtension, PgConnection, QueryDsl,
    QueryResult, RunQueryDsl, SelectableHelper, dsl::exists,
};
use unionhall_domain::{
    cohorts::{Cohort, CohortId},
    instructors::InstructorId,
    locations::LocationId,
};
use unionhall_ports::{
    cohorts::{CohortFilter, CohortRepository, CohortSort},
    pages::{Page, PageRequest},
    storage::StorageError,
};
use uuid::Uuid;

use crate::{
    rows::{count, page as page_of},
    schema::{cohort_instructors, cohorts},
    unit_of_work::Transaction,
};
use row::Row;
use teachers::TeacherRow;

/// How many codes are told when a location or an instructor cannot go because of its cohorts.
const CODES_TOLD: i64 = 20;

impl CohortRepository for Transaction<'_> {
    fn find(&mut self, id: CohortId) -> Result<Option<Cohort>, StorageError> {
        let tenant = self.tenant()?;
        self.cohort(|connection| {
            with_id(tenant.uuid(), id.uuid())
                .filter(cohorts::deleted_at.is_null())
                .select(Row::as_select())
                .first(connection)
        })
    }

    fn lock(&mut self, id: CohortId) -> Result<Option<Cohort>, StorageError> {
        let tenant = self.tenant()?;
        self.cohort(|connection| {
            with_id(tenant.uuid(), id.uuid())
                .filter(cohorts::deleted_at.is_null())
                .select(Row::as_select())
                .for_no_key_update()
                .first(connection)
        })
    }

    fn find_deleted(&mut self, id: CohortId) -> Result<Option<Cohort>, StorageError> {
        let tenant = self.tenant()?;
        self.cohort(|connection| {
            with_id(tenant.uuid(), id.uuid())
                .filter(cohorts::deleted_at.is_not_null())
                .select(Row::as_select())
                .first(connection)
        })
    }

    fn list(
        &mut self,
        filter: &CohortFilter,
        page: &PageRequest<CohortSort>,
    ) -> Result<Page<Cohort>, StorageError> {
        let tenant = self.tenant()?;
        let rows = self.query(|connection| listing::rows(connection, tenant, filter, page))?;
        let total = if page.with_total {
            let total = self.query(|connection| listing::total(connection, tenant, filter))?;
            Some(count(total))
        } else {
            None
        };
        let Page { items, next, total } = page_of(rows, page.limit, total, |row| {
            listing::cursor(page.sort, row)
        });
        let items = self.cohorts_of(items.into_iter().map(|(row, _)| row).collect())?;
        Ok(Page { items, next, total })
    }
    fn codes_at(&mut self, location: LocationId) -> Result<Vec<String>, StorageError> {
        let tenant = self.tenant()?;
        self.query(|connection| {
            running(tenant.uuid())
                .filter(cohorts::location_id.eq(location.uuid()))
                .order((cohorts::sort_name, cohorts::id))
                .select(cohorts::code)
                .limit(CODES_TOLD)
                .load(connection)
        })
    }

    fn codes_taught_by(&mut self, instructor: InstructorId) -> Result<Vec<String>, StorageError> {
        let tenant = self.tenant()?;
        let taught = cohort_instructors::tenant_id
            .eq(cohorts::tenant_id)
            .and(cohort_instructors::cohort_id.eq(cohorts::id))
            .and(cohort_instructors::instructor_id.eq(instructor.uuid()));
        self.query(|connection| {
            running(tenant.uuid())
                .filter(exists(cohort_instructors::table.filter(taught)))
                .order((cohorts::sort_name, cohorts::id))
                .select(cohorts::code)
                .limit(CODES_TOLD)
                .load(connection)
        })
    }

    fn insert(&mut self, cohort: &Cohort) -> Result<(), StorageError> {
        let tenant = self.tenant()?;
        let row = Row::new(tenant, cohort);
        self.query(|connection| {
            diesel::insert_into(cohorts::table)
                .values(&row)
                .execute(connection)
        })?;
        self.put_teachers(&TeacherRow::all(tenant, cohort))
    }

    fn update(&mut self, cohort: &Cohort) -> Result<(), StorageError> {
        let tenant = self.tenant()?;
        let row = Row::new(tenant, cohort);
        let stored = row.version.saturating_sub(1);
        let written = self.query(|connection| {
            diesel::update(with_id(row.tenant_id, row.id))
                .filter(cohorts::version.eq(stored))
                .set(&row)
                .execute(connection)
        })?;
        self.unless_stale(written, 1)?;
        // All are taken away before they come back, so that the primary place is free for whoever takes it.
        self.query(|connection| {
            diesel::delete(
                cohort_instructors::table
                    .filter(cohort_instructors::tenant_id.eq(row.tenant_id))
                    .filter(cohort_instructors::cohort_id.eq(row.id)),
            )
            .execute(connection)
        })?;
        self.put_teachers(&TeacherRow::all(tenant, cohort))
    }
}

#[diesel::dsl::auto_type(no_type_alias)]
fn with_id(tenant: Uuid, id: Uuid) -> _ {
    cohorts::table
        .filter(cohorts::tenant_id.eq(tenant))
        .filter(cohorts::id.eq(id))
}

/// The cohorts that are neither over nor deleted.
#[diesel::dsl::auto_type(no_type_alias)]
fn running(tenant: Uuid) -> _ {
    cohorts::table
        .filter(cohorts::tenant_id.eq(tenant))
        .filter(cohorts::deleted_at.is_null())
        .filter(cohorts::status.ne("completed"))
        .filter(cohorts::status.ne("cancelled"))
}

impl Transaction<'_> {
    fn cohort(
        &mut self,
        first: impl FnOnce(&mut PgConnection) -> QueryResult<Row>,
    ) -> Result<Option<Cohort>, StorageError> {
        let row = self.query(|connection| first(connection).optional())?;
        let found = self.cohorts_of(row.into_iter().collect())?;
        Ok(found.into_iter().next())
    }

    /// The cohorts of these rows, in their order, with who teaches them and how many are in them, each asked for all of
    /// them at once.
    fn cohorts_of(&mut self, rows: Vec<Row>) -> Result<Vec<Cohort>, StorageError> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let tenant = self.tenant()?;
        let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
        let teachers: Vec<TeacherRow> = self.query(|connection| {
            cohort_instructors::table
                .filter(cohort_instructors::tenant_id.eq(tenant.uuid()))
                .filter(cohort_instructors::cohort_id.eq_any(&ids))
                .order((
                    cohort_instructors::cohort_id,
                    cohort_instructors::instructor_id,
                ))
                .select(TeacherRow::as_select())
                .load(connection)
        })?;
        let present = self.present_in(tenant, &ids)?;
        let cohort = |row: Row| {
            let students = present.get(&row.id).copied().unwrap_or_default();
            row.cohort(&teachers, students)
        };
        let cohorts: Result<_, _> = rows.into_iter().map(cohort).collect();
        cohorts.map_err(|row| self.refuse(row))
    }

    fn put_teachers(&mut self, teachers: &[TeacherRow]) -> Result<(), StorageError> {
        self.query(|connection| {
            diesel::insert_into(cohort_instructors::table)
                .values(teachers)
                .execute(connection)
        })
        .map(drop)
    }
}
