//! Which sessions a list shows, and in which order.

use diesel::{
    ExpressionMethods, PgConnection, QueryDsl, QueryResult, RunQueryDsl, SelectableHelper,
    dsl::count_star,
    pg::Pg,
    sql_types::{Timestamptz, Uuid as SqlUuid},
};
use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use unionhall_domain::tenants::TenantId;
use unionhall_ports::{
    class_sessions::{ClassSessionFilter, ClassSessionSort},
    pages::{Cursor, PageRequest},
};

use super::row::Row;
use crate::{
    lists::{one_more_than, place, sorted},
    rows::instant,
    schema::class_sessions,
    stored::day,
};

/// The rows of a page, and one more if there is another page.
pub(super) fn rows(
    connection: &mut PgConnection,
    tenant: TenantId,
    filter: &ClassSessionFilter,
    page: &PageRequest<ClassSessionSort>,
) -> QueryResult<Vec<Row>> {
    let query = matching(tenant, filter).select(Row::as_select());
    // Sessions of long ago can be written down too: any instant is one that a page can end with.
    let Ok(place) = place(page.after.as_ref(), |key| key.parse().ok().map(instant)) else {
        return Ok(Vec::new());
    };
    let ClassSessionSort::Starts = page.sort;
    let query = sorted!(
        query,
        page.direction,
        [class_sessions::starts_at, class_sessions::id] as (Timestamptz, SqlUuid),
        place
    );
    one_more_than(page.limit, query).load(connection)
}

/// How many sessions match, on all pages together.
pub(super) fn total(
    connection: &mut PgConnection,
    tenant: TenantId,
    filter: &ClassSessionFilter,
) -> QueryResult<i64> {
    matching(tenant, filter)
        .select(count_star())
        .get_result(connection)
}

/// The place of a row in the order.
pub(super) fn cursor(row: &Row) -> Cursor {
    Cursor {
        key: row.starts_at.to_jiff().to_string(),
        id: row.id,
    }
}

/// The midnight of UTC so many days from a day, or the end of time that is nearest to it.
fn days_from(day: Date, days: i32) -> Timestamp {
    let moved = day.saturating_add(days.days());
    let midnight = moved.to_zoned(TimeZone::UTC);
    midnight.map_or(Timestamp::UNIX_EPOCH, |zoned| zoned.timestamp())
}

fn matching(tenant: TenantId, filter: &ClassSessionFilter) -> class_sessions::BoxedQuery<'_, Pg> {
    let mut query = class_sessions::table
        .filter(class_sessions::tenant_id.eq(tenant.uuid()))
        .into_boxed();
    if let Some(class) = filter.class {
        query = query.filter(class_sessions::class_id.eq(class.uuid()));
    }
    if let Some(series) = filter.series {
        query = query.filter(class_sessions::series_id.eq(series.uuid()));
    }
    if let Some(instructor) = filter.instructor {
        query = query.filter(class_sessions::instructor_id.eq(instructor.uuid()));
    }
    if let Some(location) = filter.location {
        query = query.filter(class_sessions::location_id.eq(location.uuid()));
    }
    // The instants bound how far an index by time is read; no zone is a whole day from UTC.
    if let Some(from) = filter.from {
        query = query
            .filter(class_sessions::session_date.ge(day(from)))
            .filter(class_sessions::starts_at.ge(instant(days_from(from, -1))));
    }
    if let Some(to) = filter.to {
        query = query
            .filter(class_sessions::session_date.le(day(to)))
            .filter(class_sessions::starts_at.lt(instant(days_from(to, 2))));
    }
    match filter.is_cancelled {
        Some(true) => query.filter(class_sessions::cancellation_reason.is_not_null()),
        Some(false) => query.filter(class_sessions::cancellation_reason.is_null()),
        None => query,
    }
}
