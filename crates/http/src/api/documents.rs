//! Documents over HTTP.

mod bodies;
mod files;
mod views;

use actix_web::{HttpResponse, delete, get, patch, post};
use unionhall_application::{
    DocumentFilter, DocumentSort, StoredAnswer,
    pages::{Direction, PageRequest},
};
use unionhall_domain::{
    documents::{Category, Document, FileKind, RecordRef, RecordType, Sha256, Tag},
    ids::Id,
};
use utoipa::openapi::path::{Parameter, ParameterIn};

use self::{
    bodies::{ChangeDocumentBody, HoldDocumentBody},
    views::{DocumentAddressView, DocumentCategoriesView, DocumentFileView, DocumentView},
};
use super::{
    cases::ListedBelow,
    choices::{DocumentCategoryName, DocumentMediaTypeName, DocumentRecordTypeName},
    docs::{self, Changed, Deleted, Record, RecordId, Terms},
    nothing::{self, Nothing},
    routes::Routes,
};
use crate::web::{
    answer::{self, Rendering},
    body::Body,
    caller::Caller,
    paging::{self, Named, PageView},
    problem::Problem,
    query::{Query, words},
};

/// What a list can be sorted by.
const ORDERS: &[Named<DocumentSort>] = &[
    ("created_at", DocumentSort::Created),
    ("title", DocumentSort::Title),
];

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .schema::<DocumentView<'_>>()
        .schema::<DocumentFileView<'_>>()
        .schema::<DocumentCategoriesView>()
        .schema::<DocumentAddressView<'_>>()
        .add(list)
        .add(files::upload)
        .add(categories)
        .add(find)
        .add(update)
        .add(delete)
        .add(restore)
        .add(hold)
        .add(release)
        .add(versions)
        .add(files::add_version)
        .add(files::download)
        .add(files::address);
}

/// Lists the documents of a record.
///
/// Papers about something more confidential than their record, such as organizing, are shown to those alone who may see
/// that.
#[utoipa::path(
    operation_id = "documents_list",
    tag = "documents",
    params(Wanted),
    responses(ListedBelow<DocumentView>)
)]
#[get("")]
async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    let (record, filter, page) = wanted(caller.query())?;
    let documents = caller.shared.files.documents.clone();
    let (is_search, asked) = (filter.search.is_some(), page.clone());
    let found = caller
        .list(is_search, move |_, call| {
            documents.list(call, record, filter, &asked)
        })
        .await?;
    let view = paging::view::<_, _, DocumentView<'_>>(&found, ORDERS, &page);
    Ok(answer::json(&view))
}

/// Lists the categories of a type of record.
#[utoipa::path(
    operation_id = "documents_categories",
    tag = "documents",
    params(OfType),
    responses(Categories)
)]
#[get("/categories")]
async fn categories(caller: Caller) -> Result<HttpResponse, Problem> {
    let mut query = caller.query();
    let kind = query.needed("record_type", RecordType::parse);
    let kind = query.finish(kind)?.unwrap_or(RecordType::Member);
    let documents = caller.shared.files.documents.clone();
    let found = caller
        .look(move |_, call| documents.categories(call, kind))
        .await?;
    Ok(answer::json(&DocumentCategoriesView::from(&found)))
}

/// Reads what is said of a document.
#[utoipa::path(
    operation_id = "documents_find",
    tag = "documents",
    params(RecordId),
    responses(Record<DocumentView>)
)]
#[get("/{id}")]
async fn find(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let id = caller.id("document")?;
    let documents = caller.shared.files.documents.clone();
    let found = caller.read(move |_, call| documents.find(call, id)).await?;
    Ok(answer::record(
        &DocumentView::shown(&caller.rendering(), &found),
        found.version,
    ))
}

/// Changes what is said of a document.
///
/// Fields that are not named stay as they are; `null` clears a field. A new file is another version, not a change.
#[utoipa::path(
    operation_id = "documents_update",
    tag = "documents",
    params(RecordId, Terms),
    request_body = ChangeDocumentBody,
    responses(Changed<DocumentView>)
)]
#[patch("/{id}")]
async fn update(caller: Caller, body: Body<ChangeDocumentBody>) -> Result<HttpResponse, Problem> {
    let id = caller.id("document")?;
    let wanted = body.parse()?.command()?;
    let documents = caller.shared.files.documents.clone();
    caller
        .change(body.bytes(), present, move |_, call| {
            documents.update(call, id, wanted)
        })
        .await
}

/// Deletes a document.
///
/// It can be restored for 30 days; then it is removed with its files, unless `keep_until` is later or it is held. A document
/// that is held cannot be deleted.
#[utoipa::path(
    operation_id = "documents_delete",
    tag = "documents",
    params(RecordId, Terms),
    responses(Deleted)
)]
#[delete("/{id}")]
async fn delete(caller: Caller) -> Result<HttpResponse, Problem> {
    let id = caller.id("document")?;
    let documents = caller.shared.files.documents.clone();
    caller
        .change(&[], answer::gone, move |_, call| documents.delete(call, id))
        .await
}

/// Restores a deleted document.
#[utoipa::path(
    operation_id = "documents_restore",
    tag = "documents",
    params(RecordId, Terms),
    responses(Changed<DocumentView>)
)]
#[post("/{id}/restore")]
async fn restore(caller: Caller, body: Body<Nothing>) -> Result<HttpResponse, Problem> {
    let id = caller.id("document")?;
    nothing::expected(&body)?;
    let documents = caller.shared.files.documents.clone();
    caller
        .change(body.bytes(), present, move |_, call| {
            documents.restore(call, id)
        })
        .await
}

/// Says that a document must not go, deleted or not.
///
/// Neither its own dates nor anybody's deletion removes it until it is released.
#[utoipa::path(
    operation_id = "documents_hold",
    tag = "documents",
    params(RecordId, Terms),
    request_body = HoldDocumentBody,
    responses(Changed<DocumentView>)
)]
#[post("/{id}/hold")]
async fn hold(caller: Caller, body: Body<HoldDocumentBody>) -> Result<HttpResponse, Problem> {
    let id = caller.id("document")?;
    let reason = body.parse()?.command()?;
    let documents = caller.shared.files.documents.clone();
    caller
        .change(body.bytes(), present, move |_, call| {
            documents.hold(call, id, reason)
        })
        .await
}

/// Says that a document may go again.
#[utoipa::path(
    operation_id = "documents_release",
    tag = "documents",
    params(RecordId, Terms),
    responses(Changed<DocumentView>)
)]
#[post("/{id}/release")]
async fn release(caller: Caller, body: Body<Nothing>) -> Result<HttpResponse, Problem> {
    let id = caller.id("document")?;
    nothing::expected(&body)?;
    let documents = caller.shared.files.documents.clone();
    caller
        .change(body.bytes(), present, move |_, call| {
            documents.release(call, id)
        })
        .await
}

/// Lists the versions of a document, newest first: 100 at most, on one page.
#[utoipa::path(
    operation_id = "documents_versions",
    tag = "documents",
    params(RecordId),
    responses(ListedBelow<DocumentFileView>)
)]
#[get("/{id}/versions")]
async fn versions(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let id = caller.id("document")?;
    let documents = caller.shared.files.documents.clone();
    let found = caller
        .read(move |_, call| documents.versions(call, id))
        .await?;
    let items: Vec<_> = found.iter().map(DocumentFileView::from).collect();
    Ok(answer::json(&PageView {
        items,
        next_cursor: None,
        total: None,
    }))
}

type Asked = (RecordRef, DocumentFilter, PageRequest<DocumentSort>);

fn wanted(mut query: Query) -> Result<Asked, Problem> {
    let kind = query.needed("record_type", RecordType::parse);
    let id = query.needed("record_id", Id::<Document>::parse);
    let category = |text: &str| Category::parse(text, &Category::ALL);
    let filter = DocumentFilter {
        categories: query.optional("category", category).into_iter().collect(),
        tag: query.optional("tag", Tag::parse),
        kind: query.optional("media_type", FileKind::parse),
        sha256: query.optional("sha256", Sha256::parse),
        search: query.optional("q", words),
    };
    let usual = (("created_at", DocumentSort::Created), Direction::Descending);
    let page = paging::page(&mut query, ORDERS, usual);
    let record = kind
        .zip(id)
        .map(|(kind, id)| RecordRef::of(kind, id.uuid()));
    let record = query.finish(record)?;
    let record = record.ok_or_else(|| Problem::not_found("record"))?;
    Ok((record, filter, page))
}

fn present(rendering: &Rendering, document: &Document) -> StoredAnswer {
    let view = DocumentView::shown(rendering, document);
    answer::ok(&view, Some(document.version))
}

/// The parameters of the list, for the document.
struct Wanted(());
/// The type of record whose categories are asked for, for the document.
struct OfType(());
/// `200` with categories.
struct Categories(());

impl utoipa::IntoResponses for Categories {
    fn responses() -> docs::Responses {
        let answer = docs::shows::<DocumentCategoriesView>("Those that the caller may see.");
        docs::with_problems("200", answer, &[400, 401, 403, 503])
    }
}

fn record_type() -> Parameter {
    let words = "The type of the record.";
    docs::needed(
        "record_type",
        docs::reference::<DocumentRecordTypeName>(),
        words,
    )
}

impl utoipa::IntoParams for OfType {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![record_type()]
    }
}

impl utoipa::IntoParams for Wanted {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let digest = docs::text().pattern(Some("^[0-9A-Fa-f]{64}$"));
        let category = docs::reference::<DocumentCategoryName>();
        let media_type = docs::reference::<DocumentMediaTypeName>();
        let tag = docs::text().max_length(Some(50)).pattern(Some(r"\S"));
        let mut parameters = vec![
            record_type(),
            docs::needed("record_id", docs::uuid(), "The record."),
            docs::query("category", category, "Only of this category."),
            docs::query("tag", tag, "Only with this tag."),
            docs::query("media_type", media_type, "Only of this type."),
            docs::query("sha256", digest, "Only with this content."),
            docs::words("Words of name, title, description or tags, anywhere in them."),
        ];
        parameters.extend(docs::list(ORDERS, "-created_at"));
        parameters
    }
}
