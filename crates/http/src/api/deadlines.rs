//! Deadlines over HTTP: those of all grievances, and what would change of them.

mod bodies;
mod changes;
mod of_grievance;
mod views;

use actix_web::{HttpResponse, get};
use unionhall_application::{
    DeadlineFilter, DeadlineSort,
    pages::{Direction, PageRequest},
};
use unionhall_domain::{deadlines::DeadlineStatus, grievances::Step, ids::Id, invalid::Invalid};
use utoipa::openapi::path::{Parameter, ParameterIn};

use self::views::DeadlineView;
pub(super) use self::{
    changes::EFFECTS, of_grievance::routes as routes_of_grievance, views::STAGES,
};
use super::{
    choices::{DeadlineStatusName, GrievanceStepName},
    docs::{self, Listed},
    routes::Routes,
};
use crate::web::{
    answer,
    caller::Caller,
    fields::date,
    paging::{self, Named, PageView},
    problem::Problem,
    query::Query,
};

/// What a list can be sorted by.
const ORDERS: &[Named<DeadlineSort>] = &[("due_date", DeadlineSort::Due)];

/// The word for the deadlines that run, whether they were extended or not.
const RUNNING: &str = "running";

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .schema::<DeadlineView<'_>>()
        .schema::<DeadlineStatusName>()
        .add(list);
    changes::routes(routes);
}

/// Lists deadlines across grievances, those that run when nothing is said of their status.
#[utoipa::path(
    operation_id = "deadlines_list",
    tag = "deadlines",
    params(Wanted),
    responses(Listed<DeadlineView>)
)]
#[get("")]
async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    let (filter, page) = wanted(caller.query())?;
    let request = page.clone();
    let found = caller
        .read(move |application, call| application.deadlines.list(call, &filter, &page))
        .await?;
    let rendering = caller.rendering();
    let view = |case| DeadlineView::new(&rendering, found.today, case);
    let rows = found.found.items.iter().map(view).collect();
    Ok(answer::json(&PageView {
        items: rows,
        next_cursor: paging::next(&found.found, ORDERS, &request),
        total: found.found.total,
    }))
}

fn wanted(mut query: Query) -> Result<(DeadlineFilter, PageRequest<DeadlineSort>), Problem> {
    let running = || vec![DeadlineStatus::Open, DeadlineStatus::Extended];
    let filter = DeadlineFilter {
        carrier: query.optional("carrier_id", Id::parse),
        employer: query.optional("employer_id", Id::parse),
        agreement: query.optional("agreement_id", Id::parse),
        step: query.optional("step", Step::parse),
        statuses: query.optional("status", statuses).unwrap_or_else(running),
        due_from: query.optional("due_from", date),
        due_until: query.optional("due_until", date),
    };
    let usual = (("due_date", DeadlineSort::Due), Direction::Ascending);
    let page = paging::page(&mut query, ORDERS, usual);
    query.finish((filter, page))
}

fn statuses(text: &str) -> Result<Vec<DeadlineStatus>, Invalid> {
    if text == RUNNING {
        return Ok(vec![DeadlineStatus::Open, DeadlineStatus::Extended]);
    }
    DeadlineStatus::parse(text).map(|status| vec![status])
}

/// The parameters of the list, for the document.
struct Wanted(());

impl utoipa::IntoParams for Wanted {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let mut parameters = vec![
            docs::query(
                "carrier_id",
                docs::uuid(),
                "Only of grievances that this user represents or is the steward of.",
            ),
            docs::query(
                "employer_id",
                docs::uuid(),
                "Only of grievances against this employer.",
            ),
            docs::query(
                "agreement_id",
                docs::uuid(),
                "Only by the rules of this agreement.",
            ),
            docs::query(
                "step",
                docs::reference::<GrievanceStepName>(),
                "Only on this step.",
            ),
            docs::query(
                "status",
                docs::reference::<DeadlineStatusName>(),
                "Only in this status; `running`, which is open or extended, when nothing is said.",
            ),
            docs::query(
                "due_from",
                docs::formatted("date"),
                "Only due on this day or later.",
            ),
            docs::query(
                "due_until",
                docs::formatted("date"),
                "Only due on this day or earlier.",
            ),
        ];
        parameters.extend(docs::list(ORDERS, "due_date"));
        parameters
    }
}

/// The statuses that a list can be asked for.
pub(super) fn asked_statuses() -> impl Iterator<Item = &'static str> {
    [RUNNING]
        .into_iter()
        .chain(DeadlineStatus::ALL.map(DeadlineStatus::as_str))
}
