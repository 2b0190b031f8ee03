//! Meetings on the steps of grievances over HTTP.

mod bodies;
mod statements;
mod views;

use actix_web::{HttpResponse, get, patch, post};
use unionhall_application::{
    StepMeetingSort, StoredAnswer,
    cases::CaseError,
    pages::{Direction, PageRequest},
};
use unionhall_domain::{
    grievances::GrievanceId,
    step_meetings::{StepMeeting, StepMeetingId},
};
use utoipa::openapi::path::{Parameter, ParameterIn};

use self::{
    bodies::{ChangeMeetingBody, HoldMeetingBody, PlanMeetingBody},
    views::{AttendeeView, StatementView, StepMeetingView},
};
use super::{
    cases::{ListedBelow, MeetingPath, part},
    docs::{self, Added, Changed, Record, RecordId, Terms},
    grievances::bodies::ReasonBody,
    routes::Routes,
};
use crate::{
    BASE,
    web::{
        answer::{self, Rendering},
        body::Body,
        caller::Caller,
        paging::{self, Named},
        problem::Problem,
        query::Query,
    },
};

/// What a list can be sorted by.
const ORDERS: &[Named<StepMeetingSort>] = &[("starts_at", StepMeetingSort::Start)];

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .schema::<StepMeetingView<'_>>()
        .schema::<AttendeeView<'_>>()
        .schema::<StatementView<'_>>()
        .add(list)
        .add(plan)
        .add(find)
        .add(update)
        .add(hold)
        .add(cancel);
    statements::routes(routes);
}

/// Lists the meetings of a grievance.
///
/// The member whose case it is sees the statements that are signed off, and no notes.
#[utoipa::path(
    operation_id = "step_meetings_list",
    tag = "step_meetings",
    params(RecordId, Wanted),
    responses(ListedBelow<StepMeetingView>)
)]
#[get("")]
async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    let id = caller.id("grievance")?;
    let page = wanted(caller.query())?;
    let body = caller
        .list(false, move |application, call| {
            let found = application.step_meetings.list(call, id, &page)?;
            let shown = |found| {
                answer::bytes(&paging::view::<_, _, StepMeetingView<'_>>(
                    &found, ORDERS, &page,
                ))
            };
            Ok::<_, CaseError>(found.map(shown))
        })
        .await?;
    Ok(answer::made(body))
}

/// Sets a meeting on the step that the grievance is on.
#[utoipa::path(
    operation_id = "step_meetings_plan",
    tag = "step_meetings",
    params(RecordId, Terms),
    request_body = PlanMeetingBody,
    responses(Added<StepMeetingView>)
)]
#[post("")]
async fn plan(caller: Caller, body: Body<PlanMeetingBody>) -> Result<HttpResponse, Problem> {
    let id = caller.id("grievance")?;
    let agenda = body.parse()?.command()?;
    caller
        .change(body.bytes(), created, move |application, call| {
            application.step_meetings.plan(call, id, agenda)
        })
        .await
}

/// Reads a meeting with its attendees and statements.
#[utoipa::path(
    operation_id = "step_meetings_find",
    tag = "step_meetings",
    params(MeetingPath),
    responses(Record<StepMeetingView>)
)]
#[get("/{meeting_id}")]
async fn find(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let (grievance, id) = meeting(&caller)?;
    let found = caller
        .read(move |application, call| application.step_meetings.find(call, grievance, id))
        .await?;
    let view = view(&caller.rendering(), &found);
    Ok(answer::record(&view, found.version))
}

/// Sets a meeting anew, names who is there, or the recorded step it belongs to.
///
/// Fields that are not named stay as they are; `null` clears a field; attendees are replaced as a whole.
#[utoipa::path(
    operation_id = "step_meetings_update",
    tag = "step_meetings",
    params(MeetingPath, Terms),
    request_body = ChangeMeetingBody,
    responses(Changed<StepMeetingView>)
)]
#[patch("/{meeting_id}")]
async fn update(caller: Caller, body: Body<ChangeMeetingBody>) -> Result<HttpResponse, Problem> {
    let id = meeting(&caller)?;
    let wanted = body.parse()?.command()?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application.step_meetings.update(call, id, wanted)
        })
        .await
}

/// Says that a meeting took place.
#[utoipa::path(
    operation_id = "step_meetings_hold",
    tag = "step_meetings",
    params(MeetingPath, Terms),
    request_body = HoldMeetingBody,
    responses(Changed<StepMeetingView>)
)]
#[post("/{meeting_id}/hold")]
async fn hold(caller: Caller, body: Body<HoldMeetingBody>) -> Result<HttpResponse, Problem> {
    let id = meeting(&caller)?;
    let began = body.parse()?.command()?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application.step_meetings.hold(call, id, began)
        })
        .await
}

/// Calls a meeting off.
#[utoipa::path(
    operation_id = "step_meetings_cancel",
    tag = "step_meetings",
    params(MeetingPath, Terms),
    request_body = ReasonBody,
    responses(Changed<StepMeetingView>)
)]
#[post("/{meeting_id}/cancel")]
async fn cancel(caller: Caller, body: Body<ReasonBody>) -> Result<HttpResponse, Problem> {
    let id = meeting(&caller)?;
    let reason = body.parse()?.command()?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application.step_meetings.cancel(call, id, reason)
        })
        .await
}

fn meeting(caller: &Caller) -> Result<(GrievanceId, StepMeetingId), Problem> {
    let grievance = caller.id("grievance")?;
    Ok((grievance, part(caller, "meeting_id", "meeting")?))
}

fn wanted(mut query: Query) -> Result<PageRequest<StepMeetingSort>, Problem> {
    let usual = (("starts_at", StepMeetingSort::Start), Direction::Ascending);
    let page = paging::page(&mut query, ORDERS, usual);
    query.finish(page)
}

fn view<'a>(rendering: &Rendering, meeting: &'a StepMeeting) -> StepMeetingView<'a> {
    let meetings = &rendering.application.step_meetings;
    let actions = meetings.allowed_actions(&rendering.actor, meeting);
    StepMeetingView::from(meeting).allowing(actions)
}

fn present(rendering: &Rendering, meeting: &StepMeeting) -> StoredAnswer {
    answer::ok(&view(rendering, meeting), Some(meeting.version))
}

fn created(rendering: &Rendering, meeting: &StepMeeting) -> StoredAnswer {
    let StepMeeting { grievance, id, .. } = meeting;
    let place = format!("{BASE}/grievances/{grievance}/step-meetings/{id}");
    answer::created(&view(rendering, meeting), place, meeting.version)
}

/// The parameters of the list, for the document.
struct Wanted(());

impl utoipa::IntoParams for Wanted {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        docs::list(ORDERS, "starts_at")
    }
}
