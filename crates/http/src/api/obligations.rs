//! Obligations out of settlements over HTTP: below their grievance, and what is outstanding across all of them.

mod bodies;
mod views;

use actix_web::{HttpResponse, get, patch, post};
use unionhall_application::{
    Application, ObligationFilter, ObligationSort, StoredAnswer,
    call::Call,
    cases::{CaseError, Dated},
    pages::{Direction, Page, PageRequest},
};
use unionhall_domain::{
    audit::Target,
    grievances::GrievanceId,
    ids::Id,
    obligations::{Obligation, ObligationId, ObligationMove, ObligationStatus},
    step_meetings::Party,
};
use utoipa::openapi::path::{Parameter, ParameterIn};

use self::{
    bodies::{ChangeObligationBody, FulfillBody, ObligeBody},
    views::ObligationView,
};
use super::{
    cases::{ListedBelow, ObligationPath, part},
    choices::{ObligationStatusName, PartyName},
    docs::{self, Added, Changed, Listed, Record, RecordId, Terms},
    exports::{ExportOf, File},
    grievances::bodies::ReasonBody,
    routes::Routes,
};
use crate::{
    BASE,
    web::{
        answer::{self, Rendering},
        body::Body,
        caller::Caller,
        exports::{self as files, Exported, rows},
        fields::date,
        paging::{self, Named},
        problem::Problem,
        query::{Query, boolean},
    },
};

/// What a list can be sorted by.
const ORDERS: &[Named<ObligationSort>] = &[("due_on", ObligationSort::Due)];

/// The routes below a grievance, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .schema::<ObligationView<'_>>()
        .add(list_of_grievance)
        .add(add)
        .add(find)
        .add(update)
        .add(fulfill)
        .add(breach)
        .add(waive)
        .add(reopen);
}

/// The routes across grievances.
pub(super) fn across(routes: &mut Routes<'_, '_>) {
    routes.add(list).add(export);
}

/// Lists obligations across grievances.
///
/// `outstanding=true` shows what is open or breached; `overdue=true` what is and should have been done by now, in the
/// tenant's time zone.
#[utoipa::path(
    operation_id = "obligations_list",
    tag = "obligations",
    params(Wanted),
    responses(Listed<ObligationView>)
)]
#[get("")]
async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    let (filter, overdue, page) = wanted(caller.query())?;
    let body = caller
        .list(false, move |application, call| {
            let found = application.obligations.list(call, filter, overdue, &page)?;
            Ok::<_, CaseError>(found.map(|found| shown(&found, &page)))
        })
        .await?;
    Ok(answer::made(body))
}

/// Exports obligations across grievances.
///
/// The file has every row that the list would show the caller, page by page, and a column for each of its fields.
#[utoipa::path(
    operation_id = "obligations_export",
    tag = "obligations",
    params(ExportOf<Wanted>),
    responses(File)
)]
#[get("/export")]
async fn export(caller: Caller) -> Result<HttpResponse, Problem> {
    let mut query = caller.query();
    let asked = files::Asked::from(&mut query);
    let (filter, overdue, page) = wanted(query)?;
    let exported = Exported("obligations", Target::Obligation);
    let read = move |application: &Application, call: &Call, page: &_| {
        let wanted = &application.obligations;
        let found = wanted.list(call, filter.clone(), overdue, page)?.value;
        Ok::<_, CaseError>(rows::<_, ObligationView<'_>>(&found))
    };
    caller
        .export::<ObligationView<'_>, _, _, _>(exported, asked, page, read)
        .await
}

/// Lists the obligations of a grievance, also for the member whose case it is.
#[utoipa::path(
    operation_id = "obligations_list_of_grievance",
    tag = "obligations",
    params(RecordId, Paged),
    responses(ListedBelow<ObligationView>)
)]
#[get("")]
async fn list_of_grievance(caller: Caller) -> Result<HttpResponse, Problem> {
    let id = caller.id("grievance")?;
    let mut query = caller.query();
    let page = paged(&mut query);
    let page = query.finish(page)?;
    let body = caller
        .list(false, move |application, call| {
            let found = application.obligations.list_of_grievance(call, id, &page)?;
            Ok::<_, CaseError>(found.map(|found| shown(&found, &page)))
        })
        .await?;
    Ok(answer::made(body))
}

/// Writes down what a settlement obliges a side to.
#[utoipa::path(
    operation_id = "obligations_add",
    tag = "obligations",
    params(RecordId, Terms),
    request_body = ObligeBody,
    responses(Added<ObligationView>)
)]
#[post("")]
async fn add(caller: Caller, body: Body<ObligeBody>) -> Result<HttpResponse, Problem> {
    let id = caller.id("grievance")?;
    let terms = body.parse()?.command()?;
    caller
        .change(body.bytes(), created, move |application, call| {
            application.obligations.add(call, id, terms)
        })
        .await
}

/// Reads an obligation.
#[utoipa::path(
    operation_id = "obligations_find",
    tag = "obligations",
    params(ObligationPath),
    responses(Record<ObligationView>)
)]
#[get("/{obligation_id}")]
async fn find(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let (grievance, id) = obligation(&caller)?;
    let found = caller
        .read(move |application, call| application.obligations.find(call, grievance, id))
        .await?;
    let view = view(&caller.rendering(), &found);
    Ok(answer::record(&view, found.record.version))
}

/// Mends the terms of an open obligation.
///
/// Fields that are not named stay as they are; `null` clears a field.
#[utoipa::path(
    operation_id = "obligations_update",
    tag = "obligations",
    params(ObligationPath, Terms),
    request_body = ChangeObligationBody,
    responses(Changed<ObligationView>)
)]
#[patch("/{obligation_id}")]
async fn update(caller: Caller, body: Body<ChangeObligationBody>) -> Result<HttpResponse, Problem> {
    let id = obligation(&caller)?;
    let wanted = body.parse()?.command()?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application.obligations.update(call, id, wanted)
        })
        .await
}

/// Says that it was done.
#[utoipa::path(
    operation_id = "obligations_fulfill",
    tag = "obligations",
    params(ObligationPath, Terms),
    request_body = FulfillBody,
    responses(Changed<ObligationView>)
)]
#[post("/{obligation_id}/fulfill")]
async fn fulfill(caller: Caller, body: Body<FulfillBody>) -> Result<HttpResponse, Problem> {
    let said = body.parse()?.command()?;
    act(&caller, body.bytes(), said).await
}

/// Says that it was not done; it can still be, late.
#[utoipa::path(
    operation_id = "obligations_breach",
    tag = "obligations",
    params(ObligationPath, Terms),
    request_body = ReasonBody,
    responses(Changed<ObligationView>)
)]
#[post("/{obligation_id}/breach")]
async fn breach(caller: Caller, body: Body<ReasonBody>) -> Result<HttpResponse, Problem> {
    let reason = body.parse()?.command()?;
    act(&caller, body.bytes(), ObligationMove::Breach(reason)).await
}

/// Does without it, with the reason.
#[utoipa::path(
    operation_id = "obligations_waive",
    tag = "obligations",
    params(ObligationPath, Terms),
    request_body = ReasonBody,
    responses(Changed<ObligationView>)
)]
#[post("/{obligation_id}/waive")]
async fn waive(caller: Caller, body: Body<ReasonBody>) -> Result<HttpResponse, Problem> {
    let reason = body.parse()?.command()?;
    act(&caller, body.bytes(), ObligationMove::Waive(reason)).await
}

/// Takes it up again.
#[utoipa::path(
    operation_id = "obligations_reopen",
    tag = "obligations",
    params(ObligationPath, Terms),
    request_body = ReasonBody,
    responses(Changed<ObligationView>)
)]
#[post("/{obligation_id}/reopen")]
async fn reopen(caller: Caller, body: Body<ReasonBody>) -> Result<HttpResponse, Problem> {
    let reason = body.parse()?.command()?;
    act(&caller, body.bytes(), ObligationMove::Reopen(reason)).await
}

async fn act(caller: &Caller, body: &[u8], said: ObligationMove) -> Result<HttpResponse, Problem> {
    let id = obligation(caller)?;
    caller
        .change(body, present, move |application, call| {
            application.obligations.act(call, id, said)
        })
        .await
}

fn obligation(caller: &Caller) -> Result<(GrievanceId, ObligationId), Problem> {
    let grievance = caller.id("grievance")?;
    Ok((grievance, part(caller, "obligation_id", "obligation")?))
}

fn wanted(
    mut query: Query,
) -> Result<(ObligationFilter, bool, PageRequest<ObligationSort>), Problem> {
    let filter = ObligationFilter {
        grievance: query.optional("grievance_id", Id::parse),
        status: query.optional("status", ObligationStatus::parse),
        only_outstanding: query.optional("outstanding", boolean).unwrap_or(false),
        overdue_on: None,
        owed_by: query.optional("owed_by", Party::parse),
        employer: query.optional("employer_id", Id::parse),
        representative: query.optional("assigned_representative_id", Id::parse),
        due_until: query.optional("due_until", date),
    };
    let overdue = query.optional("overdue", boolean).unwrap_or(false);
    let page = paged(&mut query);
    query.finish((filter, overdue, page))
}

fn paged(query: &mut Query) -> PageRequest<ObligationSort> {
    let usual = (("due_on", ObligationSort::Due), Direction::Ascending);
    paging::page(query, ORDERS, usual)
}

fn shown(found: &Page<Dated<Obligation>>, page: &PageRequest<ObligationSort>) -> Vec<u8> {
    answer::bytes(&paging::view::<_, _, ObligationView<'_>>(
        found, ORDERS, page,
    ))
}

fn view<'a>(rendering: &Rendering, obligation: &'a Dated<Obligation>) -> ObligationView<'a> {
    let obligations = &rendering.application.obligations;
    let actions = obligations.allowed_actions(&rendering.actor, &obligation.record);
    ObligationView::from(obligation).allowing(actions)
}

fn present(rendering: &Rendering, obligation: &Dated<Obligation>) -> StoredAnswer {
    let version = obligation.record.version;
    answer::ok(&view(rendering, obligation), Some(version))
}

fn created(rendering: &Rendering, obligation: &Dated<Obligation>) -> StoredAnswer {
    let Obligation { grievance, id, .. } = &obligation.record;
    let place = format!("{BASE}/grievances/{grievance}/obligations/{id}");
    let version = obligation.record.version;
    answer::created(&view(rendering, obligation), place, version)
}

/// The parameters of the list across grievances, for the document.
struct Wanted(());
/// The parameters of the list of one grievance, for the document.
struct Paged(());

impl utoipa::IntoParams for Wanted {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let status = docs::reference::<ObligationStatusName>();
        let party = docs::reference::<PartyName>();
        let no = || docs::boolean().default(Some(false.into()));
        let mut parameters = vec![
            docs::query("grievance_id", docs::uuid(), "Only of this grievance."),
            docs::query("status", status, "Only with this status."),
            docs::query("outstanding", no(), "Only what is open or breached."),
            docs::query(
                "overdue",
                no(),
                "Only what is open or breached although its last day has passed.",
            ),
            docs::query("owed_by", party, "Only what this side owes."),
            docs::query(
                "employer_id",
                docs::uuid(),
                "Only of grievances against this employer.",
            ),
            docs::query(
                "assigned_representative_id",
                docs::uuid(),
                "Only of grievances that this user carries.",
            ),
            docs::query(
                "due_until",
                docs::formatted("date"),
                "Only due on this day or earlier.",
            ),
        ];
        parameters.extend(docs::list(ORDERS, "due_on"));
        parameters
    }
}

impl utoipa::IntoParams for Paged {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        docs::list(ORDERS, "due_on")
    }
}
