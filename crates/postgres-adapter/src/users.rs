//! The users of a tenant and their places in it.

mod listing;
mod row;

use diesel::{
    OptionalExtension, RunQueryDsl,
    sql_types::{Array, Bool, Int8, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use jiff::Timestamp;
use unionhall_domain::users::{UserId, places::Place};
use unionhall_ports::{
    pages::{Page, PageRequest},
    storage::StorageError,
    users::{UserFilter, UserRepository, UserSort},
};

use self::row::{Columns, Row, StandingColumns};
use crate::{
    rows::{count, instant, page as page_of},
    statements::{command, prepared},
    unit_of_work::Transaction,
};

/// A place with its user and its roles.
macro_rules! place {
    ($where:literal) => {
        concat!(
            "select u.id, u.email, u.first_name, u.last_name, u.last_login_at, u.created_at, \
                array(select h.role from membership_roles h \
                    where h.tenant_id = m.tenant_id and h.user_id = m.user_id order by h.role), \
                array(select h.expires_at from membership_roles h \
                    where h.tenant_id = m.tenant_id and h.user_id = m.user_id order by h.role), \
                m.member_id, m.state, m.suspended_at, m.suspended_for, m.removed_at, m.version, \
                m.joined_at, m.last_used_at, m.updated_at \
             from memberships m join users u on u.id = m.user_id \
             where m.tenant_id = ? and u.deleted_at is null and ",
            $where
        )
    };
}

const FIND: &str = place!("m.user_id = ?");

const OWNERS: &str = place!(
    "u.state = 'active' and exists (select from membership_roles o \
        where o.tenant_id = m.tenant_id and o.user_id = m.user_id and o.role = 'owner') \
     order by m.user_id"
);

/// Whoever locks several does so in the same order, so nobody waits in a circle. Sign-ins, which refer to a place,
/// go on meanwhile.
const LOCK_OWNERS: &str = "\
    select true from memberships m \
    where m.tenant_id = ? and exists (select from membership_roles o \
        where o.tenant_id = m.tenant_id and o.user_id = m.user_id and o.role = 'owner') \
    order by m.user_id for no key update";

/// Roles that stay are updated in place: a row deleted in a statement still stands in the way of its other parts.
const UPDATE: &str = "\
    with put as ( \
        update memberships set member_id = ?, state = ?, suspended_at = ?, suspended_for = ?, removed_at = ?, \
            updated_at = ?, version = version + 1 \
        where tenant_id = ? and user_id = ? and version = ? returning tenant_id, user_id), \
    wanted as (select * from unnest(?, ?) as held (role, expires_at)), \
    taken as ( \
        delete from membership_roles r using put p \
        where r.tenant_id = p.tenant_id and r.user_id = p.user_id and r.role not in (select role from wanted)), \
    given as ( \
        insert into membership_roles (tenant_id, user_id, role, expires_at) \
        select p.tenant_id, p.user_id, w.role, w.expires_at from put p, wanted w \
        on conflict on constraint membership_roles_pkey do update set expires_at = excluded.expires_at) \
    select count(*) from put";

const END_SESSIONS: &str = "\
    update sessions set ended_at = ? where tenant_id = ? and user_id = ? and ended_at is null";

impl UserRepository for Transaction<'_> {
    fn find(&mut self, user: UserId) -> Result<Option<Place>, StorageError> {
        let statement = prepared::<Columns>(FIND)
            .bind::<SqlUuid, _>(self.tenant()?.uuid())
            .bind::<SqlUuid, _>(user.uuid());
        let row = self.query(|c| statement.get_result::<Row>(c).optional())?;
        row.map(Place::try_from)
            .transpose()
            .map_err(|row| self.refuse(row))
    }

    fn list(
        &mut self,
        filter: &UserFilter,
        page: &PageRequest<UserSort>,
        now: Timestamp,
    ) -> Result<Page<Place>, StorageError> {
        let tenant = self.tenant()?;
        let rows = self.query(|connection| listing::rows(connection, tenant, filter, page, now))?;
        let total = if page.with_total {
            let total = self.query(|connection| listing::total(connection, tenant, filter, now))?;
            Some(count(total))
        } else {
            None
        };
        let Page { items, next, total } = page_of(rows, page.limit, total, |row| {
            listing::cursor(page.sort, row)
        });
        let items: Result<_, _> = items
            .into_iter()
            .map(|(row, _)| Place::try_from(row))
            .collect();
        let items = items.map_err(|row| self.refuse(row))?;
        Ok(Page { items, next, total })
    }

    fn lock_owners(&mut self) -> Result<Vec<Place>, StorageError> {
        let tenant = self.tenant()?.uuid();
        let lock = prepared::<Bool>(LOCK_OWNERS).bind::<SqlUuid, _>(tenant);
        self.query(|c| lock.load::<bool>(c))?;
        // Asked again, because what was waited for may have changed it.
        let owners = prepared::<Columns>(OWNERS).bind::<SqlUuid, _>(tenant);
        let rows = self.query(|c| owners.load::<Row>(c))?;
        let places: Result<_, _> = rows.into_iter().map(Place::try_from).collect();
        places.map_err(|row| self.refuse(row))
    }

    fn update(&mut self, place: &Place) -> Result<(), StorageError> {
        let names: Vec<_> = place.roles.iter().map(|held| held.role.as_str()).collect();
        let expiries: Vec<_> = place
            .roles
            .iter()
            .map(|held| held.expires_at.map(instant))
            .collect();
        let standing = StandingColumns::from(&place.standing);
        let statement = prepared::<Int8>(UPDATE)
            .bind::<Nullable<SqlUuid>, _>(place.member.map(|member| member.uuid()))
            .bind::<Text, _>(place.state().as_str())
            .bind::<Nullable<Timestamptz>, _>(standing.suspended_at)
            .bind::<Nullable<Text>, _>(standing.suspended_for)
            .bind::<Nullable<Timestamptz>, _>(standing.removed_at)
            .bind::<Timestamptz, _>(instant(place.updated_at))
            .bind::<SqlUuid, _>(self.tenant()?.uuid())
            .bind::<SqlUuid, _>(place.user.id.uuid())
            .bind::<Int8, _>(place.version.get().saturating_sub(1))
            .bind::<Array<Text>, _>(names)
            .bind::<Array<Nullable<Timestamptz>>, _>(expiries);
        let written: i64 = self.query(|c| statement.get_result(c))?;
        if written == 1 {
            Ok(())
        } else {
            Err(self.refuse(StorageError::Stale))
        }
    }

    fn end_sessions(&mut self, user: UserId, at: Timestamp) -> Result<u64, StorageError> {
        let statement = command(END_SESSIONS)
            .bind::<Timestamptz, _>(instant(at))
            .bind::<SqlUuid, _>(self.tenant()?.uuid())
            .bind::<SqlUuid, _>(user.uuid());
        let ended = self.query(|c| statement.execute(c))?;
        Ok(u64::try_from(ended).unwrap_or(u64::MAX))
    }
}
