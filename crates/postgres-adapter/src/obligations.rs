//! Obligations out of settlements in PostgreSQL.

mod row;

use diesel::{
    BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl,
    SelectableHelper,
    pg::Pg,
    sql_types::{Date as SqlDate, Uuid as SqlUuid},
};
use unionhall_domain::{
    grievances::GrievanceId,
    obligations::{Obligation, ObligationId},
    tenants::TenantId,
};
use unionhall_ports::{
    obligations::{ObligationFilter, ObligationRepository, ObligationSort},
    pages::{Cursor, Page, PageRequest},
    storage::StorageError,
};

use self::row::Row;
use crate::{
    lists::{one_more_than, place, sorted},
    rows::{count, page as page_of},
    schema::{grievances, obligations},
    stored::day,
    unit_of_work::Transaction,
};

impl ObligationRepository for Transaction<'_> {
    fn find(
        &mut self,
        grievance: GrievanceId,
        id: ObligationId,
    ) -> Result<Option<Obligation>, StorageError> {
        let tenant = self.tenant()?;
        let row: Option<Row> = self.query(|connection| {
            obligations::table
                .filter(obligations::tenant_id.eq(tenant.uuid()))
                .filter(obligations::id.eq(id.uuid()))
                .filter(obligations::grievance_id.eq(grievance.uuid()))
                .select(Row::as_select())
                .first(connection)
                .optional()
        })?;
        row.map(Obligation::try_from)
            .transpose()
            .map_err(|row| self.refuse(row))
    }

    fn list(
        &mut self,
        filter: &ObligationFilter,
        page: &PageRequest<ObligationSort>,
    ) -> Result<Page<Obligation>, StorageError> {
        let tenant = self.tenant()?;
        let ObligationSort::Due = page.sort;
        let after = place(page.after.as_ref(), crate::lists::day_key);
        let rows: Vec<Row> = match after {
            Err(_) => Vec::new(),
            Ok(after) => self.query(|connection| {
                let query = sorted!(
                    matching(tenant, filter).select(Row::as_select()),
                    page.direction,
                    [obligations::due_on, obligations::id] as (SqlDate, SqlUuid),
                    after
                );
                one_more_than(page.limit, query).load(connection)
            })?,
        };
        let total = if page.with_total {
            let total = self.query(|connection| {
                let all = matching(tenant, filter);
                all.count().get_result(connection)
            })?;
            Some(count(total))
        } else {
            None
        };
        let found: Result<Vec<_>, _> = rows.into_iter().map(Obligation::try_from).collect();
        let found = found.map_err(|row| self.refuse(row))?;
        Ok(page_of(found, page.limit, total, |last| Cursor {
            key: last.terms.due_on.to_string(),
            id: last.id.uuid(),
        }))
    }

    fn insert(&mut self, obligation: &Obligation) -> Result<(), StorageError> {
        let row = Row::new(self.tenant()?, obligation);
        self.query(|connection| {
            diesel::insert_into(obligations::table)
                .values(&row)
                .execute(connection)
        })
        .map(drop)
    }

    fn update(&mut self, obligation: &Obligation) -> Result<(), StorageError> {
        let row = Row::new(self.tenant()?, obligation);
        let stored = row.version.saturating_sub(1);
        let written = self.query(|connection| {
            diesel::update(obligations::table)
                .filter(obligations::tenant_id.eq(row.tenant_id))
                .filter(obligations::id.eq(row.id))
                .filter(obligations::version.eq(stored))
                .set(&row)
                .execute(connection)
        })?;
        self.unless_stale(written, 1)
    }
}

fn matching(tenant: TenantId, filter: &ObligationFilter) -> obligations::BoxedQuery<'_, Pg> {
    let mut cases = grievances::table
        .filter(grievances::tenant_id.eq(tenant.uuid()))
        .filter(grievances::deleted_at.is_null())
        .select(grievances::id)
        .into_boxed();
    if let Some(employer) = filter.employer {
        cases = cases.filter(grievances::employer_id.eq(employer.uuid()));
    }
    if let Some(user) = filter.representative {
        cases = cases.filter(grievances::assigned_representative_id.eq(user.uuid()));
    }
    let mut query = obligations::table
        .filter(obligations::tenant_id.eq(tenant.uuid()))
        .filter(obligations::grievance_id.eq_any(cases))
        .into_boxed();
    if let Some(grievance) = filter.grievance {
        query = query.filter(obligations::grievance_id.eq(grievance.uuid()));
    }
    if let Some(status) = filter.status {
        query = query.filter(obligations::status.eq(status.as_str()));
    }
    if filter.only_outstanding || filter.overdue_on.is_some() {
        let outstanding = obligations::status
            .eq("open")
            .or(obligations::status.eq("breached"));
        query = query.filter(outstanding);
    }
    if let Some(today) = filter.overdue_on {
        query = query.filter(obligations::due_on.lt(day(today)));
    }
    if let Some(party) = filter.owed_by {
        query = query.filter(obligations::owed_by.eq(party.as_str()));
    }
    if let Some(until) = filter.due_until {
        query = query.filter(obligations::due_on.le(day(until)));
    }
    query
}
