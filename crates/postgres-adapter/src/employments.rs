//! Employments in PostgreSQL.

mod listing;
mod row;
mod rules;

use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, OptionalExtension, PgConnection, QueryDsl,
    QueryResult, RunQueryDsl, SelectableHelper,
    sql_types::{BigInt, Jsonb, Nullable, Text, Uuid as SqlUuid},
};
use unionhall_domain::{
    employments::{Employment, EmploymentId, JobRules},
    members::{MemberId, MemberNumber},
    organizations::OrganizationId,
    text::Line,
};
use unionhall_ports::{
    employments::{Employed, EmploymentFilter, EmploymentRepository, EmploymentSort, TitleInUse},
    pages::{Page, PageRequest},
    storage::StorageError,
};
use uuid::Uuid;

use crate::{
    errors::InconsistentRow,
    rows::{count, page as page_of, stored},
    schema::{employments, job_rules, members, organizations},
    statements::{command, prepared},
    unit_of_work::Transaction,
};
use row::{Joined, Row, employed};
use rules::RulesRow;

/// Titles by how many jobs have them.
const TITLES: &str = "\
    select job_title, count(*) as count from employments \
    where tenant_id = ? and deleted_at is null and job_title is not null \
        and starts_with(f_unaccent(job_title), f_unaccent(coalesce(?, ''))) \
    group by job_title order by count desc, job_title limit ?";

/// As many rows as one insert has parameters for: PostgreSQL takes 65,535.
const BATCH: usize = 1_000;

const UPDATE_MANY: &str = "\
    update employments set \
        start_date = new.start_date, end_date = new.end_date, job_title = new.job_title, \
        hourly_rate = new.hourly_rate, version = new.version, updated_at = new.updated_at, \
        deleted_at = new.deleted_at \
    from jsonb_populate_recordset(null::employments, ?) as new \
    where employments.tenant_id = ? and employments.id = new.id and employments.version = new.version - 1";

/// How many names or numbers are told when a record cannot go because of its jobs.
const TOLD: i64 = 20;

impl EmploymentRepository for Transaction<'_> {
    fn rules(&mut self) -> Result<JobRules, StorageError> {
        let tenant = self.tenant()?;
        let row = self.query(|connection| {
            job_rules::table
                .filter(job_rules::tenant_id.eq(tenant.uuid()))
                .select(RulesRow::as_select())
                .first(connection)
                .optional()
        })?;
        row.map_or(Ok(JobRules::USUAL), JobRules::try_from)
            .map_err(|row| self.refuse(row))
    }

    fn put_rules(&mut self, rules: &JobRules) -> Result<(), StorageError> {
        use diesel::query_dsl::methods::FilterDsl as _;
        let row = RulesRow::new(self.tenant()?, rules);
        let stored = row.version.saturating_sub(1);
        let written = self.query(|connection| {
            diesel::insert_into(job_rules::table)
                .values(&row)
                .on_conflict(job_rules::tenant_id)
                .do_update()
                .set(&row)
                .filter(job_rules::version.eq(stored))
                .execute(connection)
        })?;
        self.unless_stale(written, 1)
    }

    fn find(&mut self, id: EmploymentId) -> Result<Option<Employed>, StorageError> {
        let tenant = self.tenant()?;
        self.employed(|connection| {
            with_parties()
                .filter(employments::tenant_id.eq(tenant.uuid()))
                .filter(employments::id.eq(id.uuid()))
                .filter(employments::deleted_at.is_null())
                .select((Row::as_select(), NAMES))
                .first(connection)
        })
    }

    fn find_deleted(&mut self, id: EmploymentId) -> Result<Option<Employed>, StorageError> {
        let tenant = self.tenant()?;
        self.employed(|connection| {
            with_parties()
                .filter(employments::tenant_id.eq(tenant.uuid()))
                .filter(employments::id.eq(id.uuid()))
                .filter(employments::deleted_at.is_not_null())
                .select((Row::as_select(), NAMES))
                .first(connection)
        })
    }

    fn of_member(&mut self, member: MemberId) -> Result<Vec<Employed>, StorageError> {
        let tenant = self.tenant()?;
        let rows: Vec<Joined> = self.query(|connection| {
            with_parties()
                .filter(employments::tenant_id.eq(tenant.uuid()))
                .filter(employments::member_id.eq(member.uuid()))
                .filter(employments::deleted_at.is_null())
                .order((employments::start_date, employments::id))
                .select((Row::as_select(), NAMES))
                .load(connection)
        })?;
        let jobs: Result<_, _> = rows.into_iter().map(employed).collect();
        jobs.map_err(|row| self.refuse(row))
    }

    fn list(
        &mut self,
        filter: &EmploymentFilter,
        page: &PageRequest<EmploymentSort>,
    ) -> Result<Page<Employed>, StorageError> {
        let tenant = self.tenant()?;
        let rows = self.query(|connection| listing::rows(connection, tenant, filter, page))?;
        let total = if page.with_total {
            let total = self.query(|connection| listing::total(connection, tenant, filter))?;
            Some(count(total))
        } else {
            None
        };
        let Page { items, next, total } = page_of(rows, page.limit, total, |(row, _)| {
            listing::cursor(page.sort, row)
        });
        let items: Result<_, _> = items.into_iter().map(employed).collect();
        let items = items.map_err(|row| self.refuse(row))?;
        Ok(Page { items, next, total })
    }

    fn titles(
        &mut self,
        beginning: Option<String>,
        limit: u16,
    ) -> Result<Vec<TitleInUse>, StorageError> {
        let tenant = self.tenant()?;
        let beginning = beginning.map(|text| text.replace('\0', " "));
        let rows: Vec<(String, i64)> = self.query(|connection| {
            prepared::<(Text, BigInt)>(TITLES)
                .bind::<SqlUuid, _>(tenant.uuid())
                .bind::<Nullable<Text>, _>(beginning)
                .bind::<BigInt, _>(i64::from(limit))
                .load(connection)
        })?;
        let title = |(title, jobs): (String, i64)| {
            Ok::<_, InconsistentRow>(TitleInUse {
                job_title: stored("employments", "of titles", "job_title", Line::parse(&title))?,
                count: count(jobs),
            })
        };
        let titles: Result<_, _> = rows.into_iter().map(title).collect();
        titles.map_err(|row| self.refuse(row))
    }

    fn numbers_at(
        &mut self,
        organization: OrganizationId,
    ) -> Result<Vec<MemberNumber>, StorageError> {
        let tenant = self.tenant()?;
        let numbers: Vec<String> = self.query(|connection| {
            with_parties()
                .filter(employments::tenant_id.eq(tenant.uuid()))
                .filter(employments::organization_id.eq(organization.uuid()))
                .filter(employments::deleted_at.is_null())
                .select(members::member_number)
                .distinct()
                .order(members::member_number)
                .limit(TOLD)
                .load(connection)
        })?;
        let parsed = |number: String| {
            let value = MemberNumber::parse(&number);
            stored("members", "of an employment", "member_number", value)
        };
        let numbers: Result<_, _> = numbers.into_iter().map(parsed).collect();
        numbers.map_err(|row: InconsistentRow| self.refuse(row))
    }

    fn names_of_member(&mut self, member: MemberId) -> Result<Vec<String>, StorageError> {
        let tenant = self.tenant()?;
        self.query(|connection| {
            with_parties()
                .filter(employments::tenant_id.eq(tenant.uuid()))
                .filter(employments::member_id.eq(member.uuid()))
                .filter(employments::deleted_at.is_null())
                .select(organizations::name)
                .distinct()
                .order(organizations::name)
                .limit(TOLD)
                .load(connection)
        })
    }

    fn insert(&mut self, employment: &Employment) -> Result<(), StorageError> {
        let row = Row::new(self.tenant()?, employment);
        self.query(|connection| {
            diesel::insert_into(employments::table)
                .values(&row)
                .execute(connection)
        })
        .map(drop)
    }

    fn update(&mut self, employment: &Employment) -> Result<(), StorageError> {
        let row = Row::new(self.tenant()?, employment);
        let stored = row.version.saturating_sub(1);
        let written = self.query(|connection| {
            diesel::update(with_id(row.tenant_id, row.id))
                .filter(employments::version.eq(stored))
                .set(&row)
                .execute(connection)
        })?;
        self.unless_stale(written, 1)
    }

    fn of_members(&mut self, members: &[MemberId]) -> Result<Vec<Employed>, StorageError> {
        let tenant = self.tenant()?;
        let ids: Vec<_> = members.iter().map(|id| id.uuid()).collect();
        // The jobs alone are locked, not the members and the organizations they are shown with; what is read then is as
        // whoever held them has left it.
        self.query(|connection| {
            employments::table
                .filter(employments::tenant_id.eq(tenant.uuid()))
                .filter(employments::member_id.eq_any(&ids))
                .filter(employments::deleted_at.is_null())
                .order(employments::id)
                .select(employments::id)
                .for_update()
                .load::<Uuid>(connection)
        })?;
        let rows: Vec<Joined> = self.query(|connection| {
            with_parties()
                .filter(employments::tenant_id.eq(tenant.uuid()))
                .filter(employments::member_id.eq_any(ids))
                .filter(employments::deleted_at.is_null())
                .order((
                    employments::member_id,
                    employments::start_date,
                    employments::id,
                ))
                .select((Row::as_select(), NAMES))
                .load(connection)
        })?;
        let jobs: Result<_, _> = rows.into_iter().map(employed).collect();
        jobs.map_err(|row| self.refuse(row))
    }

    fn lock_by_ids(&mut self, ids: &[EmploymentId]) -> Result<Vec<Employment>, StorageError> {
        let tenant = self.tenant()?;
        let ids: Vec<_> = ids.iter().map(|id| id.uuid()).collect();
        let rows: Vec<Row> = self.query(|connection| {
            employments::table
                .filter(employments::tenant_id.eq(tenant.uuid()))
                .filter(employments::id.eq_any(ids))
                // Whoever locks several does so in the same order, so nobody waits in a circle.
                .order(employments::id)
                .select(Row::as_select())
                .for_update()
                .load(connection)
        })?;
        let jobs: Result<_, _> = rows.into_iter().map(Employment::try_from).collect();
        jobs.map_err(|row| self.refuse(row))
    }

    fn insert_many(&mut self, jobs: &[Employment]) -> Result<(), StorageError> {
        let tenant = self.tenant()?;
        for batch in jobs.chunks(BATCH) {
            let rows: Vec<_> = batch.iter().map(|job| Row::new(tenant, job)).collect();
            self.query(|connection| {
                diesel::insert_into(employments::table)
                    .values(&rows)
                    .execute(connection)
            })?;
        }
        Ok(())
    }

    fn update_many(&mut self, jobs: &[Employment]) -> Result<(), StorageError> {
        if jobs.is_empty() {
            return Ok(());
        }
        let tenant = self.tenant()?;
        let rows: serde_json::Value = jobs
            .iter()
            .map(|job| Row::new(tenant, job).to_json())
            .collect();
        let written = self.query(|connection| {
            command(UPDATE_MANY)
                .bind::<Jsonb, _>(rows)
                .bind::<SqlUuid, _>(tenant.uuid())
                .execute(connection)
        })?;
        self.unless_stale(written, jobs.len())
    }
}

/// The names that are shown with a job, in the order in which they are read.
const NAMES: (
    members::member_number,
    members::first_name,
    members::last_name,
    organizations::name,
) = (
    members::member_number,
    members::first_name,
    members::last_name,
    organizations::name,
);

/// Jobs with their members and organizations.
#[diesel::dsl::auto_type]
fn with_parties() -> _ {
    employments::table
        .inner_join(
            members::table.on(members::tenant_id
                .eq(employments::tenant_id)
                .and(members::id.eq(employments::member_id))),
        )
        .inner_join(
            organizations::table.on(organizations::tenant_id
                .eq(employments::tenant_id)
                .and(organizations::id.eq(employments::organization_id))),
        )
}

#[diesel::dsl::auto_type(no_type_alias)]
fn with_id(tenant: Uuid, id: Uuid) -> _ {
    employments::table
        .filter(employments::tenant_id.eq(tenant))
        .filter(employments::id.eq(id))
}

impl Transaction<'_> {
    fn employed(
        &mut self,
        first: impl FnOnce(&mut PgConnection) -> QueryResult<Joined>,
    ) -> Result<Option<Employed>, StorageError> {
        let row = self.query(|connection| first(connection).optional())?;
        row.map(employed)
            .transpose()
            .map_err(|row| self.refuse(row))
    }
}
