//! Paying: what was granted leaves the fund, and comes back when a payment fails.

use jiff::civil::Date;
use unionhall_domain::{
    audit::{AuditAction, Target, created, differences},
    benevolence::{
        Action, BenevolenceApplicationId, Fund, MOST_PAYMENTS, PaidOut, Payment, PaymentId,
        PaymentMethod, Reversal, Seen,
    },
    ids::Id,
    money::Amount,
    text::{Line, Prose},
};
use unionhall_ports::{
    benevolence::{PaymentFilter, PaymentSort},
    pages::{Page, PageRequest},
};

use super::{Benevolence, BenevolenceError, applying::told, moved, not_own, present, taken};
use crate::{
    call::Call,
    core::{Change, Recorded},
    permissions::Permission,
};

/// A payment to be recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayAward {
    /// How much, in the tenant's currency.
    pub amount: Amount,
    /// How.
    pub method: PaymentMethod,
    /// What the bank or the book knows it by.
    pub reference: Line<100>,
    /// The day; today in the tenant's time zone when nothing is said.
    pub on: Option<Date>,
}

/// A payment that was made or taken back, and where that left the application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paid {
    /// The payment.
    pub payment: Payment,
    /// The application after it.
    pub application: Seen,
}

impl Benevolence {
    /// Records a payment of an award, in whole or in part; nobody pays themselves. What is entered twice, by the same way
    /// and reference, is one payment.
    ///
    /// # Errors
    /// [`BenevolenceError`].
    pub fn pay(
        &self,
        call: &Call,
        id: BenevolenceApplicationId,
        command: PayAward,
    ) -> Result<Paid, BenevolenceError> {
        call.actor.require(Permission::BenevolencePay)?;
        self.core.change(call, |change| {
            let fund = first_in_line(change)?;
            let before = present(change, id)?;
            not_own(&call.actor, &before)?;
            let today = change.today();
            let payment = Payment {
                id: Id::new(change.new_id()),
                application: id,
                amount: command.amount,
                method: command.method,
                reference: command.reference,
                on: command.on.unwrap_or(today),
                paid_by: call.actor.user_id(),
                created_at: change.now,
                reversal: None,
            };
            if let Some(award) = before.state.award() {
                let checked = payment.check(award.on(), today);
                checked.map_err(BenevolenceError::Invalid)?;
            }
            // Whether it fits the award is asked first: what does not is refused with what is open, not as a bug.
            let action = Action::Pay(payment.amount);
            before
                .state
                .apply(action.clone())
                .map_err(BenevolenceError::from)?;
            room_for_one(change, id)?;
            let fund = fund.pay(payment.amount)?;
            change.tx.benevolence_fund().keep(&fund)?;
            let added = change.tx.benevolence_file().insert_payment(&payment);
            added.map_err(|error| taken(error, "benevolence_payments_reference_key"))?;
            let (action_done, target) = (AuditAction::Created, Target::BenevolenceFund);
            let fields = created(payment.fields());
            change.record(action_done, target, payment.id.uuid(), fields, Vec::new());
            let details = vec![("payment_id", payment.id.to_string())];
            let after = moved(change, before, action, details)?;
            let application = told(change, after)?;
            Ok(Paid {
                payment,
                application,
            })
        })
    }

    /// Takes a payment back, with the reason: the money is promised again, and can be paid anew.
    ///
    /// # Errors
    /// [`BenevolenceError`].
    pub fn reverse(
        &self,
        call: &Call,
        id: PaymentId,
        reason: Prose<2_000>,
    ) -> Result<Paid, BenevolenceError> {
        call.actor.require(Permission::BenevolencePay)?;
        self.core.change(call, |change| {
            let fund = first_in_line(change)?;
            let found = change.tx.benevolence_file().find_payment(id)?;
            let paid = found.ok_or(BenevolenceError::NotFound)?;
            let before = present(change, paid.application)?;
            not_own(&call.actor, &before)?;
            let reversal = Reversal {
                reason,
                by: call.actor.user_id(),
                at: change.now,
            };
            let payment = paid.clone().reversed(reversal)?;
            let fund = fund.reverse(payment.amount)?;
            change.tx.benevolence_fund().keep(&fund)?;
            change.tx.benevolence_file().reverse_payment(&payment)?;
            let (done, target) = (AuditAction::Updated, Target::BenevolenceFund);
            let fields = differences(paid.fields(), payment.fields());
            change.record(done, target, payment.id.uuid(), fields, Vec::new());
            let details = vec![("payment_id", payment.id.to_string())];
            let action = Action::Reverse(payment.amount);
            let after = moved(change, before, action, details)?;
            let application = told(change, after)?;
            Ok(Paid {
                payment,
                application,
            })
        })
    }

    /// What was paid out of the fund, whatever it was granted to, with what was taken back; it says nothing of whose it is.
    ///
    /// # Errors
    /// [`BenevolenceError`].
    pub fn paid_out(
        &self,
        call: &Call,
        filter: &PaymentFilter,
        page: &PageRequest<PaymentSort>,
    ) -> Result<Recorded<Page<PaidOut>>, BenevolenceError> {
        call.actor.require(Permission::BenevolenceFund)?;
        let found = self.core.read(call, |tx| {
            Ok::<_, BenevolenceError>(tx.benevolence_fund().payments(filter, page)?)
        })?;
        let details = listed_details(filter, found.items.len());
        let target = Target::BenevolenceFund;
        Ok(self.core.recorded_list(call, target, details, found)?)
    }
}

fn listed_details(filter: &PaymentFilter, count: usize) -> Vec<(&'static str, String)> {
    let mut details = vec![("count", count.to_string())];
    let mut add = |name, value: Option<String>| details.extend(value.map(|value| (name, value)));
    add("from", filter.from.map(|day| day.to_string()));
    add("until", filter.until.map(|day| day.to_string()));
    add(
        "payment_method",
        filter.method.map(|method| method.as_str().to_owned()),
    );
    add("reversed", filter.reversed.map(|is| is.to_string()));
    details
}

/// Goes on unless the application has as many payments as it may have.
fn room_for_one(
    change: &mut Change<'_>,
    id: BenevolenceApplicationId,
) -> Result<(), BenevolenceError> {
    let made = change.tx.benevolence_file().payments(id)?;
    if made.len() < MOST_PAYMENTS {
        return Ok(());
    }
    let detail = format!("an application has at most {MOST_PAYMENTS} payments");
    Err(BenevolenceError::field("amount", "too_many", detail))
}

/// Waits for whoever moves money before anything is read: so what is read is how it stands, and what does not fit it is
/// refused as such, and is no bug in the books.
fn first_in_line(change: &mut Change<'_>) -> Result<Fund, BenevolenceError> {
    Ok(change.tx.benevolence_fund().hold()?)
}
