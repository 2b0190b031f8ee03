//! Series of sessions: made as one, and moved as one.

use std::collections::BTreeMap;

use jiff::{
    ToSpan,
    civil::{Date, Time},
};
use unionhall_domain::{
    audit::{AuditAction, created, differences},
    class_sessions::{
        ClassSession, ClockTimes, Overlap, Rhythm, SeriesDays, SeriesId, SessionDetails,
        SessionDetailsChange,
    },
    classes::ClassId,
    holidays::{CalendarYear, HolidayCalendar, WorkingWeek},
    invalid::{FieldError, Invalid},
    text::Line,
};

use super::{
    ClassSessions, SessionError, fitting, known, made, places, record, running, times, touched,
};
use crate::{call::Call, core::Change, permissions::Permission};

/// A series to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSeries {
    /// The class.
    pub class: ClassId,
    /// How its days follow each other.
    pub rhythm: Rhythm,
    /// Its first day, whose weekday is that of all.
    pub first: Date,
    /// When each begins.
    pub start: Time,
    /// When each ends.
    pub end: Time,
    /// Whether each ends on the day after.
    pub over_midnight: bool,
    /// Whether it is held on holidays too.
    pub on_holidays: bool,
    /// Where each is, who teaches, and what about.
    pub details: SessionDetails,
}

/// What is to become of the sessions of a series that are to come.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SeriesMove {
    /// Those from this day on; all to come when nothing is said.
    pub from: Option<Date>,
    /// By how many days they are moved, backwards below zero.
    pub days: i16,
    /// When each begins.
    pub start: Option<Time>,
    /// When each ends.
    pub end: Option<Time>,
    /// Whether each ends on the day after.
    pub over_midnight: Option<bool>,
    /// Whether it is held on holidays too.
    pub on_holidays: bool,
    /// Where each is, who teaches, and what about.
    pub details: SessionDetailsChange,
}

/// The sessions of a series that were made or moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeriesMade {
    /// The series.
    pub id: SeriesId,
    /// Its sessions, in order.
    pub sessions: Vec<ClassSession>,
    /// The holidays that were left out.
    pub left_out: Vec<(Date, Line<100>)>,
    /// What is at the same time.
    pub overlaps: Vec<Overlap>,
}

impl ClassSessions {
    /// Plans a series of sessions: all of them or none.
    ///
    /// # Errors
    /// [`SessionError`].
    pub fn create_series(
        &self,
        call: &Call,
        wanted: NewSeries,
    ) -> Result<SeriesMade, SessionError> {
        call.actor.require(Permission::TrainingWrite)?;
        self.core.change(call, |change| {
            change.tx.class_sessions().lock_timetable()?;
            let class = running(change, wanted.class)?;
            places::hold(change, None, &wanted.details)?;
            let SeriesDays { days, left_out } = days(change, &wanted)?;
            let id = SeriesId::new(change.new_id());
            let mut sessions = Vec::new();
            for day in days {
                let clock = clock(day, wanted.start, wanted.end, wanted.over_midnight);
                let times = times(change, &class, clock).map_err(|error| named(error, day))?;
                sessions.push(made(
                    change,
                    &class,
                    Some(id),
                    times,
                    wanted.details.clone(),
                ));
            }
            change.tx.class_sessions().insert(&sessions)?;
            let ids: Vec<_> = sessions.iter().map(|session| session.id).collect();
            let overlaps = fitting(change, &ids, &[])?;
            for session in &sessions {
                let fields = created(session.fields());
                record(change, AuditAction::Created, session, fields, Vec::new());
            }
            Ok(SeriesMade {
                id,
                sessions,
                left_out,
                overlaps,
            })
        })
    }

    /// Moves the sessions of a series that are to come and not cancelled: all of them or none.
    ///
    /// # Errors
    /// [`SessionError`].
    pub fn move_series(
        &self,
        call: &Call,
        id: SeriesId,
        wanted: &SeriesMove,
    ) -> Result<SeriesMade, SessionError> {
        call.actor.require(Permission::TrainingWrite)?;
        self.core.change(call, |change| {
            call.expects_none()?;
            change.tx.class_sessions().lock_timetable()?;
            let today = change.today();
            let from = wanted.from.map_or(today, |from| from.max(today));
            let mut before = change.tx.class_sessions().of_series(id, from)?;
            let now = change.now;
            before.retain(|session| session.times.starts_at() > now);
            let class = before.first().ok_or(SessionError::NoSeries)?.class;
            let class = running(change, class)?;
            let mut sessions = Vec::new();
            for session in &before {
                let clock = moved(&session.times.clock(), wanted)?;
                let times =
                    times(change, &class, clock).map_err(|error| named(error, clock.date))?;
                let details = session.details.clone().changed(wanted.details.clone());
                places::hold(change, Some(&session.details), &details)?;
                let session = ClassSession {
                    times,
                    details,
                    ..session.clone()
                };
                sessions.push(touched(change, session));
            }
            if wanted.days != 0 && !wanted.on_holidays {
                no_holidays(change, &sessions)?;
            }
            let changes: Vec<_> = before.iter().zip(&sessions).collect();
            let known = known(change, &changes)?;
            for (before, after) in changes {
                change.tx.class_sessions().update(after)?;
                let fields = differences(before.fields(), after.fields());
                record(change, AuditAction::Updated, after, fields, Vec::new());
            }
            let ids: Vec<_> = sessions.iter().map(|session| session.id).collect();
            let overlaps = fitting(change, &ids, &known)?;
            Ok(SeriesMade {
                id,
                sessions,
                left_out: Vec::new(),
                overlaps,
            })
        })
    }
}

fn clock(date: Date, start: Time, end: Time, over_midnight: bool) -> ClockTimes {
    let next = if over_midnight {
        date.tomorrow().ok()
    } else {
        None
    };
    ClockTimes {
        date,
        start,
        end_date: next.unwrap_or(date),
        end,
    }
}

fn moved(before: &ClockTimes, wanted: &SeriesMove) -> Result<ClockTimes, SessionError> {
    let date = before.date.checked_add(i32::from(wanted.days).days());
    let date = date.map_err(|_| {
        let detail = "goes beyond the end of the calendar";
        SessionError::Invalid(vec![Invalid::new("out_of_range", detail).at("days")])
    })?;
    let over_midnight = before.end_date > before.date;
    Ok(clock(
        date,
        wanted.start.unwrap_or(before.start),
        wanted.end.unwrap_or(before.end),
        wanted.over_midnight.unwrap_or(over_midnight),
    ))
}

/// The days of a new series, by the holiday calendars of the tenant as they count now.
fn days(change: &mut Change<'_>, wanted: &NewSeries) -> Result<SeriesDays, SessionError> {
    let holidays = if wanted.on_holidays {
        BTreeMap::new()
    } else {
        holidays(change, wanted.first)?
    };
    let days = wanted.rhythm.days(|day| holidays.get(&day).cloned());
    days.map_err(|invalid| SessionError::Invalid(vec![invalid.at("first_date")]))
}

/// The longest series, sixty sessions every eight weeks, is over within ten years, holidays or not.
const YEARS: i16 = 12;

/// The holidays from a year on, for as long as a series lasts: of the calendars of the tenant, and of the federal ones
/// for years that it has none of.
fn holidays(
    change: &mut Change<'_>,
    from: Date,
) -> Result<BTreeMap<Date, Line<100>>, SessionError> {
    let years = (from.year()..=from.year().saturating_add(YEARS))
        .filter_map(|year| CalendarYear::new(year).ok());
    let years: Vec<_> = years.collect();
    let (Some(first), Some(last)) = (years.first(), years.last()) else {
        return Ok(BTreeMap::new());
    };
    let mut calendars: BTreeMap<_, _> = years
        .iter()
        .map(|year| {
            (
                *year,
                HolidayCalendar::federal(*year, WorkingWeek::MONDAY_TO_FRIDAY),
            )
        })
        .collect();
    for calendar in change.tx.holidays().last_of_each(*first, *last)? {
        calendars.insert(calendar.year(), calendar);
    }
    let days = calendars.values().flat_map(|calendar| {
        let named = |(date, holiday): (Date, &unionhall_domain::holidays::Holiday)| {
            (date, holiday.name.clone())
        };
        calendar.holidays().map(named)
    });
    Ok(days.collect())
}

fn no_holidays(change: &mut Change<'_>, sessions: &[ClassSession]) -> Result<(), SessionError> {
    let Some(first) = sessions.iter().map(|session| session.times.date()).min() else {
        return Ok(());
    };
    let holidays = holidays(change, first)?;
    let wrong = |session: &ClassSession| {
        let day = session.times.date();
        let name = holidays.get(&day)?;
        let detail = format!("would be held on {day}, {name}");
        Some(Invalid::new("on_a_holiday", detail).at("days"))
    };
    let errors: Vec<FieldError> = sessions.iter().filter_map(wrong).collect();
    if errors.is_empty() {
        Ok(())
    } else {
        Err(SessionError::Invalid(errors))
    }
}

/// The same error, with the day of the session that it is about.
fn named(error: SessionError, day: Date) -> SessionError {
    match error {
        SessionError::Invalid(errors) => {
            let named = |error: FieldError| FieldError {
                invalid: Invalid::new(
                    error.invalid.code,
                    format!("on {day}: {}", error.invalid.detail),
                ),
                field: match error.field.as_ref() {
                    "session_date" | "end_date" => "first_date".into(),
                    _ => error.field,
                },
            };
            SessionError::Invalid(errors.into_iter().map(named).collect())
        }
        other => other,
    }
}
