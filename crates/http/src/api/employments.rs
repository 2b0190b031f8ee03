//! Employments over HTTP.

mod batches;
mod bodies;
mod changing;
mod import;
pub(super) mod views;

use actix_web::{HttpResponse, get, patch};
use unionhall_application::{
    Application, EmploymentFilter, EmploymentSort, StoredAnswer,
    call::Call,
    employments::{EmploymentError, EmploymentsWanted},
    pages::{Direction, PageRequest},
};
use unionhall_domain::{audit::Target, employments::JobRules, ids::Id, text::Line};
use utoipa::openapi::path::{Parameter, ParameterIn};

use self::{
    bodies::ChangeJobRulesBody,
    views::{EmploymentView, JobRulesView, TitlesView},
};
use super::{
    docs::{self, Changed, Listed, Record, RecordId, Terms},
    exports::{ExportOf, File},
    routes::Routes,
};
use crate::web::{
    answer::{self, Rendering},
    body::Body,
    caller::Caller,
    exports::{Asked, Exported, rows},
    paging::{self, Named},
    problem::Problem,
    query::{Query, boolean, words},
};

/// What a list can be sorted by.
const ORDERS: &[Named<EmploymentSort>] = &[
    ("start_date", EmploymentSort::Start),
    ("created_at", EmploymentSort::Created),
];

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .schema::<EmploymentView<'_>>()
        .schema::<JobRulesView>()
        .schema::<TitlesView<'_>>()
        .schema::<batches::StartedManyView<'_>>()
        .add(list)
        .add(changing::create)
        .add(export)
        .add(import::import)
        .add(batches::end_many)
        .add(batches::start_many)
        .add(titles)
        .add(rules)
        .add(update_rules)
        .add(find)
        .add(changing::update)
        .add(changing::delete)
        .add(changing::end)
        .add(changing::restore);
}

/// Lists jobs.
///
/// `current=true` finds the jobs of whom works there today. Who may read only their own record finds at most their own
/// jobs.
#[utoipa::path(
    operation_id = "employments_list",
    tag = "employments",
    params(Wanted),
    responses(Listed<EmploymentView>)
)]
#[get("")]
async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    let (asked, page) = wanted(caller.query())?;
    let body = caller
        .read(move |application, call| {
            let found = application.employments.list(call, asked, &page)?;
            let shown = |found| {
                answer::bytes(&paging::view::<_, _, EmploymentView<'_>>(
                    &found, ORDERS, &page,
                ))
            };
            Ok::<_, EmploymentError>(found.map(shown))
        })
        .await?;
    Ok(answer::made(body))
}

/// Exports jobs.
///
/// The file has every row that the list would show the caller, page by page, and a column for each of its fields.
#[utoipa::path(
    operation_id = "employments_export",
    tag = "employments",
    params(ExportOf<Wanted>),
    responses(File)
)]
#[get("/export")]
async fn export(caller: Caller) -> Result<HttpResponse, Problem> {
    let mut query = caller.query();
    let asked = Asked::from(&mut query);
    let (wanted, page) = wanted(query)?;
    let exported = Exported("member-employments", Target::Employment);
    let read = move |application: &Application, call: &Call, page: &_| {
        let found = application.employments.list(call, wanted.clone(), page)?;
        Ok::<_, EmploymentError>(rows::<_, EmploymentView<'_>>(&found.value))
    };
    caller
        .export::<EmploymentView<'_>, _, _, _>(exported, asked, page, read)
        .await
}

/// Reads a job.
#[utoipa::path(
    operation_id = "employments_find",
    tag = "employments",
    params(RecordId),
    responses(Record<EmploymentView>)
)]
#[get("/{id}")]
async fn find(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let id = caller.id("employment")?;
    let job = caller
        .read(move |application, call| application.employments.find(call, id))
        .await?;
    let actions = caller
        .shared
        .application
        .employments
        .allowed_actions(&caller.actor, &job);
    let version = job.record.employment.version;
    Ok(answer::record(
        &EmploymentView::from(&job).allowing(actions),
        version,
    ))
}

/// Lists job titles in use.
///
/// Up to 100, those that most jobs have first: for suggestions while somebody types.
#[utoipa::path(
    operation_id = "employments_titles",
    tag = "employments",
    params(Beginning),
    responses(Titles)
)]
#[get("/titles")]
async fn titles(caller: Caller) -> Result<HttpResponse, Problem> {
    let mut query = caller.query();
    let beginning = query.optional("q", words);
    let beginning = query.finish(beginning)?;
    let found = caller
        .look(move |application, call| application.employments.titles(call, beginning))
        .await?;
    Ok(answer::json(&TitlesView::from(found.as_slice())))
}

/// Reads the tenant's rules of jobs.
#[utoipa::path(
    operation_id = "employments_rules",
    tag = "employments",
    responses(Record<JobRulesView>)
)]
#[get("/rules")]
async fn rules(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let found = caller
        .look(move |application, call| application.employments.rules(call))
        .await?;
    Ok(answer::record(&JobRulesView::from(&found), found.version))
}

/// Changes the tenant's rules of jobs.
///
/// They count for what is written from then on; jobs that are there stay as they are.
#[utoipa::path(
    operation_id = "employments_update_rules",
    tag = "employments",
    params(Terms),
    request_body = ChangeJobRulesBody,
    responses(Changed<JobRulesView>)
)]
#[patch("/rules")]
async fn update_rules(
    caller: Caller,
    body: Body<ChangeJobRulesBody>,
) -> Result<HttpResponse, Problem> {
    let wanted = body.parse()?.command()?;
    caller
        .change(body.bytes(), shown_rules, move |application, call| {
            application.employments.update_rules(call, wanted)
        })
        .await
}

fn shown_rules(_: &Rendering, found: &JobRules) -> StoredAnswer {
    answer::ok(&JobRulesView::from(found), Some(found.version))
}

fn wanted(mut query: Query) -> Result<(EmploymentsWanted, PageRequest<EmploymentSort>), Problem> {
    let wanted = EmploymentsWanted {
        filter: EmploymentFilter {
            member: query.optional("member_id", Id::parse),
            organization: query.optional("organization_id", Id::parse),
            current: None,
            job_title: query.optional("job_title", Line::parse),
        },
        current: query.optional("current", boolean),
    };
    let usual = (("start_date", EmploymentSort::Start), Direction::Descending);
    let page = paging::page(&mut query, ORDERS, usual);
    query.finish((wanted, page))
}

/// The parameters of the list, for the document.
struct Wanted(());
/// What titles begin with, for the document.
struct Beginning(());
/// The answers with titles, for the document.
struct Titles(());

impl utoipa::IntoParams for Wanted {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let title = docs::text()
            .min_length(Some(1))
            .max_length(Some(100))
            .pattern(Some(r"\S"));
        let mut parameters = vec![
            docs::query("member_id", docs::uuid(), "Only of this member."),
            docs::query(
                "organization_id",
                docs::uuid(),
                "Only at this organization.",
            ),
            docs::query(
                "current",
                docs::boolean(),
                "Only jobs that are current today, or only those that are not.",
            ),
            docs::query("job_title", title, "Only with this title, as written."),
        ];
        parameters.extend(docs::list(ORDERS, "-start_date"));
        parameters
    }
}

impl utoipa::IntoParams for Beginning {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![docs::words(
            "What a title begins with, accents and case aside.",
        )]
    }
}

impl utoipa::IntoResponses for Titles {
    fn responses() -> docs::Responses {
        let answer = docs::shows::<TitlesView<'_>>("The titles.");
        docs::with_problems("200", answer, &[400, 401, 403, 503])
    }
}
