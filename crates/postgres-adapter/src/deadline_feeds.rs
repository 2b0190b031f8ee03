//! Calendar feeds of deadlines, in PostgreSQL.

use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, Queryable, RunQueryDsl,
    sql_types::{Bool, Date as SqlDate, Int2, Int4, Int8, Text, Timestamptz, Uuid as SqlUuid},
};
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use unionhall_domain::{
    collective_agreements::{Duty, Side},
    deadline_feeds::{DeadlineFeed, DeadlineFeedId, FeedEntry},
    deadlines::DeadlineId,
    grievances::{GrievanceNumber, Step},
    tenants::TenantId,
    users::UserId,
};
use unionhall_ports::{
    deadline_feeds::{DeadlineFeedRepository, UnseenMove},
    identity::Access,
    storage::StorageError,
};
use uuid::Uuid;

use crate::{
    errors::InconsistentRow,
    rows::instant,
    schema::{deadline_feeds, deadline_move_notices},
    statements::prepared,
    stored::StoredRow,
    unit_of_work::Transaction,
};

/// Those who carry a grievance are few, and each has an index on grievances.
const ENTRIES: &str = "\
    select d.id, g.year, g.place, d.step, d.side, d.duty, d.due_on, d.status in ('open', 'extended'), \
        d.entry_sequence, d.created_at, coalesce(d.entry_changed_at, d.created_at) \
    from grievances g join deadlines d on d.tenant_id = g.tenant_id and d.grievance_id = g.id \
    where g.tenant_id = ? and g.deleted_at is null and (g.assigned_representative_id = ? or g.steward_id = ?) \
        and (d.status in ('open', 'extended') or d.entry_changed_at > ?) \
    order by d.status in ('open', 'extended') desc, d.due_on, d.id limit ?";

/// A deadline that a feed has never shown counts as unseen. What a calendar shows is the day that it was last shown,
/// however often it moved since; one that moved there and back shows it rightly.
const UNSEEN_MOVES: &str = "\
    select f.user_id, d.id, coalesce((f.seen -> d.id::text ->> 'due')::date, d.moved_from), d.moved_sequence \
    from deadlines d \
        join grievances g on g.tenant_id = d.tenant_id and g.id = d.grievance_id and g.deleted_at is null \
        join deadline_feeds f on f.tenant_id = g.tenant_id \
            and f.user_id in (g.assigned_representative_id, g.steward_id) \
    where d.tenant_id = ? and d.status in ('open', 'extended') and d.moved_at > ? and d.moved_at <= ? \
        and d.moved_at > f.made_at and d.moved_sequence > coalesce((f.seen -> d.id::text ->> 'sequence')::bigint, -1) \
        and d.due_on <> coalesce((f.seen -> d.id::text ->> 'due')::date, d.moved_from) \
        and not exists (select from deadline_move_notices n where n.tenant_id = d.tenant_id \
            and n.deadline_id = d.id and n.user_id = f.user_id and n.sequence = d.moved_sequence) \
    order by d.due_on, d.id, f.user_id limit ?";

type EntryColumns = (
    SqlUuid,
    Int2,
    Int4,
    Text,
    Text,
    Text,
    SqlDate,
    Bool,
    Int8,
    Timestamptz,
    Timestamptz,
);

#[derive(Queryable)]
struct EntryRow {
    id: Uuid,
    year: i16,
    place: i32,
    step: String,
    side: String,
    duty: String,
    due_on: jiff_diesel::Date,
    runs: bool,
    sequence: i64,
    begun_at: jiff_diesel::Timestamp,
    changed_at: jiff_diesel::Timestamp,
}

impl TryFrom<EntryRow> for FeedEntry {
    type Error = InconsistentRow;

    fn try_from(row: EntryRow) -> Result<Self, InconsistentRow> {
        let from = StoredRow::new("deadlines", row.id);
        Ok(Self {
            deadline: DeadlineId::new(row.id),
            number: from.value("place", GrievanceNumber::new(row.year, row.place))?,
            step: from.value("step", Step::parse(&row.step))?,
            side: from.value("side", Side::parse(&row.side))?,
            duty: from.value("duty", Duty::parse(&row.duty))?,
            due: row.due_on.to_jiff(),
            runs: row.runs,
            sequence: sequence(row.sequence),
            begun_at: row.begun_at.to_jiff(),
            changed_at: row.changed_at.to_jiff(),
        })
    }
}

type FeedColumns = (
    Uuid,
    Uuid,
    jiff_diesel::Timestamp,
    jiff_diesel::Timestamp,
    Option<jiff_diesel::Timestamp>,
);

/// A count of changes: nothing changes four thousand million times.
fn sequence(count: i64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

impl DeadlineFeedRepository for Transaction<'_> {
    fn presented(&mut self, hash: &[u8; 32]) -> Result<Option<Access>, StorageError> {
        self.feed_access(hash)
    }

    fn find(&mut self, user: UserId) -> Result<Option<DeadlineFeed>, StorageError> {
        let tenant = self.tenant()?;
        let row = self.query(|connection| {
            deadline_feeds::table
                .filter(deadline_feeds::tenant_id.eq(tenant.uuid()))
                .filter(deadline_feeds::user_id.eq(user.uuid()))
                .select((
                    deadline_feeds::id,
                    deadline_feeds::user_id,
                    deadline_feeds::made_at,
                    deadline_feeds::issued_at,
                    deadline_feeds::fetched_at,
                ))
                .first::<FeedColumns>(connection)
                .optional()
        })?;
        Ok(
            row.map(|(id, user, made_at, issued_at, fetched_at)| DeadlineFeed {
                id: DeadlineFeedId::new(id),
                user: UserId::new(user),
                made_at: made_at.to_jiff(),
                issued_at: issued_at.to_jiff(),
                fetched_at: fetched_at.map(jiff_diesel::Timestamp::to_jiff),
            }),
        )
    }

    fn insert(&mut self, feed: &DeadlineFeed, hash: &[u8; 32]) -> Result<bool, StorageError> {
        let tenant = self.tenant()?;
        let written = self.query(|connection| {
            diesel::insert_into(deadline_feeds::table)
                .values((
                    deadline_feeds::id.eq(feed.id.uuid()),
                    deadline_feeds::tenant_id.eq(tenant.uuid()),
                    deadline_feeds::user_id.eq(feed.user.uuid()),
                    deadline_feeds::token_hash.eq(hash.as_slice()),
                    deadline_feeds::made_at.eq(instant(feed.made_at)),
                    deadline_feeds::issued_at.eq(instant(feed.issued_at)),
                ))
                .on_conflict((deadline_feeds::tenant_id, deadline_feeds::user_id))
                .do_nothing()
                .execute(connection)
        })?;
        Ok(written == 1)
    }

    fn replace(&mut self, feed: &DeadlineFeed, hash: &[u8; 32]) -> Result<(), StorageError> {
        let tenant = self.tenant()?;
        let written = self.query(|connection| {
            diesel::update(deadline_feeds::table)
                .filter(deadline_feeds::tenant_id.eq(tenant.uuid()))
                .filter(deadline_feeds::id.eq(feed.id.uuid()))
                .set((
                    deadline_feeds::token_hash.eq(hash.as_slice()),
                    deadline_feeds::issued_at.eq(instant(feed.issued_at)),
                    deadline_feeds::fetched_at.eq(None::<jiff_diesel::Timestamp>),
                ))
                .execute(connection)
        })?;
        self.unless_stale(written, 1)
    }

    fn delete(&mut self, user: UserId) -> Result<bool, StorageError> {
        let tenant = self.tenant()?;
        let deleted = self.query(|connection| {
            diesel::delete(deadline_feeds::table)
                .filter(deadline_feeds::tenant_id.eq(tenant.uuid()))
                .filter(deadline_feeds::user_id.eq(user.uuid()))
                .execute(connection)
        })?;
        Ok(deleted == 1)
    }

    fn entries(
        &mut self,
        user: UserId,
        ended_after: Timestamp,
        most: u16,
    ) -> Result<Vec<FeedEntry>, StorageError> {
        let statement = prepared::<EntryColumns>(ENTRIES)
            .bind::<SqlUuid, _>(self.tenant()?.uuid())
            .bind::<SqlUuid, _>(user.uuid())
            .bind::<SqlUuid, _>(user.uuid())
            .bind::<Timestamptz, _>(instant(ended_after))
            .bind::<Int8, _>(i64::from(most));
        let rows = self.query(|connection| statement.load::<EntryRow>(connection))?;
        let entries: Result<_, _> = rows.into_iter().map(FeedEntry::try_from).collect();
        entries.map_err(|row| self.refuse(row))
    }

    fn fetched(
        &mut self,
        feed: DeadlineFeedId,
        shown: &[FeedEntry],
        at: Timestamp,
    ) -> Result<(), StorageError> {
        let tenant = self.tenant()?;
        let seen = shown.iter().map(|entry| {
            let shown = json!({"sequence": entry.sequence, "due": entry.due.to_string()});
            (entry.deadline.to_string(), shown)
        });
        let seen = Value::Object(seen.collect::<Map<_, _>>());
        self.query(|connection| {
            diesel::update(deadline_feeds::table)
                .filter(deadline_feeds::tenant_id.eq(tenant.uuid()))
                .filter(deadline_feeds::id.eq(feed.uuid()))
                .set((
                    deadline_feeds::fetched_at.eq(instant(at)),
                    deadline_feeds::seen.eq(&seen),
                ))
                .execute(connection)
        })
        .map(drop)
    }

    fn tenants_with_moves(&mut self, after: Timestamp) -> Result<Vec<TenantId>, StorageError> {
        let statement = prepared::<SqlUuid>("select deadlines_moved_since(?)")
            .bind::<Timestamptz, _>(instant(after));
        let tenants: Vec<Uuid> = self.query(|connection| statement.load(connection))?;
        Ok(tenants.into_iter().map(TenantId::new).collect())
    }

    fn unseen_moves(
        &mut self,
        after: Timestamp,
        until: Timestamp,
        most: u16,
    ) -> Result<Vec<UnseenMove>, StorageError> {
        let statement = prepared::<(SqlUuid, SqlUuid, SqlDate, Int8)>(UNSEEN_MOVES)
            .bind::<SqlUuid, _>(self.tenant()?.uuid())
            .bind::<Timestamptz, _>(instant(after))
            .bind::<Timestamptz, _>(instant(until))
            .bind::<Int8, _>(i64::from(most));
        let rows: Vec<(Uuid, Uuid, jiff_diesel::Date, i64)> =
            self.query(|connection| statement.load(connection))?;
        let moves = rows
            .into_iter()
            .map(|(user, deadline, from, count)| UnseenMove {
                user: UserId::new(user),
                deadline: DeadlineId::new(deadline),
                from: from.to_jiff(),
                sequence: sequence(count),
            });
        Ok(moves.collect())
    }

    fn insert_notice(&mut self, unseen: &UnseenMove, at: Timestamp) -> Result<bool, StorageError> {
        let tenant = self.tenant()?;
        let written = self.query(|connection| {
            diesel::insert_into(deadline_move_notices::table)
                .values((
                    deadline_move_notices::tenant_id.eq(tenant.uuid()),
                    deadline_move_notices::deadline_id.eq(unseen.deadline.uuid()),
                    deadline_move_notices::user_id.eq(unseen.user.uuid()),
                    deadline_move_notices::sequence.eq(i64::from(unseen.sequence)),
                    deadline_move_notices::told_at.eq(instant(at)),
                ))
                .on_conflict_do_nothing()
                .execute(connection)
        })?;
        Ok(written == 1)
    }
}
