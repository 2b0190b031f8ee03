//! What signing in needs to be told.

use serde::Deserialize;
use unionhall_application::{passwords::Password, second_factors::Proof};
use unionhall_domain::invalid::Invalid;
use utoipa::ToSchema;

use super::super::{passwords::bodies::password as as_password, second_factors::proof};
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
    /// The token of a device that was trusted, if this is one: then no code is asked for.
    #[serde(default)]
    #[schema(value_type = Option<String>, required = false)]
    device_token: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

/// Who signs in, as it was sent.
pub(super) struct Login {
    /// The address; whether it is one is not told to anybody.
    pub(super) email: String,
    /// The password.
    pub(super) password: Password,
    /// The token of a trusted device.
    pub(super) device_token: Option<String>,
}

impl LoginBody {
    /// Who signs in.
    pub(super) fn command(self) -> Result<Login, Problem> {
        let Self {
            email,
            password,
            device_token,
            unknown,
        } = self;
        let mut reader = Reader::new(&unknown);
        let email = reader.required("email", email, as_it_is);
        let password = reader.required("password", password, as_password);
        let device_token = reader.optional("device_token", device_token, as_it_is);
        let login = email.zip(password).map(|(email, password)| Login {
            email,
            password,
            device_token,
        });
        reader.finish(login)
    }
}

/// The second half of a sign-in.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = ProveSecondFactor,
    example = json!({"challenge": "kV8nYk1mV0cO3m9sTqgQ4w2bH6xJ5uZr7eLdFaPiXyE", "code": "287 082", "trust_device": true})
)]
pub(super) struct SecondFactorBody {
    /// The challenge that the password was answered with.
    #[serde(default)]
    #[schema(value_type = String, required = true)]
    challenge: Input,
    /// The six digits that the phone shows now; this or `recovery_code`.
    #[serde(default)]
    #[schema(value_type = Option<String>, required = false)]
    code: Input,
    /// A recovery code that was not used; this or `code`.
    #[serde(default)]
    #[schema(value_type = Option<String>, required = false)]
    recovery_code: Input,
    /// Whether the password alone shall be enough on this device for thirty days.
    #[serde(default)]
    #[schema(value_type = Option<bool>, required = false)]
    trust_device: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

/// The second half of a sign-in, as it was sent.
pub(super) struct SecondHalf {
    /// The challenge.
    pub(super) challenge: String,
    /// One of the two codes.
    pub(super) proof: Proof,
    /// Whether to trust the device.
    pub(super) trust_device: bool,
}

impl SecondFactorBody {
    /// The second half.
    pub(super) fn command(self) -> Result<SecondHalf, Problem> {
        let Self {
            challenge,
            code,
            recovery_code,
            trust_device,
            unknown,
        } = self;
        let mut reader = Reader::new(&unknown);
        let challenge = reader.required("challenge", challenge, as_it_is);
        let proof = proof(&mut reader, code, recovery_code);
        let trust_device = reader.truth("trust_device", trust_device);
        let half = challenge.zip(proof).map(|(challenge, proof)| SecondHalf {
            challenge,
            proof,
            trust_device,
        });
        reader.finish(half)
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

    fn login(body: Value) -> Result<Login, Problem> {
        serde_json::from_value::<LoginBody>(body).unwrap().command()
    }

    #[test]
    fn any_address_can_be_tried_and_a_password_of_1024_bytes_too() {
        let body = json!({"email": "nobody", "password": "x".repeat(1024)});
        let login = login(body).ok().unwrap();
        assert_eq!(login.email, "nobody");
        assert_eq!(login.password.expose().len(), 1024);
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

    #[test]
    fn the_second_half_needs_its_challenge_and_a_truth_is_true_or_false() {
        let told = |body: Value| {
            let body = serde_json::from_value::<SecondFactorBody>(body);
            told(body.unwrap().command())
        };
        assert_eq!(
            told(json!({"trust_device": "yes"})),
            [
                "/challenge required",
                "/code required",
                "/trust_device wrong_type"
            ]
        );
        let whole = json!({"challenge": "x", "code": "123456", "trust_device": null});
        assert_eq!(told(whole), [""; 0]);
    }
}
