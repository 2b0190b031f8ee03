//! How far an application must climb, how far it has come, and what it was granted at the top.

use jiff::civil::Date;

use super::words::Level;
use crate::{invalid::Invalid, money::Amount};

/// An application's way up the ladder: it begins at the vice-president and takes every level to the last one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Climb {
    asked: Amount,
    level: Level,
    last: Level,
}

impl Climb {
    /// A climb that stands for any climb, where only the shape of a value matters.
    pub(super) const SAMPLE: Self = Self {
        asked: Amount::SMALLEST,
        level: Level::Vp,
        last: Level::Vp,
    };

    /// At the foot of the ladder: this much is asked, and that takes every level up to `last`.
    ///
    /// # Errors
    /// `not_positive` when nothing is asked.
    pub fn begin(asked: Amount, last: Level) -> Result<Self, Invalid> {
        Self::restore(asked, Level::Vp, last)
    }

    /// As storage has it.
    ///
    /// # Errors
    /// `not_positive` when nothing is asked, `above_the_last_level` when it has climbed too far.
    pub fn restore(asked: Amount, level: Level, last: Level) -> Result<Self, Invalid> {
        if asked.is_zero() {
            return Err(not_positive());
        }
        if level > last {
            return Err(Invalid::new(
                "above_the_last_level",
                "must not be above the last level",
            ));
        }
        Ok(Self { asked, level, last })
    }

    /// What is asked: 0.01 or more of the tenant's currency.
    pub const fn asked(self) -> Amount {
        self.asked
    }

    /// The level whose review is due.
    pub const fn level(self) -> Level {
        self.level
    }

    /// The level whose approval grants the money, unless it or one before it defers.
    pub const fn last(self) -> Level {
        self.last
    }

    /// Whether the level that is due is the last.
    pub fn at_last(self) -> bool {
        self.level == self.last
    }

    /// One level up, with the approval of this one; nothing at the last.
    pub(super) fn approved(self) -> Option<Self> {
        let level = self.level.above().filter(|above| *above <= self.last)?;
        Some(Self { level, ..self })
    }

    /// One level up, without a decision of this one; nothing at the president.
    ///
    /// What one level did not decide, one more above has to, as long as there is one: a small request that the
    /// vice-president defers ends at the administrator, and the largest ones end at the president anyway.
    pub(super) fn deferred(self) -> Option<Self> {
        let level = self.level.above()?;
        let last = self.last.above().unwrap_or(self.last);
        Some(Self {
            level,
            last,
            ..self
        })
    }
}

/// Money that was granted, and how much of it was paid: never more than was granted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Award {
    amount: Amount,
    paid: Amount,
    on: Date,
}

impl Award {
    /// Granted on this day of the tenant, and nothing of it paid.
    ///
    /// # Errors
    /// `not_positive` when nothing is granted.
    pub fn granted(amount: Amount, on: Date) -> Result<Self, Invalid> {
        Self::restore(amount, Amount::ZERO, on)
    }

    /// As storage has it.
    ///
    /// # Errors
    /// `not_positive` when nothing is granted, `above_the_award` when more was paid.
    pub fn restore(amount: Amount, paid: Amount, on: Date) -> Result<Self, Invalid> {
        if amount.is_zero() {
            return Err(not_positive());
        }
        if paid > amount {
            return Err(Invalid::new(
                "above_the_award",
                "must not be more than was granted",
            ));
        }
        Ok(Self { amount, paid, on })
    }

    /// What was granted: 0.01 or more of the tenant's currency.
    pub const fn amount(self) -> Amount {
        self.amount
    }

    /// What was paid of it and not taken back.
    pub const fn paid(self) -> Amount {
        self.paid
    }

    /// The day of the decision, in the tenant's time zone.
    pub const fn on(self) -> Date {
        self.on
    }

    /// What is still to be paid.
    pub fn open(self) -> Amount {
        self.amount.minus(self.paid).unwrap_or(Amount::ZERO)
    }

    /// With this much more paid; nothing when that is more than is open.
    pub(super) fn with_paid(self, sum: Amount) -> Option<Self> {
        let paid = self.paid.plus(sum).ok()?;
        Self::restore(self.amount, paid, self.on).ok()
    }

    /// With this much taken back; nothing when less was paid.
    pub(super) fn with_reversed(self, sum: Amount) -> Option<Self> {
        let paid = self.paid.minus(sum)?;
        Some(Self { paid, ..self })
    }
}

fn not_positive() -> Invalid {
    Invalid::new("not_positive", "must be at least 0.01")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn climb(level: Level, last: Level) -> Climb {
        Climb::restore(Amount::SMALLEST, level, last).unwrap()
    }

    #[test]
    fn an_approval_goes_up_one_level_and_never_beyond_the_last() {
        let begun = Climb::begin(Amount::SMALLEST, Level::Admin).unwrap();
        let up = begun.approved().unwrap();
        assert_eq!((up.level(), up.last()), (Level::Admin, Level::Admin));
        assert!(up.at_last());
        assert_eq!(up.approved(), None);
    }

    #[test]
    fn what_a_level_does_not_decide_one_more_has_to_as_long_as_there_is_one() {
        let after = |level, last| {
            climb(level, last)
                .deferred()
                .map(|up| (up.level(), up.last()))
        };
        assert_eq!(
            after(Level::Vp, Level::Vp),
            Some((Level::Admin, Level::Admin))
        );
        assert_eq!(
            after(Level::Vp, Level::Manager),
            Some((Level::Admin, Level::President))
        );
        assert_eq!(
            after(Level::Manager, Level::President),
            Some((Level::President, Level::President))
        );
        assert_eq!(after(Level::President, Level::President), None);
    }

    #[test]
    fn nothing_is_asked_or_granted_for_nothing_and_nothing_is_above_its_bound() {
        let code = |refused: Invalid| refused.code;
        assert_eq!(
            Climb::begin(Amount::ZERO, Level::Vp).map_err(code),
            Err("not_positive")
        );
        assert_eq!(
            Climb::restore(Amount::SMALLEST, Level::Admin, Level::Vp).map_err(code),
            Err("above_the_last_level")
        );
        assert_eq!(
            Award::granted(Amount::ZERO, Date::ZERO).map_err(code),
            Err("not_positive")
        );
        let more = Amount::from_minor(2).unwrap();
        assert_eq!(
            Award::restore(Amount::SMALLEST, more, Date::ZERO).map_err(code),
            Err("above_the_award")
        );
    }
}
