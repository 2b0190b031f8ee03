//! Wrong passwords and locks, per account and per place from which its owner is known.

use diesel::{
    OptionalExtension, Queryable, RunQueryDsl,
    sql_types::{Binary, Bool, Int4, Int8, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use jiff::Timestamp;
use unionhall_domain::{
    locks::Guard,
    users::{EmailAddress, User, UserId},
};
use unionhall_ports::{
    locks::{LockRepository, Place, Watch},
    storage::StorageError,
};
use uuid::Uuid;

use crate::{
    identity::rows::{UserColumns, UserRow},
    rows::instant,
    statements::{command, prepared},
    unit_of_work::Transaction,
};

/// Two who come at once meet at the user's row. The guard of a known place is read through a function, which has a
/// snapshot of its own: the statement's is from before the wait, and would miss what the first has written there.
const HOLD: &str = "\
    select u.id, u.failed_logins, u.locks, u.locked_until, \
        p.failed_logins, p.locks, p.locked_until \
    from (select id, failed_logins, locks, locked_until from users where email = ? for update) u \
        left join lateral known_place(u.id, ?, ?) p on true";

const KNOWS: &str = "\
    select exists (select from users u join known_places p on p.user_id = u.id \
        where u.email = ? and p.place = ? and p.last_passed_at >= ?)";

/// The account is told of a lock whichever of its guards it is.
const RECORD: &str = "\
    with given (user_id, place, failures, locks, until, untold) as (values (?, ?, ?, ?, ?, ?)), \
    there as ( \
        update known_places p set failed_logins = g.failures, locks = g.locks, locked_until = g.until \
        from given g where p.user_id = g.user_id and p.place = g.place) \
    update users u set \
        failed_logins = case when g.place is null then g.failures else u.failed_logins end, \
        locks = case when g.place is null then g.locks else u.locks end, \
        locked_until = case when g.place is null then g.until else u.locked_until end, \
        lock_untold = u.lock_untold or g.untold \
    from given g where u.id = g.user_id";

const LET_IN: &str = "\
    with given (user_id, place, at, since) as (values (?, ?, ?, ?)), \
    stranger as ( \
        select g.user_id from given g where not exists ( \
            select from known_places p \
            where p.user_id = g.user_id and p.place = g.place and p.last_passed_at >= g.since)), \
    known as ( \
        insert into known_places (user_id, place, last_passed_at) \
        select user_id, place, at from given \
        on conflict on constraint known_places_pkey do update set \
            last_passed_at = excluded.last_passed_at, failed_logins = 0, locks = 0, locked_until = null) \
    update users u set failed_logins = 0, locks = 0, locked_until = null \
    from stranger s where u.id = s.user_id";

const LIFT: &str = "\
    with given (user_id, place, at) as (values (?, ?, ?)), \
    others as ( \
        update known_places p set failed_logins = 0, locked_until = null \
        from given g where p.user_id = g.user_id and p.place <> g.place), \
    here as ( \
        insert into known_places (user_id, place, last_passed_at) \
        select user_id, place, at from given \
        on conflict on constraint known_places_pkey do update set \
            last_passed_at = excluded.last_passed_at, failed_logins = 0, locked_until = null) \
    update users u set failed_logins = 0, locked_until = null, lock_untold = false \
    from given g where u.id = g.user_id";

/// Those that another instance has in hand are left to it.
const TAKE_UNTOLD: &str = "\
    with taken as ( \
        update users set lock_untold = false \
        where id in (select id from users where lock_untold limit ? for update skip locked) \
        returning id, email, first_name, last_name, last_login_at, created_at, state, deleted_at) \
    select id, email, first_name, last_name, last_login_at, created_at from taken \
    where state = 'active' and deleted_at is null";

const FORGET_PLACES: &str = "delete from known_places where last_passed_at < ?";

type WatchColumns = (
    SqlUuid,
    Int4,
    Int4,
    Nullable<Timestamptz>,
    Nullable<Int4>,
    Nullable<Int4>,
    Nullable<Timestamptz>,
);

#[derive(Queryable)]
struct WatchRow {
    user: Uuid,
    failures: i32,
    locks: i32,
    locked_until: Option<jiff_diesel::Timestamp>,
    failures_there: Option<i32>,
    locks_there: Option<i32>,
    locked_there_until: Option<jiff_diesel::Timestamp>,
}

impl WatchRow {
    fn from(self, place: &Place) -> Watch {
        let guard = |failures: i32, locks: i32, until: Option<jiff_diesel::Timestamp>| Guard {
            failures: u32::try_from(failures).unwrap_or_default(),
            locks: u32::try_from(locks).unwrap_or_default(),
            locked_until: until.map(jiff_diesel::Timestamp::to_jiff),
        };
        let there = self.failures_there.zip(self.locks_there);
        Watch {
            user: UserId::new(self.user),
            known: there.map(|_| *place),
            guard: match there {
                Some((failures, locks)) => guard(failures, locks, self.locked_there_until),
                None => guard(self.failures, self.locks, self.locked_until),
            },
        }
    }
}

impl LockRepository for Transaction<'_> {
    fn hold(
        &mut self,
        email: &EmailAddress,
        place: &Place,
        since: Timestamp,
    ) -> Result<Option<Watch>, StorageError> {
        let statement = prepared::<WatchColumns>(HOLD)
            .bind::<Text, _>(email.as_str())
            .bind::<Binary, _>(place.0.as_slice())
            .bind::<Timestamptz, _>(instant(since));
        let row = self.query(|c| statement.get_result::<WatchRow>(c).optional())?;
        Ok(row.map(|row| row.from(place)))
    }

    fn knows(
        &mut self,
        email: &EmailAddress,
        place: &Place,
        since: Timestamp,
    ) -> Result<bool, StorageError> {
        let statement = prepared::<(Bool,)>(KNOWS)
            .bind::<Text, _>(email.as_str())
            .bind::<Binary, _>(place.0.as_slice())
            .bind::<Timestamptz, _>(instant(since));
        self.query(|c| statement.get_result::<(bool,)>(c))
            .map(|(known,)| known)
    }

    fn record(&mut self, watch: &Watch, untold: bool) -> Result<(), StorageError> {
        let Watch { user, known, guard } = watch;
        let place = known.as_ref().map(|place| place.0.as_slice());
        let statement = command(RECORD)
            .bind::<SqlUuid, _>(user.uuid())
            .bind::<Nullable<Binary>, _>(place)
            .bind::<Int4, _>(i32::try_from(guard.failures).unwrap_or(i32::MAX))
            .bind::<Int4, _>(i32::try_from(guard.locks).unwrap_or(i32::MAX))
            .bind::<Nullable<Timestamptz>, _>(guard.locked_until.map(instant))
            .bind::<Bool, _>(untold);
        self.query(|c| statement.execute(c)).map(drop)
    }

    fn let_in(
        &mut self,
        user: UserId,
        place: &Place,
        now: Timestamp,
        since: Timestamp,
    ) -> Result<(), StorageError> {
        let statement = command(LET_IN)
            .bind::<SqlUuid, _>(user.uuid())
            .bind::<Binary, _>(place.0.as_slice())
            .bind::<Timestamptz, _>(instant(now))
            .bind::<Timestamptz, _>(instant(since));
        self.query(|c| statement.execute(c)).map(drop)
    }

    fn lift(&mut self, user: UserId, place: &Place, now: Timestamp) -> Result<(), StorageError> {
        let statement = command(LIFT)
            .bind::<SqlUuid, _>(user.uuid())
            .bind::<Binary, _>(place.0.as_slice())
            .bind::<Timestamptz, _>(instant(now));
        self.query(|c| statement.execute(c)).map(drop)
    }

    fn take_untold(&mut self, limit: u16) -> Result<Vec<User>, StorageError> {
        let statement = prepared::<UserColumns>(TAKE_UNTOLD).bind::<Int8, _>(i64::from(limit));
        let rows = self.query(|c| statement.load::<UserRow>(c))?;
        let users: Result<_, _> = rows.into_iter().map(User::try_from).collect();
        users.map_err(|row| self.refuse(row))
    }

    fn forget_places(&mut self, before: Timestamp) -> Result<u64, StorageError> {
        let statement = command(FORGET_PLACES).bind::<Timestamptz, _>(instant(before));
        let gone = self.query(|c| statement.execute(c))?;
        Ok(u64::try_from(gone).unwrap_or(u64::MAX))
    }
}
