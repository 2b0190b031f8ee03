//! The log of how the union represented somebody, over HTTP: contacts, decisions, and the reasons of every ending.

use insta::assert_json_snapshot;
use serde_json::json;
use unionhall_domain::{ids::Id, roles::Role};
use unionhall_testing::TestApp;

use crate::fixtures::{
    case, meeting, owner,
    parts::{new_contact, new_decision},
    reason, texts,
};

#[test]
fn a_contact_is_kept_as_it_was_written_and_corrected_by_another_entry() {
    let app = TestApp::start();
    let staff = app.as_role(Role::Staff);
    let log = format!(
        "/grievances/{}/representation-log",
        case(&staff, "L-1").grievance
    );
    let contacts = format!("{log}/contacts");
    let first = staff.post(&contacts, &new_contact()).expect(201);
    let mut correction = new_contact();
    correction["corrects_id"] = json!(first.text_at("/id"));
    staff.post(&contacts, &correction).expect(201);
    correction["corrects_id"] = json!("0190ffff-ffff-7fff-bfff-ffffffffffff");
    let unknown = staff.post(&contacts, &correction).expect(422);
    assert_eq!(unknown.text_at("/errors/0/code"), "unknown_entry");
    let list = staff.get(&log).expect(200).json();
    assert_json_snapshot!("representation_log", list, {
        ".items[].id" => "[id]", ".items[].grievance_id" => "[id]", ".items[].recorded_by" => "[id]",
        ".items[].recorded_at" => "[time]", ".items[1].corrects_id" => "[id]"
    });
}

#[test]
fn giving_up_and_filing_away_leave_their_reasons_in_the_log_and_none_goes_without() {
    let app = TestApp::start();
    let officer = owner(&app);
    let path = format!("/grievances/{}", case(&officer, "L-1").grievance);
    officer
        .post(&format!("{path}/steps"), &meeting(&app, "denied"))
        .expect(201);
    for verb in ["withdraw", "close"] {
        let path = format!("{path}/{verb}");
        let missing = officer.post(&path, &json!({"reason": " "})).expect(422);
        assert_eq!(missing.text_at("/errors/0/pointer"), "/reason");
        officer.post(&path, &reason()).expect(200);
    }
    let log = officer
        .get(&format!("{path}/representation-log?kind=decision"))
        .expect(200)
        .json();
    let decisions: Vec<_> = ["/items/0", "/items/1"]
        .iter()
        .map(|row| log.pointer(&format!("{row}/decision")).expect("a decision"))
        .collect();
    for place in 0..2 {
        let id = log.pointer(&format!("/items/{place}/id")).expect("an id");
        let id = id.as_str().unwrap_or_default();
        let trail = format!("/audit-events/by-record/representation_entry/{id}");
        let events = officer.get(&trail).expect(200).json();
        assert_eq!(events["items"][0]["action"], "created");
    }
    assert_eq!(decisions[0]["decision"], "not_advancing");
    assert_eq!(decisions[1]["decision"], "closing");
    assert_eq!(decisions[0]["reason"], reason()["reason"]);
}

#[test]
fn a_decision_not_to_advance_is_an_officers_and_can_be_written_before_the_end() {
    let app = TestApp::start();
    let (officer, staff) = (owner(&app), app.as_role(Role::Staff));
    let path = format!(
        "/grievances/{}/representation-log/decisions",
        case(&staff, "L-1").grievance
    );
    staff.post(&path, &new_decision()).expect(403);
    let decided = officer.post(&path, &new_decision()).expect(201);
    assert_eq!(decided.text_at("/decision/step"), "step_1");
    let grievance = path.trim_end_matches("/representation-log/decisions");
    officer
        .post(&format!("{grievance}/steps"), &meeting(&app, "advanced"))
        .expect(201);
    let mut correction = new_decision();
    correction["corrects_id"] = json!(decided.text_at("/id"));
    let corrected = officer.post(&path, &correction).expect(201);
    assert_eq!(corrected.text_at("/decision/step"), "step_1");
    let now = officer.post(&path, &new_decision()).expect(201);
    assert_eq!(now.text_at("/decision/step"), "step_2");
    let mut named = new_decision();
    named["step"] = json!("step_1");
    let named = officer.post(&path, &named).expect(201);
    assert_eq!(named.text_at("/decision/step"), "step_1");
    let mut tomorrow = new_decision();
    tomorrow["decided_on"] = json!("2099-01-01");
    let wrong = officer.post(&path, &tomorrow).expect(422);
    assert_eq!(wrong.text_at("/errors/0/code"), "out_of_range");
}

#[test]
fn the_log_is_not_shown_to_those_who_may_not_read_cases_nor_to_the_member() {
    let app = TestApp::start();
    let staff = app.as_role(Role::Staff);
    let records = case(&staff, "L-1");
    app.is_member(Id::parse(&records.member).expect("an id"));
    let log = format!("/grievances/{}/representation-log", records.grievance);
    staff
        .post(&format!("{log}/contacts"), &new_contact())
        .expect(201);
    for role in [Role::Member, Role::Organizer, Role::Contact] {
        app.as_role(role).get(&log).expect(403);
    }
    let list = staff.get(&log).expect(200).json();
    assert_eq!(texts(&list, "kind"), ["contact"]);
}
