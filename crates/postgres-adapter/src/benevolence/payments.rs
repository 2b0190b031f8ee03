//! A row of `benevolence_payments`, and its way from and to the payment.

use diesel::{AsChangeset, Insertable, Queryable, Selectable};
use unionhall_domain::{
    benevolence::{BenevolenceApplicationId, Payment, PaymentId, PaymentMethod, Reversal},
    money::Amount,
    tenants::TenantId,
    text::{Line, Prose},
    users::UserId,
};
use uuid::Uuid;

use crate::{
    errors::InconsistentRow,
    rows::instant,
    schema::benevolence_payments,
    stored::{StoredRow, day},
};

/// Everything that is stored of a payment.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = benevolence_payments)]
pub(super) struct PaymentRow {
    id: Uuid,
    tenant_id: Uuid,
    application_id: Uuid,
    amount: i64,
    method: String,
    reference: String,
    paid_on: jiff_diesel::Date,
    paid_by: Option<Uuid>,
    created_at: jiff_diesel::Timestamp,
    #[diesel(embed)]
    reversal: ReversalColumns,
}

/// The columns that say how a payment was taken back; all null when it was not.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = benevolence_payments)]
pub(super) struct ReversalColumns {
    reversal_reason: Option<String>,
    reversed_by: Option<Uuid>,
    reversed_at: Option<jiff_diesel::Timestamp>,
}

impl ReversalColumns {
    /// The columns of a reversal.
    pub(super) fn new(reversal: Option<&Reversal>) -> Self {
        Self {
            reversal_reason: reversal.map(|reversal| reversal.reason.to_string()),
            reversed_by: reversal.and_then(|reversal| reversal.by.map(UserId::uuid)),
            reversed_at: reversal.map(|reversal| instant(reversal.at)),
        }
    }
}

impl PaymentRow {
    /// The row of a tenant's payment.
    pub(super) fn new(tenant: TenantId, payment: &Payment) -> Self {
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
        Self {
            id: id.uuid(),
            tenant_id: tenant.uuid(),
            application_id: application.uuid(),
            amount: amount.minor(),
            method: method.as_str().to_owned(),
            reference: reference.to_string(),
            paid_on: day(*on),
            paid_by: paid_by.map(UserId::uuid),
            created_at: instant(*created_at),
            reversal: ReversalColumns::new(reversal.as_ref()),
        }
    }
}

impl TryFrom<PaymentRow> for Payment {
    type Error = InconsistentRow;

    fn try_from(row: PaymentRow) -> Result<Self, InconsistentRow> {
        let from = StoredRow::new("benevolence_payments", row.id);
        Ok(Self {
            id: PaymentId::new(row.id),
            application: BenevolenceApplicationId::new(row.application_id),
            amount: from.value("amount", Amount::from_minor(row.amount))?,
            method: from.value("method", PaymentMethod::parse(&row.method))?,
            reference: from.value("reference", Line::parse(&row.reference))?,
            on: row.paid_on.to_jiff(),
            paid_by: row.paid_by.map(UserId::new),
            created_at: row.created_at.to_jiff(),
            reversal: reversal(from, row.reversal)?,
        })
    }
}

fn reversal(from: StoredRow, row: ReversalColumns) -> Result<Option<Reversal>, InconsistentRow> {
    let reason = from.optional(
        "reversal_reason",
        row.reversal_reason.as_deref(),
        Prose::parse,
    )?;
    Ok(reason.zip(row.reversed_at).map(|(reason, at)| Reversal {
        reason,
        by: row.reversed_by.map(UserId::new),
        at: at.to_jiff(),
    }))
}
