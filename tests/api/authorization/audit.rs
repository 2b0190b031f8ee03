//! The rows of the audit trail.

use super::{OFFICERS, Row, first, get, row};

/// The rows.
pub(super) fn rows() -> Vec<Row> {
    vec![
        row("audit_list", first(OFFICERS, 200), |_, _| {
            get("/audit-events".to_owned())
        }),
        row("audit_list_by_record", first(OFFICERS, 200), |world, _| {
            get(format!(
                "/audit-events/by-record/member/{}",
                world.records.member
            ))
        }),
    ]
}
