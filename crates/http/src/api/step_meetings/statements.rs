//! What the sides put forward on a meeting.

use actix_web::{HttpResponse, patch, post};

use super::{
    super::{
        cases::{MeetingPath, StatementPath, part},
        docs::{Added, Changed, Terms},
        nothing::{self, Nothing},
        routes::Routes,
    },
    bodies::{ChangeStatementBody, StateBody},
    created, meeting, present,
    views::StepMeetingView,
};
use crate::web::{body::Body, caller::Caller, problem::Problem};

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes.add(state).add(redraft).add(sign);
}

/// Writes down what a side put forward, as a draft or signed off at once.
///
/// What is signed off is never changed: a correction is a new statement that names the one it corrects.
#[utoipa::path(
    operation_id = "step_meetings_state",
    tag = "step_meetings",
    params(MeetingPath, Terms),
    request_body = StateBody,
    responses(Added<StepMeetingView>)
)]
#[post("/{meeting_id}/statements")]
async fn state(caller: Caller, body: Body<StateBody>) -> Result<HttpResponse, Problem> {
    let id = meeting(&caller)?;
    let new = body.parse()?.command()?;
    caller
        .change(body.bytes(), created, move |application, call| {
            application.step_meetings.state(call, id, new)
        })
        .await
}

/// Changes a draft.
#[utoipa::path(
    operation_id = "step_meetings_redraft",
    tag = "step_meetings",
    params(StatementPath, Terms),
    request_body = ChangeStatementBody,
    responses(Changed<StepMeetingView>)
)]
#[patch("/{meeting_id}/statements/{statement_id}")]
async fn redraft(caller: Caller, body: Body<ChangeStatementBody>) -> Result<HttpResponse, Problem> {
    let id = meeting(&caller)?;
    let statement = part(&caller, "statement_id", "statement")?;
    let wanted = body.parse()?.command()?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application
                .step_meetings
                .redraft(call, id, statement, wanted)
        })
        .await
}

/// Signs a draft off: from then on nobody changes it.
#[utoipa::path(
    operation_id = "step_meetings_sign",
    tag = "step_meetings",
    params(StatementPath, Terms),
    responses(Changed<StepMeetingView>)
)]
#[post("/{meeting_id}/statements/{statement_id}/sign")]
async fn sign(caller: Caller, body: Body<Nothing>) -> Result<HttpResponse, Problem> {
    let id = meeting(&caller)?;
    let statement = part(&caller, "statement_id", "statement")?;
    nothing::expected(&body)?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application.step_meetings.sign(call, id, statement)
        })
        .await
}
