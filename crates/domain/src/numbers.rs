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
        let number = || {
            let (year, place) = text.strip_prefix("GR-")?.split_once('-')?;
            Self::new(year.parse().ok()?, place.parse().ok()?).ok()
        };
        number()
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_number_reads_what_it_prints(year in 1i16..=9999, place in 1i32..) {
            let number = GrievanceNumber::new(year, place).unwrap();
            prop_assert_eq!(GrievanceNumber::parse(&number.to_string()), Ok(number));
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
        }
    }
}
