//! Classes over HTTP.

mod bodies;
mod moves;
mod views;

use actix_web::{HttpResponse, delete, get, patch, post};
use unionhall_application::{
    Application, ClassFilter, ClassSort, StoredAnswer,
    call::Call,
    classes::ClassError,
    pages::{Direction, PageRequest},
};
use unionhall_domain::{
    audit::Target,
    classes::{Class, ClassState},
    ids::Id,
};
use utoipa::openapi::path::{Parameter, ParameterIn};

pub(super) use self::moves::TrainingReasonBody;
use self::{
    bodies::{ChangeClassBody, CreateClassBody},
    views::ClassView,
};
use super::{
    choices::ClassStatusName,
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
const ORDERS: &[Named<ClassSort>] = &[
    ("starts_on", ClassSort::Starts),
    ("created_at", ClassSort::Created),
];

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .schema::<ClassView<'_>>()
        .add(list)
        .add(create)
        .add(export)
        .add(find)
        .add(update)
        .add(delete)
        .add(restore);
    moves::routes(routes);
}

/// Plans a class of the present edition of a course.
///
/// It takes as many students as the course says, where nothing is said here. Students enroll when it is opened.
#[utoipa::path(
    operation_id = "classes_create",
    tag = "classes",
    params(NewTerms),
    request_body = CreateClassBody,
    responses(Created<ClassView>)
)]
#[post("")]
async fn create(caller: Caller, body: Body<CreateClassBody>) -> Result<HttpResponse, Problem> {
    let (course, plan) = body.parse()?.command()?;
    caller
        .change(body.bytes(), created, move |application, call| {
            application.classes.create(call, course, plan)
        })
        .await
}

/// Lists classes.
#[utoipa::path(
    operation_id = "classes_list",
    tag = "classes",
    params(Wanted),
    responses(Listed<ClassView>)
)]
#[get("")]
async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    let (filter, page) = wanted(caller.query())?;
    let body = caller
        .look(move |application, call| {
            let found = application.classes.list(call, &filter, &page)?;
            let view = paging::view::<_, _, ClassView<'_>>(&found, ORDERS, &page);
            Ok::<_, ClassError>(answer::bytes(&view))
        })
        .await?;
    Ok(answer::made(body))
}

/// Exports classes.
///
/// The file has every row that the list would show the caller, page by page, and a column for each of its fields.
#[utoipa::path(
    operation_id = "classes_export",
    tag = "classes",
    params(ExportOf<Wanted>),
    responses(File)
)]
#[get("/export")]
async fn export(caller: Caller) -> Result<HttpResponse, Problem> {
    let mut query = caller.query();
    let asked = Asked::from(&mut query);
    let (filter, page) = wanted(query)?;
    let exported = Exported("classes", Target::Class);
    let read = move |application: &Application, call: &Call, page: &_| {
        let found = application.classes.list(call, &filter, page)?;
        Ok::<_, ClassError>(rows::<_, ClassView<'_>>(&found))
    };
    caller
        .export::<ClassView<'_>, _, _, _>(exported, asked, page, read)
        .await
}

/// Reads a class.
#[utoipa::path(
    operation_id = "classes_find",
    tag = "classes",
    params(RecordId),
    responses(Record<ClassView>)
)]
#[get("/{id}")]
async fn find(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let id = caller.id("class")?;
    let class = caller
        .look(move |application, call| application.classes.find(call, id))
        .await?;
    let view = view(&caller.rendering(), &class);
    Ok(answer::record(&view, class.version))
}

/// Changes what is planned of a class.
///
/// Fields that are not named stay as they are; `null` clears a field. Course and edition stay. Sessions that are not
/// cancelled must remain within the term.
#[utoipa::path(
    operation_id = "classes_update",
    tag = "classes",
    params(RecordId, Terms),
    request_body = ChangeClassBody,
    responses(Changed<ClassView>)
)]
#[patch("/{id}")]
async fn update(caller: Caller, body: Body<ChangeClassBody>) -> Result<HttpResponse, Problem> {
    let id = caller.id("class")?;
    let wanted = body.parse()?.command()?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application.classes.update(call, id, wanted)
        })
        .await
}

/// Deletes a class that has no sessions but cancelled ones.
///
/// It can be restored.
#[utoipa::path(
    operation_id = "classes_delete",
    tag = "classes",
    params(RecordId, Terms),
    responses(Deleted)
)]
#[delete("/{id}")]
async fn delete(caller: Caller) -> Result<HttpResponse, Problem> {
    let id = caller.id("class")?;
    caller
        .change(&[], answer::gone, move |application, call| {
            application.classes.delete(call, id)
        })
        .await
}

/// Restores a deleted class.
#[utoipa::path(
    operation_id = "classes_restore",
    tag = "classes",
    params(RecordId, Terms),
    responses(Changed<ClassView>)
)]
#[post("/{id}/restore")]
async fn restore(caller: Caller, body: Body<Nothing>) -> Result<HttpResponse, Problem> {
    let id = caller.id("class")?;
    nothing::expected(&body)?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application.classes.restore(call, id)
        })
        .await
}

fn wanted(mut query: Query) -> Result<(ClassFilter, PageRequest<ClassSort>), Problem> {
    let filter = ClassFilter {
        course: query.optional("course_id", Id::parse),
        status: query.optional("status", ClassState::name),
        on: query.optional("on", date),
        search: query.optional("q", words),
    };
    let usual = (("starts_on", ClassSort::Starts), Direction::Descending);
    let page = paging::page(&mut query, ORDERS, usual);
    query.finish((filter, page))
}

fn view<'a>(rendering: &Rendering, class: &'a Class) -> ClassView<'a> {
    let classes = &rendering.application.classes;
    ClassView::from(class).allowing(classes.allowed_actions(&rendering.actor, class))
}

fn present(rendering: &Rendering, class: &Class) -> StoredAnswer {
    answer::ok(&view(rendering, class), Some(class.version))
}

fn created(rendering: &Rendering, class: &Class) -> StoredAnswer {
    let place = format!("{BASE}/classes/{}", class.id);
    answer::created(&view(rendering, class), place, class.version)
}

/// The parameters of the list, for the document.
struct Wanted(());

impl utoipa::IntoParams for Wanted {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let status = docs::reference::<ClassStatusName>();
        let mut parameters = vec![
            docs::query("course_id", docs::uuid(), "Only of this course."),
            docs::query("status", status, "Only with this status."),
            docs::query(
                "on",
                docs::formatted("date"),
                "Only of whose term this day is one.",
            ),
            docs::words("Beginnings of words of the name."),
        ];
        parameters.extend(docs::list(ORDERS, "-starts_on"));
        parameters
    }
}
