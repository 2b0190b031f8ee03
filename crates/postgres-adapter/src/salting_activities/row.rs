//! A row of `salting_activities`, and its way from and to the aggregate.

use diesel::{AsChangeset, Insertable, Queryable, Selectable};
use unionhall_domain::{
    campaigns::CampaignId,
    headcounts::Headcount,
    members::MemberId,
    organizations::OrganizationId,
    salting_activities::{
        Reach, SaltingActivity, SaltingActivityId, SaltingActivityType, SaltingOutcome,
        SaltingReport,
    },
    tenants::TenantId,
    text::{Line, Prose},
};
use uuid::Uuid;

use crate::{
    errors::InconsistentRow,
    rows::instant,
    schema::salting_activities,
    stored::{StoredRow, day},
};

/// Everything that is stored of an activity.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = salting_activities)]
#[diesel(primary_key(tenant_id, id))]
#[diesel(treat_none_as_null = true)]
#[diesel(treat_none_as_default_value = false)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) tenant_id: Uuid,
    member_id: Uuid,
    organization_id: Uuid,
    activity_type: String,
    activity_date: jiff_diesel::Date,
    outcome: Option<String>,
    location: Option<String>,
    workers_contacted: i32,
    cards_signed: i32,
    description: Option<String>,
    notes: Option<String>,
    pub(super) version: i64,
    created_at: jiff_diesel::Timestamp,
    updated_at: jiff_diesel::Timestamp,
    deleted_at: Option<jiff_diesel::Timestamp>,
    campaign_id: Option<Uuid>,
}

impl Row {
    /// The row of a tenant's activity.
    pub(super) fn new(tenant: TenantId, activity: &SaltingActivity) -> Self {
        let SaltingActivity {
            id,
            report,
            version,
            created_at,
            updated_at,
            deleted_at,
        } = activity;
        let SaltingReport {
            member,
            organization,
            campaign,
            activity_type,
            activity_date,
            outcome,
            location,
            reach,
            description,
            notes,
        } = report;
        Self {
            id: id.uuid(),
            tenant_id: tenant.uuid(),
            member_id: member.uuid(),
            organization_id: organization.uuid(),
            activity_type: activity_type.as_str().to_owned(),
            activity_date: day(*activity_date),
            outcome: outcome.map(|outcome| outcome.as_str().to_owned()),
            location: location.as_ref().map(ToString::to_string),
            workers_contacted: people(reach.contacted()),
            cards_signed: people(reach.signed()),
            description: description.as_ref().map(ToString::to_string),
            notes: notes.as_ref().map(ToString::to_string),
            version: version.get(),
            created_at: instant(*created_at),
            updated_at: instant(*updated_at),
            deleted_at: deleted_at.map(instant),
            campaign_id: campaign.map(CampaignId::uuid),
        }
    }
}

/// A headcount as the database stores it: the largest one fits.
pub(super) fn people(count: Headcount) -> i32 {
    i32::try_from(count.get()).unwrap_or(i32::MAX)
}

impl TryFrom<Row> for SaltingActivity {
    type Error = InconsistentRow;

    fn try_from(row: Row) -> Result<Self, InconsistentRow> {
        let from = StoredRow::new("salting_activities", row.id);
        Ok(Self {
            id: SaltingActivityId::new(row.id),
            version: from.version(row.version)?,
            created_at: row.created_at.to_jiff(),
            updated_at: row.updated_at.to_jiff(),
            deleted_at: row.deleted_at.map(jiff_diesel::Timestamp::to_jiff),
            report: report(from, row)?,
        })
    }
}

fn report(from: StoredRow, row: Row) -> Result<SaltingReport, InconsistentRow> {
    let people = |column, count: i32| from.value(column, Headcount::new(count.into()));
    let contacted = people("workers_contacted", row.workers_contacted)?;
    let signed = people("cards_signed", row.cards_signed)?;
    let reach = Reach::new(contacted, signed).map_err(|error| error.invalid);
    Ok(SaltingReport {
        member: MemberId::new(row.member_id),
        organization: OrganizationId::new(row.organization_id),
        campaign: row.campaign_id.map(CampaignId::new),
        activity_type: from.value(
            "activity_type",
            SaltingActivityType::parse(&row.activity_type),
        )?,
        activity_date: row.activity_date.to_jiff(),
        outcome: from.optional("outcome", row.outcome.as_deref(), SaltingOutcome::parse)?,
        location: from.optional("location", row.location.as_deref(), Line::parse)?,
        reach: from.value("cards_signed", reach)?,
        description: from.optional("description", row.description.as_deref(), Prose::parse)?,
        notes: from.optional("notes", row.notes.as_deref(), Prose::parse)?,
    })
}
