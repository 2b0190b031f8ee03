//! Where a student stands, and the only way they move: one total function over status and move.
//!
//! `applicant → enrolled ⇄ on_leave`, and from there to `completed`, `dropped` or `dismissed`. Who was dropped or
//! dismissed can be taken back; what is completed is final.

use jiff::{Timestamp, civil::Date};

use crate::{names::names, text::Prose, users::UserId};

names! {
    /// Where a student stands.
    pub enum StudentStatus {
        /// Has applied.
        Applicant = "applicant",
        /// Is trained.
        Enrolled = "enrolled",
        /// Rests for a while.
        OnLeave = "on_leave",
        /// Is through.
        Completed = "completed",
        /// Has left, or never came.
        Dropped = "dropped",
        /// Was sent away.
        Dismissed = "dismissed",
    }
}

names! {
    /// What can be done with a student.
    pub enum StudentMove {
        /// Takes an applicant in.
        Enroll = "enroll",
        /// Lets somebody rest.
        TakeLeave = "take_leave",
        /// Goes on after a rest.
        Return = "return",
        /// Is through with everything.
        Complete = "complete",
        /// Leaves, or never comes.
        Drop = "drop",
        /// Is sent away.
        Dismiss = "dismiss",
        /// Takes somebody back who was dropped or dismissed.
        Readmit = "readmit",
    }
}

impl StudentMove {
    /// Whether it takes a reason.
    pub const fn needs_reason(self) -> bool {
        match self {
            Self::TakeLeave | Self::Drop | Self::Dismiss | Self::Readmit => true,
            Self::Enroll | Self::Return | Self::Complete => false,
        }
    }

    /// Whether it takes an officer: it decides over somebody, or takes a decision back.
    pub const fn is_decision(self) -> bool {
        match self {
            Self::Dismiss | Self::Readmit => true,
            Self::Enroll | Self::TakeLeave | Self::Return | Self::Complete | Self::Drop => false,
        }
    }
}

/// A move that the table does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a student who is {} cannot {}", .status.as_str(), .wanted.as_str())]
pub struct IllegalMove {
    /// Where they stand.
    pub status: StudentStatus,
    /// What was tried.
    pub wanted: StudentMove,
    /// What could be done instead.
    pub allowed: Vec<&'static str>,
}

impl StudentStatus {
    /// Whether somebody in this status is trained, or will be again.
    pub const fn is_active(self) -> bool {
        match self {
            Self::Enrolled | Self::OnLeave => true,
            Self::Applicant | Self::Completed | Self::Dropped | Self::Dismissed => false,
        }
    }

    /// The status after a move.
    ///
    /// # Errors
    /// [`IllegalMove`] when the table does not have it.
    pub fn apply(self, wanted: StudentMove) -> Result<Self, IllegalMove> {
        self.after(wanted).ok_or_else(|| IllegalMove {
            status: self,
            wanted,
            allowed: self.allowed().map(StudentMove::as_str).collect(),
        })
    }

    /// The moves that the table has from here.
    pub fn allowed(self) -> impl Iterator<Item = StudentMove> {
        let moves = StudentMove::ALL.into_iter();
        moves.filter(move |wanted| self.after(*wanted).is_some())
    }

    /// The table: where each move leads from each status.
    const fn after(self, wanted: StudentMove) -> Option<Self> {
        match (self, wanted) {
            (Self::Applicant, StudentMove::Enroll)
            | (Self::OnLeave, StudentMove::Return)
            | (Self::Dropped | Self::Dismissed, StudentMove::Readmit) => Some(Self::Enrolled),
            (Self::Enrolled, StudentMove::TakeLeave) => Some(Self::OnLeave),
            (Self::Enrolled, StudentMove::Complete) => Some(Self::Completed),
            (Self::Applicant | Self::Enrolled | Self::OnLeave, StudentMove::Drop) => {
                Some(Self::Dropped)
            }
            (Self::Enrolled | Self::OnLeave, StudentMove::Dismiss) => Some(Self::Dismissed),
            (
                Self::Applicant,
                StudentMove::TakeLeave
                | StudentMove::Return
                | StudentMove::Complete
                | StudentMove::Dismiss
                | StudentMove::Readmit,
            )
            | (Self::Enrolled, StudentMove::Enroll | StudentMove::Return | StudentMove::Readmit)
            | (
                Self::OnLeave,
                StudentMove::Enroll
                | StudentMove::TakeLeave
                | StudentMove::Complete
                | StudentMove::Readmit,
            )
            | (
                Self::Completed,
                StudentMove::Enroll
                | StudentMove::TakeLeave
                | StudentMove::Return
                | StudentMove::Complete
                | StudentMove::Drop
                | StudentMove::Dismiss
                | StudentMove::Readmit,
            )
            | (
                Self::Dropped | Self::Dismissed,
                StudentMove::Enroll
                | StudentMove::TakeLeave
                | StudentMove::Return
                | StudentMove::Complete
                | StudentMove::Drop
                | StudentMove::Dismiss,
            ) => None,
        }
    }
}

/// One move of a student, as their history keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// Where they stood; nothing before the record was made.
    pub from: Option<StudentStatus>,
    /// Where they stand since.
    pub to: StudentStatus,
    /// As of which day.
    pub on: Date,
    /// Why, where somebody said so.
    pub reason: Option<Prose<2_000>>,
    /// Who moved them; nobody when the program did.
    pub by: Option<UserId>,
    /// When it was written down.
    pub at: Timestamp,
}

/// What is wanted of a move, with what it carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transition {
    /// The move.
    pub wanted: StudentMove,
    /// As of which day; today when nothing is said.
    pub on: Option<Date>,
    /// Why.
    pub reason: Option<Prose<2_000>>,
}

/// The whole table as text: a row for each status, a column for each move.
pub fn table() -> String {
    let moves = StudentMove::ALL.map(StudentMove::as_str).join(" | ");
    let rule = StudentMove::ALL.map(|_| "---").join("|");
    let row = |status: StudentStatus| {
        let cells =
            StudentMove::ALL.map(|wanted| status.after(wanted).map_or("", StudentStatus::as_str));
        format!("| {} | {} |", status.as_str(), cells.join(" | "))
    };
    let mut lines = vec![format!("| status | {moves} |"), format!("|---|{rule}|")];
    lines.extend(StudentStatus::ALL.map(row));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_whole_table_of_status_and_move() {
        insta::assert_snapshot!(table());
    }

    #[test]
    fn a_refused_move_names_what_is_allowed_instead() {
        let error = StudentStatus::Applicant
            .apply(StudentMove::Complete)
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "a student who is applicant cannot complete"
        );
        assert_eq!(error.allowed, ["enroll", "drop"]);
    }

    #[test]
    fn who_rests_or_is_trained_is_active() {
        let active = StudentStatus::ALL
            .into_iter()
            .filter(|status| status.is_active());
        let active: Vec<_> = active.collect();
        assert_eq!(active, [StudentStatus::Enrolled, StudentStatus::OnLeave]);
    }

    proptest! {
        #[test]
        fn no_way_leads_on_from_completion_and_every_other_way_leads_back_to_training(
            moves in proptest::collection::vec(0usize..7, 0..30)
        ) {
            let mut status = StudentStatus::Applicant;
            for index in moves {
                let wanted = StudentMove::ALL[index];
                let is_allowed = status.allowed().any(|allowed| allowed == wanted);
                match status.apply(wanted) {
                    Ok(next) => {
                        prop_assert!(is_allowed);
                        prop_assert_ne!(status, StudentStatus::Completed);
                        prop_assert_ne!(next, StudentStatus::Applicant, "nobody applies twice");
                        status = next;
                    }
                    Err(error) => {
                        prop_assert!(!is_allowed);
                        prop_assert_eq!(error.allowed.is_empty(), status == StudentStatus::Completed);
                    }
                }
            }
        }
    }
}
