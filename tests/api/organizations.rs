//! Organizations over HTTP: employers and other parties, as far as grievances need them.

use insta::assert_json_snapshot;
use serde_json::json;
use unionhall_domain::roles::Role;
use unionhall_testing::TestApp;

use crate::fixtures::{
    activity, case, filing, made, new_contact, new_employer, new_employment, new_member, owner,
    score, texts,
};

#[test]
fn an_organization_is_shown_with_every_field() {
    let app = TestApp::start();
    let body = json!({
        "name": " Puget Electric ", "org_type": "employer", "address": "1 Pine St", "city": "Seattle",
        "state": "WA", "zip_code": "98101", "phone": "206-555-0100", "email": "Office@Puget.example",
        "website": "https://puget.example"
    });
    let answer = app
        .as_role(Role::Staff)
        .post("/organizations", &body)
        .expect(201);
    let path = format!("/organizations/{}", answer.text_at("/id"));
    assert_eq!(
        answer.header("location"),
        Some(format!("/api/v1{path}").as_str())
    );
    let record = app.as_role(Role::Staff).get(&path).expect(200);
    let mut made = answer.json();
    let similar = made.as_object_mut().unwrap().remove("possible_duplicates");
    assert_eq!(similar, Some(json!([])));
    assert_eq!(record.json(), made);
    assert_json_snapshot!(record.json(), {
        ".id" => "[id]", ".created_at" => "[time]", ".updated_at" => "[time]"
    });
}

#[test]
fn a_change_touches_what_it_names_and_null_clears() {
    let app = TestApp::start();
    let who = owner(&app);
    let path = format!(
        "/organizations/{}",
        made(&who, "/organizations", &new_employer("Puget"))
    );
    let after = who
        .patch(&path, &json!({"city": null, "org_type": "jatc"}))
        .expect(200)
        .json();
    let said = (
        &after["name"],
        &after["city"],
        &after["org_type"],
        &after["version"],
    );
    assert_eq!(
        said,
        (&json!("Puget"), &json!(null), &json!("jatc"), &json!(2))
    );
    who.patch(&path, &json!({"name": null})).expect(422);
}

#[test]
fn an_organization_that_grievances_name_is_not_deleted_and_any_other_can_be_restored() {
    let app = TestApp::start();
    let who = owner(&app);
    let case = case(&who, "L-1");
    let used = who
        .delete(&format!("/organizations/{}", case.employer))
        .expect(409);
    assert_eq!(used.code(), "in_use");
    assert!(used.text_at("/detail").contains("GR-"), "{used:#?}");
    let path = format!(
        "/organizations/{}",
        made(&who, "/organizations", &new_employer("Free"))
    );
    who.delete(&path).expect(204);
    who.get(&path).expect(404);
    who.act(&format!("{path}/restore")).expect(200);
    who.get(&path).expect(200);
}

#[test]
fn organizations_are_found_by_type_name_and_city() {
    let app = TestApp::start();
    let who = owner(&app);
    for (name, kind, city) in [
        ("Électricité du Nord", "employer", "Blaine"),
        ("Puget Electric", "employer", "Seattle"),
        ("Seattle JATC", "jatc", "Renton"),
    ] {
        let body = json!({"name": name, "org_type": kind, "city": city});
        who.post("/organizations", &body).expect(201);
    }
    let found = |query: &str| {
        let path = format!("/organizations?{query}");
        texts(&who.get(&path).expect(200).json(), "name")
    };
    assert_eq!(
        found(""),
        ["Électricité du Nord", "Puget Electric", "Seattle JATC"]
    );
    assert_eq!(found("org_type=jatc"), ["Seattle JATC"]);
    assert_eq!(found("q=electricite"), ["Électricité du Nord"]);
    assert_eq!(found("q=seattle"), ["Puget Electric", "Seattle JATC"]);
    assert_eq!(found("q=seattle&org_type=employer"), ["Puget Electric"]);
    who.get("/organizations?org_type=planet").expect(400);
}

#[test]
fn grievances_are_filed_against_employers_alone() {
    let app = TestApp::start();
    let who = owner(&app);
    let member = made(&who, "/members", &new_member("L-1"));
    let jatc = json!({"name": "Seattle JATC", "org_type": "jatc"});
    let jatc = made(&who, "/organizations", &jatc);
    let answer = who.post("/grievances", &filing(&member, &jatc)).expect(422);
    assert_eq!(answer.text_at("/errors/0/pointer"), "/employer_id");
    assert_eq!(answer.text_at("/errors/0/code"), "not_an_employer");
}

#[test]
fn an_employer_is_seen_at_one_glance_as_far_as_the_caller_may() {
    let app = TestApp::start();
    let who = owner(&app);
    let case = case(&who, "L-1");
    let path = format!("/organizations/{}/overview", case.employer);
    made(&who, "/organization-contacts", &new_contact(&case.employer));
    let job = new_employment(&case.member, &case.employer, app.today());
    made(&who, "/member-employments", &job);
    let seen = app.as_role(Role::Staff).get(&path).expect(200).json();
    for (pointer, expected) in [
        ("/organization/name", json!("Puget Electric")),
        ("/primary_contact/first_name", json!("Ira")),
        ("/contacts_count", json!(1)),
        ("/current_members_count", json!(1)),
        ("/current_jobs/0/member_number", json!("L-1")),
        ("/open_grievances_count", json!(1)),
        ("/open_grievances/0/id", json!(case.grievance)),
        ("/open_grievances/0/status", json!("open")),
    ] {
        assert_eq!(seen.pointer(pointer), Some(&expected), "{pointer}");
    }
    let organizer = app.as_role(Role::Organizer).get(&path).expect(200);
    assert!(
        !organizer.text().contains(&case.grievance),
        "{organizer:#?}"
    );
    assert_eq!(organizer.json()["open_grievances_count"], json!(null));
    let trail = format!("/audit-events/by-record/organization/{}", case.employer);
    let actions = texts(&who.get(&trail).expect(200).json(), "action");
    assert_eq!(actions, ["read", "read", "created"]);
}

#[test]
fn organizers_see_how_organizing_goes_at_one_glance_and_nobody_else_sees_that_it_does() {
    let app = TestApp::start();
    let who = owner(&app);
    let case = case(&who, "M-1");
    let path = format!("/organizations/{}/overview", case.employer);
    let organizer = app.as_role(Role::Organizer);
    let nothing = organizer.get(&path).expect(200).json();
    let expected = json!({"score": null, "meaning": null, "last_activity": null});
    assert_eq!(nothing["organizing"], expected);
    let before = app.as_role(Role::Staff).get(&path).expect(200).json();
    let visit = activity(&app, &case.member, &case.employer);
    let visit = made(&organizer, "/salting-activities", &visit);
    let judged = format!("/organizations/{}/salting-score", case.employer);
    organizer.put(&judged, &score(4)).expect(200);
    let seen = organizer.get(&path).expect(200).json();
    assert_eq!(seen["organizing"]["score"], 4);
    assert_eq!(seen["organizing"]["meaning"], "receptive");
    assert_eq!(seen["organizing"]["last_activity"]["id"], json!(visit));
    let after = app.as_role(Role::Staff).get(&path).expect(200).json();
    assert_eq!(before, after);
    assert!(after.get("organizing").is_none());
    // That the activity was looked at is on record.
    let trail = who.get(&format!("/audit-events/by-record/salting_activity/{visit}"));
    assert_eq!(texts(&trail.expect(200).json(), "action")[0], "read");
}
