//! What can be done with a class.

use actix_web::{HttpResponse, post};
use serde::Deserialize;
use unionhall_domain::{classes::ClassMove, text::Prose};
use utoipa::ToSchema;

use super::{
    super::{
        docs::{Changed, RecordId, Terms},
        nothing::{self, Nothing},
        routes::Routes,
    },
    present,
    views::ClassView,
};
use crate::web::{
    body::Body,
    caller::Caller,
    fields::{Input, Reader, Unknown},
    problem::Problem,
};

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes.add(open).add(complete).add(cancel);
}

/// Why something of a school is called off.
#[derive(Deserialize, ToSchema)]
#[schema(as = TrainingReason, example = json!({"reason": "The instructor is ill."}))]
pub(in crate::api) struct TrainingReasonBody {
    /// The reason, in words.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 2000, pattern = r"\S")]
    reason: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl TrainingReasonBody {
    /// The reason, or what is wrong with it.
    pub(in crate::api) fn command(self) -> Result<Prose<2_000>, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let reason = reader.required("reason", self.reason, Prose::parse);
        reader.finish(reason)
    }
}

/// Opens a class to students, or again when something was forgotten.
#[utoipa::path(
    operation_id = "classes_open",
    tag = "classes",
    params(RecordId, Terms),
    responses(Changed<ClassView>)
)]
#[post("/{id}/open")]
async fn open(caller: Caller, body: Body<Nothing>) -> Result<HttpResponse, Problem> {
    nothing::expected(&body)?;
    act(&caller, body.bytes(), ClassMove::Open).await
}

/// Ends a class that has been taught.
#[utoipa::path(
    operation_id = "classes_complete",
    tag = "classes",
    params(RecordId, Terms),
    responses(Changed<ClassView>)
)]
#[post("/{id}/complete")]
async fn complete(caller: Caller, body: Body<Nothing>) -> Result<HttpResponse, Problem> {
    nothing::expected(&body)?;
    act(&caller, body.bytes(), ClassMove::Complete).await
}

/// Calls a class off, with its sessions to come.
#[utoipa::path(
    operation_id = "classes_cancel",
    tag = "classes",
    params(RecordId, Terms),
    request_body = TrainingReasonBody,
    responses(Changed<ClassView>)
)]
#[post("/{id}/cancel")]
async fn cancel(caller: Caller, body: Body<TrainingReasonBody>) -> Result<HttpResponse, Problem> {
    let reason = body.parse()?.command()?;
    act(&caller, body.bytes(), ClassMove::Cancel(reason)).await
}

async fn act(caller: &Caller, body: &[u8], wanted: ClassMove) -> Result<HttpResponse, Problem> {
    let id = caller.id("class")?;
    caller
        .change(body, present, move |application, call| {
            application.classes.act(call, id, wanted)
        })
        .await
}
