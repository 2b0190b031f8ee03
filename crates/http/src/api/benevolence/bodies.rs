//! What can be said of an application to the benevolence fund.

use serde::Deserialize;
use unionhall_application::benevolence::{ApplyForHelp, ChangeApplication};
use unionhall_domain::{
    benevolence::{Reason, Request, RequestChange},
    ids::Id,
    money::Amount,
    text::Prose,
};
use utoipa::ToSchema;

use super::super::choices::BenevolenceReasonName;
use crate::web::{
    fields::{Input, Reader, Unknown, date},
    problem::Problem,
};

/// An application to be written down.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = ApplyForHelp,
    example = json!({
        "member_id": "019aa5c8-7b00-7000-8000-000000000001",
        "reason": "medical",
        "description": "Surgery in May, and no work since. The rent for two months is open.",
        "amount_requested": "1200.00"
    })
)]
pub(super) struct ApplyBody {
    /// Who needs help: a member of the hall; whoever may apply only for themselves is it.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = "uuid")]
    member_id: Input,
    /// The day of the application, not in the future; today when nothing is said.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    application_date: Input,
    /// Why help is needed.
    #[serde(default)]
    #[schema(value_type = BenevolenceReasonName, required = true)]
    reason: Input,
    /// What happened. Reviewers may see it before they see the name: leave names out.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 20000, pattern = r"\S")]
    description: Input,
    /// How much is asked: 0.01 or more of the tenant's currency.
    #[serde(default)]
    #[schema(value_type = String, required = true, pattern = r"^[0-9]{1,10}(\.[0-9]{1,2})?$")]
    amount_requested: Input,
    /// Notes of the office; nobody writes any about themselves.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 10000, pattern = r"\S")]
    notes: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl ApplyBody {
    /// The application, or every field that is wrong.
    pub(super) fn command(self) -> Result<ApplyForHelp, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let member = reader.required("member_id", self.member_id, Id::parse);
        let application_date = reader.optional("application_date", self.application_date, date);
        let reason = reader.required("reason", self.reason, Reason::parse);
        let description = reader.required("description", self.description, Prose::parse);
        let amount = reader.required("amount_requested", self.amount_requested, Amount::parse);
        let notes = reader.optional("notes", self.notes, Prose::parse);
        let asked = reason.zip(description).zip(amount);
        let command = member
            .zip(asked)
            .map(|(member, ((reason, description), amount))| ApplyForHelp {
                member,
                application_date,
                request: Request {
                    reason,
                    description,
                    amount,
                },
                notes,
            });
        reader.finish(command)
    }
}

/// What to change of an application.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = ChangeBenevolenceApplication,
    example = json!({"amount_requested": "900.00", "notes": null})
)]
pub(super) struct ChangeApplicationBody {
    /// Why help is needed.
    #[serde(default)]
    #[schema(value_type = BenevolenceReasonName)]
    reason: Input,
    /// What happened.
    #[serde(default)]
    #[schema(value_type = String, max_length = 20000, pattern = r"\S")]
    description: Input,
    /// How much is asked: 0.01 or more of the tenant's currency.
    #[serde(default)]
    #[schema(value_type = String, pattern = r"^[0-9]{1,10}(\.[0-9]{1,2})?$")]
    amount_requested: Input,
    /// Notes of the office; nobody writes any about themselves.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 10000, pattern = r"\S")]
    notes: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl ChangeApplicationBody {
    /// The change, or every field that is wrong.
    pub(super) fn command(self) -> Result<ChangeApplication, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let change = ChangeApplication {
            request: RequestChange {
                reason: reader.change("reason", self.reason, Reason::parse),
                description: reader.change("description", self.description, Prose::parse),
                amount: reader.change("amount_requested", self.amount_requested, Amount::parse),
            },
            notes: reader.clearable("notes", self.notes, Prose::parse),
        };
        reader.finish(Some(change))
    }
}

/// Why an application is withdrawn.
#[derive(Default, Deserialize, ToSchema)]
#[schema(as = WithdrawApplication, example = json!({"reason": "My brother helps out."}))]
pub(super) struct WithdrawBody {
    /// The reason: the member need not give one.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 2000, pattern = r"\S")]
    reason: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl WithdrawBody {
    /// The reason, or what is wrong with it.
    pub(super) fn command(self) -> Result<Option<Prose<2_000>>, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let reason = reader.optional("reason", self.reason, Prose::parse);
        reader.finish(Some(reason))
    }
}

/// Why something is done.
#[derive(Deserialize, ToSchema)]
#[schema(as = BenevolenceWhy, example = json!({"reason": "The check was lost in the mail."}))]
pub(super) struct WhyBody {
    /// The reason, in words.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 2000, pattern = r"\S")]
    reason: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl WhyBody {
    /// The reason, or what is wrong with it.
    pub(super) fn command(self) -> Result<Prose<2_000>, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let reason = reader.required("reason", self.reason, Prose::parse);
        reader.finish(reason)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use unionhall_domain::change::Change;

    use super::*;
    use crate::web::problem::tests::told;

    fn apply(body: Value) -> Result<ApplyForHelp, Problem> {
        serde_json::from_value::<ApplyBody>(body).unwrap().command()
    }

    fn change(body: Value) -> Result<ChangeApplication, Problem> {
        serde_json::from_value::<ChangeApplicationBody>(body)
            .unwrap()
            .command()
    }

    #[test]
    fn an_application_needs_a_member_a_reason_a_story_and_an_amount() {
        let made = apply(json!({
            "member_id": "019aa5c8-7b00-7000-8000-000000000001", "reason": "hardship",
            "description": "No work since May.", "amount_requested": "600"
        }))
        .unwrap();
        assert_eq!(made.request.amount, Amount::from_minor(60_000).unwrap());
        let missing = [
            "/member_id required",
            "/reason required",
            "/description required",
            "/amount_requested required",
        ];
        assert_eq!(told(apply(json!({}))), missing);
    }

    #[test]
    fn every_field_is_checked_and_all_that_are_wrong_are_told() {
        let body = json!({
            "reason": "luck", "description": " ", "amount_requested": "1,000",
            "notes": "x".repeat(10_001), "status": "paid"
        });
        let wrong = [
            "/status unknown_field",
            "/reason unknown_value",
            "/description blank",
            "/amount_requested not_an_amount",
            "/notes too_long",
        ];
        assert_eq!(told(change(body)), wrong);
    }

    #[test]
    fn a_change_keeps_what_is_not_named_and_clears_the_notes_with_null() {
        let cleared = change(json!({"notes": null})).unwrap();
        assert_eq!(cleared.notes, Change::Set(None));
        assert_eq!(cleared.request, RequestChange::default());
        let kept = told(change(json!({"reason": null})));
        assert_eq!(kept, ["/reason required"]);
    }
}
