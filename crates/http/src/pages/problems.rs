//! A page for each thing that can go wrong: the `type` of a problem leads to it.

use actix_web::{HttpRequest, HttpResponse, http::StatusCode, web::Path};
use askama::Template;
use unionhall_application::error::Code;

use super::{not_found, rendered};
use crate::web::{
    problem::Problem,
    problem_catalogue::{self, Entry},
};

#[derive(Template)]
#[template(path = "problems/list.html")]
struct List {
    problems: Vec<(&'static str, Entry)>,
}

#[derive(Template)]
#[template(path = "problems/show.html")]
struct Show {
    code: &'static str,
    entry: Entry,
}

/// Shows all of them.
pub(super) async fn list() -> Result<HttpResponse, Problem> {
    let known = |code: Code| (code.as_str(), problem_catalogue::entry(code));
    let problems = Code::ALL.into_iter().map(known).collect();
    rendered(StatusCode::OK, &List { problems })
}

/// Shows one.
pub(super) async fn show(
    request: HttpRequest,
    code: Path<String>,
) -> Result<HttpResponse, Problem> {
    let Some(code) = problem_catalogue::find(&code) else {
        return not_found(request).await;
    };
    let page = Show {
        code: code.as_str(),
        entry: problem_catalogue::entry(code),
    };
    rendered(StatusCode::OK, &page)
}

/// A part of a sentence: plain words, or a name on the wire.
struct Piece<'a> {
    text: &'a str,
    is_name: bool,
}

/// Takes a sentence apart at its backticks: every second part is a name.
fn pieces(sentence: &str) -> impl Iterator<Item = Piece<'_>> {
    let is_name = [false, true].into_iter().cycle();
    let parts = sentence.split('`').zip(is_name);
    parts.map(|(text, is_name)| Piece { text, is_name })
}
