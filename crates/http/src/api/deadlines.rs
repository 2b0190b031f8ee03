//! Deadlines over HTTP: those of all grievances, and what would change of them.

mod bodies;
mod changes;
mod corrections;
mod of_grievance;
mod views;

use actix_web::{HttpResponse, get};
use serde_json::Value;
use unionhall_application::{
    Application, CaseDeadline, DeadlineFilter, DeadlineSort,
    call::Call,
    deadlines::{DeadlineError, OnDay},
    pages::{Direction, Page, PageRequest},
};
use unionhall_domain::{
    audit::Target, deadlines::DeadlineStatus, grievances::Step, ids::Id, invalid::Invalid,
};
use utoipa::openapi::path::{Parameter, ParameterIn};

use self::views::DeadlineView;
pub(super) use self::{
    changes::EFFECTS, of_grievance::routes as routes_of_grievance, views::STAGES,
};
use super::{
    choices::{DeadlineStatusName, GrievanceStepName},
    docs::{self, Listed},
    exports::{ExportOf, File},
    routes::Routes,
};
use crate::web::{
    answer::{self, Rendering},
    caller::Caller,
    exports::{self as files, Exported},
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
        .add(list)
        .add(export);
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

/// Exports deadlines across grievances, those that run when nothing is said of their status.
///
/// The file has every row that the list would show the caller, page by page, and a column for each of its fields; the
/// working is told in sentences.
#[utoipa::path(
    operation_id = "deadlines_export",
    tag = "deadlines",
    params(ExportOf<Wanted>),
    responses(File)
)]
#[get("/export")]
async fn export(caller: Caller) -> Result<HttpResponse, Problem> {
    let mut query = caller.query();
    let asked = files::Asked::from(&mut query);
    let (filter, page) = wanted(query)?;
    let exported = Exported("deadlines", Target::Deadline);
    let read = move |application: &Application, call: &Call, page: &_| {
        let found = application.deadlines.list(call, &filter, page)?.value;
        Ok::<_, DeadlineError>(exported_rows(application, call, found))
    };
    caller
        .export::<DeadlineView<'_>, _, _, _>(exported, asked, page, read)
        .await
}

/// A page of an export, as the caller sees each deadline.
fn exported_rows(
    application: &Application,
    call: &Call,
    OnDay { today, found }: OnDay<Page<CaseDeadline>>,
) -> Page<Value> {
    let rendering = Rendering {
        application: application.clone(),
        actor: call.actor.clone(),
    };
    let shown = |case| {
        let view = DeadlineView::new(&rendering, today, case);
        serde_json::to_value(view).unwrap_or_default()
    };
    Page {
        items: found.items.iter().map(shown).collect(),
        next: found.next,
        total: found.total,
    }
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
