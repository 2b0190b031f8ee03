//! The log of how the union represented somebody: contacts and decisions, added and never changed.

use std::sync::Arc;

use jiff::civil::Date;
use unionhall_domain::{
    audit::{AuditAction, Target, created},
    grievances::{Action, Grievance, GrievanceId, Step},
    ids::Id,
    invalid::Invalid,
    representation_log::{
        Contact, Decision, DecisionKind, LogContent, LogEntry, LogEntryId, LogEntryKind, decided,
        step_on,
    },
    text::Prose,
};
use unionhall_ports::{
    deadlines::standing,
    pages::{Page, PageRequest},
    representation_log::LogSort,
    storage::StorageError,
};

use crate::{
    call::Call,
    cases::{self, CaseError},
    core::{Change, Core, Recorded},
    grievances::Readable,
    permissions::Permission,
};

/// A decision to be written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDecision {
    /// The day of the decision; today when nothing is said.
    pub on: Option<Date>,
    /// What was decided.
    pub kind: DecisionKind,
    /// The step it was about; when nothing is said, that of what it corrects, or the one that the grievance was on.
    pub step: Option<Step>,
    /// Why.
    pub reason: Prose<10_000>,
}

/// The use cases of the log.
#[derive(Clone)]
pub struct Representation {
    core: Arc<Core>,
}

impl Representation {
    /// Over these ports.
    pub const fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// The entries of a grievance, of one kind or of both. It is the union's own record: the member whose case it is
    /// does not read it here.
    ///
    /// # Errors
    /// [`CaseError`].
    pub fn list(
        &self,
        call: &Call,
        grievance: GrievanceId,
        kind: Option<LogEntryKind>,
        page: &PageRequest<LogSort>,
    ) -> Result<Recorded<Page<LogEntry>>, CaseError> {
        call.actor.require(Permission::GrievancesRead)?;
        let found = self.core.snapshot(call, |tx| {
            cases::shown(tx, &Readable::Every, grievance)?;
            Ok::<_, CaseError>(tx.representation_log().list(grievance, kind, page)?)
        })?;
        let id = grievance.uuid();
        Ok(self.core.recorded(call, Target::Grievance, id, found)?)
    }

    /// Writes down that the union and the member were in touch.
    ///
    /// # Errors
    /// [`CaseError`].
    pub fn contact(
        &self,
        call: &Call,
        grievance: GrievanceId,
        contact: Contact,
        corrects: Option<LogEntryId>,
    ) -> Result<LogEntry, CaseError> {
        call.actor.require(Permission::GrievancesWork)?;
        self.core.change(call, |change| {
            cases::present(change, grievance)?;
            contact.check(change.now).map_err(CaseError::Invalid)?;
            let content = LogContent::Contact(contact);
            add(change, grievance, content, corrects)
        })
    }

    /// Writes down a decision with its reason, such as not to take a denied grievance further.
    ///
    /// # Errors
    /// [`CaseError`].
    pub fn decide(
        &self,
        call: &Call,
        grievance: GrievanceId,
        new: NewDecision,
        corrects: Option<LogEntryId>,
    ) -> Result<LogEntry, CaseError> {
        call.actor.require(Permission::GrievancesDecide)?;
        self.core.change(call, |change| {
            let case = cases::present(change, grievance)?;
            let on = new.on.unwrap_or(change.today());
            if on > change.today() || on < case.filed_date {
                let detail = "must lie between the filing and today";
                let invalid = Invalid::new("out_of_range", detail);
                return Err(CaseError::Invalid(vec![invalid.at("decided_on")]));
            }
            let step = match new.step {
                Some(step) => step,
                None => step_of(change, &case, on, corrects)?,
            };
            if step > case.progress.step {
                let detail = "the grievance never came to this step";
                return Err(CaseError::wrong("step", "out_of_range", detail));
            }
            let content = LogContent::Decision(Decision {
                on,
                kind: new.kind,
                step,
                reason: new.reason,
            });
            add(change, grievance, content, corrects)
        })
    }
}

/// The step that a decision of a day was about: that of what it corrects, or the one that the grievance was on then as
/// far as the records tell.
fn step_of(
    change: &mut Change<'_>,
    case: &Grievance,
    on: Date,
    corrects: Option<LogEntryId>,
) -> Result<Step, CaseError> {
    if let Some(corrected) = corrects {
        let found = change.tx.representation_log().find(case.id, corrected)?;
        if let Some(LogContent::Decision(decision)) = found.map(|entry| entry.content) {
            return Ok(decision.step);
        }
    }
    if on == change.today() {
        return Ok(case.progress.step);
    }
    let records = change.tx.grievances().steps(case.id)?;
    let events = standing(change.tx.deadlines().events(case.id)?);
    Ok(step_on(on, case.progress.step, &records, &events))
}

/// Puts the decision that a move is, if it is one, into the log with its reason: what ends a grievance cannot be kept
/// without it.
///
/// # Errors
/// [`StorageError`].
pub(crate) fn note(
    change: &mut Change<'_>,
    before: &Grievance,
    action: &Action,
) -> Result<(), StorageError> {
    let Some(decision) = decided(&before.progress, action, change.today()) else {
        return Ok(());
    };
    let entry = LogEntry {
        id: Id::new(change.new_id()),
        grievance: before.id,
        content: LogContent::Decision(decision),
        corrects: None,
        recorded_by: change.call.actor.user_id(),
        recorded_at: change.now,
    };
    insert(change, &entry)
}

/// Writes an entry down, and that it was.
fn insert(change: &mut Change<'_>, entry: &LogEntry) -> Result<(), StorageError> {
    change.tx.representation_log().insert(entry)?;
    let target = (Target::RepresentationEntry, entry.id.uuid());
    let fields = created(entry.fields());
    cases::record(
        change,
        AuditAction::Created,
        target,
        entry.grievance,
        fields,
    );
    Ok(())
}

/// Adds an entry; what it corrects must be one of the same kind and grievance.
fn add(
    change: &mut Change<'_>,
    grievance: GrievanceId,
    content: LogContent,
    corrects: Option<LogEntryId>,
) -> Result<LogEntry, CaseError> {
    if let Some(corrected) = corrects {
        let found = change.tx.representation_log().find(grievance, corrected)?;
        if found.is_none_or(|found| found.content.kind() != content.kind()) {
            let detail = "is no entry of the same kind about this grievance";
            return Err(CaseError::wrong("corrects_id", "unknown_entry", detail));
        }
    }
    let entry = LogEntry {
        id: Id::new(change.new_id()),
        grievance,
        content,
        corrects,
        recorded_by: change.call.actor.user_id(),
        recorded_at: change.now,
    };
    insert(change, &entry)?;
    Ok(entry)
}

#[cfg(test)]
mod tests;
