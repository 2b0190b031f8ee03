//! The only way an application moves: one total function over state and action.
//!
//! `draft → submitted → under_review → approved → paid`, or `denied` at any level; a question sends it to the applicant
//! and an answer back to the same level; the member may withdraw it until there is a decision; a payment that is taken
//! back makes a paid one approved again.

use jiff::civil::Date;

use super::{
    climb::{Award, Climb},
    moves::{Action, Move, State, Verdict},
    table,
    words::{Level, Status},
};
use crate::{money::Amount, text::Prose};

/// A move that the table does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an application that is {} cannot {}; allowed: {}", status.as_str(), action.as_str(), names(allowed))]
pub struct IllegalMove {
    /// The status it was in.
    pub status: Status,
    /// What was tried.
    pub action: Move,
    /// What could be done instead.
    pub allowed: Vec<Move>,
}

fn names(allowed: &[Move]) -> String {
    if allowed.is_empty() {
        return "nothing".to_owned();
    }
    let names: Vec<_> = allowed.iter().map(|kind| kind.as_str()).collect();
    names.join(", ")
}

/// Why an action does not happen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The table does not have the move.
    #[error(transparent)]
    Illegal(#[from] IllegalMove),
    /// Another level is due: none is skipped, and none decides twice.
    #[error("the review of {} is due, not that of {}", due.as_str(), given.as_str())]
    NotDue {
        /// The level that is due.
        due: Level,
        /// The level that was to decide.
        given: Level,
    },
    /// An approval of nothing, or of more than is asked.
    #[error("an approval is of 0.01 to {asked}, which is what is asked")]
    NotAsked {
        /// What is asked.
        asked: Amount,
    },
    /// A payment of nothing, or of more than is open.
    #[error("a payment is of 0.01 to {open}, which is what is still to be paid")]
    AboveAward {
        /// What is still to be paid.
        open: Amount,
    },
    /// A payment is taken back that was never made.
    #[error("no more can be taken back than the {paid} that was paid")]
    AbovePaid {
        /// What was paid.
        paid: Amount,
    },
}

/// Why a row of the table does not lead anywhere.
enum Dead {
    /// There is no such row.
    NoRow,
    /// There is one, and what the action carries does not fit.
    Guarded(Refused),
}

impl State {
    /// The state after an action.
    ///
    /// # Errors
    /// [`Refused`]; the application then stands where it stood.
    pub fn apply(&self, action: Action) -> Result<Self, Refused> {
        let kind = action.kind();
        self.moved(action).map_err(|dead| match dead {
            Dead::Guarded(refused) => refused,
            Dead::NoRow => Refused::Illegal(IllegalMove {
                status: self.status(),
                action: kind,
                allowed: self.allowed(),
            }),
        })
    }

    /// The moves that the table has from here, in the order of [`Move::ALL`].
    pub fn allowed(&self) -> Vec<Move> {
        Move::ALL
            .into_iter()
            .filter(|kind| self.leads(*kind).is_some())
            .collect()
    }

    /// Where a move leads from here with the smallest amount, if the table has it.
    pub(super) fn leads(&self, kind: Move) -> Option<Self> {
        self.moved(table::sample(kind, self)).ok()
    }

    fn moved(&self, action: Action) -> Result<Self, Dead> {
        match action {
            Action::Submit(climb) => self.submitted(climb),
            Action::BeginReview => self.opened(),
            Action::Review { level, verdict, on } => self.reviewed(level, verdict, on),
            Action::Answer(_) => self.answered(),
            Action::Withdraw(reason) => self.withdrawn(reason),
            Action::Pay(sum) => self.paid(sum),
            Action::Reverse(sum) => self.reversed(sum),
        }
    }

    fn submitted(&self, climb: Climb) -> Result<Self, Dead> {
        match self {
            Self::Draft => Ok(Self::Submitted(climb)),
            Self::Submitted(_)
            | Self::UnderReview(_)
            | Self::NeedsInfo(..)
            | Self::Awarded(_)
            | Self::Denied(_)
            | Self::Withdrawn(_) => Err(Dead::NoRow),
        }
    }

    fn opened(&self) -> Result<Self, Dead> {
        match self {
            Self::Submitted(climb) => Ok(Self::UnderReview(*climb)),
            Self::Draft
            | Self::UnderReview(_)
            | Self::NeedsInfo(..)
            | Self::Awarded(_)
            | Self::Denied(_)
            | Self::Withdrawn(_) => Err(Dead::NoRow),
        }
    }

    fn reviewed(&self, level: Level, verdict: Verdict, on: Date) -> Result<Self, Dead> {
        match self {
            Self::UnderReview(climb) if climb.level() != level => {
                Err(Dead::Guarded(Refused::NotDue {
                    due: climb.level(),
                    given: level,
                }))
            }
            Self::UnderReview(climb) => decided(*climb, verdict, on),
            Self::Draft
            | Self::Submitted(_)
            | Self::NeedsInfo(..)
            | Self::Awarded(_)
            | Self::Denied(_)
            | Self::Withdrawn(_) => Err(Dead::NoRow),
        }
    }

    /// Back to the level that asked.
    fn answered(&self) -> Result<Self, Dead> {
        match self {
            Self::NeedsInfo(climb, _) => Ok(Self::UnderReview(*climb)),
            Self::Draft
            | Self::Submitted(_)
            | Self::UnderReview(_)
            | Self::Awarded(_)
            | Self::Denied(_)
            | Self::Withdrawn(_) => Err(Dead::NoRow),
        }
    }

    /// A draft is not withdrawn but deleted: nobody has seen it.
    fn withdrawn(&self, reason: Option<Prose<2_000>>) -> Result<Self, Dead> {
        match self {
            Self::Submitted(_) | Self::UnderReview(_) | Self::NeedsInfo(..) => {
                Ok(Self::Withdrawn(reason))
            }
            Self::Draft | Self::Awarded(_) | Self::Denied(_) | Self::Withdrawn(_) => {
                Err(Dead::NoRow)
            }
        }
    }

    fn paid(&self, sum: Amount) -> Result<Self, Dead> {
        match self {
            Self::Awarded(award) if award.open().is_zero() => Err(Dead::NoRow),
            Self::Awarded(award) => award
                .with_paid(sum)
                .filter(|_| !sum.is_zero())
                .map(Self::Awarded)
                .ok_or(Dead::Guarded(Refused::AboveAward { open: award.open() })),
            Self::Draft
            | Self::Submitted(_)
            | Self::UnderReview(_)
            | Self::NeedsInfo(..)
            | Self::Denied(_)
            | Self::Withdrawn(_) => Err(Dead::NoRow),
        }
    }

    fn reversed(&self, sum: Amount) -> Result<Self, Dead> {
        match self {
            Self::Awarded(award) if award.paid().is_zero() => Err(Dead::NoRow),
            Self::Awarded(award) => award
                .with_reversed(sum)
                .filter(|_| !sum.is_zero())
                .map(Self::Awarded)
                .ok_or(Dead::Guarded(Refused::AbovePaid { paid: award.paid() })),
            Self::Draft
            | Self::Submitted(_)
            | Self::UnderReview(_)
            | Self::NeedsInfo(..)
            | Self::Denied(_)
            | Self::Withdrawn(_) => Err(Dead::NoRow),
        }
    }
}

/// What the verdict of the level that is due makes of an application.
fn decided(climb: Climb, verdict: Verdict, on: Date) -> Result<State, Dead> {
    match verdict {
        Verdict::Approve(amount) => {
            let asked = climb.asked();
            let award = Award::granted(amount, on)
                .ok()
                .filter(|_| amount <= asked)
                .ok_or(Dead::Guarded(Refused::NotAsked { asked }))?;
            Ok(climb
                .approved()
                .map_or(State::Awarded(award), State::UnderReview))
        }
        Verdict::Deny(reason) => Ok(State::Denied(reason)),
        Verdict::Ask(question) => Ok(State::NeedsInfo(climb, question)),
        Verdict::Defer(_) => climb.deferred().map(State::UnderReview).ok_or(Dead::NoRow),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::table::table, *};

    fn cents(minor: i64) -> Amount {
        Amount::from_minor(minor).unwrap()
    }

    fn under_review(level: Level, last: Level) -> State {
        State::UnderReview(Climb::restore(cents(50_000), level, last).unwrap())
    }

    fn approve(level: Level, minor: i64) -> Action {
        Action::Review {
            level,
            verdict: Verdict::Approve(cents(minor)),
            on: Date::ZERO,
        }
    }

    fn awarded(amount: i64, paid: i64) -> State {
        State::Awarded(Award::restore(cents(amount), cents(paid), Date::ZERO).unwrap())
    }

    #[test]
    fn the_whole_table_of_state_and_move() {
        insta::assert_snapshot!(table());
    }

    #[test]
    fn a_refused_move_says_what_is_allowed_instead() {
        let refused = State::Draft.apply(Action::BeginReview).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "an application that is draft cannot begin_review; allowed: submit"
        );
        let refused = State::Denied(Prose::placeholder())
            .apply(Action::Withdraw(None))
            .unwrap_err();
        assert_eq!(
            refused.to_string(),
            "an application that is denied cannot withdraw; allowed: nothing"
        );
    }

    #[test]
    fn no_level_is_skipped_and_none_decides_twice() {
        let due = under_review(Level::Admin, Level::President);
        for given in [Level::Vp, Level::Manager, Level::President] {
            let refused = due.apply(approve(given, 100)).unwrap_err();
            let due = Level::Admin;
            assert_eq!(refused, Refused::NotDue { due, given });
        }
        assert_eq!(
            due.apply(approve(Level::Admin, 100)),
            Ok(under_review(Level::Manager, Level::President))
        );
    }

    #[test]
    fn the_last_level_sets_the_amount_and_it_is_at_most_what_is_asked() {
        let last = under_review(Level::Admin, Level::Admin);
        assert_eq!(
            last.apply(approve(Level::Admin, 50_000)),
            Ok(awarded(50_000, 0))
        );
        for minor in [0, 50_001] {
            let refused = last.apply(approve(Level::Admin, minor)).unwrap_err();
            let asked = cents(50_000);
            assert_eq!(refused, Refused::NotAsked { asked });
        }
        let first = under_review(Level::Vp, Level::Admin);
        let refused = first.apply(approve(Level::Vp, 50_001));
        assert!(refused.is_err(), "a recommendation is bounded too");
    }

    #[test]
    fn an_answer_goes_back_to_the_level_that_asked() {
        let asked = under_review(Level::Manager, Level::President)
            .apply(Action::Review {
                level: Level::Manager,
                verdict: Verdict::Ask(Prose::placeholder()),
                on: Date::ZERO,
            })
            .unwrap();
        assert_eq!(asked.status(), Status::NeedsInfo);
        assert!(asked.question().is_some());
        assert_eq!(
            asked.apply(Action::Answer(Prose::placeholder())),
            Ok(under_review(Level::Manager, Level::President))
        );
    }

    #[test]
    fn payments_add_up_to_the_award_and_what_bounced_is_open_again() {
        let part = awarded(300, 0).apply(Action::Pay(cents(100))).unwrap();
        assert_eq!(part.status(), Status::Approved);
        for minor in [0, 201] {
            let refused = part.apply(Action::Pay(cents(minor))).unwrap_err();
            let open = cents(200);
            assert_eq!(refused, Refused::AboveAward { open });
        }
        let whole = part.apply(Action::Pay(cents(200))).unwrap();
        assert_eq!(whole.status(), Status::Paid);
        for minor in [0, 301] {
            let refused = whole.apply(Action::Reverse(cents(minor))).unwrap_err();
            let paid = cents(300);
            assert_eq!(refused, Refused::AbovePaid { paid });
        }
        let back = whole.apply(Action::Reverse(cents(100))).unwrap();
        assert_eq!((back.status(), back), (Status::Approved, awarded(300, 200)));
    }
}
