//! Payments of what was granted, and how one is taken back.

use jiff::{Timestamp, civil::Date};

use super::{BenevolenceApplicationId, BenevolenceNumber, words::PaymentMethod};
use crate::{
    audit::Fields,
    ids::Id,
    invalid::{FieldError, Invalid},
    money::Amount,
    text::{Line, Prose},
    users::UserId,
};

/// How many payments an application has at most, those that were taken back included.
pub const MOST_PAYMENTS: usize = 200;

/// The id of a [`Payment`].
pub type PaymentId = Id<Payment>;

/// One payment of an award, in whole or in part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// Its id.
    pub id: PaymentId,
    /// The application that was granted it.
    pub application: BenevolenceApplicationId,
    /// How much: 0.01 up to what is open of the award.
    pub amount: Amount,
    /// How it is paid.
    pub method: PaymentMethod,
    /// What the bank or the book knows it by: a check's number, a trace number, a receipt.
    pub reference: Line<100>,
    /// The day it was paid, in the tenant's time zone.
    pub on: Date,
    /// Who paid it; none for the operator.
    pub paid_by: Option<UserId>,
    /// When it was entered.
    pub created_at: Timestamp,
    /// How it was taken back, if it was; then it counts for nothing.
    pub reversal: Option<Reversal>,
}

/// That a payment was taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reversal {
    /// Why: it bounced, was lost, was made by mistake.
    pub reason: Prose<2_000>,
    /// Who took it back; none for the operator.
    pub by: Option<UserId>,
    /// When.
    pub at: Timestamp,
}

/// A payment among those of the whole fund; it says nothing of whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaidOut {
    /// The payment.
    pub payment: Payment,
    /// The number of the application that was granted it.
    pub number: BenevolenceNumber,
}

/// A payment is taken back once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the payment was taken back already")]
pub struct AlreadyReversed;

impl Payment {
    /// Checks its day against the day of the award and the tenant's `today`.
    ///
    /// # Errors
    /// `before_the_award` or `in_the_future`, both of `payment_date`.
    pub fn check(&self, awarded_on: Date, today: Date) -> Result<(), Vec<FieldError>> {
        let wrong = |code, detail: &str| Err(vec![Invalid::new(code, detail).at("payment_date")]);
        if self.on > today {
            wrong("in_the_future", "must not be in the future")
        } else if self.on < awarded_on {
            wrong(
                "before_the_award",
                "must not be before the day the money was granted",
            )
        } else {
            Ok(())
        }
    }

    /// The payment taken back.
    ///
    /// # Errors
    /// [`AlreadyReversed`].
    pub fn reversed(self, reversal: Reversal) -> Result<Self, AlreadyReversed> {
        match self.reversal {
            Some(_) => Err(AlreadyReversed),
            None => Ok(Self {
                reversal: Some(reversal),
                ..self
            }),
        }
    }

    /// The payment as the audit trail shows it.
    pub fn fields(&self) -> Fields {
        let reversal = self.reversal.as_ref();
        vec![
            ("payment_id", Some(self.id.to_string())),
            ("amount", Some(self.amount.to_string())),
            ("payment_method", Some(self.method.as_str().to_owned())),
            ("payment_reference", Some(self.reference.to_string())),
            ("payment_date", Some(self.on.to_string())),
            (
                "reversal_reason",
                reversal.map(|reversal| reversal.reason.to_string()),
            ),
        ]
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use uuid::Uuid;

    use super::*;

    fn payment(on: Date) -> Payment {
        Payment {
            id: Id::new(Uuid::from_u128(1)),
            application: Id::new(Uuid::from_u128(2)),
            amount: Amount::SMALLEST,
            method: PaymentMethod::Check,
            reference: Line::parse("1044").unwrap(),
            on,
            paid_by: None,
            created_at: Timestamp::UNIX_EPOCH,
            reversal: None,
        }
    }

    #[test]
    fn a_payment_lies_between_the_award_and_today() {
        let (awarded, today) = (date(2026, 11, 1), date(2026, 11, 21));
        let code = |on| {
            payment(on)
                .check(awarded, today)
                .err()
                .map(|errors| errors[0].invalid.code)
        };
        assert_eq!(code(awarded), None);
        assert_eq!(code(today), None);
        assert_eq!(code(date(2026, 10, 31)), Some("before_the_award"));
        assert_eq!(code(date(2026, 11, 22)), Some("in_the_future"));
    }

    #[test]
    fn a_payment_is_taken_back_once_and_says_why() {
        let reversal = || Reversal {
            reason: Prose::parse("The check was lost.").unwrap(),
            by: None,
            at: Timestamp::UNIX_EPOCH,
        };
        let back = payment(date(2026, 11, 21)).reversed(reversal()).unwrap();
        let reason = back.fields().pop().unwrap();
        assert_eq!(
            reason,
            ("reversal_reason", Some("The check was lost.".to_owned()))
        );
        assert_eq!(back.reversed(reversal()), Err(AlreadyReversed));
    }
}
