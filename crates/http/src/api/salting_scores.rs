//! SALTing scores over HTTP, below the organization that they are of.

mod bodies;
mod views;

use actix_web::{HttpResponse, get, put};
use unionhall_application::{
    SaltingScoreSort, StoredAnswer,
    pages::{Direction, PageRequest},
    salting_scores::SaltingScoreError,
};
use unionhall_domain::{organizations::OrganizationId, salting_scores::SaltingScoreEntry};
use utoipa::openapi::path::{Parameter, ParameterIn};

use self::{
    bodies::SetSaltingScoreBody,
    views::{SaltingScoreEntryView, SaltingScoreView},
};
use super::{
    docs::{self, Changed, Listed, Record, RecordId, Terms},
    routes::Routes,
};
use crate::web::{
    answer::{self, Rendering},
    body::Body,
    caller::Caller,
    paging::{self, Named},
    problem::Problem,
    query::Query,
};

/// What a history can be sorted by.
const ORDERS: &[Named<SaltingScoreSort>] = &[("version", SaltingScoreSort::Set)];

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .schema::<SaltingScoreView<'_>>()
        .schema::<SaltingScoreEntryView<'_>>()
        .add(find)
        .add(set)
        .add(history);
}

/// Reads how an organization is judged to stand towards the union.
///
/// What counts is the newest entry of the history; all is null where nobody has judged yet.
#[utoipa::path(
    operation_id = "salting_scores_find",
    tag = "salting_scores",
    params(RecordId),
    responses(Record<SaltingScoreView>)
)]
#[get("")]
async fn find(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let id = caller.id("organization")?;
    let newest = caller
        .read(move |application, call| application.salting_scores.find(call, id))
        .await?;
    Ok(answer::fresh(&present(id, newest.as_ref()), false))
}

/// Judges an employer anew.
///
/// Each judgement is kept with who made it, when and why; a `score` of null takes the last one back. `If-Match`
/// with the version that was read keeps two people from judging without knowing of each other.
#[utoipa::path(
    operation_id = "salting_scores_set",
    tag = "salting_scores",
    params(RecordId, Terms),
    request_body = SetSaltingScoreBody,
    responses(Changed<SaltingScoreView>)
)]
#[put("")]
async fn set(caller: Caller, body: Body<SetSaltingScoreBody>) -> Result<HttpResponse, Problem> {
    let id = caller.id("organization")?;
    let assessment = body.parse()?.command()?;
    caller
        .change(body.bytes(), after, move |application, call| {
            application.salting_scores.set(call, id, assessment)
        })
        .await
}

/// Lists how an organization was judged over time, newest first.
///
/// What was said of those that were merged into it is among it; each entry tells of which one it was said.
#[utoipa::path(
    operation_id = "salting_scores_history",
    tag = "salting_scores",
    params(RecordId, Wanted),
    responses(HistoryAnswer)
)]
#[get("/history")]
async fn history(caller: Caller) -> Result<HttpResponse, Problem> {
    let id = caller.id("organization")?;
    let page = wanted(caller.query())?;
    let body = caller
        .read(move |application, call| {
            let found = application.salting_scores.history(call, id, &page)?;
            let shown = |found| {
                answer::bytes(&paging::view::<_, _, SaltingScoreEntryView<'_>>(
                    &found, ORDERS, &page,
                ))
            };
            Ok::<_, SaltingScoreError>(found.map(shown))
        })
        .await?;
    Ok(answer::made(body))
}

fn wanted(mut query: Query) -> Result<PageRequest<SaltingScoreSort>, Problem> {
    let usual = (("version", SaltingScoreSort::Set), Direction::Descending);
    let page = paging::page(&mut query, ORDERS, usual);
    query.finish(page)
}

fn present(organization: OrganizationId, newest: Option<&SaltingScoreEntry>) -> StoredAnswer {
    let view = SaltingScoreView::new(organization, newest);
    answer::ok(&view, newest.map(|entry| entry.version))
}

fn after(_: &Rendering, entry: &SaltingScoreEntry) -> StoredAnswer {
    present(entry.organization, Some(entry))
}

/// The parameters of the history, for the document.
struct Wanted(());
/// The answers of the history, for the document.
struct HistoryAnswer(());

impl utoipa::IntoParams for Wanted {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        docs::list(ORDERS, "-version")
    }
}

impl utoipa::IntoResponses for HistoryAnswer {
    fn responses() -> docs::Responses {
        let mut responses = Listed::<SaltingScoreEntryView<'_>>::responses();
        responses.extend(docs::problems(&[404]));
        responses
    }
}
