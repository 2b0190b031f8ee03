//! Passwords over HTTP: choosing a new one with the old one or with a link from a mail, and trying one out.

pub(super) mod bodies;
mod views;

use actix_web::{HttpRequest, HttpResponse, post, web::Data};
use unionhall_application::passwords::{Checked, NewPassword};
use utoipa::openapi::ResponseBuilder;

use self::{
    bodies::{ChangePasswordBody, ForgotPasswordBody, PasswordStrengthBody, ResetPasswordBody},
    views::StrengthView,
};
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
        .schema::<StrengthView>()
        .add_open(forgot_password)
        .add_open(reset_password)
        .add(change_password)
        .add_open(password_strength);
}

/// Asks for a link to choose a new password.
///
/// If somebody has an account with this address, they are sent a link that works once, and for one hour. The
/// answer is the same for every address. A new link ends an older one.
#[utoipa::path(
    operation_id = "auth_forgot_password",
    tag = "auth",
    request_body = ForgotPasswordBody,
    responses(Asked)
)]
#[post("/auth/forgot-password")]
async fn forgot_password(
    request: HttpRequest,
    shared: Data<Shared>,
    body: Body<ForgotPasswordBody>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request).finish(())?;
    let email = body.parse()?.command()?;
    let origin = origin(&request);
    let passwords = shared.application.passwords.clone();
    let work = move || passwords.ask_reset(&email, &origin);
    through(&request, &shared.gate, work).await?;
    Ok(HttpResponse::Accepted().finish())
}

/// Chooses a new password with the token of a mail.
///
/// Ends every session of the person, and lifts the lock that wrong passwords have put on the account. A password
/// that is refused leaves the token good for another try.
#[utoipa::path(
    operation_id = "auth_reset_password",
    tag = "auth",
    request_body = ResetPasswordBody,
    responses(Reset)
)]
#[post("/auth/reset-password")]
async fn reset_password(
    request: HttpRequest,
    shared: Data<Shared>,
    body: Body<ResetPasswordBody>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request).finish(())?;
    let (token, new) = body.parse()?.command()?;
    let origin = origin(&request);
    let passwords = shared.application.passwords.clone();
    let (shown, wanted) = (token.clone(), new.clone());
    let work = move || passwords.begin_reset(&shown, &wanted);
    let strength = through(&request, &shared.gate, work).await?;
    let hash = shared.passwords.hash(new).await?;
    let passwords = shared.application.passwords.clone();
    let new = NewPassword { hash, strength };
    let work = move || passwords.reset(&token, &new, &origin);
    through(&request, &shared.gate, work).await?;
    shared.authenticator.forget();
    Ok(HttpResponse::NoContent().finish())
}

/// Exchanges the caller's password for a new one.
///
/// Ends every other session of the person. A wrong present password counts like one at sign-in: after several, none is
/// accepted for a while.
#[utoipa::path(
    operation_id = "auth_change_password",
    tag = "auth",
    request_body = ChangePasswordBody,
    responses(Exchanged)
)]
#[post("/auth/change-password")]
async fn change_password(
    caller: Caller,
    body: Body<ChangePasswordBody>,
) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let (current, new) = body.parse()?.command()?;
    let (shown, wanted) = (current.clone(), new.clone());
    let (against, strength) = caller
        .look(move |application, call| application.passwords.begin_change(call, &shown, &wanted))
        .await?;
    let hasher = &caller.shared.passwords;
    let matched = hasher.check(current, Some(against.clone())).await?;
    let hash = hasher.hash(new).await?;
    let (checked, new) = (Checked { against, matched }, NewPassword { hash, strength });
    caller
        .look(move |application, call| application.passwords.change(call, &checked, &new))
        .await?;
    caller.shared.authenticator.forget();
    Ok(HttpResponse::NoContent().finish())
}

/// Tells whether a password would be taken, and if not, why.
///
/// Nothing is kept. Address and hall are only compared with the password; whether there are such is not looked up, nor
/// whether somebody has a second factor.
#[utoipa::path(
    operation_id = "auth_password_strength",
    tag = "auth",
    request_body = PasswordStrengthBody,
    responses(Judged)
)]
#[post("/auth/password-strength")]
async fn password_strength(
    request: HttpRequest,
    shared: Data<Shared>,
    body: Body<PasswordStrengthBody>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request).finish(())?;
    let tried = body.parse()?.command()?;
    let passwords = &shared.application.passwords;
    let objections = passwords.objections(&tried.password, tried.strength, &tried.known);
    Ok(answer::json(&StrengthView::from(objections.as_slice())))
}

/// `202`: whoever has an account is sent a mail.
struct Asked(());
/// `204`: the password is the new one, and every session has ended.
struct Reset(());
/// `204`: the password is the new one, and every other session has ended.
struct Exchanged(());
/// `200` with the judgement.
struct Judged(());

impl utoipa::IntoResponses for Asked {
    fn responses() -> docs::Responses {
        let answer = ResponseBuilder::new()
            .description("If there is an account with this address, a mail is on its way to it.");
        docs::with_problems("202", answer, &[400, 413, 415, 422, 503])
    }
}

impl utoipa::IntoResponses for Reset {
    fn responses() -> docs::Responses {
        let answer = ResponseBuilder::new()
            .description("The password is the new one; sign in with it. Every session has ended.");
        docs::with_problems("204", answer, &[400, 413, 415, 422, 503])
    }
}

impl utoipa::IntoResponses for Exchanged {
    fn responses() -> docs::Responses {
        let answer = ResponseBuilder::new()
            .description("The password is the new one. Every other session has ended.");
        docs::with_problems("204", answer, &[400, 401, 413, 415, 422, 503])
    }
}

impl utoipa::IntoResponses for Judged {
    fn responses() -> docs::Responses {
        let answer = docs::shows::<StrengthView>("What is to be said of the password.");
        docs::with_problems("200", answer, &[400, 413, 415, 422, 503])
    }
}
