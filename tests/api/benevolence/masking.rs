//! Need before name: what a reviewer sees nowhere before they have decided, and what is on record of looking.

use serde_json::{Value, json};
use unionhall_domain::roles::Role;
use unionhall_testing::{TestApp, app::Identity};

use super::{APPLICATIONS, approve, asking, decide, deposit, of, rule, seat_role};
use crate::fixtures::{made, new_member, owner, someone};

/// A hall that shows the need before the name, and an application that its member handed in; with the ids of both and
/// of the member's user.
fn hall() -> (TestApp, String, String, String) {
    let app = TestApp::start();
    app.ignore_mail();
    deposit(&owner(&app), "1000.00");
    rule(&app, &json!({"naming": "need_first"}));
    seat_role(&app, Role::Officer, "vp");
    seat_role(&app, Role::Admin, "admin");
    let member = made(&owner(&app), "/members", &new_member("L-1"));
    let email = "applicant@local46.example";
    let user = someone(&app, &app.local, email, Role::Member);
    let link = json!({"member_id": member});
    owner(&app)
        .put(&format!("/users/{user}/member"), &link)
        .expect(200);
    let token = app.sign_in(email).text_at("/access_token");
    let applicant = app.with_token(&token);
    let id = made(&applicant, APPLICATIONS, &asking(&member, "600"));
    applicant.act(&of(&id, "/submit")).expect(200);
    let noted = json!({"notes": "Ada Voltz called on Friday."});
    let staff = app.as_role(Role::Staff);
    staff.patch(&of(&id, ""), &noted).expect(200);
    staff.act(&of(&id, "/begin-review")).expect(200);
    decide(&app.as_role(Role::Officer), &id, "vp", "needs_info").expect(201);
    let answer = json!({"answer": "The rent is 600."});
    applicant.post(&of(&id, "/answers"), &answer).expect(201);
    (app, id, member, user)
}

/// Everything that somebody can read of applications, and of what is on record about them.
fn read(who: &Identity<'_>, id: &str) -> Vec<(String, Value)> {
    let number = who
        .get(&of(id, ""))
        .expect(200)
        .text_at("/application_number");
    [
        of(id, ""),
        format!("{APPLICATIONS}/by-number/{number}"),
        APPLICATIONS.to_owned(),
        format!("{APPLICATIONS}?q=surgery"),
        format!("{APPLICATIONS}/waiting-for-me"),
        format!("{APPLICATIONS}/waiting"),
        format!("{APPLICATIONS}/statistics"),
        of(id, "/answers"),
        of(id, "/reviews"),
        of(id, "/payments"),
        of(id, "/unmaskings"),
        "/audit-events?limit=100&target=benevolence_application".to_owned(),
        format!("/audit-events/by-record/benevolence_application/{id}"),
    ]
    .into_iter()
    .map(|path| {
        let body = who.get(&path).expect(200).json();
        (path, body)
    })
    .collect()
}

fn names(text: &str, whose: &[&str]) -> bool {
    whose.iter().any(|name| text.contains(name))
}

#[test]
fn a_reviewer_reads_whose_it_is_nowhere_before_they_have_decided() {
    let (app, id, member, user) = hall();
    let whose = [member.as_str(), user.as_str(), "Voltz", "applicant@"];
    let officer = app.as_role(Role::Officer);
    for (path, body) in read(&officer, &id) {
        assert!(!names(&body.to_string(), &whose), "{path} tells: {body}");
    }
    let found = officer.get(&of(&id, "")).expect(200).json();
    assert_eq!(found["name_held_back"], true);
    assert_eq!(found["description"], "Surgery in May, and no work since.");
    for path in [
        format!("{APPLICATIONS}?member_id={member}"),
        format!("{APPLICATIONS}?member_id={member}&include_total=true&limit=1"),
    ] {
        officer.get(&path).expect(422);
    }
    let file = officer.get(&format!("{APPLICATIONS}/export")).expect(200);
    assert!(file.text().contains("Surgery") && !names(file.text(), &whose));
    officer
        .get(&format!("{APPLICATIONS}/export?member_id={member}"))
        .expect(422);
    let paid = officer.get("/benevolence-fund/payments").expect(200);
    assert!(!names(paid.text(), &whose));
    let file = officer
        .get("/audit-events/export?target=benevolence_application")
        .expect(200);
    assert!(!names(file.text(), &whose));
    for words in ["Voltz", "Ada"] {
        let path = format!("{APPLICATIONS}?q={words}&include_total=true");
        assert_eq!(officer.get(&path).expect(200).json()["total"], 0);
    }
    let by_actor =
        format!("/audit-events?actor={user}&target=benevolence_application&include_total=true");
    assert_eq!(officer.get(&by_actor).expect(200).json()["total"], 0);
    // The answer to their own move tells no more than the record does.
    let admin = app.as_role(Role::Admin);
    let barred = approve(&admin, &id, "admin", "600").expect(409);
    assert!(!names(barred.text(), &whose));
    admin.get(&of(&id, "/free-reviewers")).expect(403);
    // Who has no seat sees everything.
    let staff = app.as_role(Role::Staff).get(&of(&id, "")).expect(200);
    assert_eq!(staff.text_at("/member_id"), member);
    let trail = owner(&app).get(&by_actor).expect(200).json();
    assert!(trail["total"].as_u64() > Some(0));
}

#[test]
fn who_has_decided_sees_whose_it_is_and_who_asked_a_question_does_not() {
    let (app, id, member, user) = hall();
    let officer = app.as_role(Role::Officer);
    let decided = approve(&officer, &id, "vp", "600").expect(201);
    assert_eq!(decided.text_at("/member_id"), member);
    assert_eq!(decided.text_at("/notes"), "Ada Voltz called on Friday.");
    let trail = format!("/audit-events/by-record/benevolence_application/{id}");
    assert!(names(officer.get(&trail).expect(200).text(), &[&user]));
    let admin = app.as_role(Role::Admin);
    assert_eq!(
        admin.get(&of(&id, "")).expect(200).json()["member_id"],
        json!(null)
    );
    assert!(!names(admin.get(&trail).expect(200).text(), &[&user]));
    approve(&admin, &id, "admin", "600").expect(201);
    assert!(names(admin.get(&trail).expect(200).text(), &[&user]));
}

#[test]
fn an_unmasking_is_on_record_and_the_applicant_sees_who_looked_and_why() {
    let (app, id, member, _) = hall();
    let officer = app.as_role(Role::Officer);
    let why = json!({"reason": "I may know the family."});
    let path = of(&id, "/unmaskings");
    let shown = officer.post(&path, &why).expect(200);
    assert_eq!(shown.text_at("/member_id"), member);
    // A second one shows nothing new, and leaves no record.
    officer.post(&path, &why).expect(200);
    assert_eq!(
        officer.get(&of(&id, "")).expect(200).text_at("/member_id"),
        member
    );
    let token = app
        .sign_in("applicant@local46.example")
        .text_at("/access_token");
    let seen = app.with_token(&token).get(&path).expect(200).json();
    let officer_id = app.local.person(Role::Officer).id.to_string();
    assert_eq!(seen["items"][0]["user_id"], officer_id);
    assert_eq!(seen["items"][0]["reason"], why["reason"]);
    assert_eq!(seen["items"].as_array().map(Vec::len), Some(1));
    let trail = "/audit-events?action=unmasked&include_total=true";
    let trail = owner(&app).get(trail).expect(200).json();
    assert_eq!(trail["total"], 1);
    assert_eq!(trail["items"][0]["actor_id"], officer_id);
    assert_eq!(trail["items"][0]["target_id"], id);
    let admin = app.as_role(Role::Admin).get(&of(&id, "")).expect(200);
    assert_eq!(
        admin.json()["name_held_back"],
        true,
        "for whom it was unmasked alone"
    );
}

#[test]
fn a_conflict_of_interest_is_refused_without_saying_which() {
    let (app, id, member, _) = hall();
    let officer = app.local.person(Role::Officer).id.to_string();
    let body = json!({"member_id": member, "user_id": officer, "kinship": "spouse"});
    owner(&app)
        .post("/benevolence-fund/relations", &body)
        .expect(201);
    let refused = approve(&app.as_role(Role::Officer), &id, "vp", "600").expect(403);
    assert_eq!(refused.code(), "barred");
    assert!(
        !names(refused.text(), &["spouse", "related"]),
        "{refused:#?}"
    );
}

#[test]
fn a_rehearsal_leaves_nothing_but_its_reading_on_record_and_shows_no_name() {
    let (app, id, member, user) = hall();
    let whose = [member.as_str(), &user, "Voltz"];
    let officer = app.as_role(Role::Officer);
    let why = json!({"reason": "I may know the family."});
    let approval = json!({"review_level": "vp", "decision": "approved", "amount": "600"});
    for (part, body, status) in [
        ("/unmaskings", &why, 200),
        ("/reviews", &approval, 201),
        ("/withdraw", &why, 200),
    ] {
        let path = format!("{}?dry_run=true", of(&id, part));
        let shown = officer.post(&path, body).expect(status);
        assert!(!names(shown.text(), &whose), "{part}: {}", shown.text());
    }
    let trail = format!("/audit-events/by-record/benevolence_application/{id}");
    assert!(!names(officer.get(&trail).expect(200).text(), &whose));
}
