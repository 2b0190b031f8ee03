//! Deadlines over HTTP: what begins and ends by itself, what people say of them, and what moves only when confirmed.

mod corrections;
mod warnings;

use insta::assert_json_snapshot;
use jiff::{ToSpan, civil::Date};
use serde_json::{Value, json};
use unionhall_domain::roles::Role;
use unionhall_testing::{
    TestApp,
    app::{Answer, Identity},
    sql::Sql,
};

use crate::{
    collective_agreements::{new_agreement, new_rules},
    fixtures::{filing, made, new_employer, new_member, owner},
};

/// A grievance under an agreement, filed so many days ago.
pub(crate) struct Filed {
    pub(crate) agreement: String,
    pub(crate) grievance: String,
    pub(crate) employer: String,
}

/// The agreement of the tests: every step has rules, the ones of [`new_rules`] on the first.
pub(crate) fn filed(app: &TestApp, who: &Identity<'_>, days_ago: i32) -> Filed {
    let agreement = made(who, "/agreements", &new_agreement(None));
    let rule_sets = format!("/agreements/{agreement}/rule-sets");
    who.post(&rule_sets, &new_rules()).expect(201);
    let member = made(who, "/members", &new_member(&format!("D-{days_ago}")));
    let employer = made(who, "/organizations", &new_employer("Puget Electric"));
    let mut body = filing(&member, &employer);
    body["agreement_id"] = json!(agreement);
    body["filed_date"] = json!((app.today() - days_ago.days()).to_string());
    let grievance = made(who, "/grievances", &body);
    Filed {
        agreement,
        grievance,
        employer,
    }
}

/// The deadlines of a grievance.
pub(crate) fn of(who: &Identity<'_>, grievance: &str) -> Vec<Value> {
    let path = format!("/grievances/{grievance}/deadlines");
    let list = who.get(&path).expect(200).json();
    list["items"].as_array().expect("rows").clone()
}

pub(crate) fn say(who: &Identity<'_>, deadline: &Value, verb: &str, body: &Value) -> Answer {
    let (grievance, id) = (&deadline["grievance_id"], &deadline["id"]);
    let path = format!("/grievances/{grievance}/deadlines/{id}/{verb}").replace('"', "");
    if body.is_null() {
        who.act(&path)
    } else {
        who.post(&path, body)
    }
}

pub(crate) fn day(value: &Value) -> Date {
    value.as_str().expect("a day").parse().expect("a day")
}

fn agreed(app: &TestApp) -> Value {
    json!({"agreed_on": app.today().to_string(), "for_union": "A. Rivera", "for_employer": "B. Chen"})
}

#[test]
fn deadlines_leave_as_a_file_with_their_working_in_sentences() {
    let app = TestApp::start();
    let who = owner(&app);
    filed(&app, &who, 0);
    let file = who.get("/deadlines/export").expect(200);
    let mut reader =
        csv::Reader::from_reader(file.text().trim_start_matches('\u{feff}').as_bytes());
    let headings = reader.headers().expect("headings").clone();
    let rows: Vec<_> = reader.records().map(|row| row.expect("a row")).collect();
    let cell = |heading: &str| {
        let place = headings.iter().position(|found| found == heading);
        rows[0].get(place.expect("the column")).expect("the cell")
    };
    assert_eq!(rows.len(), 1);
    assert_eq!(cell("status"), "open");
    assert!(cell("derivation_sentences").starts_with("Article 9.2 of the Inside Agreement"));
    let none = who.get("/deadlines/export?status=waived").expect(200);
    assert_eq!(none.text().lines().count(), 1);
}

#[test]
fn filing_under_an_agreement_begins_its_deadlines_with_their_reasons() {
    let app = TestApp::start();
    let who = owner(&app);
    let Filed {
        agreement,
        grievance,
        ..
    } = filed(&app, &who, 0);
    let record = who.get(&format!("/grievances/{grievance}")).json();
    assert_eq!(record["agreement_id"], json!(agreement));
    assert_eq!(record["rules_version"], json!(1));
    let deadlines = of(&who, &grievance);
    assert_eq!(deadlines.len(), 1);
    let answer = &deadlines[0];
    let said = (&answer["side"], &answer["duty"], &answer["status"]);
    assert_eq!(said, (&json!("employer"), &json!("answer"), &json!("open")));
    assert_eq!(answer["consequence"], json!("advance"));
    let sentences = answer["derivation"]["sentences"].as_str().expect("words");
    assert!(
        sentences.starts_with("Article 9.2 of the Inside Agreement, version 1 of its rules:"),
        "{sentences}"
    );
    let names = answer.as_object().expect("an object").keys();
    assert_json_snapshot!(names.collect::<Vec<_>>());
}

#[test]
fn an_answer_meets_its_deadline_and_begins_the_next_and_going_on_meets_that() {
    let app = TestApp::start();
    app.ignore_mail();
    let who = owner(&app);
    let grievance = filed(&app, &who, 3).grievance;
    let yesterday = (app.today() - 1.day()).to_string();
    let body = json!({"kind": "answered", "happened_on": yesterday, "service": "mail"});
    let after = who
        .post(&format!("/grievances/{grievance}/deadline-events"), &body)
        .expect(200);
    let status = |index: usize| after.json()["items"][index]["status"].clone();
    let statuses = [status(0), status(1)];
    assert!(statuses.contains(&json!("met")) && statuses.contains(&json!("open")));
    let deadlines = of(&who, &grievance);
    let next = deadlines
        .iter()
        .find(|row| row["duty"] == "advance")
        .expect("the union goes on");
    assert_eq!(next["service"], json!("mail"));
    let stages = next["derivation"]["stages"].as_array().expect("stages");
    assert!(stages.iter().any(|stage| stage["kind"] == "mail_added"));
    // The meeting that says the same gives no new time.
    let meeting = json!({"meeting_date": app.today().to_string(), "outcome": "denied"});
    let steps = format!("/grievances/{grievance}/steps");
    who.post(&steps, &meeting).expect(201);
    assert_eq!(of(&who, &grievance).len(), 2);
    who.act(&format!("/grievances/{grievance}/advance"))
        .expect(200);
    let done = of(&who, &grievance);
    assert!(done.iter().all(|row| row["status"] == "met"), "{done:#?}");
}

#[test]
fn what_ran_when_a_grievance_ends_lapses_and_runs_again_when_it_is_taken_up() {
    let app = TestApp::start();
    let who = owner(&app);
    let grievance = filed(&app, &who, 0).grievance;
    let reason = crate::fixtures::reason();
    let path = format!("/grievances/{grievance}");
    who.post(&format!("{path}/withdraw"), &reason).expect(200);
    assert_eq!(of(&who, &grievance)[0]["status"], json!("lapsed"));
    who.post(&format!("{path}/reopen"), &reason).expect(200);
    assert_eq!(of(&who, &grievance)[0]["status"], json!("open"));
}

#[test]
fn the_sides_give_more_time_and_who_agreed_is_kept_with_the_deadline() {
    let app = TestApp::start();
    let who = app.as_role(Role::Staff);
    let grievance = filed(&app, &owner(&app), 0).grievance;
    let before = of(&who, &grievance).remove(0);
    let until = day(&before["due_date"]) + 7.days();
    let mut body = agreed(&app);
    body["until"] = json!(until.to_string());
    let after = say(&who, &before, "extensions", &body).expect(200).json();
    assert_eq!(after["due_date"], json!(until.to_string()));
    assert_eq!(after["status"], json!("extended"));
    let stages = after["derivation"]["stages"].as_array().expect("stages");
    let accord = &stages.last().expect("an extension")["accord"];
    assert_eq!(accord["for_employer"], json!("B. Chen"));
    let early = say(&who, &after, "extensions", &body).expect(422);
    assert_eq!(early.text_at("/errors/0/code"), "not_later");
    let mut days = agreed(&app);
    days["days"] = json!(5);
    days["day_kind"] = json!("working");
    let twice = say(&who, &after, "extensions", &days).expect(200).json();
    assert!(day(&twice["due_date"]) > until);
}

#[test]
fn what_was_missed_is_for_officers_to_say_and_an_answer_that_was_missed_begins_what_comes_after() {
    let app = TestApp::start();
    let officer = app.as_role(Role::Officer);
    let who = owner(&app);
    let Filed {
        agreement,
        grievance,
        ..
    } = filed(&app, &who, 0);
    let running = of(&who, &grievance).remove(0);
    let early = say(&officer, &running, "miss", &Value::Null).expect(409);
    assert_eq!(early.code(), "illegal_move");
    let old = old_filing(&app, &who, &agreement, 60);
    let overdue = of(&who, &old).remove(0);
    assert_eq!(overdue["is_overdue"], json!(true));
    say(&app.as_role(Role::Staff), &overdue, "miss", &Value::Null).expect(403);
    let missed = say(&officer, &overdue, "miss", &Value::Null)
        .expect(200)
        .json();
    assert_eq!(missed["status"], json!("missed"));
    assert_eq!(missed["consequence"], json!("advance"));
    let next = of(&who, &old);
    let next = next.iter().find(|row| row["event"] == "answer_due");
    let next = next.expect("the union goes on after the day the answer was due");
    assert_eq!(next["event_date"], overdue["due_date"]);
    // The grievance itself is where it was: what a miss means is for people to do.
    let record = who.get(&format!("/grievances/{old}")).json();
    assert_eq!(record["current_step"], json!("step_1"));
    let back = say(&officer, &missed, "reopen", &Value::Null)
        .expect(200)
        .json();
    assert_eq!(back["status"], json!("open"));
    let met = json!({"met_on": overdue["due_date"]});
    let met = say(&who, &back, "meet", &met).expect(200).json();
    assert_eq!(met["met_on"], overdue["due_date"]);
}

/// Rules that know what follows an answer that did not come.
pub(crate) fn rules_of_silence() -> Value {
    let mut rules = new_rules();
    let silent = json!({
        "step": "step_1", "side": "union", "duty": "advance", "after": "answer_due", "article": "9.3",
        "days": 15, "day_kind": "calendar", "missed": "forfeit"
    });
    rules["rules"].as_array_mut().expect("rules").push(silent);
    rules
}

/// A grievance under an agreement whose rules know what follows an answer that did not come.
fn old_filing(app: &TestApp, who: &Identity<'_>, agreement: &str, days_ago: i32) -> String {
    let rule_sets = format!("/agreements/{agreement}/rule-sets");
    who.post(&rule_sets, &rules_of_silence()).expect(201);
    let member = made(who, "/members", &new_member("OLD-1"));
    let employer = made(who, "/organizations", &new_employer("Old Electric"));
    let mut body = filing(&member, &employer);
    body["agreement_id"] = json!(agreement);
    body["filed_date"] = json!((app.today() - days_ago.days()).to_string());
    made(who, "/grievances", &body)
}

#[test]
fn both_sides_can_let_a_deadline_go() {
    let app = TestApp::start();
    let officer = app.as_role(Role::Officer);
    let grievance = filed(&app, &owner(&app), 0).grievance;
    let running = of(&officer, &grievance).remove(0);
    let waived = say(&officer, &running, "waive", &agreed(&app)).expect(200);
    assert_eq!(waived.text_at("/status"), "waived");
    assert_eq!(waived.text_at("/waived/for_union"), "A. Rivera");
    let again = say(&officer, &waived.json(), "waive", &agreed(&app)).expect(409);
    assert_eq!(again.json()["allowed_actions"], json!(["reopen"]));
}

#[test]
fn running_deadlines_are_listed_across_grievances_by_every_filter() {
    let app = TestApp::start();
    let who = owner(&app);
    let first = filed(&app, &who, 0);
    let second = filed(&app, &who, 1);
    let path = format!("/grievances/{}", second.grievance);
    let me = who.get("/auth/me").text_at("/id");
    who.patch(&path, &json!({"steward_id": me})).expect(200);
    let found = |query: &str| {
        let list = who.get(&format!("/deadlines?{query}")).expect(200).json();
        let rows = list["items"].as_array().expect("rows").clone();
        let cases = rows.iter().map(|row| row["grievance_id"].clone());
        cases.collect::<Vec<_>>()
    };
    let (one, two) = (json!(first.grievance), json!(second.grievance));
    assert_eq!(found("").len(), 2);
    assert_eq!(
        found(&format!("agreement_id={}", first.agreement)),
        std::slice::from_ref(&one)
    );
    assert_eq!(
        found(&format!("employer_id={}", second.employer)),
        std::slice::from_ref(&two)
    );
    assert_eq!(found(&format!("carrier_id={me}")), [two]);
    assert_eq!(found("step=step_1").len(), 2);
    assert!(found("step=step_2").is_empty());
    assert!(found("status=met").is_empty());
    assert_eq!(found("status=open").len(), 2);
    assert!(found(&format!("due_until={}", app.today())).is_empty());
    assert_eq!(found(&format!("due_from={}", app.today())).len(), 2);
    let page = who
        .get("/deadlines?limit=1&include_total=true")
        .expect(200)
        .json();
    assert_eq!(page["total"], json!(2));
    let next = page["next_cursor"].as_str().expect("a second page");
    let rest = who.get(&format!("/deadlines?limit=1&cursor={next}"));
    let rest = rest.expect(200).json();
    assert_ne!(rest["items"][0]["id"], page["items"][0]["id"]);
    app.as_role(Role::Member).get("/deadlines").expect(403);
}

#[test]
fn a_new_holiday_moves_nothing_until_an_officer_confirms_exactly_what_was_shown() {
    let app = TestApp::start();
    let officer = app.as_role(Role::Officer);
    let grievance = filed(&app, &owner(&app), 0).grievance;
    let before = of(&officer, &grievance).remove(0);
    let due = day(&before["due_date"]);
    let edit = |date: Date, name: &str| {
        let path = format!("/holiday-calendars/{}/edits", date.year());
        let edit = json!({"action": "add", "date": date.to_string(), "name": name});
        officer.post(&path, &json!({"edits": [edit]})).expect(200);
    };
    edit(due, "Founders' Day");
    assert_eq!(
        of(&officer, &grievance).remove(0)["due_date"],
        before["due_date"]
    );
    let shown = officer.get("/deadlines/changes").expect(200).json();
    let difference = &shown["differences"][0];
    assert_eq!(difference["deadline_id"], before["id"]);
    assert_eq!(difference["effect"], json!("moves"));
    assert_eq!(difference["before"], before["due_date"]);
    assert!(day(&difference["after"]) > due);
    assert_eq!(difference["causes"][0]["to_version"], json!(2));
    let confirm = json!({"fingerprint": shown["fingerprint"]});
    app.as_role(Role::Staff)
        .post("/deadlines/changes", &confirm)
        .expect(403);
    // Something is edited in between: what was shown is not what would change.
    edit(day(&difference["after"]), "Another day");
    let refused = officer.post("/deadlines/changes", &confirm).expect(409);
    assert_eq!(refused.code(), "changed_meanwhile");
    assert_eq!(
        of(&officer, &grievance).remove(0)["due_date"],
        before["due_date"]
    );
    let shown = officer.get("/deadlines/changes").expect(200).json();
    let confirm = json!({"fingerprint": shown["fingerprint"]});
    officer.post("/deadlines/changes", &confirm).expect(200);
    let after = of(&officer, &grievance).remove(0);
    assert_eq!(after["due_date"], shown["differences"][0]["after"]);
    let rest = officer.get("/deadlines/changes").expect(200).json();
    assert_eq!(
        (&rest["differences"], &rest["unchanged"]),
        (&json!([]), &json!(1))
    );
}

#[test]
fn where_more_run_than_are_looked_at_an_officer_goes_on_from_the_last_day_that_was() {
    let app = TestApp::start();
    let officer = app.as_role(Role::Officer);
    let early = filed(&app, &owner(&app), 7).grievance;
    let late = filed(&app, &owner(&app), 0).grievance;
    let due = |grievance: &str| of(&officer, grievance).remove(0)["due_date"].clone();
    let (first_day, last_day) = (day(&due(&early)), day(&due(&late)));
    assert!(first_day < last_day);
    let sql = Sql::connect(&app.database().owner_url());
    for (grievance, copies) in [(&early, 1_500), (&late, 600)] {
        let _copied = sql.rows(&format!(
            "insert into deadlines (id, tenant_id, grievance_id, agreement_id, rules_version, step, side, duty, due_on, \
                 status, state, derivation, version, created_at, updated_at) \
             select gen_random_uuid(), tenant_id, grievance_id, agreement_id, rules_version, step, side, duty, due_on, \
                 status, state, derivation, version, created_at, updated_at \
             from deadlines, generate_series(1, {copies}) where grievance_id = '{grievance}'"
        ));
    }
    let shown = |query: &str| {
        let found = officer.get(&format!("/deadlines/changes{query}"));
        found.expect(200).json()
    };
    let first = shown("");
    assert_eq!(
        (&first["more"], &first["limit"]),
        (&json!(true), &json!(2_000))
    );
    assert_eq!(first["unchanged"], json!(2_000));
    assert_eq!(day(&first["looked_until"]), last_day);
    // What is confirmed is what was shown, and no more is looked at.
    let confirm = json!({"fingerprint": first["fingerprint"]});
    let confirmed = officer.post("/deadlines/changes", &confirm).expect(200);
    assert_eq!(confirmed.json(), first);
    let rest = shown(&format!("?due_from={last_day}"));
    assert_eq!(
        (&rest["more"], &rest["unchanged"]),
        (&json!(false), &json!(601))
    );
    assert_eq!(day(&rest["looked_until"]), last_day);
}

#[test]
fn a_grievance_keeps_the_rules_of_its_filing_until_somebody_confirms_others() {
    let app = TestApp::start();
    let officer = app.as_role(Role::Officer);
    let Filed {
        agreement,
        grievance,
        ..
    } = filed(&app, &owner(&app), 0);
    let before = of(&officer, &grievance).remove(0);
    let mut longer = new_rules();
    longer["rules"][0]["days"] = json!(20);
    let rule_sets = format!("/agreements/{agreement}/rule-sets");
    officer.post(&rule_sets, &longer).expect(201);
    let path = format!("/deadlines/changes?agreement_id={agreement}&rules_version=2");
    let shown = officer.get(&path).expect(200).json();
    assert_eq!(shown["differences"][0]["effect"], json!("moves"));
    assert_eq!(
        of(&officer, &grievance).remove(0)["version"],
        before["version"]
    );
    let confirm = json!({
        "fingerprint": shown["fingerprint"], "agreement_id": agreement, "rules_version": 2
    });
    officer.post("/deadlines/changes", &confirm).expect(200);
    let after = of(&officer, &grievance).remove(0);
    assert_eq!(after["rules_version"], json!(2));
    assert_eq!(after["due_date"], shown["differences"][0]["after"]);
    let used = officer.delete(&format!("/agreements/{agreement}"));
    assert_eq!(used.expect(409).code(), "in_use");
}

#[test]
fn a_grievance_names_an_agreement_that_can_bind_its_employer_and_has_rules() {
    let app = TestApp::start();
    let who = owner(&app);
    let other = made(&who, "/organizations", &new_employer("Other"));
    let named = made(&who, "/agreements", &new_agreement(Some(&other)));
    let empty = made(&who, "/agreements", &new_agreement(None));
    let member = made(&who, "/members", &new_member("N-1"));
    let employer = made(&who, "/organizations", &new_employer("Puget"));
    for (agreement, code) in [(named, "not_a_party"), (empty, "no_rules")] {
        let mut body = filing(&member, &employer);
        body["agreement_id"] = json!(agreement);
        let refused = who.post("/grievances", &body).expect(422);
        assert_eq!(refused.text_at("/errors/0/code"), code);
    }
    let grievance = made(&who, "/grievances", &filing(&member, &employer));
    assert!(of(&who, &grievance).is_empty());
    let event = json!({"kind": "answered", "happened_on": app.today().to_string()});
    let path = format!("/grievances/{grievance}/deadline-events");
    let refused = who.post(&path, &event).expect(422);
    assert_eq!(refused.text_at("/errors/0/code"), "no_agreement");
}
