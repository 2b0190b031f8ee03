//! Instructors: adding, changing and finding who teaches, and the one way to their tax ids.

mod errors;
mod tax_ids;

use std::sync::Arc;

use unionhall_domain::{
    audit::{AuditAction, FieldChange, Target, created, differences},
    change::Change as Wanted,
    ids::Id,
    instructors::{Instructor, InstructorChange, InstructorDetails, InstructorId, TaxId},
    invalid::Invalid,
    users::UserId,
    version::Version,
};
use unionhall_ports::{
    instructors::{InstructorFilter, InstructorSort},
    pages::{Page, PageRequest},
};

pub use errors::InstructorError;

use crate::{
    actor::Actor,
    call::Call,
    core::{Change, Core, Recorded},
    permissions::Permission,
};

/// An instructor to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewInstructor {
    /// What is known of them.
    pub details: InstructorDetails,
    /// Their tax id.
    pub tax_id: Option<TaxId>,
}

/// What to change of an instructor.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UpdateInstructor {
    /// What is known of them.
    pub details: InstructorChange,
    /// Their tax id.
    pub tax_id: Wanted<Option<TaxId>>,
}

/// The use cases of instructors.
#[derive(Clone)]
pub struct Instructors {
    core: Arc<Core>,
}

impl Instructors {
    /// Over these ports.
    pub const fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// Adds an instructor.
    ///
    /// # Errors
    /// [`InstructorError`].
    pub fn create(&self, call: &Call, new: NewInstructor) -> Result<Instructor, InstructorError> {
        call.actor.require(Permission::InstructorsWrite)?;
        self.core.change(call, |change| {
            let NewInstructor { details, tax_id } = new;
            colleague(change, None, details.user)?;
            let instructor = Instructor {
                id: Id::new(change.new_id()),
                details,
                tax_id: tax_id.as_ref().map(TaxId::ending),
                version: Version::FIRST,
                created_at: change.now,
                updated_at: change.now,
                deleted_at: None,
            };
            change.tx.instructors().insert(&instructor)?;
            if tax_id.is_some() {
                self.keep_tax_id(change, &instructor, tax_id)?;
            }
            let fields = created(instructor.fields());
            record(change, AuditAction::Created, &instructor, fields);
            Ok(instructor)
        })
    }

    /// One instructor; that it was read goes on record.
    ///
    /// # Errors
    /// [`InstructorError`].
    pub fn find(
        &self,
        call: &Call,
        id: InstructorId,
    ) -> Result<Recorded<Instructor>, InstructorError> {
        call.actor.require(Permission::InstructorsRead)?;
        let found = self.core.read(call, |tx| {
            tx.instructors().find(id)?.ok_or(InstructorError::NotFound)
        })?;
        let target = Target::Instructor;
        Ok(self.core.recorded(call, target, id.uuid(), found)?)
    }

    /// The instructors that match; that they were read goes on record.
    ///
    /// # Errors
    /// [`InstructorError`].
    pub fn list(
        &self,
        call: &Call,
        filter: &InstructorFilter,
        page: &PageRequest<InstructorSort>,
    ) -> Result<Recorded<Page<Instructor>>, InstructorError> {
        call.actor.require(Permission::InstructorsRead)?;
        let found: Page<_> = self.core.read(call, |tx| {
            Ok::<_, InstructorError>(tx.instructors().list(filter, page)?)
        })?;
        let details = listed(filter, found.items.len());
        let target = Target::Instructor;
        Ok(self.core.recorded_list(call, target, details, found)?)
    }

    /// Changes what a caller names; a change that changes nothing leaves no trace but that it was told.
    ///
    /// # Errors
    /// [`InstructorError`].
    pub fn update(
        &self,
        call: &Call,
        id: InstructorId,
        wanted: UpdateInstructor,
    ) -> Result<Instructor, InstructorError> {
        call.actor.require(Permission::InstructorsWrite)?;
        self.core.change(call, |change| {
            let before = present(change, id)?;
            let details = before.details.clone().changed(wanted.details);
            colleague(change, before.details.user, details.user)?;
            let mut after = Instructor {
                details,
                ..before.clone()
            };
            if let Wanted::Set(tax_id) = &wanted.tax_id {
                after.tax_id = tax_id.as_ref().map(TaxId::ending);
            }
            let fields = differences(before.fields(), after.fields());
            // Another number may end alike, so one that is given is written, whatever the trail can show of it.
            let renumbered = matches!(wanted.tax_id, Wanted::Set(Some(_)));
            if fields.is_empty() && !renumbered {
                change.leave_unchanged_and_told(Target::Instructor, id.uuid());
                return Ok(before);
            }
            let after = touched(change, after);
            change.tx.instructors().update(&after)?;
            if let Wanted::Set(tax_id) = wanted.tax_id {
                self.keep_tax_id(change, &after, tax_id)?;
            }
            record(change, AuditAction::Updated, &after, fields);
            Ok(after)
        })
    }

    /// Deletes an instructor who teaches no cohort that is not over and no session to come; it can be restored.
    ///
    /// # Errors
    /// [`InstructorError`].
    pub fn delete(&self, call: &Call, id: InstructorId) -> Result<(), InstructorError> {
        call.actor.require(Permission::InstructorsWrite)?;
        self.core.change(call, |change| {
            let before = present(change, id)?;
            let after = Instructor {
                deleted_at: Some(change.now),
                version: before.version.next(),
                ..before
            };
            change.tx.instructors().update(&after)?;
            // The write waits for whoever plans a cohort or a session with it at this moment; the questions after it see
            // what was planned.
            let cohorts = change.tx.cohorts().codes_taught_by(id)?;
            if !cohorts.is_empty() {
                return Err(InstructorError::InUse(cohorts));
            }
            let days = change.tx.class_sessions().days_taught_by(id, change.now)?;
            if !days.is_empty() {
                let days = days.iter().map(ToString::to_string);
                return Err(InstructorError::Scheduled(days.collect()));
            }
            record(change, AuditAction::Deleted, &after, Vec::new());
            Ok(())
        })
    }

    /// Brings a deleted instructor back.
    ///
    /// # Errors
    /// [`InstructorError`].
    pub fn restore(&self, call: &Call, id: InstructorId) -> Result<Instructor, InstructorError> {
        call.actor.require(Permission::InstructorsWrite)?;
        self.core.change(call, |change| {
            let found = change.tx.instructors().find_deleted(id)?;
            let before = found.ok_or(InstructorError::NotFound)?;
            call.expects(before.version)?;
            let after = Instructor {
                deleted_at: None,
                ..touched(change, before)
            };
            change.tx.instructors().update(&after)?;
            record(change, AuditAction::Restored, &after, Vec::new());
            Ok(after)
        })
    }

    /// What this actor may do with an instructor now.
    pub fn allowed_actions(&self, actor: &Actor, instructor: &Instructor) -> Vec<&'static str> {
        let mut actions = Vec::new();
        if actor.may(Permission::InstructorsWrite) {
            actions.extend(["update", "delete"]);
        }
        if instructor.tax_id.is_some() && actor.may(Permission::InstructorsUnmask) {
            actions.push("unmask_tax_id");
        }
        actions
    }
}

/// Sees that the user whom an instructor newly is works in this tenant.
fn colleague(
    change: &mut Change<'_>,
    before: Option<UserId>,
    after: Option<UserId>,
) -> Result<(), InstructorError> {
    let Some(user) = after.filter(|_| after != before) else {
        return Ok(());
    };
    if change.tx.identity().find_colleague(user)?.is_some() {
        return Ok(());
    }
    let error = Invalid::new("unknown_user", "is no user of this tenant").at("user_id");
    Err(InstructorError::Invalid(vec![error]))
}

fn listed(filter: &InstructorFilter, count: usize) -> Vec<(&'static str, String)> {
    let mut details = vec![("count", count.to_string())];
    let mut add = |name, value: Option<String>| details.extend(value.map(|value| (name, value)));
    add(
        "status",
        filter.status.map(|status| status.as_str().to_owned()),
    );
    add("user_id", filter.user.map(|id| id.to_string()));
    add("q", filter.search.clone());
    details
}

fn present(change: &mut Change<'_>, id: InstructorId) -> Result<Instructor, InstructorError> {
    let found = change.tx.instructors().find(id)?;
    let found = found.ok_or(InstructorError::NotFound)?;
    change.call.expects(found.version)?;
    Ok(found)
}

fn touched(change: &Change<'_>, instructor: Instructor) -> Instructor {
    Instructor {
        version: instructor.version.next(),
        updated_at: change.now,
        ..instructor
    }
}

fn record(
    change: &mut Change<'_>,
    action: AuditAction,
    instructor: &Instructor,
    fields: Vec<FieldChange>,
) {
    let id = instructor.id.uuid();
    change.record(action, Target::Instructor, id, fields, Vec::new());
}

#[cfg(test)]
mod tests;
