//! Users, their places in tenants, and their sessions.

pub(crate) mod rows;
pub(crate) mod sql;

use diesel::{
    BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl,
    SelectableHelper,
    dsl::exists,
    sql_types::{Array, Binary, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use jiff::Timestamp;
use unionhall_domain::{
    passwords::Strength,
    tenants::{Slug, Tenant, TenantId},
    users::{EmailAddress, User, UserId},
};
use unionhall_ports::{
    identity::{
        Access, Colleague, Credentials, IdentityRepository, Membership, RefreshToken, Session,
        SessionId, Spending,
    },
    passwords::PasswordHash,
    storage::StorageError,
};

use self::rows::{
    AccessColumns, AccessRow, ColleagueColumns, ColleagueRow, CredentialsColumns, CredentialsRow,
    SpendingColumns, SpendingRow, UserRow,
};
use crate::{
    rows::instant,
    schema::{memberships, tenants, users},
    statements::{Prepared, command, prepared},
    tenants::TenantRow,
    unit_of_work::Transaction,
};

impl IdentityRepository for Transaction<'_> {
    fn find_credentials(
        &mut self,
        email: &EmailAddress,
    ) -> Result<Option<Credentials>, StorageError> {
        let statement =
            prepared::<CredentialsColumns>(sql::FIND_CREDENTIALS).bind::<Text, _>(email.as_str());
        let row = self.query(|c| statement.get_result::<CredentialsRow>(c).optional())?;
        row.map(Credentials::try_from)
            .transpose()
            .map_err(|row| self.refuse(row))
    }

    fn insert_user(&mut self, user: &User, hash: &PasswordHash) -> Result<(), StorageError> {
        let created_at = instant(user.created_at);
        let statement = command(sql::INSERT_USER)
            .bind::<SqlUuid, _>(user.id.uuid())
            .bind::<Text, _>(user.email.as_str())
            .bind::<Text, _>(hash.expose())
            .bind::<Text, _>(user.first_name.as_str())
            .bind::<Text, _>(user.last_name.as_str())
            .bind::<Nullable<Timestamptz>, _>(user.last_login_at.map(instant))
            .bind::<Timestamptz, _>(created_at)
            .bind::<Timestamptz, _>(created_at)
            .bind::<Timestamptz, _>(created_at);
        self.query(|c| statement.execute(c)).map(drop)
    }

    fn register(
        &mut self,
        user: &User,
        hash: &PasswordHash,
        hall: Option<Slug>,
    ) -> Result<Option<UserId>, StorageError> {
        let created_at = instant(user.created_at);
        let statement = prepared::<SqlUuid>(sql::REGISTER)
            .bind::<SqlUuid, _>(user.id.uuid())
            .bind::<Text, _>(user.email.as_str())
            .bind::<Text, _>(hash.expose())
            .bind::<Text, _>(user.first_name.as_str())
            .bind::<Text, _>(user.last_name.as_str())
            .bind::<Timestamptz, _>(created_at)
            .bind::<Timestamptz, _>(created_at)
            .bind::<Nullable<Text>, _>(hall.as_ref().map(Slug::as_str));
        let id = self.query(|c| statement.get_result::<uuid::Uuid>(c).optional())?;
        Ok(id.map(UserId::new))
    }

    fn verify_email(
        &mut self,
        user: UserId,
        at: Timestamp,
    ) -> Result<Option<TenantId>, StorageError> {
        let statement = prepared::<SqlUuid>(sql::VERIFY_EMAIL)
            .bind::<SqlUuid, _>(user.uuid())
            .bind::<Timestamptz, _>(instant(at));
        let tenant = self.query(|c| statement.get_result::<uuid::Uuid>(c).optional())?;
        Ok(tenant.map(TenantId::new))
    }

    fn list_users(&mut self, tenant: Option<TenantId>) -> Result<Vec<User>, StorageError> {
        let mut query = users::table
            .filter(users::deleted_at.is_null())
            .order(users::email)
            .select((
                users::id,
                users::email,
                users::first_name,
                users::last_name,
                users::last_login_at,
                users::created_at,
            ))
            .into_boxed();
        if let Some(tenant) = tenant {
            let here = memberships::tenant_id
                .eq(tenant.uuid())
                .and(memberships::user_id.eq(users::id))
                .and(memberships::state.ne("removed"));
            query = query.filter(exists(memberships::table.filter(here)));
        }
        let rows = self.query(|c| query.load::<UserRow>(c))?;
        let users: Result<_, _> = rows.into_iter().map(User::try_from).collect();
        users.map_err(|row| self.refuse(row))
    }

    fn set_password(
        &mut self,
        user: UserId,
        hash: &PasswordHash,
        strength: Strength,
        at: Timestamp,
    ) -> Result<(), StorageError> {
        let statement = command(sql::SET_PASSWORD)
            .bind::<SqlUuid, _>(user.uuid())
            .bind::<Bool, _>(strength == Strength::WithSecondFactor)
            .bind::<Text, _>(hash.expose())
            .bind::<Timestamptz, _>(instant(at));
        self.touch_one(statement)
    }

    fn put_membership(
        &mut self,
        membership: &Membership,
        at: Timestamp,
    ) -> Result<(), StorageError> {
        let Membership {
            user,
            tenant,
            roles,
            member,
        } = membership;
        let names: Vec<_> = roles.iter().map(|held| held.role.as_str()).collect();
        let expiries: Vec<_> = roles
            .iter()
            .map(|held| held.expires_at.map(instant))
            .collect();
        let statement = command(sql::PUT_MEMBERSHIP)
            .bind::<SqlUuid, _>(tenant.uuid())
            .bind::<SqlUuid, _>(user.uuid())
            .bind::<Array<Text>, _>(names)
            .bind::<Array<Nullable<Timestamptz>>, _>(expiries)
            .bind::<Nullable<SqlUuid>, _>(member.map(|member| member.uuid()))
            .bind::<Timestamptz, _>(instant(at));
        self.query(|c| statement.execute(c)).map(drop)
    }

    fn tenants_of(&mut self, user: UserId) -> Result<Vec<Tenant>, StorageError> {
        let here = memberships::user_id
            .eq(user.uuid())
            .and(memberships::tenant_id.eq(tenants::id))
            .and(memberships::state.eq("active"));
        let rows = self.query(|c| {
            tenants::table
                .filter(exists(memberships::table.filter(here)))
                .order(tenants::slug)
                .select(TenantRow::as_select())
                .load(c)
        })?;
        let tenants: Result<_, _> = rows.into_iter().map(Tenant::try_from).collect();
        tenants.map_err(|row| self.refuse(row))
    }

    fn find_colleague(&mut self, user: UserId) -> Result<Option<Colleague>, StorageError> {
        let tenant = self.tenant()?;
        let statement = prepared::<ColleagueColumns>(sql::FIND_COLLEAGUE)
            .bind::<SqlUuid, _>(tenant.uuid())
            .bind::<SqlUuid, _>(user.uuid());
        let row = self.query(|c| statement.get_result::<ColleagueRow>(c).optional())?;
        row.map(Colleague::try_from)
            .transpose()
            .map_err(|row| self.refuse(row))
    }

    fn find_colleagues(&mut self, users: &[UserId]) -> Result<Vec<Colleague>, StorageError> {
        let tenant = self.tenant()?;
        let users: Vec<_> = users.iter().map(|user| user.uuid()).collect();
        let statement = prepared::<ColleagueColumns>(sql::FIND_COLLEAGUES)
            .bind::<SqlUuid, _>(tenant.uuid())
            .bind::<Array<SqlUuid>, _>(users);
        let rows: Vec<ColleagueRow> = self.query(|c| statement.load(c))?;
        self.all(rows, Colleague::try_from)
    }

    fn insert_session(
        &mut self,
        session: &Session,
        token: &RefreshToken,
    ) -> Result<(), StorageError> {
        let created_at = instant(session.created_at);
        let statement = command(sql::INSERT_SESSION)
            .bind::<SqlUuid, _>(session.id.uuid())
            .bind::<SqlUuid, _>(session.user.uuid())
            .bind::<SqlUuid, _>(session.tenant.uuid())
            .bind::<Nullable<Text>, _>(session.device.as_deref())
            .bind::<Nullable<Text>, _>(session.address.as_deref())
            .bind::<Timestamptz, _>(created_at)
            .bind::<Timestamptz, _>(created_at);
        let statement = bind_token(statement, token);
        self.query(|c| statement.execute(c)).map(drop)
    }

    fn spend_token(&mut self, hash: &[u8; 32], now: Timestamp) -> Result<Spending, StorageError> {
        let statement = prepared::<SpendingColumns>(sql::SPEND_TOKEN)
            .bind::<Binary, _>(hash.as_slice())
            .bind::<Binary, _>(hash.as_slice())
            .bind::<Timestamptz, _>(instant(now))
            .bind::<Timestamptz, _>(instant(now));
        let row = self.query(|c| statement.get_result::<SpendingRow>(c).optional())?;
        Ok(row.map_or(Spending::Refused, Spending::from))
    }

    fn insert_token(&mut self, token: &RefreshToken) -> Result<(), StorageError> {
        let statement = bind_token(command(sql::INSERT_TOKEN), token);
        self.query(|c| statement.execute(c)).map(drop)
    }

    fn move_session(
        &mut self,
        session: SessionId,
        tenant: TenantId,
        at: Timestamp,
    ) -> Result<bool, StorageError> {
        let place = command(sql::USE_PLACE)
            .bind::<Timestamptz, _>(instant(at))
            .bind::<SqlUuid, _>(session.uuid())
            .bind::<SqlUuid, _>(tenant.uuid());
        let moved = command(sql::MOVE_SESSION)
            .bind::<SqlUuid, _>(tenant.uuid())
            .bind::<SqlUuid, _>(session.uuid());
        let tokens = command(sql::END_TOKENS)
            .bind::<Timestamptz, _>(instant(at))
            .bind::<SqlUuid, _>(session.uuid())
            .bind::<Timestamptz, _>(instant(at));
        if self.query(|c| place.execute(c))? == 0 || self.query(|c| moved.execute(c))? == 0 {
            return Ok(false);
        }
        self.query(|c| tokens.execute(c)).map(|_| true)
    }

    fn end_session(&mut self, session: SessionId, at: Timestamp) -> Result<(), StorageError> {
        let statement = command(sql::END_SESSION)
            .bind::<Timestamptz, _>(instant(at))
            .bind::<SqlUuid, _>(session.uuid());
        self.query(|c| statement.execute(c)).map(drop)
    }

    fn end_sessions(&mut self, user: UserId, at: Timestamp) -> Result<u64, StorageError> {
        let statement = command(sql::END_SESSIONS)
            .bind::<Timestamptz, _>(instant(at))
            .bind::<SqlUuid, _>(user.uuid());
        let ended = self.query(|c| statement.execute(c))?;
        Ok(u64::try_from(ended).unwrap_or(u64::MAX))
    }

    fn end_other_sessions(
        &mut self,
        user: UserId,
        kept: SessionId,
        at: Timestamp,
    ) -> Result<u64, StorageError> {
        let statement = command(sql::END_OTHER_SESSIONS)
            .bind::<Timestamptz, _>(instant(at))
            .bind::<SqlUuid, _>(user.uuid())
            .bind::<SqlUuid, _>(kept.uuid());
        let ended = self.query(|c| statement.execute(c))?;
        Ok(u64::try_from(ended).unwrap_or(u64::MAX))
    }

    fn find_access(
        &mut self,
        session: SessionId,
        tenant: TenantId,
    ) -> Result<Option<Access>, StorageError> {
        let statement = prepared::<AccessColumns>(sql::FIND_ACCESS)
            .bind::<SqlUuid, _>(tenant.uuid())
            .bind::<SqlUuid, _>(session.uuid());
        let row = self.query(|c| statement.get_result::<AccessRow>(c).optional())?;
        row.map(|row| row.of(session))
            .transpose()
            .map_err(|row| self.refuse(row))
    }
}

impl Transaction<'_> {
    /// What the owner of a calendar feed may do, who is known by the token in its address. The feed stands in for the
    /// session.
    pub(crate) fn feed_access(&mut self, hash: &[u8; 32]) -> Result<Option<Access>, StorageError> {
        let statement = prepared::<(AccessColumns, SqlUuid)>(sql::FIND_FEED_ACCESS)
            .bind::<Binary, _>(hash.as_slice());
        let row = self.query(|c| {
            statement
                .get_result::<(AccessRow, uuid::Uuid)>(c)
                .optional()
        })?;
        row.map(|(access, feed)| access.of(SessionId::new(feed)))
            .transpose()
            .map_err(|row| self.refuse(row))
    }

    /// Changes one row that was there a moment ago.
    pub(crate) fn touch_one(&mut self, statement: Prepared<'_>) -> Result<(), StorageError> {
        match self.query(|c| statement.execute(c))? {
            1 => Ok(()),
            _ => Err(self.refuse(StorageError::Stale)),
        }
    }
}

fn bind_token<'a>(statement: Prepared<'a>, token: &'a RefreshToken) -> Prepared<'a> {
    statement
        .bind::<Binary, _>(token.hash.as_slice())
        .bind::<SqlUuid, _>(token.session.uuid())
        .bind::<Timestamptz, _>(instant(token.issued_at))
        .bind::<Timestamptz, _>(instant(token.expires_at))
}
