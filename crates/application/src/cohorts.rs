//! Cohorts: planning them, moving them, and finding them.

mod errors;
mod roll;

use std::sync::Arc;

use unionhall_domain::{
    audit::{AuditAction, FieldChange, Target, created, differences},
    cohorts::{
        Cohort, CohortChange, CohortDetails, CohortId, CohortMove, CohortStatus, Taught, Teachers,
    },
    ids::Id,
    invalid::{FieldError, Invalid},
    text::Prose,
    version::Version,
};
use unionhall_ports::{
    cohorts::{CohortFilter, CohortSort},
    pages::{Page, PageRequest},
};

pub use errors::CohortError;
pub use roll::{Join, Leave};

use crate::{
    actor::Actor,
    call::Call,
    core::{Change, Core},
    permissions::Permission,
};

/// A cohort to be planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCohort {
    /// What is known of it.
    pub details: CohortDetails,
    /// Who teaches it.
    pub taught: Taught,
}

/// What to change of a cohort.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UpdateCohort {
    /// What is known of it.
    pub details: CohortChange,
    /// Who teaches it.
    pub taught: Taught,
}

/// The use cases of cohorts.
#[derive(Clone)]
pub struct Cohorts {
    core: Arc<Core>,
}

impl Cohorts {
    /// Over these ports.
    pub const fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// Plans a cohort.
    ///
    /// # Errors
    /// [`CohortError`].
    pub fn create(&self, call: &Call, new: NewCohort) -> Result<Cohort, CohortError> {
        call.actor.require(Permission::TrainingManage)?;
        self.core.change(call, |change| {
            let cohort = Cohort {
                id: Id::new(change.new_id()),
                details: new.details,
                teachers: teachers(new.taught, None)?,
                status: CohortStatus::Planned,
                cancellation: None,
                students: 0,
                version: Version::FIRST,
                created_at: change.now,
                updated_at: change.now,
                deleted_at: None,
            };
            check(change, None, &cohort)?;
            change.tx.cohorts().insert(&cohort)?;
            let fields = created(cohort.fields());
            record(change, AuditAction::Created, &cohort, fields, Vec::new());
            Ok(cohort)
        })
    }

    /// One cohort.
    ///
    /// # Errors
    /// [`CohortError`].
    pub fn find(&self, call: &Call, id: CohortId) -> Result<Cohort, CohortError> {
        call.actor.require(Permission::TrainingRead)?;
        self.core.read(call, |tx| {
            tx.cohorts().find(id)?.ok_or(CohortError::NotFound)
        })
    }

    /// The cohorts that match.
    ///
    /// # Errors
    /// [`CohortError`].
    pub fn list(
        &self,
        call: &Call,
        filter: &CohortFilter,
        page: &PageRequest<CohortSort>,
    ) -> Result<Page<Cohort>, CohortError> {
        call.actor.require(Permission::TrainingRead)?;
        self.core
            .read(call, |tx| Ok(tx.cohorts().list(filter, page)?))
    }

    /// Changes what a caller names; where the cohort stands is moved by moves alone.
    ///
    /// # Errors
    /// [`CohortError`].
    pub fn update(
        &self,
        call: &Call,
        id: CohortId,
        wanted: UpdateCohort,
    ) -> Result<Cohort, CohortError> {
        call.actor.require(Permission::TrainingManage)?;
        self.core.change(call, |change| {
            let before = locked(change, id)?;
            let after = Cohort {
                details: before.details.clone().changed(wanted.details),
                teachers: teachers(wanted.taught, before.teachers.as_ref())?,
                ..before.clone()
            };
            let fields = differences(before.fields(), after.fields());
            if fields.is_empty() {
                change.leave_unchanged();
                return Ok(before);
            }
            check(change, Some(&before), &after)?;
            let after = touched(change, after);
            change.tx.cohorts().update(&after)?;
            record(change, AuditAction::Updated, &after, fields, Vec::new());
            Ok(after)
        })
    }

    /// Moves a cohort: open, start, complete, cancel. Whoever is in one that is over leaves it that day.
    ///
    /// # Errors
    /// [`CohortError`].
    pub fn act(
        &self,
        call: &Call,
        id: CohortId,
        wanted: CohortMove,
        reason: Option<Prose<2_000>>,
    ) -> Result<Cohort, CohortError> {
        call.actor.require(Permission::TrainingManage)?;
        self.core.change(call, |change| {
            let before = locked(change, id)?;
            let status = before.status.apply(wanted)?;
            let mut details = vec![("move", wanted.as_str().to_owned())];
            details.extend(reason.as_ref().map(|reason| ("reason", reason.to_string())));
            let mut after = Cohort {
                status,
                cancellation: reason,
                ..touched(change, before.clone())
            };
            change.tx.cohorts().update(&after)?;
            if !status.is_running() {
                let today = change.today();
                change.tx.cohort_roll().end_all(id, today)?;
                details.push(("students", before.students.to_string()));
                after.students = 0;
            }
            let fields = differences(before.fields(), after.fields());
            record(change, AuditAction::Moved, &after, fields, details);
            Ok(after)
        })
    }

    /// Deletes a cohort that nobody is in; it can be restored.
    ///
    /// # Errors
    /// [`CohortError`].
    pub fn delete(&self, call: &Call, id: CohortId) -> Result<(), CohortError> {
        call.actor.require(Permission::TrainingManage)?;
        self.core.change(call, |change| {
            let before = locked(change, id)?;
            if before.students > 0 {
                return Err(CohortError::InUse(before.students));
            }
            let after = Cohort {
                deleted_at: Some(change.now),
                version: before.version.next(),
                ..before
            };
            change.tx.cohorts().update(&after)?;
            record(change, AuditAction::Deleted, &after, Vec::new(), Vec::new());
            Ok(())
        })
    }

    /// Brings a deleted cohort back.
    ///
    /// # Errors
    /// [`CohortError`].
    pub fn restore(&self, call: &Call, id: CohortId) -> Result<Cohort, CohortError> {
        call.actor.require(Permission::TrainingManage)?;
        self.core.change(call, |change| {
            let found = change.tx.cohorts().find_deleted(id)?;
            let before = found.ok_or(CohortError::NotFound)?;
            call.expects(before.version)?;
            let after = Cohort {
                deleted_at: None,
                ..touched(change, before)
            };
            // Who taught it, or where, may have gone meanwhile.
            check(change, None, &after)?;
            change.tx.cohorts().update(&after)?;
            record(
                change,
                AuditAction::Restored,
                &after,
                Vec::new(),
                Vec::new(),
            );
            Ok(after)
        })
    }

    /// What this actor may do with a cohort now.
    pub fn allowed_actions(&self, actor: &Actor, cohort: &Cohort) -> Vec<&'static str> {
        let manages = actor.may(Permission::TrainingManage);
        let mut actions = Vec::new();
        if manages {
            actions.push("update");
        }
        if manages && cohort.students == 0 {
            actions.push("delete");
        }
        let takes_in = cohort.status.is_running() && cohort.has_room();
        if takes_in && actor.may(Permission::TrainingWrite) {
            actions.push("join");
        }
        if manages {
            actions.extend(cohort.status.allowed().map(CohortMove::as_str));
        }
        actions
    }
}

/// The instructors after a change.
fn teachers(taught: Taught, before: Option<&Teachers>) -> Result<Option<Teachers>, CohortError> {
    let after = taught.apply(before);
    after.map_err(|(invalid, field)| CohortError::Invalid(vec![invalid.at(field)]))
}

/// Sees that days and seats make sense, and that the location and the instructors that are newly named are there; they
/// stay there until the transaction ends.
fn check(
    change: &mut Change<'_>,
    before: Option<&Cohort>,
    after: &Cohort,
) -> Result<(), CohortError> {
    let mut errors: Vec<FieldError> = after
        .details
        .check(after.students)
        .err()
        .into_iter()
        .collect();
    let known = before.and_then(|before| before.details.location);
    if let Some(location) = after.details.location.filter(|new| Some(*new) != known)
        && change.tx.locations().hold(location)?.is_none()
    {
        let invalid = Invalid::new("unknown_location", "is no location of this tenant");
        errors.push(invalid.at("location_id"));
    }
    let known: Vec<_> = before
        .and_then(|before| before.teachers.as_ref())
        .into_iter()
        .flat_map(Teachers::all)
        .collect();
    for instructor in after.teachers.iter().flat_map(Teachers::all) {
        if !known.contains(&instructor) && change.tx.instructors().hold(instructor)?.is_none() {
            let invalid = Invalid::new("unknown_instructor", "must be instructors of this tenant");
            errors.push(invalid.at("instructor_ids"));
            break;
        }
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(CohortError::Invalid(errors))
    }
}

fn locked(change: &mut Change<'_>, id: CohortId) -> Result<Cohort, CohortError> {
    let found = change.tx.cohorts().lock(id)?;
    let found = found.ok_or(CohortError::NotFound)?;
    change.call.expects(found.version)?;
    Ok(found)
}

fn touched(change: &Change<'_>, cohort: Cohort) -> Cohort {
    Cohort {
        version: cohort.version.next(),
        updated_at: change.now,
        ..cohort
    }
}

fn record(
    change: &mut Change<'_>,
    action: AuditAction,
    cohort: &Cohort,
    fields: Vec<FieldChange>,
    details: Vec<(&'static str, String)>,
) {
    let id = cohort.id.uuid();
    change.record(action, Target::Cohort, id, fields, details);
}

#[cfg(test)]
mod tests;
