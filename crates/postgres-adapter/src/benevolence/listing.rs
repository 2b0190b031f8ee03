//! Which applications a list shows, and in which order.

use diesel::{
    BoolExpressionMethods, ExpressionMethods, PgConnection, QueryDsl, QueryResult, RunQueryDsl,
    SelectableHelper,
    dsl::{count_star, not},
    pg::Pg,
    select,
    sql_types::{BigInt, Integer, SmallInt, Timestamptz, Uuid as SqlUuid},
};
use unionhall_domain::{
    benevolence::{BenevolenceApplication, BenevolenceNumber, Reason, Status},
    members::MemberId,
    tenants::TenantId,
};
use unionhall_ports::{
    benevolence::{BenevolenceFilter, BenevolenceSort},
    pages::{Cursor, Direction, PageRequest},
};
use uuid::Uuid;

use super::{
    row::Row,
    search::{benevolence_search, benevolence_search_count},
};
use crate::{
    lists::{NoSuchPlace, instant_key, one_more_than, place, sorted, words},
    rows::instant,
    schema::benevolence_applications as applications,
    stored::day,
};

/// The place behind which a list goes on.
#[derive(Default)]
struct After {
    number: Option<BenevolenceNumber>,
    amount: Option<(i64, Uuid)>,
    since: Option<(jiff_diesel::Timestamp, Uuid)>,
}

/// The rows of a page, and one more if there is another page.
pub(super) fn rows(
    connection: &mut PgConnection,
    tenant: TenantId,
    filter: &BenevolenceFilter,
    page: &PageRequest<BenevolenceSort>,
) -> QueryResult<Vec<Row>> {
    let Ok(After {
        number,
        amount,
        since,
    }) = after(page)
    else {
        return Ok(Vec::new());
    };
    let mut query = matching(tenant, filter);
    if let Some(words) = words(filter.search.as_deref()) {
        query = query.filter(applications::id.eq_any(select(benevolence_search(
            words,
            filter.status.map(Status::as_str),
            filter.reason.map(Reason::as_str),
            filter.member.map(MemberId::uuid),
            filter.viewer.map(MemberId::uuid),
            filter.from.map(day),
            filter.until.map(day),
            sort_name(page.sort),
            page.direction == Direction::Descending,
            number.map(BenevolenceNumber::year),
            number.map(BenevolenceNumber::place),
            amount.map(|(amount, _)| amount),
            since.map(|(since, _)| since),
            amount.map(|(_, id)| id).or_else(|| since.map(|(_, id)| id)),
            i64::from(page.limit).saturating_add(1),
        ))));
    }
    let query = query.select(Row::as_select());
    let query = match page.sort {
        // Numbers are unique, so the order is total without the id.
        BenevolenceSort::Number => sorted!(
            query,
            page.direction,
            [applications::year, applications::place] as (SmallInt, Integer),
            number.map(|number| (number.year(), number.place()))
        ),
        BenevolenceSort::Amount => sorted!(
            query,
            page.direction,
            [applications::amount_requested, applications::id] as (BigInt, SqlUuid),
            amount
        ),
        BenevolenceSort::Since => sorted!(
            query,
            page.direction,
            [applications::since, applications::id] as (Timestamptz, SqlUuid),
            since
        ),
    };
    one_more_than(page.limit, query).load(connection)
}

/// How many applications match, on all pages together.
pub(super) fn total(
    connection: &mut PgConnection,
    tenant: TenantId,
    filter: &BenevolenceFilter,
) -> QueryResult<i64> {
    match words(filter.search.as_deref()) {
        None => matching(tenant, filter)
            .select(count_star())
            .get_result(connection),
        Some(words) => select(benevolence_search_count(
            words,
            filter.status.map(Status::as_str),
            filter.reason.map(Reason::as_str),
            filter.member.map(MemberId::uuid),
            filter.viewer.map(MemberId::uuid),
            filter.from.map(day),
            filter.until.map(day),
        ))
        .get_result(connection),
    }
}

/// The place of an application in the order.
pub(super) fn cursor(sort: BenevolenceSort, last: &BenevolenceApplication) -> Cursor {
    let key = match sort {
        BenevolenceSort::Number => last.number.to_string(),
        BenevolenceSort::Amount => last.request.amount.minor().to_string(),
        BenevolenceSort::Since => last.since.to_string(),
    };
    Cursor {
        key,
        id: last.id.uuid(),
    }
}

fn after(page: &PageRequest<BenevolenceSort>) -> Result<After, NoSuchPlace> {
    let after = page.after.as_ref();
    Ok(match page.sort {
        BenevolenceSort::Number => After {
            number: place(after, |key| BenevolenceNumber::parse(key).ok())?
                .map(|(number, _)| number),
            ..After::default()
        },
        BenevolenceSort::Amount => After {
            amount: place(after, |key| key.parse().ok())?,
            ..After::default()
        },
        BenevolenceSort::Since => After {
            since: place(after, |key| instant_key(key).map(instant))?,
            ..After::default()
        },
    })
}

const fn sort_name(sort: BenevolenceSort) -> &'static str {
    match sort {
        BenevolenceSort::Number => "number",
        BenevolenceSort::Amount => "amount",
        BenevolenceSort::Since => "since",
    }
}

fn matching(tenant: TenantId, filter: &BenevolenceFilter) -> applications::BoxedQuery<'_, Pg> {
    let mut query = applications::table
        .filter(applications::tenant_id.eq(tenant.uuid()))
        .filter(applications::deleted_at.is_null())
        .into_boxed();
    if let Some(status) = filter.status {
        query = query.filter(applications::status.eq(status.as_str()));
    }
    if let Some(reason) = filter.reason {
        query = query.filter(applications::reason.eq(reason.as_str()));
    }
    if let Some(member) = filter.member {
        query = query.filter(applications::member_id.eq(member.uuid()));
    }
    // What a member wrote for themselves is theirs alone until they hand it in.
    let told = applications::status
        .ne(Status::Draft.as_str())
        .or(not(applications::by_member));
    query = match filter.viewer {
        Some(viewer) => query.filter(told.or(applications::member_id.eq(viewer.uuid()))),
        None => query.filter(told),
    };
    if let Some(from) = filter.from {
        query = query.filter(applications::application_date.ge(day(from)));
    }
    if let Some(until) = filter.until {
        query = query.filter(applications::application_date.le(day(until)));
    }
    query
}
