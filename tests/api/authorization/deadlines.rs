//! The rows of deadlines.

use serde_json::json;

use crate::fixtures::reason;

use super::{
    ADMINS, Body, OFFICERS, Row, STAFF, World, act, and_member, asked, first, get, of_user,
    rehearse, row, signed_in,
};

/// What is said of the deadline of the grievance that has one.
fn of(world: &World, verb: &str, body: Body) -> super::Asked {
    let (grievance, id) = (&world.records.dated, &world.records.deadline);
    let path = format!("/grievances/{grievance}/deadlines/{id}/{verb}");
    rehearse("POST", &path, body)
}

fn agreed(world: &World) -> serde_json::Value {
    json!({"agreed_on": world.app.today().to_string(), "for_union": "A", "for_employer": "B", "days": 5})
}

/// Staff works on deadlines; what gives one up, and what moves many, is for officers.
pub(super) fn rows() -> Vec<Row> {
    let mut rows = corrections();
    rows.extend(vec![
        row("deadlines_list", first(STAFF, 200), |_, _| {
            get("/deadlines".to_owned())
        }),
        row("deadlines_changes", first(STAFF, 200), |_, _| {
            get("/deadlines/changes".to_owned())
        }),
        // It is the fingerprint of nothing that was shown.
        row("deadlines_confirm_changes", first(OFFICERS, 409), |_, _| {
            let body = json!({"fingerprint": "0".repeat(64)});
            rehearse("POST", "/deadlines/changes", Body::Json(body))
        }),
        row(
            "deadlines_of_grievance",
            and_member(first(STAFF, 200), 200),
            |world, _| get(format!("/grievances/{}/deadlines", world.records.dated)),
        ),
        row("deadlines_record_event", first(STAFF, 200), |world, _| {
            let today = world.app.today().to_string();
            let body = json!({"kind": "answered", "happened_on": today});
            act(&world.records.dated, "deadline-events", Body::Json(body))
        }),
        row("deadlines_extend", first(STAFF, 200), |world, _| {
            of(world, "extensions", Body::Json(agreed(world)))
        }),
        row("deadlines_meet", first(STAFF, 200), |world, _| {
            let today = world.app.today().to_string();
            of(world, "meet", Body::Json(json!({"met_on": today})))
        }),
        // It still runs.
        row("deadlines_miss", first(OFFICERS, 409), |world, _| {
            of(world, "miss", Body::None)
        }),
        row("deadlines_waive", first(OFFICERS, 200), |world, _| {
            let mut body = agreed(world);
            body.as_object_mut().expect("an object").remove("days");
            of(world, "waive", Body::Json(body))
        }),
        row("deadlines_reopen", first(OFFICERS, 409), |world, _| {
            of(world, "reopen", Body::None)
        }),
    ]);
    rows
}

/// What deadlines are counted from is for officers to put right.
fn corrections() -> Vec<Row> {
    vec![
        row(
            "deadlines_events",
            and_member(first(STAFF, 200), 200),
            |world, _| {
                let path = format!("/grievances/{}/deadline-events", world.records.dated);
                get(path)
            },
        ),
        // There is no such event.
        row(
            "deadlines_retract_event",
            first(OFFICERS, 404),
            |world, _| {
                let (grievance, id) = (&world.records.dated, &world.records.member);
                let path = format!("/grievances/{grievance}/deadline-events/{id}/retract");
                rehearse("POST", &path, Body::Json(reason()))
            },
        ),
        row(
            "deadlines_set_agreement",
            first(OFFICERS, 200),
            |world, _| {
                let body = json!({
                    "agreement_id": world.records.agreement, "reason": "It was entered later."
                });
                act(&world.records.grievance, "agreement", Body::Json(body))
            },
        ),
    ]
}

/// Who may read grievances may have a feed of them; each row finds that there is none yet, until one is made.
pub(super) fn feeds() -> Vec<Row> {
    const OWN: &str = "/me/deadline-feed";
    vec![
        row("deadline_feeds_find", signed_in(404), |_, _| {
            get(OWN.to_owned())
        }),
        row("deadline_feeds_revoke_own", signed_in(404), |_, _| {
            asked("DELETE", OWN.to_owned(), Body::None)
        }),
        row("deadline_feeds_replace", first(STAFF, 404), |_, _| {
            asked("POST", format!("{OWN}/replace"), Body::None)
        }),
        row("deadline_feeds_revoke", first(ADMINS, 404), |world, _| {
            let path = of_user(world, "/deadline-feed");
            rehearse("DELETE", &path, Body::None)
        }),
        row("deadline_feeds_fetch", [404; 10], |_, _| {
            get(format!("/deadline-feeds/{}.ics", "A".repeat(43)))
        }),
        row("deadline_feeds_make", first(STAFF, 201), |_, _| {
            asked("POST", OWN.to_owned(), Body::None)
        }),
    ]
}
