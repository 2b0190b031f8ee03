//! The weekdays that are worked, and the names of weekdays.

use jiff::civil::Weekday;

use crate::{invalid::Invalid, text::one_of};

/// The weekdays, from Monday.
const WEEKDAYS: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

/// The name of a weekday on the wire and in storage.
pub const fn weekday_as_str(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "monday",
        Weekday::Tuesday => "tuesday",
        Weekday::Wednesday => "wednesday",
        Weekday::Thursday => "thursday",
        Weekday::Friday => "friday",
        Weekday::Saturday => "saturday",
        Weekday::Sunday => "sunday",
    }
}

/// Reads the name of a weekday.
///
/// # Errors
/// `unknown_value`, with the names there are.
pub fn parse_weekday(text: &str) -> Result<Weekday, Invalid> {
    one_of(text, &WEEKDAYS, weekday_as_str)
}

/// The weekdays that are worked: at least one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct WorkingWeek(u8);

impl WorkingWeek {
    /// The five days that an agreement means when it says no more than "working days".
    pub const MONDAY_TO_FRIDAY: Self = Self(0b001_1111);

    /// The week of these days; their order does not matter.
    ///
    /// # Errors
    /// `no_working_day` when there is none: nothing could ever be counted.
    pub fn of(days: &[Weekday]) -> Result<Self, Invalid> {
        let bits = days.iter().fold(0, |bits, day| bits | bit(*day));
        if bits == 0 {
            Err(Invalid::new(
                "no_working_day",
                "must have at least one working day",
            ))
        } else {
            Ok(Self(bits))
        }
    }

    /// Whether the day is worked.
    pub fn has(self, day: Weekday) -> bool {
        self.0 & bit(day) != 0
    }

    /// The days that are worked, from Monday.
    pub fn days(self) -> Vec<Weekday> {
        let worked = |day: &Weekday| self.has(*day);
        WEEKDAYS.into_iter().filter(worked).collect()
    }
}

/// The place of a weekday in the set: the lowest for Monday.
fn bit(day: Weekday) -> u8 {
    1 << day.to_monday_zero_offset()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_weekday_reads_what_it_prints() {
        for day in WEEKDAYS {
            assert_eq!(parse_weekday(weekday_as_str(day)), Ok(day));
        }
    }

    #[test]
    fn a_week_has_the_days_it_was_made_of_and_at_least_one() {
        let four = [
            Weekday::Thursday,
            Weekday::Monday,
            Weekday::Tuesday,
            Weekday::Wednesday,
        ];
        let week = WorkingWeek::of(&four).unwrap();
        assert_eq!(week.days(), WEEKDAYS[..4]);
        assert_eq!(WorkingWeek::MONDAY_TO_FRIDAY.days(), WEEKDAYS[..5]);
        assert_eq!(WorkingWeek::of(&[]).unwrap_err().code, "no_working_day");
    }
}
