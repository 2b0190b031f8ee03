//! Which campaigns a list shows, and in which order.

use diesel::{
    BoolExpressionMethods, ExpressionMethods, PgConnection, QueryDsl, QueryResult, RunQueryDsl,
    SelectableHelper,
    dsl::{count_star, exists},
    pg::Pg,
    sql_types::{Text, Timestamptz, Uuid as SqlUuid},
};
use unionhall_domain::tenants::TenantId;
use unionhall_ports::{
    campaigns::{CampaignFilter, CampaignSort},
    pages::{Cursor, PageRequest},
};

use super::row::Row;
use crate::{
    lists::{instant_key, one_more_than, place, sorted, text_key},
    rows::instant,
    schema::{campaign_targets, campaigns},
};

/// A row of a list, with the name it is sorted by.
pub(super) type Listed = (Row, String);

/// The rows of a page, and one more if there is another page.
pub(super) fn rows(
    connection: &mut PgConnection,
    tenant: TenantId,
    filter: &CampaignFilter,
    page: &PageRequest<CampaignSort>,
) -> QueryResult<Vec<Listed>> {
    let query = matching(tenant, filter).select((Row::as_select(), campaigns::sort_name));
    let after = page.after.as_ref();
    let query = match page.sort {
        CampaignSort::Name => {
            let Ok(place) = place(after, text_key) else {
                return Ok(Vec::new());
            };
            sorted!(
                query,
                page.direction,
                [campaigns::sort_name, campaigns::id] as (Text, SqlUuid),
                place
            )
        }
        CampaignSort::Created => {
            let Ok(place) = place(after, |key| instant_key(key).map(instant)) else {
                return Ok(Vec::new());
            };
            sorted!(
                query,
                page.direction,
                [campaigns::created_at, campaigns::id] as (Timestamptz, SqlUuid),
                place
            )
        }
    };
    one_more_than(page.limit, query).load(connection)
}

/// How many campaigns match, on all pages together.
pub(super) fn total(
    connection: &mut PgConnection,
    tenant: TenantId,
    filter: &CampaignFilter,
) -> QueryResult<i64> {
    matching(tenant, filter)
        .select(count_star())
        .get_result(connection)
}

/// The place of a row in the order.
pub(super) fn cursor(sort: CampaignSort, (row, name): &Listed) -> Cursor {
    let key = match sort {
        CampaignSort::Name => name.clone(),
        CampaignSort::Created => row.created_at.to_jiff().to_string(),
    };
    Cursor { key, id: row.id }
}

fn matching(tenant: TenantId, filter: &CampaignFilter) -> campaigns::BoxedQuery<'_, Pg> {
    let mut query = campaigns::table
        .filter(campaigns::tenant_id.eq(tenant.uuid()))
        .filter(campaigns::deleted_at.is_null())
        .into_boxed();
    if let Some(status) = filter.status {
        query = query.filter(campaigns::status.eq(status));
    }
    if let Some(lead) = filter.lead {
        query = query.filter(campaigns::lead_id.eq(lead.uuid()));
    }
    if let Some(organization) = filter.organization {
        let of_campaign = campaign_targets::tenant_id
            .eq(campaigns::tenant_id)
            .and(campaign_targets::campaign_id.eq(campaigns::id))
            .and(campaign_targets::organization_id.eq(organization.uuid()));
        query = query.filter(exists(campaign_targets::table.filter(of_campaign)));
    }
    query
}
