//! Which jobs a list shows, and in which order.

use diesel::{
    BoolExpressionMethods, ExpressionMethods, NullableExpressionMethods, PgConnection, QueryDsl,
    QueryResult, RunQueryDsl, SelectableHelper,
    dsl::{IntoBoxed, count_star},
    pg::Pg,
    sql_types::{Date as SqlDate, Timestamptz, Uuid as SqlUuid},
};
use unionhall_domain::tenants::TenantId;
use unionhall_ports::{
    employments::{EmploymentFilter, EmploymentSort},
    pages::{Cursor, PageRequest},
};

use super::{
    NAMES,
    row::{Joined, Row},
    with_parties,
};
use crate::{
    lists::{instant_key, one_more_than, place, sorted},
    rows::instant,
    schema::employments,
    stored::day,
};

/// The rows of a page, and one more if there is another page.
pub(super) fn rows(
    connection: &mut PgConnection,
    tenant: TenantId,
    filter: &EmploymentFilter,
    page: &PageRequest<EmploymentSort>,
) -> QueryResult<Vec<Joined>> {
    let query = matching(tenant, filter).select((Row::as_select(), NAMES));
    let after = page.after.as_ref();
    let query = match page.sort {
        EmploymentSort::Start => {
            let Ok(place) = place(after, crate::lists::day_key) else {
                return Ok(Vec::new());
            };
            sorted!(
                query,
                page.direction,
                [employments::start_date, employments::id] as (SqlDate, SqlUuid),
                place
            )
        }
        EmploymentSort::Created => {
            let Ok(place) = place(after, |key| instant_key(key).map(instant)) else {
                return Ok(Vec::new());
            };
            sorted!(
                query,
                page.direction,
                [employments::created_at, employments::id] as (Timestamptz, SqlUuid),
                place
            )
        }
    };
    one_more_than(page.limit, query).load(connection)
}

/// How many jobs match, on all pages together.
pub(super) fn total(
    connection: &mut PgConnection,
    tenant: TenantId,
    filter: &EmploymentFilter,
) -> QueryResult<i64> {
    matching(tenant, filter)
        .select(count_star())
        .get_result(connection)
}

/// The place of a row in the order.
pub(super) fn cursor(sort: EmploymentSort, row: &Row) -> Cursor {
    let key = match sort {
        EmploymentSort::Start => row.start_date.to_jiff().to_string(),
        EmploymentSort::Created => row.created_at.to_jiff().to_string(),
    };
    Cursor { key, id: row.id }
}

fn matching<'a>(tenant: TenantId, filter: &EmploymentFilter) -> IntoBoxed<'a, with_parties, Pg> {
    let mut query = with_parties()
        .filter(employments::tenant_id.eq(tenant.uuid()))
        .filter(employments::deleted_at.is_null())
        .into_boxed();
    if let Some(member) = filter.member {
        query = query.filter(employments::member_id.eq(member.uuid()));
    }
    if let Some(organization) = filter.organization {
        query = query.filter(employments::organization_id.eq(organization.uuid()));
    }
    if let Some(title) = &filter.job_title {
        query = query.filter(employments::job_title.eq(title.to_string()));
    }
    match filter.current {
        None => query,
        Some((today, true)) => query.filter(employments::start_date.le(day(today))).filter(
            employments::end_date
                .is_null()
                .or(employments::end_date.assume_not_null().ge(day(today))),
        ),
        Some((today, false)) => query.filter(
            employments::start_date
                .gt(day(today))
                .or(employments::end_date
                    .is_not_null()
                    .and(employments::end_date.assume_not_null().lt(day(today)))),
        ),
    }
}
