//! Locations in PostgreSQL.

mod listing;
mod row;

use diesel::{
    ExpressionMethods, OptionalExtension, PgConnection, QueryDsl, QueryResult, RunQueryDsl,
    SelectableHelper,
};
use unionhall_domain::locations::{Location, LocationId};
use unionhall_ports::{
    locations::{LocationFilter, LocationRepository, LocationSort},
    pages::{Page, PageRequest},
    storage::StorageError,
};
use uuid::Uuid;

use crate::{
    rows::{count, page as page_of},
    schema::locations,
    unit_of_work::Transaction,
};
use row::Row;

impl LocationRepository for Transaction<'_> {
    fn find(&mut self, id: LocationId) -> Result<Option<Location>, StorageError> {
        let tenant = self.tenant()?;
        self.location(|connection| {
            with_id(tenant.uuid(), id.uuid())
                .filter(locations::deleted_at.is_null())
                .select(Row::as_select())
                .first(connection)
        })
    }

    fn hold(&mut self, id: LocationId) -> Result<Option<Location>, StorageError> {
        let tenant = self.tenant()?;
        self.location(|connection| {
            with_id(tenant.uuid(), id.uuid())
                .filter(locations::deleted_at.is_null())
                .select(Row::as_select())
                .for_share()
                .first(connection)
        })
    }

    fn find_deleted(&mut self, id: LocationId) -> Result<Option<Location>, StorageError> {
        let tenant = self.tenant()?;
        self.location(|connection| {
            with_id(tenant.uuid(), id.uuid())
                .filter(locations::deleted_at.is_not_null())
                .select(Row::as_select())
                .first(connection)
        })
    }

    fn list(
        &mut self,
        filter: &LocationFilter,
        page: &PageRequest<LocationSort>,
    ) -> Result<Page<Location>, StorageError> {
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
            .map(|(row, _)| Location::try_from(row))
            .collect();
        let items = items.map_err(|row| self.refuse(row))?;
        Ok(Page { items, next, total })
    }

    fn insert(&mut self, location: &Location) -> Result<(), StorageError> {
        let row = Row::new(self.tenant()?, location);
        self.query(|connection| {
            diesel::insert_into(locations::table)
                .values(&row)
                .execute(connection)
        })
        .map(drop)
    }

    fn update(&mut self, location: &Location) -> Result<(), StorageError> {
        let row = Row::new(self.tenant()?, location);
        let stored = row.version.saturating_sub(1);
        let written = self.query(|connection| {
            diesel::update(with_id(row.tenant_id, row.id))
                .filter(locations::version.eq(stored))
                .set(&row)
                .execute(connection)
        })?;
        self.unless_stale(written, 1)
    }
}

#[diesel::dsl::auto_type(no_type_alias)]
fn with_id(tenant: Uuid, id: Uuid) -> _ {
    locations::table
        .filter(locations::tenant_id.eq(tenant))
        .filter(locations::id.eq(id))
}

impl Transaction<'_> {
    fn location(
        &mut self,
        first: impl FnOnce(&mut PgConnection) -> QueryResult<Row>,
    ) -> Result<Option<Location>, StorageError> {
        let row = self.query(|connection| first(connection).optional())?;
        row.map(Location::try_from)
            .transpose()
            .map_err(|row| self.refuse(row))
    }
}
