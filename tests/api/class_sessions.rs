//! Class sessions over HTTP.

use serde_json::{Value, json};
use unionhall_domain::roles::Role;
use unionhall_testing::{TestApp, app::Identity};

use crate::{
    concurrency::{at_once, statuses},
    fixtures::{
        ids, made, reason,
        school::{new_instructor, new_location},
        texts,
        training::{new_class, new_course, new_series, new_session},
    },
};

/// Two open classes of a course.
fn classes(staff: &Identity<'_>) -> [String; 2] {
    let course = made(staff, "/courses", &new_course("EL-101"));
    ["One", "Other"].map(|name| {
        let class = made(staff, "/classes", &new_class(&course, name));
        staff.act(&format!("/classes/{class}/open")).expect(200);
        class
    })
}

/// An evening with these fields too.
fn evening(class: &str, more: &Value) -> Value {
    let mut body = new_session(class, "2127-01-07");
    for (name, value) in more.as_object().expect("fields") {
        body[name] = value.clone();
    }
    body
}

#[test]
fn a_session_is_shown_with_every_field_and_with_what_may_be_done() {
    let app = TestApp::start();
    let staff = app.as_role(Role::Staff);
    let [class, _] = classes(&staff);
    let location = made(&staff, "/locations", &new_location("Renton"));
    let instructor = made(&staff, "/instructors", &new_instructor("Volt"));
    let more = json!({
        "location_id": location, "instructor_id": instructor, "room": "Lab",
        "topic": "Ohm's law", "notes": "Bring meters."
    });
    let made = staff.post("/class-sessions", &evening(&class, &more));
    insta::assert_json_snapshot!(made.expect(201).json(), {
        ".id" => "[id]", ".class_id" => "[id]", ".location_id" => "[id]",
        ".instructor_id" => "[id]", ".created_at" => "[time]", ".updated_at" => "[time]"
    });
}

#[test]
fn a_session_over_midnight_has_its_real_length_when_the_clocks_are_put_forward() {
    let app = TestApp::start();
    let staff = app.as_role(Role::Staff);
    let [class, _] = classes(&staff);
    // In Seattle the hour from 2 to 3 was left out on March 8, 2026.
    let mut night = new_session(&class, "2026-03-07");
    night["start_time"] = json!("22:00");
    night["end_time"] = json!("03:00");
    let refused = staff.post("/class-sessions", &night).expect(422);
    assert_eq!(refused.text_at("/errors/0/code"), "before_its_start");
    night["end_date"] = json!("2026-03-08");
    let made = staff.post("/class-sessions", &night).expect(201);
    assert_eq!(made.json()["minutes"], 240);
    night["end_time"] = json!("02:30");
    let refused = staff.post("/class-sessions", &night).expect(422);
    assert_eq!(refused.text_at("/errors/0/code"), "no_such_time");
}

#[test]
fn rooms_and_instructors_are_in_one_place_at_a_time_unless_the_tenant_allows_it() {
    let app = TestApp::start();
    let officer = app.as_role(Role::Officer);
    let [one, other] = classes(&officer);
    let location = made(&officer, "/locations", &new_location("Renton"));
    let instructor = made(&officer, "/instructors", &new_instructor("Volt"));
    let in_lab = json!({"location_id": location, "room": "Lab"});
    let taught = json!({"instructor_id": instructor});
    let first = made(&officer, "/class-sessions", &evening(&one, &in_lab));
    let same_room = evening(&other, &json!({"location_id": location, "room": "LAB"}));
    let refused = officer.post("/class-sessions", &same_room).expect(409);
    assert_eq!(refused.code(), "sessions_overlap");
    assert!(refused.text_at("/detail").contains(&first));
    let rehearsed = officer.post("/class-sessions?dry_run=true", &same_room);
    assert_eq!(rehearsed.expect(409).code(), "sessions_overlap");
    let path = format!("/class-sessions/{first}");
    officer.patch(&path, &taught).expect(200);
    let same_instructor = officer.post("/class-sessions", &evening(&other, &taught));
    assert_eq!(same_instructor.expect(409).code(), "sessions_overlap");
    let again = officer.post("/class-sessions", &new_session(&one, "2127-01-07"));
    assert_eq!(again.expect(409).code(), "sessions_overlap");
    let warn = json!({"overlaps": "warn"});
    officer.patch("/training-settings", &warn).expect(200);
    let warned = officer.post("/class-sessions", &same_room).expect(201);
    assert_eq!(warned.text_at("/overlaps/0/kind"), "room");
    assert_eq!(warned.text_at("/overlaps/0/other_session_id"), first);
    let found = officer.get(&path).expect(200).json();
    assert_eq!(found["overlaps"].as_array().map(Vec::len), Some(1));
    let refuse = json!({"overlaps": "refuse"});
    officer.patch("/training-settings", &refuse).expect(200);
    let topic = json!({"topic": "Ohm's law"});
    let kept = officer.patch(&path, &topic).expect(200).json();
    assert_eq!(kept["overlaps"].as_array().map(Vec::len), Some(1));
    let longer = officer.patch(&path, &json!({"end_time": "22:00"}));
    assert_eq!(longer.expect(409).code(), "sessions_overlap");
}

#[test]
fn who_is_to_teach_and_where_stays_until_the_session_is_called_off() {
    let app = TestApp::start();
    let officer = app.as_role(Role::Officer);
    let [class, _] = classes(&officer);
    let location = made(&officer, "/locations", &new_location("Renton"));
    let instructor = made(&officer, "/instructors", &new_instructor("Volt"));
    let places = json!({"location_id": location, "instructor_id": instructor});
    let mut past = evening(&class, &places);
    past["session_date"] = json!("2026-01-08");
    made(&officer, "/class-sessions", &past);
    let coming = made(&officer, "/class-sessions", &evening(&class, &places));
    let paths = [
        format!("/locations/{location}"),
        format!("/instructors/{instructor}"),
    ];
    for path in &paths {
        let kept = officer.delete(path).expect(409);
        assert_eq!(kept.code(), "in_use");
        assert!(kept.text_at("/detail").ends_with("on 2127-01-07"));
    }
    let cancel = format!("/class-sessions/{coming}/cancel");
    officer.post(&cancel, &reason()).expect(200);
    for path in &paths {
        officer.delete(path).expect(204);
    }
}

#[test]
fn the_end_of_the_calendar_is_no_end_and_nothing_lies_behind_a_forged_place() {
    let app = TestApp::start();
    let staff = app.as_role(Role::Staff);
    let [class, _] = classes(&staff);
    made(
        &staff,
        "/class-sessions",
        &new_session(&class, "2127-01-07"),
    );
    let listed = |query: &str| {
        let list = staff.get(&format!("/class-sessions?{query}"));
        ids(&list.expect(200).json()).len()
    };
    for day in ["29", "30", "31"] {
        assert_eq!(listed(&format!("to=9999-12-{day}")), 1);
    }
    // A place 10,000 years before the year 1, where the database knows no time.
    let forged = "K3N0YXJ0c19hdAowMTkwZmZmZi1mZmZmLTdmZmYtYmZmZi1mZmZmZmZmZmZmZmYKLTAwOTk5OS0wMi0wMVQwMDowMDowMFo";
    assert_eq!(listed(&format!("cursor={forged}")), 0);
}

#[test]
fn of_two_who_take_one_room_at_once_one_gets_it() {
    let app = TestApp::start();
    let staff = app.as_role(Role::Staff);
    let classes = classes(&staff);
    let location = made(&staff, "/locations", &new_location("Renton"));
    let in_lab = json!({"location_id": location, "room": "Lab"});
    let answers = at_once(2, |index| {
        let body = evening(&classes[index], &in_lab);
        app.as_role(Role::Staff).post("/class-sessions", &body)
    });
    assert_eq!(statuses(&answers), [201, 409]);
}

#[test]
fn twelve_evenings_leave_out_the_holidays_of_the_tenant_and_can_be_rehearsed() {
    let app = TestApp::start();
    let officer = app.as_role(Role::Officer);
    let [class, _] = classes(&officer);
    let closed = json!({"edits": [{"action": "add", "date": "2127-01-14", "name": "Picnic"}]});
    let calendar = officer.post("/holiday-calendars/2127/edits", &closed);
    assert!(calendar.status() < 300, "{calendar:#?}");
    let mut series = new_series(&class, "2127-01-07");
    series["count"] = json!(12);
    let path = "/class-sessions/series";
    let rehearsed = officer.post(&format!("{path}?dry_run=true"), &series);
    let rehearsed = rehearsed.expect(200).json();
    assert_eq!(rehearsed["items"].as_array().map(Vec::len), Some(12));
    let none = officer.get("/class-sessions").expect(200).json();
    assert!(ids(&none).is_empty());
    let made = officer.post(path, &series).expect(200).json();
    let expected = json!([{"date": "2127-01-14", "name": "Picnic"}]);
    assert_eq!(made["left_out"], expected);
    let days = texts(&made, "session_date");
    assert_eq!(
        (days[1].as_str(), days[11].as_str()),
        ("2127-01-21", "2127-04-01")
    );
}

#[test]
fn a_series_is_moved_as_one_or_not_at_all() {
    let app = TestApp::start();
    let staff = app.as_role(Role::Staff);
    let [class, other] = classes(&staff);
    let location = made(&staff, "/locations", &new_location("Renton"));
    let in_lab = json!({"location_id": location, "room": "Lab"});
    let path = "/class-sessions/series";
    let made_series = staff
        .post(path, &new_series(&class, "2127-01-07"))
        .expect(200);
    let series = made_series.text_at("/series_id");
    let sessions = ids(&made_series.json());
    let cancel = format!("/class-sessions/{}/cancel", sessions[0]);
    staff.post(&cancel, &reason()).expect(200);
    let mut taken = evening(&other, &in_lab);
    taken["session_date"] = json!("2127-01-22");
    made(&staff, "/class-sessions", &taken);
    let move_path = format!("{path}/{series}/move");
    let mut wanted = json!({"days": 1, "start_time": "17:00"});
    wanted["location_id"] = json!(location);
    wanted["room"] = json!("Lab");
    let refused = staff.post(&move_path, &wanted).expect(409);
    assert_eq!(refused.code(), "sessions_overlap");
    let list = format!("/class-sessions?series_id={series}&is_cancelled=false");
    let days = || texts(&staff.get(&list).expect(200).json(), "session_date");
    assert_eq!(days(), ["2127-01-14", "2127-01-21"]);
    wanted["room"] = json!("Hall");
    let moved = staff.post(&move_path, &wanted).expect(200).json();
    assert_eq!(texts(&moved, "start_time"), ["17:00", "17:00"]);
    assert_eq!(days(), ["2127-01-15", "2127-01-22"]);
    let from = json!({"from": "2128-01-01", "days": 1});
    staff.post(&move_path, &from).expect(404);
}

#[test]
fn what_is_called_off_or_over_stays_as_it_is() {
    let app = TestApp::start();
    let staff = app.as_role(Role::Instructor);
    let [class, _] = classes(&app.as_role(Role::Staff));
    let coming = made(
        &staff,
        "/class-sessions",
        &new_session(&class, "2127-01-07"),
    );
    let cancel = |id: &str| staff.post(&format!("/class-sessions/{id}/cancel"), &reason());
    let gone = cancel(&coming).expect(200).json();
    assert_eq!(
        (&gone["is_cancelled"], &gone["allowed_actions"]),
        (&json!(true), &json!([]))
    );
    assert_eq!(cancel(&coming).expect(409).code(), "illegal_move");
    let topic = json!({"topic": "Ohm's law"});
    let refused = staff.patch(&format!("/class-sessions/{coming}"), &topic);
    assert_eq!(refused.expect(409).code(), "illegal_move");
    let past = made(
        &staff,
        "/class-sessions",
        &new_session(&class, "2026-01-08"),
    );
    assert_eq!(cancel(&past).expect(409).code(), "illegal_move");
    staff
        .patch(&format!("/class-sessions/{past}"), &topic)
        .expect(200);
}
