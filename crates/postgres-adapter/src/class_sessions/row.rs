//! A row of `class_sessions`, and its way from and to the aggregate.

use diesel::{AsChangeset, Insertable, Queryable, Selectable};
use unionhall_domain::{
    class_sessions::{
        ClassSession, ClassSessionId, ClockTimes, SeriesId, SessionDetails, SessionTimes,
    },
    classes::ClassId,
    ids::Id,
    instructors::InstructorId,
    locations::LocationId,
    tenants::TenantId,
    text::{Line, Prose},
};
use uuid::Uuid;

use crate::{
    errors::InconsistentRow,
    rows::instant,
    schema::class_sessions,
    stored::{StoredRow, day, time},
};

/// Everything that is stored of a session, save what the database derives from it.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = class_sessions)]
#[diesel(primary_key(tenant_id, id))]
#[diesel(treat_none_as_null = true)]
#[diesel(treat_none_as_default_value = false)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) tenant_id: Uuid,
    class_id: Uuid,
    series_id: Option<Uuid>,
    session_date: jiff_diesel::Date,
    start_time: jiff_diesel::Time,
    end_date: jiff_diesel::Date,
    end_time: jiff_diesel::Time,
    pub(super) starts_at: jiff_diesel::Timestamp,
    ends_at: jiff_diesel::Timestamp,
    location_id: Option<Uuid>,
    room: Option<String>,
    instructor_id: Option<Uuid>,
    topic: Option<String>,
    notes: Option<String>,
    cancellation_reason: Option<String>,
    pub(super) version: i64,
    created_at: jiff_diesel::Timestamp,
    updated_at: jiff_diesel::Timestamp,
}

impl Row {
    /// The row of a tenant's session.
    pub(super) fn new(tenant: TenantId, session: &ClassSession) -> Self {
        let SessionDetails {
            location,
            room,
            instructor,
            topic,
            notes,
        } = &session.details;
        let times = &session.times;
        Self {
            id: session.id.uuid(),
            tenant_id: tenant.uuid(),
            class_id: session.class.uuid(),
            series_id: session.series.map(Id::uuid),
            session_date: day(times.date()),
            start_time: time(times.start()),
            end_date: day(times.end_date()),
            end_time: time(times.end()),
            starts_at: instant(times.starts_at()),
            ends_at: instant(times.ends_at()),
            location_id: location.map(Id::uuid),
            room: room.as_ref().map(ToString::to_string),
            instructor_id: instructor.map(Id::uuid),
            topic: topic.as_ref().map(ToString::to_string),
            notes: notes.as_ref().map(ToString::to_string),
            cancellation_reason: session.cancelled.as_ref().map(ToString::to_string),
            version: session.version.get(),
            created_at: instant(session.created_at),
            updated_at: instant(session.updated_at),
        }
    }

    /// The session.
    pub(super) fn session(self) -> Result<ClassSession, InconsistentRow> {
        let from = StoredRow::new("class_sessions", self.id);
        let clock = ClockTimes {
            date: self.session_date.to_jiff(),
            start: self.start_time.to_jiff(),
            end_date: self.end_date.to_jiff(),
            end: self.end_time.to_jiff(),
        };
        let (starts_at, ends_at) = (self.starts_at.to_jiff(), self.ends_at.to_jiff());
        let times = SessionTimes::stored(clock, starts_at, ends_at);
        let reason = self.cancellation_reason.as_deref();
        Ok(ClassSession {
            id: ClassSessionId::new(self.id),
            class: ClassId::new(self.class_id),
            series: self.series_id.map(SeriesId::new),
            times: times.ok_or_else(|| from.inconsistent("ends before it begins"))?,
            details: SessionDetails {
                location: self.location_id.map(LocationId::new),
                room: from.optional("room", self.room.as_deref(), Line::parse)?,
                instructor: self.instructor_id.map(InstructorId::new),
                topic: from.optional("topic", self.topic.as_deref(), Line::parse)?,
                notes: from.optional("notes", self.notes.as_deref(), Prose::parse)?,
            },
            cancelled: from.optional("cancellation_reason", reason, Prose::parse)?,
            version: from.version(self.version)?,
            created_at: self.created_at.to_jiff(),
            updated_at: self.updated_at.to_jiff(),
        })
    }
}
