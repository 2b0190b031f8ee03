//! Tenants: the locals and training trusts of the installation.

mod row;

use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl, SelectableHelper,
    sql_types::{Int4, Int8, Nullable, Uuid as SqlUuid},
};
use unionhall_domain::tenants::{Slug, Tenant, TenantId};
use unionhall_ports::{
    storage::StorageError,
    tenants::{Room, TenantRepository},
};

pub(crate) use self::row::TenantRow;
use self::row::{PlanRow, bytes};
use crate::{schema::tenants, statements::prepared, unit_of_work::Transaction};

const RESERVE_USER: &str = "select tenant_reserve_user(?)";

/// The row is locked by its update, and the condition is checked again on what whoever held it has left. What was
/// not updated is read as it is after the wait.
const RESERVE_STORAGE: &str = "\
    update tenants set used_storage_bytes = greatest(used_storage_bytes + ? - ?, 0) \
    where id = ? and (max_storage_bytes is null or ? <= ? or used_storage_bytes + ? - ? <= max_storage_bytes) \
    returning max_storage_bytes";

impl TenantRepository for Transaction<'_> {
    fn find(&mut self, id: TenantId) -> Result<Option<Tenant>, StorageError> {
        let row = self.query(|connection| {
            tenants::table
                .find(id.uuid())
                .select(TenantRow::as_select())
                .first(connection)
                .optional()
        })?;
        self.one(row)
    }

    fn find_by_slug(&mut self, slug: &Slug) -> Result<Option<Tenant>, StorageError> {
        let row = self.query(|connection| {
            tenants::table
                .filter(tenants::slug.eq(slug.as_str()))
                .select(TenantRow::as_select())
                .first(connection)
                .optional()
        })?;
        self.one(row)
    }

    fn list(&mut self) -> Result<Vec<Tenant>, StorageError> {
        let rows = self.query(|connection| {
            tenants::table
                .order(tenants::slug)
                .select(TenantRow::as_select())
                .load(connection)
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

    fn update_plan(&mut self, tenant: &Tenant) -> Result<(), StorageError> {
        let row = PlanRow::from(tenant);
        let stored = row.version.saturating_sub(1);
        let written = self.query(|connection| {
            diesel::update(tenants::table.find(tenant.id.uuid()))
                .filter(tenants::version.eq(stored))
                .set(&row)
                .execute(connection)
        })?;
        self.unless_stale(written, 1)
    }

    fn reserve_user(&mut self, tenant: TenantId) -> Result<Room, StorageError> {
        let statement = prepared::<Nullable<Int4>>(RESERVE_USER).bind::<SqlUuid, _>(tenant.uuid());
        let full = self.query(|c| statement.get_result::<Option<i32>>(c))?;
        Ok(full.map_or(Room::Reserved, |limit| Room::Full {
            limit: u64::try_from(limit).unwrap_or_default(),
        }))
    }

    fn reserve_storage(
        &mut self,
        tenant: TenantId,
        wanted: u64,
        freed: u64,
    ) -> Result<Room, StorageError> {
        let (wanted, freed) = (bytes(wanted), bytes(freed));
        let statement = prepared::<Nullable<Int8>>(RESERVE_STORAGE)
            .bind::<Int8, _>(wanted)
            .bind::<Int8, _>(freed)
            .bind::<SqlUuid, _>(tenant.uuid())
            .bind::<Int8, _>(wanted)
            .bind::<Int8, _>(freed)
            .bind::<Int8, _>(wanted)
            .bind::<Int8, _>(freed);
        let reserved = self.query(|c| statement.get_result::<Option<i64>>(c).optional())?;
        if reserved.is_some() {
            return Ok(Room::Reserved);
        }
        let found = TenantRepository::find(self, tenant)?;
        let limit = found.and_then(|tenant| tenant.plan.max_storage_bytes);
        let limit = limit.ok_or_else(|| {
            self.refuse(StorageError::Failed("there is no such tenant here".into()))
        })?;
        Ok(Room::Full { limit })
    }
}

impl Transaction<'_> {
    fn one(&mut self, row: Option<TenantRow>) -> Result<Option<Tenant>, StorageError> {
        row.map(Tenant::try_from)
            .transpose()
            .map_err(|row| self.refuse(row))
    }
}
