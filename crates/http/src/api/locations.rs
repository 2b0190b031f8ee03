//! Locations over HTTP.

mod bodies;
mod views;

use actix_web::{HttpResponse, delete, get, patch, post};
use unionhall_application::{
    Application, LocationFilter, LocationSort, StoredAnswer,
    call::Call,
    locations::LocationError,
    pages::{Direction, PageRequest},
};
use unionhall_domain::{
    audit::Target,
    locations::{Location, LocationType},
};
use utoipa::openapi::path::{Parameter, ParameterIn};

use self::{
    bodies::{ChangeLocationBody, CreateLocationBody},
    views::LocationView,
};
use super::{
    choices::LocationTypeName,
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
const ORDERS: &[Named<LocationSort>] = &[
    ("name", LocationSort::Name),
    ("created_at", LocationSort::Created),
];

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .schema::<LocationView<'_>>()
        .add(list)
        .add(create)
        .add(export)
        .add(find)
        .add(update)
        .add(delete)
        .add(restore);
}

/// Adds a location.
#[utoipa::path(
    operation_id = "locations_create",
    tag = "locations",
    params(NewTerms),
    request_body = CreateLocationBody,
    responses(Created<LocationView>)
)]
#[post("")]
async fn create(caller: Caller, body: Body<CreateLocationBody>) -> Result<HttpResponse, Problem> {
    let new = body.parse()?.command()?;
    caller
        .change(body.bytes(), created, |application, call| {
            application.locations.create(call, new)
        })
        .await
}

/// Lists locations.
#[utoipa::path(
    operation_id = "locations_list",
    tag = "locations",
    params(Wanted),
    responses(Listed<LocationView>)
)]
#[get("")]
async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    let (filter, page) = wanted(caller.query())?;
    let body = caller
        .look(move |application, call| {
            let found = application.locations.list(call, &filter, &page)?;
            let view = paging::view::<_, _, LocationView<'_>>(&found, ORDERS, &page);
            Ok::<_, LocationError>(answer::bytes(&view))
        })
        .await?;
    Ok(answer::made(body))
}

/// Exports locations.
///
/// The file has every row that the list would show the caller, page by page, and a column for each of its fields.
#[utoipa::path(
    operation_id = "locations_export",
    tag = "locations",
    params(ExportOf<Wanted>),
    responses(File)
)]
#[get("/export")]
async fn export(caller: Caller) -> Result<HttpResponse, Problem> {
    let mut query = caller.query();
    let asked = Asked::from(&mut query);
    let (filter, page) = wanted(query)?;
    let exported = Exported("locations", Target::Location);
    let read = move |application: &Application, call: &Call, page: &_| {
        let found = application.locations.list(call, &filter, page)?;
        Ok::<_, LocationError>(rows::<_, LocationView<'_>>(&found))
    };
    caller
        .export::<LocationView<'_>, _, _, _>(exported, asked, page, read)
        .await
}

/// Reads a location.
#[utoipa::path(
    operation_id = "locations_find",
    tag = "locations",
    params(RecordId),
    responses(Record<LocationView>)
)]
#[get("/{id}")]
async fn find(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let id = caller.id("location")?;
    let found = caller
        .look(move |application, call| application.locations.find(call, id))
        .await?;
    let view = view(&caller.rendering(), &found);
    Ok(answer::record(&view, found.version))
}

/// Changes a location.
///
/// Fields that are not named stay as they are; `null` clears a field.
#[utoipa::path(
    operation_id = "locations_update",
    tag = "locations",
    params(RecordId, Terms),
    request_body = ChangeLocationBody,
    responses(Changed<LocationView>)
)]
#[patch("/{id}")]
async fn update(caller: Caller, body: Body<ChangeLocationBody>) -> Result<HttpResponse, Problem> {
    let id = caller.id("location")?;
    let wanted = body.parse()?.command()?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application.locations.update(call, id, wanted)
        })
        .await
}

/// Deletes a location.
///
/// It can be restored.
#[utoipa::path(
    operation_id = "locations_delete",
    tag = "locations",
    params(RecordId, Terms),
    responses(Deleted)
)]
#[delete("/{id}")]
async fn delete(caller: Caller) -> Result<HttpResponse, Problem> {
    let id = caller.id("location")?;
    caller
        .change(&[], answer::gone, move |application, call| {
            application.locations.delete(call, id)
        })
        .await
}

/// Restores a deleted location.
#[utoipa::path(
    operation_id = "locations_restore",
    tag = "locations",
    params(RecordId, Terms),
    responses(Changed<LocationView>)
)]
#[post("/{id}/restore")]
async fn restore(caller: Caller, body: Body<Nothing>) -> Result<HttpResponse, Problem> {
    let id = caller.id("location")?;
    nothing::expected(&body)?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application.locations.restore(call, id)
        })
        .await
}

fn wanted(mut query: Query) -> Result<(LocationFilter, PageRequest<LocationSort>), Problem> {
    let filter = LocationFilter {
        kind: query.optional("location_type", LocationType::parse),
        search: query.optional("q", words),
    };
    let usual = (("name", LocationSort::Name), Direction::Ascending);
    let page = paging::page(&mut query, ORDERS, usual);
    query.finish((filter, page))
}

fn view<'a>(rendering: &Rendering, location: &'a Location) -> LocationView<'a> {
    let locations = &rendering.application.locations;
    let actions = locations.allowed_actions(&rendering.actor);
    LocationView::from(location).allowing(actions)
}

fn present(rendering: &Rendering, location: &Location) -> StoredAnswer {
    answer::ok(&view(rendering, location), Some(location.version))
}

fn created(rendering: &Rendering, location: &Location) -> StoredAnswer {
    let place = format!("{BASE}/locations/{}", location.id);
    answer::created(&view(rendering, location), place, location.version)
}

/// The parameters of the list, for the document.
struct Wanted(());

impl utoipa::IntoParams for Wanted {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let mut parameters = vec![
            docs::query(
                "location_type",
                docs::reference::<LocationTypeName>(),
                "Only of this kind.",
            ),
            docs::words("Words of the name, the code or the city."),
        ];
        parameters.extend(docs::list(ORDERS, "name"));
        parameters
    }
}
