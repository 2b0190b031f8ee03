//! Numbers of students: per tenant, per year, without gaps.

use std::fmt;

use crate::invalid::Invalid;

/// A student's number, `YYYY-NNNN`: the year of the application and the place in that year, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StudentNumber {
    year: i16,
    place: i32,
}

impl StudentNumber {
    /// The `place`-th of `year`; both from 1.
    ///
    /// # Errors
    /// `not_a_student_number` outside the years 1 to 9999 or below the first place.
    pub fn new(year: i16, place: i32) -> Result<Self, Invalid> {
        if (1..=9999).contains(&year) && place >= 1 {
            Ok(Self { year, place })
        } else {
            Err(wrong())
        }
    }

    /// Reads `2026-0001`; after 9999 in a year the number grows a digit.
    ///
    /// # Errors
    /// `not_a_student_number` for anything that [`Display`](fmt::Display) would not print.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        parts(text)
            .and_then(|(year, place)| Self::new(year, place).ok())
            .filter(|number| number.to_string() == text)
            .ok_or_else(wrong)
    }

    /// The year, in the tenant's time zone.
    pub const fn year(self) -> i16 {
        self.year
    }

    /// The place in the year, from 1.
    pub const fn place(self) -> i32 {
        self.place
    }
}

fn wrong() -> Invalid {
    Invalid::new(
        "not_a_student_number",
        "must be a student's number like 2026-0001",
    )
}

fn parts(text: &str) -> Option<(i16, i32)> {
    let (year, place) = text.split_once('-')?;
    Some((year.parse().ok()?, place.parse().ok()?))
}

impl fmt::Display for StudentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:04}", self.year, self.place)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_number_reads_what_it_prints(year in 1i16..=9999, place in 1i32..) {
            let number = StudentNumber::new(year, place).unwrap();
            prop_assert_eq!(StudentNumber::parse(&number.to_string()), Ok(number));
        }
    }

    #[test]
    fn only_the_printed_form_is_a_number() {
        for text in [
            "2026-1",
            "26-0001",
            "x2026-0001",
            "2026-0000",
            "2026-+001",
            "",
        ] {
            assert_eq!(
                StudentNumber::parse(text).unwrap_err().code,
                "not_a_student_number",
                "{text}"
            );
        }
    }
}
