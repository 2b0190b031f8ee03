//! Organizations in PostgreSQL.

mod listing;
mod merging;
mod overview;
mod row;
mod search;

pub use self::merging::{KEPT, REFERENCES, Reference};

use std::collections::HashMap;

use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl, SelectableHelper,
    sql_types::{Array, Jsonb, Text, Uuid as SqlUuid},
};
use unionhall_domain::{
    ids::Id,
    organizations::{Organization, OrganizationId},
};
use unionhall_ports::{
    organizations::{Called, OrganizationFilter, OrganizationRepository, OrganizationSort},
    pages::{Page, PageRequest},
    storage::StorageError,
};
use uuid::Uuid;

use crate::{
    rows::{count, page as page_of},
    schema::organizations,
    statements::{command, prepared},
    unit_of_work::Transaction,
};
use row::Row;

/// As many rows as one insert has parameters for: PostgreSQL takes 65,535.
const BATCH: usize = 1_000;

/// The beginning of a name finds it in its index; it is folded before, because under a policy no index is asked with a
/// function that might tell what it sees.
const CALLED: &str = "\
    with wanted as materialized ( \
        select f_unaccent(name) as folded, left(f_unaccent(name), 100) as beginning, place \
        from unnest(?) with ordinality as names (name, place)) \
    select w.folded, coalesce( \
        array_agg(o.id order by o.id) filter (where o.id is not null), \
        (select array_agg(distinct m.merged_into) from organizations m \
        where m.tenant_id = ? and m.merged_into is not null \
            and m.sort_name = w.beginning and f_unaccent(m.name) = w.folded), \
        '{}') \
    from wanted w left join organizations o on o.tenant_id = ? and o.deleted_at is null \
        and o.sort_name = w.beginning and f_unaccent(o.name) = w.folded \
    group by w.place, w.folded, w.beginning order by w.place";

const UPDATE_MANY: &str = "\
    update organizations set \
        name = new.name, org_type = new.org_type, address = new.address, city = new.city, state = new.state, \
        zip_code = new.zip_code, phone = new.phone, email = new.email, website = new.website, \
        version = new.version, updated_at = new.updated_at, deleted_at = new.deleted_at \
    from jsonb_populate_recordset(null::organizations, ?) as new \
    where organizations.tenant_id = ? and organizations.id = new.id \
        and organizations.version = new.version - 1";

impl OrganizationRepository for Transaction<'_> {
    fn find(&mut self, id: OrganizationId) -> Result<Option<Organization>, StorageError> {
        let tenant = self.tenant()?;
        let row = self.query(|connection| {
            with_id(tenant.uuid(), id.uuid())
                .filter(organizations::deleted_at.is_null())
                .select(Row::as_select())
                .first(connection)
                .optional()
        })?;
        self.organization(row)
    }

    fn hold(&mut self, id: OrganizationId) -> Result<Option<Organization>, StorageError> {
        let tenant = self.tenant()?;
        let row = self.query(|connection| {
            with_id(tenant.uuid(), id.uuid())
                .filter(organizations::deleted_at.is_null())
                .select(Row::as_select())
                .for_share()
                .first(connection)
                .optional()
        })?;
        self.organization(row)
    }

    fn lock(&mut self, id: OrganizationId) -> Result<Option<Organization>, StorageError> {
        let tenant = self.tenant()?;
        let row = self.query(|connection| {
            with_id(tenant.uuid(), id.uuid())
                .filter(organizations::deleted_at.is_null())
                .select(Row::as_select())
                .for_no_key_update()
                .first(connection)
                .optional()
        })?;
        self.organization(row)
    }

    fn keep_unmerged(&mut self, id: OrganizationId) -> Result<Option<Organization>, StorageError> {
        let tenant = self.tenant()?;
        let row = self.query(|connection| {
            with_id(tenant.uuid(), id.uuid())
                .filter(organizations::deleted_at.is_null())
                .select(Row::as_select())
                .for_key_share()
                .first(connection)
                .optional()
        })?;
        self.organization(row)
    }

    fn lock_to_merge(&mut self, id: OrganizationId) -> Result<Option<Organization>, StorageError> {
        let tenant = self.tenant()?;
        let row = self.query(|connection| {
            with_id(tenant.uuid(), id.uuid())
                .filter(organizations::deleted_at.is_null())
                .select(Row::as_select())
                .for_update()
                .first(connection)
                .optional()
        })?;
        self.organization(row)
    }

    fn find_deleted(&mut self, id: OrganizationId) -> Result<Option<Organization>, StorageError> {
        let tenant = self.tenant()?;
        let row = self.query(|connection| {
            with_id(tenant.uuid(), id.uuid())
                .filter(organizations::deleted_at.is_not_null())
                .select(Row::as_select())
                .first(connection)
                .optional()
        })?;
        self.organization(row)
    }

    fn list(
        &mut self,
        filter: &OrganizationFilter,
        page: &PageRequest<OrganizationSort>,
    ) -> Result<Page<Organization>, StorageError> {
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
        let items: Result<_, _> = items
            .into_iter()
            .map(|(row, _)| Organization::try_from(row))
            .collect();
        let items = items.map_err(|row| self.refuse(row))?;
        Ok(Page { items, next, total })
    }

    fn insert(&mut self, organization: &Organization) -> Result<(), StorageError> {
        let row = Row::new(self.tenant()?, organization);
        self.query(|connection| {
            diesel::insert_into(organizations::table)
                .values(&row)
                .execute(connection)
        })
        .map(drop)
    }

    fn update(&mut self, organization: &Organization) -> Result<(), StorageError> {
        let row = Row::new(self.tenant()?, organization);
        let stored = row.version.saturating_sub(1);
        let written = self.query(|connection| {
            diesel::update(with_id(row.tenant_id, row.id))
                .filter(organizations::version.eq(stored))
                .set(&row)
                .execute(connection)
        })?;
        self.unless_stale(written, 1)
    }

    fn called(&mut self, names: &[String]) -> Result<Vec<Called<Organization>>, StorageError> {
        let tenant = self.tenant()?;
        let found: Vec<(String, Vec<Uuid>)> = self.query(|connection| {
            prepared::<(Text, Array<SqlUuid>)>(CALLED)
                .bind::<Array<Text>, _>(names.to_vec())
                .bind::<SqlUuid, _>(tenant.uuid())
                .bind::<SqlUuid, _>(tenant.uuid())
                .load(connection)
        })?;
        Ok(found.into_iter().map(called).collect())
    }

    fn names(
        &mut self,
        ids: &[OrganizationId],
    ) -> Result<HashMap<OrganizationId, String>, StorageError> {
        let tenant = self.tenant()?;
        let ids: Vec<_> = ids.iter().map(|id| id.uuid()).collect();
        let rows: Vec<(Uuid, String)> = self.query(|connection| {
            organizations::table
                .filter(organizations::tenant_id.eq(tenant.uuid()))
                .filter(organizations::id.eq_any(ids))
                .select((organizations::id, organizations::name))
                .load(connection)
        })?;
        let named = |(id, name)| (Id::new(id), name);
        Ok(rows.into_iter().map(named).collect())
    }

    fn lock_by_ids(&mut self, ids: &[OrganizationId]) -> Result<Vec<Organization>, StorageError> {
        let tenant = self.tenant()?;
        let ids: Vec<_> = ids.iter().map(|id| id.uuid()).collect();
        let rows: Vec<Row> = self.query(|connection| {
            organizations::table
                .filter(organizations::tenant_id.eq(tenant.uuid()))
                .filter(organizations::id.eq_any(ids))
                // Whoever locks several does so in the same order, so nobody waits in a circle.
                .order(organizations::id)
                .select(Row::as_select())
                .for_no_key_update()
                .load(connection)
        })?;
        self.organizations_of(rows)
    }

    fn hold_by_ids(&mut self, ids: &[OrganizationId]) -> Result<Vec<Organization>, StorageError> {
        let tenant = self.tenant()?;
        let ids: Vec<_> = ids.iter().map(|id| id.uuid()).collect();
        let rows: Vec<Row> = self.query(|connection| {
            organizations::table
                .filter(organizations::tenant_id.eq(tenant.uuid()))
                .filter(organizations::id.eq_any(ids))
                .order(organizations::id)
                .select(Row::as_select())
                .for_share()
                .load(connection)
        })?;
        self.organizations_of(rows)
    }

    fn insert_many(&mut self, organizations: &[Organization]) -> Result<(), StorageError> {
        let tenant = self.tenant()?;
        for batch in organizations.chunks(BATCH) {
            let rows: Vec<_> = batch.iter().map(|one| Row::new(tenant, one)).collect();
            self.query(|connection| {
                diesel::insert_into(organizations::table)
                    .values(&rows)
                    .execute(connection)
            })?;
        }
        Ok(())
    }

    fn update_many(&mut self, organizations: &[Organization]) -> Result<(), StorageError> {
        if organizations.is_empty() {
            return Ok(());
        }
        let tenant = self.tenant()?;
        let rows: serde_json::Value = organizations
            .iter()
            .map(|one| Row::new(tenant, one).to_json())
            .collect();
        let written = self.query(|connection| {
            command(UPDATE_MANY)
                .bind::<Jsonb, _>(rows)
                .bind::<SqlUuid, _>(tenant.uuid())
                .execute(connection)
        })?;
        self.unless_stale(written, organizations.len())
    }
}

/// What a name is without case and accents, and the records that are called that.
pub(crate) fn called<T>((folded, ids): (String, Vec<Uuid>)) -> Called<T> {
    Called {
        folded,
        ids: ids.into_iter().map(Id::new).collect(),
    }
}

#[diesel::dsl::auto_type(no_type_alias)]
fn with_id(tenant: Uuid, id: Uuid) -> _ {
    organizations::table
        .filter(organizations::tenant_id.eq(tenant))
        .filter(organizations::id.eq(id))
}

impl Transaction<'_> {
    fn organization(&mut self, row: Option<Row>) -> Result<Option<Organization>, StorageError> {
        row.map(Organization::try_from)
            .transpose()
            .map_err(|row| self.refuse(row))
    }

    fn organizations_of(
        &mut self,
        rows: impl IntoIterator<Item = Row>,
    ) -> Result<Vec<Organization>, StorageError> {
        let organizations: Result<_, _> = rows.into_iter().map(Organization::try_from).collect();
        organizations.map_err(|row| self.refuse(row))
    }
}
