//! What the deadlines of a grievance are counted from: seeing it, taking an event back, and naming another agreement.

use actix_web::{HttpResponse, get, post};
use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use unionhall_application::CaseEvent;
use unionhall_domain::users::UserId;
use utoipa::{
    ToSchema,
    openapi::path::{Parameter, ParameterIn},
};
use uuid::Uuid;

use super::{
    super::{
        choices::{DeadlineEventName, GrievanceStepName, ServiceName},
        docs::{self, ListChanged, Listed, RecordId, Terms},
        grievances::bodies::ReasonBody,
        routes::Routes,
        shown::Shown,
    },
    bodies::AgreementBody,
    of_grievance::recorded,
    views::DeadlineView,
};
use crate::web::{answer, body::Body, caller::Caller, paging::PageView, problem::Problem};

/// The routes that change something, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .schema::<EventView<'_>>()
        .add(retract_event)
        .add(set_agreement);
}

/// Lists what happened to a grievance as far as deadlines are counted from it, all on one page; what was taken back too.
#[utoipa::path(
    operation_id = "deadlines_events",
    tag = "deadlines",
    params(RecordId),
    responses(Events)
)]
#[get("/{id}/deadline-events")]
pub(super) async fn events(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let id = caller.id("grievance")?;
    let found = caller
        .read(move |application, call| application.deadlines.events(call, id))
        .await?;
    Ok(answer::json(&PageView {
        items: found.iter().map(EventView::from).collect(),
        next_cursor: None,
        total: None,
    }))
}

/// Takes back an event that was recorded by mistake; it stays on record, and counts no more.
///
/// The deadlines that ran because of it lapse, those that it met run again, and the events that are left are asked once
/// more. All deadlines of the grievance are answered as they are then: rehearse it with `dry_run` to see them first.
/// What follows from filing or moving the grievance is refused with `409`.
#[utoipa::path(
    operation_id = "deadlines_retract_event",
    tag = "deadlines",
    params(RecordId, EventOfGrievance, Terms),
    request_body = ReasonBody,
    responses(ListChanged<DeadlineView>)
)]
#[post("/{id}/deadline-events/{event_id}/retract")]
async fn retract_event(caller: Caller, body: Body<ReasonBody>) -> Result<HttpResponse, Problem> {
    let id = caller.id("grievance")?;
    let event = caller.segment("event_id").parse::<Uuid>();
    let event = event.map_err(|_| Problem::not_found("event"))?;
    let reason = body.parse()?.command()?;
    caller
        .change(body.bytes(), recorded, move |application, call| {
            application.deadlines.retract_event(call, id, event, reason)
        })
        .await
}

/// Says under which agreement a grievance is, that was filed under none or another.
///
/// By the rules in effect on the day of its filing, everything on record is counted anew; what ran by other rules
/// lapses. All deadlines of the grievance are answered as they are then: rehearse it with `dry_run` to see them first.
/// A step that was taken without a meeting has no day on record; record it as an event.
#[utoipa::path(
    operation_id = "deadlines_set_agreement",
    tag = "deadlines",
    params(RecordId, Terms),
    request_body = AgreementBody,
    responses(ListChanged<DeadlineView>)
)]
#[post("/{id}/agreement")]
async fn set_agreement(caller: Caller, body: Body<AgreementBody>) -> Result<HttpResponse, Problem> {
    let id = caller.id("grievance")?;
    let (agreement, reason) = body.parse()?.command()?;
    caller
        .change(body.bytes(), recorded, move |application, call| {
            let deadlines = &application.deadlines;
            deadlines.set_agreement(call, id, agreement, &reason)
        })
        .await
}

/// Something that happened to a grievance.
#[derive(Serialize, ToSchema)]
#[schema(as = DeadlineEventRecord)]
struct EventView<'a> {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<Uuid>,
    /// On which step.
    #[schema(value_type = GrievanceStepName)]
    step: &'static str,
    /// What.
    #[schema(value_type = DeadlineEventName)]
    kind: &'static str,
    /// On which day.
    #[schema(value_type = String, format = Date)]
    happened_on: Shown<Date>,
    /// How it reached the other side.
    #[schema(value_type = ServiceName)]
    service: &'static str,
    /// When it was recorded.
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Shown<Timestamp>,
    /// Who recorded it; `null` where it follows from filing or moving the grievance.
    #[schema(value_type = Option<String>, format = "uuid", required = true)]
    recorded_by: Option<Shown<UserId>>,
    /// When it was taken back; `null` while it counts.
    #[schema(value_type = Option<String>, format = DateTime, required = true)]
    retracted_at: Option<Shown<Timestamp>>,
    /// Who took it back.
    #[schema(value_type = Option<String>, format = "uuid", required = true)]
    retracted_by: Option<Shown<UserId>>,
    /// Why it was taken back.
    #[schema(required = true)]
    retraction_reason: Option<&'a str>,
}

impl<'a> From<&'a CaseEvent> for EventView<'a> {
    fn from(event: &'a CaseEvent) -> Self {
        let CaseEvent {
            id,
            happening,
            recorded_by,
            recorded_at,
            retraction,
        } = event;
        let retraction = retraction.as_ref();
        Self {
            id: Shown(*id),
            step: happening.step.as_str(),
            kind: happening.trigger.kind.as_str(),
            happened_on: Shown(happening.trigger.date),
            service: happening.trigger.service.as_str(),
            recorded_at: Shown(*recorded_at),
            recorded_by: recorded_by.map(Shown),
            retracted_at: retraction.map(|retraction| Shown(retraction.at)),
            retracted_by: retraction.and_then(|retraction| retraction.by).map(Shown),
            retraction_reason: retraction.map(|retraction| retraction.reason.as_str()),
        }
    }
}

/// The id of the event, in the path.
struct EventOfGrievance(());

impl utoipa::IntoParams for EventOfGrievance {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![docs::path("event_id", docs::uuid(), "The id of the event.")]
    }
}

/// The answers of the list, for the document.
struct Events(());

impl utoipa::IntoResponses for Events {
    fn responses() -> docs::Responses {
        let mut responses = Listed::<EventView<'_>>::responses();
        responses.extend(docs::problems(&[404]));
        responses
    }
}
