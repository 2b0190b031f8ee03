//! The rows of what belongs to a grievance.

use serde_json::json;

use super::{Asked, Body, OFFICERS, Row, STAFF, World, and_member, first, get, rehearse, row};
use crate::fixtures::{
    parts::{
        new_answers, new_contact, new_decision, new_meeting, new_obligation, new_request,
        new_statement,
    },
    reason,
};

/// The rows.
pub(super) fn rows() -> Vec<Row> {
    let mut rows = meetings();
    rows.extend(requests());
    rows.extend(obligations());
    rows.extend(log());
    rows.extend(boards());
    rows.extend(case_files());
    rows
}

fn of_meeting(world: &World, rest: &str) -> String {
    let records = &world.records;
    let (grievance, meeting) = (&records.grievance, &records.parts.meeting);
    format!("/grievances/{grievance}/step-meetings/{meeting}{rest}")
}

fn of_statement(world: &World, rest: &str) -> String {
    let statement = &world.records.parts.statement;
    of_meeting(world, &format!("/statements/{statement}{rest}"))
}

fn meetings() -> Vec<Row> {
    vec![
        row(
            "step_meetings_list",
            and_member(first(STAFF, 200), 200),
            |world, _| {
                get(format!(
                    "/grievances/{}/step-meetings",
                    world.records.grievance
                ))
            },
        ),
        row(
            "step_meetings_find",
            and_member(first(STAFF, 200), 200),
            |world, _| get(of_meeting(world, "")),
        ),
        row("step_meetings_plan", first(STAFF, 201), |world, _| {
            let path = format!("/grievances/{}/step-meetings", world.records.grievance);
            rehearse("POST", &path, Body::Json(new_meeting()))
        }),
        row("step_meetings_update", first(STAFF, 200), |world, _| {
            let body = Body::Json(json!({"place": "Room 3"}));
            rehearse("PATCH", &of_meeting(world, ""), body)
        }),
        row("step_meetings_hold", first(STAFF, 200), |world, _| {
            let body = Body::Json(json!({}));
            rehearse("POST", &of_meeting(world, "/hold"), body)
        }),
        row("step_meetings_cancel", first(STAFF, 200), |world, _| {
            let body = Body::Json(reason());
            rehearse("POST", &of_meeting(world, "/cancel"), body)
        }),
        row("step_meetings_state", first(STAFF, 201), |world, _| {
            let body = Body::Json(new_statement());
            rehearse("POST", &of_meeting(world, "/statements"), body)
        }),
        row("step_meetings_redraft", first(STAFF, 200), |world, _| {
            let body = Body::Json(json!({"text": "The list was lost."}));
            rehearse("PATCH", &of_statement(world, ""), body)
        }),
        row("step_meetings_sign", first(STAFF, 200), |world, _| {
            sign(world)
        }),
    ]
}

fn sign(world: &World) -> Asked {
    rehearse("POST", &of_statement(world, "/sign"), Body::None)
}

fn of_requests(world: &World, rest: &str) -> String {
    let grievance = &world.records.grievance;
    format!("/grievances/{grievance}/information-requests{rest}")
}

fn of_request(world: &World, rest: &str) -> String {
    of_requests(world, &format!("/{}{rest}", world.records.parts.request))
}

fn requests() -> Vec<Row> {
    vec![
        row("information_requests_list", first(STAFF, 200), |_, _| {
            get("/information-requests?overdue=true".to_owned())
        }),
        row(
            "information_requests_list_of_grievance",
            first(STAFF, 200),
            |world, _| get(of_requests(world, "")),
        ),
        row(
            "information_requests_find",
            first(STAFF, 200),
            |world, _| get(of_request(world, "")),
        ),
        row("information_requests_ask", first(STAFF, 201), |world, _| {
            rehearse("POST", &of_requests(world, ""), Body::Json(new_request()))
        }),
        row(
            "information_requests_answer",
            first(STAFF, 200),
            |world, _| {
                let body = Body::Json(new_answers());
                rehearse("POST", &of_request(world, "/answers"), body)
            },
        ),
        row(
            "information_requests_follow_up",
            first(STAFF, 200),
            |world, _| {
                let body = Body::Json(json!({"text": "Where is it?"}));
                rehearse("POST", &of_request(world, "/follow-ups"), body)
            },
        ),
        row(
            "information_requests_withdraw",
            first(STAFF, 200),
            |world, _| {
                let body = Body::Json(reason());
                rehearse("POST", &of_request(world, "/withdraw"), body)
            },
        ),
    ]
}

fn of_obligations(world: &World, rest: &str) -> String {
    format!("/grievances/{}/obligations{rest}", world.records.settled)
}

fn of_obligation(world: &World, rest: &str) -> String {
    of_obligations(world, &format!("/{}{rest}", world.records.parts.obligation))
}

fn obligations() -> Vec<Row> {
    vec![
        row("obligations_list", first(STAFF, 200), |_, _| {
            get("/obligations?outstanding=true".to_owned())
        }),
        row(
            "obligations_list_of_grievance",
            and_member(first(STAFF, 200), 200),
            |world, _| get(of_obligations(world, "")),
        ),
        row(
            "obligations_find",
            and_member(first(STAFF, 200), 200),
            |world, _| get(of_obligation(world, "")),
        ),
        row("obligations_add", first(STAFF, 201), |world, _| {
            let body = Body::Json(new_obligation());
            rehearse("POST", &of_obligations(world, ""), body)
        }),
        row("obligations_update", first(STAFF, 200), |world, _| {
            let body = Body::Json(json!({"owed_to": "Ada Voltz"}));
            rehearse("PATCH", &of_obligation(world, ""), body)
        }),
        row("obligations_fulfill", first(STAFF, 200), |world, _| {
            let body = Body::Json(json!({}));
            rehearse("POST", &of_obligation(world, "/fulfill"), body)
        }),
        row("obligations_breach", first(STAFF, 200), |world, _| {
            rehearse(
                "POST",
                &of_obligation(world, "/breach"),
                Body::Json(reason()),
            )
        }),
        // To do without what was won is to decide.
        row("obligations_waive", first(OFFICERS, 200), |world, _| {
            rehearse(
                "POST",
                &of_obligation(world, "/waive"),
                Body::Json(reason()),
            )
        }),
        // There is nothing to take up again, as who may would be told.
        row("obligations_reopen", first(OFFICERS, 409), |world, _| {
            rehearse(
                "POST",
                &of_obligation(world, "/reopen"),
                Body::Json(reason()),
            )
        }),
    ]
}

fn of_log(world: &World, rest: &str) -> String {
    let grievance = &world.records.grievance;
    format!("/grievances/{grievance}/representation-log{rest}")
}

fn log() -> Vec<Row> {
    vec![
        row("representation_log_list", first(STAFF, 200), |world, _| {
            get(of_log(world, ""))
        }),
        row(
            "representation_log_contact",
            first(STAFF, 201),
            |world, _| {
                let body = Body::Json(new_contact());
                rehearse("POST", &of_log(world, "/contacts"), body)
            },
        ),
        row(
            "representation_log_decide",
            first(OFFICERS, 201),
            |world, _| {
                let body = Body::Json(new_decision());
                rehearse("POST", &of_log(world, "/decisions"), body)
            },
        ),
    ]
}

fn boards() -> Vec<Row> {
    vec![
        row("grievance_boards_by_step", first(STAFF, 200), |_, _| {
            get("/grievance-boards/by-step".to_owned())
        }),
        row(
            "grievance_boards_by_representative",
            first(STAFF, 200),
            |_, _| get("/grievance-boards/by-representative".to_owned()),
        ),
        row("grievance_boards_by_employer", first(STAFF, 200), |_, _| {
            get("/grievance-boards/by-employer".to_owned())
        }),
        row(
            "grievance_boards_due_this_week",
            first(STAFF, 200),
            |_, _| get("/grievance-boards/due-this-week".to_owned()),
        ),
        row(
            "grievance_boards_export_by_representative",
            first(STAFF, 200),
            |_, _| get("/grievance-boards/by-representative/export".to_owned()),
        ),
        row(
            "grievance_boards_export_by_employer",
            first(STAFF, 200),
            |_, _| get("/grievance-boards/by-employer/export".to_owned()),
        ),
        row(
            "grievance_boards_export_due_this_week",
            first(STAFF, 200),
            |_, _| get("/grievance-boards/due-this-week/export".to_owned()),
        ),
        row("grievance_boards_statistics", first(STAFF, 200), |_, _| {
            get("/grievance-boards/statistics?by=employer".to_owned())
        }),
    ]
}

fn case_files() -> Vec<Row> {
    vec![
        row("case_files_ask", first(STAFF, 200), |world, _| {
            get(format!("/grievances/{}/case-file", world.records.grievance))
        }),
        // Only who asked for it finds it: the owner did.
        row("case_files_find", owner_or(404), |world, _| {
            let records = &world.records;
            get(format!(
                "/grievances/{}/case-file/{}",
                records.denied, records.parts.case_file
            ))
        }),
    ]
}

const fn owner_or(status: u16) -> [u16; 10] {
    let mut expected = first(STAFF, status);
    expected[0] = 200;
    expected
}
