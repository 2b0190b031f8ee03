//! Grievances over HTTP.

mod batches;
pub(super) mod bodies;
mod moves;
mod steps;
mod views;

use actix_web::{HttpResponse, delete, get, patch, post};
use unionhall_application::{
    Application, GrievanceFilter, GrievanceSort, StoredAnswer,
    call::Call,
    grievances::GrievanceError,
    pages::{Direction, PageRequest},
};
use unionhall_domain::{
    audit::Target,
    grievances::{Grievance, GrievanceNumber, State, Step},
    ids::Id,
    invalid::Invalid,
};
use utoipa::openapi::path::{Parameter, ParameterIn};

use self::{
    bodies::{ChangeGrievanceBody, FileGrievanceBody},
    views::GrievanceView,
};
use super::{
    choices::{GrievanceStatusName, GrievanceStepName},
    docs::{self, Changed, Created, Deleted, Listed, NewTerms, Record, RecordId, Terms},
    exports::{ExportOf, File},
    nothing::{self, Nothing},
    routes::Routes,
};
use crate::{
    BASE,
    web::{
        answer::{self, Rendering},
        body::Body,
        caller::Caller,
        exports::{Asked, Exported, rows},
        fields::date,
        paging::{self, Named},
        problem::Problem,
        query::{Query, words},
    },
};

/// What a list can be sorted by.
const ORDERS: &[Named<GrievanceSort>] = &[
    ("grievance_number", GrievanceSort::Number),
    ("filed_date", GrievanceSort::Filed),
];

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .schema::<GrievanceView<'_>>()
        .add(list)
        .add(file)
        .add(export)
        .add(find_by_number)
        .add(find)
        .add(update)
        .add(delete)
        .add(restore);
    batches::routes(routes);
    steps::routes(routes);
    moves::routes(routes);
    super::deadlines::routes_of_grievance(routes);
}

/// Files a grievance.
///
/// It gets the next number of its year, is open on the first step, and the representative gets a mail.
#[utoipa::path(
    operation_id = "grievances_file",
    tag = "grievances",
    params(NewTerms),
    request_body = FileGrievanceBody,
    responses(Created<GrievanceView>)
)]
#[post("")]
async fn file(caller: Caller, body: Body<FileGrievanceBody>) -> Result<HttpResponse, Problem> {
    let filing = body.parse()?.command()?;
    caller
        .change(body.bytes(), created, |application, call| {
            application.grievances.file(call, filing)
        })
        .await
}

/// Lists grievances.
///
/// Who may read only their own cases finds no others.
#[utoipa::path(
    operation_id = "grievances_list",
    tag = "grievances",
    params(Wanted),
    responses(Listed<GrievanceView>)
)]
#[get("")]
async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    let (filter, page) = wanted(caller.query())?;
    let body = caller
        .list(filter.search.is_some(), move |application, call| {
            let found = application.grievances.list(call, filter, &page)?;
            let shown = |found| {
                answer::bytes(&paging::view::<_, _, GrievanceView<'_>>(
                    &found, ORDERS, &page,
                ))
            };
            Ok::<_, GrievanceError>(found.map(shown))
        })
        .await?;
    Ok(answer::made(body))
}

/// Exports grievances.
///
/// The file has every row that the list would show the caller, page by page, and a column for each of its fields.
#[utoipa::path(
    operation_id = "grievances_export",
    tag = "grievances",
    params(ExportOf<Wanted>),
    responses(File)
)]
#[get("/export")]
async fn export(caller: Caller) -> Result<HttpResponse, Problem> {
    let mut query = caller.query();
    let asked = Asked::from(&mut query);
    let (filter, page) = wanted(query)?;
    let exported = Exported("grievances", Target::Grievance);
    let read = move |application: &Application, call: &Call, page: &_| {
        let found = application
            .grievances
            .list(call, filter.clone(), page)?
            .value;
        Ok::<_, GrievanceError>(rows::<_, GrievanceView<'_>>(&found))
    };
    caller
        .export::<GrievanceView<'_>, _, _, _>(exported, asked, page, read)
        .await
}

/// Reads a grievance.
#[utoipa::path(
    operation_id = "grievances_find",
    tag = "grievances",
    params(RecordId),
    responses(Record<GrievanceView>)
)]
#[get("/{id}")]
async fn find(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let id = caller.id("grievance")?;
    let grievance = caller
        .read(move |application, call| application.grievances.find(call, id))
        .await?;
    Ok(shown(&caller, &grievance))
}

/// Reads a grievance by number.
#[utoipa::path(
    operation_id = "grievances_find_by_number",
    tag = "grievances",
    params(Number),
    responses(Record<GrievanceView>)
)]
#[get("/by-number/{number}")]
async fn find_by_number(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let number = GrievanceNumber::parse(caller.segment("number"))
        .map_err(|_| Problem::not_found("grievance"))?;
    let grievance = caller
        .read(move |application, call| application.grievances.find_by_number(call, number))
        .await?;
    Ok(shown(&caller, &grievance))
}

/// Changes what a grievance claims and who carries it.
///
/// Fields that are not named stay as they are; `null` clears a field. Where the grievance stands is
/// changed by its actions alone.
#[utoipa::path(
    operation_id = "grievances_update",
    tag = "grievances",
    params(RecordId, Terms),
    request_body = ChangeGrievanceBody,
    responses(Changed<GrievanceView>)
)]
#[patch("/{id}")]
async fn update(caller: Caller, body: Body<ChangeGrievanceBody>) -> Result<HttpResponse, Problem> {
    let id = caller.id("grievance")?;
    let wanted = body.parse()?.command()?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application.grievances.update(call, id, wanted)
        })
        .await
}

/// Deletes a grievance.
///
/// It can be restored, and its number stays taken.
#[utoipa::path(
    operation_id = "grievances_delete",
    tag = "grievances",
    params(RecordId, Terms),
    responses(Deleted)
)]
#[delete("/{id}")]
async fn delete(caller: Caller) -> Result<HttpResponse, Problem> {
    let id = caller.id("grievance")?;
    caller
        .change(&[], answer::gone, move |application, call| {
            application.grievances.delete(call, id)
        })
        .await
}

/// Restores a deleted grievance.
#[utoipa::path(
    operation_id = "grievances_restore",
    tag = "grievances",
    params(RecordId, Terms),
    responses(Changed<GrievanceView>)
)]
#[post("/{id}/restore")]
async fn restore(caller: Caller, body: Body<Nothing>) -> Result<HttpResponse, Problem> {
    let id = caller.id("grievance")?;
    nothing::expected(&body)?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application.grievances.restore(call, id)
        })
        .await
}

fn wanted(mut query: Query) -> Result<(GrievanceFilter, PageRequest<GrievanceSort>), Problem> {
    let filter = GrievanceFilter {
        status: query.optional("status", status),
        step: query.optional("current_step", Step::parse),
        member: query.optional("member_id", Id::parse),
        employer: query.optional("employer_id", Id::parse),
        representative: query.optional("assigned_representative_id", Id::parse),
        carrier: query.optional("carrier_id", Id::parse),
        filed_from: query.optional("filed_from", date),
        filed_until: query.optional("filed_until", date),
        search: query.optional("q", words),
    };
    let usual = (
        ("grievance_number", GrievanceSort::Number),
        Direction::Descending,
    );
    let page = paging::page(&mut query, ORDERS, usual);
    query.finish((filter, page))
}

fn status(text: &str) -> Result<&'static str, Invalid> {
    let known = State::NAMES.into_iter().find(|name| *name == text);
    known.ok_or_else(|| {
        let names = State::NAMES.join(", ");
        Invalid::new("unknown_value", format!("must be one of {names}"))
    })
}

fn view<'a>(rendering: &Rendering, grievance: &'a Grievance) -> GrievanceView<'a> {
    let grievances = &rendering.application.grievances;
    let actions = grievances.allowed_actions(&rendering.actor, grievance);
    GrievanceView::from(grievance).allowing(actions)
}

fn shown(caller: &Caller, grievance: &Grievance) -> HttpResponse {
    answer::record(&view(&caller.rendering(), grievance), grievance.version)
}

fn present(rendering: &Rendering, grievance: &Grievance) -> StoredAnswer {
    answer::ok(&view(rendering, grievance), Some(grievance.version))
}

fn created(rendering: &Rendering, grievance: &Grievance) -> StoredAnswer {
    let place = format!("{BASE}/grievances/{}", grievance.id);
    answer::created(&view(rendering, grievance), place, grievance.version)
}

/// The parameters of the list, for the document.
struct Wanted(());
/// The number of a grievance in the path, for the document.
struct Number(());

impl utoipa::IntoParams for Wanted {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let status = docs::reference::<GrievanceStatusName>();
        let step = docs::reference::<GrievanceStepName>();
        let day = || docs::formatted("date");
        let mut parameters = vec![
            docs::query("status", status, "Only with this status."),
            docs::query("current_step", step, "Only on this step."),
            docs::query("member_id", docs::uuid(), "Only of this member."),
            docs::query("employer_id", docs::uuid(), "Only against this employer."),
            docs::query(
                "assigned_representative_id",
                docs::uuid(),
                "Only those that this user represents.",
            ),
            docs::query(
                "carrier_id",
                docs::uuid(),
                "Only those that this user represents or is the steward of.",
            ),
            docs::query("filed_from", day(), "Only filed on this day or later."),
            docs::query("filed_until", day(), "Only filed on this day or earlier."),
            docs::words("Words in number, article or description."),
        ];
        parameters.extend(docs::list(ORDERS, "-grievance_number"));
        parameters
    }
}

impl utoipa::IntoParams for Number {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let number = docs::text().pattern(Some("^GR-[0-9]{4}-[0-9]{4,}$"));
        vec![docs::path("number", number, "The grievance's number.")]
    }
}
