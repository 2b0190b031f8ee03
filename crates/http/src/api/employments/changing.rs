//! Starting, changing, ending, deleting and restoring a job over HTTP.

use actix_web::{HttpResponse, delete, patch, post};
use unionhall_application::{StoredAnswer, employments::Written};

use super::{
    super::{
        docs::{Changed, Created, Deleted, NewTerms, RecordId, Terms},
        nothing::{self, Nothing},
    },
    bodies::{ChangeEmploymentBody, CreateEmploymentBody, EndEmploymentBody},
    views::EmploymentView,
};
use crate::{
    BASE,
    web::{
        answer::{self, Rendering},
        body::Body,
        caller::Caller,
        problem::Problem,
    },
};

/// Starts a job.
///
/// With `ends_previous` the jobs that began before it and that it would overlap are over on the day before it begins, in
/// the same change; `ended_previous` names them. Rates beside what is usual are taken, and told in `warnings`.
#[utoipa::path(
    operation_id = "employments_create",
    tag = "employments",
    params(NewTerms),
    request_body = CreateEmploymentBody,
    responses(Created<EmploymentView>)
)]
#[post("")]
pub(super) async fn create(
    caller: Caller,
    body: Body<CreateEmploymentBody>,
) -> Result<HttpResponse, Problem> {
    let new = body.parse()?.command()?;
    caller
        .change(body.bytes(), created, |application, call| {
            application.employments.create(call, new)
        })
        .await
}

/// Changes a job.
///
/// Fields that are not named stay as they are; `null` clears a field.
#[utoipa::path(
    operation_id = "employments_update",
    tag = "employments",
    params(RecordId, Terms),
    request_body = ChangeEmploymentBody,
    responses(Changed<EmploymentView>)
)]
#[patch("/{id}")]
pub(super) async fn update(
    caller: Caller,
    body: Body<ChangeEmploymentBody>,
) -> Result<HttpResponse, Problem> {
    let id = caller.id("employment")?;
    let wanted = body.parse()?.command()?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application.employments.update(call, id, wanted)
        })
        .await
}

/// Ends a job.
///
/// A job that is over already is not ended again; its last day can be changed like any field.
#[utoipa::path(
    operation_id = "employments_end",
    tag = "employments",
    params(RecordId, Terms),
    request_body = EndEmploymentBody,
    responses(Changed<EmploymentView>)
)]
#[post("/{id}/end")]
pub(super) async fn end(
    caller: Caller,
    body: Body<EndEmploymentBody>,
) -> Result<HttpResponse, Problem> {
    let id = caller.id("employment")?;
    let last = body.parse_if_any()?.command()?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application.employments.end(call, id, last)
        })
        .await
}

/// Deletes a job that was entered by mistake.
///
/// It can be restored. A job that is over is ended instead, so that the history keeps it.
#[utoipa::path(
    operation_id = "employments_delete",
    tag = "employments",
    params(RecordId, Terms),
    responses(Deleted)
)]
#[delete("/{id}")]
pub(super) async fn delete(caller: Caller) -> Result<HttpResponse, Problem> {
    let id = caller.id("employment")?;
    caller
        .change(&[], answer::gone, move |application, call| {
            application.employments.delete(call, id)
        })
        .await
}

/// Restores a deleted job.
#[utoipa::path(
    operation_id = "employments_restore",
    tag = "employments",
    params(RecordId, Terms),
    responses(Changed<EmploymentView>)
)]
#[post("/{id}/restore")]
pub(super) async fn restore(caller: Caller, body: Body<Nothing>) -> Result<HttpResponse, Problem> {
    let id = caller.id("employment")?;
    nothing::expected(&body)?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application.employments.restore(call, id)
        })
        .await
}

fn view<'a>(rendering: &Rendering, written: &'a Written) -> EmploymentView<'a> {
    let employments = &rendering.application.employments;
    let actions = employments.allowed_actions(&rendering.actor, &written.job);
    EmploymentView::written(written).allowing(actions)
}

fn present(rendering: &Rendering, written: &Written) -> StoredAnswer {
    let version = written.job.record.employment.version;
    answer::ok(&view(rendering, written), Some(version))
}

fn created(rendering: &Rendering, written: &Written) -> StoredAnswer {
    let employment = &written.job.record.employment;
    let place = format!("{BASE}/member-employments/{}", employment.id);
    answer::created(&view(rendering, written), place, employment.version)
}
