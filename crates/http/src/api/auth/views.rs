//! What signing in answers.

use jiff::Timestamp;
use serde::Serialize;
use unionhall_application::{
    identity::{Me, SignedIn},
    second_factors::Challenged,
};
use unionhall_domain::{
    members::MemberId,
    tenants::{Tenant, TenantId},
    users::{User, UserId},
};
use utoipa::ToSchema;

use super::super::{
    choices::{PermissionName, RoleName, TenantKindName},
    shown::Shown,
};
use crate::web::tokens::LIFETIME;

/// A pair of tokens.
#[derive(Serialize, ToSchema)]
#[schema(as = Tokens)]
pub(super) struct TokensView<'a> {
    /// Send this as `Authorization: Bearer …`.
    access_token: &'a str,
    /// Works once, and continues the session for seven days.
    refresh_token: &'a str,
    /// Always `bearer`.
    #[schema(example = "bearer")]
    token_type: &'static str,
    /// For how many seconds the access token counts.
    #[schema(example = 1800)]
    expires_in: i64,
    /// The tenant that the session works in.
    tenant: TenantView<'a>,
    /// There when the device is to be trusted: send it along at the next sign-in, and no code is asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    device_token: Option<&'a str>,
}

impl<'a> TokensView<'a> {
    /// A session's tokens, and the device's if it is to be trusted.
    pub(super) fn new(
        access_token: &'a str,
        signed_in: &'a SignedIn,
        device_token: Option<&'a str>,
    ) -> Self {
        Self {
            device_token,
            access_token,
            refresh_token: &signed_in.refresh_token,
            token_type: "bearer",
            expires_in: LIFETIME.as_secs(),
            tenant: TenantView::from(&signed_in.tenant),
        }
    }
}

/// What the right password is answered with: tokens, or a challenge where there is a second factor.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = LoginAnswer)]
pub(super) enum LoginView<'a> {
    /// The session has begun.
    Tokens(TokensView<'a>),
    /// The second factor is asked for.
    SecondFactor(ChallengeView<'a>),
}

/// A sign-in that waits for its second factor.
#[derive(Serialize, ToSchema)]
#[schema(as = SecondFactorAsked)]
pub(super) struct ChallengeView<'a> {
    /// What is asked for.
    second_factor: ChallengeDetails<'a>,
}

/// The challenge of a sign-in that waits.
#[derive(Serialize, ToSchema)]
#[schema(as = SecondFactorChallenge)]
pub(super) struct ChallengeDetails<'a> {
    /// Send this with the code.
    challenge: &'a str,
    /// For how many seconds it counts.
    #[schema(example = 300)]
    expires_in: i64,
}

impl<'a> From<&'a Challenged> for ChallengeView<'a> {
    fn from(challenged: &'a Challenged) -> Self {
        let Challenged { token, waits } = challenged;
        Self {
            second_factor: ChallengeDetails {
                challenge: token,
                expires_in: waits.as_secs(),
            },
        }
    }
}

/// A tenant, in short.
#[derive(Serialize, ToSchema)]
#[schema(as = TenantSummary)]
pub(in crate::api) struct TenantView<'a> {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<TenantId>,
    /// Its short name.
    #[schema(example = "local-46")]
    slug: &'a str,
    /// What it calls itself.
    name: &'a str,
    /// What it is.
    #[schema(value_type = TenantKindName)]
    kind: &'static str,
}

impl<'a> From<&'a Tenant> for TenantView<'a> {
    fn from(tenant: &'a Tenant) -> Self {
        let Tenant {
            id,
            slug,
            name,
            kind,
            time_zone: _,
            currency: _,
            plan: _,
            version: _,
            created_at: _,
            updated_at: _,
        } = tenant;
        Self {
            id: Shown(*id),
            slug: slug.as_str(),
            name: name.as_str(),
            kind: kind.as_str(),
        }
    }
}

/// Whoever is signed in.
#[derive(Serialize, ToSchema)]
#[schema(as = Me)]
pub(super) struct MeView<'a> {
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
    /// When the person last signed in.
    #[schema(value_type = Option<String>, required = true, format = DateTime)]
    last_login_at: Option<Shown<Timestamp>>,
    /// The tenant that the session works in.
    tenant: TenantView<'a>,
    /// The roles held there now.
    #[schema(value_type = Vec<RoleName>)]
    roles: Vec<&'static str>,
    /// What these roles allow.
    #[schema(value_type = Vec<PermissionName>)]
    permissions: Vec<&'static str>,
    /// The union member that the person is there, if one.
    #[schema(value_type = Option<String>, required = true, format = "uuid")]
    member_id: Option<Shown<MemberId>>,
    /// Every tenant that the person has a place in.
    tenants: Vec<TenantView<'a>>,
}

impl<'a> From<&'a Me> for MeView<'a> {
    fn from(me: &'a Me) -> Self {
        let Me {
            user,
            actor,
            tenants,
        } = me;
        let User {
            id,
            email,
            first_name,
            last_name,
            last_login_at,
            created_at: _,
        } = user;
        Self {
            id: Shown(*id),
            email: email.as_str(),
            first_name: first_name.as_str(),
            last_name: last_name.as_str(),
            full_name: format!("{first_name} {last_name}"),
            last_login_at: last_login_at.map(Shown),
            tenant: TenantView::from(actor.tenant()),
            roles: actor.roles().iter().map(|role| role.as_str()).collect(),
            permissions: actor
                .permissions()
                .into_iter()
                .map(|permission| permission.as_str())
                .collect(),
            member_id: actor.member().map(Shown),
            tenants: tenants.iter().map(TenantView::from).collect(),
        }
    }
}
