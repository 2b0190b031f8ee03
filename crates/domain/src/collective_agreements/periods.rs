//! How long somebody has: how many days, which days count, where counting begins, and what moves the last day.

use crate::{invalid::Invalid, text::one_of};

/// A number of days to be counted, from 1 to 730.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Days(u16);

impl Days {
    /// The most days that are counted: two years.
    pub const MOST: u16 = 730;

    /// So many days.
    ///
    /// # Errors
    /// `out_of_range` below 1 or above 730.
    pub fn new(days: u16) -> Result<Self, Invalid> {
        if (1..=Self::MOST).contains(&days) {
            Ok(Self(days))
        } else {
            Err(Invalid::new(
                "out_of_range",
                format!("must be from 1 to {} days", Self::MOST),
            ))
        }
    }

    /// How many.
    pub const fn get(self) -> u16 {
        self.0
    }
}

/// Which days count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DayKind {
    /// Every day.
    Calendar,
    /// Days that are worked: no other weekdays, no holidays.
    Working,
}

impl DayKind {
    /// Both kinds.
    pub const ALL: [Self; 2] = [Self::Calendar, Self::Working];

    /// The name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Calendar => "calendar",
            Self::Working => "working",
        }
    }

    /// Reads the name.
    ///
    /// # Errors
    /// `unknown_value`, with the names there are.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        one_of(text, &Self::ALL, Self::as_str)
    }
}

/// Whether the day of the event is the first of the days that are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FirstDay {
    /// It is not: the next day is the first. So the courts count (FRCP 6(a)(1)(A)).
    NotCounted,
    /// It is, if it is of the kind that counts.
    Counted,
}

impl FirstDay {
    /// Both ways.
    pub const ALL: [Self; 2] = [Self::NotCounted, Self::Counted];

    /// The name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NotCounted => "not_counted",
            Self::Counted => "counted",
        }
    }

    /// Reads the name.
    ///
    /// # Errors
    /// `unknown_value`, with the names there are.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        one_of(text, &Self::ALL, Self::as_str)
    }
}

/// What happens to a deadline that falls on a day that is not worked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Roll {
    /// It stays where it is.
    Stays,
    /// It moves to the next working day, as in the courts (FRCP 6(a)(1)(C)).
    NextWorkingDay,
    /// It moves to the working day before, but not to before the first day of the period: then to the next.
    PreviousWorkingDay,
}

impl Roll {
    /// Every way.
    pub const ALL: [Self; 3] = [Self::Stays, Self::NextWorkingDay, Self::PreviousWorkingDay];

    /// The name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stays => "stays",
            Self::NextWorkingDay => "next_working_day",
            Self::PreviousWorkingDay => "previous_working_day",
        }
    }

    /// Reads the name.
    ///
    /// # Errors
    /// `unknown_value`, with the names there are.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        one_of(text, &Self::ALL, Self::as_str)
    }
}

/// When the days for service by mail are added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MailOrder {
    /// They lengthen the period itself, and its end rolls once (4 CFR 28.4(b), 5 CFR 2429.22: "added to the
    /// prescribed period").
    BeforeRolling,
    /// The period ends and rolls, then they are counted, then their end rolls (FRCP 6(d): "added after the period
    /// would otherwise expire under Rule 6(a)").
    AfterRolling,
}

impl MailOrder {
    /// Both orders.
    pub const ALL: [Self; 2] = [Self::BeforeRolling, Self::AfterRolling];

    /// The name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BeforeRolling => "before_rolling",
            Self::AfterRolling => "after_rolling",
        }
    }

    /// Reads the name.
    ///
    /// # Errors
    /// `unknown_value`, with the names there are.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        one_of(text, &Self::ALL, Self::as_str)
    }
}

/// The days that are added when the event reached the other side by mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MailDays {
    /// How many.
    pub days: Days,
    /// Which days count.
    pub kind: DayKind,
    /// When they are added.
    pub order: MailOrder,
}

impl MailDays {
    /// Three calendar days after the period would otherwise end: FRCP 6(d), for agreements that say no more than
    /// that days are added.
    pub const FEDERAL: Self = Self {
        days: Days(3),
        kind: DayKind::Calendar,
        order: MailOrder::AfterRolling,
    };
}

/// How long somebody has to do what a rule asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Period {
    /// How many days.
    pub days: Days,
    /// Which days count.
    pub kind: DayKind,
    /// Whether the day of the event counts.
    pub first_day: FirstDay,
    /// What happens when the last day is not worked.
    pub roll: Roll,
    /// What service by mail adds, if it adds anything.
    pub mail: Option<MailDays>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_what_it_prints() {
        for kind in DayKind::ALL {
            assert_eq!(DayKind::parse(kind.as_str()), Ok(kind));
        }
        for first in FirstDay::ALL {
            assert_eq!(FirstDay::parse(first.as_str()), Ok(first));
        }
        for roll in Roll::ALL {
            assert_eq!(Roll::parse(roll.as_str()), Ok(roll));
        }
        for order in MailOrder::ALL {
            assert_eq!(MailOrder::parse(order.as_str()), Ok(order));
        }
    }

    #[test]
    fn days_are_from_one_to_two_years() {
        for days in [0, 731] {
            assert_eq!(Days::new(days).unwrap_err().code, "out_of_range");
        }
        for days in [1, 730] {
            assert_eq!(Days::new(days).unwrap().get(), days);
        }
    }
}
