//! Meetings on the steps of grievances over HTTP: set, held, called off, and what the sides put forward.

use insta::assert_json_snapshot;
use serde_json::json;
use unionhall_domain::{ids::Id, roles::Role};
use unionhall_testing::TestApp;

use crate::fixtures::{
    case, made, meeting, owner,
    parts::{new_meeting, new_statement},
    reason, texts,
};

#[test]
fn a_meeting_is_set_held_and_tied_to_the_step_it_ended() {
    let app = TestApp::start();
    let staff = app.as_role(Role::Staff);
    let grievance = format!("/grievances/{}", case(&staff, "L-1").grievance);
    let meetings = format!("{grievance}/step-meetings");
    let planned = staff.post(&meetings, &new_meeting()).expect(201);
    let path = format!("{meetings}/{}", planned.text_at("/id"));
    let place = format!("/api/v1{path}");
    assert_eq!(planned.header("location"), Some(place.as_str()));
    let record = staff
        .post(&format!("{grievance}/steps"), &meeting(&app, "denied"))
        .expect(201);
    let body = json!({"step_record_id": record.text_at("/step/id"), "place": null});
    staff.patch(&path, &body).expect(200);
    let held = staff.post(&format!("{path}/hold"), &json!({})).expect(200);
    assert_eq!(held.text_at("/held_at"), "2026-01-05T17:00:00Z");
    let later = json!({"starts_at": "2099-01-01T00:00:00Z"});
    let moved = staff.patch(&path, &later).expect(422);
    assert_eq!(moved.text_at("/errors/0/pointer"), "/starts_at");
    assert_eq!(moved.text_at("/errors/0/code"), "in_the_future");
    let again = staff.post(&format!("{path}/hold"), &json!({})).expect(409);
    assert_eq!(again.json()["allowed_actions"], json!(["update", "state"]));
    assert_json_snapshot!("step_meeting", staff.get(&path).expect(200).json(), {
        ".id" => "[id]", ".grievance_id" => "[id]", ".step_record_id" => "[id]",
        ".created_at" => "[time]", ".updated_at" => "[time]"
    });
    // What was recorded of the step is read as ever.
    let steps = staff.get(&format!("{grievance}/steps")).expect(200).json();
    assert_eq!(texts(&steps, "outcome"), ["denied"]);
}

#[test]
fn what_is_signed_off_stays_and_is_corrected_by_a_new_statement() {
    let app = TestApp::start();
    let staff = app.as_role(Role::Staff);
    let grievance = case(&staff, "L-1").grievance;
    let path = format!("/grievances/{grievance}/step-meetings");
    let path = format!("{path}/{}", made(&staff, &path, &new_meeting()));
    let statements = format!("{path}/statements");
    let draft = staff.post(&statements, &new_statement()).expect(201);
    let first = draft.text_at("/statements/0/id");
    let mut correction = new_statement();
    correction["corrects_id"] = json!(first);
    let refused = staff.post(&statements, &correction).expect(422);
    assert_eq!(refused.text_at("/errors/0/code"), "not_signed");
    let one = format!("{statements}/{first}");
    let same = staff.patch(&one, &json!({})).expect(200);
    assert_eq!(same.header("etag"), draft.header("etag"));
    staff
        .patch(&one, &json!({"text": "The list was lost."}))
        .expect(200);
    let signed = staff.act(&format!("{one}/sign")).expect(200);
    assert_eq!(signed.text_at("/statements/0/status"), "signed");
    assert_eq!(signed.text_at("/statements/0/text"), "The list was lost.");
    let refused = staff
        .patch(&one, &json!({"text": "It was not."}))
        .expect(409);
    assert_eq!(refused.json()["allowed_actions"], json!(["correct"]));
    staff.act(&format!("{one}/sign")).expect(409);
    let corrected = staff.post(&statements, &correction).expect(201);
    assert_eq!(corrected.text_at("/statements/1/corrects_id"), first);
}

#[test]
fn a_list_shows_how_statements_begin_and_the_meeting_every_word() {
    let app = TestApp::start();
    let staff = app.as_role(Role::Staff);
    let grievance = case(&staff, "L-1").grievance;
    let path = format!("/grievances/{grievance}/step-meetings");
    let meeting = format!("{path}/{}", made(&staff, &path, &new_meeting()));
    let mut long = new_statement();
    long["text"] = json!("x".repeat(20_000));
    staff
        .post(&format!("{meeting}/statements"), &long)
        .expect(201);
    let length = |text: String| text.chars().count();
    let list = staff.get(&path).expect(200);
    assert_eq!(length(list.text_at("/items/0/statements/0/text")), 200);
    let whole = staff.get(&meeting).expect(200);
    assert_eq!(length(whole.text_at("/statements/0/text")), 20_000);
}

#[test]
fn the_member_sees_what_was_signed_off_and_neither_drafts_nor_notes() {
    let app = TestApp::start();
    let staff = app.as_role(Role::Staff);
    let records = case(&staff, "L-1");
    app.is_member(Id::parse(&records.member).expect("an id"));
    let path = format!("/grievances/{}/step-meetings", records.grievance);
    let mut body = new_meeting();
    body["notes"] = json!("Press them on the list.");
    let path = format!("{path}/{}", made(&staff, &path, &body));
    let statements = format!("{path}/statements");
    let mut signed = new_statement();
    signed["signed"] = json!(true);
    for body in [new_statement(), signed] {
        staff.post(&statements, &body).expect(201);
    }
    let member = app.as_role(Role::Member);
    let seen = member.get(&path).expect(200).json();
    assert_eq!(seen["notes"], json!(null));
    assert_eq!(seen["statements"].as_array().map(Vec::len), Some(1));
    assert_eq!(seen["statements"][0]["status"], "signed");
    assert_eq!(seen["allowed_actions"], json!([]));
    let others = case(&staff, "L-2").grievance;
    member
        .get(&format!("/grievances/{others}/step-meetings"))
        .expect(404);
}

#[test]
fn a_grievance_that_is_over_meets_no_more_and_what_was_called_off_stays_so() {
    let app = TestApp::start();
    let officer = owner(&app);
    let grievance = format!("/grievances/{}", case(&officer, "L-1").grievance);
    let meetings = format!("{grievance}/step-meetings");
    let path = format!("{meetings}/{}", made(&officer, &meetings, &new_meeting()));
    let called_off = officer
        .post(&format!("{path}/cancel"), &reason())
        .expect(200);
    assert_eq!(called_off.json()["allowed_actions"], json!([]));
    officer
        .patch(&path, &json!({"place": "Room 9"}))
        .expect(409);
    officer
        .post(&format!("{path}/statements"), &new_statement())
        .expect(409);
    officer
        .post(&format!("{grievance}/withdraw"), &reason())
        .expect(200);
    let refused = officer.post(&meetings, &new_meeting()).expect(409);
    assert_eq!(refused.text_at("/code"), "illegal_move");
}

#[test]
fn every_wrong_field_of_a_meeting_and_of_its_people_is_named() {
    let app = TestApp::start();
    let staff = app.as_role(Role::Staff);
    let path = format!(
        "/grievances/{}/step-meetings",
        case(&staff, "L-1").grievance
    );
    let body = json!({
        "starts_at": "tomorrow", "attendees": [{"party": "press", "name": " "}, 7], "shoes": 1
    });
    let wrong = staff.post(&path, &body).expect(422).json();
    let pointers: Vec<_> = wrong["errors"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|error| error["pointer"].as_str().unwrap_or_default())
        .collect();
    assert_eq!(
        pointers,
        [
            "/shoes",
            "/starts_at",
            "/attendees/0/party",
            "/attendees/0/name",
            "/attendees/1"
        ]
    );
    let stranger = json!({
        "starts_at": "2026-01-05T17:00:00Z",
        "attendees": [{"party": "union", "name": "X", "user_id": "0190ffff-ffff-7fff-bfff-ffffffffffff"}]
    });
    let wrong = staff.post(&path, &stranger).expect(422);
    assert_eq!(wrong.text_at("/errors/0/code"), "unknown_user");
}
