//! A row of `campaigns`, and its way from and to the aggregate.

use diesel::{AsChangeset, Insertable, Queryable, Selectable};
use unionhall_domain::{
    campaigns::{Campaign, CampaignId, CampaignPlan, Course, State, Targets},
    tenants::TenantId,
    text::{Line, Prose},
    users::UserId,
};
use uuid::Uuid;

use super::targets::TargetRow;
use crate::{
    errors::InconsistentRow,
    rows::instant,
    schema::campaigns,
    stored::{StoredRow, day},
};

/// Everything that is stored of a campaign but its employers, save what the database derives from it.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = campaigns)]
#[diesel(primary_key(tenant_id, id))]
#[diesel(treat_none_as_null = true)]
#[diesel(treat_none_as_default_value = false)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) tenant_id: Uuid,
    name: String,
    description: Option<String>,
    lead_id: Uuid,
    target_date: Option<jiff_diesel::Date>,
    status: String,
    status_reason: Option<String>,
    started_on: Option<jiff_diesel::Date>,
    ended_on: Option<jiff_diesel::Date>,
    pub(super) version: i64,
    pub(super) created_at: jiff_diesel::Timestamp,
    updated_at: jiff_diesel::Timestamp,
    deleted_at: Option<jiff_diesel::Timestamp>,
}

impl Row {
    /// The row of a tenant's campaign.
    pub(super) fn new(tenant: TenantId, campaign: &Campaign) -> Self {
        let Campaign {
            id,
            plan,
            course,
            version,
            created_at,
            updated_at,
            deleted_at,
        } = campaign;
        let CampaignPlan {
            name,
            description,
            lead,
            target_date,
            targets: _,
        } = plan;
        let Course {
            state,
            started_on,
            ended_on,
        } = course;
        Self {
            id: id.uuid(),
            tenant_id: tenant.uuid(),
            name: name.to_string(),
            description: description.as_ref().map(ToString::to_string),
            lead_id: lead.uuid(),
            target_date: target_date.map(day),
            status: state.as_str().to_owned(),
            status_reason: state.reason().map(ToString::to_string),
            started_on: started_on.map(day),
            ended_on: ended_on.map(day),
            version: version.get(),
            created_at: instant(*created_at),
            updated_at: instant(*updated_at),
            deleted_at: deleted_at.map(instant),
        }
    }

    /// The campaign, with those of the employers that are its own.
    pub(super) fn campaign(self, targets: &[TargetRow]) -> Result<Campaign, InconsistentRow> {
        let from = StoredRow::new("campaigns", self.id);
        let own = targets
            .iter()
            .filter(|target| target.campaign_id == self.id);
        let own: Result<Vec<_>, _> = own.map(|target| target.target(from)).collect();
        let date = |date: Option<jiff_diesel::Date>| date.map(jiff_diesel::Date::to_jiff);
        Ok(Campaign {
            id: CampaignId::new(self.id),
            plan: CampaignPlan {
                name: from.value("name", Line::parse(&self.name))?,
                description: from.optional(
                    "description",
                    self.description.as_deref(),
                    Prose::parse,
                )?,
                lead: UserId::new(self.lead_id),
                target_date: date(self.target_date),
                targets: from.value("targets", Targets::new(own?))?,
            },
            course: Course {
                state: state(from, &self.status, self.status_reason.as_deref())?,
                started_on: date(self.started_on),
                ended_on: date(self.ended_on),
            },
            version: from.version(self.version)?,
            created_at: self.created_at.to_jiff(),
            updated_at: self.updated_at.to_jiff(),
            deleted_at: self.deleted_at.map(jiff_diesel::Timestamp::to_jiff),
        })
    }
}

fn state(from: StoredRow, status: &str, reason: Option<&str>) -> Result<State, InconsistentRow> {
    let reason = from.optional("status_reason", reason, Prose::parse)?;
    match (status, reason) {
        ("planned", None) => Ok(State::Planned),
        ("active", None) => Ok(State::Active),
        ("paused", Some(reason)) => Ok(State::Paused(reason)),
        ("won", Some(reason)) => Ok(State::Won(reason)),
        ("lost", Some(reason)) => Ok(State::Lost(reason)),
        ("abandoned", Some(reason)) => Ok(State::Abandoned(reason)),
        _ => Err(from.inconsistent("status contradicts its reason")),
    }
}
