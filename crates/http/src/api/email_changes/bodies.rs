//! What the routes of a change of address need to be told.

use serde::Deserialize;
use unionhall_application::passwords::Password;
use unionhall_domain::users::EmailAddress;
use utoipa::ToSchema;

use super::super::passwords::bodies::password;
use crate::web::{
    fields::{Input, Reader, Unknown},
    problem::Problem,
};

/// The address that somebody wants to sign in with.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = ChangeEmail,
    example = json!({"email": "robin@spark.example", "current_password": "solidarity-forever"})
)]
pub(super) struct ChangeEmailBody {
    /// The new address.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = Email)]
    email: Input,
    /// The present password.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = Password, max_length = 1024)]
    current_password: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl ChangeEmailBody {
    /// The new address, and the password, which is not judged.
    pub(super) fn command(self) -> Result<(EmailAddress, Password), Problem> {
        let Self {
            email,
            current_password,
            unknown,
        } = self;
        let mut reader = Reader::new(&unknown);
        let email = reader.required("email", email, EmailAddress::parse);
        let current = reader.required("current_password", current_password, password);
        reader.finish(email.zip(current))
    }
}

/// The token of a mail.
#[derive(Deserialize, ToSchema)]
#[schema(as = ConfirmEmail, example = json!({"token": "kV8nYk1mV0cO3m9sTqgQ4w2bH6xJ5uZr7eLdFaPiXyE"}))]
pub(super) struct ConfirmEmailBody {
    /// What stands behind `#token=` in the link.
    #[serde(default)]
    #[schema(value_type = String, required = true)]
    token: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl ConfirmEmailBody {
    /// The token, as it was sent.
    pub(super) fn command(self) -> Result<String, Problem> {
        let Self { token, unknown } = self;
        let mut reader = Reader::new(&unknown);
        let token = reader.required("token", token, |text| Ok(text.to_owned()));
        reader.finish(token)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::web::problem::tests::told;

    fn body<T: serde::de::DeserializeOwned>(value: Value) -> T {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn every_wrong_field_is_told_at_once() {
        let change = body::<ChangeEmailBody>(json!({"email": "nobody", "x": 1}));
        let expected = [
            "/x unknown_field",
            "/email not_an_email",
            "/current_password required",
        ];
        assert_eq!(told(change.command()), expected);
        let confirm = body::<ConfirmEmailBody>(json!({"token": 7}));
        assert_eq!(told(confirm.command()), ["/token wrong_type"]);
    }
}
