//! Making an account by oneself, and showing that an address is one's own, over HTTP.

mod bodies;

use actix_web::{HttpRequest, HttpResponse, post, web::Data};
use utoipa::openapi::ResponseBuilder;

use self::bodies::{RegisterBody, ResendVerificationBody, VerifyEmailBody};
use super::{docs, routes::Routes};
use crate::web::{
    body::Body,
    caller::{Shared, origin, through},
    problem::Problem,
    query::Query,
};

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .add_open(register)
        .add_open(verify_email)
        .add_open(resend_verification);
}

/// Makes an account.
///
/// A link to verify the address is mailed, and the account can be signed in to after that. If somebody has an
/// account with this address, they are told so by mail, and the answer is the same. Registering again before the
/// address is verified replaces name and password, and ends the older link. Refused with `403` where the
/// installation does not let people register by themselves.
#[utoipa::path(
    operation_id = "auth_register",
    tag = "auth",
    request_body = RegisterBody,
    responses(Registered)
)]
#[post("/auth/register")]
async fn register(
    request: HttpRequest,
    shared: Data<Shared>,
    body: Body<RegisterBody>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request).finish(())?;
    let (new, password) = body.parse()?.command()?;
    let registrations = shared.application.registrations.clone();
    registrations.begin(&new, &password)?;
    let hash = shared.passwords.hash(password).await?;
    let origin = origin(&request);
    let work = move || registrations.register(&new, &hash, &origin);
    through(&request, &shared.gate, work).await?;
    Ok(HttpResponse::Accepted().finish())
}

/// Shows that an address is one's own, with the token of a mail.
///
/// The token works once, and for 24 hours. Afterwards the account can be signed in to.
#[utoipa::path(
    operation_id = "auth_verify_email",
    tag = "auth",
    request_body = VerifyEmailBody,
    responses(Verified)
)]
#[post("/auth/verify-email")]
async fn verify_email(
    request: HttpRequest,
    shared: Data<Shared>,
    body: Body<VerifyEmailBody>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request).finish(())?;
    let token = body.parse()?.command()?;
    let origin = origin(&request);
    let registrations = shared.application.registrations.clone();
    let work = move || registrations.verify(&token, &origin);
    through(&request, &shared.gate, work).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Asks for another link to verify an address.
///
/// If somebody has registered with this address and not verified it, they are sent a new link, which ends the
/// older one. The answer is the same for every address.
#[utoipa::path(
    operation_id = "auth_resend_verification",
    tag = "auth",
    request_body = ResendVerificationBody,
    responses(Asked)
)]
#[post("/auth/resend-verification")]
async fn resend_verification(
    request: HttpRequest,
    shared: Data<Shared>,
    body: Body<ResendVerificationBody>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request).finish(())?;
    let email = body.parse()?.command()?;
    let origin = origin(&request);
    let registrations = shared.application.registrations.clone();
    let work = move || registrations.resend(&email, &origin);
    through(&request, &shared.gate, work).await?;
    Ok(HttpResponse::Accepted().finish())
}

/// `202`: a mail tells how to go on.
struct Registered(());
/// `204`: the address is verified.
struct Verified(());
/// `202`: whoever waits for a link is sent one.
struct Asked(());

impl utoipa::IntoResponses for Registered {
    fn responses() -> docs::Responses {
        let answer =
            ResponseBuilder::new().description("A mail to this address tells how to go on.");
        docs::with_problems("202", answer, &[400, 403, 413, 415, 422, 503])
    }
}

impl utoipa::IntoResponses for Verified {
    fn responses() -> docs::Responses {
        let answer = ResponseBuilder::new().description(
            "The address is verified; sign in with the password chosen when registering.",
        );
        docs::with_problems("204", answer, &[400, 413, 415, 422, 503])
    }
}

impl utoipa::IntoResponses for Asked {
    fn responses() -> docs::Responses {
        let answer = ResponseBuilder::new()
            .description("If somebody waits for a link at this address, it is on its way.");
        docs::with_problems("202", answer, &[400, 413, 415, 422, 503])
    }
}
