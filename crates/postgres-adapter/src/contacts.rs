//! Contacts in PostgreSQL.

mod listing;
mod row;
mod search;

use diesel::{
    ExpressionMethods, OptionalExtension, PgConnection, QueryDsl, QueryResult, RunQueryDsl,
    SelectableHelper,
    sql_types::{Array, Jsonb, Text, Uuid as SqlUuid},
};
use unionhall_domain::{
    contacts::{Contact, ContactId},
    organizations::OrganizationId,
};
use unionhall_ports::{
    contacts::{ContactFilter, ContactRepository, ContactSort, PersonAt},
    organizations::Called,
    pages::{Page, PageRequest},
    storage::StorageError,
};
use uuid::Uuid;

use crate::{
    organizations::called,
    rows::{count, page as page_of},
    schema::contacts,
    statements::{command, prepared},
    unit_of_work::Transaction,
};
use row::Row;

/// How many names are told when an organization cannot go because of its contacts.
const NAMES_TOLD: i64 = 20;

/// As many rows as one insert has parameters for: PostgreSQL takes 65,535.
const BATCH: usize = 1_000;

/// The beginning of a name finds it in the index of its organization; it is folded before, because under a policy no
/// index is asked with a function that might tell what it sees.
const CALLED: &str = "\
    with wanted as materialized ( \
        select organization, f_unaccent(last || chr(9) || first) as folded, \
            left(f_unaccent(last || chr(9) || first), 100) as beginning, place \
        from unnest(?, ?, ?) with ordinality as people (organization, first, last, place)) \
    select w.folded, coalesce(array_agg(c.id order by c.id) filter (where c.id is not null), '{}') \
    from wanted w left join contacts c on c.tenant_id = ? and c.organization_id = w.organization \
        and c.deleted_at is null and c.sort_name = w.beginning \
        and f_unaccent(c.last_name || chr(9) || c.first_name) = w.folded \
    group by w.place, w.folded order by w.place";

const UPDATE_MANY: &str = "\
    update contacts set \
        first_name = new.first_name, last_name = new.last_name, title = new.title, phone = new.phone, \
        email = new.email, is_primary = new.is_primary, notes = new.notes, \
        version = new.version, updated_at = new.updated_at, deleted_at = new.deleted_at \
    from jsonb_populate_recordset(null::contacts, ?) as new \
    where contacts.tenant_id = ? and contacts.id = new.id and contacts.version = new.version - 1";

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

    fn called(&mut self, people: &[PersonAt]) -> Result<Vec<Called<Contact>>, StorageError> {
        let tenant = self.tenant()?;
        let places: Vec<_> = people.iter().map(|one| one.organization.uuid()).collect();
        let first_names: Vec<_> = people.iter().map(|one| one.first_name.clone()).collect();
        let last_names: Vec<_> = people.iter().map(|one| one.last_name.clone()).collect();
        let found: Vec<(String, Vec<Uuid>)> = self.query(|connection| {
            prepared::<(Text, Array<SqlUuid>)>(CALLED)
                .bind::<Array<SqlUuid>, _>(places)
                .bind::<Array<Text>, _>(first_names)
                .bind::<Array<Text>, _>(last_names)
                .bind::<SqlUuid, _>(tenant.uuid())
                .load(connection)
        })?;
        Ok(found.into_iter().map(called).collect())
    }

    fn lock_by_ids(&mut self, ids: &[ContactId]) -> Result<Vec<Contact>, StorageError> {
        let tenant = self.tenant()?;
        let ids: Vec<_> = ids.iter().map(|id| id.uuid()).collect();
        let rows: Vec<Row> = self.query(|connection| {
            contacts::table
                .filter(contacts::tenant_id.eq(tenant.uuid()))
                .filter(contacts::id.eq_any(ids))
                // Whoever locks several does so in the same order, so nobody waits in a circle.
                .order(contacts::id)
                .select(Row::as_select())
                .for_update()
                .load(connection)
        })?;
        self.contacts_of(rows)
    }

    fn primaries(
        &mut self,
        organizations: &[OrganizationId],
    ) -> Result<Vec<Contact>, StorageError> {
        let tenant = self.tenant()?;
        let places: Vec<_> = organizations.iter().map(|id| id.uuid()).collect();
        let rows: Vec<Row> = self.query(|connection| {
            contacts::table
                .filter(contacts::tenant_id.eq(tenant.uuid()))
                .filter(contacts::organization_id.eq_any(places))
                .filter(contacts::is_primary)
                .order(contacts::id)
                .select(Row::as_select())
                .for_update()
                .load(connection)
        })?;
        self.contacts_of(rows)
    }

    fn insert_many(&mut self, contacts: &[Contact]) -> Result<(), StorageError> {
        let tenant = self.tenant()?;
        for batch in contacts.chunks(BATCH) {
            let rows: Vec<_> = batch.iter().map(|one| Row::new(tenant, one)).collect();
            self.query(|connection| {
                diesel::insert_into(contacts::table)
                    .values(&rows)
                    .execute(connection)
            })?;
        }
        Ok(())
    }

    fn update_many(&mut self, contacts: &[Contact]) -> Result<(), StorageError> {
        if contacts.is_empty() {
            return Ok(());
        }
        let tenant = self.tenant()?;
        let rows: serde_json::Value = contacts
            .iter()
            .map(|one| Row::new(tenant, one).to_json())
            .collect();
        let written = self.query(|connection| {
            command(UPDATE_MANY)
                .bind::<Jsonb, _>(rows)
                .bind::<SqlUuid, _>(tenant.uuid())
                .execute(connection)
        })?;
        self.unless_stale(written, contacts.len())
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

    fn contacts_of(
        &mut self,
        rows: impl IntoIterator<Item = Row>,
    ) -> Result<Vec<Contact>, StorageError> {
        let contacts: Result<_, _> = rows.into_iter().map(Contact::try_from).collect();
        contacts.map_err(|row| self.refuse(row))
    }
}
