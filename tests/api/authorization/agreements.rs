//! The rows of agreements, their rules and the holiday calendars.

use serde_json::json;

use super::{Body, OFFICERS, Row, STAFF, asked, first, get, rehearse, row};
use crate::collective_agreements::{new_agreement, new_rules};

/// Staff reads what officers decide on.
pub(super) fn rows() -> Vec<Row> {
    vec![
        row("agreements_list", first(STAFF, 200), |_, _| {
            get("/agreements".to_owned())
        }),
        row("agreements_find", first(STAFF, 200), |world, _| {
            get(format!("/agreements/{}", world.records.agreement))
        }),
        row("agreements_create", first(OFFICERS, 201), |world, _| {
            let body = new_agreement(Some(&world.records.employer));
            rehearse("POST", "/agreements", Body::Json(body))
        }),
        row("agreements_update", first(OFFICERS, 200), |world, _| {
            let path = format!("/agreements/{}", world.records.agreement);
            rehearse("PATCH", &path, Body::Json(json!({"name": "Renamed"})))
        }),
        row("agreements_delete", first(OFFICERS, 204), |world, _| {
            let path = format!("/agreements/{}", world.records.free_agreement);
            rehearse("DELETE", &path, Body::None)
        }),
        row("agreements_restore", first(OFFICERS, 200), |world, _| {
            let path = format!("/agreements/{}/restore", world.records.deleted_agreement);
            rehearse("POST", &path, Body::None)
        }),
        row("agreements_rule_sets", first(STAFF, 200), |world, _| {
            get(format!("/agreements/{}/rule-sets", world.records.agreement))
        }),
        row("agreements_rule_set", first(STAFF, 200), |world, _| {
            let agreement = &world.records.agreement;
            get(format!("/agreements/{agreement}/rule-sets/1"))
        }),
        row(
            "agreements_add_rule_set",
            first(OFFICERS, 201),
            |world, _| {
                let path = format!("/agreements/{}/rule-sets", world.records.agreement);
                rehearse("POST", &path, Body::Json(new_rules()))
            },
        ),
        row("holidays_list", first(STAFF, 200), |_, _| {
            get("/holiday-calendars".to_owned())
        }),
        row("holidays_find", first(STAFF, 200), |_, _| {
            get("/holiday-calendars/2026".to_owned())
        }),
        // Nobody has edited that year.
        row("holidays_find_version", first(STAFF, 404), |_, _| {
            get("/holiday-calendars/2030/versions/2".to_owned())
        }),
        row("holidays_edit", first(OFFICERS, 200), |_, _| {
            let edit = json!({"action": "remove", "date": "2026-10-12"});
            let path = "/holiday-calendars/2026/edits?dry_run=true".to_owned();
            asked("POST", path, Body::Json(json!({"edits": [edit]})))
        }),
    ]
}
