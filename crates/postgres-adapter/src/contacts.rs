//! Contacts in PostgreSQL.

mod listing;
mod row;
mod search;

use diesel::{
    ExpressionMethods, OptionalExtension, PgConnection, QueryDsl, QueryResult, RunQueryDsl,
    SelectableHelper,
};
use unionhall_domain::{
    contacts::{Contact, ContactId},
    organizations::OrganizationId,
};
use unionhall_ports::{
    contacts::{ContactFilter, ContactRepository, ContactSort},
    pages::{Page, PageRequest},
    storage::StorageError,
};
use uuid::Uuid;

use crate::{
    rows::{count, page as page_of},
    schema::contacts,
    unit_of_work::Transaction,
};
use row::Row;

/// How many names are told when an organization cannot go because of its contacts.
const NAMES_TOLD: i64 = 20;

impl ContactRepository for Transaction<'_> {
    fn find(&mut self, id: ContactId) -> Result<Option<Contact>, StorageError> {
        let tenant = self.tenant()?;
        self.contact(|connection| {
            with_id(tenant.uuid(), id.uuid())
                .filter(contacts::deleted_at.is_null())
                .select(Row::as_select())
                .first(connection)
        })
    }

    fn find_deleted(&mut self, id: ContactId) -> Result<Option<Contact>, StorageError> {
        let tenant = self.tenant()?;
        self.contact(|connection| {
            with_id(tenant.uuid(), id.uuid())
                .filter(contacts::deleted_at.is_not_null())
                .select(Row::as_select())
                .first(connection)
        })
    }

    fn primary(&mut self, organization: OrganizationId) -> Result<Option<Contact>, StorageError> {
        let tenant = self.tenant()?;
        self.contact(|connection| {
            at(tenant.uuid(), organization.uuid())
                .filter(contacts::is_primary)
                .select(Row::as_select())
                .first(connection)
        })
    }

    fn eldest(&mut self, organization: OrganizationId) -> Result<Option<Contact>, StorageError> {
        let tenant = self.tenant()?;
        self.contact(|connection| {
            at(tenant.uuid(), organization.uuid())
                .order((contacts::created_at, contacts::id))
                .select(Row::as_select())
                .first(connection)
        })
    }

    fn names_at(&mut self, organization: OrganizationId) -> Result<Vec<String>, StorageError> {
        let tenant = self.tenant()?;
        let names: Vec<(String, String)> = self.query(|connection| {
            at(tenant.uuid(), organization.uuid())
                .order((contacts::sort_name, contacts::id))
                .select((contacts::first_name, contacts::last_name))
                .limit(NAMES_TOLD)
                .load(connection)
        })?;
        let whole = |(first, last)| format!("{first} {last}");
        Ok(names.into_iter().map(whole).collect())
    }

    fn list(
        &mut self,
        filter: &ContactFilter,
        page: &PageRequest<ContactSort>,
    ) -> Result<Page<Contact>, StorageError> {
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
            .map(|(row, _)| Contact::try_from(row))
            .collect();
        let items = items.map_err(|row| self.refuse(row))?;
        Ok(Page { items, next, total })
    }

    fn insert(&mut self, contact: &Contact) -> Result<(), StorageError> {
        let row = Row::new(self.tenant()?, contact);
        self.query(|connection| {
            diesel::insert_into(contacts::table)
                .values(&row)
                .execute(connection)
        })
        .map(drop)
    }

    fn update(&mut self, contact: &Contact) -> Result<(), StorageError> {
        let row = Row::new(self.tenant()?, contact);
        let stored = row.version.saturating_sub(1);
        let written = self.query(|connection| {
            diesel::update(with_id(row.tenant_id, row.id))
                .filter(contacts::version.eq(stored))
                .set(&row)
                .execute(connection)
        })?;
        self.unless_stale(written, 1)
    }
}

#[diesel::dsl::auto_type(no_type_alias)]
fn with_id(tenant: Uuid, id: Uuid) -> _ {
    contacts::table
        .filter(contacts::tenant_id.eq(tenant))
        .filter(contacts::id.eq(id))
}

/// Those at an organization that are not deleted.
#[diesel::dsl::auto_type(no_type_alias)]
fn at(tenant: Uuid, organization: Uuid) -> _ {
    contacts::table
        .filter(contacts::tenant_id.eq(tenant))
        .filter(contacts::organization_id.eq(organization))
        .filter(contacts::deleted_at.is_null())
}

impl Transaction<'_> {
    fn contact(
        &mut self,
        first: impl FnOnce(&mut PgConnection) -> QueryResult<Row>,
    ) -> Result<Option<Contact>, StorageError> {
        let row = self.query(|connection| first(connection).optional())?;
        row.map(Contact::try_from)
            .transpose()
            .map_err(|row| self.refuse(row))
    }
}
