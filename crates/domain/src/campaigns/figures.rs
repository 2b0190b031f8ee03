//! The figures that cards are held against, and how they are worked out.
//!
//! They are for reference and no legal advice. The cards are those that activities report; whoever signed twice, or
//! has left since, is in them all the same, and the unit is what somebody estimated.

use std::fmt;

use crate::headcounts::Headcount;

/// How many cards show interest in an election: 30 percent of the unit, rounded up.
///
/// The National Labor Relations Act asks for "a substantial number of employees" (section 9(c)(1)(A),
/// 29 U.S.C. § 159); the Board reads that as at least 30 percent (29 CFR 101.18(a)).
pub fn showing_of_interest(unit: Headcount) -> u32 {
    // At most 30 times a million, so this is exact.
    unit.get().saturating_mul(30).div_ceil(100)
}

/// How many cards are more than half of the unit: half of it, rounded down, and one.
///
/// A representative is designated by "the majority of the employees in a unit" (section 9(a), 29 U.S.C. § 159).
pub fn majority(unit: Headcount) -> u32 {
    unit.get().div_euclid(2).saturating_add(1)
}

/// A part of a whole in percent, to one decimal place, rounded down: it says 30.0 only when it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share(u64);

impl Share {
    /// So much of a whole; `None` of nothing.
    pub fn of(part: u64, whole: u64) -> Option<Self> {
        part.saturating_mul(1_000).checked_div(whole).map(Self)
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(tenths) = self;
        write!(f, "{}.{}", tenths.div_euclid(10), tenths.rem_euclid(10))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirty_percent_and_a_majority_are_whole_people() {
        // Unit, showing of interest, majority: worked by hand.
        for (unit, interest, more_than_half) in [
            (1, 1, 1),
            (2, 1, 2),
            (3, 1, 2),
            (4, 2, 3),
            (9, 3, 5),
            (10, 3, 6),
            (11, 4, 6),
            (33, 10, 17),
            (100, 30, 51),
            (101, 31, 51),
            (1_000_000, 300_000, 500_001),
        ] {
            let unit = Headcount::new(unit).unwrap();
            let found = (showing_of_interest(unit), majority(unit));
            assert_eq!(found, (interest, more_than_half), "{unit}");
        }
    }

    #[test]
    fn a_share_is_rounded_down_and_may_be_more_than_all() {
        let shown = |part, whole| Share::of(part, whole).map(|share| share.to_string());
        assert_eq!(shown(0, 9).as_deref(), Some("0.0"));
        assert_eq!(shown(4, 9).as_deref(), Some("44.4"));
        assert_eq!(shown(2_999, 10_000).as_deref(), Some("29.9"));
        assert_eq!(shown(9, 9).as_deref(), Some("100.0"));
        assert_eq!(shown(12, 9).as_deref(), Some("133.3"));
        assert_eq!(shown(1, 0), None);
    }
}
