//! A row of `grievance_steps`, and its way from and to the record of a meeting.

use diesel::{Insertable, Queryable, Selectable};
use unionhall_domain::{
    grievances::{GrievanceId, Meeting, Outcome, Step, StepRecord, StepRecordId},
    tenants::TenantId,
    text::Prose,
};
use uuid::Uuid;

use super::settlement;
use crate::{
    errors::InconsistentRow,
    rows::instant,
    schema::grievance_steps,
    stored::{StoredRow, day},
};

/// Everything that is stored of a meeting.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = grievance_steps)]
#[diesel(treat_none_as_default_value = false)]
pub(super) struct StepRow {
    id: Uuid,
    tenant_id: Uuid,
    grievance_id: Uuid,
    step: String,
    meeting_date: jiff_diesel::Date,
    union_attendees: Option<String>,
    employer_attendees: Option<String>,
    notes: Option<String>,
    outcome: String,
    resolution: Option<String>,
    resolution_date: Option<jiff_diesel::Date>,
    settlement_amount: Option<i64>,
    created_at: jiff_diesel::Timestamp,
}

impl StepRow {
    /// The row of a meeting on a tenant's grievance.
    pub(super) fn new(tenant: TenantId, record: &StepRecord) -> Self {
        let StepRecord {
            id,
            grievance,
            step,
            meeting,
            outcome,
            created_at,
        } = record;
        let Meeting {
            date,
            union_attendees,
            employer_attendees,
            notes,
        } = meeting;
        let agreed = match outcome {
            Outcome::Settled(settlement) => Some(settlement),
            Outcome::Denied | Outcome::Advanced => None,
        };
        let (resolution, resolution_date, settlement_amount) = settlement::columns(agreed);
        Self {
            id: id.uuid(),
            tenant_id: tenant.uuid(),
            grievance_id: grievance.uuid(),
            step: step.as_str().to_owned(),
            meeting_date: day(*date),
            union_attendees: union_attendees.as_ref().map(ToString::to_string),
            employer_attendees: employer_attendees.as_ref().map(ToString::to_string),
            notes: notes.as_ref().map(ToString::to_string),
            outcome: outcome.as_str().to_owned(),
            resolution,
            resolution_date,
            settlement_amount,
            created_at: instant(*created_at),
        }
    }
}

impl TryFrom<StepRow> for StepRecord {
    type Error = InconsistentRow;

    fn try_from(row: StepRow) -> Result<Self, InconsistentRow> {
        let from = StoredRow::new("grievance_steps", row.id);
        let agreed = settlement::read(
            from,
            (row.resolution, row.resolution_date, row.settlement_amount),
        )?;
        let outcome = match (row.outcome.as_str(), agreed) {
            ("denied", None) => Outcome::Denied,
            ("advanced", None) => Outcome::Advanced,
            ("settled", Some(agreed)) => Outcome::Settled(agreed),
            _ => return Err(from.inconsistent("outcome contradicts what was agreed")),
        };
        Ok(Self {
            id: StepRecordId::new(row.id),
            grievance: GrievanceId::new(row.grievance_id),
            step: from.value("step", Step::parse(&row.step))?,
            meeting: Meeting {
                date: row.meeting_date.to_jiff(),
                union_attendees: from.optional(
                    "union_attendees",
                    row.union_attendees.as_deref(),
                    Prose::parse,
                )?,
                employer_attendees: from.optional(
                    "employer_attendees",
                    row.employer_attendees.as_deref(),
                    Prose::parse,
                )?,
                notes: from.optional("notes", row.notes.as_deref(), Prose::parse)?,
            },
            outcome,
            created_at: row.created_at.to_jiff(),
        })
    }
}
