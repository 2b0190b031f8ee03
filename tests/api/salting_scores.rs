//! SALTing scores over HTTP.

use serde_json::{Value, json};
use unionhall_domain::roles::Role;
use unionhall_testing::TestApp;

use crate::fixtures::{made, new_employer, score};

#[test]
fn an_employer_is_judged_again_and_again_and_the_newest_judgement_counts() {
    let app = TestApp::start();
    let employer = made(
        &app.as_role(Role::Staff),
        "/organizations",
        &new_employer("Voltage Electric"),
    );
    let path = format!("/organizations/{employer}/salting-score");
    let (who, officer) = (app.as_role(Role::Organizer), app.as_role(Role::Officer));
    let nothing = who.get(&path).expect(200);
    assert_eq!(nothing.header("etag"), None);
    assert_eq!(
        nothing.json(),
        json!({
            "organization_id": employer, "score": null, "meaning": null, "reason": null,
            "notes": null, "set_by": null, "set_at": null, "version": null
        })
    );
    let first = who.put(&path, &score(2)).expect(200);
    assert_eq!(first.header("etag"), Some("\"1\""));
    let mut body = score(4);
    body["notes"] = json!("Former member.");
    let second = officer.put(&path, &body).expect(200);
    let said = second.json();
    assert_eq!(
        (&said["score"], &said["meaning"], &said["version"]),
        (&json!(4), &json!("receptive"), &json!(2))
    );
    let officer_id = app.local.person(Role::Officer).id.to_string();
    assert_eq!(said["set_by"], officer_id);
    assert_eq!(who.get(&path).expect(200).json(), said);
    let taken_back = json!({"score": null, "reason": "The firm was sold."});
    who.put(&path, &taken_back).expect(200);
    let history = |query: &str| {
        who.get(&format!("{path}/history{query}"))
            .expect(200)
            .json()
    };
    let all = history("?include_total=true");
    let scores: Vec<_> = all["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| &entry["score"])
        .collect();
    assert_eq!(scores, [&json!(null), &json!(4), &json!(2)]);
    assert_eq!(all["total"], 3);
    assert_eq!(all["items"][1]["notes"], "Former member.");
    let page = history("?limit=1&sort=version");
    assert_eq!(page["items"][0]["version"], 1);
    let next = page["next_cursor"].as_str().unwrap();
    let page = history(&format!("?limit=1&sort=version&cursor={next}"));
    assert_eq!(page["items"][0]["version"], 2);
}

#[test]
fn a_judgement_needs_one_of_five_numbers_a_reason_and_an_employer() {
    let app = TestApp::start();
    let staff = app.as_role(Role::Staff);
    let employer = made(&staff, "/organizations", &new_employer("Voltage Electric"));
    let jatc = json!({"name": "Seattle JATC", "org_type": "jatc"});
    let jatc = made(&staff, "/organizations", &jatc);
    let who = app.as_role(Role::Organizer);
    let refused = |organization: &str, body: &Value| {
        let path = format!("/organizations/{organization}/salting-score");
        let answer = who.put(&path, body).expect(422);
        let errors = answer.json()["errors"].clone();
        let errors = errors.as_array().unwrap().iter().map(|error| {
            format!(
                "{} {}",
                error["pointer"].as_str().unwrap(),
                error["code"].as_str().unwrap()
            )
        });
        errors.collect::<Vec<_>>()
    };
    assert_eq!(
        refused(&employer, &json!({})),
        ["/score required", "/reason required"]
    );
    assert_eq!(
        refused(&employer, &json!({"score": 0, "reason": ""})),
        ["/score out_of_range", "/reason blank"]
    );
    assert_eq!(refused(&jatc, &score(3)), ["/score not_an_employer"]);
}

#[test]
fn whoever_judges_without_having_read_the_last_judgement_is_told() {
    let app = TestApp::start();
    let employer = made(
        &app.as_role(Role::Staff),
        "/organizations",
        &new_employer("Voltage Electric"),
    );
    let path = format!("/organizations/{employer}/salting-score");
    let who = app.as_role(Role::Organizer);
    let judge = |version: &str| {
        let request = who.request("PUT", &path).header("If-Match", version);
        request.json(&score(3)).send()
    };
    assert_eq!(judge("\"1\"").expect(412).code(), "stale");
    who.put(&path, &score(3)).expect(200);
    judge("\"1\"").expect(200);
    assert_eq!(judge("\"1\"").expect(412).code(), "stale");
    let rehearsed = who
        .put(&format!("{path}?dry_run=true"), &score(1))
        .expect(200);
    assert_eq!(rehearsed.json()["version"], 3);
    assert_eq!(who.get(&path).expect(200).json()["version"], 2);
}

#[test]
fn the_record_of_the_organization_knows_nothing_of_its_score() {
    let app = TestApp::start();
    let employer = made(
        &app.as_role(Role::Staff),
        "/organizations",
        &new_employer("Voltage Electric"),
    );
    let record = format!("/organizations/{employer}");
    let officer = app.as_role(Role::Officer);
    let before = officer.get(&record).expect(200);
    officer
        .put(&format!("{record}/salting-score"), &score(5))
        .expect(200);
    let after = officer.get(&record).expect(200);
    assert_eq!(after.json(), before.json());
    assert_eq!(after.header("etag"), before.header("etag"));
}
