//! What can be said of an obligation.

use serde::Deserialize;
use unionhall_domain::{
    money::Amount,
    obligations::{ObligationMove, Terms, TermsChange},
    step_meetings::Party,
    text::{Line, Prose},
};
use utoipa::ToSchema;

use super::super::choices::PartyName;
use crate::web::{
    fields::{Input, Reader, Unknown, date},
    problem::Problem,
};

/// What a settlement obliges a side to.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = Oblige,
    example = json!({
        "what": "Pay sixteen hours of overtime.", "owed_by": "employer", "owed_to": "Ada Voltz",
        "due_on": "2026-12-11", "amount": "1250.00"
    })
)]
pub(super) struct ObligeBody {
    /// What is to be done.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 2000, pattern = r"\S")]
    what: Input,
    /// Who owes it.
    #[serde(default)]
    #[schema(value_type = PartyName, required = true)]
    owed_by: Input,
    /// To whom, such as the member or the union.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 200, pattern = r"\S")]
    owed_to: Input,
    /// The last day.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = Date)]
    due_on: Input,
    /// The money in it, if there is any.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = r"^[0-9]{1,10}(\.[0-9]{1,2})?$")]
    amount: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

/// What to change of an open obligation.
#[derive(Deserialize, ToSchema)]
#[schema(as = ChangeObligation, example = json!({"due_on": "2026-12-18", "owed_to": null}))]
pub(super) struct ChangeObligationBody {
    /// What is to be done.
    #[serde(default)]
    #[schema(value_type = String, max_length = 2000, pattern = r"\S")]
    what: Input,
    /// Who owes it.
    #[serde(default)]
    #[schema(value_type = PartyName)]
    owed_by: Input,
    /// To whom.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 200, pattern = r"\S")]
    owed_to: Input,
    /// The last day.
    #[serde(default)]
    #[schema(value_type = String, format = Date)]
    due_on: Input,
    /// The money in it.
    #[serde(default)]
    #[schema(value_type = Option<String>, pattern = r"^[0-9]{1,10}(\.[0-9]{1,2})?$")]
    amount: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

/// That it was done.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = FulfillObligation,
    example = json!({"fulfilled_on": "2026-12-04", "words": "Seen on the pay stub of December 4."})
)]
pub(super) struct FulfillBody {
    /// The day, not in the future; today when nothing is said.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    fulfilled_on: Input,
    /// How it is known.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 2000, pattern = r"\S")]
    words: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl ObligeBody {
    /// The terms, or every field that is wrong.
    pub(super) fn command(self) -> Result<Terms, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let what = reader.required("what", self.what, Prose::parse);
        let owed_by = reader.required("owed_by", self.owed_by, Party::parse);
        let owed_to = reader.optional("owed_to", self.owed_to, Line::parse);
        let due_on = reader.required("due_on", self.due_on, date);
        let amount = reader.optional("amount", self.amount, Amount::parse);
        let owed = what.zip(owed_by).zip(due_on);
        let terms = owed.map(|((what, owed_by), due_on)| Terms {
            what,
            owed_by,
            owed_to,
            due_on,
            amount,
        });
        reader.finish(terms)
    }
}

impl ChangeObligationBody {
    /// The change, or every field that is wrong.
    pub(super) fn command(self) -> Result<TermsChange, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let change = TermsChange {
            what: reader.change("what", self.what, Prose::parse),
            owed_by: reader.change("owed_by", self.owed_by, Party::parse),
            owed_to: reader.clearable("owed_to", self.owed_to, Line::parse),
            due_on: reader.change("due_on", self.due_on, date),
            amount: reader.clearable("amount", self.amount, Amount::parse),
        };
        reader.finish(Some(change))
    }
}

impl FulfillBody {
    /// What is said, or every field that is wrong.
    pub(super) fn command(self) -> Result<ObligationMove, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let on = reader.optional("fulfilled_on", self.fulfilled_on, date);
        let words = reader.optional("words", self.words, Prose::parse);
        reader.finish(Some(ObligationMove::Fulfill(on, words)))
    }
}
