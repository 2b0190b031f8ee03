//! Students over HTTP.

mod bodies;
mod moves;
mod own;
mod views;

pub(super) use own::routes as own_routes;

use actix_web::{HttpResponse, delete, get, patch, post};
use unionhall_application::{
    Application, StoredAnswer, StudentFilter, StudentSort,
    call::Call,
    pages::{Direction, PageRequest},
    students::StudentError,
};
use unionhall_domain::{
    audit::Target,
    ids::Id,
    students::{Student, StudentNumber, StudentStatus},
};
use utoipa::openapi::path::{Parameter, ParameterIn};

use self::{
    bodies::{ChangeStudentBody, CreateStudentBody},
    views::StudentView,
};
use super::{
    choices::StudentStatusName,
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
const ORDERS: &[Named<StudentSort>] = &[
    ("name", StudentSort::Name),
    ("created_at", StudentSort::Created),
];

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .schema::<StudentView<'_>>()
        .add(list)
        .add(create)
        .add(export)
        .add(find_by_number)
        .add(find)
        .add(update)
        .add(delete)
        .add(restore);
    moves::routes(routes);
}

/// Adds a student who has applied.
///
/// A student is a member of the tenant (`member_id`), or somebody whom another union sends: an organization of the
/// tenant that is a union (`union_id`), with the number that the person has there and what they are called.
#[utoipa::path(
    operation_id = "students_create",
    tag = "students",
    params(NewTerms),
    request_body = CreateStudentBody,
    responses(Created<StudentView>)
)]
#[post("")]
async fn create(caller: Caller, body: Body<CreateStudentBody>) -> Result<HttpResponse, Problem> {
    let new = body.parse()?.command()?;
    caller
        .change(body.bytes(), created, |application, call| {
            application.students.create(call, new)
        })
        .await
}

/// Lists students.
#[utoipa::path(
    operation_id = "students_list",
    tag = "students",
    params(Wanted),
    responses(Listed<StudentView>)
)]
#[get("")]
async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    let (filter, page) = wanted(caller.query())?;
    let searches = filter.search.is_some();
    let body = caller
        .list(searches, move |application, call| {
            let found = application.students.list(call, &filter, &page)?;
            let shown = |found| {
                answer::bytes(&paging::view::<_, _, StudentView<'_>>(
                    &found, ORDERS, &page,
                ))
            };
            Ok::<_, StudentError>(found.map(shown))
        })
        .await?;
    Ok(answer::made(body))
}

/// Exports students.
///
/// The file has every row that the list would show the caller, page by page, and a column for each of its fields.
#[utoipa::path(
    operation_id = "students_export",
    tag = "students",
    params(ExportOf<Wanted>),
    responses(File)
)]
#[get("/export")]
async fn export(caller: Caller) -> Result<HttpResponse, Problem> {
    let mut query = caller.query();
    let asked = Asked::from(&mut query);
    let (filter, page) = wanted(query)?;
    let exported = Exported("students", Target::Student);
    let read = move |application: &Application, call: &Call, page: &_| {
        let found = application.students.list(call, &filter, page)?;
        Ok::<_, StudentError>(rows::<_, StudentView<'_>>(&found.value))
    };
    caller
        .export::<StudentView<'_>, _, _, _>(exported, asked, page, read)
        .await
}

/// Reads a student.
#[utoipa::path(
    operation_id = "students_find",
    tag = "students",
    params(RecordId),
    responses(Record<StudentView>)
)]
#[get("/{id}")]
async fn find(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let id = caller.id("student")?;
    let found = caller
        .read(move |application, call| application.students.find(call, id))
        .await?;
    let view = view(&caller.rendering(), &found);
    Ok(answer::record(&view, found.version))
}

/// Reads a student by number.
#[utoipa::path(
    operation_id = "students_find_by_number",
    tag = "students",
    params(Number),
    responses(Record<StudentView>)
)]
#[get("/by-number/{number}")]
async fn find_by_number(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let number = StudentNumber::parse(caller.segment("number"))
        .map_err(|_| Problem::not_found("student"))?;
    let found = caller
        .read(move |application, call| application.students.find_by_number(call, number))
        .await?;
    let view = view(&caller.rendering(), &found);
    Ok(answer::record(&view, found.version))
}

/// Changes a student.
///
/// Fields that are not named stay as they are; `null` clears a field. Name, number at the union, address and telephone are
/// of those whom another union sends; of a member they are what the roster says, and changed there. Where a student stands
/// is changed by moves alone.
#[utoipa::path(
    operation_id = "students_update",
    tag = "students",
    params(RecordId, Terms),
    request_body = ChangeStudentBody,
    responses(Changed<StudentView>)
)]
#[patch("/{id}")]
async fn update(caller: Caller, body: Body<ChangeStudentBody>) -> Result<HttpResponse, Problem> {
    let id = caller.id("student")?;
    let wanted = body.parse()?.command()?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application.students.update(call, id, wanted)
        })
        .await
}

/// Deletes a student.
///
/// It can be restored.
#[utoipa::path(
    operation_id = "students_delete",
    tag = "students",
    params(RecordId, Terms),
    responses(Deleted)
)]
#[delete("/{id}")]
async fn delete(caller: Caller) -> Result<HttpResponse, Problem> {
    let id = caller.id("student")?;
    caller
        .change(&[], answer::gone, move |application, call| {
            application.students.delete(call, id)
        })
        .await
}

/// Restores a deleted student.
#[utoipa::path(
    operation_id = "students_restore",
    tag = "students",
    params(RecordId, Terms),
    responses(Changed<StudentView>)
)]
#[post("/{id}/restore")]
async fn restore(caller: Caller, body: Body<Nothing>) -> Result<HttpResponse, Problem> {
    let id = caller.id("student")?;
    nothing::expected(&body)?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application.students.restore(call, id)
        })
        .await
}

fn wanted(mut query: Query) -> Result<(StudentFilter, PageRequest<StudentSort>), Problem> {
    let filter = StudentFilter {
        status: query.optional("status", StudentStatus::parse),
        union: query.optional("union_id", Id::parse),
        member: query.optional("member_id", Id::parse),
        cohort: query.optional("cohort_id", Id::parse),
        search: query.optional("q", words),
    };
    let usual = (("name", StudentSort::Name), Direction::Ascending);
    let page = paging::page(&mut query, ORDERS, usual);
    query.finish((filter, page))
}

fn view<'a>(rendering: &Rendering, student: &'a Student) -> StudentView<'a> {
    let students = &rendering.application.students;
    let actions = students.allowed_actions(&rendering.actor, student);
    StudentView::from(student).allowing(actions)
}

fn present(rendering: &Rendering, student: &Student) -> StoredAnswer {
    answer::ok(&view(rendering, student), Some(student.version))
}

fn created(rendering: &Rendering, student: &Student) -> StoredAnswer {
    let place = format!("{BASE}/students/{}", student.id);
    answer::created(&view(rendering, student), place, student.version)
}

/// The number in the path, for the document.
struct Number(());

impl utoipa::IntoParams for Number {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![docs::path(
            "number",
            docs::text(),
            "The number, like 2026-0001.",
        )]
    }
}

/// The parameters of the list, for the document.
struct Wanted(());

impl utoipa::IntoParams for Wanted {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let mut parameters = vec![
            docs::query(
                "status",
                docs::reference::<StudentStatusName>(),
                "Only with this status.",
            ),
            docs::query("union_id", docs::uuid(), "Only whom this union sends."),
            docs::query("member_id", docs::uuid(), "Only who is this member."),
            docs::query("cohort_id", docs::uuid(), "Only who is in this cohort now."),
            docs::words(
                "Words of the name, and numbers: the student's, a former one, the one at the union.",
            ),
        ];
        parameters.extend(docs::list(ORDERS, "name"));
        parameters
    }
}
