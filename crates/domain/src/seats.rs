//! Seats: how many people a room, a group or a class has place for.

use std::fmt;

use crate::invalid::Invalid;

/// A number of places for people: 1 to [`MOST`](Self::MOST).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Seats(i32);

impl Seats {
    /// More than any room of a school has.
    pub const MOST: i32 = 10_000;

    /// Takes a number of seats.
    ///
    /// # Errors
    /// `out_of_range` below 1 and above [`MOST`](Self::MOST).
    pub fn new(count: i64) -> Result<Self, Invalid> {
        i32::try_from(count)
            .ok()
            .filter(|count| (1..=Self::MOST).contains(count))
            .map(Self)
            .ok_or_else(|| {
                let detail = format!("must be a whole number from 1 to {}", Self::MOST);
                Invalid::new("out_of_range", detail)
            })
    }

    /// The number of seats.
    pub const fn get(self) -> i32 {
        self.0
    }

    /// Whether one more fits when so many seats are taken.
    pub fn has_room_beside(self, taken: u64) -> bool {
        u64::try_from(self.0).is_ok_and(|seats| taken < seats)
    }
}

impl fmt::Display for Seats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_at_least_one_seat_and_not_beyond_all_measure() {
        assert_eq!(Seats::new(1).unwrap().get(), 1);
        assert_eq!(Seats::new(10_000).unwrap().get(), 10_000);
        for wrong in [i64::MIN, -1, 0, 10_001, i64::MAX] {
            assert_eq!(Seats::new(wrong).unwrap_err().code, "out_of_range");
        }
    }

    #[test]
    fn one_more_fits_until_all_seats_are_taken() {
        let two = Seats::new(2).unwrap();
        let fits: Vec<_> = (0..4).map(|taken| two.has_room_beside(taken)).collect();
        assert_eq!(fits, [true, true, false, false]);
    }
}
