//! Halls that people make by themselves, over HTTP: with a new account, or with the one they have.

mod bodies;
mod views;

use actix_web::{HttpRequest, HttpResponse, http::header, post, web::Data};
use utoipa::openapi::ResponseBuilder;

use self::{
    bodies::{FoundTenantBody, SignUpBody},
    views::FoundedView,
};
use super::{docs, routes::Routes};
use crate::{
    BASE,
    web::{
        body::Body,
        caller::{Caller, Shared, origin, through},
        problem::Problem,
        query::Query,
    },
};

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .schema::<FoundedView<'_>>()
        .add_open(sign_up)
        .add(found);
}

/// Makes a hall and the account of its owner.
///
/// A link to verify the address is mailed; the hall is made when it was followed, on trial for thirty days, with a short
/// name made of its name where none is asked for. If somebody has an account with this address, they are told by mail
/// how to make a hall with it, and the answer is the same. Asking again before the address is verified replaces
/// everything, and ends the older link. Refused with `403` where the installation does not let people register by
/// themselves, and with `409` for a short name that a hall has.
#[utoipa::path(
    operation_id = "tenants_sign_up",
    tag = "tenants",
    request_body = SignUpBody,
    responses(Asked)
)]
#[post("/tenants")]
async fn sign_up(
    request: HttpRequest,
    shared: Data<Shared>,
    body: Body<SignUpBody>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request).finish(())?;
    let (owner, signup, password) = body.parse()?.command()?;
    let signups = shared.application.signups.clone();
    signups.begin(&owner, &signup, &password)?;
    let hash = shared.passwords.hash(password).await?;
    let origin = origin(&request);
    let work = move || signups.ask(&owner, &signup, &hash, &origin);
    through(&request, &shared.gate, work).await?;
    Ok(HttpResponse::Accepted().finish())
}

/// Makes a hall that the caller owns.
///
/// It is on trial for thirty days, and a person tries out one at a time. Go on in it with `POST /auth/switch-tenant`.
/// Refused with `403` where the installation does not let people register by themselves, and with `409` for a short name
/// that a hall has.
#[utoipa::path(
    operation_id = "tenants_found",
    tag = "tenants",
    request_body = FoundTenantBody,
    responses(Founded)
)]
#[post("/me/tenants")]
async fn found(caller: Caller, body: Body<FoundTenantBody>) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let signup = body.parse()?.command()?;
    let made = caller
        .look(move |application, call| application.signups.found(call, &signup))
        .await?;
    let card = format!("{BASE}/tenants/{}/card", made.slug.as_str());
    Ok(HttpResponse::Created()
        .insert_header((header::LOCATION, card))
        .json(FoundedView::from(&made)))
}

/// `202`: a mail tells how to go on.
struct Asked(());
/// `201` with the hall.
struct Founded(());

impl utoipa::IntoResponses for Asked {
    fn responses() -> docs::Responses {
        let answer =
            ResponseBuilder::new().description("A mail to this address tells how to go on.");
        docs::with_problems("202", answer, &[400, 403, 409, 413, 415, 422, 503])
    }
}

impl utoipa::IntoResponses for Founded {
    fn responses() -> docs::Responses {
        let answer = docs::shows::<FoundedView<'_>>("The hall; its card is at `Location`.");
        docs::with_problems("201", answer, &[400, 401, 403, 409, 413, 415, 422, 503])
    }
}
