//! Retries: the same key and request do their work once and get the first answer again.

use serde_json::{Value, json};
use unionhall_domain::roles::Role;
use unionhall_testing::{TestApp, app::Answer, app::Identity};

use crate::fixtures::{case, made, new_employer, new_member, owner};

fn with_key(who: &Identity<'_>, method: &str, path: &str, key: &str, body: &Value) -> Answer {
    who.request(method, path)
        .header("Idempotency-Key", key)
        .json(body)
        .send()
}

#[test]
fn a_retried_creation_is_answered_as_the_first_time_and_makes_nothing_new() {
    let app = TestApp::start();
    let who = owner(&app);
    let first = with_key(&who, "POST", "/members", "k1", &new_member("L-1")).expect(201);
    let again = with_key(&who, "POST", "/members", "k1", &new_member("L-1")).expect(201);
    assert_eq!(first.header("idempotent-replayed"), None);
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(first.text(), again.text());
    for name in ["location", "etag", "content-type"] {
        assert!(first.header(name).is_some());
        assert_eq!(first.header(name), again.header(name));
    }
    let list = who.get("/members?include_total=true").expect(200);
    assert_eq!(list.json()["total"], 1);
}

#[test]
fn a_retried_change_is_answered_with_the_state_of_the_first_time() {
    let app = TestApp::start();
    let who = owner(&app);
    let id = made(&who, "/members", &new_member("L-1"));
    let path = format!("/members/{id}");
    let change = json!({"city": "Burien"});
    let first = with_key(&who, "PATCH", &path, "k1", &change).expect(200);
    who.patch(&path, &json!({"city": "Renton"})).expect(200);
    let again = with_key(&who, "PATCH", &path, "k1", &change).expect(200);
    assert_eq!(first.text(), again.text());
    assert_eq!(who.get(&path).text_at("/city"), "Renton");
}

#[test]
fn a_key_of_another_request_is_refused_whatever_is_different() {
    let app = TestApp::start();
    let who = owner(&app);
    let id = made(&who, "/members", &new_member("L-1"));
    with_key(&who, "POST", "/members", "k1", &new_member("L-2")).expect(201);
    let other_body = with_key(&who, "POST", "/members", "k1", &new_member("L-3"));
    let other_path = with_key(&who, "POST", "/organizations", "k1", &new_employer("Puget"));
    let other_method = with_key(&who, "PATCH", &format!("/members/{id}"), "k1", &json!({}));
    for answer in [other_body, other_path, other_method] {
        assert_eq!(answer.code(), "key_reused", "{answer:#?}");
        assert_eq!(answer.status(), 422);
    }
}

#[test]
fn a_key_belongs_to_one_person_in_one_tenant() {
    let app = TestApp::start();
    for who in [
        owner(&app),
        app.as_role(Role::Staff),
        app.in_trust(Role::Owner),
    ] {
        let body = new_employer("Puget Electric");
        let answer = with_key(&who, "POST", "/organizations", "k1", &body).expect(201);
        assert_eq!(answer.header("idempotent-replayed"), None);
    }
}

#[test]
fn a_refusal_is_not_kept_so_that_the_corrected_state_can_be_tried_with_the_same_key() {
    let app = TestApp::start();
    let who = owner(&app);
    let case = case(&who, "L-1");
    let path = format!("/grievances/{}/advance", case.grievance);
    let advance = || with_key(&who, "POST", &path, "k1", &json!({}));
    assert_eq!(advance().expect(409).code(), "illegal_move");
    let meeting = crate::fixtures::meeting(&app, "denied");
    let steps = format!("/grievances/{}/steps", case.grievance);
    who.post(&steps, &meeting).expect(201);
    assert_eq!(advance().expect(200).header("idempotent-replayed"), None);
    assert_eq!(
        advance().expect(200).header("idempotent-replayed"),
        Some("true")
    );
}

#[test]
fn a_rehearsal_keeps_no_key_and_a_deletion_can_be_retried() {
    let app = TestApp::start();
    let who = owner(&app);
    let rehearsed = "/members?dry_run=true";
    with_key(&who, "POST", rehearsed, "k1", &new_member("L-1")).expect(201);
    let answer = with_key(&who, "POST", "/members", "k1", &new_member("L-1")).expect(201);
    assert_eq!(answer.header("idempotent-replayed"), None);
    let path = format!("/members/{}", answer.text_at("/id"));
    let delete = || {
        let request = who.request("DELETE", &path);
        request.header("Idempotency-Key", "k2").send().expect(204)
    };
    assert_eq!(delete().header("idempotent-replayed"), None);
    assert_eq!(delete().header("idempotent-replayed"), Some("true"));
}

#[test]
fn a_key_is_1_to_255_visible_ascii_characters() {
    let app = TestApp::start();
    let who = owner(&app);
    let longest = "k".repeat(255);
    with_key(&who, "POST", "/members", &longest, &new_member("L-1")).expect(201);
    for key in ["", "a b", &"k".repeat(256)] {
        let answer = with_key(&who, "POST", "/members", key, &new_member("L-2"));
        assert_eq!(
            (answer.status(), answer.code()),
            (400, "bad_request".to_owned()),
            "{key}"
        );
    }
}

#[test]
fn an_answer_is_kept_for_a_day() {
    let app = TestApp::start();
    let who = owner(&app);
    let change = || with_key(&who, "POST", "/organizations", "k1", &new_employer("Puget"));
    let first = change().expect(201).text_at("/id");
    app.database()
        .execute("update idempotency_keys set created_at = now() - interval '23 hours'");
    assert_eq!(change().expect(201).text_at("/id"), first);
    app.database()
        .execute("update idempotency_keys set created_at = now() - interval '25 hours'");
    assert_ne!(change().expect(201).text_at("/id"), first);
}
