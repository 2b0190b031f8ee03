//! The log of how the union represented somebody, over HTTP.

mod bodies;
mod views;

use actix_web::{HttpResponse, get, post};
use unionhall_application::{
    LogSort, StoredAnswer,
    cases::CaseError,
    pages::{Direction, PageRequest},
};
use unionhall_domain::{
    representation_log::{LogEntry, LogEntryKind},
    version::Version,
};
use utoipa::openapi::path::{Parameter, ParameterIn};

use self::{
    bodies::{ContactBody, DecisionBody},
    views::{ContactView, DecisionView, LogEntryView},
};
use super::{
    cases::ListedBelow,
    choices::LogEntryKindName,
    docs::{self, Added, RecordId, Terms},
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
const ORDERS: &[Named<LogSort>] = &[("recorded_at", LogSort::Recorded)];

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .schema::<LogEntryView<'_>>()
        .schema::<ContactView<'_>>()
        .schema::<DecisionView<'_>>()
        .add(list)
        .add(contact)
        .add(decide);
}

/// Lists the contacts with the member and the decisions of a grievance.
///
/// The log is the union's own: the member whose case it is does not read it here.
#[utoipa::path(
    operation_id = "representation_log_list",
    tag = "representation_log",
    params(RecordId, Wanted),
    responses(ListedBelow<LogEntryView>)
)]
#[get("")]
async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    let id = caller.id("grievance")?;
    let (kind, page) = wanted(caller.query())?;
    let body = caller
        .list(false, move |application, call| {
            let found = application.representation.list(call, id, kind, &page)?;
            let shown = |found| {
                answer::bytes(&paging::view::<_, _, LogEntryView<'_>>(
                    &found, ORDERS, &page,
                ))
            };
            Ok::<_, CaseError>(found.map(shown))
        })
        .await?;
    Ok(answer::made(body))
}

/// Writes down that the union and the member were in touch, or that the union tried.
///
/// An entry is never changed: a correction is a new entry that names the one it corrects.
#[utoipa::path(
    operation_id = "representation_log_contact",
    tag = "representation_log",
    params(RecordId, Terms),
    request_body = ContactBody,
    responses(Added<LogEntryView>)
)]
#[post("/contacts")]
async fn contact(caller: Caller, body: Body<ContactBody>) -> Result<HttpResponse, Problem> {
    let id = caller.id("grievance")?;
    let (contact, corrects) = body.parse()?.command()?;
    caller
        .change(body.bytes(), created, move |application, call| {
            let log = &application.representation;
            log.contact(call, id, contact, corrects)
        })
        .await
}

/// Writes down a decision with its reason, such as not to take a denied grievance further.
///
/// Withdrawing and closing a grievance write theirs by themselves.
#[utoipa::path(
    operation_id = "representation_log_decide",
    tag = "representation_log",
    params(RecordId, Terms),
    request_body = DecisionBody,
    responses(Added<LogEntryView>)
)]
#[post("/decisions")]
async fn decide(caller: Caller, body: Body<DecisionBody>) -> Result<HttpResponse, Problem> {
    let id = caller.id("grievance")?;
    let (decision, corrects) = body.parse()?.command()?;
    caller
        .change(body.bytes(), created, move |application, call| {
            let log = &application.representation;
            log.decide(call, id, decision, corrects)
        })
        .await
}

fn wanted(mut query: Query) -> Result<(Option<LogEntryKind>, PageRequest<LogSort>), Problem> {
    let kind = query.optional("kind", LogEntryKind::parse);
    let usual = (("recorded_at", LogSort::Recorded), Direction::Ascending);
    let page = paging::page(&mut query, ORDERS, usual);
    query.finish((kind, page))
}

fn created(_: &Rendering, entry: &LogEntry) -> StoredAnswer {
    let place = format!("{BASE}/grievances/{}/representation-log", entry.grievance);
    // An entry has one version, because it is never changed.
    answer::created(&LogEntryView::from(entry), place, Version::FIRST)
}

/// The parameters of the list, for the document.
struct Wanted(());

impl utoipa::IntoParams for Wanted {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let kind = docs::reference::<LogEntryKindName>();
        let mut parameters = vec![docs::query("kind", kind, "Only entries of this kind.")];
        parameters.extend(docs::list(ORDERS, "recorded_at"));
        parameters
    }
}
