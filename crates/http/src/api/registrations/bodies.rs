//! What the routes of registering need to be told.

use serde::Deserialize;
use unionhall_application::{passwords::Password, registrations::Register};
use unionhall_domain::{tenants::Slug, text::Line, users::EmailAddress};
use utoipa::ToSchema;

use super::super::passwords::bodies::password as as_password;
use crate::web::{
    fields::{Input, Reader, Unknown},
    problem::Problem,
};

/// Who wants an account.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = Register,
    example = json!({
        "email": "ada@spark.example", "password": "gravel-otter-sings-low", "first_name": "Ada",
        "last_name": "Voltz", "tenant": "local-46"
    })
)]
pub(super) struct RegisterBody {
    /// The e-mail address to sign in with; a link is mailed to it.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = Email)]
    email: Input,
    /// 15 to 128 characters, of any kind.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = Password, max_length = 1024)]
    password: Input,
    /// Given name.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 100)]
    first_name: Input,
    /// Family name.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 100)]
    last_name: Input,
    /// The short name of the hall to join as a member; it counts if the hall takes who registers.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    tenant: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl RegisterBody {
    /// The account that is wanted, and its password, not judged.
    pub(super) fn command(self) -> Result<(Register, Password), Problem> {
        let Self {
            email,
            password,
            first_name,
            last_name,
            tenant,
            unknown,
        } = self;
        let mut reader = Reader::new(&unknown);
        let email = reader.required("email", email, EmailAddress::parse);
        let password = reader.required("password", password, as_password);
        let first_name = reader.required("first_name", first_name, Line::parse);
        let last_name = reader.required("last_name", last_name, Line::parse);
        let hall = reader.optional("tenant", tenant, Slug::parse);
        let command = || {
            let new = Register {
                email: email?,
                first_name: first_name?,
                last_name: last_name?,
                hall,
            };
            Some((new, password?))
        };
        reader.finish(command())
    }
}

/// The token of a mail.
#[derive(Deserialize, ToSchema)]
#[schema(as = VerifyEmail, example = json!({"token": "kV8nYk1mV0cO3m9sTqgQ4w2bH6xJ5uZr7eLdFaPiXyE"}))]
pub(super) struct VerifyEmailBody {
    /// What stands behind `#token=` in the link.
    #[serde(default)]
    #[schema(value_type = String, required = true)]
    token: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl VerifyEmailBody {
    /// The token as it was sent.
    pub(super) fn command(self) -> Result<String, Problem> {
        let Self { token, unknown } = self;
        let mut reader = Reader::new(&unknown);
        let token = reader.required("token", token, |text| Ok(text.to_owned()));
        reader.finish(token)
    }
}

/// Who wants another link.
#[derive(Deserialize, ToSchema)]
#[schema(as = ResendVerification, example = json!({"email": "ada@spark.example"}))]
pub(super) struct ResendVerificationBody {
    /// The e-mail address that was registered.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = Email)]
    email: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl ResendVerificationBody {
    /// The address; whether somebody waits there is not told to anybody.
    pub(super) fn command(self) -> Result<EmailAddress, Problem> {
        let Self { email, unknown } = self;
        let mut reader = Reader::new(&unknown);
        let email = reader.required("email", email, EmailAddress::parse);
        reader.finish(email)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::web::problem::tests::told;

    #[test]
    fn every_wrong_field_is_told_at_once() {
        let body = json!({"email": "x", "first_name": " ", "role": "owner"});
        let body: RegisterBody = serde_json::from_value(body).unwrap();
        let told = told(body.command().map(|(new, _)| new.email));
        assert_eq!(
            told,
            [
                "/role unknown_field",
                "/email not_an_email",
                "/password required",
                "/first_name blank",
                "/last_name required"
            ]
        );
    }
}
