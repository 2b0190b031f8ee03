//! What can be said of how an employer stands towards the union.

use serde::Deserialize;
use unionhall_domain::{
    invalid::Invalid,
    salting_scores::{Assessment, SaltingScore},
    text::Prose,
};
use utoipa::ToSchema;

use crate::web::{
    fields::{Input, Reader, Unknown},
    problem::Problem,
};

/// How an employer stands towards the union, and why.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = SetSaltingScore,
    example = json!({
        "score": 4,
        "reason": "The owner has asked what an agreement would cost.",
        "notes": "Former member; his foreman is against it."
    })
)]
pub(super) struct SetSaltingScoreBody {
    /// 1 hostile, 2 resistant, 3 neutral, 4 receptive, 5 supportive; null takes the last score back.
    #[serde(default)]
    #[schema(value_type = Option<u8>, required = true, minimum = 1, maximum = 5)]
    score: Input,
    /// Why it is this score.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 2000, pattern = r"\S")]
    reason: Input,
    /// What else is to be known of the employer.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 10000, pattern = r"\S")]
    notes: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl SetSaltingScoreBody {
    /// The assessment, or every field that is wrong.
    pub(super) fn command(self) -> Result<Assessment, Problem> {
        let mut reader = Reader::new(&self.unknown);
        if self.score == Input::Absent {
            let detail = "must be given; null takes the last one back";
            reader.wrong("score", Invalid::new("required", detail));
        }
        let score = reader.whole_number("score", self.score, SaltingScore::new);
        let reason = reader.required("reason", self.reason, Prose::parse);
        let notes = reader.optional("notes", self.notes, Prose::parse);
        let assessment = reason.map(|reason| Assessment {
            score,
            reason,
            notes,
        });
        reader.finish(assessment)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::web::problem::tests::told;

    fn set(body: Value) -> Result<Assessment, Problem> {
        serde_json::from_value::<SetSaltingScoreBody>(body)
            .unwrap()
            .command()
    }

    #[test]
    fn a_score_is_a_number_or_null_and_needs_a_reason() {
        let receptive = set(json!({"score": 4, "reason": "He called."})).unwrap();
        assert_eq!(receptive.score, Some(SaltingScore::Receptive));
        let taken_back = set(json!({"score": null, "reason": "Another owner."})).unwrap();
        assert_eq!(taken_back.score, None);
        assert_eq!(
            told(set(json!({}))),
            ["/score required", "/reason required"]
        );
        assert_eq!(
            told(set(json!({"score": 6, "reason": " ", "notes": 7}))),
            ["/score out_of_range", "/reason blank", "/notes wrong_type"]
        );
        let words = json!({"score": "receptive", "reason": "He called."});
        assert_eq!(told(set(words)), ["/score wrong_type"]);
    }
}
