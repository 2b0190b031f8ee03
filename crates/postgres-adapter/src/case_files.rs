//! Case files that were asked for, and the names in them, in PostgreSQL.

use std::collections::BTreeMap;

use diesel::{
    BoolExpressionMethods, ExpressionMethods, Insertable, OptionalExtension, PgExpressionMethods,
    QueryDsl, Queryable, RunQueryDsl, Selectable, SelectableHelper,
    sql_types::{
        Array, BigInt, Date as SqlDate, Int4, Nullable, Text, Timestamptz, Uuid as SqlUuid,
    },
};
use jiff::Timestamp;
use unionhall_domain::{
    case_files::{CaseFileFormat, CaseFileJob, CaseFileJobId, JobState, SentNotice},
    deadlines::{DeadlineId, WarningKey, WarningKind},
    grievances::GrievanceId,
    tenants::TenantId,
    users::UserId,
};
use unionhall_ports::{
    case_files::{CaseFileRepository, CaseSize, ClaimedJob},
    storage::StorageError,
};
use uuid::Uuid;

use crate::{
    errors::InconsistentRow,
    rows::{count, instant},
    schema::case_file_jobs,
    statements::{command, prepared},
    stored::StoredRow,
    unit_of_work::Transaction,
};

/// The names of members, organizations, users and agreements. Tenant, ids.
const NAMES: &str = "\
    with asked as (select ?::uuid as tenant, ?::uuid[] as ids) \
    select m.id, m.first_name || ' ' || m.last_name \
    from members as m, asked where m.tenant_id = asked.tenant and m.id = any (asked.ids) \
    union all \
    select o.id, o.name \
    from organizations as o, asked where o.tenant_id = asked.tenant and o.id = any (asked.ids) \
    union all \
    select u.id, u.first_name || ' ' || u.last_name \
    from memberships as p join users as u on u.id = p.user_id, asked \
    where p.tenant_id = asked.tenant and p.user_id = any (asked.ids) \
    union all \
    select a.id, a.name \
    from collective_agreements as a, asked where a.tenant_id = asked.tenant and a.id = any (asked.ids)";

/// The notices of deadlines that were sent. Tenant, grievance.
const NOTICES: &str = "\
    select w.deadline_id, w.due_on, w.kind, w.warned_at \
    from deadline_warnings as w \
        join deadlines as d on d.tenant_id = w.tenant_id and d.id = w.deadline_id \
    where d.tenant_id = ? and d.grievance_id = ? \
    order by w.warned_at, w.deadline_id, w.kind";

/// How much is on record of a grievance, its own row among the bytes alone. Tenant, grievance.
const SIZE: &str = "\
    with asked as (select ?::uuid as tenant, ?::uuid as grievance), \
    things as ( \
        select 0 as things, octet_length(t::text) as bytes from grievances as t, asked \
        where t.tenant_id = asked.tenant and t.id = asked.grievance \
        union all \
        select 1, octet_length(t::text) from grievance_steps as t, asked \
        where t.tenant_id = asked.tenant and t.grievance_id = asked.grievance \
        union all \
        select 1, octet_length(t::text) from step_meetings as t, asked \
        where t.tenant_id = asked.tenant and t.grievance_id = asked.grievance \
        union all \
        select 1, octet_length(t::text) \
        from asked, step_meetings as m join step_meeting_statements as t \
            on t.tenant_id = m.tenant_id and t.meeting_id = m.id \
        where m.tenant_id = asked.tenant and m.grievance_id = asked.grievance \
        union all \
        select 1, octet_length(t::text) from information_requests as t, asked \
        where t.tenant_id = asked.tenant and t.grievance_id = asked.grievance \
        union all \
        select 1, octet_length(t::text) \
        from asked, information_requests as r join information_request_items as t \
            on t.tenant_id = r.tenant_id and t.request_id = r.id \
        where r.tenant_id = asked.tenant and r.grievance_id = asked.grievance \
        union all \
        select 1, octet_length(t::text) \
        from asked, information_requests as r join information_request_entries as t \
            on t.tenant_id = r.tenant_id and t.request_id = r.id \
        where r.tenant_id = asked.tenant and r.grievance_id = asked.grievance \
        union all \
        select 1, octet_length(t::text) from obligations as t, asked \
        where t.tenant_id = asked.tenant and t.grievance_id = asked.grievance \
        union all \
        select 1, octet_length(t::text) from representation_log as t, asked \
        where t.tenant_id = asked.tenant and t.grievance_id = asked.grievance \
        union all \
        select 1, octet_length(t::text) from documents as t, asked \
        where t.tenant_id = asked.tenant and t.record_id = asked.grievance and t.deleted_at is null \
        union all \
        select 1, octet_length(t::text) from deadlines as t, asked \
        where t.tenant_id = asked.tenant and t.grievance_id = asked.grievance \
        union all \
        select 1, octet_length(t::text) from grievance_events as t, asked \
        where t.tenant_id = asked.tenant and t.grievance_id = asked.grievance \
        union all \
        select 1, octet_length(t::text) \
        from asked, deadlines as d join deadline_warnings as t \
            on t.tenant_id = d.tenant_id and t.deadline_id = d.id \
        where d.tenant_id = asked.tenant and d.grievance_id = asked.grievance \
    ) \
    select coalesce(sum(things), 0)::bigint, coalesce(sum(bytes), 0)::bigint from things";

/// Chosen apart from the update, and what another worker is choosing is passed over. Now, lease.
const CLAIM: &str = "\
    with due as materialized ( \
        select id from case_file_jobs \
        where state = 'waiting' and (leased_until is null or leased_until <= ?) \
        order by asked_at, id limit 1 for update skip locked) \
    update case_file_jobs as job set leased_until = ?, attempts = job.attempts + 1 \
    from due where job.id = due.id \
    returning job.id, job.tenant_id, job.grievance_id, job.format, job.asked_by, job.asked_at, job.attempts";

/// Before, now, limit. A file that was asked for long ago may have been made just now.
const FORGET: &str = "\
    delete from case_file_jobs where id in ( \
        select id from case_file_jobs \
        where state <> 'waiting' and asked_at < ? and (kept_until is null or kept_until <= ?) \
        order by asked_at, id limit ?)";

type ClaimedColumns = (
    SqlUuid,
    SqlUuid,
    SqlUuid,
    Text,
    Nullable<SqlUuid>,
    Timestamptz,
    Int4,
);
type Claimed = (
    Uuid,
    Uuid,
    Uuid,
    String,
    Option<Uuid>,
    jiff_diesel::Timestamp,
    i32,
);

/// A row of the notices.
type Notice = (Uuid, jiff_diesel::Date, String, jiff_diesel::Timestamp);

/// A row of `case_file_jobs`, without what is the worker's alone.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = case_file_jobs)]
#[diesel(treat_none_as_default_value = false)]
struct Row {
    id: Uuid,
    tenant_id: Uuid,
    grievance_id: Uuid,
    format: String,
    asked_by: Option<Uuid>,
    asked_at: jiff_diesel::Timestamp,
    state: String,
    kept_until: Option<jiff_diesel::Timestamp>,
    key: Option<String>,
}

impl CaseFileRepository for Transaction<'_> {
    fn names(&mut self, ids: &[Uuid]) -> Result<BTreeMap<Uuid, String>, StorageError> {
        let statement = prepared::<(SqlUuid, Text)>(NAMES)
            .bind::<SqlUuid, _>(self.tenant()?.uuid())
            .bind::<Array<SqlUuid>, _>(ids.to_vec());
        let rows: Vec<(Uuid, String)> = self.query(|connection| statement.load(connection))?;
        Ok(rows.into_iter().collect())
    }

    fn size(&mut self, grievance: GrievanceId) -> Result<CaseSize, StorageError> {
        let statement = prepared::<(BigInt, BigInt)>(SIZE)
            .bind::<SqlUuid, _>(self.tenant()?.uuid())
            .bind::<SqlUuid, _>(grievance.uuid());
        let (things, bytes): (i64, i64) =
            self.query(|connection| statement.get_result(connection))?;
        Ok(CaseSize {
            things: count(things),
            bytes: count(bytes),
        })
    }

    fn notices(&mut self, grievance: GrievanceId) -> Result<Vec<SentNotice>, StorageError> {
        type Columns = (SqlUuid, SqlDate, Text, Timestamptz);
        let statement = prepared::<Columns>(NOTICES)
            .bind::<SqlUuid, _>(self.tenant()?.uuid())
            .bind::<SqlUuid, _>(grievance.uuid());
        let rows: Vec<Notice> = self.query(|connection| statement.load(connection))?;
        let notices: Result<_, _> = rows.into_iter().map(notice).collect();
        notices.map_err(|row| self.refuse(row))
    }

    fn find(
        &mut self,
        grievance: GrievanceId,
        id: CaseFileJobId,
    ) -> Result<Option<CaseFileJob>, StorageError> {
        let tenant = self.tenant()?;
        let row: Option<Row> = self.query(|connection| {
            case_file_jobs::table
                .filter(case_file_jobs::tenant_id.eq(tenant.uuid()))
                .filter(case_file_jobs::id.eq(id.uuid()))
                .filter(case_file_jobs::grievance_id.eq(grievance.uuid()))
                .select(Row::as_select())
                .first(connection)
                .optional()
        })?;
        self.case_file_job(row)
    }

    fn find_asked(
        &mut self,
        grievance: GrievanceId,
        format: CaseFileFormat,
        by: Option<UserId>,
        now: Timestamp,
    ) -> Result<Option<CaseFileJob>, StorageError> {
        let tenant = self.tenant()?;
        let row: Option<Row> = self.query(|connection| {
            let is_kept = case_file_jobs::kept_until.gt(instant(now));
            case_file_jobs::table
                .filter(case_file_jobs::tenant_id.eq(tenant.uuid()))
                .filter(case_file_jobs::grievance_id.eq(grievance.uuid()))
                .filter(case_file_jobs::format.eq(format.as_str()))
                .filter(case_file_jobs::asked_by.is_not_distinct_from(by.map(UserId::uuid)))
                .filter(case_file_jobs::state.eq("waiting").or(is_kept))
                .order((case_file_jobs::asked_at.desc(), case_file_jobs::id.desc()))
                .select(Row::as_select())
                .first(connection)
                .optional()
        })?;
        self.case_file_job(row)
    }

    fn insert(&mut self, job: &CaseFileJob) -> Result<(), StorageError> {
        let row = Row::new(self.tenant()?, job);
        self.query(|connection| {
            diesel::insert_into(case_file_jobs::table)
                .values(&row)
                .execute(connection)
        })
        .map(drop)
    }

    fn claim(
        &mut self,
        now: Timestamp,
        lease: Timestamp,
    ) -> Result<Option<ClaimedJob>, StorageError> {
        let statement = prepared::<ClaimedColumns>(CLAIM)
            .bind::<Timestamptz, _>(instant(now))
            .bind::<Timestamptz, _>(instant(lease));
        let row: Option<Claimed> =
            self.query(|connection| statement.get_result(connection).optional())?;
        row.map(claimed).transpose().map_err(|row| self.refuse(row))
    }

    fn settle(&mut self, job: &CaseFileJob) -> Result<(), StorageError> {
        let row = Row::new(self.tenant()?, job);
        let written = self.query(|connection| {
            diesel::update(case_file_jobs::table)
                .filter(case_file_jobs::tenant_id.eq(row.tenant_id))
                .filter(case_file_jobs::id.eq(row.id))
                .filter(case_file_jobs::state.eq("waiting"))
                .set((
                    case_file_jobs::state.eq(&row.state),
                    case_file_jobs::kept_until.eq(row.kept_until),
                    case_file_jobs::key.eq(&row.key),
                ))
                .execute(connection)
        })?;
        self.unless_stale(written, 1)
    }

    fn forget(
        &mut self,
        before: Timestamp,
        now: Timestamp,
        limit: u16,
    ) -> Result<usize, StorageError> {
        let statement = command(FORGET)
            .bind::<Timestamptz, _>(instant(before))
            .bind::<Timestamptz, _>(instant(now))
            .bind::<BigInt, _>(i64::from(limit));
        self.query(|connection| statement.execute(connection))
    }
}

impl Transaction<'_> {
    fn case_file_job(&mut self, row: Option<Row>) -> Result<Option<CaseFileJob>, StorageError> {
        row.map(CaseFileJob::try_from)
            .transpose()
            .map_err(|row| self.refuse(row))
    }
}

impl Row {
    fn new(tenant: TenantId, job: &CaseFileJob) -> Self {
        let CaseFileJob {
            id,
            grievance,
            format,
            asked_by,
            asked_at,
            state,
        } = job;
        let (kept_until, key) = match state {
            JobState::Ready { until, key } => (Some(instant(*until)), Some(key.clone())),
            JobState::Waiting | JobState::Failed => (None, None),
        };
        Self {
            id: id.uuid(),
            tenant_id: tenant.uuid(),
            grievance_id: grievance.uuid(),
            format: format.as_str().to_owned(),
            asked_by: asked_by.map(UserId::uuid),
            asked_at: instant(*asked_at),
            state: state.as_str().to_owned(),
            kept_until,
            key,
        }
    }
}

impl TryFrom<Row> for CaseFileJob {
    type Error = InconsistentRow;

    fn try_from(row: Row) -> Result<Self, InconsistentRow> {
        let from = StoredRow::new("case_file_jobs", row.id);
        let state = match (row.state.as_str(), row.kept_until, row.key) {
            ("waiting", None, None) => JobState::Waiting,
            ("ready", Some(until), Some(key)) => JobState::Ready {
                until: until.to_jiff(),
                key,
            },
            ("failed", None, None) => JobState::Failed,
            _ => return Err(from.inconsistent("state contradicts key or kept_until")),
        };
        Ok(Self {
            id: CaseFileJobId::new(row.id),
            grievance: GrievanceId::new(row.grievance_id),
            format: from.value("format", CaseFileFormat::parse(&row.format))?,
            asked_by: row.asked_by.map(UserId::new),
            asked_at: row.asked_at.to_jiff(),
            state,
        })
    }
}

fn notice(row: Notice) -> Result<SentNotice, InconsistentRow> {
    let (deadline, due, kind, at) = row;
    let from = StoredRow::new("deadline_warnings", deadline);
    Ok(SentNotice {
        key: WarningKey {
            deadline: DeadlineId::new(deadline),
            due: due.to_jiff(),
            kind: from.value("kind", WarningKind::parse(&kind))?,
        },
        at: at.to_jiff(),
    })
}

fn claimed(row: Claimed) -> Result<ClaimedJob, InconsistentRow> {
    let (id, tenant, grievance, format, asked_by, asked_at, attempts) = row;
    let from = StoredRow::new("case_file_jobs", id);
    Ok(ClaimedJob {
        tenant: TenantId::new(tenant),
        job: CaseFileJob {
            id: CaseFileJobId::new(id),
            grievance: GrievanceId::new(grievance),
            format: from.value("format", CaseFileFormat::parse(&format))?,
            asked_by: asked_by.map(UserId::new),
            asked_at: asked_at.to_jiff(),
            state: JobState::Waiting,
        },
        earlier_attempts: u32::try_from(attempts.saturating_sub(1)).unwrap_or_default(),
    })
}
