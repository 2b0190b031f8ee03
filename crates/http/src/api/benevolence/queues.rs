//! What waits for whom, and how long.

use actix_web::{HttpResponse, get};
use jiff::Timestamp;
use serde::Serialize;
use unionhall_application::{
    Application, QueueSort,
    benevolence::BenevolenceError,
    call::Call,
    pages::{Direction, Page, PageRequest},
};
use unionhall_domain::{
    audit::Target,
    benevolence::{BenevolenceApplicationId, BenevolenceNumber, Turn, Waiting},
    money::Amount,
};
use utoipa::{
    ToSchema,
    openapi::path::{Parameter, ParameterIn},
};

use super::super::{
    choices::{BenevolenceReasonName, BenevolenceTurnName},
    docs::{self, Listed},
    exports::{ExportOf, File},
    routes::Routes,
    shown::Shown,
};
use crate::web::{
    answer,
    caller::Caller,
    exports::{Asked, Exported, rows},
    paging::{self, Named},
    problem::Problem,
    query::Query,
};

/// What a queue can be sorted by.
const ORDERS: &[Named<QueueSort>] = &[("since", QueueSort::Since)];

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .schema::<WaitingView>()
        .add(waiting_for_me)
        .add(export_waiting_for_me)
        .add(waiting)
        .add(export_waiting);
}

/// An application that waits for somebody; it says nothing of whose it is.
#[derive(Serialize, ToSchema)]
#[schema(as = WaitingApplication)]
struct WaitingView {
    /// The id of the application.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<BenevolenceApplicationId>,
    /// Its number.
    #[schema(value_type = String, example = "BF-2026-0001")]
    application_number: Shown<BenevolenceNumber>,
    /// Whose turn it is.
    #[schema(value_type = BenevolenceTurnName)]
    waits_for: &'static str,
    /// Why help is needed.
    #[schema(value_type = BenevolenceReasonName)]
    reason: &'static str,
    /// How much is asked.
    #[schema(value_type = String, pattern = r"^[0-9]+\.[0-9]{2}$")]
    amount_requested: Shown<Amount>,
    /// Since when it waits.
    #[schema(value_type = String, format = DateTime)]
    since: Shown<Timestamp>,
    /// How many whole days it has waited.
    #[schema(minimum = 0)]
    days: i64,
}

/// Lists what waits for the caller, whoever waits longest first.
///
/// Reviews at the levels that they sit at and may give, what the office has to open, what is to be paid, and their own
/// drafts and questions.
#[utoipa::path(
    operation_id = "benevolence_waiting_for_me",
    tag = "benevolence",
    params(Wanted),
    responses(Listed<WaitingView>)
)]
#[get("/waiting-for-me")]
async fn waiting_for_me(caller: Caller) -> Result<HttpResponse, Problem> {
    let (turn, page) = wanted(caller.query())?;
    let body = caller
        .list(false, move |application, call| {
            let found = application.benevolence.waiting(call, turn, &page)?;
            Ok::<_, BenevolenceError>(found.map(|found| shown(&found, &page)))
        })
        .await?;
    Ok(answer::made(body))
}

/// Exports what waits for the caller.
///
/// The file has every row that the list would show the caller, page by page, and a column for each of its fields.
#[utoipa::path(
    operation_id = "benevolence_export_waiting_for_me",
    tag = "benevolence",
    params(ExportOf<Wanted>),
    responses(File)
)]
#[get("/waiting-for-me/export")]
async fn export_waiting_for_me(caller: Caller) -> Result<HttpResponse, Problem> {
    let mut query = caller.query();
    let asked = Asked::from(&mut query);
    let (turn, page) = wanted(query)?;
    let exported = Exported("benevolence-waiting-for-me", Target::BenevolenceApplication);
    let read = move |application: &Application, call: &Call, page: &_| {
        let found = application.benevolence.waiting(call, turn, page)?.value;
        Ok::<_, BenevolenceError>(rows::<_, WaitingView>(&found))
    };
    caller
        .export::<WaitingView, _, _, _>(exported, asked, page, read)
        .await
}

/// Lists everything that waits, for whomever, whoever waits longest first.
#[utoipa::path(
    operation_id = "benevolence_waiting",
    tag = "benevolence",
    params(Wanted),
    responses(Listed<WaitingView>)
)]
#[get("/waiting")]
async fn waiting(caller: Caller) -> Result<HttpResponse, Problem> {
    let (turn, page) = wanted(caller.query())?;
    let body = caller
        .list(false, move |application, call| {
            let found = application.benevolence.standing(call, turn, &page)?;
            Ok::<_, BenevolenceError>(found.map(|found| shown(&found, &page)))
        })
        .await?;
    Ok(answer::made(body))
}

/// Exports everything that waits, for whomever.
///
/// The file has every row that the list would show the caller, page by page, and a column for each of its fields.
#[utoipa::path(
    operation_id = "benevolence_export_waiting",
    tag = "benevolence",
    params(ExportOf<Wanted>),
    responses(File)
)]
#[get("/waiting/export")]
async fn export_waiting(caller: Caller) -> Result<HttpResponse, Problem> {
    let mut query = caller.query();
    let asked = Asked::from(&mut query);
    let (turn, page) = wanted(query)?;
    let exported = Exported("benevolence-waiting", Target::BenevolenceApplication);
    let read = move |application: &Application, call: &Call, page: &_| {
        let found = application.benevolence.standing(call, turn, page)?.value;
        Ok::<_, BenevolenceError>(rows::<_, WaitingView>(&found))
    };
    caller
        .export::<WaitingView, _, _, _>(exported, asked, page, read)
        .await
}

fn wanted(mut query: Query) -> Result<(Option<Turn>, PageRequest<QueueSort>), Problem> {
    let turn = query.optional("waits_for", Turn::parse);
    let usual = (("since", QueueSort::Since), Direction::Ascending);
    let page = paging::page(&mut query, ORDERS, usual);
    query.finish((turn, page))
}

fn shown(found: &Page<Waiting>, page: &PageRequest<QueueSort>) -> Vec<u8> {
    answer::bytes(&paging::view::<_, _, WaitingView>(found, ORDERS, page))
}

/// The parameters of a queue, for the document.
struct Wanted(());

impl utoipa::IntoParams for Wanted {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let turn = docs::reference::<BenevolenceTurnName>();
        let mut parameters = vec![docs::query(
            "waits_for",
            turn,
            "Only what waits for this turn, such as for the reviews of a level.",
        )];
        parameters.extend(docs::list(ORDERS, "since"));
        parameters
    }
}

impl From<&Waiting> for WaitingView {
    fn from(case: &Waiting) -> Self {
        let Waiting {
            id,
            number,
            turn,
            reason,
            amount_requested,
            since,
            days,
        } = case;
        Self {
            id: Shown(*id),
            application_number: Shown(*number),
            waits_for: turn.as_str(),
            reason: reason.as_str(),
            amount_requested: Shown(*amount_requested),
            since: Shown(*since),
            days: *days,
        }
    }
}
