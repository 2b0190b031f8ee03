//! What can be said of a tenant's settings.

use serde::Deserialize;
use unionhall_domain::{
    roles::Role,
    tenants::{Country, Currency, RegistrationPolicy, SettingsChange, WebAddress, ZoneName},
    text::Line,
    users::EmailAddress,
};
use utoipa::ToSchema;

use super::super::choices::{RegistrationPolicyName, RoleName};
use crate::web::{
    fields::{Input, Reader, Unknown},
    problem::Problem,
};

/// What to change of the tenant's settings.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = ChangeTenant,
    example = json!({"contact_phone": "206-555-0146", "second_factor_roles": ["owner", "admin"], "website": null})
)]
pub(super) struct ChangeTenantBody {
    /// What it calls itself.
    #[serde(default)]
    #[schema(value_type = String, max_length = 255, pattern = r"\S")]
    name: Input,
    /// Its name in the second language of its members.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 255, pattern = r"\S")]
    second_language_name: Input,
    /// Where it is written to; letters are lowered.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Email, max_length = 254)]
    contact_email: Input,
    /// Where it is called, as written.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 50, pattern = r"\S")]
    contact_phone: Input,
    /// First line of its address.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 255, pattern = r"\S")]
    address_line_1: Input,
    /// Second line of its address.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 255, pattern = r"\S")]
    address_line_2: Input,
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
    /// Country by its two capital letters (ISO 3166-1 alpha-2).
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = "^[A-Z]{2}$", example = "US")]
    country: Input,
    /// Web site; it begins with `https://` or `http://`.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 255, pattern = "^https?://")]
    website: Input,
    /// Where its days begin and end: a time zone of the IANA database.
    #[serde(default)]
    #[schema(value_type = String, max_length = 100, example = "America/Los_Angeles")]
    time_zone: Input,
    /// What its amounts are in (ISO 4217).
    #[serde(default)]
    #[schema(value_type = String, pattern = "^[A-Z]{3}$", example = "USD")]
    currency: Input,
    /// Whether somebody who registers by themselves may join, and as what.
    #[serde(default)]
    #[schema(value_type = RegistrationPolicyName)]
    registration_policy: Input,
    /// Whoever holds one of these roles needs a second factor. Nobody names a role of their own here before they have one.
    #[serde(default)]
    #[schema(value_type = Vec<RoleName>, max_items = 9)]
    second_factor_roles: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl ChangeTenantBody {
    /// The change, or every field that is wrong.
    pub(super) fn command(self) -> Result<SettingsChange, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let change = SettingsChange {
            name: reader.change("name", self.name, Line::parse),
            second_language_name: reader.clearable(
                "second_language_name",
                self.second_language_name,
                Line::parse,
            ),
            contact_email: reader.clearable(
                "contact_email",
                self.contact_email,
                EmailAddress::parse,
            ),
            contact_phone: reader.clearable("contact_phone", self.contact_phone, Line::parse),
            address_line_1: reader.clearable("address_line_1", self.address_line_1, Line::parse),
            address_line_2: reader.clearable("address_line_2", self.address_line_2, Line::parse),
            city: reader.clearable("city", self.city, Line::parse),
            state: reader.clearable("state", self.state, Line::parse),
            zip_code: reader.clearable("zip_code", self.zip_code, Line::parse),
            country: reader.clearable("country", self.country, Country::parse),
            website: reader.clearable("website", self.website, WebAddress::parse),
            time_zone: reader.change("time_zone", self.time_zone, ZoneName::parse),
            currency: reader.change("currency", self.currency, Currency::parse),
            registration_policy: reader.change(
                "registration_policy",
                self.registration_policy,
                RegistrationPolicy::parse,
            ),
            second_factor_roles: reader.changed_list(
                "second_factor_roles",
                self.second_factor_roles,
                Role::ALL.len(),
                Role::parse,
            ),
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

    fn change(body: Value) -> Result<SettingsChange, Problem> {
        serde_json::from_value::<ChangeTenantBody>(body)
            .unwrap()
            .command()
    }

    #[test]
    fn every_field_is_checked_and_all_that_are_wrong_are_told() {
        let long = "x".repeat(300);
        let body = json!({
            "name": null, "second_language_name": long, "contact_email": "x", "contact_phone": long,
            "address_line_1": long, "address_line_2": long, "city": long, "state": long, "zip_code": long,
            "country": "usa", "website": "javascript:x", "time_zone": "Mars/Base", "currency": "usd",
            "registration_policy": "open", "second_factor_roles": ["boss"], "max_users": 7
        });
        let wrong = [
            "/max_users unknown_field",
            "/name required",
            "/second_language_name too_long",
            "/contact_email not_an_email",
            "/contact_phone too_long",
            "/address_line_1 too_long",
            "/address_line_2 too_long",
            "/city too_long",
            "/state too_long",
            "/zip_code too_long",
            "/country not_a_country",
            "/website not_a_web_address",
            "/time_zone unknown_time_zone",
            "/currency not_a_currency",
            "/registration_policy unknown_value",
            "/second_factor_roles unknown_value",
        ];
        assert_eq!(told(change(body)), wrong);
    }

    #[test]
    fn a_list_is_a_list_of_names_and_not_longer_than_it_can_be() {
        let owner_alone = SettingsChange {
            second_factor_roles: Change::Set(vec![Role::Owner]),
            ..SettingsChange::default()
        };
        let body = json!({"second_factor_roles": ["owner"]});
        assert_eq!(change(body).unwrap(), owner_alone);
        for (list, code) in [
            (json!("owner"), "wrong_type"),
            (json!([7]), "wrong_type"),
            (json!(null), "required"),
            (json!(vec!["owner"; 10]), "too_many"),
        ] {
            let told = told(change(json!({"second_factor_roles": list})));
            assert_eq!(told, [format!("/second_factor_roles {code}")]);
        }
    }
}
