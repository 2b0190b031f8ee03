//! Where a cohort stands, and the only way it moves: one total function over status and move.
//!
//! `planned → enrolling → active → completed`, and `cancelled` from wherever it is not over.

use crate::names::names;

names! {
    /// Where a cohort stands.
    pub enum CohortStatus {
        /// Is prepared.
        Planned = "planned",
        /// Takes students in.
        Enrolling = "enrolling",
        /// Is taught.
        Active = "active",
        /// Is through.
        Completed = "completed",
        /// Does not take place, or not to its end.
        Cancelled = "cancelled",
    }
}

names! {
    /// What can be done with a cohort.
    pub enum CohortMove {
        /// Begins to take students in.
        Open = "open",
        /// Begins to be taught.
        Start = "start",
        /// Is through.
        Complete = "complete",
        /// Does not take place, or not to its end; takes a reason.
        Cancel = "cancel",
    }
}

/// A move that the table does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a cohort that is {} cannot {}", .status.as_str(), .wanted.as_str())]
pub struct IllegalMove {
    /// Where it stands.
    pub status: CohortStatus,
    /// What was tried.
    pub wanted: CohortMove,
    /// What could be done instead.
    pub allowed: Vec<&'static str>,
}

impl CohortStatus {
    /// Whether it is neither through nor cancelled.
    pub const fn is_running(self) -> bool {
        match self {
            Self::Planned | Self::Enrolling | Self::Active => true,
            Self::Completed | Self::Cancelled => false,
        }
    }

    /// The status after a move.
    ///
    /// # Errors
    /// [`IllegalMove`] when the table does not have it.
    pub fn apply(self, wanted: CohortMove) -> Result<Self, IllegalMove> {
        self.after(wanted).ok_or_else(|| IllegalMove {
            status: self,
            wanted,
            allowed: self.allowed().map(CohortMove::as_str).collect(),
        })
    }

    /// The moves that the table has from here.
    pub fn allowed(self) -> impl Iterator<Item = CohortMove> {
        let moves = CohortMove::ALL.into_iter();
        moves.filter(move |wanted| self.after(*wanted).is_some())
    }

    /// The table: where each move leads from each status.
    const fn after(self, wanted: CohortMove) -> Option<Self> {
        match (self, wanted) {
            (Self::Planned, CohortMove::Open) => Some(Self::Enrolling),
            (Self::Enrolling, CohortMove::Start) => Some(Self::Active),
            (Self::Active, CohortMove::Complete) => Some(Self::Completed),
            (Self::Planned | Self::Enrolling | Self::Active, CohortMove::Cancel) => {
                Some(Self::Cancelled)
            }
            (Self::Planned, CohortMove::Start | CohortMove::Complete)
            | (Self::Enrolling, CohortMove::Open | CohortMove::Complete)
            | (Self::Active, CohortMove::Open | CohortMove::Start)
            | (
                Self::Completed | Self::Cancelled,
                CohortMove::Open | CohortMove::Start | CohortMove::Complete | CohortMove::Cancel,
            ) => None,
        }
    }
}

/// The whole table as text: a row for each status, a column for each move.
pub fn table() -> String {
    let moves = CohortMove::ALL.map(CohortMove::as_str).join(" | ");
    let rule = CohortMove::ALL.map(|_| "---").join("|");
    let row = |status: CohortStatus| {
        let cells =
            CohortMove::ALL.map(|wanted| status.after(wanted).map_or("", CohortStatus::as_str));
        format!("| {} | {} |", status.as_str(), cells.join(" | "))
    };
    let mut lines = vec![format!("| status | {moves} |"), format!("|---|{rule}|")];
    lines.extend(CohortStatus::ALL.map(row));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_table_of_status_and_move() {
        insta::assert_snapshot!(table());
    }

    #[test]
    fn a_refused_move_names_what_is_allowed_instead_and_what_is_over_allows_nothing() {
        let error = CohortStatus::Planned
            .apply(CohortMove::Complete)
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "a cohort that is planned cannot complete"
        );
        assert_eq!(error.allowed, ["open", "cancel"]);
        for status in CohortStatus::ALL {
            assert_eq!(status.allowed().count() > 0, status.is_running());
        }
    }
}
