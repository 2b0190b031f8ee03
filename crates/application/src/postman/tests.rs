//! Tests of the postman: one claim, one attempt each, and what becomes of a mail that did not go out.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use unionhall_domain::users::EmailAddress;
use unionhall_ports::{
    blobs::{Blob, BlobError, BlobKey, MockBlobStore},
    clock::MockClock,
    mail::{MailError, MockMailer},
    mock::{FakeUnitOfWork, MockRepositories},
    outbox::{ClaimedMail, Delivery, OutboxMail},
    pictures::{MockPictureReader, Picture, PictureFormat, StoredPicture},
    storage::StorageError,
    unit_of_work::{Decision, Mode, Scope},
};
use uuid::Uuid;

use super::{Logos, Postman};
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

/// Logos over these mocks.
fn logos(storage: &Arc<FakeUnitOfWork>, blobs: MockBlobStore, reader: MockPictureReader) -> Logos {
    Logos::new(storage.clone(), Arc::new(blobs), Arc::new(reader))
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
        logos(
            &unit_of_work,
            MockBlobStore::new(),
            MockPictureReader::new(),
        ),
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
    let logos = logos(
        &unit_of_work,
        MockBlobStore::new(),
        MockPictureReader::new(),
    );
    let postman = Postman::new(
        unit_of_work,
        Arc::new(MockMailer::new()),
        Arc::new(clock()),
        logos,
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
        logos(
            &unit_of_work,
            MockBlobStore::new(),
            MockPictureReader::new(),
        ),
        domain,
    );
    assert_eq!(postman.send_due().unwrap(), 3);
    // The third would have been begun 80 seconds after the claim.
    assert_eq!(unit_of_work.runs(), [KEPT; 3]);
}

/// What the object store says.
type Stored = fn() -> Result<Option<Blob>, BlobError>;

/// Sends two mails of a tenant on its paper, and gives for each the HTML and how many bytes its picture has. The store is
/// asked for the logo once.
fn on_paper(logo: bool, stored: Stored) -> Vec<(String, usize)> {
    let on_paper = |number| {
        let mut claim = waiting(number, 0);
        claim.mail.html = Some(format!("<p>{}Local 46</p>", crate::letters::LOGO));
        claim
    };
    let sent = Shared::default();
    let taken = Arc::clone(&sent);
    let mut mailer = MockMailer::new();
    mailer.expect_send().returning(move |mail| {
        let picture = mail.picture.as_ref();
        let named = |html: &str| picture.is_none_or(|picture| html.contains(&picture.content_id));
        assert!(mail.html.as_deref().is_some_and(named), "{:?}", mail.html);
        let bytes = picture.map_or(0, |picture| picture.bytes.len());
        taken
            .lock()
            .unwrap()
            .push((mail.html.clone().unwrap_or_default(), bytes));
        Ok(())
    });
    let mut mocks = MockRepositories::default();
    mocks
        .outbox
        .expect_claim()
        .return_once(move |_, _, _| Ok(vec![on_paper(1), on_paper(2)]));
    mocks.outbox.expect_settle().returning(|_, _, _| Ok(()));
    mocks.pictures.expect_find().times(1).returning(move |_| {
        Ok(logo.then(|| StoredPicture {
            key: BlobKey::parse("tenants/46/logos/1").unwrap(),
            format: PictureFormat::Png,
            bytes: 7_000,
        }))
    });
    let (mut blobs, mut reader) = (MockBlobStore::new(), MockPictureReader::new());
    blobs.expect_find().returning(move |_| stored());
    reader
        .expect_shrink()
        .withf(|bytes, format, longest| {
            bytes.len() == 7_000 && *format == PictureFormat::Png && *longest == 256
        })
        .returning(|_, format, _| {
            Ok(Picture {
                bytes: vec![1; 70],
                format,
                width: 64,
                height: 64,
            })
        });
    let unit_of_work = Arc::new(FakeUnitOfWork::new(mocks));
    let postman = Postman::new(
        unit_of_work.clone(),
        Arc::new(mailer),
        Arc::new(clock()),
        logos(&unit_of_work, blobs, reader),
        "outbox.example".to_owned(),
    );
    assert_eq!(postman.send_due().unwrap(), 2);
    let sent = sent.lock().unwrap();
    sent.clone()
}

#[test]
fn a_mail_on_a_tenants_paper_brings_its_logo_along_made_small() {
    let sent = on_paper(true, || {
        Ok(Some(Blob {
            bytes: vec![0; 7_000],
            content_type: "image/png".to_owned(),
        }))
    });
    for (number, (html, bytes)) in (1..).zip(&sent) {
        let id = Uuid::from_u128(number);
        let shown = format!(
            "<p><img src=\"cid:logo.{id}@outbox.example\" alt=\"\" width=\"32\" height=\"32\""
        );
        assert!(html.starts_with(&shown), "{html}");
        assert_eq!(*bytes, 70);
    }
}

#[test]
fn no_mail_waits_for_a_logo_that_is_not_there_or_cannot_be_had() {
    let bare = ("<p>Local 46</p>".to_owned(), 0);
    let cases: [(bool, Stored); 3] = [
        (false, || Err(BlobError::Failed("nobody asks".into()))),
        (true, || Err(BlobError::Unavailable("down".into()))),
        (true, || Ok(None)),
    ];
    for (logo, stored) in cases {
        assert_eq!(on_paper(logo, stored), [bare.clone(), bare.clone()]);
    }
}
