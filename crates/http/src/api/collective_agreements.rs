//! Collective agreements over HTTP.

mod bodies;
mod rule_sets;
mod views;

use actix_web::{HttpResponse, delete, get, patch, post};
use unionhall_application::{
    AgreementFilter, AgreementSort, Application, StoredAnswer,
    call::Call,
    collective_agreements::AgreementError,
    pages::{Direction, PageRequest},
};
use unionhall_domain::{audit::Target, collective_agreements::CollectiveAgreement, ids::Id};
use utoipa::openapi::path::{Parameter, ParameterIn};

pub(super) use rule_sets::{NumberOfVersion, version};

use self::{
    bodies::{ChangeAgreementBody, CreateAgreementBody},
    views::AgreementView,
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
        exports::{self as files, Exported, rows},
        fields::date,
        paging::{self, Named},
        problem::Problem,
        query::Query,
    },
};

/// What a list can be sorted by.
const ORDERS: &[Named<AgreementSort>] = &[
    ("name", AgreementSort::Name),
    ("effective_from", AgreementSort::EffectiveFrom),
];

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .schema::<AgreementView<'_>>()
        .add(list)
        .add(create)
        .add(export)
        .add(find)
        .add(update)
        .add(delete)
        .add(restore);
    rule_sets::routes(routes);
}

/// Describes an agreement: its parties, its days and its articles. Its rules are added as versions of their own.
#[utoipa::path(
    operation_id = "agreements_create",
    tag = "agreements",
    params(NewTerms),
    request_body = CreateAgreementBody,
    responses(Created<AgreementView>)
)]
#[post("")]
async fn create(caller: Caller, body: Body<CreateAgreementBody>) -> Result<HttpResponse, Problem> {
    let terms = body.parse()?.command()?;
    caller
        .change(body.bytes(), created, |application, call| {
            application.collective_agreements.create(call, terms)
        })
        .await
}

/// Lists agreements, without the words of their articles.
#[utoipa::path(
    operation_id = "agreements_list",
    tag = "agreements",
    params(Wanted),
    responses(Listed<AgreementView>)
)]
#[get("")]
async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    let (filter, page) = wanted(caller.query())?;
    let body = caller
        .look(move |application, call| {
            let agreements = &application.collective_agreements;
            let found = agreements.list(call, &filter, &page)?;
            let view = paging::view::<_, _, AgreementView<'_>>(&found, ORDERS, &page);
            Ok::<_, AgreementError>(answer::bytes(&view))
        })
        .await?;
    Ok(answer::made(body))
}

/// Exports agreements, without the words of their articles.
///
/// The file has every row that the list would show the caller, page by page, and a column for each of its fields.
#[utoipa::path(
    operation_id = "agreements_export",
    tag = "agreements",
    params(ExportOf<Wanted>),
    responses(File)
)]
#[get("/export")]
async fn export(caller: Caller) -> Result<HttpResponse, Problem> {
    let mut query = caller.query();
    let asked = files::Asked::from(&mut query);
    let (filter, page) = wanted(query)?;
    let exported = Exported("agreements", Target::CollectiveAgreement);
    let read = move |application: &Application, call: &Call, page: &_| {
        let found = application
            .collective_agreements
            .list(call, &filter, page)?;
        Ok::<_, AgreementError>(rows::<_, AgreementView<'_>>(&found))
    };
    caller
        .export::<AgreementView<'_>, _, _, _>(exported, asked, page, read)
        .await
}

/// Reads an agreement.
#[utoipa::path(
    operation_id = "agreements_find",
    tag = "agreements",
    params(RecordId),
    responses(Record<AgreementView>)
)]
#[get("/{id}")]
async fn find(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let id = caller.id("agreement")?;
    let found = caller
        .look(move |application, call| application.collective_agreements.find(call, id))
        .await?;
    Ok(answer::record(&AgreementView::from(&found), found.version))
}

/// Changes an agreement.
///
/// Fields that are not named stay as they are; parties and articles are given all or not at all. Versions of the
/// rules stay as they are, and no deadline moves.
#[utoipa::path(
    operation_id = "agreements_update",
    tag = "agreements",
    params(RecordId, Terms),
    request_body = ChangeAgreementBody,
    responses(Changed<AgreementView>)
)]
#[patch("/{id}")]
async fn update(caller: Caller, body: Body<ChangeAgreementBody>) -> Result<HttpResponse, Problem> {
    let id = caller.id("agreement")?;
    let wanted = body.parse()?.command()?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application.collective_agreements.update(call, id, wanted)
        })
        .await
}

/// Deletes an agreement.
///
/// It can be restored.
#[utoipa::path(
    operation_id = "agreements_delete",
    tag = "agreements",
    params(RecordId, Terms),
    responses(Deleted)
)]
#[delete("/{id}")]
async fn delete(caller: Caller) -> Result<HttpResponse, Problem> {
    let id = caller.id("agreement")?;
    caller
        .change(&[], answer::gone, move |application, call| {
            application.collective_agreements.delete(call, id)
        })
        .await
}

/// Restores a deleted agreement.
#[utoipa::path(
    operation_id = "agreements_restore",
    tag = "agreements",
    params(RecordId, Terms),
    responses(Changed<AgreementView>)
)]
#[post("/{id}/restore")]
async fn restore(caller: Caller, body: Body<Nothing>) -> Result<HttpResponse, Problem> {
    let id = caller.id("agreement")?;
    nothing::expected(&body)?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application.collective_agreements.restore(call, id)
        })
        .await
}

fn wanted(mut query: Query) -> Result<(AgreementFilter, PageRequest<AgreementSort>), Problem> {
    let filter = AgreementFilter {
        organization: query.optional("organization_id", Id::parse),
        in_force_on: query.optional("in_force_on", date),
    };
    let usual = (("name", AgreementSort::Name), Direction::Ascending);
    let page = paging::page(&mut query, ORDERS, usual);
    query.finish((filter, page))
}

fn present(_: &Rendering, agreement: &CollectiveAgreement) -> StoredAnswer {
    answer::ok(&AgreementView::from(agreement), Some(agreement.version))
}

fn created(_: &Rendering, agreement: &CollectiveAgreement) -> StoredAnswer {
    let place = format!("{BASE}/agreements/{}", agreement.id);
    answer::created(&AgreementView::from(agreement), place, agreement.version)
}

/// The parameters of the list, for the document.
struct Wanted(());

impl utoipa::IntoParams for Wanted {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let mut parameters = vec![
            docs::query(
                "organization_id",
                docs::uuid(),
                "Only those that this organization is a party of.",
            ),
            docs::query(
                "in_force_on",
                docs::formatted("date"),
                "Only those that are in force on this day.",
            ),
        ];
        parameters.extend(docs::list(ORDERS, "name"));
        parameters
    }
}
