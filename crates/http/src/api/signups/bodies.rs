//! What the routes of making a hall need to be told.

use serde::Deserialize;
use unionhall_application::{passwords::Password, registrations::Register};
use unionhall_domain::{
    signups::Signup,
    tenants::{Currency, Slug, TenantKind, ZoneName},
    text::Line,
    users::EmailAddress,
};
use utoipa::ToSchema;

use super::super::{choices::TenantKindName, passwords::bodies::password as as_password};
use crate::web::{
    fields::{Input, Reader, Unknown},
    problem::Problem,
};

/// The time zone of a hall that names none.
const USUAL_TIME_ZONE: &str = "America/Los_Angeles";
/// The currency of a hall that names none.
const USUAL_CURRENCY: &str = "USD";

/// A hall, and who owns it.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = SignUp,
    example = json!({
        "name": "Local 7", "time_zone": "America/Denver", "email": "ada@local7.example",
        "password": "gravel-otter-sings-low", "first_name": "Ada", "last_name": "Voltz"
    })
)]
pub(super) struct SignUpBody {
    /// What the hall calls itself.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 255)]
    name: Input,
    /// Its short name, in addresses: 2 to 63 lower-case letters, digits and inner hyphens; made of the name where none is
    /// named.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = "^[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$", example = "local-7")]
    slug: Input,
    /// Local or training trust; a local where nothing is named.
    #[serde(default)]
    #[schema(value_type = Option<TenantKindName>)]
    kind: Input,
    /// Where its days begin and end: a time zone of the IANA database; `America/Los_Angeles` where none is named.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 100)]
    time_zone: Input,
    /// What its amounts are in (ISO 4217); `USD` where nothing is named.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = "^[A-Z]{3}$", example = "USD")]
    currency: Input,
    /// The e-mail address that the owner signs in with; a link is mailed to it.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = Email)]
    email: Input,
    /// The owner's password: 15 to 128 characters, of any kind.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = Password, max_length = 1024)]
    password: Input,
    /// The owner's given name.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 100)]
    first_name: Input,
    /// The owner's family name.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 100)]
    last_name: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl SignUpBody {
    /// The owner, the hall, and the owner's password, not judged.
    pub(super) fn command(self) -> Result<(Register, Signup, Password), Problem> {
        let mut reader = Reader::new(&self.unknown);
        let signup = hall(
            &mut reader,
            [
                self.name,
                self.slug,
                self.kind,
                self.time_zone,
                self.currency,
            ],
        );
        let email = reader.required("email", self.email, EmailAddress::parse);
        let password = reader.required("password", self.password, as_password);
        let first_name = reader.required("first_name", self.first_name, Line::parse);
        let last_name = reader.required("last_name", self.last_name, Line::parse);
        let command = || {
            let owner = Register {
                email: email?,
                first_name: first_name?,
                last_name: last_name?,
                hall: None,
            };
            Some((owner, signup?, password?))
        };
        reader.finish(command())
    }
}

/// A hall that the caller is to own.
#[derive(Deserialize, ToSchema)]
#[schema(as = FoundTenant, example = json!({"name": "Local 7", "time_zone": "America/Denver"}))]
pub(super) struct FoundTenantBody {
    /// What the hall calls itself.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 255)]
    name: Input,
    /// Its short name, in addresses: 2 to 63 lower-case letters, digits and inner hyphens; made of the name where none is
    /// named.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = "^[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$", example = "local-7")]
    slug: Input,
    /// Local or training trust; a local where nothing is named.
    #[serde(default)]
    #[schema(value_type = Option<TenantKindName>)]
    kind: Input,
    /// Where its days begin and end: a time zone of the IANA database; `America/Los_Angeles` where none is named.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 100)]
    time_zone: Input,
    /// What its amounts are in (ISO 4217); `USD` where nothing is named.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = "^[A-Z]{3}$", example = "USD")]
    currency: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl FoundTenantBody {
    /// The hall.
    pub(super) fn command(self) -> Result<Signup, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let signup = hall(
            &mut reader,
            [
                self.name,
                self.slug,
                self.kind,
                self.time_zone,
                self.currency,
            ],
        );
        reader.finish(signup)
    }
}

/// A hall of its name, short name, kind, time zone and currency.
fn hall(reader: &mut Reader, fields: [Input; 5]) -> Option<Signup> {
    let [name, slug, kind, time_zone, currency] = fields;
    let name = reader.required("name", name, Line::parse);
    let slug = reader.optional("slug", slug, Slug::parse_wanted);
    let kind = reader.optional("kind", kind, TenantKind::parse);
    let time_zone = reader.optional("time_zone", time_zone, ZoneName::parse);
    let currency = reader.optional("currency", currency, Currency::parse);
    Some(Signup {
        name: name?,
        slug,
        kind: kind.unwrap_or(TenantKind::Local),
        time_zone: time_zone.or_else(|| ZoneName::parse(USUAL_TIME_ZONE).ok())?,
        currency: currency.or_else(|| Currency::parse(USUAL_CURRENCY).ok())?,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::web::problem::tests::told;

    fn sign_up(value: Value) -> Result<(Register, Signup, Password), Problem> {
        serde_json::from_value::<SignUpBody>(value)
            .unwrap()
            .command()
    }

    #[test]
    fn every_wrong_field_is_told_at_once() {
        let body = json!({
            "slug": "admin", "kind": "guild", "time_zone": "Mars/Base", "currency": "usd", "email": "nobody",
            "password": "x".repeat(1025), "first_name": " ", "owner": "x"
        });
        let wrong = [
            "/owner unknown_field",
            "/name required",
            "/slug reserved",
            "/kind unknown_value",
            "/time_zone unknown_time_zone",
            "/currency not_a_currency",
            "/email not_an_email",
            "/password too_long",
            "/first_name blank",
            "/last_name required",
        ];
        assert_eq!(told(sign_up(body)), wrong);
        let body = json!({"slug": "Local", "email": "ada@hall.example"});
        let body = serde_json::from_value::<FoundTenantBody>(body).unwrap();
        let wrong = ["/email unknown_field", "/name required", "/slug not_a_slug"];
        assert_eq!(told(body.command()), wrong);
    }

    #[test]
    fn what_is_not_named_is_as_usual() {
        let body = serde_json::from_value::<FoundTenantBody>(json!({"name": "Local 7"}));
        let hall = body.unwrap().command().unwrap();
        assert_eq!(hall.slug, None);
        assert_eq!(hall.kind, TenantKind::Local);
        assert_eq!(hall.time_zone.as_str(), USUAL_TIME_ZONE);
        assert_eq!(hall.currency.as_str(), USUAL_CURRENCY);
    }
}
