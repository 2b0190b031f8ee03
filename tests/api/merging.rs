//! Organizations that are there twice, over HTTP: found when they are made, found later, and merged.

use serde_json::{Value, json};
use unionhall_domain::roles::Role;
use unionhall_testing::{TestApp, app::Identity};

use crate::{
    collective_agreements::new_agreement,
    fixtures::{
        activity, campaign, filing, made, new_contact, new_employer, new_employment, new_member,
        owner, score, texts,
    },
};

/// Two records of one employer, with something on each; ids of the one that goes and of the one that stays.
fn doubles(app: &TestApp, who: &Identity<'_>) -> [String; 2] {
    let double = json!({
        "name": "Puget Electric, Inc.", "org_type": "employer", "phone": "206-555-0100", "city": "Kent"
    });
    let [loser, winner] =
        [double, new_employer("Puget Electric")].map(|body| made(who, "/organizations", &body));
    let member = made(who, "/members", &new_member("L-1"));
    for organization in [&loser, &winner] {
        made(who, "/organization-contacts", &new_contact(organization));
    }
    let job = new_employment(&member, &loser, app.today());
    made(who, "/member-employments", &job);
    made(who, "/grievances", &filing(&member, &loser));
    [loser, winner]
}

fn merge(
    who: &Identity<'_>,
    loser: &str,
    query: &str,
    body: &Value,
) -> unionhall_testing::app::Answer {
    who.post(&format!("/organizations/{loser}/merge{query}"), body)
}

#[test]
fn whoever_adds_an_organization_is_told_what_it_may_be_the_same_as() {
    let app = TestApp::start();
    let staff = app.as_role(Role::Staff);
    let first = new_employer("Núñez Electric");
    let added = staff.post("/organizations", &first).expect(201);
    assert_eq!(added.json()["possible_duplicates"], json!([]));
    let again = staff
        .post(
            "/organizations?dry_run=true",
            &new_employer("NUNEZ ELECTRIC, Inc."),
        )
        .expect(201);
    let similar = &again.json()["possible_duplicates"][0];
    assert_eq!(similar["id"], json!(added.text_at("/id")));
    assert_eq!(similar["similarity"], json!(100));
    let asked = staff.get("/organizations/duplicates?name=nunes%20electric&address=1%20Pine");
    assert_eq!(texts(&asked.expect(200).json(), "name"), ["Núñez Electric"]);
    let shown = staff.get("/organizations").expect(200).json();
    assert!(shown["items"][0]["possible_duplicates"].is_null());
}

#[test]
fn a_merger_moves_everything_and_can_be_rehearsed_and_sent_again() {
    let app = TestApp::start();
    let who = owner(&app);
    let [loser, winner] = doubles(&app, &who);
    let pairs = who.get("/organizations/duplicate-pairs").expect(200).json();
    assert_eq!(pairs["items"][0]["first"]["id"], json!(loser));
    assert_eq!(pairs["items"][0]["second"]["id"], json!(winner));
    let body = json!({"into": winner, "into_version": 1, "take": ["city"]});
    let officer = app.as_role(Role::Officer);
    let rehearsed = merge(&officer, &loser, "?dry_run=true", &body).expect(200);
    who.get(&format!("/organizations/{loser}")).expect(200);
    let merged = merge(&officer, &loser, "", &body).expect(200);
    assert_eq!(merged.json()["moved"], rehearsed.json()["moved"]);
    let moved = json!([
        {"kind": "contact", "count": 1}, {"kind": "employment", "count": 1}, {"kind": "grievance", "count": 1}
    ]);
    assert_eq!(merged.json()["moved"], moved);
    let organization = &merged.json()["organization"];
    let said = ["name", "city", "phone"].map(|field| organization[field].clone());
    assert_eq!(
        said,
        [
            json!("Puget Electric"),
            json!("Kent"),
            json!("206-555-0100")
        ]
    );
    for path in [
        format!("/organization-contacts?organization_id={winner}&include_total=true"),
        format!("/member-employments?organization_id={winner}&include_total=true"),
        format!("/grievances?employer_id={winner}&include_total=true"),
    ] {
        let expected = if path.contains("contacts") { 2 } else { 1 };
        assert_eq!(
            who.get(&path).expect(200).json()["total"],
            expected,
            "{path}"
        );
    }
    let primary = format!("/organization-contacts?organization_id={winner}&is_primary=true");
    assert_eq!(texts(&who.get(&primary).expect(200).json(), "id").len(), 1);
    let again = merge(&officer, &loser, "", &json!({"into": winner})).expect(200);
    assert_eq!(again.json()["moved"], json!([]));
}

#[test]
fn what_was_merged_is_gone_for_good_and_the_answer_says_where_to() {
    let app = TestApp::start();
    let who = owner(&app);
    let [loser, winner] = doubles(&app, &who);
    merge(&who, &loser, "", &json!({"into": winner})).expect(200);
    let path = format!("/organizations/{loser}");
    for answer in [
        who.get(&path),
        who.act(&format!("{path}/restore")),
        merge(
            &who,
            &loser,
            "",
            &json!({"into": made(&who, "/organizations", &new_employer("Free"))}),
        ),
    ] {
        let answer = answer.expect(404);
        assert!(answer.text_at("/detail").contains(&winner), "{answer:#?}");
    }
    let events = who
        .get(&format!("/audit-events/by-record/organization/{loser}"))
        .expect(200)
        .json();
    let merged = events["items"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|event| event["action"] == "merged");
    let changes = &merged.expect("it is on record")["changes"];
    assert_eq!(changes[0]["after"], json!(winner));
}

#[test]
fn a_merger_that_does_not_mean_what_is_there_is_refused() {
    let app = TestApp::start();
    let who = owner(&app);
    let [loser, winner] = doubles(&app, &who);
    let stale = merge(
        &who,
        &loser,
        "",
        &json!({"into": winner, "into_version": 7}),
    );
    assert_eq!(stale.expect(412).code(), "stale");
    let request = who.request("POST", &format!("/organizations/{loser}/merge"));
    let stale = request
        .header("If-Match", "\"7\"")
        .json(&json!({"into": winner}));
    assert_eq!(stale.send().expect(412).code(), "stale");
    let itself = merge(&who, &loser, "", &json!({"into": loser})).expect(422);
    assert_eq!(itself.text_at("/errors/0/code"), "same_organization");
    let staff = app.as_role(Role::Staff);
    merge(&staff, &loser, "", &json!({"into": winner})).expect(403);
}

#[test]
fn activities_campaigns_scores_and_agreements_go_with_the_one_that_stays() {
    let app = TestApp::start();
    let who = owner(&app);
    let [loser, winner] = doubles(&app, &who);
    let organizer = app.as_role(Role::Organizer);
    let lead = app.local.person(Role::Organizer).id.to_string();
    let member = made(&who, "/members", &new_member("S-1"));
    let drive = made(&organizer, "/campaigns", &campaign(&lead, &loser));
    let mut visit = activity(&app, &member, &loser);
    visit["campaign_id"] = json!(drive);
    let visit = made(&organizer, "/salting-activities", &visit);
    for (organization, number) in [(&loser, 2), (&loser, 4), (&winner, 3)] {
        organizer
            .put(
                &format!("/organizations/{organization}/salting-score"),
                &score(number),
            )
            .expect(200);
    }
    let agreement = made(&who, "/agreements", &new_agreement(Some(&loser)));
    merge(&who, &loser, "", &json!({"into": winner})).expect(200);
    let shown = |path: String| organizer.get(&path).expect(200).json();
    let moved = shown(format!("/salting-activities/{visit}"));
    assert_eq!(moved["organization_id"], json!(winner));
    assert_eq!(moved["campaign_id"], json!(drive));
    let moved = shown(format!("/campaigns/{drive}"));
    assert_eq!(
        texts(&json!({"items": moved["targets"]}), "organization_id"),
        std::slice::from_ref(&winner)
    );
    let moved = who.get(&format!("/agreements/{agreement}")).expect(200);
    assert_eq!(moved.json()["parties"][1]["organization_id"], json!(winner));
    // What was said of the one that went is told with what is said of the one that stays.
    let path = format!("/organizations/{winner}/salting-score");
    assert_eq!(shown(path.clone())["score"], 3);
    let history = shown(format!("{path}/history"));
    assert_eq!(
        texts(&history, "organization_id"),
        [winner.clone(), loser.clone(), loser.clone()]
    );
    let first = shown(format!("{path}/history?limit=2"));
    let next = first["next_cursor"].as_str().expect("more");
    let rest = shown(format!("{path}/history?limit=2&cursor={next}"));
    assert_eq!(texts(&rest, "organization_id"), [loser]);
    assert_eq!(rest["items"][0]["score"], 2);
}

#[test]
fn a_contact_that_loses_its_place_in_a_merger_is_on_record_with_that() {
    let app = TestApp::start();
    let who = owner(&app);
    let [loser, winner] = doubles(&app, &who);
    let path = format!("/organization-contacts?organization_id={loser}");
    let contact = texts(&who.get(&path).expect(200).json(), "id").remove(0);
    merge(&who, &loser, "", &json!({"into": winner})).expect(200);
    let trail = format!("/audit-events/by-record/contact/{contact}");
    let trail = who.get(&trail).expect(200).json();
    let changes = trail["items"][0]["changes"].clone();
    let expected = json!([
        {"field": "organization_id", "before": loser, "after": winner},
        {"field": "is_primary", "before": "true", "after": "false"}
    ]);
    assert_eq!(changes, expected);
}

#[test]
fn an_organization_that_is_a_party_of_an_agreement_is_not_deleted() {
    let app = TestApp::start();
    let who = owner(&app);
    let employer = made(&who, "/organizations", &new_employer("Puget Electric"));
    let agreement = made(&who, "/agreements", &new_agreement(Some(&employer)));
    let path = format!("/organizations/{employer}");
    let refused = who.delete(&path).expect(409);
    assert_eq!(refused.code(), "in_use");
    assert!(
        refused.text_at("/detail").contains("agreements ("),
        "{refused:#?}"
    );
    who.delete(&format!("/agreements/{agreement}")).expect(204);
    who.delete(&path).expect(204);
}
