//! What can be done with a campaign.

use actix_web::{HttpResponse, post};
use unionhall_domain::campaigns::Move;

use super::{
    super::{
        docs::{Changed, RecordId, Terms},
        nothing::{self, Nothing},
        routes::Routes,
    },
    bodies::CampaignReasonBody,
    present,
    views::CampaignView,
};
use crate::web::{body::Body, caller::Caller, problem::Problem};

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .add(start)
        .add(pause)
        .add(resume)
        .add(win)
        .add(lose)
        .add(abandon);
}

/// Begins a planned campaign today.
#[utoipa::path(
    operation_id = "campaigns_start",
    tag = "campaigns",
    params(RecordId, Terms),
    responses(Changed<CampaignView>)
)]
#[post("/{id}/start")]
async fn start(caller: Caller, body: Body<Nothing>) -> Result<HttpResponse, Problem> {
    nothing::expected(&body)?;
    act(&caller, body.bytes(), Move::Start).await
}

/// Lets an active campaign rest.
#[utoipa::path(
    operation_id = "campaigns_pause",
    tag = "campaigns",
    params(RecordId, Terms),
    request_body = CampaignReasonBody,
    responses(Changed<CampaignView>)
)]
#[post("/{id}/pause")]
async fn pause(caller: Caller, body: Body<CampaignReasonBody>) -> Result<HttpResponse, Problem> {
    let reason = body.parse()?.command()?;
    act(&caller, body.bytes(), Move::Pause(reason)).await
}

/// Goes on with a campaign that rests.
#[utoipa::path(
    operation_id = "campaigns_resume",
    tag = "campaigns",
    params(RecordId, Terms),
    responses(Changed<CampaignView>)
)]
#[post("/{id}/resume")]
async fn resume(caller: Caller, body: Body<Nothing>) -> Result<HttpResponse, Problem> {
    nothing::expected(&body)?;
    act(&caller, body.bytes(), Move::Resume).await
}

/// Ends an active campaign that has reached what it was for.
#[utoipa::path(
    operation_id = "campaigns_win",
    tag = "campaigns",
    params(RecordId, Terms),
    request_body = CampaignReasonBody,
    responses(Changed<CampaignView>)
)]
#[post("/{id}/win")]
async fn win(caller: Caller, body: Body<CampaignReasonBody>) -> Result<HttpResponse, Problem> {
    let reason = body.parse()?.command()?;
    act(&caller, body.bytes(), Move::Win(reason)).await
}

/// Ends a campaign that has not reached what it was for.
#[utoipa::path(
    operation_id = "campaigns_lose",
    tag = "campaigns",
    params(RecordId, Terms),
    request_body = CampaignReasonBody,
    responses(Changed<CampaignView>)
)]
#[post("/{id}/lose")]
async fn lose(caller: Caller, body: Body<CampaignReasonBody>) -> Result<HttpResponse, Problem> {
    let reason = body.parse()?.command()?;
    act(&caller, body.bytes(), Move::Lose(reason)).await
}

/// Gives a campaign up, also one that has not begun.
#[utoipa::path(
    operation_id = "campaigns_abandon",
    tag = "campaigns",
    params(RecordId, Terms),
    request_body = CampaignReasonBody,
    responses(Changed<CampaignView>)
)]
#[post("/{id}/abandon")]
async fn abandon(caller: Caller, body: Body<CampaignReasonBody>) -> Result<HttpResponse, Problem> {
    let reason = body.parse()?.command()?;
    act(&caller, body.bytes(), Move::Abandon(reason)).await
}

async fn act(caller: &Caller, body: &[u8], wanted: Move) -> Result<HttpResponse, Problem> {
    let id = caller.id("campaign")?;
    caller
        .change(body, present, move |application, call| {
            application.campaigns.act(call, id, wanted)
        })
        .await
}
