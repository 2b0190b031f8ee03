//! Need before name: what somebody sees of an application before it is decided.
//!
//! Where a tenant says so, whoever sits on the bench sees what is needed and not who needs it, until they have decided
//! or have had the name unmasked, which is on record. A description that names its writer cannot be masked by rule; the
//! form asks applicants not to.

use jiff::{Timestamp, civil::Date};

use super::{
    BenevolenceApplication, BenevolenceApplicationId, BenevolenceNumber, State,
    bench::{Review, Reviewer, Seat},
    words::{Naming, Reason},
};
use crate::{ids::Id, money::Amount, text::Prose, users::UserId, version::Version};

/// The id of an [`Unmasking`].
pub type UnmaskingId = Id<Unmasking>;

/// That somebody had a name shown to them before they decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmasking {
    /// Its id.
    pub id: UnmaskingId,
    /// The application.
    pub application: BenevolenceApplicationId,
    /// Who was shown the name.
    pub user: UserId,
    /// Why it was needed.
    pub reason: Prose<2_000>,
    /// When.
    pub at: Timestamp,
}

/// What somebody sees of an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// Everything.
    Whole,
    /// The need, without what tells whose it is.
    NeedOnly,
}

/// An application without what tells whose it is: no member, nobody who filed it, no notes of the office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Need {
    /// The id of the application.
    pub id: BenevolenceApplicationId,
    /// Its number.
    pub number: BenevolenceNumber,
    /// The day it was made, in the tenant's time zone.
    pub application_date: Date,
    /// Why help is needed.
    pub reason: Reason,
    /// What happened.
    pub description: Prose<20_000>,
    /// How much is asked, in the tenant's currency.
    pub amount_requested: Amount,
    /// Where it stands.
    pub state: State,
    /// Since when it stands there.
    pub since: Timestamp,
    /// Counts its changes.
    pub version: Version,
}

/// An application as somebody sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    /// Everything.
    Whole(Box<BenevolenceApplication>),
    /// The need alone.
    Need(Box<Need>),
}

/// What decides on the sight of one person on one application.
#[derive(Debug, Clone, Copy)]
pub struct Looking<'a> {
    /// Who looks.
    pub who: Reviewer,
    /// The day, in the tenant's time zone.
    pub day: Date,
    /// What the tenant shows before a decision.
    pub naming: Naming,
    /// Every seat of the tenant.
    pub seats: &'a [Seat],
    /// The reviews of the application so far.
    pub reviews: &'a [Review],
    /// The unmaskings of the application so far.
    pub unmaskings: &'a [Unmasking],
}

impl Looking<'_> {
    /// What this person sees. The name is held back from who sits at any level on that day, as long as the application
    /// is undecided and the person has neither decided on it nor had it unmasked; the applicant and who filed it know
    /// whose it is.
    pub fn sight(&self, application: &BenevolenceApplication) -> Sight {
        let free = match self.naming {
            Naming::Shown => true,
            Naming::NeedFirst => {
                !application.state.undecided()
                    || self.who.member == Some(application.member)
                    || application.filed_by == Some(self.who.user)
                    || !self.sits()
                    || self.has_decided()
                    || self.was_unmasked()
            }
        };
        if free { Sight::Whole } else { Sight::NeedOnly }
    }

    /// The application as this person sees it.
    pub fn look(&self, application: BenevolenceApplication) -> Seen {
        match self.sight(&application) {
            Sight::Whole => Seen::Whole(Box::new(application)),
            Sight::NeedOnly => Seen::Need(Box::new(application.need())),
        }
    }

    fn sits(&self) -> bool {
        let held = |seat: &Seat| seat.holder.user == self.who.user && seat.counts(self.day);
        self.seats.iter().any(held)
    }

    /// A question is no decision: who asks learns no more than before.
    fn has_decided(&self) -> bool {
        let own = |review: &Review| {
            review.reviewer.is_same_person(self.who) && review.verdict.decision().ends_level()
        };
        self.reviews.iter().any(own)
    }

    fn was_unmasked(&self) -> bool {
        let own = |unmasking: &Unmasking| unmasking.user == self.who.user;
        self.unmaskings.iter().any(own)
    }
}

impl BenevolenceApplication {
    /// The application without what tells whose it is.
    pub fn need(self) -> Need {
        let Self {
            id,
            number,
            member: _,
            filed_by: _,
            author: _,
            application_date,
            request,
            notes: _,
            state,
            since,
            version,
            created_at: _,
            updated_at: _,
            deleted_at: _,
        } = self;
        Need {
            id,
            number,
            application_date,
            reason: request.reason,
            description: request.description,
            amount_requested: request.amount,
            state,
            since,
            version,
        }
    }
}
