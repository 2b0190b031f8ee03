//! Requests for information in PostgreSQL, with their items and what became of them.

mod row;

use diesel::{
    BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl,
    SelectableHelper,
    pg::Pg,
    sql_types::{Date as SqlDate, Uuid as SqlUuid},
};
use unionhall_domain::{
    grievances::GrievanceId,
    information_requests::{Entry, InformationRequest, InformationRequestId},
    tenants::TenantId,
};
use unionhall_ports::{
    information_requests::{
        InformationRequestFilter, InformationRequestRepository, InformationRequestSort,
    },
    pages::{Cursor, Page, PageRequest},
    storage::StorageError,
};
use uuid::Uuid;

use self::row::{EntryRow, ItemRow, Row};
use crate::{
    lists::{one_more_than, place, sorted},
    rows::{count, page as page_of},
    schema::{
        grievances, information_request_entries, information_request_items, information_requests,
    },
    stored::day,
    unit_of_work::Transaction,
};

/// The states in which the employer's clock runs, as the index names them.
const AWAITING: [&str; 2] = ["asked", "partly_answered"];

impl InformationRequestRepository for Transaction<'_> {
    fn find(
        &mut self,
        grievance: GrievanceId,
        id: InformationRequestId,
    ) -> Result<Option<InformationRequest>, StorageError> {
        let tenant = self.tenant()?;
        let row: Option<Row> = self.query(|connection| {
            information_requests::table
                .filter(information_requests::tenant_id.eq(tenant.uuid()))
                .filter(information_requests::id.eq(id.uuid()))
                .filter(information_requests::grievance_id.eq(grievance.uuid()))
                .select(Row::as_select())
                .first(connection)
                .optional()
        })?;
        let found = self.requests(row.into_iter().collect(), Texts::Whole)?;
        Ok(found.into_iter().next())
    }

    fn list(
        &mut self,
        filter: &InformationRequestFilter,
        page: &PageRequest<InformationRequestSort>,
    ) -> Result<Page<InformationRequest>, StorageError> {
        self.listed_requests(filter, page, Texts::Whole)
    }

    fn list_in_short(
        &mut self,
        filter: &InformationRequestFilter,
        page: &PageRequest<InformationRequestSort>,
    ) -> Result<Page<InformationRequest>, StorageError> {
        self.listed_requests(filter, page, Texts::Excerpts)
    }

    fn insert(&mut self, request: &InformationRequest) -> Result<(), StorageError> {
        let tenant = self.tenant()?;
        let (row, items) = (Row::new(tenant, request), ItemRow::all(tenant, request));
        self.query(|connection| {
            diesel::insert_into(information_requests::table)
                .values(&row)
                .execute(connection)
        })?;
        self.query(|connection| {
            diesel::insert_into(information_request_items::table)
                .values(&items)
                .execute(connection)
        })
        .map(drop)
    }

    fn add(&mut self, request: &InformationRequest, new: &[Entry]) -> Result<(), StorageError> {
        let tenant = self.tenant()?;
        let row = Row::new(tenant, request);
        let stored = row.version.saturating_sub(1);
        let written = self.query(|connection| {
            diesel::update(information_requests::table)
                .filter(information_requests::tenant_id.eq(row.tenant_id))
                .filter(information_requests::id.eq(row.id))
                .filter(information_requests::version.eq(stored))
                .set(&row)
                .execute(connection)
        })?;
        self.unless_stale(written, 1)?;
        let rows = EntryRow::last(tenant, request, new.len());
        self.query(|connection| {
            diesel::insert_into(information_request_entries::table)
                .values(&rows)
                .execute(connection)
        })
        .map(drop)
    }
}

/// How much of the texts of entries is read.
#[derive(Debug, Clone, Copy)]
enum Texts {
    Whole,
    Excerpts,
}

impl Transaction<'_> {
    fn listed_requests(
        &mut self,
        filter: &InformationRequestFilter,
        page: &PageRequest<InformationRequestSort>,
        texts: Texts,
    ) -> Result<Page<InformationRequest>, StorageError> {
        let tenant = self.tenant()?;
        let InformationRequestSort::Due = page.sort;
        let after = place(page.after.as_ref(), crate::lists::day_key);
        let rows: Vec<Row> = match after {
            Err(_) => Vec::new(),
            Ok(after) => self.query(|connection| {
                let query = sorted!(
                    matching(tenant, filter).select(Row::as_select()),
                    page.direction,
                    [information_requests::due_on, information_requests::id] as (SqlDate, SqlUuid),
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
        let requests = self.requests(rows, texts)?;
        Ok(page_of(requests, page.limit, total, |last| Cursor {
            key: last.due_on().to_string(),
            id: last.id.uuid(),
        }))
    }

    /// The requests of these rows with their items and entries: two statements, however many they are.
    fn requests(
        &mut self,
        rows: Vec<Row>,
        texts: Texts,
    ) -> Result<Vec<InformationRequest>, StorageError> {
        let tenant = self.tenant()?;
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let items: Vec<ItemRow> = self.query(|connection| {
            information_request_items::table
                .filter(information_request_items::tenant_id.eq(tenant.uuid()))
                .filter(information_request_items::request_id.eq_any(&ids))
                .order((
                    information_request_items::request_id,
                    information_request_items::place,
                ))
                .select(ItemRow::as_select())
                .load(connection)
        })?;
        let entries: Vec<EntryRow> =
            self.query(|connection| EntryRow::of_requests(connection, tenant, &ids, texts))?;
        let requests: Result<_, _> = rows
            .into_iter()
            .map(|row| row.request(&items, &entries))
            .collect();
        requests.map_err(|row| self.refuse(row))
    }
}

fn matching(
    tenant: TenantId,
    filter: &InformationRequestFilter,
) -> information_requests::BoxedQuery<'_, Pg> {
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
    let mut query = information_requests::table
        .filter(information_requests::tenant_id.eq(tenant.uuid()))
        .filter(information_requests::grievance_id.eq_any(cases))
        .into_boxed();
    if let Some(grievance) = filter.grievance {
        query = query.filter(information_requests::grievance_id.eq(grievance.uuid()));
    }
    if let Some(status) = filter.status {
        query = query.filter(information_requests::status.eq(status.as_str()));
    }
    if let Some(today) = filter.overdue_on {
        let [asked, partly] = AWAITING;
        let awaiting = information_requests::status
            .eq(asked)
            .or(information_requests::status.eq(partly));
        query = query.filter(awaiting);
        query = query.filter(information_requests::due_on.lt(day(today)));
    }
    if let Some(from) = filter.due_from {
        query = query.filter(information_requests::due_on.ge(day(from)));
    }
    if let Some(until) = filter.due_until {
        query = query.filter(information_requests::due_on.le(day(until)));
    }
    query
}
