//! Which grievances a list shows, and in which order.

use diesel::{
    BoolExpressionMethods, ExpressionMethods, PgConnection, QueryDsl, QueryResult, RunQueryDsl,
    SelectableHelper,
    dsl::{count_star, sql},
    pg::Pg,
    select,
    sql_types::{Bool, Date as SqlDate, Integer, Nullable, SmallInt, Text, Uuid as SqlUuid},
};
use jiff::civil::Date;
use unionhall_domain::{
    grievances::{GrievanceNumber, Step},
    members::MemberId,
    organizations::OrganizationId,
    tenants::TenantId,
    users::UserId,
};
use unionhall_ports::{
    grievances::{GrievanceFilter, GrievanceSort},
    pages::{Cursor, Direction, PageRequest},
};
use uuid::Uuid;

use super::{
    row::Row,
    search::{grievances_search, grievances_search_count},
};
use crate::{
    lists::{NoSuchPlace, one_more_than, place, sorted, words},
    schema::grievances,
    stored::day,
};

/// The place behind which a list goes on.
#[derive(Default)]
struct After {
    number: Option<GrievanceNumber>,
    filed: Option<(jiff_diesel::Date, Uuid)>,
}

/// The rows of a page, and one more if there is another page.
pub(super) fn rows(
    connection: &mut PgConnection,
    tenant: TenantId,
    filter: &GrievanceFilter,
    page: &PageRequest<GrievanceSort>,
) -> QueryResult<Vec<Row>> {
    let Ok(After { number, filed }) = after(page) else {
        return Ok(Vec::new());
    };
    let mut query = matching(tenant, filter);
    if let Some(words) = words(filter.search.as_deref()) {
        query = match filter.carrier {
            // What one user carries is few, and looked through.
            Some(_) => among(query, words),
            None => query.filter(grievances::id.eq_any(select(grievances_search(
                words,
                filter.status,
                filter.step.map(Step::as_str),
                filter.member.map(MemberId::uuid),
                filter.employer.map(OrganizationId::uuid),
                filter.representative.map(UserId::uuid),
                filter.filed_from.map(day),
                filter.filed_until.map(day),
                sort_name(page.sort),
                page.direction == Direction::Descending,
                number.map(GrievanceNumber::year),
                number.map(GrievanceNumber::place),
                filed.map(|(day, _)| day),
                filed.map(|(_, id)| id),
                i64::from(page.limit).saturating_add(1),
            )))),
        };
    }
    let query = query.select(Row::as_select());
    let query = match page.sort {
        // Numbers are unique, so the order is total without the id.
        GrievanceSort::Number => sorted!(
            query,
            page.direction,
            [grievances::year, grievances::place] as (SmallInt, Integer),
            number.map(|number| (number.year(), number.place()))
        ),
        GrievanceSort::Filed => sorted!(
            query,
            page.direction,
            [grievances::filed_date, grievances::id] as (SqlDate, SqlUuid),
            filed
        ),
    };
    one_more_than(page.limit, query).load(connection)
}

/// How many grievances match, on all pages together.
pub(super) fn total(
    connection: &mut PgConnection,
    tenant: TenantId,
    filter: &GrievanceFilter,
) -> QueryResult<i64> {
    let all = matching(tenant, filter);
    match (words(filter.search.as_deref()), filter.carrier) {
        (None, _) => all.select(count_star()).get_result(connection),
        (Some(words), Some(_)) => among(all, words)
            .select(count_star())
            .get_result(connection),
        (Some(words), None) => select(grievances_search_count(
            words,
            filter.status,
            filter.step.map(Step::as_str),
            filter.member.map(MemberId::uuid),
            filter.employer.map(OrganizationId::uuid),
            filter.representative.map(UserId::uuid),
            filter.filed_from.map(day),
            filter.filed_until.map(day),
        ))
        .get_result(connection),
    }
}

/// Those of few grievances that match the words, each looked at by itself.
fn among<'a>(few: grievances::BoxedQuery<'a, Pg>, words: String) -> grievances::BoxedQuery<'a, Pg> {
    let matching = sql::<Nullable<Bool>>("grievances.search @@ grievances_search_query(")
        .bind::<Text, _>(words)
        .sql(")");
    few.filter(matching)
}

/// The place of a grievance in the order.
pub(super) fn cursor(
    sort: GrievanceSort,
    number: GrievanceNumber,
    filed: Date,
    id: Uuid,
) -> Cursor {
    let key = match sort {
        GrievanceSort::Number => number.to_string(),
        GrievanceSort::Filed => filed.to_string(),
    };
    Cursor { key, id }
}

fn after(page: &PageRequest<GrievanceSort>) -> Result<After, NoSuchPlace> {
    let after = page.after.as_ref();
    Ok(match page.sort {
        GrievanceSort::Number => After {
            number: place(after, |key| GrievanceNumber::parse(key).ok())?.map(|(number, _)| number),
            ..After::default()
        },
        GrievanceSort::Filed => After {
            filed: place(after, crate::lists::day_key)?,
            ..After::default()
        },
    })
}

fn sort_name(sort: GrievanceSort) -> &'static str {
    match sort {
        GrievanceSort::Number => "number",
        GrievanceSort::Filed => "filed",
    }
}

fn matching(tenant: TenantId, filter: &GrievanceFilter) -> grievances::BoxedQuery<'_, Pg> {
    let mut query = grievances::table
        .filter(grievances::tenant_id.eq(tenant.uuid()))
        .filter(grievances::deleted_at.is_null())
        .into_boxed();
    if let Some(status) = filter.status {
        query = query.filter(grievances::status.eq(status));
    }
    if let Some(step) = filter.step {
        query = query.filter(grievances::current_step.eq(step.as_str()));
    }
    if let Some(member) = filter.member {
        query = query.filter(grievances::member_id.eq(member.uuid()));
    }
    if let Some(employer) = filter.employer {
        query = query.filter(grievances::employer_id.eq(employer.uuid()));
    }
    if let Some(representative) = filter.representative {
        query = query.filter(grievances::assigned_representative_id.eq(representative.uuid()));
    }
    if let Some(carrier) = filter.carrier {
        // Each side has an index of its own.
        query = query.filter(
            grievances::assigned_representative_id
                .eq(carrier.uuid())
                .or(grievances::steward_id.eq(carrier.uuid())),
        );
    }
    if let Some(from) = filter.filed_from {
        query = query.filter(grievances::filed_date.ge(day(from)));
    }
    if let Some(until) = filter.filed_until {
        query = query.filter(grievances::filed_date.le(day(until)));
    }
    query
}
