//! The words of rules in English: duties, events, consequences and numbers of days.

use crate::{
    collective_agreements::{Consequence, DayKind, Days, Duty, EventKind, Side},
    grievances::Step,
};

pub(super) const fn step(step: Step) -> &'static str {
    match step {
        Step::Step1 => "on step 1",
        Step::Step2 => "on step 2",
        Step::Step3 => "on step 3",
        Step::Arbitration => "in arbitration",
    }
}

pub(super) const fn duty(duty: Duty, side: Side) -> &'static str {
    match (duty, side) {
        (Duty::File, Side::Union | Side::Employer) => "file the grievance",
        (Duty::Meet, Side::Union) => "meet the employer",
        (Duty::Meet, Side::Employer) => "meet the union",
        (Duty::Answer, Side::Union | Side::Employer) => "answer the grievance",
        (Duty::Advance, Side::Union | Side::Employer) => "take the grievance to the next step",
        (Duty::DemandArbitration, Side::Union | Side::Employer) => "demand arbitration",
        (Duty::SelectArbitrator, Side::Union | Side::Employer) => "choose the arbitrator",
        (Duty::ProvideInformation, Side::Union | Side::Employer) => {
            "give the information that was asked for"
        }
        (Duty::FulfillSettlement, Side::Union | Side::Employer) => "do what was settled",
    }
}

pub(super) const fn event(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Incident => "the incident",
        EventKind::Knowledge => "the day on which the incident was or should have been known",
        EventKind::Filed => "the filing of the grievance",
        EventKind::MeetingHeld => "the meeting",
        EventKind::Answered => "the employer's answer",
        EventKind::AnswerDue => "the last day for the employer's answer",
        EventKind::Advanced => "the advance to this step",
        EventKind::ArbitrationDemanded => "the demand for arbitration",
        EventKind::PanelReceived => "the arrival of the list of arbitrators",
        EventKind::ArbitratorSelected => "the choice of the arbitrator",
        EventKind::InformationRequested => "the request for information",
        EventKind::InformationProvided => "the answer to the request for information",
        EventKind::Settled => "the settlement",
        EventKind::SettlementFulfilled => "the fulfillment of the settlement",
    }
}

pub(super) const fn missed(consequence: Consequence) -> &'static str {
    match consequence {
        Consequence::Forfeit => "If it is missed, the union loses the grievance.",
        Consequence::Advance => "If it is missed, the grievance goes to the next step.",
        Consequence::Granted => "If it is missed, the grievance is granted.",
        Consequence::None => "If it is missed, nothing follows by itself.",
    }
}

/// "10 working days".
pub(super) fn amount(days: Days, kind: DayKind) -> String {
    plural(u32::from(days.get()), day(kind))
}

pub(super) const fn day(kind: DayKind) -> &'static str {
    match kind {
        DayKind::Calendar => "calendar day",
        DayKind::Working => "working day",
    }
}

pub(super) fn plural(number: u32, noun: &str) -> String {
    match number {
        1 => format!("1 {noun}"),
        0 | 2.. => format!("{number} {noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_duty_and_every_event_has_its_words() {
        let mut lines = Vec::new();
        for side in Side::ALL {
            let duties = Duty::ALL.map(|kind| duty(kind, side));
            lines.push(format!("the {} must {}", side.as_str(), duties.join(" / ")));
        }
        lines.push(EventKind::ALL.map(event).join(" / "));
        lines.push(Consequence::ALL.map(missed).join(" / "));
        insta::assert_snapshot!(lines.join("\n"));
    }
}
