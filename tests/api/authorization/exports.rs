//! Who may take lists out as files, and change many records at once: the office, as far as it may read and change them.

use serde_json::json;

use super::{ADMINS, Body, OFFICERS, Row, STAFF, first, get, rehearse, row};

pub(super) fn rows() -> Vec<Row> {
    let mut rows = lists();
    rows.extend(many_at_once());
    rows
}

fn lists() -> Vec<Row> {
    vec![
        row("users_export", first(STAFF, 200), |_, _| {
            get("/users/export".to_owned())
        }),
        row("invitations_export", first(ADMINS, 200), |_, _| {
            get("/invitations/export".to_owned())
        }),
        // Whole lists of personal data are taken out by the office alone.
        row("members_export", first(STAFF, 200), |_, _| {
            get("/members/export?q=Voltz".to_owned())
        }),
        row("organizations_export", first(STAFF, 200), |_, _| {
            get("/organizations/export?format=xlsx".to_owned())
        }),
        row("contacts_export", first(STAFF, 200), |_, _| {
            get("/organization-contacts/export?is_primary=true".to_owned())
        }),
        row("employments_export", first(STAFF, 200), |_, _| {
            get("/member-employments/export?current=true".to_owned())
        }),
        row("grievances_export", first(STAFF, 200), |_, _| {
            get("/grievances/export?status=open".to_owned())
        }),
        row("information_requests_export", first(STAFF, 200), |_, _| {
            get("/information-requests/export?overdue=true".to_owned())
        }),
        row("obligations_export", first(STAFF, 200), |_, _| {
            get("/obligations/export?outstanding=true".to_owned())
        }),
        row("deadlines_export", first(STAFF, 200), |_, _| {
            get("/deadlines/export?status=running".to_owned())
        }),
        row("agreements_export", first(STAFF, 200), |_, _| {
            get("/agreements/export?sort=-effective_from".to_owned())
        }),
        row("holidays_export", first(STAFF, 200), |_, _| {
            get("/holiday-calendars/export?format=xlsx".to_owned())
        }),
        row("audit_export", first(OFFICERS, 200), |_, _| {
            get("/audit-events/export?action=updated".to_owned())
        }),
        row(
            "audit_export_by_record",
            first(OFFICERS, 200),
            |world, _| {
                let member = &world.records.member;
                get(format!("/audit-events/by-record/member/{member}/export"))
            },
        ),
    ]
}

fn many_at_once() -> Vec<Row> {
    vec![
        row(
            "members_set_status_of_many",
            first(STAFF, 200),
            |world, _| {
                let members = json!([{"id": world.records.free_member}]);
                let body = json!({"status": "retired", "members": members});
                rehearse("POST", "/members/batch/status", Body::Json(body))
            },
        ),
        row("grievances_assign_many", first(STAFF, 200), |world, _| {
            let body = json!({"grievances": [{"id": world.records.grievance}]});
            let path = "/grievances/batch/representative";
            rehearse("POST", path, Body::Json(body))
        }),
    ]
}
