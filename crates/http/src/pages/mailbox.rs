//! The mails that the embedded mailbox has kept instead of delivering them; in development only.

use std::{io, sync::Arc};

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{self, HeaderValue},
    },
    rt::task,
    web::{Data, Path},
};
use askama::Template;
use jiff::Timestamp;

use super::{PagesConfig, not_found, rendered};
use crate::web::problem::Problem;

/// The page around a mail: like any other, but for the frame with the mail's HTML.
const FRAMING_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
);

/// The mail's own HTML: styles on its elements, pictures that are in it, and nothing else. It has an origin of its own, runs nothing, sends
/// nothing, loads nothing; its links open in a window that knows nothing of where it came from.
const MAIL_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; frame-ancestors 'self'; base-uri 'none'; sandbox allow-popups allow-popups-to-escape-sandbox",
);

/// The most mails that the list shows.
const LIMIT: usize = 100;

/// Where the kept mails can be read; both calls may block.
pub trait MailboxView: Send + Sync {
    /// The newest mails, at most `limit` of them, newest first.
    ///
    /// # Errors
    /// When the mails cannot be read.
    fn list(&self, limit: usize) -> io::Result<Vec<MailRow>>;

    /// The mail with this id, or `None` when there is none; `id` is whatever a browser has sent.
    ///
    /// # Errors
    /// When the mail cannot be read.
    fn find(&self, id: &str) -> io::Result<Option<MailPage>>;
}

/// What the list shows of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailRow {
    /// The mail's name in an address: letters, digits, `-`, `_` and `.`.
    pub id: String,
    /// When the mailbox received it.
    pub at: Timestamp,
    /// The recipients, divided by `, `.
    pub to: String,
    /// The subject, decoded; may be empty.
    pub subject: String,
}

/// A whole mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailPage {
    /// When the mailbox received it.
    pub at: Timestamp,
    /// The sender.
    pub from: String,
    /// The recipients, divided by `, `.
    pub to: String,
    /// The subject, decoded; may be empty.
    pub subject: String,
    /// The text, decoded.
    pub text: String,
    /// The HTML, where the mail has some: whatever its sender wrote, and never part of a page of ours.
    pub html: Option<String>,
}

#[derive(Template)]
#[template(path = "mailbox/list.html")]
struct List {
    mails: Vec<MailRow>,
}

#[derive(Template)]
#[template(path = "mailbox/show.html")]
struct Show {
    id: String,
    mail: MailPage,
}

/// Shows the list.
pub(super) async fn list(
    request: HttpRequest,
    config: Data<PagesConfig>,
) -> Result<HttpResponse, Problem> {
    let Some(mailbox) = config.mailbox.clone() else {
        return not_found(request).await;
    };
    let mails = read(mailbox, |mailbox| mailbox.list(LIMIT)).await?;
    rendered(StatusCode::OK, &List { mails })
}

/// Shows one mail.
pub(super) async fn show(
    request: HttpRequest,
    config: Data<PagesConfig>,
    id: Path<String>,
) -> Result<HttpResponse, Problem> {
    let Some(mailbox) = config.mailbox.clone() else {
        return not_found(request).await;
    };
    let id = id.into_inner();
    let asked = id.clone();
    let mail = read(mailbox, move |mailbox| mailbox.find(&asked)).await?;
    let Some(mail) = mail else {
        return not_found(request).await;
    };
    let mut page = rendered(StatusCode::OK, &Show { id, mail })?;
    page.headers_mut()
        .insert(header::CONTENT_SECURITY_POLICY, FRAMING_POLICY);
    Ok(page)
}

/// Shows the HTML of one mail as its receiver would see it, shut off from everything: see [`MAIL_POLICY`].
pub(super) async fn show_html(
    request: HttpRequest,
    config: Data<PagesConfig>,
    id: Path<String>,
) -> Result<HttpResponse, Problem> {
    let Some(mailbox) = config.mailbox.clone() else {
        return not_found(request).await;
    };
    let mail = read(mailbox, move |mailbox| mailbox.find(&id)).await?;
    match mail.and_then(|mail| mail.html) {
        Some(html) => Ok(HttpResponse::Ok()
            .content_type("text/html; charset=utf-8")
            .insert_header((header::CONTENT_SECURITY_POLICY, MAIL_POLICY))
            .body(html)),
        None => not_found(request).await,
    }
}

/// Reads off the threads that speak HTTP; the gate would be wrong, for no connection to the database is needed.
async fn read<T: Send + 'static>(
    mailbox: Arc<dyn MailboxView>,
    work: impl FnOnce(&dyn MailboxView) -> io::Result<T> + Send + 'static,
) -> Result<T, Problem> {
    let outcome = task::spawn_blocking(move || work(&*mailbox)).await;
    outcome
        .map_err(|panic| Problem::internal(&panic))?
        .map_err(|error| Problem::internal(&error))
}

/// A time as people read it, in UTC to the second.
fn readable(at: &Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}
