//! Which organizations a list shows, and in which order.

use diesel::{
    ExpressionMethods, PgConnection, QueryDsl, QueryResult, RunQueryDsl, SelectableHelper,
    dsl::count_star,
    pg::Pg,
    sql_types::{Array, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use unionhall_domain::tenants::TenantId;
use unionhall_ports::{
    organizations::{OrganizationFilter, OrganizationSort},
    pages::{Cursor, PageRequest},
};

use super::row::Row;
use crate::{
    lists::{instant_key, one_more_than, place, sorted, text_key, words},
    rows::instant,
    schema::organizations,
};

diesel::define_sql_function! {
    /// The words of a text, without accents and case.
    fn f_words(text: Text) -> Array<Text>;
}

diesel::define_sql_function! {
    /// Whether each of the words is somewhere in the name or the city.
    fn organizations_match(name: Text, city: Nullable<Text>, words: Array<Text>) -> Bool;
}

/// A row of a list, with the name it is sorted by.
pub(super) type Listed = (Row, String);

/// The rows of a page, and one more if there is another page.
pub(super) fn rows(
    connection: &mut PgConnection,
    tenant: TenantId,
    filter: &OrganizationFilter,
    page: &PageRequest<OrganizationSort>,
) -> QueryResult<Vec<Listed>> {
    let query = matching(tenant, filter).select((Row::as_select(), organizations::sort_name));
    let after = page.after.as_ref();
    let query = match page.sort {
        OrganizationSort::Name => {
            let Ok(place) = place(after, text_key) else {
                return Ok(Vec::new());
            };
            sorted!(
                query,
                page.direction,
                [organizations::sort_name, organizations::id] as (Text, SqlUuid),
                place
            )
        }
        OrganizationSort::Created => {
            let Ok(place) = place(after, |key| instant_key(key).map(instant)) else {
                return Ok(Vec::new());
            };
            sorted!(
                query,
                page.direction,
                [organizations::created_at, organizations::id] as (Timestamptz, SqlUuid),
                place
            )
        }
    };
    one_more_than(page.limit, query).load(connection)
}

/// How many organizations match, on all pages together.
pub(super) fn total(
    connection: &mut PgConnection,
    tenant: TenantId,
    filter: &OrganizationFilter,
) -> QueryResult<i64> {
    matching(tenant, filter)
        .select(count_star())
        .get_result(connection)
}

/// The place of a row in the order.
pub(super) fn cursor(sort: OrganizationSort, (row, name): &Listed) -> Cursor {
    let key = match sort {
        OrganizationSort::Name => name.clone(),
        OrganizationSort::Created => row.created_at.to_jiff().to_string(),
    };
    Cursor { key, id: row.id }
}

fn matching(tenant: TenantId, filter: &OrganizationFilter) -> organizations::BoxedQuery<'_, Pg> {
    let mut query = organizations::table
        .filter(organizations::tenant_id.eq(tenant.uuid()))
        .filter(organizations::deleted_at.is_null())
        .into_boxed();
    if let Some(org_type) = filter.org_type {
        query = query.filter(organizations::org_type.eq(org_type.as_str()));
    }
    if let Some(words) = words(filter.search.as_deref()) {
        query = query.filter(organizations_match(
            organizations::name,
            organizations::city,
            f_words(words),
        ));
    }
    query
}
