//! The activities of a campaign added up: one statement that groups them in every way at once.

use diesel::{
    PgConnection, QueryResult, RunQueryDsl,
    sql_types::{BigInt, Date as SqlDate, Integer, Nullable, Uuid as SqlUuid},
};
use unionhall_domain::{campaigns::CampaignId, organizations::OrganizationId, tenants::TenantId};
use unionhall_ports::{campaigns::CampaignTallies, salting_activities::SaltingTally};
use uuid::Uuid;

use crate::{errors::InconsistentRow, rows::count, statements::prepared};

/// `grouped` has a bit for each column that a row is not grouped by, the first column the higher.
const TALLIES: &str = "\
    select grouping(organization_id, month) as grouped, organization_id, month, \
        count(*), coalesce(sum(workers_contacted), 0)::bigint, coalesce(sum(cards_signed), 0)::bigint, \
        max(activity_date) \
    from ( \
        select organization_id, date_trunc('month', activity_date::timestamp)::date as month, \
            workers_contacted, cards_signed, activity_date \
        from salting_activities \
        where tenant_id = ? and campaign_id = ? and deleted_at is null \
    ) as found \
    group by grouping sets ((), (organization_id), (month)) \
    order by grouped, organization_id, month";

const WHOLE: i32 = 0b11;
const BY_EMPLOYER: i32 = 0b01;
const BY_MONTH: i32 = 0b10;

type Columns = (
    Integer,
    Nullable<SqlUuid>,
    Nullable<SqlDate>,
    BigInt,
    BigInt,
    BigInt,
    Nullable<SqlDate>,
);

/// A row: how it is grouped, the two columns it may be grouped by, and the sums.
pub(super) type Row = (
    i32,
    Option<Uuid>,
    Option<jiff_diesel::Date>,
    i64,
    i64,
    i64,
    Option<jiff_diesel::Date>,
);

/// The sums of a campaign's activities, in the order of employers and months.
pub(super) fn rows(
    connection: &mut PgConnection,
    tenant: TenantId,
    campaign: CampaignId,
) -> QueryResult<Vec<Row>> {
    prepared::<Columns>(TALLIES)
        .bind::<SqlUuid, _>(tenant.uuid())
        .bind::<SqlUuid, _>(campaign.uuid())
        .load(connection)
}

/// Sorts the rows into what they were grouped by.
pub(super) fn sorted(rows: Vec<Row>) -> Result<CampaignTallies, InconsistentRow> {
    let mut tallies = CampaignTallies::default();
    for (grouped, employer, month, activities, contacted, signed, last) in rows {
        let tally = SaltingTally {
            activities: count(activities),
            workers_contacted: count(contacted),
            cards_signed: count(signed),
            last_on: last.map(jiff_diesel::Date::to_jiff),
        };
        match (grouped, employer, month) {
            (WHOLE, None, None) => tallies.total = tally,
            (BY_EMPLOYER, Some(employer), None) => {
                let employer = OrganizationId::new(employer);
                tallies.by_employer.push((employer, tally));
            }
            (BY_MONTH, None, Some(month)) => tallies.by_month.push((month.to_jiff(), tally)),
            _ => {
                return Err(InconsistentRow {
                    table: "salting_activities",
                    id: grouped.to_string(),
                    what: "is grouped in a way that was not asked for".to_owned(),
                });
            }
        }
    }
    Ok(tallies)
}
