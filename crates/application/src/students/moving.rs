//! Students move along their table of states, and each move stays in their history.

use jiff::civil::Date;
use unionhall_domain::{
    audit::{AuditAction, Target, differences},
    cohorts::Stay,
    invalid::{FieldError, Invalid},
    students::{Moved, Student, StudentId, StudentMove, StudentStatus, Transition},
};

use super::{StudentError, Students, present, record, touched};
use crate::{
    call::Call,
    core::{Change, Recorded},
    permissions::Permission,
};

impl Students {
    /// Moves a student: enroll, take leave, return, complete, drop, dismiss, readmit.
    ///
    /// # Errors
    /// [`StudentError`].
    pub fn act(
        &self,
        call: &Call,
        id: StudentId,
        transition: Transition,
    ) -> Result<Student, StudentError> {
        call.actor.require(permission(transition.wanted))?;
        self.core.change(call, |change| {
            let before = present(change, id)?;
            moved(change, before, transition)
        })
    }

    /// The moves of a student, earliest first; that they were read goes on record.
    ///
    /// # Errors
    /// [`StudentError`].
    pub fn history(
        &self,
        call: &Call,
        id: StudentId,
    ) -> Result<Recorded<Vec<Moved>>, StudentError> {
        call.actor.require(Permission::TrainingRead)?;
        let found = self.core.snapshot(call, |tx| {
            let student = tx.students().find(id)?;
            student.ok_or(StudentError::NotFound)?;
            Ok::<_, StudentError>(tx.students().history(id)?)
        })?;
        let target = Target::Student;
        Ok(self.core.recorded(call, target, id.uuid(), found)?)
    }
}

/// What it takes to make a move.
pub(super) const fn permission(wanted: StudentMove) -> Permission {
    if wanted.is_decision() {
        Permission::TrainingDecide
    } else {
        Permission::TrainingWrite
    }
}

/// Moves a student whose version was looked at, writes it down, and tells the student after the move.
pub(crate) fn moved(
    change: &mut Change<'_>,
    before: Student,
    transition: Transition,
) -> Result<Student, StudentError> {
    let Transition { wanted, on, reason } = transition;
    let today = change.today();
    let on = on.unwrap_or(today);
    // A tenant that has moved to a time zone further west may be a day behind.
    let on = if on == today {
        on.max(before.standing.since)
    } else {
        on
    };
    let standing = before.standing.apply(wanted, on)?;
    if on > today.max(before.standing.since) {
        return Err(wrong_day("in_the_future", "must not be after today"));
    }
    if on < before.standing.since {
        let detail = "must not be before the last move, or the application";
        return Err(wrong_day("before_last_move", detail));
    }
    if wanted.needs_reason() && reason.is_none() {
        let error = Invalid::new("required", "must be given").at("reason");
        return Err(StudentError::Invalid(vec![error]));
    }
    let from = before.standing.status;
    let after = Student {
        standing,
        ..touched(change, before.clone())
    };
    change.tx.students().update(&after)?;
    let mut details = vec![("move", wanted.as_str().to_owned()), ("on", on.to_string())];
    details.extend(reason.as_ref().map(|reason| ("reason", reason.to_string())));
    let entry = Moved {
        from: Some(from),
        to: standing.status,
        on,
        reason,
        by: change.call.actor.user_id(),
        at: change.now,
    };
    let id = change.new_id();
    change.tx.students().insert_move(id, after.id, &entry)?;
    details.extend(left_cohort(change, &after, on)?);
    let fields = differences(before.fields(), after.fields());
    record(change, AuditAction::Moved, &after, fields, details);
    Ok(after)
}

/// Whoever is not in training any more leaves the cohort they are in, on the day of the move or their first day there.
fn left_cohort(
    change: &mut Change<'_>,
    student: &Student,
    on: Date,
) -> Result<Option<(&'static str, String)>, StudentError> {
    match student.standing.status {
        StudentStatus::Applicant | StudentStatus::Enrolled | StudentStatus::OnLeave => Ok(None),
        StudentStatus::Completed | StudentStatus::Dropped | StudentStatus::Dismissed => {
            let Some(stay) = change.tx.cohort_roll().present(student.id)? else {
                return Ok(None);
            };
            let cohort = stay.cohort.to_string();
            let left_on = Some(on.max(stay.joined_on));
            change.tx.cohort_roll().end(&Stay { left_on, ..stay })?;
            Ok(Some(("left_cohort_id", cohort)))
        }
    }
}

fn wrong_day(code: &'static str, detail: &str) -> StudentError {
    let error: FieldError = Invalid::new(code, detail).at("on");
    StudentError::Invalid(vec![error])
}
