//! A row of `job_rules`, and its way from and to the domain.

use diesel::{AsChangeset, Insertable, Queryable, Selectable};
use unionhall_domain::{
    employments::{JobRules, JobsAtOnce},
    money::Amount,
    tenants::TenantId,
};
use uuid::Uuid;

use crate::{errors::InconsistentRow, schema::job_rules, stored::StoredRow};

/// What a tenant holds to be usual of jobs.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = job_rules)]
#[diesel(primary_key(tenant_id))]
pub(super) struct RulesRow {
    tenant_id: Uuid,
    max_current_jobs: i16,
    hourly_rate_low: i64,
    hourly_rate_high: i64,
    pub(super) version: i64,
}

impl RulesRow {
    /// The row of a tenant's rules.
    pub(super) fn new(tenant: TenantId, rules: &JobRules) -> Self {
        let JobRules {
            at_once,
            lowest_rate,
            highest_rate,
            version,
        } = rules;
        Self {
            tenant_id: tenant.uuid(),
            max_current_jobs: i16::from(at_once.get()),
            hourly_rate_low: lowest_rate.minor(),
            hourly_rate_high: highest_rate.minor(),
            version: version.get(),
        }
    }
}

impl TryFrom<RulesRow> for JobRules {
    type Error = InconsistentRow;

    fn try_from(row: RulesRow) -> Result<Self, InconsistentRow> {
        let from = StoredRow::new("job_rules", row.tenant_id);
        let at_once = JobsAtOnce::new(i64::from(row.max_current_jobs));
        Ok(Self {
            at_once: from.value("max_current_jobs", at_once)?,
            lowest_rate: from.value("hourly_rate_low", Amount::from_minor(row.hourly_rate_low))?,
            highest_rate: from
                .value("hourly_rate_high", Amount::from_minor(row.hourly_rate_high))?,
            version: from.version(row.version)?,
        })
    }
}
