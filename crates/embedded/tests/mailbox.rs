//! The embedded mailbox as its clients and its folder see it.

#![expect(
    clippy::unwrap_used,
    reason = "clippy takes only functions marked #[test] for tests, not their helpers"
)]

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::TcpStream,
    os::unix::fs::PermissionsExt,
    path::Path,
    time::{Duration, SystemTime},
};

use tempfile::TempDir;
use unionhall_embedded::mailbox::{MAX_MAIL_BYTES, Mailbox, MailboxConfig};

/// The system stamps files with the time of its last tick, at most this long ago.
const TICK: Duration = Duration::from_millis(20);

/// A client that says what it is told to and reads one reply.
struct Client {
    stream: BufReader<TcpStream>,
}

impl Client {
    fn greeted(mailbox: &Mailbox) -> Self {
        let stream = TcpStream::connect(mailbox.smtp_address()).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        let mut client = Self {
            stream: BufReader::new(stream),
        };
        assert!(client.reply().starts_with("220 "));
        assert!(client.say("HELO client").starts_with("250"));
        client
    }

    fn reply(&mut self) -> String {
        let mut line = String::new();
        self.stream.read_line(&mut line).unwrap();
        line
    }

    fn write(&mut self, bytes: &[u8]) {
        self.stream.get_mut().write_all(bytes).unwrap();
    }

    fn say(&mut self, line: &str) -> String {
        self.write(format!("{line}\r\n").as_bytes());
        self.reply()
    }

    /// Sends a mail and returns the reply to its end.
    fn send(&mut self, mail: &str) -> String {
        assert!(
            self.say("MAIL FROM:<noreply@unionhall.example>")
                .starts_with("250")
        );
        assert!(self.say("RCPT TO:<ada@local46.example>").starts_with("250"));
        assert!(self.say("DATA").starts_with("354"));
        self.write(mail.as_bytes());
        self.say("\r\n.")
    }
}

fn mail(id: &str, subject: &str) -> String {
    format!(
        "Message-ID: <{id}@unionhall.example>\r\n\
         From: Unionhall <noreply@unionhall.example>\r\n\
         To: =?utf-8?q?Ada_Gr=C3=B6=C3=9Fe?= <ada@local46.example>, bob@local46.example\r\n\
         Subject: {subject}\r\n\
         Content-Type: text/plain; charset=utf-8\r\n\
         \r\n\
         Grüße"
    )
}

fn mailbox_in(folder: &Path) -> Mailbox {
    Mailbox::start(&MailboxConfig {
        folder: folder.join("mailbox"),
    })
    .unwrap()
}

fn mailbox() -> (Mailbox, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    (mailbox_in(folder.path()), folder)
}

#[test]
fn a_mail_is_listed_and_found_with_all_that_it_says() {
    let (mailbox, folder) = mailbox();
    let touched = |name: &str| -> SystemTime {
        let path = folder.path().join(name);
        fs::write(&path, "").unwrap();
        fs::metadata(&path).unwrap().modified().unwrap()
    };
    let before = touched("before");
    assert!(
        Client::greeted(&mailbox)
            .send(&mail("1", "First"))
            .starts_with("250")
    );
    let list = mailbox.list(10).unwrap();
    assert_eq!(list.len(), 1);
    assert_eq!(list[0].from, "Unionhall <noreply@unionhall.example>");
    assert_eq!(
        list[0].to,
        "Ada Größe <ada@local46.example>, bob@local46.example"
    );
    assert_eq!(list[0].subject, "First");
    assert!(list[0].at >= before && list[0].at <= touched("after") + TICK);
    let view = mailbox.find(&list[0].id).unwrap().unwrap();
    assert_eq!(view.summary, list[0]);
    assert_eq!(view.text.trim_end(), "Grüße");
    assert_eq!(view.raw, format!("{}\r\n", mail("1", "First")).as_bytes());
}

#[test]
fn pictures_that_a_mail_brings_along_stand_in_its_html() {
    let (mailbox, _folder) = mailbox();
    let mail = "Message-ID: <7@unionhall.example>\r\n\
         From: Local 46 <noreply@unionhall.example>\r\n\
         Subject: Welcome\r\n\
         MIME-Version: 1.0\r\n\
         Content-Type: multipart/related; boundary=\"edge\"\r\n\r\n\
         --edge\r\nContent-Type: text/html; charset=utf-8\r\n\r\n\
         <p><img src=\"cid:logo.7@unionhall.example\"><img src=\"cid:none@unionhall.example\"></p>\r\n\
         --edge\r\nContent-Type: image/png\r\nContent-ID: <logo.7@unionhall.example>\r\n\
         Content-Disposition: inline\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw==\r\n\
         --edge--\r\n";
    Client::greeted(&mailbox).send(mail);
    let id = mailbox.list(1).unwrap()[0].id.clone();
    let html = mailbox.find(&id).unwrap().unwrap().html.unwrap();
    assert_eq!(
        html.trim(),
        "<p><img src=\"data:image/png;base64,iVBORw==\"><img src=\"cid:none@unionhall.example\"></p>"
    );
}

#[test]
fn the_list_is_newest_first_and_bounded() {
    let (mailbox, _folder) = mailbox();
    let mut client = Client::greeted(&mailbox);
    for number in 1..=4_u64 {
        assert!(
            client
                .send(&mail(&number.to_string(), &format!("No {number}")))
                .starts_with("250")
        );
    }
    let subjects = |limit| -> Vec<String> {
        mailbox
            .list(limit)
            .unwrap()
            .into_iter()
            .map(|mail| mail.subject)
            .collect()
    };
    assert_eq!(subjects(10), ["No 4", "No 3", "No 2", "No 1"]);
    assert_eq!(subjects(2), ["No 4", "No 3"]);
    assert_eq!(subjects(0), [""; 0]);
}

#[test]
fn the_same_message_id_is_kept_once_however_many_send_it() {
    let (mailbox, _folder) = mailbox();
    std::thread::scope(|threads| {
        for _ in 0..8 {
            threads.spawn(|| {
                let mut client = Client::greeted(&mailbox);
                assert!(client.send(&mail("same", "Once")).starts_with("250"));
                assert!(client.send(&mail("same", "Once")).starts_with("250"));
            });
        }
    });
    assert_eq!(mailbox.list(100).unwrap().len(), 1);
}

#[test]
fn mails_without_an_id_are_told_apart_by_what_they_say() {
    let (mailbox, _folder) = mailbox();
    let mut client = Client::greeted(&mailbox);
    for text in [
        "Subject: a\r\n\r\n1",
        "Subject: a\r\n\r\n2",
        "no header at all",
        "",
        "\r\n\r\n",
    ] {
        assert!(client.send(text).starts_with("250"), "{text:?}");
    }
    let list = mailbox.list(100).unwrap();
    assert_eq!(list.len(), 5);
    for mail in list {
        assert_eq!(mailbox.find(&mail.id).unwrap().unwrap().summary, mail);
    }
}

#[test]
fn mails_survive_a_restart_and_half_written_ones_are_cleared_away() {
    let (first, folder) = mailbox();
    assert!(
        Client::greeted(&first)
            .send(&mail("1", "Kept"))
            .starts_with("250")
    );
    let list = first.list(10).unwrap();
    first.stop();
    let half = folder.path().join("mailbox/.incoming-abc");
    fs::write(&half, "Message-ID: <2@un").unwrap();
    let second = mailbox_in(folder.path());
    assert_eq!(second.list(10).unwrap(), list);
    assert!(!half.exists());
}

#[test]
fn a_mail_larger_than_the_bound_is_refused_and_not_kept() {
    let (mailbox, _folder) = mailbox();
    let line = format!("{}\r\n", "x".repeat(998));
    let fits = line.repeat(MAX_MAIL_BYTES / line.len() - 1);
    assert!(Client::greeted(&mailbox).send(&fits).starts_with("250"));
    let too_large = line.repeat(MAX_MAIL_BYTES / line.len() + 1);
    let mut client = Client::greeted(&mailbox);
    assert!(client.send(&too_large).starts_with("552"));
    // Nothing more is said on a connection whose state is in doubt.
    assert_eq!(client.reply(), "");
    assert_eq!(mailbox.list(10).unwrap().len(), 1);
}

#[test]
fn a_line_without_an_end_does_not_fill_the_memory() {
    let (mailbox, _folder) = mailbox();
    let mut client = Client::greeted(&mailbox);
    client.write(&vec![b'x'; 64 * 1024]);
    assert!(client.reply().starts_with("500"));
    assert_eq!(client.reply(), "");
}

#[test]
fn an_id_from_outside_cannot_reach_other_files() {
    let (mailbox, folder) = mailbox();
    fs::write(folder.path().join("secret.eml"), "Subject: secret\r\n\r\n").unwrap();
    let unknown = "0".repeat(64);
    let padded = format!("{}/../secret", "0".repeat(54));
    for id in [
        "",
        "../secret",
        "../secret.eml",
        unknown.as_str(),
        padded.as_str(),
    ] {
        assert_eq!(mailbox.find(id).unwrap(), None, "{id:?}");
    }
}

#[test]
fn more_clients_than_there_are_places_are_told_to_come_back() {
    let (mailbox, _folder) = mailbox();
    let mut clients: Vec<Client> = (0..32).map(|_| Client::greeted(&mailbox)).collect();
    let stream = TcpStream::connect(mailbox.smtp_address()).unwrap();
    let mut refused = String::new();
    BufReader::new(stream).read_line(&mut refused).unwrap();
    assert!(refused.starts_with("421"), "{refused}");
    assert!(
        clients[0]
            .send(&mail("1", "Still served"))
            .starts_with("250")
    );
}

#[test]
fn stopping_ends_open_connections_and_a_clone_can_still_read() {
    let (mailbox, _folder) = mailbox();
    let mut client = Client::greeted(&mailbox);
    assert!(client.send(&mail("1", "First")).starts_with("250"));
    let clone = mailbox.clone();
    mailbox.stop();
    mailbox.stop();
    assert_eq!(client.reply(), "");
    assert!(TcpStream::connect(mailbox.smtp_address()).is_err());
    drop(mailbox);
    assert_eq!(clone.list(10).unwrap().len(), 1);
}

#[test]
fn only_the_owner_can_read_the_mails() {
    let (mailbox, folder) = mailbox();
    assert!(
        Client::greeted(&mailbox)
            .send(&mail("1", "First"))
            .starts_with("250")
    );
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let id = &mailbox.list(1).unwrap()[0].id;
    assert_eq!(mode(&folder.path().join("mailbox")), 0o700);
    assert_eq!(
        mode(&folder.path().join(format!("mailbox/{id}.eml"))),
        0o600
    );
}
