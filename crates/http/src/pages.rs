//! The pages that people see: what runs here, the kept mail, what each problem means, the API's documentation, and
//! the pages that mails lead to.
//!
//! They are made on the server and checked against their templates when this is compiled. Only those that mails lead
//! to, and the documentation, need a script.

mod account;
mod assets;
mod docs;
mod home;
mod mailbox;
mod problems;
mod unknown;

use std::{fmt, sync::Arc};

use actix_web::{
    HttpResponse, Route, guard,
    http::StatusCode,
    web::{self, ServiceConfig},
};
use askama::Template;

pub use self::mailbox::{MailPage, MailRow, MailboxView};
pub(crate) use self::unknown::not_found;
use crate::web::problem::Problem;

/// What the pages say of this installation.
#[derive(Clone)]
pub struct PagesConfig {
    /// This program's version, such as `0.1.0`.
    pub version: String,
    /// `development` or `production`.
    pub environment: String,
    /// The address that people use, without a slash at its end, such as `http://127.0.0.1:8080`.
    pub public_url: String,
    /// What runs where, in the order in which it is shown.
    pub services: Vec<Service>,
    /// The people of the demo tenants; in development only.
    pub demo: Option<Demo>,
    /// The kept mails; in development only, and `None` makes the mailbox an unknown page.
    pub mailbox: Option<Arc<dyn MailboxView>>,
}

/// One of the services that the program needs.
#[derive(Debug, Clone)]
pub struct Service {
    /// What it is, such as `Database`.
    pub name: String,
    /// Where it comes from, such as `PostgreSQL 15.14, embedded`; no secrets, for everybody can read it.
    pub what: String,
}

/// The people who can be tried out.
#[derive(Debug, Clone)]
pub struct Demo {
    /// The password of all of them.
    pub password: String,
    /// Who they are.
    pub sign_ins: Vec<DemoSignIn>,
}

/// One person of a demo tenant.
#[derive(Debug, Clone)]
pub struct DemoSignIn {
    /// What they sign in with.
    pub email: String,
    /// What they are there.
    pub role: String,
    /// Where: the tenant's name.
    pub tenant: String,
}

impl fmt::Debug for PagesConfig {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PagesConfig")
            .field("version", &self.version)
            .field("environment", &self.environment)
            .finish_non_exhaustive()
    }
}

/// Puts the pages into a server whose application data has a [`PagesConfig`].
pub(crate) fn configure(server: &mut ServiceConfig) {
    server
        .route("/", page().to(home::show))
        .route("/mailbox", page().to(mailbox::list))
        .route("/mailbox/{id}", page().to(mailbox::show))
        .route("/mailbox/{id}/html", page().to(mailbox::show_html))
        .route("/account/{page}", page().to(account::show))
        .route("/problems", page().to(problems::list))
        .route("/problems/{code}", page().to(problems::show))
        .route("/docs", page().to(docs::enter))
        .route("/docs/{file:.*}", page().to(docs::serve))
        .route("/assets/{file}", page().to(assets::serve));
}

/// Pages are read: with any other method there is nothing there.
fn page() -> Route {
    web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
}

/// The answer with a page.
fn rendered(status: StatusCode, page: &impl Template) -> Result<HttpResponse, Problem> {
    let html = page.render().map_err(|error| Problem::internal(&error))?;
    Ok(HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .body(html))
}

#[cfg(test)]
mod tests;
