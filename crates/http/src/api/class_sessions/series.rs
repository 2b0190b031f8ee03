//! Series of class sessions over HTTP.

use actix_web::{HttpResponse, post};
use unionhall_application::{StoredAnswer, class_sessions::SeriesMade};

use super::{
    super::{
        docs::{self, NewTerms, RecordId, Terms},
        routes::Routes,
    },
    bodies::{CreateSeriesBody, MoveSeriesBody},
    views::SeriesView,
};
use crate::web::{
    answer::{self, Rendering},
    body::Body,
    caller::Caller,
    problem::Problem,
};

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .schema::<SeriesView<'_>>()
        .add(create)
        .add(move_series);
}

/// Plans a series of sessions, all of them or none.
///
/// They are on the weekday of the first day. Holidays of the tenant's calendars are left out and do not count: a series
/// of twelve evenings has twelve. `dry_run=true` shows the series without making it.
#[utoipa::path(
    operation_id = "class_sessions_create_series",
    tag = "class_sessions",
    params(NewTerms),
    request_body = CreateSeriesBody,
    responses(Made)
)]
#[post("/series")]
async fn create(caller: Caller, body: Body<CreateSeriesBody>) -> Result<HttpResponse, Problem> {
    let wanted = body.parse()?.command()?;
    caller
        .change(body.bytes(), shown, move |application, call| {
            application.class_sessions.create_series(call, wanted)
        })
        .await
}

/// Moves the sessions of a series that are to come, all of them or none.
///
/// What is not named stays as it is. Sessions that were cancelled or have begun stay where they are. `dry_run=true` shows
/// what would become of them.
#[utoipa::path(
    operation_id = "class_sessions_move_series",
    tag = "class_sessions",
    params(RecordId, Terms),
    request_body = MoveSeriesBody,
    responses(Made)
)]
#[post("/series/{id}/move")]
async fn move_series(caller: Caller, body: Body<MoveSeriesBody>) -> Result<HttpResponse, Problem> {
    let id = caller.id("series")?;
    let wanted = body.parse()?.command()?;
    caller
        .change(body.bytes(), shown, move |application, call| {
            application.class_sessions.move_series(call, id, &wanted)
        })
        .await
}

fn shown(_: &Rendering, made: &SeriesMade) -> StoredAnswer {
    answer::ok(&SeriesView::from(made), None)
}

/// The answers, for the document.
struct Made(());

impl utoipa::IntoResponses for Made {
    fn responses() -> docs::Responses {
        let answer = docs::changed(docs::shows::<SeriesView<'_>>("The series as it is now."));
        docs::with_problems("200", answer, docs::ON_A_RECORD)
    }
}
