//! Lists that are brought in over HTTP: the file is kept on disk while it is read, so that its size costs no memory.

use std::{
    fs::File,
    io::{self, Read, Seek, Write},
};

use actix_web::{HttpMessage, HttpResponse, web::Payload};
use futures_util::StreamExt;
use serde::Serialize;
use sha2::{Digest, Sha256};
use unionhall_application::{
    Application, StoredAnswer,
    call::Call,
    error::Code,
    imports::{ImportError, ImportOptions, ImportReport, RowError, Sheet},
    permissions::Permission,
};
use utoipa::{
    ToSchema,
    openapi::path::{Parameter, ParameterIn},
};

use super::docs;
use crate::web::{
    answer::{self, Rendering},
    caller::Caller,
    problem::Problem,
    query::boolean,
};

/// How many bytes are gathered before they are written to disk.
const GATHERED: usize = 256 * 1024;

/// Takes a file in and brings it in, for a caller who holds the permission.
pub(super) async fn take(
    caller: Caller,
    permission: Permission,
    body: Payload,
    import: impl FnOnce(
        &Application,
        &Call,
        &Upload,
        ImportOptions,
    ) -> Result<ImportReport, ImportError>
    + Send
    + 'static,
) -> Result<HttpResponse, Problem> {
    // The use case asks too, but by then the whole file would have been taken in.
    caller.actor.require(permission)?;
    let mut query = caller.query();
    let skip_bad = query.optional("skip_bad", boolean).unwrap_or(false);
    let (upload, digest) = Upload::receive(&caller, body).await?;
    let options = ImportOptions { skip_bad };
    let work =
        move |application: &Application, call: &Call| import(application, call, &upload, options);
    caller.change_asked(query, &digest, imported, work).await
}

fn imported(_: &Rendering, report: &ImportReport) -> StoredAnswer {
    answer::ok(&ImportReportView::from(report), None)
}

/// A file that was sent, on disk and without a name there: it is gone when nobody has it open any more.
pub(super) struct Upload(File);

impl Upload {
    /// Takes the body in, up to the limit, with its SHA-256.
    async fn receive(caller: &Caller, mut body: Payload) -> Result<(Self, [u8; 32]), Problem> {
        if caller.request.content_type() != "text/csv" {
            let detail = "send the file as text/csv";
            return Err(Problem::new(Code::UnsupportedMediaType, detail));
        }
        let limit = caller.shared.import_bytes;
        let mut file = tempfile::tempfile().map_err(|error| Problem::internal(&error))?;
        let mut hasher = Sha256::new();
        let mut gathered = Vec::new();
        let mut taken: usize = 0;
        while let Some(chunk) = body.next().await {
            let chunk = chunk.map_err(|_| Problem::new(Code::BadRequest, "the body broke off"))?;
            taken = taken.saturating_add(chunk.len());
            if taken > limit {
                let detail = format!("the file is larger than {limit} bytes");
                return Err(Problem::new(Code::TooLarge, detail));
            }
            hasher.update(&chunk);
            gathered.extend_from_slice(&chunk);
            if gathered.len() >= GATHERED {
                file = written(file, std::mem::take(&mut gathered)).await?;
            }
        }
        let file = written(file, gathered).await?;
        Ok((Self(file), hasher.finalize().into()))
    }
}

/// The file with more bytes, written off the threads that serve requests.
async fn written(mut file: File, bytes: Vec<u8>) -> Result<File, Problem> {
    let writing = tokio::task::spawn_blocking(move || file.write_all(&bytes).map(|()| file));
    writing
        .await
        .map_err(|panic| Problem::internal(&panic))?
        .map_err(|error| Problem::internal(&error))
}

impl Sheet for Upload {
    fn open(&self) -> io::Result<Box<dyn Read>> {
        let mut file = self.0.try_clone()?;
        file.rewind()?;
        Ok(Box::new(file))
    }
}

/// What came of an import.
#[derive(Serialize, ToSchema)]
#[schema(as = ImportReport)]
pub(super) struct ImportReportView<'a> {
    /// Rows read; the headings and blank rows do not count.
    rows: u64,
    /// Records added.
    created: u64,
    /// Records changed.
    updated: u64,
    /// Records that were already as the row says.
    unchanged: u64,
    /// Bad rows, which were skipped.
    bad: u64,
    /// The first 1,000 mistakes; a row can have several.
    errors: Vec<RowErrorView<'a>>,
    /// All mistakes, counted.
    error_count: u64,
    /// The first 1,000 things that are unusual and were taken as they are.
    warnings: Vec<RowErrorView<'a>>,
    /// All of them, counted.
    warning_count: u64,
    /// Columns that mean nothing here and were not read.
    ignored_columns: &'a [String],
    /// How the bytes of the file stand for characters.
    #[schema(example = "UTF-8")]
    encoding: &'static str,
    /// What parts the cells of a row.
    #[schema(value_type = String, example = ",")]
    delimiter: char,
}

/// A mistake in a file, or something unusual that was taken.
#[derive(Serialize, ToSchema)]
#[schema(as = RowError)]
struct RowErrorView<'a> {
    /// The line of the file that the row begins on, from 1.
    line: u64,
    /// The row, from 1; 0 for the headings.
    row: u64,
    /// The column as the file calls it; null when it is about the whole row.
    #[schema(required = true)]
    column: Option<&'a str>,
    /// The record's field; null when it is about the whole row.
    #[schema(required = true)]
    field: Option<&'static str>,
    /// What is wrong, as a word for programs.
    #[schema(example = "not_a_date")]
    code: &'static str,
    /// What is wrong, for people.
    detail: &'a str,
}

impl<'a> From<&'a ImportReport> for ImportReportView<'a> {
    fn from(report: &'a ImportReport) -> Self {
        Self {
            rows: report.rows,
            created: report.created,
            updated: report.updated,
            unchanged: report.unchanged,
            bad: report.bad,
            errors: report.errors.iter().map(RowErrorView::from).collect(),
            error_count: report.error_count,
            warnings: report.warnings.iter().map(RowErrorView::from).collect(),
            warning_count: report.warning_count,
            ignored_columns: &report.ignored_columns,
            encoding: report.encoding,
            delimiter: report.delimiter,
        }
    }
}

impl<'a> From<&'a RowError> for RowErrorView<'a> {
    fn from(error: &'a RowError) -> Self {
        let RowError {
            line,
            record,
            column,
            field,
            invalid,
        } = error;
        Self {
            line: *line,
            row: *record,
            column: column.as_deref(),
            field: *field,
            code: invalid.code,
            detail: &invalid.detail,
        }
    }
}

/// The parameters, for the document.
pub(super) struct Options(());
/// The answers, for the document.
pub(super) struct Imported(());

impl utoipa::IntoParams for Options {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let skip_bad = docs::boolean().default(Some(false.into()));
        let words = "Bring the good rows in although others are bad.";
        vec![docs::query("skip_bad", skip_bad, words)]
    }
}

impl utoipa::IntoResponses for Imported {
    fn responses() -> docs::Responses {
        let answer = docs::changed(docs::shows::<ImportReportView<'_>>("What came of it."));
        let problems = [400, 401, 403, 409, 413, 415, 422, 503];
        docs::with_problems("200", answer, &problems)
    }
}
