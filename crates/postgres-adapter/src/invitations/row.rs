//! An invitation as statements return it, and its way to the domain's value.

use diesel::{
    Queryable,
    sql_types::{Array, Int8, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use unionhall_domain::{
    invitations::{Guest, Invitation, InvitationId, State, Status},
    members::MemberId,
    roles::{HeldRole, Role},
    tenants::TenantId,
    text::{Line, Prose},
    users::{EmailAddress, UserId},
};
use uuid::Uuid;

use crate::{errors::InconsistentRow, rows::instant, stored::StoredRow};

pub(super) type GuestColumns = (Nullable<Text>, Nullable<Text>, Nullable<Text>);
pub(super) type StateSqlColumns = (
    Text,
    Nullable<Timestamptz>,
    Nullable<SqlUuid>,
    Nullable<Timestamptz>,
);
pub(super) type Columns = (
    SqlUuid,
    SqlUuid,
    Text,
    GuestColumns,
    Nullable<Text>,
    Array<Text>,
    Array<Nullable<Timestamptz>>,
    Nullable<SqlUuid>,
    SqlUuid,
    StateSqlColumns,
    Timestamptz,
    Timestamptz,
    Int8,
    Timestamptz,
    Timestamptz,
);

/// Everything that is read of an invitation.
#[derive(Queryable)]
pub(super) struct Row {
    pub(super) id: Uuid,
    tenant_id: Uuid,
    pub(super) email: String,
    guest: GuestRow,
    message: Option<String>,
    roles: Vec<String>,
    role_expiries: Vec<Option<jiff_diesel::Timestamp>>,
    member_id: Option<Uuid>,
    invited_by: Uuid,
    state: StateRow,
    sent_at: jiff_diesel::Timestamp,
    pub(super) expires_at: jiff_diesel::Timestamp,
    version: i64,
    pub(super) created_at: jiff_diesel::Timestamp,
    updated_at: jiff_diesel::Timestamp,
}

#[derive(Queryable)]
pub(super) struct GuestRow {
    first_name: Option<String>,
    last_name: Option<String>,
    job_title: Option<String>,
}

#[derive(Queryable)]
pub(super) struct StateRow {
    status: String,
    accepted_at: Option<jiff_diesel::Timestamp>,
    accepted_by: Option<Uuid>,
    canceled_at: Option<jiff_diesel::Timestamp>,
}

impl GuestRow {
    fn read(&self, from: StoredRow) -> Result<Guest, InconsistentRow> {
        Ok(Guest {
            first_name: from.optional("first_name", self.first_name.as_deref(), Line::parse)?,
            last_name: from.optional("last_name", self.last_name.as_deref(), Line::parse)?,
            job_title: from.optional("job_title", self.job_title.as_deref(), Line::parse)?,
        })
    }
}

impl StateRow {
    fn read(&self, from: StoredRow) -> Result<State, InconsistentRow> {
        match from.value("state", Status::parse(&self.status))? {
            Status::Pending => Ok(State::Pending),
            Status::Expired => Ok(State::Expired),
            Status::Accepted => {
                let (at, by) = self
                    .accepted_at
                    .zip(self.accepted_by)
                    .ok_or_else(|| from.inconsistent("it is accepted by nobody or never"))?;
                let (at, by) = (at.to_jiff(), UserId::new(by));
                Ok(State::Accepted { at, by })
            }
            Status::Canceled => {
                let at = self
                    .canceled_at
                    .ok_or_else(|| from.inconsistent("it is canceled without a time"))?
                    .to_jiff();
                Ok(State::Canceled { at })
            }
        }
    }
}

impl TryFrom<Row> for Invitation {
    type Error = InconsistentRow;

    fn try_from(row: Row) -> Result<Self, InconsistentRow> {
        let from = StoredRow::new("invitations", row.id);
        let roles = row.roles.iter().zip(row.role_expiries);
        let mut roles = roles
            .map(|(role, expires_at)| {
                Ok(HeldRole {
                    role: from.value("roles", Role::parse(role))?,
                    expires_at: expires_at.map(jiff_diesel::Timestamp::to_jiff),
                })
            })
            .collect::<Result<Vec<_>, InconsistentRow>>()?;
        roles.sort_by_key(|held| held.role);
        Ok(Self {
            id: InvitationId::new(row.id),
            tenant: TenantId::new(row.tenant_id),
            email: from.value("email", EmailAddress::parse(&row.email))?,
            guest: row.guest.read(from)?,
            message: from.optional("message", row.message.as_deref(), Prose::parse)?,
            roles,
            member: row.member_id.map(MemberId::new),
            invited_by: UserId::new(row.invited_by),
            state: row.state.read(from)?,
            sent_at: row.sent_at.to_jiff(),
            expires_at: row.expires_at.to_jiff(),
            version: from.version(row.version)?,
            created_at: row.created_at.to_jiff(),
            updated_at: row.updated_at.to_jiff(),
        })
    }
}

/// A state as the columns that hold it, beside its name.
#[derive(Default)]
pub(super) struct StateColumns {
    pub(super) accepted_at: Option<jiff_diesel::Timestamp>,
    pub(super) accepted_by: Option<Uuid>,
    pub(super) canceled_at: Option<jiff_diesel::Timestamp>,
}

impl From<State> for StateColumns {
    fn from(state: State) -> Self {
        match state {
            State::Pending | State::Expired => Self::default(),
            State::Accepted { at, by } => Self {
                accepted_at: Some(instant(at)),
                accepted_by: Some(by.uuid()),
                ..Self::default()
            },
            State::Canceled { at } => Self {
                canceled_at: Some(instant(at)),
                ..Self::default()
            },
        }
    }
}
