//! Instructors in PostgreSQL.

mod listing;
mod row;

use diesel::{
    ExpressionMethods, OptionalExtension, PgConnection, QueryDsl, QueryResult, RunQueryDsl,
    SelectableHelper,
};
use unionhall_domain::instructors::{Instructor, InstructorId};
use unionhall_ports::{
    instructors::{InstructorFilter, InstructorRepository, InstructorSort, SealedTaxId},
    pages::{Page, PageRequest},
    sealing::Sealed,
    storage::StorageError,
};
use uuid::Uuid;

use crate::{
    rows::{count, page as page_of},
    schema::instructors,
    unit_of_work::Transaction,
};
use row::Row;

impl InstructorRepository for Transaction<'_> {
    fn find(&mut self, id: InstructorId) -> Result<Option<Instructor>, StorageError> {
        let tenant = self.tenant()?;
        self.instructor(|connection| {
            with_id(tenant.uuid(), id.uuid())
                .filter(instructors::deleted_at.is_null())
                .select(Row::as_select())
                .first(connection)
        })
    }

    fn hold(&mut self, id: InstructorId) -> Result<Option<Instructor>, StorageError> {
        let tenant = self.tenant()?;
        self.instructor(|connection| {
            with_id(tenant.uuid(), id.uuid())
                .filter(instructors::deleted_at.is_null())
                .select(Row::as_select())
                .for_share()
                .first(connection)
        })
    }

    fn find_deleted(&mut self, id: InstructorId) -> Result<Option<Instructor>, StorageError> {
        let tenant = self.tenant()?;
        self.instructor(|connection| {
            with_id(tenant.uuid(), id.uuid())
                .filter(instructors::deleted_at.is_not_null())
                .select(Row::as_select())
                .first(connection)
        })
    }

    fn list(
        &mut self,
        filter: &InstructorFilter,
        page: &PageRequest<InstructorSort>,
    ) -> Result<Page<Instructor>, StorageError> {
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
            .map(|(row, _)| Instructor::try_from(row))
            .collect();
        let items = items.map_err(|row| self.refuse(row))?;
        Ok(Page { items, next, total })
    }

    fn tax_id(&mut self, id: InstructorId) -> Result<Option<Sealed>, StorageError> {
        let tenant = self.tenant()?;
        let found: Option<(Option<String>, Option<Vec<u8>>)> = self.query(|connection| {
            with_id(tenant.uuid(), id.uuid())
                .filter(instructors::deleted_at.is_null())
                .select((instructors::tax_id_key, instructors::tax_id_sealed))
                .first(connection)
                .optional()
        })?;
        let sealed = found.and_then(|(key, bytes)| key.zip(bytes));
        Ok(sealed.map(|(key, bytes)| Sealed { key, bytes }))
    }

    fn put_tax_id(
        &mut self,
        id: InstructorId,
        tax_id: Option<SealedTaxId>,
    ) -> Result<(), StorageError> {
        let tenant = self.tenant()?;
        let (ending, key, bytes) = tax_id.map_or((None, None, None), |tax_id| {
            let SealedTaxId { ending, sealed } = tax_id;
            let ending = ending.digits().to_owned();
            (Some(ending), Some(sealed.key), Some(sealed.bytes))
        });
        self.query(|connection| {
            diesel::update(with_id(tenant.uuid(), id.uuid()))
                .set((
                    instructors::tax_id_ending.eq(ending),
                    instructors::tax_id_key.eq(key),
                    instructors::tax_id_sealed.eq(bytes),
                ))
                .execute(connection)
        })
        .map(drop)
    }

    fn insert(&mut self, instructor: &Instructor) -> Result<(), StorageError> {
        let row = Row::new(self.tenant()?, instructor);
        self.query(|connection| {
            diesel::insert_into(instructors::table)
                .values(&row)
                .execute(connection)
        })
        .map(drop)
    }

    fn update(&mut self, instructor: &Instructor) -> Result<(), StorageError> {
        let row = Row::new(self.tenant()?, instructor);
        let stored = row.version.saturating_sub(1);
        let written = self.query(|connection| {
            diesel::update(with_id(row.tenant_id, row.id))
                .filter(instructors::version.eq(stored))
                .set(&row)
                .execute(connection)
        })?;
        self.unless_stale(written, 1)
    }
}

#[diesel::dsl::auto_type(no_type_alias)]
fn with_id(tenant: Uuid, id: Uuid) -> _ {
    instructors::table
        .filter(instructors::tenant_id.eq(tenant))
        .filter(instructors::id.eq(id))
}

impl Transaction<'_> {
    fn instructor(
        &mut self,
        first: impl FnOnce(&mut PgConnection) -> QueryResult<Row>,
    ) -> Result<Option<Instructor>, StorageError> {
        let row = self.query(|connection| first(connection).optional())?;
        row.map(Instructor::try_from)
            .transpose()
            .map_err(|row| self.refuse(row))
    }
}
