//! Tokens that people are sent by mail: one row for each person and purpose.

use diesel::{
    OptionalExtension, Queryable, RunQueryDsl,
    sql_types::{Binary, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use jiff::Timestamp;
use unionhall_domain::{
    mail_tokens::MailPurpose,
    users::{User, UserId},
};
use unionhall_ports::{
    mail_tokens::{MailToken, MailTokenRepository, Spent},
    storage::StorageError,
};

use crate::{
    errors::InconsistentRow,
    identity::rows::{UserColumns, UserRow},
    rows::instant,
    statements::{command, prepared},
    unit_of_work::Transaction,
};

/// The user is looked up, so that a token of nobody is kept nowhere and takes the same statement.
const ISSUE: &str = "\
    insert into mail_tokens (user_id, purpose, hash, payload, issued_at, expires_at) \
    select u.id, ?, ?, ?, ?, ? from users u where u.id = ? \
    on conflict on constraint mail_tokens_pkey do update set \
        hash = excluded.hash, payload = excluded.payload, issued_at = excluded.issued_at, \
        expires_at = excluded.expires_at, used_at = null";

const FIND: &str = "\
    select u.id, u.email, u.first_name, u.last_name, u.last_login_at, u.created_at, t.payload \
    from mail_tokens t join users u on u.id = t.user_id \
    where t.hash = ? and t.purpose = ? and t.used_at is null and t.expires_at > ? \
        and u.state = 'active' and u.deleted_at is null";

/// Of two who come at once the second waits for the first, and then sees the token as the first has left it.
const SPEND: &str = "\
    update mail_tokens t set used_at = ? from users u \
    where t.hash = ? and t.purpose = ? and t.used_at is null and t.expires_at > ? \
        and u.id = t.user_id and u.state = 'active' and u.deleted_at is null \
    returning u.id, u.email, u.first_name, u.last_name, u.last_login_at, u.created_at, t.payload";

const END_ALL: &str = "\
    update mail_tokens set used_at = ? where user_id = ? and used_at is null";

type SpentColumns = (UserColumns, Nullable<Text>);

impl MailTokenRepository for Transaction<'_> {
    fn issue(&mut self, token: &MailToken) -> Result<(), StorageError> {
        let statement = command(ISSUE)
            .bind::<Text, _>(token.purpose.as_str())
            .bind::<Binary, _>(token.hash.as_slice())
            .bind::<Nullable<Text>, _>(token.payload.as_deref())
            .bind::<Timestamptz, _>(instant(token.issued_at))
            .bind::<Timestamptz, _>(instant(token.expires_at))
            .bind::<SqlUuid, _>(token.user.uuid());
        self.query(|c| statement.execute(c)).map(drop)
    }

    fn find(
        &mut self,
        hash: &[u8; 32],
        purpose: MailPurpose,
        now: Timestamp,
    ) -> Result<Option<Spent>, StorageError> {
        let statement = prepared::<SpentColumns>(FIND)
            .bind::<Binary, _>(hash.as_slice())
            .bind::<Text, _>(purpose.as_str())
            .bind::<Timestamptz, _>(instant(now));
        let row = self.query(|c| statement.get_result::<SpentRow>(c).optional())?;
        self.spent(row)
    }

    fn spend(
        &mut self,
        hash: &[u8; 32],
        purpose: MailPurpose,
        now: Timestamp,
    ) -> Result<Option<Spent>, StorageError> {
        let statement = prepared::<SpentColumns>(SPEND)
            .bind::<Timestamptz, _>(instant(now))
            .bind::<Binary, _>(hash.as_slice())
            .bind::<Text, _>(purpose.as_str())
            .bind::<Timestamptz, _>(instant(now));
        let row = self.query(|c| statement.get_result::<SpentRow>(c).optional())?;
        self.spent(row)
    }

    fn end_all(&mut self, user: UserId, at: Timestamp) -> Result<(), StorageError> {
        let statement = command(END_ALL)
            .bind::<Timestamptz, _>(instant(at))
            .bind::<SqlUuid, _>(user.uuid());
        self.query(|c| statement.execute(c)).map(drop)
    }
}

impl Transaction<'_> {
    fn spent(&mut self, row: Option<SpentRow>) -> Result<Option<Spent>, StorageError> {
        row.map(Spent::try_from)
            .transpose()
            .map_err(|row| self.refuse(row))
    }
}

#[derive(Queryable)]
struct SpentRow {
    user: UserRow,
    payload: Option<String>,
}

impl TryFrom<SpentRow> for Spent {
    type Error = InconsistentRow;

    fn try_from(row: SpentRow) -> Result<Self, InconsistentRow> {
        Ok(Self {
            user: User::try_from(row.user)?,
            payload: row.payload,
        })
    }
}
