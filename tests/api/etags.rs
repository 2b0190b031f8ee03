//! Versions: whoever changes what has been changed since they read it is told, and nothing is overwritten.

use serde_json::json;
use unionhall_testing::{TestApp, app::Identity};

use crate::fixtures::{case, made, meeting, new_employer, new_member, owner, reason};

/// The entity tag of a record.
fn etag(who: &Identity<'_>, path: &str) -> String {
    let answer = who.get(path).expect(200);
    answer
        .header("etag")
        .expect("a record has a version")
        .to_owned()
}

#[test]
fn a_record_has_an_etag_that_changes_with_each_change_and_with_nothing_else() {
    let app = TestApp::start();
    let who = owner(&app);
    let made = who.post("/members", &new_member("L-1")).expect(201);
    let path = format!("/members/{}", made.text_at("/id"));
    assert_eq!(made.header("etag"), Some("\"1\""));
    assert_eq!(etag(&who, &path), "\"1\"");
    let changed = who.patch(&path, &json!({"city": "Burien"})).expect(200);
    assert_eq!(changed.header("etag"), Some("\"2\""));
    let unchanged = who.patch(&path, &json!({"city": "Burien"})).expect(200);
    assert_eq!(unchanged.header("etag"), Some("\"2\""));
    assert_eq!(etag(&who, &path), "\"2\"");
}

#[test]
fn a_change_of_a_version_that_is_not_present_is_refused_on_every_kind_of_record() {
    let app = TestApp::start();
    let who = owner(&app);
    let case = case(&who, "L-1");
    let member = made(&who, "/members", &new_member("L-2"));
    let employer = made(&who, "/organizations", &new_employer("Free Electric"));
    let records = [
        format!("/members/{member}"),
        format!("/organizations/{employer}"),
        format!("/grievances/{}", case.grievance),
    ];
    for path in &records {
        let stale = |method: &str, path: &str| {
            let request = who.request(method, path).header("If-Match", "\"7\"");
            let answer = match method {
                "PATCH" => request.json(&json!({})).send(),
                _ => request.send(),
            };
            assert_eq!(
                (answer.status(), answer.code()),
                (412, "stale".to_owned()),
                "{path}"
            );
        };
        stale("PATCH", path);
        stale("DELETE", path);
        let present = etag(&who, path);
        who.request("DELETE", path)
            .header("If-Match", &present)
            .send()
            .expect(204);
        let restore = format!("{path}/restore");
        stale("POST", &restore);
        who.request("POST", &restore)
            .header("If-Match", "\"2\"")
            .send()
            .expect(200);
        assert_eq!(etag(&who, path), "\"3\"");
    }
}

#[test]
fn every_move_of_a_grievance_honours_the_version() {
    let app = TestApp::start();
    let who = owner(&app);
    let case = case(&who, "L-1");
    let path = format!("/grievances/{}", case.grievance);
    let with_reason = reason();
    for (verb, body) in [
        ("investigate", json!({})),
        ("schedule-hearing", json!({})),
        ("steps", meeting(&app, "denied")),
        ("advance", json!({})),
        ("withdraw", with_reason.clone()),
        ("reopen", with_reason.clone()),
        ("withdraw", with_reason.clone()),
        ("close", with_reason),
    ] {
        let act = |version: &str| {
            let request = who.request("POST", &format!("{path}/{verb}"));
            request.header("If-Match", version).json(&body).send()
        };
        let present = etag(&who, &path);
        assert_eq!(act("\"99\"").expect(412).code(), "stale", "{verb}");
        let moved = act(&present);
        assert!(moved.status() < 300, "{moved:#?}");
        assert_eq!(moved.header("etag"), Some(etag(&who, &path).as_str()));
        assert_eq!(act(&present).expect(412).code(), "stale", "{verb}");
    }
}

#[test]
fn if_match_takes_a_list_and_a_star_and_refuses_what_is_neither() {
    let app = TestApp::start();
    let who = owner(&app);
    let id = made(&who, "/members", &new_member("L-1"));
    let path = format!("/members/{id}");
    let change = |given: &str| {
        let request = who.request("PATCH", &path).header("If-Match", given);
        request.json(&json!({})).send().status()
    };
    for good in ["*", "\"1\"", "\"9\", \"1\"", " \"1\" "] {
        assert_eq!(change(good), 200, "{good}");
    }
    for stale in ["\"9\"", "\"abc\"", "\"9\", \"8\"", "\"\""] {
        assert_eq!(change(stale), 412, "{stale}");
    }
    for wrong in ["1", "\"1", "\"1\",,", "abc"] {
        assert_eq!(change(wrong), 400, "{wrong}");
    }
}

#[test]
fn head_answers_like_get_without_the_content() {
    let app = TestApp::start();
    let who = owner(&app);
    let made = who.post("/members", &new_member("L-1")).expect(201);
    for path in [
        format!("/members/{}", made.text_at("/id")),
        "/members".to_owned(),
    ] {
        let whole = who.get(&path).expect(200);
        let head = who.request("HEAD", &path).send().expect(200);
        assert_eq!(head.text(), "");
        assert_eq!(head.header("etag"), whole.header("etag"), "{path}");
        assert_eq!(head.header("content-type"), whole.header("content-type"));
    }
    let nobody = app.anonymous().request("HEAD", "/members").send();
    assert_eq!((nobody.status(), nobody.text()), (401, ""));
    // Where nothing can be got, nothing can be asked for either.
    assert_eq!(who.request("HEAD", "/auth/login").send().status(), 405);
}
