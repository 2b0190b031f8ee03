//! How an entry of the log is shown.

use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use unionhall_domain::{
    grievances::GrievanceId,
    representation_log::{Contact, Decision, LogContent, LogEntry, LogEntryId},
    users::UserId,
};
use utoipa::ToSchema;

use super::super::{
    choices::{
        ContactChannelName, ContactDirectionName, DecisionKindName, GrievanceStepName,
        LogEntryKindName,
    },
    shown::Shown,
};

/// A contact with the member, or a decision.
#[derive(Serialize, ToSchema)]
#[schema(as = LogEntry)]
pub(super) struct LogEntryView<'a> {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<LogEntryId>,
    /// The grievance it is about.
    #[schema(value_type = String, format = "uuid")]
    grievance_id: Shown<GrievanceId>,
    /// What it is.
    #[schema(value_type = LogEntryKindName)]
    kind: &'static str,
    /// The contact, if it is one.
    #[schema(value_type = Option<ContactView>, required = true)]
    contact: Option<ContactView<'a>>,
    /// The decision, if it is one.
    #[schema(value_type = Option<DecisionView>, required = true)]
    decision: Option<DecisionView<'a>>,
    /// The entry that it corrects.
    #[schema(value_type = Option<String>, required = true, format = "uuid")]
    corrects_id: Option<Shown<LogEntryId>>,
    /// The user who wrote it down.
    #[schema(value_type = Option<String>, required = true, format = "uuid")]
    recorded_by: Option<Shown<UserId>>,
    /// When it was written down.
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Shown<Timestamp>,
}

/// A contact with the member.
#[derive(Serialize, ToSchema)]
#[schema(as = MemberContact)]
pub(super) struct ContactView<'a> {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    contacted_at: Shown<Timestamp>,
    /// How.
    #[schema(value_type = ContactChannelName)]
    channel: &'static str,
    /// Who with whom.
    #[schema(value_type = ContactDirectionName)]
    direction: &'static str,
    /// Who for the union.
    contacted_by: &'a str,
    /// What was said.
    said: &'a str,
    /// What was sent along.
    #[schema(required = true)]
    sent: Option<&'a str>,
}

/// A decision with its reason.
#[derive(Serialize, ToSchema)]
#[schema(as = Decision)]
pub(super) struct DecisionView<'a> {
    /// The day.
    #[schema(value_type = String, format = Date)]
    decided_on: Shown<Date>,
    /// What was decided.
    #[schema(value_type = DecisionKindName)]
    decision: &'static str,
    /// The step that the grievance was on.
    #[schema(value_type = GrievanceStepName)]
    step: &'static str,
    /// Why.
    reason: &'a str,
}

impl<'a> From<&'a LogEntry> for LogEntryView<'a> {
    fn from(entry: &'a LogEntry) -> Self {
        let LogEntry {
            id,
            grievance,
            content,
            corrects,
            recorded_by,
            recorded_at,
        } = entry;
        let (contact, decision) = match content {
            LogContent::Contact(contact) => (Some(ContactView::from(contact)), None),
            LogContent::Decision(decision) => (None, Some(DecisionView::from(decision))),
        };
        Self {
            id: Shown(*id),
            grievance_id: Shown(*grievance),
            kind: content.kind().as_str(),
            contact,
            decision,
            corrects_id: corrects.map(Shown),
            recorded_by: recorded_by.map(Shown),
            recorded_at: Shown(*recorded_at),
        }
    }
}

impl<'a> From<&'a Contact> for ContactView<'a> {
    fn from(contact: &'a Contact) -> Self {
        let Contact {
            at,
            channel,
            direction,
            by,
            said,
            sent,
        } = contact;
        Self {
            contacted_at: Shown(*at),
            channel: channel.as_str(),
            direction: direction.as_str(),
            contacted_by: by.as_str(),
            said: said.as_str(),
            sent: sent.as_ref().map(|text| text.as_str()),
        }
    }
}

impl<'a> From<&'a Decision> for DecisionView<'a> {
    fn from(decision: &'a Decision) -> Self {
        let Decision {
            on,
            kind,
            step,
            reason,
        } = decision;
        Self {
            decided_on: Shown(*on),
            decision: kind.as_str(),
            step: step.as_str(),
            reason: reason.as_str(),
        }
    }
}
