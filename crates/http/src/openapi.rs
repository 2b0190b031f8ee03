//! The OpenAPI document: made from the routes and their types, never written by hand.

use actix_web::App;
use utoipa::{
    OpenApi as _,
    openapi::{
        InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, ServerBuilder,
        security::{Http, HttpAuthScheme, SecurityScheme},
    },
};
use utoipa_actix_web::{AppExt, scope::scope};

use crate::{BASE, api};

/// What the document says before the routes are added.
#[derive(utoipa::OpenApi)]
#[openapi()]
struct Empty;

/// The document as it was when the program was built, which is what a server gives: tests hold it to [`document`].
pub(crate) const COMMITTED: &str = include_str!("../../../docs/openapi.json");

/// The document of every route below `/api/v1`, made from the routes.
#[must_use]
pub fn document() -> String {
    let (_, routes) = api::described(|| {
        App::new()
            .into_utoipa_app()
            .openapi(empty())
            .service(scope(BASE).configure(api::configure))
            .split_for_parts()
    });
    let mut text = routes.to_pretty_json().unwrap_or_default();
    text.push('\n');
    text
}

fn empty() -> OpenApi {
    let mut document = Empty::openapi();
    let bearer = Http::builder()
        .scheme(HttpAuthScheme::Bearer)
        .bearer_format("JWT")
        .description(Some("The access token of `POST /api/v1/auth/login`."))
        .build();
    let components = document.components.get_or_insert_default();
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    let info = InfoBuilder::new()
        .title("Unionhall")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "The operations platform of union locals and their training trusts. \
             Sign in with `POST /api/v1/auth/login` and send the access token as a bearer token.",
        ))
        .license(Some(
            LicenseBuilder::new()
                .name("Apache-2.0")
                .identifier(Some("Apache-2.0"))
                .build(),
        ))
        .build();
    OpenApiBuilder::from(document)
        .info(info)
        .servers(Some([ServerBuilder::new().url("/").build()]))
        .build()
}

#[cfg(test)]
mod tests {
    use super::{COMMITTED, document};

    #[test]
    fn the_committed_document_is_made_from_the_routes() {
        assert!(
            document() == COMMITTED,
            "docs/openapi.json is out of date; write it anew with `just generate`"
        );
    }
}
