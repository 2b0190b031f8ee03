//! The deadlines of one grievance, and what is said of each.

use actix_web::{HttpResponse, get, post};
use unionhall_application::{
    CaseDeadline, StoredAnswer,
    deadlines::{DeadlineCommand, OnDay},
};
use unionhall_domain::ids::Id;
use utoipa::openapi::path::{Parameter, ParameterIn};

use super::{
    super::{
        docs::{self, Changed, ListChanged, Listed, RecordId, Terms},
        nothing::{self, Nothing},
        routes::Routes,
    },
    bodies::{ExtendBody, HappeningBody, MeetBody, WaiveBody},
    corrections,
    views::DeadlineView,
};
use crate::web::{
    answer::{self, Rendering},
    body::Body,
    caller::Caller,
    paging::PageView,
    problem::Problem,
};

/// The routes, in the order of the document.
pub(in crate::api) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .add(list)
        .add(corrections::events)
        .add(record_event)
        .add(extend)
        .add(meet)
        .add(miss)
        .add(waive)
        .add(reopen);
    corrections::routes(routes);
}

/// Lists every deadline of a grievance with its derivation, all on one page.
#[utoipa::path(
    operation_id = "deadlines_of_grievance",
    tag = "deadlines",
    params(RecordId),
    responses(OfGrievance)
)]
#[get("/{id}/deadlines")]
async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let id = caller.id("grievance")?;
    let found = caller
        .read(move |application, call| application.deadlines.of_grievance(call, id))
        .await?;
    Ok(answer::json(&page(&caller.rendering(), &found)))
}

/// Records something that happened on the present step of a grievance and that no meeting and no move tells of.
///
/// It begins the deadlines that are counted from it, and meets those that asked for it in time.
#[utoipa::path(
    operation_id = "deadlines_record_event",
    tag = "deadlines",
    params(RecordId, Terms),
    request_body = HappeningBody,
    responses(ListChanged<DeadlineView>)
)]
#[post("/{id}/deadline-events")]
async fn record_event(caller: Caller, body: Body<HappeningBody>) -> Result<HttpResponse, Problem> {
    let id = caller.id("grievance")?;
    let trigger = body.parse()?.command()?;
    caller
        .change(body.bytes(), recorded, move |application, call| {
            application.deadlines.record_event(call, id, trigger)
        })
        .await
}

/// Gives a deadline more time, as the sides agreed; also one that was missed, which then runs again.
#[utoipa::path(
    operation_id = "deadlines_extend",
    tag = "deadlines",
    params(RecordId, DeadlineOfGrievance, Terms),
    request_body = ExtendBody,
    responses(Changed<DeadlineView>)
)]
#[post("/{id}/deadlines/{deadline_id}/extensions")]
async fn extend(caller: Caller, body: Body<ExtendBody>) -> Result<HttpResponse, Problem> {
    let command = DeadlineCommand::Extend(body.parse()?.command()?);
    act(&caller, body.bytes(), command).await
}

/// Says that what had to be done was done in time, where no event told.
#[utoipa::path(
    operation_id = "deadlines_meet",
    tag = "deadlines",
    params(RecordId, DeadlineOfGrievance, Terms),
    request_body = MeetBody,
    responses(Changed<DeadlineView>)
)]
#[post("/{id}/deadlines/{deadline_id}/meet")]
async fn meet(caller: Caller, body: Body<MeetBody>) -> Result<HttpResponse, Problem> {
    let command = DeadlineCommand::Meet(body.parse()?.command()?);
    act(&caller, body.bytes(), command).await
}

/// Says that a deadline was missed.
///
/// What follows by the rule is shown as its consequence, and is for people to do. Where an answer was missed, what
/// is counted from the day it was due begins.
#[utoipa::path(
    operation_id = "deadlines_miss",
    tag = "deadlines",
    params(RecordId, DeadlineOfGrievance, Terms),
    responses(Changed<DeadlineView>)
)]
#[post("/{id}/deadlines/{deadline_id}/miss")]
async fn miss(caller: Caller, body: Body<Nothing>) -> Result<HttpResponse, Problem> {
    nothing::expected(&body)?;
    act(&caller, body.bytes(), DeadlineCommand::Miss).await
}

/// Lets a deadline go, as the sides agreed.
#[utoipa::path(
    operation_id = "deadlines_waive",
    tag = "deadlines",
    params(RecordId, DeadlineOfGrievance, Terms),
    request_body = WaiveBody,
    responses(Changed<DeadlineView>)
)]
#[post("/{id}/deadlines/{deadline_id}/waive")]
async fn waive(caller: Caller, body: Body<WaiveBody>) -> Result<HttpResponse, Problem> {
    let command = DeadlineCommand::Waive(body.parse()?.command()?);
    act(&caller, body.bytes(), command).await
}

/// Takes back what was said of a deadline: it runs again.
#[utoipa::path(
    operation_id = "deadlines_reopen",
    tag = "deadlines",
    params(RecordId, DeadlineOfGrievance, Terms),
    responses(Changed<DeadlineView>)
)]
#[post("/{id}/deadlines/{deadline_id}/reopen")]
async fn reopen(caller: Caller, body: Body<Nothing>) -> Result<HttpResponse, Problem> {
    nothing::expected(&body)?;
    act(&caller, body.bytes(), DeadlineCommand::Reopen).await
}

async fn act(
    caller: &Caller,
    body: &[u8],
    command: DeadlineCommand,
) -> Result<HttpResponse, Problem> {
    let grievance = caller.id("deadline")?;
    let id =
        Id::parse(caller.segment("deadline_id")).map_err(|_| Problem::not_found("deadline"))?;
    caller
        .change(body, present, move |application, call| {
            application.deadlines.act(call, grievance, id, command)
        })
        .await
}

fn present(rendering: &Rendering, shown: &OnDay<CaseDeadline>) -> StoredAnswer {
    let view = DeadlineView::new(rendering, shown.today, &shown.found);
    answer::ok(&view, Some(shown.found.deadline.version))
}

pub(super) fn recorded(rendering: &Rendering, shown: &OnDay<Vec<CaseDeadline>>) -> StoredAnswer {
    answer::ok(&page(rendering, shown), None)
}

fn page<'a>(
    rendering: &Rendering,
    shown: &'a OnDay<Vec<CaseDeadline>>,
) -> PageView<DeadlineView<'a>> {
    let view = |case| DeadlineView::new(rendering, shown.today, case);
    PageView {
        items: shown.found.iter().map(view).collect(),
        next_cursor: None,
        total: None,
    }
}

/// The id of the deadline, in the path.
struct DeadlineOfGrievance(());

impl utoipa::IntoParams for DeadlineOfGrievance {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![docs::path(
            "deadline_id",
            docs::uuid(),
            "The id of the deadline.",
        )]
    }
}

/// The answers of the list, for the document.
struct OfGrievance(());

impl utoipa::IntoResponses for OfGrievance {
    fn responses() -> docs::Responses {
        let mut responses = Listed::<DeadlineView<'_>>::responses();
        responses.extend(docs::problems(&[404]));
        responses
    }
}
