//! What signing in needs to be told.

use serde::Deserialize;
use unionhall_application::passwords::Password;
use unionhall_domain::invalid::Invalid;
use utoipa::ToSchema;

use super::super::passwords::bodies::password as as_password;
use crate::web::{
    fields::{Input, Reader, Unknown},
    problem::Problem,
};

/// Who signs in.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = Login,
    example = json!({"email": "staff@local46.example", "password": "solidarity-forever"})
)]
pub(super) struct LoginBody {
    /// The e-mail address of the account.
    #[serde(default)]
    #[schema(value_type = String, required = true)]
    email: Input,
    /// The password, at most 1,024 bytes.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = Password, max_length = 1024)]
    password: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl LoginBody {
    /// Address and password; whether the address is one is not told to anybody.
    pub(super) fn command(self) -> Result<(String, Password), Problem> {
        let Self {
            email,
            password,
            unknown,
        } = self;
        let mut reader = Reader::new(&unknown);
        let email = reader.required("email", email, as_it_is);
        let password = reader.required("password", password, as_password);
        reader.finish(email.zip(password))
    }
}

/// The token that continues a session.
#[derive(Deserialize, ToSchema)]
#[schema(as = Refresh, example = json!({"refresh_token": "kV8nYk1mV0cO3m9sTqgQ4w2bH6xJ5uZr7eLdFaPiXyE"}))]
pub(super) struct RefreshBody {
    /// The refresh token that came with the access token.
    #[serde(default)]
    #[schema(value_type = String, required = true)]
    refresh_token: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl RefreshBody {
    /// The token.
    pub(super) fn command(self) -> Result<String, Problem> {
        let Self {
            refresh_token,
            unknown,
        } = self;
        let mut reader = Reader::new(&unknown);
        let token = reader.required("refresh_token", refresh_token, as_it_is);
        reader.finish(token)
    }
}

/// The token from a mail about a lock.
#[derive(Deserialize, ToSchema)]
#[schema(as = Unlock, example = json!({"token": "kV8nYk1mV0cO3m9sTqgQ4w2bH6xJ5uZr7eLdFaPiXyE"}))]
pub(super) struct UnlockBody {
    /// What stands behind `#token=` in the link.
    #[serde(default)]
    #[schema(value_type = String, required = true)]
    token: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl UnlockBody {
    /// The token.
    pub(super) fn command(self) -> Result<String, Problem> {
        let Self { token, unknown } = self;
        let mut reader = Reader::new(&unknown);
        let token = reader.required("token", token, as_it_is);
        reader.finish(token)
    }
}

/// Where to go on.
#[derive(Deserialize, ToSchema)]
#[schema(as = SwitchTenant, example = json!({"tenant": "local-46"}))]
pub(super) struct SwitchTenantBody {
    /// The tenant's short name.
    #[serde(default)]
    #[schema(value_type = String, required = true)]
    tenant: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl SwitchTenantBody {
    /// The short name as it was sent: what is none is the name of no tenant.
    pub(super) fn command(self) -> Result<String, Problem> {
        let Self { tenant, unknown } = self;
        let mut reader = Reader::new(&unknown);
        let tenant = reader.required("tenant", tenant, as_it_is);
        reader.finish(tenant)
    }
}

fn as_it_is(text: &str) -> Result<String, Invalid> {
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::web::problem::tests::told;

    fn login(body: Value) -> Result<(String, Password), Problem> {
        serde_json::from_value::<LoginBody>(body).unwrap().command()
    }

    #[test]
    fn any_address_can_be_tried_and_a_password_of_1024_bytes_too() {
        let (email, password) =
            login(json!({"email": "nobody", "password": "x".repeat(1024)})).unwrap();
        assert_eq!(email, "nobody");
        assert_eq!(password.expose().len(), 1024);
    }

    #[test]
    fn what_is_missing_too_long_or_unknown_is_told_at_once() {
        let body = json!({"password": "x".repeat(1025), "otp": "1"});
        assert_eq!(
            told(login(body)),
            [
                "/otp unknown_field",
                "/email required",
                "/password too_long"
            ]
        );
    }
}
