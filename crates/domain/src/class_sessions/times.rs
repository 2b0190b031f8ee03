//! When a class session is: days and clock times where the tenant is, and the instants and minutes they come to.

use jiff::{
    Timestamp,
    civil::{Date, Time},
    tz::{AmbiguousOffset, TimeZone},
};

use crate::{
    invalid::{FieldError, Invalid},
    tenants::ZoneName,
};

/// When a session is. Days and times are as the clocks of the tenant show them; the instants are what they came to in
/// the zone that the tenant had when they were written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionTimes {
    date: Date,
    start: Time,
    end_date: Date,
    end: Time,
    starts_at: Timestamp,
    ends_at: Timestamp,
}

/// What clocks and calendar say of a session, before it is known whether there is such a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockTimes {
    /// The day it begins.
    pub date: Date,
    /// When it begins, to the minute.
    pub start: Time,
    /// The day it ends: that one or the next.
    pub end_date: Date,
    /// When it ends, to the minute.
    pub end: Time,
}

impl SessionTimes {
    /// Finds the instants of these times in a zone.
    ///
    /// A time that the clocks show twice that night, because they are put back, is the first of both; one that they
    /// leave out, because they are put forward, is none.
    ///
    /// # Errors
    /// `before_its_start` or `too_long` of `end_time`, `not_the_next_day` of `end_date`, `no_such_time` of
    /// `start_time` and of `end_time`.
    pub fn new(clock: ClockTimes, zone: &ZoneName) -> Result<Self, FieldError> {
        let ClockTimes {
            date,
            start,
            end_date,
            end,
        } = clock;
        let wrong = |field, code, detail: &str| Invalid::new(code, detail).at(field);
        if end_date != date && date.tomorrow().ok() != Some(end_date) {
            let detail = "must be the day of the session or the next one";
            return Err(wrong("end_date", "not_the_next_day", detail));
        }
        let instant = |field, day: Date, time: Time| {
            let detail = "is left out that day, because the clocks are put forward";
            instant(zone.zone(), day, time).ok_or_else(|| wrong(field, "no_such_time", detail))
        };
        let starts_at = instant("start_time", date, start)?;
        let ends_at = instant("end_time", end_date, end)?;
        if ends_at <= starts_at || (end_date, end) <= (date, start) {
            let detail = "must be after the start; name an end_date when it is the next day";
            return Err(wrong("end_time", "before_its_start", detail));
        }
        let times = Self {
            date,
            start,
            end_date,
            end,
            starts_at,
            ends_at,
        };
        // By the second: before there were zones, the clocks of a place were minutes and seconds from any of them.
        let seconds = ends_at.as_second().saturating_sub(starts_at.as_second());
        if seconds > Self::LONGEST {
            let detail = "must be at most a day after the start";
            return Err(wrong("end_time", "too_long", detail));
        }
        Ok(times)
    }

    /// The most seconds of a session: a day, and the hour that clocks are put back by.
    const LONGEST: i64 = 25 * 60 * 60;

    /// The day it begins.
    pub const fn date(&self) -> Date {
        self.date
    }

    /// When it begins, as the clocks show it.
    pub const fn start(&self) -> Time {
        self.start
    }

    /// The day it ends.
    pub const fn end_date(&self) -> Date {
        self.end_date
    }

    /// When it ends, as the clocks show it.
    pub const fn end(&self) -> Time {
        self.end
    }

    /// When it begins.
    pub const fn starts_at(&self) -> Timestamp {
        self.starts_at
    }

    /// When it ends.
    pub const fn ends_at(&self) -> Timestamp {
        self.ends_at
    }

    /// How many minutes really pass, also in nights when the clocks are changed.
    pub fn minutes(&self) -> u32 {
        minutes_between(self.starts_at, self.ends_at)
    }

    /// Whether both are at the same time, for a moment at least: one that begins when the other ends is not.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.starts_at < other.ends_at && other.starts_at < self.ends_at
    }

    /// The instant at which the clocks of a zone show a time during the session: the first one, when they show it
    /// twice. None when they do not.
    pub fn instant_of(&self, time: Time, zone: &ZoneName) -> Option<Timestamp> {
        let day = if time < self.start {
            self.end_date
        } else {
            self.date
        };
        instant(zone.zone(), day, time).filter(|at| (self.starts_at..=self.ends_at).contains(at))
    }

    /// What clocks and calendar say.
    pub const fn clock(&self) -> ClockTimes {
        ClockTimes {
            date: self.date,
            start: self.start,
            end_date: self.end_date,
            end: self.end,
        }
    }

    /// Times that were found before, with the instants they came to then; none when they contradict each other.
    pub fn stored(clock: ClockTimes, starts_at: Timestamp, ends_at: Timestamp) -> Option<Self> {
        (starts_at < ends_at).then_some(Self {
            date: clock.date,
            start: clock.start,
            end_date: clock.end_date,
            end: clock.end,
            starts_at,
            ends_at,
        })
    }
}

/// Whole minutes from one instant to another; none when it is not later.
pub(crate) fn minutes_between(from: Timestamp, to: Timestamp) -> u32 {
    let seconds = to.as_second().saturating_sub(from.as_second());
    u32::try_from(seconds / 60).unwrap_or_default()
}

fn instant(zone: &TimeZone, day: Date, time: Time) -> Option<Timestamp> {
    let found = zone.to_ambiguous_timestamp(day.to_datetime(time));
    match found.offset() {
        AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => {
            found.compatible().ok()
        }
        AmbiguousOffset::Gap { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::{date, time};

    use super::*;

    fn zone() -> ZoneName {
        ZoneName::parse("America/Los_Angeles").unwrap()
    }

    fn session(
        day: Date,
        start: Time,
        end_date: Date,
        end: Time,
    ) -> Result<SessionTimes, FieldError> {
        let clock = ClockTimes {
            date: day,
            start,
            end_date,
            end,
        };
        SessionTimes::new(clock, &zone())
    }

    const fn at(hour: i8, minute: i8) -> Time {
        time(hour, minute, 0, 0)
    }

    #[test]
    fn an_evening_has_its_minutes_and_is_at_the_instants_of_the_tenants_zone() {
        let day = date(2026, 11, 24);
        let evening = session(day, at(18, 0), day, at(21, 0)).unwrap();
        assert_eq!(evening.minutes(), 180);
        // UTC-8 in winter.
        assert_eq!(evening.starts_at().to_string(), "2026-11-25T02:00:00Z");
        assert_eq!(evening.ends_at().to_string(), "2026-11-25T05:00:00Z");
    }

    #[test]
    fn a_night_is_an_hour_shorter_or_longer_when_the_clocks_are_changed() {
        // On an ordinary night from ten to three: 2 hours before midnight and 3 after it.
        let ordinary = session(date(2026, 3, 6), at(22, 0), date(2026, 3, 7), at(3, 0));
        assert_eq!(ordinary.unwrap().minutes(), 300);
        // On March 8, 2026 the hour from 2 to 3 is left out: 22–24, 0–2 are 4 hours.
        let spring = session(date(2026, 3, 7), at(22, 0), date(2026, 3, 8), at(3, 0));
        assert_eq!(spring.unwrap().minutes(), 240);
        // On November 1, 2026 the hour from 1 to 2 comes twice: 22–24, 0–2, 1–2, 2–3 are 6 hours.
        let autumn = session(date(2026, 10, 31), at(22, 0), date(2026, 11, 1), at(3, 0));
        assert_eq!(autumn.unwrap().minutes(), 360);
        // Half past one is the first of both: 22–24, 0–1:30 are 3 hours and a half.
        let early = session(date(2026, 10, 31), at(22, 0), date(2026, 11, 1), at(1, 30));
        assert_eq!(early.unwrap().minutes(), 210);
        // A whole day from the evening before is 25 hours, and no more.
        let longest = session(date(2026, 10, 31), at(22, 0), date(2026, 11, 1), at(22, 0));
        assert_eq!(longest.unwrap().minutes(), 25 * 60);
    }

    #[test]
    fn a_session_is_not_longer_by_seconds_either() {
        // New York left its own time on November 18, 1883: its clocks were put back by 3 minutes and 58 seconds.
        let zone = ZoneName::parse("America/New_York").unwrap();
        let until = |end| {
            let clock = ClockTimes {
                date: date(1883, 11, 17),
                start: at(11, 8),
                end_date: date(1883, 11, 18),
                end,
            };
            SessionTimes::new(clock, &zone).map_err(|error| error.invalid.code)
        };
        // From 11:08 to 12:04 are 24 hours and 56 minutes by the clocks; to 12:05 it is 58 seconds too long.
        assert_eq!(until(at(12, 4)).map(|times| times.minutes()), Ok(1_499));
        assert_eq!(until(at(12, 5)), Err("too_long"));
    }

    #[test]
    fn what_no_clock_shows_and_what_ends_before_it_begins_is_refused() {
        let day = date(2026, 3, 8);
        let code = |times: Result<SessionTimes, FieldError>| {
            let error = times.unwrap_err();
            (error.field.into_owned(), error.invalid.code)
        };
        let told = |field: &str, code| (field.to_owned(), code);
        let gap = session(day, at(2, 30), day, at(5, 0));
        assert_eq!(code(gap), told("start_time", "no_such_time"));
        let gap = session(day, at(1, 0), day, at(2, 15));
        assert_eq!(code(gap), told("end_time", "no_such_time"));
        let backwards = session(day, at(21, 0), day, at(18, 0));
        assert_eq!(code(backwards), told("end_time", "before_its_start"));
        let nothing = session(day, at(18, 0), day, at(18, 0));
        assert_eq!(code(nothing), told("end_time", "before_its_start"));
        let later = session(day, at(18, 0), date(2026, 3, 10), at(1, 0));
        assert_eq!(code(later), told("end_date", "not_the_next_day"));
        let before = session(day, at(18, 0), date(2026, 3, 7), at(19, 0));
        assert_eq!(code(before), told("end_date", "not_the_next_day"));
        let long = session(day, at(8, 0), date(2026, 3, 9), at(10, 0));
        assert_eq!(code(long), told("end_time", "too_long"));
    }

    #[test]
    fn sessions_overlap_for_a_moment_at_least() {
        let day = date(2026, 11, 24);
        let from_to = |from, to| session(day, at(from, 0), day, at(to, 0)).unwrap();
        let evening = from_to(18, 21);
        for (other, expected) in [
            (from_to(15, 18), false),
            (from_to(21, 22), false),
            (from_to(15, 19), true),
            (from_to(19, 20), true),
            (from_to(17, 22), true),
        ] {
            assert_eq!(evening.overlaps(&other), expected);
            assert_eq!(other.overlaps(&evening), expected);
        }
    }
}
