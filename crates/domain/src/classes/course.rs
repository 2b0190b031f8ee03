//! Where a class stands, and the only way it moves: one total function over state and move.
//!
//! `planned → open → completed`, and `cancelled` from both before the end; a completed class is opened again when
//! something was forgotten.

use crate::{
    invalid::Invalid,
    text::{Prose, one_of},
};

/// Where a class stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClassState {
    /// It takes nobody yet.
    Planned,
    /// It takes students, or they are taught.
    Open,
    /// It has been taught.
    Completed,
    /// It does not take place, for this reason.
    Cancelled(Prose<2_000>),
}

impl ClassState {
    /// The names of the states, in the order of their lives.
    pub const NAMES: [&'static str; 4] = ["planned", "open", "completed", "cancelled"];

    /// The name on the wire and in storage.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Open => "open",
            Self::Completed => "completed",
            Self::Cancelled(_) => "cancelled",
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
            Self::Cancelled(reason) => Some(reason),
            Self::Planned | Self::Open | Self::Completed => None,
        }
    }

    /// Whether sessions of it are held and can be planned.
    pub const fn is_under_way(&self) -> bool {
        match self {
            Self::Planned | Self::Open => true,
            Self::Completed | Self::Cancelled(_) => false,
        }
    }

    /// The state after a move.
    ///
    /// # Errors
    /// [`IllegalClassMove`] when the table does not have it.
    pub fn apply(&self, wanted: ClassMove) -> Result<Self, IllegalClassMove> {
        let name = wanted.as_str();
        self.moved(wanted).ok_or_else(|| IllegalClassMove {
            status: self.as_str(),
            wanted: name,
            allowed: self.allowed(),
        })
    }

    /// The names of the moves that the table has from here, in the order of [`ClassMove::NAMES`].
    pub fn allowed(&self) -> Vec<&'static str> {
        samples()
            .into_iter()
            .filter(|wanted| self.moved(wanted.clone()).is_some())
            .map(|wanted| wanted.as_str())
            .collect()
    }

    fn moved(&self, wanted: ClassMove) -> Option<Self> {
        match (self, wanted) {
            (Self::Planned | Self::Completed, ClassMove::Open) => Some(Self::Open),
            (Self::Open, ClassMove::Complete) => Some(Self::Completed),
            (Self::Planned | Self::Open, ClassMove::Cancel(reason)) => {
                Some(Self::Cancelled(reason))
            }
            (Self::Open | Self::Cancelled(_), ClassMove::Open)
            | (Self::Planned | Self::Completed | Self::Cancelled(_), ClassMove::Complete)
            | (Self::Completed | Self::Cancelled(_), ClassMove::Cancel(_)) => None,
        }
    }
}

/// What can be done with a class, with what it carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClassMove {
    /// It takes students, for the first time or again.
    Open,
    /// It has been taught.
    Complete,
    /// It does not take place.
    Cancel(Prose<2_000>),
}

impl ClassMove {
    /// The names of the moves.
    pub const NAMES: [&'static str; 3] = ["open", "complete", "cancel"];

    /// The name on the wire.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Complete => "complete",
            Self::Cancel(_) => "cancel",
        }
    }
}

/// A move that the table does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a class that is {status} cannot {wanted}")]
pub struct IllegalClassMove {
    /// The status it was in.
    pub status: &'static str,
    /// What was tried.
    pub wanted: &'static str,
    /// What could be done instead.
    pub allowed: Vec<&'static str>,
}

/// Each move once, in the order of [`ClassMove::NAMES`].
fn samples() -> [ClassMove; 3] {
    [
        ClassMove::Open,
        ClassMove::Complete,
        ClassMove::Cancel(Prose::placeholder()),
    ]
}

/// The whole table of state and move as a Markdown table: the documentation is the code.
pub fn table() -> String {
    let mut lines = vec![
        format!("| status | {} |", ClassMove::NAMES.join(" | ")),
        format!("|---|{}", "---|".repeat(ClassMove::NAMES.len())),
    ];
    for state in [
        ClassState::Planned,
        ClassState::Open,
        ClassState::Completed,
        ClassState::Cancelled(Prose::placeholder()),
    ] {
        let cells = samples().map(|wanted| {
            let to = state.moved(wanted);
            to.map_or("–", |to| to.as_str())
        });
        lines.push(format!("| {} | {} |", state.as_str(), cells.join(" | ")));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_table_of_state_and_move() {
        let expected = [
            "| status | open | complete | cancel |",
            "|---|---|---|---|",
            "| planned | open | – | cancelled |",
            "| open | – | completed | cancelled |",
            "| completed | open | – | – |",
            "| cancelled | – | – | – |",
        ];
        assert_eq!(table(), expected.join("\n"));
    }

    #[test]
    fn a_refused_move_says_what_could_be_done_instead() {
        let refused = ClassState::Planned.apply(ClassMove::Complete).unwrap_err();
        assert_eq!(refused.allowed, ["open", "cancel"]);
        assert_eq!(
            refused.to_string(),
            "a class that is planned cannot complete"
        );
    }
}
