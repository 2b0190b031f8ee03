//! Mail that leaves after the commit: written by tenants, claimed and settled by the worker.

use diesel::{
    Queryable, RunQueryDsl,
    sql_types::{BigInt, Int4, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use jiff::Timestamp;
use unionhall_domain::{tenants::TenantId, users::EmailAddress};
use unionhall_ports::{
    outbox::{ClaimedMail, Delivery, Outbox, OutboxMail},
    storage::StorageError,
};
use uuid::Uuid;

use crate::{
    errors::InconsistentRow,
    rows::{count, instant, stored},
    statements::{command, prepared},
    unit_of_work::Transaction,
};

const INSERT: &str = "\
    insert into outbox (id, tenant_id, recipient, subject, body, html, created_at, due_at) \
    values (?, ?, ?, ?, ?, ?, ?, ?)";

/// Chosen apart from the update: a plan could otherwise run the choice, and its locks, once for each row. What
/// another worker is choosing right now is passed over, not waited for.
const CLAIM: &str = "\
    with due as materialized ( \
        select id from outbox \
        where sent_at is null and given_up_at is null and due_at <= ? \
            and (leased_until is null or leased_until <= ?) \
        order by created_at, id limit ? for update skip locked), \
    claimed as ( \
        update outbox set leased_until = ?, attempts = attempts + 1 \
        from due where outbox.id = due.id \
        returning outbox.id, tenant_id, recipient, subject, body, html, created_at, attempts) \
    select id, tenant_id, recipient, subject, body, html, created_at, attempts \
    from claimed order by created_at, id";

type ClaimedColumns = (
    SqlUuid,
    Nullable<SqlUuid>,
    Text,
    Text,
    Text,
    Nullable<Text>,
    Timestamptz,
    Int4,
);

impl Outbox for Transaction<'_> {
    fn insert(&mut self, mail: &OutboxMail) -> Result<(), StorageError> {
        let statement = command(INSERT)
            .bind::<SqlUuid, _>(mail.id)
            .bind::<Nullable<SqlUuid>, _>(mail.tenant.map(TenantId::uuid))
            .bind::<Text, _>(mail.to.as_str())
            .bind::<Text, _>(&mail.subject)
            .bind::<Text, _>(&mail.text)
            .bind::<Nullable<Text>, _>(mail.html.as_deref())
            .bind::<Timestamptz, _>(instant(mail.at))
            .bind::<Timestamptz, _>(instant(mail.at));
        self.query(|connection| statement.execute(connection))
            .map(drop)
    }

    fn claim(
        &mut self,
        now: Timestamp,
        lease: Timestamp,
        limit: u16,
    ) -> Result<Vec<ClaimedMail>, StorageError> {
        let statement = prepared::<ClaimedColumns>(CLAIM)
            .bind::<Timestamptz, _>(instant(now))
            .bind::<Timestamptz, _>(instant(now))
            .bind::<BigInt, _>(i64::from(limit))
            .bind::<Timestamptz, _>(instant(lease));
        let rows = self.query(|connection| statement.load::<Row>(connection))?;
        let claimed: Result<_, _> = rows.into_iter().map(ClaimedMail::try_from).collect();
        claimed.map_err(|row| self.refuse(row))
    }

    fn settle(&mut self, id: Uuid, delivery: &Delivery, at: Timestamp) -> Result<(), StorageError> {
        let (text, at) = match delivery {
            Delivery::Sent => (
                "update outbox set leased_until = null, body = '', html = null, last_error = null, \
                    sent_at = ? where id = ?",
                at,
            ),
            Delivery::RetryAt(due) => (
                "update outbox set leased_until = null, due_at = ? where id = ?",
                *due,
            ),
            Delivery::GivenUp => (
                "update outbox set leased_until = null, given_up_at = ? where id = ?",
                at,
            ),
        };
        let statement = command(text)
            .bind::<Timestamptz, _>(instant(at))
            .bind::<SqlUuid, _>(id);
        let settled = self.query(|connection| statement.execute(connection))?;
        if settled == 1 {
            Ok(())
        } else {
            Err(self.refuse(StorageError::Failed("no such mail is in the outbox".into())))
        }
    }

    fn waiting(&mut self) -> Result<u64, StorageError> {
        let statement = prepared::<BigInt>(
            "select count(*) from outbox where sent_at is null and given_up_at is null",
        );
        self.query(|connection| statement.get_result::<i64>(connection))
            .map(count)
    }
}

#[derive(Queryable)]
struct Row {
    id: Uuid,
    tenant_id: Option<Uuid>,
    recipient: String,
    subject: String,
    body: String,
    html: Option<String>,
    created_at: jiff_diesel::Timestamp,
    attempts: i32,
}

impl TryFrom<Row> for ClaimedMail {
    type Error = InconsistentRow;

    fn try_from(row: Row) -> Result<Self, InconsistentRow> {
        Ok(Self {
            mail: OutboxMail {
                id: row.id,
                tenant: row.tenant_id.map(TenantId::new),
                to: stored(
                    "outbox",
                    row.id,
                    "recipient",
                    EmailAddress::parse(&row.recipient),
                )?,
                subject: row.subject,
                text: row.body,
                html: row.html,
                at: row.created_at.to_jiff(),
            },
            // The claim has counted itself.
            earlier_attempts: u32::try_from(row.attempts.saturating_sub(1)).unwrap_or_default(),
        })
    }
}
