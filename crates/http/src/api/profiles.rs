//! One's own profile over HTTP, and what one may see of colleagues.

mod bodies;
mod views;

use actix_web::{HttpResponse, get, patch};
use unionhall_application::StoredAnswer;
use unionhall_domain::profiles::Profile;

use self::{
    bodies::ChangeProfileBody,
    views::{ColleagueCardView, OwnProfileView, ProfileView},
};
use super::{
    docs::{self, Changed, RecordId, Terms},
    routes::Routes,
};
use crate::web::{
    answer::{self, Rendering},
    body::Body,
    caller::Caller,
    problem::Problem,
};

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .schema::<OwnProfileView<'_>>()
        .schema::<ProfileView<'_>>()
        .schema::<ColleagueCardView<'_>>()
        .add(find)
        .add(update)
        .add(colleague);
}

/// Reads one's own profile, the tenants one has a place in, and what one may do in the present one.
#[utoipa::path(operation_id = "profiles_find", tag = "profiles", responses(Own))]
#[get("/me")]
async fn find(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let own = caller
        .look(|application, call| application.profiles.find_own(call))
        .await?;
    let view = OwnProfileView::from(&own);
    Ok(answer::record(&view, own.profile.version))
}

/// Changes one's own profile.
///
/// Fields that are not named stay as they are; `null` clears a field. It is the same profile in every tenant, and
/// it can be changed also where the tenant may change nothing.
#[utoipa::path(
    operation_id = "profiles_update",
    tag = "profiles",
    params(Terms),
    request_body = ChangeProfileBody,
    responses(Changed<ProfileView>)
)]
#[patch("/me")]
async fn update(caller: Caller, body: Body<ChangeProfileBody>) -> Result<HttpResponse, Problem> {
    let wanted = body.parse()?.command()?;
    let answer = caller
        .change(body.bytes(), present, |application, call| {
            application.profiles.update_own(call, wanted)
        })
        .await?;
    // The name is remembered with every session.
    caller.shared.authenticator.forget();
    Ok(answer)
}

/// Reads what colleagues may see of somebody: who they are and what they do.
#[utoipa::path(
    operation_id = "profiles_colleague",
    tag = "profiles",
    params(RecordId),
    responses(Seen)
)]
#[get("/colleagues/{id}")]
async fn colleague(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let id = caller.id("user")?;
    let found = caller
        .look(move |application, call| application.profiles.find_colleague(call, id))
        .await?;
    Ok(answer::json(&ColleagueCardView::from(&found)))
}

fn present(_: &Rendering, profile: &Profile) -> StoredAnswer {
    answer::ok(&ProfileView::from(profile), Some(profile.version))
}

/// `200` with oneself.
struct Own(());
/// `200` with a colleague.
struct Seen(());

impl utoipa::IntoResponses for Own {
    fn responses() -> docs::Responses {
        <docs::Record<OwnProfileView<'_>> as utoipa::IntoResponses>::responses()
    }
}

impl utoipa::IntoResponses for Seen {
    fn responses() -> docs::Responses {
        let answer = docs::shows::<ColleagueCardView<'_>>("The colleague.");
        docs::with_problems("200", answer, &[400, 401, 403, 404, 503])
    }
}
