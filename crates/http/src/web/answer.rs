//! Answers to changes, in the one form in which they are sent, kept for retries, and sent again.

use actix_web::{
    HttpResponse, HttpResponseBuilder,
    http::{StatusCode, header},
};
use serde::Serialize;
use unionhall_application::{Application, StoredAnswer, actor::Actor};
use unionhall_domain::version::Version;

use super::pieces;

/// What the making of an answer may look at.
#[derive(Clone)]
pub(crate) struct Rendering {
    pub(crate) application: Application,
    pub(crate) actor: Actor,
}

/// `201` with the new thing, where it lies and its version.
pub(crate) fn created(view: &impl Serialize, location: String, version: Version) -> StoredAnswer {
    let mut answer = ok(view, Some(version));
    answer.status = 201;
    answer
        .headers
        .push((header::LOCATION.to_string(), location));
    answer
}

/// `200` with the thing and, if it has one, its version.
pub(crate) fn ok(view: &impl Serialize, version: Option<Version>) -> StoredAnswer {
    let tag = version.map(|version| (header::ETAG.to_string(), etag(version)));
    StoredAnswer {
        status: 200,
        headers: tag.into_iter().collect(),
        body: serde_json::to_string(view).unwrap_or_default(),
    }
}

/// `204`: done, and nothing to show.
pub(crate) fn no_content() -> StoredAnswer {
    StoredAnswer {
        status: 204,
        ..StoredAnswer::default()
    }
}

/// [`no_content`] for whatever was changed, and whoever changed it.
pub(crate) fn gone<T>(_: &Rendering, _: &T) -> StoredAnswer {
    no_content()
}

/// The entity tag of a version.
pub(crate) fn etag(version: Version) -> String {
    format!("\"{}\"", version.get())
}

/// An answer as it goes out the first time.
pub(crate) fn fresh(answer: &StoredAnswer, dry_run: bool) -> HttpResponse {
    let mut response = begun(answer);
    if dry_run {
        response.insert_header(("Dry-Run", "true"));
    }
    ended(response, answer)
}

/// An answer as it goes out again.
pub(crate) fn replayed(answer: &StoredAnswer) -> HttpResponse {
    let mut response = begun(answer);
    response.insert_header(("Idempotent-Replayed", "true"));
    ended(response, answer)
}

/// `200` to a read: the record with its version.
pub(crate) fn record(view: &impl Serialize, version: Version) -> HttpResponse {
    fresh(&ok(view, Some(version)), false)
}

/// `200` to a read without a version.
pub(crate) fn json(view: &impl Serialize) -> HttpResponse {
    made(bytes(view))
}

/// A view as it goes out. Long lists are written by the thread that read them: rows take several times the room
/// of their JSON, and need not wait for the threads that speak HTTP.
pub(crate) fn bytes(view: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(view).unwrap_or_default()
}

/// `200` to a read whose view is written already.
pub(crate) fn made(body: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("application/json")
        .body(pieces::body(body))
}

fn begun(answer: &StoredAnswer) -> HttpResponseBuilder {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
    let mut response = HttpResponseBuilder::new(status);
    for (name, value) in &answer.headers {
        response.insert_header((name.as_str(), value.as_str()));
    }
    response
}

fn ended(mut response: HttpResponseBuilder, answer: &StoredAnswer) -> HttpResponse {
    if answer.body.is_empty() {
        response.finish()
    } else {
        response
            .content_type("application/json")
            .body(pieces::body(answer.body.clone()))
    }
}
