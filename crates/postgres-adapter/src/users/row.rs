//! A place with its user as statements return it, and its way to the domain's value.

use diesel::{
    Queryable,
    sql_types::{Array, Int8, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use unionhall_domain::{
    members::MemberId,
    roles::{HeldRole, Role},
    text::Line,
    users::{
        EmailAddress, User, UserId,
        places::{Place, PlaceState, Standing},
    },
};
use uuid::Uuid;

use crate::{errors::InconsistentRow, rows::instant, stored::StoredRow};

pub(super) type UserColumns = (
    SqlUuid,
    Text,
    Text,
    Text,
    Nullable<Timestamptz>,
    Timestamptz,
);
pub(super) type Columns = (
    UserColumns,
    Array<Text>,
    Array<Nullable<Timestamptz>>,
    Nullable<SqlUuid>,
    (
        Text,
        Nullable<Timestamptz>,
        Nullable<Text>,
        Nullable<Timestamptz>,
    ),
    Int8,
    Timestamptz,
    Nullable<Timestamptz>,
    Nullable<Timestamptz>,
);

/// Everything that is read of a place.
#[derive(Queryable)]
pub(super) struct Row {
    pub(super) user: UserRow,
    roles: Vec<String>,
    expiries: Vec<Option<jiff_diesel::Timestamp>>,
    member: Option<Uuid>,
    standing: StandingRow,
    version: i64,
    pub(super) joined_at: jiff_diesel::Timestamp,
    last_used_at: Option<jiff_diesel::Timestamp>,
    updated_at: Option<jiff_diesel::Timestamp>,
}

/// What is public of a row of `users`.
#[derive(Queryable)]
pub(super) struct UserRow {
    pub(super) id: Uuid,
    pub(super) email: String,
    first_name: String,
    last_name: String,
    last_login_at: Option<jiff_diesel::Timestamp>,
    created_at: jiff_diesel::Timestamp,
}

#[derive(Queryable)]
pub(super) struct StandingRow {
    state: String,
    suspended_at: Option<jiff_diesel::Timestamp>,
    suspended_for: Option<String>,
    removed_at: Option<jiff_diesel::Timestamp>,
}

impl TryFrom<UserRow> for User {
    type Error = InconsistentRow;

    fn try_from(row: UserRow) -> Result<Self, InconsistentRow> {
        let from = StoredRow::new("users", row.id);
        Ok(Self {
            id: UserId::new(row.id),
            email: from.value("email", EmailAddress::parse(&row.email))?,
            first_name: from.value("first_name", Line::parse(&row.first_name))?,
            last_name: from.value("last_name", Line::parse(&row.last_name))?,
            last_login_at: row.last_login_at.map(jiff_diesel::Timestamp::to_jiff),
            created_at: row.created_at.to_jiff(),
        })
    }
}

impl StandingRow {
    fn read(self, from: StoredRow) -> Result<Standing, InconsistentRow> {
        let Self {
            state,
            suspended_at,
            suspended_for,
            removed_at,
        } = self;
        match from.value("state", PlaceState::parse(&state))? {
            PlaceState::Active => Ok(Standing::Active),
            PlaceState::Suspended => {
                let reason =
                    from.optional("suspended_for", suspended_for.as_deref(), Line::parse)?;
                let suspended = reason.zip(suspended_at);
                let (reason, since) = suspended
                    .ok_or_else(|| from.inconsistent("it is suspended without time or reason"))?;
                let since = since.to_jiff();
                Ok(Standing::Suspended { reason, since })
            }
            PlaceState::Removed => {
                let at = removed_at
                    .ok_or_else(|| from.inconsistent("it is removed without a time"))?
                    .to_jiff();
                Ok(Standing::Removed { at })
            }
        }
    }
}

impl TryFrom<Row> for Place {
    type Error = InconsistentRow;

    fn try_from(row: Row) -> Result<Self, InconsistentRow> {
        let from = StoredRow::new("memberships", row.user.id);
        let mut roles = row
            .roles
            .iter()
            .zip(row.expiries)
            .map(|(role, expires_at)| {
                Ok(HeldRole {
                    role: from.value("role", Role::parse(role))?,
                    expires_at: expires_at.map(jiff_diesel::Timestamp::to_jiff),
                })
            })
            .collect::<Result<Vec<_>, InconsistentRow>>()?;
        roles.sort_by_key(|held| held.role);
        let joined_at = row.joined_at.to_jiff();
        Ok(Self {
            user: row.user.try_into()?,
            roles,
            member: row.member.map(MemberId::new),
            standing: row.standing.read(from)?,
            version: from.version(row.version)?,
            joined_at,
            last_used_at: row.last_used_at.map(jiff_diesel::Timestamp::to_jiff),
            updated_at: row.updated_at.map_or(joined_at, |at| at.to_jiff()),
        })
    }
}

/// A standing as the columns that hold it, beside its name.
#[derive(Default)]
pub(super) struct StandingColumns<'a> {
    pub(super) suspended_at: Option<jiff_diesel::Timestamp>,
    pub(super) suspended_for: Option<&'a str>,
    pub(super) removed_at: Option<jiff_diesel::Timestamp>,
}

impl<'a> From<&'a Standing> for StandingColumns<'a> {
    fn from(standing: &'a Standing) -> Self {
        match standing {
            Standing::Active => Self::default(),
            Standing::Suspended { reason, since } => Self {
                suspended_at: Some(instant(*since)),
                suspended_for: Some(reason.as_str()),
                ..Self::default()
            },
            Standing::Removed { at } => Self {
                removed_at: Some(instant(*at)),
                ..Self::default()
            },
        }
    }
}
