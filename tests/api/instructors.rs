//! Instructors over HTTP: who teaches, and the one way to their tax ids.

use insta::assert_json_snapshot;
use serde_json::json;
use unionhall_domain::roles::Role;
use unionhall_testing::{TestApp, sql::Sql};

use crate::fixtures::{made, owner, school::new_instructor, texts};

#[test]
fn an_instructor_is_shown_with_every_field_but_most_of_the_tax_id() {
    let app = TestApp::start();
    let user = app.local.person(Role::Instructor).id.to_string();
    let body = json!({
        "first_name": "Mara", "last_name": "Volt", "email": "Mara@Volt.example",
        "phone": "206-555-0117", "bio": "Twenty years in the trade.", "certification": "OSHA 500",
        "specialties": "Conduit", "rate_type": "daily", "rate_amount": "625.5",
        "engagement": "contractor_1099", "user_id": user, "tax_id": "123-45-6789"
    });
    let answer = app
        .as_role(Role::Staff)
        .post("/instructors", &body)
        .expect(201);
    let path = format!("/instructors/{}", answer.text_at("/id"));
    let record = owner(&app).get(&path).expect(200);
    assert!(!record.text().contains("45-6789"));
    assert_json_snapshot!(record.json(), {
        ".id" => "[id]", ".user_id" => "[id]", ".created_at" => "[time]", ".updated_at" => "[time]"
    });
    let staff = app.as_role(Role::Staff).get(&path).expect(200);
    assert_eq!(staff.json()["allowed_actions"], json!(["update", "delete"]));
}

#[test]
fn a_tax_id_lies_sealed_in_the_database_and_each_look_at_it_is_in_the_trail() {
    let app = TestApp::start();
    let who = owner(&app);
    let id = made(&who, "/instructors", &new_instructor("Volt"));
    let path = format!("/instructors/{id}/tax-id");
    let shown = app.as_role(Role::Officer).get(&path).expect(200);
    assert_eq!(shown.json(), json!({"tax_id": "12-3456789"}));
    assert_eq!(shown.header("cache-control"), Some("no-store"));
    app.as_role(Role::Staff).get(&path).expect(403);
    let trail = who
        .get("/audit-events?action=unmasked&target=instructor")
        .expect(200);
    assert_eq!(trail.text_at("/items/0/target_id"), id);
    assert_eq!(trail.json()["items"].as_array().map(Vec::len), Some(1));
    let database = Sql::connect(&app.database().owner_url());
    for table in ["instructors", "audit_events", "idempotency_keys"] {
        let found = database.column(&format!(
            "select row_to_json(kept)::text from {table} as kept where row_to_json(kept)::text like '%3456789%' \
                or row_to_json(kept)::text like '%' || encode('3456789', 'hex') || '%'"
        ));
        assert!(found.is_empty(), "{table}: {found:?}");
    }
}

#[test]
fn a_tax_id_is_replaced_also_by_one_that_ends_alike_and_taken_away_by_null() {
    let app = TestApp::start();
    let who = owner(&app);
    let id = made(&who, "/instructors", &new_instructor("Volt"));
    let path = format!("/instructors/{id}");
    who.patch(&path, &json!({"tax_id": "98-7656789"}))
        .expect(200);
    let shown = who.get(&format!("{path}/tax-id")).expect(200);
    assert_eq!(shown.text_at("/tax_id"), "98-7656789");
    let cleared = who.patch(&path, &json!({"tax_id": null})).expect(200);
    assert_eq!(cleared.json()["tax_id"], json!(null));
    who.get(&format!("{path}/tax-id")).expect(404);
    let wrong = who.patch(&path, &json!({"tax_id": "12-34567890"}));
    let wrong = wrong.expect(422);
    assert_eq!(wrong.text_at("/errors/0/code"), "not_a_tax_id");
    assert!(!wrong.text().contains("34567890"));
}

#[test]
fn nobody_teaches_under_two_names() {
    let app = TestApp::start();
    let who = owner(&app);
    let first = made(&who, "/instructors", &new_instructor("Volt"));
    let again = who
        .post("/instructors", &new_instructor("Volt"))
        .expect(409);
    assert_eq!(again.text_at("/code"), "duplicate");
    let user = json!({"user_id": app.local.person(Role::Instructor).id.to_string()});
    who.patch(&format!("/instructors/{first}"), &user)
        .expect(200);
    let second = made(&who, "/instructors", &new_instructor("Watt"));
    let taken = who
        .patch(&format!("/instructors/{second}"), &user)
        .expect(409);
    assert_eq!(taken.text_at("/code"), "duplicate");
    who.delete(&format!("/instructors/{first}")).expect(204);
    who.patch(&format!("/instructors/{second}"), &user)
        .expect(200);
}

#[test]
fn instructors_are_listed_by_status_user_and_words() {
    let app = TestApp::start();
    let who = owner(&app);
    let volt = made(&who, "/instructors", &new_instructor("Volt"));
    let mut body = new_instructor("Ampère");
    body["email"] = json!("ampere@teach.example");
    body["status"] = json!("inactive");
    made(&who, "/instructors", &body);
    let user = app.local.person(Role::Instructor).id.to_string();
    let link = json!({"user_id": user});
    who.patch(&format!("/instructors/{volt}"), &link)
        .expect(200);
    let names = |query: &str| {
        let list = who.get(&format!("/instructors{query}")).expect(200);
        texts(&list.json(), "last_name")
    };
    assert_eq!(names(""), ["Ampère", "Volt"]);
    assert_eq!(names("?sort=-name"), ["Volt", "Ampère"]);
    assert_eq!(names("?status=active"), ["Volt"]);
    assert_eq!(names("?q=ampere"), ["Ampère"]);
    assert_eq!(names(&format!("?user_id={user}")), ["Volt"]);
}
