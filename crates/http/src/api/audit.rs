//! The audit trail over HTTP.

mod views;

use actix_web::{HttpResponse, get};
use unionhall_application::{
    Application,
    call::Call,
    error::CallError,
    pages::{Direction, PageRequest},
    trail::{AuditFilter, AuditSort},
};
use unionhall_domain::{
    audit::{AuditAction, Target},
    ids::Id,
    invalid::Invalid,
};
use utoipa::openapi::path::{Parameter, ParameterIn};
use uuid::Uuid;

use self::views::AuditEventView;
use super::{
    choices::{AuditActionName, AuditTargetName},
    docs::{self, Listed},
    exports::{ExportOf, File},
    routes::Routes,
};
use crate::web::{
    answer,
    caller::Caller,
    exports::{Asked, Exported, rows},
    fields::instant,
    paging::{self, Named},
    problem::Problem,
    query::Query,
};

/// What the trail can be sorted by.
const ORDERS: &[Named<AuditSort>] = &[("time", AuditSort::Time)];

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .schema::<AuditEventView<'_>>()
        .add(list)
        .add(export)
        .add(list_by_record)
        .add(export_by_record);
}

/// Lists what was done and read, newest first.
///
/// Reading the trail is on record too.
#[utoipa::path(
    operation_id = "audit_list",
    tag = "audit",
    params(Wanted),
    responses(Listed<AuditEventView>)
)]
#[get("")]
async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    let (filter, page) = wanted(caller.query())?;
    listed(&caller, filter, page).await
}

/// Lists what was done to one record, newest first.
///
/// A record that never existed has no events.
#[utoipa::path(
    operation_id = "audit_list_by_record",
    tag = "audit",
    params(OfRecord),
    responses(EventsOfRecord)
)]
#[get("/by-record/{type}/{id}")]
async fn list_by_record(caller: Caller) -> Result<HttpResponse, Problem> {
    let filter = of_record(&caller)?;
    let mut query = caller.query();
    let page = page(&mut query);
    listed(&caller, filter, query.finish(page)?).await
}

/// Exports what was done and read.
///
/// The file has every row that the list would show the caller, page by page, and a column for each of its fields.
#[utoipa::path(
    operation_id = "audit_export",
    tag = "audit",
    params(ExportOf<Wanted>),
    responses(File)
)]
#[get("/export")]
async fn export(caller: Caller) -> Result<HttpResponse, Problem> {
    let mut query = caller.query();
    let asked = Asked::from(&mut query);
    let (filter, page) = wanted(query)?;
    exported(caller, asked, filter, page).await
}

/// Exports what was done to one record.
///
/// The file has every row that the list would show the caller, page by page, and a column for each of its fields.
#[utoipa::path(
    operation_id = "audit_export_by_record",
    tag = "audit",
    params(ExportOf<OfRecord>),
    responses(FileOfRecord)
)]
#[get("/by-record/{type}/{id}/export")]
async fn export_by_record(caller: Caller) -> Result<HttpResponse, Problem> {
    let filter = of_record(&caller)?;
    let mut query = caller.query();
    let asked = Asked::from(&mut query).about(&caller);
    let page = page(&mut query);
    let page = query.finish(page)?;
    exported(caller, asked, filter, page).await
}

async fn listed(
    caller: &Caller,
    filter: AuditFilter,
    page: PageRequest<AuditSort>,
) -> Result<HttpResponse, Problem> {
    let body = caller
        .read(move |application, call| {
            let found = application.audit.list(call, &filter, &page)?;
            let shown = |found| {
                answer::bytes(&paging::view::<_, _, AuditEventView<'_>>(
                    &found, ORDERS, &page,
                ))
            };
            Ok::<_, CallError>(found.map(shown))
        })
        .await?;
    Ok(answer::made(body))
}

async fn exported(
    caller: Caller,
    asked: Asked,
    filter: AuditFilter,
    page: PageRequest<AuditSort>,
) -> Result<HttpResponse, Problem> {
    let exported = Exported("audit-events", Target::AuditTrail);
    let read = move |application: &Application, call: &Call, page: &_| {
        let found = application.audit.list(call, &filter, page)?.value;
        Ok::<_, CallError>(rows::<_, AuditEventView<'_>>(&found))
    };
    caller
        .export::<AuditEventView<'_>, _, _, _>(exported, asked, page, read)
        .await
}

/// The record that the path names.
fn of_record(caller: &Caller) -> Result<AuditFilter, Problem> {
    let target = Target::parse(caller.segment("type"));
    let target = target.map_err(|_| Problem::not_found("kind of record"))?;
    let id = caller.id::<()>("record")?;
    Ok(AuditFilter {
        target: Some(target),
        target_id: Some(id.uuid()),
        ..AuditFilter::default()
    })
}

fn wanted(mut query: Query) -> Result<(AuditFilter, PageRequest<AuditSort>), Problem> {
    let filter = AuditFilter {
        actor: query.optional("actor", Id::parse),
        action: query.optional("action", AuditAction::parse),
        target: query.optional("target", Target::parse),
        target_id: query.optional("target_id", uuid),
        from: query.optional("from", instant),
        until: query.optional("until", instant),
        ..AuditFilter::default()
    };
    let page = page(&mut query);
    query.finish((filter, page))
}

fn page(query: &mut Query) -> PageRequest<AuditSort> {
    let usual = (("time", AuditSort::Time), Direction::Descending);
    paging::page(query, ORDERS, usual)
}

fn uuid(text: &str) -> Result<Uuid, Invalid> {
    Id::<()>::parse(text).map(Id::uuid)
}

/// The parameters of the list, for the document.
struct Wanted(());
/// The parameters of the list about one record, for the document.
struct OfRecord(());
/// The answers of the list about one record, for the document.
struct EventsOfRecord(());
/// The answers of the export about one record, for the document.
struct FileOfRecord(());

impl utoipa::IntoParams for Wanted {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let action = docs::reference::<AuditActionName>();
        let target = docs::reference::<AuditTargetName>();
        let time = || docs::formatted("date-time");
        let mut parameters = vec![
            docs::query("actor", docs::uuid(), "Only what this user did."),
            docs::query("action", action, "Only this action."),
            docs::query(
                "target",
                target,
                "Only what was done to this kind of record.",
            ),
            docs::query(
                "target_id",
                docs::uuid(),
                "Only what was done to this record.",
            ),
            docs::query("from", time(), "Only at or after this time."),
            docs::query("until", time(), "Only before this time."),
        ];
        parameters.extend(docs::list(ORDERS, "-time"));
        parameters
    }
}

impl utoipa::IntoParams for OfRecord {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let kind = docs::reference::<AuditTargetName>();
        let mut parameters = vec![
            docs::path("type", kind, "The kind of record."),
            docs::path("id", docs::uuid(), "The id of the record."),
        ];
        parameters.extend(docs::list(ORDERS, "-time"));
        parameters
    }
}

impl utoipa::IntoResponses for FileOfRecord {
    fn responses() -> docs::Responses {
        let mut responses = File::responses();
        responses.extend(docs::problems(&[404]));
        responses
    }
}

impl utoipa::IntoResponses for EventsOfRecord {
    fn responses() -> docs::Responses {
        let mut responses = Listed::<AuditEventView<'_>>::responses();
        responses.extend(docs::problems(&[404]));
        responses
    }
}
