//! The federal holidays of the United States, from the words of the statute: 5 U.S.C. §6103(a) and (b).
//!
//! Inauguration Day is not among them: §6103(c) makes it a holiday for employees in and around Washington alone.

use std::collections::BTreeMap;

use jiff::{
    ToSpan,
    civil::{Date, Weekday},
};

use super::{CalendarYear, Holiday, WorkingWeek};
use crate::text::Line;

/// Where the statute puts a holiday.
#[derive(Clone, Copy)]
enum Place {
    /// On a day of a month.
    On(i8, i8),
    /// On the first, second … weekday of a month; −1 is the last.
    Nth(i8, i8, Weekday),
}

/// The holidays of §6103(a): name, first year, place. Those that were there before 1978 have that year.
const HOLIDAYS: [(&str, i16, Place); 11] = [
    ("New Year's Day", 1978, Place::On(1, 1)),
    // Pub. L. 98-144: the first one was January 20, 1986.
    (
        "Birthday of Martin Luther King, Jr.",
        1986,
        Place::Nth(1, 3, Weekday::Monday),
    ),
    (
        "Washington's Birthday",
        1978,
        Place::Nth(2, 3, Weekday::Monday),
    ),
    ("Memorial Day", 1978, Place::Nth(5, -1, Weekday::Monday)),
    // Pub. L. 117-17, in force from June 17, 2021.
    (
        "Juneteenth National Independence Day",
        2021,
        Place::On(6, 19),
    ),
    ("Independence Day", 1978, Place::On(7, 4)),
    ("Labor Day", 1978, Place::Nth(9, 1, Weekday::Monday)),
    ("Columbus Day", 1978, Place::Nth(10, 2, Weekday::Monday)),
    ("Veterans Day", 1978, Place::On(11, 11)),
    (
        "Thanksgiving Day",
        1978,
        Place::Nth(11, 4, Weekday::Thursday),
    ),
    ("Christmas Day", 1978, Place::On(12, 25)),
];

impl Place {
    /// The date in a year.
    fn date(self, year: i16) -> Option<Date> {
        match self {
            Self::On(month, day) => Date::new(year, month, day).ok(),
            Self::Nth(month, nth, weekday) => Date::new(year, month, 1)
                .and_then(|first| first.nth_weekday_of_month(nth, weekday))
                .ok(),
        }
    }
}

/// The days of a year that are off for a holiday, the year's own and the New Year's Day after it, which may be
/// observed in December.
pub(super) fn observed_in(year: CalendarYear, week: WorkingWeek) -> BTreeMap<Date, Holiday> {
    let own = HOLIDAYS.iter().map(|holiday| (year.get(), holiday));
    let next = HOLIDAYS
        .iter()
        .take(1)
        .map(|holiday| (year.get() + 1, holiday));
    let mut days = BTreeMap::new();
    for (of, (name, since, place)) in own.chain(next) {
        let Some(date) = place.date(of).filter(|_| *since <= of) else {
            continue;
        };
        let observed = observed(date, week);
        // Every name in the table is a line.
        if let (Ok(name), true) = (Line::parse(name), observed.year() == year.get()) {
            let observed_for = (observed != date).then_some(date);
            days.entry(observed)
                .or_insert(Holiday { name, observed_for });
        }
    }
    days
}

/// The day on which a holiday is observed.
///
/// On a day that is worked it stays. Of the others a Sunday gives way to the next day that is worked (Executive Order
/// 11582 §3(a)), and any other day to the last one before it (§6103(b)): Saturday to Friday, for those who work
/// from Monday to Friday.
fn observed(date: Date, week: WorkingWeek) -> Date {
    let step = match date.weekday() {
        Weekday::Sunday => 1,
        Weekday::Monday
        | Weekday::Tuesday
        | Weekday::Wednesday
        | Weekday::Thursday
        | Weekday::Friday
        | Weekday::Saturday => -1,
    };
    (0..7)
        .filter_map(|days| date.checked_add((step * days).days()).ok())
        .find(|day| week.has(day.weekday()))
        .unwrap_or(date)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn days(year: i16, week: WorkingWeek) -> Vec<String> {
        let days = observed_in(CalendarYear::new(year).unwrap(), week);
        let line = |(date, holiday): (&Date, &Holiday)| {
            format!("{} {}", date.strftime("%a %b %-d %Y"), holiday.name)
        };
        days.iter().map(line).collect()
    }

    #[test]
    fn the_days_of_seven_years_as_the_statute_puts_them() {
        let years: Vec<_> = [1986, 2020, 2021, 2022, 2023, 2026, 2027]
            .into_iter()
            .flat_map(|year| days(year, WorkingWeek::MONDAY_TO_FRIDAY))
            .collect();
        insta::assert_snapshot!(years.join("\n"));
    }

    #[test]
    fn the_days_are_those_that_the_office_of_personnel_management_published() {
        // U.S. Office of Personnel Management, "Federal Holidays", the lists of 2012 and 2023.
        let dates = |year| -> Vec<_> {
            let days = observed_in(
                CalendarYear::new(year).unwrap(),
                WorkingWeek::MONDAY_TO_FRIDAY,
            );
            days.keys().map(|day| (day.month(), day.day())).collect()
        };
        let in_2012 = [
            (1, 2),
            (1, 16),
            (2, 20),
            (5, 28),
            (7, 4),
            (9, 3),
            (10, 8),
            (11, 12),
            (11, 22),
            (12, 25),
        ];
        let in_2023 = [
            (1, 2),
            (1, 16),
            (2, 20),
            (5, 29),
            (6, 19),
            (7, 4),
            (9, 4),
            (10, 9),
            (11, 10),
            (11, 23),
            (12, 25),
        ];
        assert_eq!(dates(2012), in_2012);
        assert_eq!(dates(2023), in_2023);
    }

    #[test]
    fn a_saturday_gives_way_to_friday_and_a_sunday_to_monday_over_the_end_of_the_year_too() {
        let week = WorkingWeek::MONDAY_TO_FRIDAY;
        for (own, day) in [
            (date(2022, 1, 1), date(2021, 12, 31)),
            (date(2023, 1, 1), date(2023, 1, 2)),
            (date(2026, 7, 4), date(2026, 7, 3)),
            (date(2027, 7, 4), date(2027, 7, 5)),
            (date(2026, 12, 25), date(2026, 12, 25)),
        ] {
            assert_eq!(observed(own, week), day, "{own}");
        }
    }

    #[test]
    fn other_weeks_observe_on_the_workday_before_and_after_a_sunday_on_the_one_after() {
        // 5 U.S.C. §6103(b)(2): four days of ten hours, Monday to Thursday.
        let four = WorkingWeek::of(&[
            Weekday::Monday,
            Weekday::Tuesday,
            Weekday::Wednesday,
            Weekday::Thursday,
        ])
        .unwrap();
        // Friday, November 11, 2022, and Saturday, July 4, 2026, are observed on the Thursday before.
        assert_eq!(observed(date(2022, 11, 11), four), date(2022, 11, 10));
        assert_eq!(observed(date(2026, 7, 4), four), date(2026, 7, 2));
        // Sunday, December 25, 2022: the Monday after.
        assert_eq!(observed(date(2022, 12, 25), four), date(2022, 12, 26));
        // Who works on Saturdays has Saturday, July 4, 2026, off.
        let six = WorkingWeek::of(&[
            Weekday::Monday,
            Weekday::Tuesday,
            Weekday::Wednesday,
            Weekday::Thursday,
            Weekday::Friday,
            Weekday::Saturday,
        ])
        .unwrap();
        assert_eq!(observed(date(2026, 7, 4), six), date(2026, 7, 4));
    }

    #[test]
    fn there_is_no_juneteenth_before_2021_and_no_inauguration_day_ever() {
        let named = |year, name: &str| {
            days(year, WorkingWeek::MONDAY_TO_FRIDAY)
                .iter()
                .any(|line| line.contains(name))
        };
        assert!(!named(2020, "Juneteenth"));
        assert!(named(2021, "Jun 18 2021 Juneteenth"));
        assert!(!named(1985, "Martin Luther King"));
        // January 20, 2021, was an inauguration; nothing else is on that day.
        assert!(!named(2021, "Jan 20"));
    }
}
