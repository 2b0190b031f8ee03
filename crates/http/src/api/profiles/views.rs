//! How people are shown: to themselves, and to their colleagues.

use jiff::Timestamp;
use serde::Serialize;
use unionhall_application::profiles::OwnProfile;
use unionhall_domain::{
    email_changes::EmailChange,
    members::MemberId,
    profiles::{ColleagueCard, Profile, ProfileDetails},
    users::{User, UserId},
};
use utoipa::ToSchema;

use super::super::{
    auth::views::TenantView,
    choices::{PermissionName, RoleName},
    shown::Shown,
};

/// What somebody says of themselves.
#[derive(Serialize, ToSchema)]
#[schema(as = Profile)]
pub(super) struct ProfileView<'a> {
    /// The id of the user.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<UserId>,
    /// The address to sign in with.
    #[schema(format = Email)]
    email: &'a str,
    /// Given name.
    first_name: &'a str,
    /// Family name.
    last_name: &'a str,
    /// Given name and family name.
    full_name: String,
    /// Telephone number, as written.
    #[schema(required = true)]
    phone: Option<&'a str>,
    /// A few words about oneself.
    #[schema(required = true)]
    bio: Option<&'a str>,
    /// What one works as.
    #[schema(required = true)]
    job_title: Option<&'a str>,
    /// Where one works.
    #[schema(required = true)]
    department: Option<&'a str>,
    /// The language one wants to be spoken to in (BCP 47).
    #[schema(required = true)]
    language: Option<&'a str>,
    /// Where one's days begin and end; null where they do as the tenant's.
    #[schema(required = true)]
    time_zone: Option<&'a str>,
    /// When one last signed in.
    #[schema(value_type = Option<String>, required = true, format = DateTime)]
    last_login_at: Option<Shown<Timestamp>>,
    /// Counts the changes of the profile.
    #[schema(minimum = 1)]
    version: i64,
}

impl<'a> From<&'a Profile> for ProfileView<'a> {
    fn from(profile: &'a Profile) -> Self {
        let Profile {
            user,
            details,
            version,
        } = profile;
        let User {
            id,
            email,
            first_name,
            last_name,
            last_login_at,
            created_at: _,
        } = user;
        let ProfileDetails {
            phone,
            bio,
            job_title,
            department,
            language,
            time_zone,
        } = details;
        Self {
            id: Shown(*id),
            email: email.as_str(),
            first_name: first_name.as_str(),
            last_name: last_name.as_str(),
            full_name: format!("{first_name} {last_name}"),
            phone: phone.as_ref().map(|text| text.as_str()),
            bio: bio.as_ref().map(|text| text.as_str()),
            job_title: job_title.as_ref().map(|text| text.as_str()),
            department: department.as_ref().map(|text| text.as_str()),
            language: language.as_ref().map(|tag| tag.as_str()),
            time_zone: time_zone.as_ref().map(|zone| zone.as_str()),
            last_login_at: last_login_at.map(Shown),
            version: version.get(),
        }
    }
}

/// Oneself: what one says, where one works, and what one may do there.
#[derive(Serialize, ToSchema)]
#[schema(as = OwnProfile)]
pub(super) struct OwnProfileView<'a> {
    /// What one says of oneself.
    profile: ProfileView<'a>,
    /// The tenant that the session works in.
    tenant: TenantView<'a>,
    /// The roles held there now.
    #[schema(value_type = Vec<RoleName>)]
    roles: Vec<&'static str>,
    /// What these roles allow.
    #[schema(value_type = Vec<PermissionName>)]
    permissions: Vec<&'static str>,
    /// The union member that one is there, if one.
    #[schema(value_type = Option<String>, required = true, format = "uuid")]
    member_id: Option<Shown<MemberId>>,
    /// Every tenant that one has a place in.
    tenants: Vec<TenantView<'a>>,
    /// The change of address that one has asked for, as long as it waits for both addresses to agree.
    #[schema(required = true)]
    email_change: Option<EmailChangeView<'a>>,
}

impl<'a> From<&'a OwnProfile> for OwnProfileView<'a> {
    fn from(own: &'a OwnProfile) -> Self {
        let OwnProfile {
            profile,
            actor,
            tenants,
            email_change,
        } = own;
        let permissions = actor.permissions().into_iter();
        Self {
            profile: ProfileView::from(profile),
            tenant: TenantView::from(actor.tenant()),
            roles: actor.roles().iter().map(|role| role.as_str()).collect(),
            permissions: permissions.map(|permission| permission.as_str()).collect(),
            member_id: actor.member().map(Shown),
            tenants: tenants.iter().map(TenantView::from).collect(),
            email_change: email_change.as_ref().map(EmailChangeView::from),
        }
    }
}

/// A change of address that waits.
#[derive(Serialize, ToSchema)]
#[schema(as = EmailChange)]
pub(super) struct EmailChangeView<'a> {
    /// The address that one wants to sign in with.
    #[schema(format = Email)]
    email: &'a str,
    /// When one asked for it.
    #[schema(value_type = String, format = DateTime)]
    asked_at: Shown<Timestamp>,
    /// From when it is worth nothing.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Shown<Timestamp>,
    /// Whether the address that one has at present has agreed.
    confirmed_at_old_address: bool,
    /// Whether the address that one wants has agreed.
    confirmed_at_new_address: bool,
}

impl<'a> From<&'a EmailChange> for EmailChangeView<'a> {
    fn from(change: &'a EmailChange) -> Self {
        let EmailChange {
            user: _,
            email,
            asked_at,
            expires_at,
            old_confirmed_at,
            new_confirmed_at,
        } = change;
        Self {
            email: email.as_str(),
            asked_at: Shown(*asked_at),
            expires_at: Shown(*expires_at),
            confirmed_at_old_address: old_confirmed_at.is_some(),
            confirmed_at_new_address: new_confirmed_at.is_some(),
        }
    }
}

/// What colleagues may see of somebody.
#[derive(Serialize, ToSchema)]
#[schema(as = ColleagueCard)]
pub(super) struct ColleagueCardView<'a> {
    /// The id of the user.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<UserId>,
    /// Given name.
    first_name: &'a str,
    /// Family name.
    last_name: &'a str,
    /// Given name and family name.
    full_name: String,
    /// What they work as.
    #[schema(required = true)]
    job_title: Option<&'a str>,
    /// Where they work.
    #[schema(required = true)]
    department: Option<&'a str>,
}

impl<'a> From<&'a ColleagueCard> for ColleagueCardView<'a> {
    fn from(card: &'a ColleagueCard) -> Self {
        let ColleagueCard {
            user,
            first_name,
            last_name,
            job_title,
            department,
        } = card;
        Self {
            id: Shown(*user),
            first_name: first_name.as_str(),
            last_name: last_name.as_str(),
            full_name: format!("{first_name} {last_name}"),
            job_title: job_title.as_ref().map(|text| text.as_str()),
            department: department.as_ref().map(|text| text.as_str()),
        }
    }
}
