//! A person's own sessions and the alarms of spent tokens.

use diesel::{
    ExpressionMethods, NullableExpressionMethods, OptionalExtension, QueryDsl, Queryable,
    RunQueryDsl,
    dsl::{count_star, exists},
    sql_types::{Array, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use jiff::Timestamp;
use unionhall_domain::{
    tenants::TenantId,
    users::{User, UserId},
};
use unionhall_ports::{
    identity::{Session, SessionId},
    own_sessions::{Alarm, AlarmSort, OpenSession, OwnSessions, SessionSort},
    pages::{Cursor, Page, PageRequest},
    storage::StorageError,
};
use uuid::Uuid;

use crate::{
    identity::rows::{UserColumns, UserRow},
    lists::{instant_key, one_more_than, place, sorted},
    rows::{instant, page},
    schema::{refresh_tokens, sessions},
    statements::{command, prepared},
    unit_of_work::Transaction,
};

const END: &str = "\
    update sessions set ended_at = ? where user_id = ? and id = ? and ended_at is null";

const END_ALL: &str = "\
    update sessions set ended_at = ? where user_id = ? and id is distinct from ? and ended_at is null";

const RAISE_ALARM: &str = "\
    update sessions s set ended_at = coalesce(s.ended_at, ?), alarm_at = ?, alarm_address = ?, alarm_device = ? \
    from users u where s.id = ? and s.alarm_at is null and u.id = s.user_id \
    returning u.id, u.email, u.first_name, u.last_name, u.last_login_at, u.created_at";

/// In the order of the ids, so that two instances that write at once never wait for each other in a circle.
const TOUCH: &str = "\
    with used as ( \
        select s.id, given.at from unnest(?, ?) as given (id, at) join sessions s on s.id = given.id \
        where s.last_used_at < given.at order by s.id for update of s) \
    update sessions s set last_used_at = used.at from used where s.id = used.id";

#[derive(Queryable)]
struct Row {
    id: Uuid,
    user_id: Uuid,
    tenant_id: Uuid,
    device: Option<String>,
    address: Option<String>,
    created_at: jiff_diesel::Timestamp,
    last_used_at: jiff_diesel::Timestamp,
    _ended_at: Option<jiff_diesel::Timestamp>,
    alarm_at: Option<jiff_diesel::Timestamp>,
    alarm_address: Option<String>,
    alarm_device: Option<String>,
}

impl From<Row> for OpenSession {
    fn from(row: Row) -> Self {
        let last_used_at = row.last_used_at.to_jiff();
        let (session, _) = row.parts();
        Self {
            session,
            last_used_at,
        }
    }
}

/// When an alarm was raised, from where and with what.
type Raised = (Option<Timestamp>, Option<String>, Option<String>);

impl Row {
    fn parts(self) -> (Session, Raised) {
        let session = Session {
            id: SessionId::new(self.id),
            user: UserId::new(self.user_id),
            tenant: TenantId::new(self.tenant_id),
            device: self.device,
            address: self.address,
            created_at: self.created_at.to_jiff(),
        };
        let at = self.alarm_at.map(jiff_diesel::Timestamp::to_jiff);
        (session, (at, self.alarm_address, self.alarm_device))
    }

    fn alarm(self) -> Option<Alarm> {
        let (session, (at, address, device)) = self.parts();
        Some(Alarm {
            session,
            at: at?,
            address,
            device,
        })
    }
}

type Matching = sessions::BoxedQuery<'static, diesel::pg::Pg>;

/// The sessions of a user that can go on.
fn open(user: UserId, now: Timestamp) -> Matching {
    let token = refresh_tokens::table
        .filter(refresh_tokens::session_id.eq(sessions::id))
        .filter(refresh_tokens::spent_at.is_null())
        .filter(refresh_tokens::expires_at.gt(instant(now)));
    sessions::table
        .filter(sessions::user_id.eq(user.uuid()))
        .filter(sessions::ended_at.is_null())
        .filter(exists(token))
        .into_boxed()
}

fn alarmed(user: UserId) -> Matching {
    sessions::table
        .filter(sessions::user_id.eq(user.uuid()))
        .filter(sessions::alarm_at.is_not_null())
        .into_boxed()
}

impl OwnSessions for Transaction<'_> {
    fn list(
        &mut self,
        user: UserId,
        now: Timestamp,
        request: &PageRequest<SessionSort>,
    ) -> Result<Page<OpenSession>, StorageError> {
        let SessionSort::LastUsed = request.sort;
        let total = self.total(request.with_total, || open(user, now))?;
        let Ok(after) = place(request.after.as_ref(), instant_key) else {
            return Ok(nothing(total));
        };
        let rows = sorted!(
            open(user, now),
            request.direction,
            [sessions::last_used_at, sessions::id] as (Timestamptz, SqlUuid),
            after.map(|(at, id)| (instant(at), id))
        );
        let rows = one_more_than(request.limit, rows);
        let rows = self.query(|c| rows.load::<Row>(c))?;
        let found: Vec<_> = rows.into_iter().map(OpenSession::from).collect();
        Ok(page(found, request.limit, total, |last| Cursor {
            key: last.last_used_at.to_string(),
            id: last.session.id.uuid(),
        }))
    }

    fn list_alarms(
        &mut self,
        user: UserId,
        request: &PageRequest<AlarmSort>,
    ) -> Result<Page<Alarm>, StorageError> {
        let AlarmSort::Time = request.sort;
        let total = self.total(request.with_total, || alarmed(user))?;
        let Ok(after) = place(request.after.as_ref(), instant_key) else {
            return Ok(nothing(total));
        };
        let rows = sorted!(
            alarmed(user),
            request.direction,
            [sessions::alarm_at.assume_not_null(), sessions::id] as (Timestamptz, SqlUuid),
            after.map(|(at, id)| (instant(at), id))
        );
        let rows = one_more_than(request.limit, rows);
        let rows = self.query(|c| rows.load::<Row>(c))?;
        let found: Vec<_> = rows.into_iter().filter_map(Row::alarm).collect();
        Ok(page(found, request.limit, total, |last| Cursor {
            key: last.at.to_string(),
            id: last.session.id.uuid(),
        }))
    }

    fn end(
        &mut self,
        user: UserId,
        session: SessionId,
        at: Timestamp,
    ) -> Result<bool, StorageError> {
        let statement = command(END)
            .bind::<Timestamptz, _>(instant(at))
            .bind::<SqlUuid, _>(user.uuid())
            .bind::<SqlUuid, _>(session.uuid());
        self.query(|c| statement.execute(c)).map(|ended| ended > 0)
    }

    fn end_all(
        &mut self,
        user: UserId,
        kept: Option<SessionId>,
        at: Timestamp,
    ) -> Result<u64, StorageError> {
        let statement = command(END_ALL)
            .bind::<Timestamptz, _>(instant(at))
            .bind::<SqlUuid, _>(user.uuid())
            .bind::<Nullable<SqlUuid>, _>(kept.map(|kept| kept.uuid()));
        let ended = self.query(|c| statement.execute(c))?;
        Ok(u64::try_from(ended).unwrap_or(u64::MAX))
    }

    fn raise_alarm(&mut self, alarm: &Alarm) -> Result<Option<User>, StorageError> {
        let statement = prepared::<UserColumns>(RAISE_ALARM)
            .bind::<Timestamptz, _>(instant(alarm.at))
            .bind::<Timestamptz, _>(instant(alarm.at))
            .bind::<Nullable<Text>, _>(alarm.address.as_deref())
            .bind::<Nullable<Text>, _>(alarm.device.as_deref())
            .bind::<SqlUuid, _>(alarm.session.id.uuid());
        let row = self.query(|c| statement.get_result::<UserRow>(c).optional())?;
        row.map(User::try_from)
            .transpose()
            .map_err(|row| self.refuse(row))
    }

    fn touch(&mut self, uses: &[(SessionId, Timestamp)]) -> Result<(), StorageError> {
        let ids: Vec<_> = uses.iter().map(|(session, _)| session.uuid()).collect();
        let instants: Vec<_> = uses.iter().map(|(_, at)| instant(*at)).collect();
        let statement = command(TOUCH)
            .bind::<Array<SqlUuid>, _>(ids)
            .bind::<Array<Timestamptz>, _>(instants);
        self.query(|c| statement.execute(c)).map(drop)
    }
}

impl Transaction<'_> {
    fn total(
        &mut self,
        wanted: bool,
        matching: impl FnOnce() -> Matching,
    ) -> Result<Option<u64>, StorageError> {
        if !wanted {
            return Ok(None);
        }
        let matching = matching().select(count_star());
        let count = self.query(|c| matching.get_result::<i64>(c))?;
        Ok(u64::try_from(count).ok())
    }
}

const fn nothing<T>(total: Option<u64>) -> Page<T> {
    Page {
        items: Vec::new(),
        next: None,
        total,
    }
}
