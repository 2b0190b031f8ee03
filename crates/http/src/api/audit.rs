//! The audit trail over HTTP.

mod views;

use actix_web::{HttpResponse, get};
use unionhall_application::{
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
    routes::Routes,
};
use crate::web::{
    answer,
    caller::Caller,
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
        .add(list_by_record);
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
    let target = Target::parse(caller.segment("type"));
    let target = target.map_err(|_| Problem::not_found("kind of record"))?;
    let id = caller.id::<()>("record")?;
    let mut query = caller.query();
    let page = page(&mut query);
    let filter = AuditFilter {
        target: Some(target),
        target_id: Some(id.uuid()),
        ..AuditFilter::default()
    };
    listed(&caller, filter, query.finish(page)?).await
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

fn wanted(mut query: Query) -> Result<(AuditFilter, PageRequest<AuditSort>), Problem> {
    let filter = AuditFilter {
        actor: query.optional("actor", Id::parse),
        action: query.optional("action", AuditAction::parse),
        target: query.optional("target", Target::parse),
        target_id: query.optional("target_id", uuid),
        from: query.optional("from", instant),
        until: query.optional("until", instant),
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

impl utoipa::IntoResponses for EventsOfRecord {
    fn responses() -> docs::Responses {
        let mut responses = Listed::<AuditEventView<'_>>::responses();
        responses.extend(docs::problems(&[404]));
        responses
    }
}
