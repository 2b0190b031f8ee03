//! The calendars of several years, asked as one: a deadline does not end with the year.

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};

use super::{CalendarYear, Holiday, HolidayCalendar, WorkingWeek};
use crate::version::Version;

/// Why nobody works on a day.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum DayOff {
    /// The weekday is not worked.
    Weekday(Weekday),
    /// It is a holiday.
    Holiday(Holiday),
}

/// A year that has no calendar, so that nobody can say which of its days are worked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no holiday calendar for {year}")]
pub struct MissingCalendar {
    /// The year.
    pub year: i16,
}

/// The calendars of some years, one for each.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Calendars(BTreeMap<i16, HolidayCalendar>);

impl Calendars {
    /// These calendars; of two of one year the later version counts.
    pub fn new(calendars: impl IntoIterator<Item = HolidayCalendar>) -> Self {
        let mut kept: BTreeMap<i16, HolidayCalendar> = BTreeMap::new();
        for calendar in calendars {
            let year = calendar.year().get();
            let older = |known: &HolidayCalendar| known.version() <= calendar.version();
            if kept.get(&year).is_none_or(older) {
                kept.insert(year, calendar);
            }
        }
        Self(kept)
    }

    /// The first versions for all years from `first` to `last`, with the federal holidays.
    pub fn federal(first: CalendarYear, last: CalendarYear, week: WorkingWeek) -> Self {
        let years = (first.get()..=last.get()).filter_map(|year| CalendarYear::new(year).ok());
        Self::new(years.map(|year| HolidayCalendar::federal(year, week)))
    }

    /// The calendar of a year.
    pub fn of(&self, year: i16) -> Option<&HolidayCalendar> {
        self.0.get(&year)
    }

    /// Why nobody works on a day, if nobody does.
    ///
    /// # Errors
    /// [`MissingCalendar`] when its year has none.
    pub fn day_off(&self, date: Date) -> Result<Option<DayOff>, MissingCalendar> {
        let year = date.year();
        let calendar = self.of(year).ok_or(MissingCalendar { year })?;
        Ok(calendar.day_off(date))
    }

    /// The versions of the years from `first` to `last` that have a calendar.
    pub fn versions(&self, first: i16, last: i16) -> Vec<(i16, Version)> {
        let calendars = self
            .0
            .iter()
            .filter(|(year, _)| (first..=last).contains(year));
        calendars
            .map(|(year, calendar)| (*year, calendar.version()))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::holidays::CalendarEdit;

    #[test]
    fn of_two_calendars_of_one_year_the_later_version_counts() {
        let year = CalendarYear::new(2026).unwrap();
        let first = HolidayCalendar::federal(year, WorkingWeek::MONDAY_TO_FRIDAY);
        let remove = CalendarEdit::Remove {
            date: date(2026, 10, 12),
        };
        let second = first.edited(&[remove]).unwrap();
        for order in [[first.clone(), second.clone()], [second.clone(), first]] {
            let calendars = Calendars::new(order);
            assert_eq!(calendars.of(2026), Some(&second));
            assert_eq!(
                calendars.versions(2025, 2027),
                [(2026, Version::new(2).unwrap())]
            );
        }
    }

    #[test]
    fn a_year_without_a_calendar_is_not_guessed_at() {
        let calendars = Calendars::default();
        assert_eq!(
            calendars.day_off(date(2028, 1, 3)).unwrap_err().to_string(),
            "there is no holiday calendar for 2028"
        );
    }
}
