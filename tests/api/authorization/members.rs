//! The rows of members.

use serde_json::json;

use super::{Body, OFFICERS, ORGANIZERS, Row, STAFF, and_member, first, get, rehearse, row};
use crate::fixtures::new_member;

const ROSTER: &str = "member_number,first_name,last_name,classification\nNEW-1,Ada,Voltz,foreman\n";

pub(super) fn rows() -> Vec<Row> {
    vec![
        row(
            "members_list",
            and_member(first(ORGANIZERS, 200), 200),
            |_, _| get("/members?q=Voltz".to_owned()),
        ),
        row(
            "members_find",
            and_member(first(ORGANIZERS, 200), 200),
            |world, _| get(format!("/members/{}", world.records.member)),
        ),
        // A member's own record is theirs alone.
        row(
            "members_find",
            and_member(first(ORGANIZERS, 200), 404),
            |world, _| get(format!("/members/{}", world.records.free_member)),
        ),
        row(
            "members_find_by_number",
            and_member(first(ORGANIZERS, 200), 200),
            |world, _| {
                get(format!(
                    "/members/by-number/{}",
                    world.records.member_number
                ))
            },
        ),
        row(
            "members_find_by_number",
            and_member(first(ORGANIZERS, 200), 404),
            |_, _| get("/members/by-number/L-3".to_owned()),
        ),
        row("members_create", first(STAFF, 201), |_, _| {
            rehearse("POST", "/members", Body::Json(new_member("NEW-1")))
        }),
        row("members_import", first(STAFF, 200), |_, _| {
            rehearse("POST", "/members/imports", Body::Csv(ROSTER))
        }),
        row("members_update", first(STAFF, 200), |world, _| {
            let path = format!("/members/{}", world.records.member);
            rehearse("PATCH", &path, Body::Json(json!({"phone": "206-555-0146"})))
        }),
        row("members_delete", first(OFFICERS, 204), |world, _| {
            let path = format!("/members/{}", world.records.free_member);
            rehearse("DELETE", &path, Body::None)
        }),
        row("members_restore", first(OFFICERS, 200), |world, _| {
            let path = format!("/members/{}/restore", world.records.deleted_member);
            rehearse("POST", &path, Body::None)
        }),
    ]
}
