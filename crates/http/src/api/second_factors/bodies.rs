//! What the second factor needs to be told.

use serde::Deserialize;
use unionhall_application::{passwords::Password, second_factors::Proof};
use unionhall_domain::{
    invalid::Invalid,
    second_factors::{OneTimeCode, RecoveryCode},
    text::Line,
};
use utoipa::ToSchema;

use crate::web::{
    fields::{Input, Reader, Unknown},
    problem::Problem,
};

/// The password once more, before a second factor is set up.
#[derive(Deserialize, ToSchema)]
#[schema(as = BeginSecondFactor, example = json!({"password": "solidarity-forever"}))]
pub(super) struct BeginBody {
    /// The password of the account, at most 1,024 bytes.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = Password, max_length = 1024)]
    password: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl BeginBody {
    /// The password.
    pub(super) fn command(self) -> Result<Password, Problem> {
        let Self { password, unknown } = self;
        let mut reader = Reader::new(&unknown);
        let password = reader.required("password", password, a_password);
        reader.finish(password)
    }
}

/// A code of the phone.
#[derive(Deserialize, ToSchema)]
#[schema(as = SecondFactorCode, example = json!({"code": "287 082"}))]
pub(super) struct CodeBody {
    /// The six digits that the phone shows now; blanks do not matter.
    #[serde(default)]
    #[schema(value_type = String, required = true)]
    code: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl CodeBody {
    /// The code.
    pub(super) fn command(self) -> Result<OneTimeCode, Problem> {
        let Self { code, unknown } = self;
        let mut reader = Reader::new(&unknown);
        let code = reader.required("code", code, OneTimeCode::parse);
        reader.finish(code)
    }
}

/// What the removal of a second factor takes: the password, and either code.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = RemoveSecondFactor,
    example = json!({"password": "solidarity-forever", "code": "287082"})
)]
pub(super) struct RemoveBody {
    /// The password of the account, at most 1,024 bytes.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = Password, max_length = 1024)]
    password: Input,
    /// The six digits that the phone shows now; this or `recovery_code`.
    #[serde(default)]
    #[schema(value_type = Option<String>, required = false)]
    code: Input,
    /// A recovery code that was not used; this or `code`.
    #[serde(default)]
    #[schema(value_type = Option<String>, required = false)]
    recovery_code: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl RemoveBody {
    /// The password and the proof.
    pub(super) fn command(self) -> Result<(Password, Proof), Problem> {
        let Self {
            password,
            code,
            recovery_code,
            unknown,
        } = self;
        let mut reader = Reader::new(&unknown);
        let password = reader.required("password", password, a_password);
        let proof = proof(&mut reader, code, recovery_code);
        reader.finish(password.zip(proof))
    }
}

/// Why somebody's second factor is reset.
#[derive(Deserialize, ToSchema)]
#[schema(as = ResetSecondFactor, example = json!({"reason": "Lost the phone; known to the office in person."}))]
pub(super) struct ResetBody {
    /// How the office knows that it is the person who asks; for the audit trail.
    #[serde(default)]
    #[schema(value_type = String, required = true, min_length = 1, max_length = 500)]
    reason: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl ResetBody {
    /// The reason.
    pub(super) fn command(self) -> Result<Line<500>, Problem> {
        let Self { reason, unknown } = self;
        let mut reader = Reader::new(&unknown);
        let reason = reader.required("reason", reason, Line::parse);
        reader.finish(reason)
    }
}

/// One of the two codes, and not both.
pub(in crate::api) fn proof(
    reader: &mut Reader,
    code: Input,
    recovery_code: Input,
) -> Option<Proof> {
    let given = |input: &Input| {
        !matches!(
            input,
            Input::Absent | Input::Present(serde_json::Value::Null)
        )
    };
    match (given(&code), given(&recovery_code)) {
        (_, false) => reader
            .required("code", code, OneTimeCode::parse)
            .map(Proof::Code),
        (false, true) => reader
            .required("recovery_code", recovery_code, RecoveryCode::parse)
            .map(Proof::RecoveryCode),
        (true, true) => {
            let invalid = Invalid::new("one_too_many", "send this or code, not both");
            reader.wrong("recovery_code", invalid);
            None
        }
    }
}

fn a_password(text: &str) -> Result<Password, Invalid> {
    Password::new(text.to_owned())
        .ok_or_else(|| Invalid::new("too_long", "must be at most 1024 bytes"))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::web::problem::tests::told;

    fn remove(body: Value) -> Result<(Password, Proof), Problem> {
        serde_json::from_value::<RemoveBody>(body)
            .unwrap()
            .command()
    }

    #[test]
    fn a_removal_takes_one_of_the_two_codes() {
        let (_, proof) = remove(json!({"password": "x", "code": "123 456"})).unwrap();
        assert!(matches!(proof, Proof::Code(_)));
        let body = json!({"password": "x", "recovery_code": "abcd-efgh-2345-wxyz-ijkl-mnop", "code": null});
        let (_, proof) = remove(body).unwrap();
        assert!(matches!(proof, Proof::RecoveryCode(_)));
    }

    #[test]
    fn none_both_and_what_is_no_code_are_told() {
        for (body, expected) in [
            (json!({"password": "x"}), "/code required"),
            (
                json!({"password": "x", "code": "12345"}),
                "/code not_a_code",
            ),
            (
                json!({"password": "x", "code": 123_456}),
                "/code wrong_type",
            ),
            (
                json!({"password": "x", "recovery_code": "1"}),
                "/recovery_code not_a_recovery_code",
            ),
            (
                json!({"password": "x", "code": "123456", "recovery_code": "1"}),
                "/recovery_code one_too_many",
            ),
        ] {
            assert_eq!(told(remove(body)), [expected]);
        }
    }
}
