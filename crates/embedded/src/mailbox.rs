//! The embedded mailbox: an SMTP server on loopback that keeps every mail as a file.
//!
//! It takes the place of a real mail server where none is configured: nothing leaves the machine,
//! and what was sent can be read in the folder or on a page.
//! The protocol is `mailin`'s; the connections are served by `receiver`.

mod receiver;

use std::{
    fs::{self, File},
    io::{self, Read, Write},
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

use base64::{Engine, engine::general_purpose::STANDARD};
use mail_parser::{Address, Message, MessageParser, MessagePart, MimeHeaders, PartType};
use sha2::{Digest, Sha256};
use thiserror::Error;

use self::receiver::Receiver;
use crate::folders;

/// The largest mail that is taken, in bytes.
pub const MAX_MAIL_BYTES: usize = 1024 * 1024;

/// How much of a file is read for a list: headers are at the front and seldom larger.
const SUMMARY_BYTES: u64 = 64 * 1024;

/// What the name of a mail that is still being written begins with.
const INCOMING: &str = ".incoming-";

/// Where the mailbox keeps its mails.
#[derive(Clone, Debug)]
pub struct MailboxConfig {
    /// The mailbox's own folder, made when missing; no two running mailboxes may share one.
    pub folder: PathBuf,
}

/// Why the mailbox did not start, or cannot be read.
#[derive(Debug, Error)]
pub enum MailboxError {
    /// A file or folder of the mailbox cannot be made or read.
    #[error("{path}: cannot be used by the mailbox")]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// No port of loopback, or no thread, could be had.
    #[error("the mailbox cannot listen on loopback")]
    Listen(#[source] io::Error),
}

/// What a list shows of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailSummary {
    /// The mail's name in this mailbox, made from its Message-ID: 64 hexadecimal digits.
    pub id: String,
    /// When the mailbox received it.
    pub at: SystemTime,
    /// The sender, such as `Unionhall <noreply@unionhall.example>`; empty when it has none.
    pub from: String,
    /// The recipients of the header, divided by `, `.
    pub to: String,
    /// The subject, decoded.
    pub subject: String,
}

/// A whole mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailView {
    /// What a list shows of it.
    pub summary: MailSummary,
    /// The text, decoded.
    pub text: String,
    /// The HTML, decoded, where the mail has some; it is whatever the sender wrote. Pictures that the mail brings along
    /// stand in it as `data:` addresses (RFC 2397), because nobody else knows them.
    pub html: Option<String>,
    /// The mail as it came in.
    pub raw: Vec<u8>,
}

/// A running mailbox; clones are the same mailbox, which stops when the last one is dropped.
#[derive(Clone, Debug)]
pub struct Mailbox {
    store: Arc<MailStore>,
    receiver: Arc<Receiver>,
}

impl Mailbox {
    /// Starts receiving on a free port of 127.0.0.1, in threads of its own.
    ///
    /// # Errors
    ///
    /// A [`MailboxError`] that names the file or the step that failed.
    pub fn start(config: &MailboxConfig) -> Result<Self, MailboxError> {
        let store = Arc::new(MailStore::open(&config.folder)?);
        let receiver = Receiver::start(Arc::clone(&store)).map_err(MailboxError::Listen)?;
        Ok(Self {
            store,
            receiver: Arc::new(receiver),
        })
    }

    /// Where to send mail to: plain SMTP, no sign-in.
    #[must_use]
    pub fn smtp_address(&self) -> SocketAddr {
        self.receiver.address()
    }

    /// The newest mails, at most `limit` of them, newest first.
    ///
    /// # Errors
    ///
    /// [`MailboxError::File`] when the folder or a mail cannot be read.
    pub fn list(&self, limit: usize) -> Result<Vec<MailSummary>, MailboxError> {
        self.store.list(limit)
    }

    /// The mail with this id, or `None` when there is none.
    ///
    /// # Errors
    ///
    /// [`MailboxError::File`] when the mail cannot be read.
    pub fn find(&self, id: &str) -> Result<Option<MailView>, MailboxError> {
        self.store.find(id)
    }

    /// Stops receiving, for all clones, and returns when no thread is left; reading goes on to
    /// work.
    ///
    /// A mail that is being received is either kept and acknowledged or not acknowledged.
    pub fn stop(&self) {
        self.receiver.stop();
    }
}

/// The folder with the mails.
#[derive(Debug)]
struct MailStore {
    folder: PathBuf,
}

impl MailStore {
    /// Opens the folder and removes what a sudden end has left half written.
    fn open(folder: &Path) -> Result<Self, MailboxError> {
        let store = Self {
            folder: folder.to_owned(),
        };
        folders::create_private(folder).map_err(|error| store.failed(error))?;
        for name in store.names()? {
            if name.starts_with(INCOMING) {
                let path = folder.join(name);
                fs::remove_file(&path).map_err(|source| MailboxError::File { path, source })?;
            }
        }
        Ok(store)
    }

    /// Keeps a mail; when this returns `Ok`, it is on the disk.
    ///
    /// A mail whose Message-ID has been seen is the same mail sent again, and is kept once.
    fn keep(&self, raw: &[u8]) -> io::Result<()> {
        let path = self.path(&id_of(raw));
        if !path.exists() {
            let mut file = tempfile::Builder::new()
                .prefix(INCOMING)
                .tempfile_in(&self.folder)?;
            file.write_all(raw)?;
            file.as_file().set_modified(now())?;
            file.as_file().sync_all()?;
            match file.persist_noclobber(&path) {
                // Another connection has just kept the same mail.
                Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error.error),
                Ok(_) => {}
            }
        }
        // The name of the file is on the disk only when the folder is; also when the mail was
        // there already, since whoever made it may not have come this far.
        File::open(&self.folder)?.sync_all()
    }

    fn list(&self, limit: usize) -> Result<Vec<MailSummary>, MailboxError> {
        let mut mails = Vec::new();
        for name in self.names()? {
            let Some(id) = name.strip_suffix(".eml").filter(|id| is_id(id)) else {
                continue;
            };
            if let Some(at) = self.received_at(id)? {
                mails.push((at, id.to_owned()));
            }
        }
        mails.sort_unstable_by(|left, right| right.cmp(left));
        mails.truncate(limit);
        let mut summaries = Vec::with_capacity(mails.len());
        for (at, id) in mails {
            if let Some(head) = self.read(&id, SUMMARY_BYTES)? {
                let message = MessageParser::default().parse_headers(&head);
                summaries.push(summary(id, at, message.as_ref()));
            }
        }
        Ok(summaries)
    }

    fn find(&self, id: &str) -> Result<Option<MailView>, MailboxError> {
        if !is_id(id) {
            return Ok(None);
        }
        let (Some(at), Some(raw)) = (self.received_at(id)?, self.read(id, u64::MAX)?) else {
            return Ok(None);
        };
        let message = MessageParser::default().parse(&raw);
        let summary = summary(id.to_owned(), at, message.as_ref());
        let text = message.as_ref().and_then(|message| message.body_text(0));
        let text = text.unwrap_or_default().into_owned();
        let html = message.as_ref().and_then(html_of);
        Ok(Some(MailView {
            summary,
            text,
            html,
            raw,
        }))
    }

    /// When a mail was received, or `None` when it is not there (any more).
    fn received_at(&self, id: &str) -> Result<Option<SystemTime>, MailboxError> {
        let path = self.path(id);
        match fs::metadata(&path).and_then(|metadata| metadata.modified()) {
            Ok(at) => Ok(Some(at)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(MailboxError::File { path, source }),
        }
    }

    /// The first `limit` bytes of a mail, or `None` when it is not there (any more).
    fn read(&self, id: &str, limit: u64) -> Result<Option<Vec<u8>>, MailboxError> {
        let path = self.path(id);
        let mut bytes = Vec::new();
        match File::open(&path).and_then(|file| file.take(limit).read_to_end(&mut bytes)) {
            Ok(_) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(MailboxError::File { path, source }),
        }
    }

    /// The names of all files in the folder that are valid text.
    fn names(&self) -> Result<Vec<String>, MailboxError> {
        let read = || {
            fs::read_dir(&self.folder)?
                .map(|entry| entry.map(|entry| entry.file_name().into_string()))
                .filter_map(|name| name.map(Result::ok).transpose())
                .collect::<io::Result<Vec<_>>>()
        };
        read().map_err(|error| self.failed(error))
    }

    fn path(&self, id: &str) -> PathBuf {
        self.folder.join(format!("{id}.eml"))
    }

    fn failed(&self, source: io::Error) -> MailboxError {
        MailboxError::File {
            path: self.folder.clone(),
            source,
        }
    }
}

/// The time that a mail is stamped with, set by us because the system stamps files with the time
/// of its last tick, which is too coarse to order mails by.
#[expect(
    clippy::disallowed_methods,
    reason = "the mailbox stands for a server outside, which has its own clock"
)]
fn now() -> SystemTime {
    SystemTime::now()
}

/// The name of a mail in the mailbox: a digest of its Message-ID, or of all of it when it has none.
fn id_of(raw: &[u8]) -> String {
    let message = MessageParser::default().parse_headers(raw);
    let message_id = message.as_ref().and_then(|message| message.message_id());
    format!(
        "{:x}",
        Sha256::digest(message_id.map_or(raw, str::as_bytes))
    )
}

/// Whether a text from outside can be a mail's name, and so be part of a path.
fn is_id(text: &str) -> bool {
    let digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    text.len() == 64 && text.bytes().all(digit)
}

/// What a list shows; `message` is `None` when the mail has nothing that could be a header.
fn summary(id: String, at: SystemTime, message: Option<&Message<'_>>) -> MailSummary {
    let subject = message.and_then(|message| message.subject());
    MailSummary {
        id,
        at,
        from: addresses(message.and_then(|message| message.from())),
        to: addresses(message.and_then(|message| message.to())),
        subject: subject.unwrap_or_default().to_owned(),
    }
}

/// The first part that the sender marked as HTML; the parser would make some of a text as well.
fn html_of(message: &Message<'_>) -> Option<String> {
    let html = message.html_bodies().find_map(|part| match &part.body {
        PartType::Html(html) => Some(html.clone().into_owned()),
        _ => None,
    })?;
    Some(
        message
            .parts
            .iter()
            .filter_map(picture)
            .fold(html, |html, (content_id, address)| {
                html.replace(&format!("\"cid:{content_id}\""), &format!("\"{address}\""))
            }),
    )
}

/// A picture that the mail brings along for its HTML (RFC 2392), with the address that stands for it.
fn picture(part: &MessagePart<'_>) -> Option<(String, String)> {
    let kind = part
        .content_type()
        .filter(|kind| kind.ctype().eq_ignore_ascii_case("image"))?;
    let content_id = part.content_id()?.to_owned();
    let bytes = match &part.body {
        PartType::Binary(bytes) | PartType::InlineBinary(bytes) => bytes,
        _ => return None,
    };
    let kind = kind.subtype().unwrap_or_default();
    Some((
        content_id,
        format!("data:image/{kind};base64,{}", STANDARD.encode(bytes)),
    ))
}

/// Addresses as people write them: `Name <address>`, divided by `, `.
fn addresses(header: Option<&Address<'_>>) -> String {
    let mut written = Vec::new();
    for address in header.into_iter().flat_map(Address::iter) {
        match (address.name(), address.address()) {
            (Some(name), Some(bare)) => written.push(format!("{name} <{bare}>")),
            (None, Some(text)) | (Some(text), None) => written.push(text.to_owned()),
            (None, None) => {}
        }
    }
    written.join(", ")
}
