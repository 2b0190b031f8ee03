//! The tenant itself over HTTP: its settings, what it uses, and the card that everybody may see.

mod bodies;
mod views;

use actix_web::{HttpRequest, HttpResponse, get, patch, web::Data};
use unionhall_application::StoredAnswer;
use unionhall_domain::tenants::TenantDetails;
use utoipa::openapi::path::{Parameter, ParameterIn};

use self::{
    bodies::ChangeTenantBody,
    views::{CardView, SettingsView, StatisticsView},
};
use super::{
    docs::{self, Changed, Record, Terms},
    routes::Routes,
};
use crate::web::{
    answer::{self, Rendering},
    body::Body,
    caller::{Caller, Shared, through},
    problem::Problem,
    query::Query,
};

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .schema::<SettingsView<'_>>()
        .schema::<StatisticsView<'_>>()
        .schema::<CardView<'_>>()
        .add(find)
        .add(update)
        .add(statistics)
        .add_open(card);
}

/// Reads the settings of the tenant that the session works in.
#[utoipa::path(
    operation_id = "tenants_find",
    tag = "tenants",
    responses(Record<SettingsView>)
)]
#[get("/tenant")]
async fn find(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let found = caller
        .look(|application, call| application.tenants.find(call))
        .await?;
    let view = SettingsView::from(&found);
    Ok(answer::record(&view, found.tenant.version))
}

/// Changes the settings of the tenant.
///
/// Fields that are not named stay as they are; `null` clears a field. The change counts from now on, and the audit
/// trail tells what each field was before. What the tenant may use, and until when, is not its own to change.
#[utoipa::path(
    operation_id = "tenants_update",
    tag = "tenants",
    params(Terms),
    request_body = ChangeTenantBody,
    responses(Changed<SettingsView>)
)]
#[patch("/tenant")]
async fn update(caller: Caller, body: Body<ChangeTenantBody>) -> Result<HttpResponse, Problem> {
    let wanted = body.parse()?.command()?;
    let answer = caller
        .change(body.bytes(), present, |application, call| {
            application.tenants.update(call, wanted)
        })
        .await?;
    // Name and time zone are remembered with every session.
    caller.shared.authenticator.forget();
    Ok(answer)
}

/// Counts what the tenant has and uses.
#[utoipa::path(
    operation_id = "tenants_statistics",
    tag = "tenants",
    responses(Counted)
)]
#[get("/tenant/statistics")]
async fn statistics(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let counted = caller
        .look(|application, call| application.tenants.statistics(call))
        .await?;
    let view = StatisticsView::new(&counted, &caller.actor.tenant().plan);
    Ok(answer::json(&view))
}

/// Shows what everybody may see of a tenant: what it is called and what it is.
#[utoipa::path(
    operation_id = "tenants_card",
    tag = "tenants",
    params(SlugInPath),
    responses(Card)
)]
#[get("/tenants/{slug}/card")]
async fn card(request: HttpRequest, shared: Data<Shared>) -> Result<HttpResponse, Problem> {
    Query::of(&request).finish(())?;
    let slug = request.match_info().get("slug").unwrap_or_default();
    let (slug, tenants) = (slug.to_owned(), shared.application.tenants.clone());
    let found = through(&request, &shared.gate, move || tenants.card(&slug)).await?;
    Ok(answer::json(&CardView::from(&found)))
}

fn present(_: &Rendering, details: &TenantDetails) -> StoredAnswer {
    let view = SettingsView::from(details);
    answer::ok(&view, Some(details.tenant.version))
}

/// `200` with what was counted.
struct Counted(());
/// `200` with a card.
struct Card(());
/// The short name of a tenant, in the path.
pub(super) struct SlugInPath(());

impl utoipa::IntoResponses for Counted {
    fn responses() -> docs::Responses {
        let answer = docs::shows::<StatisticsView<'_>>("What was counted.");
        docs::with_problems("200", answer, &[400, 401, 403, 503])
    }
}

impl utoipa::IntoResponses for Card {
    fn responses() -> docs::Responses {
        let answer = docs::shows::<CardView<'_>>("The card.");
        docs::with_problems("200", answer, &[400, 404, 503])
    }
}

impl utoipa::IntoParams for SlugInPath {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let words = "The short name of the tenant, like local-46.";
        vec![docs::path("slug", docs::text(), words)]
    }
}
