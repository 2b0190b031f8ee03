//! Lists in pages: how a statement goes on behind a cursor, and a limit that the planner can count on.

use diesel::{
    QueryResult, RunQueryDsl,
    pg::Pg,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    sql_types::BigInt,
};
use jiff::Timestamp;
use unionhall_ports::pages::Cursor;
use uuid::Uuid;

// Rows compared as a whole, `row(a, id) > row($1, $2)`: PostgreSQL finds the place in an index by it.
diesel::infix_operator!(RowGreater, " > ", backend: Pg);
diesel::infix_operator!(RowLess, " < ", backend: Pg);

/// Sorts a boxed query by columns and lets it begin behind a place.
///
/// `place` is an `Option` of a tuple with a value for each column; `types` are the columns' SQL types.
macro_rules! sorted {
    ($query:expr, $direction:expr, [$($column:expr),+] as $types:ty, $place:expr) => {{
        use diesel::{ExpressionMethods as _, IntoSql as _, QueryDsl as _};
        use unionhall_ports::pages::Direction;
        let query = $query;
        let columns = ($($column,)+);
        match ($direction, $place) {
            (Direction::Ascending, None) => query.order(($($column.asc(),)+)),
            (Direction::Descending, None) => query.order(($($column.desc(),)+)),
            (Direction::Ascending, Some(place)) => query
                .filter($crate::lists::RowGreater::new(
                    columns.into_sql::<diesel::sql_types::Record<$types>>(),
                    place.into_sql::<diesel::sql_types::Record<$types>>(),
                ))
                .order(($($column.asc(),)+)),
            (Direction::Descending, Some(place)) => query
                .filter($crate::lists::RowLess::new(
                    columns.into_sql::<diesel::sql_types::Record<$types>>(),
                    place.into_sql::<diesel::sql_types::Record<$types>>(),
                ))
                .order(($($column.desc(),)+)),
        }
    }};
}
pub(crate) use sorted;

/// A sorted query and one row more than a page may have, which tells whether there is another page.
///
/// The largest page stands in the text, because a plan that is kept does not know its values: told only `limit $2`,
/// the planner expects a tenth of the table and plans every list anew, which costs more than finding the rows.
#[derive(QueryId)]
pub(crate) struct FirstOf<Q> {
    query: Q,
    limit: i64,
}

/// The rows of a page of at most 100, and one more.
pub(crate) fn one_more_than<Q>(limit: u16, query: Q) -> FirstOf<Q> {
    FirstOf {
        query,
        limit: i64::from(limit).saturating_add(1),
    }
}

impl<Q: QueryFragment<Pg>> QueryFragment<Pg> for FirstOf<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        out.push_sql("select * from (");
        self.query.walk_ast(out.reborrow())?;
        out.push_sql(" limit 101) as page limit ");
        out.push_bind_param::<BigInt, _>(&self.limit)
    }
}

impl<Q: Query> Query for FirstOf<Q> {
    type SqlType = Q::SqlType;
}

impl<Q, Conn> RunQueryDsl<Conn> for FirstOf<Q> {}

/// The words to search for, if there are any: a NUL, which PostgreSQL's texts cannot hold, divides words.
pub(crate) fn words(search: Option<&str>) -> Option<String> {
    let words = search?.replace('\0', " ");
    (!words.trim().is_empty()).then_some(words)
}

/// A cursor that no list gave out: nothing lies behind it.
pub(crate) struct NoSuchPlace;

/// The place that a cursor names, its key read by `key`.
pub(crate) fn place<K>(
    after: Option<&Cursor>,
    key: impl FnOnce(&str) -> Option<K>,
) -> Result<Option<(K, Uuid)>, NoSuchPlace> {
    after
        .map(|after| Ok((key(&after.key).ok_or(NoSuchPlace)?, after.id)))
        .transpose()
}

/// The key of a list that is sorted by a text.
pub(crate) fn text_key(key: &str) -> Option<String> {
    (!key.contains('\0')).then(|| key.to_owned())
}

/// The key of a list that is sorted by a day.
pub(crate) fn day_key(key: &str) -> Option<jiff_diesel::Date> {
    let found: jiff::civil::Date = key.parse().ok()?;
    (found.year() > 0).then(|| crate::stored::day(found))
}

/// The key of a list that is sorted by an instant.
pub(crate) fn instant_key(key: &str) -> Option<Timestamp> {
    key.parse().ok().filter(|at| *at >= Timestamp::UNIX_EPOCH)
}
