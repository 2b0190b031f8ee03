//! Where a grievance stands, and the only way it moves: one total function over state and action.
//!
//! The ladder is `step_1 → step_2 → step_3 → arbitration`. A meeting's outcome `advanced` climbs it;
//! `denied` leaves the choice to the union, which advances or withdraws; `settled` ends the matter.

use super::{
    moves::{Action, Answer, Move, Outcome, Settlement, State, Step},
    table,
};
use crate::text::Prose;

/// A move that the table does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a grievance that is {status} on {} cannot {}", step.as_str(), action.as_str())]
pub struct IllegalMove {
    /// The status it was in.
    pub status: &'static str,
    /// The step it was on.
    pub step: Step,
    /// What was tried.
    pub action: Move,
    /// What could be done instead.
    pub allowed: Vec<Move>,
}

/// Where a grievance stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The rung of the ladder it is on.
    pub step: Step,
    /// What the employer answered on that step.
    pub answer: Answer,
    /// Its status.
    pub state: State,
}

impl Progress {
    /// A grievance just filed: open, on the first step, not answered.
    pub const FILED: Self = Self {
        step: Step::Step1,
        answer: Answer::Pending,
        state: State::Open,
    };

    /// Whether it has ended, however it did.
    pub const fn has_ended(&self) -> bool {
        match self.state {
            State::Open | State::Investigation | State::Hearing | State::Arbitration => false,
            State::Settled(_) | State::Withdrawn(_) | State::Closed(..) => true,
        }
    }

    /// What was agreed, if anything was.
    pub const fn settlement(&self) -> Option<&Settlement> {
        match &self.state {
            State::Settled(settlement) | State::Closed(_, Some(settlement)) => Some(settlement),
            State::Open
            | State::Investigation
            | State::Hearing
            | State::Arbitration
            | State::Withdrawn(_)
            | State::Closed(_, None) => None,
        }
    }

    /// Why it was withdrawn or closed, if it was.
    pub const fn reason(&self) -> Option<&Prose<2_000>> {
        match &self.state {
            State::Withdrawn(reason) | State::Closed(reason, _) => Some(reason),
            State::Open
            | State::Investigation
            | State::Hearing
            | State::Arbitration
            | State::Settled(_) => None,
        }
    }

    /// The progress after an action.
    ///
    /// # Errors
    /// [`IllegalMove`] when the table does not have it; the progress is then as it was.
    pub fn apply(self, action: Action) -> Result<Self, IllegalMove> {
        let refused = IllegalMove {
            status: self.state.as_str(),
            step: self.step,
            action: action.kind(),
            allowed: Vec::new(),
        };
        let from = self.clone();
        self.moved(action).ok_or_else(|| IllegalMove {
            allowed: from.allowed(),
            ..refused
        })
    }

    /// The moves that the table has from here, in the order of [`Move::ALL`].
    pub fn allowed(&self) -> Vec<Move> {
        Move::ALL
            .into_iter()
            .filter(|kind| self.clone().moved(table::sample(*kind)).is_some())
            .collect()
    }

    /// The place that an action leads to, if the table has it: a row for each status, none left out.
    pub(super) fn moved(self, action: Action) -> Option<Self> {
        match action {
            Action::Investigate => self.investigated(),
            Action::ScheduleHearing => self.heard(),
            Action::RecordStep(Outcome::Denied) => self.denied(),
            Action::RecordStep(Outcome::Advanced) => self.climbed(),
            Action::RecordStep(Outcome::Settled(settlement)) => self.settled(settlement),
            Action::Advance => match self.answer {
                Answer::Denied => self.climbed(),
                Answer::Pending => None,
            },
            Action::Withdraw(reason) => self.withdrawn(reason),
            Action::Close(reason) => self.closed(reason),
            Action::Reopen(_) => self.reopened(),
        }
    }

    fn investigated(self) -> Option<Self> {
        match self.state {
            State::Open => Some(self.with(State::Investigation)),
            State::Investigation
            | State::Hearing
            | State::Arbitration
            | State::Settled(_)
            | State::Withdrawn(_)
            | State::Closed(..) => None,
        }
    }

    fn heard(self) -> Option<Self> {
        match self.state {
            State::Open | State::Investigation => Some(self.with(State::Hearing)),
            State::Hearing
            | State::Arbitration
            | State::Settled(_)
            | State::Withdrawn(_)
            | State::Closed(..) => None,
        }
    }

    fn denied(self) -> Option<Self> {
        match self.state {
            State::Open | State::Investigation | State::Hearing | State::Arbitration => {
                Some(Self {
                    answer: Answer::Denied,
                    ..self
                })
            }
            State::Settled(_) | State::Withdrawn(_) | State::Closed(..) => None,
        }
    }

    fn climbed(self) -> Option<Self> {
        match self.state {
            State::Open | State::Investigation | State::Hearing => {
                Some(Self::arrived(self.step.above()))
            }
            State::Arbitration | State::Settled(_) | State::Withdrawn(_) | State::Closed(..) => {
                None
            }
        }
    }

    fn settled(self, settlement: Settlement) -> Option<Self> {
        match self.state {
            State::Open | State::Investigation | State::Hearing | State::Arbitration => {
                Some(self.with(State::Settled(settlement)))
            }
            State::Settled(_) | State::Withdrawn(_) | State::Closed(..) => None,
        }
    }

    fn withdrawn(self, reason: Prose<2_000>) -> Option<Self> {
        match self.state {
            State::Open | State::Investigation | State::Hearing | State::Arbitration => {
                Some(self.with(State::Withdrawn(reason)))
            }
            State::Settled(_) | State::Withdrawn(_) | State::Closed(..) => None,
        }
    }

    /// What is settled or withdrawn can be filed away, and so can what the arbitrator denied.
    fn closed(self, reason: Prose<2_000>) -> Option<Self> {
        let Self {
            step,
            answer,
            state,
        } = self;
        let settlement = match (state, answer) {
            (State::Settled(settlement), Answer::Pending | Answer::Denied) => Some(settlement),
            (State::Withdrawn(_), Answer::Pending | Answer::Denied)
            | (State::Arbitration, Answer::Denied) => None,
            (State::Arbitration, Answer::Pending)
            | (
                State::Open | State::Investigation | State::Hearing | State::Closed(..),
                Answer::Pending | Answer::Denied,
            ) => return None,
        };
        Some(Self {
            step,
            answer,
            state: State::Closed(reason, settlement),
        })
    }

    /// Back to where it was, with what the employer had answered there.
    fn reopened(self) -> Option<Self> {
        match self.state {
            State::Settled(_) | State::Withdrawn(_) | State::Closed(..) => Some(Self {
                answer: self.answer,
                ..Self::arrived(self.step)
            }),
            State::Open | State::Investigation | State::Hearing | State::Arbitration => None,
        }
    }

    fn with(self, state: State) -> Self {
        Self { state, ..self }
    }

    /// On a step that has not been answered: open, or in arbitration on the last.
    const fn arrived(step: Step) -> Self {
        Self {
            step,
            answer: Answer::Pending,
            state: match step {
                Step::Step1 | Step::Step2 | Step::Step3 => State::Open,
                Step::Arbitration => State::Arbitration,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{
        super::table::{places, sample, table},
        *,
    };

    #[test]
    fn the_whole_table_of_state_and_action() {
        insta::assert_snapshot!(table());
    }

    #[test]
    fn a_refused_move_names_what_is_allowed_instead() {
        let error = Progress::FILED.apply(Action::Advance).unwrap_err();
        assert_eq!(
            error.to_string(),
            "a grievance that is open on step_1 cannot advance"
        );
        assert_eq!(
            error.allowed,
            [
                Move::Investigate,
                Move::ScheduleHearing,
                Move::RecordDenied,
                Move::RecordAdvanced,
                Move::RecordSettled,
                Move::Withdraw
            ]
        );
    }

    #[test]
    fn closing_keeps_what_was_agreed_and_reopening_takes_the_grievance_up_where_it_was() {
        let settled = Progress::FILED
            .apply(Action::RecordStep(Outcome::Advanced))
            .and_then(|progress| progress.apply(sample(Move::RecordSettled)))
            .unwrap();
        let closed = settled.apply(sample(Move::Close)).unwrap();
        assert!(closed.settlement().is_some());
        let reopened = closed.apply(sample(Move::Reopen)).unwrap();
        assert_eq!(
            (reopened.step, &reopened.state),
            (Step::Step2, &State::Open)
        );
        assert!(reopened.settlement().is_none());
    }

    proptest! {
        #[test]
        fn no_way_leads_to_a_place_outside_the_table(moves in proptest::collection::vec(0usize..9, 0..40)) {
            let known = places();
            let mut progress = Progress::FILED;
            for index in moves {
                if let Ok(next) = progress.clone().apply(sample(Move::ALL[index])) {
                    prop_assert!(next.step >= progress.step, "the ladder only goes up");
                    progress = next;
                }
                let here = (progress.step, progress.answer, progress.state.as_str());
                prop_assert!(known.iter().any(|place| (place.step, place.answer, place.state.as_str()) == here));
                prop_assert_eq!(progress.state == State::Arbitration, matches!(
                    (progress.step, &progress.state),
                    (Step::Arbitration, State::Open | State::Investigation | State::Hearing | State::Arbitration)
                ));
            }
        }
    }
}
