//! Second factors and recovery codes.

use diesel::{
    OptionalExtension, Queryable, RunQueryDsl,
    sql_types::{Array, BigInt, Binary, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use jiff::Timestamp;
use unionhall_domain::{roles::Role, second_factors::TimeStep, users::UserId};
use unionhall_ports::{
    sealing::Sealed,
    second_factors::{SecondFactor, SecondFactorRepository},
    storage::StorageError,
};
use uuid::Uuid;

use crate::{
    rows::{count, instant, stored},
    statements::{command, prepared},
    unit_of_work::Transaction,
};

const FIND: &str = "\
    select user_id, sealed_secret, sealed_by, begun_at, confirmed_at, last_step, covers_password \
    from second_factors where user_id = ?";

const BEGIN: &str = "\
    insert into second_factors as f (user_id, sealed_secret, sealed_by, begun_at) values (?, ?, ?, ?) \
    on conflict on constraint second_factors_pkey do update \
        set sealed_secret = excluded.sealed_secret, sealed_by = excluded.sealed_by, begun_at = excluded.begun_at \
        where f.confirmed_at is null";

/// The secret tells one enrolment from the next. The references between the rows are checked when all are written.
const CONFIRM: &str = "\
    with confirmed as ( \
        update second_factors set confirmed_at = ?, last_step = ? \
        where user_id = ? and sealed_secret = ? and confirmed_at is null returning user_id) \
    insert into recovery_codes (user_id, hash) \
    select c.user_id, n.hash from confirmed c cross join unnest(?) as n (hash)";

/// Of two who come at once the second waits for the first, and then compares with the step that the first has left.
const ACCEPT_STEP: &str = "\
    update second_factors set last_step = ? where user_id = ? and confirmed_at is not null and last_step < ?";

const RESEAL: &str = "\
    update second_factors set sealed_secret = ?, sealed_by = ? where user_id = ? and sealed_secret = ?";

/// Whoever chooses a password that the factor covers, and whoever removes the factor, wait for each other here.
const REMOVE: &str = "\
    with gone as (select user_id from second_factors where user_id = ? and not covers_password for update), \
    codes as (delete from recovery_codes r using gone g where r.user_id = g.user_id), \
    devices as (delete from trusted_devices d using gone g where d.user_id = g.user_id), \
    challenges as (delete from sign_in_challenges c using gone g where c.user_id = g.user_id) \
    delete from second_factors f using gone g where f.user_id = g.user_id";

const REPLACE_RECOVERY_CODES: &str = "\
    with gone as (delete from recovery_codes where user_id = ?) \
    insert into recovery_codes (user_id, hash) select ?, n.hash from unnest(?) as n (hash)";

const SPEND_RECOVERY_CODE: &str = "delete from recovery_codes where user_id = ? and hash = ?";

const COUNT_RECOVERY_CODES: &str = "select count(*) from recovery_codes where user_id = ?";

const ROLES_ELSEWHERE: &str = "select roles_elsewhere(?, ?)";

const RESET: &str = "select second_factor_reset(?, ?)";

type Columns = (
    SqlUuid,
    Binary,
    Text,
    Timestamptz,
    Nullable<Timestamptz>,
    Nullable<BigInt>,
    Bool,
);

impl SecondFactorRepository for Transaction<'_> {
    fn find(&mut self, user: UserId) -> Result<Option<SecondFactor>, StorageError> {
        let statement = prepared::<Columns>(FIND).bind::<SqlUuid, _>(user.uuid());
        let row = self.query(|c| statement.get_result::<Row>(c).optional())?;
        Ok(row.map(SecondFactor::from))
    }

    fn begin(&mut self, user: UserId, secret: &Sealed, at: Timestamp) -> Result<(), StorageError> {
        let statement = command(BEGIN)
            .bind::<SqlUuid, _>(user.uuid())
            .bind::<Binary, _>(secret.bytes.as_slice())
            .bind::<Text, _>(secret.key.as_str())
            .bind::<Timestamptz, _>(instant(at));
        self.touch_one(statement)
    }

    fn confirm(
        &mut self,
        factor: &SecondFactor,
        step: TimeStep,
        recovery_codes: &[[u8; 32]],
        at: Timestamp,
    ) -> Result<(), StorageError> {
        let statement = command(CONFIRM)
            .bind::<Timestamptz, _>(instant(at))
            .bind::<BigInt, _>(step.number())
            .bind::<SqlUuid, _>(factor.user.uuid())
            .bind::<Binary, _>(factor.secret.bytes.as_slice())
            .bind::<Array<Binary>, _>(slices(recovery_codes));
        let kept = self.query(|c| statement.execute(c))?;
        if kept == recovery_codes.len() {
            Ok(())
        } else {
            Err(self.refuse(StorageError::Stale))
        }
    }

    fn accept_step(&mut self, user: UserId, step: TimeStep) -> Result<bool, StorageError> {
        let statement = command(ACCEPT_STEP)
            .bind::<BigInt, _>(step.number())
            .bind::<SqlUuid, _>(user.uuid())
            .bind::<BigInt, _>(step.number());
        Ok(self.query(|c| statement.execute(c))? == 1)
    }

    fn reseal(&mut self, user: UserId, old: &Sealed, new: &Sealed) -> Result<(), StorageError> {
        let statement = command(RESEAL)
            .bind::<Binary, _>(new.bytes.as_slice())
            .bind::<Text, _>(new.key.as_str())
            .bind::<SqlUuid, _>(user.uuid())
            .bind::<Binary, _>(old.bytes.as_slice());
        self.query(|c| statement.execute(c)).map(drop)
    }

    fn remove(&mut self, user: UserId) -> Result<bool, StorageError> {
        let statement = command(REMOVE).bind::<SqlUuid, _>(user.uuid());
        Ok(self.query(|c| statement.execute(c))? == 1)
    }

    fn replace_recovery_codes(
        &mut self,
        user: UserId,
        recovery_codes: &[[u8; 32]],
    ) -> Result<(), StorageError> {
        let statement = command(REPLACE_RECOVERY_CODES)
            .bind::<SqlUuid, _>(user.uuid())
            .bind::<SqlUuid, _>(user.uuid())
            .bind::<Array<Binary>, _>(slices(recovery_codes));
        self.query(|c| statement.execute(c)).map(drop)
    }

    fn spend_recovery_code(
        &mut self,
        user: UserId,
        recovery_code: &[u8; 32],
    ) -> Result<bool, StorageError> {
        let statement = command(SPEND_RECOVERY_CODE)
            .bind::<SqlUuid, _>(user.uuid())
            .bind::<Binary, _>(recovery_code.as_slice());
        Ok(self.query(|c| statement.execute(c))? == 1)
    }

    fn count_recovery_codes(&mut self, user: UserId) -> Result<u64, StorageError> {
        let statement = prepared::<BigInt>(COUNT_RECOVERY_CODES).bind::<SqlUuid, _>(user.uuid());
        self.query(|c| statement.get_result::<i64>(c)).map(count)
    }

    fn roles_elsewhere(&mut self, user: UserId, now: Timestamp) -> Result<Vec<Role>, StorageError> {
        let statement = prepared::<Array<Text>>(ROLES_ELSEWHERE)
            .bind::<SqlUuid, _>(user.uuid())
            .bind::<Timestamptz, _>(instant(now));
        let names = self.query(|c| statement.get_result::<Vec<String>>(c))?;
        let roles = names
            .iter()
            .map(|role| stored("membership_roles", user, "role", Role::parse(role)));
        roles
            .collect::<Result<_, _>>()
            .map_err(|row| self.refuse(row))
    }

    fn reset(&mut self, user: UserId, at: Timestamp) -> Result<bool, StorageError> {
        let statement = prepared::<Bool>(RESET)
            .bind::<SqlUuid, _>(user.uuid())
            .bind::<Timestamptz, _>(instant(at));
        self.query(|c| statement.get_result::<bool>(c))
    }
}

fn slices(hashes: &[[u8; 32]]) -> Vec<&[u8]> {
    hashes.iter().map(<[u8; 32]>::as_slice).collect()
}

#[derive(Queryable)]
struct Row {
    user_id: Uuid,
    sealed_secret: Vec<u8>,
    sealed_by: String,
    begun_at: jiff_diesel::Timestamp,
    confirmed_at: Option<jiff_diesel::Timestamp>,
    last_step: Option<i64>,
    covers_password: bool,
}

impl From<Row> for SecondFactor {
    fn from(row: Row) -> Self {
        Self {
            user: UserId::new(row.user_id),
            secret: Sealed {
                key: row.sealed_by,
                bytes: row.sealed_secret,
            },
            begun_at: row.begun_at.to_jiff(),
            confirmed_at: row.confirmed_at.map(jiff_diesel::Timestamp::to_jiff),
            last_step: row.last_step.map(TimeStep::new),
            covers_password: row.covers_password,
        }
    }
}
