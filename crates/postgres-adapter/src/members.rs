//! Members in PostgreSQL.

mod listing;
mod row;
mod search;

use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl, SelectableHelper,
    sql_types::{Jsonb, Uuid as SqlUuid},
};
use unionhall_domain::members::{Member, MemberId, MemberNumber};
use unionhall_ports::{
    members::{MemberFilter, MemberRepository, MemberSort},
    pages::{Page, PageRequest},
    storage::StorageError,
};
use uuid::Uuid;

use crate::{
    rows::{count, page as page_of},
    schema::members,
    statements::command,
    unit_of_work::Transaction,
};
use row::Row;

/// As many rows as one insert has parameters for: PostgreSQL takes 65,535.
const BATCH: usize = 1_000;

const UPDATE_MANY: &str = "\
    update members set \
        member_number = new.member_number, first_name = new.first_name, last_name = new.last_name, \
        middle_name = new.middle_name, address = new.address, city = new.city, state = new.state, \
        zip_code = new.zip_code, phone = new.phone, email = new.email, date_of_birth = new.date_of_birth, \
        hire_date = new.hire_date, status = new.status, classification = new.classification, \
        notes = new.notes, version = new.version, updated_at = new.updated_at, deleted_at = new.deleted_at \
    from jsonb_populate_recordset(null::members, ?) as new \
    where members.tenant_id = ? and members.id = new.id and members.version = new.version - 1";

impl MemberRepository for Transaction<'_> {
    fn find(&mut self, id: MemberId) -> Result<Option<Member>, StorageError> {
        let tenant = self.tenant()?;
        let row = self.query(|connection| {
            with_id(tenant.uuid(), id.uuid())
                .filter(members::deleted_at.is_null())
                .select(Row::as_select())
                .first(connection)
                .optional()
        })?;
        self.member(row)
    }

    fn hold(&mut self, id: MemberId) -> Result<Option<Member>, StorageError> {
        let tenant = self.tenant()?;
        let row = self.query(|connection| {
            with_id(tenant.uuid(), id.uuid())
                .filter(members::deleted_at.is_null())
                .select(Row::as_select())
                .for_share()
                .first(connection)
                .optional()
        })?;
        self.member(row)
    }

    fn lock(&mut self, id: MemberId) -> Result<Option<Member>, StorageError> {
        let tenant = self.tenant()?;
        let row = self.query(|connection| {
            with_id(tenant.uuid(), id.uuid())
                .filter(members::deleted_at.is_null())
                .select(Row::as_select())
                .for_no_key_update()
                .first(connection)
                .optional()
        })?;
        self.member(row)
    }

    fn find_deleted(&mut self, id: MemberId) -> Result<Option<Member>, StorageError> {
        let tenant = self.tenant()?;
        let row = self.query(|connection| {
            with_id(tenant.uuid(), id.uuid())
                .filter(members::deleted_at.is_not_null())
                .select(Row::as_select())
                .first(connection)
                .optional()
        })?;
        self.member(row)
    }

    fn find_by_number(&mut self, number: &MemberNumber) -> Result<Option<Member>, StorageError> {
        let tenant = self.tenant()?;
        let row = self.query(|connection| {
            members::table
                .filter(members::tenant_id.eq(tenant.uuid()))
                .filter(members::member_number.eq(number.as_str()))
                .filter(members::deleted_at.is_null())
                .select(Row::as_select())
                .first(connection)
                .optional()
        })?;
        self.member(row)
    }

    fn list(
        &mut self,
        filter: &MemberFilter,
        page: &PageRequest<MemberSort>,
    ) -> Result<Page<Member>, StorageError> {
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
        let items = self.members_of(items.into_iter().map(|(row, _)| row))?;
        Ok(Page { items, next, total })
    }

    fn insert(&mut self, member: &Member) -> Result<(), StorageError> {
        let row = Row::new(self.tenant()?, member);
        self.query(|connection| {
            diesel::insert_into(members::table)
                .values(&row)
                .execute(connection)
        })
        .map(drop)
    }

    fn update(&mut self, member: &Member) -> Result<(), StorageError> {
        let row = Row::new(self.tenant()?, member);
        let stored = row.version.saturating_sub(1);
        let written = self.query(|connection| {
            diesel::update(with_id(row.tenant_id, row.id))
                .filter(members::version.eq(stored))
                .set(&row)
                .execute(connection)
        })?;
        self.unless_stale(written, 1)
    }

    fn lock_by_numbers(&mut self, numbers: &[MemberNumber]) -> Result<Vec<Member>, StorageError> {
        let tenant = self.tenant()?;
        let numbers: Vec<_> = numbers.iter().map(MemberNumber::as_str).collect();
        let rows: Vec<Row> = self.query(|connection| {
            members::table
                .filter(members::tenant_id.eq(tenant.uuid()))
                .filter(members::member_number.eq_any(numbers))
                // Whoever locks several does so in the same order, by numbers too, so nobody waits in a circle.
                .order(members::id)
                .select(Row::as_select())
                .for_update()
                .load(connection)
        })?;
        self.members_of(rows)
    }

    fn lock_by_ids(&mut self, ids: &[MemberId]) -> Result<Vec<Member>, StorageError> {
        let tenant = self.tenant()?;
        let ids: Vec<_> = ids.iter().map(|id| id.uuid()).collect();
        let rows: Vec<Row> = self.query(|connection| {
            members::table
                .filter(members::tenant_id.eq(tenant.uuid()))
                .filter(members::id.eq_any(ids))
                .filter(members::deleted_at.is_null())
                // Whoever locks several does so in the same order, so nobody waits in a circle.
                .order(members::id)
                .select(Row::as_select())
                .for_update()
                .load(connection)
        })?;
        self.members_of(rows)
    }

    fn insert_many(&mut self, members: &[Member]) -> Result<(), StorageError> {
        let tenant = self.tenant()?;
        for batch in members.chunks(BATCH) {
            let rows: Vec<_> = batch
                .iter()
                .map(|member| Row::new(tenant, member))
                .collect();
            self.query(|connection| {
                diesel::insert_into(members::table)
                    .values(&rows)
                    .execute(connection)
            })?;
        }
        self.brought_in(members.len());
        Ok(())
    }

    fn update_many(&mut self, members: &[Member]) -> Result<(), StorageError> {
        if members.is_empty() {
            return Ok(());
        }
        let tenant = self.tenant()?;
        let rows: serde_json::Value = members
            .iter()
            .map(|member| Row::new(tenant, member).to_json())
            .collect();
        let written = self.query(|connection| {
            command(UPDATE_MANY)
                .bind::<Jsonb, _>(rows)
                .bind::<SqlUuid, _>(tenant.uuid())
                .execute(connection)
        })?;
        self.unless_stale(written, members.len())
    }
}

#[diesel::dsl::auto_type(no_type_alias)]
fn with_id(tenant: Uuid, id: Uuid) -> _ {
    members::table
        .filter(members::tenant_id.eq(tenant))
        .filter(members::id.eq(id))
}

impl Transaction<'_> {
    fn member(&mut self, row: Option<Row>) -> Result<Option<Member>, StorageError> {
        row.map(Member::try_from)
            .transpose()
            .map_err(|row| self.refuse(row))
    }

    fn members_of(
        &mut self,
        rows: impl IntoIterator<Item = Row>,
    ) -> Result<Vec<Member>, StorageError> {
        let members: Result<_, _> = rows.into_iter().map(Member::try_from).collect();
        members.map_err(|row| self.refuse(row))
    }

    /// Refuses an update that did not find every record in the version before.
    pub(crate) fn unless_stale(
        &mut self,
        written: usize,
        meant: usize,
    ) -> Result<(), StorageError> {
        if written == meant {
            Ok(())
        } else {
            Err(self.refuse(StorageError::Stale))
        }
    }
}
