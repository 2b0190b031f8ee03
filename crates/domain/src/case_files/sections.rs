//! The parts of a case file, each field as the audit trail names it, with people and organizations by name.

use std::collections::BTreeMap;

use jiff::Timestamp;
use uuid::Uuid;

use super::{CaseRecords, Circumstances, Section, SectionEntry, clocks, timeline};
use crate::{
    audit::Fields,
    documents::Document,
    grievances::{Outcome, StepRecord},
    information_requests::{Entry, InformationRequest},
    representation_log::{LogContent, LogEntry},
    step_meetings::{Statement, StepMeeting},
    tenants::ZoneName,
    users::UserId,
};

/// Every part, in the order of the file.
pub(super) fn all(records: &CaseRecords, circumstances: &Circumstances) -> Vec<Section> {
    let write = Writing {
        names: &circumstances.names,
        zone: &circumstances.zone,
    };
    let title = format!("Grievance {}", records.grievance.number);
    let mut sections = vec![
        section(
            "grievance",
            "The grievance",
            vec![write.entry(title, records.grievance.fields())],
        ),
        section(
            "timeline",
            "Timeline",
            timeline::entries(records, circumstances),
        ),
        section("steps", "Recorded steps", write.steps(&records.steps)),
    ];
    sections.extend(write.said(records));
    sections.extend([
        section(
            "deadlines",
            "Deadlines, and how each was counted",
            clocks::deadlines(records),
        ),
        section(
            "events",
            "What deadlines are counted from",
            clocks::events(records, circumstances),
        ),
        section(
            "notices",
            "Notices of deadlines that were sent",
            clocks::notices(records, circumstances),
        ),
    ]);
    sections.extend(write.pursued(records));
    let documents = records.documents.iter().map(|one| write.document(one));
    sections.push(section("documents", "Documents", documents.collect()));
    sections
}

const fn section(key: &'static str, heading: &'static str, entries: Vec<SectionEntry>) -> Section {
    Section {
        key,
        heading,
        entries,
    }
}

/// Puts values into words.
struct Writing<'a> {
    names: &'a BTreeMap<Uuid, String>,
    zone: &'a ZoneName,
}

impl Writing<'_> {
    /// What was said at the table.
    fn said(&self, records: &CaseRecords) -> [Section; 2] {
        let meetings = records.meetings.iter().map(|one| self.meeting(one));
        let statements = records
            .statements()
            .map(|(meeting, statement)| self.statement(meeting, statement));
        [
            section("step_meetings", "Meetings", meetings.collect()),
            section(
                "statements",
                "Statements of the sides",
                statements.collect(),
            ),
        ]
    }

    /// What the union asked for, what it got, and what it told the member.
    fn pursued(&self, records: &CaseRecords) -> [Section; 3] {
        let requests = records.requests.iter().flat_map(|one| self.request(one));
        let obligations = records
            .obligations
            .iter()
            .map(|one| self.entry(one.terms.what.to_string(), one.fields()));
        let log = records.log.iter().map(|one| self.logged(one, &records.log));
        [
            section(
                "information_requests",
                "Requests for information",
                requests.collect(),
            ),
            section(
                "obligations",
                "What was agreed, and what became of it",
                obligations.collect(),
            ),
            section(
                "representation_log",
                "Contacts with the member, and decisions",
                log.collect(),
            ),
        ]
    }

    fn entry(&self, title: String, fields: Fields) -> SectionEntry {
        let present = fields.into_iter();
        let fact = |(name, value): (&'static str, Option<String>)| Some((name, self.named(value?)));
        SectionEntry {
            title,
            // The case file is of one grievance: no part repeats which.
            facts: present
                .filter(|(name, _)| *name != "grievance_id")
                .filter_map(fact)
                .collect(),
        }
    }

    /// The name of whoever has this id, an instant as the hall's clocks show it, and all else as it is.
    fn named(&self, value: String) -> String {
        if let Ok(instant) = value.parse::<Timestamp>() {
            return self.zone.shown(instant);
        }
        let id = Uuid::try_parse(&value).ok();
        id.and_then(|id| self.names.get(&id).cloned())
            .unwrap_or(value)
    }

    fn by(&self, user: Option<UserId>) -> Option<String> {
        user.map(|user| self.named(user.to_string()))
    }

    fn steps(&self, steps: &[StepRecord]) -> Vec<SectionEntry> {
        let step = |record: &StepRecord| {
            let agreed = match &record.outcome {
                Outcome::Settled(settlement) => Some(settlement),
                Outcome::Denied | Outcome::Advanced => None,
            };
            let meeting = &record.meeting;
            let fields = vec![
                ("id", Some(record.id.to_string())),
                ("outcome", Some(record.outcome.as_str().to_owned())),
                (
                    "union_attendees",
                    meeting.union_attendees.as_ref().map(ToString::to_string),
                ),
                (
                    "employer_attendees",
                    meeting.employer_attendees.as_ref().map(ToString::to_string),
                ),
                ("notes", meeting.notes.as_ref().map(ToString::to_string)),
                (
                    "resolution",
                    agreed.map(|agreed| agreed.resolution.to_string()),
                ),
                (
                    "settlement_amount",
                    agreed.and_then(|agreed| agreed.amount.map(|amount| amount.to_string())),
                ),
            ];
            let step = timeline::words(record.step.as_str());
            self.entry(format!("{}: {step}", meeting.date), fields)
        };
        steps.iter().map(step).collect()
    }

    fn meeting(&self, meeting: &StepMeeting) -> SectionEntry {
        let step = timeline::words(meeting.step.as_str());
        let mut fields = vec![("id", Some(meeting.id.to_string()))];
        fields.extend(meeting.fields());
        let day = self.zone.day_of(meeting.agenda.starts_at);
        self.entry(format!("{day}: {step}"), fields)
    }

    fn statement(&self, meeting: &StepMeeting, statement: &Statement) -> SectionEntry {
        let signature = statement.signature;
        let mut fields = vec![
            ("id", Some(statement.id.to_string())),
            ("meeting_id", Some(meeting.id.to_string())),
        ];
        fields.extend(statement.fields());
        fields.extend([
            ("written_by", self.by(statement.written_by)),
            (
                "signed_at",
                signature.map(|signature| signature.at.to_string()),
            ),
            (
                "signed_by",
                signature.and_then(|signature| self.by(signature.by)),
            ),
        ]);
        let others = &meeting.statements;
        let before = others
            .iter()
            .find(|other| statement.corrects == Some(other.id));
        let after = others
            .iter()
            .find(|other| other.corrects == Some(statement.id));
        let at = |other: &Statement| self.clock(other.made_at);
        fields.extend([
            (
                "correction",
                before.map(|other| format!("corrects the statement made at {}", at(other))),
            ),
            (
                "superseded",
                after.map(|other| format!("corrected by the statement made at {}", at(other))),
            ),
        ]);
        let day = self.zone.day_of(statement.made_at);
        let (by, party) = (&statement.made_by, statement.party.as_str());
        let step = timeline::words(meeting.step.as_str());
        let title = format!("{day}: {by} ({party}), {step}");
        self.entry(title, fields)
    }

    fn request(&self, request: &InformationRequest) -> Vec<SectionEntry> {
        let mut fields = request.fields();
        fields.push(("asked_by", self.by(request.asked_by)));
        let title = format!("Requested: {}", request.asked.subject);
        let mut entries = vec![self.entry(title, fields)];
        entries.extend(request.entries.iter().map(|entry| self.answer(entry)));
        entries
    }

    fn answer(&self, entry: &Entry) -> SectionEntry {
        let kind = timeline::words(entry.kind.as_str());
        let title = match entry.item {
            Some(item) => format!("{}: item {item}, {kind}", entry.on),
            None => format!("{}: {kind}", entry.on),
        };
        let fields = vec![
            ("text", Some(entry.text.to_string())),
            ("due_on", entry.due_on.map(|day| day.to_string())),
            ("recorded_by", self.by(entry.recorded_by)),
            ("recorded_at", Some(entry.recorded_at.to_string())),
        ];
        self.entry(title, fields)
    }

    fn logged(&self, entry: &LogEntry, log: &[LogEntry]) -> SectionEntry {
        let title = match &entry.content {
            LogContent::Contact(contact) => format!(
                "Contact ({}), {}",
                timeline::words(contact.channel.as_str()),
                timeline::words(contact.direction.as_str())
            ),
            LogContent::Decision(decision) => {
                format!("Decision: {}", timeline::words(decision.kind.as_str()))
            }
        };
        let mut fields = vec![("id", Some(entry.id.to_string()))];
        fields.extend(entry.fields());
        fields.extend([
            ("recorded_by", self.by(entry.recorded_by)),
            ("recorded_at", Some(entry.recorded_at.to_string())),
        ]);
        let at = |other: &LogEntry| self.clock(other.recorded_at);
        let before = log.iter().find(|other| entry.corrects == Some(other.id));
        let after = log.iter().find(|other| other.corrects == Some(entry.id));
        fields.extend([
            (
                "correction",
                before.map(|other| format!("corrects the entry recorded at {}", at(other))),
            ),
            (
                "superseded",
                after.map(|other| format!("corrected by the entry recorded at {}", at(other))),
            ),
        ]);
        self.entry(title, fields)
    }

    /// A document by its name, size and digest: whoever is handed the file can tell whether it is this one.
    fn document(&self, document: &Document) -> SectionEntry {
        let name = &document.file.name;
        let title = document.details.title.as_ref();
        let title = title.map_or_else(|| name.to_string(), ToString::to_string);
        let told = document.fields().into_iter();
        let told = told.filter(|(field, _)| !matches!(*field, "record_type" | "record_id"));
        let mut fields = vec![("id", Some(document.id.to_string()))];
        fields.extend(told);
        fields.extend([
            ("uploaded_by", self.by(document.file.uploaded_by)),
            ("uploaded_at", Some(document.file.uploaded_at.to_string())),
        ]);
        self.entry(title, fields)
    }

    /// An instant within a sentence, as the hall's clocks show it to the minute.
    fn clock(&self, at: Timestamp) -> String {
        let shown = self.zone.shown(at);
        shown.get(..16).unwrap_or(&shown).replace('T', ", ")
    }
}
