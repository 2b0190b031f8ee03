//! Students over HTTP: who is trained, where they stand, and how they came to stand there.

use insta::assert_json_snapshot;
use serde_json::{Value, json};
use unionhall_domain::{ids::Id, roles::Role};
use unionhall_testing::{TestApp, app::Identity};

use crate::{
    concurrency::at_once,
    fixtures::{
        made, new_member, owner,
        school::{new_sent, new_union},
        texts,
    },
};

fn union(who: &Identity<'_>) -> String {
    made(who, "/organizations", &new_union())
}

fn moved(who: &Identity<'_>, id: &str, verb: &str, body: &Value) -> unionhall_testing::app::Answer {
    who.post(&format!("/students/{id}/{verb}"), body)
}

#[test]
fn a_student_whom_another_union_sends_is_shown_with_every_field() {
    let app = TestApp::start();
    let union = union(&owner(&app));
    let body = json!({
        "union_id": union, "member_number": "77-1", "first_name": " Ada ", "last_name": "Ohm",
        "email": "Ada@Ohm.example", "phone": "206-555-0117", "application_date": "2026-03-02",
        "expected_completion_date": "2030-06-30", "former_number": "S000001",
        "emergency_contact_name": "Ira Ohm", "emergency_contact_phone": "206-555-0118",
        "emergency_contact_relationship": "Brother", "notes": "Evenings."
    });
    let teacher = app.as_role(Role::Instructor);
    let answer = teacher.post("/students", &body).expect(201);
    let path = format!("/students/{}", answer.text_at("/id"));
    let record = teacher.get(&path).expect(200);
    assert_eq!(record.json(), answer.json());
    assert_json_snapshot!(record.json(), {
        ".id" => "[id]", ".union_id" => "[id]", ".created_at" => "[time]", ".updated_at" => "[time]"
    });
    let number = answer.text_at("/student_number");
    let found = owner(&app).get(&format!("/students/by-number/{number}"));
    assert_eq!(found.expect(200).text_at("/id"), answer.text_at("/id"));
}

#[test]
fn a_member_is_one_student_and_is_called_what_the_roster_says() {
    let app = TestApp::start();
    let who = owner(&app);
    let member = made(&who, "/members", &new_member("M-1"));
    let body = json!({"member_id": member, "application_date": "2026-03-02"});
    let student = made(&who, "/students", &body);
    let again = who.post("/students", &body).expect(409);
    assert_eq!(again.text_at("/code"), "duplicate");
    let path = format!("/students/{student}");
    let renamed = who.patch(&path, &json!({"last_name": "Watt"})).expect(422);
    assert_eq!(renamed.text_at("/errors/0/code"), "kept_on_the_roster");
    let rename = json!({"last_name": "Watt"});
    who.patch(&format!("/members/{member}"), &rename)
        .expect(200);
    assert_eq!(who.get(&path).expect(200).text_at("/last_name"), "Watt");
    let kept = who.delete(&format!("/members/{member}")).expect(409);
    assert_eq!(kept.text_at("/code"), "in_use");
    who.delete(&path).expect(204);
    who.post("/students", &body).expect(409);
    who.delete(&format!("/members/{member}")).expect(204);
    let back = who.act(&format!("{path}/restore")).expect(409);
    assert_eq!(back.text_at("/code"), "in_use");
    who.act(&format!("/members/{member}/restore")).expect(200);
    who.act(&format!("{path}/restore")).expect(200);
}

#[test]
fn who_it_is_is_said_whole_and_only_once() {
    let app = TestApp::start();
    let who = owner(&app);
    let union = union(&who);
    let wrong = |body: Value| {
        let answer = who.post("/students", &body).expect(422);
        let errors = answer.json()["errors"].as_array().expect("errors").clone();
        let told =
            |error: &Value| format!("{} {}", error["pointer"], error["code"]).replace('"', "");
        errors.iter().map(told).collect::<Vec<_>>()
    };
    assert_eq!(
        wrong(json!({})),
        ["/member_id required", "/application_date required"]
    );
    assert_eq!(
        wrong(json!({"union_id": union, "application_date": "2026-03-02"})),
        [
            "/member_number required",
            "/first_name required",
            "/last_name required"
        ]
    );
    assert_eq!(
        wrong(
            json!({"member_id": union, "union_id": union, "email": "a@b.example", "application_date": "2026-03-02"})
        ),
        ["/union_id kept_on_the_roster", "/email kept_on_the_roster"]
    );
    let twice = new_sent(&union, "77-1");
    who.post("/students", &twice).expect(201);
    let again = who.post("/students", &twice).expect(409);
    assert_eq!(again.text_at("/code"), "duplicate");
}

#[test]
fn a_student_goes_from_application_to_completion_and_the_history_tells_how() {
    let app = TestApp::start();
    let who = owner(&app);
    let id = made(&who, "/students", &new_sent(&union(&who), "77-1"));
    let nothing = json!({});
    moved(&who, &id, "enroll", &json!({"on": "2026-03-09"})).expect(200);
    let unsaid = moved(&who, &id, "take-leave", &nothing).expect(422);
    assert_eq!(unsaid.text_at("/errors/0/pointer"), "/reason");
    let leave = json!({"reason": "A child was born.", "on": "2026-04-01"});
    moved(&who, &id, "take-leave", &leave).expect(200);
    let early = json!({"on": "2026-03-31"});
    let early = moved(&who, &id, "return", &early).expect(422);
    assert_eq!(early.text_at("/errors/0/code"), "before_last_move");
    moved(&who, &id, "return", &json!({"on": "2026-06-01"})).expect(200);
    let dismissed = json!({"reason": "Broke the rules of the shop.", "on": "2026-07-01"});
    moved(&app.as_role(Role::Staff), &id, "dismiss", &dismissed).expect(403);
    moved(&who, &id, "dismiss", &dismissed).expect(200);
    let illegal = moved(&who, &id, "complete", &nothing).expect(409);
    assert_eq!(illegal.json()["allowed_actions"], json!(["readmit"]));
    let back = json!({"reason": "The committee was persuaded.", "on": "2026-08-01"});
    moved(&who, &id, "readmit", &back).expect(200);
    let through = moved(&who, &id, "complete", &json!({"on": "2026-09-01"})).expect(200);
    assert_eq!(through.text_at("/enrollment_date"), "2026-03-09");
    assert_eq!(through.text_at("/actual_completion_date"), "2026-09-01");
    let history = who.get(&format!("/students/{id}/history")).expect(200);
    assert_json_snapshot!(history.json(), {
        ".items[].moved_by" => "[id]", ".items[].moved_at" => "[time]"
    });
}

#[test]
fn a_union_stays_while_it_sends_students_and_they_come_back_with_it() {
    let app = TestApp::start();
    let who = owner(&app);
    let union = union(&who);
    let student = made(&who, "/students", &new_sent(&union, "77-1"));
    let path = format!("/organizations/{union}");
    let kept = who.delete(&path).expect(409);
    assert_eq!(kept.text_at("/code"), "in_use");
    assert!(kept.text_at("/detail").contains("students (2026-0001)"));
    who.delete(&format!("/students/{student}")).expect(204);
    who.delete(&path).expect(204);
    let restore = format!("/students/{student}/restore");
    let gone = who.act(&restore).expect(409);
    assert_eq!(gone.text_at("/code"), "in_use");
    who.act(&format!("{path}/restore")).expect(200);
    who.act(&restore).expect(200);
}

#[test]
fn a_day_of_application_is_corrected_up_to_the_first_move() {
    let app = TestApp::start();
    let who = owner(&app);
    let mut body = new_sent(&union(&who), "77-1");
    body["application_date"] = json!("2026-06-01");
    let id = made(&who, "/students", &body);
    let correct = |day: &str| {
        let body = json!({"application_date": day});
        who.patch(&format!("/students/{id}"), &body)
    };
    let earlier = correct("2026-03-02").expect(200);
    assert_eq!(earlier.text_at("/status_since"), "2026-03-02");
    moved(&who, &id, "enroll", &json!({"on": "2026-03-09"})).expect(200);
    let later = correct("2026-03-10").expect(422);
    assert_eq!(later.text_at("/errors/0/code"), "after_first_move");
    let same_day = correct("2026-03-09").expect(200);
    assert_eq!(same_day.text_at("/status_since"), "2026-03-09");
}

#[test]
fn students_who_are_added_at_once_have_numbers_without_gaps() {
    let app = TestApp::start();
    let union = union(&owner(&app));
    let answers = at_once(8, |index| {
        owner(&app).post("/students", &new_sent(&union, &format!("77-{index}")))
    });
    let mut numbers: Vec<_> = answers
        .into_iter()
        .map(|answer| answer.expect(201).text_at("/student_number"))
        .collect();
    numbers.sort();
    let expected: Vec<_> = (1..=8).map(|place| format!("2026-{place:04}")).collect();
    assert_eq!(numbers, expected);
}

#[test]
fn of_those_who_add_the_same_person_at_once_one_succeeds() {
    let app = TestApp::start();
    let union = union(&owner(&app));
    let answers = at_once(6, |_| {
        owner(&app).post("/students", &new_sent(&union, "77-1"))
    });
    let mut statuses: Vec<_> = answers
        .iter()
        .map(unionhall_testing::app::Answer::status)
        .collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409, 409, 409, 409, 409]);
}

#[test]
fn students_are_listed_by_status_union_and_words() {
    let app = TestApp::start();
    let who = owner(&app);
    let union = union(&who);
    let mut body = new_sent(&union, "77-1");
    body["last_name"] = json!("Ångström");
    let first = made(&who, "/students", &body);
    body = new_sent(&union, "88-5");
    body["last_name"] = json!("Volt");
    made(&who, "/students", &body);
    moved(&who, &first, "enroll", &json!({})).expect(200);
    let names = |query: &str| {
        let list = who.get(&format!("/students{query}")).expect(200);
        texts(&list.json(), "last_name")
    };
    assert_eq!(names(""), ["Ångström", "Volt"]);
    assert_eq!(names("?status=enrolled"), ["Ångström"]);
    assert_eq!(names("?q=angstrom"), ["Ångström"]);
    assert_eq!(names("?q=88-5"), ["Volt"]);
    assert_eq!(
        names(&format!("?union_id={union}&sort=-name")),
        ["Volt", "Ångström"]
    );
}

#[test]
fn a_member_sees_their_own_training_and_not_what_the_school_notes_for_itself() {
    let app = TestApp::start();
    let who = owner(&app);
    let member = made(&who, "/members", &new_member("M-1"));
    app.is_member(Id::parse(&member).expect("an id"));
    app.as_role(Role::Member).get("/me/student").expect(404);
    let body = json!({"member_id": member, "application_date": "2026-03-02", "notes": "Slow."});
    made(&who, "/students", &body);
    let own = app.as_role(Role::Member).get("/me/student").expect(200);
    assert!(!own.text().contains("Slow."));
    assert_json_snapshot!(own.json());
    who.get("/me/student").expect(403);
}
