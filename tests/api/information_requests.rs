//! Requests for information over HTTP: asked, answered in parts, refused, followed up, and overdue across grievances.

use insta::assert_json_snapshot;
use jiff::ToSpan;
use serde_json::{Value, json};
use unionhall_domain::roles::Role;
use unionhall_testing::TestApp;

use crate::fixtures::{case, ids, made, owner, parts::new_request, reason};

/// What was said of one item.
fn said(item: i64, action: &str, text: &str) -> Value {
    json!({"item": item, "action": action, "text": text})
}

#[test]
fn a_request_is_answered_item_by_item_with_the_ground_of_each_refusal() {
    let app = TestApp::start();
    let staff = app.as_role(Role::Staff);
    let path = format!(
        "/grievances/{}/information-requests",
        case(&staff, "L-1").grievance
    );
    let asked = staff.post(&path, &new_request()).expect(201);
    assert_eq!(asked.text_at("/status"), "asked");
    let path = format!("{path}/{}", asked.text_at("/id"));
    let answer = |items: Value| staff.post(&format!("{path}/answers"), &json!({"items": items}));
    let partly = answer(json!([said(1, "answer_in_part", "Pages 1 and 2.")])).expect(200);
    assert_eq!(partly.text_at("/status"), "partly_answered");
    let items = json!([
        said(1, "answer", "Page 3."),
        said(2, "refuse", "Said to be confidential.")
    ]);
    let refused = answer(items).expect(200);
    assert_eq!(refused.text_at("/status"), "refused");
    let again = json!({"text": "Confidential or not, it is relevant.", "due_on": "2099-01-01"});
    let again = staff
        .post(&format!("{path}/follow-ups"), &again)
        .expect(200);
    assert_eq!(again.text_at("/due_on"), "2099-01-01");
    assert_eq!(again.text_at("/status"), "partly_answered");
    answer(json!([said(2, "answer", "A copy after all.")])).expect(200);
    let wrong = answer(json!([
        said(2, "refuse", "No."),
        said(3, "answer", "What?")
    ]))
    .expect(422);
    assert_eq!(wrong.text_at("/errors/0/pointer"), "/items/0/action");
    assert_eq!(wrong.text_at("/errors/1/pointer"), "/items/1/item");
    staff
        .post(&format!("{path}/withdraw"), &reason())
        .expect(409);
    let record = staff.get(&path).expect(200).json();
    assert_json_snapshot!("information_request", record, {
        ".id" => "[id]", ".grievance_id" => "[id]", ".asked_by" => "[id]", ".created_at" => "[time]",
        ".updated_at" => "[time]", ".entries[].id" => "[id]", ".entries[].recorded_by" => "[id]",
        ".entries[].recorded_at" => "[time]", ".entries[].happened_on" => "[day]"
    });
}

#[test]
fn what_is_overdue_is_found_across_grievances_until_it_is_answered() {
    let app = TestApp::start();
    let staff = app.as_role(Role::Staff);
    let today = app.today();
    let ask = |number: &str, due: i64| {
        let records = case(&staff, number);
        let path = format!("/grievances/{}/information-requests", records.grievance);
        let mut body = new_request();
        body["due_on"] = json!((today + due.days()).to_string());
        (records, path.clone(), made(&staff, &path, &body))
    };
    let (late, path, id) = ask("L-1", -2);
    let (_, _, today_due) = ask("L-2", 0);
    let overdue = || {
        let found = staff.get("/information-requests?overdue=true&include_total=true");
        ids(&found.expect(200).json())
    };
    assert_eq!(overdue(), std::slice::from_ref(&id));
    let all = staff.get("/information-requests").expect(200).json();
    assert_eq!(ids(&all), [id.clone(), today_due]);
    let of_employer = format!("/information-requests?employer_id={}", late.employer);
    let found = staff.get(&of_employer).expect(200).json();
    assert_eq!(ids(&found), std::slice::from_ref(&id));
    let of_case = format!("/information-requests?grievance_id={}", late.grievance);
    let found = staff.get(&of_case).expect(200).json();
    assert_eq!(ids(&found), std::slice::from_ref(&id));
    let answers = json!({"items": [said(1, "answer", "A copy."), said(2, "answer", "A copy.")]});
    let path = format!("{path}/{id}/answers");
    staff.post(&path, &answers).expect(200);
    assert!(overdue().is_empty());
}

#[test]
fn what_was_refused_and_asked_for_again_is_overdue_when_nothing_comes() {
    let app = TestApp::start();
    let staff = app.as_role(Role::Staff);
    let grievance = case(&staff, "L-1").grievance;
    let path = format!("/grievances/{grievance}/information-requests");
    let id = made(&staff, &path, &new_request());
    let refused = json!({"items": [said(1, "refuse", "No."), said(2, "refuse", "No.")]});
    staff
        .post(&format!("{path}/{id}/answers"), &refused)
        .expect(200);
    let overdue = || {
        let found = staff.get("/information-requests?overdue=true");
        ids(&found.expect(200).json())
    };
    assert!(overdue().is_empty());
    let again =
        json!({"text": "It is relevant.", "followed_up_on": "2026-01-20", "due_on": "2026-01-27"});
    let again = staff.post(&format!("{path}/{id}/follow-ups"), &again);
    let again = again.expect(200).json();
    assert_eq!(
        (&again["status"], &again["is_overdue"]),
        (&json!("asked"), &json!(true))
    );
    assert_eq!(overdue(), [id]);
}

#[test]
fn a_request_that_is_full_says_so_and_can_still_be_withdrawn() {
    let app = TestApp::start();
    let staff = app.as_role(Role::Staff);
    let grievance = case(&staff, "L-1").grievance;
    let path = format!("/grievances/{grievance}/information-requests");
    let mut body = new_request();
    let items = |count| 1..=count;
    body["items"] = items(50).map(|_| json!({"wanted": "A list."})).collect();
    let path = format!("{path}/{}", made(&staff, &path, &body));
    let answer = |count: i64| {
        let items: Value = items(count)
            .map(|item| said(item, "answer_in_part", "A page."))
            .collect();
        staff.post(&format!("{path}/answers"), &json!({"items": items}))
    };
    for _ in 0..9 {
        answer(50).expect(200);
    }
    answer(49).expect(200);
    let full = answer(1).expect(422);
    assert_eq!(full.text_at("/errors/0/code"), "too_many");
    let again = json!({"text": "Where is it?"});
    staff
        .post(&format!("{path}/follow-ups"), &again)
        .expect(422);
    let withdrawn = staff.post(&format!("{path}/withdraw"), &reason());
    assert_eq!(withdrawn.expect(200).text_at("/status"), "withdrawn");
}

#[test]
fn requests_of_a_deleted_grievance_wait_for_nobody() {
    let app = TestApp::start();
    let officer = owner(&app);
    let grievance = format!("/grievances/{}", case(&officer, "L-1").grievance);
    made(
        &officer,
        &format!("{grievance}/information-requests"),
        &new_request(),
    );
    officer.delete(&grievance).expect(204);
    let all = officer.get("/information-requests").expect(200).json();
    assert_eq!(all["items"], json!([]));
    officer
        .get(&format!("{grievance}/information-requests"))
        .expect(404);
}

#[test]
fn every_wrong_field_of_a_request_is_named() {
    let app = TestApp::start();
    let staff = app.as_role(Role::Staff);
    let path = format!(
        "/grievances/{}/information-requests",
        case(&staff, "L-1").grievance
    );
    let body = json!({"subject": " ", "asked_on": "x", "items": [{"wanted": ""}, {"wish": 1}]});
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
            "/subject",
            "/asked_on",
            "/due_on",
            "/items/0/wanted",
            "/items/1/wish",
            "/items/1/wanted"
        ]
    );
    let early = json!({
        "subject": "Lists", "asked_on": "2026-01-05", "due_on": "2026-01-04",
        "items": [{"wanted": "The list."}]
    });
    let wrong = staff.post(&path, &early).expect(422);
    assert_eq!(wrong.text_at("/errors/0/code"), "before_asking");
}
