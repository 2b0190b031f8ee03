//! Changes of many records at once over HTTP: an answer for each, and nothing of another tenant.

use jiff::ToSpan;
use serde_json::{Value, json};
use unionhall_domain::roles::Role;
use unionhall_testing::TestApp;

use crate::fixtures::{case, made, new_employer, new_employment, new_member, owner};

const JOBS: &str = "/member-employments";
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
fn a_layoff_ends_many_jobs_on_one_day_and_says_why() {
    let app = TestApp::start();
    let who = owner(&app);
    let puget = made(&who, "/organizations", &new_employer("Puget Electric"));
    let day = |days: i64| app.today() + days.days();
    let jobs: Vec<_> = (0..4)
        .map(|number| {
            let member = made(&who, "/members", &new_member(&format!("M-{number}")));
            made(&who, JOBS, &new_employment(&member, &puget, day(-30)))
        })
        .collect();
    let over = json!({"end_date": day(-20).to_string()});
    who.post(&format!("{JOBS}/{}/end", jobs[1]), &over)
        .expect(200);
    let there = app.in_trust(Role::Owner);
    let theirs = made(&there, "/organizations", &new_employer("Theirs"));
    let member = made(&there, "/members", &new_member("T-1"));
    let theirs = made(&there, JOBS, &new_employment(&member, &theirs, day(-30)));
    let body = json!({
        "end_date": day(5).to_string(), "reason": "The tower is topped out.",
        "employments": [
            {"id": jobs[0], "version": 1}, {"id": jobs[1]}, {"id": jobs[2], "version": 4},
            {"id": theirs}, {"id": jobs[3]}
        ]
    });
    let path = format!("{JOBS}/batch/end");
    let rehearsed = who.post(&format!("{path}?dry_run=true"), &body);
    let answers = who.post(&path, &body).expect(200).json();
    assert_eq!(rehearsed.expect(200).json(), answers);
    let expected = ["2", "illegal_move", "stale", "not_found", "2"];
    assert_eq!(told(&answers), expected);
    let found = who.get(&format!("{JOBS}/{}", jobs[0])).expect(200).json();
    assert_eq!(found["end_date"], day(5).to_string());
    let trail = format!("/audit-events/by-record/employment/{}", jobs[0]);
    let trail = who.get(&trail).expect(200).json();
    let items = trail["items"].as_array().cloned().unwrap_or_default();
    let updated = items.iter().find(|event| event["action"] == "updated");
    let updated = updated.expect("it is on record");
    assert_eq!(updated["details"]["reason"], "The tower is topped out.");
    // What speaks of a field names it, as the change of the one record does.
    let early = json!({"end_date": "1999-12-31", "employments": [{"id": jobs[2]}]});
    let refused = who.post(&path, &early).expect(200).json();
    let refusal = &refused["answers"][0]["refusal"];
    assert_eq!(refusal["code"], "invalid_fields");
    assert_eq!(refusal["errors"][0]["pointer"], "/end_date");
    assert_eq!(refusal["errors"][0]["code"], "before_start");
    assert!(refusal["errors"][0]["detail"].is_string());
    assert_eq!(answers["answers"][2]["refusal"]["errors"], json!([]));
    // Those that end on that day already are as they should be.
    let again = json!({"end_date": day(5).to_string(), "employments": [{"id": jobs[0]}]});
    assert_eq!(told(&who.post(&path, &again).expect(200).json()), ["2"]);
}

#[test]
fn a_referral_begins_one_job_of_many_members_and_nobody_gets_one_too_many() {
    let app = TestApp::start();
    let who = owner(&app);
    let [puget, free] = ["Puget Electric", "Free Electric"]
        .map(|name| made(&who, "/organizations", &new_employer(name)));
    let day = |days: i64| app.today() + days.days();
    let members: Vec<_> = (0..3)
        .map(|number| made(&who, "/members", &new_member(&format!("M-{number}"))))
        .collect();
    let before = new_employment(&members[1], &puget, day(-30));
    let before = made(&who, JOBS, &before);
    let gone = made(&who, "/members", &new_member("GONE-1"));
    who.delete(&format!("/members/{gone}")).expect(204);
    let mut body = json!({
        "organization_id": free, "start_date": day(3).to_string(), "hourly_rate": "7.00",
        "members": [
            {"id": members[0]}, {"id": members[1]}, {"id": members[2], "version": 9}, {"id": gone}
        ]
    });
    let path = format!("{JOBS}/batch/start");
    let rehearsed = who.post(&format!("{path}?dry_run=true"), &body).expect(200);
    let expected = ["1", "jobs_overlap", "stale", "not_found"];
    assert_eq!(told(&rehearsed.json()), expected);
    body["ends_previous"] = json!(true);
    let answers = who.post(&path, &body).expect(200).json();
    let expected = ["1", "1", "stale", "not_found"];
    assert_eq!(told(&answers), expected);
    assert_eq!(
        (&answers["done"], &answers["refused"]),
        (&json!(2), &json!(2))
    );
    let second = &answers["answers"][1];
    assert_eq!(second["ended_previous"], json!([before]));
    assert_eq!(second["warnings"][0]["code"], "unusual_rate");
    let job = second["employment_id"].as_str().expect("an id");
    let job = who.get(&format!("{JOBS}/{job}")).expect(200).json();
    assert_eq!(
        (
            &job["member_id"],
            &job["organization_id"],
            &job["start_date"]
        ),
        (&json!(members[1]), &json!(free), &json!(day(3).to_string()))
    );
    let ended = who.get(&format!("{JOBS}/{before}")).expect(200).json();
    assert_eq!(ended["end_date"], day(2).to_string());
    // Where it is to be is asked of all of them.
    body["organization_id"] = json!(gone);
    who.post(&path, &body).expect(422);
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
