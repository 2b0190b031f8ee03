//! What can be asked for, and what can be said of it.

use serde::Deserialize;
use unionhall_domain::{
    information_requests::{Answers, Asked, FollowUp, ItemAction, ItemAnswer, MOST_ITEMS},
    invalid::Invalid,
    text::{Line, Prose},
};
use utoipa::ToSchema;

use super::super::choices::RequestItemActionName;
use crate::web::{
    fields::{Input, Reader, Unknown, date},
    problem::Problem,
};

/// What the union asks for.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = AskForInformation,
    example = json!({
        "subject": "Overtime lists", "relevance": "Whether the list was followed in October.",
        "asked_of": "B. Ohm, labor relations", "asked_on": "2026-11-02", "due_on": "2026-11-16",
        "items": [{"wanted": "The overtime list of October."}, {"wanted": "Who was called, and when."}]
    })
)]
pub(super) struct AskBody {
    /// What it is about, in one line.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 200, pattern = r"\S")]
    subject: Input,
    /// Why the union needs it.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 2000, pattern = r"\S")]
    relevance: Input,
    /// Of whom at the employer.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 200, pattern = r"\S")]
    asked_of: Input,
    /// The day it was asked, not in the future.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = Date)]
    asked_on: Input,
    /// The last day for the answer.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = Date)]
    due_on: Input,
    /// The items; they are numbered from 1 in this order.
    #[serde(default)]
    #[schema(value_type = Vec<WantedBody>, required = true, min_items = 1, max_items = 50)]
    items: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

/// One item that is asked for.
#[derive(Deserialize, ToSchema)]
#[schema(as = WantedItem)]
pub(super) struct WantedBody {
    /// What is wanted.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 2000, pattern = r"\S")]
    wanted: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

/// What was said of items on one day.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = AnswerInformationRequest,
    example = json!({
        "answered_on": "2026-11-12",
        "items": [
            {"item": 1, "action": "answer", "text": "A copy of the list, three pages."},
            {"item": 2, "action": "refuse", "text": "Said to be confidential."}
        ]
    })
)]
pub(super) struct AnswersBody {
    /// The day, not in the future; today when nothing is said.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    answered_on: Input,
    /// What was said of each item.
    #[serde(default)]
    #[schema(value_type = Vec<ItemAnswerBody>, required = true, min_items = 1, max_items = 50)]
    items: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

/// What was said of one item.
#[derive(Deserialize, ToSchema)]
#[schema(as = ItemAnswer)]
pub(super) struct ItemAnswerBody {
    /// Which one, from 1.
    #[serde(default)]
    #[schema(value_type = i64, required = true, minimum = 1, maximum = 50)]
    item: Input,
    /// What happened to it.
    #[serde(default)]
    #[schema(value_type = RequestItemActionName, required = true)]
    action: Input,
    /// What was given, the ground of a refusal, or what is missing.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 10000, pattern = r"\S")]
    text: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

/// The union asks again.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = FollowUp,
    example = json!({
        "followed_up_on": "2026-11-17", "text": "Called B. Ohm, who promised both by Friday.",
        "due_on": "2026-11-20"
    })
)]
pub(super) struct FollowUpBody {
    /// The day, not in the future; today when nothing is said.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    followed_up_on: Input,
    /// What was asked.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 10000, pattern = r"\S")]
    text: Input,
    /// The new last day for the answer, if there is one.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    due_on: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

/// Why the union does without.
#[derive(Deserialize, ToSchema)]
#[schema(as = WithdrawInformationRequest, example = json!({"reason": "The grievance was settled."}))]
pub(super) struct WithdrawRequestBody {
    /// The reason, in words.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 10000, pattern = r"\S")]
    reason: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl AskBody {
    /// What is asked, or every field that is wrong.
    pub(super) fn command(self) -> Result<Asked, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let subject = reader.required("subject", self.subject, Line::parse);
        let relevance = reader.optional("relevance", self.relevance, Prose::parse);
        let asked_of = reader.optional("asked_of", self.asked_of, Line::parse);
        let asked_on = reader.required("asked_on", self.asked_on, date);
        let due_on = reader.required("due_on", self.due_on, date);
        let read = |body: WantedBody, reader: &mut Reader| {
            reader.refuse(&body.unknown);
            reader.required("wanted", body.wanted, Prose::parse)
        };
        let items = reader.objects("items", self.items, MOST_ITEMS, read);
        let days = asked_on.zip(due_on);
        let words = subject.zip(items);
        let asked = days
            .zip(words)
            .map(|((asked_on, due_on), (subject, items))| Asked {
                subject,
                relevance,
                asked_of,
                asked_on,
                due_on,
                items,
            });
        reader.finish(asked)
    }
}

impl AnswersBody {
    /// What was said, or every field that is wrong.
    pub(super) fn command(self) -> Result<Answers, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let on = reader.optional("answered_on", self.answered_on, date);
        let items = reader.objects("items", self.items, MOST_ITEMS, ItemAnswerBody::read);
        reader.finish(items.map(|items| Answers { on, items }))
    }
}

impl ItemAnswerBody {
    fn read(self, reader: &mut Reader) -> Option<ItemAnswer> {
        reader.refuse(&self.unknown);
        if self.item == Input::Absent {
            reader.wrong("item", Invalid::new("required", "must be given"));
        }
        let item = reader.whole_number("item", self.item, |item| {
            u16::try_from(item)
                .map_err(|_| Invalid::new("out_of_range", "must be a whole number from 1 to 50"))
        });
        let action = reader.required("action", self.action, ItemAction::parse);
        let text = reader.required("text", self.text, Prose::parse);
        Some(ItemAnswer {
            item: item?,
            action: action?,
            text: text?,
        })
    }
}

impl FollowUpBody {
    /// The follow-up, or every field that is wrong.
    pub(super) fn command(self) -> Result<FollowUp, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let on = reader.optional("followed_up_on", self.followed_up_on, date);
        let text = reader.required("text", self.text, Prose::parse);
        let due_on = reader.optional("due_on", self.due_on, date);
        reader.finish(text.map(|text| FollowUp { on, text, due_on }))
    }
}

impl WithdrawRequestBody {
    /// The reason, or what is wrong with it.
    pub(super) fn command(self) -> Result<Prose<10_000>, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let reason = reader.required("reason", self.reason, Prose::parse);
        reader.finish(reason)
    }
}
