//! Rows of deadlines and of what they are counted from, and their way from and to the domain's values.

use diesel::{AsChangeset, Insertable, Queryable, Selectable};
use serde_json::{Value, json};
use unionhall_domain::{
    collective_agreements::{Consequence, EventKind},
    deadlines::{Deadline, DeadlineId, DeadlineState, Happening, Service, Trigger, Witness},
    grievances::{GrievanceId, GrievanceNumber, Step},
    ids::Id,
    invalid::Invalid,
    organizations::OrganizationId,
    tenants::TenantId,
    text::Prose,
    users::UserId,
};
use unionhall_ports::deadlines::{CaseDeadline, CaseEvent, Retraction};
use uuid::Uuid;

use super::derivation;
use crate::{
    errors::InconsistentRow,
    json::StoredJson,
    rows::instant,
    schema::{deadlines, grievance_events, grievances},
    stored::{StoredRow, day},
};

/// Everything that is stored of a deadline.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = deadlines)]
#[diesel(primary_key(tenant_id, id))]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) tenant_id: Uuid,
    grievance_id: Uuid,
    agreement_id: Uuid,
    rules_version: i64,
    step: String,
    side: String,
    duty: String,
    pub(super) due_on: jiff_diesel::Date,
    status: String,
    state: Value,
    derivation: Value,
    pub(super) version: i64,
    created_at: jiff_diesel::Timestamp,
    updated_at: jiff_diesel::Timestamp,
}

/// What is told of the grievance beside its deadline.
#[derive(Queryable, Selectable)]
#[diesel(table_name = grievances)]
pub(super) struct Case {
    year: i16,
    place: i32,
    employer_id: Uuid,
    assigned_representative_id: Option<Uuid>,
    steward_id: Option<Uuid>,
}

/// Something that happened.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = grievance_events)]
pub(super) struct EventRow {
    id: Uuid,
    tenant_id: Uuid,
    grievance_id: Uuid,
    step: String,
    kind: String,
    happened_on: jiff_diesel::Date,
    service: String,
    created_at: jiff_diesel::Timestamp,
    recorded_by: Option<Uuid>,
    retracted_at: Option<jiff_diesel::Timestamp>,
    retracted_by: Option<Uuid>,
    retracted_for: Option<String>,
}

impl Row {
    /// The row of a tenant's deadline.
    pub(super) fn new(tenant: TenantId, deadline: &Deadline) -> Self {
        let Deadline {
            id,
            grievance,
            derivation,
            state,
            version,
            created_at,
            updated_at,
        } = deadline;
        let key = derivation.basis.rule.key;
        Self {
            id: id.uuid(),
            tenant_id: tenant.uuid(),
            grievance_id: grievance.uuid(),
            agreement_id: derivation.basis.agreement.uuid(),
            rules_version: derivation.basis.rules.get(),
            step: key.step.as_str().to_owned(),
            side: key.side.as_str().to_owned(),
            duty: key.duty.as_str().to_owned(),
            due_on: day(derivation.due),
            status: deadline.status().as_str().to_owned(),
            state: state_to_json(state),
            derivation: derivation::to_json(derivation),
            version: version.get(),
            created_at: instant(*created_at),
            updated_at: instant(*updated_at),
        }
    }
}

impl TryFrom<Row> for Deadline {
    type Error = InconsistentRow;

    fn try_from(row: Row) -> Result<Self, InconsistentRow> {
        let from = StoredRow::new("deadlines", row.id);
        Ok(Self {
            id: DeadlineId::new(row.id),
            grievance: GrievanceId::new(row.grievance_id),
            derivation: derivation::from_json(StoredJson::new(
                from,
                "derivation",
                &row.derivation,
            ))?,
            state: state_from_json(StoredJson::new(from, "state", &row.state))?,
            version: from.version(row.version)?,
            created_at: row.created_at.to_jiff(),
            updated_at: row.updated_at.to_jiff(),
        })
    }
}

/// A deadline with its grievance.
pub(super) fn case_deadline((row, case): (Row, Case)) -> Result<CaseDeadline, InconsistentRow> {
    let from = StoredRow::new("deadlines", row.id);
    Ok(CaseDeadline {
        deadline: Deadline::try_from(row)?,
        number: from.value("place", GrievanceNumber::new(case.year, case.place))?,
        employer: OrganizationId::new(case.employer_id),
        representative: case.assigned_representative_id.map(UserId::new),
        steward: case.steward_id.map(UserId::new),
    })
}

fn state_to_json(state: &DeadlineState) -> Value {
    match state {
        DeadlineState::Open => json!({}),
        DeadlineState::Met { on, by, witness } => {
            let witness = match witness {
                Witness::Word => Some("word".to_owned()),
                Witness::Event(id) => Some(id.to_string()),
                Witness::Unrecorded => None,
            };
            json!({"met_on": on.to_string(), "by": by.as_str(), "witness": witness})
        }
        DeadlineState::Missed {
            noticed_on,
            consequence,
        } => json!({"noticed_on": noticed_on.to_string(), "consequence": consequence.as_str()}),
        DeadlineState::Waived(accord) => json!({"waived": derivation::accord_to_json(accord)}),
        DeadlineState::Lapsed { on } => json!({"lapsed_on": on.to_string()}),
    }
}

fn state_from_json(kept: StoredJson<'_>) -> Result<DeadlineState, InconsistentRow> {
    let has = |name| kept.optional_member(name).is_some();
    if has("met_on") {
        let (on, by) = (kept.date("met_on")?, kept.parsed("by", EventKind::parse)?);
        // One that was met before that was kept does not say what shows it.
        let witness = kept
            .optional_member("witness")
            .map(|_| kept.parsed("witness", witness));
        let witness = witness.transpose()?.unwrap_or(Witness::Unrecorded);
        return Ok(DeadlineState::Met { on, by, witness });
    }
    if has("noticed_on") {
        return Ok(DeadlineState::Missed {
            noticed_on: kept.date("noticed_on")?,
            consequence: kept.parsed("consequence", Consequence::parse)?,
        });
    }
    if has("lapsed_on") {
        let on = kept.date("lapsed_on")?;
        return Ok(DeadlineState::Lapsed { on });
    }
    match kept.optional_member("waived") {
        Some(accord) => Ok(DeadlineState::Waived(derivation::accord_from_json(accord)?)),
        None => Ok(DeadlineState::Open),
    }
}

fn witness(text: &str) -> Result<Witness, Invalid> {
    match text {
        "word" => Ok(Witness::Word),
        id => Id::<()>::parse(id).map(|id| Witness::Event(id.uuid())),
    }
}

impl EventRow {
    /// The row of something that happened on the way of a tenant's grievance.
    pub(super) fn new(
        tenant: TenantId,
        grievance: GrievanceId,
        (id, happening): &(Uuid, Happening),
        by: Option<UserId>,
        at: jiff::Timestamp,
    ) -> Self {
        let Happening { step, trigger } = happening;
        Self {
            id: *id,
            tenant_id: tenant.uuid(),
            grievance_id: grievance.uuid(),
            step: step.as_str().to_owned(),
            kind: trigger.kind.as_str().to_owned(),
            happened_on: day(trigger.date),
            service: trigger.service.as_str().to_owned(),
            created_at: instant(at),
            recorded_by: by.map(|user| user.uuid()),
            retracted_at: None,
            retracted_by: None,
            retracted_for: None,
        }
    }
}

impl TryFrom<EventRow> for CaseEvent {
    type Error = InconsistentRow;

    fn try_from(row: EventRow) -> Result<Self, InconsistentRow> {
        let from = StoredRow::new("grievance_events", row.id);
        let happening = Happening {
            step: from.value("step", Step::parse(&row.step))?,
            trigger: Trigger {
                kind: from.value("kind", EventKind::parse(&row.kind))?,
                date: row.happened_on.to_jiff(),
                service: from.value("service", Service::parse(&row.service))?,
            },
        };
        let reason = from.optional("retracted_for", row.retracted_for.as_deref(), Prose::parse)?;
        let retraction = row.retracted_at.zip(reason).map(|(at, reason)| Retraction {
            at: at.to_jiff(),
            by: row.retracted_by.map(UserId::new),
            reason,
        });
        Ok(Self {
            id: row.id,
            happening,
            recorded_by: row.recorded_by.map(UserId::new),
            recorded_at: row.created_at.to_jiff(),
            retraction,
        })
    }
}
