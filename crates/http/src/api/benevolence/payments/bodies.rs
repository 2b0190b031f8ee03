//! What can be said of a payment.

use serde::Deserialize;
use unionhall_application::benevolence::PayAward;
use unionhall_domain::{benevolence::PaymentMethod, money::Amount, text::Line};
use utoipa::ToSchema;

use super::super::super::choices::BenevolencePaymentMethodName;
use crate::web::{
    fields::{Input, Reader, Unknown, date},
    problem::Problem,
};

/// A payment to be recorded.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = PayAward,
    example = json!({
        "amount": "900.00", "payment_method": "check", "payment_reference": "1044",
        "payment_date": "2026-11-21"
    })
)]
pub(super) struct PayBody {
    /// How much: 0.01 up to what is open.
    #[serde(default)]
    #[schema(value_type = String, required = true, pattern = r"^[0-9]{1,10}(\.[0-9]{1,2})?$")]
    amount: Input,
    /// How.
    #[serde(default)]
    #[schema(value_type = BenevolencePaymentMethodName, required = true)]
    payment_method: Input,
    /// What the bank or the book knows it by: a check's number, a trace number, a receipt.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 100, pattern = r"\S")]
    payment_reference: Input,
    /// The day, not before the award and not in the future; today when nothing is said.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    payment_date: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl PayBody {
    /// The payment, or every field that is wrong.
    pub(super) fn command(self) -> Result<PayAward, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let amount = reader.required("amount", self.amount, Amount::parse);
        let method = reader.required("payment_method", self.payment_method, PaymentMethod::parse);
        let reference = reader.required("payment_reference", self.payment_reference, Line::parse);
        let on = reader.optional("payment_date", self.payment_date, date);
        let command = amount
            .zip(method)
            .zip(reference)
            .map(|((amount, method), reference)| PayAward {
                amount,
                method,
                reference,
                on,
            });
        reader.finish(command)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::web::problem::tests::told;

    fn pay(body: Value) -> Result<PayAward, Problem> {
        serde_json::from_value::<PayBody>(body).unwrap().command()
    }

    #[test]
    fn a_payment_is_of_an_amount_by_a_method_under_a_reference() {
        let paid = pay(json!({
            "amount": "1", "payment_method": "vendor", "payment_reference": "Invoice 7"
        }))
        .unwrap();
        assert_eq!((paid.method, paid.on), (PaymentMethod::Vendor, None));
        let wrong = pay(json!({"payment_method": "gold", "payment_date": "soon", "to": "Ada"}));
        let expected = [
            "/to unknown_field",
            "/amount required",
            "/payment_method unknown_value",
            "/payment_reference required",
            "/payment_date not_a_date",
        ];
        assert_eq!(told(wrong), expected);
    }
}
