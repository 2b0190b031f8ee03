//! The documentation of the API, to read and to try out: Swagger UI from the binary, without anything from elsewhere.

use std::{
    borrow::Cow,
    sync::{Arc, LazyLock},
};

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web::{Bytes, Path},
};
use askama::Template;
use unionhall_application::error::Code;
use utoipa_swagger_ui::Config;

use super::{assets, not_found, rendered};
use crate::web::{problem::Problem, security};

/// The files of Swagger UI that our page loads; it brings more.
const FILES: [&str; 4] = [
    "swagger-ui.css",
    "swagger-ui-bundle.js",
    "swagger-ui-standalone-preset.js",
    "swagger-initializer.js",
];

/// What Swagger UI is told; it would show a badge of a server elsewhere if it were not for the validator's `none`.
static CONFIG: LazyLock<Arc<Config<'static>>> = LazyLock::new(|| {
    let config = Config::new(["/api/v1/openapi.json"])
        .use_base_layout()
        .deep_linking(true)
        .display_request_duration(true)
        .doc_expansion("list")
        .default_models_expand_depth(0)
        .validator_url("none");
    Arc::new(config)
});

/// The page around Swagger UI.
#[derive(Template)]
#[template(path = "docs.html")]
struct Docs;

/// Sends the browser to where the names of the files are relative to.
pub(super) async fn enter() -> HttpResponse {
    HttpResponse::PermanentRedirect()
        .insert_header((header::LOCATION, security::DOCS))
        .finish()
}

/// Answers with the page or one of its files.
pub(super) async fn serve(
    request: HttpRequest,
    file: Path<String>,
) -> Result<HttpResponse, Problem> {
    if file.is_empty() {
        return rendered(StatusCode::OK, &Docs);
    }
    if !FILES.contains(&file.as_str()) {
        return not_found(request).await;
    }
    let missing = || Problem::new(Code::Internal, "a file of the documentation is missing");
    let found = utoipa_swagger_ui::serve(&file, Arc::clone(&CONFIG))
        .map_err(|error| Problem::internal(error.as_ref()))?
        .ok_or_else(missing)?;
    let bytes = match found.bytes {
        Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        Cow::Owned(bytes) => Bytes::from(bytes),
    };
    Ok(assets::kept(&request, &found.content_type, bytes))
}
