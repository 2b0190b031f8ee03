//! Who reviews: the seats at each level, and the relations that were declared.

mod bodies;
mod views;

use actix_web::{HttpResponse, get, post};
use unionhall_application::{
    RelationFilter, RelationSort, SeatSort, StoredAnswer,
    benevolence::BenevolenceError,
    pages::{Direction, Page, PageRequest},
};
use unionhall_domain::{
    benevolence::{Relation, Seat},
    ids::Id,
};
use utoipa::{
    ToSchema,
    openapi::path::{Parameter, ParameterIn},
};

use self::{
    bodies::{EndSeatBody, RelateBody, SeatBody},
    views::{RelationView, SeatView},
};
use super::{
    super::{
        docs::{self, Listed, NewTerms, RecordId, Terms},
        nothing::{self, Nothing},
        routes::Routes,
    },
    THING,
    fund::{Entered, entered},
};
use crate::web::{
    answer::{self, Rendering},
    body::Body,
    caller::Caller,
    paging::{self, Named, PageView},
    problem::Problem,
    query::Query,
};

/// What seats can be sorted by.
const SEAT_ORDERS: &[Named<SeatSort>] = &[("review_level", SeatSort::Level)];
/// What relations can be sorted by.
const RELATION_ORDERS: &[Named<RelationSort>] = &[("declared_at", RelationSort::Declared)];

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .schema::<SeatView>()
        .schema::<RelationView>()
        .add(seats)
        .add(give_seat)
        .add(end_seat)
        .add(relations)
        .add(relate)
        .add(end_relation);
}

/// Lists the seats that count today or later, by level.
#[utoipa::path(
    operation_id = "benevolence_seats",
    tag = "benevolence",
    params(Seated),
    responses(Listed<SeatView>)
)]
#[get("/seats")]
async fn seats(caller: Caller) -> Result<HttpResponse, Problem> {
    let mut query = caller.query();
    let usual = (("review_level", SeatSort::Level), Direction::Ascending);
    let page = paging::page(&mut query, SEAT_ORDERS, usual);
    query.finish(())?;
    let body = caller
        .look(move |application, call| {
            let found = application.benevolence.seats(call, &page)?;
            let view = paging::view::<_, _, SeatView>(&found, SEAT_ORDERS, &page);
            Ok::<_, BenevolenceError>(answer::bytes(&view))
        })
        .await?;
    Ok(answer::made(body))
}

/// Gives somebody a seat at a level.
///
/// They are a user of this tenant who may review. A seat is for a level from a day on; a role alone decides nothing.
#[utoipa::path(
    operation_id = "benevolence_give_seat",
    tag = "benevolence",
    params(NewTerms),
    request_body = SeatBody,
    responses(Entered<SeatView>)
)]
#[post("/seats")]
async fn give_seat(caller: Caller, body: Body<SeatBody>) -> Result<HttpResponse, Problem> {
    let command = body.parse()?.command()?;
    let render = |_: &Rendering, seat: &Seat| entered(&SeatView::from(seat));
    caller
        .change(body.bytes(), render, |application, call| {
            application.benevolence.seat(call, command)
        })
        .await
}

/// Ends a seat.
///
/// From the day on it counts no more: today or later. One that has not begun is called off with its own first day.
#[utoipa::path(
    operation_id = "benevolence_end_seat",
    tag = "benevolence",
    params(RecordId, Terms),
    request_body = EndSeatBody,
    responses(Ended<SeatView>)
)]
#[post("/seats/{id}/end")]
async fn end_seat(caller: Caller, body: Body<EndSeatBody>) -> Result<HttpResponse, Problem> {
    let id = caller.id(THING)?;
    let until = body.parse()?.command()?;
    let render =
        |_: &Rendering, seat: &Seat| -> StoredAnswer { answer::ok(&SeatView::from(seat), None) };
    caller
        .change(body.bytes(), render, move |application, call| {
            application.benevolence.unseat(call, id, until)
        })
        .await
}

/// Lists the declared relations between members and those who review.
///
/// Who may not manage the fund sees those that they are in themselves.
#[utoipa::path(
    operation_id = "benevolence_relations",
    tag = "benevolence",
    params(Related),
    responses(Listed<RelationView>)
)]
#[get("/relations")]
async fn relations(caller: Caller) -> Result<HttpResponse, Problem> {
    let (filter, page) = related(caller.query())?;
    let body = caller
        .read(move |application, call| {
            let found = application.benevolence.relations(call, filter, &page)?;
            let bytes = |found| answer::bytes(&shown(&found, &page));
            Ok::<_, BenevolenceError>(found.map(bytes))
        })
        .await?;
    Ok(answer::made(body))
}

/// Declares that a member and a reviewer are related.
///
/// The office does for anybody, members and reviewers for themselves. From then on the reviewer decides on nothing of this
/// member.
#[utoipa::path(
    operation_id = "benevolence_relate",
    tag = "benevolence",
    params(NewTerms),
    request_body = RelateBody,
    responses(Entered<RelationView>)
)]
#[post("/relations")]
async fn relate(caller: Caller, body: Body<RelateBody>) -> Result<HttpResponse, Problem> {
    let command = body.parse()?.command()?;
    let render = |_: &Rendering, relation: &Relation| entered(&RelationView::from(relation));
    caller
        .change(body.bytes(), render, |application, call| {
            application.benevolence.relate(call, command)
        })
        .await
}

/// Ends a relation that was declared; neither of the two does it.
#[utoipa::path(
    operation_id = "benevolence_end_relation",
    tag = "benevolence",
    params(RecordId, Terms),
    responses(Ended<RelationView>)
)]
#[post("/relations/{id}/end")]
async fn end_relation(caller: Caller, body: Body<Nothing>) -> Result<HttpResponse, Problem> {
    let id = caller.id(THING)?;
    nothing::expected(&body)?;
    let render = |_: &Rendering, relation: &Relation| -> StoredAnswer {
        answer::ok(&RelationView::from(relation), None)
    };
    caller
        .change(body.bytes(), render, move |application, call| {
            application.benevolence.end_relation(call, id)
        })
        .await
}

fn related(mut query: Query) -> Result<(RelationFilter, PageRequest<RelationSort>), Problem> {
    let filter = RelationFilter {
        member: query.optional("member_id", Id::parse),
        user: query.optional("user_id", Id::parse),
    };
    let usual = (
        ("declared_at", RelationSort::Declared),
        Direction::Ascending,
    );
    let page = paging::page(&mut query, RELATION_ORDERS, usual);
    query.finish((filter, page))
}

fn shown(found: &Page<Relation>, page: &PageRequest<RelationSort>) -> PageView<RelationView> {
    paging::view(found, RELATION_ORDERS, page)
}

/// The parameters of the list of seats, for the document.
struct Seated(());
/// The parameters of the list of relations, for the document.
struct Related(());
/// The answers to the end of something that has no version, for the document.
struct Ended<T>(std::marker::PhantomData<T>);

impl utoipa::IntoParams for Seated {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        docs::list(SEAT_ORDERS, "review_level")
    }
}

impl utoipa::IntoParams for Related {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let mut parameters = vec![
            docs::query("member_id", docs::uuid(), "Only of this member."),
            docs::query("user_id", docs::uuid(), "Only to this user."),
        ];
        parameters.extend(docs::list(RELATION_ORDERS, "declared_at"));
        parameters
    }
}

impl<T: ToSchema> utoipa::IntoResponses for Ended<T> {
    fn responses() -> docs::Responses {
        let answer = docs::changed(docs::shows::<T>("What has ended."));
        docs::with_problems("200", answer, docs::ON_A_RECORD)
    }
}
