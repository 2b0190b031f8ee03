//! Campaigns and their employers in PostgreSQL.

mod listing;
mod row;
mod tallies;
mod targets;

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl, SelectableHelper};
use unionhall_domain::campaigns::{Campaign, CampaignId};
use unionhall_ports::{
    campaigns::{CampaignFilter, CampaignRepository, CampaignSort, CampaignTallies},
    pages::{Page, PageRequest},
    storage::StorageError,
};
use uuid::Uuid;

use crate::{
    rows::{count, page as page_of},
    schema::{campaign_targets, campaigns},
    unit_of_work::Transaction,
};
use row::Row;
use targets::TargetRow;

impl CampaignRepository for Transaction<'_> {
    fn find(&mut self, id: CampaignId) -> Result<Option<Campaign>, StorageError> {
        let tenant = self.tenant()?;
        let row = self.query(|connection| {
            with_id(tenant.uuid(), id.uuid())
                .filter(campaigns::deleted_at.is_null())
                .select(Row::as_select())
                .first(connection)
                .optional()
        })?;
        let found = self.campaigns_of(row.into_iter().collect())?;
        Ok(found.into_iter().next())
    }

    fn hold(&mut self, id: CampaignId) -> Result<Option<Campaign>, StorageError> {
        let tenant = self.tenant()?;
        let row = self.query(|connection| {
            with_id(tenant.uuid(), id.uuid())
                .filter(campaigns::deleted_at.is_null())
                .select(Row::as_select())
                .for_share()
                .first(connection)
                .optional()
        })?;
        let found = self.campaigns_of(row.into_iter().collect())?;
        Ok(found.into_iter().next())
    }

    fn find_deleted(&mut self, id: CampaignId) -> Result<Option<Campaign>, StorageError> {
        let tenant = self.tenant()?;
        let row = self.query(|connection| {
            with_id(tenant.uuid(), id.uuid())
                .filter(campaigns::deleted_at.is_not_null())
                .select(Row::as_select())
                .first(connection)
                .optional()
        })?;
        let found = self.campaigns_of(row.into_iter().collect())?;
        Ok(found.into_iter().next())
    }

    fn list(
        &mut self,
        filter: &CampaignFilter,
        page: &PageRequest<CampaignSort>,
    ) -> Result<Page<Campaign>, StorageError> {
        let tenant = self.tenant()?;
        let rows = self.query(|connection| listing::rows(connection, tenant, filter, page))?;
        let total = if page.with_total {
            let total = self.query(|connection| listing::total(connection, tenant, filter))?;
            Some(count(total))
        } else {
            None
        };
        let Page { items, next, total } = page_of(rows, page.limit, total, |row| {
            listing::cursor(page.sort, row)
        });
        let rows = items.into_iter().map(|(row, _)| row).collect();
        let items = self.campaigns_of(rows)?;
        Ok(Page { items, next, total })
    }

    fn tallies(&mut self, id: CampaignId) -> Result<CampaignTallies, StorageError> {
        let tenant = self.tenant()?;
        let rows = self.query(|connection| tallies::rows(connection, tenant, id))?;
        tallies::sorted(rows).map_err(|row| self.refuse(row))
    }

    fn insert(&mut self, campaign: &Campaign) -> Result<(), StorageError> {
        let tenant = self.tenant()?;
        let row = Row::new(tenant, campaign);
        self.query(|connection| {
            diesel::insert_into(campaigns::table)
                .values(&row)
                .execute(connection)
        })?;
        self.put_targets(&TargetRow::all(tenant, campaign))
    }

    fn update(&mut self, campaign: &Campaign) -> Result<(), StorageError> {
        let tenant = self.tenant()?;
        let row = Row::new(tenant, campaign);
        let stored = row.version.saturating_sub(1);
        let written = self.query(|connection| {
            diesel::update(with_id(row.tenant_id, row.id))
                .filter(campaigns::version.eq(stored))
                .set(&row)
                .execute(connection)
        })?;
        self.unless_stale(written, 1)?;
        let targets = TargetRow::all(tenant, campaign);
        let kept: Vec<_> = targets
            .iter()
            .map(|target| target.organization_id)
            .collect();
        self.query(|connection| {
            diesel::delete(
                campaign_targets::table
                    .filter(campaign_targets::tenant_id.eq(row.tenant_id))
                    .filter(campaign_targets::campaign_id.eq(row.id))
                    .filter(campaign_targets::organization_id.ne_all(kept)),
            )
            .execute(connection)
        })?;
        self.put_targets(&targets)
    }
}

#[diesel::dsl::auto_type(no_type_alias)]
fn with_id(tenant: Uuid, id: Uuid) -> _ {
    campaigns::table
        .filter(campaigns::tenant_id.eq(tenant))
        .filter(campaigns::id.eq(id))
}

impl Transaction<'_> {
    /// The campaigns of these rows, in their order, with the employers of all of them read at once.
    fn campaigns_of(&mut self, rows: Vec<Row>) -> Result<Vec<Campaign>, StorageError> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let tenant = self.tenant()?;
        let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
        let targets: Vec<TargetRow> = self.query(|connection| {
            campaign_targets::table
                .filter(campaign_targets::tenant_id.eq(tenant.uuid()))
                .filter(campaign_targets::campaign_id.eq_any(ids))
                .select(TargetRow::as_select())
                .load(connection)
        })?;
        let campaigns: Result<_, _> = rows.into_iter().map(|row| row.campaign(&targets)).collect();
        campaigns.map_err(|row| self.refuse(row))
    }

    /// Writes the employers of a campaign, those that are there and those that are new.
    fn put_targets(&mut self, targets: &[TargetRow]) -> Result<(), StorageError> {
        self.query(|connection| {
            diesel::insert_into(campaign_targets::table)
                .values(targets)
                .on_conflict((
                    campaign_targets::tenant_id,
                    campaign_targets::campaign_id,
                    campaign_targets::organization_id,
                ))
                .do_update()
                .set((
                    campaign_targets::unit_size
                        .eq(diesel::upsert::excluded(campaign_targets::unit_size)),
                    campaign_targets::cards_goal
                        .eq(diesel::upsert::excluded(campaign_targets::cards_goal)),
                ))
                .execute(connection)
        })
        .map(drop)
    }
}
