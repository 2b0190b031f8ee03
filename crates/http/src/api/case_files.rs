//! Case files over HTTP.

use actix_web::{
    HttpResponse, get,
    http::header::{
        CACHE_CONTROL, ContentDisposition, DispositionParam, DispositionType, LOCATION, RETRY_AFTER,
    },
};
use jiff::Timestamp;
use serde::Serialize;
use unionhall_application::case_files::{Asked, File};
use unionhall_domain::case_files::{CaseFileFormat, CaseFileJob, CaseFileJobId, JobState};
use utoipa::{
    IntoResponses, ToSchema,
    openapi::{
        ContentBuilder, HeaderBuilder, ResponseBuilder, Schema,
        path::{Parameter, ParameterIn},
    },
};

use super::{
    cases::{CaseFilePath, part},
    choices::{CaseFileFormatName, CaseFileStatusName},
    docs::{self, RecordId},
    routes::Routes,
    shown::Shown,
};
use crate::{
    BASE,
    web::{answer, caller::Caller, problem::Problem},
};

/// After how many seconds to ask again for a file that is being made.
const ASK_AGAIN: &str = "5";

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes.schema::<CaseFileJobView>().add(ask).add(find);
}

/// Makes the case file of a grievance.
///
/// Everything that is on record of it: the claim, a timeline, steps, meetings, statements, requests for information,
/// obligations, and the log of representation, as a PDF, or as an archive of the PDF and each part as JSON with a
/// manifest of their SHA-256. A small case is answered at once; a large one is made meanwhile, and `Location` says where
/// it will be, for 24 hours and for who asked alone. Each time is on record.
#[utoipa::path(
    operation_id = "case_files_ask",
    tag = "case_files",
    params(RecordId, Format),
    responses(Made)
)]
#[get("")]
async fn ask(caller: Caller) -> Result<HttpResponse, Problem> {
    let id = caller.id("grievance")?;
    let mut query = caller.query();
    let format = query.optional("format", CaseFileFormat::parse);
    let format = query.finish(format)?.unwrap_or(CaseFileFormat::Pdf);
    let files = caller.shared.case_files.clone();
    let asked = caller
        .read(move |_, call| files.ask(call, id, format))
        .await?;
    Ok(told(asked))
}

/// Takes a case file that was made meanwhile, or tells that it is not there yet.
///
/// One that could not be made is answered with `409 not_made`: the route that was asked at first begins another one.
#[utoipa::path(
    operation_id = "case_files_find",
    tag = "case_files",
    params(CaseFilePath),
    responses(Made)
)]
#[get("/{job_id}")]
async fn find(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let grievance = caller.id("grievance")?;
    let id = part(&caller, "job_id", "case file")?;
    let files = caller.shared.case_files.clone();
    let asked = caller
        .read(move |_, call| files.find(call, grievance, id))
        .await?;
    Ok(told(asked))
}

fn told(asked: Asked) -> HttpResponse {
    match asked {
        Asked::File(file) => shown(file),
        Asked::Job(job) => accepted(&job),
    }
}

fn shown(file: File) -> HttpResponse {
    let disposition = ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![DispositionParam::Filename(file.name)],
    };
    HttpResponse::Ok()
        .content_type(file.format.media_type())
        .insert_header(disposition)
        .insert_header((CACHE_CONTROL, "private, no-store"))
        .body(file.bytes)
}

fn accepted(job: &CaseFileJob) -> HttpResponse {
    let CaseFileJob { grievance, id, .. } = job;
    let place = format!("{BASE}/grievances/{grievance}/case-file/{id}");
    HttpResponse::Accepted()
        .content_type("application/json")
        .insert_header((LOCATION, place))
        .insert_header((RETRY_AFTER, ASK_AGAIN))
        .body(answer::bytes(&CaseFileJobView::from(job)))
}

/// A case file that is being made, or was.
#[derive(Serialize, ToSchema)]
#[schema(as = CaseFileJob)]
struct CaseFileJobView {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<CaseFileJobId>,
    /// Written on what.
    #[schema(value_type = CaseFileFormatName)]
    format: &'static str,
    /// Whether it is there.
    #[schema(value_type = CaseFileStatusName)]
    status: &'static str,
    /// When it was asked for; the file tells what was on record when it was made.
    #[schema(value_type = String, format = DateTime)]
    asked_at: Shown<Timestamp>,
    /// Until when it can be taken, once it is there.
    #[schema(value_type = Option<String>, required = true, format = DateTime)]
    kept_until: Option<Shown<Timestamp>>,
}

impl From<&CaseFileJob> for CaseFileJobView {
    fn from(job: &CaseFileJob) -> Self {
        let CaseFileJob {
            id,
            grievance: _,
            format,
            asked_by: _,
            asked_at,
            state,
        } = job;
        let kept_until = match state {
            JobState::Ready { until, .. } => Some(Shown(*until)),
            JobState::Waiting | JobState::Failed => None,
        };
        Self {
            id: Shown(*id),
            format: format.as_str(),
            status: state.as_str(),
            asked_at: Shown(*asked_at),
            kept_until,
        }
    }
}

/// The parameter that says what it is written on, for the document.
struct Format(());
/// `200` with the file, or `202` with where it will be.
struct Made(());

impl utoipa::IntoParams for Format {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let format = docs::reference::<CaseFileFormatName>();
        let words = "What it is written on; a PDF when not given.";
        vec![docs::query("format", format, words)]
    }
}

impl IntoResponses for Made {
    fn responses() -> docs::Responses {
        let any = || ContentBuilder::new().build();
        let file = ResponseBuilder::new()
            .description("The case file.")
            .content("application/pdf", any())
            .content("application/zip", any());
        let header = |words: &str| {
            HeaderBuilder::new()
                .schema(Some(Schema::from(docs::text())))
                .description(Some(words))
                .build()
        };
        let waiting = docs::shows::<CaseFileJobView>("It is being made.")
            .header("Location", header("Where it will be."))
            .header(
                "Retry-After",
                header("After how many seconds to ask again."),
            );
        let mut responses = docs::with_problems("200", file, &[400, 401, 403, 404, 409, 503]);
        responses.insert("202".to_owned(), waiting.build().into());
        responses
    }
}
