//! Lists of organizations over HTTP.

use actix_web::{HttpResponse, post, web::Payload};
use unionhall_application::permissions::Permission;

use super::super::{
    docs::NewTerms,
    imports::{self, Imported, Options},
};
use crate::web::{caller::Caller, problem::Problem};

/// Brings organizations in.
///
/// The body is a CSV file in UTF-8, UTF-16 or Windows-1252 with headings, such as an export of organizations. A row with a
/// known `id`, or with the name and type of one organization, changes that one, any other row adds one; `warnings` tells
/// which of them may be there twice. Everything is written or, when a row is bad and `skip_bad` was not sent, nothing; the
/// problem then lists the bad rows: `/rows/12/email` is the twelfth row's e-mail address, `/rows/0` are the headings.
#[utoipa::path(
    operation_id = "organizations_import",
    tag = "organizations",
    params(Options, NewTerms),
    request_body(
        content = String,
        content_type = "text/csv",
        example = "name,org_type,city\nPuget Electric,employer,Seattle\n"
    ),
    responses(Imported)
)]
#[post("/imports")]
pub(super) async fn import(caller: Caller, body: Payload) -> Result<HttpResponse, Problem> {
    let permission = Permission::OrganizationsWrite;
    imports::take(
        caller,
        permission,
        body,
        |application, call, file, options| {
            application
                .organizations
                .import(call, file, options, &|_| {})
        },
    )
    .await
}
