//! What is said of a password.

use serde::Serialize;
use unionhall_domain::invalid::Invalid;
use utoipa::ToSchema;

/// Whether a password would be taken.
#[derive(Serialize, ToSchema)]
#[schema(as = PasswordJudgement)]
pub(super) struct StrengthView<'a> {
    /// Whether it would.
    acceptable: bool,
    /// Everything that speaks against it.
    reasons: Vec<ReasonView<'a>>,
}

/// One thing that speaks against a password.
#[derive(Serialize, ToSchema)]
#[schema(as = PasswordObjection)]
pub(super) struct ReasonView<'a> {
    /// The same word each time, for programs.
    #[schema(example = "too_short")]
    code: &'static str,
    /// A sentence for people.
    #[schema(example = "must have at least 15 characters")]
    detail: &'a str,
}

impl<'a> From<&'a [Invalid]> for StrengthView<'a> {
    fn from(objections: &'a [Invalid]) -> Self {
        let reasons = objections.iter().map(|invalid| {
            let Invalid { code, detail } = invalid;
            ReasonView { code, detail }
        });
        Self {
            acceptable: objections.is_empty(),
            reasons: reasons.collect(),
        }
    }
}
