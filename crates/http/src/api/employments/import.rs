//! Lists of jobs over HTTP.

use actix_web::{HttpResponse, post, web::Payload};
use unionhall_application::permissions::Permission;

use super::super::{
    docs::NewTerms,
    imports::{self, Imported, Options},
};
use crate::web::{caller::Caller, problem::Problem};

/// Brings jobs in.
///
/// The body is a CSV file in UTF-8, UTF-16 or Windows-1252 with headings, such as an export of jobs. A row names its member
/// by `member_number` and its organization by `organization_id` or by `organization_name`. A row with a known `id`, or with
/// the first day of a job that the member has there, changes that job, any other row adds one; `warnings` tells of unusual
/// rates. Nobody gets more jobs at once than the tenant allows. Everything is written or, when a row is bad and `skip_bad`
/// was not sent, nothing; the problem then lists the bad rows: `/rows/12/end_date` is the twelfth row's last day, `/rows/0`
/// are the headings.
#[utoipa::path(
    operation_id = "employments_import",
    tag = "employments",
    params(Options, NewTerms),
    request_body(
        content = String,
        content_type = "text/csv",
        example = "member_number,organization_name,start_date,hourly_rate\nA1204,Puget Electric,2026-03-02,62.40\n"
    ),
    responses(Imported)
)]
#[post("/imports")]
pub(super) async fn import(caller: Caller, body: Payload) -> Result<HttpResponse, Problem> {
    let permission = Permission::MembersWrite;
    imports::take(
        caller,
        permission,
        body,
        |application, call, file, options| {
            application.employments.import(call, file, options, &|_| {})
        },
    )
    .await
}
