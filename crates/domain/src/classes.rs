//! Classes: runs of an edition of a course, from the planning to the end of the term.

mod course;

use jiff::{Timestamp, civil::Date};

pub use course::{ClassMove, ClassState, IllegalClassMove, table};

use crate::{
    audit::Fields,
    change::Change,
    courses::{CourseId, Edition},
    ids::Id,
    invalid::{FieldError, Invalid},
    seats::Seats,
    text::{Line, Prose},
    version::Version,
};

/// The id of a [`Class`].
pub type ClassId = Id<Class>;

/// One run of a course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Class {
    /// Its id.
    pub id: ClassId,
    /// The course.
    pub course: CourseId,
    /// The edition that it is taught in, which stays.
    pub edition: Edition,
    /// What is planned.
    pub plan: ClassPlan,
    /// Where it stands; moved by [`ClassState::apply`] alone.
    pub state: ClassState,
    /// Counts its changes.
    pub version: Version,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// When it was deleted, if it is.
    pub deleted_at: Option<Timestamp>,
}

/// What is planned of a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassPlan {
    /// What it is called, beside the course: `2027 spring, evenings`.
    pub name: Line<100>,
    /// Its first and its last day.
    pub term: Term,
    /// How many students it takes; none for no bound.
    pub capacity: Option<Seats>,
    /// Notes of the office.
    pub notes: Option<Prose<5_000>>,
}

/// A first and a last day, which may be the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term {
    starts_on: Date,
    ends_on: Date,
}

impl Term {
    /// From one day to another.
    ///
    /// # Errors
    /// `before_its_start` of `ends_on`.
    pub fn new(starts_on: Date, ends_on: Date) -> Result<Self, FieldError> {
        if ends_on < starts_on {
            let detail = "must not be before the first day";
            return Err(Invalid::new("before_its_start", detail).at("ends_on"));
        }
        Ok(Self { starts_on, ends_on })
    }

    /// The first day.
    pub const fn starts_on(&self) -> Date {
        self.starts_on
    }

    /// The last day.
    pub const fn ends_on(&self) -> Date {
        self.ends_on
    }

    /// Whether a day is one of it.
    pub fn has(&self, day: Date) -> bool {
        (self.starts_on..=self.ends_on).contains(&day)
    }
}

/// A partial change of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClassPlanChange {
    /// What it is called.
    pub name: Change<Line<100>>,
    /// Its first day.
    pub starts_on: Change<Date>,
    /// Its last day.
    pub ends_on: Change<Date>,
    /// How many students it takes.
    pub capacity: Change<Option<Seats>>,
    /// Notes of the office.
    pub notes: Change<Option<Prose<5_000>>>,
}

impl ClassPlan {
    /// The plan after a change.
    ///
    /// # Errors
    /// As [`Term::new`].
    pub fn changed(mut self, change: ClassPlanChange) -> Result<Self, FieldError> {
        let ClassPlanChange {
            name,
            starts_on,
            ends_on,
            capacity,
            notes,
        } = change;
        let (mut first, mut last) = (self.term.starts_on, self.term.ends_on);
        name.apply(&mut self.name);
        starts_on.apply(&mut first);
        ends_on.apply(&mut last);
        capacity.apply(&mut self.capacity);
        notes.apply(&mut self.notes);
        self.term = Term::new(first, last)?;
        Ok(self)
    }
}

impl Class {
    /// The class as the audit trail shows it.
    pub fn fields(&self) -> Fields {
        let ClassPlan {
            name,
            term,
            capacity,
            notes,
        } = &self.plan;
        let seats = capacity.map(|seats| seats.get().to_string());
        vec![
            ("course_id", Some(self.course.to_string())),
            ("course_edition", Some(self.edition.get().to_string())),
            ("name", Some(name.to_string())),
            ("starts_on", Some(term.starts_on.to_string())),
            ("ends_on", Some(term.ends_on.to_string())),
            ("capacity", seats),
            ("notes", notes.as_ref().map(ToString::to_string)),
            ("status", Some(self.state.as_str().to_owned())),
            (
                "status_reason",
                self.state.reason().map(ToString::to_string),
            ),
        ]
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_term_does_not_end_before_it_begins_and_has_both_its_days() {
        let (first, last) = (date(2027, 1, 4), date(2027, 3, 26));
        let term = Term::new(first, last).unwrap();
        assert!(term.has(first) && term.has(last));
        assert!(!term.has(date(2027, 3, 27)));
        assert!(Term::new(first, first).is_ok());
        assert_eq!(Term::new(last, first).unwrap_err().field, "ends_on");
    }

    #[test]
    fn a_change_of_one_day_is_held_against_the_other() {
        let plan = ClassPlan {
            name: Line::parse("Spring").unwrap(),
            term: Term::new(date(2027, 1, 4), date(2027, 3, 26)).unwrap(),
            capacity: None,
            notes: None,
        };
        let change = ClassPlanChange {
            starts_on: Change::Set(date(2027, 3, 27)),
            ..ClassPlanChange::default()
        };
        assert!(plan.clone().changed(change.clone()).is_err());
        let change = ClassPlanChange {
            ends_on: Change::Set(date(2027, 4, 2)),
            ..change
        };
        assert_eq!(
            plan.changed(change).unwrap().term.ends_on(),
            date(2027, 4, 2)
        );
    }
}
