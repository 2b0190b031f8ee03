//! Requests for information over HTTP: below their grievance, and what waits across all of them.

mod bodies;
mod views;

use actix_web::{HttpResponse, get, post};
use unionhall_application::{
    Application, InformationRequestFilter, InformationRequestSort, StoredAnswer,
    call::Call,
    cases::{CaseError, Dated},
    pages::{Direction, Page, PageRequest},
};
use unionhall_domain::{
    audit::Target,
    grievances::GrievanceId,
    ids::Id,
    information_requests::{InformationRequest, InformationRequestId, RequestStatus},
};
use utoipa::openapi::path::{Parameter, ParameterIn};

use self::{
    bodies::{AnswersBody, AskBody, FollowUpBody, WithdrawRequestBody},
    views::{InformationRequestView, RequestEntryView, RequestItemView},
};
use super::{
    cases::{ListedBelow, RequestPath, part},
    choices::InformationRequestStatusName,
    docs::{self, Added, Changed, Listed, Record, RecordId, Terms},
    exports::{ExportOf, File},
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
const ORDERS: &[Named<InformationRequestSort>] = &[("due_on", InformationRequestSort::Due)];

/// The routes below a grievance, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .schema::<InformationRequestView<'_>>()
        .schema::<RequestItemView<'_>>()
        .schema::<RequestEntryView<'_>>()
        .add(list_of_grievance)
        .add(ask)
        .add(find)
        .add(answer_items)
        .add(follow_up)
        .add(withdraw);
}

/// The routes across grievances.
pub(super) fn across(routes: &mut Routes<'_, '_>) {
    routes.add(list).add(export);
}

/// Lists requests for information across grievances.
///
/// `overdue=true` shows those whose last day has passed and that wait for an answer, in the tenant's time zone.
#[utoipa::path(
    operation_id = "information_requests_list",
    tag = "information_requests",
    params(Wanted),
    responses(Listed<InformationRequestView>)
)]
#[get("")]
async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    let (filter, overdue, page) = wanted(caller.query())?;
    let body = caller
        .list(false, move |application, call| {
            let requests = &application.information_requests;
            let found = requests.list(call, filter, overdue, &page)?;
            Ok::<_, CaseError>(found.map(|found| shown(&found, &page)))
        })
        .await?;
    Ok(answer::made(body))
}

/// Exports requests for information across grievances.
///
/// The file has every row that the list would show the caller, page by page, and a column for each of its fields.
#[utoipa::path(
    operation_id = "information_requests_export",
    tag = "information_requests",
    params(ExportOf<Wanted>),
    responses(File)
)]
#[get("/export")]
async fn export(caller: Caller) -> Result<HttpResponse, Problem> {
    let mut query = caller.query();
    let asked = files::Asked::from(&mut query);
    let (filter, overdue, page) = wanted(query)?;
    let exported = Exported("information-requests", Target::InformationRequest);
    let read = move |application: &Application, call: &Call, page: &_| {
        let wanted = &application.information_requests;
        let found = wanted.list(call, filter.clone(), overdue, page)?.value;
        Ok::<_, CaseError>(rows::<_, InformationRequestView<'_>>(&found))
    };
    caller
        .export::<InformationRequestView<'_>, _, _, _>(exported, asked, page, read)
        .await
}

/// Lists the requests for information of a grievance.
#[utoipa::path(
    operation_id = "information_requests_list_of_grievance",
    tag = "information_requests",
    params(RecordId, Paged),
    responses(ListedBelow<InformationRequestView>)
)]
#[get("")]
async fn list_of_grievance(caller: Caller) -> Result<HttpResponse, Problem> {
    let id = caller.id("grievance")?;
    let mut query = caller.query();
    let page = paged(&mut query);
    let page = query.finish(page)?;
    let body = caller
        .list(false, move |application, call| {
            let requests = &application.information_requests;
            let found = requests.list_of_grievance(call, id, &page)?;
            Ok::<_, CaseError>(found.map(|found| shown(&found, &page)))
        })
        .await?;
    Ok(answer::made(body))
}

/// Writes down what the union asked the employer for.
#[utoipa::path(
    operation_id = "information_requests_ask",
    tag = "information_requests",
    params(RecordId, Terms),
    request_body = AskBody,
    responses(Added<InformationRequestView>)
)]
#[post("")]
async fn ask(caller: Caller, body: Body<AskBody>) -> Result<HttpResponse, Problem> {
    let id = caller.id("grievance")?;
    let asked = body.parse()?.command()?;
    caller
        .change(body.bytes(), created, move |application, call| {
            application.information_requests.ask(call, id, asked)
        })
        .await
}

/// Reads a request with its items and what became of them.
#[utoipa::path(
    operation_id = "information_requests_find",
    tag = "information_requests",
    params(RequestPath),
    responses(Record<InformationRequestView>)
)]
#[get("/{request_id}")]
async fn find(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let (grievance, id) = request(&caller)?;
    let found = caller
        .read(move |application, call| application.information_requests.find(call, grievance, id))
        .await?;
    let view = view(&caller.rendering(), &found);
    Ok(answer::record(&view, found.record.version))
}

/// Writes down what was said of items on one day: given in part, given, refused with the ground, or disputed.
#[utoipa::path(
    operation_id = "information_requests_answer",
    tag = "information_requests",
    params(RequestPath, Terms),
    request_body = AnswersBody,
    responses(Changed<InformationRequestView>)
)]
#[post("/{request_id}/answers")]
async fn answer_items(caller: Caller, body: Body<AnswersBody>) -> Result<HttpResponse, Problem> {
    let id = request(&caller)?;
    let answers = body.parse()?.command()?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application.information_requests.answer(call, id, answers)
        })
        .await
}

/// Writes down that the union asked again, and the new last day if there is one.
#[utoipa::path(
    operation_id = "information_requests_follow_up",
    tag = "information_requests",
    params(RequestPath, Terms),
    request_body = FollowUpBody,
    responses(Changed<InformationRequestView>)
)]
#[post("/{request_id}/follow-ups")]
async fn follow_up(caller: Caller, body: Body<FollowUpBody>) -> Result<HttpResponse, Problem> {
    let id = request(&caller)?;
    let follow_up = body.parse()?.command()?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application
                .information_requests
                .follow_up(call, id, follow_up)
        })
        .await
}

/// Does without what was asked for.
#[utoipa::path(
    operation_id = "information_requests_withdraw",
    tag = "information_requests",
    params(RequestPath, Terms),
    request_body = WithdrawRequestBody,
    responses(Changed<InformationRequestView>)
)]
#[post("/{request_id}/withdraw")]
async fn withdraw(
    caller: Caller,
    body: Body<WithdrawRequestBody>,
) -> Result<HttpResponse, Problem> {
    let id = request(&caller)?;
    let reason = body.parse()?.command()?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application.information_requests.withdraw(call, id, reason)
        })
        .await
}

fn request(caller: &Caller) -> Result<(GrievanceId, InformationRequestId), Problem> {
    let grievance = caller.id("grievance")?;
    let what = "request for information";
    Ok((grievance, part(caller, "request_id", what)?))
}

fn shown(
    found: &Page<Dated<InformationRequest>>,
    page: &PageRequest<InformationRequestSort>,
) -> Vec<u8> {
    answer::bytes(&paging::view::<_, _, InformationRequestView<'_>>(
        found, ORDERS, page,
    ))
}

type Asked = (
    InformationRequestFilter,
    bool,
    PageRequest<InformationRequestSort>,
);

fn wanted(mut query: Query) -> Result<Asked, Problem> {
    let filter = InformationRequestFilter {
        grievance: query.optional("grievance_id", Id::parse),
        status: query.optional("status", RequestStatus::parse),
        overdue_on: None,
        employer: query.optional("employer_id", Id::parse),
        representative: query.optional("assigned_representative_id", Id::parse),
        due_from: query.optional("due_from", date),
        due_until: query.optional("due_until", date),
    };
    let overdue = query.optional("overdue", boolean).unwrap_or(false);
    let page = paged(&mut query);
    query.finish((filter, overdue, page))
}

fn paged(query: &mut Query) -> PageRequest<InformationRequestSort> {
    let usual = (
        ("due_on", InformationRequestSort::Due),
        Direction::Ascending,
    );
    paging::page(query, ORDERS, usual)
}

fn view<'a>(
    rendering: &Rendering,
    request: &'a Dated<InformationRequest>,
) -> InformationRequestView<'a> {
    let requests = &rendering.application.information_requests;
    let actions = requests.allowed_actions(&rendering.actor, &request.record);
    InformationRequestView::from(request).allowing(actions)
}

fn present(rendering: &Rendering, request: &Dated<InformationRequest>) -> StoredAnswer {
    answer::ok(&view(rendering, request), Some(request.record.version))
}

fn created(rendering: &Rendering, request: &Dated<InformationRequest>) -> StoredAnswer {
    let InformationRequest { grievance, id, .. } = &request.record;
    let place = format!("{BASE}/grievances/{grievance}/information-requests/{id}");
    answer::created(&view(rendering, request), place, request.record.version)
}

/// The parameters of the list across grievances, for the document.
struct Wanted(());
/// The parameters of the list of one grievance, for the document.
struct Paged(());

impl utoipa::IntoParams for Wanted {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let status = docs::reference::<InformationRequestStatusName>();
        let day = || docs::formatted("date");
        let overdue = docs::boolean().default(Some(false.into()));
        let mut parameters = vec![
            docs::query("grievance_id", docs::uuid(), "Only for this grievance."),
            docs::query("status", status, "Only with this status."),
            docs::query(
                "overdue",
                overdue,
                "Only those that wait although their last day has passed.",
            ),
            docs::query(
                "employer_id",
                docs::uuid(),
                "Only for grievances against this employer.",
            ),
            docs::query(
                "assigned_representative_id",
                docs::uuid(),
                "Only for grievances that this user carries.",
            ),
            docs::query("due_from", day(), "Only due on this day or later."),
            docs::query("due_until", day(), "Only due on this day or earlier."),
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
