//! Holiday calendars in storage: one for each year, in versions.

use jiff::Timestamp;
use unionhall_domain::{
    holidays::{CalendarYear, HolidayCalendar},
    version::Version,
};

use crate::{
    pages::{Page, PageRequest},
    storage::StorageError,
};

/// What a list of calendars can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum CalendarSort {
    /// The year.
    #[default]
    Year,
}

/// The holiday calendars of one tenant.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait HolidayCalendarRepository {
    /// The last version of each year from `first` to `last` that has one, in the order of the years.
    ///
    /// # Errors
    /// [`StorageError`].
    fn last_of_each(
        &mut self,
        first: CalendarYear,
        last: CalendarYear,
    ) -> Result<Vec<HolidayCalendar>, StorageError>;

    /// A version of a year's calendar.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find(
        &mut self,
        year: CalendarYear,
        version: Version,
    ) -> Result<Option<HolidayCalendar>, StorageError>;

    /// The last version of each year that has one, in the order of the years.
    ///
    /// # Errors
    /// [`StorageError`].
    fn list(
        &mut self,
        page: &PageRequest<CalendarSort>,
    ) -> Result<Page<HolidayCalendar>, StorageError>;

    /// Adds a version of a year's calendar, made at an instant, and says whether it was not there before.
    ///
    /// # Errors
    /// [`StorageError`].
    fn insert(&mut self, calendar: &HolidayCalendar, at: Timestamp) -> Result<bool, StorageError>;
}
