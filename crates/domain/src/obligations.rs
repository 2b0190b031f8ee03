//! What was agreed on and is to be done: who owes what to whom, by when, and whether it was.

use jiff::{Timestamp, civil::Date};

use crate::{
    audit::Fields,
    change::Change,
    grievances::GrievanceId,
    ids::Id,
    invalid::{FieldError, Invalid},
    money::Amount,
    names::names,
    refused::Refused,
    step_meetings::Party,
    text::{Line, Prose},
    version::Version,
};

/// The id of an [`Obligation`].
pub type ObligationId = Id<Obligation>;

names! {
    /// Where an obligation stands.
    pub enum ObligationStatus {
        /// It is to be done.
        Open = "open",
        /// It was done.
        Fulfilled = "fulfilled",
        /// It was not done.
        Breached = "breached",
        /// Whoever it is owed to does without, or the settlement that it came from was taken back.
        Waived = "waived",
    }
}

names! {
    /// What can be done with an obligation.
    pub enum ObligationAction {
        /// Mend its terms.
        Update = "update",
        /// Say that it was done.
        Fulfill = "fulfill",
        /// Say that it was not done.
        Breach = "breach",
        /// Do without.
        Waive = "waive",
        /// Take it up again.
        Reopen = "reopen",
    }
}

/// One thing that a settlement obliges a side to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obligation {
    /// Its id.
    pub id: ObligationId,
    /// The grievance that was settled so.
    pub grievance: GrievanceId,
    /// What is owed.
    pub terms: Terms,
    /// Whether it was done; moved by [`Obligation::apply`] alone.
    pub state: ObligationState,
    /// Counts its changes.
    pub version: Version,
    /// When it was written down.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// What is owed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// What is to be done.
    pub what: Prose<2_000>,
    /// Who owes it.
    pub owed_by: Party,
    /// To whom, such as the member or the union.
    pub owed_to: Option<Line<200>>,
    /// The last day.
    pub due_on: Date,
    /// The money in it, if there is any.
    pub amount: Option<Amount>,
}

/// A partial change of terms.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TermsChange {
    /// What is to be done.
    pub what: Change<Prose<2_000>>,
    /// Who owes it.
    pub owed_by: Change<Party>,
    /// To whom.
    pub owed_to: Change<Option<Line<200>>>,
    /// The last day.
    pub due_on: Change<Date>,
    /// The money in it.
    pub amount: Change<Option<Amount>>,
}

/// Whether an obligation was met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ObligationState {
    /// It is to be done.
    Open,
    /// It was done on this day, as these words show.
    Fulfilled(Date, Option<Prose<2_000>>),
    /// It was not done; found on this day, for this reason.
    Breached(Date, Prose<2_000>),
    /// It is owed no more, from this day and for this reason: whoever it is owed to does without, or the settlement that
    /// it came from was taken back.
    Waived(Date, Prose<2_000>),
}

/// What is said of an obligation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ObligationMove {
    /// It was done on this day; how it is known.
    Fulfill(Option<Date>, Option<Prose<2_000>>),
    /// It was not done, for this reason.
    Breach(Prose<2_000>),
    /// Whoever it is owed to does without, for this reason.
    Waive(Prose<2_000>),
    /// It is taken up again, for this reason.
    Reopen(Prose<2_000>),
}

/// Why an obligation cannot be moved so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Immovable {
    /// Where it stands does not allow it.
    Refused(Refused),
    /// Fields are wrong.
    Invalid(Vec<FieldError>),
}

impl ObligationStatus {
    /// Where an action leads, if it is allowed. What was breached can still be done, late.
    pub const fn after(self, action: ObligationAction) -> Option<Self> {
        match (self, action) {
            (Self::Open, ObligationAction::Update)
            | (Self::Fulfilled | Self::Breached | Self::Waived, ObligationAction::Reopen) => {
                Some(Self::Open)
            }
            (Self::Open | Self::Breached, ObligationAction::Fulfill) => Some(Self::Fulfilled),
            (Self::Open, ObligationAction::Breach) => Some(Self::Breached),
            (Self::Open | Self::Breached, ObligationAction::Waive) => Some(Self::Waived),
            (Self::Open, ObligationAction::Reopen)
            | (Self::Breached, ObligationAction::Update | ObligationAction::Breach)
            | (
                Self::Fulfilled | Self::Waived,
                ObligationAction::Update
                | ObligationAction::Fulfill
                | ObligationAction::Breach
                | ObligationAction::Waive,
            ) => None,
        }
    }
}

impl ObligationMove {
    /// What it does.
    pub const fn action(&self) -> ObligationAction {
        match self {
            Self::Fulfill(..) => ObligationAction::Fulfill,
            Self::Breach(_) => ObligationAction::Breach,
            Self::Waive(_) => ObligationAction::Waive,
            Self::Reopen(_) => ObligationAction::Reopen,
        }
    }
}

impl Terms {
    /// The terms after a change.
    #[must_use]
    pub fn changed(mut self, change: TermsChange) -> Self {
        let TermsChange {
            what,
            owed_by,
            owed_to,
            due_on,
            amount,
        } = change;
        what.apply(&mut self.what);
        owed_by.apply(&mut self.owed_by);
        owed_to.apply(&mut self.owed_to);
        due_on.apply(&mut self.due_on);
        amount.apply(&mut self.amount);
        self
    }
}

impl Obligation {
    /// The name of its state.
    pub const fn status(&self) -> ObligationStatus {
        match self.state {
            ObligationState::Open => ObligationStatus::Open,
            ObligationState::Fulfilled(..) => ObligationStatus::Fulfilled,
            ObligationState::Breached(..) => ObligationStatus::Breached,
            ObligationState::Waived(..) => ObligationStatus::Waived,
        }
    }

    /// Whether it is to be done and its last day has passed: the day itself is not overdue.
    pub fn is_overdue(&self, today: Date) -> bool {
        match self.state {
            ObligationState::Open | ObligationState::Breached(..) => self.terms.due_on < today,
            ObligationState::Fulfilled(..) | ObligationState::Waived(..) => false,
        }
    }

    /// What its state allows.
    pub fn allowed(&self) -> Vec<ObligationAction> {
        let status = self.status();
        let allows = |action: &ObligationAction| status.after(*action).is_some();
        ObligationAction::ALL.into_iter().filter(allows).collect()
    }

    /// Goes on if its state allows the action.
    ///
    /// # Errors
    /// [`Refused`].
    pub fn permit(&self, action: ObligationAction) -> Result<(), Refused> {
        let status = self.status();
        if status.after(action).is_some() {
            return Ok(());
        }
        let allowed = self.allowed().into_iter().map(ObligationAction::as_str);
        Err(Refused {
            what: "an obligation",
            status: status.as_str(),
            action: action.as_str(),
            allowed: allowed.collect(),
        })
    }

    /// The obligation after a move.
    ///
    /// # Errors
    /// [`Immovable`]: its state does not allow it, or it is said to have been done on a day to come.
    pub fn apply(self, said: ObligationMove, today: Date) -> Result<Self, Immovable> {
        self.permit(said.action()).map_err(Immovable::Refused)?;
        let state = match said {
            ObligationMove::Fulfill(on, words) => {
                let on = on.unwrap_or(today);
                if on > today {
                    let invalid = Invalid::new("in_the_future", "must not be in the future");
                    return Err(Immovable::Invalid(vec![invalid.at("fulfilled_on")]));
                }
                ObligationState::Fulfilled(on, words)
            }
            ObligationMove::Breach(reason) => ObligationState::Breached(today, reason),
            ObligationMove::Waive(reason) => ObligationState::Waived(today, reason),
            ObligationMove::Reopen(_) => ObligationState::Open,
        };
        Ok(Self { state, ..self })
    }

    /// The obligation when the settlement that it came from is taken back: what is still to be done is owed no more, and
    /// says why; what was done or waived stays as it is.
    pub fn released(self, reason: &str, today: Date) -> Option<Self> {
        match self.state {
            ObligationState::Open | ObligationState::Breached(..) => {
                let words = format!("The grievance was reopened: {reason}");
                let words: String = words.chars().take(2_000).collect();
                let words = Prose::parse(&words).ok()?;
                let state = ObligationState::Waived(today, words);
                Some(Self { state, ..self })
            }
            ObligationState::Fulfilled(..) | ObligationState::Waived(..) => None,
        }
    }

    /// The day of its state and the words that go with it, if it is not open.
    pub fn ending(&self) -> (Option<Date>, Option<&Prose<2_000>>) {
        match &self.state {
            ObligationState::Open => (None, None),
            ObligationState::Fulfilled(on, words) => (Some(*on), words.as_ref()),
            ObligationState::Breached(on, words) | ObligationState::Waived(on, words) => {
                (Some(*on), Some(words))
            }
        }
    }

    /// The obligation as the audit trail shows it.
    pub fn fields(&self) -> Fields {
        let Terms {
            what,
            owed_by,
            owed_to,
            due_on,
            amount,
        } = &self.terms;
        let (on, words) = self.ending();
        vec![
            ("grievance_id", Some(self.grievance.to_string())),
            ("status", Some(self.status().as_str().to_owned())),
            ("what", Some(what.to_string())),
            ("owed_by", Some(owed_by.as_str().to_owned())),
            ("owed_to", owed_to.as_ref().map(ToString::to_string)),
            ("due_on", Some(due_on.to_string())),
            ("amount", amount.map(|amount| amount.to_string())),
            ("status_on", on.map(|day| day.to_string())),
            ("status_words", words.map(ToString::to_string)),
        ]
    }
}

#[cfg(test)]
mod tests;
