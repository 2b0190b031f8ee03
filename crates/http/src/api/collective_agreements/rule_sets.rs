//! The versions of an agreement's rules.

mod bodies;
mod views;

use actix_web::{HttpResponse, get, post};
use unionhall_application::{
    RuleSetSort, StoredAnswer,
    collective_agreements::{AgreementError, RuleSetAdded},
    pages::{Direction, PageRequest},
};
use unionhall_domain::version::Version;
use utoipa::openapi::{
    ObjectBuilder, Type,
    path::{Parameter, ParameterIn},
};

use self::{bodies::AddRuleSetBody, views::RuleSetView};
use super::super::{
    docs::{self, Added, Listed, Record, RecordId, Terms},
    routes::Routes,
};
use crate::{
    BASE,
    web::{
        answer::{self, Rendering},
        body::Body,
        caller::Caller,
        paging::{self, Named},
        problem::Problem,
        query::Query,
    },
};

/// What a list can be sorted by.
const ORDERS: &[Named<RuleSetSort>] = &[("version", RuleSetSort::Version)];

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .schema::<RuleSetView<'_>>()
        .add(list)
        .add(add)
        .add(find);
}

/// Adds the next version of an agreement's rules.
///
/// A version is never changed, only followed by another one. Grievances that were filed before keep theirs, and no
/// deadline moves. `If-Match` is about the agreement.
#[utoipa::path(
    operation_id = "agreements_add_rule_set",
    tag = "agreements",
    params(RecordId, Terms),
    request_body = AddRuleSetBody,
    responses(Added<RuleSetView>)
)]
#[post("/{id}/rule-sets")]
async fn add(caller: Caller, body: Body<AddRuleSetBody>) -> Result<HttpResponse, Problem> {
    let id = caller.id("agreement")?;
    let wanted = body.parse()?.command()?;
    caller
        .change(body.bytes(), added, move |application, call| {
            let agreements = &application.collective_agreements;
            agreements.add_rule_set(call, id, wanted)
        })
        .await
}

/// Lists the versions of an agreement's rules.
#[utoipa::path(
    operation_id = "agreements_rule_sets",
    tag = "agreements",
    params(RecordId, Wanted),
    responses(OfAgreement)
)]
#[get("/{id}/rule-sets")]
async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    let page = wanted(caller.query())?;
    let id = caller.id("agreement")?;
    let body = caller
        .look(move |application, call| {
            let agreements = &application.collective_agreements;
            let found = agreements.rule_sets(call, id, &page)?;
            let view = paging::view::<_, _, RuleSetView<'_>>(&found, ORDERS, &page);
            Ok::<_, AgreementError>(answer::bytes(&view))
        })
        .await?;
    Ok(answer::made(body))
}

/// Reads a version of an agreement's rules.
#[utoipa::path(
    operation_id = "agreements_rule_set",
    tag = "agreements",
    params(RecordId, NumberOfVersion),
    responses(Record<RuleSetView>)
)]
#[get("/{id}/rule-sets/{version}")]
async fn find(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let id = caller.id("agreement")?;
    let version = version(&caller).ok_or_else(|| Problem::not_found("agreement"))?;
    let found = caller
        .look(move |application, call| {
            let agreements = &application.collective_agreements;
            agreements.rule_set(call, id, version)
        })
        .await?;
    Ok(answer::record(&RuleSetView::from(&found), found.version()))
}

/// The version that the path names.
pub(crate) fn version(caller: &Caller) -> Option<Version> {
    let number = caller.segment("version").parse().ok()?;
    Version::new(number)
}

fn wanted(mut query: Query) -> Result<PageRequest<RuleSetSort>, Problem> {
    let usual = (("version", RuleSetSort::Version), Direction::Ascending);
    let page = paging::page(&mut query, ORDERS, usual);
    query.finish(page)
}

fn added(_: &Rendering, added: &RuleSetAdded) -> StoredAnswer {
    let RuleSetAdded { rules, agreement } = added;
    let (id, version) = (agreement.id, rules.version().get());
    let place = format!("{BASE}/agreements/{id}/rule-sets/{version}");
    answer::created(&RuleSetView::from(rules), place, agreement.version)
}

/// The parameters of the list, for the document.
struct Wanted(());

impl utoipa::IntoParams for Wanted {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        docs::list(ORDERS, "version")
    }
}

/// The number of a version, in the path.
pub(crate) struct NumberOfVersion(());

impl utoipa::IntoParams for NumberOfVersion {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let number = ObjectBuilder::new()
            .schema_type(Type::Integer)
            .minimum(Some(1));
        vec![docs::path(
            "version",
            number,
            "Which version, counted from 1.",
        )]
    }
}

/// The answers of the list, for the document.
struct OfAgreement(());

impl utoipa::IntoResponses for OfAgreement {
    fn responses() -> docs::Responses {
        let mut responses = Listed::<RuleSetView<'_>>::responses();
        responses.extend(docs::problems(&[404]));
        responses
    }
}
