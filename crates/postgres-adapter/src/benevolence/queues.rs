//! Which applications a queue shows, and in which order.

use diesel::{
    BoolExpressionMethods, BoxableExpression, ExpressionMethods, NullableExpressionMethods,
    PgConnection, QueryDsl, QueryResult, RunQueryDsl, SelectableHelper,
    dsl::{count_star, exists, not},
    pg::Pg,
    sql_types::{Bool, Integer, Nullable, SmallInt, Timestamptz},
};
use jiff::Timestamp;
use unionhall_domain::{
    benevolence::{BenevolenceApplication, BenevolenceNumber, Level, Status, Turn},
    members::MemberId,
    tenants::TenantId,
    users::UserId,
};
use unionhall_ports::{
    benevolence::{Queue, QueueSort, Waiter},
    pages::{Cursor, PageRequest},
};

use super::row::Row;
use crate::{
    lists::{instant_key, one_more_than, place, sorted},
    rows::instant,
    schema::{benevolence_applications as applications, benevolence_reviews as reviews},
};

/// The rows of a page of what waits for one of these turns, and one more if there is another page.
pub(super) fn rows(
    connection: &mut PgConnection,
    tenant: TenantId,
    (turns, queue): (&[Turn], &Queue),
    page: &PageRequest<QueueSort>,
) -> QueryResult<Vec<Row>> {
    let QueueSort::Since = page.sort;
    let (Some(query), Ok(after)) = (
        waiting(tenant, turns, queue),
        place(page.after.as_ref(), key),
    ) else {
        return Ok(Vec::new());
    };
    let query = query.select(Row::as_select());
    // The index by turn is in this order; numbers are unique, so that it is total.
    let query = sorted!(
        query,
        page.direction,
        [applications::since, applications::year, applications::place]
            as (Timestamptz, SmallInt, Integer),
        after.map(|((since, number), _)| (instant(since), number.year(), number.place()))
    );
    one_more_than(page.limit, query).load(connection)
}

/// How many wait for one of these turns, on all pages together.
pub(super) fn total(
    connection: &mut PgConnection,
    tenant: TenantId,
    turns: &[Turn],
    queue: &Queue,
) -> QueryResult<i64> {
    match waiting(tenant, turns, queue) {
        None => Ok(0),
        Some(query) => query.select(count_star()).get_result(connection),
    }
}

/// The place of an application in the order.
pub(super) fn cursor(last: &BenevolenceApplication) -> Cursor {
    Cursor {
        key: format!("{} {}", last.since, last.number),
        id: last.id.uuid(),
    }
}

fn key(key: &str) -> Option<(Timestamp, BenevolenceNumber)> {
    let (since, number) = key.split_once(' ')?;
    Some((instant_key(since)?, BenevolenceNumber::parse(number).ok()?))
}

/// What waits for one of these turns; nothing does for none.
fn waiting(
    tenant: TenantId,
    turns: &[Turn],
    queue: &Queue,
) -> Option<applications::BoxedQuery<'static, Pg>> {
    let wanted = turns.iter().map(|turn| turn_of(tenant, *turn, queue));
    let any = wanted.reduce(|any, one| Box::new(any.or(one)))?;
    let query = applications::table
        .filter(applications::tenant_id.eq(tenant.uuid()))
        .filter(applications::deleted_at.is_null())
        .into_boxed();
    Some(query.filter(any))
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
