//! Contacts over HTTP.

mod bodies;
mod import;
pub(super) mod views;

use actix_web::{HttpResponse, delete, get, patch, post};
use unionhall_application::{
    Application, ContactFilter, ContactSort, StoredAnswer,
    call::Call,
    contacts::ContactError,
    pages::{Direction, PageRequest},
};
use unionhall_domain::{
    audit::Target,
    contacts::{Contact, Rank},
    ids::Id,
};
use utoipa::openapi::path::{Parameter, ParameterIn};

use self::{
    bodies::{ChangeContactBody, CreateContactBody},
    views::{ContactRowView, ContactView},
};
use super::{
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
        query::{Query, boolean, words},
    },
};

/// What a list can be sorted by.
const ORDERS: &[Named<ContactSort>] = &[
    ("name", ContactSort::Name),
    ("created_at", ContactSort::Created),
];

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .schema::<ContactView<'_>>()
        .add(list)
        .add(create)
        .add(export)
        .add(import::import)
        .add(find)
        .add(update)
        .add(delete)
        .add(restore);
}

/// Adds a contact.
///
/// The first contact of an organization is its primary one; a later one with `is_primary` takes that place.
#[utoipa::path(
    operation_id = "contacts_create",
    tag = "contacts",
    params(NewTerms),
    request_body = CreateContactBody,
    responses(Created<ContactView>)
)]
#[post("")]
async fn create(caller: Caller, body: Body<CreateContactBody>) -> Result<HttpResponse, Problem> {
    let new = body.parse()?.command()?;
    caller
        .change(body.bytes(), created, |application, call| {
            application.contacts.create(call, new)
        })
        .await
}

/// Lists contacts.
#[utoipa::path(
    operation_id = "contacts_list",
    tag = "contacts",
    params(Wanted),
    responses(Listed<ContactView>)
)]
#[get("")]
async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    let (filter, page) = wanted(caller.query())?;
    let body = caller
        .look(move |application, call| {
            let found = application.contacts.list(call, &filter, &page)?;
            let view = paging::view::<_, _, ContactView<'_>>(&found, ORDERS, &page);
            Ok::<_, ContactError>(answer::bytes(&view))
        })
        .await?;
    Ok(answer::made(body))
}

/// Exports contacts.
///
/// The file has every row that the list would show the caller, page by page, and a column for each of its fields, and one
/// for the organization's name.
#[utoipa::path(
    operation_id = "contacts_export",
    tag = "contacts",
    params(ExportOf<Wanted>),
    responses(File)
)]
#[get("/export")]
async fn export(caller: Caller) -> Result<HttpResponse, Problem> {
    let mut query = caller.query();
    let asked = Asked::from(&mut query);
    let (filter, page) = wanted(query)?;
    let exported = Exported("organization-contacts", Target::Contact);
    let read = move |application: &Application, call: &Call, page: &_| {
        let found = application.contacts.list_with_places(call, &filter, page)?;
        Ok::<_, ContactError>(rows::<_, ContactRowView<'_>>(&found))
    };
    caller
        .export::<ContactRowView<'_>, _, _, _>(exported, asked, page, read)
        .await
}

/// Reads a contact.
#[utoipa::path(
    operation_id = "contacts_find",
    tag = "contacts",
    params(RecordId),
    responses(Record<ContactView>)
)]
#[get("/{id}")]
async fn find(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let id = caller.id("contact")?;
    let found = caller
        .look(move |application, call| application.contacts.find(call, id))
        .await?;
    Ok(answer::record(
        &view(&caller.rendering(), &found),
        found.version,
    ))
}

/// Changes a contact.
///
/// Fields that are not named stay as they are; `null` clears a field. With `is_primary` the contact takes the place of
/// the one that was primary; it is not given up but by making another contact primary.
#[utoipa::path(
    operation_id = "contacts_update",
    tag = "contacts",
    params(RecordId, Terms),
    request_body = ChangeContactBody,
    responses(Changed<ContactView>)
)]
#[patch("/{id}")]
async fn update(caller: Caller, body: Body<ChangeContactBody>) -> Result<HttpResponse, Problem> {
    let id = caller.id("contact")?;
    let wanted = body.parse()?.command()?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application.contacts.update(call, id, wanted)
        })
        .await
}

/// Deletes a contact.
///
/// It can be restored. When it was the primary one, the contact that was made first of the others becomes primary.
#[utoipa::path(
    operation_id = "contacts_delete",
    tag = "contacts",
    params(RecordId, Terms),
    responses(Deleted)
)]
#[delete("/{id}")]
async fn delete(caller: Caller) -> Result<HttpResponse, Problem> {
    let id = caller.id("contact")?;
    caller
        .change(&[], answer::gone, move |application, call| {
            application.contacts.delete(call, id)
        })
        .await
}

/// Restores a deleted contact.
///
/// It becomes the primary contact only if the organization has none.
#[utoipa::path(
    operation_id = "contacts_restore",
    tag = "contacts",
    params(RecordId, Terms),
    responses(Changed<ContactView>)
)]
#[post("/{id}/restore")]
async fn restore(caller: Caller, body: Body<Nothing>) -> Result<HttpResponse, Problem> {
    let id = caller.id("contact")?;
    nothing::expected(&body)?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application.contacts.restore(call, id)
        })
        .await
}

fn wanted(mut query: Query) -> Result<(ContactFilter, PageRequest<ContactSort>), Problem> {
    let filter = ContactFilter {
        organization: query.optional("organization_id", Id::parse),
        rank: query.optional("is_primary", boolean).map(Rank::of),
        search: query.optional("q", words),
    };
    let usual = (("name", ContactSort::Name), Direction::Ascending);
    let page = paging::page(&mut query, ORDERS, usual);
    query.finish((filter, page))
}

fn view<'a>(rendering: &Rendering, contact: &'a Contact) -> ContactView<'a> {
    let contacts = &rendering.application.contacts;
    ContactView::from(contact).allowing(contacts.allowed_actions(&rendering.actor, contact))
}

fn present(rendering: &Rendering, contact: &Contact) -> StoredAnswer {
    answer::ok(&view(rendering, contact), Some(contact.version))
}

fn created(rendering: &Rendering, contact: &Contact) -> StoredAnswer {
    let place = format!("{BASE}/organization-contacts/{}", contact.id);
    answer::created(&view(rendering, contact), place, contact.version)
}

/// The parameters of the list, for the document.
struct Wanted(());

impl utoipa::IntoParams for Wanted {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let mut parameters = vec![
            docs::query(
                "organization_id",
                docs::uuid(),
                "Only at this organization.",
            ),
            docs::query(
                "is_primary",
                docs::boolean(),
                "Only the primary contacts, or only the others.",
            ),
            docs::words("Words of name, title or e-mail address, or how they begin."),
        ];
        parameters.extend(docs::list(ORDERS, "name"));
        parameters
    }
}
