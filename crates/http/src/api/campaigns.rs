//! Campaigns over HTTP.

mod bodies;
mod moves;
mod progress;
mod views;

use actix_web::{HttpResponse, delete, get, patch, post};
use unionhall_application::{
    Application, CampaignFilter, CampaignSort, StoredAnswer,
    call::Call,
    campaigns::CampaignError,
    pages::{Direction, PageRequest},
};
use unionhall_domain::{
    audit::Target,
    campaigns::{Campaign, State},
    ids::Id,
};
use utoipa::openapi::path::{Parameter, ParameterIn};

use self::{
    bodies::{ChangeCampaignBody, CreateCampaignBody},
    views::CampaignView,
};
use super::{
    choices::CampaignStatusName,
    docs::{self, Changed, Created, Deleted, Listed, NewTerms, Record, RecordId, Terms},
    exports::{ExportOf, File},
    nothing::{self, Nothing},
    routes::Routes,
};
use crate::{
    BASE,
    web::{
        answer::{self, Rendering},
        body::Body,
        caller::Caller,
        exports::{Asked, Exported, rows},
        paging::{self, Named},
        problem::Problem,
        query::Query,
    },
};

/// What a list can be sorted by.
const ORDERS: &[Named<CampaignSort>] = &[
    ("name", CampaignSort::Name),
    ("created_at", CampaignSort::Created),
];

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .schema::<CampaignView<'_>>()
        .add(list)
        .add(create)
        .add(export)
        .add(find)
        .add(update)
        .add(delete)
        .add(restore);
    progress::routes(routes);
    moves::routes(routes);
}

/// Plans a campaign at one employer or several.
///
/// It is led by somebody who may organize, and each employer may have an estimated unit and a goal of cards within it.
#[utoipa::path(
    operation_id = "campaigns_create",
    tag = "campaigns",
    params(NewTerms),
    request_body = CreateCampaignBody,
    responses(Created<CampaignView>)
)]
#[post("")]
async fn create(caller: Caller, body: Body<CreateCampaignBody>) -> Result<HttpResponse, Problem> {
    let plan = body.parse()?.command()?;
    caller
        .change(body.bytes(), created, |application, call| {
            application.campaigns.create(call, plan)
        })
        .await
}

/// Lists campaigns.
#[utoipa::path(
    operation_id = "campaigns_list",
    tag = "campaigns",
    params(Wanted),
    responses(Listed<CampaignView>)
)]
#[get("")]
async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    let (filter, page) = wanted(caller.query())?;
    let body = caller
        .read(move |application, call| {
            let found = application.campaigns.list(call, &filter, &page)?;
            let shown = |found| {
                answer::bytes(&paging::view::<_, _, CampaignView<'_>>(
                    &found, ORDERS, &page,
                ))
            };
            Ok::<_, CampaignError>(found.map(shown))
        })
        .await?;
    Ok(answer::made(body))
}

/// Exports campaigns.
///
/// The file has every row that the list would show the caller, page by page, and a column for each of its fields.
#[utoipa::path(
    operation_id = "campaigns_export",
    tag = "campaigns",
    params(ExportOf<Wanted>),
    responses(File)
)]
#[get("/export")]
async fn export(caller: Caller) -> Result<HttpResponse, Problem> {
    let mut query = caller.query();
    let asked = Asked::from(&mut query);
    let (filter, page) = wanted(query)?;
    let exported = Exported("campaigns", Target::Campaign);
    let read = move |application: &Application, call: &Call, page: &_| {
        let found = application.campaigns.list(call, &filter, page)?;
        Ok::<_, CampaignError>(rows::<_, CampaignView<'_>>(&found.value))
    };
    caller
        .export::<CampaignView<'_>, _, _, _>(exported, asked, page, read)
        .await
}

/// Reads a campaign.
#[utoipa::path(
    operation_id = "campaigns_find",
    tag = "campaigns",
    params(RecordId),
    responses(Record<CampaignView>)
)]
#[get("/{id}")]
async fn find(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let id = caller.id("campaign")?;
    let campaign = caller
        .read(move |application, call| application.campaigns.find(call, id))
        .await?;
    let view = view(&caller.rendering(), &campaign);
    Ok(answer::record(&view, campaign.version))
}

/// Changes the plan of a campaign.
///
/// Fields that are not named stay as they are; `null` clears a field. `targets` replaces all employers; one that
/// activities of the campaign name cannot be left out. Where the campaign stands is changed by its moves alone.
#[utoipa::path(
    operation_id = "campaigns_update",
    tag = "campaigns",
    params(RecordId, Terms),
    request_body = ChangeCampaignBody,
    responses(Changed<CampaignView>)
)]
#[patch("/{id}")]
async fn update(caller: Caller, body: Body<ChangeCampaignBody>) -> Result<HttpResponse, Problem> {
    let id = caller.id("campaign")?;
    let wanted = body.parse()?.command()?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application.campaigns.update(call, id, wanted)
        })
        .await
}

/// Deletes a campaign that no activity belongs to.
///
/// It can be restored.
#[utoipa::path(
    operation_id = "campaigns_delete",
    tag = "campaigns",
    params(RecordId, Terms),
    responses(Deleted)
)]
#[delete("/{id}")]
async fn delete(caller: Caller) -> Result<HttpResponse, Problem> {
    let id = caller.id("campaign")?;
    caller
        .change(&[], answer::gone, move |application, call| {
            application.campaigns.delete(call, id)
        })
        .await
}

/// Restores a deleted campaign.
#[utoipa::path(
    operation_id = "campaigns_restore",
    tag = "campaigns",
    params(RecordId, Terms),
    responses(Changed<CampaignView>)
)]
#[post("/{id}/restore")]
async fn restore(caller: Caller, body: Body<Nothing>) -> Result<HttpResponse, Problem> {
    let id = caller.id("campaign")?;
    nothing::expected(&body)?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application.campaigns.restore(call, id)
        })
        .await
}

fn wanted(mut query: Query) -> Result<(CampaignFilter, PageRequest<CampaignSort>), Problem> {
    let filter = CampaignFilter {
        status: query.optional("status", State::name),
        lead: query.optional("lead_id", Id::parse),
        organization: query.optional("organization_id", Id::parse),
    };
    let usual = (("name", CampaignSort::Name), Direction::Ascending);
    let page = paging::page(&mut query, ORDERS, usual);
    query.finish((filter, page))
}

fn view<'a>(rendering: &Rendering, campaign: &'a Campaign) -> CampaignView<'a> {
    let campaigns = &rendering.application.campaigns;
    let actions = campaigns.allowed_actions(&rendering.actor, campaign);
    CampaignView::from(campaign).allowing(actions)
}

fn present(rendering: &Rendering, campaign: &Campaign) -> StoredAnswer {
    answer::ok(&view(rendering, campaign), Some(campaign.version))
}

fn created(rendering: &Rendering, campaign: &Campaign) -> StoredAnswer {
    let place = format!("{BASE}/campaigns/{}", campaign.id);
    answer::created(&view(rendering, campaign), place, campaign.version)
}

/// The parameters of the list, for the document.
struct Wanted(());

impl utoipa::IntoParams for Wanted {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let status = docs::reference::<CampaignStatusName>();
        let mut parameters = vec![
            docs::query("status", status, "Only with this status."),
            docs::query("lead_id", docs::uuid(), "Only led by this user."),
            docs::query(
                "organization_id",
                docs::uuid(),
                "Only at this employer, perhaps among others.",
            ),
        ];
        parameters.extend(docs::list(ORDERS, "name"));
        parameters
    }
}
