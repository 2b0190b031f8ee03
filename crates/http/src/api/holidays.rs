//! Holiday calendars over HTTP.

mod bodies;
mod views;

use actix_web::{HttpResponse, get, post};
use unionhall_application::{
    Application, CalendarSort, StoredAnswer,
    call::Call,
    holidays::HolidayError,
    pages::{Direction, PageRequest},
};
use unionhall_domain::{
    audit::Target,
    holidays::{CalendarYear, HolidayCalendar},
};
use utoipa::openapi::{
    ObjectBuilder, Type,
    path::{Parameter, ParameterIn},
};

pub(super) use self::views::SOURCES;
use self::{bodies::EditCalendarBody, views::CalendarView};
use super::{
    collective_agreements::{NumberOfVersion, version},
    docs::{self, Changed, Listed, Record, Terms},
    exports::{ExportOf, File},
    routes::Routes,
};
use crate::web::{
    answer::{self, Rendering},
    body::Body,
    caller::Caller,
    exports::{self as files, Exported, rows},
    paging::{self, Named},
    problem::Problem,
    query::Query,
};

/// What a list can be sorted by.
const ORDERS: &[Named<CalendarSort>] = &[("year", CalendarSort::Year)];

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .schema::<CalendarView<'_>>()
        .add(list)
        .add(export)
        .add(find)
        .add(edit)
        .add(find_version);
}

/// Lists the holiday calendars that the tenant has, the last version of each year.
///
/// A year gets its calendar, with the federal holidays, when something is first counted in it or when it is edited.
#[utoipa::path(
    operation_id = "holidays_list",
    tag = "holidays",
    params(Wanted),
    responses(Listed<CalendarView>)
)]
#[get("")]
async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    let page = wanted(caller.query())?;
    let body = caller
        .look(move |application, call| {
            let found = application.holidays.list(call, &page)?;
            let view = paging::view::<_, _, CalendarView<'_>>(&found, ORDERS, &page);
            Ok::<_, HolidayError>(answer::bytes(&view))
        })
        .await?;
    Ok(answer::made(body))
}

/// Exports the holiday calendars that the tenant has, the last version of each year.
///
/// The file has every row that the list would show the caller, page by page, and a column for each of its fields.
#[utoipa::path(
    operation_id = "holidays_export",
    tag = "holidays",
    params(ExportOf<Wanted>),
    responses(File)
)]
#[get("/export")]
async fn export(caller: Caller) -> Result<HttpResponse, Problem> {
    let mut query = caller.query();
    let asked = files::Asked::from(&mut query);
    let page = wanted(query)?;
    let exported = Exported("holiday-calendars", Target::HolidayCalendar);
    let read = move |application: &Application, call: &Call, page: &_| {
        let found = application.holidays.list(call, page)?;
        Ok::<_, HolidayError>(rows::<_, CalendarView<'_>>(&found))
    };
    caller
        .export::<CalendarView<'_>, _, _, _>(exported, asked, page, read)
        .await
}

/// Reads the holiday calendar of a year: its last version, or the federal one that it begins with.
#[utoipa::path(
    operation_id = "holidays_find",
    tag = "holidays",
    params(YearOfCalendar),
    responses(Record<CalendarView>)
)]
#[get("/{year}")]
async fn find(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let year = year(&caller)?;
    let found = caller
        .look(move |application, call| application.holidays.find(call, year))
        .await?;
    Ok(answer::record(&CalendarView::from(&found), found.version()))
}

/// Edits a year's calendar into its next version.
///
/// No deadline moves by it: what would change is listed, and an officer confirms.
#[utoipa::path(
    operation_id = "holidays_edit",
    tag = "holidays",
    params(YearOfCalendar, Terms),
    request_body = EditCalendarBody,
    responses(Changed<CalendarView>)
)]
#[post("/{year}/edits")]
async fn edit(caller: Caller, body: Body<EditCalendarBody>) -> Result<HttpResponse, Problem> {
    let year = year(&caller)?;
    let edits = body.parse()?.command()?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application.holidays.edit(call, year, &edits)
        })
        .await
}

/// Reads a version of a year's calendar.
#[utoipa::path(
    operation_id = "holidays_find_version",
    tag = "holidays",
    params(YearOfCalendar, NumberOfVersion),
    responses(Record<CalendarView>)
)]
#[get("/{year}/versions/{version}")]
async fn find_version(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let year = year(&caller)?;
    let version = version(&caller).ok_or_else(not_found)?;
    let found = caller
        .look(move |application, call| application.holidays.version(call, year, version))
        .await?;
    Ok(answer::record(&CalendarView::from(&found), found.version()))
}

/// The year that the path names.
fn year(caller: &Caller) -> Result<CalendarYear, Problem> {
    let number = caller.segment("year").parse().ok();
    number
        .and_then(|number| CalendarYear::new(number).ok())
        .ok_or_else(not_found)
}

fn not_found() -> Problem {
    Problem::not_found("holiday calendar")
}

fn wanted(mut query: Query) -> Result<PageRequest<CalendarSort>, Problem> {
    let usual = (("year", CalendarSort::Year), Direction::Ascending);
    let page = paging::page(&mut query, ORDERS, usual);
    query.finish(page)
}

fn present(_: &Rendering, calendar: &HolidayCalendar) -> StoredAnswer {
    answer::ok(&CalendarView::from(calendar), Some(calendar.version()))
}

/// The parameters of the list, for the document.
struct Wanted(());

impl utoipa::IntoParams for Wanted {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        docs::list(ORDERS, "year")
    }
}

/// The year, in the path.
struct YearOfCalendar(());

impl utoipa::IntoParams for YearOfCalendar {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let number = ObjectBuilder::new()
            .schema_type(Type::Integer)
            .minimum(Some(CalendarYear::FIRST.get()))
            .maximum(Some(CalendarYear::LAST.get()));
        vec![docs::path("year", number, "The year.")]
    }
}
