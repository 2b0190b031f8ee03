//! Which contacts a list shows, and in which order.

use diesel::{
    ExpressionMethods, PgConnection, QueryDsl, QueryResult, RunQueryDsl, SelectableHelper,
    dsl::count_star,
    pg::Pg,
    sql_types::{Array, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use unionhall_domain::tenants::TenantId;
use unionhall_ports::{
    contacts::{ContactFilter, ContactSort},
    pages::{Cursor, PageRequest},
};

use super::row::Row;
use crate::{
    lists::{instant_key, one_more_than, place, sorted, text_key, words},
    rows::instant,
    schema::contacts,
};

diesel::define_sql_function! {
    /// The words of a text, without accents and case.
    fn f_words(text: Text) -> Array<Text>;
}

diesel::define_sql_function! {
    /// Whether each of the words is somewhere in the name, the title or the address.
    fn contacts_match(
        first_name: Text,
        last_name: Text,
        title: Nullable<Text>,
        email: Nullable<Text>,
        words: Array<Text>,
    ) -> Bool;
}

/// A row of a list, with the name it is sorted by.
pub(super) type Listed = (Row, String);

/// The rows of a page, and one more if there is another page.
pub(super) fn rows(
    connection: &mut PgConnection,
    tenant: TenantId,
    filter: &ContactFilter,
    page: &PageRequest<ContactSort>,
) -> QueryResult<Vec<Listed>> {
    let query = matching(tenant, filter).select((Row::as_select(), contacts::sort_name));
    let after = page.after.as_ref();
    let query = match page.sort {
        ContactSort::Name => {
            let Ok(place) = place(after, text_key) else {
                return Ok(Vec::new());
            };
            sorted!(
                query,
                page.direction,
                [contacts::sort_name, contacts::id] as (Text, SqlUuid),
                place
            )
        }
        ContactSort::Created => {
            let Ok(place) = place(after, |key| instant_key(key).map(instant)) else {
                return Ok(Vec::new());
            };
            sorted!(
                query,
                page.direction,
                [contacts::created_at, contacts::id] as (Timestamptz, SqlUuid),
                place
            )
        }
    };
    one_more_than(page.limit, query).load(connection)
}

/// How many contacts match, on all pages together.
pub(super) fn total(
    connection: &mut PgConnection,
    tenant: TenantId,
    filter: &ContactFilter,
) -> QueryResult<i64> {
    matching(tenant, filter)
        .select(count_star())
        .get_result(connection)
}

/// The place of a row in the order.
pub(super) fn cursor(sort: ContactSort, (row, name): &Listed) -> Cursor {
    let key = match sort {
        ContactSort::Name => name.clone(),
        ContactSort::Created => row.created_at.to_jiff().to_string(),
    };
    Cursor { key, id: row.id }
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
    if let Some(words) = words(filter.search.as_deref()) {
        query = query.filter(contacts_match(
            contacts::first_name,
            contacts::last_name,
            contacts::title,
            contacts::email,
            f_words(words),
        ));
    }
    query
}
