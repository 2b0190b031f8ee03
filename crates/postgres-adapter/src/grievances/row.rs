//! A row of `grievances`, and its way from and to the aggregate.

use diesel::{AsChangeset, Insertable, Queryable, Selectable};
use unionhall_domain::{
    collective_agreements::CollectiveAgreementId,
    grievances::{
        Answer, Claim, FiledUnder, Grievance, GrievanceId, GrievanceNumber, Progress, State, Step,
    },
    members::MemberId,
    organizations::OrganizationId,
    tenants::TenantId,
    text::{Line, Prose},
    users::UserId,
};
use uuid::Uuid;

use super::settlement;
use crate::{
    errors::InconsistentRow,
    rows::instant,
    schema::grievances,
    stored::{StoredRow, day},
};

/// Everything that is stored of a grievance, save what the database derives from it.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = grievances)]
#[diesel(primary_key(tenant_id, id))]
#[diesel(treat_none_as_null = true)]
#[diesel(treat_none_as_default_value = false)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) tenant_id: Uuid,
    pub(super) year: i16,
    pub(super) place: i32,
    member_id: Uuid,
    employer_id: Uuid,
    pub(super) filed_date: jiff_diesel::Date,
    incident_date: Option<jiff_diesel::Date>,
    contract_article: Option<String>,
    violation_description: String,
    remedy_sought: Option<String>,
    assigned_representative_id: Option<Uuid>,
    notes: Option<String>,
    current_step: String,
    employer_answer: String,
    status: String,
    status_reason: Option<String>,
    resolution: Option<String>,
    resolution_date: Option<jiff_diesel::Date>,
    settlement_amount: Option<i64>,
    pub(super) version: i64,
    created_at: jiff_diesel::Timestamp,
    updated_at: jiff_diesel::Timestamp,
    deleted_at: Option<jiff_diesel::Timestamp>,
    agreement_id: Option<Uuid>,
    rules_version: Option<i64>,
    steward_id: Option<Uuid>,
}

impl Row {
    /// The row of a tenant's grievance.
    pub(super) fn new(tenant: TenantId, grievance: &Grievance) -> Self {
        let Grievance {
            id,
            number,
            member,
            employer,
            filed_date,
            agreement,
            claim,
            progress,
            version,
            created_at,
            updated_at,
            deleted_at,
        } = grievance;
        let Claim {
            incident_date,
            contract_article,
            violation_description,
            remedy_sought,
            assigned_representative,
            steward,
            notes,
        } = claim;
        let Progress {
            step,
            answer,
            state,
        } = progress;
        let (resolution, resolution_date, settlement_amount) =
            settlement::columns(progress.settlement());
        Self {
            id: id.uuid(),
            tenant_id: tenant.uuid(),
            year: number.year(),
            place: number.place(),
            member_id: member.uuid(),
            employer_id: employer.uuid(),
            filed_date: day(*filed_date),
            incident_date: incident_date.map(day),
            contract_article: contract_article.as_ref().map(ToString::to_string),
            violation_description: violation_description.to_string(),
            remedy_sought: remedy_sought.as_ref().map(ToString::to_string),
            assigned_representative_id: assigned_representative.map(UserId::uuid),
            notes: notes.as_ref().map(ToString::to_string),
            current_step: step.as_str().to_owned(),
            employer_answer: answer.as_str().to_owned(),
            status: state.as_str().to_owned(),
            status_reason: progress.reason().map(ToString::to_string),
            resolution,
            resolution_date,
            settlement_amount,
            version: version.get(),
            created_at: instant(*created_at),
            updated_at: instant(*updated_at),
            deleted_at: deleted_at.map(instant),
            agreement_id: agreement.map(|under| under.agreement.uuid()),
            rules_version: agreement.map(|under| under.rules.get()),
            steward_id: steward.map(UserId::uuid),
        }
    }
}

impl TryFrom<Row> for Grievance {
    type Error = InconsistentRow;

    fn try_from(row: Row) -> Result<Self, InconsistentRow> {
        let from = StoredRow::new("grievances", row.id);
        Ok(Self {
            id: GrievanceId::new(row.id),
            number: from.value("place", GrievanceNumber::new(row.year, row.place))?,
            member: MemberId::new(row.member_id),
            employer: OrganizationId::new(row.employer_id),
            filed_date: row.filed_date.to_jiff(),
            version: from.version(row.version)?,
            created_at: row.created_at.to_jiff(),
            updated_at: row.updated_at.to_jiff(),
            deleted_at: row.deleted_at.map(jiff_diesel::Timestamp::to_jiff),
            agreement: filed_under(from, &row)?,
            claim: claim(from, &row)?,
            progress: Progress {
                step: from.value("current_step", Step::parse(&row.current_step))?,
                answer: from.value("employer_answer", Answer::parse(&row.employer_answer))?,
                state: state(from, row)?,
            },
        })
    }
}

fn filed_under(from: StoredRow, row: &Row) -> Result<Option<FiledUnder>, InconsistentRow> {
    match row.agreement_id.zip(row.rules_version) {
        None => Ok(None),
        Some((agreement, rules)) => Ok(Some(FiledUnder {
            agreement: CollectiveAgreementId::new(agreement),
            rules: from.version(rules)?,
        })),
    }
}

fn claim(from: StoredRow, row: &Row) -> Result<Claim, InconsistentRow> {
    Ok(Claim {
        incident_date: row.incident_date.map(jiff_diesel::Date::to_jiff),
        contract_article: from.optional(
            "contract_article",
            row.contract_article.as_deref(),
            Line::parse,
        )?,
        violation_description: from.value(
            "violation_description",
            Prose::parse(&row.violation_description),
        )?,
        remedy_sought: from.optional(
            "remedy_sought",
            row.remedy_sought.as_deref(),
            Prose::parse,
        )?,
        assigned_representative: row.assigned_representative_id.map(UserId::new),
        steward: row.steward_id.map(UserId::new),
        notes: from.optional("notes", row.notes.as_deref(), Prose::parse)?,
    })
}

fn state(from: StoredRow, row: Row) -> Result<State, InconsistentRow> {
    let reason = from.optional("status_reason", row.status_reason.as_deref(), Prose::parse)?;
    let agreed = settlement::read(
        from,
        (row.resolution, row.resolution_date, row.settlement_amount),
    )?;
    match (row.status.as_str(), reason, agreed) {
        ("open", None, None) => Ok(State::Open),
        ("investigation", None, None) => Ok(State::Investigation),
        ("hearing", None, None) => Ok(State::Hearing),
        ("arbitration", None, None) => Ok(State::Arbitration),
        ("settled", None, Some(agreed)) => Ok(State::Settled(agreed)),
        ("withdrawn", Some(reason), None) => Ok(State::Withdrawn(reason)),
        ("closed", Some(reason), agreed) => Ok(State::Closed(reason, agreed)),
        _ => Err(from.inconsistent("status contradicts the reason or what was agreed")),
    }
}
