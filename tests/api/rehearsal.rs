//! `dry_run=true`: the answer that a change would have, and nothing kept, sent or counted.

use serde_json::Value;
use unionhall_testing::{TestApp, sql::Sql};

use crate::fixtures::{Records, filing, meeting, new_employer, new_member, owner, reason, records};

/// Everything that is kept anywhere: a digest of each table, of which reading is the only thing on record.
fn everything(app: &TestApp) -> Vec<(String, String)> {
    let sql = Sql::connect(&app.database().owner_url());
    let tables = sql.column(
        "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1",
    );
    let digest = |table: String| {
        let rows = match table.as_str() {
            "audit_events" => "audit_events t where action not in ('read', 'listed')",
            other => &format!("{other} t"),
        };
        let digest = sql.column(&format!(
            "select coalesce(md5(string_agg(t::text, '|' order by t::text)), 'nothing') from {rows}"
        ));
        (table, digest.concat())
    };
    tables.into_iter().map(digest).collect()
}

/// A change of each kind: method, path and body.
fn changes(app: &TestApp, records: &Records) -> Vec<(&'static str, String, Option<Value>)> {
    let member = |end: &str| format!("/members/{end}");
    let organization = |end: &str| format!("/organizations/{end}");
    let grievance = |id: &str, verb: &str| format!("/grievances/{id}{verb}");
    let mut filing = filing(&records.member, &records.employer);
    filing["assigned_representative_id"] = records.representative.clone().into();
    let body = |text: &str| Some(serde_json::from_str(text).expect("a body"));
    vec![
        ("POST", "/members".to_owned(), Some(new_member("NEW-1"))),
        (
            "PATCH",
            member(&records.member),
            body(r#"{"city": "Burien"}"#),
        ),
        ("DELETE", member(&records.free_member), None),
        (
            "POST",
            member(&format!("{}/restore", records.deleted_member)),
            None,
        ),
        (
            "POST",
            "/organizations".to_owned(),
            Some(new_employer("New Electric")),
        ),
        (
            "PATCH",
            organization(&records.employer),
            body(r#"{"city": "Burien"}"#),
        ),
        ("DELETE", organization(&records.free_employer), None),
        (
            "POST",
            organization(&format!("{}/restore", records.deleted_employer)),
            None,
        ),
        ("POST", "/grievances".to_owned(), Some(filing)),
        (
            "PATCH",
            grievance(&records.grievance, ""),
            body(r#"{"notes": "Seen."}"#),
        ),
        ("DELETE", grievance(&records.grievance, ""), None),
        (
            "POST",
            grievance(&records.deleted_grievance, "/restore"),
            None,
        ),
        (
            "POST",
            grievance(&records.grievance, "/steps"),
            Some(meeting(app, "settled")),
        ),
        ("POST", grievance(&records.grievance, "/investigate"), None),
        (
            "POST",
            grievance(&records.grievance, "/schedule-hearing"),
            None,
        ),
        ("POST", grievance(&records.denied, "/advance"), None),
        (
            "POST",
            grievance(&records.grievance, "/withdraw"),
            Some(reason()),
        ),
        (
            "POST",
            grievance(&records.settled, "/close"),
            Some(reason()),
        ),
        (
            "POST",
            grievance(&records.settled, "/reopen"),
            Some(reason()),
        ),
    ]
}

/// The body without what each attempt has of its own: new ids and instants.
fn comparable(text: &str) -> Value {
    let mut body = serde_json::from_str(text).unwrap_or_default();
    strip(&mut body);
    body
}

fn strip(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for passing in ["id", "created_at", "updated_at"] {
                fields.remove(passing);
            }
            fields.values_mut().for_each(strip);
        }
        Value::Array(items) => items.iter_mut().for_each(strip),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn a_rehearsal_answers_like_the_change_and_keeps_and_sends_nothing() {
    let app = TestApp::start();
    let who = owner(&app);
    let records = records(&app, &who, "L");
    let before = everything(&app);
    let send = |method: &str, path: &str, body: &Option<Value>| {
        let request = who.request(method, path);
        let request = match body {
            Some(body) => request.json(body),
            None => request,
        };
        request.send()
    };
    let mut rehearsals = Vec::new();
    for (method, path, body) in changes(&app, &records) {
        let answer = send(method, &format!("{path}?dry_run=true"), &body);
        assert!(answer.status() < 300, "{answer:#?}");
        assert_eq!(answer.header("dry-run"), Some("true"), "{answer:#?}");
        rehearsals.push(answer);
    }
    assert_eq!(everything(&app), before);
    assert_eq!(app.deliver_mail(), []);
    // Each for real and undone by a fresh service would be slow: the first of each record will do.
    for ((method, path, body), rehearsal) in changes(&app, &records).iter().zip(&rehearsals) {
        let is_second_move = path.contains("/schedule-hearing")
            || path.contains("/reopen")
            || path.contains("/withdraw")
            || (*method == "DELETE" && path.contains(&records.grievance));
        if is_second_move || path.contains("/investigate") {
            continue;
        }
        let answer = send(method, path, body);
        assert_eq!(answer.status(), rehearsal.status(), "{answer:#?}");
        assert_eq!(answer.header("dry-run"), None);
        if !path.contains(&records.grievance) {
            assert_eq!(
                comparable(answer.text()),
                comparable(rehearsal.text()),
                "{path}"
            );
            assert_eq!(answer.header("etag"), rehearsal.header("etag"));
        }
    }
    app.ignore_mail();
}

#[test]
fn what_would_be_refused_is_refused_in_a_rehearsal_too() {
    let app = TestApp::start();
    let who = owner(&app);
    let records = records(&app, &who, "L");
    let before = everything(&app);
    let refused = |path: &str, body: &Value, status: u16, code: &str| {
        let answer = who
            .post(&format!("{path}?dry_run=true"), body)
            .expect(status);
        assert_eq!(answer.code(), code);
    };
    refused("/members", &new_member("L-1"), 409, "duplicate");
    refused(
        "/members",
        &Value::Object(serde_json::Map::new()),
        422,
        "invalid_fields",
    );
    let advance = format!("/grievances/{}/advance", records.grievance);
    refused(
        &advance,
        &Value::Object(serde_json::Map::new()),
        409,
        "illegal_move",
    );
    let in_use = who.delete(&format!("/members/{}?dry_run=true", records.member));
    assert_eq!(in_use.expect(409).code(), "in_use");
    assert_eq!(everything(&app), before);
}

#[test]
fn dry_run_is_true_or_false_and_nothing_else() {
    let app = TestApp::start();
    let who = owner(&app);
    for wrong in ["1", "yes", "TRUE", ""] {
        let answer = who.post(&format!("/members?dry_run={wrong}"), &new_member("L-1"));
        assert_eq!(answer.expect(400).text_at("/errors/0/parameter"), "dry_run");
    }
    let answer = who.post("/members?dry_run=false", &new_member("L-1"));
    assert_eq!(answer.expect(201).header("dry-run"), None);
}
