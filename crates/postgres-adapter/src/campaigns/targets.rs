//! A row of `campaign_targets`: one employer of a campaign.

use diesel::{Insertable, Queryable, Selectable};
use unionhall_domain::{
    campaigns::{Campaign, CampaignTarget},
    headcounts::Headcount,
    organizations::OrganizationId,
    tenants::TenantId,
};
use uuid::Uuid;

use crate::{errors::InconsistentRow, schema::campaign_targets, stored::StoredRow};

/// Everything that is stored of an employer of a campaign.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = campaign_targets)]
pub(super) struct TargetRow {
    tenant_id: Uuid,
    pub(super) campaign_id: Uuid,
    pub(super) organization_id: Uuid,
    unit_size: Option<i32>,
    cards_goal: Option<i32>,
}

impl TargetRow {
    /// The rows of a campaign.
    pub(super) fn all(tenant: TenantId, campaign: &Campaign) -> Vec<Self> {
        let people = |count: Option<Headcount>| {
            count.map(|count| i32::try_from(count.get()).unwrap_or(i32::MAX))
        };
        let row = |target: &CampaignTarget| Self {
            tenant_id: tenant.uuid(),
            campaign_id: campaign.id.uuid(),
            organization_id: target.organization().uuid(),
            unit_size: people(target.unit_size()),
            cards_goal: people(target.cards_goal()),
        };
        campaign.plan.targets.as_slice().iter().map(row).collect()
    }

    /// The employer.
    pub(super) fn target(&self, from: StoredRow) -> Result<CampaignTarget, InconsistentRow> {
        let people = |column, count: Option<i32>| {
            let count = count.map(|count| from.value(column, Headcount::new(count.into())));
            count.transpose()
        };
        let organization = OrganizationId::new(self.organization_id);
        let unit_size = people("unit_size", self.unit_size)?;
        let cards_goal = people("cards_goal", self.cards_goal)?;
        let target = CampaignTarget::new(organization, unit_size, cards_goal);
        from.value("cards_goal", target.map_err(|error| error.invalid))
    }
}
