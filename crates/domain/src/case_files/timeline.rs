//! What happened when: everything that is on record, day by day in the hall's time zone.

use jiff::civil::Date;

use super::{CaseRecords, Circumstances, SectionEntry, clocks};
use crate::{
    collective_agreements::EventKind, deadlines::DeadlineState, information_requests::EntryKind,
    obligations::ObligationState, representation_log::LogContent, step_meetings::MeetingState,
};

/// The days, earliest first; what happened on one day stays in the order of the records.
pub(super) fn entries(records: &CaseRecords, circumstances: &Circumstances) -> Vec<SectionEntry> {
    let mut days: Vec<(Date, String)> = Vec::new();
    let grievance = &records.grievance;
    if let Some(day) = grievance.claim.incident_date {
        days.push((day, "The incident".to_owned()));
    }
    days.push((
        grievance.filed_date,
        format!("Grievance {} filed", grievance.number),
    ));
    steps(records, &mut days);
    meetings(records, circumstances, &mut days);
    requests(records, &mut days);
    obligations(records, &mut days);
    log(records, circumstances, &mut days);
    deadlines(records, circumstances, &mut days);
    days.sort_by_key(|(day, _)| *day);
    let entry = |(day, words): (Date, String)| SectionEntry {
        title: format!("{day}: {words}"),
        facts: Vec::new(),
    };
    days.into_iter().map(entry).collect()
}

fn steps(records: &CaseRecords, days: &mut Vec<(Date, String)>) {
    for record in &records.steps {
        let words = format!(
            "Meeting recorded on {}: {}",
            words(record.step.as_str()),
            record.outcome.as_str()
        );
        days.push((record.meeting.date, words));
    }
}

fn meetings(records: &CaseRecords, circumstances: &Circumstances, days: &mut Vec<(Date, String)>) {
    let zone = &circumstances.zone;
    for meeting in &records.meetings {
        let step = words(meeting.step.as_str());
        let (at, happened) = match &meeting.state {
            MeetingState::Planned => (meeting.agenda.starts_at, "set"),
            MeetingState::Held(at) => (*at, "held"),
            MeetingState::Canceled(_) => (meeting.agenda.starts_at, "called off"),
        };
        days.push((zone.day_of(at), format!("Meeting on {step} {happened}")));
        for statement in &meeting.statements {
            let party = statement.party.as_str();
            let mark = statement.corrects.map_or("", |_| " (a correction)");
            let said = format!("Statement of the {party} by {}{mark}", statement.made_by);
            days.push((zone.day_of(statement.made_at), said));
        }
    }
}

fn requests(records: &CaseRecords, days: &mut Vec<(Date, String)>) {
    for request in &records.requests {
        let subject = &request.asked.subject;
        days.push((
            request.asked.asked_on,
            format!("Information requested: {subject}"),
        ));
        for entry in &request.entries {
            let happened = match entry.kind {
                EntryKind::Item(_) => "Answer to",
                EntryKind::FollowUp => "Follow-up to",
                EntryKind::Withdrawal => "Withdrawal of",
            };
            let kind = words(entry.kind.as_str());
            let said = format!("{happened} the request for information: {subject} ({kind})");
            days.push((entry.on, said));
        }
    }
}

fn obligations(records: &CaseRecords, days: &mut Vec<(Date, String)>) {
    if let Some(settlement) = records.grievance.progress.settlement() {
        days.push((settlement.date, "Settlement".to_owned()));
    }
    for obligation in &records.obligations {
        let what = &obligation.terms.what;
        days.push((obligation.terms.due_on, format!("Due: {what}")));
        match &obligation.state {
            ObligationState::Open => {}
            ObligationState::Fulfilled(on, _) => days.push((*on, format!("Fulfilled: {what}"))),
            ObligationState::Breached(on, _) => days.push((*on, format!("Breached: {what}"))),
            ObligationState::Waived(on, _) => days.push((*on, format!("Waived: {what}"))),
        }
    }
}

fn log(records: &CaseRecords, circumstances: &Circumstances, days: &mut Vec<(Date, String)>) {
    for entry in &records.log {
        let corrected = records
            .log
            .iter()
            .any(|other| other.corrects == Some(entry.id));
        let mark = match (entry.corrects, corrected) {
            (None, false) => "",
            (Some(_), false) => " (a correction)",
            (_, true) => " (corrected later)",
        };
        match &entry.content {
            LogContent::Contact(contact) => days.push((
                circumstances.zone.day_of(contact.at),
                format!(
                    "Contact {} ({}) by {}{mark}",
                    words(contact.direction.as_str()),
                    words(contact.channel.as_str()),
                    contact.by
                ),
            )),
            LogContent::Decision(decision) => days.push((
                decision.on,
                format!("Decision: {}{mark}", words(decision.kind.as_str())),
            )),
        }
    }
}

fn deadlines(records: &CaseRecords, circumstances: &Circumstances, days: &mut Vec<(Date, String)>) {
    for event in &records.events {
        let happening = &event.happening;
        let day = happening.trigger.date;
        match happening.trigger.kind {
            // The records themselves tell of these.
            EventKind::Incident
            | EventKind::Filed
            | EventKind::MeetingHeld
            | EventKind::Settled
                if event.taken_back.is_none() => {}
            EventKind::Incident
            | EventKind::Filed
            | EventKind::MeetingHeld
            | EventKind::Settled
            | EventKind::Knowledge
            | EventKind::Answered
            | EventKind::AnswerDue
            | EventKind::Advanced
            | EventKind::ArbitrationDemanded
            | EventKind::PanelReceived
            | EventKind::ArbitratorSelected
            | EventKind::InformationRequested
            | EventKind::InformationProvided
            | EventKind::SettlementFulfilled => {
                days.push((day, event.told(circumstances)));
            }
        }
    }
    for notice in &records.notices {
        let day = circumstances.zone.day_of(notice.at);
        days.push((day, clocks::nearness(notice)));
    }
    for deadline in &records.deadlines {
        days.push((deadline.due(), format!("Deadline: {}", deadline.asked())));
        match &deadline.state {
            DeadlineState::Missed { noticed_on, .. } => {
                days.push((
                    *noticed_on,
                    format!("Noticed as missed: {}", deadline.asked()),
                ));
            }
            DeadlineState::Open
            | DeadlineState::Met { .. }
            | DeadlineState::Waived(_)
            | DeadlineState::Lapsed { .. } => {}
        }
    }
}

/// A name on the wire as words.
pub(super) fn words(name: &str) -> String {
    name.replace('_', " ")
}
