//! What the routes of invitations need to be told.

use serde::Deserialize;
use unionhall_application::{
    invitations::{Invite, answering::Names},
    passwords::Password,
};
use unionhall_domain::{
    ids::Id,
    invalid::Invalid,
    invitations::{Guest, MOST_AT_ONCE, ValidFor},
    text::{Line, Prose},
    users::EmailAddress,
};
use utoipa::ToSchema;

use super::super::{
    passwords::bodies::password as as_password,
    users::bodies::{HeldRoleBody, roles as read_roles},
};
use crate::web::{
    fields::{Input, Reader, Unknown},
    problem::Problem,
};

/// Somebody to invite.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = Invite,
    example = json!({
        "email": "ada@spark.example", "roles": [{"role": "staff"}], "first_name": "Ada", "last_name": "Voltz",
        "job_title": "Dispatcher", "message": "Welcome to the office!\nRobin", "expires_in_days": 14
    })
)]
pub(super) struct InviteBody {
    /// Where the invitation is mailed.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = Email)]
    email: Input,
    /// The roles, each once, none above the inviter's highest; each counts for longer than the invitation is good.
    #[serde(default)]
    #[schema(value_type = Vec<HeldRoleBody>, required = true, min_items = 1, max_items = 9)]
    roles: Input,
    /// Given name, filled in for who is new.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 100)]
    first_name: Input,
    /// Family name, filled in for who is new.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 100)]
    last_name: Input,
    /// What the person works as, for the profile of who is new.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 100)]
    job_title: Input,
    /// A few words for the mail, plain text.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 1000)]
    message: Input,
    /// The union member that the person is; a member is one user at most.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    member_id: Input,
    /// How many days the invitation is good.
    #[serde(default)]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 30, default = 7)]
    expires_in_days: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl InviteBody {
    /// Whom to invite, or every field that is wrong.
    pub(super) fn command(self) -> Result<Invite, Problem> {
        let mut reader = Reader::default();
        let invite = self.read(&mut reader);
        reader.finish(invite)
    }

    /// Whom to invite, if nothing is wrong.
    fn read(self, reader: &mut Reader) -> Option<Invite> {
        let Self {
            email,
            roles,
            first_name,
            last_name,
            job_title,
            message,
            member_id,
            expires_in_days,
            unknown,
        } = self;
        reader.refuse(&unknown);
        let email = reader.required("email", email, EmailAddress::parse);
        let roles = read_roles(reader, roles);
        let guest = Guest {
            first_name: reader.optional("first_name", first_name, Line::parse),
            last_name: reader.optional("last_name", last_name, Line::parse),
            job_title: reader.optional("job_title", job_title, Line::parse),
        };
        let message = reader.optional("message", message, Prose::parse);
        let member = reader.optional("member_id", member_id, Id::parse);
        let valid_for = valid_for(reader, expires_in_days);
        Some(Invite {
            email: email?,
            roles: roles?,
            guest,
            message,
            member,
            valid_for,
        })
    }
}

/// Several people to invite.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = InviteMany,
    example = json!({"invitations": [
        {"email": "ada@spark.example", "roles": [{"role": "staff"}]},
        {"email": "grace@spark.example", "roles": [{"role": "officer"}], "expires_in_days": 30}
    ]})
)]
pub(super) struct InviteManyBody {
    /// Each of them.
    #[serde(default)]
    #[schema(value_type = Vec<InviteBody>, required = true, min_items = 1, max_items = 50)]
    invitations: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl InviteManyBody {
    /// Whom to invite, or every field of all of them that is wrong.
    pub(super) fn command(self) -> Result<Vec<Invite>, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let read = |body: InviteBody, reader: &mut Reader| body.read(reader);
        let invites = reader.objects("invitations", self.invitations, MOST_AT_ONCE, read);
        if invites.as_ref().is_some_and(Vec::is_empty) {
            let invalid = Invalid::new("too_few", "must be one at least");
            reader.wrong("invitations", invalid);
        }
        reader.finish(invites)
    }
}

/// How long an invitation is good that is sent again.
#[derive(Default, Deserialize, ToSchema)]
#[schema(as = ResendInvitation, example = json!({"expires_in_days": 14}))]
pub(super) struct ResendBody {
    /// How many days from now.
    #[serde(default)]
    #[schema(value_type = Option<i64>, minimum = 1, maximum = 30, default = 7)]
    expires_in_days: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl ResendBody {
    /// How long, or what is wrong with it.
    pub(super) fn command(self) -> Result<ValidFor, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let valid_for = valid_for(&mut reader, self.expires_in_days);
        reader.finish(Some(valid_for))
    }
}

fn valid_for(reader: &mut Reader, days: Input) -> ValidFor {
    let days = reader.whole_number("expires_in_days", days, ValidFor::days);
    days.unwrap_or(ValidFor::USUAL)
}

/// The token of an invitation.
#[derive(Deserialize, ToSchema)]
#[schema(as = ValidateInvitation, example = json!({"token": "AQGQ8cUvAHAAgAAAAAAAAEZrVjhuWWsxbVYwY08zbTlzVHFnUTR3MmJINnhKNXVacjdlTGRGYVBpWHlFa1Y4bllrMW1WMGNPM205c1RxZ1E"}))]
pub(super) struct ValidateBody {
    /// What stands behind `#token=` in the link.
    #[serde(default)]
    #[schema(value_type = String, required = true)]
    token: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl ValidateBody {
    /// The token as it was sent.
    pub(super) fn command(self) -> Result<String, Problem> {
        let Self { token, unknown } = self;
        let mut reader = Reader::new(&unknown);
        let token = reader.required("token", token, |text| Ok(text.to_owned()));
        reader.finish(token)
    }
}

/// Who accepts an invitation.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = AcceptInvitation,
    example = json!({
        "token": "AQGQ8cUvAHAAgAAAAAAAAEZrVjhuWWsxbVYwY08zbTlzVHFnUTR3MmJINnhKNXVacjdlTGRGYVBpWHlFa1Y4bllrMW1WMGNPM205c1RxZ1E",
        "first_name": "Ada", "last_name": "Voltz", "password": "gravel-otter-sings-low"
    })
)]
pub(super) struct AcceptBody {
    /// What stands behind `#token=` in the link.
    #[serde(default)]
    #[schema(value_type = String, required = true)]
    token: Input,
    /// Of a new account, 15 to 128 characters of any kind; else the one that the account has.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = Password, max_length = 1024)]
    password: Input,
    /// Given name of who is new; the one in the invitation when nothing is said.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 100)]
    first_name: Input,
    /// Family name of who is new; the one in the invitation when nothing is said.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 100)]
    last_name: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl AcceptBody {
    /// Token, names and password, none of them judged.
    pub(super) fn command(self) -> Result<(String, Names, Password), Problem> {
        let Self {
            token,
            password,
            first_name,
            last_name,
            unknown,
        } = self;
        let mut reader = Reader::new(&unknown);
        let token = reader.required("token", token, |text| Ok(text.to_owned()));
        let password = reader.required("password", password, as_password);
        let names = Names {
            first_name: reader.optional("first_name", first_name, Line::parse),
            last_name: reader.optional("last_name", last_name, Line::parse),
        };
        let command = token.zip(password);
        reader.finish(command.map(|(token, password)| (token, names, password)))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use unionhall_domain::roles::Role;

    use super::*;
    use crate::web::problem::tests::told;

    fn invite(body: Value) -> Result<Invite, Problem> {
        serde_json::from_value::<InviteBody>(body)
            .unwrap()
            .command()
    }

    #[test]
    fn an_invitation_is_read_with_little_and_with_everything() {
        let little = invite(json!({"email": "Ada@Spark.example", "roles": [{"role": "staff"}]}));
        let little = little.unwrap();
        assert_eq!(
            (little.email.as_str(), little.roles[0].role),
            ("ada@spark.example", Role::Staff)
        );
        assert_eq!(
            (little.guest, little.valid_for),
            (Guest::default(), ValidFor::USUAL)
        );
        let everything = invite(json!({
            "email": "ada@spark.example", "roles": [{"role": "staff"}], "first_name": "Ada", "last_name": "Voltz",
            "job_title": "Dispatcher", "message": "Welcome!\r\nRobin", "expires_in_days": 30,
            "member_id": "0190f1c5-2f00-7000-8000-000000000046"
        }));
        let everything = everything.unwrap();
        assert_eq!(everything.message.unwrap().as_str(), "Welcome!\nRobin");
        assert_eq!(everything.valid_for, ValidFor::days(30).unwrap());
        assert!(everything.member.is_some() && everything.guest.job_title.is_some());
    }

    #[test]
    fn of_many_every_wrong_field_is_told_with_its_place() {
        let many = |rows: Value| {
            let body: InviteManyBody =
                serde_json::from_value(json!({"invitations": rows})).unwrap();
            body.command()
        };
        let good = json!({"email": "ada@spark.example", "roles": [{"role": "staff"}]});
        assert_eq!(many(json!([good, good])).unwrap().len(), 2);
        let rows = json!([good, {"email": "x", "roles": [{"role": "king"}]}]);
        let expected = [
            "/invitations/1/email not_an_email",
            "/invitations/1/roles/0/role unknown_value",
        ];
        assert_eq!(told(many(rows)), expected);
        assert_eq!(told(many(json!([]))), ["/invitations too_few"]);
        let many_more = vec![good; 51];
        assert_eq!(told(many(json!(many_more))), ["/invitations too_many"]);
    }

    #[test]
    fn every_wrong_field_is_told_at_once() {
        let body = json!({
            "x": 1, "email": "x", "first_name": " ", "message": "m".repeat(1001), "member_id": "7",
            "expires_in_days": 31
        });
        let expected = [
            "/x unknown_field",
            "/email not_an_email",
            "/roles required",
            "/first_name blank",
            "/message too_long",
            "/member_id not_a_uuid",
            "/expires_in_days out_of_range",
        ];
        assert_eq!(told(invite(body)), expected);
        for days in [json!("7"), json!(7.5), json!([7])] {
            let body: ResendBody =
                serde_json::from_value(json!({"expires_in_days": days})).unwrap();
            assert_eq!(told(body.command()), ["/expires_in_days wrong_type"]);
        }
        let body: AcceptBody = serde_json::from_value(json!({"first_name": 7})).unwrap();
        let expected = [
            "/token required",
            "/password required",
            "/first_name wrong_type",
        ];
        assert_eq!(told(body.command()), expected);
    }
}
