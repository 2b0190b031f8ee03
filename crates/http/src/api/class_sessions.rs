//! Class sessions over HTTP.

mod bodies;
mod series;
mod views;

use actix_web::{HttpResponse, get, patch, post};
use unionhall_application::{
    Application, ClassSessionFilter, ClassSessionSort, StoredAnswer,
    call::Call,
    class_sessions::{SessionError, SessionShown},
    pages::{Direction, PageRequest},
};
use unionhall_domain::{audit::Target, ids::Id};
use utoipa::openapi::path::{Parameter, ParameterIn};

use self::{
    bodies::{ChangeSessionBody, CreateSessionBody},
    views::{ClassSessionRecord, ClassSessionView},
};
use super::{
    classes::TrainingReasonBody,
    docs::{self, Changed, Created, Listed, NewTerms, Record, RecordId, Terms},
    exports::{ExportOf, File},
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
        query::{Query, boolean},
    },
};

/// What a list can be sorted by.
const ORDERS: &[Named<ClassSessionSort>] = &[("starts_at", ClassSessionSort::Starts)];

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .schema::<ClassSessionView<'_>>()
        .add(list)
        .add(create)
        .add(export);
    series::routes(routes);
    routes.add(find).add(update).add(cancel);
}

/// Plans a session of a class.
///
/// Times are as the clocks of the tenant show them; a session that ends on the next day names that day. It must be
/// within the term of the class. What is at the same time in its room, of its instructor, of its class or of one of its
/// students is refused, or told in the answer, as the tenant has decided.
#[utoipa::path(
    operation_id = "class_sessions_create",
    tag = "class_sessions",
    params(NewTerms),
    request_body = CreateSessionBody,
    responses(Created<ClassSessionRecord>)
)]
#[post("")]
async fn create(caller: Caller, body: Body<CreateSessionBody>) -> Result<HttpResponse, Problem> {
    let (class, clock, details) = body.parse()?.command()?;
    caller
        .change(body.bytes(), created, move |application, call| {
            let sessions = &application.class_sessions;
            sessions.create(call, class, clock, details)
        })
        .await
}

/// Lists class sessions.
#[utoipa::path(
    operation_id = "class_sessions_list",
    tag = "class_sessions",
    params(Wanted),
    responses(Listed<ClassSessionView>)
)]
#[get("")]
async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    let (filter, page) = wanted(caller.query())?;
    let body = caller
        .look(move |application, call| {
            let found = application.class_sessions.list(call, &filter, &page)?;
            let view = paging::view::<_, _, ClassSessionView<'_>>(&found, ORDERS, &page);
            Ok::<_, SessionError>(answer::bytes(&view))
        })
        .await?;
    Ok(answer::made(body))
}

/// Exports class sessions.
///
/// The file has every row that the list would show the caller, page by page, and a column for each of its fields.
#[utoipa::path(
    operation_id = "class_sessions_export",
    tag = "class_sessions",
    params(ExportOf<Wanted>),
    responses(File)
)]
#[get("/export")]
async fn export(caller: Caller) -> Result<HttpResponse, Problem> {
    let mut query = caller.query();
    let asked = Asked::from(&mut query);
    let (filter, page) = wanted(query)?;
    let exported = Exported("class_sessions", Target::ClassSession);
    let read = move |application: &Application, call: &Call, page: &_| {
        let found = application.class_sessions.list(call, &filter, page)?;
        Ok::<_, SessionError>(rows::<_, ClassSessionView<'_>>(&found))
    };
    caller
        .export::<ClassSessionView<'_>, _, _, _>(exported, asked, page, read)
        .await
}

/// Reads a class session, and what is at the same time.
#[utoipa::path(
    operation_id = "class_sessions_find",
    tag = "class_sessions",
    params(RecordId),
    responses(Record<ClassSessionRecord>)
)]
#[get("/{id}")]
async fn find(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let id = caller.id("session")?;
    let shown = caller
        .look(move |application, call| application.class_sessions.find(call, id))
        .await?;
    let view = view(&caller.rendering(), &shown);
    Ok(answer::record(&view, shown.session.version))
}

/// Changes a class session.
///
/// Fields that are not named stay as they are; `null` clears a field. When the day of the session is changed, the day
/// it ends moves along.
#[utoipa::path(
    operation_id = "class_sessions_update",
    tag = "class_sessions",
    params(RecordId, Terms),
    request_body = ChangeSessionBody,
    responses(Changed<ClassSessionRecord>)
)]
#[patch("/{id}")]
async fn update(caller: Caller, body: Body<ChangeSessionBody>) -> Result<HttpResponse, Problem> {
    let id = caller.id("session")?;
    let wanted = body.parse()?.command()?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application.class_sessions.update(call, id, wanted)
        })
        .await
}

/// Calls off a session that has not ended.
#[utoipa::path(
    operation_id = "class_sessions_cancel",
    tag = "class_sessions",
    params(RecordId, Terms),
    request_body = TrainingReasonBody,
    responses(Changed<ClassSessionRecord>)
)]
#[post("/{id}/cancel")]
async fn cancel(caller: Caller, body: Body<TrainingReasonBody>) -> Result<HttpResponse, Problem> {
    let id = caller.id("session")?;
    let reason = body.parse()?.command()?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application.class_sessions.cancel(call, id, &reason)
        })
        .await
}

fn wanted(
    mut query: Query,
) -> Result<(ClassSessionFilter, PageRequest<ClassSessionSort>), Problem> {
    let filter = ClassSessionFilter {
        class: query.optional("class_id", Id::parse),
        series: query.optional("series_id", Id::parse),
        instructor: query.optional("instructor_id", Id::parse),
        location: query.optional("location_id", Id::parse),
        from: query.optional("from", date),
        to: query.optional("to", date),
        is_cancelled: query.optional("is_cancelled", boolean),
    };
    let usual = (
        ("starts_at", ClassSessionSort::Starts),
        Direction::Ascending,
    );
    let page = paging::page(&mut query, ORDERS, usual);
    query.finish((filter, page))
}

fn view<'a>(rendering: &Rendering, shown: &'a SessionShown) -> ClassSessionRecord<'a> {
    let sessions = &rendering.application.class_sessions;
    let actions = sessions.allowed_actions(&rendering.actor, &shown.session);
    ClassSessionRecord::new(shown, actions)
}

fn present(rendering: &Rendering, shown: &SessionShown) -> StoredAnswer {
    answer::ok(&view(rendering, shown), Some(shown.session.version))
}

fn created(rendering: &Rendering, shown: &SessionShown) -> StoredAnswer {
    let place = format!("{BASE}/class-sessions/{}", shown.session.id);
    answer::created(&view(rendering, shown), place, shown.session.version)
}

/// The parameters of the list, for the document.
struct Wanted(());

impl utoipa::IntoParams for Wanted {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let day = || docs::formatted("date");
        let mut parameters = vec![
            docs::query("class_id", docs::uuid(), "Only of this class."),
            docs::query("series_id", docs::uuid(), "Only of this series."),
            docs::query(
                "instructor_id",
                docs::uuid(),
                "Only taught by this instructor.",
            ),
            docs::query("location_id", docs::uuid(), "Only at this location."),
            docs::query("from", day(), "Only those that begin on this day or later."),
            docs::query("to", day(), "Only those that begin on this day or earlier."),
            docs::query(
                "is_cancelled",
                docs::boolean(),
                "Only those that were, or were not, cancelled.",
            ),
        ];
        parameters.extend(docs::list(ORDERS, "starts_at"));
        parameters
    }
}
