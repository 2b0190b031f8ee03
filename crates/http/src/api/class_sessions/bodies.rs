//! What can be said of class sessions.

use jiff::civil::Time;
use serde::Deserialize;
use unionhall_application::class_sessions::{NewSeries, SeriesMove, SessionChange, TimesChange};
use unionhall_domain::{
    change::Change,
    class_sessions::{ClockTimes, Rhythm, SessionDetails, SessionDetailsChange},
    classes::ClassId,
    ids::Id,
    invalid::Invalid,
    text::{Line, Prose},
};
use utoipa::ToSchema;

use crate::web::{
    fields::{Input, Reader, Unknown, date},
    problem::Problem,
};

/// A time of day to the minute, `HH:MM`.
pub(in crate::api) fn time(text: &str) -> Result<Time, Invalid> {
    let wrong = || Invalid::new("not_a_time", "must be a time of day like 18:00");
    let (hour, minute) = text.split_once(':').ok_or_else(wrong)?;
    let number = |part: &str| {
        let digits = part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
        part.parse().ok().filter(|_| digits).ok_or_else(wrong)
    };
    Time::new(number(hour)?, number(minute)?, 0, 0).map_err(|_| wrong())
}

/// Where a session is, who teaches, and what about, as it came.
struct Place {
    location_id: Input,
    room: Input,
    instructor_id: Input,
    topic: Input,
    notes: Input,
}

impl Place {
    fn details(self, reader: &mut Reader) -> SessionDetails {
        SessionDetails {
            location: reader.optional("location_id", self.location_id, Id::parse),
            room: reader.optional("room", self.room, Line::parse),
            instructor: reader.optional("instructor_id", self.instructor_id, Id::parse),
            topic: reader.optional("topic", self.topic, Line::parse),
            notes: reader.optional("notes", self.notes, Prose::parse),
        }
    }

    fn change(self, reader: &mut Reader) -> SessionDetailsChange {
        SessionDetailsChange {
            location: reader.clearable("location_id", self.location_id, Id::parse),
            room: reader.clearable("room", self.room, Line::parse),
            instructor: reader.clearable("instructor_id", self.instructor_id, Id::parse),
            topic: reader.clearable("topic", self.topic, Line::parse),
            notes: reader.clearable("notes", self.notes, Prose::parse),
        }
    }
}

/// Takes the fields of a body that say where a session is, who teaches, and what about.
macro_rules! place {
    ($body:expr) => {
        Place {
            location_id: $body.location_id,
            room: $body.room,
            instructor_id: $body.instructor_id,
            topic: $body.topic,
            notes: $body.notes,
        }
    };
}

/// What a change says, if anything.
fn said<T>(change: Change<T>) -> Option<T> {
    match change {
        Change::Keep => None,
        Change::Set(value) => Some(value),
    }
}

/// A session to be planned.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = CreateClassSession,
    example = json!({
        "class_id": "019aa5c8-7b00-7000-8000-000000000001", "session_date": "2027-01-12",
        "start_time": "18:00", "end_time": "21:00", "room": "2", "topic": "Series circuits",
        "location_id": "019aa5c8-7b00-7000-8000-000000000002",
        "instructor_id": "019aa5c8-7b00-7000-8000-000000000003"
    })
)]
pub(super) struct CreateSessionBody {
    /// The class: one that is planned or open.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = "uuid")]
    class_id: Input,
    /// The day it begins, where the tenant is.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = Date)]
    session_date: Input,
    /// When it begins, as the clocks there show it.
    #[serde(default)]
    #[schema(value_type = String, required = true, pattern = r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    start_time: Input,
    /// When it ends, as the clocks there show it.
    #[serde(default)]
    #[schema(value_type = String, required = true, pattern = r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    end_time: Input,
    /// The day it ends: the day of the session, when nothing is said, or the next one.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    end_date: Input,
    /// The location.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    location_id: Input,
    /// The room there.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 50, pattern = r"\S")]
    room: Input,
    /// Who teaches.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    instructor_id: Input,
    /// What is taught.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 200, pattern = r"\S")]
    topic: Input,
    /// Notes of the office.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 5000, pattern = r"\S")]
    notes: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl CreateSessionBody {
    /// The class and what is planned, or every field that is wrong.
    pub(super) fn command(self) -> Result<(ClassId, ClockTimes, SessionDetails), Problem> {
        let mut reader = Reader::new(&self.unknown);
        let class = reader.required("class_id", self.class_id, Id::parse);
        let day = reader.required("session_date", self.session_date, date);
        let start = reader.required("start_time", self.start_time, time);
        let end = reader.required("end_time", self.end_time, time);
        let end_date = reader.optional("end_date", self.end_date, date);
        let details = place!(self).details(&mut reader);
        let times = day
            .zip(start)
            .zip(end)
            .map(|((date, start), end)| ClockTimes {
                date,
                start,
                end_date: end_date.unwrap_or(date),
                end,
            });
        let command = class
            .zip(times)
            .map(|(class, times)| (class, times, details));
        reader.finish(command)
    }
}

/// What to change of a session.
#[derive(Deserialize, ToSchema)]
#[schema(as = ChangeClassSession, example = json!({"start_time": "17:30", "room": null}))]
pub(super) struct ChangeSessionBody {
    /// The day it begins, where the tenant is.
    #[serde(default)]
    #[schema(value_type = String, format = Date)]
    session_date: Input,
    /// When it begins, as the clocks there show it.
    #[serde(default)]
    #[schema(value_type = String, pattern = r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    start_time: Input,
    /// When it ends, as the clocks there show it.
    #[serde(default)]
    #[schema(value_type = String, pattern = r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    end_time: Input,
    /// The day it ends: the day of the session or the next one.
    #[serde(default)]
    #[schema(value_type = String, format = Date)]
    end_date: Input,
    /// The location.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    location_id: Input,
    /// The room there.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 50, pattern = r"\S")]
    room: Input,
    /// Who teaches.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    instructor_id: Input,
    /// What is taught.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 200, pattern = r"\S")]
    topic: Input,
    /// Notes of the office.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 5000, pattern = r"\S")]
    notes: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl ChangeSessionBody {
    /// The change, or every field that is wrong.
    pub(super) fn command(self) -> Result<SessionChange, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let times = TimesChange {
            date: said(reader.change("session_date", self.session_date, date)),
            start: said(reader.change("start_time", self.start_time, time)),
            end_date: said(reader.change("end_date", self.end_date, date)),
            end: said(reader.change("end_time", self.end_time, time)),
        };
        let details = place!(self).change(&mut reader);
        reader.finish(Some(SessionChange { times, details }))
    }
}

/// A series to be planned.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = CreateClassSessionSeries,
    example = json!({
        "class_id": "019aa5c8-7b00-7000-8000-000000000001", "first_date": "2027-01-12",
        "every_weeks": 1, "count": 12, "start_time": "18:00", "end_time": "21:00"
    })
)]
pub(super) struct CreateSeriesBody {
    /// The class: one that is planned or open.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = "uuid")]
    class_id: Input,
    /// The first day, whose weekday is that of all.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = Date)]
    first_date: Input,
    /// Every so many weeks; every week, when nothing is said.
    #[serde(default)]
    #[schema(value_type = Option<u8>, minimum = 1, maximum = 8)]
    every_weeks: Input,
    /// How many sessions.
    #[serde(default)]
    #[schema(value_type = u8, required = true, minimum = 1, maximum = 60)]
    count: Input,
    /// When each begins, as the clocks of the tenant show it.
    #[serde(default)]
    #[schema(value_type = String, required = true, pattern = r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    start_time: Input,
    /// When each ends.
    #[serde(default)]
    #[schema(value_type = String, required = true, pattern = r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    end_time: Input,
    /// Whether each ends on the next day; no, when nothing is said.
    #[serde(default)]
    #[schema(value_type = bool)]
    ends_next_day: Input,
    /// Whether it is held on holidays too; no, when nothing is said.
    #[serde(default)]
    #[schema(value_type = bool)]
    on_holidays: Input,
    /// The location.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    location_id: Input,
    /// The room there.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 50, pattern = r"\S")]
    room: Input,
    /// Who teaches.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    instructor_id: Input,
    /// What is taught.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 200, pattern = r"\S")]
    topic: Input,
    /// Notes of the office.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 5000, pattern = r"\S")]
    notes: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl CreateSeriesBody {
    /// The series, or every field that is wrong.
    pub(super) fn command(self) -> Result<NewSeries, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let class = reader.required("class_id", self.class_id, Id::parse);
        let first = reader.required("first_date", self.first_date, date);
        let weeks = reader.whole_number("every_weeks", self.every_weeks, Ok);
        let count = match self.count {
            Input::Absent => {
                reader.wrong("count", Invalid::new("required", "must be given"));
                None
            }
            input => reader.whole_number("count", input, Ok),
        };
        let start = reader.required("start_time", self.start_time, time);
        let end = reader.required("end_time", self.end_time, time);
        let over_midnight = reader.truth("ends_next_day", self.ends_next_day);
        let on_holidays = reader.truth("on_holidays", self.on_holidays);
        let details = place!(self).details(&mut reader);
        let rhythm = match first
            .zip(count)
            .map(|(first, count)| Rhythm::new(first, weeks.unwrap_or(1), count))
        {
            Some(Ok(rhythm)) => Some(rhythm),
            Some(Err(error)) => {
                let field = if error.field == "count" {
                    "count"
                } else {
                    "every_weeks"
                };
                reader.wrong(field, error.invalid);
                None
            }
            None => None,
        };
        let days = class.zip(first).zip(rhythm);
        let series = days
            .zip(start.zip(end))
            .map(|(((class, first), rhythm), (start, end))| NewSeries {
                class,
                rhythm,
                first,
                start,
                end,
                over_midnight,
                on_holidays,
                details,
            });
        reader.finish(series)
    }
}

/// What is to become of the sessions of a series that are to come.
#[derive(Deserialize, ToSchema)]
#[schema(as = MoveClassSessionSeries, example = json!({"days": 1, "room": "3"}))]
pub(super) struct MoveSeriesBody {
    /// Only those from this day on; all to come, when nothing is said.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    from: Input,
    /// By how many days they are moved, backwards below zero; by none, when nothing is said.
    #[serde(default)]
    #[schema(value_type = Option<i16>, minimum = -366, maximum = 366)]
    days: Input,
    /// When each begins, as the clocks of the tenant show it.
    #[serde(default)]
    #[schema(value_type = String, pattern = r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    start_time: Input,
    /// When each ends.
    #[serde(default)]
    #[schema(value_type = String, pattern = r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
    end_time: Input,
    /// Whether each ends on the next day.
    #[serde(default)]
    #[schema(value_type = bool)]
    ends_next_day: Input,
    /// Whether they may be moved to holidays; no, when nothing is said.
    #[serde(default)]
    #[schema(value_type = bool)]
    on_holidays: Input,
    /// The location.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    location_id: Input,
    /// The room there.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 50, pattern = r"\S")]
    room: Input,
    /// Who teaches.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    instructor_id: Input,
    /// What is taught.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 200, pattern = r"\S")]
    topic: Input,
    /// Notes of the office.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 5000, pattern = r"\S")]
    notes: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl MoveSeriesBody {
    /// The move, or every field that is wrong.
    pub(super) fn command(self) -> Result<SeriesMove, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let days = reader.whole_number("days", self.days, |days| {
            let within = i16::try_from(days).ok();
            within
                .filter(|days| (-366..=366).contains(days))
                .ok_or_else(|| {
                    Invalid::new("out_of_range", "must be a whole number from -366 to 366")
                })
        });
        let wanted = SeriesMove {
            from: reader.optional("from", self.from, date),
            days: days.unwrap_or_default(),
            start: said(reader.change("start_time", self.start_time, time)),
            end: said(reader.change("end_time", self.end_time, time)),
            over_midnight: said(reader.changed_truth("ends_next_day", self.ends_next_day)),
            on_holidays: reader.truth("on_holidays", self.on_holidays),
            details: place!(self).change(&mut reader),
        };
        reader.finish(Some(wanted))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::web::problem::tests::told;

    const ID: &str = "019aa5c8-7b00-7000-8000-000000000001";

    #[test]
    fn a_time_of_day_is_two_digits_twice() {
        assert_eq!(time("18:05").unwrap(), jiff::civil::time(18, 5, 0, 0));
        for wrong in [
            "18", "18:5", "24:00", "18:60", "6:30pm", "-1:00", "+1:00", "",
        ] {
            assert_eq!(time(wrong).unwrap_err().code, "not_a_time", "{wrong}");
        }
    }

    #[test]
    fn a_series_needs_its_class_its_days_and_its_times() {
        let series = |body: Value| {
            serde_json::from_value::<CreateSeriesBody>(body)
                .unwrap()
                .command()
        };
        assert_eq!(
            told(series(json!({"every_weeks": 9}))),
            [
                "/class_id required",
                "/first_date required",
                "/count required",
                "/start_time required",
                "/end_time required"
            ]
        );
        let body = json!({
            "class_id": ID, "first_date": "2027-01-12", "count": 61, "start_time": "18:00",
            "end_time": "21:00", "days": 1
        });
        assert_eq!(
            told(series(body)),
            ["/days unknown_field", "/count out_of_range"]
        );
    }

    #[test]
    fn a_session_is_of_one_day_unless_it_says_when_it_ends() {
        let body = json!({
            "class_id": ID, "session_date": "2027-01-12", "start_time": "18:00", "end_time": "21:00"
        });
        let read: CreateSessionBody = serde_json::from_value(body).unwrap();
        let (_, times, details) = read.command().unwrap();
        assert_eq!(times.date, times.end_date);
        assert_eq!(details, SessionDetails::default());
    }
}
