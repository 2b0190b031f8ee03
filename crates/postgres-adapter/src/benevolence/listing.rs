//! Which applications a list or a queue shows, and in which order.

use diesel::{
    BoolExpressionMethods, BoxableExpression, ExpressionMethods, NullableExpressionMethods,
    PgConnection, QueryDsl, QueryResult, RunQueryDsl, SelectableHelper,
    dsl::{count_star, exists, not},
    pg::Pg,
    select,
    sql_types::{BigInt, Bool, Integer, Nullable, SmallInt, Timestamptz, Uuid as SqlUuid},
};
use unionhall_domain::{
    benevolence::{BenevolenceApplication, BenevolenceNumber, Level, Reason, Status, Turn},
    members::MemberId,
    tenants::TenantId,
    users::UserId,
};
use unionhall_ports::{
    benevolence::{BenevolenceFilter, BenevolenceSort, Queue, Waiter},
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
    schema::{benevolence_applications as applications, benevolence_reviews as reviews},
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

/// The first so many that wait for one of these turns, whoever waits longest first.
pub(super) fn waiting(
    connection: &mut PgConnection,
    tenant: TenantId,
    turns: &[Turn],
    queue: &Queue,
    limit: u16,
) -> QueryResult<Vec<Row>> {
    let wanted = turns.iter().map(|turn| turn_of(tenant, *turn, queue));
    let any = wanted.fold(None, |any: Option<Condition>, one| match any {
        None => Some(one),
        Some(any) => Some(Box::new(any.or(one))),
    });
    let Some(any) = any else {
        return Ok(Vec::new());
    };
    applications::table
        .filter(applications::tenant_id.eq(tenant.uuid()))
        .filter(applications::deleted_at.is_null())
        .filter(any)
        .order((applications::since, applications::year, applications::place))
        .limit(i64::from(limit))
        .select(Row::as_select())
        .load(connection)
}

type Condition = Box<dyn BoxableExpression<applications::table, Pg, SqlType = Nullable<Bool>>>;

/// What waits for a turn, in a queue. What nobody has handed in waits for its applicant alone.
fn turn_of(tenant: TenantId, turn: Turn, queue: &Queue) -> Condition {
    let standing = |status: Status| applications::status.eq(status.as_str()).nullable();
    let waiter = match queue {
        Queue::Everybody => None,
        Queue::Of(waiter) => Some(waiter),
    };
    let of_others = |waits: Condition| match waiter.and_then(|waiter| waiter.member) {
        Some(own) => Box::new(waits.and(applications::member_id.ne(own.uuid()))),
        None => waits,
    };
    match (turn, waiter) {
        (Turn::Applicant, None) => Box::new(standing(Status::NeedsInfo)),
        (Turn::Applicant, Some(waiter)) => {
            let own: Vec<_> = waiter.member.map(MemberId::uuid).into_iter().collect();
            let theirs = standing(Status::NeedsInfo).or(standing(Status::Draft));
            Box::new(theirs.and(applications::member_id.eq_any(own)))
        }
        (Turn::Office, _) => of_others(Box::new(standing(Status::Submitted))),
        (Turn::Payment, _) => of_others(Box::new(standing(Status::Approved))),
        (Turn::Level(level), waiter) => {
            let due = applications::review_level.eq(level.as_str());
            let due: Condition = Box::new(standing(Status::UnderReview).and(due));
            match waiter {
                None => due,
                Some(waiter) => of_others(reviewable(tenant, level, waiter, due)),
            }
        }
    }
}

/// Of what is due at a level, what somebody may review as far as relatives and their own earlier reviews go.
fn reviewable(tenant: TenantId, level: Level, waiter: &Waiter, due: Condition) -> Condition {
    let relatives = waiter.relatives.iter().map(|member| member.uuid());
    let by_user = reviews::reviewer_id.eq_any(waiter.user.map(UserId::uuid));
    let by_member = reviews::reviewer_member_id.eq_any(waiter.member.map(MemberId::uuid));
    let elsewhere = reviews::table
        .filter(reviews::tenant_id.eq(tenant.uuid()))
        .filter(reviews::application_id.eq(applications::id))
        .filter(reviews::level.ne(level.as_str()))
        .filter(by_user.nullable().or(by_member))
        .select(reviews::id);
    Box::new(
        due.and(applications::member_id.ne_all(relatives.collect::<Vec<_>>()))
            .and(not(exists(elsewhere))),
    )
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
