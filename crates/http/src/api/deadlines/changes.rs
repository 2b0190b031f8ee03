//! What would change if running deadlines were counted again, and an officer's word that it shall.

use actix_web::{HttpResponse, get, post};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use unionhall_application::{
    StoredAnswer,
    deadlines::{MOST, OnDay, Preview, Recount, Recounted},
    error::Code,
};
use unionhall_domain::{
    collective_agreements::CollectiveAgreementId,
    deadlines::{Cause, DeadlineId, Difference, Effect},
    grievances::GrievanceId,
    ids::Id,
    invalid::Invalid,
    version::Version,
};
use utoipa::{
    ToSchema,
    openapi::{
        ObjectBuilder, Type,
        path::{Parameter, ParameterIn},
    },
};

use super::super::{
    choices::DifferenceName,
    docs::{self, NewTerms},
    routes::Routes,
    shown::Shown,
};
use crate::web::{
    answer::{self, Rendering},
    body::Body,
    caller::Caller,
    fields::{Input, Reader, Unknown, date},
    problem::Problem,
    query::Query,
};

/// What can become of a deadline.
pub(in crate::api) const EFFECTS: [&str; 4] = ["moves", "rests", "no_rule", "fails"];

/// The routes, in the order of the document.
pub(super) fn routes(routes: &mut Routes<'_, '_>) {
    routes.schema::<ChangesView>().add(preview).add(confirm);
}

/// Shows which running deadlines would change if they were counted again, and why; nothing does.
///
/// They are counted with the holiday calendars as they are now: all of them, or those of one agreement, and these by a
/// version of its rules if one is named too. The 2,000 that are due first are looked at; where there are `more`,
/// confirm these, and go on with `due_from` the day in `looked_until`.
#[utoipa::path(
    operation_id = "deadlines_changes",
    tag = "deadlines",
    params(Wanted),
    responses(Shows)
)]
#[get("/changes")]
async fn preview(caller: Caller) -> Result<HttpResponse, Problem> {
    let recount = wanted(caller.query())?;
    let shown = caller
        .read(move |application, call| application.deadlines.changes(call, recount))
        .await?;
    Ok(answer::json(&ChangesView::from(&shown.found)))
}

/// Lets the deadlines change as they were shown.
///
/// The fingerprint stands for all that was shown. When something else would change by now, nothing does, and the
/// answer is `409`.
#[utoipa::path(
    operation_id = "deadlines_confirm_changes",
    tag = "deadlines",
    params(NewTerms),
    request_body = ConfirmBody,
    responses(Confirmed)
)]
#[post("/changes")]
async fn confirm(caller: Caller, body: Body<ConfirmBody>) -> Result<HttpResponse, Problem> {
    let (recount, fingerprint) = body.parse()?.command()?;
    caller
        .change(body.bytes(), confirmed, move |application, call| {
            let deadlines = &application.deadlines;
            deadlines.confirm_changes(call, recount, &fingerprint)
        })
        .await
}

fn confirmed(_: &Rendering, shown: &OnDay<Preview>) -> StoredAnswer {
    answer::ok(&ChangesView::from(&shown.found), None)
}

fn wanted(mut query: Query) -> Result<Recount, Problem> {
    let agreement = query.optional("agreement_id", Id::parse);
    let rules = query.optional("rules_version", |text| version(text.parse().unwrap_or(0)));
    let due_from = query.optional("due_from", date);
    if rules.is_some() && agreement.is_none() {
        let detail = "rules_version is that of an agreement: name agreement_id too";
        return Err(Problem::new(Code::BadRequest, detail));
    }
    query.finish(recount(agreement, rules, due_from))
}

fn recount(
    agreement: Option<CollectiveAgreementId>,
    rules: Option<Version>,
    due_from: Option<Date>,
) -> Recount {
    let agreement = agreement.map(|agreement| Recounted { agreement, rules });
    Recount {
        agreement,
        due_from,
    }
}

fn version(number: i64) -> Result<Version, Invalid> {
    Version::new(number).ok_or_else(|| Invalid::new("out_of_range", "must be at least 1"))
}

/// What is confirmed.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = ConfirmDeadlineChanges,
    example = json!({"fingerprint": "8c1f6a0e5f0a4c1c8d6c0f1be1d3b7a1f28f0a7d6f3c9d2b5e4a1908f7c6d5e4"})
)]
struct ConfirmBody {
    /// The fingerprint of what was shown.
    #[serde(default)]
    #[schema(value_type = String, required = true, pattern = "^[0-9a-f]{64}$")]
    fingerprint: Input,
    /// The agreement that was named.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    agreement_id: Input,
    /// The version of its rules that was named.
    #[serde(default)]
    #[schema(value_type = Option<i64>, minimum = 1)]
    rules_version: Input,
    /// The day that was named.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    due_from: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl ConfirmBody {
    fn command(self) -> Result<(Recount, String), Problem> {
        let mut reader = Reader::new(&self.unknown);
        let fingerprint = reader.required("fingerprint", self.fingerprint, fingerprint);
        let agreement = reader.optional("agreement_id", self.agreement_id, Id::parse);
        let rules = reader.whole_number("rules_version", self.rules_version, version);
        let due_from = reader.optional("due_from", self.due_from, date);
        if rules.is_some() && agreement.is_none() {
            let detail = "must be named where a version of its rules is";
            reader.wrong("agreement_id", Invalid::new("required", detail));
        }
        let recount = recount(agreement, rules, due_from);
        reader.finish(fingerprint.map(|fingerprint| (recount, fingerprint)))
    }
}

fn fingerprint(text: &str) -> Result<String, Invalid> {
    let hex = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    if text.len() == 64 && text.as_bytes().iter().all(hex) {
        Ok(text.to_owned())
    } else {
        let detail = "must be the fingerprint of what was shown";
        Err(Invalid::new("not_a_fingerprint", detail))
    }
}

/// What would change.
#[derive(Serialize, ToSchema)]
#[schema(as = DeadlineChanges)]
struct ChangesView {
    /// Stands for all of it: send it to let the deadlines change so.
    fingerprint: String,
    /// The deadlines that would change, or cannot be counted.
    differences: Vec<DifferenceView>,
    /// How many would stay as they are.
    #[schema(minimum = 0)]
    unchanged: usize,
    /// How many are looked at at most, those that are due first.
    #[schema(minimum = 0)]
    limit: u16,
    /// Whether there are running deadlines that were not looked at.
    more: bool,
    /// The last day of those that were looked at: where there are more, go on with `due_from` this day.
    #[schema(value_type = Option<String>, format = Date, required = true)]
    looked_until: Option<Shown<Date>>,
}

/// What would change of a deadline.
#[derive(Serialize, ToSchema)]
#[schema(as = DeadlineChange)]
struct DifferenceView {
    /// Which deadline.
    #[schema(value_type = String, format = "uuid")]
    deadline_id: Shown<DeadlineId>,
    /// Of which grievance.
    #[schema(value_type = String, format = "uuid")]
    grievance_id: Shown<GrievanceId>,
    /// The number of that grievance.
    #[schema(required = true)]
    grievance_number: Option<String>,
    /// What would become of it: it `moves` to another day, `rests` on its day for other reasons, has `no_rule` any
    /// more, or counting `fails`; the last two stay as they are.
    #[schema(value_type = DifferenceName)]
    effect: &'static str,
    /// Its last day as it is.
    #[schema(value_type = String, format = Date)]
    before: Shown<Date>,
    /// Its last day as it would be.
    #[schema(value_type = Option<String>, format = Date, required = true)]
    after: Option<Shown<Date>>,
    /// By how many days it would move; negative when it would be earlier.
    #[schema(required = true)]
    days: Option<i32>,
    /// Which versions would be others.
    causes: Vec<CauseView>,
    /// All of it in a sentence.
    sentence: String,
}

/// A version that would be another.
#[derive(Serialize, ToSchema)]
#[schema(as = DeadlineChangeCause)]
struct CauseView {
    /// The year of the holiday calendar; null for the rules.
    #[schema(required = true)]
    calendar_year: Option<i16>,
    /// The version it was counted with.
    #[schema(required = true)]
    from_version: Option<i64>,
    /// The version it would be counted with.
    #[schema(required = true)]
    to_version: Option<i64>,
}

impl From<&Preview> for ChangesView {
    fn from(shown: &Preview) -> Self {
        let Preview {
            comparison,
            cases,
            more,
            fingerprint,
        } = shown;
        let number = |id: DeadlineId| {
            let mut cases = cases.iter();
            let found = cases.find(|case| case.deadline.id == id);
            found.map(|case| case.number.to_string())
        };
        let view = |difference| DifferenceView::new(difference, &number);
        Self {
            fingerprint: fingerprint.clone(),
            differences: comparison.differences.iter().map(view).collect(),
            unchanged: comparison.unchanged,
            limit: MOST,
            more: *more,
            looked_until: cases.last().map(|case| Shown(case.deadline.due())),
        }
    }
}

impl DifferenceView {
    fn new(difference: &Difference, number: &dyn Fn(DeadlineId) -> Option<String>) -> Self {
        let [moves, rests, no_rule, fails] = EFFECTS;
        let Difference {
            deadline,
            grievance,
            seen: _,
            before,
            effect,
            causes,
        } = difference;
        let (name, after) = match effect {
            Effect::Moves(after) => (moves, Some(after.due)),
            Effect::Rests(after) => (rests, Some(after.due)),
            Effect::NoRule => (no_rule, None),
            Effect::Fails(_) => (fails, None),
        };
        Self {
            deadline_id: Shown(*deadline),
            grievance_id: Shown(*grievance),
            grievance_number: number(*deadline),
            effect: name,
            before: Shown(*before),
            after: after.map(Shown),
            days: difference.days(),
            causes: causes.iter().map(CauseView::from).collect(),
            sentence: difference.sentence(),
        }
    }
}

impl From<&Cause> for CauseView {
    fn from(cause: &Cause) -> Self {
        match cause {
            Cause::Rules { from, to } => Self {
                calendar_year: None,
                from_version: Some(from.get()),
                to_version: Some(to.get()),
            },
            Cause::Calendar { year, from, to } => Self {
                calendar_year: Some(*year),
                from_version: from.map(Version::get),
                to_version: to.map(Version::get),
            },
        }
    }
}

/// The parameters, for the document.
struct Wanted(());

impl utoipa::IntoParams for Wanted {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let number = ObjectBuilder::new()
            .schema_type(Type::Integer)
            .minimum(Some(1));
        vec![
            docs::query(
                "agreement_id",
                docs::uuid(),
                "Only those of this agreement.",
            ),
            docs::query(
                "rules_version",
                number,
                "Counted by this version of the agreement's rules; each by its own when nothing is said.",
            ),
            docs::query(
                "due_from",
                docs::formatted("date"),
                "Only those that are due on this day or later.",
            ),
        ]
    }
}

/// The answers of the preview, for the document.
struct Shows(());

impl utoipa::IntoResponses for Shows {
    fn responses() -> docs::Responses {
        let answer = docs::shows::<ChangesView>("What would change.");
        docs::with_problems("200", answer, &[400, 401, 403, 404, 503])
    }
}

/// The answers of the confirmation, for the document.
struct Confirmed(());

impl utoipa::IntoResponses for Confirmed {
    fn responses() -> docs::Responses {
        let answer = docs::changed(docs::shows::<ChangesView>("What was changed."));
        let problems = &[400, 401, 403, 404, 409, 413, 415, 422, 503];
        docs::with_problems("200", answer, problems)
    }
}
