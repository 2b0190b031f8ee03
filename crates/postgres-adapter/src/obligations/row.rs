//! A row of `obligations`, and its way from and to the aggregate.

use diesel::{AsChangeset, Insertable, Queryable, Selectable};
use unionhall_domain::{
    grievances::GrievanceId,
    money::Amount,
    obligations::{Obligation, ObligationId, ObligationState, Terms},
    step_meetings::Party,
    tenants::TenantId,
    text::{Line, Prose},
};
use uuid::Uuid;

use crate::{
    errors::InconsistentRow,
    rows::instant,
    schema::obligations,
    stored::{StoredRow, day},
};

/// Everything that is stored of an obligation.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = obligations)]
#[diesel(treat_none_as_null = true)]
#[diesel(treat_none_as_default_value = false)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) tenant_id: Uuid,
    grievance_id: Uuid,
    what: String,
    owed_by: String,
    owed_to: Option<String>,
    due_on: jiff_diesel::Date,
    amount: Option<i64>,
    status: String,
    status_on: Option<jiff_diesel::Date>,
    status_words: Option<String>,
    pub(super) version: i64,
    created_at: jiff_diesel::Timestamp,
    updated_at: jiff_diesel::Timestamp,
}

impl Row {
    /// The row of a tenant's obligation.
    pub(super) fn new(tenant: TenantId, obligation: &Obligation) -> Self {
        let Obligation {
            id,
            grievance,
            terms,
            state: _,
            version,
            created_at,
            updated_at,
        } = obligation;
        let Terms {
            what,
            owed_by,
            owed_to,
            due_on,
            amount,
        } = terms;
        let (on, words) = obligation.ending();
        Self {
            id: id.uuid(),
            tenant_id: tenant.uuid(),
            grievance_id: grievance.uuid(),
            what: what.to_string(),
            owed_by: owed_by.as_str().to_owned(),
            owed_to: owed_to.as_ref().map(ToString::to_string),
            due_on: day(*due_on),
            amount: amount.map(Amount::minor),
            status: obligation.status().as_str().to_owned(),
            status_on: on.map(day),
            status_words: words.map(ToString::to_string),
            version: version.get(),
            created_at: instant(*created_at),
            updated_at: instant(*updated_at),
        }
    }
}

impl TryFrom<Row> for Obligation {
    type Error = InconsistentRow;

    fn try_from(row: Row) -> Result<Self, InconsistentRow> {
        let from = StoredRow::new("obligations", row.id);
        let words = from.optional("status_words", row.status_words.as_deref(), Prose::parse)?;
        let on = row.status_on.map(jiff_diesel::Date::to_jiff);
        let state = match (row.status.as_str(), on, words) {
            ("open", None, None) => ObligationState::Open,
            ("fulfilled", Some(on), words) => ObligationState::Fulfilled(on, words),
            ("breached", Some(on), Some(words)) => ObligationState::Breached(on, words),
            ("waived", Some(on), Some(words)) => ObligationState::Waived(on, words),
            _ => return Err(from.inconsistent("status contradicts status_on or status_words")),
        };
        let amount = row.amount.map(Amount::from_minor);
        Ok(Self {
            id: ObligationId::new(row.id),
            grievance: GrievanceId::new(row.grievance_id),
            terms: Terms {
                what: from.value("what", Prose::parse(&row.what))?,
                owed_by: from.value("owed_by", Party::parse(&row.owed_by))?,
                owed_to: from.optional("owed_to", row.owed_to.as_deref(), Line::parse)?,
                due_on: row.due_on.to_jiff(),
                amount: amount
                    .map(|amount| from.value("amount", amount))
                    .transpose()?,
            },
            state,
            version: from.version(row.version)?,
            created_at: row.created_at.to_jiff(),
            updated_at: row.updated_at.to_jiff(),
        })
    }
}
