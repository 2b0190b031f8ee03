//! The benevolence fund: a member asks for help, reviewers decide up a ladder, and the fund pays what it holds.

mod answers;
mod bench;
mod climb;
mod fund;
mod moves;
mod payments;
mod progress;
mod queues;
mod rules;
mod sight;
mod statistics;
mod table;
mod words;

use jiff::{Timestamp, civil::Date};

pub use self::{
    answers::{Answer, AnswerId},
    bench::{
        Bar, Bench, MOST_QUESTIONS, Relation, RelationId, Review, ReviewError, ReviewId, Reviewer,
        Seat, SeatId,
    },
    climb::{Award, Climb},
    fund::{EntryKind, Fund, FundEntry, FundEntryId, FundError},
    moves::{Action, Move, State, Verdict},
    payments::{AlreadyReversed, MOST_PAYMENTS, PaidOut, Payment, PaymentId, Reversal},
    progress::{IllegalMove, Refused},
    queues::{Turn, Waiting, queue},
    rules::{Caps, MOST_VERSIONS, OverCap, RuleBook, Rules, RulesVersion, Thresholds, YearAwards},
    sight::{Looking, Need, Seen, Sight, Unmasking, UnmaskingId},
    statistics::{Count, Outcome, Tally, Year, statistics},
    table::{places, table},
    words::{Decision, Kinship, Level, Naming, PaymentMethod, Reason, Status},
};
pub use crate::numbers::BenevolenceNumber;

use crate::{
    audit::Fields,
    change::Change,
    ids::Id,
    invalid::{FieldError, Invalid},
    members::MemberId,
    money::Amount,
    text::Prose,
    users::UserId,
    version::Version,
};

/// What is dated before was not meant: the year of an application is in its number.
const EARLIEST: Date = jiff::civil::date(1900, 1, 1);

/// The id of a [`BenevolenceApplication`].
pub type BenevolenceApplicationId = Id<BenevolenceApplication>;

/// A member's application to the fund, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BenevolenceApplication {
    /// Its id.
    pub id: BenevolenceApplicationId,
    /// The number people quote.
    pub number: BenevolenceNumber,
    /// Who needs help.
    pub member: MemberId,
    /// Who wrote it down: the member's own user, or somebody of the office; none for the operator.
    pub filed_by: Option<UserId>,
    /// Whether that was the member themselves.
    pub author: Author,
    /// The day it was made, in the tenant's time zone; its year is the year of the number.
    pub application_date: Date,
    /// What is asked, and why.
    pub request: Request,
    /// Notes of the office; the applicant does not see them.
    pub notes: Option<Prose<10_000>>,
    /// Where it stands; moved by [`State::apply`] alone.
    pub state: State,
    /// Since when it stands there, which is since when it waits.
    pub since: Timestamp,
    /// Counts its changes.
    pub version: Version,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// When it was deleted, if it is.
    pub deleted_at: Option<Timestamp>,
}

/// Who wrote an application down, which decides whose a draft is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Author {
    /// The member who needs help: the draft is theirs alone until they hand it in.
    Applicant,
    /// Somebody else, for the member: the draft is the office's too.
    Office,
}

/// What a member asks of the fund; it can be changed while the application is a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Why help is needed.
    pub reason: Reason,
    /// What happened.
    pub description: Prose<20_000>,
    /// How much is asked: 0.01 or more of the tenant's currency.
    pub amount: Amount,
}

/// A partial change of a request.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RequestChange {
    /// Why help is needed.
    pub reason: Change<Reason>,
    /// What happened.
    pub description: Change<Prose<20_000>>,
    /// How much is asked.
    pub amount: Change<Amount>,
}

impl Request {
    /// The request after a change.
    #[must_use]
    pub fn changed(mut self, change: RequestChange) -> Self {
        let RequestChange {
            reason,
            description,
            amount,
        } = change;
        reason.apply(&mut self.reason);
        description.apply(&mut self.description);
        amount.apply(&mut self.amount);
        self
    }

    /// Checks the request, and its day against the tenant's `today`.
    ///
    /// # Errors
    /// Every wrong field: `not_positive` of `amount_requested`, `too_early` or `in_the_future` of `application_date`.
    pub fn check(&self, application_date: Date, today: Date) -> Result<(), Vec<FieldError>> {
        let mut errors = Vec::new();
        if self.amount.is_zero() {
            let nothing = Invalid::new("not_positive", "must be at least 0.01");
            errors.push(nothing.at("amount_requested"));
        }
        if application_date < EARLIEST {
            let early = Invalid::new("too_early", "must not be before 1900");
            errors.push(early.at("application_date"));
        }
        if application_date > today {
            let late = Invalid::new("in_the_future", "must not be in the future");
            errors.push(late.at("application_date"));
        }
        if errors.is_empty() {
            Ok(())
        } else {
            Err(errors)
        }
    }
}

impl BenevolenceApplication {
    /// Whether somebody may know that it is there, by the member that they are: what a member writes for themselves is
    /// nobody else's before they hand it in.
    pub fn is_told_to(&self, member: Option<MemberId>) -> bool {
        self.state != State::Draft || self.author == Author::Office || member == Some(self.member)
    }

    /// How it is handed in: what is asked, and how far the rules of the day make that climb. Rules that are set later
    /// do not change the ladder of what was handed in before.
    ///
    /// # Errors
    /// `not_positive` when nothing is asked.
    pub fn handed_in(&self, rules: &Rules) -> Result<Action, Invalid> {
        let asked = self.request.amount;
        Climb::begin(asked, rules.thresholds.last_level(asked)).map(Action::Submit)
    }

    /// The application after an action at an instant. It waits anew when its turn or its level changed, and goes on
    /// waiting when it is only paid in part.
    ///
    /// # Errors
    /// [`Refused`]; the application then stands where it stood.
    pub fn moved(self, action: Action, at: Timestamp) -> Result<Self, Refused> {
        let state = self.state.apply(action)?;
        let since = if state.status() == self.state.status() && state.turn() == self.state.turn() {
            self.since
        } else {
            at
        };
        Ok(Self {
            state,
            since,
            ..self
        })
    }

    /// The application as the audit trail shows it.
    pub fn fields(&self) -> Fields {
        let Request {
            reason,
            description,
            amount,
        } = &self.request;
        let (climb, award) = (self.state.climb(), self.state.award());
        vec![
            ("application_number", Some(self.number.to_string())),
            ("member_id", Some(self.member.to_string())),
            ("application_date", Some(self.application_date.to_string())),
            ("reason", Some(reason.as_str().to_owned())),
            ("description", Some(description.to_string())),
            ("amount_requested", Some(amount.to_string())),
            ("notes", self.notes.as_ref().map(ToString::to_string)),
            ("status", Some(self.state.status().as_str().to_owned())),
            (
                "review_level",
                climb.map(|climb| climb.level().as_str().to_owned()),
            ),
            (
                "last_level",
                climb.map(|climb| climb.last().as_str().to_owned()),
            ),
            ("question", self.state.question().map(ToString::to_string)),
            (
                "decision_reason",
                self.state.reason().map(ToString::to_string),
            ),
            (
                "approved_amount",
                award.map(|award| award.amount().to_string()),
            ),
            ("decision_date", award.map(|award| award.on().to_string())),
            ("paid_amount", award.map(|award| award.paid().to_string())),
        ]
    }
}

#[cfg(test)]
mod tests;
