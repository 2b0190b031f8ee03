//! Class sessions: when, where and by whom a class is taught, one by one and in series.

mod series;
mod times;

use jiff::Timestamp;
use uuid::Uuid;

pub use series::{Rhythm, SeriesDays};
pub use times::{ClockTimes, SessionTimes};

use crate::{
    audit::Fields,
    change::Change,
    classes::ClassId,
    ids::Id,
    instructors::InstructorId,
    locations::LocationId,
    names::names,
    text::{Line, Prose},
    version::Version,
};

/// The id of a [`ClassSession`].
pub type ClassSessionId = Id<ClassSession>;

/// What ties the sessions of one series together.
pub type SeriesId = Id<Rhythm>;

/// A session of a class.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClassSession {
    /// Its id.
    pub id: ClassSessionId,
    /// The class.
    pub class: ClassId,
    /// The series it was made with, if it was.
    pub series: Option<SeriesId>,
    /// When it is.
    pub times: SessionTimes,
    /// Where it is, who teaches, and what about.
    pub details: SessionDetails,
    /// Why it is not held, if it is cancelled.
    pub cancelled: Option<Prose<2_000>>,
    /// Counts its changes.
    pub version: Version,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// Where a session is, who teaches, and what about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SessionDetails {
    /// The location.
    pub location: Option<LocationId>,
    /// The room there; of no location it is nowhere.
    pub room: Option<Line<50>>,
    /// Who teaches.
    pub instructor: Option<InstructorId>,
    /// What is taught.
    pub topic: Option<Line<200>>,
    /// Notes of the office.
    pub notes: Option<Prose<5_000>>,
}

/// A partial change of the details.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SessionDetailsChange {
    /// The location.
    pub location: Change<Option<LocationId>>,
    /// The room there.
    pub room: Change<Option<Line<50>>>,
    /// Who teaches.
    pub instructor: Change<Option<InstructorId>>,
    /// What is taught.
    pub topic: Change<Option<Line<200>>>,
    /// Notes of the office.
    pub notes: Change<Option<Prose<5_000>>>,
}

impl SessionDetails {
    /// The details after a change.
    #[must_use]
    pub fn changed(mut self, change: SessionDetailsChange) -> Self {
        let SessionDetailsChange {
            location,
            room,
            instructor,
            topic,
            notes,
        } = change;
        location.apply(&mut self.location);
        room.apply(&mut self.room);
        instructor.apply(&mut self.instructor);
        topic.apply(&mut self.topic);
        notes.apply(&mut self.notes);
        self
    }
}

impl ClassSession {
    /// The session as the audit trail shows it.
    pub fn fields(&self) -> Fields {
        let SessionDetails {
            location,
            room,
            instructor,
            topic,
            notes,
        } = &self.details;
        let clock = self.times.clock();
        let cancelled = self.cancelled.as_ref().map(ToString::to_string);
        vec![
            ("class_id", Some(self.class.to_string())),
            ("session_date", Some(clock.date.to_string())),
            ("start_time", Some(shown(clock.start))),
            ("end_date", Some(clock.end_date.to_string())),
            ("end_time", Some(shown(clock.end))),
            ("location_id", location.map(|id| id.to_string())),
            ("room", room.as_ref().map(ToString::to_string)),
            ("instructor_id", instructor.map(|id| id.to_string())),
            ("topic", topic.as_ref().map(ToString::to_string)),
            ("notes", notes.as_ref().map(ToString::to_string)),
            ("cancellation_reason", cancelled),
        ]
    }
}

/// A time of day to the minute: `18:00`.
pub fn shown(time: jiff::civil::Time) -> String {
    time.strftime("%H:%M").to_string()
}

names! {
    /// What two sessions at the same time have in common.
    pub enum OverlapKind {
        /// A room of a location.
        Room = "room",
        /// An instructor.
        Instructor = "instructor",
        /// A student who is in both.
        Student = "student",
        /// The class itself.
        Class = "class",
    }
}

/// Two sessions at the same time that cannot both be held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Overlap {
    /// What they have in common.
    pub kind: OverlapKind,
    /// The one that was asked about.
    pub session: ClassSessionId,
    /// The other one.
    pub other: ClassSessionId,
    /// The room's location, the instructor, or the student.
    pub of: Uuid,
}
