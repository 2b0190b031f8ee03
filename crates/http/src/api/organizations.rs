//! Organizations over HTTP.

mod bodies;
mod import;
mod merging;
mod overview;
mod views;

use actix_web::{HttpResponse, delete, get, patch, post};
use unionhall_application::{
    Application, OrganizationFilter, OrganizationSort, StoredAnswer,
    call::Call,
    organizations::{Added, OrganizationError},
    pages::{Direction, PageRequest},
};
use unionhall_domain::{
    audit::Target,
    organizations::{Organization, OrganizationType},
};
use utoipa::openapi::path::{Parameter, ParameterIn};

use self::{
    bodies::{ChangeOrganizationBody, CreateOrganizationBody},
    views::OrganizationView,
};
use super::{
    choices::OrganizationTypeName,
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
        query::{Query, words},
    },
};

/// What a list can be sorted by.
const ORDERS: &[Named<OrganizationSort>] = &[
    ("name", OrganizationSort::Name),
    ("created_at", OrganizationSort::Created),
];

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .schema::<OrganizationView<'_>>()
        .schema::<merging::DuplicatesView<'_>>()
        .schema::<merging::PairsView<'_>>()
        .schema::<merging::MergedView<'_>>()
        .schema::<overview::OverviewView<'_>>()
        .add(list)
        .add(create)
        .add(export)
        .add(import::import)
        .add(merging::duplicates)
        .add(merging::duplicate_pairs)
        .add(find)
        .add(update)
        .add(delete)
        .add(restore)
        .add(merging::merge)
        .add(overview::overview);
}

/// Adds an organization.
///
/// It is added whatever is there already; `possible_duplicates` tells what it may be the same as, and a rehearsal tells it
/// before.
#[utoipa::path(
    operation_id = "organizations_create",
    tag = "organizations",
    params(NewTerms),
    request_body = CreateOrganizationBody,
    responses(Created<OrganizationView>)
)]
#[post("")]
async fn create(
    caller: Caller,
    body: Body<CreateOrganizationBody>,
) -> Result<HttpResponse, Problem> {
    let details = body.parse()?.command()?;
    caller
        .change(body.bytes(), created, |application, call| {
            application.organizations.create(call, details)
        })
        .await
}

/// Lists organizations.
#[utoipa::path(
    operation_id = "organizations_list",
    tag = "organizations",
    params(Wanted),
    responses(Listed<OrganizationView>)
)]
#[get("")]
async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    let (filter, page) = wanted(caller.query())?;
    let body = caller
        .look(move |application, call| {
            let found = application.organizations.list(call, &filter, &page)?;
            let view = paging::view::<_, _, OrganizationView<'_>>(&found, ORDERS, &page);
            Ok::<_, OrganizationError>(answer::bytes(&view))
        })
        .await?;
    Ok(answer::made(body))
}

/// Exports organizations.
///
/// The file has every row that the list would show the caller, page by page, and a column for each of its fields.
#[utoipa::path(
    operation_id = "organizations_export",
    tag = "organizations",
    params(ExportOf<Wanted>),
    responses(File)
)]
#[get("/export")]
async fn export(caller: Caller) -> Result<HttpResponse, Problem> {
    let mut query = caller.query();
    let asked = Asked::from(&mut query);
    let (filter, page) = wanted(query)?;
    let exported = Exported("organizations", Target::Organization);
    let read = move |application: &Application, call: &Call, page: &_| {
        let found = application.organizations.list(call, &filter, page)?;
        Ok::<_, OrganizationError>(rows::<_, OrganizationView<'_>>(&found))
    };
    caller
        .export::<OrganizationView<'_>, _, _, _>(exported, asked, page, read)
        .await
}

/// Reads an organization.
#[utoipa::path(
    operation_id = "organizations_find",
    tag = "organizations",
    params(RecordId),
    responses(Record<OrganizationView>)
)]
#[get("/{id}")]
async fn find(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let id = caller.id("organization")?;
    let found = caller
        .look(move |application, call| application.organizations.find(call, id))
        .await?;
    Ok(answer::record(
        &view(&caller.rendering(), &found),
        found.version,
    ))
}

/// Changes an organization.
///
/// Fields that are not named stay as they are; `null` clears a field.
#[utoipa::path(
    operation_id = "organizations_update",
    tag = "organizations",
    params(RecordId, Terms),
    request_body = ChangeOrganizationBody,
    responses(Changed<OrganizationView>)
)]
#[patch("/{id}")]
async fn update(
    caller: Caller,
    body: Body<ChangeOrganizationBody>,
) -> Result<HttpResponse, Problem> {
    let id = caller.id("organization")?;
    let wanted = body.parse()?.command()?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application.organizations.update(call, id, wanted)
        })
        .await
}

/// Deletes an organization.
///
/// It can be restored. An organization that grievances name or that has contacts is not deleted: the problem names them.
#[utoipa::path(
    operation_id = "organizations_delete",
    tag = "organizations",
    params(RecordId, Terms),
    responses(Deleted)
)]
#[delete("/{id}")]
async fn delete(caller: Caller) -> Result<HttpResponse, Problem> {
    let id = caller.id("organization")?;
    caller
        .change(&[], answer::gone, move |application, call| {
            application.organizations.delete(call, id)
        })
        .await
}

/// Restores a deleted organization.
#[utoipa::path(
    operation_id = "organizations_restore",
    tag = "organizations",
    params(RecordId, Terms),
    responses(Changed<OrganizationView>)
)]
#[post("/{id}/restore")]
async fn restore(caller: Caller, body: Body<Nothing>) -> Result<HttpResponse, Problem> {
    let id = caller.id("organization")?;
    nothing::expected(&body)?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application.organizations.restore(call, id)
        })
        .await
}

fn wanted(
    mut query: Query,
) -> Result<(OrganizationFilter, PageRequest<OrganizationSort>), Problem> {
    let filter = OrganizationFilter {
        org_type: query.optional("org_type", OrganizationType::parse),
        search: query.optional("q", words),
    };
    let usual = (("name", OrganizationSort::Name), Direction::Ascending);
    let page = paging::page(&mut query, ORDERS, usual);
    query.finish((filter, page))
}

fn view<'a>(rendering: &Rendering, organization: &'a Organization) -> OrganizationView<'a> {
    let organizations = &rendering.application.organizations;
    let actions = organizations.allowed_actions(&rendering.actor, organization);
    OrganizationView::from(organization).allowing(actions)
}

fn present(rendering: &Rendering, organization: &Organization) -> StoredAnswer {
    answer::ok(&view(rendering, organization), Some(organization.version))
}

fn created(rendering: &Rendering, added: &Added) -> StoredAnswer {
    let place = format!("{BASE}/organizations/{}", added.organization.id);
    let view = view(rendering, &added.organization).beside(&added.possible_duplicates);
    answer::created(&view, place, added.organization.version)
}

/// The parameters of the list, for the document.
struct Wanted(());

impl utoipa::IntoParams for Wanted {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let org_type = docs::reference::<OrganizationTypeName>();
        let mut parameters = vec![
            docs::query("org_type", org_type, "Only of this type."),
            docs::words("Words of name or city, or how they begin."),
        ];
        parameters.extend(docs::list(ORDERS, "name"));
        parameters
    }
}
