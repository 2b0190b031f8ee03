//! Classes in PostgreSQL.

mod listing;
mod row;

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl, SelectableHelper};
use unionhall_domain::{
    classes::{Class, ClassId},
    courses::CourseId,
};
use unionhall_ports::{
    classes::{ClassFilter, ClassRepository, ClassSort},
    pages::{Page, PageRequest},
    storage::StorageError,
};
use uuid::Uuid;

use crate::{
    rows::{count, page as page_of},
    schema::classes,
    unit_of_work::Transaction,
};
use row::Row;

impl ClassRepository for Transaction<'_> {
    fn find(&mut self, id: ClassId) -> Result<Option<Class>, StorageError> {
        let tenant = self.tenant()?;
        let row = self.query(|connection| {
            with_id(tenant.uuid(), id.uuid())
                .filter(classes::deleted_at.is_null())
                .select(Row::as_select())
                .first(connection)
                .optional()
        })?;
        self.one_class(row)
    }

    fn hold(&mut self, id: ClassId) -> Result<Option<Class>, StorageError> {
        let tenant = self.tenant()?;
        let row = self.query(|connection| {
            with_id(tenant.uuid(), id.uuid())
                .filter(classes::deleted_at.is_null())
                .select(Row::as_select())
                .for_no_key_update()
                .first(connection)
                .optional()
        })?;
        self.one_class(row)
    }

    fn find_deleted(&mut self, id: ClassId) -> Result<Option<Class>, StorageError> {
        let tenant = self.tenant()?;
        let row = self.query(|connection| {
            with_id(tenant.uuid(), id.uuid())
                .filter(classes::deleted_at.is_not_null())
                .select(Row::as_select())
                .first(connection)
                .optional()
        })?;
        self.one_class(row)
    }

    fn list(
        &mut self,
        filter: &ClassFilter,
        page: &PageRequest<ClassSort>,
    ) -> Result<Page<Class>, StorageError> {
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
        let items: Result<_, _> = items.into_iter().map(Row::class).collect();
        let items = items.map_err(|row| self.refuse(row))?;
        Ok(Page { items, next, total })
    }

    fn count_of_course(&mut self, course: CourseId) -> Result<u64, StorageError> {
        let tenant = self.tenant()?;
        let found = self.query(|connection| {
            classes::table
                .filter(classes::tenant_id.eq(tenant.uuid()))
                .filter(classes::course_id.eq(course.uuid()))
                .filter(classes::deleted_at.is_null())
                .count()
                .get_result(connection)
        })?;
        Ok(count(found))
    }

    fn insert(&mut self, class: &Class) -> Result<(), StorageError> {
        let tenant = self.tenant()?;
        let row = Row::new(tenant, class);
        self.query(|connection| {
            diesel::insert_into(classes::table)
                .values(&row)
                .execute(connection)
        })
        .map(drop)
    }

    fn update(&mut self, class: &Class) -> Result<(), StorageError> {
        let tenant = self.tenant()?;
        let row = Row::new(tenant, class);
        let stored = row.version.saturating_sub(1);
        let written = self.query(|connection| {
            diesel::update(with_id(row.tenant_id, row.id))
                .filter(classes::version.eq(stored))
                .set(&row)
                .execute(connection)
        })?;
        self.unless_stale(written, 1)
    }
}

#[diesel::dsl::auto_type(no_type_alias)]
fn with_id(tenant: Uuid, id: Uuid) -> _ {
    classes::table
        .filter(classes::tenant_id.eq(tenant))
        .filter(classes::id.eq(id))
}

impl Transaction<'_> {
    fn one_class(&mut self, row: Option<Row>) -> Result<Option<Class>, StorageError> {
        let class = row.map(Row::class).transpose();
        class.map_err(|row| self.refuse(row))
    }
}
