//! `dry_run=true`: the answer that a change would have, and nothing kept, sent or counted.

use serde_json::Value;
use unionhall_testing::{TestApp, sql::Sql};

use crate::{
    changes::{Change, changes},
    fixtures::{new_member, owner, records},
};

/// Everything that is kept anywhere: a digest of each table, of which reading is the only thing on record.
fn everything(app: &TestApp) -> Vec<(String, String)> {
    let sql = Sql::connect(&app.database().owner_url());
    let tables = sql.column(
        "select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by 1",
    );
    let digest = |table: String| {
        let rows = match table.as_str() {
            "audit_events" => "audit_events t where action not in ('read', 'listed')",
            // The worker writes down when sessions were used whenever a minute is over.
            "sessions" => "(select id, tenant_id, ended_at from sessions) t",
            other => &format!("{other} t"),
        };
        let digest = sql.column(&format!(
            "select coalesce(md5(string_agg(t::text, '|' order by t::text)), 'nothing') from {rows}"
        ));
        (table, digest.concat())
    };
    tables.into_iter().map(digest).collect()
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
            for passing in ["id", "created_at", "updated_at", "sent_at", "expires_at"] {
                fields.remove(passing);
            }
            // What else is there is another matter once other changes were made for good.
            fields.remove("possible_duplicates");
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
    let send = |change: &Change, query: &str| {
        let request = who.request(change.method, &format!("{}{query}", change.path));
        let request = match &change.body {
            Some(body) => request.json(body),
            None => request,
        };
        request.send()
    };
    let changes = changes(&app, &records);
    let rehearsals: Vec<_> = changes
        .iter()
        .map(|change| send(change, "?dry_run=true"))
        .collect();
    for answer in &rehearsals {
        assert!(answer.status() < 300, "{answer:#?}");
        assert_eq!(answer.header("dry-run"), Some("true"), "{answer:#?}");
    }
    assert_eq!(everything(&app), before);
    assert_eq!(app.deliver_mail(), []);
    let mut touched = Vec::new();
    for (change, rehearsal) in changes.iter().zip(&rehearsals) {
        let answer = send(change, "");
        assert_eq!(answer.status(), rehearsal.status(), "{answer:#?}");
        assert_eq!(answer.header("dry-run"), None);
        // A record that an earlier change left otherwise than the rehearsal found it answers otherwise.
        if !touched.contains(&&change.id) || change.id.is_none() {
            let (real, rehearsed) = (comparable(answer.text()), comparable(rehearsal.text()));
            assert_eq!(real, rehearsed, "{}", change.path);
            assert_eq!(answer.header("etag"), rehearsal.header("etag"));
        }
        touched.push(&change.id);
    }
    // One of a grievance, two of invitations.
    assert_eq!(app.deliver_mail().len(), 3);
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
