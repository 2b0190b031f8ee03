//! Headcounts: whole numbers of people, bounded so that sums of them stay numbers of people.

use std::fmt;

use crate::invalid::Invalid;

/// A number of people: 0 to [`MOST`](Self::MOST).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Headcount(u32);

impl Headcount {
    /// Nobody.
    pub const NOBODY: Self = Self(0);
    /// More people than work at any one employer.
    pub const MOST: u32 = 1_000_000;

    /// Takes a number as a headcount.
    ///
    /// # Errors
    /// `out_of_range` below 0 and above [`MOST`](Self::MOST).
    pub fn new(count: i64) -> Result<Self, Invalid> {
        u32::try_from(count)
            .ok()
            .filter(|count| *count <= Self::MOST)
            .map(Self)
            .ok_or_else(|| {
                let detail = format!("must be a whole number from 0 to {}", Self::MOST);
                Invalid::new("out_of_range", detail)
            })
    }

    /// The number.
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl fmt::Display for Headcount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_headcount_is_neither_negative_nor_beyond_all_measure() {
        for count in [0, 1, 1_000_000] {
            let taken = Headcount::new(count).unwrap();
            assert_eq!(i64::from(taken.get()), count);
        }
        for count in [-1, 1_000_001, i64::MAX, i64::MIN] {
            assert_eq!(Headcount::new(count).unwrap_err().code, "out_of_range");
        }
    }
}
