//! Lists of contacts over HTTP.

use actix_web::{HttpResponse, post, web::Payload};
use unionhall_application::permissions::Permission;

use super::super::{
    docs::NewTerms,
    imports::{self, Imported, Options},
};
use crate::web::{caller::Caller, problem::Problem};

/// Brings contacts in.
///
/// The body is a CSV file in UTF-8, UTF-16 or Windows-1252 with headings, such as an export of contacts. A row names its
/// organization by `organization_id` or by `organization_name`. A row with a known `id`, or with the name of one contact
/// there, changes that one, any other row adds one. `is_primary` moves that place to the row's contact; a no gives nothing
/// up. Everything is written or, when a row is bad and `skip_bad` was not sent, nothing; the problem then lists the bad
/// rows: `/rows/12/email` is the twelfth row's e-mail address, `/rows/0` are the headings.
#[utoipa::path(
    operation_id = "contacts_import",
    tag = "contacts",
    params(Options, NewTerms),
    request_body(
        content = String,
        content_type = "text/csv",
        example = "organization_name,first_name,last_name,is_primary\nPuget Electric,Rosa,Lindqvist,yes\n"
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
            application.contacts.import(call, file, options, &|_| {})
        },
    )
    .await
}
