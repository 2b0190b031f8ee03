//! Which activities a list shows, and in which order.

use diesel::{
    ExpressionMethods, PgConnection, QueryDsl, QueryResult, RunQueryDsl, SelectableHelper,
    dsl::count_star,
    pg::Pg,
    sql_types::{Date as SqlDate, Timestamptz, Uuid as SqlUuid},
};
use unionhall_domain::{salting_activities::SaltingActivity, tenants::TenantId};
use unionhall_ports::{
    pages::{Cursor, PageRequest},
    salting_activities::{OutcomeKnown, SaltingActivityFilter, SaltingActivitySort},
};

use super::row::Row;
use crate::{
    lists::{instant_key, one_more_than, place, sorted},
    rows::instant,
    schema::salting_activities,
    stored::day,
};

/// The rows of a page, and one more if there is another page.
pub(super) fn rows(
    connection: &mut PgConnection,
    tenant: TenantId,
    filter: &SaltingActivityFilter,
    page: &PageRequest<SaltingActivitySort>,
) -> QueryResult<Vec<Row>> {
    let query = matching(tenant, filter).select(Row::as_select());
    let after = page.after.as_ref();
    let query = match page.sort {
        SaltingActivitySort::Date => {
            let Ok(place) = place(after, crate::lists::day_key) else {
                return Ok(Vec::new());
            };
            sorted!(
                query,
                page.direction,
                [salting_activities::activity_date, salting_activities::id] as (SqlDate, SqlUuid),
                place
            )
        }
        SaltingActivitySort::Created => {
            let Ok(place) = place(after, |key| instant_key(key).map(instant)) else {
                return Ok(Vec::new());
            };
            sorted!(
                query,
                page.direction,
                [salting_activities::created_at, salting_activities::id] as (Timestamptz, SqlUuid),
                place
            )
        }
    };
    one_more_than(page.limit, query).load(connection)
}

/// How many activities match, on all pages together.
pub(super) fn total(
    connection: &mut PgConnection,
    tenant: TenantId,
    filter: &SaltingActivityFilter,
) -> QueryResult<i64> {
    matching(tenant, filter)
        .select(count_star())
        .get_result(connection)
}

/// The place of an activity in the order.
pub(super) fn cursor(sort: SaltingActivitySort, activity: &SaltingActivity) -> Cursor {
    let key = match sort {
        SaltingActivitySort::Date => activity.report.activity_date.to_string(),
        SaltingActivitySort::Created => activity.created_at.to_string(),
    };
    Cursor {
        key,
        id: activity.id.uuid(),
    }
}

fn matching(
    tenant: TenantId,
    filter: &SaltingActivityFilter,
) -> salting_activities::BoxedQuery<'_, Pg> {
    let mut query = salting_activities::table
        .filter(salting_activities::tenant_id.eq(tenant.uuid()))
        .filter(salting_activities::deleted_at.is_null())
        .into_boxed();
    if let Some(organization) = filter.organization {
        query = query.filter(salting_activities::organization_id.eq(organization.uuid()));
    }
    if let Some(campaign) = filter.campaign {
        query = query.filter(salting_activities::campaign_id.eq(campaign.uuid()));
    }
    if let Some(member) = filter.member {
        query = query.filter(salting_activities::member_id.eq(member.uuid()));
    }
    if let Some(kind) = filter.activity_type {
        query = query.filter(salting_activities::activity_type.eq(kind.as_str()));
    }
    query = match filter.outcome {
        None => query,
        Some(OutcomeKnown::Pending) => query.filter(salting_activities::outcome.is_null()),
        Some(OutcomeKnown::Known(outcome)) => {
            query.filter(salting_activities::outcome.eq(outcome.as_str()))
        }
    };
    if let Some(from) = filter.from {
        query = query.filter(salting_activities::activity_date.ge(day(from)));
    }
    if let Some(until) = filter.until {
        query = query.filter(salting_activities::activity_date.le(day(until)));
    }
    query
}
