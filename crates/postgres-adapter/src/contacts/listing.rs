//! Which contacts a list shows, and in which order.

use diesel::{
    ExpressionMethods, PgConnection, QueryDsl, QueryResult, RunQueryDsl, SelectableHelper,
    dsl::count_star,
    pg::Pg,
    select,
    sql_types::{Text, Timestamptz, Uuid as SqlUuid},
};
use unionhall_domain::{contacts::Rank, organizations::OrganizationId, tenants::TenantId};
use unionhall_ports::{
    contacts::{ContactFilter, ContactSort},
    pages::{Cursor, Direction, PageRequest},
};

use super::{
    row::Row,
    search::{contacts_search, contacts_search_count},
};
use crate::{
    lists::{NoSuchPlace, instant_key, one_more_than, place, sorted, text_key, words},
    rows::instant,
    schema::contacts,
};

/// A row of a list, with the name it is sorted by.
pub(super) type Listed = (Row, String);

/// The rows of a page, and one more if there is another page.
pub(super) fn rows(
    connection: &mut PgConnection,
    tenant: TenantId,
    filter: &ContactFilter,
    page: &PageRequest<ContactSort>,
) -> QueryResult<Vec<Listed>> {
    let Ok(after) = readable(page) else {
        return Ok(Vec::new());
    };
    let mut query = matching(tenant, filter);
    if let Some(words) = words(filter.search.as_deref()) {
        query = query.filter(contacts::id.eq_any(select(contacts_search(
            words,
            filter.organization.map(OrganizationId::uuid),
            filter.rank.map(Rank::is_primary),
            sort_name(page.sort),
            page.direction == Direction::Descending,
            after.as_ref().map(|after| after.key.clone()),
            after.as_ref().map(|after| after.id),
            i64::from(page.limit).saturating_add(1),
        ))));
    }
    let query = query.select((Row::as_select(), contacts::sort_name));
    let query = match page.sort {
        ContactSort::Name => sorted!(
            query,
            page.direction,
            [contacts::sort_name, contacts::id] as (Text, SqlUuid),
            after.map(|after| (after.key, after.id))
        ),
        ContactSort::Created => sorted!(
            query,
            page.direction,
            [contacts::created_at, contacts::id] as (Timestamptz, SqlUuid),
            after.and_then(|after| Some((instant(instant_key(&after.key)?), after.id)))
        ),
    };
    one_more_than(page.limit, query).load(connection)
}

/// How many contacts match, on all pages together.
pub(super) fn total(
    connection: &mut PgConnection,
    tenant: TenantId,
    filter: &ContactFilter,
) -> QueryResult<i64> {
    match words(filter.search.as_deref()) {
        None => matching(tenant, filter)
            .select(count_star())
            .get_result(connection),
        Some(words) => select(contacts_search_count(
            words,
            filter.organization.map(OrganizationId::uuid),
            filter.rank.map(Rank::is_primary),
        ))
        .get_result(connection),
    }
}

/// The place of a row in the order.
pub(super) fn cursor(sort: ContactSort, (row, name): &Listed) -> Cursor {
    let key = match sort {
        ContactSort::Name => name.clone(),
        ContactSort::Created => row.created_at.to_jiff().to_string(),
    };
    Cursor { key, id: row.id }
}

/// The cursor with its key in the form in which the search function reads it.
fn readable(page: &PageRequest<ContactSort>) -> Result<Option<Cursor>, NoSuchPlace> {
    let key = |key: &str| match page.sort {
        ContactSort::Name => text_key(key),
        ContactSort::Created => instant_key(key).map(|at| at.to_string()),
    };
    let place = place(page.after.as_ref(), key)?;
    Ok(place.map(|(key, id)| Cursor { key, id }))
}

const fn sort_name(sort: ContactSort) -> &'static str {
    match sort {
        ContactSort::Name => "name",
        ContactSort::Created => "created",
    }
}

fn matching(tenant: TenantId, filter: &ContactFilter) -> contacts::BoxedQuery<'_, Pg> {
    let mut query = contacts::table
        .filter(contacts::tenant_id.eq(tenant.uuid()))
        .filter(contacts::deleted_at.is_null())
        .into_boxed();
    if let Some(organization) = filter.organization {
        query = query.filter(contacts::organization_id.eq(organization.uuid()));
    }
    if let Some(rank) = filter.rank {
        query = query.filter(contacts::is_primary.eq(rank.is_primary()));
    }
    query
}
