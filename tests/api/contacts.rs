//! Contacts over HTTP: the people at organizations, of whom one is asked first.

use insta::assert_json_snapshot;
use serde_json::{Value, json};
use unionhall_domain::roles::Role;
use unionhall_testing::{
    TestApp,
    app::{Answer, Identity},
    sql::Sql,
};

use crate::{
    concurrency::at_once,
    fixtures::{made, new_contact, new_employer, owner, texts},
};

const CONTACTS: &str = "/organization-contacts";

fn employer(who: &Identity<'_>, name: &str) -> String {
    made(who, "/organizations", &new_employer(name))
}

/// A contact with this given name; returns the id.
fn contact(who: &Identity<'_>, organization: &str, first_name: &str) -> String {
    let mut body = new_contact(organization);
    body["first_name"] = json!(first_name);
    made(who, CONTACTS, &body)
}

/// The given names of an organization's primary contacts, of which there should be one.
fn primaries(who: &Identity<'_>, organization: &str) -> Vec<String> {
    let path = format!("{CONTACTS}?organization_id={organization}&is_primary=true");
    texts(&who.get(&path).expect(200).json(), "first_name")
}

fn make_primary(who: &Identity<'_>, id: &str) -> Answer {
    let body = json!({"is_primary": true});
    who.patch(&format!("{CONTACTS}/{id}"), &body)
}

#[test]
fn a_contact_is_shown_with_every_field_and_with_what_may_be_done() {
    let app = TestApp::start();
    let employer = employer(&owner(&app), "Puget Electric");
    let body = json!({
        "organization_id": employer, "first_name": " Ira ", "last_name": "Ohm", "title": "Superintendent",
        "phone": "206-555-0117", "email": "Ira@Puget.example", "notes": "Mornings.\r\nNot on Fridays."
    });
    let answer = app.as_role(Role::Staff).post(CONTACTS, &body).expect(201);
    let path = format!("{CONTACTS}/{}", answer.text_at("/id"));
    assert_eq!(
        answer.header("location"),
        Some(format!("/api/v1{path}").as_str())
    );
    let record = owner(&app).get(&path).expect(200);
    assert_eq!(record.json(), answer.json());
    assert_json_snapshot!(record.json(), {
        ".id" => "[id]", ".organization_id" => "[id]", ".created_at" => "[time]", ".updated_at" => "[time]"
    });
    let organizer = app.as_role(Role::Organizer).get(&path).expect(200);
    assert_eq!(organizer.json()["allowed_actions"], json!([]));
}

#[test]
fn one_contact_is_primary_through_all_that_happens_to_contacts() {
    let app = TestApp::start();
    let who = owner(&app);
    let employer = employer(&who, "Puget Electric");
    let [ira, may] = ["Ira", "May"].map(|name| contact(&who, &employer, name));
    assert_eq!(primaries(&who, &employer), ["Ira"]);
    make_primary(&who, &may).expect(200);
    assert_eq!(primaries(&who, &employer), ["May"]);
    let stepping_down = json!({"is_primary": false});
    let answer = who.patch(&format!("{CONTACTS}/{may}"), &stepping_down);
    assert_eq!(
        answer.expect(422).text_at("/errors/0/code"),
        "still_primary"
    );
    who.delete(&format!("{CONTACTS}/{may}")).expect(204);
    assert_eq!(primaries(&who, &employer), ["Ira"]);
    let back = who.act(&format!("{CONTACTS}/{may}/restore")).expect(200);
    assert_eq!(back.json()["is_primary"], false);
    for id in [&ira, &may] {
        who.delete(&format!("{CONTACTS}/{id}")).expect(204);
    }
    assert_eq!(primaries(&who, &employer), [""; 0]);
    let back = who.act(&format!("{CONTACTS}/{may}/restore")).expect(200);
    assert_eq!(back.json()["is_primary"], true);
    who.act(&format!("{CONTACTS}/{ira}/restore")).expect(200);
    assert_eq!(primaries(&who, &employer), ["May"]);
}

#[test]
fn what_happens_at_once_leaves_exactly_one_primary_contact() {
    let app = TestApp::start();
    let who = owner(&app);
    let database = Sql::connect(&app.database().owner_url());
    let employer = employer(&who, "Puget Electric");
    // All are the first.
    let first = at_once(6, |_| owner(&app).post(CONTACTS, &new_contact(&employer)));
    let ids: Vec<_> = first
        .into_iter()
        .map(|answer| answer.expect(201).text_at("/id"))
        .collect();
    assert_eq!(primaries(&who, &employer).len(), 1);
    for round in 0..6 {
        let answers = at_once(ids.len(), |index| {
            let id = &ids[index];
            match (index + round) % 3 {
                0 => owner(&app).delete(&format!("{CONTACTS}/{id}")),
                1 => make_primary(&owner(&app), id),
                _ => owner(&app).act(&format!("{CONTACTS}/{id}/restore")),
            }
        });
        for answer in answers {
            assert!(
                matches!(answer.status(), 200 | 204 | 404 | 409),
                "{answer:#?}"
            );
        }
        let wrong = database.number(
            "select count(*) from (select count(*) as there, count(*) filter (where is_primary) as first \
             from contacts where deleted_at is null group by organization_id) c where c.first <> 1",
        );
        assert_eq!(wrong, 0, "round {round}");
    }
}

#[test]
fn contacts_are_found_by_organization_rank_and_words() {
    let app = TestApp::start();
    let who = owner(&app);
    let [puget, free] = ["Puget Electric", "Free Electric"].map(|name| employer(&who, name));
    for (organization, name) in [(&puget, "Ira"), (&puget, "Núria"), (&free, "May")] {
        contact(&who, organization, name);
    }
    let found = |query: &str| {
        let path = format!("{CONTACTS}?{query}");
        texts(&who.get(&path).expect(200).json(), "first_name")
    };
    assert_eq!(found("sort=created_at"), ["Ira", "Núria", "May"]);
    assert_eq!(found(&format!("organization_id={puget}")), ["Ira", "Núria"]);
    assert_eq!(found("is_primary=false"), ["Núria"]);
    assert_eq!(found("q=nuria%20ohm"), ["Núria"]);
    who.get(&format!("{CONTACTS}?is_primary=maybe")).expect(400);
}

#[test]
fn an_organization_with_contacts_is_not_deleted_and_a_contact_returns_to_none_that_is() {
    let app = TestApp::start();
    let who = owner(&app);
    let employer = employer(&who, "Puget Electric");
    let ira = contact(&who, &employer, "Ira");
    let path = format!("/organizations/{employer}");
    let refused = who.delete(&path).expect(409);
    assert_eq!(refused.code(), "in_use");
    assert!(
        refused.text_at("/detail").contains("contacts (Ira Ohm)"),
        "{refused:#?}"
    );
    who.delete(&format!("{CONTACTS}/{ira}")).expect(204);
    who.delete(&path).expect(204);
    let restore = format!("{CONTACTS}/{ira}/restore");
    let refused = who.act(&restore).expect(422);
    assert_eq!(
        refused.text_at("/errors/0/code"),
        "unknown_organization",
        "{refused:#?}"
    );
    who.act(&format!("{path}/restore")).expect(200);
    who.act(&restore).expect(200);
}

#[test]
fn an_organization_is_not_deleted_while_a_contact_is_added_to_it() {
    let app = TestApp::start();
    for round in 0..5 {
        let employer = employer(&owner(&app), &format!("Puget {round}"));
        let answers = at_once(2, |index| {
            if index == 0 {
                owner(&app).post(CONTACTS, &new_contact(&employer))
            } else {
                owner(&app).delete(&format!("/organizations/{employer}"))
            }
        });
        let statuses: Vec<_> = answers.iter().map(Answer::status).collect();
        assert!(matches!(*statuses, [201, 409] | [422, 204]), "{answers:#?}");
    }
}

#[test]
fn a_contact_that_moves_up_and_the_one_that_gives_way_are_both_on_record() {
    let app = TestApp::start();
    let who = owner(&app);
    let employer = employer(&who, "Puget Electric");
    let [ira, may] = ["Ira", "May"].map(|name| contact(&who, &employer, name));
    make_primary(&who, &may).expect(200);
    let newest = |id: &str| {
        let path = format!("/audit-events/by-record/contact/{id}");
        let events = who.get(&path).expect(200).json();
        let is_change = |event: &&Value| event["action"] == "updated";
        let mut changes = events["items"].as_array().into_iter().flatten();
        changes.find(is_change).cloned().unwrap_or_default()
    };
    for (id, before, after) in [(&ira, "true", "false"), (&may, "false", "true")] {
        let expected = json!([{"field": "is_primary", "before": before, "after": after}]);
        assert_eq!(newest(id)["changes"], expected);
    }
}
