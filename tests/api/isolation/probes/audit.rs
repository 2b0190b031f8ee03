//! The probes of the audit trail.

use super::{Probe, listed};

/// Every place that takes an id.
pub(super) fn probes() -> Vec<Probe> {
    listed(&[
        ("audit_list query actor", |_, who, ids| {
            who.get(&format!(
                "/audit-events?actor={}&include_total=true",
                ids.user
            ))
        }),
        ("audit_list query target_id", |_, who, ids| {
            who.get(&format!(
                "/audit-events?target_id={}&include_total=true",
                ids.member
            ))
        }),
        ("audit_list_by_record path id", |_, who, ids| {
            who.get(&format!("/audit-events/by-record/member/{}", ids.member))
        }),
    ])
}
