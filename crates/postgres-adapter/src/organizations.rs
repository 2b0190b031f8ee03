//! Organizations in PostgreSQL.

mod listing;
mod merging;
mod overview;
mod row;
mod search;

pub use self::merging::{KEPT, REFERENCES, Reference};

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl, SelectableHelper};
use unionhall_domain::organizations::{Organization, OrganizationId};
use unionhall_ports::{
    organizations::{OrganizationFilter, OrganizationRepository, OrganizationSort},
    pages::{Page, PageRequest},
    storage::StorageError,
};
use uuid::Uuid;

use crate::{
    rows::{count, page as page_of},
    schema::organizations,
    unit_of_work::Transaction,
};
use row::Row;

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
}
