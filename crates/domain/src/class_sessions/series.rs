//! Series of sessions: every so many weeks, so often, without the days that are left out.

use jiff::{ToSpan, civil::Date};

use crate::{invalid::Invalid, text::Line};

/// How the days of a series follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rhythm {
    first: Date,
    weeks: i8,
    count: u8,
}

/// The days of a series, and those that were left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeriesDays {
    /// The days, from the first to the last.
    pub days: Vec<Date>,
    /// The holidays that would have been days of it.
    pub left_out: Vec<(Date, Line<100>)>,
}

impl Rhythm {
    /// How many sessions a series has at most.
    pub const MOST: u8 = 60;
    /// How many holidays in a row are stepped over before a series is given up.
    const PATIENCE: usize = 60;

    /// On the weekday of `first`, every so many weeks (1 to 8), so often (1 to [`MOST`](Self::MOST)).
    ///
    /// # Errors
    /// `out_of_range` with the field that is: `every_weeks` or `count`.
    pub fn new(first: Date, weeks: i64, count: i64) -> Result<Self, crate::invalid::FieldError> {
        let wrong = |field, detail: String| Err(Invalid::new("out_of_range", detail).at(field));
        let Some(weeks) = i8::try_from(weeks)
            .ok()
            .filter(|weeks| (1..=8).contains(weeks))
        else {
            return wrong(
                "every_weeks",
                "must be a whole number from 1 to 8".to_owned(),
            );
        };
        let Some(count) = u8::try_from(count)
            .ok()
            .filter(|count| (1..=Self::MOST).contains(count))
        else {
            let detail = format!("must be a whole number from 1 to {}", Self::MOST);
            return wrong("count", detail);
        };
        Ok(Self {
            first,
            weeks,
            count,
        })
    }

    /// The days, where `holiday` names the holiday of a day, if it is one. Holidays do not count: a series of twelve
    /// evenings has twelve, and ends later for each that is left out.
    ///
    /// # Errors
    /// `no_such_day` when the calendar ends before the series does.
    pub fn days(
        &self,
        mut holiday: impl FnMut(Date) -> Option<Line<100>>,
    ) -> Result<SeriesDays, Invalid> {
        let beyond = || Invalid::new("no_such_day", "goes on beyond the end of the calendar");
        let mut found = SeriesDays {
            days: Vec::new(),
            left_out: Vec::new(),
        };
        let mut day = self.first;
        while found.days.len() < usize::from(self.count) {
            match holiday(day) {
                None => found.days.push(day),
                Some(name) => found.left_out.push((day, name)),
            }
            if found.left_out.len() > Self::PATIENCE {
                return Err(beyond());
            }
            day = day
                .checked_add(i32::from(self.weeks).weeks())
                .ok()
                .filter(|day| day.year() <= 9998)
                .ok_or_else(beyond)?;
        }
        Ok(found)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn christmas(day: Date) -> Option<Line<100>> {
        ((day.month(), day.day()) == (12, 25)).then(|| Line::parse("Christmas Day").unwrap())
    }

    #[test]
    fn twelve_fridays_without_christmas_end_a_week_later() {
        // Fridays from November 13, 2026: December 25 is the seventh.
        let rhythm = Rhythm::new(date(2026, 11, 13), 1, 12).unwrap();
        let found = rhythm.days(christmas).unwrap();
        assert_eq!(found.days.len(), 12);
        assert_eq!(found.days[5..7], [date(2026, 12, 18), date(2027, 1, 1)]);
        assert_eq!(found.days[11], date(2027, 2, 5));
        let left_out: Vec<_> = found.left_out.iter().map(|(day, _)| *day).collect();
        assert_eq!(left_out, [date(2026, 12, 25)]);
    }

    #[test]
    fn a_series_has_a_bound_and_needs_days_to_be_on() {
        let day = date(2026, 11, 13);
        for (weeks, count, field) in [
            (0, 12, "every_weeks"),
            (9, 12, "every_weeks"),
            (1, 0, "count"),
            (1, 61, "count"),
        ] {
            let error = Rhythm::new(day, weeks, count).unwrap_err();
            assert_eq!(error.field, field);
        }
        let always = |_| Some(Line::parse("Always").unwrap());
        let never = Rhythm::new(day, 1, 1).unwrap().days(always);
        assert_eq!(never.unwrap_err().code, "no_such_day");
    }

    proptest! {
        #[test]
        fn days_are_as_many_as_asked_for_on_one_weekday_in_order_and_no_holidays(
            offset in 0..3_000_i32, weeks in 1..=8_i64, count in 1..=60_i64,
        ) {
            let first = date(2024, 1, 1).checked_add(offset.days()).unwrap();
            let found = Rhythm::new(first, weeks, count).unwrap().days(christmas).unwrap();
            prop_assert_eq!(i64::try_from(found.days.len()).unwrap(), count);
            prop_assert!(found.days.iter().all(|day| day.weekday() == first.weekday()));
            prop_assert!(found.days.is_sorted());
            prop_assert!(found.days.iter().all(|day| christmas(*day).is_none()));
        }
    }
}
