//! Tests of the postman: one claim, one attempt each, and what becomes of a mail that did not go out.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use unionhall_domain::users::EmailAddress;
use unionhall_ports::{
    clock::MockClock,
    mail::{MailError, MockMailer},
    mock::{FakeUnitOfWork, MockRepositories},
    outbox::{ClaimedMail, Delivery, OutboxMail},
    storage::StorageError,
    unit_of_work::{Decision, Mode, Scope},
};
use uuid::Uuid;

use super::Postman;
use crate::fixtures::{HALL, Shared, clock, now};

const KEPT: (Scope, Mode, Decision) = (Scope::Worker, Mode::Write, Decision::Commit);

fn waiting(number: u128, earlier_attempts: u32) -> ClaimedMail {
    ClaimedMail {
        mail: OutboxMail {
            id: Uuid::from_u128(number),
            tenant: Some(HALL),
            to: EmailAddress::parse("stella@hall.example").unwrap(),
            subject: "Grievance GR-2026-0001 was filed".to_owned(),
            text: "Hello Stella".to_owned(),
            html: Some("<p>Hello Stella</p>".to_owned()),
            at: now(),
        },
        earlier_attempts,
    }
}

fn seconds(seconds: i64) -> Timestamp {
    now() + SignedDuration::from_secs(seconds)
}

/// A postman over these waiting mails and this mail server, and what became of each mail.
fn postman(
    mails: Vec<ClaimedMail>,
    mailer: MockMailer,
) -> (Postman, Arc<FakeUnitOfWork>, Shared<(Uuid, Delivery)>) {
    let settled = Shared::default();
    let taken = Arc::clone(&settled);
    let mut mocks = MockRepositories::default();
    mocks
        .outbox
        .expect_claim()
        .times(1)
        .withf(|at, lease, limit| *at == now() && *lease == seconds(120) && *limit == 20)
        .return_once(move |_, _, _| Ok(mails));
    mocks
        .outbox
        .expect_settle()
        .returning(move |id, delivery, _| {
            taken.lock().unwrap().push((id, delivery.clone()));
            Ok(())
        });
    let unit_of_work = Arc::new(FakeUnitOfWork::new(mocks));
    let domain = "outbox.example".to_owned();
    let postman = Postman::new(
        unit_of_work.clone(),
        Arc::new(mailer),
        Arc::new(clock()),
        domain,
    );
    (postman, unit_of_work, settled)
}

fn unavailable() -> MailError {
    MailError::Unavailable("connection refused".into())
}

/// What is kept of [`unavailable`].
const DOWN: &str = "the mail server is unavailable: connection refused";

/// What becomes of a mail that was tried so often and fails like this now.
fn after_failure(earlier_attempts: u32, failure: fn() -> MailError) -> Delivery {
    let mut mailer = MockMailer::new();
    mailer
        .expect_send()
        .times(1)
        .returning(move |_| Err(failure()));
    let (postman, _, settled) = postman(vec![waiting(1, earlier_attempts)], mailer);
    postman.send_due().unwrap();
    let settled = settled.lock().unwrap();
    assert_eq!(settled.len(), 1);
    settled[0].1.clone()
}

#[test]
fn what_is_due_is_sent_once_each_outside_of_any_transaction() {
    let mut mailer = MockMailer::new();
    mailer
        .expect_send()
        .times(2)
        .withf(|mail| {
            mail.to == "stella@hall.example"
                && mail.subject == "Grievance GR-2026-0001 was filed"
                && mail.text == "Hello Stella"
                && mail.html.as_deref() == Some("<p>Hello Stella</p>")
        })
        .returning(|_| Ok(()));
    let (postman, unit_of_work, settled) = postman(vec![waiting(1, 0), waiting(2, 3)], mailer);
    assert_eq!(postman.send_due().unwrap(), 2);
    let sent = |number| (Uuid::from_u128(number), Delivery::Sent);
    assert_eq!(*settled.lock().unwrap(), [sent(1), sent(2)]);
    // One transaction claims and one settles each mail; sending lies between them.
    assert_eq!(unit_of_work.runs(), [KEPT; 3]);
}

#[test]
fn a_mail_keeps_its_message_id_however_often_it_is_sent() {
    for attempts in [0, 5] {
        let mut mailer = MockMailer::new();
        mailer
            .expect_send()
            .withf(|mail| mail.message_id == "00000000-0000-0000-0000-000000000001@outbox.example")
            .times(1)
            .returning(|_| Ok(()));
        let (postman, _, _) = postman(vec![waiting(1, attempts)], mailer);
        postman.send_due().unwrap();
    }
}

#[test]
fn nothing_due_is_nothing_done() {
    let (postman, unit_of_work, _) = postman(Vec::new(), MockMailer::new());
    assert_eq!(postman.send_due().unwrap(), 0);
    assert_eq!(unit_of_work.runs(), [KEPT]);
}

#[test]
fn a_server_that_is_down_is_asked_again_ever_later_and_at_most_six_hours_later() {
    let table = [
        (0, 30),
        (1, 60),
        (2, 120),
        (9, 15_360),
        (10, 21_600),
        (22, 21_600),
    ];
    for (attempts, wait) in table {
        assert_eq!(
            after_failure(attempts, unavailable),
            Delivery::RetryAt {
                due: seconds(wait),
                reason: DOWN.to_owned()
            },
            "after {attempts} attempts"
        );
    }
}

#[test]
fn after_24_attempts_a_mail_is_given_up() {
    let given_up = Delivery::GivenUp {
        reason: DOWN.to_owned(),
    };
    assert_eq!(after_failure(23, unavailable), given_up);
    assert_eq!(after_failure(u32::MAX, unavailable), given_up);
}

#[test]
fn a_mail_that_is_refused_is_given_up_at_once() {
    let refused = || MailError::Refused("no such mailbox".into());
    let reason = "the mail was refused: no such mailbox".to_owned();
    assert_eq!(after_failure(0, refused), Delivery::GivenUp { reason });
}

#[test]
fn one_mail_that_fails_does_not_stop_the_others() {
    let mut mailer = MockMailer::new();
    mailer.expect_send().returning(|mail| {
        if mail
            .message_id
            .starts_with("00000000-0000-0000-0000-000000000001")
        {
            Err(unavailable())
        } else {
            Ok(())
        }
    });
    let (postman, _, settled) = postman(vec![waiting(1, 0), waiting(2, 0)], mailer);
    postman.send_due().unwrap();
    let became: Vec<_> = settled
        .lock()
        .unwrap()
        .iter()
        .map(|(_, delivery)| delivery.clone())
        .collect();
    let later = Delivery::RetryAt {
        due: seconds(30),
        reason: DOWN.to_owned(),
    };
    assert_eq!(became, [later, Delivery::Sent]);
}

#[test]
fn an_outbox_that_cannot_be_read_is_an_error_and_sends_nothing() {
    let mut mocks = MockRepositories::default();
    mocks
        .outbox
        .expect_claim()
        .returning(|_, _, _| Err(StorageError::Unavailable("down".into())));
    let unit_of_work = Arc::new(FakeUnitOfWork::new(mocks));
    let postman = Postman::new(
        unit_of_work,
        Arc::new(MockMailer::new()),
        Arc::new(clock()),
        "outbox.example".to_owned(),
    );
    assert!(matches!(
        postman.send_due(),
        Err(StorageError::Unavailable(_))
    ));
}

#[test]
fn a_slow_server_gets_no_mail_whose_lease_could_run_out_meanwhile() {
    let mut mocks = MockRepositories::default();
    let claimed = vec![waiting(1, 0), waiting(2, 0), waiting(3, 0)];
    mocks
        .outbox
        .expect_claim()
        .return_once(move |_, _, _| Ok(claimed));
    mocks.outbox.expect_settle().returning(|_, _, _| Ok(()));
    let sent = Arc::new(std::sync::atomic::AtomicI64::new(0));
    let mut mailer = MockMailer::new();
    let counted = Arc::clone(&sent);
    mailer.expect_send().returning(move |_| {
        counted.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        Err(unavailable())
    });
    // Each mail takes the server 40 seconds.
    let mut slow = MockClock::new();
    slow.expect_now()
        .returning(move || seconds(40 * sent.load(std::sync::atomic::Ordering::Relaxed)));
    let unit_of_work = Arc::new(FakeUnitOfWork::new(mocks));
    let domain = "outbox.example".to_owned();
    let postman = Postman::new(
        unit_of_work.clone(),
        Arc::new(mailer),
        Arc::new(slow),
        domain,
    );
    assert_eq!(postman.send_due().unwrap(), 3);
    // The third would have been begun 80 seconds after the claim.
    assert_eq!(unit_of_work.runs(), [KEPT; 3]);
}
