//! What hangs on an application: reviews, answers, unmaskings, and who is free to review.

mod bodies;
mod views;

use actix_web::{HttpResponse, get, post};
use serde::Serialize;
use unionhall_application::StoredAnswer;
use unionhall_domain::benevolence::Seen;
use utoipa::ToSchema;

use self::{
    bodies::{AnswerBody, ReviewBody},
    views::{AnswerView, FreeReviewerView, ReviewView, UnmaskingView},
};
use super::{
    super::{
        docs::{self, Added, Changed, Listed, RecordId, Terms},
        routes::Routes,
    },
    THING, added,
    bodies::WhyBody,
    present,
    views::ApplicationView,
};
use crate::web::{
    answer::{self, Rendering},
    body::Body,
    caller::Caller,
    paging::PageView,
    problem::Problem,
};

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .schema::<ReviewView<'_>>()
        .schema::<AnswerView<'_>>()
        .schema::<UnmaskingView<'_>>()
        .schema::<FreeReviewerView>()
        .add(reviews)
        .add(review)
        .add(free_reviewers)
        .add(answers)
        .add(answer_question)
        .add(unmaskings)
        .add(unmask);
}

/// Lists the reviews of an application, earliest first, all on one page: one decision of each level, and at most 90
/// questions.
///
/// Applicants see no comments.
#[utoipa::path(
    operation_id = "benevolence_reviews",
    tag = "benevolence",
    params(RecordId),
    responses(OfApplication<ReviewView>)
)]
#[get("/{id}/reviews")]
async fn reviews(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let id = caller.id(THING)?;
    let found = caller
        .read(move |application, call| application.benevolence.reviews(call, id))
        .await?;
    Ok(whole(found.iter().map(ReviewView::from)))
}

/// Reviews an application at the level that is due.
///
/// `approved` goes up, and at the last level grants the amount, if the fund and the yearly caps have it; `denied` ends it
/// with a reason; `needs_info` asks the applicant; `deferred` leaves the decision to the level above. Whoever has no seat
/// at the level, applies, is related to who applies, or reviewed the application at another level is refused with
/// `barred`.
#[utoipa::path(
    operation_id = "benevolence_review",
    tag = "benevolence",
    params(RecordId, Terms),
    request_body = ReviewBody,
    responses(Added<ApplicationView>)
)]
#[post("/{id}/reviews")]
async fn review(caller: Caller, body: Body<ReviewBody>) -> Result<HttpResponse, Problem> {
    let id = caller.id(THING)?;
    let command = body.parse()?.command()?;
    caller
        .change(body.bytes(), reviewed, move |application, call| {
            application.benevolence.review(call, id, command)
        })
        .await
}

/// Lists who is free to review an application at the level that is due, all on one page, at most 100 of them.
///
/// Where it is nobody, somebody else has to be seated at the level: none is skipped.
#[utoipa::path(
    operation_id = "benevolence_free_reviewers",
    tag = "benevolence",
    params(RecordId),
    responses(OfApplication<FreeReviewerView>)
)]
#[get("/{id}/free-reviewers")]
async fn free_reviewers(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let id = caller.id(THING)?;
    let found = caller
        .read(move |application, call| application.benevolence.free_reviewers(call, id))
        .await?;
    Ok(whole(found.iter().map(FreeReviewerView::from)))
}

/// Lists the questions of an application with their answers, earliest first, all on one page: at most 90 are asked.
#[utoipa::path(
    operation_id = "benevolence_answers",
    tag = "benevolence",
    params(RecordId),
    responses(OfApplication<AnswerView>)
)]
#[get("/{id}/answers")]
async fn answers(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let id = caller.id(THING)?;
    let found = caller
        .read(move |application, call| application.benevolence.answers(call, id))
        .await?;
    Ok(whole(found.iter().map(AnswerView::from)))
}

/// Answers the question that an application waits for.
///
/// The level that asked goes on with it.
#[utoipa::path(
    operation_id = "benevolence_answer",
    tag = "benevolence",
    params(RecordId, Terms),
    request_body = AnswerBody,
    responses(Added<ApplicationView>)
)]
#[post("/{id}/answers")]
async fn answer_question(caller: Caller, body: Body<AnswerBody>) -> Result<HttpResponse, Problem> {
    let id = caller.id(THING)?;
    let text = body.parse()?.command()?;
    caller
        .change(body.bytes(), answered, move |application, call| {
            application.benevolence.answer(call, id, text)
        })
        .await
}

/// Lists who had the name of an application unmasked, and why, earliest first, all on one page: each reviewer once.
#[utoipa::path(
    operation_id = "benevolence_unmaskings",
    tag = "benevolence",
    params(RecordId),
    responses(OfApplication<UnmaskingView>)
)]
#[get("/{id}/unmaskings")]
async fn unmaskings(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let id = caller.id(THING)?;
    let found = caller
        .read(move |application, call| application.benevolence.unmaskings(call, id))
        .await?;
    Ok(whole(found.iter().map(UnmaskingView::from)))
}

/// Shows a reviewer the name that is held back from them.
///
/// The reason is on record, and the applicant can read it. Where nothing is held back, nothing is put on record.
#[utoipa::path(
    operation_id = "benevolence_unmask",
    tag = "benevolence",
    params(RecordId, Terms),
    request_body = WhyBody,
    responses(Changed<ApplicationView>)
)]
#[post("/{id}/unmaskings")]
async fn unmask(caller: Caller, body: Body<WhyBody>) -> Result<HttpResponse, Problem> {
    let id = caller.id(THING)?;
    let reason = body.parse()?.command()?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application.benevolence.unmask(call, id, reason)
        })
        .await
}

fn reviewed(rendering: &Rendering, seen: &Seen) -> StoredAnswer {
    added(rendering, seen, "reviews")
}

fn answered(rendering: &Rendering, seen: &Seen) -> StoredAnswer {
    added(rendering, seen, "answers")
}

/// A list that is whole on its one page.
pub(super) fn whole<V: Serialize>(items: impl Iterator<Item = V>) -> HttpResponse {
    answer::json(&PageView {
        items: items.collect(),
        next_cursor: None,
        total: None,
    })
}

/// The answers of a list of what hangs on an application, for the document.
pub(super) struct OfApplication<T>(std::marker::PhantomData<T>);

impl<T: ToSchema> utoipa::IntoResponses for OfApplication<T> {
    fn responses() -> docs::Responses {
        let mut responses = Listed::<T>::responses();
        responses.extend(docs::problems(&[404]));
        responses
    }
}
