//! Invitations into a tenant.

mod listing;
mod row;

use diesel::{
    OptionalExtension, RunQueryDsl,
    sql_types::{Array, Binary, Bool, Int8, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use jiff::Timestamp;
use unionhall_domain::{
    invitations::{Invitation, InvitationId, Tally},
    members::MemberId,
    roles::HeldRole,
    tenants::TenantId,
    users::{EmailAddress, UserId, places::PlaceState},
};
use unionhall_ports::{
    identity::Colleague,
    invitations::{
        Acquaintance, InvitationFilter, InvitationRepository, InvitationSort, Presented,
    },
    pages::{Page, PageRequest},
    storage::StorageError,
};

use self::row::{Columns, Row, StateColumns};
use crate::{
    identity::{
        rows::{ColleagueColumns, ColleagueRow},
        sql::FIND_COLLEAGUE,
    },
    rows::{count, instant, page as page_of, stored},
    statements::{command, prepared},
    unit_of_work::Transaction,
};

/// Everything that is read of an invitation `i`, between two pieces of a statement.
macro_rules! invitation {
    ($before:literal, $after:literal) => {
        concat!(
            $before,
            " i.id, i.tenant_id, i.email, i.first_name, i.last_name, i.job_title, i.message, i.roles, \
                i.role_expiries, i.member_id, i.invited_by, i.state, i.accepted_at, i.accepted_by, i.canceled_at, \
                i.sent_at, i.expires_at, i.version, i.created_at, i.updated_at ",
            $after
        )
    };
}

const FIND: &str = invitation!(
    "select",
    "from invitations i where i.tenant_id = ? and i.id = ?"
);

const LOOK: &str = invitation!(
    "select",
    "from invitations i where i.id = ? and i.token_hash = ? and i.state = 'pending' and i.expires_at > ?"
);

/// Of two who come at once the second waits for the first, and then sees the invitation as the first has left it.
const CLAIM: &str = invitation!(
    "select",
    "from invitations i where i.id = ? and i.token_hash = ? and i.state = 'pending' and i.expires_at > ? for update"
);

const RETIRE: &str = invitation!(
    "update invitations i set state = 'expired', updated_at = ?, version = i.version + 1 \
     where i.tenant_id = ? and i.state = 'pending' and i.expires_at <= ? and (i.email = ? or i.member_id = ?) \
     returning",
    ""
);

/// Who was removed from the tenant is known there; who was deleted altogether is not.
const ACQUAINTANCE: &str = "\
    select \
        (select m.state from memberships m join users u on u.id = m.user_id \
         where m.tenant_id = ? and u.email = ? and u.deleted_at is null), \
        exists (select from memberships m where m.tenant_id = ? and m.member_id = ?)";

const TALLY: &str = "\
    select count(*) filter (where state = 'pending' and expires_at > now.at), \
        count(*) filter (where state = 'accepted'), count(*) filter (where state = 'canceled'), \
        count(*) filter (where state = 'expired' or state = 'pending' and expires_at <= now.at) \
    from invitations, (select ?::timestamptz) as now (at) where tenant_id = ?";

const INSERT: &str = "\
    insert into invitations (id, tenant_id, email, first_name, last_name, job_title, message, roles, role_expiries, \
        member_id, invited_by, token_hash, state, sent_at, expires_at, version, created_at, updated_at) \
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending', ?, ?, ?, ?, ?) \
    on conflict do nothing";

const UPDATE: &str = "\
    update invitations set state = ?, accepted_at = ?, accepted_by = ?, canceled_at = ?, invited_by = ?, sent_at = ?, \
        expires_at = ?, updated_at = ?, token_hash = coalesce(?, token_hash), version = version + 1 \
    where tenant_id = ? and id = ? and version = ?";

impl InvitationRepository for Transaction<'_> {
    fn find(&mut self, id: InvitationId) -> Result<Option<Invitation>, StorageError> {
        let statement = prepared::<Columns>(FIND)
            .bind::<SqlUuid, _>(self.tenant()?.uuid())
            .bind::<SqlUuid, _>(id.uuid());
        let row = self.query(|c| statement.get_result::<Row>(c).optional())?;
        self.invitation(row)
    }

    fn list(
        &mut self,
        filter: &InvitationFilter,
        page: &PageRequest<InvitationSort>,
        now: Timestamp,
    ) -> Result<Page<Invitation>, StorageError> {
        let tenant = self.tenant()?;
        let rows = self.query(|connection| listing::rows(connection, tenant, filter, page, now))?;
        let total = if page.with_total {
            let total = self.query(|connection| listing::total(connection, tenant, filter, now))?;
            Some(count(total))
        } else {
            None
        };
        let cursor = |row: &Row| listing::cursor(page.sort, row);
        let Page { items, next, total } = page_of(rows, page.limit, total, cursor);
        let items: Result<_, _> = items.into_iter().map(Invitation::try_from).collect();
        let items = items.map_err(|row| self.refuse(row))?;
        Ok(Page { items, next, total })
    }

    fn tally(&mut self, now: Timestamp) -> Result<Tally, StorageError> {
        let statement = prepared::<(Int8, Int8, Int8, Int8)>(TALLY)
            .bind::<Timestamptz, _>(instant(now))
            .bind::<SqlUuid, _>(self.tenant()?.uuid());
        let (pending, accepted, canceled, expired) =
            self.query(|c| statement.get_result::<(i64, i64, i64, i64)>(c))?;
        Ok(Tally {
            pending: count(pending),
            accepted: count(accepted),
            canceled: count(canceled),
            expired: count(expired),
        })
    }

    fn acquaintance(
        &mut self,
        email: &EmailAddress,
        member: Option<MemberId>,
    ) -> Result<Acquaintance, StorageError> {
        let tenant = self.tenant()?;
        self.acquainted(tenant, email, member)
    }

    fn retire(
        &mut self,
        email: &EmailAddress,
        member: Option<MemberId>,
        now: Timestamp,
    ) -> Result<Vec<Invitation>, StorageError> {
        let statement = prepared::<Columns>(RETIRE)
            .bind::<Timestamptz, _>(instant(now))
            .bind::<SqlUuid, _>(self.tenant()?.uuid())
            .bind::<Timestamptz, _>(instant(now))
            .bind::<Text, _>(email.as_str())
            .bind::<Nullable<SqlUuid>, _>(member.map(|member| member.uuid()));
        let rows = self.query(|c| statement.load::<Row>(c))?;
        let retired: Result<_, _> = rows.into_iter().map(Invitation::try_from).collect();
        retired.map_err(|row| self.refuse(row))
    }

    fn insert(&mut self, new: &Invitation, hash: &[u8; 32]) -> Result<bool, StorageError> {
        let (names, expiries) = columns_of(&new.roles);
        let text = |line: Option<&unionhall_domain::text::Line<100>>| line.map(ToString::to_string);
        let statement = command(INSERT)
            .bind::<SqlUuid, _>(new.id.uuid())
            .bind::<SqlUuid, _>(new.tenant.uuid())
            .bind::<Text, _>(new.email.as_str())
            .bind::<Nullable<Text>, _>(text(new.guest.first_name.as_ref()))
            .bind::<Nullable<Text>, _>(text(new.guest.last_name.as_ref()))
            .bind::<Nullable<Text>, _>(text(new.guest.job_title.as_ref()))
            .bind::<Nullable<Text>, _>(new.message.as_ref().map(ToString::to_string))
            .bind::<Array<Text>, _>(names)
            .bind::<Array<Nullable<Timestamptz>>, _>(expiries)
            .bind::<Nullable<SqlUuid>, _>(new.member.map(|member| member.uuid()))
            .bind::<SqlUuid, _>(new.invited_by.uuid())
            .bind::<Binary, _>(hash.as_slice())
            .bind::<Timestamptz, _>(instant(new.sent_at))
            .bind::<Timestamptz, _>(instant(new.expires_at))
            .bind::<Int8, _>(new.version.get())
            .bind::<Timestamptz, _>(instant(new.created_at))
            .bind::<Timestamptz, _>(instant(new.updated_at));
        Ok(self.query(|c| statement.execute(c))? == 1)
    }

    fn update(
        &mut self,
        invitation: &Invitation,
        hash: Option<[u8; 32]>,
    ) -> Result<(), StorageError> {
        let state = StateColumns::from(invitation.state);
        let statement = command(UPDATE)
            .bind::<Text, _>(invitation.status().as_str())
            .bind::<Nullable<Timestamptz>, _>(state.accepted_at)
            .bind::<Nullable<SqlUuid>, _>(state.accepted_by)
            .bind::<Nullable<Timestamptz>, _>(state.canceled_at)
            .bind::<SqlUuid, _>(invitation.invited_by.uuid())
            .bind::<Timestamptz, _>(instant(invitation.sent_at))
            .bind::<Timestamptz, _>(instant(invitation.expires_at))
            .bind::<Timestamptz, _>(instant(invitation.updated_at))
            .bind::<Nullable<Binary>, _>(hash.map(|hash| hash.to_vec()))
            .bind::<SqlUuid, _>(invitation.tenant.uuid())
            .bind::<SqlUuid, _>(invitation.id.uuid())
            .bind::<Int8, _>(invitation.version.get().saturating_sub(1));
        let written = self.query(|c| statement.execute(c))?;
        self.unless_stale(written, 1)
    }

    fn look(
        &mut self,
        id: InvitationId,
        hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<Presented>, StorageError> {
        self.presented(LOOK, id, hash, now)
    }

    fn claim(
        &mut self,
        id: InvitationId,
        hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<Presented>, StorageError> {
        self.presented(CLAIM, id, hash, now)
    }
}

impl Transaction<'_> {
    fn invitation(&mut self, row: Option<Row>) -> Result<Option<Invitation>, StorageError> {
        row.map(Invitation::try_from)
            .transpose()
            .map_err(|row| self.refuse(row))
    }

    fn acquainted(
        &mut self,
        tenant: TenantId,
        email: &EmailAddress,
        member: Option<MemberId>,
    ) -> Result<Acquaintance, StorageError> {
        let statement = prepared::<(Nullable<Text>, Bool)>(ACQUAINTANCE)
            .bind::<SqlUuid, _>(tenant.uuid())
            .bind::<Text, _>(email.as_str())
            .bind::<SqlUuid, _>(tenant.uuid())
            .bind::<Nullable<SqlUuid>, _>(member.map(|member| member.uuid()));
        let (state, is_member_taken) =
            self.query(|c| statement.get_result::<(Option<String>, bool)>(c))?;
        let place = state
            .map(|state| stored("memberships", tenant, "state", PlaceState::parse(&state)))
            .transpose()
            .map_err(|row| self.refuse(row))?;
        Ok(Acquaintance {
            place,
            is_member_taken,
        })
    }

    /// In three statements, so that the later ones see what whoever was waited for has left.
    fn presented(
        &mut self,
        text: &'static str,
        id: InvitationId,
        hash: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<Presented>, StorageError> {
        let statement = prepared::<Columns>(text)
            .bind::<SqlUuid, _>(id.uuid())
            .bind::<Binary, _>(hash.as_slice())
            .bind::<Timestamptz, _>(instant(now));
        let row = self.query(|c| statement.get_result::<Row>(c).optional())?;
        let Some(invitation) = self.invitation(row)? else {
            return Ok(None);
        };
        let Invitation { tenant, member, .. } = invitation;
        Ok(Some(Presented {
            inviter: self.inviter(tenant, invitation.invited_by)?,
            known: self.acquainted(tenant, &invitation.email, member)?,
            invitation,
        }))
    }

    fn inviter(
        &mut self,
        tenant: TenantId,
        user: UserId,
    ) -> Result<Option<Colleague>, StorageError> {
        let statement = prepared::<ColleagueColumns>(FIND_COLLEAGUE)
            .bind::<SqlUuid, _>(tenant.uuid())
            .bind::<SqlUuid, _>(user.uuid());
        let row = self.query(|c| statement.get_result::<ColleagueRow>(c).optional())?;
        row.map(Colleague::try_from)
            .transpose()
            .map_err(|row| self.refuse(row))
    }
}

/// Roles as two columns side by side: their names, and until when they count.
fn columns_of(roles: &[HeldRole]) -> (Vec<&'static str>, Vec<Option<jiff_diesel::Timestamp>>) {
    let columns = |held: &HeldRole| (held.role.as_str(), held.expires_at.map(instant));
    roles.iter().map(columns).unzip()
}
