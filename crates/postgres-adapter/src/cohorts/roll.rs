//! Who is and was in cohorts.

use std::collections::HashMap;

use diesel::{
    ExpressionMethods, Insertable, OptionalExtension, QueryDsl, Queryable, RunQueryDsl, Selectable,
    SelectableHelper,
    dsl::{count_star, max},
    sql_types::{Date as SqlDate, Uuid as SqlUuid},
};
use jiff::civil::Date;
use unionhall_domain::{
    cohorts::{CohortId, Stay, StayId},
    students::StudentId,
    tenants::TenantId,
    text::Prose,
};
use unionhall_ports::{
    cohorts::{CohortRoll, StaySort},
    pages::{Cursor, Page, PageRequest},
    storage::StorageError,
};
use uuid::Uuid;

use crate::{
    errors::InconsistentRow,
    lists::{day_key, one_more_than, place, sorted},
    rows::{count, page as page_of},
    schema::cohort_stays,
    statements::command,
    stored::{StoredRow, day},
    unit_of_work::Transaction,
};

const END_ALL: &str = "\
    update cohort_stays set left_on = greatest(joined_on, ?) \
    where tenant_id = ? and cohort_id = ? and left_on is null";

/// Everything that is stored of a stay.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = cohort_stays)]
struct StayRow {
    id: Uuid,
    tenant_id: Uuid,
    cohort_id: Uuid,
    student_id: Uuid,
    joined_on: jiff_diesel::Date,
    left_on: Option<jiff_diesel::Date>,
    left_reason: Option<String>,
}

impl StayRow {
    fn new(tenant: TenantId, stay: &Stay) -> Self {
        let Stay {
            id,
            cohort,
            student,
            joined_on,
            left_on,
            reason,
        } = stay;
        Self {
            id: id.uuid(),
            tenant_id: tenant.uuid(),
            cohort_id: cohort.uuid(),
            student_id: student.uuid(),
            joined_on: day(*joined_on),
            left_on: left_on.map(day),
            left_reason: reason.as_ref().map(ToString::to_string),
        }
    }
}

impl TryFrom<StayRow> for Stay {
    type Error = InconsistentRow;

    fn try_from(row: StayRow) -> Result<Self, InconsistentRow> {
        let from = StoredRow::new("cohort_stays", row.id);
        let reason = row.left_reason.as_deref();
        Ok(Self {
            id: StayId::new(row.id),
            cohort: CohortId::new(row.cohort_id),
            student: StudentId::new(row.student_id),
            joined_on: row.joined_on.to_jiff(),
            left_on: row.left_on.map(jiff_diesel::Date::to_jiff),
            reason: from.optional("left_reason", reason, Prose::parse)?,
        })
    }
}

impl CohortRoll for Transaction<'_> {
    fn present(&mut self, student: StudentId) -> Result<Option<Stay>, StorageError> {
        let tenant = self.tenant()?;
        let row: Option<StayRow> = self.query(|connection| {
            cohort_stays::table
                .filter(cohort_stays::tenant_id.eq(tenant.uuid()))
                .filter(cohort_stays::student_id.eq(student.uuid()))
                .filter(cohort_stays::left_on.is_null())
                .select(StayRow::as_select())
                .first(connection)
                .optional()
        })?;
        let stay = row.map(Stay::try_from).transpose();
        stay.map_err(|row| self.refuse(row))
    }

    fn last_left(&mut self, student: StudentId) -> Result<Option<Date>, StorageError> {
        let tenant = self.tenant()?;
        let left: Option<jiff_diesel::Date> = self.query(|connection| {
            cohort_stays::table
                .filter(cohort_stays::tenant_id.eq(tenant.uuid()))
                .filter(cohort_stays::student_id.eq(student.uuid()))
                .select(max(cohort_stays::left_on))
                .get_result(connection)
        })?;
        Ok(left.map(jiff_diesel::Date::to_jiff))
    }

    fn list(
        &mut self,
        cohort: CohortId,
        page: &PageRequest<StaySort>,
    ) -> Result<Page<Stay>, StorageError> {
        let tenant = self.tenant()?;
        let Ok(after) = place(page.after.as_ref(), day_key) else {
            return Ok(Page {
                items: Vec::new(),
                next: None,
                total: None,
            });
        };
        let of_cohort = || {
            cohort_stays::table
                .filter(cohort_stays::tenant_id.eq(tenant.uuid()))
                .filter(cohort_stays::cohort_id.eq(cohort.uuid()))
                .into_boxed()
        };
        let rows: Vec<StayRow> = self.query(|connection| {
            let query = of_cohort().select(StayRow::as_select());
            let query = sorted!(
                query,
                page.direction,
                [cohort_stays::joined_on, cohort_stays::id] as (SqlDate, SqlUuid),
                after
            );
            one_more_than(page.limit, query).load(connection)
        })?;
        let total = if page.with_total {
            let total =
                self.query(|connection| of_cohort().select(count_star()).get_result(connection))?;
            Some(count(total))
        } else {
            None
        };
        let stays: Result<Vec<_>, _> = rows.into_iter().map(Stay::try_from).collect();
        let stays = stays.map_err(|row| self.refuse(row))?;
        Ok(page_of(stays, page.limit, total, |stay| Cursor {
            key: stay.joined_on.to_string(),
            id: stay.id.uuid(),
        }))
    }

    fn insert(&mut self, stay: &Stay) -> Result<(), StorageError> {
        let row = StayRow::new(self.tenant()?, stay);
        self.query(|connection| {
            diesel::insert_into(cohort_stays::table)
                .values(&row)
                .execute(connection)
        })
        .map(drop)
    }

    fn end(&mut self, stay: &Stay) -> Result<(), StorageError> {
        let row = StayRow::new(self.tenant()?, stay);
        let ended = (
            cohort_stays::left_on.eq(row.left_on),
            cohort_stays::left_reason.eq(row.left_reason),
        );
        let written = self.query(|connection| {
            diesel::update(
                cohort_stays::table
                    .filter(cohort_stays::tenant_id.eq(row.tenant_id))
                    .filter(cohort_stays::id.eq(row.id))
                    .filter(cohort_stays::left_on.is_null()),
            )
            .set(ended)
            .execute(connection)
        })?;
        self.unless_stale(written, 1)
    }

    fn end_all(&mut self, cohort: CohortId, on: Date) -> Result<(), StorageError> {
        let tenant = self.tenant()?;
        self.query(|connection| {
            command(END_ALL)
                .bind::<SqlDate, _>(day(on))
                .bind::<SqlUuid, _>(tenant.uuid())
                .bind::<SqlUuid, _>(cohort.uuid())
                .execute(connection)
        })
        .map(drop)
    }
}

impl Transaction<'_> {
    /// How many students are in each of these cohorts now; one that nobody is in is left out.
    pub(super) fn present_in(
        &mut self,
        tenant: TenantId,
        cohorts: &[Uuid],
    ) -> Result<HashMap<Uuid, u32>, StorageError> {
        let counts: Vec<(Uuid, i64)> = self.query(|connection| {
            cohort_stays::table
                .filter(cohort_stays::tenant_id.eq(tenant.uuid()))
                .filter(cohort_stays::cohort_id.eq_any(cohorts))
                .filter(cohort_stays::left_on.is_null())
                .group_by(cohort_stays::cohort_id)
                .select((cohort_stays::cohort_id, count_star()))
                .load(connection)
        })?;
        let counted =
            |(cohort, present): (Uuid, i64)| (cohort, u32::try_from(present).unwrap_or(u32::MAX));
        Ok(counts.into_iter().map(counted).collect())
    }
}
