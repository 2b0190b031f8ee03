//! What can be said of a review, and in answer to its question.

use serde::Deserialize;
use serde_json::Value;
use unionhall_application::benevolence::ReviewApplication;
use unionhall_domain::{
    benevolence::{Decision, Level, Verdict},
    invalid::Invalid,
    money::Amount,
    text::Prose,
};
use utoipa::ToSchema;

use super::super::super::choices::{ReviewDecisionName, ReviewLevelName};
use crate::web::{
    fields::{Input, Reader, Unknown},
    problem::Problem,
};

/// A review to be given.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = ReviewApplication,
    example = json!({
        "review_level": "vp",
        "decision": "approved",
        "amount": "900.00",
        "comments": "The rent is documented; the car is not."
    })
)]
pub(super) struct ReviewBody {
    /// The level that decides: the one that is due, where the caller has a seat.
    #[serde(default)]
    #[schema(value_type = ReviewLevelName, required = true)]
    review_level: Input,
    /// What it decides.
    #[serde(default)]
    #[schema(value_type = ReviewDecisionName, required = true)]
    decision: Input,
    /// With `approved` alone: 0.01 up to what is asked. The last level grants it, the others recommend it.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = r"^[0-9]{1,10}(\.[0-9]{1,2})?$")]
    amount: Input,
    /// With everything but `approved`: why, or what the applicant is asked.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 2000, pattern = r"\S")]
    reason: Input,
    /// For the other reviewers.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 10000, pattern = r"\S")]
    comments: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl ReviewBody {
    /// The review, or every field that is wrong.
    pub(super) fn command(self) -> Result<ReviewApplication, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let level = reader.required("review_level", self.review_level, Level::parse);
        let decision = reader.required("decision", self.decision, Decision::parse);
        let (amount, reason) = (self.amount, self.reason);
        let verdict = decision.and_then(|decision| match decision {
            Decision::Approved => {
                no(&mut reader, "reason", &reason, "not with approved");
                let amount = reader.required("amount", amount, Amount::parse);
                amount.map(Verdict::Approve)
            }
            Decision::Denied => said(&mut reader, &amount, reason).map(Verdict::Deny),
            Decision::NeedsInfo => said(&mut reader, &amount, reason).map(Verdict::Ask),
            Decision::Deferred => said(&mut reader, &amount, reason).map(Verdict::Defer),
        });
        let comments = reader.optional("comments", self.comments, Prose::parse);
        let command = level
            .zip(verdict)
            .map(|(level, verdict)| ReviewApplication {
                level,
                verdict,
                comments,
            });
        reader.finish(command)
    }
}

/// The reason of a verdict that names no amount.
fn said(reader: &mut Reader, amount: &Input, reason: Input) -> Option<Prose<2_000>> {
    no(reader, "amount", amount, "only with approved");
    reader.required("reason", reason, Prose::parse)
}

fn no(reader: &mut Reader, name: &'static str, input: &Input, when: &str) {
    match input {
        Input::Absent | Input::Present(Value::Null) => {}
        Input::Present(_) => {
            let detail = format!("is said {when}");
            reader.wrong(name, Invalid::new("not_of_the_decision", detail));
        }
    }
}

/// An answer to the question that an application waits for.
#[derive(Deserialize, ToSchema)]
#[schema(as = AnswerQuestion, example = json!({"answer": "The rent is 600 a month."}))]
pub(super) struct AnswerBody {
    /// The answer, in words.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 10000, pattern = r"\S")]
    answer: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl AnswerBody {
    /// The answer, or what is wrong with it.
    pub(super) fn command(self) -> Result<Prose<10_000>, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let answer = reader.required("answer", self.answer, Prose::parse);
        reader.finish(answer)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::web::problem::tests::told;

    fn review(body: Value) -> Result<ReviewApplication, Problem> {
        serde_json::from_value::<ReviewBody>(body)
            .unwrap()
            .command()
    }

    #[test]
    fn each_decision_carries_what_belongs_to_it() {
        let approved = json!({"review_level": "vp", "decision": "approved", "amount": "12.5"});
        let expected = Verdict::Approve(Amount::from_minor(1_250).unwrap());
        assert_eq!(review(approved).unwrap().verdict, expected);
        for decision in [Decision::Denied, Decision::NeedsInfo, Decision::Deferred] {
            let body = json!({
                "review_level": "admin", "decision": decision.as_str(), "reason": "Why."
            });
            assert_eq!(review(body).unwrap().verdict.decision(), decision);
        }
    }

    #[test]
    fn every_field_is_checked_and_all_that_are_wrong_are_told() {
        let table = [
            (
                json!({}),
                vec!["/review_level required", "/decision required"],
            ),
            (
                json!({"review_level": "vp", "decision": "approved", "reason": "Yes."}),
                vec!["/reason not_of_the_decision", "/amount required"],
            ),
            (
                json!({"review_level": "boss", "decision": "denied", "amount": "1", "comments": " "}),
                vec![
                    "/review_level unknown_value",
                    "/amount not_of_the_decision",
                    "/reason required",
                    "/comments blank",
                ],
            ),
        ];
        for (body, expected) in table {
            assert_eq!(told(review(body)), expected);
        }
    }
}
