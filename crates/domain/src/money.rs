//! Money as whole minor units: cents in the program and the database, a decimal string on the wire.

use std::fmt;

use crate::invalid::Invalid;

/// An amount of the tenant's currency that is not negative, in minor units (cents), below ten billion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(i64);

impl Amount {
    const LARGEST: i64 = 999_999_999_999;

    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// The smallest amount that is something: one minor unit (cent).
    pub const SMALLEST: Self = Self(1);

    /// An amount that is written into the program, in minor units (cents); one out of range does not compile.
    pub(crate) const fn constant(minor: i64) -> Self {
        assert!(minor >= 0 && minor <= Self::LARGEST);
        Self(minor)
    }

    /// An amount of `minor` units (cents).
    ///
    /// # Errors
    /// `out_of_range` below 0 or above 9,999,999,999.99.
    pub fn from_minor(minor: i64) -> Result<Self, Invalid> {
        if (0..=Self::LARGEST).contains(&minor) {
            Ok(Self(minor))
        } else {
            Err(Invalid::new(
                "out_of_range",
                "must be from 0.00 to 9999999999.99",
            ))
        }
    }

    /// An amount that is written in the program.
    pub(crate) const fn literal(minor: i64) -> Self {
        Self(minor)
    }

    /// Reads `1250`, `1250.5` or `1250.50`.
    ///
    /// # Errors
    /// `not_an_amount` for anything but digits with at most two decimals, `out_of_range` beyond the bounds.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let wrong = || {
            Invalid::new(
                "not_an_amount",
                "must be a decimal string with at most two decimals, like \"1250.00\"",
            )
        };
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "00"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !digits(whole) || !digits(fraction) || fraction.len() > 2 {
            return Err(wrong());
        }
        let too_much = |_| Self::from_minor(-1).err().unwrap_or_else(wrong);
        let whole: i64 = whole.parse().map_err(too_much)?;
        let cents: i64 = format!("{fraction:0<2}").parse().map_err(too_much)?;
        Self::from_minor(whole.saturating_mul(100).saturating_add(cents))
    }

    /// The amount in minor units (cents).
    pub const fn minor(self) -> i64 {
        self.0
    }

    /// Whether it is nothing.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Both together.
    ///
    /// # Errors
    /// `out_of_range` above 9,999,999,999.99.
    pub fn plus(self, other: Self) -> Result<Self, Invalid> {
        // Both are below ten billion in cents, so their sum is far from the bounds of the integer.
        Self::from_minor(self.0.saturating_add(other.0))
    }

    /// What is left without `other`; nothing at all when `other` is more.
    pub fn minus(self, other: Self) -> Option<Self> {
        Self::from_minor(self.0.saturating_sub(other.0)).ok()
    }
}

/// What several amounts make together, which has no upper bound of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Sum(i64);

impl Sum {
    /// The sum of nothing.
    pub const ZERO: Self = Self(0);

    /// A sum of `minor` units (cents); nothing is less than nothing.
    #[must_use]
    pub const fn from_minor(minor: i64) -> Self {
        Self(if minor < 0 { 0 } else { minor })
    }

    /// Both together; at the end of the integer, nine million times the largest amount, it stays there.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// The sum in minor units.
    pub const fn minor(self) -> i64 {
        self.0
    }
}

impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_amount_reads_what_it_prints(minor in 0..=Amount::LARGEST) {
            let amount = Amount::from_minor(minor).unwrap();
            prop_assert_eq!(Amount::parse(&amount.to_string()), Ok(amount));
        }

        #[test]
        fn what_is_added_can_be_taken_away_and_nothing_goes_below_zero(
            one in 0..=Amount::LARGEST,
            other in 0..=Amount::LARGEST,
        ) {
            let (one, other) = (Amount(one), Amount(other));
            match one.plus(other) {
                Ok(sum) => prop_assert_eq!(sum.minus(other), Some(one)),
                Err(refused) => prop_assert_eq!(refused.code, "out_of_range"),
            }
            prop_assert_eq!(one.minus(other).is_some(), one >= other);
        }

        #[test]
        fn a_sum_prints_like_the_amount_it_is_of(minor in 0..=Amount::LARGEST) {
            let sum = Sum::from_minor(minor);
            prop_assert_eq!(sum.to_string(), Amount(minor).to_string());
            prop_assert_eq!(sum.plus(sum).minor(), minor + minor);
        }

        #[test]
        fn reading_an_amount_never_panics(text in ".{0,30}") {
            let _ = Amount::parse(&text);
        }
    }

    #[test]
    fn amounts_are_decimal_strings_with_at_most_two_decimals() {
        assert_eq!(Amount::parse("12.5").map(Amount::minor), Ok(1250));
        for text in [
            "", ".", "1.", ".5", "1.005", "-1", "+1", "1e3", "1,000", "١",
        ] {
            assert_eq!(
                Amount::parse(text).unwrap_err().code,
                "not_an_amount",
                "{text}"
            );
        }
        for text in ["10000000000.00", "99999999999999999999"] {
            assert_eq!(
                Amount::parse(text).unwrap_err().code,
                "out_of_range",
                "{text}"
            );
        }
    }
}
