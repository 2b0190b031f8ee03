//! Counting days and rolling a last day: the two things that are done with a calendar, each with what it met.

use jiff::civil::Date;

use super::dates::{day_after, day_before};
use crate::{
    collective_agreements::{DayKind, Days, EventKind, Roll},
    holidays::{Calendars, DayOff, MissingCalendar},
    invalid::Invalid,
    text::one_of,
};

/// Why a deadline cannot be counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Uncountable {
    /// The event is not the one that the rule is about.
    #[error("the rule counts from {}, not from {}", wanted.as_str(), got.as_str())]
    OtherEvent {
        /// The event of the rule.
        wanted: EventKind,
        /// The event that was given.
        got: EventKind,
    },
    /// A deadline is extended with another version of a calendar than it was counted with.
    #[error("the deadline was counted with another version of the calendar for {year}")]
    OtherCalendar {
        /// The year.
        year: i16,
    },
    /// A day that has to be looked at is of a year without a calendar.
    #[error(transparent)]
    MissingCalendar(#[from] MissingCalendar),
}

/// A day that is not worked, and why.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OffDay {
    /// The day.
    pub date: Date,
    /// Why nobody works on it.
    pub why: DayOff,
}

/// Some days, counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// The day with which counting began; it counts if it is of the kind.
    pub from: Date,
    /// How many days were counted.
    pub days: Days,
    /// Which days count.
    pub kind: DayKind,
    /// The days in between that did not count.
    pub skipped: Vec<OffDay>,
    /// The last of the days.
    pub last: Date,
}

/// Where a last day rolls to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Way {
    /// To the next working day.
    Next,
    /// To the working day before.
    Previous,
    /// To the next, because the working day before lies before the period's first day.
    NextInstead,
}

impl Way {
    /// Every way.
    pub const ALL: [Self; 3] = [Self::Next, Self::Previous, Self::NextInstead];

    /// The name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Next => "next",
            Self::Previous => "previous",
            Self::NextInstead => "next_instead",
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

/// A last day that was not worked, and the day it rolled to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rolled {
    /// The day it rolled from, and why.
    pub from: OffDay,
    /// In which direction.
    pub way: Way,
    /// The further days that were passed over, in the order they were met.
    pub passed: Vec<OffDay>,
    /// The working day it came to.
    pub to: Date,
}

/// What became of a last day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Ending {
    /// It is worked.
    Works,
    /// It is not worked and stays.
    Stands(OffDay),
    /// It is not worked and moved.
    Rolled(Rolled),
}

/// Counts days from `from` on, which is the first of them if it is of the kind.
///
/// # Errors
/// [`Uncountable::MissingCalendar`] when working days are counted into a year without a calendar.
pub(super) fn count(
    from: Date,
    days: Days,
    kind: DayKind,
    calendars: &Calendars,
) -> Result<Count, Uncountable> {
    let mut skipped = Vec::new();
    let mut left = days.get();
    let mut day = from;
    loop {
        let off = match kind {
            DayKind::Calendar => None,
            DayKind::Working => calendars.day_off(day)?,
        };
        match off {
            Some(why) => skipped.push(OffDay { date: day, why }),
            None => left = left.saturating_sub(1),
        }
        if left == 0 {
            return Ok(Count {
                from,
                days,
                kind,
                skipped,
                last: day,
            });
        }
        day = day_after(day);
    }
}

/// Rolls the last day of a period that began with `first`.
///
/// A period never ends before its first day: what would roll back further rolls forward.
///
/// # Errors
/// [`Uncountable::MissingCalendar`] when a day has to be looked at whose year has no calendar.
pub(super) fn roll(
    last: Date,
    first: Date,
    roll: Roll,
    calendars: &Calendars,
) -> Result<Ending, Uncountable> {
    let Some(why) = calendars.day_off(last)? else {
        return Ok(Ending::Works);
    };
    let from = OffDay { date: last, why };
    let rolled = match roll {
        Roll::Stays => return Ok(Ending::Stands(from)),
        Roll::NextWorkingDay => forward(from, Way::Next, calendars)?,
        Roll::PreviousWorkingDay => match backward(from.clone(), first, calendars)? {
            Some(rolled) => rolled,
            None => forward(from, Way::NextInstead, calendars)?,
        },
    };
    Ok(Ending::Rolled(rolled))
}

fn forward(from: OffDay, way: Way, calendars: &Calendars) -> Result<Rolled, Uncountable> {
    let mut passed = Vec::new();
    let mut day = day_after(from.date);
    while let Some(why) = calendars.day_off(day)? {
        passed.push(OffDay { date: day, why });
        day = day_after(day);
    }
    Ok(Rolled {
        from,
        way,
        passed,
        to: day,
    })
}

fn backward(
    from: OffDay,
    first: Date,
    calendars: &Calendars,
) -> Result<Option<Rolled>, Uncountable> {
    let mut passed = Vec::new();
    let mut day = day_before(from.date);
    while first <= day {
        match calendars.day_off(day)? {
            Some(why) => passed.push(OffDay { date: day, why }),
            None => {
                return Ok(Some(Rolled {
                    from,
                    way: Way::Previous,
                    passed,
                    to: day,
                }));
            }
        }
        day = day_before(day);
    }
    Ok(None)
}
