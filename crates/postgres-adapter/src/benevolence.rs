//! Applications to the benevolence fund in PostgreSQL, and where what hangs on them is.

mod bench;
mod counts;
mod file;
mod fund;
mod listing;
mod paid_out;
mod payments;
mod queues;
mod row;
mod rules;
mod search;

use diesel::{
    BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl,
    SelectableHelper,
    dsl::{exists, not},
    select,
    sql_types::{Integer, SmallInt, Uuid as SqlUuid},
};
use unionhall_domain::{
    benevolence::{
        BenevolenceApplication, BenevolenceApplicationId, BenevolenceNumber, Count, Turn,
    },
    members::MemberId,
};
use unionhall_ports::{
    benevolence::{BenevolenceFilter, BenevolenceRepository, BenevolenceSort, Queue, QueueSort},
    pages::{Page, PageRequest},
    storage::StorageError,
};
use uuid::Uuid;

use crate::{
    rows::{count, page as page_of, stored},
    schema::benevolence_applications as applications,
    statements::prepared,
    unit_of_work::Transaction,
};
use row::Row;

/// Waits for whoever took a number of the same year until that transaction has ended: so there are no gaps.
const NEXT_NUMBER: &str = "\
    insert into number_sequences as sequence (tenant_id, kind, year, last) values (?, 'benevolence', ?, 1) \
    on conflict (tenant_id, kind, year) do update set last = sequence.last + 1 \
    returning last";

impl BenevolenceRepository for Transaction<'_> {
    fn next_number(&mut self, year: i16) -> Result<BenevolenceNumber, StorageError> {
        let tenant = self.tenant()?;
        let place = self.query(|connection| {
            prepared::<Integer>(NEXT_NUMBER)
                .bind::<SqlUuid, _>(tenant.uuid())
                .bind::<SmallInt, _>(year)
                .get_result::<i32>(connection)
        })?;
        stored(
            "number_sequences",
            format_args!("{year}-{place}"),
            "last",
            BenevolenceNumber::new(year, place),
        )
        .map_err(|row| self.refuse(row))
    }

    fn find(
        &mut self,
        id: BenevolenceApplicationId,
    ) -> Result<Option<BenevolenceApplication>, StorageError> {
        let tenant = self.tenant()?;
        let row = self.query(|connection| {
            with_id(tenant.uuid(), id.uuid())
                .filter(applications::deleted_at.is_null())
                .select(Row::as_select())
                .first(connection)
                .optional()
        })?;
        self.application(row)
    }

    fn find_deleted(
        &mut self,
        id: BenevolenceApplicationId,
    ) -> Result<Option<BenevolenceApplication>, StorageError> {
        let tenant = self.tenant()?;
        let row = self.query(|connection| {
            with_id(tenant.uuid(), id.uuid())
                .filter(applications::deleted_at.is_not_null())
                .select(Row::as_select())
                .first(connection)
                .optional()
        })?;
        self.application(row)
    }

    fn find_by_number(
        &mut self,
        number: BenevolenceNumber,
    ) -> Result<Option<BenevolenceApplication>, StorageError> {
        let tenant = self.tenant()?;
        let row = self.query(|connection| {
            applications::table
                .filter(applications::tenant_id.eq(tenant.uuid()))
                .filter(applications::year.eq(number.year()))
                .filter(applications::place.eq(number.place()))
                .filter(applications::deleted_at.is_null())
                .select(Row::as_select())
                .first(connection)
                .optional()
        })?;
        self.application(row)
    }

    fn list(
        &mut self,
        filter: &BenevolenceFilter,
        page: &PageRequest<BenevolenceSort>,
    ) -> Result<Page<BenevolenceApplication>, StorageError> {
        let tenant = self.tenant()?;
        let rows = self.query(|connection| listing::rows(connection, tenant, filter, page))?;
        let total = if page.with_total {
            let total = self.query(|connection| listing::total(connection, tenant, filter))?;
            Some(count(total))
        } else {
            None
        };
        let found = self.applications(rows)?;
        Ok(page_of(found, page.limit, total, |last| {
            listing::cursor(page.sort, last)
        }))
    }

    fn waiting(
        &mut self,
        turns: &[Turn],
        queue: &Queue,
        page: &PageRequest<QueueSort>,
    ) -> Result<Page<BenevolenceApplication>, StorageError> {
        let tenant = self.tenant()?;
        let rows =
            self.query(|connection| queues::rows(connection, tenant, (turns, queue), page))?;
        let total = if page.with_total {
            let total = self.query(|connection| queues::total(connection, tenant, turns, queue))?;
            Some(count(total))
        } else {
            None
        };
        let found = self.applications(rows)?;
        Ok(page_of(found, page.limit, total, queues::cursor))
    }

    fn counts(&mut self, from: i16, until: i16) -> Result<Vec<Count>, StorageError> {
        let tenant = self.tenant()?;
        let rows = self.query(|connection| counts::rows(connection, tenant, from, until))?;
        let counts: Result<_, _> = rows.into_iter().map(counts::read).collect();
        counts.map_err(|row| self.refuse(row))
    }

    fn is_open_of(&mut self, member: MemberId) -> Result<bool, StorageError> {
        let tenant = self.tenant()?;
        self.query(|connection| {
            select(exists(
                applications::table
                    .filter(applications::tenant_id.eq(tenant.uuid()))
                    .filter(applications::member_id.eq(member.uuid()))
                    .filter(applications::deleted_at.is_null())
                    .filter(applications::status.ne_all(["denied", "withdrawn", "paid"]))
                    // What nobody but the member may know of keeps nobody from deleting them.
                    .filter(not(applications::status
                        .eq("draft")
                        .and(applications::by_member))),
            ))
            .get_result(connection)
        })
    }

    fn insert(&mut self, application: &BenevolenceApplication) -> Result<(), StorageError> {
        let row = Row::new(self.tenant()?, application);
        self.query(|connection| {
            diesel::insert_into(applications::table)
                .values(&row)
                .execute(connection)
        })
        .map(drop)
    }

    fn update(&mut self, application: &BenevolenceApplication) -> Result<(), StorageError> {
        let row = Row::new(self.tenant()?, application);
        let stored = row.version.saturating_sub(1);
        let written = self.query(|connection| {
            diesel::update(with_id(row.tenant_id, row.id))
                .filter(applications::version.eq(stored))
                .set(&row)
                .execute(connection)
        })?;
        self.unless_stale(written, 1)
    }
}

#[diesel::dsl::auto_type(no_type_alias)]
fn with_id(tenant: Uuid, id: Uuid) -> _ {
    applications::table
        .filter(applications::tenant_id.eq(tenant))
        .filter(applications::id.eq(id))
}

impl Transaction<'_> {
    fn application(
        &mut self,
        row: Option<Row>,
    ) -> Result<Option<BenevolenceApplication>, StorageError> {
        row.map(BenevolenceApplication::try_from)
            .transpose()
            .map_err(|row| self.refuse(row))
    }

    fn applications(
        &mut self,
        rows: Vec<Row>,
    ) -> Result<Vec<BenevolenceApplication>, StorageError> {
        let found: Result<_, _> = rows
            .into_iter()
            .map(BenevolenceApplication::try_from)
            .collect();
        found.map_err(|row| self.refuse(row))
    }
}
