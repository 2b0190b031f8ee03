//! How a deadline is shown: the day, what it means, and how it was found.

use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use unionhall_application::CaseDeadline;
use unionhall_domain::{
    collective_agreements::CollectiveAgreementId,
    deadlines::{
        Accord, Count, Deadline, DeadlineId, DeadlineState, Derivation, Extended, OffDay, Rolled,
        Stage,
    },
    grievances::GrievanceId,
    holidays::{DayOff, Holiday, weekday_as_str},
    organizations::OrganizationId,
    users::UserId,
};
use utoipa::ToSchema;

use super::super::{
    choices::{
        ConsequenceName, DeadlineActionName, DeadlineEventName, DeadlineStageName, DutyName,
        GrievanceStepName, OneDeadlineStatusName, ServiceName, SideName,
    },
    shown::Shown,
};
use crate::web::answer::Rendering;

/// The names of the steps of a working.
pub(in crate::api) const STAGES: [&str; 5] =
    ["counted", "mail_added", "rolled", "stands", "extended"];

/// A day by which one of the sides must have done something for a grievance.
#[derive(Serialize, ToSchema)]
#[schema(as = Deadline)]
pub(in crate::api) struct DeadlineView<'a> {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<DeadlineId>,
    /// The grievance it belongs to.
    #[schema(value_type = String, format = "uuid")]
    grievance_id: Shown<GrievanceId>,
    /// The number of that grievance.
    grievance_number: String,
    /// Against whom the grievance is.
    #[schema(value_type = String, format = "uuid")]
    employer_id: Shown<OrganizationId>,
    /// The user who represents the member.
    #[schema(value_type = Option<String>, format = "uuid", required = true)]
    assigned_representative_id: Option<Shown<UserId>>,
    /// The user who is the steward.
    #[schema(value_type = Option<String>, format = "uuid", required = true)]
    steward_id: Option<Shown<UserId>>,
    /// The agreement by whose rules it is counted.
    #[schema(value_type = String, format = "uuid")]
    agreement_id: Shown<CollectiveAgreementId>,
    /// Which version of those rules.
    #[schema(minimum = 1)]
    rules_version: i64,
    /// The article that says so.
    article: &'a str,
    /// On which step.
    #[schema(value_type = GrievanceStepName)]
    step: &'static str,
    /// Who must do it.
    #[schema(value_type = SideName)]
    side: &'static str,
    /// What they must do.
    #[schema(value_type = DutyName)]
    duty: &'static str,
    /// The event that it is counted from.
    #[schema(value_type = DeadlineEventName)]
    event: &'static str,
    /// The day of that event.
    #[schema(value_type = String, format = Date)]
    event_date: Shown<Date>,
    /// How that event reached the side that has to act.
    #[schema(value_type = ServiceName)]
    service: &'static str,
    /// The last day on which it can be met.
    #[schema(value_type = String, format = Date)]
    due_date: Shown<Date>,
    /// How many calendar days are left; negative when it is over.
    days_left: i32,
    /// Where it stands.
    #[schema(value_type = OneDeadlineStatusName)]
    status: &'static str,
    /// Whether it went by without anybody having said so.
    is_overdue: bool,
    /// What it means when it is missed. Nothing of it is done by itself.
    #[schema(value_type = ConsequenceName)]
    consequence: &'static str,
    /// The day on which it was met.
    #[schema(value_type = Option<String>, format = Date, required = true)]
    met_on: Option<Shown<Date>>,
    /// The day on which somebody said that it was missed.
    #[schema(value_type = Option<String>, format = Date, required = true)]
    noticed_on: Option<Shown<Date>>,
    /// What the sides agreed on when they let it go.
    #[schema(required = true)]
    waived: Option<AccordView<'a>>,
    /// How the day was found.
    derivation: DerivationView<'a>,
    /// What you may do with it now.
    #[schema(value_type = Vec<DeadlineActionName>)]
    allowed_actions: Vec<&'static str>,
    /// Counts the changes of the record.
    #[schema(minimum = 1)]
    version: i64,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    created_at: Shown<Timestamp>,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Shown<Timestamp>,
}

/// How a deadline was found.
#[derive(Serialize, ToSchema)]
#[schema(as = DeadlineDerivation)]
pub(super) struct DerivationView<'a> {
    /// The working in sentences, made of its steps.
    sentences: String,
    /// The steps of the working, in their order.
    stages: Vec<StageView<'a>>,
    /// Which version of each year's holiday calendar was used.
    calendars: Vec<CalendarUsed>,
}

/// A step of the working.
#[derive(Serialize, ToSchema)]
#[schema(as = DeadlineStage)]
struct StageView<'a> {
    /// What was done.
    #[schema(value_type = DeadlineStageName)]
    kind: &'static str,
    /// The day with which it began.
    #[schema(value_type = String, format = Date)]
    from: Shown<Date>,
    /// The day to which it led.
    #[schema(value_type = String, format = Date)]
    to: Shown<Date>,
    /// How many days were counted, where some were.
    #[schema(required = true)]
    days: Option<u16>,
    /// The days that did not count.
    skipped: Vec<SkippedView<'a>>,
    /// What the sides agreed on, where they did.
    #[schema(required = true)]
    accord: Option<AccordView<'a>>,
}

/// A day that did not count.
#[derive(Serialize, ToSchema)]
#[schema(as = SkippedDay)]
struct SkippedView<'a> {
    /// The day.
    #[schema(value_type = String, format = Date)]
    date: Shown<Date>,
    /// The weekday that is not worked, or the name of the holiday.
    why: &'a str,
}

/// A version of a year's calendar.
#[derive(Serialize, ToSchema)]
#[schema(as = CalendarUsed)]
struct CalendarUsed {
    /// The year.
    year: i16,
    /// The version.
    #[schema(minimum = 1)]
    version: i64,
}

/// What the sides agreed on.
#[derive(Serialize, ToSchema)]
#[schema(as = DeadlineAccord)]
struct AccordView<'a> {
    /// The day on which they agreed.
    #[schema(value_type = String, format = Date)]
    agreed_on: Shown<Date>,
    /// Who agreed for the union.
    for_union: &'a str,
    /// Who agreed for the employer.
    for_employer: &'a str,
    /// What else was said, and where it is written.
    #[schema(required = true)]
    note: Option<&'a str>,
}

impl<'a> DeadlineView<'a> {
    /// A deadline as it stands on a day, for whoever asks.
    pub(super) fn new(rendering: &Rendering, today: Date, case: &'a CaseDeadline) -> Self {
        let CaseDeadline {
            deadline,
            number,
            employer,
            representative,
            steward,
        } = case;
        let Deadline {
            id,
            grievance,
            derivation,
            state,
            version,
            created_at,
            updated_at,
        } = deadline;
        let (basis, trigger) = (&derivation.basis, derivation.trigger);
        let (met_on, noticed_on, waived) = said(state);
        Self {
            id: Shown(*id),
            grievance_id: Shown(*grievance),
            grievance_number: number.to_string(),
            employer_id: Shown(*employer),
            assigned_representative_id: representative.map(Shown),
            steward_id: steward.map(Shown),
            agreement_id: Shown(basis.agreement),
            rules_version: basis.rules.get(),
            article: basis.rule.article.as_str(),
            step: basis.rule.key.step.as_str(),
            side: basis.rule.key.side.as_str(),
            duty: basis.rule.key.duty.as_str(),
            event: trigger.kind.as_str(),
            event_date: Shown(trigger.date),
            service: trigger.service.as_str(),
            due_date: Shown(deadline.due()),
            days_left: deadline.days_left(today),
            status: deadline.status().as_str(),
            is_overdue: deadline.overdue(today),
            consequence: basis.rule.missed.as_str(),
            met_on: met_on.map(Shown),
            noticed_on: noticed_on.map(Shown),
            waived: waived.map(AccordView::from),
            derivation: DerivationView::from(derivation),
            allowed_actions: rendering
                .application
                .deadlines
                .allowed_actions(&rendering.actor, case),
            version: version.get(),
            created_at: Shown(*created_at),
            updated_at: Shown(*updated_at),
        }
    }
}

fn said(state: &DeadlineState) -> (Option<Date>, Option<Date>, Option<&Accord>) {
    match state {
        DeadlineState::Open | DeadlineState::Lapsed { .. } => (None, None, None),
        DeadlineState::Met { on, .. } => (Some(*on), None, None),
        DeadlineState::Missed { noticed_on, .. } => (None, Some(*noticed_on), None),
        DeadlineState::Waived(accord) => (None, None, Some(accord)),
    }
}

impl<'a> From<&'a Derivation> for DerivationView<'a> {
    fn from(derivation: &'a Derivation) -> Self {
        let calendar = |(year, version): &(i16, unionhall_domain::version::Version)| CalendarUsed {
            year: *year,
            version: version.get(),
        };
        Self {
            sentences: derivation.sentences(),
            stages: derivation.stages.iter().map(StageView::from).collect(),
            calendars: derivation.calendars.iter().map(calendar).collect(),
        }
    }
}

impl<'a> From<&'a Stage> for StageView<'a> {
    fn from(stage: &'a Stage) -> Self {
        let [counted, mail_added, rolled, stands, extended] = STAGES;
        match stage {
            Stage::Counted(count) => Self::of_count(counted, count),
            Stage::MailAdded(count) => Self::of_count(mail_added, count),
            Stage::Rolled(Rolled {
                from,
                way: _,
                passed,
                to,
            }) => Self {
                skipped: [from]
                    .into_iter()
                    .chain(passed)
                    .map(SkippedView::from)
                    .collect(),
                ..Self::plain(rolled, from.date, *to)
            },
            Stage::Stands(day) => Self {
                skipped: vec![SkippedView::from(day)],
                ..Self::plain(stands, day.date, day.date)
            },
            Stage::Extended(Extended {
                extension,
                from,
                counted,
                to,
            }) => Self {
                days: counted.as_ref().map(|count| count.days.get()),
                skipped: counted
                    .iter()
                    .flat_map(|count| &count.skipped)
                    .map(SkippedView::from)
                    .collect(),
                accord: Some(AccordView::from(&extension.accord)),
                ..Self::plain(extended, *from, *to)
            },
        }
    }
}

impl<'a> StageView<'a> {
    const fn plain(kind: &'static str, from: Date, to: Date) -> Self {
        Self {
            kind,
            from: Shown(from),
            to: Shown(to),
            days: None,
            skipped: Vec::new(),
            accord: None,
        }
    }

    fn of_count(kind: &'static str, count: &'a Count) -> Self {
        Self {
            days: Some(count.days.get()),
            skipped: count.skipped.iter().map(SkippedView::from).collect(),
            ..Self::plain(kind, count.from, count.last)
        }
    }
}

impl<'a> From<&'a OffDay> for SkippedView<'a> {
    fn from(off: &'a OffDay) -> Self {
        Self {
            date: Shown(off.date),
            why: match &off.why {
                DayOff::Weekday(weekday) => weekday_as_str(*weekday),
                DayOff::Holiday(Holiday { name, .. }) => name.as_str(),
            },
        }
    }
}

impl<'a> From<&'a Accord> for AccordView<'a> {
    fn from(accord: &'a Accord) -> Self {
        let Accord {
            agreed_on,
            for_union,
            for_employer,
            note,
        } = accord;
        Self {
            agreed_on: Shown(*agreed_on),
            for_union: for_union.as_str(),
            for_employer: for_employer.as_str(),
            note: note.as_ref().map(|note| note.as_str()),
        }
    }
}
