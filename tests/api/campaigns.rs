//! Campaigns over HTTP.

use serde_json::{Value, json};
use unionhall_domain::roles::Role;
use unionhall_testing::{TestApp, app::Identity};

use crate::fixtures::{activity, campaign, ids, made, new_employer, new_member, reason, score};

/// Two employers, and a campaign at the first of them that has begun.
struct Drive {
    member: String,
    employers: [String; 2],
    campaign: String,
}

impl Drive {
    fn of(app: &TestApp) -> Self {
        let staff = app.as_role(Role::Staff);
        let employers = ["Voltage Electric", "Ohm Brothers"]
            .map(|name| made(&staff, "/organizations", &new_employer(name)));
        let who = organizer(app);
        let campaign = made(&who, "/campaigns", &planned(app, &employers[0]));
        who.act(&format!("/campaigns/{campaign}/start")).expect(200);
        Self {
            member: made(&staff, "/members", &new_member("L-1")),
            employers,
            campaign,
        }
    }

    fn path(&self) -> String {
        format!("/campaigns/{}", self.campaign)
    }

    /// An activity of the campaign at its employer.
    fn activity(&self, app: &TestApp) -> Value {
        let mut body = activity(app, &self.member, &self.employers[0]);
        body["campaign_id"] = json!(self.campaign);
        body
    }
}

fn organizer(app: &TestApp) -> Identity<'_> {
    app.as_role(Role::Organizer)
}

/// A campaign at this employer that the organizer leads.
fn planned(app: &TestApp, employer: &str) -> Value {
    let lead = app.local.person(Role::Organizer).id.to_string();
    campaign(&lead, employer)
}

#[test]
fn a_campaign_is_shown_with_every_field_and_with_what_may_be_done() {
    let app = TestApp::start();
    let drive = Drive::of(&app);
    let record = app.as_role(Role::Officer).get(&drive.path()).expect(200);
    assert_eq!(record.header("etag"), Some("\"2\""));
    insta::assert_json_snapshot!(record.json(), {
        ".id" => "[id]", ".lead_id" => "[id]", ".targets[].organization_id" => "[id]",
        ".started_on" => "[today]", ".created_at" => "[time]", ".updated_at" => "[time]"
    });
}

#[test]
fn a_campaign_moves_along_its_table_and_every_end_is_final() {
    let app = TestApp::start();
    let drive = Drive::of(&app);
    let who = organizer(&app);
    let act = |verb: &str| {
        let path = format!("{}/{verb}", drive.path());
        match verb {
            "start" | "resume" => who.act(&path),
            _ => who.post(&path, &reason()),
        }
    };
    assert_eq!(act("pause").expect(200).text_at("/status"), "paused");
    let refused = act("win").expect(409);
    assert_eq!(refused.code(), "illegal_move");
    let allowed = &refused.json()["allowed_actions"];
    assert_eq!(*allowed, json!(["resume", "lose", "abandon"]));
    assert_eq!(act("resume").expect(200).text_at("/status"), "active");
    let won = act("win").expect(200);
    assert_eq!(won.text_at("/status_reason"), reason()["reason"]);
    assert_eq!(won.text_at("/ended_on"), app.today().to_string());
    for verb in ["start", "pause", "resume", "win", "lose", "abandon"] {
        assert_eq!(act(verb).expect(409).json()["allowed_actions"], json!([]));
    }
    let path = format!("{}/pause", drive.path());
    who.post(&path, &json!({})).expect(422);
}

#[test]
fn an_activity_belongs_to_a_campaign_of_its_own_employer_alone() {
    let app = TestApp::start();
    let drive = Drive::of(&app);
    let who = organizer(&app);
    let path = format!(
        "/salting-activities/{}",
        made(&who, "/salting-activities", &drive.activity(&app))
    );
    let refused = |change: Value| {
        let answer = who.patch(&path, &change).expect(422);
        (
            answer.text_at("/errors/0/pointer"),
            answer.text_at("/errors/0/code"),
        )
    };
    let wrong = |code: &str| ("/campaign_id".to_owned(), code.to_owned());
    let other = json!({"organization_id": drive.employers[1]});
    assert_eq!(refused(other), wrong("not_of_campaign"));
    let never = json!({"campaign_id": "0190ffff-ffff-7fff-bfff-ffffffffffff"});
    assert_eq!(refused(never), wrong("unknown_campaign"));
    let list = format!("/salting-activities?campaign_id={}", drive.campaign);
    assert_eq!(ids(&who.get(&list).expect(200).json()).len(), 1);
    // Nor can the campaign leave the employer, or go, as long as it has activities.
    let target = json!({"targets": [{"organization_id": drive.employers[1]}]});
    assert_eq!(
        who.patch(&drive.path(), &target).expect(409).code(),
        "in_use"
    );
    assert_eq!(who.delete(&drive.path()).expect(409).code(), "in_use");
    who.patch(&path, &json!({"campaign_id": null})).expect(200);
    who.patch(&drive.path(), &target).expect(200);
    who.delete(&drive.path()).expect(204);
    who.get(&drive.path()).expect(404);
    who.act(&format!("{}/restore", drive.path())).expect(200);
}

#[test]
fn progress_holds_what_was_reported_against_goal_and_unit() {
    let app = TestApp::start();
    let drive = Drive::of(&app);
    let who = organizer(&app);
    let add = |contacted: u32, signed: u32| {
        let mut body = drive.activity(&app);
        body["workers_contacted"] = json!(contacted);
        body["cards_signed"] = json!(signed);
        who.post("/salting-activities", &body).expect(201);
    };
    let score_path = format!("/organizations/{}/salting-score", drive.employers[0]);
    who.put(&score_path, &score(2)).expect(200);
    who.put(&score_path, &score(4)).expect(200);
    // A unit of 44, a goal of 30: 14 cards are 30 percent, 23 more than half.
    add(20, 13);
    let progress = || {
        let path = format!("{}/progress", drive.path());
        who.get(&path).expect(200).json()
    };
    let first = progress();
    let target = &first["targets"][0];
    let interest = json!({"cards": 14, "reached": false});
    assert_eq!(target["showing_of_interest"], interest);
    assert_eq!(target["percent_of_unit"], "29.5");
    assert_eq!(target["percent_of_goal"], "43.3");
    add(9, 10 - 1);
    let second = progress();
    let target = &second["targets"][0];
    assert_eq!(target["showing_of_interest"]["reached"], true);
    assert_eq!(target["majority"], json!({"cards": 23, "reached": false}));
    assert_eq!(target["percent_of_unit"], "50.0");
    let scores: Vec<_> = target["scores"].as_array().unwrap().iter().collect();
    let told = |place: usize| (&scores[place]["score"], &scores[place]["meaning"]);
    assert_eq!(told(0), (&json!(2), &json!("resistant")));
    assert_eq!(told(1), (&json!(4), &json!("receptive")));
    let tally = json!({
        "activities": 2, "workers_contacted": 29, "cards_signed": 22,
        "last_on": app.today().to_string()
    });
    assert_eq!(second["total"], tally);
    assert_eq!(target["tally"], tally);
    let month = app.today().strftime("%Y-%m").to_string();
    assert_eq!(second["months"], json!([{"month": month, "tally": tally}]));
    assert_eq!(second["as_of"], app.today().to_string());
}

#[test]
fn a_campaign_is_led_by_somebody_who_may_organize_and_aims_at_employers() {
    let app = TestApp::start();
    let drive = Drive::of(&app);
    let jatc = json!({"name": "Seattle JATC", "org_type": "jatc"});
    let jatc = made(&app.as_role(Role::Staff), "/organizations", &jatc);
    let who = organizer(&app);
    let refused = |name: &str, value: Value| {
        let mut body = planned(&app, &drive.employers[0]);
        body[name] = value;
        let answer = who.post("/campaigns", &body).expect(422);
        (
            answer.text_at("/errors/0/pointer"),
            answer.text_at("/errors/0/code"),
        )
    };
    let said = |pointer: &str, code: &str| (pointer.to_owned(), code.to_owned());
    let staff = app.local.person(Role::Staff).id.to_string();
    assert_eq!(
        refused("lead_id", json!(staff)),
        said("/lead_id", "not_an_organizer")
    );
    let stranger = app.trust.person(Role::Organizer).id.to_string();
    assert_eq!(
        refused("lead_id", json!(stranger)),
        said("/lead_id", "unknown_user")
    );
    let targets = json!([{"organization_id": drive.employers[0]}, {"organization_id": jatc}]);
    let (pointer, code) = refused("targets", targets);
    assert!(pointer.starts_with("/targets/"), "{pointer}");
    assert_eq!(code, "not_an_employer");
}

#[test]
fn campaigns_are_found_by_status_lead_and_employer() {
    let app = TestApp::start();
    let drive = Drive::of(&app);
    let who = organizer(&app);
    let mut body = planned(&app, &drive.employers[1]);
    body["name"] = json!("Eastside");
    let east = made(&who, "/campaigns", &body);
    let found = |query: &str| {
        let list = who.get(&format!("/campaigns?include_total=true&{query}"));
        let list = list.expect(200).json();
        let found = ids(&list);
        assert_eq!(list["total"], found.len());
        found
    };
    assert_eq!(found(""), [east.clone(), drive.campaign.clone()]);
    assert_eq!(found("status=active"), [drive.campaign.as_str()]);
    let there = format!("organization_id={}", drive.employers[1]);
    assert_eq!(found(&there), [east.as_str()]);
    let lead = app.local.person(Role::Organizer).id;
    assert_eq!(found(&format!("lead_id={lead}")).len(), 2);
    who.get("/campaigns?status=splendid").expect(400);
}
