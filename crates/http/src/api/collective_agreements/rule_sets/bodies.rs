//! What can be said of a version of an agreement's rules.

use serde::Deserialize;
use unionhall_application::collective_agreements::NewRuleSet;
use unionhall_domain::{
    collective_agreements::{
        Consequence, DayKind, Days, Duty, EventKind, FirstDay, MOST_RULES, MailDays, MailOrder,
        Period, Roll, RuleKey, Side, StepRule,
    },
    grievances::Step,
    invalid::Invalid,
    text::Line,
};
use utoipa::ToSchema;

use super::super::super::choices::{
    ConsequenceName, DayKindName, DeadlineEventName, DutyName, FirstDayName, GrievanceStepName,
    MailOrderName, RollName, SideName,
};
use crate::web::{
    fields::{Input, Reader, Unknown, date},
    problem::Problem,
};

/// A version of an agreement's rules to be added.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = AddRuleSet,
    example = json!({
        "effective_from": "2026-01-01",
        "rules": [
            {
                "step": "step_1", "side": "employer", "duty": "answer", "after": "filed", "article": "9.2",
                "days": 10, "day_kind": "working", "missed": "advance"
            },
            {
                "step": "step_1", "side": "union", "duty": "advance", "after": "answered", "article": "9.3",
                "days": 15, "day_kind": "calendar", "mail_days": 3, "missed": "forfeit"
            }
        ]
    })
)]
pub(super) struct AddRuleSetBody {
    /// The first day on which grievances are filed under it; the agreement must be in force then.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = Date)]
    effective_from: Input,
    /// The rules, all of them; each step, side, duty and event once.
    #[serde(default)]
    #[schema(value_type = Vec<RuleBody>, required = true, min_items = 1, max_items = 100)]
    rules: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

/// A rule: on a step, after an event, a side must do something within some days.
#[derive(Deserialize, ToSchema)]
#[schema(as = AgreementRuleInput)]
pub(super) struct RuleBody {
    /// On which step.
    #[serde(default)]
    #[schema(value_type = GrievanceStepName, required = true)]
    step: Input,
    /// Who must do it.
    #[serde(default)]
    #[schema(value_type = SideName, required = true)]
    side: Input,
    /// What they must do.
    #[serde(default)]
    #[schema(value_type = DutyName, required = true)]
    duty: Input,
    /// After which event.
    #[serde(default)]
    #[schema(value_type = DeadlineEventName, required = true)]
    after: Input,
    /// The number of the article that says so.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 50, pattern = r"\S")]
    article: Input,
    /// How many days.
    #[serde(default)]
    #[schema(value_type = i64, required = true, minimum = 1, maximum = 730)]
    days: Input,
    /// Which days count.
    #[serde(default)]
    #[schema(value_type = DayKindName, required = true)]
    day_kind: Input,
    /// Whether the day of the event counts; it does not when nothing is said.
    #[serde(default)]
    #[schema(value_type = Option<FirstDayName>)]
    first_day: Input,
    /// What becomes of a last day that is not worked; it moves to the next working day when nothing is said.
    #[serde(default)]
    #[schema(value_type = Option<RollName>)]
    roll: Input,
    /// How many days service by mail adds; none when nothing is said.
    #[serde(default)]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 730)]
    mail_days: Input,
    /// Which of those days count; all of them when nothing is said.
    #[serde(default)]
    #[schema(value_type = Option<DayKindName>)]
    mail_day_kind: Input,
    /// When they are added; after the last day has moved when nothing is said.
    #[serde(default)]
    #[schema(value_type = Option<MailOrderName>)]
    mail_order: Input,
    /// What it means when it is missed: for the union forfeit, advance or none, for the employer advance, granted or
    /// none.
    #[serde(default)]
    #[schema(value_type = ConsequenceName, required = true)]
    missed: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl AddRuleSetBody {
    /// The rules, or every field that is wrong.
    pub(super) fn command(self) -> Result<NewRuleSet, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let effective_from = reader.required("effective_from", self.effective_from, date);
        let rules = reader.objects("rules", self.rules, MOST_RULES, RuleBody::read);
        let all = effective_from
            .zip(rules)
            .map(|(effective_from, rules)| NewRuleSet {
                effective_from,
                rules,
            });
        reader.finish(all)
    }
}

impl RuleBody {
    fn read(self, reader: &mut Reader) -> Option<StepRule> {
        reader.refuse(&self.unknown);
        let step = reader.required("step", self.step, Step::parse);
        let side = reader.required("side", self.side, Side::parse);
        let duty = reader.required("duty", self.duty, Duty::parse);
        let after = reader.required("after", self.after, EventKind::parse);
        let article = reader.required("article", self.article, Line::parse);
        if matches!(
            self.days,
            Input::Absent | Input::Present(serde_json::Value::Null)
        ) {
            reader.wrong("days", Invalid::new("required", "must be given"));
        }
        let days = reader.whole_number("days", self.days, of_days);
        let kind = reader.required("day_kind", self.day_kind, DayKind::parse);
        let first_day = reader.optional("first_day", self.first_day, FirstDay::parse);
        let roll = reader.optional("roll", self.roll, Roll::parse);
        let mail_days = reader.whole_number("mail_days", self.mail_days, of_days);
        let mail_kind = reader.optional("mail_day_kind", self.mail_day_kind, DayKind::parse);
        let mail_order = reader.optional("mail_order", self.mail_order, MailOrder::parse);
        let missed = reader.required("missed", self.missed, Consequence::parse);
        Some(StepRule {
            key: RuleKey {
                step: step?,
                side: side?,
                duty: duty?,
                after: after?,
            },
            article: article?,
            period: Period {
                days: days?,
                kind: kind?,
                first_day: first_day.unwrap_or(FirstDay::NotCounted),
                roll: roll.unwrap_or(Roll::NextWorkingDay),
                mail: mail_days.map(|days| MailDays {
                    days,
                    kind: mail_kind.unwrap_or(MailDays::FEDERAL.kind),
                    order: mail_order.unwrap_or(MailDays::FEDERAL.order),
                }),
            },
            missed: missed?,
        })
    }
}

fn of_days(number: i64) -> Result<Days, Invalid> {
    // What does not fit is as much out of range as zero is.
    Days::new(u16::try_from(number).unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::web::problem::tests::told;

    fn add(body: Value) -> Result<NewRuleSet, Problem> {
        serde_json::from_value::<AddRuleSetBody>(body)
            .unwrap()
            .command()
    }

    fn rule() -> Value {
        json!({
            "step": "step_1", "side": "employer", "duty": "answer", "after": "filed", "article": "9.2", "days": 10,
            "day_kind": "working", "missed": "advance"
        })
    }

    #[test]
    fn a_rule_that_is_silent_counts_as_the_courts_do() {
        let body = json!({"effective_from": "2026-01-01", "rules": [rule()]});
        let period = add(body).unwrap().rules.remove(0).period;
        let expected = Period {
            days: Days::new(10).unwrap(),
            kind: DayKind::Working,
            first_day: FirstDay::NotCounted,
            roll: Roll::NextWorkingDay,
            mail: None,
        };
        assert_eq!(period, expected);
    }

    #[test]
    fn days_for_mail_are_those_of_the_courts_when_only_their_number_is_said() {
        let mut rule = rule();
        rule["mail_days"] = json!(3);
        let body = json!({"effective_from": "2026-01-01", "rules": [rule]});
        let period = add(body).unwrap().rules.remove(0).period;
        assert_eq!(period.mail, Some(MailDays::FEDERAL));
    }

    #[test]
    fn every_wrong_field_of_a_rule_is_told_at_its_place() {
        let body = json!({
            "effective_from": "soon",
            "rules": [{"step": "step_9", "side": "x", "duty": "x", "after": "x", "days": 70_000, "day_kind": "x",
                "first_day": "x", "roll": "x", "mail_days": 0, "mail_day_kind": "x", "mail_order": "x", "hours": 1}]
        });
        assert_eq!(
            told(add(body)),
            [
                "/effective_from not_a_date",
                "/rules/0/hours unknown_field",
                "/rules/0/step unknown_value",
                "/rules/0/side unknown_value",
                "/rules/0/duty unknown_value",
                "/rules/0/after unknown_value",
                "/rules/0/article required",
                "/rules/0/days out_of_range",
                "/rules/0/day_kind unknown_value",
                "/rules/0/first_day unknown_value",
                "/rules/0/roll unknown_value",
                "/rules/0/mail_days out_of_range",
                "/rules/0/mail_day_kind unknown_value",
                "/rules/0/mail_order unknown_value",
                "/rules/0/missed required"
            ]
        );
    }
}
