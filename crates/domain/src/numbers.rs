//! Numbers people quote: per tenant, per year, without gaps.

use std::fmt;

use crate::invalid::Invalid;

/// A grievance's number, `GR-YYYY-NNNN`: the year of filing and its place in that year, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GrievanceNumber {
    year: i16,
    place: i32,
}

impl GrievanceNumber {
    /// The `place`-th grievance of `year`; both from 1.
    ///
    /// # Errors
    /// `not_a_grievance_number` outside the years 1 to 9999 or below the first place.
    pub fn new(year: i16, place: i32) -> Result<Self, Invalid> {
        if (1..=9999).contains(&year) && place >= 1 {
            Ok(Self { year, place })
        } else {
            Err(wrong())
        }
    }

    /// Reads `GR-2026-0001`; after 9999 in a year the number grows a digit.
    ///
    /// # Errors
    /// `not_a_grievance_number` for anything that [`Display`](fmt::Display) would not print.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        parts(text, "GR-")
            .and_then(|(year, place)| Self::new(year, place).ok())
            .filter(|number| number.to_string() == text)
            .ok_or_else(wrong)
    }

    /// The year of filing, in the tenant's time zone.
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
        "not_a_grievance_number",
        "must be a grievance number like GR-2026-0001",
    )
}

impl fmt::Display for GrievanceNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GR-{:04}-{:04}", self.year, self.place)
    }
}

/// A benevolence application's number, `BF-YYYY-NNNN`: the year it was made and its place in that year, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BenevolenceNumber {
    year: i16,
    place: i32,
}

impl BenevolenceNumber {
    /// The `place`-th application of `year`; both from 1.
    ///
    /// # Errors
    /// `not_a_benevolence_number` outside the years 1 to 9999 or below the first place.
    pub fn new(year: i16, place: i32) -> Result<Self, Invalid> {
        if (1..=9999).contains(&year) && place >= 1 {
            Ok(Self { year, place })
        } else {
            Err(not_of_the_fund())
        }
    }

    /// Reads `BF-2026-0001`; after 9999 in a year the number grows a digit.
    ///
    /// # Errors
    /// `not_a_benevolence_number` for anything that [`Display`](fmt::Display) would not print.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        parts(text, "BF-")
            .and_then(|(year, place)| Self::new(year, place).ok())
            .filter(|number| number.to_string() == text)
            .ok_or_else(not_of_the_fund)
    }

    /// The year of the application's date, in the tenant's time zone.
    pub const fn year(self) -> i16 {
        self.year
    }

    /// The place in the year, from 1.
    pub const fn place(self) -> i32 {
        self.place
    }
}

fn not_of_the_fund() -> Invalid {
    Invalid::new(
        "not_a_benevolence_number",
        "must be an application's number like BF-2026-0001",
    )
}

impl fmt::Display for BenevolenceNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "BF-{:04}-{:04}", self.year, self.place)
    }
}

/// Year and place of a number that begins like this.
fn parts(text: &str, prefix: &str) -> Option<(i16, i32)> {
    let (year, place) = text.strip_prefix(prefix)?.split_once('-')?;
    Some((year.parse().ok()?, place.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_number_reads_what_it_prints(year in 1i16..=9999, place in 1i32..) {
            let number = GrievanceNumber::new(year, place).unwrap();
            prop_assert_eq!(GrievanceNumber::parse(&number.to_string()), Ok(number));
            let number = BenevolenceNumber::new(year, place).unwrap();
            prop_assert_eq!(BenevolenceNumber::parse(&number.to_string()), Ok(number));
        }
    }

    #[test]
    fn only_the_printed_form_is_a_number() {
        for text in [
            "GR-2026-1",
            "GR-26-0001",
            "gr-2026-0001",
            "GR-2026-0000",
            "GR-2026-+001",
            "",
        ] {
            assert!(GrievanceNumber::parse(text).is_err(), "{text}");
            let text = text.replace("GR", "BF").replace("gr", "bf");
            assert!(BenevolenceNumber::parse(&text).is_err(), "{text}");
        }
    }
}
