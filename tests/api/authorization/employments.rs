//! The rows of employments.

use jiff::civil::date;
use serde_json::json;

use super::{
    ADMINS, Asked, Body, ORGANIZERS, Row, STAFF, World, and_member, asked, first, get, rehearse,
    row,
};
use crate::fixtures::new_employment;

const JOBS: &str = "/member-employments";
/// A list of jobs without any: whoever may bring one in may bring in nothing, too.
const LIST: &str = "member_number,organization_name,start_date\n";

pub(super) fn rows() -> Vec<Row> {
    let own = and_member(first(ORGANIZERS, 200), 200);
    vec![
        row("employments_list", own, |_, _| {
            get(format!("{JOBS}?current=true"))
        }),
        row("employments_find", own, |world, _| {
            get(format!("{JOBS}/{}", world.records.job))
        }),
        row("employments_titles", first(ORGANIZERS, 200), |_, _| {
            get(format!("{JOBS}/titles?q=journey"))
        }),
        row("employments_rules", first(ORGANIZERS, 200), |_, _| {
            get(format!("{JOBS}/rules"))
        }),
        row("employments_update_rules", first(ADMINS, 200), |_, _| {
            let body = json!({"max_current_jobs": 2});
            rehearse("PATCH", &format!("{JOBS}/rules"), Body::Json(body))
        }),
        row("employments_create", first(STAFF, 201), |world, _| {
            let records = &world.records;
            let start = date(2026, 1, 5);
            let mut body = new_employment(&records.member, &records.free_employer, start);
            body["ends_previous"] = json!(true);
            rehearse("POST", JOBS, Body::Json(body))
        }),
        row("employments_import", first(STAFF, 200), |_, _| {
            rehearse("POST", &format!("{JOBS}/imports"), Body::Csv(LIST))
        }),
        row("employments_end_many", first(STAFF, 200), |world, _| {
            let body = json!({"employments": [{"id": world.records.job}]});
            rehearse("POST", &format!("{JOBS}/batch/end"), Body::Json(body))
        }),
        row("employments_start_many", first(STAFF, 200), |world, _| {
            let body = json!({
                "organization_id": world.records.free_employer, "start_date": "2026-01-05",
                "members": [{"id": world.records.free_member}]
            });
            rehearse("POST", &format!("{JOBS}/batch/start"), Body::Json(body))
        }),
        row("employments_update", first(STAFF, 200), |world, _| {
            let path = format!("{JOBS}/{}", world.records.job);
            rehearse("PATCH", &path, Body::Json(json!({"job_title": null})))
        }),
        row("employments_end", first(STAFF, 200), |world, _| {
            on(world, "POST", "/end")
        }),
        row("employments_delete", first(STAFF, 204), |world, _| {
            on(world, "DELETE", "")
        }),
        row("employments_restore", first(STAFF, 200), |world, _| {
            let path = format!("{JOBS}/{}/restore", world.records.deleted_job);
            rehearse("POST", &path, Body::None)
        }),
    ]
}

fn on(world: &World, method: &'static str, rest: &str) -> Asked {
    let path = format!("{JOBS}/{}{rest}?dry_run=true", world.records.job);
    asked(method, path, Body::None)
}
