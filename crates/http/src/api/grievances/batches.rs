//! Changes of many grievances at once over HTTP.

use actix_web::{HttpResponse, post};
use serde::Deserialize;
use unionhall_application::{batches::Answered, grievances::GrievanceError};
use unionhall_domain::{batches::Batch, grievances::Grievance, ids::Id, users::UserId};
use utoipa::ToSchema;

use super::super::{
    batches::{BatchView, Many, MeantBody, meant},
    docs::NewTerms,
    routes::Routes,
};
use crate::web::{
    answer::{self, Rendering},
    body::Body,
    caller::Caller,
    fields::{Input, Reader, Unknown},
    problem::Problem,
};

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes.add(assign_many);
}

/// A representative for many grievances.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = RepresentativeOfGrievances,
    example = json!({
        "assigned_representative_id": "019a9d2e-7b3c-7d10-9c56-3f0a2b1c4d5e",
        "grievances": [{"id": "019a9d2e-7b3c-7d10-9c56-3f0a2b1c4d5f", "version": 3}]
    })
)]
struct RepresentativeOfGrievancesBody {
    /// The user who represents the members from now on; nobody when absent or null.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    assigned_representative_id: Input,
    /// The grievances, each once.
    #[serde(default)]
    #[schema(value_type = Vec<MeantBody>, required = true, min_items = 1, max_items = 100)]
    grievances: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl RepresentativeOfGrievancesBody {
    /// The representative and the grievances, or every field that is wrong.
    fn command(self) -> Result<(Option<UserId>, Batch<Grievance>), Problem> {
        let mut reader = Reader::new(&self.unknown);
        let field = "assigned_representative_id";
        let representative = reader.optional(field, self.assigned_representative_id, Id::parse);
        let grievances = meant(&mut reader, "grievances", self.grievances);
        reader.finish(grievances.map(|grievances| (representative, grievances)))
    }
}

/// Gives many grievances to a representative.
///
/// 1 to 100 of them in one transaction, with an answer for each in the same order: what speaks against one keeps no
/// other from it, and a case that is theirs already is left as it is.
#[utoipa::path(
    operation_id = "grievances_assign_many",
    tag = "grievances",
    params(NewTerms),
    request_body = RepresentativeOfGrievancesBody,
    responses(Many)
)]
#[post("/batch/representative")]
async fn assign_many(
    caller: Caller,
    body: Body<RepresentativeOfGrievancesBody>,
) -> Result<HttpResponse, Problem> {
    let (representative, grievances) = body.parse()?.command()?;
    let render = |_: &Rendering, answers: &Vec<Answered<Grievance, GrievanceError>>| {
        answer::ok(&BatchView::of(answers, |grievance| grievance.version), None)
    };
    caller
        .change(body.bytes(), render, move |application, call| {
            let grievances = &grievances;
            application
                .grievances
                .assign_many(call, representative, grievances)
        })
        .await
}
