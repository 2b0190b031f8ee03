//! Calendar feeds of deadlines over HTTP: one's own, somebody else's to end, and the calendar itself.

mod calendar;
mod views;

use actix_web::{
    HttpRequest, HttpResponse, delete, get,
    http::{StatusCode, header},
    post,
    web::Data,
};
use sha2::{Digest, Sha256};
use unionhall_application::{
    core::Recorded,
    deadline_feeds::{DeadlineFeedError, DeadlineFeeds, FetchedFeed},
    trail::Origin,
};
use utoipa::openapi::{
    ContentBuilder, ResponseBuilder,
    path::{Parameter, ParameterIn},
};

use self::views::{FeedView, IssuedFeedView};
use super::{
    docs::{self, Deleted, RecordId, Terms},
    nothing::{self, Nothing},
    routes::Routes,
};
use crate::web::{
    answer,
    body::Body,
    caller::{Caller, Shared, on_record, origin, through},
    edge,
    problem::Problem,
    query::Query,
};

/// How long a calendar may show what it has before it asks whether that is still so.
const CACHING: &str = "private, no-cache";

/// The routes for whoever is signed in, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .schema::<FeedView>()
        .schema::<IssuedFeedView<'_>>()
        .add(find)
        .add(make)
        .add(revoke_own)
        .add(replace)
        .add(revoke);
}

/// The route for whoever has the token.
pub(super) fn open_routes(routes: &mut Routes<'_, '_>) {
    routes.add_open(fetch);
}

/// Shows whether the caller has a calendar feed of deadlines, and when it was last fetched; never its address.
#[utoipa::path(
    operation_id = "deadline_feeds_find",
    tag = "deadline_feeds",
    responses(Found)
)]
#[get("/me/deadline-feed")]
async fn find(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let feed = caller
        .look(|application, call| application.deadline_feeds.find(call))
        .await?;
    Ok(answer::json(&FeedView::from(&feed)))
}

/// Makes the caller's calendar feed of the deadlines they carry, and shows its address, this once.
///
/// Whoever knows the address can read the feed: which grievance by its number, which step, who must do what by when.
/// It is answered as long as the caller may read grievances in this tenant.
#[utoipa::path(
    operation_id = "deadline_feeds_make",
    tag = "deadline_feeds",
    responses(Made)
)]
#[post("/me/deadline-feed")]
async fn make(caller: Caller, body: Body<Nothing>) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    nothing::expected(&body)?;
    let issued = caller
        .look(|application, call| application.deadline_feeds.make(call))
        .await?;
    Ok(HttpResponse::Created()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(IssuedFeedView::from(&issued)))
}

/// Ends the caller's calendar feed: its address is worth nothing from then on.
#[utoipa::path(
    operation_id = "deadline_feeds_revoke_own",
    tag = "deadline_feeds",
    responses(Revoked)
)]
#[delete("/me/deadline-feed")]
async fn revoke_own(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    caller
        .look(|application, call| application.deadline_feeds.revoke_own(call))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Gives the caller's calendar feed another address, and shows it, this once; the old one is worth nothing from then on.
#[utoipa::path(
    operation_id = "deadline_feeds_replace",
    tag = "deadline_feeds",
    responses(Replaced)
)]
#[post("/me/deadline-feed/replace")]
async fn replace(caller: Caller, body: Body<Nothing>) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    nothing::expected(&body)?;
    let issued = caller
        .look(|application, call| application.deadline_feeds.replace(call))
        .await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .json(IssuedFeedView::from(&issued)))
}

/// Ends a user's calendar feed of deadlines, and tells them by mail.
#[utoipa::path(
    operation_id = "deadline_feeds_revoke",
    tag = "deadline_feeds",
    params(RecordId, Terms),
    responses(Deleted)
)]
#[delete("/users/{id}/deadline-feed")]
async fn revoke(caller: Caller) -> Result<HttpResponse, Problem> {
    let user = caller.id("calendar feed")?;
    caller
        .change(&[], answer::gone, move |application, call| {
            application.deadline_feeds.revoke(call, user)
        })
        .await
}

/// The calendar (RFC 5545) of the deadlines that the owner of the token carries.
///
/// It needs no access token: the token in its path is the key. An entry keeps its `UID` however often its day moves,
/// and its `SEQUENCE` grows when the day moves or the deadline ends; one that has ended is `CANCELLED` for 30 days.
/// With `If-None-Match` it is answered `304` when nothing has changed. A token that does not count (any more) is
/// answered `404`, whatever the reason is.
#[utoipa::path(
    operation_id = "deadline_feeds_fetch",
    tag = "deadline_feeds",
    params(TokenInPath),
    responses(Calendar)
)]
#[get("/{token}.ics")]
async fn fetch(request: HttpRequest, shared: Data<Shared>) -> Result<HttpResponse, Problem> {
    Query::of(&request).finish(())?;
    let token = request.match_info().get("token").unwrap_or_default();
    let (token, origin) = (token.to_owned(), origin(&request));
    let (feeds, known) = (shared.application.deadline_feeds.clone(), known(&request));
    let looked = feeds.clone();
    let work = move || asked(&looked, &token, origin, &known);
    let asked = through(&request, &shared.gate, work).await?;
    answered(&request, &shared, feeds, asked).await
}

/// The answer, when it is certain: the reading is on record, and what the calendar shows from now on is kept as seen.
async fn answered(
    request: &HttpRequest,
    shared: &Shared,
    feeds: DeadlineFeeds,
    asked: Asked,
) -> Result<HttpResponse, Problem> {
    let Asked {
        tag,
        fetched,
        fresh,
    } = asked;
    let calendar = match fresh {
        Some(calendar) => Some(on_record(calendar).await?),
        None => None,
    };
    if !edge::without_content(request) {
        through(request, &shared.gate, move || feeds.seen(&fetched)).await?;
    }
    Ok(shown(&tag, calendar))
}

/// What there is to answer.
struct Asked {
    tag: String,
    fetched: FetchedFeed,
    /// The calendar on its way, unless the one who asks has it.
    fresh: Option<Recorded<String>>,
}

/// The calendar and its tag; what is known by its tag is not told again.
fn asked(
    feeds: &DeadlineFeeds,
    token: &str,
    origin: Origin,
    known: &[String],
) -> Result<Asked, DeadlineFeedError> {
    let fetched = feeds.fetch(token, origin)?;
    let calendar = calendar::written(&fetched.entries);
    let tag = format!("\"{:x}\"", Sha256::digest(&calendar));
    let fresh = if known.contains(&tag) {
        None
    } else {
        Some(feeds.told(&fetched, calendar)?)
    };
    Ok(Asked {
        tag,
        fetched,
        fresh,
    })
}

/// The calendar whose reading is on record, or that nothing has changed.
fn shown(tag: &str, calendar: Option<String>) -> HttpResponse {
    let status = match &calendar {
        Some(_) => StatusCode::OK,
        None => StatusCode::NOT_MODIFIED,
    };
    let mut response = HttpResponse::build(status);
    response
        .insert_header((header::ETAG, tag))
        .insert_header((header::CACHE_CONTROL, CACHING));
    match calendar {
        None => response.finish(),
        Some(calendar) => response
            .content_type("text/calendar; charset=utf-8")
            .insert_header((
                header::CONTENT_DISPOSITION,
                "inline; filename=\"deadlines.ics\"",
            ))
            .body(calendar),
    }
}

/// The tags that a calendar has (RFC 9110 §13.1.2); compared weakly.
fn known(request: &HttpRequest) -> Vec<String> {
    let tags = request.headers().get_all(header::IF_NONE_MATCH);
    tags.filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|tag| tag.trim().trim_start_matches("W/").to_owned())
        .collect()
}

/// The token in the path, for the document.
struct TokenInPath(());
/// `200` with the caller's feed.
struct Found(());
/// `201` with a feed and its address.
struct Made(());
/// `200` with a feed and its address.
struct Replaced(());
/// `204`: the feed has ended.
struct Revoked(());
/// `200` with the calendar.
struct Calendar(());

impl utoipa::IntoParams for TokenInPath {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let token = docs::text().pattern(Some("^[A-Za-z0-9_-]{43}$"));
        vec![docs::path("token", token, "The token of the feed.")]
    }
}

impl utoipa::IntoResponses for Found {
    fn responses() -> docs::Responses {
        let answer = docs::shows::<FeedView>("The feed.");
        docs::with_problems("200", answer, &[400, 401, 404, 503])
    }
}

impl utoipa::IntoResponses for Made {
    fn responses() -> docs::Responses {
        let answer = docs::shows::<IssuedFeedView<'_>>("The feed with its address.");
        let problems = [400, 401, 403, 409, 413, 415, 422, 503];
        docs::with_problems("201", answer, &problems)
    }
}

impl utoipa::IntoResponses for Replaced {
    fn responses() -> docs::Responses {
        let answer = docs::shows::<IssuedFeedView<'_>>("The feed with its new address.");
        let problems = [400, 401, 403, 404, 409, 413, 415, 422, 503];
        docs::with_problems("200", answer, &problems)
    }
}

impl utoipa::IntoResponses for Revoked {
    fn responses() -> docs::Responses {
        let answer = ResponseBuilder::new().description("The feed has ended.");
        docs::with_problems("204", answer, &[400, 401, 404, 503])
    }
}

impl utoipa::IntoResponses for Calendar {
    fn responses() -> docs::Responses {
        let answer = ResponseBuilder::new()
            .description("The calendar.")
            .content("text/calendar", ContentBuilder::new().build());
        let mut responses = docs::with_problems("200", answer, &[400, 404, 503]);
        let known = ResponseBuilder::new().description("The calendar is as it was.");
        responses.insert("304".to_owned(), known.build().into());
        responses
    }
}
