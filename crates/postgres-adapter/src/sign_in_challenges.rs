//! Sign-ins that wait for their second factor.

use diesel::{
    OptionalExtension, Queryable, RunQueryDsl,
    sql_types::{Binary, Int4, Text, Timestamptz, Uuid as SqlUuid},
};
use jiff::Timestamp;
use unionhall_domain::users::{EmailAddress, UserId};
use unionhall_ports::{
    sign_in_challenges::{SignInChallenge, SignInChallengeRepository},
    storage::StorageError,
};
use uuid::Uuid;

use crate::{
    errors::InconsistentRow,
    rows::{instant, stored},
    statements::{command, prepared},
    unit_of_work::Transaction,
};

const INSERT: &str = "\
    with forgotten as (delete from sign_in_challenges where user_id = ? and expires_at <= ?) \
    insert into sign_in_challenges (hash, user_id, created_at, expires_at) values (?, ?, ?, ?)";

const FIND: &str = "\
    select c.user_id, u.email, c.expires_at, c.attempts \
    from sign_in_challenges c join users u on u.id = c.user_id where c.hash = ?";

const RECORD_ATTEMPTS: &str = "update sign_in_challenges set attempts = ? where hash = ?";

const END: &str = "delete from sign_in_challenges where hash = ?";

type Columns = (SqlUuid, Text, Timestamptz, Int4);

impl SignInChallengeRepository for Transaction<'_> {
    fn insert(
        &mut self,
        user: UserId,
        hash: &[u8; 32],
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<(), StorageError> {
        let statement = command(INSERT)
            .bind::<SqlUuid, _>(user.uuid())
            .bind::<Timestamptz, _>(instant(now))
            .bind::<Binary, _>(hash.as_slice())
            .bind::<SqlUuid, _>(user.uuid())
            .bind::<Timestamptz, _>(instant(now))
            .bind::<Timestamptz, _>(instant(expires_at));
        self.query(|c| statement.execute(c)).map(drop)
    }

    fn find(&mut self, hash: &[u8; 32]) -> Result<Option<SignInChallenge>, StorageError> {
        let statement = prepared::<Columns>(FIND).bind::<Binary, _>(hash.as_slice());
        let row = self.query(|c| statement.get_result::<Row>(c).optional())?;
        row.map(|row| row.of(*hash))
            .transpose()
            .map_err(|row| self.refuse(row))
    }

    fn record_attempts(&mut self, hash: &[u8; 32], attempts: u32) -> Result<(), StorageError> {
        let statement = command(RECORD_ATTEMPTS)
            .bind::<Int4, _>(i32::try_from(attempts).unwrap_or(i32::MAX))
            .bind::<Binary, _>(hash.as_slice());
        self.query(|c| statement.execute(c)).map(drop)
    }

    fn end(&mut self, hash: &[u8; 32]) -> Result<(), StorageError> {
        let statement = command(END).bind::<Binary, _>(hash.as_slice());
        self.query(|c| statement.execute(c)).map(drop)
    }
}

#[derive(Queryable)]
struct Row {
    user_id: Uuid,
    email: String,
    expires_at: jiff_diesel::Timestamp,
    attempts: i32,
}

impl Row {
    fn of(self, hash: [u8; 32]) -> Result<SignInChallenge, InconsistentRow> {
        let email = EmailAddress::parse(&self.email);
        Ok(SignInChallenge {
            hash,
            user: UserId::new(self.user_id),
            email: stored("users", self.user_id, "email", email)?,
            expires_at: self.expires_at.to_jiff(),
            attempts: u32::try_from(self.attempts).unwrap_or_default(),
        })
    }
}
