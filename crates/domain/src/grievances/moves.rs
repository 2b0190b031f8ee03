//! The words of the machine: steps, statuses, outcomes and actions.

use jiff::civil::Date;

use crate::{
    invalid::Invalid,
    money::Amount,
    text::{Prose, one_of},
};

/// A rung of the ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Steward and foreman.
    Step1,
    /// Business representative and manager.
    Step2,
    /// Business manager and director.
    Step3,
    /// Before an arbitrator.
    Arbitration,
}

impl Step {
    /// Every step, from the lowest.
    pub const ALL: [Self; 4] = [Self::Step1, Self::Step2, Self::Step3, Self::Arbitration];

    /// The name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Step1 => "step_1",
            Self::Step2 => "step_2",
            Self::Step3 => "step_3",
            Self::Arbitration => "arbitration",
        }
    }

    /// Its number: 1 to 4, arbitration being 4.
    pub const fn number(self) -> i16 {
        match self {
            Self::Step1 => 1,
            Self::Step2 => 2,
            Self::Step3 => 3,
            Self::Arbitration => 4,
        }
    }

    /// Reads the name.
    ///
    /// # Errors
    /// `unknown_value`, with the names there are.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        one_of(text, &Self::ALL, |step| step.as_str())
    }

    /// The step above; arbitration has none above it.
    #[must_use]
    pub const fn above(self) -> Self {
        match self {
            Self::Step1 => Self::Step2,
            Self::Step2 => Self::Step3,
            Self::Step3 | Self::Arbitration => Self::Arbitration,
        }
    }
}

/// What the employer's side has answered on the present step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Answer {
    /// Nothing yet.
    Pending,
    /// It denied; the union now advances or withdraws.
    Denied,
}

impl Answer {
    /// Both answers.
    pub const ALL: [Self; 2] = [Self::Pending, Self::Denied];

    /// The name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Denied => "denied",
        }
    }

    /// Reads the name.
    ///
    /// # Errors
    /// `unknown_value`, with the names there are.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        one_of(text, &Self::ALL, |answer| answer.as_str())
    }
}

/// What the two sides agreed on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    /// What was agreed.
    pub resolution: Prose<20_000>,
    /// The day of the agreement.
    pub date: Date,
    /// The money in it, if there is any.
    pub amount: Option<Amount>,
}

/// The status of a grievance, with what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Filed, or arrived on a new step.
    Open,
    /// The union is gathering facts.
    Investigation,
    /// A hearing of the present step is set.
    Hearing,
    /// Before an arbitrator.
    Arbitration,
    /// The sides agreed.
    Settled(Settlement),
    /// The union gave it up.
    Withdrawn(Prose<2_000>),
    /// Over and filed away; what had been agreed stays known.
    Closed(Prose<2_000>, Option<Settlement>),
}

impl State {
    /// The status names, in the order of the wire's enumeration.
    pub const NAMES: [&'static str; 7] = [
        "open",
        "investigation",
        "hearing",
        "settled",
        "withdrawn",
        "arbitration",
        "closed",
    ];

    /// The name on the wire and in storage.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Investigation => "investigation",
            Self::Hearing => "hearing",
            Self::Arbitration => "arbitration",
            Self::Settled(..) => "settled",
            Self::Withdrawn(..) => "withdrawn",
            Self::Closed(..) => "closed",
        }
    }
}

/// How a meeting ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The employer denied the grievance.
    Denied,
    /// The sides could not agree and take it to the next step.
    Advanced,
    /// The sides agreed.
    Settled(Settlement),
}

impl Outcome {
    /// The outcome names.
    pub const NAMES: [&'static str; 3] = ["denied", "settled", "advanced"];

    /// The name on the wire and in storage.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Denied => "denied",
            Self::Advanced => "advanced",
            Self::Settled(..) => "settled",
        }
    }
}

/// Everything that can be done to a grievance's progress.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Begin to gather facts.
    Investigate,
    /// Set a hearing of the present step.
    ScheduleHearing,
    /// Record how a meeting on the present step ended.
    RecordStep(Outcome),
    /// Take a denied grievance to the next step.
    Advance,
    /// Give it up, with the reason.
    Withdraw(Prose<2_000>),
    /// File it away, with the reason.
    Close(Prose<2_000>),
    /// Take it up again, with the reason.
    Reopen(Prose<2_000>),
}

/// The name of an action, without what it carries: what `allowed_actions` lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Move {
    /// [`Action::Investigate`].
    Investigate,
    /// [`Action::ScheduleHearing`].
    ScheduleHearing,
    /// [`Action::RecordStep`] with [`Outcome::Denied`].
    RecordDenied,
    /// [`Action::RecordStep`] with [`Outcome::Advanced`].
    RecordAdvanced,
    /// [`Action::RecordStep`] with [`Outcome::Settled`].
    RecordSettled,
    /// [`Action::Advance`].
    Advance,
    /// [`Action::Withdraw`].
    Withdraw,
    /// [`Action::Close`].
    Close,
    /// [`Action::Reopen`].
    Reopen,
}

impl Move {
    /// Every move.
    pub const ALL: [Self; 9] = [
        Self::Investigate,
        Self::ScheduleHearing,
        Self::RecordDenied,
        Self::RecordAdvanced,
        Self::RecordSettled,
        Self::Advance,
        Self::Withdraw,
        Self::Close,
        Self::Reopen,
    ];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Investigate => "investigate",
            Self::ScheduleHearing => "schedule_hearing",
            Self::RecordDenied => "record_denied",
            Self::RecordAdvanced => "record_advanced",
            Self::RecordSettled => "record_settled",
            Self::Advance => "advance",
            Self::Withdraw => "withdraw",
            Self::Close => "close",
            Self::Reopen => "reopen",
        }
    }
}

impl Action {
    /// The action without what it carries.
    pub const fn kind(&self) -> Move {
        match self {
            Self::Investigate => Move::Investigate,
            Self::ScheduleHearing => Move::ScheduleHearing,
            Self::RecordStep(Outcome::Denied) => Move::RecordDenied,
            Self::RecordStep(Outcome::Advanced) => Move::RecordAdvanced,
            Self::RecordStep(Outcome::Settled(..)) => Move::RecordSettled,
            Self::Advance => Move::Advance,
            Self::Withdraw(..) => Move::Withdraw,
            Self::Close(..) => Move::Close,
            Self::Reopen(..) => Move::Reopen,
        }
    }
}
