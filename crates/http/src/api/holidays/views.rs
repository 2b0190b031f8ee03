//! How a holiday calendar is shown.

use jiff::civil::Date;
use serde::Serialize;
use unionhall_domain::{
    holidays::{Holiday, HolidayCalendar, weekday_as_str},
    version::Version,
};
use utoipa::ToSchema;

use super::super::{
    choices::{CalendarSourceName, WeekdayName},
    shown::Shown,
};

/// Where a calendar comes from: the statute, or the hall.
pub(in crate::api) const SOURCES: [&str; 2] = ["us_federal", "tenant"];

/// The working days of one year: the weekdays that are worked, without the holidays. One version of it.
#[derive(Serialize, ToSchema)]
#[schema(as = HolidayCalendar)]
pub(super) struct CalendarView<'a> {
    /// The year.
    #[schema(minimum = 1978, maximum = 2199)]
    year: i16,
    /// Which version, counted from 1.
    #[schema(minimum = 1)]
    version: i64,
    /// Where it comes from: the first version has the federal holidays of the United States (5 U.S.C. §6103), every
    /// other one was edited here.
    #[schema(value_type = CalendarSourceName)]
    source: &'static str,
    /// The weekdays that are worked.
    #[schema(value_type = Vec<WeekdayName>)]
    working_days: Vec<&'static str>,
    /// The holidays, from the first to the last.
    holidays: Vec<HolidayView<'a>>,
}

/// A day off that is not a matter of the weekday.
#[derive(Serialize, ToSchema)]
#[schema(as = Holiday)]
struct HolidayView<'a> {
    /// The day that is off.
    #[schema(value_type = String, format = Date)]
    date: Shown<Date>,
    /// What it is called.
    name: &'a str,
    /// The holiday's own date, when it is observed on another day.
    #[schema(value_type = Option<String>, format = Date, required = true)]
    observed_for: Option<Shown<Date>>,
}

impl<'a> From<&'a HolidayCalendar> for CalendarView<'a> {
    fn from(calendar: &'a HolidayCalendar) -> Self {
        let [shipped, edited] = SOURCES;
        let first = calendar.version() == Version::FIRST;
        let days = calendar.week().days().into_iter().map(weekday_as_str);
        Self {
            year: calendar.year().get(),
            version: calendar.version().get(),
            source: if first { shipped } else { edited },
            working_days: days.collect(),
            holidays: calendar.holidays().map(HolidayView::from).collect(),
        }
    }
}

impl<'a> From<(Date, &'a Holiday)> for HolidayView<'a> {
    fn from((date, holiday): (Date, &'a Holiday)) -> Self {
        let Holiday { name, observed_for } = holiday;
        Self {
            date: Shown(date),
            name: name.as_str(),
            observed_for: observed_for.map(Shown),
        }
    }
}
