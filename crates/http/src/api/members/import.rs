//! Rosters over HTTP.

use actix_web::{HttpResponse, post, web::Payload};
use unionhall_application::permissions::Permission;

use super::super::{
    docs::NewTerms,
    imports::{self, Imported, Options},
};
use crate::web::{caller::Caller, problem::Problem};

/// Brings a roster in.
///
/// The body is a CSV file in UTF-8, UTF-16 or Windows-1252 with headings. A row whose member number is
/// known changes that member, any other row adds one. Everything is written or, when a row is bad and
/// `skip_bad` was not sent, nothing; the problem then lists the bad rows: `/rows/12/email` is the twelfth
/// row's e-mail address, `/rows/0` are the headings.
#[utoipa::path(
    operation_id = "members_import",
    tag = "members",
    params(Options, NewTerms),
    request_body(
        content = String,
        content_type = "text/csv",
        example = "member_number,first_name,last_name,classification\nA1204,Ada,Voltz,journeyman\n"
    ),
    responses(Imported)
)]
#[post("/imports")]
pub(super) async fn import(caller: Caller, body: Payload) -> Result<HttpResponse, Problem> {
    let permission = Permission::MembersImport;
    imports::take(
        caller,
        permission,
        body,
        |application, call, file, options| application.members.import(call, file, options, &|_| {}),
    )
    .await
}
