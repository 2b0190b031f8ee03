//! How the rules of an agreement are shown.

use jiff::civil::Date;
use serde::Serialize;
use unionhall_domain::collective_agreements::{
    CollectiveAgreementId, Period, RuleKey, RuleSet, StepRule,
};
use utoipa::ToSchema;

use super::super::super::{
    choices::{
        ConsequenceName, DayKindName, DeadlineEventName, DutyName, FirstDayName, GrievanceStepName,
        MailOrderName, RollName, SideName,
    },
    shown::Shown,
};

/// A version of the rules by which an agreement's deadlines are counted.
#[derive(Serialize, ToSchema)]
#[schema(as = AgreementRuleSet)]
pub(super) struct RuleSetView<'a> {
    /// Whose rules they are.
    #[schema(value_type = String, format = "uuid")]
    agreement_id: Shown<CollectiveAgreementId>,
    /// Which version, counted from 1.
    #[schema(minimum = 1)]
    version: i64,
    /// The first day on which grievances are filed under it.
    #[schema(value_type = String, format = Date)]
    effective_from: Shown<Date>,
    /// The rules.
    rules: Vec<RuleView<'a>>,
}

/// A rule: on a step, after an event, a side must do something within some days.
#[derive(Serialize, ToSchema)]
#[schema(as = AgreementRule)]
pub(super) struct RuleView<'a> {
    /// On which step.
    #[schema(value_type = GrievanceStepName)]
    step: &'static str,
    /// Who must do it.
    #[schema(value_type = SideName)]
    side: &'static str,
    /// What they must do.
    #[schema(value_type = DutyName)]
    duty: &'static str,
    /// After which event.
    #[schema(value_type = DeadlineEventName)]
    after: &'static str,
    /// The number of the article that says so.
    article: &'a str,
    /// How many days.
    #[schema(minimum = 1, maximum = 730)]
    days: u16,
    /// Which days count.
    #[schema(value_type = DayKindName)]
    day_kind: &'static str,
    /// Whether the day of the event counts.
    #[schema(value_type = FirstDayName)]
    first_day: &'static str,
    /// What becomes of a last day that is not worked.
    #[schema(value_type = RollName)]
    roll: &'static str,
    /// How many days service by mail adds.
    #[schema(required = true, minimum = 1, maximum = 730)]
    mail_days: Option<u16>,
    /// Which of those days count.
    #[schema(value_type = Option<DayKindName>, required = true)]
    mail_day_kind: Option<&'static str>,
    /// When they are added.
    #[schema(value_type = Option<MailOrderName>, required = true)]
    mail_order: Option<&'static str>,
    /// What it means when it is missed.
    #[schema(value_type = ConsequenceName)]
    missed: &'static str,
}

impl<'a> From<&'a RuleSet> for RuleSetView<'a> {
    fn from(set: &'a RuleSet) -> Self {
        Self {
            agreement_id: Shown(set.agreement()),
            version: set.version().get(),
            effective_from: Shown(set.effective_from()),
            rules: set.rules().iter().map(RuleView::from).collect(),
        }
    }
}

impl<'a> From<&'a StepRule> for RuleView<'a> {
    fn from(rule: &'a StepRule) -> Self {
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
        Self {
            step: step.as_str(),
            side: side.as_str(),
            duty: duty.as_str(),
            after: after.as_str(),
            article: article.as_str(),
            days: days.get(),
            day_kind: kind.as_str(),
            first_day: first_day.as_str(),
            roll: roll.as_str(),
            mail_days: mail.map(|mail| mail.days.get()),
            mail_day_kind: mail.map(|mail| mail.kind.as_str()),
            mail_order: mail.map(|mail| mail.order.as_str()),
            missed: missed.as_str(),
        }
    }
}
