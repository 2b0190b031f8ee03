//! Changes of many members at once over HTTP.

use actix_web::{HttpResponse, post};
use serde::Deserialize;
use unionhall_application::{batches::Answered, members::MemberError};
use unionhall_domain::{
    batches::Batch,
    members::{Member, MemberStatus},
};
use utoipa::ToSchema;

use super::super::{
    batches::{BatchView, Many, MeantBody, meant},
    choices::MemberStatusName,
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
    routes.schema::<BatchView>().add(set_status);
}

/// A status for many members.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = StatusOfMembers,
    example = json!({
        "status": "retired",
        "members": [{"id": "019a9d2e-7b3c-7d10-9c56-3f0a2b1c4d5e", "version": 3}]
    })
)]
struct StatusOfMembersBody {
    /// The status.
    #[serde(default)]
    #[schema(value_type = MemberStatusName, required = true)]
    status: Input,
    /// The members, each once.
    #[serde(default)]
    #[schema(value_type = Vec<MeantBody>, required = true, min_items = 1, max_items = 100)]
    members: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl StatusOfMembersBody {
    /// The status and the members, or every field that is wrong.
    fn command(self) -> Result<(MemberStatus, Batch<Member>), Problem> {
        let mut reader = Reader::new(&self.unknown);
        let status = reader.required("status", self.status, MemberStatus::parse);
        let members = meant(&mut reader, "members", self.members);
        reader.finish(status.zip(members))
    }
}

/// Gives many members a status.
///
/// 1 to 100 of them in one transaction, with an answer for each in the same order: what speaks against one keeps no
/// other from it, and who has the status already is left as they are.
#[utoipa::path(
    operation_id = "members_set_status_of_many",
    tag = "members",
    params(NewTerms),
    request_body = StatusOfMembersBody,
    responses(Many)
)]
#[post("/batch/status")]
async fn set_status(
    caller: Caller,
    body: Body<StatusOfMembersBody>,
) -> Result<HttpResponse, Problem> {
    let (status, members) = body.parse()?.command()?;
    let render = |_: &Rendering, answers: &Vec<Answered<Member, MemberError>>| {
        answer::ok(&BatchView::of(answers, |member| member.version), None)
    };
    caller
        .change(body.bytes(), render, move |application, call| {
            let members = &members;
            application
                .members
                .set_status_of_many(call, status, members)
        })
        .await
}
