//! Courses over HTTP.

mod bodies;
mod editions;
mod views;

use actix_web::{HttpResponse, delete, get, patch, post};
use unionhall_application::{
    Application, CourseFilter, CourseSort, StoredAnswer,
    call::Call,
    courses::CourseError,
    pages::{Direction, PageRequest},
};
use unionhall_domain::{
    audit::Target,
    courses::{Course, CourseType},
    text::Line,
};
use utoipa::openapi::path::{Parameter, ParameterIn};

use self::{
    bodies::{ChangeCourseBody, CreateCourseBody},
    views::CourseView,
};
use super::{
    choices::CourseTypeName,
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
        query::{Query, boolean, words},
    },
};

/// What a list can be sorted by.
const ORDERS: &[Named<CourseSort>] = &[
    ("code", CourseSort::Code),
    ("name", CourseSort::Name),
    ("created_at", CourseSort::Created),
];

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .schema::<CourseView<'_>>()
        .add(list)
        .add(create)
        .add(export)
        .add(find)
        .add(update)
        .add(delete)
        .add(restore);
    editions::routes(routes);
}

/// Adds a course to the catalogue.
///
/// It begins in its first edition. The courses that it asks for first must be of this tenant, and none of them may
/// come after it.
#[utoipa::path(
    operation_id = "courses_create",
    tag = "courses",
    params(NewTerms),
    request_body = CreateCourseBody,
    responses(Created<CourseView>)
)]
#[post("")]
async fn create(caller: Caller, body: Body<CreateCourseBody>) -> Result<HttpResponse, Problem> {
    let details = body.parse()?.command()?;
    caller
        .change(body.bytes(), created, |application, call| {
            application.courses.create(call, details)
        })
        .await
}

/// Lists courses.
#[utoipa::path(
    operation_id = "courses_list",
    tag = "courses",
    params(Wanted),
    responses(Listed<CourseView>)
)]
#[get("")]
async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    let (filter, page) = wanted(caller.query())?;
    let body = caller
        .look(move |application, call| {
            let found = application.courses.list(call, &filter, &page)?;
            let view = paging::view::<_, _, CourseView<'_>>(&found, ORDERS, &page);
            Ok::<_, CourseError>(answer::bytes(&view))
        })
        .await?;
    Ok(answer::made(body))
}

/// Exports courses.
///
/// The file has every row that the list would show the caller, page by page, and a column for each of its fields.
#[utoipa::path(
    operation_id = "courses_export",
    tag = "courses",
    params(ExportOf<Wanted>),
    responses(File)
)]
#[get("/export")]
async fn export(caller: Caller) -> Result<HttpResponse, Problem> {
    let mut query = caller.query();
    let asked = Asked::from(&mut query);
    let (filter, page) = wanted(query)?;
    let exported = Exported("courses", Target::Course);
    let read = move |application: &Application, call: &Call, page: &_| {
        let found = application.courses.list(call, &filter, page)?;
        Ok::<_, CourseError>(rows::<_, CourseView<'_>>(&found))
    };
    caller
        .export::<CourseView<'_>, _, _, _>(exported, asked, page, read)
        .await
}

/// Reads a course.
#[utoipa::path(
    operation_id = "courses_find",
    tag = "courses",
    params(RecordId),
    responses(Record<CourseView>)
)]
#[get("/{id}")]
async fn find(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let id = caller.id("course")?;
    let course = caller
        .look(move |application, call| application.courses.find(call, id))
        .await?;
    let view = view(&caller.rendering(), &course);
    Ok(answer::record(&view, course.version))
}

/// Changes a course.
///
/// Fields that are not named stay as they are; `null` clears a field. Another title, other credits, contact hours or
/// another passing grade make the next edition: classes and transcripts of the editions before keep what they were
/// taught as.
#[utoipa::path(
    operation_id = "courses_update",
    tag = "courses",
    params(RecordId, Terms),
    request_body = ChangeCourseBody,
    responses(Changed<CourseView>)
)]
#[patch("/{id}")]
async fn update(caller: Caller, body: Body<ChangeCourseBody>) -> Result<HttpResponse, Problem> {
    let id = caller.id("course")?;
    let wanted = body.parse()?.command()?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application.courses.update(call, id, wanted)
        })
        .await
}

/// Deletes a course that no other course asks for and that no class is of.
///
/// It can be restored.
#[utoipa::path(
    operation_id = "courses_delete",
    tag = "courses",
    params(RecordId, Terms),
    responses(Deleted)
)]
#[delete("/{id}")]
async fn delete(caller: Caller) -> Result<HttpResponse, Problem> {
    let id = caller.id("course")?;
    caller
        .change(&[], answer::gone, move |application, call| {
            application.courses.delete(call, id)
        })
        .await
}

/// Restores a deleted course.
#[utoipa::path(
    operation_id = "courses_restore",
    tag = "courses",
    params(RecordId, Terms),
    responses(Changed<CourseView>)
)]
#[post("/{id}/restore")]
async fn restore(caller: Caller, body: Body<Nothing>) -> Result<HttpResponse, Problem> {
    let id = caller.id("course")?;
    nothing::expected(&body)?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application.courses.restore(call, id)
        })
        .await
}

fn wanted(mut query: Query) -> Result<(CourseFilter, PageRequest<CourseSort>), Problem> {
    let code = |text: &str| Line::<20>::parse(text).map(|code| code.to_string());
    let filter = CourseFilter {
        course_type: query.optional("course_type", CourseType::parse),
        is_active: query.optional("is_active", boolean),
        is_required: query.optional("is_required", boolean),
        code: query.optional("code", code),
        search: query.optional("q", words),
    };
    let usual = (("code", CourseSort::Code), Direction::Ascending);
    let page = paging::page(&mut query, ORDERS, usual);
    query.finish((filter, page))
}

fn view<'a>(rendering: &Rendering, course: &'a Course) -> CourseView<'a> {
    let courses = &rendering.application.courses;
    CourseView::from(course).allowing(courses.allowed_actions(&rendering.actor))
}

fn present(rendering: &Rendering, course: &Course) -> StoredAnswer {
    answer::ok(&view(rendering, course), Some(course.version))
}

fn created(rendering: &Rendering, course: &Course) -> StoredAnswer {
    let place = format!("{BASE}/courses/{}", course.id);
    answer::created(&view(rendering, course), place, course.version)
}

/// The parameters of the list, for the document.
struct Wanted(());

impl utoipa::IntoParams for Wanted {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let kind = docs::reference::<CourseTypeName>();
        let mut parameters = vec![
            docs::query("course_type", kind, "Only of this kind."),
            docs::query(
                "is_active",
                docs::boolean(),
                "Only those that new classes can, or cannot, be planned of.",
            ),
            docs::query(
                "is_required",
                docs::boolean(),
                "Only those without which the program cannot, or can, be completed.",
            ),
            docs::query("code", docs::text(), "Only with this code, case aside."),
            docs::words("Beginnings of words of code, title or description."),
        ];
        parameters.extend(docs::list(ORDERS, "code"));
        parameters
    }
}
