//! Grievances as the bare handler reads and shows them.

use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use tokio_postgres::{Error, Row};
use uuid::Uuid;

use super::{as_text, as_text_or_null};

/// The first page, by number, the newest first.
pub(super) const LIST: &str = "select id, year, place, member_id, employer_id, filed_date, incident_date, \
     contract_article, violation_description, current_step, remedy_sought, employer_answer, status, status_reason, \
     resolution, resolution_date, settlement_amount, assigned_representative_id, notes, version, created_at, \
     updated_at, agreement_id, rules_version, steward_id \
     from grievances where tenant_id = $1 and deleted_at is null order by year desc, place desc limit 51";

/// A grievance as the API shows it.
#[derive(Serialize)]
pub(super) struct GrievanceRow {
    #[serde(serialize_with = "as_text")]
    pub(super) id: Uuid,
    grievance_number: String,
    #[serde(serialize_with = "as_text")]
    member_id: Uuid,
    #[serde(serialize_with = "as_text")]
    employer_id: Uuid,
    #[serde(serialize_with = "as_text")]
    filed_date: Date,
    #[serde(serialize_with = "as_text_or_null")]
    agreement_id: Option<Uuid>,
    rules_version: Option<i64>,
    #[serde(serialize_with = "as_text_or_null")]
    incident_date: Option<Date>,
    contract_article: Option<String>,
    violation_description: String,
    remedy_sought: Option<String>,
    current_step: String,
    step_number: i16,
    employer_answer: String,
    status: String,
    status_reason: Option<String>,
    #[serde(serialize_with = "as_text_or_null")]
    assigned_representative_id: Option<Uuid>,
    #[serde(serialize_with = "as_text_or_null")]
    steward_id: Option<Uuid>,
    resolution: Option<String>,
    #[serde(serialize_with = "as_text_or_null")]
    resolution_date: Option<Date>,
    settlement_amount: Option<String>,
    notes: Option<String>,
    version: i64,
    #[serde(serialize_with = "as_text")]
    created_at: Timestamp,
    #[serde(serialize_with = "as_text")]
    updated_at: Timestamp,
}

impl GrievanceRow {
    /// Decodes a row.
    pub(super) fn read(row: &Row) -> Result<Self, Error> {
        let (year, place): (i16, i32) = (row.try_get(1)?, row.try_get(2)?);
        let current_step: String = row.try_get(9)?;
        let amount: Option<i64> = row.try_get(16)?;
        Ok(Self {
            id: row.try_get(0)?,
            grievance_number: format!("GR-{year:04}-{place:04}"),
            member_id: row.try_get(3)?,
            employer_id: row.try_get(4)?,
            filed_date: row.try_get(5)?,
            incident_date: row.try_get(6)?,
            contract_article: row.try_get(7)?,
            violation_description: row.try_get(8)?,
            step_number: step_number(&current_step),
            current_step,
            remedy_sought: row.try_get(10)?,
            employer_answer: row.try_get(11)?,
            status: row.try_get(12)?,
            status_reason: row.try_get(13)?,
            resolution: row.try_get(14)?,
            resolution_date: row.try_get(15)?,
            settlement_amount: amount.map(|minor| format!("{}.{:02}", minor / 100, minor % 100)),
            assigned_representative_id: row.try_get(17)?,
            notes: row.try_get(18)?,
            version: row.try_get(19)?,
            created_at: row.try_get(20)?,
            updated_at: row.try_get(21)?,
            agreement_id: row.try_get(22)?,
            rules_version: row.try_get(23)?,
            steward_id: row.try_get(24)?,
        })
    }
}

/// The number in `step_1`; arbitration comes behind the third step.
fn step_number(step: &str) -> i16 {
    let number = step
        .strip_prefix("step_")
        .and_then(|number| number.parse().ok());
    number.unwrap_or(4)
}
