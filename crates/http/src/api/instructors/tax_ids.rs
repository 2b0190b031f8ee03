//! The one way to the whole tax id of an instructor.

use actix_web::{HttpResponse, get};
use serde::Serialize;
use utoipa::ToSchema;

use super::super::{
    docs::{Record, RecordId},
    routes::Routes,
};
use crate::web::{answer, caller::Caller, problem::Problem};

/// The whole tax id of an instructor.
#[derive(Serialize, ToSchema)]
#[schema(as = TaxId)]
pub(super) struct TaxIdView<'a> {
    /// The number, as it was written.
    #[schema(example = "12-3456789")]
    tax_id: &'a str,
}

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes.add(tax_id);
}

/// Shows the whole tax id of an instructor.
///
/// Each look goes on record, in the audit trail, as `unmasked`, before the number leaves.
#[utoipa::path(
    operation_id = "instructors_tax_id",
    tag = "instructors",
    params(RecordId),
    responses(Record<TaxIdView>)
)]
#[get("/{id}/tax-id")]
async fn tax_id(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.query().finish(())?;
    let id = caller.id("instructor")?;
    let found = caller
        .read(move |application, call| application.instructors.tax_id(call, id))
        .await?;
    let tax_id = found.expose();
    Ok(answer::json(&TaxIdView { tax_id }))
}
