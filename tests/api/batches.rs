//! Changes of many records at once over HTTP: an answer for each, and nothing of another tenant.

use serde_json::{Value, json};
use unionhall_domain::roles::Role;
use unionhall_testing::TestApp;

use crate::fixtures::{case, made, new_member, owner};

const STATUS: &str = "/members/batch/status";
const REPRESENTATIVE: &str = "/grievances/batch/representative";

/// For each answer, its version or the code of its refusal.
fn told(answers: &Value) -> Vec<String> {
    let answers = answers["answers"].as_array().cloned().unwrap_or_default();
    let told = |answer: &Value| match answer["refusal"]["code"].as_str() {
        Some(code) => code.to_owned(),
        None => answer["version"].to_string(),
    };
    answers.iter().map(told).collect()
}

#[test]
fn members_retire_together_and_each_has_an_answer() {
    let app = TestApp::start();
    let who = owner(&app);
    let ids: Vec<_> = (0..3)
        .map(|number| made(&who, "/members", &new_member(&format!("M-{number}"))))
        .collect();
    let theirs = made(&app.in_trust(Role::Owner), "/members", &new_member("T-1"));
    let body = json!({"status": "retired", "members": [
        {"id": ids[0], "version": 1}, {"id": ids[1], "version": 7}, {"id": ids[2]}, {"id": theirs}
    ]});
    let rehearsed = who
        .post(&format!("{STATUS}?dry_run=true"), &body)
        .expect(200);
    assert_eq!(rehearsed.header("dry-run"), Some("true"));
    let answers = who.post(STATUS, &body).expect(200);
    assert_eq!(rehearsed.json(), answers.json());
    let answers = answers.json();
    assert_eq!(
        (&answers["done"], &answers["refused"]),
        (&json!(2), &json!(2))
    );
    assert_eq!(told(&answers), ["2", "stale", "2", "not_found"]);
    let status = |id: &str| {
        who.get(&format!("/members/{id}"))
            .expect(200)
            .text_at("/status")
    };
    let after: Vec<_> = ids.iter().map(|id| status(id)).collect();
    assert_eq!(after, ["retired", "active", "retired"]);
    // Each that changed is on record by itself.
    for (id, events) in [(&ids[0], 2), (&ids[1], 1)] {
        let trail = who.get(&format!("/audit-events/by-record/member/{id}"));
        let trail = trail.expect(200).json();
        let items = trail["items"].as_array().cloned().unwrap_or_default();
        let changes = items.iter().filter(|event| event["action"] != "read");
        assert_eq!(changes.count(), events);
    }
    assert_eq!(
        told(&who.post(STATUS, &body).expect(200).json())[0],
        "stale"
    );
}

#[test]
fn a_batch_that_comes_again_with_its_key_is_done_once() {
    let app = TestApp::start();
    let who = owner(&app);
    let id = made(&who, "/members", &new_member("M-1"));
    let body = json!({"status": "retired", "members": [{"id": id}]});
    let send = || {
        let request = who.request("POST", STATUS).header("Idempotency-Key", "k");
        request.json(&body).send().expect(200)
    };
    let (first, again) = (send(), send());
    assert_eq!(first.text(), again.text());
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    let member = who.get(&format!("/members/{id}")).expect(200).json();
    assert_eq!(member["version"], 2);
}

#[test]
fn cases_go_to_one_representative_together() {
    let app = TestApp::start();
    let who = owner(&app);
    let case = case(&who, "M-1");
    let staff = app.local.person(Role::Staff).id.to_string();
    let body = |representative: &Value| json!({"assigned_representative_id": representative, "grievances": [{"id": case.grievance}]});
    let answers = who
        .post(REPRESENTATIVE, &body(&json!(staff)))
        .expect(200)
        .json();
    assert_eq!(told(&answers), ["2"]);
    let path = format!("/grievances/{}", case.grievance);
    let found = who.get(&path).expect(200).json();
    assert_eq!(found["assigned_representative_id"], staff.as_str());
    let contact = app.local.person(Role::Contact).id.to_string();
    who.post(REPRESENTATIVE, &body(&json!(contact))).expect(422);
    let answers = who
        .post(REPRESENTATIVE, &body(&Value::Null))
        .expect(200)
        .json();
    assert_eq!(told(&answers), ["3"]);
}

#[test]
fn a_batch_names_one_to_a_hundred_records_each_once() {
    let app = TestApp::start();
    let who = owner(&app);
    let id = made(&who, "/members", &new_member("M-1"));
    let one = json!({"id": id});
    for members in [
        vec![],
        vec![one.clone(), one.clone()],
        vec![one; 101],
        vec![json!({"id": "x"})],
    ] {
        let body = json!({"status": "retired", "members": members});
        who.post(STATUS, &body).expect(422);
    }
}
