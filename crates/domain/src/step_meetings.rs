//! Meetings on a step of the ladder: planned, held or called off, who was there, and what each side put forward.

#[cfg(test)]
mod lives;
mod statements;

use jiff::Timestamp;

pub use self::statements::{
    NewStatement, Signature, Statement, StatementChange, StatementId, StatementRefusal,
};
use crate::{
    audit::Fields,
    change::Change,
    grievances::{GrievanceId, Step, StepRecordId},
    ids::Id,
    invalid::{FieldError, Invalid},
    names::names,
    refused::Refused,
    text::{Line, Prose},
    users::UserId,
    version::Version,
};

/// The id of a [`StepMeeting`].
pub type StepMeetingId = Id<StepMeeting>;

/// How many people can be named for one meeting.
pub const MOST_ATTENDEES: usize = 40;
/// How many statements one meeting holds.
pub const MOST_STATEMENTS: usize = 50;

names! {
    /// One of the two sides of the table.
    pub enum Party {
        /// The union.
        Union = "union",
        /// The employer.
        Employer = "employer",
    }
}

names! {
    /// Where a meeting stands.
    pub enum MeetingStatus {
        /// It is set.
        Planned = "planned",
        /// It took place.
        Held = "held",
        /// It was called off.
        Canceled = "canceled",
    }
}

names! {
    /// What can be done with a meeting.
    pub enum MeetingAction {
        /// Set it anew, or mend what is said of it.
        Update = "update",
        /// Say that it took place.
        Hold = "hold",
        /// Call it off.
        Cancel = "cancel",
        /// Put a statement forward.
        State = "state",
    }
}

/// A meeting on a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepMeeting {
    /// Its id.
    pub id: StepMeetingId,
    /// The grievance it is about.
    pub grievance: GrievanceId,
    /// The step that the grievance was on when it was set.
    pub step: Step,
    /// When, where and with whom.
    pub agenda: Agenda,
    /// Whether it took place.
    pub state: MeetingState,
    /// What was put forward, earliest first.
    pub statements: Vec<Statement>,
    /// Counts its changes and those of its statements.
    pub version: Version,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// When and where a meeting is, and with whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agenda {
    /// When it begins.
    pub starts_at: Timestamp,
    /// Where.
    pub place: Option<Line<200>>,
    /// Free notes of the union.
    pub notes: Option<Prose<10_000>>,
    /// The record of its outcome on the ladder, once there is one.
    pub record: Option<StepRecordId>,
    /// Who is to be there, or was.
    pub attendees: Vec<Attendee>,
}

/// Somebody at a meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attendee {
    /// For whom.
    pub party: Party,
    /// The name.
    pub name: Line<200>,
    /// As what, such as steward, witness or counsel.
    pub role: Option<Line<100>>,
    /// The user of the tenant who it is, if it is one.
    pub user: Option<UserId>,
}

/// A partial change of a meeting.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AgendaChange {
    /// When it begins.
    pub starts_at: Change<Timestamp>,
    /// Where.
    pub place: Change<Option<Line<200>>>,
    /// Free notes.
    pub notes: Change<Option<Prose<10_000>>>,
    /// The record of its outcome.
    pub record: Change<Option<StepRecordId>>,
    /// Who is there, all of them.
    pub attendees: Change<Vec<Attendee>>,
}

/// Whether a meeting took place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MeetingState {
    /// It is set.
    Planned,
    /// It took place, and began then.
    Held(Timestamp),
    /// It was called off, for this reason.
    Canceled(Prose<2_000>),
}

impl MeetingStatus {
    /// Where an action leads, if it is allowed.
    pub const fn after(self, action: MeetingAction) -> Option<Self> {
        match (self, action) {
            (Self::Planned, MeetingAction::Update | MeetingAction::State) => Some(Self::Planned),
            (Self::Planned, MeetingAction::Hold)
            | (Self::Held, MeetingAction::Update | MeetingAction::State) => Some(Self::Held),
            (Self::Planned, MeetingAction::Cancel) => Some(Self::Canceled),
            (Self::Held, MeetingAction::Hold | MeetingAction::Cancel)
            | (
                Self::Canceled,
                MeetingAction::Update
                | MeetingAction::Hold
                | MeetingAction::Cancel
                | MeetingAction::State,
            ) => None,
        }
    }
}

impl Agenda {
    /// The agenda after a change.
    #[must_use]
    pub fn changed(mut self, change: AgendaChange) -> Self {
        let AgendaChange {
            starts_at,
            place,
            notes,
            record,
            attendees,
        } = change;
        starts_at.apply(&mut self.starts_at);
        place.apply(&mut self.place);
        notes.apply(&mut self.notes);
        record.apply(&mut self.record);
        attendees.apply(&mut self.attendees);
        self
    }
}

impl StepMeeting {
    /// The name of its state.
    pub const fn status(&self) -> MeetingStatus {
        match self.state {
            MeetingState::Planned => MeetingStatus::Planned,
            MeetingState::Held(_) => MeetingStatus::Held,
            MeetingState::Canceled(_) => MeetingStatus::Canceled,
        }
    }

    /// What its state allows.
    pub fn allowed(&self) -> Vec<MeetingAction> {
        let status = self.status();
        let allows = |action: &MeetingAction| status.after(*action).is_some();
        MeetingAction::ALL.into_iter().filter(allows).collect()
    }

    /// Goes on if its state allows the action.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn permit(&self, action: MeetingAction) -> Result<(), Refused> {
        let status = self.status();
        match status.after(action) {
            Some(_) => Ok(()),
            None => Err(Refused {
                what: "a meeting",
                status: status.as_str(),
                action: action.as_str(),
                allowed: self
                    .allowed()
                    .into_iter()
                    .map(MeetingAction::as_str)
                    .collect(),
            }),
        }
    }

    /// The meeting with another agenda.
    ///
    /// # Errors
    /// `in_the_future`, of `starts_at`: what took place is not moved to a time to come.
    pub fn changed(self, change: AgendaChange, now: Timestamp) -> Result<Self, Vec<FieldError>> {
        let agenda = self.agenda.changed(change);
        match self.state {
            MeetingState::Held(_) if agenda.starts_at > now => {
                let invalid = Invalid::new("in_the_future", "must not be in the future");
                Err(vec![invalid.at("starts_at")])
            }
            MeetingState::Planned | MeetingState::Held(_) | MeetingState::Canceled(_) => {
                Ok(Self { agenda, ..self })
            }
        }
    }

    /// The meeting as held, which began at `began`.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn held(self, began: Timestamp) -> Result<Self, Refused> {
        self.permit(MeetingAction::Hold)?;
        Ok(Self {
            state: MeetingState::Held(began),
            ..self
        })
    }

    /// The meeting called off.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn canceled(self, reason: Prose<2_000>) -> Result<Self, Refused> {
        self.permit(MeetingAction::Cancel)?;
        Ok(Self {
            state: MeetingState::Canceled(reason),
            ..self
        })
    }

    /// The meeting as a list shows it: of each statement an excerpt of its words, because a meeting holds up to
    /// [`MOST_STATEMENTS`] of them.
    #[must_use]
    pub fn in_short(mut self) -> Self {
        let short = |statement: Statement| Statement {
            text: statement.text.excerpt(),
            ..statement
        };
        self.statements = self.statements.into_iter().map(short).collect();
        self
    }

    /// The meeting as the audit trail shows it, without what was put forward.
    pub fn fields(&self) -> Fields {
        let Agenda {
            starts_at,
            place,
            notes,
            record,
            attendees,
        } = &self.agenda;
        let (held_at, reason) = match &self.state {
            MeetingState::Planned => (None, None),
            MeetingState::Held(at) => (Some(at.to_string()), None),
            MeetingState::Canceled(reason) => (None, Some(reason.to_string())),
        };
        let named: Vec<_> = attendees.iter().map(Attendee::in_words).collect();
        vec![
            ("grievance_id", Some(self.grievance.to_string())),
            ("step", Some(self.step.as_str().to_owned())),
            ("status", Some(self.status().as_str().to_owned())),
            ("starts_at", Some(starts_at.to_string())),
            ("place", place.as_ref().map(ToString::to_string)),
            ("notes", notes.as_ref().map(ToString::to_string)),
            ("step_record_id", record.map(|id| id.to_string())),
            ("attendees", (!named.is_empty()).then(|| named.join("; "))),
            ("held_at", held_at),
            ("cancel_reason", reason),
        ]
    }
}

impl Attendee {
    /// The name, what as and for whom, in one line.
    pub fn in_words(&self) -> String {
        let party = self.party.as_str();
        match &self.role {
            Some(role) => format!("{} ({role}, {party})", self.name),
            None => format!("{} ({party})", self.name),
        }
    }
}

/// Checks when a meeting was held.
///
/// # Errors
/// `in_the_future`, of `held_at`.
pub fn check_held(began: Timestamp, now: Timestamp) -> Result<(), Vec<FieldError>> {
    if began > now {
        let invalid = Invalid::new("in_the_future", "must not be in the future");
        Err(vec![invalid.at("held_at")])
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refused::table;

    #[test]
    fn the_whole_table_of_a_meetings_states_and_actions() {
        insta::assert_snapshot!(table(
            (&MeetingStatus::ALL, MeetingStatus::as_str),
            (&MeetingAction::ALL, MeetingAction::as_str),
            |status, action| status.after(action).map(MeetingStatus::as_str)
        ));
    }

    #[test]
    fn what_took_place_is_mended_and_not_moved_to_a_time_to_come() {
        let now = Timestamp::UNIX_EPOCH;
        let moved = |starts_at| AgendaChange {
            starts_at: Change::Set(starts_at),
            ..AgendaChange::default()
        };
        let later: Timestamp = "2026-11-21T08:00:00Z".parse().unwrap();
        let planned = statements::tests::meeting();
        assert!(planned.clone().changed(moved(later), now).is_ok());
        let held = planned.held(now).unwrap();
        let refused = held.clone().changed(moved(later), now).unwrap_err();
        assert_eq!(refused[0].invalid.code, "in_the_future");
        assert!(held.changed(moved(now), now).is_ok());
    }

    #[test]
    fn a_meeting_is_held_once_and_not_before_it_was() {
        let at = Timestamp::UNIX_EPOCH;
        let meeting = statements::tests::meeting();
        let held = meeting.held(at).unwrap();
        let refused = held.held(at).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "a meeting that is held cannot be told to hold"
        );
        assert_eq!(refused.allowed, ["update", "state"]);
        assert!(check_held(at, at).is_ok());
        let later = "2026-11-21T08:00:00Z".parse().unwrap();
        assert_eq!(
            check_held(later, at).unwrap_err()[0].invalid.code,
            "in_the_future"
        );
    }
}
