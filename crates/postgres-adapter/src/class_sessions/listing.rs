//! Which sessions a list shows, and in which order.

use diesel::{
    ExpressionMethods, PgConnection, QueryDsl, QueryResult, RunQueryDsl, SelectableHelper,
    dsl::count_star,
    pg::Pg,
    sql_types::{Timestamptz, Uuid as SqlUuid},
};
use jiff::{SignedDuration, Timestamp, ToSpan, civil::Date, tz::TimeZone};
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
    let Ok(place) = place(page.after.as_ref(), session_key) else {
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

/// The key of a session. Sessions of long ago can be written down too: any instant of a day that there is, is one that a
/// page can end with.
fn session_key(key: &str) -> Option<jiff_diesel::Timestamp> {
    let at: Timestamp = key.parse().ok()?;
    (at.as_second() >= EARLIEST).then(|| instant(at))
}

/// The second at which December 30 before the year 1 begins in UTC: no zone is a whole day from UTC, and what PostgreSQL
/// knows begins long before.
const EARLIEST: i64 = -62_135_769_600;

/// The days of the first sessions that match and have not ended, in order.
pub(super) fn days_to_come(
    connection: &mut PgConnection,
    tenant: TenantId,
    filter: &ClassSessionFilter,
    now: Timestamp,
) -> QueryResult<Vec<jiff_diesel::Date>> {
    // No session is longer than a day and an hour: that bounds from where an index by time is read.
    let earliest = now.checked_sub(SignedDuration::from_hours(25));
    let earliest = earliest.unwrap_or(Timestamp::UNIX_EPOCH);
    matching(tenant, filter)
        .filter(class_sessions::starts_at.gt(instant(earliest)))
        .filter(class_sessions::ends_at.gt(instant(now)))
        .order((class_sessions::starts_at, class_sessions::id))
        .select(class_sessions::session_date)
        .limit(TOLD)
        .load(connection)
}

/// How many sessions are told when something cannot go because of them.
const TOLD: i64 = 20;

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
    // Days are of the years 1 to 9999, so that it is the end alone that can be missed.
    midnight.map_or(Timestamp::MAX, |zoned| zoned.timestamp())
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

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_place_in_the_order_is_an_instant_of_a_day_that_there_is() {
        for (key, is_one) in [
            ("0000-12-30T00:00:00Z", true),
            ("2027-01-05T02:00:00Z", true),
            ("9999-12-30T22:00:00Z", true),
            ("0000-12-29T23:59:59Z", false),
            ("-009999-02-01T00:00:00Z", false),
            ("evening", false),
        ] {
            assert_eq!(session_key(key).is_some(), is_one, "{key}");
        }
    }

    #[test]
    fn the_end_of_the_calendar_is_the_end_of_time() {
        let midnight = days_from(date(2027, 1, 5), -1).to_string();
        assert_eq!(midnight, "2027-01-04T00:00:00Z");
        assert_eq!(days_from(date(9999, 12, 31), 2), Timestamp::MAX);
    }
}
