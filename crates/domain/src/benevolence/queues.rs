//! What waits for whom, and how long.

use jiff::{Timestamp, Unit};

use super::{
    BenevolenceApplication, BenevolenceApplicationId, BenevolenceNumber, State,
    words::{Level, Reason},
};
use crate::{invalid::Invalid, money::Amount, text::one_of};

/// Whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Turn {
    /// The applicant's: to hand in, or to answer.
    Applicant,
    /// The office's: to open what was handed in.
    Office,
    /// A level's: to review.
    Level(Level),
    /// Whoever pays: to pay what is open of an award.
    Payment,
}

/// An application that waits for somebody; it says nothing of whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// The id of the application.
    pub id: BenevolenceApplicationId,
    /// Its number.
    pub number: BenevolenceNumber,
    /// Whose turn it is.
    pub turn: Turn,
    /// Why help is needed.
    pub reason: Reason,
    /// How much is asked, in the tenant's currency.
    pub amount_requested: Amount,
    /// Since when it waits.
    pub since: Timestamp,
    /// How many whole days of 24 hours it has waited.
    pub days: i64,
}

impl Turn {
    /// Every turn, in the order of an application's life.
    pub const ALL: [Self; 7] = [
        Self::Applicant,
        Self::Office,
        Self::Level(Level::Vp),
        Self::Level(Level::Admin),
        Self::Level(Level::Manager),
        Self::Level(Level::President),
        Self::Payment,
    ];

    /// The name on the wire: a level's own, or what is to be done.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Applicant => "applicant",
            Self::Office => "office",
            Self::Level(level) => level.as_str(),
            Self::Payment => "payment",
        }
    }

    /// Reads the name.
    ///
    /// # Errors
    /// `unknown_value`, with the names there are.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        one_of(text, &Self::ALL, |turn| turn.as_str())
    }
}

impl State {
    /// Whose turn it is; nobody's when there is nothing left to do.
    pub fn turn(&self) -> Option<Turn> {
        match self {
            Self::Draft | Self::NeedsInfo(..) => Some(Turn::Applicant),
            Self::Submitted(_) => Some(Turn::Office),
            Self::UnderReview(climb) => Some(Turn::Level(climb.level())),
            Self::Awarded(award) => (!award.open().is_zero()).then_some(Turn::Payment),
            Self::Denied(_) | Self::Withdrawn(_) => None,
        }
    }
}

impl BenevolenceApplication {
    /// How it waits at `now`, if it waits for anybody.
    pub fn waiting(&self, now: Timestamp) -> Option<Waiting> {
        let turn = self.state.turn()?;
        let waited = now.since((Unit::Hour, self.since)).ok();
        let hours = waited.map_or(0, |span| span.get_hours());
        Some(Waiting {
            id: self.id,
            number: self.number,
            turn,
            reason: self.request.reason,
            amount_requested: self.request.amount,
            since: self.since,
            // A clock that was set back makes nobody wait for less than nothing.
            days: i64::from(hours / 24).max(0),
        })
    }
}

/// What waits at `now` of these applications, in their order.
pub fn queue<'a>(
    applications: impl IntoIterator<Item = &'a BenevolenceApplication>,
    now: Timestamp,
    mine: impl Fn(&BenevolenceApplication, Turn) -> bool,
) -> Vec<Waiting> {
    applications
        .into_iter()
        .filter_map(|application| Some((application, application.waiting(now)?)))
        .filter(|(application, waiting)| mine(application, waiting.turn))
        .map(|(_, waiting)| waiting)
        .collect()
}
