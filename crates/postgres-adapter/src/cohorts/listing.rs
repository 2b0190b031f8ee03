//! Which cohorts a list shows, and in which order.

use diesel::{
    BoolExpressionMethods, ExpressionMethods, PgConnection, QueryDsl, QueryResult, RunQueryDsl,
    SelectableHelper,
    dsl::{count_star, exists},
    pg::Pg,
    sql_types::{Array, Text, Timestamptz, Uuid as SqlUuid},
};
use unionhall_domain::tenants::TenantId;
use unionhall_ports::{
    cohorts::{CohortFilter, CohortSort},
    pages::{Cursor, PageRequest},
};

use super::row::Row;
use crate::{
    lists::{instant_key, one_more_than, place, sorted, text_key, words},
    rows::instant,
    schema::{cohort_instructors, cohorts},
};

diesel::define_sql_function! {
    /// The words of a text, without accents and case.
    fn f_words(text: Text) -> Array<Text>;
}

diesel::define_sql_function! {
    /// Whether each of the words is somewhere in what a cohort is found by.
    fn cohorts_match(name: Text, code: Text, words: Array<Text>) -> Bool;
}

/// A row of a list, with the name it is sorted by.
pub(super) type Listed = (Row, String);

/// The rows of a page, and one more if there is another page.
pub(super) fn rows(
    connection: &mut PgConnection,
    tenant: TenantId,
    filter: &CohortFilter,
    page: &PageRequest<CohortSort>,
) -> QueryResult<Vec<Listed>> {
    let query = matching(tenant, filter).select((Row::as_select(), cohorts::sort_name));
    let after = page.after.as_ref();
    let query = match page.sort {
        CohortSort::Name => {
            let Ok(place) = place(after, text_key) else {
                return Ok(Vec::new());
            };
            sorted!(
                query,
                page.direction,
                [cohorts::sort_name, cohorts::id] as (Text, SqlUuid),
                place
            )
        }
        CohortSort::Created => {
            let Ok(place) = place(after, |key| instant_key(key).map(instant)) else {
                return Ok(Vec::new());
            };
            sorted!(
                query,
                page.direction,
                [cohorts::created_at, cohorts::id] as (Timestamptz, SqlUuid),
                place
            )
        }
    };
    one_more_than(page.limit, query).load(connection)
}

/// How many cohorts match, on all pages together.
pub(super) fn total(
    connection: &mut PgConnection,
    tenant: TenantId,
    filter: &CohortFilter,
) -> QueryResult<i64> {
    matching(tenant, filter)
        .select(count_star())
        .get_result(connection)
}

/// The place of a row in the order.
pub(super) fn cursor(sort: CohortSort, (row, name): &Listed) -> Cursor {
    let key = match sort {
        CohortSort::Name => name.clone(),
        CohortSort::Created => row.created_at.to_jiff().to_string(),
    };
    Cursor { key, id: row.id }
}

fn matching(tenant: TenantId, filter: &CohortFilter) -> cohorts::BoxedQuery<'_, Pg> {
    let mut query = cohorts::table
        .filter(cohorts::tenant_id.eq(tenant.uuid()))
        .filter(cohorts::deleted_at.is_null())
        .into_boxed();
    if let Some(status) = filter.status {
        query = query.filter(cohorts::status.eq(status.as_str()));
    }
    if let Some(location) = filter.location {
        query = query.filter(cohorts::location_id.eq(location.uuid()));
    }
    if let Some(instructor) = filter.instructor {
        let taught = cohort_instructors::tenant_id
            .eq(cohorts::tenant_id)
            .and(cohort_instructors::cohort_id.eq(cohorts::id))
            .and(cohort_instructors::instructor_id.eq(instructor.uuid()));
        query = query.filter(exists(cohort_instructors::table.filter(taught)));
    }
    if let Some(words) = words(filter.search.as_deref()) {
        query = query.filter(cohorts_match(cohorts::name, cohorts::code, f_words(words)));
    }
    query
}
