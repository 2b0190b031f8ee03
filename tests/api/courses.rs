//! Courses over HTTP.

use serde_json::{Value, json};
use unionhall_domain::roles::Role;
use unionhall_testing::TestApp;

use crate::{
    concurrency::{at_once, statuses},
    fixtures::{made, texts, training::new_course},
};

#[test]
fn a_course_is_shown_with_every_field_and_with_what_may_be_done() {
    let app = TestApp::start();
    let staff = app.as_role(Role::Staff);
    let basics = made(&staff, "/courses", &new_course("EL-101"));
    let mut body = new_course("EL-201");
    body["prerequisite_ids"] = json!([basics]);
    body["capacity"] = json!(24);
    let created = staff.post("/courses", &body).expect(201);
    assert_eq!(created.header("etag"), Some("\"1\""));
    insta::assert_json_snapshot!(created.json(), {
        ".id" => "[id]", ".prerequisite_ids[]" => "[id]",
        ".created_at" => "[time]", ".updated_at" => "[time]"
    });
    let place = created.header("location").expect("a place").to_owned();
    let path = place.strip_prefix("/api/v1").expect("a path");
    let read = app.as_role(Role::Instructor).get(path).expect(200);
    assert_eq!(read.json()["allowed_actions"], json!([]));
}

#[test]
fn what_a_transcript_shows_goes_into_a_new_edition_and_the_old_one_stays() {
    let app = TestApp::start();
    let staff = app.as_role(Role::Staff);
    let path = format!("/courses/{}", made(&staff, "/courses", &new_course("E")));
    let change = |body: Value| staff.patch(&path, &body).expect(200).json();
    assert_eq!(change(json!({"description": "Ohm."}))["edition"], 1);
    let longer = json!({"name": "Theory I", "contact_hours": "40"});
    assert_eq!(change(longer)["edition"], 2);
    let list = staff.get(&format!("{path}/editions")).expect(200).json();
    assert_eq!(texts(&list, "name"), ["Electrical theory", "Theory I"]);
    assert_eq!(texts(&list, "contact_hours"), ["37.50", "40.00"]);
}

#[test]
fn no_course_comes_before_itself_however_long_the_way_and_however_many_ask_at_once() {
    let app = TestApp::start();
    let staff = app.as_role(Role::Staff);
    let [one, two, three] = ["1", "2", "3"].map(|code| made(&staff, "/courses", &new_course(code)));
    let ask = |course: &str, before: &str| {
        let body = json!({"prerequisite_ids": [before]});
        staff.patch(&format!("/courses/{course}"), &body)
    };
    ask(&two, &one).expect(200);
    ask(&three, &two).expect(200);
    let refused = ask(&one, &three).expect(422);
    let pointer = refused.text_at("/errors/0/pointer");
    assert_eq!(pointer, "/prerequisite_ids/0");
    assert_eq!(refused.text_at("/errors/0/code"), "circle");
    ask(&one, &one).expect(422);
    let never = ask(&one, "0190ffff-ffff-7fff-bfff-ffffffffffff").expect(422);
    assert_eq!(never.text_at("/errors/0/code"), "unknown_course");
    let needed = staff.delete(&format!("/courses/{two}")).expect(409);
    assert_eq!(needed.code(), "in_use");
    // Each of two changes is right without the other.
    let [left, right] = ["L", "R"].map(|code| made(&staff, "/courses", &new_course(code)));
    let pairs = [(&left, &right), (&right, &left)];
    let answers = at_once(2, |index| ask(pairs[index].0, pairs[index].1));
    assert_eq!(statuses(&answers), [200, 422]);
}

#[test]
fn a_code_is_had_once_and_is_free_again_when_its_course_is_deleted() {
    let app = TestApp::start();
    let staff = app.as_role(Role::Staff);
    let first = made(&staff, "/courses", &new_course("EL-101"));
    let taken = staff.post("/courses", &new_course("el-101")).expect(409);
    assert_eq!(taken.code(), "duplicate");
    staff.delete(&format!("/courses/{first}")).expect(204);
    staff.get(&format!("/courses/{first}")).expect(404);
    made(&staff, "/courses", &new_course("el-101"));
    let taken = staff.act(&format!("/courses/{first}/restore")).expect(409);
    assert_eq!(taken.code(), "duplicate");
}

#[test]
fn courses_are_listed_by_code_and_found_by_their_words() {
    let app = TestApp::start();
    let staff = app.as_role(Role::Staff);
    for (code, name, kind) in [
        ("B-1", "Rigging", "elective"),
        ("A-1", "Motor controls", "core"),
        ("C-1", "Fire alarms", "certification"),
    ] {
        let mut body = new_course(code);
        body["name"] = json!(name);
        body["course_type"] = json!(kind);
        made(&staff, "/courses", &body);
    }
    let codes = |query: &str| {
        let list = staff.get(&format!("/courses{query}")).expect(200);
        texts(&list.json(), "code")
    };
    assert_eq!(codes(""), ["A-1", "B-1", "C-1"]);
    assert_eq!(codes("?sort=-name"), ["B-1", "A-1", "C-1"]);
    assert_eq!(codes("?q=ALARM"), ["C-1"]);
    assert_eq!(codes("?q=c-1%20fire"), ["C-1"]);
    assert_eq!(codes("?code=b-1"), ["B-1"]);
    assert_eq!(codes("?course_type=elective&is_active=true"), ["B-1"]);
    staff.get("/courses?course_type=fun").expect(400);
}
