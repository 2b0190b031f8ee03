//! The second factor over HTTP: setting it up, changing it, and the devices that stand in for it.
//!
//! The routes below `/me` take neither `dry_run` nor `Idempotency-Key`: answers that are kept would keep secrets,
//! fingerprints of bodies would let passwords be guessed offline, and a rehearsal would be a guess that does not count.

mod bodies;
mod views;

use actix_web::{
    HttpResponse, delete, get,
    http::header::{CACHE_CONTROL, HeaderValue},
    post,
};
use serde::Serialize;
use unionhall_application::{error::Code, identity::Challenge, passwords::Password};

pub(super) use self::bodies::proof;
use self::{
    bodies::{BeginBody, CodeBody, RemoveBody, ResetBody},
    views::{
        EnrolmentView, RecoveryCodesView, StandingView, TrustedDeviceView, TrustedDevicesView,
    },
};
use super::{docs, routes::Routes};
use crate::web::{answer, body::Body, caller::Caller, problem::Problem};

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .schema::<StandingView>()
        .schema::<EnrolmentView>()
        .schema::<RecoveryCodesView>()
        .schema::<TrustedDeviceView>()
        .schema::<TrustedDevicesView>()
        .add(show)
        .add(begin)
        .add(remove)
        .add(confirm)
        .add(renew_codes)
        .add(devices)
        .add(distrust_all)
        .add(distrust)
        .add(reset);
}

/// Shows how one stands with the second factor.
#[utoipa::path(
    operation_id = "second_factors_show",
    tag = "second_factors",
    responses(Shows)
)]
#[get("/me/second-factor")]
async fn show(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let standing = caller
        .look(|application, call| application.second_factors.show(call))
        .await?;
    Ok(private(&StandingView::from(&standing)))
}

/// Begins to set a second factor up.
///
/// The answer holds a new secret, once: as a picture for the phone's camera, as the address that the picture says,
/// and to be typed. It counts when a first code has confirmed it; begun again, it is another. A wrong password counts
/// as one at sign-in does.
#[utoipa::path(
    operation_id = "second_factors_begin",
    tag = "second_factors",
    request_body = BeginBody,
    responses(Begun)
)]
#[post("/me/second-factor")]
async fn begin(caller: Caller, body: Body<BeginBody>) -> Result<HttpResponse, Problem> {
    keeps_nothing(&caller)?;
    let password = body.parse()?.command()?;
    let (challenge, matched) = checked(&caller, password).await?;
    let enrolment = caller
        .look(move |application, call| {
            let factors = &application.second_factors;
            factors.begin(call, &challenge, matched)
        })
        .await?;
    Ok(private(&EnrolmentView::of(&enrolment)?))
}

/// Confirms the second factor by a first code of the phone.
///
/// The answer holds ten recovery codes, once. From now on every sign-in asks for a code.
#[utoipa::path(
    operation_id = "second_factors_confirm",
    tag = "second_factors",
    request_body = CodeBody,
    responses(CodesShown)
)]
#[post("/me/second-factor/confirm")]
async fn confirm(caller: Caller, body: Body<CodeBody>) -> Result<HttpResponse, Problem> {
    keeps_nothing(&caller)?;
    let code = body.parse()?.command()?;
    let codes = caller
        .look(move |application, call| application.second_factors.confirm(call, code))
        .await?;
    // What the person may do depends on it.
    caller.shared.authenticator.forget();
    Ok(private(&RecoveryCodesView::from(&codes)))
}

/// Draws ten new recovery codes.
///
/// The answer shows them, once; those before are worth nothing any more. A wrong code counts as a wrong password does.
#[utoipa::path(
    operation_id = "second_factors_renew_codes",
    tag = "second_factors",
    request_body = CodeBody,
    responses(CodesShown)
)]
#[post("/me/second-factor/recovery-codes")]
async fn renew_codes(caller: Caller, body: Body<CodeBody>) -> Result<HttpResponse, Problem> {
    keeps_nothing(&caller)?;
    let code = body.parse()?.command()?;
    let codes = caller
        .look(move |application, call| application.second_factors.renew_codes(call, code))
        .await?;
    Ok(private(&RecoveryCodesView::from(&codes)))
}

/// Removes the second factor, with its recovery codes and trusted devices.
///
/// It takes the password and a code of the phone or a recovery code. Refused where a role that one holds needs a
/// second factor.
#[utoipa::path(
    operation_id = "second_factors_remove",
    tag = "second_factors",
    request_body = RemoveBody,
    responses(Removed)
)]
#[delete("/me/second-factor")]
async fn remove(caller: Caller, body: Body<RemoveBody>) -> Result<HttpResponse, Problem> {
    keeps_nothing(&caller)?;
    let (password, proof) = body.parse()?.command()?;
    let (challenge, matched) = checked(&caller, password).await?;
    caller
        .look(move |application, call| {
            let factors = &application.second_factors;
            factors.remove(call, &challenge, matched, &proof)
        })
        .await?;
    caller.shared.authenticator.forget();
    Ok(HttpResponse::NoContent().finish())
}

/// Lists the devices on which the password alone is enough, newest first.
#[utoipa::path(
    operation_id = "second_factors_devices",
    tag = "second_factors",
    responses(DevicesListed)
)]
#[get("/me/trusted-devices")]
async fn devices(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let devices = caller
        .look(|application, call| application.second_factors.devices(call))
        .await?;
    Ok(answer::json(&TrustedDevicesView::from(devices.as_slice())))
}

/// Trusts no device any more.
#[utoipa::path(
    operation_id = "second_factors_distrust_all",
    tag = "second_factors",
    responses(Distrusted)
)]
#[delete("/me/trusted-devices")]
async fn distrust_all(caller: Caller) -> Result<HttpResponse, Problem> {
    keeps_nothing(&caller)?;
    caller
        .look(|application, call| application.second_factors.distrust_all(call))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Trusts a device no more.
#[utoipa::path(
    operation_id = "second_factors_distrust",
    tag = "second_factors",
    params(docs::RecordId),
    responses(Distrusted)
)]
#[delete("/me/trusted-devices/{id}")]
async fn distrust(caller: Caller) -> Result<HttpResponse, Problem> {
    keeps_nothing(&caller)?;
    let id = caller.id("trusted device")?;
    caller
        .look(move |application, call| application.second_factors.distrust(call, id))
        .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Removes the second factor of somebody who has lost it.
///
/// Their sessions end, their recovery codes and trusted devices count no more, and they are told by mail. They may hold
/// no role above one's own, here or in any other tenant; one's own factor is removed with password and code.
#[utoipa::path(
    operation_id = "second_factors_reset",
    tag = "second_factors",
    params(docs::RecordId, docs::Terms),
    request_body = ResetBody,
    responses(Reset)
)]
#[post("/users/{id}/reset-second-factor")]
async fn reset(caller: Caller, body: Body<ResetBody>) -> Result<HttpResponse, Problem> {
    let id = caller.id("user")?;
    let reason = body.parse()?.command()?;
    let answer = caller
        .change(body.bytes(), answer::gone, move |application, call| {
            application.second_factors.reset(call, id, &reason)
        })
        .await?;
    // Their sessions have ended.
    caller.shared.authenticator.forget();
    Ok(answer)
}

/// Whether the password is the caller's, checked off the threads that serve requests.
async fn checked(caller: &Caller, password: Password) -> Result<(Challenge, bool), Problem> {
    let user = caller.actor.user().ok_or_else(Problem::unauthenticated)?;
    let email = user.email.clone();
    let challenge = caller
        .look(move |application, _| application.identity.challenge(email.as_str()))
        .await?;
    let matched = caller
        .shared
        .passwords
        .check(password, challenge.hash())
        .await?;
    Ok((challenge, matched))
}

/// Goes on unless the request wants its answer to be kept, or to be rehearsed.
fn keeps_nothing(caller: &Caller) -> Result<(), Problem> {
    caller.query().finish(())?;
    if caller.request.headers().contains_key("Idempotency-Key") {
        let detail =
            "the answers of this address are not kept; send the request without Idempotency-Key";
        return Err(Problem::new(Code::BadRequest, detail));
    }
    Ok(())
}

/// `200` with what is nobody else's business, not even a cache's.
fn private(view: &impl Serialize) -> HttpResponse {
    let mut response = answer::json(view);
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// `200` with the standing.
struct Shows(());
/// `200` with the secret.
struct Begun(());
/// `200` with recovery codes.
struct CodesShown(());
/// `204`: there is no second factor any more.
struct Removed(());
/// `204`: the other person has no second factor any more.
struct Reset(());
/// `200` with trusted devices.
struct DevicesListed(());
/// `204`: trusted no more.
struct Distrusted(());

impl utoipa::IntoResponses for Shows {
    fn responses() -> docs::Responses {
        let answer = docs::shows::<StandingView>("How one stands with the second factor.");
        docs::with_problems("200", answer, &[400, 401, 403, 503])
    }
}

impl utoipa::IntoResponses for Begun {
    fn responses() -> docs::Responses {
        let answer = docs::shows::<EnrolmentView>("The secret, shown this once.");
        docs::with_problems("200", answer, &[400, 401, 403, 409, 413, 415, 422, 503])
    }
}

impl utoipa::IntoResponses for CodesShown {
    fn responses() -> docs::Responses {
        let answer = docs::shows::<RecoveryCodesView>("The recovery codes, shown this once.");
        docs::with_problems("200", answer, ON_A_FACTOR)
    }
}

impl utoipa::IntoResponses for Removed {
    fn responses() -> docs::Responses {
        let answer = utoipa::openapi::ResponseBuilder::new().description("It is removed.");
        docs::with_problems("204", answer, ON_A_FACTOR)
    }
}

impl utoipa::IntoResponses for Reset {
    fn responses() -> docs::Responses {
        let answer = utoipa::openapi::ResponseBuilder::new().description("It is removed.");
        let answer = docs::changed(answer);
        docs::with_problems("204", answer, docs::ON_A_RECORD)
    }
}

impl utoipa::IntoResponses for DevicesListed {
    fn responses() -> docs::Responses {
        let answer = docs::shows::<TrustedDevicesView>("The trusted devices, newest first.");
        docs::with_problems("200", answer, &[400, 401, 403, 503])
    }
}

impl utoipa::IntoResponses for Distrusted {
    fn responses() -> docs::Responses {
        let answer = utoipa::openapi::ResponseBuilder::new().description("Trusted no more.");
        docs::with_problems("204", answer, &[400, 401, 403, 404, 503])
    }
}

/// The statuses of problems that a change of somebody's factor can meet.
const ON_A_FACTOR: &[u16] = &[400, 401, 403, 404, 409, 413, 415, 422, 503];
