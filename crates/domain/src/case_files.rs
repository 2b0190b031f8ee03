//! Case files: everything that is on record of a grievance, put into words and order, whatever they are written on.

mod clocks;
mod jobs;
mod sections;
mod timeline;

use std::collections::BTreeMap;

use jiff::Timestamp;
use uuid::Uuid;

pub use self::{
    clocks::{RecordedEvent, SentNotice, TakenBack},
    jobs::{CaseFileJob, CaseFileJobId, JobState},
};
use crate::{
    deadlines::Deadline,
    documents::Document,
    grievances::{Grievance, StepRecord},
    information_requests::InformationRequest,
    names::names,
    obligations::Obligation,
    representation_log::LogEntry,
    step_meetings::StepMeeting,
    tenants::ZoneName,
};

names! {
    /// What a case file is written on.
    pub enum CaseFileFormat {
        /// Pages to read and print.
        Pdf = "pdf",
        /// The same pages, and the same as JSON, part by part.
        Zip = "zip",
    }
}

impl CaseFileFormat {
    /// The media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Zip => "application/zip",
        }
    }
}

/// What is on record of a grievance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRecords {
    /// The grievance itself.
    pub grievance: Grievance,
    /// The recorded steps, earliest first.
    pub steps: Vec<StepRecord>,
    /// The meetings, earliest first.
    pub meetings: Vec<StepMeeting>,
    /// The requests for information.
    pub requests: Vec<InformationRequest>,
    /// The obligations.
    pub obligations: Vec<Obligation>,
    /// The log of representation, earliest first.
    pub log: Vec<LogEntry>,
    /// The deadlines, by their last day.
    pub deadlines: Vec<Deadline>,
    /// What deadlines are counted from, earliest first, with what was taken back of it.
    pub events: Vec<RecordedEvent>,
    /// The notices of deadlines that were sent, earliest first.
    pub notices: Vec<SentNotice>,
    /// The documents, earliest first, with their newest versions.
    pub documents: Vec<Document>,
}

/// The circumstances of a case file: the same records under the same circumstances give the same file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Circumstances {
    /// The name of the hall.
    pub hall: String,
    /// Where the hall's days begin.
    pub zone: ZoneName,
    /// When the records were read.
    pub made_at: Timestamp,
    /// The names of the people, organizations and agreements that records name by id.
    pub names: BTreeMap<Uuid, String>,
}

/// A case file, ready to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseFile {
    /// The name of the hall.
    pub hall: String,
    /// The number of the grievance.
    pub number: String,
    /// When its records were read, as the hall's clocks showed it.
    pub made_at: String,
    /// The parts, in their order.
    pub sections: Vec<Section>,
}

/// A part of a case file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// Its name for programs.
    pub key: &'static str,
    /// Its name for people.
    pub heading: &'static str,
    /// What is in it.
    pub entries: Vec<SectionEntry>,
}

/// Something in a part of a case file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionEntry {
    /// What it is, in one line.
    pub title: String,
    /// What is on record of it: the field's name and its value in words.
    pub facts: Vec<(&'static str, String)>,
}

impl CaseRecords {
    /// How many things are on record.
    pub fn len(&self) -> usize {
        let statements: usize = self.meetings.iter().map(|one| one.statements.len()).sum();
        let entries: usize = self.requests.iter().map(|one| one.entries.len()).sum();
        [
            self.steps.len(),
            self.meetings.len(),
            statements,
            self.requests.len(),
            entries,
            self.obligations.len(),
            self.log.len(),
            self.deadlines.len(),
            self.events.len(),
            self.notices.len(),
            self.documents.len(),
        ]
        .into_iter()
        .fold(0, usize::saturating_add)
    }

    /// Whether nothing is on record but the grievance itself.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The ids of the people, organizations and agreements that the records name.
    pub fn named(&self) -> Vec<Uuid> {
        let mut ids = vec![self.grievance.member.uuid(), self.grievance.employer.uuid()];
        ids.extend(self.grievance.agreement.map(|under| under.agreement.uuid()));
        let claim = &self.grievance.claim;
        let users = [claim.assigned_representative, claim.steward]
            .into_iter()
            .chain(self.requests.iter().map(|request| request.asked_by))
            .chain(self.log.iter().map(|entry| entry.recorded_by))
            .chain(
                self.events
                    .iter()
                    .map(|event| event.taken_back.as_ref()?.by),
            )
            .chain(self.statements().map(|(_, statement)| statement.written_by))
            .chain(
                self.statements()
                    .map(|(_, statement)| statement.signature.and_then(|signature| signature.by)),
            )
            .chain(
                self.documents
                    .iter()
                    .map(|document| document.file.uploaded_by),
            )
            .chain(
                self.requests
                    .iter()
                    .flat_map(|request| &request.entries)
                    .map(|entry| entry.recorded_by),
            );
        ids.extend(users.flatten().map(|user| user.uuid()));
        ids.sort();
        ids.dedup();
        ids
    }

    fn statements(&self) -> impl Iterator<Item = (&StepMeeting, &crate::step_meetings::Statement)> {
        self.meetings.iter().flat_map(|meeting| {
            let of = move |statement| (meeting, statement);
            meeting.statements.iter().map(of)
        })
    }
}

impl CaseFile {
    /// The file of these records under these circumstances.
    pub fn of(records: &CaseRecords, circumstances: &Circumstances) -> Self {
        Self {
            hall: circumstances.hall.clone(),
            number: records.grievance.number.to_string(),
            made_at: circumstances.zone.shown(circumstances.made_at),
            sections: sections::all(records, circumstances),
        }
    }

    /// The name under which it is kept by whoever takes it.
    pub fn file_name(number: &str, format: CaseFileFormat) -> String {
        format!("case-file-{number}.{}", format.as_str())
    }
}

#[cfg(test)]
mod tests;
