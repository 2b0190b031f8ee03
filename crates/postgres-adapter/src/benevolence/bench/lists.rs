//! Seats and relations in pages, each with the member that its holder or reviewer is now.

use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, OptionalExtension, PgConnection, QueryDsl,
    QueryResult, RunQueryDsl,
    dsl::count_star,
    pg::Pg,
    sql_types::{Date as SqlDate, Integer, Timestamptz, Uuid as SqlUuid},
};
use jiff::civil::Date;
use unionhall_domain::{
    benevolence::{Level, Relation, Seat},
    members::MemberId,
    users::UserId,
};
use unionhall_ports::{
    benevolence::{RelationFilter, RelationSort, SeatSort},
    pages::{Cursor, Page, PageRequest},
    storage::StorageError,
};
use uuid::Uuid;

use super::{RelationRow, SeatRow, relation, seat};
use crate::{
    lists::{day_key, instant_key, one_more_than, place, sorted},
    rows::{count, instant, page as page_of},
    schema::{benevolence_relations as relations, benevolence_seats as seats, memberships},
    stored::day,
    unit_of_work::Transaction,
};

/// The seats that count on a day or later, in pages.
pub(super) fn seats_of(
    tx: &mut Transaction<'_>,
    on: Date,
    page: &PageRequest<SeatSort>,
) -> Result<Page<Seat>, StorageError> {
    let SeatSort::Level = page.sort;
    let tenant = tx.tenant()?.uuid();
    let counting = || {
        seats::table
            .filter(seats::tenant_id.eq(tenant))
            .filter(seats::end_day.is_null().or(seats::end_day.gt(day(on))))
    };
    let total = if page.with_total {
        let total = counting().select(count_star());
        Some(tx.query(|connection| total.get_result(connection).map(count))?)
    } else {
        None
    };
    let Ok(after) = place(page.after.as_ref(), seat_key) else {
        return Ok(nothing(total));
    };
    let query = counting()
        .inner_join(
            memberships::table.on(memberships::tenant_id
                .eq(seats::tenant_id)
                .and(memberships::user_id.eq(seats::user_id))),
        )
        .select((
            seats::id,
            seats::level,
            seats::user_id,
            memberships::member_id,
            seats::first_day,
            seats::end_day,
        ))
        .into_boxed();
    let query = sorted!(
        query,
        page.direction,
        [seats::rank, seats::first_day, seats::id] as (Integer, SqlDate, SqlUuid),
        after.map(|((rank, first), id)| (rank, first, id))
    );
    let query = one_more_than(page.limit, query);
    let rows: Vec<SeatRow> = tx.query(|connection| query.load(connection))?;
    let found = tx.all(rows, seat)?;
    Ok(page_of(found, page.limit, total, |last| Cursor {
        key: format!("{} {}", rank(last.level), last.from),
        id: last.id.uuid(),
    }))
}

/// The relations that match and have not ended, in pages.
pub(super) fn relations_of(
    tx: &mut Transaction<'_>,
    filter: &RelationFilter,
    page: &PageRequest<RelationSort>,
) -> Result<Page<Relation>, StorageError> {
    let RelationSort::Declared = page.sort;
    let tenant = tx.tenant()?.uuid();
    let sides = tx.query(|connection| Sides::of(connection, tenant, filter))?;
    let total = if page.with_total {
        let total = matching(tenant, &sides).select(count_star());
        Some(tx.query(|connection| total.get_result(connection).map(count))?)
    } else {
        None
    };
    let Ok(after) = place(page.after.as_ref(), instant_key) else {
        return Ok(nothing(total));
    };
    let query = matching(tenant, &sides)
        .inner_join(
            memberships::table.on(memberships::tenant_id
                .eq(relations::tenant_id)
                .and(memberships::user_id.eq(relations::user_id))),
        )
        .select((
            relations::id,
            relations::member_id,
            relations::user_id,
            memberships::member_id,
            relations::kinship,
            relations::declared_by,
            relations::declared_at,
            relations::ended_at,
        ));
    let query = sorted!(
        query,
        page.direction,
        [relations::declared_at, relations::id] as (Timestamptz, SqlUuid),
        after.map(|(at, id)| (instant(at), id))
    );
    let query = one_more_than(page.limit, query);
    let rows: Vec<RelationRow> = tx.query(|connection| query.load(connection))?;
    let found = tx.all(rows, relation)?;
    Ok(page_of(found, page.limit, total, |last| Cursor {
        key: last.declared_at.to_string(),
        id: last.id.uuid(),
    }))
}

/// A person, who is in a relation as the member they are or by one of their accounts.
struct Side {
    member: Option<Uuid>,
    accounts: Vec<Uuid>,
}

/// The people who are to be in a relation.
struct Sides(Vec<Side>);

impl Sides {
    /// Looks up who is meant, so that the list itself is found by indexes.
    fn of(
        connection: &mut PgConnection,
        tenant: Uuid,
        filter: &RelationFilter,
    ) -> QueryResult<Self> {
        let mut sides = Vec::new();
        if let Some(member) = filter.member.map(MemberId::uuid) {
            let accounts = accounts_of(connection, tenant, member)?;
            sides.push(Side {
                member: Some(member),
                accounts,
            });
        }
        if let Some(user) = filter.user.map(UserId::uuid) {
            let member: Option<Option<Uuid>> = memberships::table
                .filter(memberships::tenant_id.eq(tenant))
                .filter(memberships::user_id.eq(user))
                .select(memberships::member_id)
                .first(connection)
                .optional()?;
            let member = member.flatten();
            // Two accounts of one member are one person.
            let mut accounts = match member {
                Some(member) => accounts_of(connection, tenant, member)?,
                None => Vec::new(),
            };
            accounts.push(user);
            sides.push(Side { member, accounts });
        }
        Ok(Self(sides))
    }
}

fn accounts_of(
    connection: &mut PgConnection,
    tenant: Uuid,
    member: Uuid,
) -> QueryResult<Vec<Uuid>> {
    memberships::table
        .filter(memberships::tenant_id.eq(tenant))
        .filter(memberships::member_id.eq(member))
        .select(memberships::user_id)
        .load(connection)
}

fn matching(tenant: Uuid, sides: &Sides) -> relations::BoxedQuery<'static, Pg> {
    let mut query = relations::table
        .filter(relations::tenant_id.eq(tenant))
        .filter(relations::ended_at.is_null())
        .into_boxed();
    for Side { member, accounts } in &sides.0 {
        let by_account = relations::user_id.eq_any(accounts.clone());
        query = match member {
            Some(member) => query.filter(relations::member_id.eq(*member).or(by_account)),
            None => query.filter(by_account),
        };
    }
    query
}

/// The rank of a level, as the database counts it.
fn rank(level: Level) -> usize {
    let below = Level::ALL.into_iter().take_while(|other| *other != level);
    below.count().saturating_add(1)
}

fn seat_key(key: &str) -> Option<(i32, jiff_diesel::Date)> {
    let (rank, first) = key.split_once(' ')?;
    Some((rank.parse().ok()?, day_key(first)?))
}

fn nothing<T>(total: Option<u64>) -> Page<T> {
    Page {
        items: Vec::new(),
        next: None,
        total,
    }
}
