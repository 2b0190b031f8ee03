//! The files of documents over HTTP: sent in forms, taken whole or in part, or by an address for a while.

use actix_web::{HttpResponse, get, post, web::Payload};
use sha2::{Digest, Sha256};
use unionhall_application::{
    StoredAnswer,
    call::Call,
    documents::{DocumentError, Documents, Intake, Kept, Received, Taken, Told},
};
use unionhall_domain::{documents::DocumentFile, invalid::Invalid};
use utoipa::{
    IntoResponses,
    openapi::{
        ContentBuilder, HeaderBuilder, ResponseBuilder, Schema,
        path::{Parameter, ParameterIn},
    },
};

use super::{
    super::docs::{self, Added, NewTerms, RecordId, Terms},
    bodies::{UploadDocumentBody, UploadVersionBody},
    views::{DocumentAddressView, DocumentFileView, DocumentView},
};
use crate::{
    BASE,
    web::{
        answer::{self, Rendering},
        caller::Caller,
        documents::{Form, disposition},
        problem::Problem,
        query::{Query, boolean},
    },
};

/// For how long an address can be used when nothing is said, in seconds.
const USUAL: u32 = 3_600;

/// Adds a document to a record.
///
/// The fields come before the file. The file is stored as it comes, whatever its size, up to the largest that is taken; its
/// beginning must go with how its name ends. It counts into the storage that the tenant uses. `same_content` names other
/// documents of the record with the same content.
#[utoipa::path(
    operation_id = "documents_upload",
    tag = "documents",
    params(NewTerms),
    request_body(content = UploadDocumentBody, content_type = "multipart/form-data"),
    responses(Added<DocumentView>)
)]
#[post("")]
pub(super) async fn upload(caller: Caller, body: Payload) -> Result<HttpResponse, Problem> {
    let form = Form::read(&caller.request, body).await?;
    let new = form.body::<UploadDocumentBody>()?.command()?;
    let meant = new.clone();
    let (digest, received) = taken_in(&caller, form, move |documents, call, file, rehearsed| {
        documents.begin(call, &meant, file, rehearsed)
    })
    .await?;
    let documents = caller.shared.files.documents.clone();
    caller
        .change(&digest, created, move |_, call| {
            documents.create(call, new, received)
        })
        .await
}

/// Adds another version of a document.
///
/// The versions before are kept, and can be taken by their number.
#[utoipa::path(
    operation_id = "documents_add_version",
    tag = "documents",
    params(RecordId, Terms),
    request_body(content = UploadVersionBody, content_type = "multipart/form-data"),
    responses(Added<DocumentView>)
)]
#[post("/{id}/versions")]
pub(super) async fn add_version(caller: Caller, body: Payload) -> Result<HttpResponse, Problem> {
    let form = Form::read(&caller.request, body).await?;
    form.body::<UploadVersionBody>()?.command()?;
    let id = caller.id("document")?;
    let (digest, received) = taken_in(&caller, form, move |documents, call, file, rehearsed| {
        documents.begin_version(call, id, file, rehearsed)
    })
    .await?;
    let documents = caller.shared.files.documents.clone();
    caller
        .change(&digest, created, move |_, call| {
            documents.add_version(call, id, received)
        })
        .await
}

/// Takes a document.
///
/// The newest version, or the one that is named; whole, or the part that `Range` asks for. It is always kept as a file and
/// never shown in place. Each time is on record.
#[utoipa::path(
    operation_id = "documents_download",
    tag = "documents",
    params(RecordId, Which),
    responses(File)
)]
#[get("/{id}/download")]
pub(super) async fn download(caller: Caller) -> Result<HttpResponse, Problem> {
    let id = caller.id("document")?;
    let mut query = caller.query();
    let number = version(&mut query);
    query.finish(())?;
    let files = caller.shared.files.clone();
    let documents = files.documents.clone();
    let taken = caller
        .read(move |_, call| documents.take(call, id, number))
        .await?;
    files.send(&caller.request, taken).await
}

/// Makes an address under which a document can be taken for a while.
///
/// It leads to the object store, and needs no token: whoever has it can take the file. Each time is on record.
#[utoipa::path(
    operation_id = "documents_address",
    tag = "documents",
    params(RecordId, Which, ForHowLong),
    responses(Address)
)]
#[get("/{id}/download-url")]
pub(super) async fn address(caller: Caller) -> Result<HttpResponse, Problem> {
    let id = caller.id("document")?;
    let mut query = caller.query();
    let number = version(&mut query);
    let seconds = query.optional("expires_in", seconds).unwrap_or(USUAL);
    query.finish(())?;
    let documents = caller.shared.files.documents.clone();
    let (Taken { file, .. }, url) = caller
        .read(move |_, call| documents.address(call, id, number, (seconds, told)))
        .await?;
    Ok(answer::json(&DocumentAddressView {
        url,
        expires_in: seconds,
        file: DocumentFileView::from(&file),
    }))
}

/// Takes in the file of a form, and tells what makes this request the same when it comes again.
async fn taken_in(
    caller: &Caller,
    form: Form,
    begin: impl FnOnce(&Documents, &Call, (&str, &str), bool) -> Result<Intake, DocumentError>
    + Send
    + 'static,
) -> Result<(Vec<u8>, Received), Problem> {
    let mut query = caller.query();
    let rehearsed = query.optional("dry_run", boolean).unwrap_or(false);
    query.finish(())?;
    let files = caller.shared.files.clone();
    let documents = files.documents.clone();
    let (name, declared) = (form.name.clone(), form.declared.clone());
    let fingerprint = form.fingerprint();
    let intake = caller
        .look(move |_, call| begin(&documents, call, (&name, &declared), rehearsed))
        .await?;
    let received = files.take_in(intake, form.file()).await?;
    let digest = format!("{fingerprint}\n{}", received.sha256);
    Ok((Sha256::digest(digest).to_vec(), received))
}

fn told(file: &DocumentFile) -> Told {
    Told {
        content_type: file.kind.media_type().to_owned(),
        disposition: disposition(&file.name),
    }
}

fn created(rendering: &Rendering, kept: &Kept) -> StoredAnswer {
    let document = &kept.document;
    let place = format!("{BASE}/documents/{}", document.id);
    let view = DocumentView::kept(rendering, kept);
    answer::created(&view, place, document.version)
}

fn version(query: &mut Query) -> Option<u32> {
    query.optional("version", |text| {
        let number = text.parse().ok().filter(|number| *number > 0);
        number.ok_or_else(|| Invalid::new("not_a_version", "must be a whole number from 1"))
    })
}

fn seconds(text: &str) -> Result<u32, Invalid> {
    let number = text.parse().ok();
    let bounded = number.filter(|seconds| (60..=86_400).contains(seconds));
    bounded.ok_or_else(|| Invalid::new("out_of_range", "must be 60 to 86400 seconds"))
}

/// Which version is meant, for the document.
pub(super) struct Which(());
/// For how long an address can be used, for the document.
pub(super) struct ForHowLong(());
/// `200` or `206` with the file.
pub(super) struct File(());
/// `200` with an address.
pub(super) struct Address(());

impl utoipa::IntoParams for Which {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let number = docs::integer(1, 100);
        vec![docs::query(
            "version",
            number,
            "The version; the newest when not given.",
        )]
    }
}

impl utoipa::IntoParams for ForHowLong {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let seconds = docs::integer(60, 86_400).default(Some(USUAL.into()));
        vec![docs::query("expires_in", seconds, "For how many seconds.")]
    }
}

impl IntoResponses for File {
    fn responses() -> docs::Responses {
        let any = || ContentBuilder::new().build();
        let header = |words: &str| {
            HeaderBuilder::new()
                .schema(Some(Schema::from(docs::text())))
                .description(Some(words))
                .build()
        };
        let file = |words: &str| {
            ResponseBuilder::new()
                .description(words)
                .content("application/octet-stream", any())
                .header("ETag", header("The digest of the content, for `If-Range`."))
        };
        let part = file("The part that was asked for.").header(
            "Content-Range",
            header("Which part it is, of how many bytes."),
        );
        let problems = [400, 401, 403, 404, 409, 416, 503];
        let mut responses = docs::with_problems("200", file("The file, whole."), &problems);
        responses.insert("206".to_owned(), part.build().into());
        responses
    }
}

impl IntoResponses for Address {
    fn responses() -> docs::Responses {
        let answer = docs::shows::<DocumentAddressView<'_>>("Where it can be taken.");
        docs::with_problems("200", answer, &[400, 401, 403, 404, 409, 503])
    }
}
