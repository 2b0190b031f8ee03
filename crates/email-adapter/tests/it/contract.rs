//! What the port promises, asked of every server.

use mail_parser::{Message, MimeHeaders};
use unionhall_ports::mail::{InlinePicture, MailError, Mailer, OutgoingMail};

use crate::servers::{Server, mail};

/// The text of a mail with plain line ends; how many follow the last line is up to the way.
fn text_of(message: &Message<'_>) -> String {
    let text = message.body_text(0).unwrap_or_default();
    text.replace("\r\n", "\n").trim_end().to_owned()
}

fn a_mail_arrives_with_its_id_sender_recipient_subject_and_text(server: &Server) {
    server.adapter().send(&mail(1)).unwrap();
    let received = server.received(1).remove(0);
    let message = received.parsed();
    assert_eq!(message.message_id(), Some("1.outbox@unionhall.example"));
    let from = message.from().unwrap().first().unwrap();
    assert_eq!(from.name(), Some("Unionhall Größe"));
    assert_eq!(from.address(), Some("noreply@unionhall.example"));
    let to = message.to().unwrap();
    assert_eq!(
        to.iter().filter_map(|to| to.address()).collect::<Vec<_>>(),
        ["ada@local46.example"]
    );
    assert_eq!(message.subject(), Some("Step 1 of GR-2026-0001"));
    assert_eq!(text_of(&message), "Dear Ada,\n\nyour step is due.");
    assert!(message.date().is_some());
}

fn a_mail_with_html_arrives_as_text_and_html_of_the_same_words(server: &Server) {
    let html = "<!DOCTYPE html>\n<p>Grüße ✊, your <b>step</b> is due.</p>\n.\n".to_owned();
    let mailer = server.adapter();
    mailer
        .send(&OutgoingMail {
            html: Some(html.clone()),
            ..mail(1)
        })
        .unwrap();
    let received = server.received(1).remove(0);
    assert!(received.raw.is_ascii());
    let message = received.parsed();
    assert!(
        message.content_type().is_some_and(
            |kind| kind.ctype() == "multipart" && kind.subtype() == Some("alternative")
        )
    );
    assert_eq!(text_of(&message), "Dear Ada,\n\nyour step is due.");
    let shown = message.body_html(0).unwrap().replace("\r\n", "\n");
    assert_eq!(shown.trim_end(), html.trim_end());
    // The last of the alternatives is the one that programs prefer.
    let (text, html) = (message.text_body.first(), message.html_body.first());
    assert!(text < html, "{text:?} {html:?}");
}

fn a_picture_arrives_inside_of_the_html_that_shows_it(server: &Server) {
    let html = "<p><img src=\"cid:logo.1@unionhall.example\" alt=\"\"> Local 46</p>\n".to_owned();
    let bytes: Vec<u8> = (0..=255).cycle().take(10_000).collect();
    let mailer = server.adapter();
    mailer
        .send(&OutgoingMail {
            html: Some(html.clone()),
            picture: Some(InlinePicture {
                content_id: "logo.1@unionhall.example".to_owned(),
                media_type: "image/png",
                bytes: bytes.clone(),
            }),
            ..mail(1)
        })
        .unwrap();
    let received = server.received(1).remove(0);
    assert!(received.raw.is_ascii());
    let message = received.parsed();
    let kinds: Vec<_> = message
        .parts
        .iter()
        .filter_map(|part| part.content_type())
        .map(|kind| format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or_default()))
        .collect();
    let expected = [
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/png",
    ];
    assert_eq!(kinds, expected);
    assert_eq!(text_of(&message), "Dear Ada,\n\nyour step is due.");
    let shown = message.body_html(0).unwrap().replace("\r\n", "\n");
    assert_eq!(shown.trim_end(), html.trim_end());
    let picture = message
        .parts
        .iter()
        .find(|part| part.content_id() == Some("logo.1@unionhall.example"));
    let picture = picture.unwrap();
    assert!(picture.content_disposition().unwrap().is_inline());
    assert_eq!(picture.contents(), bytes);
}

fn subjects_and_texts_in_any_script_survive(server: &Server) {
    let long = "Beschwerde über die Überstunden – ".repeat(12);
    let subjects = ["Größe: 5 µm", "苦情第一号 ✊🏽", "شكوى رقم واحد", long.trim()];
    let texts = [
        "Zażółć gęślą jaźń\n",
        ".\n..\n. a line that is only a dot must not end the mail\n",
        "Ein sehr langer Absatz ohne Umbruch. ✊",
        "",
    ];
    let texts = [
        texts[0].to_owned(),
        texts[1].to_owned(),
        texts[2].repeat(200),
        texts[3].to_owned(),
    ];
    let mailer = server.adapter();
    for (number, (subject, text)) in (1..).zip(subjects.iter().zip(&texts)) {
        let subject = (*subject).to_owned();
        mailer
            .send(&OutgoingMail {
                subject,
                text: text.clone(),
                ..mail(number)
            })
            .unwrap();
    }
    for (received, (subject, text)) in server.received(4).iter().zip(subjects.iter().zip(&texts)) {
        let message = received.parsed();
        assert!(received.raw.is_ascii());
        assert_eq!(message.subject(), Some(*subject));
        assert_eq!(text_of(&message), text.trim_end());
    }
}

fn nothing_in_a_mail_can_add_a_header_or_a_recipient(server: &Server) {
    let mailer = server.adapter();
    let injected = "\r\nBcc: eve@evil.example\r\n\r\n<script>";
    let refused = [
        OutgoingMail {
            to: format!("ada@local46.example{injected}"),
            ..mail(1)
        },
        OutgoingMail {
            to: "ada@local46.example, eve@evil.example".to_owned(),
            ..mail(2)
        },
        OutgoingMail {
            message_id: format!("3@unionhall.example{injected}"),
            ..mail(3)
        },
    ];
    for mail in &refused {
        let outcome = mailer.send(mail);
        assert!(matches!(outcome, Err(MailError::Refused(_))), "{outcome:?}");
    }
    mailer
        .send(&OutgoingMail {
            subject: format!("Hello{injected}"),
            ..mail(4)
        })
        .unwrap();
    let received = server.received(1).remove(0);
    let headers = received.headers();
    assert!(
        !headers
            .iter()
            .any(|header| header.to_lowercase().starts_with("bcc")),
        "{headers:?}"
    );
    let message = received.parsed();
    assert_eq!(message.bcc(), None);
    assert_eq!(text_of(&message), "Dear Ada,\n\nyour step is due.");
}

fn a_text_that_looks_like_smtp_is_only_text(server: &Server) {
    let text = "Hello\n.\nMAIL FROM:<eve@evil.example>\nRCPT TO:<bob@local46.example>\n".to_owned();
    let mailer = server.adapter();
    mailer
        .send(&OutgoingMail {
            text: text.clone(),
            ..mail(1)
        })
        .unwrap();
    mailer.send(&mail(2)).unwrap();
    let received = server.received(2);
    assert_eq!(text_of(&received[0].parsed()), text.trim_end());
    assert_eq!(
        received[1].parsed().message_id(),
        Some("2.outbox@unionhall.example")
    );
}

fn many_threads_share_one_mailer(server: &Server) {
    let mailer = server.adapter();
    std::thread::scope(|threads| {
        for thread in 0..8 {
            let mailer = &mailer;
            threads.spawn(move || {
                for number in 0..5 {
                    mailer.send(&mail(thread * 10 + number)).unwrap();
                }
            });
        }
    });
    let mut ids: Vec<_> = server
        .received(40)
        .iter()
        .map(|received| received.parsed().message_id().unwrap().to_owned())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 40);
}

fn a_probe_finds_the_server_and_sends_nothing(server: &Server) {
    let mailer = server.adapter();
    mailer.probe().unwrap();
    mailer.send(&mail(1)).unwrap();
    mailer.probe().unwrap();
    assert_eq!(server.received(1).len(), 1);
}

/// Runs every promise against a fresh server of each kind.
macro_rules! on_every_server {
    ($($promise:ident),* $(,)?) => {
        mod embedded {
            $(#[test] fn $promise() { super::$promise(&crate::servers::Server::embedded()); })*
        }
        mod aiosmtpd {
            $(#[test] fn $promise() { super::$promise(&crate::servers::Server::aiosmtpd()); })*
        }
    };
}

on_every_server!(
    a_mail_arrives_with_its_id_sender_recipient_subject_and_text,
    a_mail_with_html_arrives_as_text_and_html_of_the_same_words,
    a_picture_arrives_inside_of_the_html_that_shows_it,
    subjects_and_texts_in_any_script_survive,
    nothing_in_a_mail_can_add_a_header_or_a_recipient,
    a_text_that_looks_like_smtp_is_only_text,
    many_threads_share_one_mailer,
    a_probe_finds_the_server_and_sends_nothing,
);

/// Only the embedded mailbox promises this; elsewhere the reader's program does.
#[test]
fn the_same_mail_sent_twice_is_kept_once() {
    let server = Server::embedded();
    server.adapter().send(&mail(1)).unwrap();
    server.adapter().send(&mail(1)).unwrap();
    server.adapter().send(&mail(2)).unwrap();
    let received = server.received(2);
    assert_eq!(
        received[0].parsed().message_id(),
        Some("1.outbox@unionhall.example")
    );
    assert_eq!(
        received[1].parsed().message_id(),
        Some("2.outbox@unionhall.example")
    );
}
