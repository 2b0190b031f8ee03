//! Which classes a list shows, and in which order.

use diesel::{
    ExpressionMethods, PgConnection, QueryDsl, QueryResult, RunQueryDsl, SelectableHelper,
    dsl::{count_star, sql},
    pg::Pg,
    sql_types::{Bool, Date as SqlDate, Text, Timestamptz, Uuid as SqlUuid},
};
use unionhall_domain::tenants::TenantId;
use unionhall_ports::{
    classes::{ClassFilter, ClassSort},
    pages::{Cursor, PageRequest},
};

use super::row::Row;
use crate::{
    lists::{day_key, instant_key, one_more_than, place, sorted, words},
    rows::instant,
    schema::classes,
    stored::day,
};

/// The rows of a page, and one more if there is another page.
pub(super) fn rows(
    connection: &mut PgConnection,
    tenant: TenantId,
    filter: &ClassFilter,
    page: &PageRequest<ClassSort>,
) -> QueryResult<Vec<Row>> {
    let query = matching(tenant, filter).select(Row::as_select());
    let after = page.after.as_ref();
    let query = match page.sort {
        ClassSort::Starts => {
            let Ok(place) = place(after, day_key) else {
                return Ok(Vec::new());
            };
            sorted!(
                query,
                page.direction,
                [classes::starts_on, classes::id] as (SqlDate, SqlUuid),
                place
            )
        }
        ClassSort::Created => {
            let Ok(place) = place(after, |key| instant_key(key).map(instant)) else {
                return Ok(Vec::new());
            };
            sorted!(
                query,
                page.direction,
                [classes::created_at, classes::id] as (Timestamptz, SqlUuid),
                place
            )
        }
    };
    one_more_than(page.limit, query).load(connection)
}

/// How many classes match, on all pages together.
pub(super) fn total(
    connection: &mut PgConnection,
    tenant: TenantId,
    filter: &ClassFilter,
) -> QueryResult<i64> {
    matching(tenant, filter)
        .select(count_star())
        .get_result(connection)
}

/// The place of a row in the order.
pub(super) fn cursor(sort: ClassSort, row: &Row) -> Cursor {
    let key = match sort {
        ClassSort::Starts => row.starts_on.to_jiff().to_string(),
        ClassSort::Created => row.created_at.to_jiff().to_string(),
    };
    Cursor { key, id: row.id }
}

fn matching(tenant: TenantId, filter: &ClassFilter) -> classes::BoxedQuery<'_, Pg> {
    let mut query = classes::table
        .filter(classes::tenant_id.eq(tenant.uuid()))
        .filter(classes::deleted_at.is_null())
        .into_boxed();
    if let Some(course) = filter.course {
        query = query.filter(classes::course_id.eq(course.uuid()));
    }
    if let Some(status) = filter.status {
        query = query.filter(classes::status.eq(status));
    }
    if let Some(on) = filter.on {
        query = query
            .filter(classes::starts_on.le(day(on)))
            .filter(classes::ends_on.ge(day(on)));
    }
    if let Some(words) = words(filter.search.as_deref()) {
        let fits = sql::<Bool>("courses_match(").bind::<Text, _>(words);
        query = query.filter(fits.sql(", null, classes.name, null)"));
    }
    query
}
