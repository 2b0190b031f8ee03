//! Mail that leaves after the commit: written by tenants, claimed and settled by the worker.

use diesel::{
    Queryable, RunQueryDsl,
    sql_types::{BigInt, Bool, Int4, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use jiff::Timestamp;
use unionhall_domain::{tenants::TenantId, users::EmailAddress};
use unionhall_ports::{
    outbox::{ClaimedMail, Delivery, MailState, MailSummary, Outbox, OutboxMail},
    storage::StorageError,
};
use uuid::Uuid;

use crate::{
    errors::InconsistentRow,
    rows::{count, instant, stored},
    statements::{command, prepared},
    unit_of_work::Transaction,
};

/// The last value says whether the mail is added at all: the statement is the same.
const INSERT: &str = "\
    insert into outbox (id, tenant_id, recipient, subject, body, html, created_at, due_at) \
    select ?, ?, ?, ?, ?, ?, ?, ? where ?";

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

/// One statement for each state, so that each finds its index; ids are in the order of time.
const LIST_ALL: &str = "\
    select id, tenant_id, recipient, subject, created_at, due_at, sent_at, given_up_at, attempts, last_error \
    from outbox order by id desc limit ?";
const LIST_WAITING: &str = "\
    select id, tenant_id, recipient, subject, created_at, due_at, sent_at, given_up_at, attempts, last_error \
    from outbox where sent_at is null and given_up_at is null order by created_at desc, id desc limit ?";
const LIST_SENT: &str = "\
    select id, tenant_id, recipient, subject, created_at, due_at, sent_at, given_up_at, attempts, last_error \
    from outbox where sent_at is not null order by id desc limit ?";
const LIST_GIVEN_UP: &str = "\
    select id, tenant_id, recipient, subject, created_at, due_at, sent_at, given_up_at, attempts, last_error \
    from outbox where given_up_at is not null order by given_up_at desc, id desc limit ?";

type SummaryColumns = (
    SqlUuid,
    Nullable<SqlUuid>,
    Text,
    Text,
    Timestamptz,
    Timestamptz,
    Nullable<Timestamptz>,
    Nullable<Timestamptz>,
    Int4,
    Nullable<Text>,
);

const RETRY: &str = "\
    with again as ( \
        update outbox set due_at = ?, given_up_at = null, \
            attempts = case when given_up_at is null then attempts else 0 end \
        where sent_at is null and (? is null or id = ?) \
        returning id, tenant_id, created_at) \
    select id, tenant_id from again order by created_at, id";

impl Outbox for Transaction<'_> {
    fn insert(&mut self, mail: &OutboxMail) -> Result<(), StorageError> {
        self.add(mail, true)
    }

    fn withhold(&mut self, mail: &OutboxMail) -> Result<(), StorageError> {
        self.add(mail, false)
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
        let (text, at, reason) = match delivery {
            Delivery::Sent => (
                "update outbox set leased_until = null, body = '', html = null, last_error = ?, sent_at = ? where id = ?",
                at,
                None,
            ),
            Delivery::RetryAt { due, reason } => (
                "update outbox set leased_until = null, last_error = ?, due_at = ? where id = ?",
                *due,
                Some(reason.as_str()),
            ),
            Delivery::GivenUp { reason } => (
                "update outbox set leased_until = null, last_error = ?, given_up_at = ? where id = ?",
                at,
                Some(reason.as_str()),
            ),
        };
        let statement = command(text)
            .bind::<Nullable<Text>, _>(reason)
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

    fn list(
        &mut self,
        state: Option<MailState>,
        limit: u16,
    ) -> Result<Vec<MailSummary>, StorageError> {
        let text = match state {
            None => LIST_ALL,
            Some(MailState::Waiting) => LIST_WAITING,
            Some(MailState::Sent) => LIST_SENT,
            Some(MailState::GivenUp) => LIST_GIVEN_UP,
        };
        let statement = prepared::<SummaryColumns>(text).bind::<BigInt, _>(i64::from(limit));
        let rows = self.query(|connection| statement.load::<SummaryRow>(connection))?;
        let mails: Result<_, _> = rows.into_iter().map(MailSummary::try_from).collect();
        mails.map_err(|row| self.refuse(row))
    }

    fn retry(
        &mut self,
        id: Option<Uuid>,
        now: Timestamp,
    ) -> Result<Vec<(Uuid, Option<TenantId>)>, StorageError> {
        let statement = prepared::<(SqlUuid, Nullable<SqlUuid>)>(RETRY)
            .bind::<Timestamptz, _>(instant(now))
            .bind::<Nullable<SqlUuid>, _>(id)
            .bind::<Nullable<SqlUuid>, _>(id);
        let rows = self.query(|connection| statement.load::<(Uuid, Option<Uuid>)>(connection))?;
        let whose = |(id, tenant): (Uuid, Option<Uuid>)| (id, tenant.map(TenantId::new));
        Ok(rows.into_iter().map(whose).collect())
    }
}

#[derive(Queryable)]
struct SummaryRow {
    id: Uuid,
    tenant_id: Option<Uuid>,
    recipient: String,
    subject: String,
    created_at: jiff_diesel::Timestamp,
    due_at: jiff_diesel::Timestamp,
    sent_at: Option<jiff_diesel::Timestamp>,
    given_up_at: Option<jiff_diesel::Timestamp>,
    attempts: i32,
    last_error: Option<String>,
}

impl TryFrom<SummaryRow> for MailSummary {
    type Error = InconsistentRow;

    fn try_from(row: SummaryRow) -> Result<Self, InconsistentRow> {
        let recipient = EmailAddress::parse(&row.recipient);
        // A constraint holds that a mail is not both.
        let (state, since) = match (row.sent_at, row.given_up_at) {
            (Some(sent), _) => (MailState::Sent, sent),
            (None, Some(given_up)) => (MailState::GivenUp, given_up),
            (None, None) => (MailState::Waiting, row.due_at),
        };
        Ok(Self {
            id: row.id,
            tenant: row.tenant_id.map(TenantId::new),
            to: stored("outbox", row.id, "recipient", recipient)?,
            subject: row.subject,
            state,
            at: row.created_at.to_jiff(),
            since: since.to_jiff(),
            attempts: u32::try_from(row.attempts).unwrap_or_default(),
            last_error: row.last_error,
        })
    }
}

impl Transaction<'_> {
    fn add(&mut self, mail: &OutboxMail, wanted: bool) -> Result<(), StorageError> {
        let statement = command(INSERT)
            .bind::<SqlUuid, _>(mail.id)
            .bind::<Nullable<SqlUuid>, _>(mail.tenant.map(TenantId::uuid))
            .bind::<Text, _>(mail.to.as_str())
            .bind::<Text, _>(&mail.subject)
            .bind::<Text, _>(&mail.text)
            .bind::<Nullable<Text>, _>(mail.html.as_deref())
            .bind::<Timestamptz, _>(instant(mail.at))
            .bind::<Timestamptz, _>(instant(mail.at))
            .bind::<Bool, _>(wanted);
        self.query(|connection| statement.execute(connection))
            .map(drop)
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
