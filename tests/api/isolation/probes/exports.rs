//! The probes of lists that leave as files.

use serde_json::json;

use super::{Probe, listed};

/// Every place that takes an id.
pub(super) fn probes() -> Vec<Probe> {
    listed(&[
        ("contacts_export query organization_id", |_, who, ids| {
            let query = format!("organization_id={}", ids.employer);
            who.get(&format!("/organization-contacts/export?{query}"))
        }),
        ("employments_export query member_id", |_, who, ids| {
            let query = format!("member_id={}", ids.member);
            who.get(&format!("/member-employments/export?{query}"))
        }),
        ("employments_export query organization_id", |_, who, ids| {
            let query = format!("organization_id={}", ids.employer);
            who.get(&format!("/member-employments/export?{query}"))
        }),
        (
            "grievances_assign_many body assigned_representative_id",
            |_, who, ids| {
                let own = who
                    .get("/grievances?limit=1")
                    .expect(200)
                    .text_at("/items/0/id");
                let body = json!({
                    "assigned_representative_id": ids.user, "grievances": [{"id": own}]
                });
                who.post("/grievances/batch/representative?dry_run=true", &body)
            },
        ),
        ("grievances_export query member_id", |_, who, ids| {
            who.get(&format!("/grievances/export?member_id={}", ids.member))
        }),
        ("grievances_export query employer_id", |_, who, ids| {
            who.get(&format!("/grievances/export?employer_id={}", ids.employer))
        }),
        (
            "grievances_export query assigned_representative_id",
            |_, who, ids| {
                let query = format!("assigned_representative_id={}", ids.user);
                who.get(&format!("/grievances/export?{query}"))
            },
        ),
        ("grievances_export query carrier_id", |_, who, ids| {
            who.get(&format!("/grievances/export?carrier_id={}", ids.user))
        }),
        ("audit_export query actor", |_, who, ids| {
            who.get(&format!("/audit-events/export?actor={}", ids.user))
        }),
        ("audit_export query target_id", |_, who, ids| {
            who.get(&format!("/audit-events/export?target_id={}", ids.member))
        }),
        ("audit_export_by_record path id", |_, who, ids| {
            let path = format!("/audit-events/by-record/member/{}/export", ids.member);
            who.get(&path)
        }),
    ])
}
