//! What the applicant and the office do with an application: hand it in, open its review, answer, withdraw.

use actix_web::{HttpResponse, post};

use super::{
    super::{
        docs::{Changed, RecordId, Terms},
        nothing::{self, Nothing},
        routes::Routes,
    },
    THING,
    bodies::WithdrawBody,
    present,
    views::ApplicationView,
};
use crate::web::{body::Body, caller::Caller, problem::Problem};

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes.add(submit).add(begin_review).add(withdraw);
}

/// Hands a draft in.
///
/// How many levels have to review it follows from the rules of the day and stays. The applicant gets a mail, as at every
/// further step.
#[utoipa::path(
    operation_id = "benevolence_submit",
    tag = "benevolence",
    params(RecordId, Terms),
    responses(Changed<ApplicationView>)
)]
#[post("/{id}/submit")]
async fn submit(caller: Caller, body: Body<Nothing>) -> Result<HttpResponse, Problem> {
    nothing::expected(&body)?;
    let id = caller.id(THING)?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application.benevolence.submit(call, id)
        })
        .await
}

/// Opens the review of an application.
///
/// The office has seen that it is complete. Nobody opens their own.
#[utoipa::path(
    operation_id = "benevolence_begin_review",
    tag = "benevolence",
    params(RecordId, Terms),
    responses(Changed<ApplicationView>)
)]
#[post("/{id}/begin-review")]
async fn begin_review(caller: Caller, body: Body<Nothing>) -> Result<HttpResponse, Problem> {
    nothing::expected(&body)?;
    let id = caller.id(THING)?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application.benevolence.begin_review(call, id)
        })
        .await
}

/// Withdraws an application.
///
/// The member does, or the office for them, before there is a decision; who does it for somebody else says why.
#[utoipa::path(
    operation_id = "benevolence_withdraw",
    tag = "benevolence",
    params(RecordId, Terms),
    request_body = WithdrawBody,
    responses(Changed<ApplicationView>)
)]
#[post("/{id}/withdraw")]
async fn withdraw(caller: Caller, body: Body<WithdrawBody>) -> Result<HttpResponse, Problem> {
    let id = caller.id(THING)?;
    let reason = body.parse_if_any()?.command()?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application.benevolence.withdraw(call, id, reason)
        })
        .await
}
