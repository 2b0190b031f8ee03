//! Putting right what deadlines are counted from, and days and events that nothing can be counted from.

use std::{sync::Barrier, thread};

use jiff::ToSpan;
use serde_json::{Value, json};
use unionhall_domain::roles::Role;
use unionhall_testing::{
    TestApp,
    app::{Answer, Identity},
};

use super::{Filed, agreed, filed, of, old_filing, rules_of_silence, say};
use crate::{
    collective_agreements::{new_agreement, new_rules},
    fixtures::{filing, made, meeting, new_employer, new_member, owner, reason},
};

fn event(who: &Identity<'_>, grievance: &str, kind: &str, day: &str) -> Answer {
    let body = json!({"kind": kind, "happened_on": day});
    who.post(&format!("/grievances/{grievance}/deadline-events"), &body)
}

fn events(who: &Identity<'_>, grievance: &str) -> Vec<Value> {
    let path = format!("/grievances/{grievance}/deadline-events");
    let list = who.get(&path).expect(200).json();
    list["items"].as_array().expect("rows").clone()
}

/// Duty and status of each deadline, sorted.
fn standing(deadlines: &[Value]) -> Vec<String> {
    let told = |row: &Value| format!("{} {}", row["duty"], row["status"]).replace('"', "");
    let mut told: Vec<_> = deadlines.iter().map(told).collect();
    told.sort();
    told
}

fn code(answer: Answer, pointer: &str) -> String {
    let refused = answer.expect(422);
    assert_eq!(refused.text_at("/errors/0/pointer"), pointer);
    refused.text_at("/errors/0/code")
}

#[test]
fn a_deleted_grievance_comes_back_only_with_its_agreement() {
    let app = TestApp::start();
    let who = owner(&app);
    let Filed {
        agreement,
        grievance,
        ..
    } = filed(&app, &who, 0);
    let path = format!("/grievances/{grievance}");
    who.delete(&path).expect(204);
    who.delete(&format!("/agreements/{agreement}")).expect(204);
    let refused = who.act(&format!("{path}/restore"));
    assert_eq!(code(refused, "/agreement_id"), "unknown_agreement");
    who.act(&format!("/agreements/{agreement}/restore"))
        .expect(200);
    who.act(&format!("{path}/restore")).expect(200);
    let today = app.today().to_string();
    event(&who, &grievance, "answered", &today).expect(200);
}

#[test]
fn nothing_is_counted_from_or_to_a_year_without_calendars() {
    let app = TestApp::start();
    let who = owner(&app);
    let Filed {
        agreement,
        grievance,
        employer,
    } = filed(&app, &who, 0);
    let member = made(&who, "/members", &new_member("Y-1"));
    let mut old = filing(&member, &employer);
    old["filed_date"] = json!("1977-12-31");
    made(&who, "/grievances", &old);
    old["agreement_id"] = json!(agreement);
    assert_eq!(
        code(who.post("/grievances", &old), "/filed_date"),
        "outside_the_years"
    );
    old["filed_date"] = json!(app.today().to_string());
    old["incident_date"] = json!("1970-01-01");
    assert_eq!(
        code(who.post("/grievances", &old), "/incident_date"),
        "outside_the_years"
    );
    let known = event(&who, &grievance, "knowledge", "1970-01-01");
    assert_eq!(code(known, "/happened_on"), "outside_the_years");
    let running = of(&who, &grievance).remove(0);
    let mut until = agreed(&app);
    until["until"] = json!("9999-12-31");
    let far = say(&who, &running, "extensions", &until);
    assert_eq!(code(far, "/until"), "outside_the_years");
}

#[test]
fn an_event_is_refused_where_it_makes_no_sense_and_is_on_record_where_nothing_hangs_on_it() {
    let app = TestApp::start();
    let who = owner(&app);
    let grievance = filed(&app, &who, 3).grievance;
    let before = (app.today() - 4.days()).to_string();
    let today = app.today().to_string();
    let early = event(&who, &grievance, "answered", &before);
    assert_eq!(code(early, "/happened_on"), "before_the_filing");
    event(&who, &grievance, "knowledge", &before).expect(200);
    event(&who, &grievance, "panel_received", &today).expect(200);
    let deadlines = of(&who, &grievance).len();
    let path = format!("/grievances/{grievance}");
    who.post(&format!("{path}/withdraw"), &reason()).expect(200);
    let late = event(&who, &grievance, "answered", &today);
    assert_eq!(code(late, "/kind"), "has_ended");
    assert_eq!(of(&who, &grievance).len(), deadlines);
}

#[test]
fn an_event_that_was_recorded_by_mistake_is_taken_back_with_what_followed_from_it() {
    let app = TestApp::start();
    let officer = app.as_role(Role::Officer);
    let grievance = filed(&app, &owner(&app), 5).grievance;
    let day = |ago: i32| (app.today() - ago.days()).to_string();
    let begun = event(&officer, &grievance, "answered", &day(4)).expect(200);
    let before = begun.json()["items"].as_array().expect("rows").clone();
    assert_eq!(standing(&before), ["advance open", "answer met"]);
    // The true answer came later; it gives no new time while the other runs.
    event(&officer, &grievance, "answered", &day(1)).expect(200);
    let wrong = events(&officer, &grievance);
    let wrong = wrong.iter().find(|row| row["happened_on"] == day(4));
    let wrong = wrong.expect("it is on record")["id"].clone();
    let path = format!("/grievances/{grievance}/deadline-events/{wrong}/retract").replace('"', "");
    let why = json!({"reason": "That letter was about another case."});
    app.as_role(Role::Staff).post(&path, &why).expect(403);
    officer.post(&path, &json!({})).expect(422);
    let shown = officer
        .post(&format!("{path}?dry_run=true"), &why)
        .expect(200);
    let expected = ["advance lapsed", "advance open", "answer met"];
    let rows = |answer: &Answer| answer.json()["items"].as_array().expect("rows").clone();
    assert_eq!(standing(&rows(&shown)), expected);
    assert_eq!(
        standing(&of(&officer, &grievance)),
        ["advance open", "answer met"]
    );
    let after = rows(&officer.post(&path, &why).expect(200));
    assert_eq!(standing(&after), expected);
    let runs = after
        .iter()
        .find(|row| row["status"] == "open")
        .expect("it runs");
    assert_eq!(runs["event_date"], json!(day(1)));
    let met = after
        .iter()
        .find(|row| row["duty"] == "answer")
        .expect("it was met");
    assert_eq!(met["met_on"], json!(day(1)));
    let kept = events(&officer, &grievance);
    let kept = kept
        .iter()
        .find(|row| row["happened_on"] == day(4))
        .expect("it stays");
    assert_eq!(kept["retraction_reason"], why["reason"]);
    officer.post(&path, &why).expect(404);
    // What follows from the filing is put right at the grievance.
    let all = events(&officer, &grievance);
    let own = all
        .iter()
        .find(|row| row["kind"] == "filed")
        .expect("it was filed");
    let path = format!(
        "/grievances/{grievance}/deadline-events/{}/retract",
        own["id"]
    );
    let refused = officer.post(&path.replace('"', ""), &why).expect(409);
    assert_eq!(refused.code(), "illegal_move");
}

#[test]
fn that_an_answer_did_not_come_is_said_once_however_many_say_it_at_once() {
    let app = TestApp::start();
    app.ignore_mail();
    let who = owner(&app);
    let officer = app.as_role(Role::Officer);
    let Filed { agreement, .. } = filed(&app, &who, 0);
    let old = old_filing(&app, &who, &agreement, 60);
    let overdue = of(&who, &old).remove(0);
    let both = Barrier::new(2);
    let morning = crate::deadline_feeds::tomorrow(&app);
    thread::scope(|scope| {
        scope.spawn(|| {
            both.wait();
            say(&officer, &overdue, "miss", &Value::Null).expect(200);
        });
        both.wait();
        let _warned = app.warn_of_deadlines(morning);
    });
    let due = |rows: Vec<Value>, field: &str| {
        rows.iter().filter(|row| row[field] == "answer_due").count()
    };
    assert_eq!(due(events(&who, &old), "kind"), 1);
    assert_eq!(due(of(&who, &old), "event"), 1);
}

#[test]
fn changes_are_shown_for_one_agreement_alone_and_a_version_needs_its_agreement() {
    let app = TestApp::start();
    let officer = app.as_role(Role::Officer);
    let first = filed(&app, &owner(&app), 0);
    let second = filed(&app, &owner(&app), 1);
    let counted = |query: &str| {
        let shown = officer
            .get(&format!("/deadlines/changes{query}"))
            .expect(200)
            .json();
        assert_eq!(
            (&shown["limit"], &shown["more"]),
            (&json!(2000), &json!(false))
        );
        shown["unchanged"].as_u64().expect("a number")
    };
    assert_eq!(counted(""), 2);
    for agreement in [&first.agreement, &second.agreement] {
        assert_eq!(counted(&format!("?agreement_id={agreement}")), 1);
    }
    let due = of(&officer, &first.grievance)[0]["due_date"].clone();
    let from = format!("?due_from={due}").replace('"', "");
    assert!(counted(&from) >= 1);
    assert_eq!(counted("?due_from=2150-01-01"), 0);
    officer
        .get("/deadlines/changes?rules_version=1")
        .expect(400);
    let unknown = "0190ffff-ffff-7fff-bfff-ffffffffffff";
    officer
        .get(&format!("/deadlines/changes?agreement_id={unknown}"))
        .expect(404);
    let body = json!({"fingerprint": "0".repeat(64), "rules_version": 1});
    let refused = officer.post("/deadlines/changes", &body);
    assert_eq!(code(refused, "/agreement_id"), "required");
}

#[test]
fn a_grievance_that_was_filed_under_no_agreement_gets_one_and_its_deadlines() {
    let app = TestApp::start();
    app.ignore_mail();
    let who = owner(&app);
    let officer = app.as_role(Role::Officer);
    let agreement = made(&who, "/agreements", &new_agreement(None));
    let rule_sets = format!("/agreements/{agreement}/rule-sets");
    let member = made(&who, "/members", &new_member("S-1"));
    let employer = made(&who, "/organizations", &new_employer("Puget"));
    let mut body = filing(&member, &employer);
    body["filed_date"] = json!((app.today() - 5.days()).to_string());
    let grievance = made(&who, "/grievances", &body);
    let path = format!("/grievances/{grievance}");
    who.post(&format!("{path}/steps"), &meeting(&app, "denied"))
        .expect(201);
    assert!(of(&who, &grievance).is_empty());
    let path = format!("{path}/agreement");
    let set = json!({"agreement_id": agreement, "reason": "It was entered later."});
    assert_eq!(code(officer.post(&path, &set), "/agreement_id"), "no_rules");
    who.post(&rule_sets, &new_rules()).expect(201);
    app.as_role(Role::Staff).post(&path, &set).expect(403);
    let stale = officer.request("POST", &path).header("If-Match", "\"9\"");
    stale.json(&set).send().expect(412);
    let rows = |answer: Answer| answer.json()["items"].as_array().expect("rows").clone();
    let expected = ["advance open", "answer met"];
    let rehearsed = officer
        .post(&format!("{path}?dry_run=true"), &set)
        .expect(200);
    assert_eq!(standing(&rows(rehearsed)), expected);
    assert!(of(&who, &grievance).is_empty());
    let after = rows(officer.post(&path, &set).expect(200));
    assert_eq!(standing(&after), expected);
    let record = who.get(&format!("/grievances/{grievance}")).json();
    assert_eq!(record["agreement_id"], json!(agreement));
    // To say it again changes nothing.
    let again = rows(officer.post(&path, &set).expect(200));
    assert_eq!(again, after);
    // Another agreement takes over with its own time, and what ran by the first lapses.
    let other = made(&who, "/agreements", &new_agreement(None));
    let mut longer = new_rules();
    for rule in longer["rules"].as_array_mut().expect("rules") {
        rule["days"] = json!(30);
    }
    who.post(&format!("/agreements/{other}/rule-sets"), &longer)
        .expect(201);
    let set = json!({"agreement_id": other, "reason": "It was the wrong one."});
    let moved = rows(officer.post(&path, &set).expect(200));
    let told = ["advance lapsed", "advance open", "answer met", "answer met"];
    assert_eq!(standing(&moved), told);
    let day = app.today().to_string();
    event(&officer, &grievance, "meeting_held", &day).expect(200);
}

#[test]
fn what_a_missed_answer_begins_does_not_begin_when_the_grievance_has_ended() {
    let app = TestApp::start();
    let officer = app.as_role(Role::Officer);
    let Filed { agreement, .. } = filed(&app, &owner(&app), 0);
    let old = old_filing(&app, &owner(&app), &agreement, 60);
    let withdraw = format!("/grievances/{old}/withdraw");
    officer.post(&withdraw, &reason()).expect(200);
    let lapsed = of(&officer, &old).remove(0);
    let again = say(&officer, &lapsed, "reopen", &Value::Null);
    let again = again.expect(200).json();
    say(&officer, &again, "miss", &Value::Null).expect(200);
    assert_eq!(standing(&of(&officer, &old)), ["answer missed"]);
}

#[test]
fn another_agreement_asks_anew_whether_an_answer_came() {
    let app = TestApp::start();
    app.ignore_mail();
    let who = owner(&app);
    let officer = app.as_role(Role::Officer);
    let Filed { agreement, .. } = filed(&app, &who, 0);
    let old = old_filing(&app, &who, &agreement, 60);
    let overdue = of(&who, &old).remove(0);
    say(&officer, &overdue, "miss", &Value::Null).expect(200);
    assert_eq!(standing(&of(&who, &old)), ["advance open", "answer missed"]);
    let other = made(&who, "/agreements", &new_agreement(None));
    let rule_sets = format!("/agreements/{other}/rule-sets");
    who.post(&rule_sets, &rules_of_silence()).expect(201);
    let set = json!({"agreement_id": other, "reason": "It was the wrong one."});
    officer
        .post(&format!("/grievances/{old}/agreement"), &set)
        .expect(200);
    let rows = of(&who, &old);
    assert_eq!(
        standing(&rows),
        ["advance lapsed", "answer missed", "answer open"]
    );
    let again = rows
        .iter()
        .find(|row| row["status"] == "open")
        .expect("it runs");
    say(&officer, again, "miss", &Value::Null).expect(200);
    let told = [
        "advance lapsed",
        "advance open",
        "answer missed",
        "answer missed",
    ];
    assert_eq!(standing(&of(&who, &old)), told);
}

#[test]
fn a_deadline_does_not_run_again_beside_another_for_the_same_thing() {
    let app = TestApp::start();
    let who = owner(&app);
    let officer = app.as_role(Role::Officer);
    let Filed {
        agreement,
        grievance,
        ..
    } = filed(&app, &who, 0);
    let other = made(&who, "/agreements", &new_agreement(None));
    let rule_sets = format!("/agreements/{other}/rule-sets");
    who.post(&rule_sets, &new_rules()).expect(201);
    let path = format!("/grievances/{grievance}/agreement");
    for agreement in [&other, &agreement] {
        let set = json!({"agreement_id": agreement, "reason": "It was the wrong one."});
        officer.post(&path, &set).expect(200);
    }
    let rows = of(&who, &grievance);
    let told = ["answer lapsed", "answer lapsed", "answer open"];
    assert_eq!(standing(&rows), told);
    let with = |status: &str| {
        let found = rows.iter().find(|row| row["status"] == status);
        found.expect("a deadline")
    };
    let (lapsed, runs) = (with("lapsed"), with("open"));
    let refused = say(&officer, lapsed, "reopen", &Value::Null).expect(409);
    assert_eq!(refused.code(), "illegal_move");
    assert_eq!(refused.json()["allowed_actions"], json!([]));
    assert_eq!(standing(&of(&who, &grievance)), told);
    // When the other runs no more, it may.
    say(&officer, runs, "waive", &agreed(&app)).expect(200);
    say(&officer, lapsed, "reopen", &Value::Null).expect(200);
    let refused = say(&officer, runs, "reopen", &Value::Null);
    assert_eq!(refused.expect(409).code(), "illegal_move");
}

#[test]
fn what_an_event_began_that_says_what_was_said_before_goes_with_it() {
    let app = TestApp::start();
    let officer = app.as_role(Role::Officer);
    let grievance = filed(&app, &owner(&app), 5).grievance;
    let yesterday = (app.today() - 1.day()).to_string();
    event(&officer, &grievance, "answered", &yesterday).expect(200);
    let going_on = |status: &str| {
        let rows = of(&officer, &grievance).into_iter();
        let mut found = rows.filter(|row| row["duty"] == "advance" && row["status"] == status);
        found.next().expect("a deadline")
    };
    say(&officer, &going_on("open"), "waive", &agreed(&app)).expect(200);
    // The same answer, written down twice, begins what the sides had let go.
    let known = events(&officer, &grievance);
    event(&officer, &grievance, "answered", &yesterday).expect(200);
    let told = ["advance open", "advance waived", "answer met"];
    assert_eq!(standing(&of(&officer, &grievance)), told);
    let all = events(&officer, &grievance);
    let twice = all
        .iter()
        .find(|row| known.iter().all(|old| old["id"] != row["id"]));
    let twice = twice.expect("it is on record")["id"].clone();
    let path = format!("/grievances/{grievance}/deadline-events/{twice}/retract");
    let why = json!({"reason": "It was written down twice."});
    officer.post(&path.replace('"', ""), &why).expect(200);
    let told = ["advance lapsed", "advance waived", "answer met"];
    assert_eq!(standing(&of(&officer, &grievance)), told);
}
