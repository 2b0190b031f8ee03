//! Case files: what is in them, in which order and in which words.

use jiff::civil::date;

use super::*;
use crate::{
    collective_agreements::EventKind,
    deadlines::{DeadlineAction, Grant, Happening, WarningKey, WarningKind, samples},
    grievances::{Claim, GrievanceNumber, Meeting, Outcome, Progress, Settlement, State, Step},
    ids::Id,
    obligations::{ObligationState, Terms},
    representation_log::{Decision, DecisionKind, LogContent},
    step_meetings::Party,
    text::Prose,
    version::Version,
};

fn id<T>(number: u128) -> Id<T> {
    Id::new(Uuid::from_u128(number))
}

fn prose<const MAX: usize>(text: &str) -> Prose<MAX> {
    Prose::parse(text).unwrap()
}

fn agreed() -> Settlement {
    Settlement {
        resolution: prose("Paid."),
        date: date(2026, 3, 9),
        amount: None,
    }
}

fn settled(at: Timestamp) -> Grievance {
    Grievance {
        id: id(1),
        number: GrievanceNumber::new(2026, 7).unwrap(),
        member: id(2),
        employer: id(3),
        filed_date: date(2026, 3, 2),
        agreement: None,
        claim: Claim {
            incident_date: Some(date(2026, 3, 1)),
            contract_article: None,
            violation_description: prose("No list."),
            remedy_sought: None,
            assigned_representative: Some(id(4)),
            steward: None,
            notes: None,
        },
        progress: Progress {
            state: State::Settled(agreed()),
            ..Progress::FILED
        },
        version: Version::FIRST,
        created_at: at,
        updated_at: at,
        deleted_at: None,
    }
}

fn obligation(at: Timestamp) -> Obligation {
    Obligation {
        id: id(6),
        grievance: id(1),
        terms: Terms {
            what: prose("Pay sixteen hours."),
            owed_by: Party::Employer,
            owed_to: None,
            due_on: date(2026, 3, 30),
            amount: None,
        },
        state: ObligationState::Fulfilled(date(2026, 3, 20), None),
        version: Version::FIRST,
        created_at: at,
        updated_at: at,
    }
}

fn decision(at: Timestamp) -> LogEntry {
    LogEntry {
        id: id(7),
        grievance: id(1),
        content: LogContent::Decision(Decision {
            on: date(2026, 3, 10),
            kind: DecisionKind::Closing,
            step: Step::Step1,
            reason: prose("Settled."),
        }),
        corrects: None,
        recorded_by: Some(id(4)),
        recorded_at: at,
    }
}

fn records() -> CaseRecords {
    let at: Timestamp = "2026-03-02T17:00:00Z".parse().unwrap();
    CaseRecords {
        grievance: settled(at),
        steps: vec![StepRecord {
            id: id(5),
            grievance: id(1),
            step: Step::Step1,
            meeting: Meeting {
                date: date(2026, 3, 9),
                union_attendees: None,
                employer_attendees: None,
                notes: None,
            },
            outcome: Outcome::Settled(agreed()),
            created_at: at,
        }],
        meetings: Vec::new(),
        requests: vec![crate::information_requests::tests::request()],
        obligations: vec![obligation(at)],
        log: vec![decision(at)],
        deadlines: vec![deadline()],
        events: vec![
            event(EventKind::Filed, date(2026, 11, 2)),
            event(EventKind::Answered, date(2026, 11, 9)),
        ],
        notices: vec![SentNotice {
            key: WarningKey {
                deadline: id(9),
                due: date(2026, 11, 17),
                kind: WarningKind::SevenDays,
            },
            at: "2026-11-10T15:00:00Z".parse().unwrap(),
        }],
        documents: vec![crate::documents::tests::document()],
    }
}

fn event(kind: EventKind, day: jiff::civil::Date) -> RecordedEvent {
    RecordedEvent {
        happening: Happening::on(Step::Step1, kind, day),
        taken_back: None,
    }
}

/// The answer of an employer who was given five more working days, and missed it.
fn deadline() -> Deadline {
    let calendars = samples::calendars();
    let more = samples::extension(date(2026, 11, 16), Grant::Until(date(2026, 11, 24)));
    let at = Timestamp::UNIX_EPOCH;
    let extended = samples::deadline(9)
        .apply(
            DeadlineAction::Extend(more),
            &calendars,
            date(2026, 11, 16),
            at,
        )
        .unwrap();
    extended
        .apply(DeadlineAction::Miss, &calendars, date(2026, 11, 25), at)
        .unwrap()
}

fn circumstances() -> Circumstances {
    let names = [
        (2, "Ada Voltz"),
        (3, "Puget Electric"),
        (4, "Stella Steward"),
    ];
    let named = |(id, name): (u128, &str)| (Uuid::from_u128(id), name.to_owned());
    Circumstances {
        hall: "Local 46".to_owned(),
        zone: ZoneName::parse("America/Los_Angeles").unwrap(),
        made_at: "2026-11-21T08:00:00Z".parse().unwrap(),
        names: names.into_iter().map(named).collect(),
    }
}

#[test]
fn a_case_file_tells_everything_in_order_and_people_by_name() {
    let file = CaseFile::of(&records(), &circumstances());
    let mut lines = vec![format!("{} {} {}", file.hall, file.number, file.made_at)];
    for section in &file.sections {
        lines.push(format!("# {}", section.heading));
        for entry in &section.entries {
            lines.push(format!("- {}", entry.title));
            let facts = entry.facts.iter();
            lines.extend(facts.map(|(name, value)| format!("  {name}: {value}")));
        }
    }
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn the_same_records_under_the_same_circumstances_give_the_same_file() {
    let (records, circumstances) = (records(), circumstances());
    let file = || CaseFile::of(&records, &circumstances);
    assert_eq!(file(), file());
    assert_eq!(records.len(), 9);
    let ids: Vec<_> = records.named().into_iter().map(|id| id.as_u128()).collect();
    assert_eq!(ids, [2, 3, 4]);
}

#[test]
fn a_file_that_was_asked_for_is_made_once_and_is_there_for_a_while() {
    let at: Timestamp = "2026-11-21T08:00:00Z".parse().unwrap();
    let later: Timestamp = "2026-11-22T08:00:00Z".parse().unwrap();
    let job = CaseFileJob {
        id: id(8),
        grievance: id(1),
        format: CaseFileFormat::Zip,
        asked_by: None,
        asked_at: at,
        state: JobState::Waiting,
    };
    assert!(job.counts(later));
    let failed = CaseFileJob {
        state: JobState::Failed,
        ..job.clone()
    };
    assert!(failed.counts(later));
    let ready = job.ready("key".to_owned(), later).unwrap();
    assert!(ready.counts(at) && !ready.counts(later));
    assert_eq!(ready.ready("other".to_owned(), later), None);
}

#[test]
fn what_was_taken_back_or_corrected_stays_in_the_file_and_says_so() {
    let mut records = records();
    let at: Timestamp = "2026-11-12T18:30:00Z".parse().unwrap();
    for event in &mut records.events {
        event.taken_back = Some(TakenBack {
            at,
            by: Some(id(4)),
            reason: prose("The wrong letter."),
        });
    }
    records.log.push(LogEntry {
        id: id(17),
        corrects: Some(id(7)),
        recorded_at: at,
        ..decision(at)
    });
    let file = CaseFile::of(&records, &circumstances());
    let told = |key: &str| {
        let section = file.sections.iter().find(|section| section.key == key);
        let entries = section.into_iter().flat_map(|section| &section.entries);
        let lines = entries.flat_map(|entry| {
            let facts = entry.facts.iter();
            let facts = facts.map(|(name, value)| format!("{name}: {value}"));
            std::iter::once(entry.title.clone()).chain(facts)
        });
        lines.collect::<Vec<_>>()
    };
    let answered = "2026-11-09: Answered (step 1), taken back on 2026-11-12: The wrong letter.";
    let filed = "2026-11-02: Filed (step 1), taken back on 2026-11-12: The wrong letter.";
    for (section, expected) in [
        ("timeline", filed),
        ("timeline", answered),
        (
            "timeline",
            "2026-03-10: Decision: closing (corrected later)",
        ),
        ("timeline", "2026-03-10: Decision: closing (a correction)"),
        ("events", answered),
        ("events", "taken_back_by: Stella Steward"),
        (
            "representation_log",
            "correction: corrects the entry recorded at 2026-03-02, 09:00",
        ),
        (
            "representation_log",
            "superseded: corrected by the entry recorded at 2026-11-12, 10:30",
        ),
    ] {
        let lines = told(section);
        assert!(
            lines.iter().any(|line| line == expected),
            "{expected}: {lines:#?}"
        );
    }
}
