//! What can be said of an organization.

use serde::Deserialize;
use unionhall_domain::{
    organizations::{OrganizationChange, OrganizationDetails, OrganizationType},
    text::Line,
    users::EmailAddress,
};
use utoipa::ToSchema;

use super::super::choices::OrganizationTypeName;
use crate::web::{
    fields::{Input, Reader, Unknown},
    problem::Problem,
};

/// An organization to be added.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = CreateOrganization,
    example = json!({
        "name": "Cascade Electric",
        "org_type": "employer",
        "city": "Seattle",
        "state": "WA",
        "email": "office@cascade.example"
    })
)]
pub(super) struct CreateOrganizationBody {
    /// Its name.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 255, pattern = r"\S")]
    name: Input,
    /// What it is to the hall.
    #[serde(default)]
    #[schema(value_type = OrganizationTypeName, required = true)]
    org_type: Input,
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
    /// Web site.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 255, pattern = r"\S")]
    website: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl CreateOrganizationBody {
    /// The details, or every field that is wrong.
    pub(super) fn command(self) -> Result<OrganizationDetails, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let name = reader.required("name", self.name, Line::parse);
        let org_type = reader.required("org_type", self.org_type, OrganizationType::parse);
        let address = reader.optional("address", self.address, Line::parse);
        let city = reader.optional("city", self.city, Line::parse);
        let state = reader.optional("state", self.state, Line::parse);
        let zip_code = reader.optional("zip_code", self.zip_code, Line::parse);
        let phone = reader.optional("phone", self.phone, Line::parse);
        let email = reader.optional("email", self.email, EmailAddress::parse);
        let website = reader.optional("website", self.website, Line::parse);
        let details = name
            .zip(org_type)
            .map(|(name, org_type)| OrganizationDetails {
                name,
                org_type,
                address,
                city,
                state,
                zip_code,
                phone,
                email,
                website,
            });
        reader.finish(details)
    }
}

/// What to change of an organization.
#[derive(Deserialize, ToSchema)]
#[schema(as = ChangeOrganization, example = json!({"phone": "206-555-0146", "website": null}))]
pub(super) struct ChangeOrganizationBody {
    /// Its name.
    #[serde(default)]
    #[schema(value_type = String, max_length = 255, pattern = r"\S")]
    name: Input,
    /// What it is to the hall.
    #[serde(default)]
    #[schema(value_type = OrganizationTypeName)]
    org_type: Input,
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
    /// Web site.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 255, pattern = r"\S")]
    website: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl ChangeOrganizationBody {
    /// The change, or every field that is wrong.
    pub(super) fn command(self) -> Result<OrganizationChange, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let change = OrganizationChange {
            name: reader.change("name", self.name, Line::parse),
            org_type: reader.change("org_type", self.org_type, OrganizationType::parse),
            address: reader.clearable("address", self.address, Line::parse),
            city: reader.clearable("city", self.city, Line::parse),
            state: reader.clearable("state", self.state, Line::parse),
            zip_code: reader.clearable("zip_code", self.zip_code, Line::parse),
            phone: reader.clearable("phone", self.phone, Line::parse),
            email: reader.clearable("email", self.email, EmailAddress::parse),
            website: reader.clearable("website", self.website, Line::parse),
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

    fn create(body: Value) -> Result<OrganizationDetails, Problem> {
        serde_json::from_value::<CreateOrganizationBody>(body)
            .unwrap()
            .command()
    }

    fn change(body: Value) -> Result<OrganizationChange, Problem> {
        serde_json::from_value::<ChangeOrganizationBody>(body)
            .unwrap()
            .command()
    }

    #[test]
    fn an_organization_needs_a_name_and_a_type() {
        let details = create(json!({"name": "Cascade Electric", "org_type": "jatc"})).unwrap();
        assert_eq!(details.name.as_str(), "Cascade Electric");
        assert_eq!(details.org_type, OrganizationType::Jatc);
        assert_eq!(
            told(create(json!({"name": null}))),
            ["/name required", "/org_type required"]
        );
    }

    #[test]
    fn every_field_is_checked_and_all_that_are_wrong_are_told() {
        let long = "x".repeat(300);
        let body = json!({
            "name": long, "org_type": "x", "address": long, "city": long, "state": long,
            "zip_code": long, "phone": long, "email": "x", "website": long, "salting_score": 3
        });
        let wrong = [
            "/salting_score unknown_field",
            "/name too_long",
            "/org_type unknown_value",
            "/address too_long",
            "/city too_long",
            "/state too_long",
            "/zip_code too_long",
            "/phone too_long",
            "/email not_an_email",
            "/website too_long",
        ];
        assert_eq!(told(create(body.clone())), wrong);
        assert_eq!(told(change(body)), wrong);
    }

    #[test]
    fn a_change_keeps_what_is_not_named_and_clears_what_is_null() {
        let expected = OrganizationChange {
            website: Change::Set(None),
            ..OrganizationChange::default()
        };
        assert_eq!(change(json!({"website": null})).unwrap(), expected);
        assert_eq!(told(change(json!({"name": null}))), ["/name required"]);
    }
}
