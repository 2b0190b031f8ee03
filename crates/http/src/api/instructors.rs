//! Instructors over HTTP.

mod bodies;
mod tax_ids;
mod views;

use actix_web::{HttpResponse, delete, get, patch, post};
use unionhall_application::{
    Application, InstructorFilter, InstructorSort, StoredAnswer,
    call::Call,
    instructors::InstructorError,
    pages::{Direction, PageRequest},
};
use unionhall_domain::{
    audit::Target,
    ids::Id,
    instructors::{Instructor, InstructorStatus},
};
use utoipa::openapi::path::{Parameter, ParameterIn};

use self::{
    bodies::{ChangeInstructorBody, CreateInstructorBody},
    views::InstructorView,
};
use super::{
    choices::InstructorStatusName,
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
const ORDERS: &[Named<InstructorSort>] = &[
    ("name", InstructorSort::Name),
    ("created_at", InstructorSort::Created),
];

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .schema::<InstructorView<'_>>()
        .schema::<tax_ids::TaxIdView<'_>>()
        .add(list)
        .add(create)
        .add(export)
        .add(find)
        .add(update)
        .add(delete)
        .add(restore);
    tax_ids::routes(routes);
}

/// Adds an instructor.
///
/// A tax id is sealed before it is stored, and shown by its last four digits alone.
#[utoipa::path(
    operation_id = "instructors_create",
    tag = "instructors",
    params(NewTerms),
    request_body = CreateInstructorBody,
    responses(Created<InstructorView>)
)]
#[post("")]
async fn create(caller: Caller, body: Body<CreateInstructorBody>) -> Result<HttpResponse, Problem> {
    let new = body.parse()?.command()?;
    caller
        .change(body.bytes(), created, |application, call| {
            application.instructors.create(call, new)
        })
        .await
}

/// Lists instructors.
#[utoipa::path(
    operation_id = "instructors_list",
    tag = "instructors",
    params(Wanted),
    responses(Listed<InstructorView>)
)]
#[get("")]
async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    let (filter, page) = wanted(caller.query())?;
    let searches = filter.search.is_some();
    let body = caller
        .list(searches, move |application, call| {
            let found = application.instructors.list(call, &filter, &page)?;
            let shown = |found| {
                answer::bytes(&paging::view::<_, _, InstructorView<'_>>(
                    &found, ORDERS, &page,
                ))
            };
            Ok::<_, InstructorError>(found.map(shown))
        })
        .await?;
    Ok(answer::made(body))
}

/// Exports instructors.
///
/// The file has every row that the list would show the caller, page by page, and a column for each of its fields.
#[utoipa::path(
    operation_id = "instructors_export",
    tag = "instructors",
    params(ExportOf<Wanted>),
    responses(File)
)]
#[get("/export")]
async fn export(caller: Caller) -> Result<HttpResponse, Problem> {
    let mut query = caller.query();
    let asked = Asked::from(&mut query);
    let (filter, page) = wanted(query)?;
    let exported = Exported("instructors", Target::Instructor);
    let read = move |application: &Application, call: &Call, page: &_| {
        let found = application.instructors.list(call, &filter, page)?;
        Ok::<_, InstructorError>(rows::<_, InstructorView<'_>>(&found.value))
    };
    caller
        .export::<InstructorView<'_>, _, _, _>(exported, asked, page, read)
        .await
}

/// Reads an instructor.
#[utoipa::path(
    operation_id = "instructors_find",
    tag = "instructors",
    params(RecordId),
    responses(Record<InstructorView>)
)]
#[get("/{id}")]
async fn find(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let id = caller.id("instructor")?;
    let found = caller
        .read(move |application, call| application.instructors.find(call, id))
        .await?;
    let view = view(&caller.rendering(), &found);
    Ok(answer::record(&view, found.version))
}

/// Changes an instructor.
///
/// Fields that are not named stay as they are; `null` clears a field.
#[utoipa::path(
    operation_id = "instructors_update",
    tag = "instructors",
    params(RecordId, Terms),
    request_body = ChangeInstructorBody,
    responses(Changed<InstructorView>)
)]
#[patch("/{id}")]
async fn update(caller: Caller, body: Body<ChangeInstructorBody>) -> Result<HttpResponse, Problem> {
    let id = caller.id("instructor")?;
    let wanted = body.parse()?.command()?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application.instructors.update(call, id, wanted)
        })
        .await
}

/// Deletes an instructor.
///
/// It can be restored.
#[utoipa::path(
    operation_id = "instructors_delete",
    tag = "instructors",
    params(RecordId, Terms),
    responses(Deleted)
)]
#[delete("/{id}")]
async fn delete(caller: Caller) -> Result<HttpResponse, Problem> {
    let id = caller.id("instructor")?;
    caller
        .change(&[], answer::gone, move |application, call| {
            application.instructors.delete(call, id)
        })
        .await
}

/// Restores a deleted instructor.
#[utoipa::path(
    operation_id = "instructors_restore",
    tag = "instructors",
    params(RecordId, Terms),
    responses(Changed<InstructorView>)
)]
#[post("/{id}/restore")]
async fn restore(caller: Caller, body: Body<Nothing>) -> Result<HttpResponse, Problem> {
    let id = caller.id("instructor")?;
    nothing::expected(&body)?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application.instructors.restore(call, id)
        })
        .await
}

fn wanted(mut query: Query) -> Result<(InstructorFilter, PageRequest<InstructorSort>), Problem> {
    let filter = InstructorFilter {
        status: query.optional("status", InstructorStatus::parse),
        user: query.optional("user_id", Id::parse),
        search: query.optional("q", words),
    };
    let usual = (("name", InstructorSort::Name), Direction::Ascending);
    let page = paging::page(&mut query, ORDERS, usual);
    query.finish((filter, page))
}

fn view<'a>(rendering: &Rendering, instructor: &'a Instructor) -> InstructorView<'a> {
    let instructors = &rendering.application.instructors;
    let actions = instructors.allowed_actions(&rendering.actor, instructor);
    InstructorView::from(instructor).allowing(actions)
}

fn present(rendering: &Rendering, instructor: &Instructor) -> StoredAnswer {
    answer::ok(&view(rendering, instructor), Some(instructor.version))
}

fn created(rendering: &Rendering, instructor: &Instructor) -> StoredAnswer {
    let place = format!("{BASE}/instructors/{}", instructor.id);
    answer::created(&view(rendering, instructor), place, instructor.version)
}

/// The parameters of the list, for the document.
struct Wanted(());

impl utoipa::IntoParams for Wanted {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let mut parameters = vec![
            docs::query(
                "status",
                docs::reference::<InstructorStatusName>(),
                "Only with this status.",
            ),
            docs::query("user_id", docs::uuid(), "Only who are this user."),
            docs::words("Words of the name, the address or the specialties."),
        ];
        parameters.extend(docs::list(ORDERS, "name"));
        parameters
    }
}
