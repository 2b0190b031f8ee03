//! Tenants: the locals and training trusts of the installation.

mod row;
mod settings;

use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl, SelectableHelper,
    sql_types::{Bool, Int4, Int8, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use jiff::Timestamp;
use unionhall_domain::{
    roles::Role,
    tenants::{Slug, Tenant, TenantDetails, TenantId},
};
use unionhall_ports::{
    storage::StorageError,
    tenants::{Room, TenantRepository, TenantStatistics},
};

pub(crate) use self::row::TenantRow;
use self::{
    row::{PlanRow, bytes},
    settings::{ChangedSettings, SettingsRow, details},
};
use crate::{
    rows::{count, instant, stored},
    schema::tenants,
    statements::{command, prepared},
    unit_of_work::Transaction,
};

/// Everything that is counted, one row each, so that all of it is of one instant and one round trip.
const STATISTICS: &str = "\
    with places as ( \
        select m.tenant_id, m.user_id, u.state = 'active' and m.state = 'active' as active \
        from memberships m join users u on u.id = m.user_id \
        where m.tenant_id = ? and m.state <> 'removed' and u.deleted_at is null) \
    select case when active then 'active' else 'inactive' end, null, count(*) from places group by active \
    union all \
    select 'role', r.role, count(*) from places p \
        join membership_roles r on r.tenant_id = p.tenant_id and r.user_id = p.user_id \
        where p.active and (r.expires_at is null or r.expires_at > ?) group by r.role \
    union all \
    select 'storage', null, used_storage_bytes from tenants where id = ?";

/// Held until the end of the transaction; the number is nobody else's.
const LOCK_FIRST_RUN: &str = "select pg_advisory_xact_lock(7305046)";

/// One for each tenant, held until the end of the transaction; it locks no row, so whoever writes one record by hand does
/// not wait for it.
const HOLD_IMPORTS: &str =
    "select pg_advisory_xact_lock(hashtextextended(concat_ws(' ', 'imports', ?::uuid), 0))";

/// Whoever asks first holds the tenant until their transaction ends, and whoever asks second counts what the first has
/// added: the count is a statement of its own, because it must see the state from after the wait. The lock is not the
/// strongest: rows that name the tenant can still be written by others.
const LOCK_LIMIT: &str = "select max_users from tenants where id = ? for no key update";
const COUNT_USERS: &str =
    "select count(*) from memberships where tenant_id = ? and state <> 'removed'";

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

    fn insert_if_free(&mut self, tenant: &Tenant) -> Result<bool, StorageError> {
        let row = TenantRow::from(tenant);
        let added = self.query(|connection| {
            diesel::insert_into(tenants::table)
                .values(&row)
                .on_conflict(tenants::slug)
                .do_nothing()
                .execute(connection)
        })?;
        Ok(added > 0)
    }

    fn none_yet(&mut self) -> Result<bool, StorageError> {
        // Two statements: the second sees what whoever held the lock has left.
        let lock = command(LOCK_FIRST_RUN);
        self.query(|connection| lock.execute(connection))?;
        let none = prepared::<Bool>("select not exists (select from tenants)");
        self.query(|connection| none.get_result::<bool>(connection))
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

    fn find_details(&mut self, id: TenantId) -> Result<Option<TenantDetails>, StorageError> {
        let row = self.query(|connection| {
            tenants::table
                .find(id.uuid())
                .select((TenantRow::as_select(), SettingsRow::as_select()))
                .first(connection)
                .optional()
        })?;
        row.map(details).transpose().map_err(|row| self.refuse(row))
    }

    fn find_details_by_slug(&mut self, slug: &Slug) -> Result<Option<TenantDetails>, StorageError> {
        let row = self.query(|connection| {
            tenants::table
                .filter(tenants::slug.eq(slug.as_str()))
                .select((TenantRow::as_select(), SettingsRow::as_select()))
                .first(connection)
                .optional()
        })?;
        row.map(details).transpose().map_err(|row| self.refuse(row))
    }

    fn update_settings(&mut self, details: &TenantDetails) -> Result<(), StorageError> {
        let row = ChangedSettings::from(details);
        let stored = row.version.saturating_sub(1);
        let written = self.query(|connection| {
            diesel::update(tenants::table.find(details.tenant.id.uuid()))
                .filter(tenants::version.eq(stored))
                .set(&row)
                .execute(connection)
        })?;
        self.unless_stale(written, 1)
    }

    fn statistics(&mut self, now: Timestamp) -> Result<TenantStatistics, StorageError> {
        let tenant = self.tenant()?;
        let statement = prepared::<(Text, Nullable<Text>, Int8)>(STATISTICS)
            .bind::<SqlUuid, _>(tenant.uuid())
            .bind::<Timestamptz, _>(instant(now))
            .bind::<SqlUuid, _>(tenant.uuid());
        let rows = self.query(|c| statement.load::<(String, Option<String>, i64)>(c))?;
        let mut statistics = TenantStatistics::default();
        for (kind, role, number) in rows {
            let number = count(number);
            match (kind.as_str(), role) {
                ("active", _) => statistics.active_users = number,
                ("inactive", _) => statistics.inactive_users = number,
                (_, Some(role)) => {
                    let role = stored("membership_roles", tenant, "role", Role::parse(&role));
                    let role = role.map_err(|row| self.refuse(row))?;
                    statistics.users_by_role.push((role, number));
                }
                (_, None) => statistics.used_storage_bytes = number,
            }
        }
        statistics.users_by_role.sort_unstable();
        Ok(statistics)
    }

    fn reserve_user(&mut self, tenant: TenantId) -> Result<Room, StorageError> {
        let lock = prepared::<Nullable<Int4>>(LOCK_LIMIT).bind::<SqlUuid, _>(tenant.uuid());
        let limit = self.query(|c| lock.get_result::<Option<i32>>(c).optional())?;
        let Some(limit) = limit.flatten() else {
            return Ok(Room::Reserved);
        };
        let users = prepared::<Int8>(COUNT_USERS).bind::<SqlUuid, _>(tenant.uuid());
        let users = self.query(|c| users.get_result::<i64>(c))?;
        if users < i64::from(limit) {
            return Ok(Room::Reserved);
        }
        let limit = u64::try_from(limit).unwrap_or_default();
        Ok(Room::Full { limit })
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

    fn hold_imports(&mut self, tenant: TenantId) -> Result<(), StorageError> {
        let lock = command(HOLD_IMPORTS).bind::<SqlUuid, _>(tenant.uuid());
        self.query(|connection| lock.execute(connection)).map(drop)
    }
}

impl Transaction<'_> {
    fn one(&mut self, row: Option<TenantRow>) -> Result<Option<Tenant>, StorageError> {
        row.map(Tenant::try_from)
            .transpose()
            .map_err(|row| self.refuse(row))
    }
}
