//! Courses: the catalogue of a training trust.

mod errors;

use std::{collections::BTreeSet, sync::Arc};

use unionhall_domain::{
    audit::{AuditAction, FieldChange, Target, created, differences},
    courses::{
        Course, CourseChange, CourseDetails, CourseEdition, CourseId, Edition, Prerequisites,
        circle,
    },
    ids::Id,
    invalid::{FieldError, Invalid},
    version::Version,
};
use unionhall_ports::{
    courses::{CourseFilter, CourseSort, EditionSort},
    pages::{Page, PageRequest},
};

pub use errors::CourseError;

use crate::{
    actor::Actor,
    call::Call,
    core::{Change, Core},
    permissions::Permission,
};

/// The use cases of courses.
#[derive(Clone)]
pub struct Courses {
    core: Arc<Core>,
}

impl Courses {
    /// Over these ports.
    pub const fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// Adds a course to the catalogue, in its first edition.
    ///
    /// # Errors
    /// [`CourseError`].
    pub fn create(&self, call: &Call, details: CourseDetails) -> Result<Course, CourseError> {
        call.actor.require(Permission::TrainingManage)?;
        self.core.change(call, |change| {
            let course = Course {
                id: Id::new(change.new_id()),
                details,
                edition: Edition::FIRST,
                version: Version::FIRST,
                created_at: change.now,
                updated_at: change.now,
                deleted_at: None,
            };
            order(change, course.id, &course.details.prerequisites)?;
            change.tx.courses().insert(&course)?;
            let fields = created(course.fields());
            record(change, AuditAction::Created, &course, fields);
            Ok(course)
        })
    }

    /// One course.
    ///
    /// # Errors
    /// [`CourseError`].
    pub fn find(&self, call: &Call, id: CourseId) -> Result<Course, CourseError> {
        call.actor.require(Permission::TrainingRead)?;
        self.core.snapshot(call, |tx| {
            tx.courses().find(id)?.ok_or(CourseError::NotFound)
        })
    }

    /// The courses that match.
    ///
    /// # Errors
    /// [`CourseError`].
    pub fn list(
        &self,
        call: &Call,
        filter: &CourseFilter,
        page: &PageRequest<CourseSort>,
    ) -> Result<Page<Course>, CourseError> {
        call.actor.require(Permission::TrainingRead)?;
        self.core
            .snapshot(call, |tx| Ok(tx.courses().list(filter, page)?))
    }

    /// What transcripts say of a course, edition by edition.
    ///
    /// # Errors
    /// [`CourseError`].
    pub fn editions(
        &self,
        call: &Call,
        id: CourseId,
        page: &PageRequest<EditionSort>,
    ) -> Result<Page<CourseEdition>, CourseError> {
        call.actor.require(Permission::TrainingRead)?;
        self.core.snapshot(call, |tx| {
            tx.courses().find(id)?.ok_or(CourseError::NotFound)?;
            Ok(tx.courses().editions(id, page)?)
        })
    }

    /// Changes a course: into its next edition where a transcript would show it. What was taught before stays in
    /// the edition it was taught in.
    ///
    /// # Errors
    /// [`CourseError`].
    pub fn update(
        &self,
        call: &Call,
        id: CourseId,
        wanted: CourseChange,
    ) -> Result<Course, CourseError> {
        call.actor.require(Permission::TrainingManage)?;
        self.core.change(call, |change| {
            let before = present(change, id)?;
            let details = before.details.clone().changed(wanted);
            let after = before.clone().with(details);
            let fields = differences(before.fields(), after.fields());
            if fields.is_empty() {
                change.leave_unchanged();
                return Ok(before);
            }
            if after.details.prerequisites != before.details.prerequisites {
                order(change, id, &after.details.prerequisites)?;
            }
            let after = touched(change, after);
            change.tx.courses().update(&after)?;
            record(change, AuditAction::Updated, &after, fields);
            Ok(after)
        })
    }

    /// Deletes a course that no other course asks for and that no class is of; it can be restored.
    ///
    /// # Errors
    /// [`CourseError`].
    pub fn delete(&self, call: &Call, id: CourseId) -> Result<(), CourseError> {
        call.actor.require(Permission::TrainingManage)?;
        self.core.change(call, |change| {
            change.tx.courses().lock_prerequisites()?;
            let before = present(change, id)?;
            let known = change.tx.courses().requirements()?;
            let asking = known.iter().filter(|(_, before)| *before == id).count();
            if asking > 0 {
                return Err(CourseError::AskedFor(asking));
            }
            let after = Course {
                deleted_at: Some(change.now),
                version: before.version.next(),
                ..before
            };
            // The write waits for whoever plans a class of it at this moment; the question after it sees that class.
            change.tx.courses().update(&after)?;
            let classes = change.tx.classes().count_of_course(id)?;
            if classes > 0 {
                return Err(CourseError::Taught(classes));
            }
            record(change, AuditAction::Deleted, &after, Vec::new());
            Ok(())
        })
    }

    /// Brings a deleted course back, if its prerequisites are still there and its code is still free.
    ///
    /// # Errors
    /// [`CourseError`].
    pub fn restore(&self, call: &Call, id: CourseId) -> Result<Course, CourseError> {
        call.actor.require(Permission::TrainingManage)?;
        self.core.change(call, |change| {
            let found = change.tx.courses().find_deleted(id)?;
            let before = found.ok_or(CourseError::NotFound)?;
            call.expects(before.version)?;
            order(change, id, &before.details.prerequisites)?;
            let after = Course {
                deleted_at: None,
                ..touched(change, before)
            };
            change.tx.courses().update(&after)?;
            record(change, AuditAction::Restored, &after, Vec::new());
            Ok(after)
        })
    }

    /// What this actor may do with a course now.
    pub fn allowed_actions(&self, actor: &Actor) -> Vec<&'static str> {
        if actor.may(Permission::TrainingManage) {
            vec!["update", "delete"]
        } else {
            Vec::new()
        }
    }
}

/// Sees that every prerequisite is a course of this tenant, and that none of them comes after the course. Until the
/// transaction ends nobody else decides about the order, so that two changes cannot close a circle together.
fn order(
    change: &mut Change<'_>,
    course: CourseId,
    wanted: &Prerequisites,
) -> Result<(), CourseError> {
    if wanted.as_slice().is_empty() {
        return Ok(());
    }
    change.tx.courses().lock_prerequisites()?;
    let there = change.tx.courses().known(wanted.as_slice())?;
    let there: BTreeSet<_> = there.into_iter().collect();
    let place = |index: usize, code, detail: String| FieldError {
        field: format!("prerequisite_ids/{index}").into(),
        invalid: Invalid::new(code, detail),
    };
    let mut errors = Vec::new();
    for (index, id) in wanted.as_slice().iter().enumerate() {
        if *id != course && !there.contains(id) {
            let detail = "is no course of this tenant".to_owned();
            errors.push(place(index, "unknown_course", detail));
        }
    }
    let known = change.tx.courses().requirements()?;
    if let Some(way) = circle(course, wanted, &known) {
        let first = way.first().copied();
        let index = wanted.as_slice().iter().position(|id| Some(*id) == first);
        let way: Vec<_> = way.iter().map(ToString::to_string).collect();
        let detail = format!("would come before itself: {}", way.join(" after "));
        errors.push(place(index.unwrap_or_default(), "circle", detail));
    }
    if errors.is_empty() {
        Ok(())
    } else {
        Err(CourseError::Invalid(errors))
    }
}

fn present(change: &mut Change<'_>, id: CourseId) -> Result<Course, CourseError> {
    let found = change.tx.courses().find(id)?;
    let found = found.ok_or(CourseError::NotFound)?;
    change.call.expects(found.version)?;
    Ok(found)
}

fn touched(change: &Change<'_>, course: Course) -> Course {
    Course {
        version: course.version.next(),
        updated_at: change.now,
        ..course
    }
}

fn record(change: &mut Change<'_>, action: AuditAction, course: &Course, fields: Vec<FieldChange>) {
    let id = course.id.uuid();
    change.record(action, Target::Course, id, fields, Vec::new());
}

#[cfg(test)]
mod tests;
