//! Deadlines of grievances, and what they are counted from, in PostgreSQL.

mod derivation;
mod row;

use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, OptionalExtension, QueryDsl, RunQueryDsl,
    SelectableHelper,
    dsl::sql,
    pg::Pg,
    sql_types::{Bool, Date as SqlDate, Uuid as SqlUuid},
};
use jiff::{Timestamp, civil::Date};
use unionhall_domain::{
    collective_agreements::CollectiveAgreementId,
    deadlines::{Deadline, DeadlineId, DeadlineStatus, Happening, WarningKey},
    grievances::GrievanceId,
    tenants::TenantId,
    users::UserId,
};
use unionhall_ports::{
    deadlines::{
        CaseDeadline, CaseEvent, DeadlineFilter, DeadlineRepository, DeadlineSort, Retraction,
    },
    pages::{Cursor, Page, PageRequest},
    storage::StorageError,
};
use uuid::Uuid;

use crate::{
    lists::{one_more_than, place, sorted},
    rows::{count, instant, page as page_of},
    schema::{deadline_warnings, deadlines, grievance_events, grievances},
    statements::prepared,
    stored::day,
    unit_of_work::Transaction,
};
use row::{Case, EventRow, Row, case_deadline};

/// The statuses of deadlines that run.
const RUNNING: [&str; 2] = [
    DeadlineStatus::Open.as_str(),
    DeadlineStatus::Extended.as_str(),
];

/// Deadlines joined with their grievances, on the way to becoming a statement.
type Joined<'a> = diesel::helper_types::IntoBoxed<'a, cases, Pg>;

/// The deadlines of a tenant with their grievances, those of deleted ones aside.
#[diesel::dsl::auto_type]
fn cases(tenant: Uuid) -> _ {
    deadlines::table
        .inner_join(
            grievances::table.on(grievances::tenant_id
                .eq(deadlines::tenant_id)
                .and(grievances::id.eq(deadlines::grievance_id))),
        )
        .filter(deadlines::tenant_id.eq(tenant))
        .filter(grievances::deleted_at.is_null())
}

impl DeadlineRepository for Transaction<'_> {
    fn find(&mut self, id: DeadlineId) -> Result<Option<CaseDeadline>, StorageError> {
        let tenant = self.tenant()?;
        let found: Option<(Row, Case)> = self.query(|connection| {
            cases(tenant.uuid())
                .filter(deadlines::id.eq(id.uuid()))
                .select((Row::as_select(), Case::as_select()))
                .first(connection)
                .optional()
        })?;
        found
            .map(case_deadline)
            .transpose()
            .map_err(|row| self.refuse(row))
    }

    fn of_grievance(&mut self, id: GrievanceId) -> Result<Vec<CaseDeadline>, StorageError> {
        let tenant = self.tenant()?;
        let rows = self.query(|connection| {
            cases(tenant.uuid())
                .filter(deadlines::grievance_id.eq(id.uuid()))
                .order((deadlines::due_on, deadlines::id))
                .select((Row::as_select(), Case::as_select()))
                .load(connection)
        })?;
        self.case_deadlines(rows)
    }

    fn list(
        &mut self,
        filter: &DeadlineFilter,
        page: &PageRequest<DeadlineSort>,
    ) -> Result<Page<CaseDeadline>, StorageError> {
        let tenant = self.tenant()?;
        let rows = self.query(|connection| {
            let Ok(place) = place(page.after.as_ref(), crate::lists::day_key) else {
                return Ok(Vec::new());
            };
            let query = matching(tenant, filter).select((Row::as_select(), Case::as_select()));
            let query = match page.sort {
                DeadlineSort::Due => sorted!(
                    query,
                    page.direction,
                    [deadlines::due_on, deadlines::id] as (SqlDate, SqlUuid),
                    place
                ),
            };
            one_more_than(page.limit, query).load(connection)
        })?;
        let total = if page.with_total {
            let all = matching(tenant, filter).count();
            Some(count(self.query(|connection| all.get_result(connection))?))
        } else {
            None
        };
        let found = self.case_deadlines(rows)?;
        Ok(page_of(found, page.limit, total, |last| Cursor {
            key: last.deadline.due().to_string(),
            id: last.deadline.id.uuid(),
        }))
    }

    fn running(
        &mut self,
        agreement: Option<CollectiveAgreementId>,
        due_from: Option<Date>,
        most: u16,
    ) -> Result<Vec<CaseDeadline>, StorageError> {
        let tenant = self.tenant()?;
        let filter = DeadlineFilter {
            agreement,
            due_from,
            statuses: vec![DeadlineStatus::Open, DeadlineStatus::Extended],
            ..DeadlineFilter::default()
        };
        let rows = self.query(|connection| {
            matching(tenant, &filter)
                .order((deadlines::due_on, deadlines::id))
                .select((Row::as_select(), Case::as_select()))
                .limit(i64::from(most))
                .load(connection)
        })?;
        self.case_deadlines(rows)
    }

    fn insert(&mut self, new: &[Deadline]) -> Result<(), StorageError> {
        let tenant = self.tenant()?;
        let rows: Vec<_> = new
            .iter()
            .map(|deadline| Row::new(tenant, deadline))
            .collect();
        self.query(|connection| {
            diesel::insert_into(deadlines::table)
                .values(&rows)
                .execute(connection)
        })
        .map(drop)
    }

    fn update(&mut self, deadline: &Deadline) -> Result<(), StorageError> {
        let row = Row::new(self.tenant()?, deadline);
        let stored = row.version.saturating_sub(1);
        let written = self.query(|connection| {
            diesel::update(deadlines::table)
                .filter(deadlines::tenant_id.eq(row.tenant_id))
                .filter(deadlines::id.eq(row.id))
                .filter(deadlines::version.eq(stored))
                .set(&row)
                .execute(connection)
        })?;
        self.unless_stale(written, 1)
    }

    fn tenants_with_due(&mut self, until: Date) -> Result<Vec<TenantId>, StorageError> {
        let statement =
            prepared::<SqlUuid>("select deadlines_watched(?)").bind::<SqlDate, _>(day(until));
        let tenants: Vec<Uuid> = self.query(|connection| statement.load(connection))?;
        Ok(tenants.into_iter().map(TenantId::new).collect())
    }

    fn to_warn(&mut self, today: Date, most: u16) -> Result<Vec<CaseDeadline>, StorageError> {
        let tenant = self.tenant()?;
        // The domain has the same bounds; a test goes through the days.
        let rows = self.query(|connection| {
            let unwarned = sql::<Bool>("deadlines.status in ('open', 'extended') and deadlines.due_on <= ")
                .bind::<SqlDate, _>(day(today))
                .sql(" + 7 and not exists (select from deadline_warnings w where w.tenant_id = deadlines.tenant_id \
                    and w.deadline_id = deadlines.id and w.due_on = deadlines.due_on \
                    and w.kind = case when deadlines.due_on < ")
                .bind::<SqlDate, _>(day(today))
                .sql(" then 'overdue' when deadlines.due_on = ")
                .bind::<SqlDate, _>(day(today))
                .sql(" then 'today' when deadlines.due_on = ")
                .bind::<SqlDate, _>(day(today))
                .sql(" + 1 then 'one_day' when deadlines.due_on <= ")
                .bind::<SqlDate, _>(day(today))
                .sql(" + 3 then 'three_days' else 'seven_days' end)");
            cases(tenant.uuid())
                .filter(unwarned)
                .order((deadlines::due_on, deadlines::id))
                .select((Row::as_select(), Case::as_select()))
                .limit(i64::from(most))
                .load(connection)
        })?;
        self.case_deadlines(rows)
    }

    fn insert_warning(&mut self, key: &WarningKey, at: Timestamp) -> Result<bool, StorageError> {
        let tenant = self.tenant()?;
        let written = self.query(|connection| {
            diesel::insert_into(deadline_warnings::table)
                .values((
                    deadline_warnings::tenant_id.eq(tenant.uuid()),
                    deadline_warnings::deadline_id.eq(key.deadline.uuid()),
                    deadline_warnings::due_on.eq(day(key.due)),
                    deadline_warnings::kind.eq(key.kind.as_str()),
                    deadline_warnings::warned_at.eq(instant(at)),
                ))
                .on_conflict_do_nothing()
                .execute(connection)
        })?;
        Ok(written == 1)
    }

    fn insert_events(
        &mut self,
        grievance: GrievanceId,
        happened: &[(Uuid, Happening)],
        by: Option<UserId>,
        at: Timestamp,
    ) -> Result<(), StorageError> {
        let tenant = self.tenant()?;
        let row = |event| EventRow::new(tenant, grievance, event, by, at);
        let rows: Vec<_> = happened.iter().map(row).collect();
        self.query(|connection| {
            diesel::insert_into(grievance_events::table)
                .values(&rows)
                .execute(connection)
        })
        .map(drop)
    }

    fn events(&mut self, grievance: GrievanceId) -> Result<Vec<CaseEvent>, StorageError> {
        let tenant = self.tenant()?;
        let rows: Vec<EventRow> = self.query(|connection| {
            grievance_events::table
                .filter(grievance_events::tenant_id.eq(tenant.uuid()))
                .filter(grievance_events::grievance_id.eq(grievance.uuid()))
                .order((
                    grievance_events::happened_on,
                    grievance_events::created_at,
                    grievance_events::id,
                ))
                .select(EventRow::as_select())
                .load(connection)
        })?;
        let events: Result<_, _> = rows.into_iter().map(CaseEvent::try_from).collect();
        events.map_err(|row| self.refuse(row))
    }

    fn retract_event(&mut self, id: Uuid, retraction: &Retraction) -> Result<(), StorageError> {
        let tenant = self.tenant()?;
        let written = self.query(|connection| {
            diesel::update(grievance_events::table)
                .filter(grievance_events::tenant_id.eq(tenant.uuid()))
                .filter(grievance_events::id.eq(id))
                .filter(grievance_events::retracted_at.is_null())
                .set((
                    grievance_events::retracted_at.eq(instant(retraction.at)),
                    grievance_events::retracted_by.eq(retraction.by.map(|user| user.uuid())),
                    grievance_events::retracted_for.eq(retraction.reason.to_string()),
                ))
                .execute(connection)
        })?;
        self.unless_stale(written, 1)
    }
}

impl Transaction<'_> {
    fn case_deadlines(
        &mut self,
        rows: Vec<(Row, Case)>,
    ) -> Result<Vec<CaseDeadline>, StorageError> {
        let found: Result<_, _> = rows.into_iter().map(case_deadline).collect();
        found.map_err(|row| self.refuse(row))
    }
}

fn matching(tenant: TenantId, filter: &DeadlineFilter) -> Joined<'static> {
    let mut query = cases(tenant.uuid()).into_boxed();
    let statuses: Vec<_> = filter
        .statuses
        .iter()
        .map(|status| status.as_str())
        .collect();
    if statuses == RUNNING {
        // Spelt out, so that the planner sees that the index of what runs is enough.
        query = query.filter(sql::<Bool>("deadlines.status in ('open', 'extended')"));
    } else if !statuses.is_empty() {
        query = query.filter(deadlines::status.eq_any(statuses));
    }
    if let Some(carrier) = filter.carrier {
        query = query.filter(
            grievances::assigned_representative_id
                .eq(carrier.uuid())
                .or(grievances::steward_id.eq(carrier.uuid())),
        );
    }
    if let Some(employer) = filter.employer {
        query = query.filter(grievances::employer_id.eq(employer.uuid()));
    }
    if let Some(agreement) = filter.agreement {
        query = query.filter(deadlines::agreement_id.eq(agreement.uuid()));
    }
    if let Some(step) = filter.step {
        query = query.filter(deadlines::step.eq(step.as_str()));
    }
    if let Some(from) = filter.due_from {
        query = query.filter(deadlines::due_on.ge(day(from)));
    }
    if let Some(until) = filter.due_until {
        query = query.filter(deadlines::due_on.le(day(until)));
    }
    query
}
