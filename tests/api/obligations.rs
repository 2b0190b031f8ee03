//! Obligations over HTTP: out of a settlement, followed until they are met, and what is outstanding across grievances.

use insta::assert_json_snapshot;
use jiff::ToSpan;
use serde_json::json;
use unionhall_domain::{ids::Id, roles::Role};
use unionhall_testing::{TestApp, app::Identity};

use crate::fixtures::{
    Case, case, ids, made, meeting, owner, parts::new_obligation, reason, texts,
};

/// A grievance that was settled.
fn settled(app: &TestApp, who: &Identity<'_>, number: &str) -> Case {
    let records = case(who, number);
    let path = format!("/grievances/{}/steps", records.grievance);
    who.post(&path, &meeting(app, "settled")).expect(201);
    records
}

#[test]
fn what_was_agreed_is_followed_until_it_is_done_late_or_not() {
    let app = TestApp::start();
    let (officer, staff) = (owner(&app), app.as_role(Role::Staff));
    let grievance = settled(&app, &officer, "L-1").grievance;
    let path = format!("/grievances/{grievance}/obligations");
    let added = staff.post(&path, &new_obligation()).expect(201);
    let path = format!("{path}/{}", added.text_at("/id"));
    staff
        .patch(&path, &json!({"owed_to": "Ada Voltz"}))
        .expect(200);
    let breached = staff.post(&format!("{path}/breach"), &reason()).expect(200);
    assert_eq!(breached.text_at("/status"), "breached");
    staff.patch(&path, &json!({"owed_to": null})).expect(409);
    // To do without what was won is to decide.
    staff.post(&format!("{path}/waive"), &reason()).expect(403);
    let done = json!({"fulfilled_on": app.today().to_string(), "words": "Seen on the pay stub."});
    let done = staff.post(&format!("{path}/fulfill"), &done).expect(200);
    assert_eq!(done.json()["is_overdue"], json!(false));
    let reopened = officer.post(&format!("{path}/reopen"), &reason());
    assert_eq!(reopened.expect(200).text_at("/status"), "open");
    let waived = officer
        .post(&format!("{path}/waive"), &reason())
        .expect(200);
    assert_json_snapshot!("obligation", waived.json(), {
        ".id" => "[id]", ".grievance_id" => "[id]", ".status_on" => "[day]", ".created_at" => "[time]",
        ".updated_at" => "[time]"
    });
}

#[test]
fn a_settlement_that_is_taken_back_obliges_nobody_any_more() {
    let app = TestApp::start();
    let officer = owner(&app);
    let grievance = format!("/grievances/{}", settled(&app, &officer, "L-1").grievance);
    let path = format!("{grievance}/obligations");
    let (open, done) = (
        made(&officer, &path, &new_obligation()),
        made(&officer, &path, &new_obligation()),
    );
    officer
        .post(&format!("{path}/{done}/fulfill"), &json!({}))
        .expect(200);
    officer
        .post(&format!("{grievance}/close"), &reason())
        .expect(200);
    officer
        .post(&format!("{grievance}/reopen"), &reason())
        .expect(200);
    let found = |id: &str| officer.get(&format!("{path}/{id}")).expect(200).json();
    let released = found(&open);
    assert_eq!(released["status"], "waived");
    let words = released["status_words"].as_str().unwrap_or_default();
    assert!(words.starts_with("The grievance was reopened: "), "{words}");
    assert_eq!(found(&done)["status"], "fulfilled");
    let trail = format!("/audit-events/by-record/obligation/{open}");
    let events = officer.get(&trail).expect(200).json();
    assert!(
        texts(&events, "action").contains(&"moved".to_owned()),
        "{events}"
    );
    // There is nothing that it could be owed out of.
    let again = officer.post(&format!("{path}/{open}/reopen"), &reason());
    assert_eq!(again.expect(409).text_at("/code"), "illegal_move");
}

#[test]
fn what_is_outstanding_is_found_across_grievances_by_when_it_is_due() {
    let app = TestApp::start();
    let officer = owner(&app);
    let today = app.today();
    let oblige = |number: &str, due: i64| {
        let path = format!(
            "/grievances/{}/obligations",
            settled(&app, &officer, number).grievance
        );
        let mut body = new_obligation();
        body["due_on"] = json!((today + due.days()).to_string());
        (path.clone(), made(&officer, &path, &body))
    };
    let (_, later) = oblige("L-1", 10);
    let (path, late) = oblige("L-2", -1);
    let found = |query: &str| {
        ids(&officer
            .get(&format!("/obligations?{query}"))
            .expect(200)
            .json())
    };
    assert_eq!(found("outstanding=true"), [late.clone(), later.clone()]);
    assert_eq!(found("overdue=true"), std::slice::from_ref(&late));
    let case = path.split('/').nth(2).expect("the grievance of the path");
    assert_eq!(
        found(&format!("grievance_id={case}")),
        std::slice::from_ref(&late)
    );
    officer
        .post(&format!("{path}/{late}/fulfill"), &json!({}))
        .expect(200);
    assert_eq!(found("outstanding=true&owed_by=employer"), [later]);
    assert_eq!(found("status=fulfilled"), [late]);
    assert!(found("owed_by=union").is_empty());
}

#[test]
fn the_member_sees_what_is_owed_to_them_and_nobody_owes_before_a_settlement() {
    let app = TestApp::start();
    let officer = owner(&app);
    let unsettled = case(&officer, "L-1");
    let path = format!("/grievances/{}/obligations", unsettled.grievance);
    let refused = officer.post(&path, &new_obligation()).expect(409);
    assert_eq!(refused.text_at("/code"), "illegal_move");
    let case = settled(&app, &officer, "L-2");
    app.is_member(Id::parse(&case.member).expect("an id"));
    let own = format!("/grievances/{}/obligations", case.grievance);
    let id = made(&officer, &own, &new_obligation());
    let member = app.as_role(Role::Member);
    assert_eq!(
        ids(&member.get(&own).expect(200).json()),
        std::slice::from_ref(&id)
    );
    let seen = member.get(&format!("{own}/{id}")).expect(200).json();
    assert_eq!(seen["allowed_actions"], json!([]));
    member.get(&path).expect(404);
    member.get("/obligations").expect(403);
}
