//! What the statements of signing in return, and how it becomes values.

use diesel::{
    Queryable,
    sql_types::{Array, Bool, Int4, Int8, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use unionhall_domain::{
    members::MemberId,
    roles::Role,
    tenants::{Tenant, TenantId},
    text::Line,
    users::{EmailAddress, User, UserId},
};
use unionhall_ports::{
    identity::{Access, Colleague, Credentials, HeldRole, Session, SessionId, Spending, UserState},
    passwords::PasswordHash,
};
use uuid::Uuid;

use crate::{errors::InconsistentRow, rows::stored, tenants::TenantRow};

const TABLE: &str = "users";

pub(crate) type UserColumns = (
    SqlUuid,
    Text,
    Text,
    Text,
    Nullable<Timestamptz>,
    Timestamptz,
);
/// In the order of [`TenantRow`].
pub(super) type TenantColumns = (
    SqlUuid,
    Text,
    Text,
    Text,
    Text,
    Text,
    Text,
    Nullable<Timestamptz>,
    Nullable<Int4>,
    Nullable<Int8>,
    Nullable<Text>,
    Int8,
    Timestamptz,
    Timestamptz,
);
pub(crate) type RoleColumns = (Array<Text>, Array<Nullable<Timestamptz>>);
pub(super) type SessionColumns = (
    SqlUuid,
    SqlUuid,
    SqlUuid,
    Nullable<Text>,
    Nullable<Text>,
    Timestamptz,
);
pub(super) type CredentialsColumns = (
    UserColumns,
    Text,
    Text,
    Bool,
    Bool,
    Int4,
    Nullable<Timestamptz>,
    Nullable<SqlUuid>,
);
pub(crate) type ColleagueColumns = (UserColumns, RoleColumns);
pub(super) type AccessColumns = (
    UserColumns,
    TenantColumns,
    Nullable<SqlUuid>,
    RoleColumns,
    Array<Text>,
    Bool,
);
pub(super) type SpendingColumns = (SessionColumns, Bool, Bool);

/// What is public of a row of `users`.
#[derive(Queryable)]
pub(crate) struct UserRow {
    id: Uuid,
    email: String,
    first_name: String,
    last_name: String,
    last_login_at: Option<jiff_diesel::Timestamp>,
    created_at: jiff_diesel::Timestamp,
}

impl TryFrom<UserRow> for User {
    type Error = InconsistentRow;

    fn try_from(row: UserRow) -> Result<Self, InconsistentRow> {
        Ok(Self {
            id: UserId::new(row.id),
            email: stored(TABLE, row.id, "email", EmailAddress::parse(&row.email))?,
            first_name: stored(TABLE, row.id, "first_name", Line::parse(&row.first_name))?,
            last_name: stored(TABLE, row.id, "last_name", Line::parse(&row.last_name))?,
            last_login_at: row.last_login_at.map(jiff_diesel::Timestamp::to_jiff),
            created_at: row.created_at.to_jiff(),
        })
    }
}

#[derive(Queryable)]
pub(super) struct CredentialsRow {
    user: UserRow,
    password_hash: String,
    state: String,
    deleted: bool,
    verified: bool,
    failed_logins: i32,
    locked_until: Option<jiff_diesel::Timestamp>,
    tenant: Option<Uuid>,
}

impl TryFrom<CredentialsRow> for Credentials {
    type Error = InconsistentRow;

    fn try_from(row: CredentialsRow) -> Result<Self, InconsistentRow> {
        Ok(Self {
            user: User::try_from(row.user)?,
            password_hash: PasswordHash::new(row.password_hash),
            state: match (row.deleted, row.state.as_str()) {
                (true, _) => UserState::Deleted,
                (false, "active") => UserState::Active,
                // Whatever else it says, it does not say that this user may sign in.
                (false, _) => UserState::Inactive,
            },
            verified: row.verified,
            failures: u32::try_from(row.failed_logins).unwrap_or_default(),
            locked_until: row.locked_until.map(jiff_diesel::Timestamp::to_jiff),
            tenant: row.tenant.map(TenantId::new),
        })
    }
}

/// Roles and their expiries, side by side.
#[derive(Queryable)]
pub(crate) struct RolesRow {
    roles: Vec<String>,
    expiries: Vec<Option<jiff_diesel::Timestamp>>,
}

impl RolesRow {
    /// The roles from the most to the least powerful.
    fn held_by(self, user: UserId) -> Result<Vec<HeldRole>, InconsistentRow> {
        let mut held = self
            .roles
            .iter()
            .zip(self.expiries)
            .map(|(role, expires_at)| {
                Ok(HeldRole {
                    role: stored("membership_roles", user, "role", Role::parse(role))?,
                    expires_at: expires_at.map(jiff_diesel::Timestamp::to_jiff),
                })
            })
            .collect::<Result<Vec<_>, InconsistentRow>>()?;
        held.sort_by_key(|held| held.role);
        Ok(held)
    }
}

#[derive(Queryable)]
pub(crate) struct ColleagueRow {
    user: UserRow,
    roles: RolesRow,
}

impl TryFrom<ColleagueRow> for Colleague {
    type Error = InconsistentRow;

    fn try_from(row: ColleagueRow) -> Result<Self, InconsistentRow> {
        let user = User::try_from(row.user)?;
        let roles = row.roles.held_by(user.id)?;
        Ok(Self { user, roles })
    }
}

#[derive(Queryable)]
pub(super) struct AccessRow {
    user: UserRow,
    tenant: TenantRow,
    member: Option<Uuid>,
    roles: RolesRow,
    second_factor_roles: Vec<String>,
    has_second_factor: bool,
}

impl AccessRow {
    /// What the session may do.
    pub(super) fn of(self, session: SessionId) -> Result<Access, InconsistentRow> {
        let user = User::try_from(self.user)?;
        let tenant = Tenant::try_from(self.tenant)?;
        let needing = self.second_factor_roles.iter().map(|role| {
            stored(
                "tenants",
                tenant.id,
                "second_factor_roles",
                Role::parse(role),
            )
        });
        Ok(Access {
            session,
            second_factor_roles: needing.collect::<Result<_, _>>()?,
            has_second_factor: self.has_second_factor,
            tenant,
            roles: self.roles.held_by(user.id)?,
            member: self.member.map(MemberId::new),
            user,
        })
    }
}

#[derive(Queryable)]
pub(super) struct SessionRow {
    id: Uuid,
    user_id: Uuid,
    tenant_id: Uuid,
    device: Option<String>,
    address: Option<String>,
    created_at: jiff_diesel::Timestamp,
}

impl From<SessionRow> for Session {
    fn from(row: SessionRow) -> Self {
        Self {
            id: SessionId::new(row.id),
            user: UserId::new(row.user_id),
            tenant: TenantId::new(row.tenant_id),
            device: row.device,
            address: row.address,
            created_at: row.created_at.to_jiff(),
        }
    }
}

/// A token of a session that goes on: whether it had been spent before, and whether it was spent now.
#[derive(Queryable)]
pub(super) struct SpendingRow {
    session: SessionRow,
    spent_before: bool,
    spent_now: bool,
}

impl From<SpendingRow> for Spending {
    fn from(row: SpendingRow) -> Self {
        match (row.spent_before, row.spent_now) {
            (_, true) => Self::Spent(row.session.into()),
            (true, false) => Self::Reused(row.session.into()),
            // Expired.
            (false, false) => Self::Refused,
        }
    }
}
