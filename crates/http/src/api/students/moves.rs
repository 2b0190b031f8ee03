//! What can be done with a student, and what was.

use actix_web::{HttpResponse, get, post};
use unionhall_domain::students::StudentMove;

use super::{
    super::{
        docs::{self, Changed, Listed, RecordId, Terms},
        routes::Routes,
    },
    bodies::StudentMoveBody,
    present,
    views::{StudentMoveView, StudentView},
};
use crate::web::{answer, body::Body, caller::Caller, paging::PageView, problem::Problem};

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .schema::<StudentMoveView<'_>>()
        .add(history)
        .add(enroll)
        .add(take_leave)
        .add(return_from_leave)
        .add(complete)
        .add(drop_out)
        .add(dismiss)
        .add(readmit);
}

/// Lists the moves of a student, earliest first, all on one page.
#[utoipa::path(
    operation_id = "students_history",
    tag = "students",
    params(RecordId),
    responses(MovesOfStudent)
)]
#[get("/{id}/history")]
async fn history(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let id = caller.id("student")?;
    let moves = caller
        .read(move |application, call| application.students.history(call, id))
        .await?;
    Ok(answer::json(&PageView {
        items: moves.iter().map(StudentMoveView::from).collect(),
        next_cursor: None,
        total: None,
    }))
}

/// Enrolls an applicant.
#[utoipa::path(
    operation_id = "students_enroll",
    tag = "students",
    params(RecordId, Terms),
    request_body = StudentMoveBody,
    responses(Changed<StudentView>)
)]
#[post("/{id}/enroll")]
async fn enroll(caller: Caller, body: Body<StudentMoveBody>) -> Result<HttpResponse, Problem> {
    act(&caller, &body, StudentMove::Enroll).await
}

/// Lets a student rest for a while, with a reason.
#[utoipa::path(
    operation_id = "students_take_leave",
    tag = "students",
    params(RecordId, Terms),
    request_body = StudentMoveBody,
    responses(Changed<StudentView>)
)]
#[post("/{id}/take-leave")]
async fn take_leave(caller: Caller, body: Body<StudentMoveBody>) -> Result<HttpResponse, Problem> {
    act(&caller, &body, StudentMove::TakeLeave).await
}

/// Lets a student go on after a rest.
#[utoipa::path(
    operation_id = "students_return",
    tag = "students",
    params(RecordId, Terms),
    request_body = StudentMoveBody,
    responses(Changed<StudentView>)
)]
#[post("/{id}/return")]
async fn return_from_leave(
    caller: Caller,
    body: Body<StudentMoveBody>,
) -> Result<HttpResponse, Problem> {
    act(&caller, &body, StudentMove::Return).await
}

/// Says that a student is through with everything; that is final.
#[utoipa::path(
    operation_id = "students_complete",
    tag = "students",
    params(RecordId, Terms),
    request_body = StudentMoveBody,
    responses(Changed<StudentView>)
)]
#[post("/{id}/complete")]
async fn complete(caller: Caller, body: Body<StudentMoveBody>) -> Result<HttpResponse, Problem> {
    act(&caller, &body, StudentMove::Complete).await
}

/// Says that a student has left, or that an applicant never came, with a reason.
#[utoipa::path(
    operation_id = "students_drop",
    tag = "students",
    params(RecordId, Terms),
    request_body = StudentMoveBody,
    responses(Changed<StudentView>)
)]
#[post("/{id}/drop")]
async fn drop_out(caller: Caller, body: Body<StudentMoveBody>) -> Result<HttpResponse, Problem> {
    act(&caller, &body, StudentMove::Drop).await
}

/// Sends a student away, with a reason; for officers.
#[utoipa::path(
    operation_id = "students_dismiss",
    tag = "students",
    params(RecordId, Terms),
    request_body = StudentMoveBody,
    responses(Changed<StudentView>)
)]
#[post("/{id}/dismiss")]
async fn dismiss(caller: Caller, body: Body<StudentMoveBody>) -> Result<HttpResponse, Problem> {
    act(&caller, &body, StudentMove::Dismiss).await
}

/// Takes somebody back who was dropped or dismissed, with a reason; for officers.
#[utoipa::path(
    operation_id = "students_readmit",
    tag = "students",
    params(RecordId, Terms),
    request_body = StudentMoveBody,
    responses(Changed<StudentView>)
)]
#[post("/{id}/readmit")]
async fn readmit(caller: Caller, body: Body<StudentMoveBody>) -> Result<HttpResponse, Problem> {
    act(&caller, &body, StudentMove::Readmit).await
}

async fn act(
    caller: &Caller,
    body: &Body<StudentMoveBody>,
    wanted: StudentMove,
) -> Result<HttpResponse, Problem> {
    let id = caller.id("student")?;
    let transition = body.parse()?.command(wanted)?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application.students.act(call, id, transition)
        })
        .await
}

/// The answers of the history, for the document.
struct MovesOfStudent(());

impl utoipa::IntoResponses for MovesOfStudent {
    fn responses() -> docs::Responses {
        let mut responses = Listed::<StudentMoveView<'_>>::responses();
        responses.extend(docs::problems(&[404]));
        responses
    }
}
