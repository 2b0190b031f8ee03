//! What transcripts say of a course, edition by edition.

use actix_web::{HttpResponse, get};
use unionhall_application::{
    EditionSort,
    courses::CourseError,
    pages::{Direction, PageRequest},
};
use utoipa::openapi::path::{Parameter, ParameterIn};

use super::{
    super::{
        docs::{self, Listed, RecordId},
        routes::Routes,
    },
    views::CourseEditionView,
};
use crate::web::{
    answer,
    caller::Caller,
    paging::{self, Named},
    problem::Problem,
    query::Query,
};

/// What a list can be sorted by.
const ORDERS: &[Named<EditionSort>] = &[("edition", EditionSort::Edition)];

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes.schema::<CourseEditionView<'_>>().add(list);
}

/// Lists the editions of a course.
///
/// An edition never changes: it is what the transcripts of everybody say who was taught it.
#[utoipa::path(
    operation_id = "courses_editions",
    tag = "courses",
    params(RecordId, Wanted),
    responses(OfCourse)
)]
#[get("/{id}/editions")]
async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    let page = wanted(caller.query())?;
    let id = caller.id("course")?;
    let body = caller
        .look(move |application, call| {
            let found = application.courses.editions(call, id, &page)?;
            let view = paging::view::<_, _, CourseEditionView<'_>>(&found, ORDERS, &page);
            Ok::<_, CourseError>(answer::bytes(&view))
        })
        .await?;
    Ok(answer::made(body))
}

fn wanted(mut query: Query) -> Result<PageRequest<EditionSort>, Problem> {
    let usual = (("edition", EditionSort::Edition), Direction::Ascending);
    let page = paging::page(&mut query, ORDERS, usual);
    query.finish(page)
}

/// The parameters of the list, for the document.
struct Wanted(());

impl utoipa::IntoParams for Wanted {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        docs::list(ORDERS, "edition")
    }
}

/// The answers of the list, for the document.
struct OfCourse(());

impl utoipa::IntoResponses for OfCourse {
    fn responses() -> docs::Responses {
        let mut responses = Listed::<CourseEditionView<'_>>::responses();
        responses.extend(docs::problems(&[404]));
        responses
    }
}
