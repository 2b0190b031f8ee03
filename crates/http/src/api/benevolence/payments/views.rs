//! How a payment is shown.

use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use unionhall_domain::{
    benevolence::{
        BenevolenceApplicationId, BenevolenceNumber, PaidOut, Payment, PaymentId, Reversal,
    },
    money::Amount,
    users::UserId,
};
use utoipa::ToSchema;

use super::super::{
    super::{choices::BenevolencePaymentMethodName, shown::Shown},
    views::ApplicationView,
};

/// One payment of what was granted.
#[derive(Serialize, ToSchema)]
#[schema(as = BenevolencePayment)]
pub(super) struct PaymentView<'a> {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<PaymentId>,
    /// The application that was granted it.
    #[schema(value_type = String, format = "uuid")]
    application_id: Shown<BenevolenceApplicationId>,
    /// How much.
    #[schema(value_type = String, pattern = r"^[0-9]+\.[0-9]{2}$")]
    amount: Shown<Amount>,
    /// How.
    #[schema(value_type = BenevolencePaymentMethodName)]
    payment_method: &'static str,
    /// What the bank or the book knows it by.
    payment_reference: &'a str,
    /// The day it was paid.
    #[schema(value_type = String, format = Date)]
    payment_date: Shown<Date>,
    /// The user who paid it.
    #[schema(value_type = Option<String>, required = true, format = "uuid")]
    paid_by: Option<Shown<UserId>>,
    /// When it was entered.
    #[schema(value_type = String, format = DateTime)]
    created_at: Shown<Timestamp>,
    /// Why it was taken back; then it counts for nothing.
    #[schema(required = true)]
    reversal_reason: Option<&'a str>,
    /// The user who took it back.
    #[schema(value_type = Option<String>, required = true, format = "uuid")]
    reversed_by: Option<Shown<UserId>>,
    /// When it was taken back.
    #[schema(value_type = Option<String>, required = true, format = DateTime)]
    reversed_at: Option<Shown<Timestamp>>,
}

/// One payment out of the fund; it says nothing of whose the application is.
#[derive(Serialize, ToSchema)]
#[schema(as = BenevolenceFundPayment)]
pub(super) struct PaidOutView<'a> {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<PaymentId>,
    /// The application that was granted it.
    #[schema(value_type = String, format = "uuid")]
    application_id: Shown<BenevolenceApplicationId>,
    /// The number of that application.
    #[schema(value_type = String, example = "BF-2026-0001")]
    application_number: Shown<BenevolenceNumber>,
    /// How much.
    #[schema(value_type = String, pattern = r"^[0-9]+\.[0-9]{2}$")]
    amount: Shown<Amount>,
    /// How.
    #[schema(value_type = BenevolencePaymentMethodName)]
    payment_method: &'static str,
    /// What the bank or the book knows it by.
    payment_reference: &'a str,
    /// The day it was paid.
    #[schema(value_type = String, format = Date)]
    payment_date: Shown<Date>,
    /// The user who paid it.
    #[schema(value_type = Option<String>, required = true, format = "uuid")]
    paid_by: Option<Shown<UserId>>,
    /// When it was entered.
    #[schema(value_type = String, format = DateTime)]
    created_at: Shown<Timestamp>,
    /// Why it was taken back; then it counts for nothing.
    #[schema(required = true)]
    reversal_reason: Option<&'a str>,
    /// The user who took it back.
    #[schema(value_type = Option<String>, required = true, format = "uuid")]
    reversed_by: Option<Shown<UserId>>,
    /// When it was taken back.
    #[schema(value_type = Option<String>, required = true, format = DateTime)]
    reversed_at: Option<Shown<Timestamp>>,
}

/// A payment that was made or taken back, and where that left the application.
#[derive(Serialize, ToSchema)]
#[schema(as = AwardPaid)]
pub(super) struct PaidView<'a> {
    /// The payment.
    pub(super) payment: PaymentView<'a>,
    /// The application after it.
    pub(super) application: ApplicationView<'a>,
}

impl<'a> From<&'a Payment> for PaymentView<'a> {
    fn from(payment: &'a Payment) -> Self {
        let Payment {
            id,
            application,
            amount,
            method,
            reference,
            on,
            paid_by,
            created_at,
            reversal,
        } = payment;
        let reversal = reversal.as_ref();
        let by = |reversal: &Reversal| reversal.by.map(Shown);
        Self {
            id: Shown(*id),
            application_id: Shown(*application),
            amount: Shown(*amount),
            payment_method: method.as_str(),
            payment_reference: reference.as_str(),
            payment_date: Shown(*on),
            paid_by: paid_by.map(Shown),
            created_at: Shown(*created_at),
            reversal_reason: reversal.map(|reversal| reversal.reason.as_str()),
            reversed_by: reversal.and_then(by),
            reversed_at: reversal.map(|reversal| Shown(reversal.at)),
        }
    }
}

impl<'a> From<&'a PaidOut> for PaidOutView<'a> {
    fn from(paid: &'a PaidOut) -> Self {
        let PaidOut { payment, number } = paid;
        let PaymentView {
            id,
            application_id,
            amount,
            payment_method,
            payment_reference,
            payment_date,
            paid_by,
            created_at,
            reversal_reason,
            reversed_by,
            reversed_at,
        } = PaymentView::from(payment);
        Self {
            id,
            application_id,
            application_number: Shown(*number),
            amount,
            payment_method,
            payment_reference,
            payment_date,
            paid_by,
            created_at,
            reversal_reason,
            reversed_by,
            reversed_at,
        }
    }
}
