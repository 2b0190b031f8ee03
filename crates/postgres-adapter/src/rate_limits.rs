//! Requests counted in a table that all instances share.
//!
//! Counting is nobody's transaction: it has two connections of its own, one for those who wait for an answer and one
//! for the exchange in the background, so that neither the pool nor a use case is held up by it.

use std::sync::{Mutex, PoisonError};

use diesel::{
    PgConnection, QueryResult, RunQueryDsl,
    connection::SimpleConnection,
    sql_types::{Array, BigInt, Binary, Bool, Integer},
};
use jiff::Timestamp;
use unionhall_domain::rate_limits::{STEPS, Window, step_of};
use unionhall_ports::{
    rate_limits::{Count, RateLimits, Take, Taken},
    round_trips,
    storage::StorageError,
};

use crate::{
    connections::connect,
    errors::storage_error,
    statements::{command, prepared},
};

/// A count that a crash loses is not worth the wait for the disk.
const SCOPE: &str = "\
    set default_transaction_read_only = off; \
    set synchronous_commit = off; \
    select set_config('app.scope', 'limits', false)";

const TAKE: &str = "select taken, step, counts from rate_take(?, ?, ?)";

/// In the order of the keys, so that two instances that tell at once never wait for each other in a circle.
const ADD: &str = "\
    insert into rate_windows as w (key, step, counts) \
    select key, ?, array[requests] || array_fill(0, array[12]) \
    from unnest(?, ?) as given (key, requests) order by key \
    on conflict on constraint rate_windows_pkey do update set \
        step = greatest(w.step, excluded.step), \
        counts = array[(rate_moved(w.counts, w.step, excluded.step))[1] + excluded.counts[1]] \
            || (rate_moved(w.counts, w.step, excluded.step))[2:13] \
    returning w.key, w.step, w.counts";

const FORGET: &str = "delete from rate_windows where step <= ? - 13";

/// The counts in PostgreSQL.
pub struct PgRateLimits {
    url: String,
    asked: Mutex<Option<PgConnection>>,
    told: Mutex<Option<PgConnection>>,
}

impl PgRateLimits {
    /// Counts in the database at `url`, as the role that owns nothing; connects when it is first needed.
    #[must_use]
    pub const fn new(url: String) -> Self {
        Self {
            url,
            asked: Mutex::new(None),
            told: Mutex::new(None),
        }
    }

    /// Runs a statement on a connection that is made when there is none. One that has died is made anew once: the
    /// database may have been restarted since.
    fn on<T>(
        &self,
        line: &Mutex<Option<PgConnection>>,
        work: impl Fn(&mut PgConnection) -> QueryResult<T>,
    ) -> Result<T, StorageError> {
        let mut held = line.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(connection) = held.as_mut() {
            round_trips::add();
            match work(connection).map_err(storage_error) {
                Err(StorageError::Unavailable(_)) => *held = None,
                outcome => return outcome,
            }
        }
        let mut connection =
            connect(&self.url).map_err(|error| StorageError::Unavailable(Box::new(error)))?;
        connection.batch_execute(SCOPE).map_err(storage_error)?;
        round_trips::add();
        let outcome = work(&mut connection).map_err(storage_error);
        if !matches!(outcome, Err(StorageError::Unavailable(_))) {
            *held = Some(connection);
        }
        outcome
    }
}

impl RateLimits for PgRateLimits {
    fn take(&self, takes: &[Take], now: Timestamp) -> Result<Vec<Taken>, StorageError> {
        let keys: Vec<&[u8]> = takes.iter().map(|take| take.key.0.as_slice()).collect();
        let limits: Vec<i32> = takes.iter().map(|take| whole(take.limit)).collect();
        let rows = self.on(&self.asked, |connection| {
            prepared::<(Bool, BigInt, Array<Integer>)>(TAKE)
                .bind::<Array<Binary>, _>(keys.clone())
                .bind::<Array<Integer>, _>(limits.clone())
                .bind::<BigInt, _>(step_of(now))
                .load::<(bool, i64, Vec<i32>)>(connection)
        })?;
        let taken = |(allowed, step, counts)| Taken {
            allowed,
            window: window(step, counts),
        };
        Ok(rows.into_iter().map(taken).collect())
    }

    fn add(&self, counts: &[Count], now: Timestamp) -> Result<Vec<Window>, StorageError> {
        let keys: Vec<&[u8]> = counts.iter().map(|count| count.key.0.as_slice()).collect();
        let requests: Vec<i32> = counts.iter().map(|count| whole(count.requests)).collect();
        let mut rows = self.on(&self.told, |connection| {
            prepared::<(Binary, BigInt, Array<Integer>)>(ADD)
                .bind::<BigInt, _>(step_of(now))
                .bind::<Array<Binary>, _>(keys.clone())
                .bind::<Array<Integer>, _>(requests.clone())
                .load::<(Vec<u8>, i64, Vec<i32>)>(connection)
        })?;
        rows.sort_unstable_by(|(one, ..), (other, ..)| one.cmp(other));
        let found = |key: &[u8]| {
            let place = rows.binary_search_by(|(there, ..)| there.as_slice().cmp(key));
            let row = place.ok().and_then(|place| rows.get(place));
            row.map(|(_, step, counts)| window(*step, counts.clone()))
        };
        let windows: Option<Vec<Window>> = keys.into_iter().map(found).collect();
        windows.ok_or_else(|| StorageError::Failed("a count was not written".into()))
    }

    fn forget(&self, now: Timestamp) -> Result<u64, StorageError> {
        let gone = self.on(&self.told, |connection| {
            command(FORGET)
                .bind::<BigInt, _>(step_of(now))
                .execute(connection)
        })?;
        Ok(u64::try_from(gone).unwrap_or(u64::MAX))
    }
}

fn whole(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

fn window(step: i64, counts: Vec<i32>) -> Window {
    let mut known = [0; STEPS];
    for (known, count) in known.iter_mut().zip(counts) {
        *known = u32::try_from(count).unwrap_or(0);
    }
    Window::of(step, known)
}
