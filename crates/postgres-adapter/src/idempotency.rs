//! Answers kept for requests that are sent again.

use diesel::{
    Queryable, RunQueryDsl,
    sql_types::{Binary, Bool, Int2, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use jiff::Timestamp;
use serde_json::{Value, json};
use unionhall_ports::{
    idempotency::{IdempotencyKey, IdempotencyStore, KeyState, StoredAnswer},
    storage::StorageError,
};

use crate::{
    errors::InconsistentRow,
    rows::instant,
    statements::{command, prepared},
    unit_of_work::Transaction,
};

/// One round trip, yet two snapshots: the function looks for the answer after it has the lock, and says why.
const BEGIN: &str =
    "select held, fingerprint, status, headers, body from idempotency_begin(?, ?, ?)";

/// A forgotten answer under the same key gives way.
const KEEP: &str = "\
    insert into idempotency_keys \
        (tenant_id, user_id, key, fingerprint, status, headers, body, created_at) \
    values (?, ?, ?, ?, ?, ?, ?, ?) \
    on conflict on constraint idempotency_keys_pkey do update set \
        fingerprint = excluded.fingerprint, status = excluded.status, headers = excluded.headers, \
        body = excluded.body, created_at = excluded.created_at";

type BeginColumns = (
    Bool,
    Nullable<Binary>,
    Nullable<Int2>,
    Nullable<Jsonb>,
    Nullable<Text>,
);

impl IdempotencyStore for Transaction<'_> {
    fn begin(
        &mut self,
        key: &IdempotencyKey,
        forgotten_before: Timestamp,
    ) -> Result<KeyState, StorageError> {
        self.tenant()?;
        let statement = prepared::<BeginColumns>(BEGIN)
            .bind::<SqlUuid, _>(key.user.uuid())
            .bind::<Text, _>(&key.key)
            .bind::<Timestamptz, _>(instant(forgotten_before));
        let row = self.query(|connection| statement.get_result::<Row>(connection))?;
        if !row.held {
            return Ok(KeyState::InProgress);
        }
        let Some(fingerprint) = &row.fingerprint else {
            return Ok(KeyState::Fresh);
        };
        if fingerprint.as_slice() != key.fingerprint {
            return Ok(KeyState::Reused);
        }
        match answer(row) {
            Some(answer) => Ok(KeyState::Answered(answer)),
            None => Err(self.refuse(InconsistentRow {
                table: "idempotency_keys",
                id: key.user.to_string(),
                what: "the kept answer cannot be read".to_owned(),
            })),
        }
    }

    fn keep(
        &mut self,
        key: &IdempotencyKey,
        answer: &StoredAnswer,
        at: Timestamp,
    ) -> Result<(), StorageError> {
        let tenant = self.tenant()?;
        let headers: Vec<Value> = answer
            .headers
            .iter()
            .map(|(name, value)| json!([name, value]))
            .collect();
        let status = i16::try_from(answer.status).unwrap_or(i16::MAX);
        let statement = command(KEEP)
            .bind::<SqlUuid, _>(tenant.uuid())
            .bind::<SqlUuid, _>(key.user.uuid())
            .bind::<Text, _>(&key.key)
            .bind::<Binary, _>(key.fingerprint.as_slice())
            .bind::<Int2, _>(status)
            .bind::<Jsonb, _>(Value::Array(headers))
            .bind::<Text, _>(&answer.body)
            .bind::<Timestamptz, _>(instant(at));
        self.query(|connection| statement.execute(connection))
            .map(drop)
    }
}

#[derive(Queryable)]
struct Row {
    held: bool,
    fingerprint: Option<Vec<u8>>,
    status: Option<i16>,
    headers: Option<Value>,
    body: Option<String>,
}

fn answer(row: Row) -> Option<StoredAnswer> {
    let headers = row.headers?;
    let headers = headers.as_array()?.iter().map(|header| {
        let text = |place: usize| header.get(place)?.as_str().map(str::to_owned);
        Some((text(0)?, text(1)?))
    });
    Some(StoredAnswer {
        status: u16::try_from(row.status?).ok()?,
        headers: headers.collect::<Option<_>>()?,
        body: row.body?,
    })
}
