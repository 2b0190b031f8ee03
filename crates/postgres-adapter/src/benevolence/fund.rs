//! The money of the benevolence fund: its sums in one row that is held, and its entries.

use diesel::{
    ExpressionMethods, Insertable, OptionalExtension, QueryDsl, Queryable, RunQueryDsl, Selectable,
    SelectableHelper,
    sql_types::{BigInt, Date as SqlDate, SmallInt, Text, Uuid as SqlUuid},
};
use unionhall_domain::{
    benevolence::{EntryKind, Fund, FundEntry, FundEntryId, PaidOut, Reason, YearAwards},
    members::MemberId,
    money::Amount,
    tenants::TenantId,
    text::Line,
    users::UserId,
};
use unionhall_ports::{
    benevolence::{BenevolenceFund, EntrySort, PaymentFilter, PaymentSort},
    pages::{Cursor, Page, PageRequest},
    storage::StorageError,
};
use uuid::Uuid;

use super::paid_out;
use crate::{
    errors::InconsistentRow,
    lists::{one_more_than, place, sorted},
    rows::{count, instant, page as page_of},
    schema::{benevolence_fund_entries as entries, benevolence_funds as funds},
    statements::{command, prepared},
    stored::{StoredRow, day},
    unit_of_work::Transaction,
};

/// Makes the row if there is none, and waits for whoever holds it: what is written back unchanged is locked.
const HOLD: &str = "\
    insert into benevolence_funds as fund (tenant_id, deposited, awarded, paid) values (?, 0, 0, 0) \
    on conflict (tenant_id) do update set deposited = fund.deposited \
    returning deposited, awarded, paid";

const KEEP: &str =
    "update benevolence_funds set deposited = ?, awarded = ?, paid = ? where tenant_id = ?";

/// The index by award finds the member's; few have more than some.
const AWARDED: &str = "\
    select coalesce(sum(awarded_amount), 0)::bigint, \
        coalesce(sum(awarded_amount) filter (where reason = ?), 0)::bigint \
    from benevolence_applications \
    where tenant_id = ? and member_id = ? and awarded_on is not null \
        and awarded_on >= make_date(?, 1, 1) and awarded_on < make_date(? + 1, 1, 1)";

/// Deposited, awarded and paid, in minor units.
type Sums = (i64, i64, i64);

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = entries)]
struct EntryRow {
    id: Uuid,
    tenant_id: Uuid,
    kind: String,
    amount: i64,
    source: String,
    entry_date: jiff_diesel::Date,
    recorded_by: Option<Uuid>,
    created_at: jiff_diesel::Timestamp,
}

impl BenevolenceFund for Transaction<'_> {
    fn payments(
        &mut self,
        filter: &PaymentFilter,
        page: &PageRequest<PaymentSort>,
    ) -> Result<Page<PaidOut>, StorageError> {
        paid_out::list(self, filter, page)
    }

    fn find(&mut self) -> Result<Fund, StorageError> {
        let tenant = self.tenant()?;
        let sums: Option<Sums> = self.query(|connection| {
            funds::table
                .find(tenant.uuid())
                .select((funds::deposited, funds::awarded, funds::paid))
                .first(connection)
                .optional()
        })?;
        let sums = sums.map_or(Ok(Fund::EMPTY), |sums| fund(tenant, sums));
        sums.map_err(|row| self.refuse(row))
    }

    fn hold(&mut self) -> Result<Fund, StorageError> {
        let tenant = self.tenant()?;
        let sums = self.query(|connection| {
            prepared::<(BigInt, BigInt, BigInt)>(HOLD)
                .bind::<SqlUuid, _>(tenant.uuid())
                .get_result::<Sums>(connection)
        })?;
        fund(tenant, sums).map_err(|row| self.refuse(row))
    }

    fn keep(&mut self, fund: &Fund) -> Result<(), StorageError> {
        let tenant = self.tenant()?;
        let written = self.query(|connection| {
            command(KEEP)
                .bind::<BigInt, _>(fund.deposited().minor())
                .bind::<BigInt, _>(fund.awarded().minor())
                .bind::<BigInt, _>(fund.paid().minor())
                .bind::<SqlUuid, _>(tenant.uuid())
                .execute(connection)
        })?;
        self.unless_stale(written, 1)
    }

    fn awarded(
        &mut self,
        member: MemberId,
        reason: Reason,
        year: i16,
    ) -> Result<YearAwards, StorageError> {
        let tenant = self.tenant()?;
        let (whole, of_reason) = self.query(|connection| {
            prepared::<(BigInt, BigInt)>(AWARDED)
                .bind::<Text, _>(reason.as_str())
                .bind::<SqlUuid, _>(tenant.uuid())
                .bind::<SqlUuid, _>(member.uuid())
                .bind::<SmallInt, _>(year)
                .bind::<SmallInt, _>(year)
                .get_result::<(i64, i64)>(connection)
        })?;
        let from = StoredRow::new("benevolence_applications", member.uuid());
        let read = || {
            Ok(YearAwards {
                whole: from.value("awarded_amount", Amount::from_minor(whole))?,
                reason: from.value("awarded_amount", Amount::from_minor(of_reason))?,
            })
        };
        read().map_err(|row: InconsistentRow| self.refuse(row))
    }

    fn insert_entry(&mut self, entry: &FundEntry) -> Result<(), StorageError> {
        let row = EntryRow::new(self.tenant()?, entry);
        self.query(|connection| {
            diesel::insert_into(entries::table)
                .values(&row)
                .execute(connection)
        })
        .map(drop)
    }

    fn entries(&mut self, page: &PageRequest<EntrySort>) -> Result<Page<FundEntry>, StorageError> {
        let EntrySort::Day = page.sort;
        let tenant = self.tenant()?.uuid();
        let total = if page.with_total {
            let all = entries::table.filter(entries::tenant_id.eq(tenant));
            Some(self.query(|connection| all.count().get_result(connection).map(count))?)
        } else {
            None
        };
        let after = place(page.after.as_ref(), crate::lists::day_key);
        let Ok(after) = after else {
            return Ok(Page {
                items: Vec::new(),
                next: None,
                total,
            });
        };
        let query = entries::table
            .filter(entries::tenant_id.eq(tenant))
            .select(EntryRow::as_select())
            .into_boxed();
        // Ids of the same day are in the order in which they were made.
        let query = sorted!(
            query,
            page.direction,
            [entries::entry_date, entries::id] as (SqlDate, SqlUuid),
            after
        );
        let query = one_more_than(page.limit, query);
        let rows: Vec<EntryRow> = self.query(|connection| query.load(connection))?;
        let found = self.all(rows, FundEntry::try_from)?;
        Ok(page_of(found, page.limit, total, |last| Cursor {
            key: last.on.to_string(),
            id: last.id.uuid(),
        }))
    }
}

fn fund(tenant: TenantId, (deposited, awarded, paid): Sums) -> Result<Fund, InconsistentRow> {
    let from = StoredRow::new("benevolence_funds", tenant.uuid());
    let fund = Fund::restore(
        from.value("deposited", Amount::from_minor(deposited))?,
        from.value("awarded", Amount::from_minor(awarded))?,
        from.value("paid", Amount::from_minor(paid))?,
    );
    from.value("deposited", fund)
}

impl EntryRow {
    fn new(tenant: TenantId, entry: &FundEntry) -> Self {
        let FundEntry {
            id,
            kind,
            amount,
            source,
            on,
            recorded_by,
            created_at,
        } = entry;
        Self {
            id: id.uuid(),
            tenant_id: tenant.uuid(),
            kind: kind.as_str().to_owned(),
            amount: amount.minor(),
            source: source.to_string(),
            entry_date: day(*on),
            recorded_by: recorded_by.map(UserId::uuid),
            created_at: instant(*created_at),
        }
    }
}

impl TryFrom<EntryRow> for FundEntry {
    type Error = InconsistentRow;

    fn try_from(row: EntryRow) -> Result<Self, InconsistentRow> {
        let from = StoredRow::new("benevolence_fund_entries", row.id);
        Ok(Self {
            id: FundEntryId::new(row.id),
            kind: from.value("kind", EntryKind::parse(&row.kind))?,
            amount: from.value("amount", Amount::from_minor(row.amount))?,
            source: from.value("source", Line::parse(&row.source))?,
            on: row.entry_date.to_jiff(),
            recorded_by: row.recorded_by.map(UserId::new),
            created_at: row.created_at.to_jiff(),
        })
    }
}
