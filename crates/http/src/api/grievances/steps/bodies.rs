//! What can be said of a meeting.

use serde::Deserialize;
use serde_json::Value;
use unionhall_application::grievances::{RecordStep, StepOutcome};
use unionhall_domain::{
    grievances::{Meeting, Outcome},
    invalid::Invalid,
    money::Amount,
    text::Prose,
};
use utoipa::ToSchema;

use super::super::super::choices::MeetingOutcomeName;
use crate::web::{
    fields::{Input, Reader, Unknown, date},
    problem::Problem,
};

/// A meeting to be recorded.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = RecordStep,
    example = json!({
        "meeting_date": "2026-11-20",
        "union_attendees": "A. Voltz (steward)",
        "employer_attendees": "B. Ohm (foreman)",
        "outcome": "settled",
        "resolution": "Sixteen hours of overtime are paid.",
        "settlement_amount": "1250.00"
    })
)]
pub(super) struct RecordStepBody {
    /// The day of the meeting: not before the filing, and not in the future.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = Date)]
    meeting_date: Input,
    /// Who was there for the union.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 2000, pattern = r"\S")]
    union_attendees: Input,
    /// Who was there for the employer.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 2000, pattern = r"\S")]
    employer_attendees: Input,
    /// How it ended.
    #[serde(default)]
    #[schema(value_type = MeetingOutcomeName, required = true)]
    outcome: Input,
    /// What was agreed: with the outcome `settled` it must be there, and with another it must not.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 20000, pattern = r"\S")]
    resolution: Input,
    /// The money in it, only with the outcome `settled`.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = r"^[0-9]{1,10}(\.[0-9]{1,2})?$")]
    settlement_amount: Input,
    /// Free notes.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 10000, pattern = r"\S")]
    notes: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

/// An outcome's name, before it is known what belongs to it.
#[derive(Clone, Copy)]
enum Ending {
    Denied,
    Advanced,
    Settled,
}

impl RecordStepBody {
    /// The meeting, or every field that is wrong.
    pub(super) fn command(self) -> Result<RecordStep, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let day = reader.required("meeting_date", self.meeting_date, date);
        let union_attendees =
            reader.optional("union_attendees", self.union_attendees, Prose::parse);
        let employer_attendees =
            reader.optional("employer_attendees", self.employer_attendees, Prose::parse);
        let ending = reader.required("outcome", self.outcome, ending);
        let outcome = ending.and_then(|ending| match ending {
            Ending::Settled => settled(&mut reader, self.resolution, self.settlement_amount),
            Ending::Denied | Ending::Advanced => {
                only_settled(&mut reader, "resolution", &self.resolution);
                only_settled(&mut reader, "settlement_amount", &self.settlement_amount);
                Some(match ending {
                    Ending::Advanced => StepOutcome::Advanced,
                    Ending::Denied | Ending::Settled => StepOutcome::Denied,
                })
            }
        });
        let notes = reader.optional("notes", self.notes, Prose::parse);
        let step = day.zip(outcome).map(|(date, outcome)| RecordStep {
            meeting: Meeting {
                date,
                union_attendees,
                employer_attendees,
                notes,
            },
            outcome,
        });
        reader.finish(step)
    }
}

fn settled(reader: &mut Reader, resolution: Input, amount: Input) -> Option<StepOutcome> {
    let resolution = reader.required("resolution", resolution, Prose::parse);
    let amount = reader.optional("settlement_amount", amount, Amount::parse);
    resolution.map(|resolution| StepOutcome::Settled { resolution, amount })
}

fn only_settled(reader: &mut Reader, name: &'static str, input: &Input) {
    match input {
        Input::Absent | Input::Present(Value::Null) => {}
        Input::Present(_) => {
            let invalid = Invalid::new("not_settled", "is said only with the outcome settled");
            reader.wrong(name, invalid);
        }
    }
}

fn ending(text: &str) -> Result<Ending, Invalid> {
    match text {
        "denied" => Ok(Ending::Denied),
        "advanced" => Ok(Ending::Advanced),
        "settled" => Ok(Ending::Settled),
        _ => {
            let names = Outcome::NAMES.join(", ");
            Err(Invalid::new(
                "unknown_value",
                format!("must be one of {names}"),
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::web::problem::tests::told;

    fn record(body: Value) -> Result<RecordStep, Problem> {
        serde_json::from_value::<RecordStepBody>(body)
            .unwrap()
            .command()
    }

    #[test]
    fn every_outcome_of_the_domain_is_an_outcome_here() {
        assert!(Outcome::NAMES.into_iter().all(|name| ending(name).is_ok()));
    }

    #[test]
    fn each_outcome_carries_what_belongs_to_it() {
        let outcome = |body| record(body).unwrap().outcome;
        let day = "2026-11-20";
        assert_eq!(
            outcome(json!({"meeting_date": day, "outcome": "denied"})),
            StepOutcome::Denied
        );
        assert_eq!(
            outcome(json!({"meeting_date": day, "outcome": "advanced", "resolution": null})),
            StepOutcome::Advanced
        );
        let settled = json!({
            "meeting_date": day, "outcome": "settled", "resolution": "Paid.",
            "settlement_amount": "1250.5"
        });
        assert_eq!(
            outcome(settled),
            StepOutcome::Settled {
                resolution: Prose::parse("Paid.").unwrap(),
                amount: Some(Amount::from_minor(125_050).unwrap()),
            }
        );
    }

    #[test]
    fn every_field_is_checked_and_all_that_are_wrong_are_told() {
        let table = [
            (
                json!({}),
                vec!["/meeting_date required", "/outcome required"],
            ),
            (
                json!({"meeting_date": "2026-11-20", "outcome": "settled"}),
                vec!["/resolution required"],
            ),
            (
                json!({
                    "meeting_date": "2026-11-20", "outcome": "denied", "resolution": "x",
                    "settlement_amount": "1"
                }),
                vec!["/resolution not_settled", "/settlement_amount not_settled"],
            ),
            (
                json!({
                    "meeting_date": "20 November", "union_attendees": "", "employer_attendees": 1,
                    "outcome": "won", "notes": " ", "minutes": "x"
                }),
                vec![
                    "/minutes unknown_field",
                    "/meeting_date not_a_date",
                    "/union_attendees blank",
                    "/employer_attendees wrong_type",
                    "/outcome unknown_value",
                    "/notes blank",
                ],
            ),
            (
                json!({
                    "meeting_date": "2026-11-20", "outcome": "settled", "resolution": "x",
                    "settlement_amount": "1,250"
                }),
                vec!["/settlement_amount not_an_amount"],
            ),
        ];
        for (body, expected) in table {
            assert_eq!(told(record(body)), expected);
        }
    }
}
