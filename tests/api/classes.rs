//! Classes and the settings of a school over HTTP.

use serde_json::{Value, json};
use unionhall_domain::roles::Role;
use unionhall_testing::{TestApp, app::Identity};

use crate::fixtures::{
    made, reason, texts,
    training::{new_class, new_course, new_session},
};

/// A course with an open class of it.
fn opened(staff: &Identity<'_>) -> (String, String) {
    let course = made(staff, "/courses", &new_course("EL-101"));
    let class = made(staff, "/classes", &new_class(&course, "Spring"));
    staff.act(&format!("/classes/{class}/open")).expect(200);
    (course, class)
}

#[test]
fn a_class_is_shown_with_every_field_and_with_what_may_be_done() {
    let app = TestApp::start();
    let staff = app.as_role(Role::Staff);
    let mut course = new_course("EL-101");
    course["capacity"] = json!(24);
    let course = made(&staff, "/courses", &course);
    let created = staff.post("/classes", &new_class(&course, "Spring"));
    insta::assert_json_snapshot!(created.expect(201).json(), {
        ".id" => "[id]", ".course_id" => "[id]",
        ".created_at" => "[time]", ".updated_at" => "[time]"
    });
}

#[test]
fn a_class_keeps_the_edition_it_was_planned_in_and_its_course_cannot_be_deleted() {
    let app = TestApp::start();
    let staff = app.as_role(Role::Staff);
    let (course, class) = opened(&staff);
    let path = format!("/courses/{course}");
    staff.patch(&path, &json!({"name": "Theory I"})).expect(200);
    let later = staff.post("/classes", &new_class(&course, "Autumn"));
    assert_eq!(later.expect(201).json()["course_edition"], 2);
    let found = staff.get(&format!("/classes/{class}")).expect(200);
    assert_eq!(found.json()["course_edition"], 1);
    assert_eq!(staff.delete(&path).expect(409).code(), "in_use");
    staff.patch(&path, &json!({"is_active": false})).expect(200);
    let refused = staff.post("/classes", &new_class(&course, "Never"));
    assert_eq!(
        refused.expect(422).text_at("/errors/0/code"),
        "inactive_course"
    );
}

#[test]
fn a_class_moves_along_its_table_and_takes_its_sessions_along_when_it_is_cancelled() {
    let app = TestApp::start();
    let staff = app.as_role(Role::Staff);
    let (_, class) = opened(&staff);
    let path = format!("/classes/{class}");
    let act = |verb: &str| staff.act(&format!("{path}/{verb}"));
    let refused = act("open").expect(409);
    assert_eq!(
        refused.json()["allowed_actions"],
        json!(["complete", "cancel"])
    );
    act("complete").expect(200);
    act("open").expect(200);
    let past = made(
        &staff,
        "/class-sessions",
        &new_session(&class, "2026-01-08"),
    );
    let coming = made(
        &staff,
        "/class-sessions",
        &new_session(&class, "2127-01-07"),
    );
    assert_eq!(staff.delete(&path).expect(409).code(), "in_use");
    let cancelled = staff.post(&format!("{path}/cancel"), &reason()).expect(200);
    assert_eq!(cancelled.text_at("/status_reason"), reason()["reason"]);
    let is_cancelled = |id: &str| {
        let found = staff.get(&format!("/class-sessions/{id}")).expect(200);
        found.json()["is_cancelled"] == json!(true)
    };
    assert_eq!((is_cancelled(&past), is_cancelled(&coming)), (false, true));
    let never = staff.post("/class-sessions", &new_session(&class, "2127-01-08"));
    assert_eq!(never.expect(422).text_at("/errors/0/code"), "not_under_way");
}

#[test]
fn a_term_holds_its_sessions_and_does_not_end_before_it_begins() {
    let app = TestApp::start();
    let staff = app.as_role(Role::Staff);
    let (_, class) = opened(&staff);
    made(
        &staff,
        "/class-sessions",
        &new_session(&class, "2127-01-07"),
    );
    let refused = |change: Value| {
        let answer = staff
            .patch(&format!("/classes/{class}"), &change)
            .expect(422);
        (
            answer.text_at("/errors/0/pointer"),
            answer.text_at("/errors/0/code"),
        )
    };
    let told = |pointer: &str, code: &str| (pointer.to_owned(), code.to_owned());
    let early = refused(json!({"ends_on": "2127-01-06"}));
    assert_eq!(early, told("/ends_on", "has_sessions"));
    let backwards = refused(json!({"starts_on": "2128-01-01"}));
    assert_eq!(backwards, told("/ends_on", "before_its_start"));
}

#[test]
fn classes_are_listed_with_the_latest_term_first_and_filtered() {
    let app = TestApp::start();
    let staff = app.as_role(Role::Staff);
    let (course, _) = opened(&staff);
    let mut early = new_class(&course, "Autumn evenings");
    early["starts_on"] = json!("2025-09-01");
    early["ends_on"] = json!("2025-12-19");
    made(&staff, "/classes", &early);
    let names = |query: &str| {
        let list = staff.get(&format!("/classes{query}")).expect(200);
        texts(&list.json(), "name")
    };
    assert_eq!(names(""), ["Spring", "Autumn evenings"]);
    assert_eq!(names("?sort=starts_on"), ["Autumn evenings", "Spring"]);
    for query in [
        "?on=2025-12-19",
        "?status=planned",
        "?q=EVEN",
        "?on=2025-09-01",
    ] {
        assert_eq!(names(query), ["Autumn evenings"], "{query}");
    }
    assert_eq!(names(&format!("?course_id={course}")).len(), 2);
    staff.get("/classes?status=fun").expect(400);
}

#[test]
fn an_officer_decides_about_the_school_in_one_version() {
    let app = TestApp::start();
    let officer = app.as_role(Role::Officer);
    let usual = officer.get("/training-settings").expect(200);
    let expected = json!({
        "overlaps": "refuse", "late_after_minutes": 10, "left_early_before_minutes": 10,
        "excused": "left_out", "version": 1
    });
    assert_eq!(usual.json(), expected);
    let change = json!({"late_after_minutes": 5, "excused": "absent"});
    let changed = officer.patch("/training-settings", &change).expect(200);
    assert_eq!(changed.header("etag"), Some("\"2\""));
    let stale = officer
        .request("PATCH", "/training-settings")
        .header("If-Match", "\"1\"")
        .json(&json!({"overlaps": "warn"}))
        .send();
    stale.expect(412);
    let wrong = json!({"late_after_minutes": 121, "excused": "never"});
    let refused = officer.patch("/training-settings", &wrong).expect(422);
    assert_eq!(refused.json()["errors"].as_array().map(Vec::len), Some(2));
    app.as_role(Role::Staff)
        .patch("/training-settings", &change)
        .expect(403);
}
