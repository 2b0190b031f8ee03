//! What can be done to a grievance between its meetings.

use actix_web::{HttpResponse, post};
use unionhall_domain::grievances::Action;

use super::{
    super::{
        docs::{Changed, RecordId, Terms},
        nothing::{self, Nothing},
        routes::Routes,
    },
    bodies::ReasonBody,
    present,
    views::GrievanceView,
};
use crate::web::{body::Body, caller::Caller, problem::Problem};

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .add(investigate)
        .add(schedule_hearing)
        .add(advance)
        .add(withdraw)
        .add(close)
        .add(reopen);
}

/// Begins to gather facts.
#[utoipa::path(
    operation_id = "grievances_investigate",
    tag = "grievances",
    params(RecordId, Terms),
    responses(Changed<GrievanceView>)
)]
#[post("/{id}/investigate")]
async fn investigate(caller: Caller, body: Body<Nothing>) -> Result<HttpResponse, Problem> {
    nothing::expected(&body)?;
    act(&caller, body.bytes(), Action::Investigate).await
}

/// Says that a hearing of the present step is set.
#[utoipa::path(
    operation_id = "grievances_schedule_hearing",
    tag = "grievances",
    params(RecordId, Terms),
    responses(Changed<GrievanceView>)
)]
#[post("/{id}/schedule-hearing")]
async fn schedule_hearing(caller: Caller, body: Body<Nothing>) -> Result<HttpResponse, Problem> {
    nothing::expected(&body)?;
    act(&caller, body.bytes(), Action::ScheduleHearing).await
}

/// Takes a denied grievance to the next step.
#[utoipa::path(
    operation_id = "grievances_advance",
    tag = "grievances",
    params(RecordId, Terms),
    responses(Changed<GrievanceView>)
)]
#[post("/{id}/advance")]
async fn advance(caller: Caller, body: Body<Nothing>) -> Result<HttpResponse, Problem> {
    nothing::expected(&body)?;
    act(&caller, body.bytes(), Action::Advance).await
}

/// Gives a grievance up.
#[utoipa::path(
    operation_id = "grievances_withdraw",
    tag = "grievances",
    params(RecordId, Terms),
    request_body = ReasonBody,
    responses(Changed<GrievanceView>)
)]
#[post("/{id}/withdraw")]
async fn withdraw(caller: Caller, body: Body<ReasonBody>) -> Result<HttpResponse, Problem> {
    let reason = body.parse()?.command()?;
    act(&caller, body.bytes(), Action::Withdraw(reason)).await
}

/// Files a grievance that is over away.
#[utoipa::path(
    operation_id = "grievances_close",
    tag = "grievances",
    params(RecordId, Terms),
    request_body = ReasonBody,
    responses(Changed<GrievanceView>)
)]
#[post("/{id}/close")]
async fn close(caller: Caller, body: Body<ReasonBody>) -> Result<HttpResponse, Problem> {
    let reason = body.parse()?.command()?;
    act(&caller, body.bytes(), Action::Close(reason)).await
}

/// Takes a grievance that is over up again.
#[utoipa::path(
    operation_id = "grievances_reopen",
    tag = "grievances",
    params(RecordId, Terms),
    request_body = ReasonBody,
    responses(Changed<GrievanceView>)
)]
#[post("/{id}/reopen")]
async fn reopen(caller: Caller, body: Body<ReasonBody>) -> Result<HttpResponse, Problem> {
    let reason = body.parse()?.command()?;
    act(&caller, body.bytes(), Action::Reopen(reason)).await
}

async fn act(caller: &Caller, body: &[u8], action: Action) -> Result<HttpResponse, Problem> {
    let id = caller.id("grievance")?;
    caller
        .change(body, present, move |application, call| {
            application.grievances.act(call, id, action)
        })
        .await
}
