//! Which locations a list shows, and in which order.

use diesel::{
    ExpressionMethods, PgConnection, QueryDsl, QueryResult, RunQueryDsl, SelectableHelper,
    dsl::count_star,
    pg::Pg,
    sql_types::{Array, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use unionhall_domain::tenants::TenantId;
use unionhall_ports::{
    locations::{LocationFilter, LocationSort},
    pages::{Cursor, PageRequest},
};

use super::row::Row;
use crate::{
    lists::{instant_key, one_more_than, place, sorted, text_key, words},
    rows::instant,
    schema::locations,
};

diesel::define_sql_function! {
    /// The words of a text, without accents and case.
    fn f_words(text: Text) -> Array<Text>;
}

diesel::define_sql_function! {
    /// Whether each of the words is somewhere in what a location is found by.
    fn locations_match(name: Text, code: Nullable<Text>, city: Nullable<Text>, words: Array<Text>) -> Bool;
}

/// A row of a list, with the name it is sorted by.
pub(super) type Listed = (Row, String);

/// The rows of a page, and one more if there is another page.
pub(super) fn rows(
    connection: &mut PgConnection,
    tenant: TenantId,
    filter: &LocationFilter,
    page: &PageRequest<LocationSort>,
) -> QueryResult<Vec<Listed>> {
    let query = matching(tenant, filter).select((Row::as_select(), locations::sort_name));
    let after = page.after.as_ref();
    let query = match page.sort {
        LocationSort::Name => {
            let Ok(place) = place(after, text_key) else {
                return Ok(Vec::new());
            };
            sorted!(
                query,
                page.direction,
                [locations::sort_name, locations::id] as (Text, SqlUuid),
                place
            )
        }
        LocationSort::Created => {
            let Ok(place) = place(after, |key| instant_key(key).map(instant)) else {
                return Ok(Vec::new());
            };
            sorted!(
                query,
                page.direction,
                [locations::created_at, locations::id] as (Timestamptz, SqlUuid),
                place
            )
        }
    };
    one_more_than(page.limit, query).load(connection)
}

/// How many locations match, on all pages together.
pub(super) fn total(
    connection: &mut PgConnection,
    tenant: TenantId,
    filter: &LocationFilter,
) -> QueryResult<i64> {
    matching(tenant, filter)
        .select(count_star())
        .get_result(connection)
}

/// The place of a row in the order.
pub(super) fn cursor(sort: LocationSort, (row, name): &Listed) -> Cursor {
    let key = match sort {
        LocationSort::Name => name.clone(),
        LocationSort::Created => row.created_at.to_jiff().to_string(),
    };
    Cursor { key, id: row.id }
}

fn matching(tenant: TenantId, filter: &LocationFilter) -> locations::BoxedQuery<'_, Pg> {
    let mut query = locations::table
        .filter(locations::tenant_id.eq(tenant.uuid()))
        .filter(locations::deleted_at.is_null())
        .into_boxed();
    if let Some(kind) = filter.kind {
        query = query.filter(locations::location_type.eq(kind.as_str()));
    }
    if let Some(words) = words(filter.search.as_deref()) {
        query = query.filter(locations_match(
            locations::name,
            locations::code,
            locations::city,
            f_words(words),
        ));
    }
    query
}
