//! How the union represented somebody: contacts with the member, and decisions with the reason for them.
//!
//! A union may decide not to take a grievance further; it owes the member a decision that is neither arbitrary nor
//! careless, and that can be shown later. Entries are therefore never changed: a correction is a new entry that names
//! the one it corrects.

use jiff::{Timestamp, civil::Date};

use crate::{
    audit::Fields,
    grievances::{Action, Answer, GrievanceId, Progress, Step},
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
    use crate::grievances::{Move, Outcome};

    fn reason() -> Prose<2_000> {
        Prose::parse("Two arbitrators decided the same against us.").unwrap()
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
