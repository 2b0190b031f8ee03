//! Who sees which documents, and that their reading is on record.

use serde_json::json;
use unionhall_domain::roles::Role;

use super::{listed, sent, uploaded, with_case};
use crate::{
    benevolence::{rule, seat_role},
    fixtures::{made, new_member, owner},
};

#[test]
fn a_document_is_seen_by_whoever_may_see_its_record_and_by_nobody_else() {
    let (app, case) = with_case();
    let staff = app.as_role(Role::Staff);
    let of_case = uploaded(&staff, ("grievance", &case.grievance), "a.txt", b"a");
    let of_member = uploaded(&staff, ("member", &case.member), "b.txt", b"b");
    let of_employer = uploaded(&staff, ("organization", &case.employer), "c.txt", b"c");
    let path = |id: &str| format!("/documents/{id}/download");
    let member = app.as_role(Role::Member);
    for (id, readers) in [
        (&of_case, [200, 404]),
        (&of_member, [200, 200]),
        (&of_employer, [404, 200]),
    ] {
        member.get(&path(id)).expect(readers[0]);
        app.as_role(Role::Organizer)
            .get(&path(id))
            .expect(readers[1]);
        app.as_role(Role::Instructor).get(&path(id)).expect(403);
        app.in_trust(Role::Owner).get(&path(id)).expect(404);
        member.delete(&format!("/documents/{id}")).expect(403);
    }
    let other = made(&staff, "/members", &new_member("A-2"));
    let foreign = uploaded(&staff, ("member", &other), "d.txt", b"d");
    member.get(&path(&foreign)).expect(404);
    let query = format!("/documents?record_type=member&record_id={other}");
    member.get(&query).expect(404);
    let refused = sent(&member, ("member", &case.member), &[], ("e.txt", b"e"));
    refused.expect(403);
}

#[test]
fn papers_of_organizing_are_not_there_for_anybody_but_organizers() {
    let (app, case) = with_case();
    let of = ("member", case.member.as_str());
    let organizing = [("category", "salting")];
    let officer = app.as_role(Role::Officer);
    let card = sent(&officer, of, &organizing, ("card.txt", b"card")).expect(201);
    let id = card.text_at("/id");
    let path = format!("/documents/{id}");
    app.as_role(Role::Organizer).get(&path).expect(200);
    let staff = app.as_role(Role::Staff);
    for who in [&staff, &app.as_role(Role::Member)] {
        who.get(&path).expect(404);
        assert_eq!(listed(who, of, "")["items"], json!([]));
        assert_eq!(listed(who, of, "&category=salting")["items"], json!([]));
        let known = who
            .get("/documents/categories?record_type=member")
            .expect(200);
        assert!(!known.text().contains("salting"));
    }
    let refused = sent(&staff, of, &organizing, ("card.txt", b"card")).expect(422);
    assert!(!refused.text_at("/errors/0/detail").contains("salting"));
    // The same content is noticed without a word about it.
    let same = sent(&staff, of, &[], ("copy.txt", b"card")).expect(201);
    assert_eq!(same.json()["same_content"], json!([]));
    let same = sent(&officer, of, &[], ("copy.txt", b"card")).expect(201);
    assert_eq!(same.json()["same_content"].as_array().unwrap().len(), 2);
}

#[test]
fn where_names_are_held_back_a_reviewer_does_not_see_who_has_papers_of_the_fund() {
    let (app, case) = with_case();
    let of = ("member", case.member.as_str());
    let of_fund = [("category", "benevolence")];
    let (staff, officer) = (app.as_role(Role::Staff), app.as_role(Role::Officer));
    let letter = sent(&staff, of, &of_fund, ("letter.txt", b"rent")).expect(201);
    let path = format!("/documents/{}", letter.text_at("/id"));
    officer.get(&path).expect(200);
    rule(&app, &json!({"naming": "need_first"}));
    officer.get(&path).expect(200);
    seat_role(&app, Role::Officer, "vp");
    for rest in ["", "/versions", "/download", "/download-url"] {
        officer.get(&format!("{path}{rest}")).expect(404);
    }
    assert_eq!(listed(&officer, of, "")["items"], json!([]));
    let filtered = listed(&officer, of, "&category=benevolence");
    assert_eq!(filtered["items"], json!([]));
    sent(&officer, of, &of_fund, ("letter.txt", b"rent")).expect(422);
    let same = sent(&officer, of, &[], ("letter.txt", b"rent")).expect(201);
    assert_eq!(same.json()["same_content"], json!([]));
    for who in [&staff, &app.as_role(Role::Member)] {
        who.get(&path).expect(200);
    }
}

#[test]
fn each_reading_and_taking_of_a_document_is_on_record() {
    let (app, case) = with_case();
    let staff = app.as_role(Role::Staff);
    let id = uploaded(&staff, ("grievance", &case.grievance), "a.txt", b"a");
    for rest in ["", "/download", "/versions", "/download-url"] {
        staff.get(&format!("/documents/{id}{rest}")).expect(200);
    }
    let events = owner(&app)
        .get(&format!("/audit-events/by-record/document/{id}"))
        .expect(200);
    let events = events.json();
    let actions: Vec<_> = events["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["action"].clone())
        .collect();
    assert_eq!(
        actions.iter().filter(|action| **action == "read").count(),
        4,
        "{actions:?}"
    );
    assert_eq!(
        actions
            .iter()
            .filter(|action| **action == "created")
            .count(),
        1
    );
}
