//! What people say of themselves.

use diesel::{
    AsChangeset, ExpressionMethods, OptionalExtension, QueryDsl, Queryable, RunQueryDsl,
    Selectable, SelectableHelper,
};
use jiff::Timestamp;
use unionhall_domain::{
    profiles::{ColleagueCard, Language, Profile, ProfileDetails},
    tenants::ZoneName,
    text::{Line, Prose},
    users::{EmailAddress, User, UserId},
};
use unionhall_ports::{profiles::ProfileRepository, storage::StorageError};
use uuid::Uuid;

use crate::{
    errors::InconsistentRow,
    rows::instant,
    schema::{memberships, users},
    stored::StoredRow,
    unit_of_work::Transaction,
};

impl ProfileRepository for Transaction<'_> {
    fn find(&mut self, user: UserId) -> Result<Option<Profile>, StorageError> {
        let row = self.query(|connection| {
            users::table
                .find(user.uuid())
                .filter(users::state.eq("active"))
                .filter(users::deleted_at.is_null())
                .select((PersonRow::as_select(), ProfileRow::as_select()))
                .first(connection)
                .optional()
        })?;
        row.map(profile).transpose().map_err(|row| self.refuse(row))
    }

    fn find_card(&mut self, user: UserId) -> Result<Option<ColleagueCard>, StorageError> {
        let tenant = self.tenant()?;
        let here = memberships::table
            .filter(memberships::tenant_id.eq(tenant.uuid()))
            .filter(memberships::user_id.eq(users::id))
            .filter(memberships::state.eq("active"));
        let row = self.query(|connection| {
            users::table
                .find(user.uuid())
                .filter(users::state.eq("active"))
                .filter(users::deleted_at.is_null())
                .filter(diesel::dsl::exists(here))
                .select((PersonRow::as_select(), ProfileRow::as_select()))
                .first(connection)
                .optional()
        })?;
        let found = row
            .map(profile)
            .transpose()
            .map_err(|row| self.refuse(row))?;
        Ok(found.map(|found| ColleagueCard {
            user: found.user.id,
            first_name: found.user.first_name,
            last_name: found.user.last_name,
            job_title: found.details.job_title,
            department: found.details.department,
        }))
    }

    fn update(&mut self, profile: &Profile, at: Timestamp) -> Result<(), StorageError> {
        let row = ProfileRow::from(profile);
        let stored = row.profile_version.saturating_sub(1);
        let written = self.query(|connection| {
            diesel::update(users::table.find(profile.user.id.uuid()))
                .filter(users::profile_version.eq(stored))
                .set((&row, users::updated_at.eq(instant(at))))
                .execute(connection)
        })?;
        self.unless_stale(written, 1)
    }
}

/// Who somebody is: nothing of it is changed with the profile.
#[derive(Queryable, Selectable)]
#[diesel(table_name = users)]
struct PersonRow {
    id: Uuid,
    email: String,
    last_login_at: Option<jiff_diesel::Timestamp>,
    created_at: jiff_diesel::Timestamp,
}

/// What somebody says of themselves.
#[derive(Queryable, Selectable, AsChangeset)]
#[diesel(table_name = users)]
#[diesel(treat_none_as_null = true)]
struct ProfileRow {
    first_name: String,
    last_name: String,
    phone: Option<String>,
    bio: Option<String>,
    job_title: Option<String>,
    department: Option<String>,
    language: Option<String>,
    time_zone: Option<String>,
    profile_version: i64,
}

impl From<&Profile> for ProfileRow {
    fn from(profile: &Profile) -> Self {
        let Profile {
            user,
            details,
            version,
        } = profile;
        let ProfileDetails {
            phone,
            bio,
            job_title,
            department,
            language,
            time_zone,
        } = details;
        Self {
            first_name: user.first_name.to_string(),
            last_name: user.last_name.to_string(),
            phone: phone.as_ref().map(ToString::to_string),
            bio: bio.as_ref().map(ToString::to_string),
            job_title: job_title.as_ref().map(ToString::to_string),
            department: department.as_ref().map(ToString::to_string),
            language: language.as_ref().map(|tag| tag.as_str().to_owned()),
            time_zone: time_zone.as_ref().map(|zone| zone.as_str().to_owned()),
            profile_version: version.get(),
        }
    }
}

fn profile((person, row): (PersonRow, ProfileRow)) -> Result<Profile, InconsistentRow> {
    let from = StoredRow::new("users", person.id);
    let user = User {
        id: UserId::new(person.id),
        email: from.value("email", EmailAddress::parse(&person.email))?,
        first_name: from.value("first_name", Line::parse(&row.first_name))?,
        last_name: from.value("last_name", Line::parse(&row.last_name))?,
        last_login_at: person.last_login_at.map(jiff_diesel::Timestamp::to_jiff),
        created_at: person.created_at.to_jiff(),
    };
    let details = ProfileDetails {
        phone: from.optional("phone", row.phone.as_deref(), Line::parse)?,
        bio: from.optional("bio", row.bio.as_deref(), Prose::parse)?,
        job_title: from.optional("job_title", row.job_title.as_deref(), Line::parse)?,
        department: from.optional("department", row.department.as_deref(), Line::parse)?,
        language: from.optional("language", row.language.as_deref(), Language::parse)?,
        time_zone: from.optional("time_zone", row.time_zone.as_deref(), ZoneName::stored)?,
    };
    Ok(Profile {
        user,
        details,
        version: from.version(row.profile_version)?,
    })
}
