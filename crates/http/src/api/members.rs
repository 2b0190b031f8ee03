//! Members over HTTP.

mod batches;
mod bodies;
mod import;
mod views;

use actix_web::{HttpResponse, delete, get, patch, post};
use unionhall_application::{
    Application, MemberFilter, MemberSort, StoredAnswer,
    call::Call,
    members::MemberError,
    pages::{Direction, PageRequest},
};
use unionhall_domain::{
    audit::Target,
    members::{Member, MemberClassification, MemberNumber, MemberStatus},
};
use utoipa::openapi::path::{Parameter, ParameterIn};

use self::{
    bodies::{ChangeMemberBody, CreateMemberBody},
    views::MemberView,
};
use super::{
    choices::{MemberClassificationName, MemberStatusName},
    docs::{self, Changed, Created, Deleted, Listed, NewTerms, Record, RecordId, Terms},
    exports::{ExportOf, File},
    imports::ImportReportView,
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
const ORDERS: &[Named<MemberSort>] = &[
    ("name", MemberSort::Name),
    ("member_number", MemberSort::Number),
    ("created_at", MemberSort::Created),
];

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes.schema::<MemberView<'_>>().add(list).add(create);
    routes.schema::<ImportReportView<'_>>().add(import::import);
    batches::routes(routes);
    routes
        .add(export)
        .add(find_by_number)
        .add(find)
        .add(update)
        .add(delete)
        .add(restore);
}

/// Adds a member.
#[utoipa::path(
    operation_id = "members_create",
    tag = "members",
    params(NewTerms),
    request_body = CreateMemberBody,
    responses(Created<MemberView>)
)]
#[post("")]
async fn create(caller: Caller, body: Body<CreateMemberBody>) -> Result<HttpResponse, Problem> {
    let details = body.parse()?.command()?;
    caller
        .change(body.bytes(), created, |application, call| {
            application.members.create(call, details)
        })
        .await
}

/// Lists members.
///
/// Who may read only their own record finds at most that.
#[utoipa::path(
    operation_id = "members_list",
    tag = "members",
    params(Wanted),
    responses(Listed<MemberView>)
)]
#[get("")]
async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    let (filter, page) = wanted(caller.query())?;
    let body = caller
        .list(filter.search.is_some(), move |application, call| {
            let found = application.members.list(call, filter, &page)?;
            let shown =
                |found| answer::bytes(&paging::view::<_, _, MemberView<'_>>(&found, ORDERS, &page));
            Ok::<_, MemberError>(found.map(shown))
        })
        .await?;
    Ok(answer::made(body))
}

/// Exports members.
///
/// The file has every row that the list would show the caller, page by page, and a column for each of its fields.
#[utoipa::path(
    operation_id = "members_export",
    tag = "members",
    params(ExportOf<Wanted>),
    responses(File)
)]
#[get("/export")]
async fn export(caller: Caller) -> Result<HttpResponse, Problem> {
    let mut query = caller.query();
    let asked = Asked::from(&mut query);
    let (filter, page) = wanted(query)?;
    let exported = Exported("members", Target::Member);
    let read = move |application: &Application, call: &Call, page: &_| {
        let found = application.members.list(call, filter.clone(), page)?.value;
        Ok::<_, MemberError>(rows::<_, MemberView<'_>>(&found))
    };
    caller
        .export::<MemberView<'_>, _, _, _>(exported, asked, page, read)
        .await
}

/// Reads a member.
#[utoipa::path(
    operation_id = "members_find",
    tag = "members",
    params(RecordId),
    responses(Record<MemberView>)
)]
#[get("/{id}")]
async fn find(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let id = caller.id("member")?;
    let member = caller
        .read(move |application, call| application.members.find(call, id))
        .await?;
    Ok(shown(&caller, &member))
}

/// Reads a member by number.
#[utoipa::path(
    operation_id = "members_find_by_number",
    tag = "members",
    params(Number),
    responses(Record<MemberView>)
)]
#[get("/by-number/{number}")]
async fn find_by_number(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let number =
        MemberNumber::parse(caller.segment("number")).map_err(|_| Problem::not_found("member"))?;
    let member = caller
        .read(move |application, call| application.members.find_by_number(call, &number))
        .await?;
    Ok(shown(&caller, &member))
}

/// Changes a member.
///
/// Fields that are not named stay as they are; `null` clears a field.
#[utoipa::path(
    operation_id = "members_update",
    tag = "members",
    params(RecordId, Terms),
    request_body = ChangeMemberBody,
    responses(Changed<MemberView>)
)]
#[patch("/{id}")]
async fn update(caller: Caller, body: Body<ChangeMemberBody>) -> Result<HttpResponse, Problem> {
    let id = caller.id("member")?;
    let wanted = body.parse()?.command()?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application.members.update(call, id, wanted)
        })
        .await
}

/// Deletes a member.
///
/// It can be restored. A member whom grievances name is not deleted.
#[utoipa::path(
    operation_id = "members_delete",
    tag = "members",
    params(RecordId, Terms),
    responses(Deleted)
)]
#[delete("/{id}")]
async fn delete(caller: Caller) -> Result<HttpResponse, Problem> {
    let id = caller.id("member")?;
    caller
        .change(&[], answer::gone, move |application, call| {
            application.members.delete(call, id)
        })
        .await
}

/// Restores a deleted member.
#[utoipa::path(
    operation_id = "members_restore",
    tag = "members",
    params(RecordId, Terms),
    responses(Changed<MemberView>)
)]
#[post("/{id}/restore")]
async fn restore(caller: Caller, body: Body<Nothing>) -> Result<HttpResponse, Problem> {
    let id = caller.id("member")?;
    nothing::expected(&body)?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application.members.restore(call, id)
        })
        .await
}

fn wanted(mut query: Query) -> Result<(MemberFilter, PageRequest<MemberSort>), Problem> {
    let filter = MemberFilter {
        status: query.optional("status", MemberStatus::parse),
        classification: query.optional("classification", MemberClassification::parse),
        search: query.optional("q", words),
        only: None,
    };
    let usual = (("name", MemberSort::Name), Direction::Ascending);
    let page = paging::page(&mut query, ORDERS, usual);
    query.finish((filter, page))
}

fn view<'a>(rendering: &Rendering, member: &'a Member) -> MemberView<'a> {
    let members = &rendering.application.members;
    MemberView::from(member).allowing(members.allowed_actions(&rendering.actor))
}

fn shown(caller: &Caller, member: &Member) -> HttpResponse {
    answer::record(&view(&caller.rendering(), member), member.version)
}

fn present(rendering: &Rendering, member: &Member) -> StoredAnswer {
    answer::ok(&view(rendering, member), Some(member.version))
}

fn created(rendering: &Rendering, member: &Member) -> StoredAnswer {
    let place = format!("{BASE}/members/{}", member.id);
    answer::created(&view(rendering, member), place, member.version)
}

/// The parameters of the list, for the document.
struct Wanted(());
/// The number of a member in the path, for the document.
struct Number(());

impl utoipa::IntoParams for Wanted {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let status = docs::reference::<MemberStatusName>();
        let classification = docs::reference::<MemberClassificationName>();
        let mut parameters = vec![
            docs::query("status", status, "Only with this status."),
            docs::query(
                "classification",
                classification,
                "Only with this classification.",
            ),
            docs::words(
                "Words in name, number or e-mail address; names that are spelt alike when nothing matches.",
            ),
        ];
        parameters.extend(docs::list(ORDERS, "name"));
        parameters
    }
}

impl utoipa::IntoParams for Number {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let number = docs::text().min_length(Some(1)).max_length(Some(50));
        vec![docs::path("number", number, "The member's number.")]
    }
}
