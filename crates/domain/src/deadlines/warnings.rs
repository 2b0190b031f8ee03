//! Which warning about a deadline is due on a day, and under which key it goes out once.

use std::fmt;

use jiff::civil::Date;

use super::{Deadline, DeadlineId, DeadlineState, dates::days_between};
use crate::{invalid::Invalid, text::one_of};

/// How near a deadline is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WarningKind {
    /// Seven days are left, or fewer.
    SevenDays,
    /// Three days are left, or two.
    ThreeDays,
    /// It ends tomorrow.
    OneDay,
    /// It ends today: still in time.
    Today,
    /// It is over.
    Overdue,
}

impl WarningKind {
    /// Every kind, in the order in which they come.
    pub const ALL: [Self; 5] = [
        Self::SevenDays,
        Self::ThreeDays,
        Self::OneDay,
        Self::Today,
        Self::Overdue,
    ];

    /// The name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SevenDays => "seven_days",
            Self::ThreeDays => "three_days",
            Self::OneDay => "one_day",
            Self::Today => "today",
            Self::Overdue => "overdue",
        }
    }

    /// Reads the name.
    ///
    /// # Errors
    /// `unknown_value`, with the names there are.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        one_of(text, &Self::ALL, Self::as_str)
    }

    /// The kind for so many calendar days that are left; none while there are more than seven.
    pub const fn with_days_left(days: i32) -> Option<Self> {
        match days {
            8.. => None,
            4..=7 => Some(Self::SevenDays),
            2..=3 => Some(Self::ThreeDays),
            1 => Some(Self::OneDay),
            0 => Some(Self::Today),
            ..0 => Some(Self::Overdue),
        }
    }

    /// Who is warned.
    pub const fn audience(self) -> Audience {
        match self {
            Self::SevenDays | Self::ThreeDays | Self::OneDay | Self::Today => Audience::Carriers,
            Self::Overdue => Audience::CarriersAndOfficers,
        }
    }
}

/// Who is warned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Audience {
    /// The assigned representative and the steward.
    Carriers,
    /// They and the officers: it is over, and somebody must decide what now.
    CarriersAndOfficers,
}

impl Audience {
    /// Both audiences.
    pub const ALL: [Self; 2] = [Self::Carriers, Self::CarriersAndOfficers];

    /// The name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Carriers => "carriers",
            Self::CarriersAndOfficers => "carriers_and_officers",
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

/// Under which key a warning goes out once, however often it is asked for: the same deadline, the same last day, the
/// same kind. A deadline that moved warns of its new day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct WarningKey {
    /// Which deadline.
    pub deadline: DeadlineId,
    /// Its last day when it warned.
    pub due: Date,
    /// How near that was.
    pub kind: WarningKind,
}

impl fmt::Display for WarningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            deadline,
            due,
            kind,
        } = self;
        write!(f, "{deadline}:{due}:{}", kind.as_str())
    }
}

/// A warning that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Warning {
    /// What makes it go out once.
    pub key: WarningKey,
    /// How many calendar days are left; negative when it is over.
    pub days_left: i32,
}

impl Deadline {
    /// The warning that is due on the tenant's `today`: of those whose time has come the last, while it runs.
    ///
    /// A day on which nobody asked is made up for by the next, and nobody is warned of seven days when three are left.
    pub fn warning_on(&self, today: Date) -> Option<Warning> {
        match &self.state {
            DeadlineState::Open => {}
            DeadlineState::Met { .. }
            | DeadlineState::Missed { .. }
            | DeadlineState::Waived(_)
            | DeadlineState::Lapsed { .. } => return None,
        }
        let due = self.due();
        let days_left = days_between(today, due);
        WarningKind::with_days_left(days_left).map(|kind| Warning {
            key: WarningKey {
                deadline: self.id,
                due,
                kind,
            },
            days_left,
        })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::{super::samples, *};
    use crate::deadlines::table::places;

    #[test]
    fn every_word_reads_what_it_prints() {
        for kind in WarningKind::ALL {
            assert_eq!(WarningKind::parse(kind.as_str()), Ok(kind));
        }
        for audience in Audience::ALL {
            assert_eq!(Audience::parse(audience.as_str()), Ok(audience));
        }
    }

    #[test]
    fn a_deadline_warns_at_seven_three_and_one_days_on_the_day_and_when_it_is_over() {
        // Due on Tuesday, November 17, 2026.
        let deadline = samples::deadline(1);
        let days: Vec<_> = (8..=19)
            .map(|day| {
                let warning = deadline.warning_on(date(2026, 11, day));
                let kind = warning.map_or("-", |warning| warning.key.kind.as_str());
                format!("{day} {kind}")
            })
            .collect();
        assert_eq!(
            days.join(", "),
            "8 -, 9 -, 10 seven_days, 11 seven_days, 12 seven_days, 13 seven_days, \
             14 three_days, 15 three_days, 16 one_day, 17 today, 18 overdue, 19 overdue"
        );
    }

    #[test]
    fn the_key_is_the_deadline_its_day_and_the_kind() {
        let warning = samples::deadline(1).warning_on(date(2026, 11, 14)).unwrap();
        assert_eq!(warning.days_left, 3);
        assert_eq!(
            warning.key.to_string(),
            "00000000-0000-0000-0000-000000000001:2026-11-17:three_days"
        );
    }

    #[test]
    fn only_what_runs_warns_and_only_what_is_over_reaches_the_officers() {
        let warned: Vec<_> = places()
            .iter()
            .filter(|place| place.warning_on(date(2027, 1, 4)).is_some())
            .map(|place| place.status().as_str())
            .collect();
        assert_eq!(warned, ["open", "extended"]);
        let officers = WarningKind::ALL
            .into_iter()
            .filter(|kind| kind.audience() == Audience::CarriersAndOfficers);
        assert_eq!(officers.collect::<Vec<_>>(), [WarningKind::Overdue]);
    }
}
