//! Cohorts over HTTP.

mod bodies;
mod moves;
mod roll;
mod views;

use actix_web::{HttpResponse, delete, get, patch, post};
use unionhall_application::{
    Application, CohortFilter, CohortSort, StoredAnswer,
    call::Call,
    cohorts::CohortError,
    pages::{Direction, PageRequest},
};
use unionhall_domain::{
    audit::Target,
    cohorts::{Cohort, CohortStatus},
    ids::Id,
};
use utoipa::openapi::path::{Parameter, ParameterIn};

use self::{
    bodies::{ChangeCohortBody, CreateCohortBody},
    views::CohortView,
};
use super::{
    choices::CohortStatusName,
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
        paging::{self, Named},
        problem::Problem,
        query::{Query, words},
    },
};

/// What a list can be sorted by.
const ORDERS: &[Named<CohortSort>] = &[
    ("name", CohortSort::Name),
    ("created_at", CohortSort::Created),
];

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .schema::<CohortView<'_>>()
        .add(list)
        .add(create)
        .add(export)
        .add(find)
        .add(update)
        .add(delete)
        .add(restore);
    moves::routes(routes);
    roll::routes(routes);
}

/// Plans a cohort.
///
/// Of its instructors exactly one is the primary one: the one that is named so, or the first.
#[utoipa::path(
    operation_id = "cohorts_create",
    tag = "cohorts",
    params(NewTerms),
    request_body = CreateCohortBody,
    responses(Created<CohortView>)
)]
#[post("")]
async fn create(caller: Caller, body: Body<CreateCohortBody>) -> Result<HttpResponse, Problem> {
    let new = body.parse()?.command()?;
    caller
        .change(body.bytes(), created, |application, call| {
            application.cohorts.create(call, new)
        })
        .await
}

/// Lists cohorts.
#[utoipa::path(
    operation_id = "cohorts_list",
    tag = "cohorts",
    params(Wanted),
    responses(Listed<CohortView>)
)]
#[get("")]
async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    let (filter, page) = wanted(caller.query())?;
    let body = caller
        .look(move |application, call| {
            let found = application.cohorts.list(call, &filter, &page)?;
            let view = paging::view::<_, _, CohortView<'_>>(&found, ORDERS, &page);
            Ok::<_, CohortError>(answer::bytes(&view))
        })
        .await?;
    Ok(answer::made(body))
}

/// Exports cohorts.
///
/// The file has every row that the list would show the caller, page by page, and a column for each of its fields.
#[utoipa::path(
    operation_id = "cohorts_export",
    tag = "cohorts",
    params(ExportOf<Wanted>),
    responses(File)
)]
#[get("/export")]
async fn export(caller: Caller) -> Result<HttpResponse, Problem> {
    let mut query = caller.query();
    let asked = Asked::from(&mut query);
    let (filter, page) = wanted(query)?;
    let exported = Exported("cohorts", Target::Cohort);
    let read = move |application: &Application, call: &Call, page: &_| {
        let found = application.cohorts.list(call, &filter, page)?;
        Ok::<_, CohortError>(rows::<_, CohortView<'_>>(&found))
    };
    caller
        .export::<CohortView<'_>, _, _, _>(exported, asked, page, read)
        .await
}

/// Reads a cohort.
#[utoipa::path(
    operation_id = "cohorts_find",
    tag = "cohorts",
    params(RecordId),
    responses(Record<CohortView>)
)]
#[get("/{id}")]
async fn find(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let id = caller.id("cohort")?;
    let found = caller
        .look(move |application, call| application.cohorts.find(call, id))
        .await?;
    let view = view(&caller.rendering(), &found);
    Ok(answer::record(&view, found.version))
}

/// Changes a cohort.
///
/// Fields that are not named stay as they are; `null` clears a field.
#[utoipa::path(
    operation_id = "cohorts_update",
    tag = "cohorts",
    params(RecordId, Terms),
    request_body = ChangeCohortBody,
    responses(Changed<CohortView>)
)]
#[patch("/{id}")]
async fn update(caller: Caller, body: Body<ChangeCohortBody>) -> Result<HttpResponse, Problem> {
    let id = caller.id("cohort")?;
    let wanted = body.parse()?.command()?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application.cohorts.update(call, id, wanted)
        })
        .await
}

/// Deletes a cohort that nobody is in.
///
/// It can be restored.
#[utoipa::path(
    operation_id = "cohorts_delete",
    tag = "cohorts",
    params(RecordId, Terms),
    responses(Deleted)
)]
#[delete("/{id}")]
async fn delete(caller: Caller) -> Result<HttpResponse, Problem> {
    let id = caller.id("cohort")?;
    caller
        .change(&[], answer::gone, move |application, call| {
            application.cohorts.delete(call, id)
        })
        .await
}

/// Restores a deleted cohort.
#[utoipa::path(
    operation_id = "cohorts_restore",
    tag = "cohorts",
    params(RecordId, Terms),
    responses(Changed<CohortView>)
)]
#[post("/{id}/restore")]
async fn restore(caller: Caller, body: Body<Nothing>) -> Result<HttpResponse, Problem> {
    let id = caller.id("cohort")?;
    nothing::expected(&body)?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application.cohorts.restore(call, id)
        })
        .await
}

fn wanted(mut query: Query) -> Result<(CohortFilter, PageRequest<CohortSort>), Problem> {
    let filter = CohortFilter {
        status: query.optional("status", CohortStatus::parse),
        location: query.optional("location_id", Id::parse),
        instructor: query.optional("instructor_id", Id::parse),
        search: query.optional("q", words),
    };
    let usual = (("name", CohortSort::Name), Direction::Ascending);
    let page = paging::page(&mut query, ORDERS, usual);
    query.finish((filter, page))
}

fn view<'a>(rendering: &Rendering, cohort: &'a Cohort) -> CohortView<'a> {
    let cohorts = &rendering.application.cohorts;
    let actions = cohorts.allowed_actions(&rendering.actor, cohort);
    CohortView::from(cohort).allowing(actions)
}

fn present(rendering: &Rendering, cohort: &Cohort) -> StoredAnswer {
    answer::ok(&view(rendering, cohort), Some(cohort.version))
}

fn created(rendering: &Rendering, cohort: &Cohort) -> StoredAnswer {
    let place = format!("{BASE}/cohorts/{}", cohort.id);
    answer::created(&view(rendering, cohort), place, cohort.version)
}

/// The parameters of the list, for the document.
struct Wanted(());

impl utoipa::IntoParams for Wanted {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let mut parameters = vec![
            docs::query(
                "status",
                docs::reference::<CohortStatusName>(),
                "Only with this status.",
            ),
            docs::query("location_id", docs::uuid(), "Only taught here."),
            docs::query(
                "instructor_id",
                docs::uuid(),
                "Only taught by this instructor, perhaps with others.",
            ),
            docs::words("Words of the name or the code."),
        ];
        parameters.extend(docs::list(ORDERS, "name"));
        parameters
    }
}
