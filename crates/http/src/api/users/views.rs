//! How a user of a tenant is shown: whole to who manages users, in short to everybody else.

use jiff::Timestamp;
use serde::Serialize;
use unionhall_application::permissions::Permission;
use unionhall_domain::{
    members::MemberId,
    roles::{HeldRole, Role},
    users::{
        User, UserId,
        places::{Place, Standing},
    },
};
use utoipa::ToSchema;

use super::super::{
    choices::{PermissionName, PlaceActionName, PlaceStateName, RoleName},
    shown::Shown,
};

/// A user of the tenant. What is not always there is shown to who manages users.
#[derive(Serialize, ToSchema)]
#[schema(as = User)]
pub(super) struct UserView<'a> {
    /// The id of the user.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<UserId>,
    /// The address the user signs in with.
    #[schema(format = Email)]
    email: &'a str,
    /// Given name.
    first_name: &'a str,
    /// Family name.
    last_name: &'a str,
    /// Given name and family name.
    full_name: String,
    /// The roles held in the tenant, from the most to the least powerful, expired ones too.
    roles: Vec<HeldRoleView>,
    /// Counts the changes of the user's place in the tenant.
    #[schema(minimum = 1)]
    version: i64,
    /// Where the user stands in the tenant.
    #[schema(value_type = PlaceStateName, required = false)]
    state: &'static str,
    /// Why the user is suspended.
    #[schema(required = false)]
    suspended_for: Option<&'a str>,
    /// Since when the user is suspended.
    #[schema(value_type = Option<String>, required = false, format = DateTime)]
    suspended_at: Option<Shown<Timestamp>>,
    /// Since when the user is removed.
    #[schema(value_type = Option<String>, required = false, format = DateTime)]
    removed_at: Option<Shown<Timestamp>>,
    /// The union member that the user is, if one.
    #[schema(value_type = Option<String>, required = false, format = "uuid")]
    member_id: Option<Shown<MemberId>>,
    /// When the user last signed in to the tenant.
    #[schema(value_type = Option<String>, required = false, format = DateTime)]
    last_used_at: Option<Shown<Timestamp>>,
    /// When the user was let in.
    #[schema(value_type = String, required = false, format = DateTime)]
    joined_at: Shown<Timestamp>,
    /// When the user's place in the tenant was last changed.
    #[schema(value_type = String, required = false, format = DateTime)]
    updated_at: Shown<Timestamp>,
    /// What the caller may do with the user now; not in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<PlaceActionName>, required = false)]
    allowed_actions: Option<Vec<&'static str>>,
}

/// What everybody in the office sees of a user: a part of the same.
#[derive(Serialize)]
pub(super) struct ColleagueView<'a> {
    id: Shown<UserId>,
    email: &'a str,
    first_name: &'a str,
    last_name: &'a str,
    full_name: String,
    roles: Vec<HeldRoleView>,
    version: i64,
}

/// A role that somebody holds.
#[derive(Serialize, ToSchema)]
#[schema(as = HeldRole)]
pub(in super::super) struct HeldRoleView {
    /// The role.
    #[schema(value_type = RoleName)]
    role: &'static str,
    /// Until when it counts; null for good.
    #[schema(value_type = Option<String>, required = true, format = DateTime)]
    expires_at: Option<Shown<Timestamp>>,
}

impl From<&HeldRole> for HeldRoleView {
    fn from(held: &HeldRole) -> Self {
        let HeldRole { role, expires_at } = held;
        Self {
            role: role.as_str(),
            expires_at: expires_at.map(Shown),
        }
    }
}

impl<'a> From<&'a Place> for ColleagueView<'a> {
    fn from(place: &'a Place) -> Self {
        let User {
            id,
            email,
            first_name,
            last_name,
            // When somebody signs in to other tenants is not this one's business.
            last_login_at: _,
            created_at: _,
        } = &place.user;
        Self {
            id: Shown(*id),
            email: email.as_str(),
            first_name: first_name.as_str(),
            last_name: last_name.as_str(),
            full_name: format!("{first_name} {last_name}"),
            roles: place.roles.iter().map(HeldRoleView::from).collect(),
            version: place.version.get(),
        }
    }
}

impl<'a> From<&'a Place> for UserView<'a> {
    fn from(place: &'a Place) -> Self {
        let ColleagueView {
            id,
            email,
            first_name,
            last_name,
            full_name,
            roles,
            version,
        } = ColleagueView::from(place);
        let Place {
            user: _,
            roles: _,
            member,
            standing,
            version: _,
            joined_at,
            last_used_at,
            updated_at,
        } = place;
        let (suspended, removed_at) = match standing {
            Standing::Active => (None, None),
            Standing::Suspended { reason, since } => (Some((reason.as_str(), Shown(*since))), None),
            Standing::Removed { at } => (None, Some(Shown(*at))),
        };
        let (suspended_for, suspended_at) = suspended.unzip();
        Self {
            id,
            email,
            first_name,
            last_name,
            full_name,
            roles,
            version,
            state: place.state().as_str(),
            suspended_for,
            suspended_at,
            removed_at,
            member_id: member.map(Shown),
            last_used_at: last_used_at.map(Shown),
            joined_at: Shown(*joined_at),
            updated_at: Shown(*updated_at),
            allowed_actions: None,
        }
    }
}

impl UserView<'_> {
    /// The same view, with what the caller may do.
    pub(super) fn allowing(self, actions: Vec<&'static str>) -> Self {
        Self {
            allowed_actions: Some(actions),
            ..self
        }
    }
}

/// What each role may do.
#[derive(Serialize, ToSchema)]
#[schema(as = Permissions)]
pub(super) struct PermissionsView {
    /// Every role, from the most to the least powerful.
    #[schema(value_type = Vec<RoleName>)]
    roles: Vec<&'static str>,
    /// Every permission, by name.
    permissions: Vec<PermissionView>,
}

/// A permission and who has it.
#[derive(Serialize, ToSchema)]
#[schema(as = PermissionHolders)]
pub(super) struct PermissionView {
    /// The permission.
    #[schema(value_type = PermissionName)]
    permission: &'static str,
    /// The roles whose holders have it.
    #[schema(value_type = Vec<RoleName>)]
    roles: Vec<&'static str>,
}

impl PermissionsView {
    /// The whole matrix.
    pub(super) fn whole() -> Self {
        let holders = |permission: Permission| {
            let holders = Role::ALL
                .into_iter()
                .filter(|role| permission.held_by(&[*role]));
            PermissionView {
                permission: permission.as_str(),
                roles: holders.map(Role::as_str).collect(),
            }
        };
        Self {
            roles: Role::ALL.map(Role::as_str).to_vec(),
            permissions: Permission::ALL.into_iter().map(holders).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use unionhall_domain::{ids::Id, text::Line, users::EmailAddress, version::Version};
    use uuid::Uuid;

    use super::*;

    fn place() -> Place {
        let at: Timestamp = "2026-11-21T08:00:00Z".parse().unwrap();
        Place {
            user: User {
                id: Id::new(Uuid::from_u128(7)),
                email: EmailAddress::parse("ada@hall.example").unwrap(),
                first_name: Line::parse("Ada").unwrap(),
                last_name: Line::parse("Okafor").unwrap(),
                last_login_at: Some(at),
                created_at: at,
            },
            roles: vec![HeldRole {
                role: Role::Staff,
                expires_at: Some(at),
            }],
            member: None,
            standing: Standing::Suspended {
                reason: Line::parse("On leave.").unwrap(),
                since: at,
            },
            version: Version::FIRST,
            joined_at: at,
            last_used_at: None,
            updated_at: at,
        }
    }

    #[test]
    fn who_manages_users_sees_everything_of_the_place_and_nothing_of_other_tenants() {
        let at = "2026-11-21T08:00:00Z";
        assert_eq!(
            serde_json::to_value(UserView::from(&place()).allowing(vec!["remove"])).unwrap(),
            json!({
                "id": "00000000-0000-0000-0000-000000000007", "email": "ada@hall.example",
                "first_name": "Ada", "last_name": "Okafor", "full_name": "Ada Okafor",
                "roles": [{"role": "staff", "expires_at": at}], "version": 1, "state": "suspended",
                "suspended_for": "On leave.", "suspended_at": at, "removed_at": null,
                "member_id": null, "last_used_at": null, "joined_at": at, "updated_at": at,
                "allowed_actions": ["remove"]
            })
        );
    }

    #[test]
    fn a_colleague_sees_who_somebody_is_and_what_they_do() {
        let shown = serde_json::to_value(ColleagueView::from(&place())).unwrap();
        let names: Vec<_> = shown
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        let expected = [
            "email",
            "first_name",
            "full_name",
            "id",
            "last_name",
            "roles",
            "version",
        ];
        assert_eq!(names.len(), expected.len());
        assert!(
            expected.iter().all(|name| names.contains(name)),
            "{names:?}"
        );
    }

    #[test]
    fn the_matrix_names_every_permission_with_its_holders() {
        let matrix = serde_json::to_value(PermissionsView::whole()).unwrap();
        let manage = matrix["permissions"]
            .as_array()
            .unwrap()
            .iter()
            .find(|row| row["permission"] == "users:manage")
            .unwrap();
        assert_eq!(manage["roles"], json!(["owner", "admin"]));
        assert_eq!(matrix["roles"].as_array().unwrap().len(), 9);
    }
}
