//! What holds of meetings and of what was put forward at them, whatever is done in which order.

use jiff::{SignedDuration, Timestamp};
use proptest::{prelude::*, sample::Index};
use uuid::Uuid;

use super::{
    AgendaChange, MOST_STATEMENTS, MeetingAction, MeetingState, MeetingStatus, NewStatement, Party,
    Signature, Statement, StatementChange, StatementRefusal, StepMeeting, statements::tests,
};
use crate::{
    change::Change,
    ids::Id,
    text::{Line, Prose},
};

/// What is done next.
#[derive(Debug, Clone)]
enum Deed {
    /// The meeting is moved by so many hours from now.
    Move(i64),
    /// It took place.
    Hold,
    /// It is called off.
    Cancel,
    /// A side puts something forward: when, in hours from now; whether it corrects something; whether it is signed.
    State(Party, i64, Option<Index>, bool),
    /// A draft is changed, to what was said so many hours from now.
    Redraft(Index, i64),
    /// A draft is signed off.
    Sign(Index),
}

fn any_deed() -> impl Strategy<Value = Deed> {
    let hours = || -30i64..6;
    let party = proptest::sample::select(Party::ALL.to_vec());
    let corrects = proptest::option::of(any::<Index>());
    prop_oneof![
        2 => hours().prop_map(Deed::Move),
        1 => Just(Deed::Hold),
        1 => Just(Deed::Cancel),
        6 => (party, hours(), corrects, any::<bool>())
            .prop_map(|(party, at, corrects, signs)| Deed::State(party, at, corrects, signs)),
        3 => (any::<Index>(), hours()).prop_map(|(which, at)| Deed::Redraft(which, at)),
        3 => any::<Index>().prop_map(Deed::Sign),
    ]
}

/// A meeting, and the time.
struct Table {
    meeting: StepMeeting,
    now: Timestamp,
    written: u128,
}

impl Table {
    fn at(&self, hours: i64) -> Timestamp {
        self.now + SignedDuration::from_hours(hours)
    }

    /// Does it if that is allowed; a refusal leaves everything as it was.
    fn does(&mut self, deed: &Deed) -> Result<(), TestCaseError> {
        self.now = self.at(1);
        let now = self.now;
        let meeting = self.meeting.clone();
        match deed {
            Deed::Move(hours) => self.is_moved(*hours),
            Deed::Hold => {
                let permitted = self.permitted(MeetingAction::Hold);
                let held = meeting.held(self.now);
                prop_assert_eq!(held.is_ok(), permitted);
                self.meeting = held.unwrap_or_else(|_| self.meeting.clone());
            }
            Deed::Cancel => {
                let permitted = self.permitted(MeetingAction::Cancel);
                let canceled = meeting.canceled(Prose::parse("The foreman is ill.").unwrap());
                prop_assert_eq!(canceled.is_ok(), permitted);
                self.meeting = canceled.unwrap_or_else(|_| self.meeting.clone());
            }
            Deed::State(party, hours, corrects, signs) => {
                let new = self.put_forward(*party, *hours, *corrects, *signs);
                self.written += 1;
                let id = Id::new(Uuid::from_u128(self.written));
                if let Ok(stated) = meeting.stated(id, new, None, now) {
                    self.meeting.statements.push(stated);
                }
            }
            Deed::Redraft(which, hours) => {
                let change = StatementChange {
                    made_at: Change::Set(self.at(*hours)),
                    ..StatementChange::default()
                };
                self.writes(*which, |one| meeting.redrafted(one.id, change.clone(), now))?;
            }
            Deed::Sign(which) => {
                let signature = Signature {
                    at: self.now,
                    by: None,
                };
                self.writes(*which, |one| meeting.signed(one.id, signature))?;
            }
        }
        Ok(())
    }

    fn is_moved(&mut self, hours: i64) {
        let change = AgendaChange {
            starts_at: Change::Set(self.at(hours)),
            ..AgendaChange::default()
        };
        if self.permitted(MeetingAction::Update)
            && let Ok(moved) = self.meeting.clone().changed(change, self.now)
        {
            self.meeting = moved;
        }
    }

    fn permitted(&self, action: MeetingAction) -> bool {
        self.meeting.allowed().contains(&action)
    }

    fn put_forward(
        &self,
        party: Party,
        hours: i64,
        corrects: Option<Index>,
        signs: bool,
    ) -> NewStatement {
        let known = &self.meeting.statements;
        let corrects = corrects.filter(|_| !known.is_empty());
        NewStatement {
            party,
            made_by: Line::parse("B. Ohm").unwrap(),
            made_at: Some(self.at(hours)),
            text: Prose::parse("The list was followed.").unwrap(),
            corrects: corrects.map(|which| which.get(known).id),
            signs,
        }
    }

    /// Writes a statement anew, which only drafts of a meeting that was not called off can be.
    fn writes(
        &mut self,
        which: Index,
        anew: impl Fn(&Statement) -> Result<Statement, StatementRefusal>,
    ) -> Result<(), TestCaseError> {
        if self.meeting.statements.is_empty() {
            return Ok(());
        }
        let place = which.index(self.meeting.statements.len());
        let before = &self.meeting.statements[place];
        let can_be = before.signature.is_none() && self.permitted(MeetingAction::State);
        match anew(before) {
            Ok(after) => {
                prop_assert!(can_be);
                self.meeting.statements[place] = after;
            }
            Err(StatementRefusal::Refused(_)) => prop_assert!(!can_be),
            Err(StatementRefusal::Invalid(_)) => {}
            Err(StatementRefusal::Unknown) => prop_assert!(false, "it is there"),
        }
        Ok(())
    }

    /// What holds whatever was done.
    fn holds(&self, before: &StepMeeting) -> Result<(), TestCaseError> {
        let (from, to) = (before.status(), self.meeting.status());
        let reached = MeetingAction::ALL
            .into_iter()
            .any(|action| from.after(action) == Some(to));
        prop_assert!(from == to || reached, "{from:?} {to:?}");
        match &self.meeting.state {
            MeetingState::Planned | MeetingState::Canceled(_) => {}
            MeetingState::Held(at) => prop_assert!(*at <= self.now),
        }
        if from == MeetingStatus::Canceled {
            prop_assert_eq!(&self.meeting, before);
        }
        let statements = &self.meeting.statements;
        prop_assert!(before.statements.len() <= statements.len());
        prop_assert!(statements.len() <= MOST_STATEMENTS);
        for (old, new) in before.statements.iter().zip(statements) {
            prop_assert!(
                old.signature.is_none() || old == new,
                "what is signed stays"
            );
        }
        for (place, statement) in statements.iter().enumerate() {
            prop_assert!(statement.made_at <= self.now);
            if let Some(corrected) = statement.corrects {
                let mut earlier = statements[..place].iter();
                let found = earlier.find(|other| other.id == corrected);
                let found = found.expect("a correction comes after what it corrects");
                prop_assert_eq!(found.party, statement.party);
                prop_assert!(found.signature.is_some());
            }
        }
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn no_life_of_a_meeting_changes_what_was_signed_or_what_was_called_off(
        deeds in proptest::collection::vec(any_deed(), 1..80),
    ) {
        let mut table = Table {
            meeting: tests::meeting(),
            now: "2026-11-21T08:00:00Z".parse().unwrap(),
            written: 9,
        };
        for deed in &deeds {
            let before = table.meeting.clone();
            table.does(deed)?;
            table.holds(&before)?;
        }
    }
}
