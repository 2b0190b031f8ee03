//! Pictures over HTTP: the tenant's logo, one's own picture, and those of colleagues.

use actix_web::{
    HttpMessage, HttpRequest, HttpResponse, delete, get,
    http::header,
    put,
    web::{Data, Payload},
};
use serde::Serialize;
use sha2::{Digest, Sha256};
use unionhall_application::{
    StoredAnswer,
    error::Code,
    permissions::Permission,
    pictures::{Blob, PictureFormat, StoredPicture, Whose},
};
use utoipa::{
    ToSchema,
    openapi::{ContentBuilder, ResponseBuilder},
};

use super::{
    docs::{self, Deleted, NewTerms, RecordId},
    routes::Routes,
    tenants::SlugInPath,
};
use crate::web::{
    answer::{self, Rendering},
    body::whole,
    caller::{Caller, Shared, through},
    problem::Problem,
    query::Query,
};

/// The largest file that is taken, in bytes.
const LARGEST: usize = 10 * 1024 * 1024;

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes
        .schema::<PictureView>()
        .add(find_logo)
        .add(put_logo)
        .add(remove_logo)
        .add_open(public_logo)
        .add(find)
        .add(put_own)
        .add(remove)
        .add(colleagues);
}

/// Shows the logo of the tenant.
#[utoipa::path(
    operation_id = "pictures_find_logo",
    tag = "pictures",
    responses(Shown)
)]
#[get("/tenant/logo")]
async fn find_logo(caller: Caller) -> Result<HttpResponse, Problem> {
    find_whose(&caller, Whose::Tenants).await
}

/// Puts a logo in the place of the one that was there.
///
/// The body is a JPEG, PNG or WebP file of at most 10 MiB and 64 million pixels. It is made anew, at most 1024 pixels
/// wide and high, and without what was in the file beside the picture. It counts into the storage that the tenant
/// uses.
#[utoipa::path(
    operation_id = "pictures_put_logo",
    tag = "pictures",
    params(NewTerms),
    request_body(content((String = "image/jpeg"), (String = "image/png"), (String = "image/webp"))),
    responses(Kept)
)]
#[put("/tenant/logo")]
async fn put_logo(caller: Caller, body: Payload) -> Result<HttpResponse, Problem> {
    // The use case asks too, but by then the whole file would have been taken in and read.
    caller.actor.require(Permission::TenantManage)?;
    put_whose(&caller, Whose::Tenants, body).await
}

/// Takes the logo away.
#[utoipa::path(
    operation_id = "pictures_remove_logo",
    tag = "pictures",
    params(NewTerms),
    responses(Deleted)
)]
#[delete("/tenant/logo")]
async fn remove_logo(caller: Caller) -> Result<HttpResponse, Problem> {
    remove_whose(&caller, Whose::Tenants).await
}

/// Shows the logo of a tenant to everybody.
#[utoipa::path(
    operation_id = "pictures_public_logo",
    tag = "pictures",
    params(SlugInPath),
    responses(ShownToAll)
)]
#[get("/tenants/{slug}/logo")]
async fn public_logo(request: HttpRequest, shared: Data<Shared>) -> Result<HttpResponse, Problem> {
    Query::of(&request).finish(())?;
    let slug = request.match_info().get("slug").unwrap_or_default();
    let (slug, pictures) = (slug.to_owned(), shared.pictures.pictures.clone());
    let found = through(&request, &shared.gate, move || pictures.find_logo(&slug)).await?;
    Ok(shown(found, "public, max-age=300"))
}

/// Shows one's own picture.
#[utoipa::path(operation_id = "pictures_find", tag = "pictures", responses(Shown))]
#[get("/me/picture")]
async fn find(caller: Caller) -> Result<HttpResponse, Problem> {
    find_whose(&caller, Whose::Own).await
}

/// Puts one's own picture in the place of the one that was there.
///
/// The body is a JPEG, PNG or WebP file of at most 10 MiB and 64 million pixels. It is made anew, at most 1024 pixels
/// wide and high, turned upright, and without what was in the file beside the picture, such as where it was taken.
#[utoipa::path(
    operation_id = "pictures_put",
    tag = "pictures",
    params(NewTerms),
    request_body(content((String = "image/jpeg"), (String = "image/png"), (String = "image/webp"))),
    responses(Kept)
)]
#[put("/me/picture")]
async fn put_own(caller: Caller, body: Payload) -> Result<HttpResponse, Problem> {
    put_whose(&caller, Whose::Own, body).await
}

/// Takes one's own picture away.
#[utoipa::path(
    operation_id = "pictures_remove",
    tag = "pictures",
    params(NewTerms),
    responses(Deleted)
)]
#[delete("/me/picture")]
async fn remove(caller: Caller) -> Result<HttpResponse, Problem> {
    remove_whose(&caller, Whose::Own).await
}

/// Shows the picture of a colleague.
#[utoipa::path(
    operation_id = "pictures_colleagues",
    tag = "pictures",
    params(RecordId),
    responses(Shown)
)]
#[get("/colleagues/{id}/picture")]
async fn colleagues(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let id = caller.id("picture")?;
    let pictures = caller.shared.pictures.pictures.clone();
    let found = caller
        .look(move |_, call| pictures.find_colleagues(call, id))
        .await?;
    Ok(shown(found, "private, max-age=60"))
}

async fn find_whose(caller: &Caller, whose: Whose) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let pictures = caller.shared.pictures.pictures.clone();
    let found = caller
        .look(move |_, call| pictures.find(call, whose))
        .await?;
    Ok(shown(found, "private, no-cache"))
}

async fn put_whose(caller: &Caller, whose: Whose, body: Payload) -> Result<HttpResponse, Problem> {
    let format = PictureFormat::parse(caller.request.content_type()).map_err(|_| {
        let detail = "send the picture as image/jpeg, image/png or image/webp";
        Problem::new(Code::UnsupportedMediaType, detail)
    })?;
    let bytes = whole(body.into_inner(), LARGEST).await?;
    let digest = Sha256::digest(&bytes);
    let gate = &caller.shared.pictures;
    let picture = gate.read(bytes, format).await?;
    let pictures = gate.pictures.clone();
    let work = move |_: &_, call: &_| pictures.put(call, whose, &picture);
    caller.change(&digest, kept, work).await
}

async fn remove_whose(caller: &Caller, whose: Whose) -> Result<HttpResponse, Problem> {
    let pictures = caller.shared.pictures.pictures.clone();
    caller
        .change(&[], answer::gone, move |_, call| {
            pictures.remove(call, whose)
        })
        .await
}

fn kept(_: &Rendering, picture: &StoredPicture) -> StoredAnswer {
    let view = PictureView {
        media_type: picture.format.media_type(),
        bytes: picture.bytes,
    };
    answer::ok(&view, None)
}

/// The file itself. Its type is one of ours, whatever was sent.
fn shown(blob: Blob, caching: &'static str) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(blob.content_type)
        .insert_header((header::CACHE_CONTROL, caching))
        .body(blob.bytes)
}

/// A picture as it was made.
#[derive(Serialize, ToSchema)]
#[schema(as = Picture)]
struct PictureView {
    /// What it is now.
    #[schema(example = "image/jpeg")]
    media_type: &'static str,
    /// How many bytes it takes.
    #[schema(minimum = 1)]
    bytes: u64,
}

/// `200` with the picture.
struct Shown(());
/// `200` with a picture that needs no token.
struct ShownToAll(());
/// `200` with what was made of a picture.
struct Kept(());

fn file() -> ResponseBuilder {
    let any = || ContentBuilder::new().build();
    ResponseBuilder::new()
        .description("The picture.")
        .content("image/jpeg", any())
        .content("image/png", any())
}

impl utoipa::IntoResponses for Shown {
    fn responses() -> docs::Responses {
        docs::with_problems("200", file(), &[400, 401, 403, 404, 503])
    }
}

impl utoipa::IntoResponses for ShownToAll {
    fn responses() -> docs::Responses {
        docs::with_problems("200", file(), &[400, 404, 503])
    }
}

impl utoipa::IntoResponses for Kept {
    fn responses() -> docs::Responses {
        let answer = docs::changed(docs::shows::<PictureView>("What was made of it."));
        let problems = [400, 401, 403, 409, 413, 415, 422, 503];
        docs::with_problems("200", answer, &problems)
    }
}
