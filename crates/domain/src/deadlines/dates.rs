//! Days one after another, and how a hearing officer reads them.

use jiff::civil::{Date, Weekday};

/// The day after; the last day that there is, 9999-12-31, is its own, and no calendar has it.
pub(super) fn day_after(date: Date) -> Date {
    date.tomorrow().unwrap_or(date)
}

/// The day before; the first day that there is is its own, and no calendar has it.
pub(super) fn day_before(date: Date) -> Date {
    date.yesterday().unwrap_or(date)
}

/// How many days lie between two, negative when the second comes first.
pub(super) fn days_between(from: Date, to: Date) -> i32 {
    // The unit of `Date::until` without options is days.
    from.until(to).map_or(0, |span| span.get_days())
}

/// `Monday, November 2, 2026`.
pub(super) fn long(date: Date) -> String {
    date.strftime("%A, %B %-d, %Y").to_string()
}

/// `Monday`.
pub(super) const fn weekday(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

/// `December 26 and 27, 2026, January 2 and 3, 2027`: month and year are said once.
pub(super) fn several(dates: &[Date]) -> String {
    let years = dates.chunk_by(|one, other| one.year() == other.year());
    let years = years.map(|year| {
        let months = year.chunk_by(|one, other| one.month() == other.month());
        let months: Vec<_> = months.map(month).collect();
        let number = year.first().map_or(0, |day| day.year());
        format!("{}, {number}", months.join(", "))
    });
    years.collect::<Vec<_>>().join(", ")
}

/// `November 7, 8, 14 and 15`.
fn month(dates: &[Date]) -> String {
    let days: Vec<_> = dates.iter().map(|date| date.day().to_string()).collect();
    let name = dates
        .first()
        .map(|date| date.strftime("%B").to_string())
        .unwrap_or_default();
    format!("{name} {}", listed(&days))
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn listed(items: &[impl AsRef<str>]) -> String {
    let mut text = String::new();
    for (place, item) in items.iter().enumerate() {
        if place > 0 {
            text.push_str(if place + 1 == items.len() {
                " and "
            } else {
                ", "
            });
        }
        text.push_str(item.as_ref());
    }
    text
}

/// `1st`, `2nd`, `3rd`, `11th`.
pub(super) fn ordinal(number: u16) -> String {
    let ending = match (number % 100, number % 10) {
        (11..=13, 0..=9) => "th",
        (0..=10 | 14..=99, 1) => "st",
        (0..=10 | 14..=99, 2) => "nd",
        (0..=10 | 14..=99, 3) => "rd",
        (100.., 0..) | (0..=99, 0 | 4..) => "th",
    };
    format!("{number}{ending}")
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn dates_are_read_as_they_are_said() {
        assert_eq!(long(date(2026, 11, 2)), "Monday, November 2, 2026");
        let days = [
            date(2026, 11, 28),
            date(2026, 12, 26),
            date(2026, 12, 27),
            date(2027, 1, 2),
        ];
        assert_eq!(
            several(&days),
            "November 28, December 26 and 27, 2026, January 2, 2027"
        );
        let numbers: Vec<_> = [1, 2, 3, 4, 10, 11, 12, 13, 21, 22, 23, 100, 101, 111, 730]
            .map(ordinal)
            .to_vec();
        assert_eq!(
            numbers.join(" "),
            "1st 2nd 3rd 4th 10th 11th 12th 13th 21st 22nd 23rd 100th 101st 111th 730th"
        );
        assert_eq!(listed(&["a", "b", "c"]), "a, b and c");
    }

    #[test]
    fn days_between_are_counted_over_years_and_backwards() {
        assert_eq!(days_between(date(2027, 12, 31), date(2028, 3, 1)), 61);
        assert_eq!(days_between(date(2028, 3, 1), date(2027, 12, 31)), -61);
    }
}
