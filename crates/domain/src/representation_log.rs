//! How the union represented somebody: contacts with the member, and decisions with the reason for them.
//!
//! A union may decide not to take a grievance further; it owes the member a decision that is neither arbitrary nor
//! careless, and that can be shown later. Entries are therefore never changed: a correction is a new entry that names
//! the one it corrects.

use jiff::{Timestamp, civil::Date};

use crate::{
    audit::Fields,
    collective_agreements::EventKind,
    deadlines::Happening,
    grievances::{Action, Answer, GrievanceId, Outcome, Progress, Step, StepRecord},
    ids::Id,
    invalid::{FieldError, Invalid},
    names::names,
    text::{Line, Prose},
    users::UserId,
};

/// The id of a [`LogEntry`].
pub type LogEntryId = Id<LogEntry>;

names! {
    /// What an entry is.
    pub enum LogEntryKind {
        /// The union and the member spoke or wrote.
        Contact = "contact",
        /// The union decided.
        Decision = "decision",
    }
}

names! {
    /// How the union and a member were in touch.
    pub enum Channel {
        /// By telephone.
        Phone = "phone",
        /// By e-mail.
        Email = "email",
        /// By text message.
        TextMessage = "text_message",
        /// By letter.
        Letter = "letter",
        /// Face to face.
        InPerson = "in_person",
        /// Otherwise.
        Other = "other",
    }
}

names! {
    /// Who was in touch with whom.
    pub enum Direction {
        /// The union with the member.
        ToMember = "to_member",
        /// The member with the union.
        FromMember = "from_member",
        /// The union tried, and did not reach the member.
        Attempted = "attempted",
    }
}

names! {
    /// What the union decided.
    pub enum DecisionKind {
        /// Not to take a denied grievance further.
        NotAdvancing = "not_advancing",
        /// To give a grievance up that was not denied.
        Withdrawing = "withdrawing",
        /// To file a grievance away.
        Closing = "closing",
    }
}

/// One entry of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEntry {
    /// Its id.
    pub id: LogEntryId,
    /// The grievance it is about.
    pub grievance: GrievanceId,
    /// What it says.
    pub content: LogContent,
    /// The entry that it corrects, if any.
    pub corrects: Option<LogEntryId>,
    /// The user who wrote it down; none for the operator.
    pub recorded_by: Option<UserId>,
    /// When it was written down.
    pub recorded_at: Timestamp,
}

/// What an entry says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogContent {
    /// The union and the member were in touch.
    Contact(Contact),
    /// The union decided.
    Decision(Decision),
}

/// A contact with the member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// When.
    pub at: Timestamp,
    /// How.
    pub channel: Channel,
    /// Who with whom.
    pub direction: Direction,
    /// Who for the union.
    pub by: Line<200>,
    /// What was said.
    pub said: Prose<10_000>,
    /// What was sent along, if anything.
    pub sent: Option<Prose<2_000>>,
}

/// A decision with its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The day of the decision.
    pub on: Date,
    /// What was decided.
    pub kind: DecisionKind,
    /// The step that the grievance was on.
    pub step: Step,
    /// Why.
    pub reason: Prose<10_000>,
}

impl LogContent {
    /// What it is.
    pub const fn kind(&self) -> LogEntryKind {
        match self {
            Self::Contact(_) => LogEntryKind::Contact,
            Self::Decision(_) => LogEntryKind::Decision,
        }
    }
}

impl Contact {
    /// Checks when it was.
    ///
    /// # Errors
    /// `in_the_future`, of `contacted_at`.
    pub fn check(&self, now: Timestamp) -> Result<(), Vec<FieldError>> {
        if self.at > now {
            let invalid = Invalid::new("in_the_future", "must not be in the future");
            return Err(vec![invalid.at("contacted_at")]);
        }
        Ok(())
    }
}

/// The decision that a move on the ladder is, and that therefore belongs into the log with its reason; none for a move
/// that takes nothing from the member.
pub fn decided(before: &Progress, action: &Action, today: Date) -> Option<Decision> {
    let (kind, reason) = match action {
        Action::Withdraw(reason) => match before.answer {
            Answer::Denied => (DecisionKind::NotAdvancing, reason),
            Answer::Pending => (DecisionKind::Withdrawing, reason),
        },
        Action::Close(reason) => (DecisionKind::Closing, reason),
        Action::Investigate
        | Action::ScheduleHearing
        | Action::RecordStep(_)
        | Action::Advance
        | Action::Reopen(_) => return None,
    };
    // What fits into the shorter text fits into the longer one.
    Prose::parse(reason.as_str()).ok().map(|reason| Decision {
        on: today,
        kind,
        step: before.step,
        reason,
    })
}

/// The step that a grievance was on at the end of a day, as far as its recorded meetings and the events of its
/// deadlines tell; the `present` one where they tell nothing of an earlier.
///
/// A grievance is on a step from the day it came there until the day it left. Where nobody wrote down when it came to
/// a step, it was there on the day after the last meeting on a step below.
pub fn step_on(day: Date, present: Step, records: &[StepRecord], events: &[Happening]) -> Step {
    let came = |step: Step| {
        let advanced = events
            .iter()
            .filter(|event| event.step == step && event.trigger.kind == EventKind::Advanced)
            .map(|event| event.trigger.date);
        let sent = records
            .iter()
            .filter(|record| record.outcome == Outcome::Advanced && record.step.above() == step)
            .map(|record| record.meeting.date);
        advanced.chain(sent).min()
    };
    let met_below = |step: Step| {
        let below = records.iter().filter(|record| record.step < step);
        below.map(|record| record.meeting.date).max()
    };
    let was_there = |step: &Step| match (came(*step), met_below(*step)) {
        (Some(came), _) => came <= day,
        (None, Some(left)) => left < day,
        (None, None) => true,
    };
    let reached = Step::ALL.into_iter().filter(|step| *step <= present);
    reached.rev().find(was_there).unwrap_or(Step::Step1)
}

impl LogEntry {
    /// The entry as the audit trail shows it.
    pub fn fields(&self) -> Fields {
        let mut fields = vec![
            ("grievance_id", Some(self.grievance.to_string())),
            ("kind", Some(self.content.kind().as_str().to_owned())),
            ("corrects_id", self.corrects.map(|id| id.to_string())),
        ];
        match &self.content {
            LogContent::Contact(Contact {
                at,
                channel,
                direction,
                by,
                said,
                sent,
            }) => fields.extend([
                ("contacted_at", Some(at.to_string())),
                ("channel", Some(channel.as_str().to_owned())),
                ("direction", Some(direction.as_str().to_owned())),
                ("contacted_by", Some(by.to_string())),
                ("said", Some(said.to_string())),
                ("sent", sent.as_ref().map(ToString::to_string)),
            ]),
            LogContent::Decision(Decision {
                on,
                kind,
                step,
                reason,
            }) => fields.extend([
                ("decided_on", Some(on.to_string())),
                ("decision", Some(kind.as_str().to_owned())),
                ("step", Some(step.as_str().to_owned())),
                ("reason", Some(reason.to_string())),
            ]),
        }
        fields
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::grievances::{Meeting, Move};

    fn reason() -> Prose<2_000> {
        Prose::parse("Two arbitrators decided the same against us.").unwrap()
    }

    fn record(step: Step, day: Date, outcome: Outcome) -> StepRecord {
        StepRecord {
            id: Id::new(uuid::Uuid::nil()),
            grievance: Id::new(uuid::Uuid::nil()),
            step,
            meeting: Meeting {
                date: day,
                union_attendees: None,
                employer_attendees: None,
                notes: None,
            },
            outcome,
            created_at: Timestamp::UNIX_EPOCH,
        }
    }

    #[test]
    fn a_decision_of_an_earlier_day_is_about_the_step_that_the_grievance_was_on_then() {
        let day = |day| date(2026, 3, day);
        let records = [
            record(Step::Step1, day(5), Outcome::Denied),
            record(Step::Step2, day(20), Outcome::Advanced),
        ];
        let advanced = [Happening::on(Step::Step2, EventKind::Advanced, day(10))];
        let on = |at, events: &[Happening]| step_on(at, Step::Step3, &records, events);
        for (at, expected) in [
            (day(4), Step::Step1),
            (day(9), Step::Step1),
            (day(10), Step::Step2),
            (day(19), Step::Step2),
            (day(20), Step::Step3),
            (day(30), Step::Step3),
        ] {
            assert_eq!(on(at, &advanced), expected, "{at}");
        }
        // Nobody wrote down when it came to the second step: after the meeting on the first.
        assert_eq!(
            (on(day(5), &[]), on(day(6), &[])),
            (Step::Step1, Step::Step2)
        );
        // Nothing is on record: it is where it is.
        assert_eq!(step_on(day(1), Step::Step2, &[], &[]), Step::Step2);
    }

    #[test]
    fn giving_up_and_filing_away_are_decisions_and_no_other_move_is() {
        let today = date(2026, 11, 21);
        let denied = Progress::FILED
            .apply(Action::RecordStep(Outcome::Denied))
            .unwrap();
        let kind = |progress: &Progress, action| {
            decided(progress, &action, today).map(|decision| decision.kind)
        };
        let withdraw = || Action::Withdraw(reason());
        assert_eq!(kind(&denied, withdraw()), Some(DecisionKind::NotAdvancing));
        assert_eq!(
            kind(&Progress::FILED, withdraw()),
            Some(DecisionKind::Withdrawing)
        );
        assert_eq!(
            kind(&denied, Action::Close(reason())),
            Some(DecisionKind::Closing)
        );
        for action in [
            Action::Investigate,
            Action::ScheduleHearing,
            Action::RecordStep(Outcome::Denied),
            Action::Advance,
            Action::Reopen(reason()),
        ] {
            let name: Move = action.kind();
            assert_eq!(kind(&denied, action), None, "{name:?}");
        }
    }

    #[test]
    fn nobody_was_in_touch_tomorrow() {
        let now = Timestamp::UNIX_EPOCH;
        let contact = |at| Contact {
            at,
            channel: Channel::Phone,
            direction: Direction::ToMember,
            by: Line::parse("A. Voltz").unwrap(),
            said: Prose::parse("Told Ada of the denial.").unwrap(),
            sent: None,
        };
        assert!(contact(now).check(now).is_ok());
        let later = "2026-11-21T08:00:00Z".parse().unwrap();
        let errors = contact(later).check(now).unwrap_err();
        assert_eq!(errors[0].field, "contacted_at");
    }
}
