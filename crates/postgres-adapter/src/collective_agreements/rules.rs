//! A rule as JSON: in the versions of an agreement's rules, and in what deadlines were counted by.

use serde_json::{Value, json};
use unionhall_domain::{
    collective_agreements::{
        Consequence, DayKind, Days, Duty, EventKind, FirstDay, MailDays, MailOrder, Period, Roll,
        RuleKey, Side, StepRule,
    },
    grievances::Step,
    text::Line,
};

use crate::{errors::InconsistentRow, json::StoredJson};

/// The rule as it is kept.
pub(crate) fn to_json(rule: &StepRule) -> Value {
    let StepRule {
        key,
        article,
        period,
        missed,
    } = rule;
    let RuleKey {
        step,
        side,
        duty,
        after,
    } = key;
    let Period {
        days,
        kind,
        first_day,
        roll,
        mail,
    } = period;
    json!({
        "step": step.as_str(),
        "side": side.as_str(),
        "duty": duty.as_str(),
        "after": after.as_str(),
        "article": article.as_str(),
        "days": days.get(),
        "kind": kind.as_str(),
        "first_day": first_day.as_str(),
        "roll": roll.as_str(),
        "mail": mail.map(|mail| json!({
            "days": mail.days.get(), "kind": mail.kind.as_str(), "order": mail.order.as_str()
        })),
        "missed": missed.as_str(),
    })
}

/// The rule as it was kept.
pub(crate) fn from_json(rule: StoredJson<'_>) -> Result<StepRule, InconsistentRow> {
    let mail = |mail: StoredJson<'_>| {
        Ok::<_, InconsistentRow>(MailDays {
            days: days(mail)?,
            kind: mail.parsed("kind", DayKind::parse)?,
            order: mail.parsed("order", MailOrder::parse)?,
        })
    };
    Ok(StepRule {
        key: RuleKey {
            step: rule.parsed("step", Step::parse)?,
            side: rule.parsed("side", Side::parse)?,
            duty: rule.parsed("duty", Duty::parse)?,
            after: rule.parsed("after", EventKind::parse)?,
        },
        article: rule.parsed("article", Line::parse)?,
        period: Period {
            days: days(rule)?,
            kind: rule.parsed("kind", DayKind::parse)?,
            first_day: rule.parsed("first_day", FirstDay::parse)?,
            roll: rule.parsed("roll", Roll::parse)?,
            mail: rule.optional_member("mail").map(mail).transpose()?,
        },
        missed: rule.parsed("missed", Consequence::parse)?,
    })
}

/// The member `days`.
pub(crate) fn days(value: StoredJson<'_>) -> Result<Days, InconsistentRow> {
    value.checked("days", Days::new(value.number("days")?))
}
