//! What can be done with a cohort.

use actix_web::{HttpResponse, post};
use unionhall_domain::{cohorts::CohortMove, text::Prose};

use super::{
    super::{
        docs::{Changed, RecordId, Terms},
        nothing::{self, Nothing},
        routes::Routes,
    },
    bodies::CancelCohortBody,
    present,
    views::CohortView,
};
use crate::web::{body::Body, caller::Caller, problem::Problem};

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes.add(open).add(start).add(complete).add(cancel);
}

/// Begins to take students into a planned cohort.
#[utoipa::path(
    operation_id = "cohorts_open",
    tag = "cohorts",
    params(RecordId, Terms),
    responses(Changed<CohortView>)
)]
#[post("/{id}/open")]
async fn open(caller: Caller, body: Body<Nothing>) -> Result<HttpResponse, Problem> {
    nothing::expected(&body)?;
    act(&caller, body.bytes(), CohortMove::Open, None).await
}

/// Begins to teach a cohort.
#[utoipa::path(
    operation_id = "cohorts_start",
    tag = "cohorts",
    params(RecordId, Terms),
    responses(Changed<CohortView>)
)]
#[post("/{id}/start")]
async fn start(caller: Caller, body: Body<Nothing>) -> Result<HttpResponse, Problem> {
    nothing::expected(&body)?;
    act(&caller, body.bytes(), CohortMove::Start, None).await
}

/// Says that a cohort is through; whoever is in it leaves it today.
#[utoipa::path(
    operation_id = "cohorts_complete",
    tag = "cohorts",
    params(RecordId, Terms),
    responses(Changed<CohortView>)
)]
#[post("/{id}/complete")]
async fn complete(caller: Caller, body: Body<Nothing>) -> Result<HttpResponse, Problem> {
    nothing::expected(&body)?;
    act(&caller, body.bytes(), CohortMove::Complete, None).await
}

/// Cancels a cohort that is not over; whoever is in it leaves it today.
#[utoipa::path(
    operation_id = "cohorts_cancel",
    tag = "cohorts",
    params(RecordId, Terms),
    request_body = CancelCohortBody,
    responses(Changed<CohortView>)
)]
#[post("/{id}/cancel")]
async fn cancel(caller: Caller, body: Body<CancelCohortBody>) -> Result<HttpResponse, Problem> {
    let reason = body.parse()?.command()?;
    act(&caller, body.bytes(), CohortMove::Cancel, Some(reason)).await
}

async fn act(
    caller: &Caller,
    body: &[u8],
    wanted: CohortMove,
    reason: Option<Prose<2_000>>,
) -> Result<HttpResponse, Problem> {
    let id = caller.id("cohort")?;
    caller
        .change(body, present, move |application, call| {
            application.cohorts.act(call, id, wanted, reason)
        })
        .await
}
