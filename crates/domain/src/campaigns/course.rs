//! Where a campaign stands, and the only way it moves: one total function over state and move.
//!
//! `planned → active ⇄ paused`, and from there to `won`, `lost` or `abandoned`, which are final.

use jiff::civil::Date;

use super::table;
use crate::{
    invalid::Invalid,
    text::{Prose, one_of},
};

/// Where a campaign stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It has not begun.
    Planned,
    /// It is under way.
    Active,
    /// It rests, for this reason.
    Paused(Prose<2_000>),
    /// It reached what it was for.
    Won(Prose<2_000>),
    /// It did not reach what it was for.
    Lost(Prose<2_000>),
    /// It was given up.
    Abandoned(Prose<2_000>),
}

impl State {
    /// The names of the states, in the order of their lives.
    pub const NAMES: [&'static str; 6] =
        ["planned", "active", "paused", "won", "lost", "abandoned"];

    /// The name on the wire and in storage.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Active => "active",
            Self::Paused(_) => "paused",
            Self::Won(_) => "won",
            Self::Lost(_) => "lost",
            Self::Abandoned(_) => "abandoned",
        }
    }

    /// Reads the name alone.
    ///
    /// # Errors
    /// `unknown_value`, with the names there are.
    pub fn name(text: &str) -> Result<&'static str, Invalid> {
        one_of(text, &Self::NAMES, |name| name)
    }

    /// Why it is so, where that is asked for.
    pub const fn reason(&self) -> Option<&Prose<2_000>> {
        match self {
            Self::Paused(reason)
            | Self::Won(reason)
            | Self::Lost(reason)
            | Self::Abandoned(reason) => Some(reason),
            Self::Planned | Self::Active => None,
        }
    }
}

/// What can be done with a campaign, with what it carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Move {
    /// It begins.
    Start,
    /// It rests.
    Pause(Prose<2_000>),
    /// It goes on.
    Resume,
    /// It has reached what it was for.
    Win(Prose<2_000>),
    /// It has not.
    Lose(Prose<2_000>),
    /// It is given up.
    Abandon(Prose<2_000>),
}

impl Move {
    /// The names of the moves.
    pub const NAMES: [&'static str; 6] = ["start", "pause", "resume", "win", "lose", "abandon"];

    /// The name on the wire.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Pause(_) => "pause",
            Self::Resume => "resume",
            Self::Win(_) => "win",
            Self::Lose(_) => "lose",
            Self::Abandon(_) => "abandon",
        }
    }

    /// Why it is made, where that is asked for.
    pub const fn reason(&self) -> Option<&Prose<2_000>> {
        match self {
            Self::Pause(reason)
            | Self::Win(reason)
            | Self::Lose(reason)
            | Self::Abandon(reason) => Some(reason),
            Self::Start | Self::Resume => None,
        }
    }
}

/// A move that the table does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a campaign that is {status} cannot {wanted}")]
pub struct IllegalMove {
    /// The status it was in.
    pub status: &'static str,
    /// What was tried.
    pub wanted: &'static str,
    /// What could be done instead.
    pub allowed: Vec<&'static str>,
}

/// Where a campaign stands, and since when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// Its state.
    pub state: State,
    /// The day it began, if it has.
    pub started_on: Option<Date>,
    /// The day it ended, if it has.
    pub ended_on: Option<Date>,
}

impl Course {
    /// A campaign that has not begun.
    pub const PLANNED: Self = Self {
        state: State::Planned,
        started_on: None,
        ended_on: None,
    };

    /// The course after a move that is made on the tenant's `today`.
    ///
    /// # Errors
    /// [`IllegalMove`] when the table does not have it.
    pub fn apply(&self, wanted: Move, today: Date) -> Result<Self, IllegalMove> {
        let refused = IllegalMove {
            status: self.state.as_str(),
            wanted: wanted.as_str(),
            allowed: Vec::new(),
        };
        self.moved(wanted, today).ok_or_else(|| IllegalMove {
            allowed: self.allowed(),
            ..refused
        })
    }

    /// The names of the moves that the table has from here, in the order of [`Move::NAMES`].
    pub fn allowed(&self) -> Vec<&'static str> {
        table::samples()
            .into_iter()
            .filter(|wanted| self.moved(wanted.clone(), Date::ZERO).is_some())
            .map(|wanted| wanted.as_str())
            .collect()
    }

    /// The place that a move leads to, if the table has it: a row for each state, none left out.
    pub(super) fn moved(&self, wanted: Move, today: Date) -> Option<Self> {
        match wanted {
            Move::Start => match self.state {
                State::Planned => Some(Self {
                    state: State::Active,
                    started_on: Some(today),
                    ended_on: None,
                }),
                State::Active
                | State::Paused(_)
                | State::Won(_)
                | State::Lost(_)
                | State::Abandoned(_) => None,
            },
            Move::Pause(reason) => self.while_active(State::Paused(reason)),
            Move::Resume => match self.state {
                State::Paused(_) => Some(self.with(State::Active)),
                State::Planned
                | State::Active
                | State::Won(_)
                | State::Lost(_)
                | State::Abandoned(_) => None,
            },
            Move::Win(reason) => self
                .while_active(State::Won(reason))
                .map(|course| course.ended(today)),
            Move::Lose(reason) => self.while_begun(State::Lost(reason), today),
            Move::Abandon(reason) => match self.state {
                State::Planned => Some(self.with(State::Abandoned(reason)).ended(today)),
                State::Active
                | State::Paused(_)
                | State::Won(_)
                | State::Lost(_)
                | State::Abandoned(_) => self.while_begun(State::Abandoned(reason), today),
            },
        }
    }

    /// Another state, if it is active now.
    fn while_active(&self, state: State) -> Option<Self> {
        match self.state {
            State::Active => Some(self.with(state)),
            State::Planned
            | State::Paused(_)
            | State::Won(_)
            | State::Lost(_)
            | State::Abandoned(_) => None,
        }
    }

    /// Its end, if it has begun and not ended.
    fn while_begun(&self, state: State, today: Date) -> Option<Self> {
        match self.state {
            State::Active | State::Paused(_) => Some(self.with(state).ended(today)),
            State::Planned | State::Won(_) | State::Lost(_) | State::Abandoned(_) => None,
        }
    }

    fn with(&self, state: State) -> Self {
        Self {
            state,
            ..self.clone()
        }
    }

    fn ended(self, today: Date) -> Self {
        Self {
            // A tenant that has moved to a time zone further west may be a day behind.
            ended_on: Some(self.started_on.map_or(today, |started| started.max(today))),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::{
        super::table::{places, samples, table},
        *,
    };

    #[test]
    fn the_whole_table_of_state_and_move() {
        insta::assert_snapshot!(table());
    }

    #[test]
    fn a_refused_move_names_what_is_allowed_instead() {
        let today = date(2026, 11, 21);
        let error = Course::PLANNED.apply(Move::Resume, today).unwrap_err();
        assert_eq!(
            error.to_string(),
            "a campaign that is planned cannot resume"
        );
        assert_eq!(error.allowed, ["start", "abandon"]);
    }

    #[test]
    fn a_course_knows_the_days_of_its_beginning_and_its_end() {
        let (first, last) = (date(2026, 11, 1), date(2026, 11, 21));
        let reason = || Prose::parse("They signed.").unwrap();
        let active = Course::PLANNED.apply(Move::Start, first).unwrap();
        assert_eq!((active.started_on, active.ended_on), (Some(first), None));
        let won = active.apply(Move::Win(reason()), last).unwrap();
        assert_eq!((won.started_on, won.ended_on), (Some(first), Some(last)));
        assert_eq!(won.state.reason(), Some(&reason()));
        let never = Course::PLANNED
            .apply(Move::Abandon(reason()), last)
            .unwrap();
        assert_eq!((never.started_on, never.ended_on), (None, Some(last)));
    }

    proptest! {
        #[test]
        fn no_way_leads_to_a_place_outside_the_table(moves in proptest::collection::vec(0usize..6, 0..40)) {
            let mut course = Course::PLANNED;
            for (day, index) in (1..).zip(moves) {
                let today = date(2026, 1, 1).saturating_add(jiff::Span::new().days(day));
                let wanted = samples()[index].clone();
                let allowed = course.allowed().contains(&wanted.as_str());
                match course.apply(wanted, today) {
                    Ok(next) => {
                        prop_assert!(allowed);
                        prop_assert!(course.ended_on.is_none(), "what has ended moves no more");
                        course = next;
                    }
                    Err(error) => prop_assert_eq!(error.allowed, course.allowed()),
                }
                let here = course.state.as_str();
                prop_assert!(places().iter().any(|place| place.state.as_str() == here));
                let begun = matches!(course.state, State::Active | State::Paused(_) | State::Won(_) | State::Lost(_));
                prop_assert!(!begun || course.started_on.is_some());
                let over = matches!(course.state, State::Won(_) | State::Lost(_) | State::Abandoned(_));
                prop_assert_eq!(over, course.ended_on.is_some());
            }
        }
    }
}
