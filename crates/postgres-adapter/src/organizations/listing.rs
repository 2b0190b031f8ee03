//! Which organizations a list shows, and in which order.

use diesel::{
    ExpressionMethods, PgConnection, QueryDsl, QueryResult, RunQueryDsl, SelectableHelper,
    dsl::count_star,
    pg::Pg,
    select,
    sql_types::{Text, Timestamptz, Uuid as SqlUuid},
};
use unionhall_domain::{organizations::OrganizationType, tenants::TenantId};
use unionhall_ports::{
    organizations::{OrganizationFilter, OrganizationSort},
    pages::{Cursor, Direction, PageRequest},
};

use super::{
    row::Row,
    search::{organizations_search, organizations_search_count},
};
use crate::{
    lists::{NoSuchPlace, instant_key, one_more_than, place, sorted, text_key, words},
    rows::instant,
    schema::organizations,
};

/// A row of a list, with the name it is sorted by.
pub(super) type Listed = (Row, String);

/// The rows of a page, and one more if there is another page.
pub(super) fn rows(
    connection: &mut PgConnection,
    tenant: TenantId,
    filter: &OrganizationFilter,
    page: &PageRequest<OrganizationSort>,
) -> QueryResult<Vec<Listed>> {
    let Ok(after) = readable(page) else {
        return Ok(Vec::new());
    };
    let mut query = matching(tenant, filter);
    if let Some(words) = words(filter.search.as_deref()) {
        query = query.filter(organizations::id.eq_any(select(organizations_search(
            words,
            filter.org_type.map(OrganizationType::as_str),
            sort_name(page.sort),
            page.direction == Direction::Descending,
            after.as_ref().map(|after| after.key.clone()),
            after.as_ref().map(|after| after.id),
            i64::from(page.limit).saturating_add(1),
        ))));
    }
    let query = query.select((Row::as_select(), organizations::sort_name));
    let query = match page.sort {
        OrganizationSort::Name => sorted!(
            query,
            page.direction,
            [organizations::sort_name, organizations::id] as (Text, SqlUuid),
            after.map(|after| (after.key, after.id))
        ),
        OrganizationSort::Created => sorted!(
            query,
            page.direction,
            [organizations::created_at, organizations::id] as (Timestamptz, SqlUuid),
            after.and_then(|after| Some((instant(instant_key(&after.key)?), after.id)))
        ),
    };
    one_more_than(page.limit, query).load(connection)
}

/// How many organizations match, on all pages together.
pub(super) fn total(
    connection: &mut PgConnection,
    tenant: TenantId,
    filter: &OrganizationFilter,
) -> QueryResult<i64> {
    match words(filter.search.as_deref()) {
        None => matching(tenant, filter)
            .select(count_star())
            .get_result(connection),
        Some(words) => select(organizations_search_count(
            words,
            filter.org_type.map(OrganizationType::as_str),
        ))
        .get_result(connection),
    }
}

/// The place of a row in the order.
pub(super) fn cursor(sort: OrganizationSort, (row, name): &Listed) -> Cursor {
    let key = match sort {
        OrganizationSort::Name => name.clone(),
        OrganizationSort::Created => row.created_at.to_jiff().to_string(),
    };
    Cursor { key, id: row.id }
}

/// The cursor with its key in the form in which the search function reads it.
fn readable(page: &PageRequest<OrganizationSort>) -> Result<Option<Cursor>, NoSuchPlace> {
    let key = |key: &str| match page.sort {
        OrganizationSort::Name => text_key(key),
        OrganizationSort::Created => instant_key(key).map(|at| at.to_string()),
    };
    let place = place(page.after.as_ref(), key)?;
    Ok(place.map(|(key, id)| Cursor { key, id }))
}

const fn sort_name(sort: OrganizationSort) -> &'static str {
    match sort {
        OrganizationSort::Name => "name",
        OrganizationSort::Created => "created",
    }
}

fn matching(tenant: TenantId, filter: &OrganizationFilter) -> organizations::BoxedQuery<'_, Pg> {
    let mut query = organizations::table
        .filter(organizations::tenant_id.eq(tenant.uuid()))
        .filter(organizations::deleted_at.is_null())
        .into_boxed();
    if let Some(org_type) = filter.org_type {
        query = query.filter(organizations::org_type.eq(org_type.as_str()));
    }
    query
}
