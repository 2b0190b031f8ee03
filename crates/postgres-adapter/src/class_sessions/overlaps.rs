//! What is at the same time as some sessions.

use diesel::{
    PgConnection, QueryResult, RunQueryDsl,
    sql_types::{Array, Text, Uuid as SqlUuid},
};
use unionhall_domain::{
    class_sessions::{ClassSessionId, Overlap, OverlapKind},
    tenants::TenantId,
};
use uuid::Uuid;

use crate::{errors::InconsistentRow, statements::prepared, stored::StoredRow};

type Columns = (Text, SqlUuid, SqlUuid, SqlUuid);

/// One overlap: its kind, the session that was asked about, the other one, and what they have in common.
pub(super) type Row = (String, Uuid, Uuid, Uuid);

/// No session is longer than a day and an hour, so that what overlaps one that begins at some time began at most that
/// long before: the indexes by time are read over that stretch alone.
const OVERLAPS: &str = "with asked as (
        select tenant_id, id, class_id, starts_at, ends_at, location_id, sort_room, instructor_id
        from class_sessions
        where tenant_id = ? and id = any(?) and cancellation_reason is null
    )
    select 'room', asked.id, other.id, asked.location_id
    from asked join class_sessions as other
        on other.tenant_id = asked.tenant_id and other.location_id = asked.location_id
        and other.starts_at > asked.starts_at - interval '25 hours' and other.starts_at < asked.ends_at
    where other.sort_room = asked.sort_room and other.ends_at > asked.starts_at
        and other.id <> asked.id and other.cancellation_reason is null
    union all
    select 'instructor', asked.id, other.id, asked.instructor_id
    from asked join class_sessions as other
        on other.tenant_id = asked.tenant_id and other.instructor_id = asked.instructor_id
        and other.starts_at > asked.starts_at - interval '25 hours' and other.starts_at < asked.ends_at
    where other.ends_at > asked.starts_at and other.id <> asked.id and other.cancellation_reason is null
    union all
    select 'class', asked.id, other.id, asked.class_id
    from asked join class_sessions as other
        on other.tenant_id = asked.tenant_id and other.class_id = asked.class_id
        and other.starts_at > asked.starts_at - interval '25 hours' and other.starts_at < asked.ends_at
    where other.ends_at > asked.starts_at and other.id <> asked.id and other.cancellation_reason is null
    order by 2, 1, 3, 4";

/// The overlaps of these sessions, in a total order.
pub(super) fn rows(
    connection: &mut PgConnection,
    tenant: TenantId,
    ids: &[ClassSessionId],
) -> QueryResult<Vec<Row>> {
    let ids: Vec<_> = ids.iter().map(|id| id.uuid()).collect();
    prepared::<Columns>(OVERLAPS)
        .bind::<SqlUuid, _>(tenant.uuid())
        .bind::<Array<SqlUuid>, _>(ids)
        .load(connection)
}

/// The overlap of a row.
pub(super) fn overlap((kind, session, other, of): Row) -> Result<Overlap, InconsistentRow> {
    let from = StoredRow::new("class_sessions", session);
    Ok(Overlap {
        kind: from.value("overlap", OverlapKind::parse(&kind))?,
        session: ClassSessionId::new(session),
        other: ClassSessionId::new(other),
        of,
    })
}
