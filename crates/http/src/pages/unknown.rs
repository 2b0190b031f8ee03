//! What there is at an address where nothing is: a page for people, a problem for programs.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{self, HeaderMap},
    },
};
use askama::Template;
use unionhall_application::error::Code;

use super::rendered;
use crate::web::problem::Problem;

#[derive(Template)]
#[template(path = "unknown.html")]
struct Unknown;

/// `404`: a page where the client can show one and the address is not the API's, a problem elsewhere.
///
/// # Errors
/// The problem.
pub(crate) async fn not_found(request: HttpRequest) -> Result<HttpResponse, Problem> {
    let is_api = request.path() == "/api" || request.path().starts_with("/api/");
    if !is_api && shows_pages(request.headers()) {
        return rendered(StatusCode::NOT_FOUND, &Unknown);
    }
    let detail = "there is nothing at this address";
    Err(Problem::new(Code::NotFound, detail))
}

/// Whether the client says that it shows pages: browsers name the type, programs send `*/*` at most.
fn shows_pages(headers: &HeaderMap) -> bool {
    let mut accepted = headers
        .get_all(header::ACCEPT)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    accepted.any(|kind| {
        let name = kind.split(';').next().unwrap_or_default();
        name.trim().eq_ignore_ascii_case("text/html")
    })
}
