//! Activities added up: one statement that groups them in every way at once.

use std::cmp::Reverse;

use diesel::{
    PgConnection, QueryResult, RunQueryDsl,
    sql_types::{BigInt, Date as SqlDate, Integer, Nullable, Text, Uuid as SqlUuid},
};
use unionhall_domain::{
    campaigns::CampaignId,
    members::MemberId,
    organizations::OrganizationId,
    salting_activities::{SaltingActivityType, SaltingOutcome},
    tenants::TenantId,
};
use unionhall_ports::salting_activities::{
    OutcomeKnown, SaltingActivityFilter, SaltingStatistics, SaltingTally,
};
use uuid::Uuid;

use crate::{
    errors::InconsistentRow,
    rows::{count, stored},
    statements::prepared,
    stored::day,
};

const TABLE: &str = "salting_activities";

/// `grouped` has a bit for each column that a row is not grouped by, the first column the highest.
const TALLIES: &str = "\
    select grouping(activity_type, outcome_name, organization_id, month) as grouped, \
        activity_type, outcome_name, organization_id, month, \
        count(*), coalesce(sum(workers_contacted), 0)::bigint, coalesce(sum(cards_signed), 0)::bigint, \
        max(activity_date) \
    from ( \
        select activity_type, coalesce(outcome, 'pending') as outcome_name, organization_id, \
            date_trunc('month', activity_date::timestamp)::date as month, \
            workers_contacted, cards_signed, activity_date \
        from salting_activities \
        where tenant_id = ? and deleted_at is null \
            and (? is null or organization_id = ?) \
            and (? is null or campaign_id = ?) \
            and (? is null or member_id = ?) \
            and (? is null or activity_type = ?) \
            and (? is null or coalesce(outcome, 'pending') = ?) \
            and (? is null or activity_date >= ?) \
            and (? is null or activity_date <= ?) \
    ) as found \
    group by grouping sets ((), (activity_type), (outcome_name), (organization_id), (month))";

const WHOLE: i32 = 0b1111;
const BY_TYPE: i32 = 0b0111;
const BY_OUTCOME: i32 = 0b1011;
const BY_EMPLOYER: i32 = 0b1101;
const BY_MONTH: i32 = 0b1110;

type Columns = (
    Integer,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<SqlUuid>,
    Nullable<SqlDate>,
    BigInt,
    BigInt,
    BigInt,
    Nullable<SqlDate>,
);

/// A row: how it is grouped, the four columns it may be grouped by, and the sums.
pub(super) type Row = (
    i32,
    Option<String>,
    Option<String>,
    Option<Uuid>,
    Option<jiff_diesel::Date>,
    i64,
    i64,
    i64,
    Option<jiff_diesel::Date>,
);

/// The sums of the activities that match.
pub(super) fn rows(
    connection: &mut PgConnection,
    tenant: TenantId,
    filter: &SaltingActivityFilter,
) -> QueryResult<Vec<Row>> {
    let organization = filter.organization.map(OrganizationId::uuid);
    let campaign = filter.campaign.map(CampaignId::uuid);
    let member = filter.member.map(MemberId::uuid);
    let kind = filter.activity_type.map(SaltingActivityType::as_str);
    let outcome = filter.outcome.map(OutcomeKnown::as_str);
    let (from, until) = (filter.from.map(day), filter.until.map(day));
    prepared::<Columns>(TALLIES)
        .bind::<SqlUuid, _>(tenant.uuid())
        .bind::<Nullable<SqlUuid>, _>(organization)
        .bind::<Nullable<SqlUuid>, _>(organization)
        .bind::<Nullable<SqlUuid>, _>(campaign)
        .bind::<Nullable<SqlUuid>, _>(campaign)
        .bind::<Nullable<SqlUuid>, _>(member)
        .bind::<Nullable<SqlUuid>, _>(member)
        .bind::<Nullable<Text>, _>(kind)
        .bind::<Nullable<Text>, _>(kind)
        .bind::<Nullable<Text>, _>(outcome)
        .bind::<Nullable<Text>, _>(outcome)
        .bind::<Nullable<SqlDate>, _>(from)
        .bind::<Nullable<SqlDate>, _>(from)
        .bind::<Nullable<SqlDate>, _>(until)
        .bind::<Nullable<SqlDate>, _>(until)
        .load(connection)
}

/// Sorts the rows into what they were grouped by.
pub(super) fn statistics(rows: Vec<Row>) -> Result<SaltingStatistics, InconsistentRow> {
    let mut statistics = SaltingStatistics::default();
    for (grouped, kind, outcome, employer, month, activities, contacted, signed, last) in rows {
        let tally = SaltingTally {
            activities: count(activities),
            workers_contacted: count(contacted),
            cards_signed: count(signed),
            last_on: last.map(jiff_diesel::Date::to_jiff),
        };
        match (grouped, kind, outcome, employer, month) {
            (WHOLE, None, None, None, None) => statistics.total = tally,
            (BY_TYPE, Some(kind), None, None, None) => {
                let parsed = SaltingActivityType::parse(&kind);
                let kind = stored(TABLE, &kind, "activity_type", parsed)?;
                statistics.by_type.push((kind, tally));
            }
            (BY_OUTCOME, None, Some(outcome), None, None) => {
                statistics.by_outcome.push((known(&outcome)?, tally));
            }
            (BY_EMPLOYER, None, None, Some(employer), None) => {
                let employer = OrganizationId::new(employer);
                statistics.by_employer.push((employer, tally));
            }
            (BY_MONTH, None, None, None, Some(month)) => {
                statistics.by_month.push((month.to_jiff(), tally));
            }
            _ => {
                return Err(InconsistentRow {
                    table: TABLE,
                    id: grouped.to_string(),
                    what: "is grouped in a way that was not asked for".to_owned(),
                });
            }
        }
    }
    Ok(in_order(statistics))
}

fn in_order(mut statistics: SaltingStatistics) -> SaltingStatistics {
    statistics.by_type.sort_unstable_by_key(|(kind, _)| *kind);
    statistics
        .by_outcome
        .sort_unstable_by_key(|(outcome, _)| *outcome);
    statistics.employers = u64::try_from(statistics.by_employer.len()).unwrap_or(u64::MAX);
    statistics
        .by_employer
        .sort_unstable_by_key(|(employer, tally)| (Reverse(tally.activities), *employer));
    statistics
        .by_employer
        .truncate(SaltingStatistics::EMPLOYERS_TOLD);
    statistics
        .by_month
        .sort_unstable_by_key(|(month, _)| Reverse(*month));
    statistics.by_month.truncate(SaltingStatistics::MONTHS_TOLD);
    statistics
}

fn known(name: &str) -> Result<OutcomeKnown, InconsistentRow> {
    if name == OutcomeKnown::PENDING {
        return Ok(OutcomeKnown::Pending);
    }
    stored(TABLE, name, "outcome", SaltingOutcome::parse(name)).map(OutcomeKnown::Known)
}
