//! How an invitation is shown: to the tenant, and to whoever was invited.

use jiff::Timestamp;
use serde::Serialize;
use unionhall_application::invitations::answering::Welcome;
use unionhall_domain::{
    invitations::{Guest, Invitation, InvitationId, State},
    members::MemberId,
    users::UserId,
};
use utoipa::ToSchema;

use super::super::{
    choices::{InvitationActionName, InvitationStatusName, RoleName},
    shown::Shown,
    users::views::HeldRoleView,
};

/// An invitation, as the tenant sees it.
#[derive(Serialize, ToSchema)]
#[schema(as = Invitation)]
pub(super) struct InvitationView<'a> {
    /// The id.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<InvitationId>,
    /// Where it was mailed.
    #[schema(format = Email)]
    email: &'a str,
    /// What became of it.
    #[schema(value_type = InvitationStatusName)]
    status: &'static str,
    /// The roles that the person will hold, from the most to the least powerful.
    roles: Vec<HeldRoleView>,
    /// Given name, if it was filled in.
    #[schema(required = true)]
    first_name: Option<&'a str>,
    /// Family name, if it was filled in.
    #[schema(required = true)]
    last_name: Option<&'a str>,
    /// What the person works as, if it was filled in.
    #[schema(required = true)]
    job_title: Option<&'a str>,
    /// What the inviter had to say.
    #[schema(required = true)]
    message: Option<&'a str>,
    /// The union member that the person is, if one.
    #[schema(value_type = Option<String>, required = true, format = "uuid")]
    member_id: Option<Shown<MemberId>>,
    /// The user who answers for it: whoever sent it last.
    #[schema(value_type = String, format = "uuid")]
    invited_by: Shown<UserId>,
    /// When it was last sent.
    #[schema(value_type = String, format = DateTime)]
    sent_at: Shown<Timestamp>,
    /// From when its link is worth nothing.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Shown<Timestamp>,
    /// When it was accepted.
    #[schema(value_type = Option<String>, required = true, format = DateTime)]
    accepted_at: Option<Shown<Timestamp>>,
    /// The user who accepted it.
    #[schema(value_type = Option<String>, required = true, format = "uuid")]
    accepted_by: Option<Shown<UserId>>,
    /// When it was taken back.
    #[schema(value_type = Option<String>, required = true, format = DateTime)]
    canceled_at: Option<Shown<Timestamp>>,
    /// Counts the changes.
    #[schema(minimum = 1)]
    version: i64,
    /// When it was first sent.
    #[schema(value_type = String, format = DateTime)]
    created_at: Shown<Timestamp>,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Shown<Timestamp>,
    /// What the caller may do with it now; not in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<InvitationActionName>, required = false)]
    allowed_actions: Option<Vec<&'static str>>,
}

impl<'a> From<&'a Invitation> for InvitationView<'a> {
    fn from(invitation: &'a Invitation) -> Self {
        let Invitation {
            id,
            tenant: _,
            email,
            guest,
            message,
            roles,
            member,
            invited_by,
            state,
            sent_at,
            expires_at,
            version,
            created_at,
            updated_at,
        } = invitation;
        let Guest {
            first_name,
            last_name,
            job_title,
        } = guest;
        let (accepted, canceled_at) = match state {
            State::Pending | State::Expired => (None, None),
            State::Accepted { at, by } => (Some((Shown(*at), Shown(*by))), None),
            State::Canceled { at } => (None, Some(Shown(*at))),
        };
        let (accepted_at, accepted_by) = accepted.unzip();
        Self {
            id: Shown(*id),
            email: email.as_str(),
            status: invitation.status().as_str(),
            roles: roles.iter().map(HeldRoleView::from).collect(),
            first_name: first_name.as_ref().map(|name| name.as_str()),
            last_name: last_name.as_ref().map(|name| name.as_str()),
            job_title: job_title.as_ref().map(|title| title.as_str()),
            message: message.as_ref().map(|text| text.as_str()),
            member_id: member.map(Shown),
            invited_by: Shown(*invited_by),
            sent_at: Shown(*sent_at),
            expires_at: Shown(*expires_at),
            accepted_at,
            accepted_by,
            canceled_at,
            version: version.get(),
            created_at: Shown(*created_at),
            updated_at: Shown(*updated_at),
            allowed_actions: None,
        }
    }
}

impl InvitationView<'_> {
    /// The same view, with what the caller may do.
    pub(super) fn allowing(self, actions: Vec<&'static str>) -> Self {
        Self {
            allowed_actions: Some(actions),
            ..self
        }
    }
}

/// What an invitation says to whoever has its token.
#[derive(Serialize, ToSchema)]
#[schema(as = InvitationWelcome)]
pub(super) struct WelcomeView<'a> {
    /// The address that was invited.
    #[schema(format = Email)]
    email: &'a str,
    /// The hall.
    tenant: HallView<'a>,
    /// Given name and family name of whoever invites.
    invited_by: String,
    /// The roles to come, from the most to the least powerful.
    #[schema(value_type = Vec<RoleName>)]
    roles: Vec<&'static str>,
    /// Given name as the inviter knows it.
    #[schema(required = true)]
    first_name: Option<&'a str>,
    /// Family name as the inviter knows it.
    #[schema(required = true)]
    last_name: Option<&'a str>,
    /// What the person works as, as the inviter knows it.
    #[schema(required = true)]
    job_title: Option<&'a str>,
    /// What the inviter has to say, plain text.
    #[schema(required = true)]
    message: Option<&'a str>,
    /// From when the token is worth nothing.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Shown<Timestamp>,
    /// Whether the address has an account, whose password is wanted then.
    has_account: bool,
}

/// The hall that somebody is invited to.
#[derive(Serialize, ToSchema)]
#[schema(as = InvitingHall)]
pub(super) struct HallView<'a> {
    /// Its name.
    name: &'a str,
    /// Its short name.
    slug: &'a str,
}

impl<'a> From<&'a Welcome> for WelcomeView<'a> {
    fn from(welcome: &'a Welcome) -> Self {
        let Welcome {
            invitation,
            inviter,
            tenant,
            has_account,
        } = welcome;
        let InvitationView {
            email,
            first_name,
            last_name,
            job_title,
            message,
            expires_at,
            ..
        } = InvitationView::from(invitation);
        let roles = invitation.roles.iter();
        Self {
            email,
            tenant: HallView {
                name: tenant.name.as_str(),
                slug: tenant.slug.as_str(),
            },
            invited_by: format!("{} {}", inviter.first_name, inviter.last_name),
            roles: roles.map(|held| held.role.as_str()).collect(),
            first_name,
            last_name,
            job_title,
            message,
            expires_at,
            has_account: *has_account,
        }
    }
}
