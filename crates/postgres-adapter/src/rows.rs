//! What the repositories share when they turn rows into values: parsing, time, pages.

use std::fmt::Display;

use unionhall_domain::invalid::Invalid;
use unionhall_ports::pages::{Cursor, Page};

use crate::errors::InconsistentRow;

/// An instant as the database stores it, in whole microseconds.
pub(crate) fn instant(at: jiff::Timestamp) -> jiff_diesel::Timestamp {
    jiff_diesel::ToDiesel::to_diesel(at)
}

/// Takes a stored value as what it must be; a value that is not is a bug, named by table, column and id.
///
/// ```text
/// slug: stored("tenants", row.id, "slug", Slug::parse(&row.slug))?,
/// ```
pub(crate) fn stored<T>(
    table: &'static str,
    id: impl Display,
    column: &'static str,
    parsed: Result<T, Invalid>,
) -> Result<T, InconsistentRow> {
    parsed.map_err(|invalid| InconsistentRow {
        table,
        id: id.to_string(),
        what: format!("{column} {}", invalid.detail),
    })
}

/// Makes a page of up to `limit` rows out of rows that were asked for with a limit of one more.
pub(crate) fn page<T>(
    mut items: Vec<T>,
    limit: u16,
    total: Option<u64>,
    cursor: impl FnOnce(&T) -> Cursor,
) -> Page<T> {
    let limit = usize::from(limit);
    let more = items.len() > limit;
    items.truncate(limit);
    let next = items.last().filter(|_| more).map(cursor);
    Page { items, next, total }
}

/// A count as the database gives it: never negative.
pub(crate) fn count(rows: i64) -> u64 {
    u64::try_from(rows).unwrap_or_default()
}
