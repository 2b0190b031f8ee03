//! Students join cohorts and leave them.
//!
//! A student is in one cohort at a time: whoever changes over leaves the one before they join the other. Seats are held
//! by the lock on the cohort: whoever joins waits for whoever joined before, and counts them.

use jiff::civil::Date;
use unionhall_domain::{
    audit::{AuditAction, Target},
    cohorts::{Cohort, CohortId, Stay},
    ids::Id,
    invalid::{FieldError, Invalid},
    students::{StudentId, StudentStatus},
    text::Prose,
};
use unionhall_ports::{
    cohorts::StaySort,
    pages::{Page, PageRequest},
};

use super::{CohortError, Cohorts, locked, record, touched};
use crate::{
    call::Call,
    core::{Change, Recorded},
    permissions::Permission,
};

/// Who joins a cohort, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Join {
    /// The student.
    pub student: StudentId,
    /// As of which day; today when nothing is said.
    pub on: Option<Date>,
}

/// When somebody leaves a cohort, and why.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Leave {
    /// As of which day; today when nothing is said.
    pub on: Option<Date>,
    /// Why.
    pub reason: Option<Prose<2_000>>,
}

impl Cohorts {
    /// Takes a student into a cohort that is not over and has a seat.
    ///
    /// # Errors
    /// [`CohortError`].
    pub fn join(&self, call: &Call, id: CohortId, join: Join) -> Result<Cohort, CohortError> {
        call.actor.require(Permission::TrainingWrite)?;
        self.core.change(call, |change| {
            let before = locked(change, id)?;
            if !before.status.is_running() {
                return Err(CohortError::Over(before.status));
            }
            let joined_on = fits(change, &join)?;
            if let Some(seats) = before.details.capacity.filter(|_| !before.has_room()) {
                return Err(CohortError::Full(seats));
            }
            let stay = Stay {
                id: Id::new(change.new_id()),
                cohort: id,
                student: join.student,
                joined_on,
                left_on: None,
                reason: None,
            };
            change.tx.cohort_roll().insert(&stay)?;
            unless_elsewhere(change, &stay)?;
            let details = told("join", &stay, stay.joined_on);
            let students = before.students.saturating_add(1);
            let after = counted(change, before, students)?;
            record(change, AuditAction::Moved, &after, Vec::new(), details);
            Ok(after)
        })
    }

    /// Takes a student out of a cohort; that they were in it stays on the roll.
    ///
    /// # Errors
    /// [`CohortError`]; `NotFound` when the student is not in it now.
    pub fn leave(
        &self,
        call: &Call,
        id: CohortId,
        student: StudentId,
        leave: Leave,
    ) -> Result<Cohort, CohortError> {
        call.actor.require(Permission::TrainingWrite)?;
        self.core.change(call, |change| {
            let before = locked(change, id)?;
            let present = change.tx.cohort_roll().present(student)?;
            let stay = present.filter(|stay| stay.cohort == id);
            let stay = stay.ok_or(CohortError::NotFound)?;
            let today = change.today();
            // A tenant that has moved to a time zone further west may be a day behind.
            let latest = today.max(stay.joined_on);
            let on = leave.on.unwrap_or(latest);
            let ended = stay.ended(on, leave.reason, latest);
            let ended = ended.map_err(|error| CohortError::Invalid(vec![error]))?;
            change.tx.cohort_roll().end(&ended)?;
            let mut details = told("leave", &ended, on);
            details.extend(
                ended
                    .reason
                    .as_ref()
                    .map(|reason| ("reason", reason.to_string())),
            );
            let students = before.students.saturating_sub(1);
            let after = counted(change, before, students)?;
            record(change, AuditAction::Moved, &after, Vec::new(), details);
            Ok(after)
        })
    }

    /// Who is and was in a cohort; that it was read goes on record.
    ///
    /// # Errors
    /// [`CohortError`].
    pub fn roll(
        &self,
        call: &Call,
        id: CohortId,
        page: &PageRequest<StaySort>,
    ) -> Result<Recorded<Page<Stay>>, CohortError> {
        call.actor.require(Permission::TrainingRead)?;
        let found = self.core.snapshot(call, |tx| {
            tx.cohorts().find(id)?.ok_or(CohortError::NotFound)?;
            Ok::<_, CohortError>(tx.cohort_roll().list(id, page)?)
        })?;
        let count = found.items.len().to_string();
        let details = vec![("count", count), ("cohort_id", id.to_string())];
        let target = Target::Student;
        Ok(self.core.recorded_list(call, target, details, found)?)
    }
}

/// The day as of which a student joins. Sees that the student is there and is, or is to be, trained, and that the day is
/// neither one to come nor one before they applied.
fn fits(change: &mut Change<'_>, join: &Join) -> Result<Date, CohortError> {
    let mut errors: Vec<FieldError> = Vec::new();
    let found = change.tx.students().hold(join.student)?;
    let applied = found
        .as_ref()
        .map(|student| student.details.application_date);
    let earliest = applied.max(change.tx.cohort_roll().last_left(join.student)?);
    let today = change.today();
    // A tenant that has moved to a time zone further west may be a day behind.
    let latest = earliest.map_or(today, |earliest| earliest.max(today));
    let on = join.on.unwrap_or(latest);
    match found.map(|student| student.standing.status) {
        None => {
            let invalid = Invalid::new("unknown_student", "is no student of this tenant");
            errors.push(invalid.at("student_id"));
        }
        Some(StudentStatus::Applicant | StudentStatus::Enrolled | StudentStatus::OnLeave) => {}
        Some(StudentStatus::Completed | StudentStatus::Dropped | StudentStatus::Dismissed) => {
            let invalid = Invalid::new("not_in_training", "is a student who is not in training");
            errors.push(invalid.at("student_id"));
        }
    }
    if on > latest {
        errors.push(Invalid::new("in_the_future", "must not be after today").at("on"));
    }
    if applied.is_some_and(|applied| on < applied) {
        let detail = "must not be before the application";
        errors.push(Invalid::new("before_application", detail).at("on"));
    }
    if errors.is_empty() {
        Ok(on)
    } else {
        Err(CohortError::Invalid(errors))
    }
}

/// Sees that a stay that was just written begins when the student had left every other cohort. The write waits for
/// whoever ends a stay of theirs at this moment; the question after it sees that end.
fn unless_elsewhere(change: &mut Change<'_>, stay: &Stay) -> Result<(), CohortError> {
    let left = change.tx.cohort_roll().last_left(stay.student)?;
    if left.is_some_and(|left| stay.joined_on < left) {
        let detail = "must not be before they left the cohort before";
        let error = Invalid::new("before_leaving", detail).at("on");
        return Err(CohortError::Invalid(vec![error]));
    }
    Ok(())
}

/// Writes the cohort, so that whoever changes it meanwhile is told, and tells it with so many students.
fn counted(change: &mut Change<'_>, before: Cohort, students: u32) -> Result<Cohort, CohortError> {
    let after = Cohort {
        students,
        ..touched(change, before)
    };
    change.tx.cohorts().update(&after)?;
    Ok(after)
}

fn told(what: &'static str, stay: &Stay, on: Date) -> Vec<(&'static str, String)> {
    vec![
        ("move", what.to_owned()),
        ("student_id", stay.student.to_string()),
        ("on", on.to_string()),
    ]
}
