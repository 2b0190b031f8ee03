//! The users of a tenant over HTTP, and what each role may do.

pub(super) mod bodies;
pub(super) mod views;

use actix_web::{HttpResponse, delete, get, post, put};
use serde_json::Value;
use unionhall_application::{
    Application, StoredAnswer, UserFilter, UserSort,
    call::Call,
    pages::{Direction, Page, PageRequest},
    permissions::Permission,
    users::UserError,
};
use unionhall_domain::{
    audit::Target,
    roles::Role,
    users::places::{Place, PlaceState},
};
use utoipa::openapi::path::{Parameter, ParameterIn};

use self::{
    bodies::{LinkMemberBody, SetRolesBody, SuspendBody},
    views::{ColleagueView, PermissionsView, UserView},
};
use super::{
    choices::{PlaceStateName, RoleName},
    docs::{self, Changed, Deleted, Listed, Record, RecordId, Terms},
    exports::{ExportOf, File},
    nothing::{self, Nothing},
    routes::Routes,
};
use crate::web::{
    answer::{self, Rendering},
    body::Body,
    caller::Caller,
    exports::{Asked, Exported, rows},
    paging::{self, Named},
    problem::Problem,
    query::{Query, words},
};

/// What a list can be sorted by.
const ORDERS: &[Named<UserSort>] = &[
    ("name", UserSort::Name),
    ("email", UserSort::Email),
    ("joined_at", UserSort::Joined),
];

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .schema::<UserView<'_>>()
        .schema::<PermissionsView>()
        .add(list)
        .add(export)
        .add(find)
        .add(remove)
        .add(set_roles)
        .add(suspend)
        .add(reactivate)
        .add(restore)
        .add(link_member)
        .add(unlink_member)
        .add(permissions);
}

/// Lists the users of the tenant.
///
/// Who may not manage users sees those who are active, with their names, addresses and roles. Removed users are listed
/// with `state=removed` alone.
#[utoipa::path(
    operation_id = "users_list",
    tag = "users",
    params(Wanted),
    responses(Listed<UserView>)
)]
#[get("/users")]
async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    let (filter, page) = wanted(caller.query())?;
    let body = caller
        .look(move |application, call| {
            let found = application.users.list(call, filter, &page)?;
            let body = if call.actor.may(Permission::UsersManage) {
                answer::bytes(&paging::view::<_, _, UserView<'_>>(&found, ORDERS, &page))
            } else {
                answer::bytes(&paging::view::<_, _, ColleagueView<'_>>(
                    &found, ORDERS, &page,
                ))
            };
            Ok::<_, UserError>(body)
        })
        .await?;
    Ok(answer::made(body))
}

/// Exports the users of the tenant.
///
/// The file has every row that the list would show the caller, page by page, and a column for each of its fields;
/// what is shown to those alone who manage users is empty for others.
#[utoipa::path(
    operation_id = "users_export",
    tag = "users",
    params(ExportOf<Wanted>),
    responses(File)
)]
#[get("/users/export")]
async fn export(caller: Caller) -> Result<HttpResponse, Problem> {
    let mut query = caller.query();
    let asked = Asked::from(&mut query);
    let (filter, page) = wanted(query)?;
    let exported = Exported("users", Target::User);
    let read = move |application: &Application, call: &Call, page: &_| {
        let found = application.users.list(call, filter.clone(), page)?;
        Ok::<_, UserError>(exported_rows(call, &found))
    };
    caller
        .export::<UserView<'_>, _, _, _>(exported, asked, page, read)
        .await
}

/// Reads a user.
///
/// Who may not manage users sees name, address and roles of those who are active.
#[utoipa::path(
    operation_id = "users_find",
    tag = "users",
    params(RecordId),
    responses(Record<UserView>)
)]
#[get("/users/{id}")]
async fn find(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let id = caller.id("user")?;
    let found = caller
        .look(move |application, call| application.users.find(call, id))
        .await?;
    let shown = present(&caller.rendering(), &found);
    Ok(answer::fresh(&shown, false))
}

/// Removes a user from the tenant.
///
/// Their sessions there end, and they are no union member's user any more. They can be restored; in other tenants
/// nothing changes. Nobody removes themselves, somebody with a role above their own, or the last owner.
#[utoipa::path(
    operation_id = "users_remove",
    tag = "users",
    params(RecordId, Terms),
    responses(Deleted)
)]
#[delete("/users/{id}")]
async fn remove(caller: Caller) -> Result<HttpResponse, Problem> {
    let id = caller.id("user")?;
    let answer = caller
        .change(&[], answer::gone, move |application, call| {
            application.users.remove(call, id)
        })
        .await?;
    Ok(at_once(&caller, answer))
}

/// Sets the roles of a user.
///
/// The user holds these roles and no others, each for good or until it expires. Nobody changes their own roles, and
/// nobody gives, takes or prolongs a role above their highest.
#[utoipa::path(
    operation_id = "users_set_roles",
    tag = "users",
    params(RecordId, Terms),
    request_body = SetRolesBody,
    responses(Changed<UserView>)
)]
#[put("/users/{id}/roles")]
async fn set_roles(caller: Caller, body: Body<SetRolesBody>) -> Result<HttpResponse, Problem> {
    let id = caller.id("user")?;
    let roles = body.parse()?.command()?;
    let answer = caller
        .change(body.bytes(), present, move |application, call| {
            application.users.set_roles(call, id, roles)
        })
        .await?;
    Ok(at_once(&caller, answer))
}

/// Suspends a user.
///
/// Their sessions in the tenant end, and they cannot sign in to it until they are reactivated.
#[utoipa::path(
    operation_id = "users_suspend",
    tag = "users",
    params(RecordId, Terms),
    request_body = SuspendBody,
    responses(Changed<UserView>)
)]
#[post("/users/{id}/suspend")]
async fn suspend(caller: Caller, body: Body<SuspendBody>) -> Result<HttpResponse, Problem> {
    let id = caller.id("user")?;
    let reason = body.parse()?.command()?;
    let answer = caller
        .change(body.bytes(), present, move |application, call| {
            application.users.suspend(call, id, reason)
        })
        .await?;
    Ok(at_once(&caller, answer))
}

/// Reactivates a suspended user.
#[utoipa::path(
    operation_id = "users_reactivate",
    tag = "users",
    params(RecordId, Terms),
    responses(Changed<UserView>)
)]
#[post("/users/{id}/reactivate")]
async fn reactivate(caller: Caller, body: Body<Nothing>) -> Result<HttpResponse, Problem> {
    let id = caller.id("user")?;
    nothing::expected(&body)?;
    let answer = caller
        .change(body.bytes(), present, move |application, call| {
            application.users.reactivate(call, id)
        })
        .await?;
    Ok(at_once(&caller, answer))
}

/// Restores a removed user.
///
/// They hold the roles again that they held and that have not expired.
#[utoipa::path(
    operation_id = "users_restore",
    tag = "users",
    params(RecordId, Terms),
    responses(Changed<UserView>)
)]
#[post("/users/{id}/restore")]
async fn restore(caller: Caller, body: Body<Nothing>) -> Result<HttpResponse, Problem> {
    let id = caller.id("user")?;
    nothing::expected(&body)?;
    let answer = caller
        .change(body.bytes(), present, move |application, call| {
            application.users.restore(call, id)
        })
        .await?;
    Ok(at_once(&caller, answer))
}

/// Links a user to a union member.
///
/// The user may then see that member's record and cases. A member is one user at most.
#[utoipa::path(
    operation_id = "users_link_member",
    tag = "users",
    params(RecordId, Terms),
    request_body = LinkMemberBody,
    responses(Changed<UserView>)
)]
#[put("/users/{id}/member")]
async fn link_member(caller: Caller, body: Body<LinkMemberBody>) -> Result<HttpResponse, Problem> {
    let id = caller.id("user")?;
    let member = body.parse()?.command()?;
    let answer = caller
        .change(body.bytes(), present, move |application, call| {
            application.users.link_member(call, id, Some(member))
        })
        .await?;
    Ok(at_once(&caller, answer))
}

/// Ends the link of a user to a union member.
#[utoipa::path(
    operation_id = "users_unlink_member",
    tag = "users",
    params(RecordId, Terms),
    responses(Changed<UserView>)
)]
#[delete("/users/{id}/member")]
async fn unlink_member(caller: Caller) -> Result<HttpResponse, Problem> {
    let id = caller.id("user")?;
    let answer = caller
        .change(&[], present, move |application, call| {
            application.users.link_member(call, id, None)
        })
        .await?;
    Ok(at_once(&caller, answer))
}

/// Lists what each role may do.
#[utoipa::path(operation_id = "users_permissions", tag = "users", responses(Matrix))]
#[get("/permissions")]
async fn permissions(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    Ok(answer::json(&PermissionsView::whole()))
}

/// The answer to a change, which counts on this instance from now on and elsewhere within seconds.
fn at_once(caller: &Caller, answer: HttpResponse) -> HttpResponse {
    caller.shared.authenticator.forget();
    answer
}

fn wanted(mut query: Query) -> Result<(UserFilter, PageRequest<UserSort>), Problem> {
    let filter = UserFilter {
        state: query.optional("state", PlaceState::parse),
        role: query.optional("role", Role::parse),
        search: query.optional("q", words),
    };
    let usual = (("name", UserSort::Name), Direction::Ascending);
    let page = paging::page(&mut query, ORDERS, usual);
    query.finish((filter, page))
}

/// The rows of an export, each as the caller may see it.
fn exported_rows(call: &Call, found: &Page<Place>) -> Page<Value> {
    if call.actor.may(Permission::UsersManage) {
        rows::<_, UserView<'_>>(found)
    } else {
        rows::<_, ColleagueView<'_>>(found)
    }
}

fn present(rendering: &Rendering, place: &Place) -> StoredAnswer {
    let version = Some(place.version);
    if rendering.actor.may(Permission::UsersManage) {
        let users = &rendering.application.users;
        let actions = users.allowed_actions(&rendering.actor, place);
        answer::ok(&UserView::from(place).allowing(actions), version)
    } else {
        answer::ok(&ColleagueView::from(place), version)
    }
}

/// The parameters of the list, for the document.
struct Wanted(());
/// `200` with the matrix.
struct Matrix(());

impl utoipa::IntoParams for Wanted {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let state = docs::reference::<PlaceStateName>();
        let role = docs::reference::<RoleName>();
        let mut parameters = vec![
            docs::query(
                "state",
                state,
                "Only in this state; all but the removed when nothing is said.",
            ),
            docs::query("role", role, "Only who hold this role now."),
            docs::words("Words in name or e-mail address."),
        ];
        parameters.extend(docs::list(ORDERS, "name"));
        parameters
    }
}

impl utoipa::IntoResponses for Matrix {
    fn responses() -> docs::Responses {
        let answer = docs::shows::<PermissionsView>("What each role may do.");
        docs::with_problems("200", answer, &[400, 401, 503])
    }
}
