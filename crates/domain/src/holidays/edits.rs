//! The names of what can be done to a calendar.

use crate::{invalid::Invalid, text::one_of};

/// The name of an edit, without what it carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CalendarEditKind {
    /// A day becomes a holiday.
    Add,
    /// A day is a holiday no more.
    Remove,
    /// Other weekdays are worked.
    Week,
}

impl CalendarEditKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Add, Self::Remove, Self::Week];

    /// The name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Remove => "remove",
            Self::Week => "week",
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_reads_what_it_prints() {
        for kind in CalendarEditKind::ALL {
            assert_eq!(CalendarEditKind::parse(kind.as_str()), Ok(kind));
        }
    }
}
