//! How a request for information is shown.

use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use unionhall_application::cases::Dated;
use unionhall_domain::{
    grievances::GrievanceId,
    information_requests::{Asked, Entry, EntryId, InformationRequest, InformationRequestId},
    users::UserId,
};
use utoipa::ToSchema;

use super::super::{
    choices::{
        InformationRequestActionName, InformationRequestStatusName, RequestEntryKindName,
        RequestItemStatusName,
    },
    shown::Shown,
};

/// A request for information.
#[derive(Serialize, ToSchema)]
#[schema(as = InformationRequest)]
pub(super) struct InformationRequestView<'a> {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<InformationRequestId>,
    /// The grievance it is made for.
    #[schema(value_type = String, format = "uuid")]
    grievance_id: Shown<GrievanceId>,
    /// What it is about.
    subject: &'a str,
    /// Why the union needs it.
    #[schema(required = true)]
    relevance: Option<&'a str>,
    /// Of whom at the employer it was asked.
    #[schema(required = true)]
    asked_of: Option<&'a str>,
    /// The day it was asked.
    #[schema(value_type = String, format = Date)]
    asked_on: Shown<Date>,
    /// The user who wrote it down.
    #[schema(value_type = Option<String>, required = true, format = "uuid")]
    asked_by: Option<Shown<UserId>>,
    /// The last day for the answer: the newest that was set.
    #[schema(value_type = String, format = Date)]
    due_on: Shown<Date>,
    /// Where it stands.
    #[schema(value_type = InformationRequestStatusName)]
    status: &'static str,
    /// Whether it waits although its last day has passed.
    is_overdue: bool,
    /// What is asked for, and where each item stands.
    items: Vec<RequestItemView<'a>>,
    /// What became of it, earliest first.
    entries: Vec<RequestEntryView<'a>>,
    /// Counts the changes of the record.
    #[schema(minimum = 1)]
    version: i64,
    /// When it was written down.
    #[schema(value_type = String, format = DateTime)]
    created_at: Shown<Timestamp>,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Shown<Timestamp>,
    /// What the caller may do with it now; not in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<InformationRequestActionName>, required = false)]
    allowed_actions: Option<Vec<&'static str>>,
}

/// One item of a request.
#[derive(Serialize, ToSchema)]
#[schema(as = RequestItem)]
pub(super) struct RequestItemView<'a> {
    /// Its number, from 1.
    #[schema(minimum = 1, maximum = 50)]
    item: u16,
    /// What is wanted.
    wanted: &'a str,
    /// Where it stands.
    #[schema(value_type = RequestItemStatusName)]
    status: &'static str,
}

/// Something that became of a request.
#[derive(Serialize, ToSchema)]
#[schema(as = RequestEntry)]
pub(super) struct RequestEntryView<'a> {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<EntryId>,
    /// The item it is about; null for the whole request.
    #[schema(required = true)]
    item: Option<u16>,
    /// What it is.
    #[schema(value_type = RequestEntryKindName)]
    kind: &'static str,
    /// The day it happened.
    #[schema(value_type = String, format = Date)]
    happened_on: Shown<Date>,
    /// What was given, the ground of a refusal, what is missing, what was asked again, or the reason; in lists its first
    /// 200 characters.
    text: &'a str,
    /// The new last day, if it set one.
    #[schema(value_type = Option<String>, required = true, format = Date)]
    due_on: Option<Shown<Date>>,
    /// The user who wrote it down.
    #[schema(value_type = Option<String>, required = true, format = "uuid")]
    recorded_by: Option<Shown<UserId>>,
    /// When it was written down.
    #[schema(value_type = String, format = DateTime)]
    recorded_at: Shown<Timestamp>,
}

impl InformationRequestView<'_> {
    /// The same view, with what the caller may do.
    pub(super) fn allowing(self, actions: Vec<&'static str>) -> Self {
        Self {
            allowed_actions: Some(actions),
            ..self
        }
    }
}

impl<'a> From<&'a Dated<InformationRequest>> for InformationRequestView<'a> {
    fn from(request: &'a Dated<InformationRequest>) -> Self {
        let Dated {
            record: request,
            is_overdue,
        } = request;
        let InformationRequest {
            id,
            grievance,
            asked,
            asked_by,
            entries,
            version,
            created_at,
            updated_at,
        } = request;
        let Asked {
            subject,
            relevance,
            asked_of,
            asked_on,
            due_on: _,
            items,
        } = asked;
        let numbered = (1_u16..).zip(items).zip(request.items());
        Self {
            id: Shown(*id),
            grievance_id: Shown(*grievance),
            subject: subject.as_str(),
            relevance: relevance.as_ref().map(|text| text.as_str()),
            asked_of: asked_of.as_ref().map(|text| text.as_str()),
            asked_on: Shown(*asked_on),
            asked_by: asked_by.map(Shown),
            due_on: Shown(request.due_on()),
            status: request.status().as_str(),
            is_overdue: *is_overdue,
            items: numbered
                .map(|((item, wanted), status)| RequestItemView {
                    item,
                    wanted: wanted.as_str(),
                    status: status.as_str(),
                })
                .collect(),
            entries: entries.iter().map(RequestEntryView::from).collect(),
            version: version.get(),
            created_at: Shown(*created_at),
            updated_at: Shown(*updated_at),
            allowed_actions: None,
        }
    }
}

impl<'a> From<&'a Entry> for RequestEntryView<'a> {
    fn from(entry: &'a Entry) -> Self {
        let Entry {
            id,
            item,
            kind,
            on,
            text,
            due_on,
            recorded_by,
            recorded_at,
        } = entry;
        Self {
            id: Shown(*id),
            item: *item,
            kind: kind.as_str(),
            happened_on: Shown(*on),
            text: text.as_str(),
            due_on: due_on.map(Shown),
            recorded_by: recorded_by.map(Shown),
            recorded_at: Shown(*recorded_at),
        }
    }
}
