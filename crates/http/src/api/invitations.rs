//! Invitations over HTTP: what the tenant does with them, and how whoever was invited answers.

mod bodies;
mod views;

use actix_web::{HttpRequest, HttpResponse, get, post, web::Data};
use unionhall_application::{
    Application, InvitationFilter, InvitationSort, StoredAnswer,
    call::Call,
    invitations::{
        Answered, InvitationError,
        answering::{Needed, Proof},
    },
    pages::{Direction, PageRequest},
    passwords::{Checked, Password},
};
use unionhall_domain::{
    audit::Target,
    invitations::{Invitation, Status},
    roles::Role,
};
use utoipa::openapi::{
    ResponseBuilder,
    path::{Parameter, ParameterIn},
};

use self::{
    bodies::{AcceptBody, InviteBody, InviteManyBody, ResendBody, ValidateBody},
    views::{AnswersView, InvitationView, TallyView, WelcomeView},
};
use super::{
    choices::{InvitationStatusName, RoleName},
    docs::{self, Changed, Created, Listed, NewTerms, Record, RecordId, Terms},
    exports::{ExportOf, File},
    nothing::{self, Nothing},
    routes::Routes,
};
use crate::{
    BASE,
    web::{
        answer::{self, Rendering},
        body::Body,
        caller::{Caller, Shared, origin, through},
        exports::{Asked, Exported, rows},
        paging::{self, Named},
        problem::Problem,
        query::{Query, words},
    },
};

/// What a list can be sorted by.
const ORDERS: &[Named<InvitationSort>] = &[
    ("created_at", InvitationSort::Created),
    ("email", InvitationSort::Email),
    ("expires_at", InvitationSort::Expiry),
];

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .schema::<InvitationView<'_>>()
        .schema::<WelcomeView<'_>>()
        .schema::<AnswersView<'_>>()
        .schema::<TallyView>()
        .add(list)
        .add(send)
        .add(send_many)
        .add(export)
        .add(statistics)
        .add(find)
        .add(resend)
        .add(cancel)
        .add_open(validate)
        .add_open(accept);
}

/// Lists the invitations of the tenant.
///
/// One that waits counts as expired from the instant at which it runs out.
#[utoipa::path(
    operation_id = "invitations_list",
    tag = "invitations",
    params(Wanted),
    responses(Listed<InvitationView>)
)]
#[get("/invitations")]
async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    let (filter, page) = wanted(caller.query())?;
    let body = caller
        .look(move |application, call| {
            let found = application.invitations.list(call, &filter, &page)?;
            let view = paging::view::<_, _, InvitationView<'_>>(&found, ORDERS, &page);
            Ok::<_, InvitationError>(answer::bytes(&view))
        })
        .await?;
    Ok(answer::made(body))
}

/// Exports the invitations of the tenant.
///
/// The file has every row that the list would show the caller, page by page, and a column for each of its fields.
#[utoipa::path(
    operation_id = "invitations_export",
    tag = "invitations",
    params(ExportOf<Wanted>),
    responses(File)
)]
#[get("/invitations/export")]
async fn export(caller: Caller) -> Result<HttpResponse, Problem> {
    let mut query = caller.query();
    let asked = Asked::from(&mut query);
    let (filter, page) = wanted(query)?;
    let exported = Exported("invitations", Target::Invitation);
    let read = move |application: &Application, call: &Call, page: &_| {
        let found = application.invitations.list(call, &filter, page)?;
        Ok::<_, InvitationError>(rows::<_, InvitationView<'_>>(&found))
    };
    caller
        .export::<InvitationView<'_>, _, _, _>(exported, asked, page, read)
        .await
}

/// Invites somebody to the tenant.
///
/// They are mailed a link with which they accept, once, until the invitation runs out: with a new account, or with the
/// one that they have. Nobody invites to a role above their own highest. Whether somebody has an account elsewhere is
/// told to nobody; a user of this tenant, and an address where an invitation waits, are refused with `409`.
#[utoipa::path(
    operation_id = "invitations_send",
    tag = "invitations",
    params(NewTerms),
    request_body = InviteBody,
    responses(Created<InvitationView>)
)]
#[post("/invitations")]
async fn send(caller: Caller, body: Body<InviteBody>) -> Result<HttpResponse, Problem> {
    let new = body.parse()?.command()?;
    let render = |rendering: &Rendering, sent: &Invitation| {
        let location = format!("{BASE}/invitations/{}", sent.id);
        answer::created(&shown(rendering, sent), location, sent.version)
    };
    caller
        .change(body.bytes(), render, move |application, call| {
            application.invitations.send(call, &new)
        })
        .await
}

/// Invites several people at once.
///
/// 1 to 50 of them, with an answer for each in the same order: what speaks against one keeps no other from being
/// invited. A body with wrong fields is refused whole, and so is one to a tenant that is full.
#[utoipa::path(
    operation_id = "invitations_send_many",
    tag = "invitations",
    params(NewTerms),
    request_body = InviteManyBody,
    responses(Many)
)]
#[post("/invitations/batch")]
async fn send_many(caller: Caller, body: Body<InviteManyBody>) -> Result<HttpResponse, Problem> {
    let new = body.parse()?.command()?;
    let render = |_: &Rendering, answers: &Vec<Answered>| {
        answer::ok(&AnswersView::from(answers.as_slice()), None)
    };
    caller
        .change(body.bytes(), render, move |application, call| {
            application.invitations.send_many(call, &new)
        })
        .await
}

/// Counts the invitations of the tenant.
#[utoipa::path(
    operation_id = "invitations_statistics",
    tag = "invitations",
    responses(Counted)
)]
#[get("/invitations/statistics")]
async fn statistics(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let tally = caller
        .look(|application, call| application.invitations.statistics(call))
        .await?;
    Ok(answer::json(&TallyView::from(tally)))
}

/// Reads an invitation.
#[utoipa::path(
    operation_id = "invitations_find",
    tag = "invitations",
    params(RecordId),
    responses(Record<InvitationView>)
)]
#[get("/invitations/{id}")]
async fn find(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let id = caller.id("invitation")?;
    let found = caller
        .look(move |application, call| application.invitations.find(call, id))
        .await?;
    Ok(answer::fresh(&present(&caller.rendering(), &found), false))
}

/// Sends an invitation again.
///
/// With a new link, which ends the older one, and with more time, also after it has expired. Whoever does it answers
/// for the invitation from then on.
#[utoipa::path(
    operation_id = "invitations_resend",
    tag = "invitations",
    params(RecordId, Terms),
    request_body = ResendBody,
    responses(Changed<InvitationView>)
)]
#[post("/invitations/{id}/resend")]
async fn resend(caller: Caller, body: Body<ResendBody>) -> Result<HttpResponse, Problem> {
    let id = caller.id("invitation")?;
    let valid_for = body.parse_if_any()?.command()?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application.invitations.resend(call, id, valid_for)
        })
        .await
}

/// Takes an invitation back.
///
/// Its link counts no more. Whoever was invited is not told.
#[utoipa::path(
    operation_id = "invitations_cancel",
    tag = "invitations",
    params(RecordId, Terms),
    responses(Changed<InvitationView>)
)]
#[post("/invitations/{id}/cancel")]
async fn cancel(caller: Caller, body: Body<Nothing>) -> Result<HttpResponse, Problem> {
    let id = caller.id("invitation")?;
    nothing::expected(&body)?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application.invitations.cancel(call, id)
        })
        .await
}

/// Tells what an invitation says, to whoever has its token.
///
/// Every token that does not count is answered alike, whether it was made up, used, replaced, taken back or has run
/// out, or whoever sent it may not invite any more.
#[utoipa::path(
    operation_id = "auth_validate_invitation",
    tag = "auth",
    request_body = ValidateBody,
    responses(Shown)
)]
#[post("/auth/invitations/validate")]
async fn validate(
    request: HttpRequest,
    shared: Data<Shared>,
    body: Body<ValidateBody>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request).finish(())?;
    let token = body.parse()?.command()?;
    let invitations = shared.application.invitations.clone();
    let work = move || invitations.validate(&token);
    let welcome = through(&request, &shared.gate, work).await?;
    Ok(answer::json(&WelcomeView::from(&welcome)))
}

/// Accepts an invitation.
///
/// With a new account in the names and with the password that are given; its address counts as verified, because the
/// link went there. If the address has an account already, the password is that account's, and names are left as they
/// are there; a wrong one counts like one at sign-in. Nobody is signed in by this. Refused with `403` when an account
/// would be needed and the installation makes none, and when the tenant can change nothing; with `409` for users of the
/// tenant, and when it is full.
#[utoipa::path(
    operation_id = "auth_accept_invitation",
    tag = "auth",
    request_body = AcceptBody,
    responses(Accepted)
)]
#[post("/auth/invitations/accept")]
async fn accept(
    request: HttpRequest,
    shared: Data<Shared>,
    body: Body<AcceptBody>,
) -> Result<HttpResponse, Problem> {
    Query::of(&request).finish(())?;
    let (token, names, password) = body.parse()?.command()?;
    let invitations = shared.application.invitations.clone();
    let (shown, wanted) = (token.clone(), password.clone());
    let work = move || invitations.begin(&shown, &names, &wanted);
    let needed = through(&request, &shared.gate, work).await?;
    let proof = proven(&shared, needed, password).await?;
    let (invitations, origin) = (shared.application.invitations.clone(), origin(&request));
    let work = move || invitations.accept(&token, &proof, &origin);
    through(&request, &shared.gate, work).await?;
    shared.authenticator.forget();
    Ok(HttpResponse::NoContent().finish())
}

/// Does with a password what is needed.
async fn proven(shared: &Shared, needed: Needed, password: Password) -> Result<Proof, Problem> {
    match needed {
        Needed::Check(against) => {
            let hasher = &shared.passwords;
            let matched = hasher.check(password, Some(against.clone())).await?;
            Ok(Proof::Checked(Checked { against, matched }))
        }
        Needed::Hash {
            first_name,
            last_name,
        } => Ok(Proof::Hashed {
            hash: shared.passwords.hash(password).await?,
            first_name,
            last_name,
        }),
    }
}

fn wanted(mut query: Query) -> Result<(InvitationFilter, PageRequest<InvitationSort>), Problem> {
    let filter = InvitationFilter {
        status: query.optional("status", Status::parse),
        role: query.optional("role", Role::parse),
        search: query.optional("q", words),
    };
    let usual = (
        ("created_at", InvitationSort::Created),
        Direction::Descending,
    );
    let page = paging::page(&mut query, ORDERS, usual);
    query.finish((filter, page))
}

fn shown<'a>(rendering: &Rendering, invitation: &'a Invitation) -> InvitationView<'a> {
    let invitations = &rendering.application.invitations;
    let actions = invitations.allowed_actions(&rendering.actor, invitation);
    InvitationView::from(invitation).allowing(actions)
}

fn present(rendering: &Rendering, invitation: &Invitation) -> StoredAnswer {
    answer::ok(&shown(rendering, invitation), Some(invitation.version))
}

/// The parameters of the list, for the document.
struct Wanted(());
/// `200` with an answer for each.
struct Many(());
/// `200` with the counts.
struct Counted(());
/// `200` with what an invitation says.
struct Shown(());
/// `204`: whoever accepted has a place in the tenant.
struct Accepted(());

impl utoipa::IntoParams for Wanted {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let status = docs::reference::<InvitationStatusName>();
        let role = docs::reference::<RoleName>();
        let mut parameters = vec![
            docs::query("status", status, "Only those that stand so now."),
            docs::query("role", role, "Only those to this role, among others."),
            docs::words("Words in name or e-mail address."),
        ];
        parameters.extend(docs::list(ORDERS, "-created_at"));
        parameters
    }
}

impl utoipa::IntoResponses for Many {
    fn responses() -> docs::Responses {
        let answer = docs::changed(docs::shows::<AnswersView<'_>>("An answer for each."));
        docs::with_problems("200", answer, &[400, 401, 403, 409, 413, 415, 422, 503])
    }
}

impl utoipa::IntoResponses for Counted {
    fn responses() -> docs::Responses {
        let answer = docs::shows::<TallyView>("How many stand how.");
        docs::with_problems("200", answer, &[400, 401, 403, 503])
    }
}

impl utoipa::IntoResponses for Shown {
    fn responses() -> docs::Responses {
        let answer = docs::shows::<WelcomeView<'_>>("What the invitation says.");
        docs::with_problems("200", answer, &[400, 413, 415, 422, 503])
    }
}

impl utoipa::IntoResponses for Accepted {
    fn responses() -> docs::Responses {
        let answer = ResponseBuilder::new()
            .description("You have a place in the tenant; sign in with address and password.");
        docs::with_problems("204", answer, &[400, 401, 403, 409, 413, 415, 422, 503])
    }
}
