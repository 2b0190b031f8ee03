//! Classes: planning them, and moving them from the planning to the end of the term.

mod errors;

use std::sync::Arc;

use unionhall_domain::{
    audit::{AuditAction, FieldChange, Target, created, differences},
    classes::{Class, ClassId, ClassMove, ClassPlan, ClassPlanChange, ClassState},
    courses::{Course, CourseId},
    ids::Id,
    invalid::{FieldError, Invalid},
    version::Version,
};
use unionhall_ports::{
    classes::{ClassFilter, ClassSort},
    pages::{Page, PageRequest},
};

pub use errors::ClassError;

use crate::{
    actor::Actor,
    call::Call,
    core::{Change, Core},
    permissions::Permission,
};

/// The use cases of classes.
#[derive(Clone)]
pub struct Classes {
    core: Arc<Core>,
}

impl Classes {
    /// Over these ports.
    pub const fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// Plans a class of the present edition of a course; it takes as many students as the course says, where the plan
    /// says nothing.
    ///
    /// # Errors
    /// [`ClassError`].
    pub fn create(
        &self,
        call: &Call,
        course: CourseId,
        plan: ClassPlan,
    ) -> Result<Class, ClassError> {
        call.actor.require(Permission::TrainingManage)?;
        self.core.change(call, |change| {
            let course = taught(change, course)?;
            let class = Class {
                id: Id::new(change.new_id()),
                course: course.id,
                edition: course.edition,
                plan: ClassPlan {
                    capacity: plan.capacity.or(course.details.capacity),
                    ..plan
                },
                state: ClassState::Planned,
                version: Version::FIRST,
                created_at: change.now,
                updated_at: change.now,
                deleted_at: None,
            };
            change.tx.classes().insert(&class)?;
            let fields = created(class.fields());
            record(change, AuditAction::Created, &class, fields, Vec::new());
            Ok(class)
        })
    }

    /// One class.
    ///
    /// # Errors
    /// [`ClassError`].
    pub fn find(&self, call: &Call, id: ClassId) -> Result<Class, ClassError> {
        call.actor.require(Permission::TrainingRead)?;
        self.core.read(call, |tx| {
            tx.classes().find(id)?.ok_or(ClassError::NotFound)
        })
    }

    /// The classes that match.
    ///
    /// # Errors
    /// [`ClassError`].
    pub fn list(
        &self,
        call: &Call,
        filter: &ClassFilter,
        page: &PageRequest<ClassSort>,
    ) -> Result<Page<Class>, ClassError> {
        call.actor.require(Permission::TrainingRead)?;
        self.core
            .snapshot(call, |tx| Ok(tx.classes().list(filter, page)?))
    }

    /// Changes what is planned. The edition of the course stays; where the class stands is moved by moves alone.
    ///
    /// # Errors
    /// [`ClassError`].
    pub fn update(
        &self,
        call: &Call,
        id: ClassId,
        wanted: ClassPlanChange,
    ) -> Result<Class, ClassError> {
        call.actor.require(Permission::TrainingManage)?;
        self.core.change(call, |change| {
            change.tx.class_sessions().lock_timetable()?;
            let before = held(change, id)?;
            let plan = before.plan.clone().changed(wanted);
            let after = Class {
                plan: plan.map_err(|error| ClassError::Invalid(vec![error]))?,
                ..before.clone()
            };
            let fields = differences(before.fields(), after.fields());
            if fields.is_empty() {
                change.leave_unchanged();
                return Ok(before);
            }
            if after.plan.term != before.plan.term {
                within_term(change, &after)?;
            }
            let after = touched(change, after);
            change.tx.classes().update(&after)?;
            record(change, AuditAction::Updated, &after, fields, Vec::new());
            Ok(after)
        })
    }

    /// Moves a class: open, complete, cancel. What is cancelled has no sessions to come any more.
    ///
    /// # Errors
    /// [`ClassError`].
    pub fn act(&self, call: &Call, id: ClassId, wanted: ClassMove) -> Result<Class, ClassError> {
        call.actor.require(Permission::TrainingManage)?;
        self.core.change(call, |change| {
            change.tx.class_sessions().lock_timetable()?;
            let before = held(change, id)?;
            let details = vec![("move", wanted.as_str().to_owned())];
            let state = before.state.apply(wanted)?;
            let after = Class {
                state,
                ..touched(change, before.clone())
            };
            if let ClassState::Cancelled(reason) = &after.state {
                crate::class_sessions::cancel_all(change, id, reason)?;
            }
            change.tx.classes().update(&after)?;
            let fields = differences(before.fields(), after.fields());
            record(change, AuditAction::Moved, &after, fields, details);
            Ok(after)
        })
    }

    /// Deletes a class that has no sessions; it can be restored.
    ///
    /// # Errors
    /// [`ClassError`].
    pub fn delete(&self, call: &Call, id: ClassId) -> Result<(), ClassError> {
        call.actor.require(Permission::TrainingManage)?;
        self.core.change(call, |change| {
            let before = held(change, id)?;
            let sessions = change.tx.class_sessions().of_class(id)?.len();
            if sessions > 0 {
                return Err(ClassError::HasSessions(sessions));
            }
            let after = Class {
                deleted_at: Some(change.now),
                version: before.version.next(),
                ..before
            };
            change.tx.classes().update(&after)?;
            record(change, AuditAction::Deleted, &after, Vec::new(), Vec::new());
            Ok(())
        })
    }

    /// Brings a deleted class back.
    ///
    /// # Errors
    /// [`ClassError`].
    pub fn restore(&self, call: &Call, id: ClassId) -> Result<Class, ClassError> {
        call.actor.require(Permission::TrainingManage)?;
        self.core.change(call, |change| {
            let found = change.tx.classes().find_deleted(id)?;
            let before = found.ok_or(ClassError::NotFound)?;
            call.expects(before.version)?;
            // A course is not deleted while a class of it is there.
            let course = change.tx.courses().hold(before.course)?;
            course.ok_or(ClassError::CourseGone)?;
            let after = Class {
                deleted_at: None,
                ..touched(change, before)
            };
            change.tx.classes().update(&after)?;
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

    /// What this actor may do with a class now.
    pub fn allowed_actions(&self, actor: &Actor, class: &Class) -> Vec<&'static str> {
        let mut actions = Vec::new();
        if actor.may(Permission::TrainingManage) {
            actions.extend(["update", "delete"]);
            actions.extend(class.state.allowed());
        }
        if actor.may(Permission::TrainingWrite) && class.state.is_under_way() {
            actions.push("add_session");
        }
        actions
    }
}

/// The course that a class is planned of, kept from being changed or deleted until the class is there.
fn taught(change: &mut Change<'_>, course: CourseId) -> Result<Course, ClassError> {
    let wrong = |code, detail: &str| {
        let error = Invalid::new(code, detail).at("course_id");
        ClassError::Invalid(vec![error])
    };
    let found = change.tx.courses().hold(course)?;
    let found = found.ok_or_else(|| wrong("unknown_course", "is no course of this tenant"))?;
    if found.details.taught {
        Ok(found)
    } else {
        Err(wrong(
            "inactive_course",
            "is a course that is not taught any more",
        ))
    }
}

/// Sees that every session is within the term.
fn within_term(change: &mut Change<'_>, class: &Class) -> Result<(), ClassError> {
    let term = class.plan.term;
    let sessions = change.tx.class_sessions().of_class(class.id)?;
    let mut errors: Vec<FieldError> = Vec::new();
    let mut wrong = |field, session: &unionhall_domain::class_sessions::ClassSession| {
        let detail = format!("leaves out the session of {}", session.times.date());
        errors.push(Invalid::new("has_sessions", detail).at(field));
    };
    if let Some(first) = sessions
        .first()
        .filter(|found| found.times.date() < term.starts_on())
    {
        wrong("starts_on", first);
    }
    if let Some(last) = sessions
        .last()
        .filter(|found| found.times.date() > term.ends_on())
    {
        wrong("ends_on", last);
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(ClassError::Invalid(errors))
    }
}

/// A class that nobody else changes or gives seats of away until the transaction ends.
fn held(change: &mut Change<'_>, id: ClassId) -> Result<Class, ClassError> {
    let found = change.tx.classes().hold(id)?;
    let found = found.ok_or(ClassError::NotFound)?;
    change.call.expects(found.version)?;
    Ok(found)
}

fn touched(change: &Change<'_>, class: Class) -> Class {
    Class {
        version: class.version.next(),
        updated_at: change.now,
        ..class
    }
}

fn record(
    change: &mut Change<'_>,
    action: AuditAction,
    class: &Class,
    fields: Vec<FieldChange>,
    details: Vec<(&'static str, String)>,
) {
    let id = class.id.uuid();
    change.record(action, Target::Class, id, fields, details);
}

#[cfg(test)]
mod tests;
