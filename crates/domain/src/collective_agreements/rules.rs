//! The words of a rule: who must do what, after which event, and what it means when they do not.

use std::fmt;

use super::{MailDays, Period};
use crate::{
    grievances::Step,
    invalid::Invalid,
    text::{Line, one_of},
};

/// One of the two sides of an agreement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The union.
    Union,
    /// The employer.
    Employer,
}

impl Side {
    /// Both sides.
    pub const ALL: [Self; 2] = [Self::Union, Self::Employer];

    /// The name on the wire and in storage, and in a sentence.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Union => "union",
            Self::Employer => "employer",
        }
    }

    /// Reads the name.
    ///
    /// # Errors
    /// `unknown_value`, with the names there are.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        one_of(text, &Self::ALL, Self::as_str)
    }
}

/// What must be done in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Duty {
    /// File the grievance.
    File,
    /// Hold the meeting of the step.
    Meet,
    /// Answer the grievance on the step.
    Answer,
    /// Take the grievance to the next step.
    Advance,
    /// Demand arbitration.
    DemandArbitration,
    /// Choose the arbitrator.
    SelectArbitrator,
    /// Give the information that was asked for.
    ProvideInformation,
    /// Do what was settled.
    FulfillSettlement,
}

impl Duty {
    /// Every duty.
    pub const ALL: [Self; 8] = [
        Self::File,
        Self::Meet,
        Self::Answer,
        Self::Advance,
        Self::DemandArbitration,
        Self::SelectArbitrator,
        Self::ProvideInformation,
        Self::FulfillSettlement,
    ];

    /// The name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Meet => "meet",
            Self::Answer => "answer",
            Self::Advance => "advance",
            Self::DemandArbitration => "demand_arbitration",
            Self::SelectArbitrator => "select_arbitrator",
            Self::ProvideInformation => "provide_information",
            Self::FulfillSettlement => "fulfill_settlement",
        }
    }

    /// Reads the name.
    ///
    /// # Errors
    /// `unknown_value`, with the names there are.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        one_of(text, &Self::ALL, Self::as_str)
    }

    /// The event that shows it was done.
    pub const fn done_by(self) -> EventKind {
        match self {
            Self::File => EventKind::Filed,
            Self::Meet => EventKind::MeetingHeld,
            Self::Answer => EventKind::Answered,
            Self::Advance => EventKind::Advanced,
            Self::DemandArbitration => EventKind::ArbitrationDemanded,
            Self::SelectArbitrator => EventKind::ArbitratorSelected,
            Self::ProvideInformation => EventKind::InformationProvided,
            Self::FulfillSettlement => EventKind::SettlementFulfilled,
        }
    }
}

/// What happened: it starts a deadline, or shows that one was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventKind {
    /// What the grievance is about happened.
    Incident,
    /// The member or the union learned of it, or should have.
    Knowledge,
    /// The grievance was filed.
    Filed,
    /// The meeting of the step was held.
    MeetingHeld,
    /// The employer's answer arrived.
    Answered,
    /// The employer's answer was due, and did not arrive.
    AnswerDue,
    /// The grievance was taken to the step.
    Advanced,
    /// Arbitration was demanded.
    ArbitrationDemanded,
    /// The list of arbitrators to choose from arrived.
    PanelReceived,
    /// The arbitrator was chosen.
    ArbitratorSelected,
    /// A side asked for information.
    InformationRequested,
    /// The information was given.
    InformationProvided,
    /// The sides settled.
    Settled,
    /// What was settled was done.
    SettlementFulfilled,
}

impl EventKind {
    /// Every kind.
    pub const ALL: [Self; 14] = [
        Self::Incident,
        Self::Knowledge,
        Self::Filed,
        Self::MeetingHeld,
        Self::Answered,
        Self::AnswerDue,
        Self::Advanced,
        Self::ArbitrationDemanded,
        Self::PanelReceived,
        Self::ArbitratorSelected,
        Self::InformationRequested,
        Self::InformationProvided,
        Self::Settled,
        Self::SettlementFulfilled,
    ];

    /// The name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Incident => "incident",
            Self::Knowledge => "knowledge",
            Self::Filed => "filed",
            Self::MeetingHeld => "meeting_held",
            Self::Answered => "answered",
            Self::AnswerDue => "answer_due",
            Self::Advanced => "advanced",
            Self::ArbitrationDemanded => "arbitration_demanded",
            Self::PanelReceived => "panel_received",
            Self::ArbitratorSelected => "arbitrator_selected",
            Self::InformationRequested => "information_requested",
            Self::InformationProvided => "information_provided",
            Self::Settled => "settled",
            Self::SettlementFulfilled => "settlement_fulfilled",
        }
    }

    /// Reads the name.
    ///
    /// # Errors
    /// `unknown_value`, with the names there are.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        one_of(text, &Self::ALL, Self::as_str)
    }
}

/// What a missed deadline means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Consequence {
    /// The union loses the grievance.
    Forfeit,
    /// The grievance goes to the next step.
    Advance,
    /// The grievance is granted as it was filed.
    Granted,
    /// Nothing by itself.
    None,
}

impl Consequence {
    /// Every consequence.
    pub const ALL: [Self; 4] = [Self::Forfeit, Self::Advance, Self::Granted, Self::None];

    /// The name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Forfeit => "forfeit",
            Self::Advance => "advance",
            Self::Granted => "granted",
            Self::None => "none",
        }
    }

    /// Reads the name.
    ///
    /// # Errors
    /// `unknown_value`, with the names there are.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        one_of(text, &Self::ALL, Self::as_str)
    }

    /// Whether it can follow from what a side missed: nobody wins by missing their own deadline.
    const fn can_hit(self, side: Side) -> bool {
        match (side, self) {
            (Side::Union, Self::Forfeit | Self::Advance | Self::None)
            | (Side::Employer, Self::Advance | Self::Granted | Self::None) => true,
            (Side::Union, Self::Granted) | (Side::Employer, Self::Forfeit) => false,
        }
    }
}

/// One rule of an agreement: on a step, after an event, a side must do something within a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepRule {
    /// What tells it from the other rules of its set.
    pub key: RuleKey,
    /// The article that says so.
    pub article: Line<50>,
    /// How long the side has.
    pub period: Period,
    /// What it means when it is missed.
    pub missed: Consequence,
}

/// What tells a rule from the others of its set: a set has each once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RuleKey {
    /// On which step.
    pub step: Step,
    /// Who must do it.
    pub side: Side,
    /// What they must do.
    pub duty: Duty,
    /// After which event.
    pub after: EventKind,
}

impl StepRule {
    /// Checks the parts of a rule against each other.
    ///
    /// # Errors
    /// `impossible_consequence` when a side would win by missing its own deadline.
    pub fn check(&self) -> Result<(), Invalid> {
        if self.missed.can_hit(self.key.side) {
            Ok(())
        } else {
            Err(Invalid::new(
                "impossible_consequence",
                match self.key.side {
                    Side::Union => "must be forfeit, advance or none for the union's deadlines",
                    Side::Employer => {
                        "must be advance, granted or none for the employer's deadlines"
                    }
                },
            ))
        }
    }
}

impl fmt::Display for StepRule {
    /// The rule in the words of the wire, for the audit trail; people read [`Derivation::sentences`].
    ///
    /// [`Derivation::sentences`]: crate::deadlines::Derivation::sentences
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let RuleKey {
            step,
            side,
            duty,
            after,
        } = self.key;
        let Period {
            days,
            kind,
            first_day,
            roll,
            mail,
        } = self.period;
        write!(
            f,
            "{}: {} {} {} after {}: {} {}, {}, {}",
            self.article,
            step.as_str(),
            side.as_str(),
            duty.as_str(),
            after.as_str(),
            days.get(),
            kind.as_str(),
            first_day.as_str(),
            roll.as_str(),
        )?;
        if let Some(MailDays { days, kind, order }) = mail {
            let (kind, order) = (kind.as_str(), order.as_str());
            write!(f, ", mail: {} {kind} {order}", days.get())?;
        }
        write!(f, "; missed: {}", self.missed.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_what_it_prints() {
        for side in Side::ALL {
            assert_eq!(Side::parse(side.as_str()), Ok(side));
        }
        for duty in Duty::ALL {
            assert_eq!(Duty::parse(duty.as_str()), Ok(duty));
        }
        for event in EventKind::ALL {
            assert_eq!(EventKind::parse(event.as_str()), Ok(event));
        }
        for consequence in Consequence::ALL {
            assert_eq!(Consequence::parse(consequence.as_str()), Ok(consequence));
        }
    }

    #[test]
    fn every_duty_is_done_by_an_event_of_its_own() {
        let mut events: Vec<_> = Duty::ALL.into_iter().map(Duty::done_by).collect();
        events.sort_unstable();
        events.dedup();
        assert_eq!(events.len(), Duty::ALL.len());
    }

    #[test]
    fn nobody_wins_by_missing_their_own_deadline() {
        let allowed = |side| -> Vec<_> {
            let all = Consequence::ALL.into_iter();
            all.filter(|missed| missed.can_hit(side))
                .map(Consequence::as_str)
                .collect()
        };
        assert_eq!(allowed(Side::Union), ["forfeit", "advance", "none"]);
        assert_eq!(allowed(Side::Employer), ["advance", "granted", "none"]);
    }
}
