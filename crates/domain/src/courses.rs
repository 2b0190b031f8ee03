//! Courses: what a training trust teaches, in editions, each with the courses that must have come before it.

mod prerequisites;

use jiff::Timestamp;

pub use prerequisites::{Prerequisites, Requirement, circle};

use crate::{
    audit::Fields,
    change::Change,
    hundredths::Hundredths,
    ids::Id,
    invalid::Invalid,
    seats::Seats,
    text::{Line, Prose, one_of},
    version::Version,
};

/// The id of a [`Course`].
pub type CourseId = Id<Course>;

/// Credits: 0.00 to 999.99.
pub type Credits = Hundredths<99_999>;

/// Hours in class: 0.00 to 9999.99.
pub type ContactHours = Hundredths<999_999>;

/// A percentage: 0.00 to 100.00.
pub type Percent = Hundredths<10_000>;

/// A course of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// Its id.
    pub id: CourseId,
    /// What is taught, and under which conditions.
    pub details: CourseDetails,
    /// Counts what a transcript would show differently: see [`CourseDetails::is_taught_as`].
    pub edition: Edition,
    /// Counts its changes.
    pub version: Version,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// When it was deleted, if it is.
    pub deleted_at: Option<Timestamp>,
}

/// What is taught, and under which conditions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CourseDetails {
    /// Its code in the catalogue: one course of a tenant has it, case aside.
    pub code: Line<20>,
    /// Its title.
    pub name: Line<200>,
    /// What it is about.
    pub description: Option<Prose<10_000>>,
    /// What kind of course it is.
    pub course_type: CourseType,
    /// What it counts for.
    pub credits: Credits,
    /// The hours in class.
    pub contact_hours: ContactHours,
    /// The result, in percent, from which it is passed.
    pub passing_grade: Percent,
    /// How many students one class of it takes, where nothing else is said of the class; none for no bound.
    pub capacity: Option<Seats>,
    /// Whether the program cannot be completed without it.
    pub required: bool,
    /// Whether new classes of it can be planned.
    pub taught: bool,
    /// The courses that must have been passed before.
    pub prerequisites: Prerequisites,
}

/// A partial change of the details.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CourseChange {
    /// Its code in the catalogue.
    pub code: Change<Line<20>>,
    /// Its title.
    pub name: Change<Line<200>>,
    /// What it is about.
    pub description: Change<Option<Prose<10_000>>>,
    /// What kind of course it is.
    pub course_type: Change<CourseType>,
    /// What it counts for.
    pub credits: Change<Credits>,
    /// The hours in class.
    pub contact_hours: Change<ContactHours>,
    /// The result from which it is passed.
    pub passing_grade: Change<Percent>,
    /// How many students one class takes.
    pub capacity: Change<Option<Seats>>,
    /// Whether the program cannot be completed without it.
    pub required: Change<bool>,
    /// Whether new classes of it can be planned.
    pub taught: Change<bool>,
    /// The courses that must have been passed before, all of them as they are to be.
    pub prerequisites: Change<Prerequisites>,
}

/// What kind of course it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum CourseType {
    /// Part of the program.
    #[default]
    Core,
    /// Chosen by the student.
    Elective,
    /// Makes up for what is missing.
    Remedial,
    /// Beyond the program.
    Advanced,
    /// Leads to a certification.
    Certification,
}

impl CourseType {
    /// Every kind, in the order of the catalogue.
    pub const ALL: [Self; 5] = [
        Self::Core,
        Self::Elective,
        Self::Remedial,
        Self::Advanced,
        Self::Certification,
    ];

    /// The name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Core => "core",
            Self::Elective => "elective",
            Self::Remedial => "remedial",
            Self::Advanced => "advanced",
            Self::Certification => "certification",
        }
    }

    /// Reads the name.
    ///
    /// # Errors
    /// `unknown_value`, with the names there are.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        one_of(text, &Self::ALL, |kind| kind.as_str())
    }
}

/// Which wording of a course something is about, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Edition(u16);

impl Edition {
    /// The first one.
    pub const FIRST: Self = Self(1);

    /// The edition with this number; none below 1 or beyond all counting.
    pub fn new(number: i32) -> Option<Self> {
        u16::try_from(number)
            .ok()
            .filter(|number| *number > 0)
            .map(Self)
    }

    /// Its number.
    pub const fn get(self) -> u16 {
        self.0
    }

    /// The one after it.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

/// What a transcript says of a course: one edition of it, which never changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CourseEdition {
    /// The course.
    pub course: CourseId,
    /// Which edition it is.
    pub edition: Edition,
    /// The title.
    pub name: Line<200>,
    /// What it counts for.
    pub credits: Credits,
    /// The hours in class.
    pub contact_hours: ContactHours,
    /// The result from which it is passed.
    pub passing_grade: Percent,
    /// Since when new classes are of this edition.
    pub made_at: Timestamp,
}

impl CourseDetails {
    /// The details after a change.
    #[must_use]
    pub fn changed(mut self, change: CourseChange) -> Self {
        let CourseChange {
            code,
            name,
            description,
            course_type,
            credits,
            contact_hours,
            passing_grade,
            capacity,
            required,
            taught,
            prerequisites,
        } = change;
        code.apply(&mut self.code);
        name.apply(&mut self.name);
        description.apply(&mut self.description);
        course_type.apply(&mut self.course_type);
        credits.apply(&mut self.credits);
        contact_hours.apply(&mut self.contact_hours);
        passing_grade.apply(&mut self.passing_grade);
        capacity.apply(&mut self.capacity);
        required.apply(&mut self.required);
        taught.apply(&mut self.taught);
        prerequisites.apply(&mut self.prerequisites);
        self
    }

    /// Whether a transcript would say the same of both: title, credits, hours and passing grade.
    pub fn is_taught_as(&self, other: &Self) -> bool {
        self.name == other.name
            && self.credits == other.credits
            && self.contact_hours == other.contact_hours
            && self.passing_grade == other.passing_grade
    }
}

impl Course {
    /// The course with other details: in its next edition if a transcript would show the difference.
    #[must_use]
    pub fn with(self, details: CourseDetails) -> Self {
        let edition = if details.is_taught_as(&self.details) {
            self.edition
        } else {
            self.edition.next()
        };
        Self {
            details,
            edition,
            ..self
        }
    }

    /// The present edition, as it would be made at an instant.
    pub fn present_edition(&self, made_at: Timestamp) -> CourseEdition {
        CourseEdition {
            course: self.id,
            edition: self.edition,
            name: self.details.name.clone(),
            credits: self.details.credits,
            contact_hours: self.details.contact_hours,
            passing_grade: self.details.passing_grade,
            made_at,
        }
    }

    /// The course as the audit trail shows it.
    pub fn fields(&self) -> Fields {
        let CourseDetails {
            code,
            name,
            description,
            course_type,
            credits,
            contact_hours,
            passing_grade,
            capacity,
            required,
            taught,
            prerequisites,
        } = &self.details;
        vec![
            ("code", Some(code.to_string())),
            ("name", Some(name.to_string())),
            ("description", description.as_ref().map(ToString::to_string)),
            ("course_type", Some(course_type.as_str().to_owned())),
            ("credits", Some(credits.to_string())),
            ("contact_hours", Some(contact_hours.to_string())),
            ("passing_grade", Some(passing_grade.to_string())),
            ("capacity", capacity.map(|seats| seats.get().to_string())),
            ("is_required", Some(required.to_string())),
            ("is_active", Some(taught.to_string())),
            ("prerequisite_ids", prerequisites.told()),
            ("edition", Some(self.edition.get().to_string())),
        ]
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn course() -> Course {
        Course {
            id: Id::new(Uuid::from_u128(1)),
            details: CourseDetails {
                code: Line::parse("EL-101").unwrap(),
                name: Line::parse("Electrical theory").unwrap(),
                description: None,
                course_type: CourseType::Core,
                credits: Credits::parse("3.00").unwrap(),
                contact_hours: ContactHours::parse("37.50").unwrap(),
                passing_grade: Percent::parse("70").unwrap(),
                capacity: Some(Seats::new(24).unwrap()),
                required: true,
                taught: true,
                prerequisites: Prerequisites::default(),
            },
            edition: Edition::FIRST,
            version: Version::FIRST,
            created_at: Timestamp::UNIX_EPOCH,
            updated_at: Timestamp::UNIX_EPOCH,
            deleted_at: None,
        }
    }

    #[test]
    fn what_a_transcript_shows_makes_a_new_edition_and_nothing_else_does() {
        let change = CourseChange::default;
        let another_edition = [
            CourseChange {
                name: Change::Set(Line::parse("Theory").unwrap()),
                ..change()
            },
            CourseChange {
                credits: Change::Set(Credits::parse("3.50").unwrap()),
                ..change()
            },
            CourseChange {
                contact_hours: Change::Set(ContactHours::parse("40").unwrap()),
                ..change()
            },
            CourseChange {
                passing_grade: Change::Set(Percent::parse("75").unwrap()),
                ..change()
            },
        ];
        for change in another_edition {
            let details = course().details.changed(change);
            assert_eq!(course().with(details).edition.get(), 2);
        }
        let same_edition = [
            CourseChange {
                code: Change::Set(Line::parse("EL-102").unwrap()),
                ..change()
            },
            CourseChange {
                description: Change::Set(Some(Prose::parse("Ohm's law.").unwrap())),
                ..change()
            },
            CourseChange {
                capacity: Change::Set(None),
                taught: Change::Set(false),
                ..change()
            },
        ];
        for change in same_edition {
            let details = course().details.changed(change);
            assert_eq!(course().with(details).edition, Edition::FIRST);
        }
    }

    #[test]
    fn editions_are_counted_from_one() {
        assert_eq!(Edition::new(0), None);
        assert_eq!(Edition::new(1), Some(Edition::FIRST));
        assert_eq!(Edition::FIRST.next().get(), 2);
    }
}
