//! SALTing activities over HTTP.

use jiff::ToSpan;
use serde_json::{Value, json};
use unionhall_domain::roles::Role;
use unionhall_testing::{TestApp, app::Identity};

use crate::fixtures::{activity, campaign, case, ids, made, new_employer, new_member};

/// A member who organizes, and an employer.
struct Field {
    member: String,
    employer: String,
}

impl Field {
    fn of(app: &TestApp) -> Self {
        let staff = app.as_role(Role::Staff);
        Self {
            member: made(&staff, "/members", &new_member("L-1")),
            employer: made(&staff, "/organizations", &new_employer("Voltage Electric")),
        }
    }

    fn activity(&self, app: &TestApp) -> Value {
        activity(app, &self.member, &self.employer)
    }
}

fn organizer(app: &TestApp) -> Identity<'_> {
    app.as_role(Role::Organizer)
}

#[test]
fn an_activity_is_shown_with_every_field() {
    let app = TestApp::start();
    let field = Field::of(&app);
    let mut body = field.activity(&app);
    body["location"] = json!(" Diner ");
    body["description"] = json!("Night shift.");
    body["notes"] = json!("Come back on Friday.");
    let answer = organizer(&app)
        .post("/salting-activities", &body)
        .expect(201);
    let path = format!("/salting-activities/{}", answer.text_at("/id"));
    assert_eq!(
        answer.header("location"),
        Some(format!("/api/v1{path}").as_str())
    );
    assert_eq!(answer.header("etag"), Some("\"1\""));
    let record = app.as_role(Role::Officer).get(&path).expect(200);
    assert_eq!(record.json(), answer.json());
    insta::assert_json_snapshot!(record.json(), {
        ".id" => "[id]", ".member_id" => "[id]", ".organization_id" => "[id]",
        ".activity_date" => "[today]", ".created_at" => "[time]", ".updated_at" => "[time]"
    });
}

#[test]
fn no_activity_lies_in_the_future_has_more_cards_than_workers_or_targets_anybody_but_an_employer() {
    let app = TestApp::start();
    let field = Field::of(&app);
    let who = organizer(&app);
    let refused = |name: &str, value: Value| {
        let mut body = field.activity(&app);
        body[name] = value;
        let answer = who.post("/salting-activities", &body).expect(422);
        (
            answer.text_at("/errors/0/pointer"),
            answer.text_at("/errors/0/code"),
        )
    };
    let said = |pointer: &str, code: &str| (pointer.to_owned(), code.to_owned());
    let tomorrow = app.today().tomorrow().unwrap().to_string();
    assert_eq!(
        refused("activity_date", json!(tomorrow)),
        said("/activity_date", "in_the_future")
    );
    assert_eq!(
        refused("cards_signed", json!(10)),
        said("/cards_signed", "more_than_contacted")
    );
    assert_eq!(
        refused("workers_contacted", json!(-1)),
        said("/workers_contacted", "out_of_range")
    );
    let jatc = json!({"name": "Seattle JATC", "org_type": "jatc"});
    let jatc = made(&app.as_role(Role::Staff), "/organizations", &jatc);
    assert_eq!(
        refused("organization_id", json!(jatc)),
        said("/organization_id", "not_an_employer")
    );
    let nobody = "0190ffff-ffff-7fff-bfff-ffffffffffff";
    assert_eq!(
        refused("member_id", json!(nobody)),
        said("/member_id", "unknown_member")
    );
    let list = who.get("/salting-activities").expect(200).json();
    assert_eq!(list["items"], json!([]));
}

#[test]
fn a_change_touches_what_it_names_and_null_says_that_the_outcome_is_not_known() {
    let app = TestApp::start();
    let field = Field::of(&app);
    let who = organizer(&app);
    let path = format!(
        "/salting-activities/{}",
        made(&who, "/salting-activities", &field.activity(&app))
    );
    let body = json!({"outcome": null, "workers_contacted": 20, "cards_signed": 20});
    let after = who.patch(&path, &body).expect(200).json();
    let said = [
        &after["outcome"],
        &after["workers_contacted"],
        &after["cards_signed"],
        &after["version"],
        &after["activity_type"],
    ];
    assert_eq!(
        said,
        [
            &json!(null),
            &json!(20),
            &json!(20),
            &json!(2),
            &json!("card_signing")
        ]
    );
    // The cards that are there already count as well.
    who.patch(&path, &json!({"workers_contacted": 19}))
        .expect(422);
    who.patch(&path, &json!({"member_id": null})).expect(422);
    who.delete(&path).expect(204);
    who.get(&path).expect(404);
    who.act(&format!("{path}/restore")).expect(200);
    who.get(&path).expect(200);
}

#[test]
fn activities_are_found_by_employer_member_type_outcome_and_day() {
    let app = TestApp::start();
    let field = Field::of(&app);
    let who = organizer(&app);
    let other = made(
        &app.as_role(Role::Staff),
        "/organizations",
        &new_employer("Ohm Brothers"),
    );
    let today = app.today();
    let add = |days_ago: i64, change: Value| {
        let mut body = field.activity(&app);
        let day = today.checked_sub(days_ago.days()).unwrap();
        body["activity_date"] = json!(day.to_string());
        for (name, value) in change.as_object().unwrap() {
            body[name] = value.clone();
        }
        made(&who, "/salting-activities", &body)
    };
    let first = add(9, json!({"outcome": null}));
    let second = add(5, json!({"organization_id": other}));
    let third = add(0, json!({"activity_type": "meeting"}));
    let found = |query: &str| {
        let path = format!("/salting-activities?include_total=true&{query}");
        let list = who.get(&path).expect(200).json();
        let found = ids(&list);
        assert_eq!(list["total"], found.len());
        found
    };
    let all = [third.clone(), second.clone(), first.clone()];
    assert_eq!(found(""), all);
    assert_eq!(found(&format!("member_id={}", field.member)), all);
    assert_eq!(
        found("sort=created_at"),
        [&first, &second, &third].map(String::clone)
    );
    assert_eq!(
        found(&format!("organization_id={other}")),
        [second.as_str()]
    );
    assert_eq!(found("activity_type=meeting"), [third.as_str()]);
    assert_eq!(found("outcome=pending"), [first.as_str()]);
    assert_eq!(found("outcome=positive").len(), 2);
    let day = today.checked_sub(5.days()).unwrap();
    assert_eq!(found(&format!("from={day}")).len(), 2);
    assert_eq!(found(&format!("until={day}")).len(), 2);
    assert_eq!(found(&format!("from={day}&until={day}")), [second.as_str()]);
    for wrong in [
        "outcome=splendid",
        "activity_type=party",
        "from=today",
        "q=x",
    ] {
        who.get(&format!("/salting-activities?{wrong}")).expect(400);
    }
}

#[test]
fn what_was_reported_is_added_up_by_type_outcome_employer_and_month() {
    let app = TestApp::start();
    let field = Field::of(&app);
    let who = organizer(&app);
    for (contacted, signed) in [(9, 4), (3, 0)] {
        let mut body = field.activity(&app);
        body["workers_contacted"] = json!(contacted);
        body["cards_signed"] = json!(signed);
        who.post("/salting-activities", &body).expect(201);
    }
    let path = format!(
        "/salting-activities/statistics?organization_id={}&outcome=positive",
        field.employer
    );
    let sums = who.get(&path).expect(200).json();
    let tally = json!({
        "activities": 2, "workers_contacted": 12, "cards_signed": 4,
        "last_on": app.today().to_string()
    });
    assert_eq!(sums["total"], tally);
    assert_eq!(
        sums["by_type"],
        json!([{"activity_type": "card_signing", "tally": tally}])
    );
    assert_eq!(
        sums["by_outcome"],
        json!([{"outcome": "positive", "tally": tally}])
    );
    assert_eq!(
        sums["by_employer"],
        json!([{"organization_id": field.employer, "tally": tally}])
    );
    let month = app.today().strftime("%Y-%m").to_string();
    assert_eq!(sums["by_month"], json!([{"month": month, "tally": tally}]));
    let none = who
        .get("/salting-activities/statistics?until=1999-12-31")
        .expect(200)
        .json();
    assert_eq!(none["total"]["activities"], 0);
}

#[test]
fn an_activity_outlives_what_becomes_of_its_parties() {
    let app = TestApp::start();
    let field = Field::of(&app);
    let (who, officer) = (organizer(&app), app.as_role(Role::Officer));
    let id = made(&who, "/salting-activities", &field.activity(&app));
    let path = format!("/salting-activities/{id}");
    let employer = format!("/organizations/{}", field.employer);
    // It keeps neither from being changed or deleted, and is not changed itself.
    let staff = app.as_role(Role::Staff);
    staff
        .patch(&employer, &json!({"org_type": "union"}))
        .expect(200);
    who.post("/salting-activities", &field.activity(&app))
        .expect(422);
    who.patch(&path, &json!({"notes": "Was right then."}))
        .expect(200);
    officer.delete(&employer).expect(204);
    officer
        .delete(&format!("/members/{}", field.member))
        .expect(204);
    let after = who.get(&path).expect(200);
    assert_eq!(after.text_at("/organization_id"), field.employer);
    assert_eq!(after.json()["version"], 2);
    who.patch(&path, &json!({"outcome": "neutral"})).expect(200);
    let listed = who
        .get(&format!(
            "/salting-activities?organization_id={}",
            field.employer
        ))
        .expect(200);
    assert_eq!(ids(&listed.json()), [id]);
}

#[test]
fn an_activity_whose_campaign_was_deleted_meanwhile_comes_back_after_it() {
    let app = TestApp::start();
    let who = app.as_role(Role::Officer);
    let case = case(&who, "M-1");
    let lead = app.local.person(Role::Officer).id.to_string();
    let drive = made(&who, "/campaigns", &campaign(&lead, &case.employer));
    let mut visit = activity(&app, &case.member, &case.employer);
    visit["campaign_id"] = json!(drive);
    let visit = made(&who, "/salting-activities", &visit);
    let path = format!("/salting-activities/{visit}");
    who.delete(&path).expect(204);
    who.delete(&format!("/campaigns/{drive}")).expect(204);
    let refused = who.act(&format!("{path}/restore")).expect(422);
    assert_eq!(refused.text_at("/errors/0/pointer"), "/campaign_id");
    assert_eq!(refused.text_at("/errors/0/code"), "unknown_campaign");
    who.act(&format!("/campaigns/{drive}/restore")).expect(200);
    who.act(&format!("{path}/restore")).expect(200);
}
