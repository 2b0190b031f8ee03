//! The meetings of a grievance.

mod bodies;
mod views;

use actix_web::{HttpResponse, get, post};
use unionhall_application::{StoredAnswer, grievances::StepRecorded};

use self::{
    bodies::RecordStepBody,
    views::{StepRecordedView, StepView},
};
use super::{
    super::{
        docs::{self, Added, Listed, RecordId, Terms},
        routes::Routes,
    },
    view,
};
use crate::{
    BASE,
    web::{
        answer::{self, Rendering},
        body::Body,
        caller::Caller,
        paging::PageView,
        problem::Problem,
    },
};

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .schema::<StepView<'_>>()
        .schema::<StepRecordedView<'_>>()
        .add(list)
        .add(record);
}

/// Lists the meetings of a grievance, earliest first, all on one page: at most 200 are on record.
#[utoipa::path(
    operation_id = "grievances_steps",
    tag = "grievances",
    params(RecordId),
    responses(StepsOfGrievance)
)]
#[get("/{id}/steps")]
async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let id = caller.id("grievance")?;
    let steps = caller
        .read(move |application, call| application.grievances.steps(call, id))
        .await?;
    Ok(answer::json(&PageView {
        items: steps.iter().map(StepView::from).collect(),
        next_cursor: None,
        total: None,
    }))
}

/// Records a meeting on the present step.
///
/// `advanced` takes the grievance to the next step, `settled` settles it as of the day of the meeting,
/// and after `denied` the union decides whether to advance or to withdraw. The representative gets a mail.
#[utoipa::path(
    operation_id = "grievances_record_step",
    tag = "grievances",
    params(RecordId, Terms),
    request_body = RecordStepBody,
    responses(Added<StepRecordedView>)
)]
#[post("/{id}/steps")]
async fn record(caller: Caller, body: Body<RecordStepBody>) -> Result<HttpResponse, Problem> {
    let id = caller.id("grievance")?;
    let step = body.parse()?.command()?;
    caller
        .change(body.bytes(), recorded, move |application, call| {
            application.grievances.record_step(call, id, step)
        })
        .await
}

fn recorded(rendering: &Rendering, recorded: &StepRecorded) -> StoredAnswer {
    let StepRecorded { step, grievance } = recorded;
    let shown = StepRecordedView {
        step: StepView::from(step),
        grievance: view(rendering, grievance),
    };
    let place = format!("{BASE}/grievances/{}/steps", grievance.id);
    answer::created(&shown, place, grievance.version)
}

/// The answers of the list, for the document.
struct StepsOfGrievance(());

impl utoipa::IntoResponses for StepsOfGrievance {
    fn responses() -> docs::Responses {
        let mut responses = Listed::<StepView<'_>>::responses();
        responses.extend(docs::problems(&[404]));
        responses
    }
}
