//! Devices on which the password alone is enough for a while.

use diesel::{
    Queryable, RunQueryDsl,
    sql_types::{Binary, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use jiff::Timestamp;
use unionhall_domain::{
    second_factors::{TrustedDevice, TrustedDeviceId},
    users::UserId,
};
use unionhall_ports::{storage::StorageError, trusted_devices::TrustedDeviceRepository};
use uuid::Uuid;

use crate::{
    rows::instant,
    statements::{command, prepared},
    unit_of_work::Transaction,
};

const INSERT: &str = "\
    with forgotten as (delete from trusted_devices where user_id = ? and expires_at <= ?) \
    insert into trusted_devices (id, user_id, hash, label, created_at, last_used_at, expires_at) \
    values (?, ?, ?, ?, ?, ?, ?)";

const LIST: &str = "\
    select id, user_id, label, created_at, last_used_at, expires_at from trusted_devices \
    where user_id = ? and expires_at > ? order by created_at desc, id desc";

const RECOGNISE: &str = "\
    update trusted_devices set last_used_at = ? where hash = ? and user_id = ? and expires_at > ?";

const REMOVE: &str = "delete from trusted_devices where id = ? and user_id = ?";

const REMOVE_ALL: &str = "delete from trusted_devices where user_id = ?";

type Columns = (
    SqlUuid,
    SqlUuid,
    Nullable<Text>,
    Timestamptz,
    Nullable<Timestamptz>,
    Timestamptz,
);

impl TrustedDeviceRepository for Transaction<'_> {
    fn insert(&mut self, device: &TrustedDevice, token: &[u8; 32]) -> Result<(), StorageError> {
        let statement = command(INSERT)
            .bind::<SqlUuid, _>(device.user.uuid())
            .bind::<Timestamptz, _>(instant(device.created_at))
            .bind::<SqlUuid, _>(device.id.uuid())
            .bind::<SqlUuid, _>(device.user.uuid())
            .bind::<Binary, _>(token.as_slice())
            .bind::<Nullable<Text>, _>(device.label.as_deref())
            .bind::<Timestamptz, _>(instant(device.created_at))
            .bind::<Nullable<Timestamptz>, _>(device.last_used_at.map(instant))
            .bind::<Timestamptz, _>(instant(device.expires_at));
        self.query(|c| statement.execute(c)).map(drop)
    }

    fn list(&mut self, user: UserId, now: Timestamp) -> Result<Vec<TrustedDevice>, StorageError> {
        let statement = prepared::<Columns>(LIST)
            .bind::<SqlUuid, _>(user.uuid())
            .bind::<Timestamptz, _>(instant(now));
        let rows = self.query(|c| statement.load::<Row>(c))?;
        Ok(rows.into_iter().map(TrustedDevice::from).collect())
    }

    fn recognise(
        &mut self,
        user: UserId,
        token: &[u8; 32],
        now: Timestamp,
    ) -> Result<bool, StorageError> {
        let statement = command(RECOGNISE)
            .bind::<Timestamptz, _>(instant(now))
            .bind::<Binary, _>(token.as_slice())
            .bind::<SqlUuid, _>(user.uuid())
            .bind::<Timestamptz, _>(instant(now));
        Ok(self.query(|c| statement.execute(c))? == 1)
    }

    fn remove(&mut self, user: UserId, device: TrustedDeviceId) -> Result<bool, StorageError> {
        let statement = command(REMOVE)
            .bind::<SqlUuid, _>(device.uuid())
            .bind::<SqlUuid, _>(user.uuid());
        Ok(self.query(|c| statement.execute(c))? == 1)
    }

    fn remove_all(&mut self, user: UserId) -> Result<u64, StorageError> {
        let statement = command(REMOVE_ALL).bind::<SqlUuid, _>(user.uuid());
        let removed = self.query(|c| statement.execute(c))?;
        Ok(u64::try_from(removed).unwrap_or(u64::MAX))
    }
}

#[derive(Queryable)]
struct Row {
    id: Uuid,
    user_id: Uuid,
    label: Option<String>,
    created_at: jiff_diesel::Timestamp,
    last_used_at: Option<jiff_diesel::Timestamp>,
    expires_at: jiff_diesel::Timestamp,
}

impl From<Row> for TrustedDevice {
    fn from(row: Row) -> Self {
        Self {
            id: TrustedDeviceId::new(row.id),
            user: UserId::new(row.user_id),
            label: row.label,
            created_at: row.created_at.to_jiff(),
            last_used_at: row.last_used_at.map(jiff_diesel::Timestamp::to_jiff),
            expires_at: row.expires_at.to_jiff(),
        }
    }
}
