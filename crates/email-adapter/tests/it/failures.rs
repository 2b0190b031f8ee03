//! What the adapter says when a mail, or the adapter itself, is not welcome.

use std::{
    io::{BufRead, BufReader, Write},
    net::{SocketAddr, TcpListener},
    thread,
    time::{Duration, Instant},
};

use unionhall_email_adapter::{
    InvalidSmtpConfig, Password, SmtpCredentials, SmtpMailer, SmtpSecurity,
};
use unionhall_ports::mail::{MailError, Mailer, OutgoingMail};

use crate::servers::{Kind, Server, config_of, mail, runtime};

fn to(recipient: &str) -> OutgoingMail {
    OutgoingMail {
        to: recipient.to_owned(),
        ..mail(1)
    }
}

#[test]
fn a_recipient_that_does_not_exist_is_refused_and_the_next_mail_goes_out() {
    let server = Server::aiosmtpd();
    let mailer = server.adapter();
    let outcome = mailer.send(&to("nobody@local46.example"));
    assert!(matches!(outcome, Err(MailError::Refused(_))), "{outcome:?}");
    mailer.send(&mail(2)).unwrap();
    let received = server.received(1).remove(0);
    assert_eq!(
        received.parsed().message_id(),
        Some("2.outbox@unionhall.example")
    );
}

#[test]
fn a_server_that_asks_to_wait_is_unavailable() {
    let server = Server::aiosmtpd();
    let outcome = server.adapter().send(&to("later@local46.example"));
    assert!(
        matches!(outcome, Err(MailError::Unavailable(_))),
        "{outcome:?}"
    );
}

#[test]
fn a_server_that_stalls_is_unavailable_within_the_timeout_and_the_next_mail_is_whole() {
    let mut server = Server::aiosmtpd();
    server.config.timeout = Duration::from_millis(1500);
    let mailer = server.adapter();
    let started = Instant::now();
    let outcome = mailer.send(&to("stalls@local46.example"));
    assert!(
        matches!(outcome, Err(MailError::Unavailable(_))),
        "{outcome:?}"
    );
    assert!(
        started.elapsed() < Duration::from_secs(5),
        "{:?}",
        started.elapsed()
    );
    mailer.send(&mail(2)).unwrap();
    let received = server.received(1).remove(0);
    assert_eq!(
        received.parsed().message_id(),
        Some("2.outbox@unionhall.example")
    );
}

#[test]
fn a_mail_that_is_too_large_is_refused_and_the_next_one_goes_out() {
    let server = Server::embedded();
    let mailer = server.adapter();
    let outcome = mailer.send(&OutgoingMail {
        text: "word ".repeat(300_000),
        ..mail(1)
    });
    assert!(matches!(outcome, Err(MailError::Refused(_))), "{outcome:?}");
    mailer.send(&mail(2)).unwrap();
    let received = server.received(1).remove(0);
    assert_eq!(
        received.parsed().message_id(),
        Some("2.outbox@unionhall.example")
    );
}

#[test]
fn a_server_that_is_not_there_is_unavailable() {
    let server = Server::embedded();
    let mailer = server.adapter();
    mailer.send(&mail(1)).unwrap();
    if let Kind::Embedded { mailbox, .. } = &server.kind {
        mailbox.stop();
    }
    for outcome in [mailer.send(&mail(2)), mailer.probe()] {
        assert!(
            matches!(outcome, Err(MailError::Unavailable(_))),
            "{outcome:?}"
        );
    }
}

#[test]
fn a_server_that_never_greets_is_unavailable_within_the_timeout() {
    // It takes connections, by way of the system's queue, and never says a word.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut config = config_of(silent.local_addr().unwrap());
    config.timeout = Duration::from_millis(300);
    let runtime = runtime();
    let mailer = SmtpMailer::new(&config, runtime.handle().clone()).unwrap();
    let started = Instant::now();
    for outcome in [mailer.send(&mail(1)), mailer.probe()] {
        assert!(
            matches!(outcome, Err(MailError::Unavailable(_))),
            "{outcome:?}"
        );
    }
    assert!(
        started.elapsed() < Duration::from_secs(3),
        "{:?}",
        started.elapsed()
    );
}

/// A server that has one reply for each line of one client; returns where it listens.
fn scripted(replies: &'static [&'static str]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        let (mut stream, _peer) = listener.accept().unwrap();
        let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
        for reply in replies {
            stream.write_all(format!("{reply}\r\n").as_bytes()).unwrap();
            if lines.next().is_none() {
                return;
            }
        }
    });
    address
}

#[test]
fn a_wrong_password_is_our_fault_and_not_the_mails() {
    let address = scripted(&[
        "220 hello",
        "250-hello\r\n250 AUTH PLAIN",
        "535 5.7.8 bad credentials",
    ]);
    let mut config = config_of(address);
    let password = Password::new("hunter2-secret");
    config.credentials = Some(SmtpCredentials {
        user: "hall".to_owned(),
        password,
    });
    let runtime = runtime();
    let mailer = SmtpMailer::new(&config, runtime.handle().clone()).unwrap();
    let outcome = mailer.send(&mail(1));
    assert!(
        matches!(outcome, Err(MailError::Unavailable(_))),
        "{outcome:?}"
    );
    assert!(!format!("{outcome:?} {config:?} {mailer:?}").contains("hunter2-secret"));
}

#[test]
fn a_server_without_starttls_gets_nothing_when_starttls_is_asked_for() {
    let address = scripted(&[
        "220 hello",
        "250 hello",
        "221 you should not have come here",
    ]);
    let mut config = config_of(address);
    config.security = SmtpSecurity::StartTls;
    let runtime = runtime();
    let mailer = SmtpMailer::new(&config, runtime.handle().clone()).unwrap();
    let outcome = mailer.send(&mail(1));
    assert!(
        matches!(outcome, Err(MailError::Unavailable(_))),
        "{outcome:?}"
    );
}

#[test]
fn a_sender_that_is_no_address_is_an_invalid_configuration() {
    let mut config = config_of(SocketAddr::from(([127, 0, 0, 1], 9)));
    config.from = "Unionhall".to_owned();
    let runtime = runtime();
    let outcome = SmtpMailer::new(&config, runtime.handle().clone());
    assert!(
        matches!(outcome, Err(InvalidSmtpConfig::From(_))),
        "{outcome:?}"
    );
}

#[test]
fn a_mailer_may_be_dropped_after_its_runtime() {
    let server = Server::embedded();
    let mailer = server.adapter();
    mailer.send(&mail(1)).unwrap();
    drop(server);
    drop(mailer);
}

/// What a mail meets at a server with these replies, which then hangs up.
fn outcome_at(replies: &'static [&'static str]) -> Result<(), MailError> {
    let mut config = config_of(scripted(replies));
    config.timeout = Duration::from_secs(5);
    let runtime = runtime();
    let mailer = SmtpMailer::new(&config, runtime.handle().clone()).unwrap();
    mailer.send(&mail(1))
}

#[test]
fn a_connection_that_drops_anywhere_keeps_the_mail_for_later() {
    // After the greeting, after the recipient, and in the middle of the mail: it may have arrived or not.
    for replies in [
        &[][..],
        &["220 hello"],
        &["220 hello", "250 hello"],
        &["220 hello", "250 hello", "250 from", "250 to"],
        &["220 hello", "250 hello", "250 from", "250 to", "354 go on"],
    ] {
        let outcome = outcome_at(replies);
        assert!(
            matches!(outcome, Err(MailError::Unavailable(_))),
            "{replies:?}: {outcome:?}"
        );
    }
}

#[test]
fn a_server_that_is_busy_is_asked_again_and_one_that_wants_no_such_mail_is_not() {
    for (last, later) in [
        (&["421 4.3.2 shutting down"][..], true),
        (&["220 hello", "421 4.3.2 too many connections"], true),
        (&["220 hello", "250 hello", "452 4.3.1 disk full"], true),
        (&["220 hello", "250 hello", "530 5.7.0 sign in first"], true),
        (
            &["220 hello", "250 hello", "250 from", "450 4.2.0 greylisted"],
            true,
        ),
        (
            &["220 hello", "250 hello", "250 from", "550 5.1.1 nobody"],
            false,
        ),
        (
            &[
                "220 hello",
                "250 hello",
                "250 from",
                "250 to",
                "554 5.7.1 spam",
            ],
            false,
        ),
    ] {
        let outcome = outcome_at(last);
        let unavailable = matches!(outcome, Err(MailError::Unavailable(_)));
        assert!(
            outcome.is_err() && unavailable == later,
            "{last:?}: {outcome:?}"
        );
    }
}
