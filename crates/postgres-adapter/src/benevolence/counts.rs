//! Applications counted by year, reason and status, with their sums.

use diesel::{
    PgConnection, QueryResult, RunQueryDsl,
    sql_types::{BigInt, SmallInt, Text, Uuid as SqlUuid},
};
use unionhall_domain::{
    benevolence::{Count, Reason, Status, Tally},
    invalid::Invalid,
    money::Sum,
    tenants::TenantId,
};

use crate::{
    errors::InconsistentRow,
    rows::{count, stored},
    statements::prepared,
};

/// Nine million of the largest amounts fit into a bigint.
const COUNTS: &str = "\
    select year, reason, status, count(*), sum(amount_requested)::bigint, \
        coalesce(sum(awarded_amount), 0)::bigint, coalesce(sum(paid_amount), 0)::bigint \
    from benevolence_applications \
    where tenant_id = ? and deleted_at is null and year between ? and ? \
    group by year, reason, status \
    order by year, reason, status";

type Columns = (SmallInt, Text, Text, BigInt, BigInt, BigInt, BigInt);
/// Year, reason, status, how many, and the sums asked, awarded and paid in minor units.
pub(super) type Counted = (i16, String, String, i64, i64, i64, i64);

/// One row for each year, reason and status that any application of these years has.
pub(super) fn rows(
    connection: &mut PgConnection,
    tenant: TenantId,
    from: i16,
    until: i16,
) -> QueryResult<Vec<Counted>> {
    prepared::<Columns>(COUNTS)
        .bind::<SqlUuid, _>(tenant.uuid())
        .bind::<SmallInt, _>(from)
        .bind::<SmallInt, _>(until)
        .load(connection)
}

/// A row as what is counted.
pub(super) fn read(row: Counted) -> Result<Count, InconsistentRow> {
    let (year, reason, status, applications, asked, awarded, paid) = row;
    let key = format!("{year} {reason} {status}");
    Ok(Count {
        year,
        tally: Tally {
            applications: count(applications),
            asked: Sum::from_minor(asked),
            awarded: Sum::from_minor(awarded),
            paid: Sum::from_minor(paid),
        },
        reason: of_row(&key, "reason", Reason::parse(&reason))?,
        status: of_row(&key, "status", Status::parse(&status))?,
    })
}

fn of_row<T>(
    key: &str,
    column: &'static str,
    parsed: Result<T, Invalid>,
) -> Result<T, InconsistentRow> {
    stored("benevolence_applications", key, column, parsed)
}
