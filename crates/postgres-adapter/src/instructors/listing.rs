//! Which instructors a list shows, and in which order.

use diesel::{
    ExpressionMethods, PgConnection, QueryDsl, QueryResult, RunQueryDsl, SelectableHelper,
    dsl::count_star,
    pg::Pg,
    sql_types::{Array, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use unionhall_domain::tenants::TenantId;
use unionhall_ports::{
    instructors::{InstructorFilter, InstructorSort},
    pages::{Cursor, PageRequest},
};

use super::row::Row;
use crate::{
    lists::{instant_key, one_more_than, place, sorted, text_key, words},
    rows::instant,
    schema::instructors,
};

diesel::define_sql_function! {
    /// The words of a text, without accents and case.
    fn f_words(text: Text) -> Array<Text>;
}

diesel::define_sql_function! {
    /// Whether each of the words is somewhere in what an instructor is found by.
    fn instructors_match(first_name: Text, last_name: Text, email: Text, specialties: Nullable<Text>, words: Array<Text>) -> Bool;
}

/// A row of a list, with the name it is sorted by.
pub(super) type Listed = (Row, String);

/// The rows of a page, and one more if there is another page.
pub(super) fn rows(
    connection: &mut PgConnection,
    tenant: TenantId,
    filter: &InstructorFilter,
    page: &PageRequest<InstructorSort>,
) -> QueryResult<Vec<Listed>> {
    let query = matching(tenant, filter).select((Row::as_select(), instructors::sort_name));
    let after = page.after.as_ref();
    let query = match page.sort {
        InstructorSort::Name => {
            let Ok(place) = place(after, text_key) else {
                return Ok(Vec::new());
            };
            sorted!(
                query,
                page.direction,
                [instructors::sort_name, instructors::id] as (Text, SqlUuid),
                place
            )
        }
        InstructorSort::Created => {
            let Ok(place) = place(after, |key| instant_key(key).map(instant)) else {
                return Ok(Vec::new());
            };
            sorted!(
                query,
                page.direction,
                [instructors::created_at, instructors::id] as (Timestamptz, SqlUuid),
                place
            )
        }
    };
    one_more_than(page.limit, query).load(connection)
}

/// How many instructors match, on all pages together.
pub(super) fn total(
    connection: &mut PgConnection,
    tenant: TenantId,
    filter: &InstructorFilter,
) -> QueryResult<i64> {
    matching(tenant, filter)
        .select(count_star())
        .get_result(connection)
}

/// The place of a row in the order.
pub(super) fn cursor(sort: InstructorSort, (row, name): &Listed) -> Cursor {
    let key = match sort {
        InstructorSort::Name => name.clone(),
        InstructorSort::Created => row.created_at.to_jiff().to_string(),
    };
    Cursor { key, id: row.id }
}

fn matching(tenant: TenantId, filter: &InstructorFilter) -> instructors::BoxedQuery<'_, Pg> {
    let mut query = instructors::table
        .filter(instructors::tenant_id.eq(tenant.uuid()))
        .filter(instructors::deleted_at.is_null())
        .into_boxed();
    if let Some(status) = filter.status {
        query = query.filter(instructors::status.eq(status.as_str()));
    }
    if let Some(user) = filter.user {
        query = query.filter(instructors::user_id.eq(user.uuid()));
    }
    if let Some(words) = words(filter.search.as_deref()) {
        query = query.filter(instructors_match(
            instructors::first_name,
            instructors::last_name,
            instructors::email,
            instructors::specialties,
            f_words(words),
        ));
    }
    query
}
