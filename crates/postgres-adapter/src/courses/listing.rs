//! Which courses and editions a list shows, and in which order.

use diesel::{
    ExpressionMethods, PgConnection, QueryDsl, QueryResult, RunQueryDsl, SelectableHelper,
    dsl::{count_star, sql},
    pg::Pg,
    sql_types::{Bool, Text, Timestamptz, Uuid as SqlUuid},
};
use unionhall_domain::{
    courses::{CourseId, CourseType},
    tenants::TenantId,
};
use unionhall_ports::{
    courses::{CourseFilter, CourseSort, EditionSort},
    pages::{Cursor, Direction, PageRequest},
};

use super::row::{EditionRow, Row};
use crate::{
    lists::{instant_key, one_more_than, place, sorted, text_key, words},
    rows::instant,
    schema::{course_editions, courses},
};

/// A row of a list, with the code and the name it is sorted by.
pub(super) type Listed = (Row, String, String);

/// The rows of a page, and one more if there is another page.
pub(super) fn rows(
    connection: &mut PgConnection,
    tenant: TenantId,
    filter: &CourseFilter,
    page: &PageRequest<CourseSort>,
) -> QueryResult<Vec<Listed>> {
    let query =
        matching(tenant, filter).select((Row::as_select(), courses::sort_code, courses::sort_name));
    let after = page.after.as_ref();
    let query = match page.sort {
        CourseSort::Code => {
            let Ok(place) = place(after, text_key) else {
                return Ok(Vec::new());
            };
            sorted!(
                query,
                page.direction,
                [courses::sort_code, courses::id] as (Text, SqlUuid),
                place
            )
        }
        CourseSort::Name => {
            let Ok(place) = place(after, text_key) else {
                return Ok(Vec::new());
            };
            sorted!(
                query,
                page.direction,
                [courses::sort_name, courses::id] as (Text, SqlUuid),
                place
            )
        }
        CourseSort::Created => {
            let Ok(place) = place(after, |key| instant_key(key).map(instant)) else {
                return Ok(Vec::new());
            };
            sorted!(
                query,
                page.direction,
                [courses::created_at, courses::id] as (Timestamptz, SqlUuid),
                place
            )
        }
    };
    one_more_than(page.limit, query).load(connection)
}

/// How many courses match, on all pages together.
pub(super) fn total(
    connection: &mut PgConnection,
    tenant: TenantId,
    filter: &CourseFilter,
) -> QueryResult<i64> {
    matching(tenant, filter)
        .select(count_star())
        .get_result(connection)
}

/// The place of a row in the order.
pub(super) fn cursor(sort: CourseSort, (row, code, name): &Listed) -> Cursor {
    let key = match sort {
        CourseSort::Code => code.clone(),
        CourseSort::Name => name.clone(),
        CourseSort::Created => row.created_at.to_jiff().to_string(),
    };
    Cursor { key, id: row.id }
}

/// The editions of a page, and one more if there is another page.
pub(super) fn editions(
    connection: &mut PgConnection,
    tenant: TenantId,
    course: CourseId,
    page: &PageRequest<EditionSort>,
) -> QueryResult<Vec<EditionRow>> {
    let query = course_editions::table
        .filter(course_editions::tenant_id.eq(tenant.uuid()))
        .filter(course_editions::course_id.eq(course.uuid()))
        .select(EditionRow::as_select())
        .into_boxed();
    let Ok(place) = place(page.after.as_ref(), |key| key.parse::<i32>().ok()) else {
        return Ok(Vec::new());
    };
    let EditionSort::Edition = page.sort;
    let query = match (page.direction, place) {
        (Direction::Ascending, None) => query.order(course_editions::edition.asc()),
        (Direction::Descending, None) => query.order(course_editions::edition.desc()),
        (Direction::Ascending, Some((edition, _))) => query
            .filter(course_editions::edition.gt(edition))
            .order(course_editions::edition.asc()),
        (Direction::Descending, Some((edition, _))) => query
            .filter(course_editions::edition.lt(edition))
            .order(course_editions::edition.desc()),
    };
    one_more_than(page.limit, query).load(connection)
}

/// The place of an edition in the order.
pub(super) fn edition_cursor(row: &EditionRow) -> Cursor {
    Cursor {
        key: row.edition.to_string(),
        id: row.course_id,
    }
}

fn matching(tenant: TenantId, filter: &CourseFilter) -> courses::BoxedQuery<'_, Pg> {
    let mut query = courses::table
        .filter(courses::tenant_id.eq(tenant.uuid()))
        .filter(courses::deleted_at.is_null())
        .into_boxed();
    if let Some(kind) = filter.course_type {
        query = query.filter(courses::course_type.eq(CourseType::as_str(kind)));
    }
    if let Some(is_active) = filter.is_active {
        query = query.filter(courses::is_active.eq(is_active));
    }
    if let Some(is_required) = filter.is_required {
        query = query.filter(courses::is_required.eq(is_required));
    }
    if let Some(code) = &filter.code {
        query = query.filter(courses::sort_code.eq(code.to_lowercase()));
    }
    if let Some(words) = words(filter.search.as_deref()) {
        let fits = sql::<Bool>("courses_match(").bind::<Text, _>(words);
        query = query.filter(fits.sql(", courses.code, courses.name, courses.description)"));
    }
    query
}
