//! What can be said of a user of a tenant.

use serde::Deserialize;
use unionhall_domain::{
    ids::Id,
    members::MemberId,
    roles::{HeldRole, Role},
    text::Line,
};
use utoipa::ToSchema;

use super::super::choices::RoleName;
use crate::web::{
    fields::{Input, Reader, Unknown, instant},
    problem::Problem,
};

/// The roles a user is to hold.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = SetRoles,
    example = json!({"roles": [
        {"role": "staff"}, {"role": "officer", "expires_at": "2027-06-30T00:00:00Z"}
    ]})
)]
pub(super) struct SetRolesBody {
    /// The roles, each once.
    #[serde(default)]
    #[schema(value_type = Vec<HeldRoleBody>, required = true, min_items = 1, max_items = 9)]
    roles: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

/// A role that somebody is to hold.
#[derive(Deserialize, ToSchema)]
#[schema(as = GiveRole)]
pub(crate) struct HeldRoleBody {
    /// The role.
    #[serde(default)]
    #[schema(value_type = RoleName, required = true)]
    role: Input,
    /// Until when it counts, an instant to come; for good when nothing is said.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    expires_at: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl HeldRoleBody {
    /// The role, if nothing is wrong with it.
    fn read(self, reader: &mut Reader) -> Option<HeldRole> {
        let Self {
            role,
            expires_at,
            unknown,
        } = self;
        reader.refuse(&unknown);
        let expires_at = reader.optional("expires_at", expires_at, instant);
        let role = reader.required("role", role, Role::parse)?;
        Some(HeldRole { role, expires_at })
    }
}

/// Reads a list of roles.
pub(crate) fn roles(reader: &mut Reader, input: Input) -> Option<Vec<HeldRole>> {
    reader.objects("roles", input, Role::ALL.len(), HeldRoleBody::read)
}

impl SetRolesBody {
    /// The roles, or every field that is wrong.
    pub(super) fn command(self) -> Result<Vec<HeldRole>, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let roles = roles(&mut reader, self.roles);
        reader.finish(roles)
    }
}

/// Why a user is suspended.
#[derive(Deserialize, ToSchema)]
#[schema(as = SuspendUser, example = json!({"reason": "On leave until March."}))]
pub(super) struct SuspendBody {
    /// For those who manage users; the user is not told.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 500, pattern = r"\S")]
    reason: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl SuspendBody {
    /// The reason, or what is wrong with it.
    pub(super) fn command(self) -> Result<Line<500>, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let reason = reader.required("reason", self.reason, Line::parse);
        reader.finish(reason)
    }
}

/// The union member that a user is.
#[derive(Deserialize, ToSchema)]
#[schema(as = LinkMember, example = json!({"member_id": "0190f1c5-2f00-7000-8000-000000000046"}))]
pub(super) struct LinkMemberBody {
    /// The id of the member.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = "uuid")]
    member_id: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl LinkMemberBody {
    /// The member, or what is wrong with it.
    pub(super) fn command(self) -> Result<MemberId, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let member = reader.required("member_id", self.member_id, Id::parse);
        reader.finish(member)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::web::problem::tests::told;

    fn roles(body: Value) -> Result<Vec<HeldRole>, Problem> {
        serde_json::from_value::<SetRolesBody>(body)
            .unwrap()
            .command()
    }

    #[test]
    fn roles_are_read_with_and_without_an_end() {
        let body = json!({"roles": [
            {"role": "staff"}, {"role": "owner", "expires_at": "2027-06-30T00:00:00Z"}
        ]});
        let read = roles(body).unwrap();
        assert_eq!((read[0].role, read[0].expires_at), (Role::Staff, None));
        assert_eq!(read[1].role, Role::Owner);
        assert_eq!(
            read[1].expires_at.unwrap().to_string(),
            "2027-06-30T00:00:00Z"
        );
    }

    #[test]
    fn whatever_is_wrong_with_a_role_is_told_with_its_place() {
        let body = json!({"x": 1, "roles": [
            {"role": "king"}, {"expires_at": "soon"}, 7, {"role": "staff", "until": "x"}
        ]});
        assert_eq!(
            told(roles(body)),
            [
                "/x unknown_field",
                "/roles/0/role unknown_value",
                "/roles/1/expires_at not_an_instant",
                "/roles/1/role required",
                "/roles/2 wrong_type",
                "/roles/3/until unknown_field",
            ]
        );
        assert_eq!(told(roles(json!({}))), ["/roles required"]);
        assert_eq!(
            told(roles(json!({"roles": "staff"}))),
            ["/roles wrong_type"]
        );
        let many = vec![json!({"role": "staff"}); 10];
        assert_eq!(told(roles(json!({"roles": many}))), ["/roles too_many"]);
    }

    #[test]
    fn a_suspension_needs_its_reason_and_a_link_its_member() {
        let suspend = |body: Value| {
            serde_json::from_value::<SuspendBody>(body)
                .unwrap()
                .command()
        };
        assert_eq!(
            suspend(json!({"reason": " On leave. "})).unwrap().as_str(),
            "On leave."
        );
        assert_eq!(told(suspend(json!({"reason": " "}))), ["/reason blank"]);
        let link = |body: Value| {
            serde_json::from_value::<LinkMemberBody>(body)
                .unwrap()
                .command()
        };
        assert_eq!(
            told(link(json!({"member_id": "x"}))),
            ["/member_id not_a_uuid"]
        );
    }
}
