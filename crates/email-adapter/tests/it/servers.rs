//! The two SMTP servers that the adapter is tested against.

use std::{net::SocketAddr, path::Path, sync::Mutex, time::Duration};

use mail_parser::{Message, MessageParser};
use tempfile::TempDir;
use tokio::runtime::{self, Runtime};
use unionhall_email_adapter::{SmtpConfig, SmtpMailer, SmtpSecurity};
use unionhall_embedded::{
    mailbox::{Mailbox, MailboxConfig},
    python_tools::PythonServer,
};
use unionhall_ports::mail::OutgoingMail;

/// A server of its own for one test, and how to reach it.
pub(crate) struct Server {
    pub(crate) config: SmtpConfig,
    pub(crate) runtime: Runtime,
    pub(crate) kind: Kind,
}

/// What keeps the server running; it ends when this is dropped.
pub(crate) enum Kind {
    Embedded { mailbox: Mailbox, _folder: TempDir },
    Aiosmtpd { server: Mutex<PythonServer> },
}

/// A mail as the server has it.
pub(crate) struct Received {
    pub(crate) raw: String,
    /// Whether it came encrypted and from somebody who had signed in, where the server tells.
    pub(crate) protected: Option<(bool, bool)>,
}

impl Received {
    pub(crate) fn parsed(&self) -> Message<'_> {
        MessageParser::default().parse(self.raw.as_bytes()).unwrap()
    }

    /// The headers, each on one line, with its continuation lines appended.
    pub(crate) fn headers(&self) -> Vec<String> {
        let head = self.raw.split("\r\n\r\n").next().unwrap();
        head.replace("\r\n ", " ")
            .replace("\r\n\t", " ")
            .lines()
            .map(str::to_owned)
            .collect()
    }
}

impl Server {
    /// The mailbox that the program brings along.
    pub(crate) fn embedded() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = MailboxConfig {
            folder: folder.path().join("mailbox"),
        };
        let mailbox = Mailbox::start(&config).unwrap();
        let config = config_of(mailbox.smtp_address());
        let kind = Kind::Embedded {
            mailbox,
            _folder: folder,
        };
        Self {
            config,
            runtime: runtime(),
            kind,
        }
    }

    /// A server that shares no code with ours; some recipients have a meaning, see its script.
    pub(crate) fn aiosmtpd() -> Self {
        Self::aiosmtpd_with(&[])
    }

    /// The same with settings of its script.
    pub(crate) fn aiosmtpd_with(settings: &[(&str, &str)]) -> Self {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/aiosmtpd");
        let server = PythonServer::start_with(Path::new(folder), settings).unwrap();
        let config = config_of(SocketAddr::from(([127, 0, 0, 1], server.port())));
        let kind = Kind::Aiosmtpd {
            server: Mutex::new(server),
        };
        Self {
            config,
            runtime: runtime(),
            kind,
        }
    }

    /// The adapter for this server.
    pub(crate) fn adapter(&self) -> SmtpMailer {
        SmtpMailer::new(&self.config, self.runtime.handle().clone()).unwrap()
    }

    /// The first `count` mails that the server took, in the order they came.
    pub(crate) fn received(&self, count: usize) -> Vec<Received> {
        match &self.kind {
            Kind::Embedded { mailbox, .. } => {
                let mut mails = mailbox.list(usize::MAX).unwrap();
                assert_eq!(mails.len(), count);
                mails.reverse();
                mails
                    .into_iter()
                    .map(|mail| mailbox.find(&mail.id).unwrap().unwrap().raw)
                    .map(|raw| Received {
                        raw: String::from_utf8(raw).unwrap(),
                        protected: None,
                    })
                    .collect()
            }
            Kind::Aiosmtpd { server } => {
                let mut server = server.lock().unwrap();
                (0..count)
                    .map(|_| of_line(&server.next_line().unwrap()))
                    .collect()
            }
        }
    }
}

/// A mail out of the line that the Python server prints for it.
fn of_line(line: &str) -> Received {
    let mail: serde_json::Value = serde_json::from_str(line).unwrap();
    assert_eq!(mail["to"].as_array().unwrap().len(), 1, "{line}");
    Received {
        raw: mail["raw"].as_str().unwrap().to_owned(),
        protected: mail["encrypted"].as_bool().zip(mail["signed_in"].as_bool()),
    }
}

pub(crate) fn runtime() -> Runtime {
    runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap()
}

pub(crate) fn config_of(address: SocketAddr) -> SmtpConfig {
    SmtpConfig {
        host: address.ip().to_string(),
        port: address.port(),
        security: SmtpSecurity::None,
        authorities: None,
        credentials: None,
        from: "Unionhall Größe <noreply@unionhall.example>".to_owned(),
        dkim: None,
        timeout: Duration::from_secs(20),
    }
}

/// A mail with a number that tells it from others.
pub(crate) fn mail(number: u32) -> OutgoingMail {
    OutgoingMail {
        message_id: format!("{number}.outbox@unionhall.example"),
        to: "ada@local46.example".to_owned(),
        subject: format!("Step {number} of GR-2026-0001"),
        text: "Dear Ada,\n\nyour step is due.\n".to_owned(),
        html: None,
        picture: None,
    }
}
