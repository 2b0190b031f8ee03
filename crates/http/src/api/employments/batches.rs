//! Ending and starting many jobs at once over HTTP.

use actix_web::{HttpResponse, post};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use unionhall_application::{
    StoredAnswer,
    batches::Answered,
    employments::{EmploymentError, StartMany, Started, StartedMany},
};
use unionhall_domain::{
    batches::Batch,
    employments::{Employment, EmploymentDetails, EmploymentId, Period},
    ids::Id,
    members::{Member, MemberId},
    money::Amount,
    text::Line,
};
use utoipa::ToSchema;

use super::{
    super::{
        batches::{BatchRefusalView, BatchView, Many, MeantBody, meant},
        docs::{self, NewTerms},
        shown::Shown,
    },
    views::WarningView,
};
use crate::web::{
    answer::{self, Rendering},
    body::Body,
    caller::Caller,
    fields::{Input, Reader, Unknown, date},
    problem::Problem,
};

/// A last day for many jobs.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = EndOfEmployments,
    example = json!({
        "end_date": "2026-11-27",
        "reason": "Layoff: the tower is topped out.",
        "employments": [{"id": "019a9d2e-7b3c-7d10-9c56-3f0a2b1c4d5e", "version": 1}]
    })
)]
pub(super) struct EndBody {
    /// The last day, which is worked; today when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    end_date: Input,
    /// Why, as it is put on record with each job.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 255, pattern = r"\S")]
    reason: Input,
    /// The jobs, each once.
    #[serde(default)]
    #[schema(value_type = Vec<MeantBody>, required = true, min_items = 1, max_items = 100)]
    employments: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

/// The last day, why, and which jobs.
type End = (Option<Date>, Option<Line<255>>, Batch<Employment>);

impl EndBody {
    /// What is to be ended, or every field that is wrong.
    fn command(self) -> Result<End, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let last = reader.optional("end_date", self.end_date, date);
        let reason = reader.optional("reason", self.reason, Line::parse);
        let jobs = meant(&mut reader, "employments", self.employments);
        reader.finish(jobs.map(|jobs| (last, reason, jobs)))
    }
}

/// Ends many jobs.
///
/// 1 to 100 of them in one transaction, as in a layoff, with an answer for each in the same order: what speaks against one
/// keeps no other from it, and one that ends on that day already is left as it is. The reason is on record with each.
#[utoipa::path(
    operation_id = "employments_end_many",
    tag = "employments",
    params(NewTerms),
    request_body = EndBody,
    responses(Many)
)]
#[post("/batch/end")]
pub(super) async fn end_many(caller: Caller, body: Body<EndBody>) -> Result<HttpResponse, Problem> {
    let (last, reason, jobs) = body.parse()?.command()?;
    let render = |_: &Rendering, answers: &Vec<Answered<Employment, EmploymentError>>| {
        answer::ok(&BatchView::of(answers, |job| job.version), None)
    };
    caller
        .change(body.bytes(), render, move |application, call| {
            let employments = &application.employments;
            employments.end_many(call, last, reason.as_ref(), &jobs)
        })
        .await
}

/// A job that many members begin.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = StartOfEmployments,
    example = json!({
        "organization_id": "019a9d2e-7b3c-7d10-9c56-3f0a2b1c4d5e",
        "start_date": "2026-11-30",
        "job_title": "Journeyman Wireman",
        "hourly_rate": "62.40",
        "ends_previous": true,
        "members": [{"id": "019a9d2e-7b3c-7d10-9c56-3f0a2b1c4d5f"}]
    })
)]
pub(super) struct StartBody {
    /// Where.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = "uuid")]
    organization_id: Input,
    /// The first day; at most a year ahead.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = Date)]
    start_date: Input,
    /// The last day, which is worked, if it is known.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    end_date: Input,
    /// As what.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 100, pattern = r"\S")]
    job_title: Input,
    /// For how much an hour, in the tenant's currency.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = r"^[0-9]+(\.[0-9]{1,2})?$")]
    hourly_rate: Input,
    /// Whether it ends the jobs that began before it and that it would overlap.
    #[serde(default)]
    #[schema(value_type = bool, default = false)]
    ends_previous: Input,
    /// The members, each once.
    #[serde(default)]
    #[schema(value_type = Vec<MeantBody>, required = true, min_items = 1, max_items = 100)]
    members: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl StartBody {
    /// The job and the members, or every field that is wrong.
    fn command(self) -> Result<(StartMany, Batch<Member>), Problem> {
        let mut reader = Reader::new(&self.unknown);
        let organization = reader.required("organization_id", self.organization_id, Id::parse);
        let start = reader.required("start_date", self.start_date, date);
        let end = reader.optional("end_date", self.end_date, date);
        let job_title = reader.optional("job_title", self.job_title, Line::parse);
        let hourly_rate = reader.optional("hourly_rate", self.hourly_rate, Amount::parse);
        let ends_previous = reader.truth("ends_previous", self.ends_previous);
        let members = meant(&mut reader, "members", self.members);
        let period = start.and_then(|start| {
            Period::new(start, end)
                .map_err(|invalid| reader.wrong("end_date", invalid))
                .ok()
        });
        let new = organization
            .zip(period)
            .map(|(organization, period)| StartMany {
                organization,
                details: EmploymentDetails {
                    period,
                    job_title,
                    hourly_rate,
                },
                ends_previous,
            });
        reader.finish(new.zip(members))
    }
}

/// Starts a job of many members at one organization.
///
/// 1 to 100 members in one transaction, as after a referral, with an answer for each in the same order: what speaks against
/// one, such as another job, keeps no other from it.
#[utoipa::path(
    operation_id = "employments_start_many",
    tag = "employments",
    params(NewTerms),
    request_body = StartBody,
    responses(StartedAnswers)
)]
#[post("/batch/start")]
pub(super) async fn start_many(
    caller: Caller,
    body: Body<StartBody>,
) -> Result<HttpResponse, Problem> {
    let (new, members) = body.parse()?.command()?;
    caller
        .change(body.bytes(), started, move |application, call| {
            application.employments.start_many(call, &new, &members)
        })
        .await
}

fn started(_: &Rendering, answers: &StartedMany) -> StoredAnswer {
    answer::ok(&StartedManyView::from(answers), None)
}

/// What became of many members who were to begin a job.
#[derive(Serialize, ToSchema)]
#[schema(as = StartedEmployments)]
pub(super) struct StartedManyView<'a> {
    /// How many have begun it.
    #[schema(minimum = 0)]
    done: usize,
    /// How many were left as they were.
    #[schema(minimum = 0)]
    refused: usize,
    /// An answer for each, in the order of the request.
    #[schema(value_type = Vec<StartedView>)]
    answers: Vec<StartedView<'a>>,
}

/// What became of one of them.
#[derive(Serialize, ToSchema)]
#[schema(as = StartedEmployment)]
struct StartedView<'a> {
    /// Which member.
    #[schema(value_type = String, format = "uuid")]
    member_id: Shown<MemberId>,
    /// The job; null when it was refused.
    #[schema(value_type = Option<String>, required = true, format = "uuid")]
    employment_id: Option<Shown<EmploymentId>>,
    /// The version of the job; null when it was refused.
    #[schema(required = true, minimum = 1)]
    version: Option<i64>,
    /// What is unusual about it, although it was taken.
    #[schema(value_type = Vec<WarningView>)]
    warnings: Vec<WarningView<'a>>,
    /// The jobs that were ended with it.
    #[schema(value_type = Vec<String>)]
    ended_previous: Vec<Shown<EmploymentId>>,
    /// Why the member was left as they were; null when they were not.
    #[schema(required = true)]
    refusal: Option<BatchRefusalView>,
}

impl<'a> From<&'a StartedMany> for StartedManyView<'a> {
    fn from(answers: &'a StartedMany) -> Self {
        let done = answers.iter().filter(|(_, one)| one.is_ok()).count();
        Self {
            done,
            refused: answers.len().saturating_sub(done),
            answers: answers.iter().map(StartedView::from).collect(),
        }
    }
}

impl<'a> From<&'a (MemberId, Result<Started, EmploymentError>)> for StartedView<'a> {
    fn from((member, outcome): &'a (MemberId, Result<Started, EmploymentError>)) -> Self {
        let started = outcome.as_ref().ok();
        let warnings = started.map(|job| job.warnings.as_slice());
        let ended = started.map(|job| job.ended.as_slice());
        Self {
            member_id: Shown(*member),
            employment_id: started.map(|job| Shown(job.id)),
            version: started.map(|job| job.version.get()),
            warnings: warnings
                .unwrap_or_default()
                .iter()
                .map(WarningView::from)
                .collect(),
            ended_previous: ended
                .unwrap_or_default()
                .iter()
                .copied()
                .map(Shown)
                .collect(),
            refusal: outcome.as_ref().err().map(BatchRefusalView::of),
        }
    }
}

/// `200` with an answer for each member, for the document.
pub(super) struct StartedAnswers(());

impl utoipa::IntoResponses for StartedAnswers {
    fn responses() -> docs::Responses {
        let answer = docs::changed(docs::shows::<StartedManyView<'_>>("An answer for each."));
        docs::with_problems("200", answer, &[400, 401, 403, 409, 413, 415, 422, 503])
    }
}
