//! The benevolence fund over HTTP: applications, and in the files beside this one what hangs on them and the fund.

mod bench;
mod bodies;
mod file;
mod fund;
mod moves;
mod payments;
mod queues;
mod rules;
mod statistics;
mod views;

use actix_web::{HttpResponse, delete, get, patch, post};
use unionhall_application::{
    Application, BenevolenceFilter, BenevolenceSort, StoredAnswer,
    benevolence::{BenevolenceError, Own},
    call::Call,
    pages::{Direction, PageRequest},
};
use unionhall_domain::{
    audit::Target,
    benevolence::{BenevolenceApplication, BenevolenceNumber, Reason, Seen, State, Status},
    ids::Id,
};
use utoipa::openapi::path::{Parameter, ParameterIn};

use self::{
    bodies::{ApplyBody, ChangeApplicationBody},
    views::ApplicationView,
};
use super::{
    choices::{BenevolenceReasonName, BenevolenceStatusName},
    docs::{self, Changed, Created, Deleted, Listed, NewTerms, Record, RecordId, Terms},
    exports::{ExportOf, File},
    nothing::{self, Nothing},
    routes::Routes,
};
use crate::web::{
    answer::{self, Rendering},
    body::Body,
    caller::Caller,
    exports::{Asked, Exported, rows},
    fields::date,
    paging::{self, Named},
    problem::Problem,
    query::{Query, words},
};

/// What there is none of: an answer does not tell of which kind it was.
const THING: &str = "thing in the benevolence fund";

/// What a list can be sorted by.
const ORDERS: &[Named<BenevolenceSort>] = &[
    ("application_number", BenevolenceSort::Number),
    ("amount_requested", BenevolenceSort::Amount),
    ("since", BenevolenceSort::Since),
];

/// The routes below `/benevolence-applications`, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .schema::<ApplicationView<'_>>()
        .add(list)
        .add(apply)
        .add(export)
        .add(find_by_number);
    queues::routes(routes);
    statistics::routes(routes);
    routes.add(find).add(update).add(delete).add(restore);
    moves::routes(routes);
    file::routes(routes);
    payments::routes(routes);
}

/// The routes below `/benevolence-fund`, in the order of the document.
pub(super) fn fund_routes(routes: &mut Routes<'_, '_>) {
    fund::routes(routes);
    payments::of_the_fund::routes(routes);
    rules::routes(routes);
    bench::routes(routes);
    routes.add(payments::reverse);
}

/// Writes an application to the benevolence fund down.
///
/// It is a draft under the next number of its year, which nobody reviews before it is handed in. Who may apply only for
/// themselves applies for nobody else.
#[utoipa::path(
    operation_id = "benevolence_apply",
    tag = "benevolence",
    params(NewTerms),
    request_body = ApplyBody,
    responses(Created<ApplicationView>)
)]
#[post("")]
async fn apply(caller: Caller, body: Body<ApplyBody>) -> Result<HttpResponse, Problem> {
    let command = body.parse()?.command()?;
    caller
        .change(body.bytes(), created, |application, call| {
            application.benevolence.apply(call, command)
        })
        .await
}

/// Lists applications to the benevolence fund.
///
/// Who may read only their own finds no others, and nobody finds a draft that another member wrote for themselves: it is
/// theirs alone until they hand it in. Where the tenant shows reviewers the need before the name, whoever has a
/// seat sees `member_id`, `filed_by` and `notes` as null until they have decided, and does not find by `member_id`.
#[utoipa::path(
    operation_id = "benevolence_list",
    tag = "benevolence",
    params(Wanted),
    responses(WantedList)
)]
#[get("")]
async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    let (filter, page) = wanted(caller.query())?;
    let body = caller
        .list(filter.search.is_some(), move |application, call| {
            let found = application.benevolence.list(call, filter, &page)?;
            let shown = |found| {
                answer::bytes(&paging::view::<_, _, ApplicationView<'_>>(
                    &found, ORDERS, &page,
                ))
            };
            Ok::<_, BenevolenceError>(found.map(shown))
        })
        .await?;
    Ok(answer::made(body))
}

/// Exports applications to the benevolence fund.
///
/// The file has every row that the list would show the caller, page by page, and a column for each of its fields; what is
/// held back in the list is held back in the file.
#[utoipa::path(
    operation_id = "benevolence_export",
    tag = "benevolence",
    params(ExportOf<Wanted>),
    responses(WantedFile)
)]
#[get("/export")]
async fn export(caller: Caller) -> Result<HttpResponse, Problem> {
    let mut query = caller.query();
    let asked = Asked::from(&mut query);
    let (filter, page) = wanted(query)?;
    let exported = Exported("benevolence-applications", Target::BenevolenceApplication);
    let read = move |application: &Application, call: &Call, page: &_| {
        let found = application
            .benevolence
            .list(call, filter.clone(), page)?
            .value;
        Ok::<_, BenevolenceError>(rows::<_, ApplicationView<'_>>(&found))
    };
    caller
        .export::<ApplicationView<'_>, _, _, _>(exported, asked, page, read)
        .await
}

/// Reads an application to the benevolence fund.
#[utoipa::path(
    operation_id = "benevolence_find",
    tag = "benevolence",
    params(RecordId),
    responses(Record<ApplicationView>)
)]
#[get("/{id}")]
async fn find(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let id = caller.id(THING)?;
    let found = caller
        .read(move |application, call| application.benevolence.find(call, id))
        .await?;
    Ok(answer::fresh(&present(&caller.rendering(), &found), false))
}

/// Reads an application to the benevolence fund by number.
#[utoipa::path(
    operation_id = "benevolence_find_by_number",
    tag = "benevolence",
    params(Number),
    responses(Record<ApplicationView>)
)]
#[get("/by-number/{number}")]
async fn find_by_number(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let number = BenevolenceNumber::parse(caller.segment("number"))
        .map_err(|_| Problem::not_found(THING))?;
    let found = caller
        .read(move |application, call| application.benevolence.find_by_number(call, number))
        .await?;
    Ok(answer::fresh(&present(&caller.rendering(), &found), false))
}

/// Changes what an application asks, and the notes of the office.
///
/// What is asked is changed only while it is a draft. Fields that are not named stay as they are; `null` clears the
/// notes. Where the application stands is changed by its moves alone.
#[utoipa::path(
    operation_id = "benevolence_update",
    tag = "benevolence",
    params(RecordId, Terms),
    request_body = ChangeApplicationBody,
    responses(Changed<ApplicationView>)
)]
#[patch("/{id}")]
async fn update(
    caller: Caller,
    body: Body<ChangeApplicationBody>,
) -> Result<HttpResponse, Problem> {
    let id = caller.id(THING)?;
    let wanted = body.parse()?.command()?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application.benevolence.update(call, id, wanted)
        })
        .await
}

/// Deletes a draft.
///
/// It can be restored, and its number stays taken. What was handed in is withdrawn instead.
#[utoipa::path(
    operation_id = "benevolence_delete",
    tag = "benevolence",
    params(RecordId, Terms),
    responses(Deleted)
)]
#[delete("/{id}")]
async fn delete(caller: Caller) -> Result<HttpResponse, Problem> {
    let id = caller.id(THING)?;
    caller
        .change(&[], answer::gone, move |application, call| {
            application.benevolence.delete(call, id)
        })
        .await
}

/// Restores a deleted draft.
#[utoipa::path(
    operation_id = "benevolence_restore",
    tag = "benevolence",
    params(RecordId, Terms),
    responses(Changed<ApplicationView>)
)]
#[post("/{id}/restore")]
async fn restore(caller: Caller, body: Body<Nothing>) -> Result<HttpResponse, Problem> {
    let id = caller.id(THING)?;
    nothing::expected(&body)?;
    caller
        .change(body.bytes(), present, move |application, call| {
            application.benevolence.restore(call, id)
        })
        .await
}

fn wanted(mut query: Query) -> Result<(BenevolenceFilter, PageRequest<BenevolenceSort>), Problem> {
    let filter = BenevolenceFilter {
        status: query.optional("status", Status::parse),
        reason: query.optional("reason", Reason::parse),
        member: query.optional("member_id", Id::parse),
        // The use case says who looks.
        viewer: None,
        from: query.optional("from", date),
        until: query.optional("until", date),
        search: query.optional("q", words),
    };
    let usual = (
        ("application_number", BenevolenceSort::Number),
        Direction::Descending,
    );
    let page = paging::page(&mut query, ORDERS, usual);
    query.finish((filter, page))
}

/// What is seen of an application, with what the caller may do with it.
fn view<'a>(rendering: &Rendering, seen: &'a Seen) -> ApplicationView<'a> {
    let (state, own) = standing(rendering, seen);
    let fund = &rendering.application.benevolence;
    let actions = fund.allowed_actions(&rendering.actor, state, own);
    ApplicationView::from(seen).allowing(actions)
}

fn standing<'a>(rendering: &Rendering, seen: &'a Seen) -> (&'a State, Own) {
    match seen {
        Seen::Whole(whole) => (&whole.state, own(rendering, whole)),
        // The applicant always sees their own whole.
        Seen::Need(need) => (&need.state, Own::No),
    }
}

fn own(rendering: &Rendering, application: &BenevolenceApplication) -> Own {
    if rendering.actor.member() == Some(application.member) {
        Own::Yes
    } else {
        Own::No
    }
}

fn present(rendering: &Rendering, seen: &Seen) -> StoredAnswer {
    answer::ok(&view(rendering, seen), Some(views::version(seen)))
}

/// Who writes an application down sees it whole.
fn created(rendering: &Rendering, made: &BenevolenceApplication) -> StoredAnswer {
    let seen = Seen::Whole(Box::new(made.clone()));
    let place = views::place(&seen);
    answer::created(&view(rendering, &seen), place, made.version)
}

/// An application to which something was added, which lies at this part of its place.
fn added(rendering: &Rendering, seen: &Seen, part: &str) -> StoredAnswer {
    let place = format!("{}/{part}", views::place(seen));
    answer::created(&view(rendering, seen), place, views::version(seen))
}

/// The parameters of the list, for the document.
struct Wanted(());
/// The answers of the list, for the document.
struct WantedList(());
/// The answers of the export, for the document.
struct WantedFile(());
/// The number of an application in the path, for the document.
struct Number(());

impl utoipa::IntoParams for Wanted {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let status = docs::reference::<BenevolenceStatusName>();
        let reason = docs::reference::<BenevolenceReasonName>();
        let day = || docs::formatted("date");
        let mut parameters = vec![
            docs::query("status", status, "Only with this status."),
            docs::query("reason", reason, "Only for this reason."),
            docs::query("member_id", docs::uuid(), "Only of this member."),
            docs::query("from", day(), "Only made on this day or later."),
            docs::query("until", day(), "Only made on this day or earlier."),
            docs::words("Words in number or description; never in names."),
        ];
        parameters.extend(docs::list(ORDERS, "-application_number"));
        parameters
    }
}

impl utoipa::IntoResponses for WantedList {
    fn responses() -> docs::Responses {
        let mut responses = Listed::<ApplicationView<'_>>::responses();
        responses.extend(docs::problems(&[422]));
        responses
    }
}

impl utoipa::IntoResponses for WantedFile {
    fn responses() -> docs::Responses {
        let mut responses = File::responses();
        responses.extend(docs::problems(&[422]));
        responses
    }
}

impl utoipa::IntoParams for Number {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let number = docs::text().pattern(Some("^BF-[0-9]{4}-[0-9]{4,}$"));
        vec![docs::path("number", number, "The application's number.")]
    }
}
