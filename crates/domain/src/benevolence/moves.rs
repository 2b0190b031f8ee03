//! The words of the machine: where an application stands, and what can be done with it.

use jiff::civil::Date;

use super::{
    climb::{Award, Climb},
    words::{Decision, Level, Status},
};
use crate::{money::Amount, text::Prose};

/// Where an application stands, with what belongs to it; moved by [`State::apply`] alone.
///
/// Whether an award counts as `approved` or as `paid` follows from what was paid, so the two cannot contradict each
/// other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Being written; it can be changed and deleted, and nobody reviews it.
    Draft,
    /// Handed in; what is asked and how far it must climb are settled.
    Submitted(Climb),
    /// Waits for the review of a level.
    UnderReview(Climb),
    /// Waits for the applicant's answer to this question; then the same level goes on.
    NeedsInfo(Climb, Prose<2_000>),
    /// Money was granted; it is `approved` until it is paid in full, and `paid` then.
    Awarded(Award),
    /// Refused, with this reason.
    Denied(Prose<2_000>),
    /// Given up by the member before there was a decision, perhaps with a reason.
    Withdrawn(Option<Prose<2_000>>),
}

impl State {
    /// The status on the wire and in storage.
    pub fn status(&self) -> Status {
        match self {
            Self::Draft => Status::Draft,
            Self::Submitted(_) => Status::Submitted,
            Self::UnderReview(_) => Status::UnderReview,
            Self::NeedsInfo(..) => Status::NeedsInfo,
            Self::Awarded(award) if award.open().is_zero() => Status::Paid,
            Self::Awarded(_) => Status::Approved,
            Self::Denied(_) => Status::Denied,
            Self::Withdrawn(_) => Status::Withdrawn,
        }
    }

    /// How far it has climbed, while there is no decision.
    pub const fn climb(&self) -> Option<Climb> {
        match self {
            Self::Submitted(climb) | Self::UnderReview(climb) | Self::NeedsInfo(climb, _) => {
                Some(*climb)
            }
            Self::Draft | Self::Awarded(_) | Self::Denied(_) | Self::Withdrawn(_) => None,
        }
    }

    /// What was granted, if anything was.
    pub const fn award(&self) -> Option<Award> {
        match self {
            Self::Awarded(award) => Some(*award),
            Self::Draft
            | Self::Submitted(_)
            | Self::UnderReview(_)
            | Self::NeedsInfo(..)
            | Self::Denied(_)
            | Self::Withdrawn(_) => None,
        }
    }

    /// The question that waits for an answer, if one does.
    pub const fn question(&self) -> Option<&Prose<2_000>> {
        match self {
            Self::NeedsInfo(_, question) => Some(question),
            Self::Draft
            | Self::Submitted(_)
            | Self::UnderReview(_)
            | Self::Awarded(_)
            | Self::Denied(_)
            | Self::Withdrawn(_) => None,
        }
    }

    /// Why it was denied or withdrawn, if it was and a reason was given.
    pub const fn reason(&self) -> Option<&Prose<2_000>> {
        match self {
            Self::Denied(reason) | Self::Withdrawn(Some(reason)) => Some(reason),
            Self::Draft
            | Self::Submitted(_)
            | Self::UnderReview(_)
            | Self::NeedsInfo(..)
            | Self::Awarded(_)
            | Self::Withdrawn(None) => None,
        }
    }

    /// Whether somebody may still decide on it.
    pub const fn undecided(&self) -> bool {
        match self {
            Self::Draft | Self::Submitted(_) | Self::UnderReview(_) | Self::NeedsInfo(..) => true,
            Self::Awarded(_) | Self::Denied(_) | Self::Withdrawn(_) => false,
        }
    }
}

/// What a reviewer decides, with what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// For this amount: 0.01 up to what is asked. At the last level it is granted, below it is a recommendation.
    Approve(Amount),
    /// Against it, with the reason that the applicant is told.
    Deny(Prose<2_000>),
    /// Back to the applicant with this question.
    Ask(Prose<2_000>),
    /// Up to the level above, with the reason.
    Defer(Prose<2_000>),
}

impl Verdict {
    /// The decision without what it carries.
    pub const fn decision(&self) -> Decision {
        match self {
            Self::Approve(_) => Decision::Approved,
            Self::Deny(_) => Decision::Denied,
            Self::Ask(_) => Decision::NeedsInfo,
            Self::Defer(_) => Decision::Deferred,
        }
    }

    /// The amount that it names, if it is an approval.
    pub const fn amount(&self) -> Option<Amount> {
        match self {
            Self::Approve(amount) => Some(*amount),
            Self::Deny(_) | Self::Ask(_) | Self::Defer(_) => None,
        }
    }

    /// Its reason or question, if it has one.
    pub const fn words(&self) -> Option<&Prose<2_000>> {
        match self {
            Self::Deny(words) | Self::Ask(words) | Self::Defer(words) => Some(words),
            Self::Approve(_) => None,
        }
    }

    /// The move that it makes.
    pub const fn kind(&self) -> Move {
        match self {
            Self::Approve(_) => Move::Approve,
            Self::Deny(_) => Move::Deny,
            Self::Ask(_) => Move::Ask,
            Self::Defer(_) => Move::Defer,
        }
    }
}

/// Everything that can be done with an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Hand it in, with what is asked and how far that must climb.
    Submit(Climb),
    /// The office has seen that it is complete and opens the review.
    BeginReview,
    /// A level decides, on this day of the tenant.
    Review {
        /// The level that decides; it must be the one that is due.
        level: Level,
        /// What it decides.
        verdict: Verdict,
        /// The day, which becomes the day of the award.
        on: Date,
    },
    /// The applicant answers the question.
    Answer(Prose<10_000>),
    /// The member gives it up.
    Withdraw(Option<Prose<2_000>>),
    /// Pay this much of what was granted.
    Pay(Amount),
    /// Take a payment of this much back: it bounced, or was made by mistake.
    Reverse(Amount),
}

/// The name of an action, without what it carries: what `allowed_actions` lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Move {
    /// [`Action::Submit`].
    Submit,
    /// [`Action::BeginReview`].
    BeginReview,
    /// [`Action::Review`] with [`Verdict::Approve`].
    Approve,
    /// [`Action::Review`] with [`Verdict::Deny`].
    Deny,
    /// [`Action::Review`] with [`Verdict::Ask`].
    Ask,
    /// [`Action::Review`] with [`Verdict::Defer`].
    Defer,
    /// [`Action::Answer`].
    Answer,
    /// [`Action::Withdraw`].
    Withdraw,
    /// [`Action::Pay`].
    Pay,
    /// [`Action::Reverse`].
    Reverse,
}

impl Move {
    /// Every move.
    pub const ALL: [Self; 10] = [
        Self::Submit,
        Self::BeginReview,
        Self::Approve,
        Self::Deny,
        Self::Ask,
        Self::Defer,
        Self::Answer,
        Self::Withdraw,
        Self::Pay,
        Self::Reverse,
    ];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Submit => "submit",
            Self::BeginReview => "begin_review",
            Self::Approve => "approve",
            Self::Deny => "deny",
            Self::Ask => "ask",
            Self::Defer => "defer",
            Self::Answer => "answer",
            Self::Withdraw => "withdraw",
            Self::Pay => "pay",
            Self::Reverse => "reverse",
        }
    }
}

impl Action {
    /// The action without what it carries.
    pub const fn kind(&self) -> Move {
        match self {
            Self::Submit(_) => Move::Submit,
            Self::BeginReview => Move::BeginReview,
            Self::Review { verdict, .. } => verdict.kind(),
            Self::Answer(_) => Move::Answer,
            Self::Withdraw(_) => Move::Withdraw,
            Self::Pay(_) => Move::Pay,
            Self::Reverse(_) => Move::Reverse,
        }
    }
}
