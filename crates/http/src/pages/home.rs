//! The first page: what runs here, where to go, and in development who can be tried out.

use actix_web::{HttpResponse, http::StatusCode, web::Data};
use askama::Template;

use super::{Demo, PagesConfig, Service, rendered};
use crate::web::problem::Problem;

#[derive(Template)]
#[template(path = "home.html")]
struct Home<'a> {
    version: &'a str,
    environment: &'a str,
    public_url: &'a str,
    services: &'a [Service],
    demo: Option<&'a Demo>,
    has_mailbox: bool,
}

/// Shows the page.
pub(super) async fn show(config: Data<PagesConfig>) -> Result<HttpResponse, Problem> {
    let page = Home {
        version: &config.version,
        environment: &config.environment,
        public_url: &config.public_url,
        services: &config.services,
        demo: config.demo.as_ref(),
        has_mailbox: config.mailbox.is_some(),
    };
    rendered(StatusCode::OK, &page)
}
