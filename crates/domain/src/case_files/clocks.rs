//! The deadlines in a case file: how each was counted, what they were counted from, and the notices that were sent.

use jiff::Timestamp;

use super::{CaseRecords, Circumstances, SectionEntry, timeline::words};
use crate::{
    deadlines::{
        Accord, Deadline, DeadlineState, Extension, Grant, Happening, WarningKey, WarningKind,
    },
    text::Prose,
    users::UserId,
};

/// A notice of a deadline that was sent to those who carry the grievance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SentNotice {
    /// Of which deadline, how near it was.
    pub key: WarningKey,
    /// When it was sent.
    pub at: Timestamp,
}

/// Something that deadlines are counted from, as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedEvent {
    /// What happened.
    pub happening: Happening,
    /// That it was taken back, if it was: it counts no more, and stays on record.
    pub taken_back: Option<TakenBack>,
}

/// That something recorded was taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenBack {
    /// When.
    pub at: Timestamp,
    /// By whom; nobody where the program did it.
    pub by: Option<UserId>,
    /// Why.
    pub reason: Prose<2_000>,
}

impl RecordedEvent {
    /// What happened, and that it was taken back.
    pub(super) fn told(&self, circumstances: &Circumstances) -> String {
        let happened = happened(&self.happening);
        match &self.taken_back {
            None => happened,
            Some(TakenBack { at, reason, .. }) => {
                let day = circumstances.zone.day_of(*at);
                format!("{happened}, taken back on {day}: {reason}")
            }
        }
    }
}

/// The deadlines, each with the working that anybody can check with a finger on a paper calendar.
pub(super) fn deadlines(records: &CaseRecords) -> Vec<SectionEntry> {
    records.deadlines.iter().map(deadline).collect()
}

/// What deadlines are counted from, and how it reached the other side.
pub(super) fn events(records: &CaseRecords, circumstances: &Circumstances) -> Vec<SectionEntry> {
    let entry = |event: &RecordedEvent| {
        let trigger = &event.happening.trigger;
        let taken = event.taken_back.as_ref();
        let by = taken.and_then(|taken| taken.by).map(UserId::uuid);
        let name = |id| circumstances.names.get(&id).cloned();
        let facts = vec![
            ("service", Some(trigger.service.as_str().to_owned())),
            (
                "taken_back_at",
                taken.map(|taken| circumstances.zone.shown(taken.at)),
            ),
            (
                "taken_back_by",
                by.map(|id| name(id).unwrap_or_else(|| id.to_string())),
            ),
        ];
        SectionEntry {
            title: format!("{}: {}", trigger.date, event.told(circumstances)),
            facts: present(facts),
        }
    };
    records.events.iter().map(entry).collect()
}

/// The notices that were sent.
pub(super) fn notices(records: &CaseRecords, circumstances: &Circumstances) -> Vec<SectionEntry> {
    let entry = |notice: &SentNotice| {
        let day = circumstances.zone.day_of(notice.at);
        let asked = records
            .deadlines
            .iter()
            .find(|deadline| deadline.id == notice.key.deadline);
        let facts = vec![
            ("deadline_id", Some(notice.key.deadline.to_string())),
            ("asked", asked.map(|deadline| sentence(&deadline.asked()))),
            ("due_date", Some(notice.key.due.to_string())),
            ("sent_at", Some(circumstances.zone.shown(notice.at))),
        ];
        SectionEntry {
            title: format!("{day}: {}", nearness(notice)),
            facts: present(facts),
        }
    };
    records.notices.iter().map(entry).collect()
}

/// How near a deadline was when a notice of it was sent.
pub(super) fn nearness(notice: &SentNotice) -> String {
    let due = notice.key.due;
    match notice.key.kind {
        WarningKind::SevenDays => format!("Notice that seven days or fewer are left to {due}"),
        WarningKind::ThreeDays => format!("Notice that three days or fewer are left to {due}"),
        WarningKind::OneDay => format!("Notice that one day is left to {due}"),
        WarningKind::Today => format!("Notice that {due} is the last day"),
        WarningKind::Overdue => format!("Notice that {due} has gone by"),
    }
}

/// What happened, on which step.
pub(super) fn happened(happening: &Happening) -> String {
    let kind = words(happening.trigger.kind.as_str());
    format!("{} ({})", sentence(&kind), words(happening.step.as_str()))
}

fn deadline(deadline: &Deadline) -> SectionEntry {
    let basis = &deadline.derivation.basis;
    let extensions: Vec<_> = deadline
        .derivation
        .extensions()
        .iter()
        .map(extended)
        .collect();
    let facts = vec![
        ("id", Some(deadline.id.to_string())),
        ("agreement", Some(basis.agreement_name.to_string())),
        ("rules_version", Some(basis.rules.get().to_string())),
        ("article", Some(basis.rule.article.to_string())),
        ("due_date", Some(deadline.due().to_string())),
        ("working", Some(deadline.derivation.sentences())),
        (
            "extensions",
            (!extensions.is_empty()).then(|| extensions.join("\n")),
        ),
        ("status", Some(deadline.status().as_str().to_owned())),
        ("became", became(&deadline.state)),
    ];
    SectionEntry {
        title: sentence(&deadline.asked()),
        facts: present(facts),
    }
}

fn became(state: &DeadlineState) -> Option<String> {
    match state {
        DeadlineState::Open => None,
        DeadlineState::Met { on, by, witness: _ } => {
            Some(format!("Met on {on}: {}.", words(by.as_str())))
        }
        DeadlineState::Missed {
            noticed_on,
            consequence,
        } => Some(format!(
            "Missed, as was noticed on {noticed_on}; what follows by the rule: {}.",
            words(consequence.as_str())
        )),
        DeadlineState::Waived(accord) => Some(format!("Let go by both sides, {}", agreed(accord))),
        DeadlineState::Lapsed { on } => Some(format!("Without a purpose since {on}.")),
    }
}

fn extended(extension: &Extension) -> String {
    let grant = match extension.grant {
        Grant::Until(day) => format!("Until {day}"),
        Grant::Days(days, kind) => format!("By {} {} days", days.get(), kind.as_str()),
    };
    format!("{grant}, {}", agreed(&extension.accord))
}

fn agreed(accord: &Accord) -> String {
    let Accord {
        agreed_on,
        for_union,
        for_employer,
        note,
    } = accord;
    let note = note
        .as_ref()
        .map_or_else(String::new, |note| format!(" {note}"));
    format!(
        "agreed on {agreed_on} by {for_union} for the union and {for_employer} for the employer.{note}"
    )
}

/// Words as the beginning of a sentence.
fn sentence(words: &str) -> String {
    let mut characters = words.chars();
    characters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(characters).collect()
    })
}

fn present(facts: Vec<(&'static str, Option<String>)>) -> Vec<(&'static str, String)> {
    facts
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
}
