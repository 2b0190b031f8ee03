//! A draft that a member writes for themselves: theirs alone, wherever somebody looks, until they hand it in.

use serde_json::json;
use unionhall_domain::roles::Role;
use unionhall_testing::{TestApp, app::Identity};

use super::{APPLICATIONS, asking, of};
use crate::{
    documents::uploaded,
    fixtures::{made, new_member, owner, someone, texts},
};

/// Every role of an office.
const OFFICE: [Role; 4] = [Role::Owner, Role::Admin, Role::Officer, Role::Staff];

/// A hall with a member who can sign in, and the member's id.
fn hall() -> (TestApp, String, String) {
    let app = TestApp::start();
    app.ignore_mail();
    let member = made(&owner(&app), "/members", &new_member("L-1"));
    let email = "applicant@local46.example";
    let user = someone(&app, &app.local, email, Role::Member);
    let link = json!({"member_id": member});
    let path = format!("/users/{user}/member");
    owner(&app).put(&path, &link).expect(200);
    let token = app.sign_in(email).text_at("/access_token");
    (app, member, token)
}

/// How often an application is told wherever somebody may look for it without its id.
fn told(who: &Identity<'_>, id: &str, number: &str) -> Vec<(String, usize)> {
    let mut told = Vec::new();
    let lists = [
        APPLICATIONS.to_owned(),
        format!("{APPLICATIONS}?status=draft"),
        format!("{APPLICATIONS}?q=surgery"),
        format!("{APPLICATIONS}?q={number}"),
        format!("{APPLICATIONS}/export"),
        format!("{APPLICATIONS}/export?q=surgery"),
        format!("{APPLICATIONS}/waiting"),
        "/search?q=surgery".to_owned(),
        "/search?q=surgrey".to_owned(),
        format!("/search?q={number}"),
        "/search?q=Voltz".to_owned(),
        "/audit-events?target=benevolence_application&limit=100".to_owned(),
        format!("/audit-events/by-record/benevolence_application/{id}"),
        "/audit-events/export?target=benevolence_application".to_owned(),
        "/audit-events?target=document&limit=100".to_owned(),
        "/audit-events/export?target=document".to_owned(),
    ];
    for path in lists {
        let answer = who.get(&path);
        if answer.status() != 403 {
            let answer = answer.expect(200);
            told.push((path, answer.text().matches(id).count()));
        }
    }
    told
}

/// Puts a paper to an application, and returns its id.
fn paper_of(applicant: &Identity<'_>, id: &str) -> String {
    let record = ("benevolence_application", id);
    uploaded(applicant, record, "bill.pdf", b"%PDF-1.7 a bill")
}

#[test]
fn a_member_who_has_nothing_but_a_draft_of_their_own_is_deleted_and_hands_nothing_in() {
    let (app, member, token) = hall();
    let applicant = app.with_token(&token);
    let id = made(&applicant, APPLICATIONS, &asking(&member, "600"));
    owner(&app)
        .delete(&format!("/members/{member}"))
        .expect(204);
    let refused = applicant.act(&of(&id, "/submit"));
    assert!(matches!(refused.status(), 404 | 422), "{}", refused.text());
}

#[test]
fn the_office_finds_a_members_own_draft_nowhere_and_does_nothing_with_it() {
    let (app, member, token) = hall();
    let applicant = app.with_token(&token);
    let id = made(&applicant, APPLICATIONS, &asking(&member, "600"));
    let paper = paper_of(&applicant, &id);
    let draft = applicant.get(&of(&id, "")).expect(200);
    let number = draft.text_at("/application_number");
    for role in OFFICE {
        let who = app.as_role(role);
        let papers = format!("/documents?record_type=benevolence_application&record_id={id}");
        who.get(&papers).expect(404);
        who.get(&format!("/documents/{paper}")).expect(404);
        who.get(&format!("/documents/{paper}/download")).expect(404);
        for part in ["", "/reviews", "/answers", "/payments", "/unmaskings"] {
            who.get(&of(&id, part)).expect(404);
        }
        let by_number = format!("{APPLICATIONS}/by-number/{number}");
        who.get(&by_number).expect(404);
        for (path, times) in told(&who, &id, &number) {
            assert_eq!(times, 0, "{role:?} is told by {path}");
        }
        let total = format!("{APPLICATIONS}?include_total=true");
        assert_eq!(who.get(&total).expect(200).json()["total"], 0);
        let total = format!("{APPLICATIONS}?q=surgery&include_total=true");
        assert_eq!(who.get(&total).expect(200).json()["total"], 0);
        who.patch(&of(&id, ""), &json!({"notes": "Seen."}))
            .expect(404);
        who.act(&of(&id, "/submit")).expect(404);
        who.act(&of(&id, "/begin-review")).expect(404);
        let why = json!({"reason": "No."});
        who.post(&of(&id, "/withdraw"), &why).expect(404);
    }
    owner(&app).delete(&of(&id, "")).expect(404);
    let mine = applicant.get(&format!("{APPLICATIONS}?q=surgery&include_total=true"));
    assert_eq!(texts(&mine.expect(200).json(), "id"), [id.as_str()]);
    let found = applicant.get("/search?q=surgery").expect(200);
    assert!(found.text().contains(&id), "{}", found.text());
    // Deleted, it is not restored by somebody who may not know it.
    applicant.delete(&of(&id, "")).expect(204);
    owner(&app).act(&of(&id, "/restore")).expect(404);
}

#[test]
fn what_a_member_has_handed_in_is_the_offices_too_with_all_that_is_on_record_of_it() {
    let (app, member, token) = hall();
    let applicant = app.with_token(&token);
    let id = made(&applicant, APPLICATIONS, &asking(&member, "600"));
    paper_of(&applicant, &id);
    applicant.act(&of(&id, "/submit")).expect(200);
    let staff = app.as_role(Role::Staff);
    let number = staff
        .get(&of(&id, ""))
        .expect(200)
        .text_at("/application_number");
    for (path, times) in told(&owner(&app), &id, &number) {
        let other = path.ends_with("status=draft");
        assert_eq!(times == 0, other, "{path}");
    }
    staff.act(&of(&id, "/begin-review")).expect(200);
}

#[test]
fn a_draft_that_the_office_writes_for_a_member_is_both_of_theirs() {
    let (app, member, token) = hall();
    let staff = app.as_role(Role::Staff);
    let id = made(&staff, APPLICATIONS, &asking(&member, "600"));
    let applicant = app.with_token(&token);
    for who in [&staff, &applicant, &owner(&app)] {
        who.get(&of(&id, "")).expect(200);
        let found = who.get("/search?q=surgrey").expect(200);
        assert!(found.text().contains(&id), "{}", found.text());
    }
    applicant.act(&of(&id, "/submit")).expect(200);
}
