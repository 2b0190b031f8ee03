//! How an event of the audit trail is shown.

use jiff::Timestamp;
use serde::Serialize;
use unionhall_application::trail::{AuditRecord, Origin};
use unionhall_domain::users::UserId;
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::{
    choices::{ActorKindName, AuditActionName, AuditTargetName},
    shown::{Pairs, Shown},
};

/// Something that happened.
#[derive(Serialize, ToSchema)]
#[schema(as = AuditEvent)]
pub(super) struct AuditEventView<'a> {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<Uuid>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: Shown<Timestamp>,
    /// Who.
    #[schema(value_type = ActorKindName)]
    actor_kind: &'a str,
    /// The user, if it was one.
    #[schema(value_type = Option<String>, required = true, format = "uuid")]
    actor_id: Option<Shown<UserId>>,
    /// The user's e-mail address, if it was one.
    #[schema(required = true)]
    actor_email: Option<&'a str>,
    /// Did what.
    #[schema(value_type = AuditActionName)]
    action: &'static str,
    /// To what kind of record.
    #[schema(value_type = AuditTargetName)]
    target: &'static str,
    /// To which one; null for lists.
    #[schema(value_type = Option<String>, required = true, format = "uuid")]
    target_id: Option<Shown<Uuid>>,
    /// What changed.
    changes: Vec<FieldChangeView<'a>>,
    /// What else there is to say: filters, counts, reasons.
    #[schema(value_type = std::collections::HashMap<String, String>)]
    details: Pairs<'a>,
    /// The id of the request.
    request_id: &'a str,
    /// The client's network address.
    #[schema(required = true)]
    address: Option<&'a str>,
    /// What the client said it is.
    #[schema(required = true)]
    device: Option<&'a str>,
}

/// One changed field.
#[derive(Serialize, ToSchema)]
#[schema(as = FieldChange)]
pub(super) struct FieldChangeView<'a> {
    /// The field's name.
    field: &'a str,
    /// What it was; null for nothing.
    #[schema(required = true)]
    before: Option<&'a str>,
    /// What it became; null for nothing.
    #[schema(required = true)]
    after: Option<&'a str>,
}

impl<'a> From<&'a AuditRecord> for AuditEventView<'a> {
    fn from(record: &'a AuditRecord) -> Self {
        let AuditRecord {
            id,
            at,
            actor_kind,
            actor_id,
            actor_email,
            action,
            target,
            target_id,
            changes,
            details,
            origin,
        } = record;
        let Origin {
            request_id,
            address,
            device,
        } = origin;
        let change = |(field, before, after): &'a (String, Option<String>, Option<String>)| {
            FieldChangeView {
                field,
                before: before.as_deref(),
                after: after.as_deref(),
            }
        };
        Self {
            id: Shown(*id),
            at: Shown(*at),
            actor_kind,
            actor_id: actor_id.map(Shown),
            actor_email: actor_email.as_deref(),
            action: action.as_str(),
            target: target.as_str(),
            target_id: target_id.map(Shown),
            changes: changes.iter().map(change).collect(),
            details: Pairs(details),
            request_id,
            address: address.as_deref(),
            device: device.as_deref(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use unionhall_domain::{
        audit::{AuditAction, Target},
        ids::Id,
    };

    use super::*;

    #[test]
    fn an_event_says_who_did_what_to_which_record_and_what_changed() {
        let record = AuditRecord {
            id: Uuid::from_u128(1),
            at: "2026-11-21T08:00:00Z".parse().unwrap(),
            actor_kind: "user".to_owned(),
            actor_id: Some(Id::new(Uuid::from_u128(2))),
            actor_email: Some("staff@local46.example".to_owned()),
            action: AuditAction::Updated,
            target: Target::Member,
            target_id: Some(Uuid::from_u128(3)),
            changes: vec![("city".to_owned(), None, Some("Kent".to_owned()))],
            details: vec![("reason".to_owned(), "moved".to_owned())],
            origin: Origin {
                request_id: "r-1".to_owned(),
                address: Some("127.0.0.1".to_owned()),
                device: None,
            },
        };
        assert_eq!(
            serde_json::to_value(AuditEventView::from(&record)).unwrap(),
            json!({
                "id": "00000000-0000-0000-0000-000000000001", "at": "2026-11-21T08:00:00Z",
                "actor_kind": "user", "actor_id": "00000000-0000-0000-0000-000000000002",
                "actor_email": "staff@local46.example", "action": "updated", "target": "member",
                "target_id": "00000000-0000-0000-0000-000000000003",
                "changes": [{"field": "city", "before": null, "after": "Kent"}],
                "details": {"reason": "moved"}, "request_id": "r-1", "address": "127.0.0.1",
                "device": null
            })
        );
    }
}
