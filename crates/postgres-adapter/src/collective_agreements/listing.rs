//! Which agreements a list shows, and in which order.

use diesel::{
    BoolExpressionMethods, ExpressionMethods, PgConnection, QueryDsl, QueryResult, RunQueryDsl,
    SelectableHelper,
    dsl::{count_star, exists},
    pg::Pg,
    sql_types::{Date as SqlDate, Text, Uuid as SqlUuid},
};
use unionhall_domain::tenants::TenantId;
use unionhall_ports::{
    collective_agreements::{AgreementFilter, AgreementSort},
    pages::{Cursor, PageRequest},
};

use super::row::Row;
use crate::{
    lists::{one_more_than, place, sorted, text_key},
    schema::{collective_agreement_parties as parties, collective_agreements as agreements},
    stored::day,
};

/// A row of a list, with the name it is sorted by.
pub(super) type Listed = (Row, String);

/// The rows of a page, and one more if there is another page.
pub(super) fn rows(
    connection: &mut PgConnection,
    tenant: TenantId,
    filter: &AgreementFilter,
    page: &PageRequest<AgreementSort>,
) -> QueryResult<Vec<Listed>> {
    let query = matching(tenant, filter).select((Row::as_select(), agreements::sort_name));
    let after = page.after.as_ref();
    let query = match page.sort {
        AgreementSort::Name => {
            let Ok(place) = place(after, text_key) else {
                return Ok(Vec::new());
            };
            sorted!(
                query,
                page.direction,
                [agreements::sort_name, agreements::id] as (Text, SqlUuid),
                place
            )
        }
        AgreementSort::EffectiveFrom => {
            let Ok(place) = place(after, crate::lists::day_key) else {
                return Ok(Vec::new());
            };
            sorted!(
                query,
                page.direction,
                [agreements::effective_from, agreements::id] as (SqlDate, SqlUuid),
                place
            )
        }
    };
    one_more_than(page.limit, query).load(connection)
}

/// How many agreements match, on all pages together.
pub(super) fn total(
    connection: &mut PgConnection,
    tenant: TenantId,
    filter: &AgreementFilter,
) -> QueryResult<i64> {
    matching(tenant, filter)
        .select(count_star())
        .get_result(connection)
}

/// The place of a row in the order.
pub(super) fn cursor(sort: AgreementSort, (row, name): &Listed) -> Cursor {
    let key = match sort {
        AgreementSort::Name => name.clone(),
        AgreementSort::EffectiveFrom => row.effective_from.to_jiff().to_string(),
    };
    Cursor { key, id: row.id }
}

fn matching(tenant: TenantId, filter: &AgreementFilter) -> agreements::BoxedQuery<'static, Pg> {
    let mut query = agreements::table
        .filter(agreements::tenant_id.eq(tenant.uuid()))
        .filter(agreements::deleted_at.is_null())
        .into_boxed();
    if let Some(organization) = filter.organization {
        let of_organization = parties::table
            .filter(parties::tenant_id.eq(tenant.uuid()))
            .filter(parties::agreement_id.eq(agreements::id))
            .filter(parties::organization_id.eq(organization.uuid()));
        query = query.filter(exists(of_organization));
    }
    if let Some(on) = filter.in_force_on.map(day) {
        query = query.filter(agreements::effective_from.le(on)).filter(
            agreements::effective_through
                .is_null()
                .or(agreements::effective_through.ge(on)),
        );
    }
    query
}
