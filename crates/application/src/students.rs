//! Students: taking them in, changing what is known of them, and finding them.

mod errors;
mod moving;
mod people;

use std::sync::Arc;

use unionhall_domain::{
    audit::{AuditAction, FieldChange, Target, differences},
    invalid::FieldError,
    students::{Student, StudentChange, StudentDetails, StudentId, StudentMove, StudentNumber},
};
use unionhall_ports::{
    pages::{Page, PageRequest},
    students::{StudentFilter, StudentSort},
};

pub use errors::StudentError;
pub use people::NewPerson;

use crate::{
    actor::Actor,
    call::Call,
    core::{Change, Core, Recorded},
    permissions::Permission,
};

/// A student to be added, who has applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewStudent {
    /// Who it is.
    pub person: NewPerson,
    /// What else is known of them.
    pub details: StudentDetails,
}

/// The use cases of students.
#[derive(Clone)]
pub struct Students {
    core: Arc<Core>,
}

impl Students {
    /// Over these ports.
    pub const fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// Adds a student, as an applicant with the next number of the year they applied in.
    ///
    /// # Errors
    /// [`StudentError`].
    pub fn create(&self, call: &Call, new: NewStudent) -> Result<Student, StudentError> {
        call.actor.require(Permission::TrainingWrite)?;
        self.core.change(call, |change| {
            let mut errors = wrong_dates(change, &new.details);
            let who = match new.person.known(change)? {
                Ok(who) => Some(who),
                Err(wrong) => {
                    errors.extend(wrong);
                    None
                }
            };
            match who {
                Some(who) if errors.is_empty() => {
                    let student = who.applied(change, new.details)?;
                    Ok(student)
                }
                _ => Err(StudentError::Invalid(errors)),
            }
        })
    }

    /// One student; that the record was read goes on record.
    ///
    /// # Errors
    /// [`StudentError`].
    pub fn find(&self, call: &Call, id: StudentId) -> Result<Recorded<Student>, StudentError> {
        call.actor.require(Permission::TrainingRead)?;
        let found = self.core.read(call, |tx| tx.students().find(id))?;
        self.told(call, found)
    }

    /// The student with this number.
    ///
    /// # Errors
    /// [`StudentError`].
    pub fn find_by_number(
        &self,
        call: &Call,
        number: StudentNumber,
    ) -> Result<Recorded<Student>, StudentError> {
        call.actor.require(Permission::TrainingRead)?;
        let found = self
            .core
            .read(call, |tx| tx.students().find_by_number(number))?;
        self.told(call, found)
    }

    /// The student who is the caller.
    ///
    /// # Errors
    /// [`StudentError`]; `NotFound` when the caller is no member or the member no student.
    pub fn own(&self, call: &Call) -> Result<Recorded<Student>, StudentError> {
        call.actor.require(Permission::TrainingReadOwn)?;
        let member = call.actor.member().ok_or(StudentError::NotFound)?;
        let found = self
            .core
            .read(call, |tx| tx.students().find_of_member(member))?;
        self.told(call, found)
    }

    fn told(&self, call: &Call, found: Option<Student>) -> Result<Recorded<Student>, StudentError> {
        let found = found.ok_or(StudentError::NotFound)?;
        let id = found.id.uuid();
        Ok(self.core.recorded(call, Target::Student, id, found)?)
    }

    /// The students that match; that they were read goes on record.
    ///
    /// # Errors
    /// [`StudentError`].
    pub fn list(
        &self,
        call: &Call,
        filter: &StudentFilter,
        page: &PageRequest<StudentSort>,
    ) -> Result<Recorded<Page<Student>>, StudentError> {
        call.actor.require(Permission::TrainingRead)?;
        let found = self
            .core
            .read(call, |tx| tx.students().list(filter, page))?;
        let details = listed(filter, found.items.len());
        let target = Target::Student;
        Ok(self.core.recorded_list(call, target, details, found)?)
    }

    /// Changes what a caller names; where the student stands is moved by moves alone.
    ///
    /// # Errors
    /// [`StudentError`].
    pub fn update(
        &self,
        call: &Call,
        id: StudentId,
        wanted: StudentChange,
    ) -> Result<Student, StudentError> {
        call.actor.require(Permission::TrainingWrite)?;
        self.core.change(call, |change| {
            let before = present(change, id)?;
            let after = before.clone().changed(wanted);
            let after = after.map_err(StudentError::Invalid)?;
            let fields = differences(before.fields(), after.fields());
            if fields.is_empty() {
                change.leave_unchanged_and_told(Target::Student, id.uuid());
                return Ok(before);
            }
            let errors = wrong_dates(change, &after.details);
            if !errors.is_empty() {
                return Err(StudentError::Invalid(errors));
            }
            people::still_one(change, &before, &after)?;
            let after = touched(change, after);
            change.tx.students().update(&after)?;
            record(change, AuditAction::Updated, &after, fields, Vec::new());
            Ok(after)
        })
    }

    /// Deletes a student; the record can be restored, and its number is given to nobody else.
    ///
    /// # Errors
    /// [`StudentError`].
    pub fn delete(&self, call: &Call, id: StudentId) -> Result<(), StudentError> {
        call.actor.require(Permission::TrainingManage)?;
        self.core.change(call, |change| {
            let before = present(change, id)?;
            let after = Student {
                deleted_at: Some(change.now),
                version: before.version.next(),
                ..before
            };
            change.tx.students().update(&after)?;
            // The write waits for whoever takes the student into a cohort at this moment; the question after it sees it.
            if change.tx.cohort_roll().present(id)?.is_some() {
                return Err(StudentError::InCohort);
            }
            record(change, AuditAction::Deleted, &after, Vec::new(), Vec::new());
            Ok(())
        })
    }

    /// Brings a deleted student back.
    ///
    /// # Errors
    /// [`StudentError`].
    pub fn restore(&self, call: &Call, id: StudentId) -> Result<Student, StudentError> {
        call.actor.require(Permission::TrainingManage)?;
        self.core.change(call, |change| {
            let found = change.tx.students().find_deleted(id)?;
            let before = found.ok_or(StudentError::NotFound)?;
            call.expects(before.version)?;
            people::still_there(change, &before)?;
            let after = Student {
                deleted_at: None,
                ..touched(change, before)
            };
            change.tx.students().update(&after)?;
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

    /// What this actor may do with a student now.
    pub fn allowed_actions(&self, actor: &Actor, student: &Student) -> Vec<&'static str> {
        let mut actions = Vec::new();
        if actor.may(Permission::TrainingWrite) {
            actions.push("update");
        }
        if actor.may(Permission::TrainingManage) {
            actions.push("delete");
        }
        let moves = student.standing.status.allowed();
        let moves = moves.filter(|wanted| actor.may(moving::permission(*wanted)));
        actions.extend(moves.map(StudentMove::as_str));
        actions
    }
}

/// What is wrong with the days of a student.
fn wrong_dates(change: &Change<'_>, details: &StudentDetails) -> Vec<FieldError> {
    details.check(change.today()).err().into_iter().collect()
}

fn present(change: &mut Change<'_>, id: StudentId) -> Result<Student, StudentError> {
    let found = change.tx.students().find(id)?;
    let found = found.ok_or(StudentError::NotFound)?;
    change.call.expects(found.version)?;
    Ok(found)
}

fn touched(change: &Change<'_>, student: Student) -> Student {
    Student {
        version: student.version.next(),
        updated_at: change.now,
        ..student
    }
}

fn record(
    change: &mut Change<'_>,
    action: AuditAction,
    student: &Student,
    fields: Vec<FieldChange>,
    details: Vec<(&'static str, String)>,
) {
    let id = student.id.uuid();
    change.record(action, Target::Student, id, fields, details);
}

fn listed(filter: &StudentFilter, count: usize) -> Vec<(&'static str, String)> {
    let mut details = vec![("count", count.to_string())];
    let mut add = |name, value: Option<String>| details.extend(value.map(|value| (name, value)));
    add(
        "status",
        filter.status.map(|status| status.as_str().to_owned()),
    );
    add("union_id", filter.union.map(|id| id.to_string()));
    add("member_id", filter.member.map(|id| id.to_string()));
    add("cohort_id", filter.cohort.map(|id| id.to_string()));
    add("q", filter.search.clone());
    details
}

#[cfg(test)]
mod tests;
