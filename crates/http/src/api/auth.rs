//! Signing in, staying signed in, and signing out, over HTTP.

mod bodies;
pub(super) mod views;

use actix_web::{HttpRequest, HttpResponse, get, http::header, post, web::Data};
use unionhall_application::identity::{SignIn, SignedIn};
use utoipa::openapi::ResponseBuilder;

use self::{
    bodies::{LoginBody, RefreshBody, SecondFactorBody, SwitchTenantBody, UnlockBody},
    views::{ChallengeView, LoginView, MeView, TokensView},
};
use super::{docs, routes::Routes};
use crate::web::{
    answer,
    body::Body,
    caller::{Caller, Shared, origin, through},
    problem::Problem,
    query::Query,
    rate_limits,
    tokens::Bearer,
};

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .schema::<TokensView>()
        .schema::<MeView>()
        .schema::<LoginView>()
        .add_open(login)
        .add_open(second_factor)
        .add_open(refresh)
        .add_open(unlock)
        .add(logout)
        .add(logout_all)
        .add(me)
        .add(switch_tenant);
}

/// Signs in.
///
/// Begins a session in the tenant that was last worked in. A wrong password, an unknown address and an
/// account that may not sign in are answered alike; one whose address is not verified too, and whoever has the right
/// password is mailed another link. Whoever may sign in and has a place in no tenant is told so with `403`. Whoever has
/// a second factor gets a challenge instead of tokens, for `/auth/second-factor`, unless the device is trusted.
#[utoipa::path(
    operation_id = "auth_login",
    tag = "auth",
    request_body = LoginBody,
    responses(LoginAnswered)
)]
#[post("/auth/login")]
async fn login(
    request: HttpRequest,
    shared: Data<Shared>,
    body: Body<LoginBody>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request).finish(())?;
    let login = body.parse()?.command()?;
    let (email, device) = (login.email, login.device_token);
    let origin = origin(&request);
    held_back(&request, &shared, &email).await?;
    let identity = shared.application.identity.clone();
    let challenge = through(&request, &shared.gate, move || identity.challenge(&email)).await?;
    let matched = shared.passwords.check(login.password, challenge.hash());
    let matched = matched.await?;
    let identity = shared.application.identity.clone();
    let work = move || identity.sign_in(challenge, matched, device.as_deref(), &origin);
    let sign_in = through(&request, &shared.gate, work).await?;
    answered(&shared, &sign_in)
}

/// Finishes a sign-in with its second factor.
///
/// The challenge counts for five minutes and five codes. A code works once; each wrong one counts as a wrong password
/// does. Whatever is wrong, the answer is the same.
#[utoipa::path(
    operation_id = "auth_second_factor",
    tag = "auth",
    request_body = SecondFactorBody,
    responses(TokensIssued)
)]
#[post("/auth/second-factor")]
async fn second_factor(
    request: HttpRequest,
    shared: Data<Shared>,
    body: Body<SecondFactorBody>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request).finish(())?;
    let half = body.parse()?.command()?;
    let origin = origin(&request);
    let factors = shared.application.second_factors.clone();
    let work = move || factors.finish(&half.challenge, &half.proof, half.trust_device, &origin);
    let finished = through(&request, &shared.gate, work).await?;
    issued(
        &shared,
        &finished.signed_in,
        finished.device_token.as_deref(),
    )
}

/// Stops whoever tries an account too often, unless they have signed in to it from there lately: strangers must not
/// use up what its owner may try.
async fn held_back(request: &HttpRequest, shared: &Shared, email: &str) -> Result<(), Problem> {
    let Some(problem) = rate_limits::held_back(request) else {
        return Ok(());
    };
    let (locks, origin) = (shared.application.locks.clone(), origin(request));
    let email = email.to_owned();
    let known = through(request, &shared.gate, move || locks.knows(&email, &origin)).await?;
    if known { Ok(()) } else { Err(problem) }
}

/// Unlocks an account with the token of a mail.
///
/// An account that somebody guessed at is locked for a while, and its owner is sent a link that works once, and for
/// one hour. It lifts every lock; the owner can then sign in from where the link was opened, whatever others try.
#[utoipa::path(
    operation_id = "auth_unlock",
    tag = "auth",
    request_body = UnlockBody,
    responses(Unlocked)
)]
#[post("/auth/unlock")]
async fn unlock(
    request: HttpRequest,
    shared: Data<Shared>,
    body: Body<UnlockBody>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request).finish(())?;
    let token = body.parse()?.command()?;
    let (locks, origin) = (shared.application.locks.clone(), origin(&request));
    through(&request, &shared.gate, move || {
        locks.unlock(&token, &origin)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Continues a session with a new pair of tokens.
///
/// A refresh token works once and for seven days. One that was used before ends its session, because
/// somebody else has it.
#[utoipa::path(
    operation_id = "auth_refresh",
    tag = "auth",
    request_body = RefreshBody,
    responses(TokensIssued)
)]
#[post("/auth/refresh")]
async fn refresh(
    request: HttpRequest,
    shared: Data<Shared>,
    body: Body<RefreshBody>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request).finish(())?;
    let token = body.parse()?.command()?;
    let origin = origin(&request);
    let identity = shared.application.identity.clone();
    let work = move || identity.refresh(&token, &origin);
    let signed_in = through(&request, &shared.gate, work).await?;
    issued(&shared, &signed_in, None)
}

/// Signs out of this session.
#[utoipa::path(operation_id = "auth_logout", tag = "auth", responses(SignedOut))]
#[post("/auth/logout")]
async fn logout(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    caller
        .look(|application, call| application.identity.sign_out(call))
        .await?;
    caller.shared.authenticator.forget();
    Ok(HttpResponse::NoContent().finish())
}

/// Signs out of every session.
#[utoipa::path(operation_id = "auth_logout_all", tag = "auth", responses(SignedOut))]
#[post("/auth/logout-all")]
async fn logout_all(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    caller
        .look(|application, call| application.identity.sign_out_everywhere(call))
        .await?;
    caller.shared.authenticator.forget();
    Ok(HttpResponse::NoContent().finish())
}

/// Tells who is signed in, where, and what they may do there.
#[utoipa::path(operation_id = "auth_me", tag = "auth", responses(Myself))]
#[get("/auth/me")]
async fn me(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let me = caller
        .look(|application, call| application.identity.me(call))
        .await?;
    Ok(answer::json(&MeView::from(&me)))
}

/// Goes on in another tenant, with a new pair of tokens.
#[utoipa::path(
    operation_id = "auth_switch_tenant",
    tag = "auth",
    request_body = SwitchTenantBody,
    responses(TenantSwitched)
)]
#[post("/auth/switch-tenant")]
async fn switch_tenant(
    caller: Caller,
    body: Body<SwitchTenantBody>,
) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let slug = body.parse()?.command()?;
    let signed_in = caller
        .look(move |application, call| application.identity.switch_tenant(call, &slug))
        .await?;
    issued(&caller.shared, &signed_in, None)
}

/// What the right password is answered with.
fn answered(shared: &Shared, sign_in: &SignIn) -> Result<HttpResponse, Problem> {
    match sign_in {
        SignIn::Begun(signed_in) => issued(shared, signed_in, None),
        SignIn::Challenged(challenged) => {
            let challenge = ChallengeView::from(challenged);
            Ok(unkept(&LoginView::SecondFactor(challenge)))
        }
    }
}

/// The tokens of a session, for its client alone.
fn issued(
    shared: &Shared,
    signed_in: &SignedIn,
    device_token: Option<&str>,
) -> Result<HttpResponse, Problem> {
    let bearer = Bearer {
        user: signed_in.user,
        tenant: signed_in.tenant.id,
        session: signed_in.session,
    };
    let access = shared
        .tokens
        .sign(bearer, shared.authenticator.now())
        .map_err(|error| Problem::internal(&error))?;
    let tokens = TokensView::new(&access, signed_in, device_token);
    Ok(unkept(&LoginView::Tokens(tokens)))
}

/// `200` with what no cache may keep.
fn unkept(view: &LoginView<'_>) -> HttpResponse {
    let mut response = answer::json(view);
    response.headers_mut().insert(
        header::CACHE_CONTROL,
        header::HeaderValue::from_static("no-store"),
    );
    response
}

/// `200` with a pair of tokens, or a challenge.
struct LoginAnswered(());
/// `200` with a pair of tokens.
struct TokensIssued(());
/// `200` with a pair of tokens for a tenant that must be there.
struct TenantSwitched(());
/// `204`: the session has ended.
struct SignedOut(());
/// `204`: nothing stands in the owner's way.
struct Unlocked(());
/// `200` with the person.
struct Myself(());

impl utoipa::IntoResponses for LoginAnswered {
    fn responses() -> docs::Responses {
        let words = "A new pair of tokens, or a challenge where there is a second factor.";
        let answer = docs::shows::<LoginView<'_>>(words);
        docs::with_problems("200", answer, &[400, 401, 403, 413, 415, 422, 503])
    }
}

impl utoipa::IntoResponses for TokensIssued {
    fn responses() -> docs::Responses {
        let answer = docs::shows::<TokensView>("A new pair of tokens.");
        docs::with_problems("200", answer, &[400, 401, 413, 415, 422, 503])
    }
}

impl utoipa::IntoResponses for TenantSwitched {
    fn responses() -> docs::Responses {
        let answer = docs::shows::<TokensView>("A new pair of tokens.");
        docs::with_problems("200", answer, &[400, 401, 404, 409, 413, 415, 422, 503])
    }
}

impl utoipa::IntoResponses for SignedOut {
    fn responses() -> docs::Responses {
        let answer = ResponseBuilder::new().description("Signed out.");
        docs::with_problems("204", answer, &[400, 401, 503])
    }
}

impl utoipa::IntoResponses for Unlocked {
    fn responses() -> docs::Responses {
        let answer = ResponseBuilder::new().description("The account is not locked any more.");
        docs::with_problems("204", answer, &[400, 413, 415, 422, 503])
    }
}

impl utoipa::IntoResponses for Myself {
    fn responses() -> docs::Responses {
        let answer = docs::shows::<MeView>("Who is signed in.");
        docs::with_problems("200", answer, &[400, 401, 503])
    }
}
