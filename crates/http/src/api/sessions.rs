//! A person's own sessions over HTTP: where they are signed in, ending that, and the alarms of spent tokens.

mod views;

use actix_web::{HttpResponse, delete, get};
use unionhall_application::{
    own_sessions::{AlarmSort, OpenSession, OwnSessionError, SessionSort},
    pages::{Direction, Page, PageRequest},
    sessions::SessionId,
};
use utoipa::openapi::{
    ResponseBuilder,
    path::{Parameter, ParameterIn},
};

use self::views::{AlarmView, SessionView};
use super::{
    docs::{self, RecordId},
    routes::Routes,
};
use crate::web::{
    answer,
    caller::Caller,
    paging::{self, Named, PageView},
    problem::Problem,
    query::{Query, boolean},
};

/// What sessions can be sorted by.
const SESSIONS: &[Named<SessionSort>] = &[("last_used_at", SessionSort::LastUsed)];
/// What alarms can be sorted by.
const ALARMS: &[Named<AlarmSort>] = &[("at", AlarmSort::Time)];

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .schema::<SessionView<'_>>()
        .schema::<AlarmView<'_>>()
        .add(list)
        .add(end_others)
        .add(end)
        .add(list_alarms);
}

/// Lists where the caller is signed in, last used first.
///
/// The last use may be up to a minute ahead of what is told.
#[utoipa::path(
    operation_id = "sessions_list",
    tag = "sessions",
    params(WantedSessions),
    responses(SessionsListed)
)]
#[get("/me/sessions")]
async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    let mut query = caller.query();
    let page = sessions_page(&mut query);
    let page = query.finish(page)?;
    let present = caller.actor.session();
    let body = caller
        .look(move |application, call| {
            let found = application.own_sessions.list(call, &page)?;
            Ok::<_, OwnSessionError>(sessions_shown(&found, &page, present))
        })
        .await?;
    Ok(answer::made(body))
}

/// Ends the caller's other sessions.
///
/// Their tokens count no more: at once here, within five seconds on every other instance.
#[utoipa::path(
    operation_id = "sessions_end_others",
    tag = "sessions",
    params(Others),
    responses(OthersEnded)
)]
#[delete("/me/sessions")]
async fn end_others(caller: Caller) -> Result<HttpResponse, Problem> {
    let mut query = caller.query();
    let present_too = query.optional("include_current", boolean).unwrap_or(false);
    query.finish(())?;
    caller
        .look(move |application, call| application.own_sessions.end_others(call, present_too))
        .await?;
    caller.shared.authenticator.forget();
    Ok(HttpResponse::NoContent().finish())
}

/// Ends one of the caller's sessions.
///
/// Its tokens count no more: at once here, within five seconds on every other instance.
#[utoipa::path(
    operation_id = "sessions_end",
    tag = "sessions",
    params(RecordId),
    responses(Ended)
)]
#[delete("/me/sessions/{id}")]
async fn end(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let session = caller.id("session of yours")?;
    caller
        .look(move |application, call| application.own_sessions.end(call, session))
        .await?;
    caller.shared.authenticator.forget();
    Ok(HttpResponse::NoContent().finish())
}

/// Lists when a refresh token of the caller was used a second time, newest first.
///
/// Somebody else may have had it. Each such use ended its session, and the caller was told by mail.
#[utoipa::path(
    operation_id = "sessions_list_alarms",
    tag = "sessions",
    params(WantedAlarms),
    responses(AlarmsListed)
)]
#[get("/me/alarms")]
async fn list_alarms(caller: Caller) -> Result<HttpResponse, Problem> {
    let mut query = caller.query();
    let usual = (("at", AlarmSort::Time), Direction::Descending);
    let page = paging::page(&mut query, ALARMS, usual);
    let page = query.finish(page)?;
    let body = caller
        .look(move |application, call| {
            let found = application.own_sessions.alarms(call, &page)?;
            let view: PageView<AlarmView<'_>> = paging::view(&found, ALARMS, &page);
            Ok::<_, OwnSessionError>(answer::bytes(&view))
        })
        .await?;
    Ok(answer::made(body))
}

fn sessions_page(query: &mut Query) -> PageRequest<SessionSort> {
    let usual = (
        ("last_used_at", SessionSort::LastUsed),
        Direction::Descending,
    );
    paging::page(query, SESSIONS, usual)
}

/// The sessions as they go out, seen from the one that asks.
fn sessions_shown(
    found: &Page<OpenSession>,
    page: &PageRequest<SessionSort>,
    present: Option<SessionId>,
) -> Vec<u8> {
    let view: PageView<SessionView<'_>> = paging::view(found, SESSIONS, page);
    let items = view.items.into_iter();
    let items = items.map(|session| session.seen_from(present)).collect();
    answer::bytes(&PageView { items, ..view })
}

/// The parameters of the list of sessions, for the document.
struct WantedSessions(());
/// The parameters of the list of alarms, for the document.
struct WantedAlarms(());
/// The parameter of ending the others, for the document.
struct Others(());
/// `200` with sessions.
struct SessionsListed(());
/// `200` with alarms.
struct AlarmsListed(());
/// `204`: the session has ended.
struct Ended(());
/// `204`: the sessions have ended.
struct OthersEnded(());

impl utoipa::IntoParams for WantedSessions {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        docs::list(SESSIONS, "-last_used_at")
    }
}

impl utoipa::IntoParams for WantedAlarms {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        docs::list(ALARMS, "-at")
    }
}

impl utoipa::IntoParams for Others {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![docs::query(
            "include_current",
            docs::boolean().default(Some(false.into())),
            "End the session that the request comes from, too.",
        )]
    }
}

impl utoipa::IntoResponses for SessionsListed {
    fn responses() -> docs::Responses {
        docs::own_list::<SessionView<'_>>()
    }
}

impl utoipa::IntoResponses for AlarmsListed {
    fn responses() -> docs::Responses {
        docs::own_list::<AlarmView<'_>>()
    }
}

impl utoipa::IntoResponses for Ended {
    fn responses() -> docs::Responses {
        let answer = ResponseBuilder::new().description("The session has ended.");
        docs::with_problems("204", answer, &[400, 401, 404, 503])
    }
}

impl utoipa::IntoResponses for OthersEnded {
    fn responses() -> docs::Responses {
        let answer = ResponseBuilder::new().description("The sessions have ended.");
        docs::with_problems("204", answer, &[400, 401, 503])
    }
}
