//! What can be written into the log.

use serde::Deserialize;
use unionhall_application::representation_log::NewDecision;
use unionhall_domain::{
    grievances::Step,
    ids::Id,
    representation_log::{Channel, Contact, DecisionKind, Direction, LogEntryId},
    text::{Line, Prose},
};
use utoipa::ToSchema;

use super::super::choices::{
    ContactChannelName, ContactDirectionName, DecisionKindName, GrievanceStepName,
};
use crate::web::{
    fields::{Input, Reader, Unknown, date, instant},
    problem::Problem,
};

/// A contact with the member.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = NewMemberContact,
    example = json!({
        "contacted_at": "2026-11-20T17:00:00Z", "channel": "phone", "direction": "to_member",
        "contacted_by": "A. Voltz", "said": "Told of the denial and of the next step.",
        "sent": "Copy of the denial, by e-mail."
    })
)]
pub(super) struct ContactBody {
    /// When, not in the future.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = DateTime)]
    contacted_at: Input,
    /// How.
    #[serde(default)]
    #[schema(value_type = ContactChannelName, required = true)]
    channel: Input,
    /// Who with whom.
    #[serde(default)]
    #[schema(value_type = ContactDirectionName, required = true)]
    direction: Input,
    /// Who for the union.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 200, pattern = r"\S")]
    contacted_by: Input,
    /// What was said.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 10000, pattern = r"\S")]
    said: Input,
    /// What was sent along.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 2000, pattern = r"\S")]
    sent: Input,
    /// The contact that this entry corrects.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    corrects_id: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

/// A decision with its reason.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = NewDecision,
    example = json!({
        "decision": "not_advancing", "decided_on": "2026-11-20",
        "reason": "Two awards on the same article went the other way; counsel advised against."
    })
)]
pub(super) struct DecisionBody {
    /// The day, between the filing and today; today when nothing is said.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    decided_on: Input,
    /// What was decided.
    #[serde(default)]
    #[schema(value_type = DecisionKindName, required = true)]
    decision: Input,
    /// The step it was about; when nothing is said, that of what it corrects, or the one that the grievance was on that
    /// day.
    #[serde(default)]
    #[schema(value_type = Option<GrievanceStepName>)]
    step: Input,
    /// Why.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 10000, pattern = r"\S")]
    reason: Input,
    /// The decision that this entry corrects.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    corrects_id: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl ContactBody {
    /// The contact and what it corrects, or every field that is wrong.
    pub(super) fn command(self) -> Result<(Contact, Option<LogEntryId>), Problem> {
        let mut reader = Reader::new(&self.unknown);
        let at = reader.required("contacted_at", self.contacted_at, instant);
        let channel = reader.required("channel", self.channel, Channel::parse);
        let direction = reader.required("direction", self.direction, Direction::parse);
        let by = reader.required("contacted_by", self.contacted_by, Line::parse);
        let said = reader.required("said", self.said, Prose::parse);
        let sent = reader.optional("sent", self.sent, Prose::parse);
        let corrects = reader.optional("corrects_id", self.corrects_id, Id::parse);
        let how = at.zip(channel).zip(direction);
        let what = by.zip(said);
        let contact = how
            .zip(what)
            .map(|(((at, channel), direction), (by, said))| Contact {
                at,
                channel,
                direction,
                by,
                said,
                sent,
            });
        reader.finish(contact.map(|contact| (contact, corrects)))
    }
}

impl DecisionBody {
    /// The decision and what it corrects, or every field that is wrong.
    pub(super) fn command(self) -> Result<(NewDecision, Option<LogEntryId>), Problem> {
        let mut reader = Reader::new(&self.unknown);
        let on = reader.optional("decided_on", self.decided_on, date);
        let kind = reader.required("decision", self.decision, DecisionKind::parse);
        let step = reader.optional("step", self.step, Step::parse);
        let reason = reader.required("reason", self.reason, Prose::parse);
        let corrects = reader.optional("corrects_id", self.corrects_id, Id::parse);
        let decision = kind.zip(reason).map(|(kind, reason)| {
            let decision = NewDecision {
                on,
                kind,
                step,
                reason,
            };
            (decision, corrects)
        });
        reader.finish(decision)
    }
}
