//! Errors on the wire: one shape for all of them, and never a cause.

use std::time::Duration;

use serde_json::{Value, json};
use unionhall_testing::{TestApp, app::Answer, eventually, sql::Sql};

use crate::fixtures::{made, new_member, owner};

/// Checks the shape that every problem has.
fn is_problem(answer: &Answer, status: u16, code: &str) {
    let said = (answer.status(), answer.code());
    assert_eq!(said, (status, code.to_owned()), "{answer:#?}");
    let body = answer.json();
    assert_eq!(body["status"], status);
    assert_eq!(body["type"], format!("/problems/{code}"));
    assert_eq!(body["request_id"].as_str(), answer.header("x-request-id"));
    for field in ["title", "detail"] {
        assert!(
            body[field].as_str().is_some_and(|text| !text.is_empty()),
            "{body}"
        );
    }
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
}

fn pointers(answer: &Answer) -> Vec<String> {
    let body = answer.json();
    let errors = body["errors"].as_array().cloned().unwrap_or_default();
    let text = |error: &Value, field: &str| error[field].as_str().unwrap_or_default().to_owned();
    errors
        .iter()
        .map(|error| format!("{} {}", text(error, "pointer"), text(error, "code")))
        .collect()
}

#[test]
fn all_wrong_fields_of_a_body_are_told_at_once_with_their_places() {
    let app = TestApp::start();
    let answer = owner(&app).post(
        "/members",
        &json!({
            "member_number": "no number", "first_name": " ", "last_name": 7, "email": "nobody",
            "date_of_birth": "1980-02-30", "classification": "wizard", "shoe/size": 46
        }),
    );
    is_problem(&answer, 422, "invalid_fields");
    let expected = [
        "/shoe~1size unknown_field",
        "/member_number not_a_member_number",
        "/first_name blank",
        "/last_name wrong_type",
        "/email not_an_email",
        "/date_of_birth not_a_date",
        "/classification unknown_value",
    ];
    assert_eq!(pointers(&answer), expected);
}

#[test]
fn rules_that_span_fields_name_their_fields_too() {
    let app = TestApp::start();
    let mut body = new_member("L-1");
    body["date_of_birth"] = json!("2001-09-03");
    let answer = owner(&app).post("/members", &body);
    is_problem(&answer, 422, "invalid_fields");
    assert_eq!(pointers(&answer), ["/hire_date before_birth"]);
    let nobody = "0190ffff-ffff-7fff-bfff-ffffffffffff";
    let filing = json!({
        "member_id": nobody, "employer_id": nobody, "violation_description": "…"
    });
    let answer = owner(&app).post("/grievances", &filing);
    is_problem(&answer, 422, "invalid_fields");
    let expected = [
        "/member_id unknown_member",
        "/employer_id unknown_organization",
    ];
    assert_eq!(pointers(&answer), expected);
}

#[test]
fn what_is_not_json_is_not_understood_and_what_is_not_called_json_is_not_taken() {
    let app = TestApp::start();
    let who = owner(&app);
    let send = |content_type: &str, body: &str| {
        let request = who.request("POST", "/members");
        request.body(content_type, body).send()
    };
    for body in [
        "",
        "{",
        "[]",
        "7",
        "null",
        "\"text\"",
        "{\"a\":1}x",
        "{\"a\":\u{1}}",
    ] {
        is_problem(&send("application/json", body), 400, "bad_request");
    }
    for content_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "text/csv",
    ] {
        is_problem(&send(content_type, "{}"), 415, "unsupported_media_type");
    }
    is_problem(&who.act("/members"), 415, "unsupported_media_type");
    let roster = who.request("POST", "/members/imports");
    let answer = roster.body("application/json", "{}").send();
    is_problem(&answer, 415, "unsupported_media_type");
    send("application/json; charset=utf-8", "{}").expect(422);
}

#[test]
fn a_body_that_is_too_large_is_refused_before_it_is_understood() {
    let app = TestApp::start_with(&[
        ("UNIONHALL_LIMITS_BODY_BYTES", "2048"),
        ("UNIONHALL_LIMITS_IMPORT_BYTES", "4096"),
    ]);
    let who = owner(&app);
    let large = json!({"notes": "x".repeat(2048)});
    is_problem(&who.post("/members", &large), 413, "too_large");
    let roster = "member_number,first_name,last_name,classification\n".repeat(100);
    let request = who.request("POST", "/members/imports");
    is_problem(&request.body("text/csv", roster).send(), 413, "too_large");
}

#[test]
fn unknown_addresses_are_404_and_known_ones_tell_their_methods() {
    let app = TestApp::start();
    let who = owner(&app);
    for path in [
        "/",
        "/member",
        "/members/1/2/3",
        "/grievances//steps",
        "/Members",
    ] {
        is_problem(&who.get(path), 404, "not_found");
    }
    for (method, path, allowed) in [
        ("DELETE", "/members", "GET, POST"),
        (
            "POST",
            "/members/0190ffff-ffff-7fff-bfff-ffffffffffff",
            "GET, PATCH, DELETE",
        ),
        (
            "GET",
            "/grievances/0190ffff-ffff-7fff-bfff-ffffffffffff/withdraw",
            "POST",
        ),
        ("PUT", "/auth/login", "POST"),
        ("PATCH", "/audit-events", "GET"),
    ] {
        let answer = who.request(method, path).send();
        is_problem(&answer, 405, "method_not_allowed");
        let mut methods: Vec<_> = answer
            .header("allow")
            .unwrap_or_default()
            .split(", ")
            .collect();
        let mut expected: Vec<_> = allowed.split(", ").collect();
        methods.sort_unstable();
        expected.sort_unstable();
        assert_eq!(methods, expected, "{method} {path}");
    }
}

#[test]
fn nobody_is_told_how_to_sign_in_and_somebody_which_permission_is_missing() {
    let app = TestApp::start();
    let answer = app.anonymous().get("/members");
    is_problem(&answer, 401, "unauthenticated");
    assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    let contact = app.as_role(unionhall_domain::roles::Role::Contact);
    let answer = contact.get("/members");
    is_problem(&answer, 403, "forbidden");
    assert!(answer.text_at("/detail").contains("members:read"));
}

#[test]
fn a_request_keeps_the_id_it_came_with_and_gets_one_when_it_has_none() {
    let app = TestApp::start();
    let with_id = |id: &str| {
        let request = app.anonymous().request("GET", "/members");
        request.header("X-Request-Id", id).send()
    };
    let kept = with_id("client-7.a_b");
    assert_eq!(kept.header("x-request-id"), Some("client-7.a_b"));
    is_problem(&kept, 401, "unauthenticated");
    for id in ["has blank", "quo\"te", &"x".repeat(129)] {
        let answer = with_id(id);
        let made = answer
            .header("x-request-id")
            .expect("every answer has an id");
        assert!(made != id && made.len() == 36, "{made}");
    }
}

#[test]
fn a_table_that_is_gone_is_a_bug_of_ours_that_tells_no_cause() {
    let app = TestApp::start();
    let who = owner(&app);
    let id = made(&who, "/members", &new_member("L-1"));
    app.database()
        .execute("alter table members rename to mislaid");
    for answer in [
        who.get("/members"),
        who.get(&format!("/members/{id}")),
        who.post("/members", &new_member("L-2")),
        who.patch(&format!("/members/{id}"), &json!({"city": "Kent"})),
    ] {
        is_problem(&answer, 500, "internal");
        let text = answer.text().to_lowercase();
        for cause in [
            "relation", "sql", "diesel", "postgres", "mislaid", "select", "exist",
        ] {
            assert!(!text.contains(cause), "{cause} in {text}");
        }
    }
}

#[test]
fn a_trail_that_cannot_be_written_keeps_reads_and_changes_from_happening() {
    let app = TestApp::start();
    let who = owner(&app);
    let id = made(&who, "/members", &new_member("L-1"));
    app.database()
        .execute("revoke insert on audit_events from unionhall_runtime");
    let read = who.get(&format!("/members/{id}"));
    assert!(matches!(read.status(), 500 | 503), "{read:#?}");
    assert!(!read.text().contains("Voltz"), "{read:#?}");
    who.post("/members", &new_member("L-2")).expect(500);
    who.patch(&format!("/members/{id}"), &json!({"city": "Burien"}))
        .expect(500);
    app.database()
        .execute("grant insert on audit_events to unionhall_runtime");
    eventually(
        "the trail is written again",
        Duration::from_secs(10),
        || who.get(&format!("/members/{id}")).status() == 200,
    );
    let list = who.get("/members?include_total=true").expect(200).json();
    assert_eq!(
        (&list["total"], &list["items"][0]["city"]),
        (&json!(1), &json!("Kent"))
    );
}

#[test]
fn a_database_that_is_gone_is_told_as_such_and_its_return_is_noticed() {
    let app = TestApp::start();
    let who = owner(&app);
    who.get("/members").expect(200);
    let admin = Sql::connect(&app.database().owner_url());
    let name = admin.column("select current_database()").concat();
    let _gone = admin.rows(&format!(
        "revoke connect on database {name} from public, unionhall_runtime, unionhall; \
         select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}' and usename = 'unionhall'"
    ));
    let answer = who.get("/members");
    is_problem(&answer, 503, "unavailable");
    assert!(answer.header("retry-after").is_some());
    assert!(!answer.text().contains(&name), "{answer:#?}");
    is_problem(
        &who.post("/members", &new_member("L-1")),
        503,
        "unavailable",
    );
    app.anonymous().page("/livez").expect(200);
    let ready = app.anonymous().page("/readyz").expect(503).json();
    assert_eq!(ready["status"], "unavailable");
    let down: Vec<_> = ready["checks"]
        .as_array()
        .expect("checks")
        .iter()
        .filter(|check| check["status"] == "down")
        .map(|check| check["name"].as_str().unwrap_or_default().to_owned())
        .collect();
    assert!(
        down.contains(&"database".to_owned()) && !down.contains(&"mail".to_owned()),
        "{down:?}"
    );
    let _back = admin.rows(&format!("grant connect on database {name} to public"));
    eventually("the database is back", Duration::from_secs(20), || {
        who.get("/members").status() == 200
    });
}
