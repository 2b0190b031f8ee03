//! Agreements and the versions of their rules over HTTP.

use insta::assert_json_snapshot;
use serde_json::{Value, json};
use unionhall_domain::roles::Role;
use unionhall_testing::TestApp;

use crate::fixtures::{made, new_employer, owner, texts};

/// An agreement with this employer, in force from the beginning of 2020.
pub(crate) fn new_agreement(employer: Option<&str>) -> Value {
    json!({
        "name": "Inside Agreement", "effective_from": "2020-01-01",
        "parties": [
            {"side": "union", "name": "Electrical Workers Local 46"},
            {"side": "employer", "name": "Puget Electric", "organization_id": employer}
        ],
        "articles": [
            {"number": "9.1", "title": "Filing"},
            {"number": "9.2", "title": "Answers", "text": "The Employer answers within ten working days."},
            {"number": "9.3", "title": "Next steps", "text": "The Union goes on within fifteen days."}
        ]
    })
}

/// The employer answers within ten working days, and the union goes on within fifteen days after that.
pub(crate) fn new_rules() -> Value {
    json!({
        "effective_from": "2020-01-01",
        "rules": [
            {
                "step": "step_1", "side": "employer", "duty": "answer", "after": "filed", "article": "9.2",
                "days": 10, "day_kind": "working", "missed": "advance"
            },
            {
                "step": "step_1", "side": "union", "duty": "advance", "after": "answered", "article": "9.3",
                "days": 15, "day_kind": "calendar", "mail_days": 3, "missed": "forfeit"
            }
        ]
    })
}

#[test]
fn an_agreement_is_shown_with_every_field_and_its_rules_in_versions() {
    let app = TestApp::start();
    let officer = app.as_role(Role::Officer);
    let employer = made(&owner(&app), "/organizations", &new_employer("Puget"));
    let answer = officer.post("/agreements", &new_agreement(Some(&employer)));
    let answer = answer.expect(201);
    let path = format!("/agreements/{}", answer.text_at("/id"));
    assert_eq!(
        answer.header("location"),
        Some(format!("/api/v1{path}").as_str())
    );
    let staff = app.as_role(Role::Staff);
    let record = staff.get(&path).expect(200);
    assert_eq!(record.json(), answer.json());
    assert_json_snapshot!("agreement", record.json(), {
        ".id" => "[id]", ".created_at" => "[time]", ".updated_at" => "[time]",
        ".parties[].organization_id" => "[id or null]"
    });
    let added = officer
        .post(&format!("{path}/rule-sets"), &new_rules())
        .expect(201);
    let place = format!("/api/v1{path}/rule-sets/1");
    assert_eq!(added.header("location"), Some(place.as_str()));
    // The version of the agreement, which the rules have changed.
    assert_eq!(added.header("etag"), Some("\"2\""));
    let found = staff.get(&format!("{path}/rule-sets/1")).expect(200);
    assert_eq!(found.json(), added.json());
    assert_json_snapshot!("rule_set", found.json(), { ".agreement_id" => "[id]" });
}

#[test]
fn a_version_of_the_rules_is_followed_by_another_and_stays_as_it_was() {
    let app = TestApp::start();
    let officer = app.as_role(Role::Officer);
    let path = format!(
        "/agreements/{}",
        made(&officer, "/agreements", &new_agreement(None))
    );
    let rule_sets = format!("{path}/rule-sets");
    officer.post(&rule_sets, &new_rules()).expect(201);
    let first = officer.get(&format!("{rule_sets}/1")).expect(200).json();
    let mut shorter = new_rules();
    shorter["effective_from"] = json!("2026-01-01");
    shorter["rules"][0]["days"] = json!(5);
    officer.post(&rule_sets, &shorter).expect(201);
    // The article that they cite may go: they say what was agreed then.
    let fewer = json!({"articles": [{"number": "1", "title": "Scope"}]});
    officer.patch(&path, &fewer).expect(200);
    let after = officer.get(&format!("{rule_sets}/1")).expect(200).json();
    assert_eq!(after, first);
    let list = officer.get(&format!("{rule_sets}?sort=-version")).json();
    let versions = [&list["items"][0]["version"], &list["items"][1]["version"]];
    assert_eq!(versions, [&json!(2), &json!(1)]);
    let page = officer.get(&format!("{rule_sets}?limit=1")).json();
    let next = page["next_cursor"].as_str().expect("a second page");
    let rest = officer.get(&format!("{rule_sets}?limit=1&cursor={next}"));
    assert_eq!(rest.expect(200).json()["items"][0]["version"], json!(2));
    officer.get(&format!("{rule_sets}/3")).expect(404);
    officer.get(&format!("{rule_sets}/first")).expect(404);
}

#[test]
fn rules_that_contradict_the_agreement_or_each_other_are_told_each_at_its_place() {
    let app = TestApp::start();
    let officer = app.as_role(Role::Officer);
    let id = made(&officer, "/agreements", &new_agreement(None));
    let mut rules = new_rules();
    rules["effective_from"] = json!("2019-12-31");
    rules["rules"][0]["article"] = json!("12");
    rules["rules"][0]["missed"] = json!("forfeit");
    let again = rules["rules"][1].clone();
    rules["rules"].as_array_mut().expect("a list").push(again);
    let refused = officer.post(&format!("/agreements/{id}/rule-sets"), &rules);
    let refused = refused.expect(422).json();
    let told: Vec<_> = refused["errors"]
        .as_array()
        .expect("the errors")
        .iter()
        .map(|error| format!("{} {}", error["pointer"], error["code"]).replace('"', ""))
        .collect();
    assert_eq!(
        told,
        [
            "/effective_from outside_the_term",
            "/rules/0/article unknown_article",
            "/rules/0/missed impossible_consequence",
            "/rules/2/duty duplicate"
        ]
    );
}

#[test]
fn the_organizations_among_the_parties_are_the_tenants_own_and_employers() {
    let app = TestApp::start();
    let officer = app.as_role(Role::Officer);
    let trust = app.in_trust(Role::Owner);
    let foreign = made(&trust, "/organizations", &new_employer("Theirs"));
    let jatc = json!({"name": "Seattle JATC", "org_type": "jatc"});
    let jatc = made(&owner(&app), "/organizations", &jatc);
    for (organization, code) in [(foreign, "unknown_organization"), (jatc, "not_an_employer")] {
        let refused = officer.post("/agreements", &new_agreement(Some(&organization)));
        let refused = refused.expect(422);
        let pointer = "/parties/1/organization_id";
        assert_eq!(refused.text_at("/errors/0/pointer"), pointer);
        assert_eq!(refused.text_at("/errors/0/code"), code);
    }
}

#[test]
fn agreements_are_found_by_organization_and_day_and_lists_leave_their_words_out() {
    let app = TestApp::start();
    let who = owner(&app);
    let employer = made(&who, "/organizations", &new_employer("Puget"));
    let mut old = new_agreement(Some(&employer));
    old["name"] = json!("Old Agreement");
    old["effective_through"] = json!("2022-12-31");
    who.post("/agreements", &old).expect(201);
    who.post("/agreements", &new_agreement(None)).expect(201);
    let found = |query: &str| {
        let answer = who.get(&format!("/agreements?{query}"));
        texts(&answer.expect(200).json(), "name")
    };
    assert_eq!(found(""), ["Inside Agreement", "Old Agreement"]);
    assert_eq!(found("sort=-effective_from&limit=1").len(), 1);
    let of_employer = format!("organization_id={employer}");
    assert_eq!(found(&of_employer), ["Old Agreement"]);
    assert_eq!(found("in_force_on=2023-01-01"), ["Inside Agreement"]);
    assert_eq!(found("in_force_on=2022-12-31").len(), 2);
    assert!(found("in_force_on=2019-12-31").is_empty());
    let list = who.get("/agreements").json();
    assert_eq!(list["items"][0]["articles"][1]["text"], json!(null));
    assert_eq!(list["items"][0]["articles"][1]["number"], json!("9.2"));
}

#[test]
fn a_change_touches_what_it_names_and_a_deleted_agreement_can_be_restored() {
    let app = TestApp::start();
    let officer = app.as_role(Role::Officer);
    let id = made(&officer, "/agreements", &new_agreement(None));
    let path = format!("/agreements/{id}");
    let change = json!({"effective_through": "2028-12-31", "articles": []});
    let after = officer.patch(&path, &change).expect(200).json();
    let said = (&after["name"], &after["articles"], &after["version"]);
    let expected = (&json!("Inside Agreement"), &json!([]), &json!(2));
    assert_eq!(said, expected);
    let early = json!({"effective_through": "2019-12-31"});
    let refused = officer.patch(&path, &early).expect(422);
    assert_eq!(refused.text_at("/errors/0/code"), "before_its_beginning");
    officer.delete(&path).expect(204);
    officer.get(&path).expect(404);
    officer.get(&format!("{path}/rule-sets")).expect(404);
    officer.act(&format!("{path}/restore")).expect(200);
    officer.get(&path).expect(200);
}
