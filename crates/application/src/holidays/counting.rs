//! The calendars that something is counted with: those that are there, and copies of the federal ones as soon as a
//! year is needed that has none.

use unionhall_domain::{
    deadlines::Uncountable,
    holidays::{CalendarYear, Calendars, HolidayCalendar, MissingCalendar},
    version::Version,
};

use super::copied;
use crate::{core::Change, error::CallError};

/// How many years are looked up at once: periods are of days and weeks.
const YEARS: i16 = 2;

/// The calendars of some years.
pub(crate) struct CountingCalendars(Vec<HolidayCalendar>);

impl CountingCalendars {
    /// Those of a year and the next, as they count now.
    ///
    /// # Errors
    /// [`CallError`].
    pub(crate) fn from(change: &mut Change<'_>, first: i16) -> Result<Self, CallError> {
        let last = year(first.saturating_add(YEARS.saturating_sub(1)))?;
        let found = change.tx.holidays().last_of_each(year(first)?, last)?;
        Ok(Self(found))
    }

    /// The versions of some years that something was counted with before.
    ///
    /// # Errors
    /// [`CallError`].
    pub(crate) fn of_versions(
        change: &mut Change<'_>,
        versions: &[(i16, Version)],
    ) -> Result<Self, CallError> {
        let mut found = Vec::new();
        for (number, version) in versions {
            let calendar = change.tx.holidays().find(year(*number)?, *version)?;
            found.extend(calendar);
        }
        Ok(Self(found))
    }

    /// Counts something. A year that turns out to be needed gets its calendar as it counts now, which is copied from
    /// the federal one when there is none, and put on record: what was counted can be counted again.
    ///
    /// # Errors
    /// [`CallError`].
    pub(crate) fn count<T>(
        &mut self,
        change: &mut Change<'_>,
        mut work: impl FnMut(&Calendars) -> Result<T, Uncountable>,
    ) -> Result<T, CallError> {
        loop {
            match work(&Calendars::new(self.0.iter().cloned())) {
                Ok(counted) => return Ok(counted),
                Err(Uncountable::MissingCalendar(MissingCalendar { year: missing })) => {
                    self.add(change, year(missing)?)?;
                }
                Err(
                    error @ (Uncountable::OtherEvent { .. } | Uncountable::OtherCalendar { .. }),
                ) => {
                    return Err(CallError::Internal(Box::new(error)));
                }
            }
        }
    }

    fn add(&mut self, change: &mut Change<'_>, year: CalendarYear) -> Result<(), CallError> {
        let found = change.tx.holidays().last_of_each(year, year)?;
        let calendar = match found.into_iter().next() {
            Some(calendar) => calendar,
            None => copied(change, year)?,
        };
        self.0.push(calendar);
        Ok(())
    }
}

/// No deadline is counted in a year that has no calendar: dates of grievances are not so old, and periods not so long.
fn year(number: i16) -> Result<CalendarYear, CallError> {
    CalendarYear::new(number).map_err(|invalid| CallError::Internal(invalid.detail.into()))
}
