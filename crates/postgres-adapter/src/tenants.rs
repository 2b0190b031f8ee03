//! Tenants: the locals and training trusts of the installation.

use diesel::{ExpressionMethods, Insertable, OptionalExtension, QueryDsl, Queryable, RunQueryDsl};
use unionhall_domain::{
    tenants::{Currency, Slug, Tenant, TenantId, TenantKind, ZoneName},
    text::Line,
};
use unionhall_ports::{storage::StorageError, tenants::TenantRepository};
use uuid::Uuid;

use crate::{
    errors::InconsistentRow,
    rows::{instant, stored},
    schema::tenants,
    unit_of_work::Transaction,
};

impl TenantRepository for Transaction<'_> {
    fn find(&mut self, id: TenantId) -> Result<Option<Tenant>, StorageError> {
        let row = self.query(|connection| {
            tenants::table
                .find(id.uuid())
                .first::<TenantRow>(connection)
                .optional()
        })?;
        self.one(row)
    }

    fn find_by_slug(&mut self, slug: &Slug) -> Result<Option<Tenant>, StorageError> {
        let row = self.query(|connection| {
            tenants::table
                .filter(tenants::slug.eq(slug.as_str()))
                .first::<TenantRow>(connection)
                .optional()
        })?;
        self.one(row)
    }

    fn list(&mut self) -> Result<Vec<Tenant>, StorageError> {
        let rows = self.query(|connection| {
            tenants::table
                .order(tenants::slug)
                .load::<TenantRow>(connection)
        })?;
        let tenants: Result<_, _> = rows.into_iter().map(Tenant::try_from).collect();
        tenants.map_err(|row| self.refuse(row))
    }

    fn insert(&mut self, tenant: &Tenant) -> Result<(), StorageError> {
        let row = TenantRow::from(tenant);
        self.query(|connection| {
            diesel::insert_into(tenants::table)
                .values(&row)
                .execute(connection)
        })
        .map(drop)
    }
}

impl Transaction<'_> {
    fn one(&mut self, row: Option<TenantRow>) -> Result<Option<Tenant>, StorageError> {
        row.map(Tenant::try_from)
            .transpose()
            .map_err(|row| self.refuse(row))
    }
}

/// A row of `tenants`.
#[derive(Queryable, Insertable)]
#[diesel(table_name = tenants)]
pub(crate) struct TenantRow {
    id: Uuid,
    slug: String,
    name: String,
    kind: String,
    time_zone: String,
    currency: String,
    created_at: jiff_diesel::Timestamp,
}

impl From<&Tenant> for TenantRow {
    fn from(tenant: &Tenant) -> Self {
        let Tenant {
            id,
            slug,
            name,
            kind,
            time_zone,
            currency,
            created_at,
        } = tenant;
        Self {
            id: id.uuid(),
            slug: slug.as_str().to_owned(),
            name: name.as_str().to_owned(),
            kind: kind.as_str().to_owned(),
            time_zone: time_zone.as_str().to_owned(),
            currency: currency.as_str().to_owned(),
            created_at: instant(*created_at),
        }
    }
}

impl TryFrom<TenantRow> for Tenant {
    type Error = InconsistentRow;

    fn try_from(row: TenantRow) -> Result<Self, InconsistentRow> {
        const TABLE: &str = "tenants";
        Ok(Self {
            id: TenantId::new(row.id),
            slug: stored(TABLE, row.id, "slug", Slug::parse(&row.slug))?,
            name: stored(TABLE, row.id, "name", Line::parse(&row.name))?,
            kind: stored(TABLE, row.id, "kind", TenantKind::parse(&row.kind))?,
            time_zone: stored(TABLE, row.id, "time_zone", ZoneName::parse(&row.time_zone))?,
            currency: stored(TABLE, row.id, "currency", Currency::parse(&row.currency))?,
            created_at: row.created_at.to_jiff(),
        })
    }
}
