//! Boards over all grievances, over HTTP.

mod views;

use actix_web::{HttpResponse, get};
use unionhall_application::{
    Application, DueFilter, DueSort, LoadSort,
    call::Call,
    cases::CaseError,
    pages::{Direction, PageRequest},
};
use unionhall_domain::{audit::Target, grievance_boards::Grouping, ids::Id};
use utoipa::{
    IntoResponses,
    openapi::path::{Parameter, ParameterIn},
};

use self::views::{
    CaseStatisticsView, DueItemView, EmployerLoadView, GroupOutcomesView, OutcomesView,
    RepresentativeLoadView, StepDaysView, StepLoadView,
};
use super::{
    choices::StatisticsGroupingName,
    docs::{self, Listed},
    exports::{ExportOf, File},
    routes::Routes,
};
use crate::web::{
    answer,
    caller::Caller,
    exports::{Asked, Exported, rows},
    fields::date,
    paging::{self, Named, PageView},
    problem::Problem,
    query::Query,
};

/// What loads can be sorted by.
const LOADS: &[Named<LoadSort>] = &[("open", LoadSort::Open)];
/// What is due can be sorted by.
const DUES: &[Named<DueSort>] = &[("due_on", DueSort::Due)];

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .schema::<StepLoadView>()
        .schema::<RepresentativeLoadView>()
        .schema::<EmployerLoadView>()
        .schema::<DueItemView<'_>>()
        .schema::<CaseStatisticsView<'_>>()
        .schema::<OutcomesView>()
        .schema::<GroupOutcomesView<'_>>()
        .schema::<StepDaysView>()
        .add(by_step)
        .add(by_representative)
        .add(export_by_representative)
        .add(by_employer)
        .add(export_by_employer)
        .add(due_this_week)
        .add(export_due_this_week)
        .add(statistics);
}

/// Counts the grievances that are alive on each step, every step on one page.
#[utoipa::path(
    operation_id = "grievance_boards_by_step",
    tag = "grievance_boards",
    responses(Listed<StepLoadView>)
)]
#[get("/by-step")]
async fn by_step(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let steps = caller
        .read(|application, call| application.grievance_boards.by_step(call))
        .await?;
    Ok(answer::json(&PageView {
        items: steps.iter().map(StepLoadView::from).collect(),
        next_cursor: None,
        total: None,
    }))
}

/// Lists what each representative has on the table: grievances that are alive, and what is due or overdue.
///
/// This week is today and the six days after, in the tenant's time zone; what is due are answers to requests for
/// information, obligations that are outstanding, and meetings that are set.
#[utoipa::path(
    operation_id = "grievance_boards_by_representative",
    tag = "grievance_boards",
    params(Loads),
    responses(Listed<RepresentativeLoadView>)
)]
#[get("/by-representative")]
async fn by_representative(caller: Caller) -> Result<HttpResponse, Problem> {
    let page = loads(caller.query())?;
    let body = caller
        .list(false, move |application, call| {
            let boards = &application.grievance_boards;
            let found = boards.by_representative(call, &page)?;
            let shown = |found| {
                let view = paging::view::<_, _, RepresentativeLoadView>;
                answer::bytes(&view(&found, LOADS, &page))
            };
            Ok::<_, CaseError>(found.map(shown))
        })
        .await?;
    Ok(answer::made(body))
}

/// Lists what there is against each employer: grievances that are alive, and what is due or overdue.
///
/// This week and what is due are what they are for representatives.
#[utoipa::path(
    operation_id = "grievance_boards_by_employer",
    tag = "grievance_boards",
    params(Loads),
    responses(Listed<EmployerLoadView>)
)]
#[get("/by-employer")]
async fn by_employer(caller: Caller) -> Result<HttpResponse, Problem> {
    let page = loads(caller.query())?;
    let body = caller
        .list(false, move |application, call| {
            let found = application.grievance_boards.by_employer(call, &page)?;
            let shown = |found| {
                let view = paging::view::<_, _, EmployerLoadView>;
                answer::bytes(&view(&found, LOADS, &page))
            };
            Ok::<_, CaseError>(found.map(shown))
        })
        .await?;
    Ok(answer::made(body))
}

/// Exports what each representative has on the table.
///
/// The file has every row that the list would show the caller, page by page, and a column for each of its fields.
#[utoipa::path(
    operation_id = "grievance_boards_export_by_representative",
    tag = "grievance_boards",
    params(ExportOf<Loads>),
    responses(File)
)]
#[get("/by-representative/export")]
async fn export_by_representative(caller: Caller) -> Result<HttpResponse, Problem> {
    let mut query = caller.query();
    let asked = Asked::from(&mut query);
    let page = loads(query)?;
    let exported = Exported("grievances-by-representative", Target::Grievance);
    let read = |application: &Application, call: &Call, page: &_| {
        let boards = &application.grievance_boards;
        let found = boards.by_representative(call, page)?.value;
        Ok::<_, CaseError>(rows::<_, RepresentativeLoadView>(&found))
    };
    caller
        .export::<RepresentativeLoadView, _, _, _>(exported, asked, page, read)
        .await
}

/// Exports what there is against each employer.
///
/// The file has every row that the list would show the caller, page by page, and a column for each of its fields.
#[utoipa::path(
    operation_id = "grievance_boards_export_by_employer",
    tag = "grievance_boards",
    params(ExportOf<Loads>),
    responses(File)
)]
#[get("/by-employer/export")]
async fn export_by_employer(caller: Caller) -> Result<HttpResponse, Problem> {
    let mut query = caller.query();
    let asked = Asked::from(&mut query);
    let page = loads(query)?;
    let exported = Exported("grievances-by-employer", Target::Grievance);
    let read = |application: &Application, call: &Call, page: &_| {
        let found = application.grievance_boards.by_employer(call, page)?.value;
        Ok::<_, CaseError>(rows::<_, EmployerLoadView>(&found))
    };
    caller
        .export::<EmployerLoadView, _, _, _>(exported, asked, page, read)
        .await
}

/// Lists what is due this week, what is overdue first.
#[utoipa::path(
    operation_id = "grievance_boards_due_this_week",
    tag = "grievance_boards",
    params(Due),
    responses(Listed<DueItemView>)
)]
#[get("/due-this-week")]
async fn due_this_week(caller: Caller) -> Result<HttpResponse, Problem> {
    let (filter, page) = dues(caller.query())?;
    let body = caller
        .list(false, move |application, call| {
            let boards = &application.grievance_boards;
            let found = boards.due_this_week(call, &filter, &page)?;
            Ok::<_, CaseError>(found.map(|found| views::due(&found.page, DUES, &page)))
        })
        .await?;
    Ok(answer::made(body))
}

/// Exports what is due this week, what is overdue first.
///
/// The file has every row that the list would show the caller, page by page, and a column for each of its fields.
#[utoipa::path(
    operation_id = "grievance_boards_export_due_this_week",
    tag = "grievance_boards",
    params(ExportOf<Due>),
    responses(File)
)]
#[get("/due-this-week/export")]
async fn export_due_this_week(caller: Caller) -> Result<HttpResponse, Problem> {
    let mut query = caller.query();
    let asked = Asked::from(&mut query);
    let (filter, page) = dues(query)?;
    let exported = Exported("due-this-week", Target::Grievance);
    let read = move |application: &Application, call: &Call, page: &_| {
        let boards = &application.grievance_boards;
        let found = boards.due_this_week(call, &filter, page)?.value;
        Ok::<_, CaseError>(rows::<_, DueItemView<'_>>(&found.page))
    };
    caller
        .export::<DueItemView<'_>, _, _, _>(exported, asked, page, read)
        .await
}

/// Counts how cases were filed and ended in a period, together and by month, employer, article or representative.
#[utoipa::path(
    operation_id = "grievance_boards_statistics",
    tag = "grievance_boards",
    params(Statistics),
    responses(StatisticsShown)
)]
#[get("/statistics")]
async fn statistics(caller: Caller) -> Result<HttpResponse, Problem> {
    let mut query = caller.query();
    let days = (query.optional("from", date), query.optional("until", date));
    let by = query.optional("by", Grouping::parse);
    let by = query.finish(by)?.unwrap_or(Grouping::Month);
    let found = caller
        .read(move |application, call| application.grievance_boards.statistics(call, days, by))
        .await?;
    Ok(answer::json(&CaseStatisticsView::from((&found, by))))
}

fn dues(mut query: Query) -> Result<(DueFilter, PageRequest<DueSort>), Problem> {
    let filter = DueFilter {
        representative: query.optional("assigned_representative_id", Id::parse),
        carrier: query.optional("carrier_id", Id::parse),
    };
    let usual = (("due_on", DueSort::Due), Direction::Ascending);
    let page = paging::page(&mut query, DUES, usual);
    query.finish((filter, page))
}

fn loads(mut query: Query) -> Result<PageRequest<LoadSort>, Problem> {
    let usual = (("open", LoadSort::Open), Direction::Descending);
    let page = paging::page(&mut query, LOADS, usual);
    query.finish(page)
}

/// The parameters of loads, for the document.
struct Loads(());
/// The parameters of what is due, for the document.
struct Due(());
/// The parameters of statistics, for the document.
struct Statistics(());
/// The answers of statistics, for the document.
struct StatisticsShown(());

impl utoipa::IntoParams for Loads {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        docs::list(LOADS, "-open")
    }
}

impl utoipa::IntoParams for Due {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let mut parameters = vec![
            docs::query(
                "assigned_representative_id",
                docs::uuid(),
                "Only of grievances that this user represents.",
            ),
            docs::query(
                "carrier_id",
                docs::uuid(),
                "Only of grievances that this user represents or is the steward of.",
            ),
        ];
        parameters.extend(docs::list(DUES, "due_on"));
        parameters
    }
}

impl utoipa::IntoParams for Statistics {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let by = docs::reference::<StatisticsGroupingName>();
        let day = || docs::formatted("date");
        vec![
            docs::query("from", day(), "The first day; a year back when not given."),
            docs::query("until", day(), "The last day; today when not given."),
            docs::query("by", by, "What to group by; the month when not given."),
        ]
    }
}

impl IntoResponses for StatisticsShown {
    fn responses() -> docs::Responses {
        let answer = docs::shows::<CaseStatisticsView<'_>>("The figures.");
        docs::with_problems("200", answer, &[400, 401, 403, 422, 503])
    }
}
