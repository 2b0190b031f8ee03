//! How a class session is shown.

use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use unionhall_application::class_sessions::{SeriesMade, SessionShown};
use unionhall_domain::{
    class_sessions::{
        ClassSession, ClassSessionId, Overlap, SeriesId, SessionDetails, shown as time_of_day,
    },
    classes::ClassId,
    instructors::InstructorId,
    locations::LocationId,
};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::{
    choices::{OverlapKindName, SessionActionName},
    shown::Shown,
};

/// A session of a class.
#[derive(Serialize, ToSchema)]
#[schema(as = ClassSession)]
pub(super) struct ClassSessionView<'a> {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<ClassSessionId>,
    /// The class.
    #[schema(value_type = String, format = "uuid")]
    class_id: Shown<ClassId>,
    /// The series it was made with.
    #[schema(value_type = Option<String>, required = true, format = "uuid")]
    series_id: Option<Shown<SeriesId>>,
    /// The day it begins, where the tenant is.
    #[schema(value_type = String, format = Date)]
    session_date: Shown<Date>,
    /// When it begins, as the clocks there show it.
    #[schema(example = "18:00")]
    start_time: String,
    /// The day it ends.
    #[schema(value_type = String, format = Date)]
    end_date: Shown<Date>,
    /// When it ends, as the clocks there show it.
    #[schema(example = "21:00")]
    end_time: String,
    /// When it begins.
    #[schema(value_type = String, format = DateTime)]
    starts_at: Shown<Timestamp>,
    /// When it ends.
    #[schema(value_type = String, format = DateTime)]
    ends_at: Shown<Timestamp>,
    /// How many minutes really pass, also in nights when clocks are changed.
    minutes: u32,
    /// The location.
    #[schema(value_type = Option<String>, required = true, format = "uuid")]
    location_id: Option<Shown<LocationId>>,
    /// The room there.
    #[schema(required = true)]
    room: Option<&'a str>,
    /// Who teaches.
    #[schema(value_type = Option<String>, required = true, format = "uuid")]
    instructor_id: Option<Shown<InstructorId>>,
    /// What is taught.
    #[schema(required = true)]
    topic: Option<&'a str>,
    /// Notes of the office.
    #[schema(required = true)]
    notes: Option<&'a str>,
    /// Whether it was called off.
    is_cancelled: bool,
    /// Why it was called off.
    #[schema(required = true)]
    cancellation_reason: Option<&'a str>,
    /// Counts the changes of the record.
    #[schema(minimum = 1)]
    version: i64,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Shown<Timestamp>,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Shown<Timestamp>,
    /// What is at the same time and cannot be; not in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false)]
    overlaps: Option<Vec<OverlapView>>,
    /// What the caller may do with it now; not in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<SessionActionName>, required = false)]
    allowed_actions: Option<Vec<&'static str>>,
}

/// A session as a record.
pub(super) type ClassSessionRecord<'a> = ClassSessionView<'a>;

impl<'a> ClassSessionView<'a> {
    /// The record, with what is at the same time and what the caller may do.
    pub(super) fn new(shown: &'a SessionShown, actions: Vec<&'static str>) -> Self {
        Self {
            overlaps: Some(shown.overlaps.iter().map(OverlapView::from).collect()),
            allowed_actions: Some(actions),
            ..Self::from(&shown.session)
        }
    }
}

impl<'a> From<&'a ClassSession> for ClassSessionView<'a> {
    fn from(session: &'a ClassSession) -> Self {
        let SessionDetails {
            location,
            room,
            instructor,
            topic,
            notes,
        } = &session.details;
        let times = &session.times;
        Self {
            id: Shown(session.id),
            class_id: Shown(session.class),
            series_id: session.series.map(Shown),
            session_date: Shown(times.date()),
            start_time: time_of_day(times.start()),
            end_date: Shown(times.end_date()),
            end_time: time_of_day(times.end()),
            starts_at: Shown(times.starts_at()),
            ends_at: Shown(times.ends_at()),
            minutes: times.minutes(),
            location_id: location.map(Shown),
            room: room.as_ref().map(|text| text.as_str()),
            instructor_id: instructor.map(Shown),
            topic: topic.as_ref().map(|text| text.as_str()),
            notes: notes.as_ref().map(|text| text.as_str()),
            is_cancelled: session.cancelled.is_some(),
            cancellation_reason: session.cancelled.as_ref().map(|text| text.as_str()),
            version: session.version.get(),
            created_at: Shown(session.created_at),
            updated_at: Shown(session.updated_at),
            overlaps: None,
            allowed_actions: None,
        }
    }
}

/// Another session at the same time.
#[derive(Serialize, ToSchema)]
#[schema(as = SessionOverlap)]
pub(super) struct OverlapView {
    /// What both have in common.
    #[schema(value_type = OverlapKindName)]
    kind: &'static str,
    /// The session that was asked about.
    #[schema(value_type = String, format = "uuid")]
    session_id: Shown<ClassSessionId>,
    /// The other one.
    #[schema(value_type = String, format = "uuid")]
    other_session_id: Shown<ClassSessionId>,
    /// The location of the room, the instructor, the student or the class.
    #[schema(value_type = String, format = "uuid")]
    of_id: Shown<Uuid>,
}

impl From<&Overlap> for OverlapView {
    fn from(overlap: &Overlap) -> Self {
        Self {
            kind: overlap.kind.as_str(),
            session_id: Shown(overlap.session),
            other_session_id: Shown(overlap.other),
            of_id: Shown(overlap.of),
        }
    }
}

/// A series of sessions that was made or moved.
#[derive(Serialize, ToSchema)]
#[schema(as = ClassSessionSeries)]
pub(super) struct SeriesView<'a> {
    /// The series.
    #[schema(value_type = String, format = "uuid")]
    series_id: Shown<SeriesId>,
    /// Its sessions that were made or moved, in order.
    items: Vec<ClassSessionView<'a>>,
    /// The holidays that were left out.
    left_out: Vec<HolidayLeftOutView<'a>>,
    /// What is at the same time and cannot be.
    overlaps: Vec<OverlapView>,
}

/// A holiday that a series leaves out.
#[derive(Serialize, ToSchema)]
#[schema(as = HolidayLeftOut)]
pub(super) struct HolidayLeftOutView<'a> {
    /// The day.
    #[schema(value_type = String, format = Date)]
    date: Shown<Date>,
    /// What it is called.
    name: &'a str,
}

impl<'a> From<&'a SeriesMade> for SeriesView<'a> {
    fn from(made: &'a SeriesMade) -> Self {
        let left_out = made.left_out.iter().map(|(date, name)| HolidayLeftOutView {
            date: Shown(*date),
            name: name.as_str(),
        });
        Self {
            series_id: Shown(made.id),
            items: made.sessions.iter().map(ClassSessionView::from).collect(),
            left_out: left_out.collect(),
            overlaps: made.overlaps.iter().map(OverlapView::from).collect(),
        }
    }
}
