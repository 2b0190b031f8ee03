//! Where a grievance stands, and the only way it moves: one total function over state and action.
//!
//! The ladder is `step_1 → step_2 → step_3 → arbitration`. A meeting's outcome `advanced` climbs it;
//! `denied` leaves the choice to the union, which advances or withdraws; `settled` ends the matter.

use jiff::civil::Date;

use crate::{
    invalid::Invalid,
    money::Amount,
    text::{Prose, one_of},
};

/// A rung of the ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Steward and foreman.
    Step1,
    /// Business representative and manager.
    Step2,
    /// Business manager and director.
    Step3,
    /// Before an arbitrator.
    Arbitration,
}

impl Step {
    /// Every step, from the lowest.
    pub const ALL: [Self; 4] = [Self::Step1, Self::Step2, Self::Step3, Self::Arbitration];

    /// The name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Step1 => "step_1",
            Self::Step2 => "step_2",
            Self::Step3 => "step_3",
            Self::Arbitration => "arbitration",
        }
    }

    /// Its number: 1 to 4, arbitration being 4.
    pub const fn number(self) -> i16 {
        match self {
            Self::Step1 => 1,
            Self::Step2 => 2,
            Self::Step3 => 3,
            Self::Arbitration => 4,
        }
    }

    /// Reads the name.
    ///
    /// # Errors
    /// `unknown_value`, with the names there are.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        one_of(text, &Self::ALL, |step| step.as_str())
    }

    const fn above(self) -> Self {
        match self {
            Self::Step1 => Self::Step2,
            Self::Step2 => Self::Step3,
            Self::Step3 | Self::Arbitration => Self::Arbitration,
        }
    }
}

/// What the employer's side has answered on the present step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Answer {
    /// Nothing yet.
    Pending,
    /// It denied; the union now advances or withdraws.
    Denied,
}

impl Answer {
    /// Both answers.
    pub const ALL: [Self; 2] = [Self::Pending, Self::Denied];

    /// The name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Denied => "denied",
        }
    }

    /// Reads the name.
    ///
    /// # Errors
    /// `unknown_value`, with the names there are.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        one_of(text, &Self::ALL, |answer| answer.as_str())
    }
}

/// What the two sides agreed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    /// What was agreed.
    pub resolution: Prose<20_000>,
    /// The day of the agreement.
    pub date: Date,
    /// The money in it, if there is any.
    pub amount: Option<Amount>,
}

/// The status of a grievance, with what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Filed, or arrived on a new step.
    Open,
    /// The union is gathering facts.
    Investigation,
    /// A hearing of the present step is set.
    Hearing,
    /// Before an arbitrator.
    Arbitration,
    /// The sides agreed.
    Settled(Settlement),
    /// The union gave it up.
    Withdrawn(Prose<2_000>),
    /// Over and filed away; what had been agreed stays known.
    Closed(Prose<2_000>, Option<Settlement>),
}

impl State {
    /// The status names, in the order of the wire's enumeration.
    pub const NAMES: [&'static str; 7] = [
        "open",
        "investigation",
        "hearing",
        "settled",
        "withdrawn",
        "arbitration",
        "closed",
    ];

    /// The name on the wire and in storage.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Investigation => "investigation",
            Self::Hearing => "hearing",
            Self::Arbitration => "arbitration",
            Self::Settled(..) => "settled",
            Self::Withdrawn(..) => "withdrawn",
            Self::Closed(..) => "closed",
        }
    }
}

/// How a meeting ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The employer denied the grievance.
    Denied,
    /// The sides could not agree and take it to the next step.
    Advanced,
    /// The sides agreed.
    Settled(Settlement),
}

impl Outcome {
    /// The outcome names.
    pub const NAMES: [&'static str; 3] = ["denied", "settled", "advanced"];

    /// The name on the wire and in storage.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Denied => "denied",
            Self::Advanced => "advanced",
            Self::Settled(..) => "settled",
        }
    }
}

/// Everything that can be done to a grievance's progress.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Begin to gather facts.
    Investigate,
    /// Set a hearing of the present step.
    ScheduleHearing,
    /// Record how a meeting on the present step ended.
    RecordStep(Outcome),
    /// Take a denied grievance to the next step.
    Advance,
    /// Give it up, with the reason.
    Withdraw(Prose<2_000>),
    /// File it away, with the reason.
    Close(Prose<2_000>),
    /// Take it up again, with the reason.
    Reopen(Prose<2_000>),
}

/// The name of an action, without what it carries: what `allowed_actions` lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Move {
    /// [`Action::Investigate`].
    Investigate,
    /// [`Action::ScheduleHearing`].
    ScheduleHearing,
    /// [`Action::RecordStep`] with [`Outcome::Denied`].
    RecordDenied,
    /// [`Action::RecordStep`] with [`Outcome::Advanced`].
    RecordAdvanced,
    /// [`Action::RecordStep`] with [`Outcome::Settled`].
    RecordSettled,
    /// [`Action::Advance`].
    Advance,
    /// [`Action::Withdraw`].
    Withdraw,
    /// [`Action::Close`].
    Close,
    /// [`Action::Reopen`].
    Reopen,
}

impl Move {
    /// Every move.
    pub const ALL: [Self; 9] = [
        Self::Investigate,
        Self::ScheduleHearing,
        Self::RecordDenied,
        Self::RecordAdvanced,
        Self::RecordSettled,
        Self::Advance,
        Self::Withdraw,
        Self::Close,
        Self::Reopen,
    ];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Investigate => "investigate",
            Self::ScheduleHearing => "schedule_hearing",
            Self::RecordDenied => "record_denied",
            Self::RecordAdvanced => "record_advanced",
            Self::RecordSettled => "record_settled",
            Self::Advance => "advance",
            Self::Withdraw => "withdraw",
            Self::Close => "close",
            Self::Reopen => "reopen",
        }
    }
}

impl Action {
    /// The action without what it carries.
    pub const fn kind(&self) -> Move {
        match self {
            Self::Investigate => Move::Investigate,
            Self::ScheduleHearing => Move::ScheduleHearing,
            Self::RecordStep(Outcome::Denied) => Move::RecordDenied,
            Self::RecordStep(Outcome::Advanced) => Move::RecordAdvanced,
            Self::RecordStep(Outcome::Settled(..)) => Move::RecordSettled,
            Self::Advance => Move::Advance,
            Self::Withdraw(..) => Move::Withdraw,
            Self::Close(..) => Move::Close,
            Self::Reopen(..) => Move::Reopen,
        }
    }
}

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
            .filter(|kind| self.clone().moved(sample(*kind)).is_some())
            .collect()
    }

    fn moved(self, action: Action) -> Option<Self> {
        use Action as A;
        use State as S;
        let state = match (self.state, action) {
            (S::Open, A::Investigate) => S::Investigation,
            (S::Open | S::Investigation, A::ScheduleHearing) => S::Hearing,
            (
                state @ (S::Open | S::Investigation | S::Hearing | S::Arbitration),
                A::RecordStep(Outcome::Denied),
            ) => {
                return Some(Self {
                    answer: Answer::Denied,
                    state,
                    ..self
                });
            }
            (S::Open | S::Investigation | S::Hearing, A::RecordStep(Outcome::Advanced)) => {
                return Some(Self::arrived(self.step.above()));
            }
            (S::Open | S::Investigation | S::Hearing, A::Advance) => {
                return match self.answer {
                    Answer::Denied => Some(Self::arrived(self.step.above())),
                    Answer::Pending => None,
                };
            }
            (
                S::Open | S::Investigation | S::Hearing | S::Arbitration,
                A::RecordStep(Outcome::Settled(settlement)),
            ) => S::Settled(settlement),
            (S::Open | S::Investigation | S::Hearing | S::Arbitration, A::Withdraw(reason)) => {
                S::Withdrawn(reason)
            }
            (S::Arbitration, A::Close(reason)) => {
                return match self.answer {
                    Answer::Denied => Some(Self {
                        state: S::Closed(reason, None),
                        ..self
                    }),
                    Answer::Pending => None,
                };
            }
            (S::Settled(settlement), A::Close(reason)) => S::Closed(reason, Some(settlement)),
            (S::Withdrawn(_), A::Close(reason)) => S::Closed(reason, None),
            (S::Settled(_) | S::Withdrawn(_) | S::Closed(..), A::Reopen(_)) => {
                return Some(Self {
                    answer: self.answer,
                    ..Self::arrived(self.step)
                });
            }
            (
                S::Investigation
                | S::Hearing
                | S::Arbitration
                | S::Settled(_)
                | S::Withdrawn(_)
                | S::Closed(..),
                A::Investigate,
            )
            | (
                S::Hearing | S::Arbitration | S::Settled(_) | S::Withdrawn(_) | S::Closed(..),
                A::ScheduleHearing,
            )
            | (
                S::Settled(_) | S::Withdrawn(_) | S::Closed(..),
                A::RecordStep(_) | A::Advance | A::Withdraw(_),
            )
            | (S::Arbitration, A::RecordStep(Outcome::Advanced) | A::Advance)
            | (S::Open | S::Investigation | S::Hearing | S::Closed(..), A::Close(_))
            | (S::Open | S::Investigation | S::Hearing | S::Arbitration, A::Reopen(_)) => {
                return None;
            }
        };
        Some(Self { state, ..self })
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

/// An action of a kind, carrying words that do not matter to where it leads.
fn sample(kind: Move) -> Action {
    let settlement = || Settlement {
        resolution: Prose::placeholder(),
        date: Date::ZERO,
        amount: None,
    };
    match kind {
        Move::Investigate => Action::Investigate,
        Move::ScheduleHearing => Action::ScheduleHearing,
        Move::RecordDenied => Action::RecordStep(Outcome::Denied),
        Move::RecordAdvanced => Action::RecordStep(Outcome::Advanced),
        Move::RecordSettled => Action::RecordStep(Outcome::Settled(settlement())),
        Move::Advance => Action::Advance,
        Move::Withdraw => Action::Withdraw(Prose::placeholder()),
        Move::Close => Action::Close(Prose::placeholder()),
        Move::Reopen => Action::Reopen(Prose::placeholder()),
    }
}

/// Every place a grievance can be in, once: the rows of the table.
pub fn places() -> Vec<Progress> {
    let settled = || match sample(Move::RecordSettled) {
        Action::RecordStep(Outcome::Settled(settlement)) => vec![
            State::Settled(settlement.clone()),
            State::Closed(Prose::placeholder(), Some(settlement)),
        ],
        Action::Investigate
        | Action::ScheduleHearing
        | Action::RecordStep(Outcome::Denied | Outcome::Advanced)
        | Action::Advance
        | Action::Withdraw(_)
        | Action::Close(_)
        | Action::Reopen(_) => Vec::new(),
    };
    let mut places = Vec::new();
    for step in Step::ALL {
        for answer in Answer::ALL {
            let active = match step {
                Step::Step1 | Step::Step2 | Step::Step3 => {
                    vec![State::Open, State::Investigation, State::Hearing]
                }
                Step::Arbitration => vec![State::Arbitration],
            };
            let ended = settled()
                .into_iter()
                .chain([State::Withdrawn(Prose::placeholder())]);
            places.extend(active.into_iter().chain(ended).map(|state| Progress {
                step,
                answer,
                state,
            }));
        }
    }
    places
}

/// The whole table of place and action as a Markdown table: the documentation is the code.
pub fn table() -> String {
    let mut lines = vec![
        "| step | status | answer |".to_owned(),
        "|---|---|---|".to_owned(),
    ];
    for kind in Move::ALL {
        if let [head, rule] = lines.as_mut_slice() {
            head.push_str(&format!(" {} |", kind.as_str()));
            rule.push_str("---|");
        }
    }
    for place in places() {
        let mut line = format!(
            "| {} | {} | {} |",
            place.step.as_str(),
            place.state.as_str(),
            place.answer.as_str()
        );
        for kind in Move::ALL {
            let cell = place.clone().moved(sample(kind)).map_or_else(
                || " – |".to_owned(),
                |to| match to.answer {
                    Answer::Pending => format!(" {}, {} |", to.step.as_str(), to.state.as_str()),
                    Answer::Denied => {
                        format!(" {}, {}, denied |", to.step.as_str(), to.state.as_str())
                    }
                },
            );
            line.push_str(&cell);
        }
        lines.push(line);
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

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
