//! The fund: what was put in, what was promised, what was paid, and what can still be granted.

use jiff::{Timestamp, civil::Date};

use super::rules::{OverCap, Rules, YearAwards};
use crate::{
    audit::Fields,
    benevolence::Reason,
    ids::Id,
    invalid::{FieldError, Invalid},
    money::Amount,
    text::{Line, one_of},
    users::UserId,
};

/// The id of a [`FundEntry`].
pub type FundEntryId = Id<FundEntry>;

/// The sums of a tenant's fund, in its currency: never more is paid than granted, nor more granted than was put in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fund {
    deposited: Amount,
    awarded: Amount,
    paid: Amount,
}

/// Why the fund does not take part in something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FundError {
    /// There is not so much to grant, or to take out.
    #[error("the fund has {available} to give, the reserve aside")]
    Short {
        /// What there is, the reserve aside.
        available: Amount,
    },
    /// A yearly cap does not allow it.
    #[error(transparent)]
    OverCap(#[from] OverCap),
    /// More would be paid than was granted, or taken back than was paid.
    #[error("the fund's books do not have such a payment")]
    NotInTheBooks,
    /// The fund would hold more than an amount can be.
    #[error("the fund would hold more than 9999999999.99")]
    TooLarge,
}

/// What an entry does to the fund.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EntryKind {
    /// Money was put in.
    Deposit,
    /// Money was taken out again: a deposit was wrong, or went elsewhere.
    Correction,
}

/// Money that was put into the fund, or taken out other than to a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FundEntry {
    /// Its id.
    pub id: FundEntryId,
    /// In or out.
    pub kind: EntryKind,
    /// How much: 0.01 or more.
    pub amount: Amount,
    /// Where it came from or why it went, like `raffle of 12 June`.
    pub source: Line<255>,
    /// The day, in the tenant's time zone.
    pub on: Date,
    /// Who entered it; none for the operator.
    pub recorded_by: Option<UserId>,
    /// When it was entered.
    pub created_at: Timestamp,
}

impl EntryKind {
    /// Both kinds.
    pub const ALL: [Self; 2] = [Self::Deposit, Self::Correction];

    /// The name on the wire and in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Deposit => "deposit",
            Self::Correction => "correction",
        }
    }

    /// Reads the name.
    ///
    /// # Errors
    /// `unknown_value`, with the names there are.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        one_of(text, &Self::ALL, |kind| kind.as_str())
    }
}

impl FundEntry {
    /// Checks amount and day against the tenant's `today`.
    ///
    /// # Errors
    /// Every wrong field: `not_positive` of `amount`, `in_the_future` of `entry_date`.
    pub fn check(&self, today: Date) -> Result<(), Vec<FieldError>> {
        let mut errors = Vec::new();
        if self.amount.is_zero() {
            errors.push(Invalid::new("not_positive", "must be at least 0.01").at("amount"));
        }
        if self.on > today {
            let late = Invalid::new("in_the_future", "must not be in the future");
            errors.push(late.at("entry_date"));
        }
        if errors.is_empty() {
            Ok(())
        } else {
            Err(errors)
        }
    }

    /// The entry as the audit trail shows it.
    pub fn fields(&self) -> Fields {
        vec![
            ("kind", Some(self.kind.as_str().to_owned())),
            ("amount", Some(self.amount.to_string())),
            ("source", Some(self.source.to_string())),
            ("entry_date", Some(self.on.to_string())),
        ]
    }
}

impl Fund {
    /// A fund that nobody has put anything into.
    pub const EMPTY: Self = Self {
        deposited: Amount::ZERO,
        awarded: Amount::ZERO,
        paid: Amount::ZERO,
    };

    /// As storage has it: what was put in less what was corrected, what was granted, what was paid and not taken back.
    ///
    /// # Errors
    /// `broken_fund` when more is paid than granted, or more granted than was put in.
    pub fn restore(deposited: Amount, awarded: Amount, paid: Amount) -> Result<Self, Invalid> {
        if paid <= awarded && awarded <= deposited {
            Ok(Self {
                deposited,
                awarded,
                paid,
            })
        } else {
            Err(Invalid::new(
                "broken_fund",
                "the fund has given more than it holds",
            ))
        }
    }

    /// What was put in, corrections taken away.
    pub const fn deposited(self) -> Amount {
        self.deposited
    }

    /// What was granted, ever.
    pub const fn awarded(self) -> Amount {
        self.awarded
    }

    /// What was paid and not taken back.
    pub const fn paid(self) -> Amount {
        self.paid
    }

    /// What is in the bank: put in and not paid.
    pub fn cash(self) -> Amount {
        less(self.deposited, self.paid)
    }

    /// What is promised: granted and not paid.
    pub fn committed(self) -> Amount {
        less(self.awarded, self.paid)
    }

    /// What is nobody's yet: put in and not granted.
    pub fn balance(self) -> Amount {
        less(self.deposited, self.awarded)
    }

    /// What can still be granted: the balance less the reserve, or nothing when the reserve is the larger.
    pub fn available(self, reserve: Amount) -> Amount {
        less(self.balance(), reserve)
    }

    /// The fund after an entry. A correction takes nothing that is promised; it may take of the reserve.
    ///
    /// # Errors
    /// [`FundError::Short`], [`FundError::TooLarge`].
    pub fn entered(self, kind: EntryKind, amount: Amount) -> Result<Self, FundError> {
        let deposited = match kind {
            EntryKind::Deposit => self
                .deposited
                .plus(amount)
                .map_err(|_| FundError::TooLarge)?,
            EntryKind::Correction => {
                let available = self.balance();
                less_checked(self.deposited, amount, self.awarded)
                    .ok_or(FundError::Short { available })?
            }
        };
        Ok(Self { deposited, ..self })
    }

    /// The fund after an award: it is promised from now on.
    ///
    /// # Errors
    /// [`FundError::Short`] when the balance less the reserve is less than the award, [`FundError::OverCap`] when the
    /// member has had too much this year.
    pub fn award(
        self,
        rules: &Rules,
        reason: Reason,
        awarded: YearAwards,
        amount: Amount,
    ) -> Result<Self, FundError> {
        rules.caps.check(reason, awarded, amount)?;
        let available = self.available(rules.reserve);
        if amount > available {
            return Err(FundError::Short { available });
        }
        let awarded = self.awarded.plus(amount).map_err(|_| FundError::TooLarge)?;
        Ok(Self { awarded, ..self })
    }

    /// The fund after a payment of what was promised.
    ///
    /// # Errors
    /// [`FundError::NotInTheBooks`] when less is promised.
    pub fn pay(self, amount: Amount) -> Result<Self, FundError> {
        let paid = self.paid.plus(amount).ok();
        let paid = paid.filter(|paid| *paid <= self.awarded);
        let paid = paid.ok_or(FundError::NotInTheBooks)?;
        Ok(Self { paid, ..self })
    }

    /// The fund after a payment was taken back: it is promised again.
    ///
    /// # Errors
    /// [`FundError::NotInTheBooks`] when less was paid.
    pub fn reverse(self, amount: Amount) -> Result<Self, FundError> {
        let paid = self.paid.minus(amount).ok_or(FundError::NotInTheBooks)?;
        Ok(Self { paid, ..self })
    }
}

fn less(whole: Amount, part: Amount) -> Amount {
    whole.minus(part).unwrap_or(Amount::ZERO)
}

/// What is left of the whole, if that is at least the floor.
fn less_checked(whole: Amount, part: Amount, floor: Amount) -> Option<Amount> {
    whole.minus(part).filter(|left| *left >= floor)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTHING: YearAwards = YearAwards {
        whole: Amount::ZERO,
        reason: Amount::ZERO,
    };

    fn cents(minor: i64) -> Amount {
        Amount::from_minor(minor).unwrap()
    }

    fn fund(deposited: i64, awarded: i64, paid: i64) -> Fund {
        Fund::restore(cents(deposited), cents(awarded), cents(paid)).unwrap()
    }

    fn reserve(minor: i64) -> Rules {
        Rules {
            reserve: cents(minor),
            ..Rules::default_rules()
        }
    }

    fn award(fund: Fund, rules: &Rules, minor: i64) -> Result<Fund, FundError> {
        fund.award(rules, Reason::Medical, NOTHING, cents(minor))
    }

    #[test]
    fn a_promise_leaves_the_balance_and_a_payment_leaves_the_bank() {
        let fund = fund(1_000, 400, 100);
        assert_eq!(fund.cash(), cents(900));
        assert_eq!(fund.committed(), cents(300));
        assert_eq!(fund.balance(), cents(600));
        assert_eq!(fund.available(cents(200)), cents(400));
        assert_eq!(fund.available(cents(700)), Amount::ZERO);
    }

    #[test]
    fn the_last_dollar_above_the_reserve_is_granted_once() {
        let rules = reserve(500);
        let left = award(fund(1_500, 0, 0), &rules, 1_000).unwrap();
        let available = Amount::ZERO;
        assert_eq!(award(left, &rules, 1), Err(FundError::Short { available }));
        let available = cents(1_000);
        assert_eq!(
            award(fund(1_500, 0, 0), &rules, 1_001),
            Err(FundError::Short { available })
        );
    }

    #[test]
    fn a_cap_is_asked_before_the_fund() {
        let mut rules = reserve(0);
        rules.caps.per_member = Some(cents(10));
        let refused = award(Fund::EMPTY, &rules, 11).unwrap_err();
        assert!(matches!(refused, FundError::OverCap(over) if over.left == cents(10)));
    }

    #[test]
    fn what_is_promised_is_not_taken_out_again() {
        let correct = |minor| fund(1_000, 400, 0).entered(EntryKind::Correction, cents(minor));
        assert_eq!(correct(600), Ok(fund(400, 400, 0)));
        let available = cents(600);
        assert_eq!(correct(601), Err(FundError::Short { available }));
        assert_eq!(correct(1_001), Err(FundError::Short { available }));
        let full = cents(999_999_999_999);
        let full = Fund::EMPTY.entered(EntryKind::Deposit, full).unwrap();
        assert_eq!(
            full.entered(EntryKind::Deposit, cents(1)),
            Err(FundError::TooLarge)
        );
    }

    #[test]
    fn only_what_is_promised_is_paid_and_only_what_was_paid_is_taken_back() {
        let fund = fund(1_000, 400, 100);
        assert_eq!(fund.pay(cents(301)), Err(FundError::NotInTheBooks));
        assert_eq!(fund.reverse(cents(101)), Err(FundError::NotInTheBooks));
        let paid = fund.pay(cents(300)).unwrap();
        assert_eq!(paid.committed(), Amount::ZERO);
        assert_eq!(
            paid.reverse(cents(400)).map(Fund::committed),
            Ok(cents(400))
        );
    }

    #[test]
    fn a_fund_that_gave_more_than_it_holds_is_broken() {
        for (deposited, awarded, paid) in [(1, 2, 0), (2, 1, 2)] {
            let broken = Fund::restore(cents(deposited), cents(awarded), cents(paid));
            assert_eq!(broken.unwrap_err().code, "broken_fund");
        }
    }

    #[test]
    fn an_entry_is_of_something_and_not_of_tomorrow() {
        let entry = |amount, on| FundEntry {
            id: Id::new(uuid::Uuid::nil()),
            kind: EntryKind::Deposit,
            amount,
            source: Line::parse("Raffle").unwrap(),
            on,
            recorded_by: None,
            created_at: Timestamp::UNIX_EPOCH,
        };
        let today = jiff::civil::date(2026, 11, 21);
        let tomorrow = jiff::civil::date(2026, 11, 22);
        assert_eq!(entry(cents(1), today).check(today), Ok(()));
        let wrong: Vec<_> = entry(Amount::ZERO, tomorrow)
            .check(today)
            .unwrap_err()
            .into_iter()
            .map(|error| error.invalid.code)
            .collect();
        assert_eq!(wrong, ["not_positive", "in_the_future"]);
        for kind in EntryKind::ALL {
            assert_eq!(EntryKind::parse(kind.as_str()), Ok(kind));
        }
    }
}
