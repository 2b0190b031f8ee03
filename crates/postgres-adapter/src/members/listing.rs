//! Which members a list shows, and in which order.

use diesel::{
    ExpressionMethods, PgConnection, QueryDsl, QueryResult, RunQueryDsl, SelectableHelper,
    dsl::count_star,
    pg::Pg,
    select,
    sql_types::{Text, Timestamptz, Uuid as SqlUuid},
};
use unionhall_domain::{members::MemberId, tenants::TenantId};
use unionhall_ports::{
    members::{MemberFilter, MemberSort},
    pages::{Cursor, Direction, PageRequest},
};

use super::{
    row::Row,
    search::{members_search, members_search_count},
};
use crate::{
    lists::{NoSuchPlace, instant_key, one_more_than, place, sorted, text_key, words},
    rows::instant,
    schema::members,
};

/// A row of a list, with the name it is sorted by.
pub(super) type Listed = (Row, String);

/// The rows of a page, and one more if there is another page.
pub(super) fn rows(
    connection: &mut PgConnection,
    tenant: TenantId,
    filter: &MemberFilter,
    page: &PageRequest<MemberSort>,
) -> QueryResult<Vec<Listed>> {
    let Ok(after) = readable(page) else {
        return Ok(Vec::new());
    };
    let mut query = matching(tenant, filter);
    if let Some(words) = words(filter.search.as_deref()) {
        query = query.filter(members::id.eq_any(select(members_search(
            words,
            filter.status.map(|status| status.as_str()),
            filter.classification.map(|class| class.as_str()),
            filter.only.map(MemberId::uuid),
            sort_name(page.sort),
            page.direction == Direction::Descending,
            after.as_ref().map(|after| after.key.clone()),
            after.as_ref().map(|after| after.id),
            i64::from(page.limit).saturating_add(1),
        ))));
    }
    let query = query.select((Row::as_select(), members::sort_name));
    let query = match page.sort {
        MemberSort::Name => sorted!(
            query,
            page.direction,
            [members::sort_name, members::id] as (Text, SqlUuid),
            after.map(|after| (after.key, after.id))
        ),
        // Numbers are unique, so the order is total without the id.
        MemberSort::Number => sorted!(
            query,
            page.direction,
            [members::member_number] as (Text,),
            after.map(|after| (after.key,))
        ),
        MemberSort::Created => sorted!(
            query,
            page.direction,
            [members::created_at, members::id] as (Timestamptz, SqlUuid),
            after.and_then(|after| Some((instant(instant_key(&after.key)?), after.id)))
        ),
    };
    one_more_than(page.limit, query).load(connection)
}

/// How many members match, on all pages together.
pub(super) fn total(
    connection: &mut PgConnection,
    tenant: TenantId,
    filter: &MemberFilter,
) -> QueryResult<i64> {
    match words(filter.search.as_deref()) {
        None => matching(tenant, filter)
            .select(count_star())
            .get_result(connection),
        Some(words) => select(members_search_count(
            words,
            filter.status.map(|status| status.as_str()),
            filter.classification.map(|class| class.as_str()),
            filter.only.map(MemberId::uuid),
        ))
        .get_result(connection),
    }
}

/// The place of a row in the order.
pub(super) fn cursor(sort: MemberSort, (row, name): &Listed) -> Cursor {
    let key = match sort {
        MemberSort::Name => name.clone(),
        MemberSort::Number => row.member_number.clone(),
        MemberSort::Created => row.created_at.to_jiff().to_string(),
    };
    Cursor { key, id: row.id }
}

/// The cursor with its key in the form in which the search function reads it.
fn readable(page: &PageRequest<MemberSort>) -> Result<Option<Cursor>, NoSuchPlace> {
    let key = |key: &str| match page.sort {
        MemberSort::Name | MemberSort::Number => text_key(key),
        MemberSort::Created => instant_key(key).map(|at| at.to_string()),
    };
    let place = place(page.after.as_ref(), key)?;
    Ok(place.map(|(key, id)| Cursor { key, id }))
}

fn sort_name(sort: MemberSort) -> &'static str {
    match sort {
        MemberSort::Name => "name",
        MemberSort::Number => "number",
        MemberSort::Created => "created",
    }
}

fn matching(tenant: TenantId, filter: &MemberFilter) -> members::BoxedQuery<'_, Pg> {
    let mut query = members::table
        .filter(members::tenant_id.eq(tenant.uuid()))
        .filter(members::deleted_at.is_null())
        .into_boxed();
    if let Some(status) = filter.status {
        query = query.filter(members::status.eq(status.as_str()));
    }
    if let Some(class) = filter.classification {
        query = query.filter(members::classification.eq(class.as_str()));
    }
    if let Some(only) = filter.only {
        query = query.filter(members::id.eq(only.uuid()));
    }
    query
}
