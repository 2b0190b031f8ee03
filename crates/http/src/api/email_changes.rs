//! The change of the address that one signs in with, over HTTP.

mod bodies;

use actix_web::{HttpRequest, HttpResponse, delete, post, web::Data};
use serde::Serialize;
use unionhall_application::{email_changes::Outcome, passwords::Checked};
use utoipa::{ToSchema, openapi::ResponseBuilder};

use self::bodies::{ChangeEmailBody, ConfirmEmailBody};
use super::{docs, routes::Routes};
use crate::web::{
    answer,
    body::Body,
    caller::{Caller, Shared, origin, through},
    problem::Problem,
    query::Query,
};

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .schema::<ConfirmedView>()
        .add(ask)
        .add(withdraw)
        .add_open(confirm);
}

/// Asks to sign in with another address.
///
/// A link is mailed to the present address and one to the new; when both were followed, in whichever order, the
/// address changes. If somebody has an account with the new address, they are told so by mail instead, and the answer
/// is the same. Asking again ends the older links. A wrong password counts like one at sign-in.
#[utoipa::path(
    operation_id = "profiles_change_email",
    tag = "profiles",
    request_body = ChangeEmailBody,
    responses(Asked)
)]
#[post("/me/email")]
async fn ask(caller: Caller, body: Body<ChangeEmailBody>) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let (email, current) = body.parse()?.command()?;
    let wanted = email.clone();
    let against = caller
        .look(move |application, call| application.email_changes.begin(call, &wanted))
        .await?;
    let hasher = &caller.shared.passwords;
    let matched = hasher.check(current, Some(against.clone())).await?;
    let checked = Checked { against, matched };
    caller
        .look(move |application, call| application.email_changes.ask(call, &email, &checked))
        .await?;
    Ok(HttpResponse::Accepted().finish())
}

/// Calls off the change of address that waits.
///
/// The links that were mailed count no more.
#[utoipa::path(
    operation_id = "profiles_keep_email",
    tag = "profiles",
    responses(Withdrawn)
)]
#[delete("/me/email")]
async fn withdraw(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    caller
        .look(|application, call| application.email_changes.withdraw(call))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Agrees to a change of address, with the token of a mail.
///
/// The token works once, and for 24 hours. When the old and the new address have both agreed, the account is signed in
/// to with the new one, and every session ends but the one that asked. Refused with `409` if somebody has the address
/// by then.
#[utoipa::path(
    operation_id = "auth_confirm_email",
    tag = "auth",
    request_body = ConfirmEmailBody,
    responses(Confirmed)
)]
#[post("/auth/confirm-email")]
async fn confirm(
    request: HttpRequest,
    shared: Data<Shared>,
    body: Body<ConfirmEmailBody>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request).finish(())?;
    let token = body.parse()?.command()?;
    let origin = origin(&request);
    let changes = shared.application.email_changes.clone();
    let work = move || changes.confirm(&token, &origin);
    let outcome = through(&request, &shared.gate, work).await?;
    shared.authenticator.forget();
    Ok(answer::json(&ConfirmedView::from(outcome)))
}

/// What an agreement has led to.
#[derive(Serialize, ToSchema)]
#[schema(as = EmailConfirmed)]
struct ConfirmedView {
    /// Whether the address has changed: both have agreed. Else the other one is waited for.
    changed: bool,
}

impl From<Outcome> for ConfirmedView {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Waiting => Self { changed: false },
            Outcome::Moved => Self { changed: true },
        }
    }
}

/// `202`: both addresses are asked.
struct Asked(());
/// `204`: the address stays as it is.
struct Withdrawn(());
/// `200` with what the agreement has led to.
struct Confirmed(());

impl utoipa::IntoResponses for Asked {
    fn responses() -> docs::Responses {
        let answer =
            ResponseBuilder::new().description("Mails to both addresses tell how to go on.");
        docs::with_problems("202", answer, &[400, 401, 409, 413, 415, 422, 503])
    }
}

impl utoipa::IntoResponses for Withdrawn {
    fn responses() -> docs::Responses {
        let answer = ResponseBuilder::new().description("The address stays as it is.");
        docs::with_problems("204", answer, &[400, 401, 404, 503])
    }
}

impl utoipa::IntoResponses for Confirmed {
    fn responses() -> docs::Responses {
        let answer = docs::shows::<ConfirmedView>("The agreement counts.");
        docs::with_problems("200", answer, &[400, 409, 413, 415, 422, 503])
    }
}
