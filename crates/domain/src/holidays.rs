//! Working days: which weekdays a hall works, and which days of a year are holidays; each year's list has versions.

mod calendars;
mod edits;
mod federal;
mod weeks;

use std::collections::BTreeMap;

use jiff::civil::Date;

pub use self::{
    calendars::{Calendars, DayOff, MissingCalendar},
    edits::CalendarEditKind,
    weeks::{WorkingWeek, parse_weekday, weekday_as_str},
};
use crate::{
    audit::Fields,
    invalid::{FieldError, Invalid},
    text::Line,
    version::Version,
};

/// How many holidays one year may have: more would be no working year.
pub const MOST_HOLIDAYS: usize = 120;

/// A year that has a holiday calendar: from 1978, since when the federal holidays are where they are now
/// (Pub. L. 94-97 moved Veterans Day back to November 11), to 2199.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CalendarYear(i16);

impl CalendarYear {
    /// The first year there is.
    pub const FIRST: Self = Self(1978);
    /// The last year there is.
    pub const LAST: Self = Self(2199);

    /// The year with this number.
    ///
    /// # Errors
    /// `outside_the_years` before 1978 or after 2199.
    pub fn new(year: i16) -> Result<Self, Invalid> {
        if (Self::FIRST.0..=Self::LAST.0).contains(&year) {
            Ok(Self(year))
        } else {
            Err(Invalid::new(
                "outside_the_years",
                format!("must be a year from {} to {}", Self::FIRST.0, Self::LAST.0),
            ))
        }
    }

    /// Its number.
    pub const fn get(self) -> i16 {
        self.0
    }
}

/// A day off that is not a matter of the weekday.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Holiday {
    /// What it is called.
    pub name: Line<100>,
    /// The holiday's own date, when it is observed on another day.
    pub observed_for: Option<Date>,
}

/// The working days of one year: the weekdays that are worked, without the holidays. One version of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HolidayCalendar {
    year: CalendarYear,
    version: Version,
    week: WorkingWeek,
    holidays: BTreeMap<Date, Holiday>,
}

/// One change of a calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CalendarEdit {
    /// A day becomes a holiday.
    Add {
        /// The day.
        date: Date,
        /// What it is called.
        name: Line<100>,
    },
    /// A day is a holiday no more.
    Remove {
        /// The day that is off now: that of the observance.
        date: Date,
    },
    /// Other weekdays are worked; holidays stay on the days where they are.
    Week(WorkingWeek),
}

impl HolidayCalendar {
    /// The first version of a year's calendar, with the federal holidays of the United States.
    ///
    /// The days are those of 5 U.S.C. §6103(a). One that falls on a day that is not worked is observed on another
    /// (§6103(b), Executive Order 11582 §3): after a Sunday on the next day that is worked, otherwise on the last
    /// one before. A New Year's Day that is observed on December 31 stands in the calendar of the year before it.
    pub fn federal(year: CalendarYear, week: WorkingWeek) -> Self {
        Self {
            year,
            version: Version::FIRST,
            week,
            holidays: federal::observed_in(year, week),
        }
    }

    /// A calendar as it was kept.
    ///
    /// # Errors
    /// Every wrong field: `outside_the_year` or `already_a_holiday` for a date, `too_many` for the list.
    pub fn new(
        year: CalendarYear,
        version: Version,
        week: WorkingWeek,
        holidays: Vec<(Date, Holiday)>,
    ) -> Result<Self, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut kept = BTreeMap::new();
        for (index, (date, holiday)) in holidays.into_iter().enumerate() {
            let refused = if date.year() != year.get() {
                Some(outside_the_year(year))
            } else if kept.insert(date, holiday).is_some() {
                Some(already_a_holiday())
            } else {
                None
            };
            errors.extend(refused.map(|invalid| FieldError {
                field: format!("holidays/{index}/date").into(),
                invalid,
            }));
        }
        errors.extend(too_many(&kept).map(|invalid| invalid.at("holidays")));
        if errors.is_empty() {
            Ok(Self {
                year,
                version,
                week,
                holidays: kept,
            })
        } else {
            Err(errors)
        }
    }

    /// The next version, after some changes made in their order; this one stays as it is.
    ///
    /// # Errors
    /// Every wrong change: `outside_the_year`, `already_a_holiday` or `not_a_holiday` for its date, `too_many` for
    /// all of them.
    pub fn edited(&self, edits: &[CalendarEdit]) -> Result<Self, Vec<FieldError>> {
        let mut next = Self {
            version: self.version.next(),
            ..self.clone()
        };
        let mut errors = Vec::new();
        for (index, edit) in edits.iter().enumerate() {
            if let Err(invalid) = next.edit(edit) {
                let field = format!("edits/{index}/date").into();
                errors.push(FieldError { field, invalid });
            }
        }
        errors.extend(too_many(&next.holidays).map(|invalid| invalid.at("edits")));
        if errors.is_empty() {
            Ok(next)
        } else {
            Err(errors)
        }
    }

    fn edit(&mut self, edit: &CalendarEdit) -> Result<(), Invalid> {
        match edit {
            CalendarEdit::Add { date, name } => {
                if date.year() != self.year.get() {
                    return Err(outside_the_year(self.year));
                }
                if self.holidays.contains_key(date) {
                    return Err(already_a_holiday());
                }
                let holiday = Holiday {
                    name: name.clone(),
                    observed_for: None,
                };
                self.holidays.insert(*date, holiday);
            }
            CalendarEdit::Remove { date } => {
                let removed = self.holidays.remove(date);
                removed.ok_or_else(|| Invalid::new("not_a_holiday", "is not a holiday"))?;
            }
            CalendarEdit::Week(week) => self.week = *week,
        }
        Ok(())
    }

    /// The year.
    pub const fn year(&self) -> CalendarYear {
        self.year
    }

    /// Which version of the year's calendar it is.
    pub const fn version(&self) -> Version {
        self.version
    }

    /// The weekdays that are worked.
    pub const fn week(&self) -> WorkingWeek {
        self.week
    }

    /// The holidays, from the first to the last.
    pub fn holidays(&self) -> impl Iterator<Item = (Date, &Holiday)> {
        self.holidays.iter().map(|(date, holiday)| (*date, holiday))
    }

    /// Why nobody works on a day of this year, if nobody does; the weekday is named before the holiday.
    pub fn day_off(&self, date: Date) -> Option<DayOff> {
        if self.week.has(date.weekday()) {
            self.holidays.get(&date).cloned().map(DayOff::Holiday)
        } else {
            Some(DayOff::Weekday(date.weekday()))
        }
    }

    /// The calendar as the audit trail shows it.
    pub fn fields(&self) -> Fields {
        let days = self.week.days().into_iter().map(weekday_as_str);
        let holidays = self.holidays().map(|(date, holiday)| {
            holiday.observed_for.map_or_else(
                || format!("{date} {}", holiday.name),
                |own| format!("{date} {} (for {own})", holiday.name),
            )
        });
        vec![
            ("year", Some(self.year.get().to_string())),
            ("calendar_version", Some(self.version.get().to_string())),
            ("working_days", Some(days.collect::<Vec<_>>().join(", "))),
            ("holidays", Some(holidays.collect::<Vec<_>>().join("; "))),
        ]
    }
}

fn outside_the_year(year: CalendarYear) -> Invalid {
    Invalid::new(
        "outside_the_year",
        format!("must be a day of {}", year.get()),
    )
}

fn already_a_holiday() -> Invalid {
    Invalid::new("already_a_holiday", "is a holiday already")
}

fn too_many(holidays: &BTreeMap<Date, Holiday>) -> Option<Invalid> {
    (holidays.len() > MOST_HOLIDAYS).then(|| {
        Invalid::new(
            "too_many",
            format!("must be at most {MOST_HOLIDAYS} holidays"),
        )
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn calendar() -> HolidayCalendar {
        let year = CalendarYear::new(2026).unwrap();
        HolidayCalendar::federal(year, WorkingWeek::MONDAY_TO_FRIDAY)
    }

    fn name(text: &str) -> Line<100> {
        Line::parse(text).unwrap()
    }

    fn codes(edits: &[CalendarEdit]) -> Vec<(String, &'static str)> {
        let errors = calendar().edited(edits).unwrap_err();
        let code = |error: FieldError| (error.field.into_owned(), error.invalid.code);
        errors.into_iter().map(code).collect()
    }

    #[test]
    fn an_edit_makes_the_next_version_and_leaves_the_one_before() {
        let before = calendar();
        let after = before
            .edited(&[
                CalendarEdit::Remove {
                    date: date(2026, 10, 12),
                },
                CalendarEdit::Add {
                    date: date(2026, 11, 27),
                    name: name("Day after Thanksgiving"),
                },
            ])
            .unwrap();
        assert_eq!((before.version().get(), after.version().get()), (1, 2));
        assert!(before.day_off(date(2026, 10, 12)).is_some());
        assert_eq!(after.day_off(date(2026, 10, 12)), None);
        assert_eq!(
            after.day_off(date(2026, 11, 27)),
            Some(DayOff::Holiday(Holiday {
                name: name("Day after Thanksgiving"),
                observed_for: None
            }))
        );
    }

    #[test]
    fn every_wrong_edit_is_named() {
        let day = |month, day| date(2026, month, day);
        let add = |date| CalendarEdit::Add {
            date,
            name: name("Day"),
        };
        let edits = [
            add(date(2027, 1, 4)),
            add(day(12, 25)),
            CalendarEdit::Remove { date: day(5, 1) },
            add(day(5, 1)),
            add(day(5, 1)),
        ];
        assert_eq!(
            codes(&edits),
            [
                ("edits/0/date".to_owned(), "outside_the_year"),
                ("edits/1/date".to_owned(), "already_a_holiday"),
                ("edits/2/date".to_owned(), "not_a_holiday"),
                ("edits/4/date".to_owned(), "already_a_holiday"),
            ]
        );
        let too_many: Vec<_> = (1..=6)
            .flat_map(|month| (1..=28).map(move |day| (month, day)))
            .map(|(month, day)| add(date(2026, month, day)))
            .collect();
        assert!(codes(&too_many).contains(&("edits".to_owned(), "too_many")));
    }

    #[test]
    fn a_calendar_is_kept_and_read_back() {
        let before = calendar();
        let holidays = before
            .holidays()
            .map(|(date, holiday)| (date, holiday.clone()));
        let read = HolidayCalendar::new(
            before.year(),
            before.version(),
            before.week(),
            holidays.collect(),
        );
        assert_eq!(read, Ok(before));
    }

    #[test]
    fn a_year_lies_between_1978_and_2199() {
        for year in [1977, 2200] {
            assert_eq!(
                CalendarYear::new(year).unwrap_err().code,
                "outside_the_years"
            );
        }
        assert_eq!(CalendarYear::new(1978), Ok(CalendarYear::FIRST));
        assert_eq!(CalendarYear::new(2199), Ok(CalendarYear::LAST));
    }

    #[test]
    fn the_audit_trail_shows_the_days() {
        let fields = calendar().fields();
        assert_eq!(fields.len(), 4);
        let holidays = fields[3].1.clone().unwrap();
        assert!(holidays.contains("2026-07-03 Independence Day (for 2026-07-04)"));
    }
}
