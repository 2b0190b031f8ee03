//! Which students a list shows, and in which order.

use diesel::{
    BoolExpressionMethods, ExpressionMethods, PgConnection, QueryDsl, QueryResult, RunQueryDsl,
    SelectableHelper,
    dsl::{count_star, exists},
    pg::Pg,
    sql_types::{Array, Integer, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid},
};
use unionhall_domain::tenants::TenantId;
use unionhall_ports::{
    pages::{Cursor, PageRequest},
    students::{StudentFilter, StudentSort},
};

use super::row::Row;
use crate::{
    lists::{instant_key, one_more_than, place, sorted, text_key, words},
    rows::instant,
    schema::{cohort_stays, students},
};

diesel::define_sql_function! {
    /// The words of a text, without accents and case.
    fn f_words(text: Text) -> Array<Text>;
}

diesel::define_sql_function! {
    /// Whether each of the words is somewhere in what a student is found by.
    fn students_match(first_name: Text, last_name: Text, year: SmallInt, place: Integer, former_number: Nullable<Text>, sent_number: Nullable<Text>, words: Array<Text>) -> Bool;
}

/// A row of a list, with the name it is sorted by.
pub(super) type Listed = (Row, String);

/// The rows of a page, and one more if there is another page.
pub(super) fn rows(
    connection: &mut PgConnection,
    tenant: TenantId,
    filter: &StudentFilter,
    page: &PageRequest<StudentSort>,
) -> QueryResult<Vec<Listed>> {
    let query = matching(tenant, filter).select((Row::as_select(), students::sort_name));
    let after = page.after.as_ref();
    let query = match page.sort {
        StudentSort::Name => {
            let Ok(place) = place(after, text_key) else {
                return Ok(Vec::new());
            };
            sorted!(
                query,
                page.direction,
                [students::sort_name, students::id] as (Text, SqlUuid),
                place
            )
        }
        StudentSort::Created => {
            let Ok(place) = place(after, |key| instant_key(key).map(instant)) else {
                return Ok(Vec::new());
            };
            sorted!(
                query,
                page.direction,
                [students::created_at, students::id] as (Timestamptz, SqlUuid),
                place
            )
        }
    };
    one_more_than(page.limit, query).load(connection)
}

/// How many students match, on all pages together.
pub(super) fn total(
    connection: &mut PgConnection,
    tenant: TenantId,
    filter: &StudentFilter,
) -> QueryResult<i64> {
    matching(tenant, filter)
        .select(count_star())
        .get_result(connection)
}

/// The place of a row in the order.
pub(super) fn cursor(sort: StudentSort, (row, name): &Listed) -> Cursor {
    let key = match sort {
        StudentSort::Name => name.clone(),
        StudentSort::Created => row.created_at.to_jiff().to_string(),
    };
    Cursor { key, id: row.id }
}

fn matching(tenant: TenantId, filter: &StudentFilter) -> students::BoxedQuery<'_, Pg> {
    let mut query = students::table
        .filter(students::tenant_id.eq(tenant.uuid()))
        .filter(students::deleted_at.is_null())
        .into_boxed();
    if let Some(status) = filter.status {
        query = query.filter(students::status.eq(status.as_str()));
    }
    if let Some(union) = filter.union {
        query = query.filter(students::union_id.eq(union.uuid()));
    }
    if let Some(member) = filter.member {
        query = query.filter(students::member_id.eq(member.uuid()));
    }
    if let Some(cohort) = filter.cohort {
        let is_in = cohort_stays::tenant_id
            .eq(students::tenant_id)
            .and(cohort_stays::student_id.eq(students::id))
            .and(cohort_stays::cohort_id.eq(cohort.uuid()))
            .and(cohort_stays::left_on.is_null());
        query = query.filter(exists(cohort_stays::table.filter(is_in)));
    }
    if let Some(words) = words(filter.search.as_deref()) {
        query = query.filter(students_match(
            students::first_name,
            students::last_name,
            students::year,
            students::place,
            students::former_number,
            students::sent_number,
            f_words(words),
        ));
    }
    query
}
