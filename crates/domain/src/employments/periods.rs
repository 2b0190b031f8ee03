//! The days of a job: a first one, and a last one if it is known.

use jiff::civil::Date;

use crate::invalid::Invalid;

/// From a first day until a last one, both of them worked; without a last one for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    start: Date,
    end: Option<Date>,
}

impl Period {
    /// From `start` until `end`.
    ///
    /// # Errors
    /// `before_start` when the last day is before the first.
    pub fn new(start: Date, end: Option<Date>) -> Result<Self, Invalid> {
        if end.is_some_and(|end| end < start) {
            let detail = "must not be before the first day";
            return Err(Invalid::new("before_start", detail));
        }
        Ok(Self { start, end })
    }

    /// The first day.
    pub const fn start(self) -> Date {
        self.start
    }

    /// The last day, if it is known.
    pub const fn end(self) -> Option<Date> {
        self.end
    }

    /// Whether the day is one of them. A job is current when the tenant's today is: not before its first day, and up
    /// to and with its last one.
    pub fn contains(self, day: Date) -> bool {
        self.start <= day && self.end.is_none_or(|end| day <= end)
    }

    /// Whether there is a day that both have.
    pub fn overlaps(self, other: Self) -> bool {
        self.contains(other.start) || other.contains(self.start)
    }

    /// Whether every day of the other is one of these.
    pub fn covers(self, other: Self) -> bool {
        let ends_within = other
            .end
            .map_or(self.end.is_none(), |end| self.contains(end));
        self.contains(other.start) && ends_within
    }

    /// The same period, over on the day before this one; none when it had not begun by then.
    pub fn over_before(self, day: Date) -> Option<Self> {
        let last = day.yesterday().ok()?;
        (self.start <= last).then_some(Self {
            start: self.start,
            end: Some(self.end.map_or(last, |end| end.min(last))),
        })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn days(start: i8, end: Option<i8>) -> Period {
        let day = |day| date(2026, 3, day);
        Period::new(day(start), end.map(day)).unwrap()
    }

    #[test]
    fn a_job_is_current_from_its_first_day_until_and_with_its_last() {
        let job = days(2, Some(20));
        let on = |day| job.contains(date(2026, 3, day));
        assert_eq!([1, 2, 20, 21].map(on), [false, true, true, false]);
        assert!(days(2, None).contains(date(2999, 1, 1)));
    }

    #[test]
    fn a_last_day_is_not_before_the_first_and_may_be_the_same() {
        let first = date(2026, 3, 2);
        assert!(Period::new(first, Some(first)).is_ok());
        let refused = Period::new(first, Some(date(2026, 3, 1)));
        assert_eq!(refused.unwrap_err().code, "before_start");
    }

    #[test]
    fn periods_overlap_where_they_share_a_day_and_not_where_they_meet() {
        let job = days(5, Some(10));
        for (other, expected) in [
            (days(1, Some(4)), false),
            (days(1, Some(5)), true),
            (days(6, Some(7)), true),
            (days(10, None), true),
            (days(11, None), false),
        ] {
            assert_eq!(job.overlaps(other), expected, "{other:?}");
            assert_eq!(other.overlaps(job), expected, "{other:?}");
        }
    }

    #[test]
    fn what_is_over_before_a_day_ends_on_the_day_before_and_never_later_than_it_did() {
        let day = date(2026, 3, 10);
        assert_eq!(days(2, None).over_before(day), Some(days(2, Some(9))));
        assert_eq!(days(2, Some(4)).over_before(day), Some(days(2, Some(4))));
        assert_eq!(days(9, None).over_before(day), Some(days(9, Some(9))));
        assert_eq!(days(10, None).over_before(day), None);
        assert_eq!(days(2, None).over_before(Date::MIN), None);
    }

    #[test]
    fn a_period_covers_what_lies_within() {
        assert!(days(2, None).covers(days(2, None)));
        assert!(days(2, Some(9)).covers(days(3, Some(9))));
        for other in [days(3, None), days(1, Some(9)), days(3, Some(10))] {
            assert!(!days(2, Some(9)).covers(other), "{other:?}");
        }
    }
}
