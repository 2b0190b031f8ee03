//! A row of `tenants` without its settings, and its way from and to the aggregate.

use diesel::{AsChangeset, Insertable, Queryable, Selectable};
use unionhall_domain::{
    tenants::{Currency, Plan, Slug, Standing, Tenant, TenantId, TenantKind, ZoneName},
    text::Line,
};
use uuid::Uuid;

use crate::{errors::InconsistentRow, rows::instant, schema::tenants, stored::StoredRow};

/// What is stored of a tenant, save its settings. The statements of signing in select these columns in this order.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = tenants)]
pub(crate) struct TenantRow {
    id: Uuid,
    slug: String,
    name: String,
    kind: String,
    time_zone: String,
    currency: String,
    status: String,
    trial_ends_at: Option<jiff_diesel::Timestamp>,
    max_users: Option<i32>,
    max_storage_bytes: Option<i64>,
    tier: Option<String>,
    version: i64,
    created_at: jiff_diesel::Timestamp,
    updated_at: jiff_diesel::Timestamp,
}

/// The plan, to be written over the one that is there.
#[derive(AsChangeset)]
#[diesel(table_name = tenants)]
#[diesel(treat_none_as_null = true)]
pub(super) struct PlanRow {
    status: &'static str,
    trial_ends_at: Option<jiff_diesel::Timestamp>,
    max_users: Option<i32>,
    max_storage_bytes: Option<i64>,
    tier: Option<String>,
    pub(super) version: i64,
    updated_at: jiff_diesel::Timestamp,
}

impl From<&Tenant> for PlanRow {
    fn from(tenant: &Tenant) -> Self {
        let Plan {
            standing,
            max_users,
            max_storage_bytes,
            tier,
        } = &tenant.plan;
        Self {
            status: standing.as_str(),
            trial_ends_at: standing.trial_ends_at().map(instant),
            max_users: max_users.map(people),
            max_storage_bytes: max_storage_bytes.map(bytes),
            tier: tier.as_ref().map(ToString::to_string),
            version: tenant.version.get(),
            updated_at: instant(tenant.updated_at),
        }
    }
}

/// A number of people as the database stores it; nobody has as many as do not fit.
fn people(count: u32) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

/// A number of bytes as the database stores it; nobody has as many as do not fit.
pub(super) fn bytes(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

impl From<&Tenant> for TenantRow {
    fn from(tenant: &Tenant) -> Self {
        let PlanRow {
            status,
            trial_ends_at,
            max_users,
            max_storage_bytes,
            tier,
            version,
            updated_at,
        } = PlanRow::from(tenant);
        let Tenant {
            id,
            slug,
            name,
            kind,
            time_zone,
            currency,
            plan: _,
            version: _,
            created_at,
            updated_at: _,
        } = tenant;
        Self {
            id: id.uuid(),
            slug: slug.as_str().to_owned(),
            name: name.as_str().to_owned(),
            kind: kind.as_str().to_owned(),
            time_zone: time_zone.as_str().to_owned(),
            currency: currency.as_str().to_owned(),
            status: status.to_owned(),
            trial_ends_at,
            max_users,
            max_storage_bytes,
            tier,
            version,
            created_at: instant(*created_at),
            updated_at,
        }
    }
}

impl TryFrom<TenantRow> for Tenant {
    type Error = InconsistentRow;

    fn try_from(row: TenantRow) -> Result<Self, InconsistentRow> {
        let from = StoredRow::new("tenants", row.id);
        let ends_at = row.trial_ends_at.map(jiff_diesel::Timestamp::to_jiff);
        Ok(Self {
            id: TenantId::new(row.id),
            slug: from.value("slug", Slug::parse(&row.slug))?,
            name: from.value("name", Line::parse(&row.name))?,
            kind: from.value("kind", TenantKind::parse(&row.kind))?,
            time_zone: from.value("time_zone", ZoneName::stored(&row.time_zone))?,
            currency: from.value("currency", Currency::parse(&row.currency))?,
            plan: Plan {
                standing: from.value("status", Standing::parse(&row.status, ends_at))?,
                max_users: row.max_users.and_then(|users| u32::try_from(users).ok()),
                max_storage_bytes: row
                    .max_storage_bytes
                    .and_then(|bytes| u64::try_from(bytes).ok()),
                tier: from.optional("tier", row.tier.as_deref(), Line::parse)?,
            },
            version: from.version(row.version)?,
            created_at: row.created_at.to_jiff(),
            updated_at: row.updated_at.to_jiff(),
        })
    }
}
