//! Exact decimals with two places, kept as whole hundredths: credits, hours, percentages.

use std::fmt;

use crate::invalid::Invalid;

/// A number from 0 to `MOST` hundredths, exact to the hundredth: never a float.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Hundredths<const MOST: u32>(u32);

impl<const MOST: u32> Hundredths<MOST> {
    /// So many hundredths.
    ///
    /// # Errors
    /// `out_of_range` below 0 or above `MOST`.
    pub fn new(hundredths: i64) -> Result<Self, Invalid> {
        u32::try_from(hundredths)
            .ok()
            .filter(|hundredths| *hundredths <= MOST)
            .map(Self)
            .ok_or_else(|| {
                let detail = format!("must be from 0.00 to {}", Self(MOST));
                Invalid::new("out_of_range", detail)
            })
    }

    /// Reads `3`, `3.5` or `3.50`.
    ///
    /// # Errors
    /// `not_a_decimal` for anything but digits with at most two decimals, `out_of_range` beyond the bounds.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let wrong = || {
            let detail = "must be a decimal string with at most two decimals, like \"37.50\"";
            Invalid::new("not_a_decimal", detail)
        };
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "00"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(fraction) || fraction.len() > 2 {
            return Err(wrong());
        }
        // More digits than an integer holds are a number beyond the bounds.
        let whole: i64 = whole.parse().unwrap_or(i64::MAX);
        let fraction: i64 = format!("{fraction:0<2}").parse().map_err(|_| wrong())?;
        Self::new(whole.saturating_mul(100).saturating_add(fraction))
    }

    /// How many hundredths it is.
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl<const MOST: u32> fmt::Display for Hundredths<MOST> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Percent = Hundredths<10_000>;

    #[test]
    fn a_decimal_is_read_exactly_and_within_its_bounds() {
        for (text, hundredths) in [("0", 0), ("70", 7_000), ("69.5", 6_950), ("100.00", 10_000)] {
            assert_eq!(Percent::parse(text).unwrap().get(), hundredths);
        }
        for (text, code) in [
            ("", "not_a_decimal"),
            (".5", "not_a_decimal"),
            ("5.", "not_a_decimal"),
            ("1.234", "not_a_decimal"),
            ("-1", "not_a_decimal"),
            ("1e2", "not_a_decimal"),
            ("100.01", "out_of_range"),
            ("99999999999999999999", "out_of_range"),
        ] {
            assert_eq!(Percent::parse(text).unwrap_err().code, code, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_back_as_it_was(hundredths in 0..=10_000_i64) {
            let shown = Percent::new(hundredths).unwrap();
            prop_assert_eq!(Percent::parse(&shown.to_string()).unwrap(), shown);
        }
    }
}
