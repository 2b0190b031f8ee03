//! Who is and was in a cohort.

use actix_web::{HttpResponse, get, post};
use unionhall_application::{
    StaySort,
    pages::{Direction, PageRequest},
};
use unionhall_domain::ids::Id;
use utoipa::openapi::path::{Parameter, ParameterIn};

use super::{
    super::{
        docs::{self, Changed, Listed, RecordId, Terms},
        routes::Routes,
    },
    bodies::{JoinBody, LeaveBody},
    present,
    views::{CohortView, StayView},
};
use crate::web::{
    answer,
    body::Body,
    caller::Caller,
    paging::{self, Named},
    problem::Problem,
    query::Query,
};

/// What the roll can be sorted by.
const ORDERS: &[Named<StaySort>] = &[("joined_on", StaySort::Joined)];

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .schema::<StayView<'_>>()
        .add(list)
        .add(join)
        .add(leave);
}

/// Lists who is and was in a cohort.
#[utoipa::path(
    operation_id = "cohorts_roll",
    tag = "cohorts",
    params(RecordId, Wanted),
    responses(Roll)
)]
#[get("/{id}/students")]
async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    let page = wanted(caller.query())?;
    let id = caller.id("cohort")?;
    let sorted = page.clone();
    let found = caller
        .read(move |application, call| application.cohorts.roll(call, id, &page))
        .await?;
    let view = paging::view::<_, _, StayView<'_>>(&found, ORDERS, &sorted);
    Ok(answer::made(answer::bytes(&view)))
}

/// Takes a student into a cohort that is not over and has a seat.
///
/// A student is in one cohort at a time.
#[utoipa::path(
    operation_id = "cohorts_join",
    tag = "cohorts",
    params(RecordId, Terms),
    request_body = JoinBody,
    responses(Changed<CohortView>)
)]
#[post("/{id}/students")]
async fn join(caller: Caller, body: Body<JoinBody>) -> Result<HttpResponse, Problem> {
    let id = caller.id("cohort")?;
    let join = body.parse()?.command()?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application.cohorts.join(call, id, join)
        })
        .await
}

/// Takes a student out of a cohort; that they were in it stays on the roll.
#[utoipa::path(
    operation_id = "cohorts_leave",
    tag = "cohorts",
    params(RecordId, Student, Terms),
    request_body = LeaveBody,
    responses(Changed<CohortView>)
)]
#[post("/{id}/students/{student_id}/leave")]
async fn leave(caller: Caller, body: Body<LeaveBody>) -> Result<HttpResponse, Problem> {
    let id = caller.id("cohort")?;
    let student = caller.segment("student_id");
    // Whoever is not in it and what is no id are answered alike.
    let student = Id::parse(student).map_err(|_| Problem::not_found("cohort"))?;
    let leave = body.parse()?.command()?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application.cohorts.leave(call, id, student, leave)
        })
        .await
}

fn wanted(mut query: Query) -> Result<PageRequest<StaySort>, Problem> {
    let usual = (("joined_on", StaySort::Joined), Direction::Ascending);
    let page = paging::page(&mut query, ORDERS, usual);
    query.finish(page)
}

/// The parameters of the roll, for the document.
struct Wanted(());

impl utoipa::IntoParams for Wanted {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        docs::list(ORDERS, "joined_on")
    }
}

/// The student in the path, for the document.
struct Student(());

impl utoipa::IntoParams for Student {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![docs::path(
            "student_id",
            docs::uuid(),
            "The id of the student.",
        )]
    }
}

/// The answers of the roll, for the document.
struct Roll(());

impl utoipa::IntoResponses for Roll {
    fn responses() -> docs::Responses {
        let mut responses = Listed::<StayView<'_>>::responses();
        responses.extend(docs::problems(&[404]));
        responses
    }
}
