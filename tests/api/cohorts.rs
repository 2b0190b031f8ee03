//! Cohorts over HTTP: who is taught together, by whom, and never more of them than there are seats.

use insta::assert_json_snapshot;
use serde_json::{Value, json};
use unionhall_domain::roles::Role;
use unionhall_testing::{
    TestApp,
    app::{Answer, Identity},
};

use crate::{
    concurrency::at_once,
    fixtures::{
        made, owner, reason,
        school::{new_cohort, new_instructor, new_location, new_sent, new_union},
        texts,
    },
};

fn students<const N: usize>(who: &Identity<'_>) -> [String; N] {
    let union = made(who, "/organizations", &new_union());
    std::array::from_fn(|index| made(who, "/students", &new_sent(&union, &format!("77-{index}"))))
}

fn join(who: &Identity<'_>, cohort: &str, student: &str) -> Answer {
    let body = json!({"student_id": student});
    who.post(&format!("/cohorts/{cohort}/students"), &body)
}

fn told(answer: &Answer) -> Vec<String> {
    let errors = answer.json()["errors"].as_array().expect("errors").clone();
    let told = |error: &Value| format!("{} {}", error["pointer"], error["code"]).replace('"', "");
    errors.iter().map(told).collect()
}

#[test]
fn a_cohort_is_shown_with_every_field_and_with_what_may_be_done() {
    let app = TestApp::start();
    let who = owner(&app);
    let [mara, tess] =
        ["Volt", "Watt"].map(|name| made(&who, "/instructors", &new_instructor(name)));
    let location = made(&who, "/locations", &new_location("Center"));
    let body = json!({
        "code": "2027-SPRING", "name": "Spring 2027", "description": "Evenings.",
        "start_date": "2027-01-11", "end_date": "2027-06-30", "location_id": location,
        "capacity": 20, "instructor_ids": [mara, tess], "primary_instructor_id": tess
    });
    let answer = who.post("/cohorts", &body).expect(201);
    let path = format!("/cohorts/{}", answer.text_at("/id"));
    let record = who.get(&path).expect(200);
    assert_eq!(record.json(), answer.json());
    assert_eq!(record.json()["instructor_ids"], json!([tess, mara]));
    assert_json_snapshot!(record.json(), {
        ".id" => "[id]", ".location_id" => "[id]", ".instructor_ids[]" => "[id]",
        ".primary_instructor_id" => "[id]", ".created_at" => "[time]", ".updated_at" => "[time]"
    });
    let moved = who
        .patch(&path, &json!({"primary_instructor_id": mara}))
        .expect(200);
    assert_eq!(moved.json()["instructor_ids"], json!([mara, tess]));
    let alone = who
        .patch(&path, &json!({"instructor_ids": [tess]}))
        .expect(200);
    assert_eq!(alone.text_at("/primary_instructor_id"), tess);
    let teacher = app.as_role(Role::Instructor).get(&path).expect(200);
    assert_eq!(teacher.json()["allowed_actions"], json!(["join"]));
}

#[test]
fn what_a_cohort_names_is_there_and_what_it_needs_stays() {
    let app = TestApp::start();
    let who = owner(&app);
    let nothing = "0190ffff-ffff-7fff-bfff-ffffffffffff";
    let mut body = new_cohort("S27");
    body["location_id"] = json!(nothing);
    body["instructor_ids"] = json!([nothing]);
    body["end_date"] = json!("2026-01-01");
    let wrong = who.post("/cohorts", &body).expect(422);
    assert_eq!(
        told(&wrong),
        [
            "/end_date before_start",
            "/location_id unknown_location",
            "/instructor_ids unknown_instructor"
        ]
    );
    let instructor = made(&who, "/instructors", &new_instructor("Volt"));
    let location = made(&who, "/locations", &new_location("Center"));
    let mut body = new_cohort("S27");
    body["location_id"] = json!(location);
    body["instructor_ids"] = json!([instructor]);
    let cohort = made(&who, "/cohorts", &body);
    let again = who.post("/cohorts", &new_cohort("s27")).expect(409);
    assert_eq!(again.text_at("/code"), "duplicate");
    for path in [
        format!("/locations/{location}"),
        format!("/instructors/{instructor}"),
    ] {
        let kept = who.delete(&path).expect(409);
        assert_eq!(kept.text_at("/code"), "in_use");
        assert!(kept.text_at("/detail").contains("S27"));
    }
    who.post(&format!("/cohorts/{cohort}/cancel"), &reason())
        .expect(200);
    who.delete(&format!("/locations/{location}")).expect(204);
    who.delete(&format!("/instructors/{instructor}"))
        .expect(204);
}

#[test]
fn of_many_who_join_at_once_as_many_come_in_as_there_are_seats() {
    let app = TestApp::start();
    let who = owner(&app);
    let students = students::<8>(&who);
    let mut body = new_cohort("S27");
    body["capacity"] = json!(3);
    let cohort = made(&who, "/cohorts", &body);
    let answers = at_once(students.len(), |index| {
        join(&owner(&app), &cohort, &students[index])
    });
    let mut statuses: Vec<_> = answers.iter().map(Answer::status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 200, 200, 409, 409, 409, 409, 409]);
    let refused = answers.iter().find(|answer| answer.status() == 409);
    assert_eq!(
        refused.map(|answer| answer.text_at("/code")),
        Some("no_seat".to_owned())
    );
    let found = who.get(&format!("/cohorts/{cohort}")).expect(200);
    assert_eq!(found.json()["students"], 3);
    let listed = who.get(&format!("/students?cohort_id={cohort}&include_total=true"));
    assert_eq!(listed.expect(200).json()["total"], 3);
    let fewer = who.patch(&format!("/cohorts/{cohort}"), &json!({"capacity": 2}));
    assert_eq!(told(&fewer.expect(422)), ["/capacity fewer_than_students"]);
}

#[test]
fn a_student_who_joins_two_cohorts_at_once_is_in_one() {
    let app = TestApp::start();
    let who = owner(&app);
    let [student] = students::<1>(&who);
    let cohorts = ["A", "B", "C", "D"].map(|code| made(&who, "/cohorts", &new_cohort(code)));
    let answers = at_once(cohorts.len(), |index| {
        join(&owner(&app), &cohorts[index], &student)
    });
    let mut statuses: Vec<_> = answers.iter().map(Answer::status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409, 409, 409]);
}

#[test]
fn a_student_who_changes_over_was_in_no_two_cohorts_on_a_day_between() {
    let app = TestApp::start();
    let who = owner(&app);
    let [student] = students::<1>(&who);
    let [first, second] = ["A", "B"].map(|code| made(&who, "/cohorts", &new_cohort(code)));
    let join = |cohort: &str, on: &str| {
        let body = json!({"student_id": student, "on": on});
        who.post(&format!("/cohorts/{cohort}/students"), &body)
    };
    // The application is of March 2.
    let early = join(&first, "2026-03-01").expect(422);
    assert_eq!(told(&early), ["/on before_application"]);
    join(&first, "2026-03-02").expect(200);
    let leave = format!("/cohorts/{first}/students/{student}/leave");
    who.post(&leave, &json!({"on": "2026-05-29"})).expect(200);
    let both = join(&second, "2026-05-28").expect(422);
    assert_eq!(told(&both), ["/on before_leaving"]);
    join(&second, "2026-05-29").expect(200);
}

#[test]
fn the_roll_keeps_who_came_and_who_left_and_all_leave_with_the_end() {
    let app = TestApp::start();
    let who = owner(&app);
    let [ada, eve, mia] = students::<3>(&who);
    let cohort = made(&who, "/cohorts", &new_cohort("S27"));
    let path = format!("/cohorts/{cohort}");
    for student in [&ada, &eve, &mia] {
        join(&app.as_role(Role::Instructor), &cohort, student).expect(200);
    }
    let kept = who.delete(&path).expect(409);
    assert_eq!(kept.text_at("/code"), "in_use");
    let leave = format!("{path}/students/{ada}/leave");
    let left = who
        .post(&leave, &json!({"reason": "Evenings suit better."}))
        .expect(200);
    assert_eq!(left.json()["students"], 2);
    who.post(&leave, &json!({})).expect(404);
    who.post(&format!("/students/{eve}/drop"), &reason())
        .expect(200);
    assert_eq!(who.get(&path).expect(200).json()["students"], 1);
    who.delete(&format!("/students/{mia}")).expect(409);
    for verb in ["open", "start", "complete"] {
        who.act(&format!("{path}/{verb}")).expect(200);
    }
    let illegal = who.act(&format!("{path}/start")).expect(409);
    assert_eq!(illegal.json()["allowed_actions"], json!([]));
    assert_eq!(who.get(&path).expect(200).json()["students"], 0);
    let over = join(&who, &cohort, &ada).expect(409);
    assert_eq!(over.text_at("/code"), "illegal_move");
    let roll = who
        .get(&format!("{path}/students?include_total=true"))
        .expect(200);
    assert_eq!(roll.json()["total"], 3);
    let today = app.today().to_string();
    assert_eq!(
        texts(&roll.json(), "left_on"),
        [today.as_str(), &today, &today]
    );
}
