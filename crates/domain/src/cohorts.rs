//! Cohorts: students who are taught together, for a while, at one place, by instructors of whom one is primary.

mod progress;
mod teachers;

use jiff::{Timestamp, civil::Date};

pub use progress::{CohortMove, CohortStatus, IllegalMove, table};
pub use teachers::{Taught, Teachers};

use crate::{
    audit::Fields,
    change::Change,
    ids::Id,
    invalid::{FieldError, Invalid},
    locations::LocationId,
    seats::Seats,
    students::StudentId,
    text::{Line, Prose},
    version::Version,
};

/// The id of a [`Cohort`].
pub type CohortId = Id<Cohort>;

/// A group of students who are taught together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cohort {
    /// Its id.
    pub id: CohortId,
    /// What is known of it.
    pub details: CohortDetails,
    /// Who teaches it.
    pub teachers: Option<Teachers>,
    /// Where it stands; moved by [`CohortStatus::apply`] alone.
    pub status: CohortStatus,
    /// Why it was cancelled.
    pub cancellation: Option<Prose<2_000>>,
    /// How many students are in it now; counted, not written.
    pub students: u32,
    /// Counts its changes.
    pub version: Version,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// When it was deleted, if it is.
    pub deleted_at: Option<Timestamp>,
}

/// What is known of a cohort.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CohortDetails {
    /// A short name of its own, given to no other cohort of the tenant.
    pub code: Line<50>,
    /// What it is called.
    pub name: Line<100>,
    /// What it is about.
    pub description: Option<Prose<5_000>>,
    /// The day it begins.
    pub start_date: Date,
    /// The day it should end.
    pub end_date: Option<Date>,
    /// Where it is taught.
    pub location: Option<LocationId>,
    /// How many students it takes; as many as come when nothing is said.
    pub capacity: Option<Seats>,
}

/// A partial change of a cohort.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CohortChange {
    /// A short name of its own, given to no other cohort of the tenant.
    pub code: Change<Line<50>>,
    /// What it is called.
    pub name: Change<Line<100>>,
    /// What it is about.
    pub description: Change<Option<Prose<5_000>>>,
    /// The day it begins.
    pub start_date: Change<Date>,
    /// The day it should end.
    pub end_date: Change<Option<Date>>,
    /// Where it is taught.
    pub location: Change<Option<LocationId>>,
    /// How many students it takes; as many as come when nothing is said.
    pub capacity: Change<Option<Seats>>,
}

impl CohortDetails {
    /// The details after a change.
    #[must_use]
    pub fn changed(mut self, change: CohortChange) -> Self {
        let CohortChange {
            code,
            name,
            description,
            start_date,
            end_date,
            location,
            capacity,
        } = change;
        code.apply(&mut self.code);
        name.apply(&mut self.name);
        description.apply(&mut self.description);
        start_date.apply(&mut self.start_date);
        end_date.apply(&mut self.end_date);
        location.apply(&mut self.location);
        capacity.apply(&mut self.capacity);
        self
    }
}

impl Cohort {
    /// The cohort as the audit trail shows it.
    pub fn fields(&self) -> Fields {
        let CohortDetails {
            code,
            name,
            description,
            start_date,
            end_date,
            location,
            capacity,
        } = &self.details;
        vec![
            ("code", Some(code.to_string())),
            ("name", Some(name.to_string())),
            ("description", description.as_ref().map(ToString::to_string)),
            ("start_date", Some(start_date.to_string())),
            ("end_date", end_date.as_ref().map(ToString::to_string)),
            ("location_id", location.as_ref().map(ToString::to_string)),
            ("capacity", capacity.as_ref().map(ToString::to_string)),
            (
                "instructors",
                self.teachers.as_ref().map(ToString::to_string),
            ),
            ("status", Some(self.status.as_str().to_owned())),
            (
                "cancellation_reason",
                self.cancellation.as_ref().map(ToString::to_string),
            ),
        ]
    }
}

impl CohortDetails {
    /// Sees that the days make sense and that whoever is in has a seat.
    ///
    /// # Errors
    /// `before_start` of `end_date`; `fewer_than_students` of `capacity`.
    pub fn check(&self, students: u32) -> Result<(), FieldError> {
        if self.end_date.is_some_and(|end| end < self.start_date) {
            let detail = "must not be before the day it begins";
            return Err(Invalid::new("before_start", detail).at("end_date"));
        }
        let seats = |capacity: Seats| u32::try_from(capacity.get()).unwrap_or_default();
        if self
            .capacity
            .is_some_and(|capacity| seats(capacity) < students)
        {
            let detail = format!("must not be less than the {students} students who are in it");
            return Err(Invalid::new("fewer_than_students", detail).at("capacity"));
        }
        Ok(())
    }
}

impl Cohort {
    /// Whether one more student fits.
    pub fn has_room(&self) -> bool {
        let taken = u64::from(self.students);
        let capacity = self.details.capacity;
        capacity.is_none_or(|capacity| capacity.has_room_beside(taken))
    }
}

/// The id of a [`Stay`].
pub type StayId = Id<Stay>;

/// A student's time in a cohort.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stay {
    /// Its id.
    pub id: StayId,
    /// The cohort.
    pub cohort: CohortId,
    /// The student.
    pub student: StudentId,
    /// The day they came.
    pub joined_on: Date,
    /// The day they left, if they have.
    pub left_on: Option<Date>,
    /// Why they left, where somebody said so.
    pub reason: Option<Prose<2_000>>,
}

impl Stay {
    /// The stay, ended on a day of the tenant's not after `today`.
    ///
    /// # Errors
    /// `in_the_future` or `before_joining` of `on`.
    pub fn ended(
        self,
        on: Date,
        reason: Option<Prose<2_000>>,
        today: Date,
    ) -> Result<Self, FieldError> {
        if on > today {
            return Err(Invalid::new("in_the_future", "must not be after today").at("on"));
        }
        if on < self.joined_on {
            let detail = "must not be before the day they joined";
            return Err(Invalid::new("before_joining", detail).at("on"));
        }
        Ok(Self {
            left_on: Some(on),
            reason,
            ..self
        })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use uuid::Uuid;

    use super::*;

    fn details(capacity: Option<i64>) -> CohortDetails {
        CohortDetails {
            code: Line::parse("S27").unwrap(),
            name: Line::parse("Spring 2027").unwrap(),
            description: None,
            start_date: date(2027, 1, 11),
            end_date: Some(date(2027, 1, 11)),
            location: None,
            capacity: capacity.map(|seats| Seats::new(seats).unwrap()),
        }
    }

    #[test]
    fn a_cohort_ends_after_it_begins_and_has_a_seat_for_whoever_is_in_it() {
        let code = |details: CohortDetails| details.check(3).err().map(|error| error.invalid.code);
        assert_eq!(code(details(None)), None);
        assert_eq!(code(details(Some(3))), None);
        assert_eq!(code(details(Some(2))), Some("fewer_than_students"));
        let backwards = CohortDetails {
            end_date: Some(date(2027, 1, 10)),
            ..details(None)
        };
        assert_eq!(code(backwards), Some("before_start"));
    }

    #[test]
    fn a_stay_ends_between_its_first_day_and_today() {
        let stay = Stay {
            id: Id::new(Uuid::from_u128(1)),
            cohort: Id::new(Uuid::from_u128(2)),
            student: Id::new(Uuid::from_u128(3)),
            joined_on: date(2027, 1, 11),
            left_on: None,
            reason: None,
        };
        let today = date(2027, 2, 1);
        let end = |on| stay.clone().ended(on, None, today);
        assert_eq!(end(today).unwrap().left_on, Some(today));
        assert_eq!(end(stay.joined_on).unwrap().left_on, Some(stay.joined_on));
        let code = |on| end(on).unwrap_err().invalid.code;
        assert_eq!(code(date(2027, 1, 10)), "before_joining");
        assert_eq!(code(date(2027, 2, 2)), "in_the_future");
    }
}
