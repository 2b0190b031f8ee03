//! What can be said of a member.

use serde::Deserialize;
use unionhall_domain::{
    members::{MemberChange, MemberClassification, MemberDetails, MemberNumber, MemberStatus},
    text::{Line, Prose},
    users::EmailAddress,
};
use utoipa::ToSchema;

use super::super::choices::{MemberClassificationName, MemberStatusName};
use crate::web::{
    fields::{Input, Reader, Unknown, date},
    problem::Problem,
};

/// A member to be added.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = CreateMember,
    example = json!({
        "member_number": "A1204",
        "first_name": "Ada",
        "last_name": "Voltz",
        "city": "Kent",
        "state": "WA",
        "email": "ada.voltz@example.org",
        "date_of_birth": "1980-05-01",
        "hire_date": "2001-09-03",
        "classification": "journeyman"
    })
)]
pub(super) struct CreateMemberBody {
    /// The number the hall knows the member by; letters are raised.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 50, pattern = "^[0-9A-Za-z]([0-9A-Za-z-]*[0-9A-Za-z])?$")]
    member_number: Input,
    /// Given name.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 100, pattern = r"\S")]
    first_name: Input,
    /// Family name.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 100, pattern = r"\S")]
    last_name: Input,
    /// Middle name.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 100, pattern = r"\S")]
    middle_name: Input,
    /// Street address.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 255, pattern = r"\S")]
    address: Input,
    /// City.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 100, pattern = r"\S")]
    city: Input,
    /// State or province.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 50, pattern = r"\S")]
    state: Input,
    /// Postal code.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 20, pattern = r"\S")]
    zip_code: Input,
    /// Telephone number, as written.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 50, pattern = r"\S")]
    phone: Input,
    /// E-mail address; letters are lowered.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Email, max_length = 254)]
    email: Input,
    /// Date of birth, 1900 or later.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    date_of_birth: Input,
    /// The day the person joined the union, after the birth.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    hire_date: Input,
    /// Where the member stands; `active` when nothing is said.
    #[serde(default)]
    #[schema(value_type = Option<MemberStatusName>)]
    status: Input,
    /// What the member works as.
    #[serde(default)]
    #[schema(value_type = MemberClassificationName, required = true)]
    classification: Input,
    /// Free notes.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 10000, pattern = r"\S")]
    notes: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl CreateMemberBody {
    /// The details, or every field that is wrong.
    pub(super) fn command(self) -> Result<MemberDetails, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let member_number =
            reader.required("member_number", self.member_number, MemberNumber::parse);
        let first_name = reader.required("first_name", self.first_name, Line::parse);
        let last_name = reader.required("last_name", self.last_name, Line::parse);
        let middle_name = reader.optional("middle_name", self.middle_name, Line::parse);
        let address = reader.optional("address", self.address, Line::parse);
        let city = reader.optional("city", self.city, Line::parse);
        let state = reader.optional("state", self.state, Line::parse);
        let zip_code = reader.optional("zip_code", self.zip_code, Line::parse);
        let phone = reader.optional("phone", self.phone, Line::parse);
        let email = reader.optional("email", self.email, EmailAddress::parse);
        let date_of_birth = reader.optional("date_of_birth", self.date_of_birth, date);
        let hire_date = reader.optional("hire_date", self.hire_date, date);
        let status = reader.optional("status", self.status, MemberStatus::parse);
        let classification = reader.required(
            "classification",
            self.classification,
            MemberClassification::parse,
        );
        let notes = reader.optional("notes", self.notes, Prose::parse);
        let details = || {
            Some(MemberDetails {
                member_number: member_number?,
                first_name: first_name?,
                last_name: last_name?,
                middle_name,
                address,
                city,
                state,
                zip_code,
                phone,
                email,
                date_of_birth,
                hire_date,
                status: status.unwrap_or(MemberStatus::Active),
                classification: classification?,
                notes,
            })
        };
        let details = details();
        reader.finish(details)
    }
}

/// What to change of a member.
#[derive(Deserialize, ToSchema)]
#[schema(as = ChangeMember, example = json!({"phone": "206-555-0146", "middle_name": null}))]
pub(super) struct ChangeMemberBody {
    /// The number the hall knows the member by; letters are raised.
    #[serde(default)]
    #[schema(value_type = String, max_length = 50, pattern = "^[0-9A-Za-z]([0-9A-Za-z-]*[0-9A-Za-z])?$")]
    member_number: Input,
    /// Given name.
    #[serde(default)]
    #[schema(value_type = String, max_length = 100, pattern = r"\S")]
    first_name: Input,
    /// Family name.
    #[serde(default)]
    #[schema(value_type = String, max_length = 100, pattern = r"\S")]
    last_name: Input,
    /// Middle name.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 100, pattern = r"\S")]
    middle_name: Input,
    /// Street address.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 255, pattern = r"\S")]
    address: Input,
    /// City.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 100, pattern = r"\S")]
    city: Input,
    /// State or province.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 50, pattern = r"\S")]
    state: Input,
    /// Postal code.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 20, pattern = r"\S")]
    zip_code: Input,
    /// Telephone number, as written.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 50, pattern = r"\S")]
    phone: Input,
    /// E-mail address; letters are lowered.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Email, max_length = 254)]
    email: Input,
    /// Date of birth, 1900 or later.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    date_of_birth: Input,
    /// The day the person joined the union, after the birth.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    hire_date: Input,
    /// Where the member stands.
    #[serde(default)]
    #[schema(value_type = MemberStatusName)]
    status: Input,
    /// What the member works as.
    #[serde(default)]
    #[schema(value_type = MemberClassificationName)]
    classification: Input,
    /// Free notes.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 10000, pattern = r"\S")]
    notes: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl ChangeMemberBody {
    /// The change, or every field that is wrong.
    pub(super) fn command(self) -> Result<MemberChange, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let change = MemberChange {
            member_number: reader.change("member_number", self.member_number, MemberNumber::parse),
            first_name: reader.change("first_name", self.first_name, Line::parse),
            last_name: reader.change("last_name", self.last_name, Line::parse),
            middle_name: reader.clearable("middle_name", self.middle_name, Line::parse),
            address: reader.clearable("address", self.address, Line::parse),
            city: reader.clearable("city", self.city, Line::parse),
            state: reader.clearable("state", self.state, Line::parse),
            zip_code: reader.clearable("zip_code", self.zip_code, Line::parse),
            phone: reader.clearable("phone", self.phone, Line::parse),
            email: reader.clearable("email", self.email, EmailAddress::parse),
            date_of_birth: reader.clearable("date_of_birth", self.date_of_birth, date),
            hire_date: reader.clearable("hire_date", self.hire_date, date),
            status: reader.change("status", self.status, MemberStatus::parse),
            classification: reader.change(
                "classification",
                self.classification,
                MemberClassification::parse,
            ),
            notes: reader.clearable("notes", self.notes, Prose::parse),
        };
        reader.finish(Some(change))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use unionhall_domain::change::Change;

    use super::*;
    use crate::web::problem::tests::told;

    fn create(body: Value) -> Result<MemberDetails, Problem> {
        serde_json::from_value::<CreateMemberBody>(body)
            .unwrap()
            .command()
    }

    fn change(body: Value) -> Result<MemberChange, Problem> {
        serde_json::from_value::<ChangeMemberBody>(body)
            .unwrap()
            .command()
    }

    #[test]
    fn a_member_needs_a_number_two_names_and_a_classification_and_is_active() {
        let details = create(json!({
            "member_number": "a1204", "first_name": "Ada", "last_name": "Voltz",
            "classification": "journeyman", "notes": null
        }))
        .unwrap();
        assert_eq!(details.member_number.as_str(), "A1204");
        assert_eq!(details.status, MemberStatus::Active);
        assert_eq!(details.notes, None);
        assert_eq!(
            told(create(json!({}))),
            [
                "/member_number required",
                "/first_name required",
                "/last_name required",
                "/classification required",
            ]
        );
    }

    #[test]
    fn every_field_is_checked_and_all_that_are_wrong_are_told() {
        let long = "x".repeat(20_000);
        let body = json!({
            "member_number": "no number", "first_name": 7, "last_name": " ", "middle_name": long,
            "address": long, "city": long, "state": long, "zip_code": long, "phone": long,
            "email": "x", "date_of_birth": "x", "hire_date": "x", "status": "x",
            "classification": "x", "notes": long, "shoe_size": 46
        });
        let wrong = [
            "/shoe_size unknown_field",
            "/member_number not_a_member_number",
            "/first_name wrong_type",
            "/last_name blank",
            "/middle_name too_long",
            "/address too_long",
            "/city too_long",
            "/state too_long",
            "/zip_code too_long",
            "/phone too_long",
            "/email not_an_email",
            "/date_of_birth not_a_date",
            "/hire_date not_a_date",
            "/status unknown_value",
            "/classification unknown_value",
            "/notes too_long",
        ];
        assert_eq!(told(create(body.clone())), wrong);
        assert_eq!(told(change(body)), wrong);
    }

    #[test]
    fn a_change_keeps_what_is_not_named_and_clears_what_is_null() {
        let wanted = change(json!({"city": null, "phone": "1"})).unwrap();
        let expected = MemberChange {
            city: Change::Set(None),
            phone: Change::Set(Some(Line::parse("1").unwrap())),
            ..MemberChange::default()
        };
        assert_eq!(wanted, expected);
        assert_eq!(told(change(json!({"status": null}))), ["/status required"]);
    }
}
