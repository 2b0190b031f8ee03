//! Changes of address that wait for both addresses to agree: one row for each person.

use diesel::{
    OptionalExtension, Queryable, RunQueryDsl,
    sql_types::{Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use jiff::Timestamp;
use unionhall_domain::{
    email_changes::{EmailChange, Side},
    users::{EmailAddress, UserId},
};
use unionhall_ports::{
    email_changes::{Agreed, EmailChangeRepository},
    identity::SessionId,
    storage::StorageError,
};
use uuid::Uuid;

use crate::{
    errors::InconsistentRow,
    rows::{instant, stored},
    statements::{command, prepared},
    unit_of_work::Transaction,
};

const FIND: &str = "\
    select user_id, email, asked_at, expires_at, old_confirmed_at, new_confirmed_at, session_id \
    from email_changes where user_id = ? and expires_at > ?";

const PUT: &str = "\
    insert into email_changes (user_id, email, session_id, asked_at, expires_at, old_confirmed_at, new_confirmed_at) \
    values (?, ?, ?, ?, ?, ?, ?) \
    on conflict on constraint email_changes_pkey do update set \
        email = excluded.email, session_id = excluded.session_id, asked_at = excluded.asked_at, \
        expires_at = excluded.expires_at, old_confirmed_at = excluded.old_confirmed_at, \
        new_confirmed_at = excluded.new_confirmed_at";

/// Of two who agree at once the second waits for the first, and then sees the row as the first has left it.
const CONFIRM: &str = "\
    with given (at, is_old) as (values (?, ?)) \
    update email_changes c set \
        old_confirmed_at = case when g.is_old then coalesce(c.old_confirmed_at, g.at) else c.old_confirmed_at end, \
        new_confirmed_at = case when g.is_old then c.new_confirmed_at else coalesce(c.new_confirmed_at, g.at) end \
    from given g where c.user_id = ? and c.email = ? and c.expires_at > g.at \
    returning c.user_id, c.email, c.asked_at, c.expires_at, c.old_confirmed_at, c.new_confirmed_at, c.session_id";

const REMOVE: &str = "delete from email_changes where user_id = ?";

/// The account stays for whatever refers to it, under an address that no mail reaches (RFC 2606 §2).
const FREE_ADDRESS: &str = "\
    update users u set email = u.id || '@unverified.invalid', deleted_at = ? \
    where u.email = ? and u.verified_at is null and u.deleted_at is null \
        and not exists (select from memberships m where m.user_id = u.id) \
    returning u.id";

const MOVE_ACCOUNT: &str = "\
    with given (user_id, email, at) as (values (?, ?, ?)) \
    update users u set email = g.email, verified_at = g.at, updated_at = g.at, profile_version = u.profile_version + 1 \
    from given g where u.id = g.user_id and not exists (select from users o where o.email = g.email)";

type ChangeColumns = (
    SqlUuid,
    Text,
    Timestamptz,
    Timestamptz,
    Nullable<Timestamptz>,
    Nullable<Timestamptz>,
    SqlUuid,
);

impl EmailChangeRepository for Transaction<'_> {
    fn find(&mut self, user: UserId, now: Timestamp) -> Result<Option<EmailChange>, StorageError> {
        let statement = prepared::<ChangeColumns>(FIND)
            .bind::<SqlUuid, _>(user.uuid())
            .bind::<Timestamptz, _>(instant(now));
        let row = self.query(|c| statement.get_result::<ChangeRow>(c).optional())?;
        let found = self.agreed(row)?;
        Ok(found.map(|found| found.change))
    }

    fn put(&mut self, change: &EmailChange, session: SessionId) -> Result<(), StorageError> {
        let EmailChange {
            user,
            email,
            asked_at,
            expires_at,
            old_confirmed_at,
            new_confirmed_at,
        } = change;
        let statement = command(PUT)
            .bind::<SqlUuid, _>(user.uuid())
            .bind::<Text, _>(email.as_str())
            .bind::<SqlUuid, _>(session.uuid())
            .bind::<Timestamptz, _>(instant(*asked_at))
            .bind::<Timestamptz, _>(instant(*expires_at))
            .bind::<Nullable<Timestamptz>, _>(old_confirmed_at.map(instant))
            .bind::<Nullable<Timestamptz>, _>(new_confirmed_at.map(instant));
        self.query(|c| statement.execute(c)).map(drop)
    }

    fn confirm(
        &mut self,
        user: UserId,
        email: &EmailAddress,
        side: Side,
        now: Timestamp,
    ) -> Result<Option<Agreed>, StorageError> {
        let statement = prepared::<ChangeColumns>(CONFIRM)
            .bind::<Timestamptz, _>(instant(now))
            .bind::<Bool, _>(side == Side::Old)
            .bind::<SqlUuid, _>(user.uuid())
            .bind::<Text, _>(email.as_str());
        let row = self.query(|c| statement.get_result::<ChangeRow>(c).optional())?;
        self.agreed(row)
    }

    fn remove(&mut self, user: UserId) -> Result<bool, StorageError> {
        let statement = command(REMOVE).bind::<SqlUuid, _>(user.uuid());
        self.query(|c| statement.execute(c)).map(|rows| rows > 0)
    }

    fn free_address(
        &mut self,
        email: &EmailAddress,
        at: Timestamp,
    ) -> Result<Option<UserId>, StorageError> {
        let statement = prepared::<SqlUuid>(FREE_ADDRESS)
            .bind::<Timestamptz, _>(instant(at))
            .bind::<Text, _>(email.as_str());
        let id = self.query(|c| statement.get_result::<Uuid>(c).optional())?;
        Ok(id.map(UserId::new))
    }

    fn move_account(
        &mut self,
        user: UserId,
        email: &EmailAddress,
        at: Timestamp,
    ) -> Result<bool, StorageError> {
        let statement = command(MOVE_ACCOUNT)
            .bind::<SqlUuid, _>(user.uuid())
            .bind::<Text, _>(email.as_str())
            .bind::<Timestamptz, _>(instant(at));
        self.query(|c| statement.execute(c)).map(|rows| rows > 0)
    }
}

impl Transaction<'_> {
    fn agreed(&mut self, row: Option<ChangeRow>) -> Result<Option<Agreed>, StorageError> {
        row.map(Agreed::try_from)
            .transpose()
            .map_err(|row| self.refuse(row))
    }
}

#[derive(Queryable)]
struct ChangeRow {
    user: Uuid,
    email: String,
    asked_at: jiff_diesel::Timestamp,
    expires_at: jiff_diesel::Timestamp,
    old_confirmed_at: Option<jiff_diesel::Timestamp>,
    new_confirmed_at: Option<jiff_diesel::Timestamp>,
    session: Uuid,
}

impl TryFrom<ChangeRow> for Agreed {
    type Error = InconsistentRow;

    fn try_from(row: ChangeRow) -> Result<Self, InconsistentRow> {
        let email = EmailAddress::parse(&row.email);
        let change = EmailChange {
            user: UserId::new(row.user),
            email: stored("email_changes", row.user, "email", email)?,
            asked_at: row.asked_at.to_jiff(),
            expires_at: row.expires_at.to_jiff(),
            old_confirmed_at: row.old_confirmed_at.map(jiff_diesel::Timestamp::to_jiff),
            new_confirmed_at: row.new_confirmed_at.map(jiff_diesel::Timestamp::to_jiff),
        };
        Ok(Self {
            change,
            session: SessionId::new(row.session),
        })
    }
}
