//! The outbox: sent if kept, claimed by one, due again when the lease ran out.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use unionhall_domain::{tenants::TenantId, users::EmailAddress};
use unionhall_ports::{
    outbox::{ClaimedMail, Delivery, MailState, MailSummary, OutboxMail},
    storage::StorageError,
    unit_of_work::{Scope, UnitOfWork},
};
use unionhall_testing::{TestDatabase, builders};
use uuid::Uuid;

fn mail(tenant: TenantId, at: Timestamp) -> OutboxMail {
    OutboxMail {
        id: builders::fresh_uuid(),
        tenant: Some(tenant),
        to: EmailAddress::parse("ada@hall.example").unwrap(),
        subject: "Grievance GR-2026-0001".to_owned(),
        text: "Dear Ada,\n…".to_owned(),
        html: Some("<p>Dear Ada,</p>…".to_owned()),
        at,
    }
}

fn put(storage: &dyn UnitOfWork, tenant: TenantId, at: Timestamp) -> OutboxMail {
    let mail = mail(tenant, at);
    builders::store(storage, Scope::Tenant(tenant), |tx| {
        tx.outbox().insert(&mail)
    });
    mail
}

fn later(seconds: i64) -> Timestamp {
    builders::now() + SignedDuration::from_secs(seconds)
}

/// Claims at an instant, for a minute.
fn claim(storage: &dyn UnitOfWork, at: Timestamp, limit: u16) -> Vec<ClaimedMail> {
    let lease = at + SignedDuration::from_mins(1);
    builders::store(storage, Scope::Worker, |tx| {
        tx.outbox().claim(at, lease, limit)
    })
}

fn given_up() -> Delivery {
    let reason = "the mail was refused".to_owned();
    Delivery::GivenUp { reason }
}

fn retry_at(due: Timestamp) -> Delivery {
    let reason = "the mail server is unavailable".to_owned();
    Delivery::RetryAt { due, reason }
}

fn settle(storage: &dyn UnitOfWork, id: Uuid, delivery: Delivery) {
    builders::store(storage, Scope::Worker, |tx| {
        tx.outbox().settle(id, &delivery, later(1))
    });
}

fn waiting(storage: &dyn UnitOfWork) -> u64 {
    storage
        .read(Scope::Worker, |tx| tx.outbox().waiting())
        .unwrap()
}

#[test]
fn mail_of_all_tenants_is_claimed_oldest_first_as_it_was_written() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let one = builders::tenant(storage, "local-1").id;
    let two = builders::tenant(storage, "local-2").id;
    let second = put(storage, one, later(2));
    let first = put(storage, two, later(1));
    let third = put(storage, one, later(3));
    let claimed = claim(storage, later(10), 2);
    let expected = [first, second].map(|mail| ClaimedMail {
        mail,
        earlier_attempts: 0,
    });
    assert_eq!(claimed, expected);
    let rest: Vec<_> = claim(storage, later(10), 9)
        .into_iter()
        .map(|one| one.mail)
        .collect();
    assert_eq!(rest, [third]);
    assert_eq!(waiting(storage), 3);
}

#[test]
fn mail_that_is_withheld_is_not_there() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-1").id;
    let mail = mail(tenant, later(0));
    builders::store(storage, Scope::Identity, |tx| tx.outbox().withhold(&mail));
    assert_eq!(waiting(storage), 0);
}

#[test]
fn mail_that_is_not_due_yet_is_not_claimed() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-1").id;
    put(storage, tenant, later(5));
    assert_eq!(claim(storage, later(4), 9), []);
    assert_eq!(claim(storage, later(5), 9).len(), 1);
}

#[test]
fn a_claimed_mail_is_due_again_when_its_lease_ran_out() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-1").id;
    put(storage, tenant, later(0));
    assert_eq!(claim(storage, later(0), 9).len(), 1);
    assert_eq!(claim(storage, later(59), 9), []);
    let again = claim(storage, later(60), 9);
    assert_eq!(
        again
            .iter()
            .map(|one| one.earlier_attempts)
            .collect::<Vec<_>>(),
        [1]
    );
}

#[test]
fn sent_and_given_up_mail_is_never_claimed_again_and_a_retry_is_at_its_time() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-1").id;
    let mails = [0, 1, 2].map(|seconds| put(storage, tenant, later(seconds)));
    assert_eq!(claim(storage, later(2), 9).len(), 3);
    settle(storage, mails[0].id, Delivery::Sent);
    settle(storage, mails[1].id, given_up());
    settle(storage, mails[2].id, retry_at(later(500)));
    assert_eq!(waiting(storage), 1);
    assert_eq!(claim(storage, later(499), 9), []);
    let again = claim(storage, later(500), 9);
    assert_eq!(again.len(), 1);
    assert_eq!(
        (again[0].mail.id, again[0].earlier_attempts),
        (mails[2].id, 1)
    );
}

#[test]
fn two_workers_at_once_never_claim_the_same_mail_and_do_not_wait_for_each_other() {
    let database = TestDatabase::new();
    let (storage, other) = (&*database.unit_of_work(), &*database.unit_of_work());
    let tenant = builders::tenant(storage, "local-1").id;
    for seconds in 0..20 {
        put(storage, tenant, later(seconds));
    }
    // The second claims while the first's transaction is open.
    let (first, second) = builders::store(storage, Scope::Worker, |tx| {
        let first = tx.outbox().claim(later(60), later(120), 15)?;
        Ok((first, claim(other, later(60), 15)))
    });
    assert_eq!((first.len(), second.len()), (15, 5));
    let ids: BTreeSet<_> = first.iter().chain(&second).map(|one| one.mail.id).collect();
    assert_eq!(ids.len(), 20);
}

#[test]
fn mail_of_a_transaction_that_is_not_kept_is_not_there() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-1").id;
    let rehearsed: Result<(), StorageError> = storage.rehearsal(Scope::Tenant(tenant), |tx| {
        tx.outbox().insert(&mail(tenant, later(0)))
    });
    rehearsed.unwrap();
    assert_eq!(waiting(storage), 0);
}

#[test]
fn a_tenant_writes_only_its_own_mail_and_reads_none() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let own = builders::tenant(storage, "local-1").id;
    let other = builders::tenant(storage, "local-2").id;
    let foreign = storage.transaction(Scope::Tenant(own), |tx| {
        tx.outbox().insert(&mail(other, later(0)))
    });
    assert!(matches!(foreign, Err(StorageError::Failed(_))));
    put(storage, own, later(0));
    let seen = storage.read(Scope::Tenant(own), |tx| tx.outbox().waiting());
    assert_eq!(seen.unwrap(), 0);
    let claimed = storage.transaction(Scope::Tenant(own), |tx| {
        tx.outbox().claim(later(9), later(99), 9)
    });
    assert_eq!(claimed.unwrap(), []);
}

#[test]
fn before_any_tenant_is_entered_mail_may_be_anybodys_or_nobodys_and_is_not_read() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-1").id;
    let nobodys = OutboxMail {
        tenant: None,
        html: None,
        ..mail(tenant, later(0))
    };
    let tenants = mail(tenant, later(1));
    builders::store(storage, Scope::Identity, |tx| {
        tx.outbox().insert(&nobodys)?;
        tx.outbox().insert(&tenants)
    });
    let seen = storage.read(Scope::Identity, |tx| tx.outbox().waiting());
    assert_eq!(seen.unwrap(), 0);
    let claimed = claim(storage, later(9), 9).into_iter().map(|one| one.mail);
    assert_eq!(claimed.collect::<Vec<_>>(), [nobodys, tenants]);
}

#[test]
fn a_tenant_writes_no_mail_of_nobody() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-1").id;
    let nobodys = OutboxMail {
        tenant: None,
        ..mail(tenant, later(0))
    };
    let refused = storage.transaction(Scope::Tenant(tenant), |tx| tx.outbox().insert(&nobodys));
    assert!(matches!(refused, Err(StorageError::Failed(_))));
}

#[test]
fn the_words_of_a_mail_that_was_sent_are_not_kept() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let tenant = builders::tenant(storage, "local-1").id;
    let sent = put(storage, tenant, later(0));
    let waiting = put(storage, tenant, later(1));
    claim(storage, later(1), 9);
    settle(storage, sent.id, Delivery::Sent);
    settle(storage, waiting.id, retry_at(later(2)));
    database.execute(&format!(
        "do $$ begin
            assert (select body = '' and html is null from outbox where id = '{}');
            assert (select body <> '' and html is not null from outbox where id = '{}');
        end $$",
        sent.id, waiting.id
    ));
}

fn list(storage: &dyn UnitOfWork, state: Option<MailState>, limit: u16) -> Vec<MailSummary> {
    builders::store(storage, Scope::Worker, |tx| tx.outbox().list(state, limit))
}

/// Four mails, of which the first was sent, the second given up, the third failed once, and the last is new.
fn of_every_state(storage: &dyn UnitOfWork) -> [OutboxMail; 4] {
    let tenant = builders::tenant(storage, "local-1").id;
    let mails = [0, 1, 2, 3].map(|seconds| put(storage, tenant, later(seconds)));
    claim(storage, later(3), 3);
    settle(storage, mails[0].id, Delivery::Sent);
    settle(storage, mails[1].id, given_up());
    settle(storage, mails[2].id, retry_at(later(500)));
    mails
}

#[test]
fn an_operator_sees_where_each_mail_stands_and_why_newest_first() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let mails = of_every_state(storage);
    let summary = |place: usize, state, since, attempts, last_error: Option<&str>| {
        let mail = &mails[place];
        MailSummary {
            id: mail.id,
            tenant: mail.tenant,
            to: mail.to.clone(),
            subject: mail.subject.clone(),
            state,
            at: mail.at,
            since,
            attempts,
            last_error: last_error.map(str::to_owned),
        }
    };
    let refused = Some("the mail was refused");
    let down = Some("the mail server is unavailable");
    let new = summary(3, MailState::Waiting, later(3), 0, None);
    let failed = summary(2, MailState::Waiting, later(500), 1, down);
    let gone = summary(1, MailState::GivenUp, later(1), 1, refused);
    let sent = summary(0, MailState::Sent, later(1), 1, None);
    let table = [
        (None, vec![&new, &failed, &gone, &sent]),
        (Some(MailState::Waiting), vec![&new, &failed]),
        (Some(MailState::GivenUp), vec![&gone]),
        (Some(MailState::Sent), vec![&sent]),
    ];
    for (state, expected) in table {
        let listed = list(storage, state, 9);
        assert_eq!(listed.iter().collect::<Vec<_>>(), expected, "{state:?}");
    }
    assert_eq!(list(storage, None, 2), [new, failed]);
    let seen = storage.read(Scope::Identity, |tx| tx.outbox().list(None, 9));
    assert_eq!(seen.unwrap(), []);
}

#[test]
fn a_retried_mail_is_due_at_once_and_counts_from_its_first_attempt_if_it_was_given_up() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let [_, gone, failed, _] = of_every_state(storage);
    for (mail, attempts) in [(gone, 0), (failed, 1)] {
        let retried = builders::store(storage, Scope::Worker, |tx| {
            tx.outbox().retry(Some(mail.id), later(60))
        });
        assert_eq!(retried, [(mail.id, mail.tenant)]);
        assert_eq!(
            claim(storage, later(60), 9)
                .iter()
                .find(|claimed| claimed.mail.id == mail.id),
            Some(&ClaimedMail {
                mail,
                earlier_attempts: attempts
            })
        );
    }
}

#[test]
fn all_that_was_not_sent_can_be_retried_at_once_and_what_was_sent_never() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let mails = of_every_state(storage);
    let retry = |id| {
        builders::store(storage, Scope::Worker, |tx| {
            tx.outbox().retry(id, later(60))
        })
    };
    assert_eq!(retry(Some(mails[0].id)), []);
    assert_eq!(retry(Some(builders::fresh_uuid())), []);
    let ids: Vec<_> = retry(None).into_iter().map(|(id, _)| id).collect();
    assert_eq!(ids, [mails[1].id, mails[2].id, mails[3].id]);
    assert_eq!(claim(storage, later(60), 9).len(), 3);
    assert_eq!(list(storage, Some(MailState::GivenUp), 9), []);
    let foreign = storage.transaction(Scope::Identity, |tx| tx.outbox().retry(None, later(61)));
    assert_eq!(foreign.unwrap(), []);
}

#[test]
fn settling_a_mail_that_is_not_there_fails() {
    let database = TestDatabase::new();
    let storage = &*database.unit_of_work();
    let result = storage.transaction(Scope::Worker, |tx| {
        tx.outbox()
            .settle(builders::fresh_uuid(), &Delivery::Sent, later(0))
    });
    assert!(matches!(result, Err(StorageError::Failed(_))));
}
