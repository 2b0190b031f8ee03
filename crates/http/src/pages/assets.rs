//! The few files that pages need, out of the binary.

use std::hash::{DefaultHasher, Hash, Hasher};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, EntityTag, Header, HeaderName, IfNoneMatch},
    web::{Bytes, Path},
};

use super::not_found;
use crate::web::problem::Problem;

/// Browsers keep a file and ask each time whether it is still the same: a new version shows at once.
const ASK_AGAIN: (HeaderName, &str) = (header::CACHE_CONTROL, "no-cache");

const CSS: &str = include_str!("../../templates/assets/unionhall.css");
const ACCOUNT: &str = include_str!("../../templates/assets/account.js");
const ICON: &str = include_str!("../../templates/assets/unionhall.svg");

/// Answers with one of the files.
pub(super) async fn serve(
    request: HttpRequest,
    file: Path<String>,
) -> Result<HttpResponse, Problem> {
    let (content_type, text) = match file.as_str() {
        "unionhall.css" => ("text/css; charset=utf-8", CSS),
        "account.js" => ("text/javascript; charset=utf-8", ACCOUNT),
        "unionhall.svg" => ("image/svg+xml", ICON),
        _ => return not_found(request).await,
    };
    let bytes = Bytes::from_static(text.as_bytes());
    Ok(kept(&request, content_type, bytes))
}

/// The answer with a file that browsers may keep, or `304` when they have it.
pub(super) fn kept(request: &HttpRequest, content_type: &str, bytes: Bytes) -> HttpResponse {
    let tag = tag_of(&bytes);
    let is_known = match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|known| known.weak_eq(&tag)),
        Ok(IfNoneMatch::Any) | Err(_) => false,
    };
    let tag = header::ETag(tag);
    if is_known {
        return HttpResponse::NotModified()
            .insert_header(ASK_AGAIN)
            .insert_header(tag)
            .finish();
    }
    HttpResponse::Ok()
        .content_type(content_type)
        .insert_header(ASK_AGAIN)
        .insert_header(tag)
        .body(bytes)
}

/// Tells versions of a file apart; nobody gains anything by making two with the same.
fn tag_of(bytes: &[u8]) -> EntityTag {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    EntityTag::new_strong(format!("{:016x}", hasher.finish()))
}
