//! What the routes of passwords need to be told.

use serde::Deserialize;
use unionhall_application::passwords::Password;
use unionhall_domain::{
    invalid::Invalid,
    passwords::{KnownWords, Strength},
    text::Line,
    users::EmailAddress,
};
use utoipa::ToSchema;

use crate::web::{
    fields::{Input, Reader, Unknown},
    problem::Problem,
};

/// Who forgot their password.
#[derive(Deserialize, ToSchema)]
#[schema(as = ForgotPassword, example = json!({"email": "staff@local46.example"}))]
pub(super) struct ForgotPasswordBody {
    /// The e-mail address of the account.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = Email)]
    email: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl ForgotPasswordBody {
    /// The address; whether somebody has it is not told to anybody.
    pub(super) fn command(self) -> Result<EmailAddress, Problem> {
        let Self { email, unknown } = self;
        let mut reader = Reader::new(&unknown);
        let email = reader.required("email", email, EmailAddress::parse);
        reader.finish(email)
    }
}

/// The new password of whoever was sent a link.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = ResetPassword,
    example = json!({
        "token": "kV8nYk1mV0cO3m9sTqgQ4w2bH6xJ5uZr7eLdFaPiXyE", "new_password": "gravel-otter-sings-low"
    })
)]
pub(super) struct ResetPasswordBody {
    /// What stands behind `#token=` in the link.
    #[serde(default)]
    #[schema(value_type = String, required = true)]
    token: Input,
    /// 15 to 128 characters of any kind, or 8 to 128 for whoever has a second factor.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = Password, max_length = 1024)]
    new_password: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl ResetPasswordBody {
    /// Token and new password, neither of them judged.
    pub(super) fn command(self) -> Result<(String, Password), Problem> {
        let Self {
            token,
            new_password,
            unknown,
        } = self;
        let mut reader = Reader::new(&unknown);
        let token = reader.required("token", token, |text| Ok(text.to_owned()));
        let new = reader.required("new_password", new_password, password);
        reader.finish(token.zip(new))
    }
}

/// The present and the new password of whoever is signed in.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = ChangePassword,
    example = json!({"current_password": "solidarity-forever", "new_password": "gravel-otter-sings-low"})
)]
pub(super) struct ChangePasswordBody {
    /// The present password.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = Password, max_length = 1024)]
    current_password: Input,
    /// 15 to 128 characters of any kind, or 8 to 128 for whoever has a second factor.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = Password, max_length = 1024)]
    new_password: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl ChangePasswordBody {
    /// Both passwords, neither of them judged.
    pub(super) fn command(self) -> Result<(Password, Password), Problem> {
        let Self {
            current_password,
            new_password,
            unknown,
        } = self;
        let mut reader = Reader::new(&unknown);
        let current = reader.required("current_password", current_password, password);
        let new = reader.required("new_password", new_password, password);
        reader.finish(current.zip(new))
    }
}

/// A password to try out.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = PasswordStrength,
    example = json!({
        "password": "gravel-otter-sings-low", "email": "staff@local46.example", "tenant": "local-46"
    })
)]
pub(super) struct PasswordStrengthBody {
    /// The password.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = Password, max_length = 1024)]
    password: Input,
    /// The address it would be used with.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Email)]
    email: Input,
    /// The name or short name of the hall.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 255)]
    tenant: Input,
    /// Whether it would be used beside a second factor, which lets it be shorter.
    #[serde(default)]
    #[schema(value_type = Option<bool>, default = false)]
    second_factor: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

/// A password that is tried out, and what is known of whoever would use it.
pub(super) struct Tried {
    pub(super) password: Password,
    pub(super) strength: Strength,
    pub(super) known: KnownWords,
}

impl PasswordStrengthBody {
    /// What is tried out.
    pub(super) fn command(self) -> Result<Tried, Problem> {
        let Self {
            password: text,
            email,
            tenant,
            second_factor,
            unknown,
        } = self;
        let mut reader = Reader::new(&unknown);
        let password = reader.required("password", text, password);
        let email = reader.optional("email", email, EmailAddress::parse);
        let tenant = reader.optional("tenant", tenant, Line::<255>::parse);
        let known = KnownWords::default();
        let known = email.map_or(known.clone(), |email| known.address(&email));
        let known = tenant.map_or(known.clone(), |name| known.hall_called(name.as_str()));
        let strength = if reader.truth("second_factor", second_factor) {
            Strength::WithSecondFactor
        } else {
            Strength::Alone
        };
        reader.finish(password.map(|password| Tried {
            password,
            strength,
            known,
        }))
    }
}

/// A password as it was typed.
pub(in super::super) fn password(text: &str) -> Result<Password, Invalid> {
    Password::new(text.to_owned())
        .ok_or_else(|| Invalid::new("too_long", "must be at most 1024 bytes"))
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
        let reset = body::<ResetPasswordBody>(json!({"new_password": "x".repeat(1025), "x": 1}));
        let expected = [
            "/x unknown_field",
            "/token required",
            "/new_password too_long",
        ];
        assert_eq!(told(reset.command()), expected);
        let change = body::<ChangePasswordBody>(json!({"new_password": 7}));
        let expected = ["/current_password required", "/new_password wrong_type"];
        assert_eq!(told(change.command()), expected);
        let forgot = body::<ForgotPasswordBody>(json!({"email": "nobody"}));
        assert_eq!(told(forgot.command()), ["/email not_an_email"]);
    }

    #[test]
    fn a_password_can_be_tried_out_with_and_without_knowing_more() {
        let alone = body::<PasswordStrengthBody>(json!({"password": "x", "email": null}));
        let alone = alone.command().unwrap();
        assert_eq!(alone.known, KnownWords::default());
        assert_eq!(alone.strength, Strength::Alone);
        let more = json!({
            "password": "x", "email": "ada@hall.example", "tenant": "Local 46", "second_factor": true
        });
        let tried = body::<PasswordStrengthBody>(more).command().unwrap();
        let ada = EmailAddress::parse("ada@hall.example").unwrap();
        let expected = KnownWords::default().address(&ada).hall_called("Local 46");
        assert_eq!(tried.known, expected);
        assert_eq!(tried.strength, Strength::WithSecondFactor);
    }
}
