//! Locations over HTTP: where people are taught.

use insta::assert_json_snapshot;
use serde_json::json;
use unionhall_domain::roles::Role;
use unionhall_testing::TestApp;

use crate::fixtures::{made, owner, school::new_location, texts};

#[test]
fn a_location_is_shown_with_every_field_and_with_what_may_be_done() {
    let app = TestApp::start();
    let body = json!({
        "name": " Training Center South ", "code": "TC-S", "location_type": "school",
        "address_line1": "1 Hall Way", "address_line2": "Suite 2", "city": "Renton", "state": "WA",
        "postal_code": "98055", "capacity": 24, "square_feet": 3200, "contact_name": "Ira Ohm",
        "contact_phone": "206-555-0117", "contact_email": "Ira@Hall.example", "notes": "Ring twice."
    });
    let answer = app
        .as_role(Role::Staff)
        .post("/locations", &body)
        .expect(201);
    let path = format!("/locations/{}", answer.text_at("/id"));
    let record = owner(&app).get(&path).expect(200);
    assert_eq!(record.json(), answer.json());
    assert_json_snapshot!(record.json(), {
        ".id" => "[id]", ".created_at" => "[time]", ".updated_at" => "[time]"
    });
    let teacher = app.as_role(Role::Instructor).get(&path).expect(200);
    assert_eq!(teacher.json()["allowed_actions"], json!([]));
}

#[test]
fn every_wrong_field_is_told_at_once() {
    let app = TestApp::start();
    let body = json!({"location_type": "barn", "capacity": 0, "square_feet": "large", "room": "2"});
    let answer = owner(&app).post("/locations", &body).expect(422);
    let errors = answer.json()["errors"].clone();
    let told: Vec<_> = errors
        .as_array()
        .expect("a list")
        .iter()
        .map(|error| (error["pointer"].clone(), error["code"].clone()))
        .collect();
    assert_eq!(
        told,
        [
            (json!("/room"), json!("unknown_field")),
            (json!("/name"), json!("required")),
            (json!("/location_type"), json!("unknown_value")),
            (json!("/capacity"), json!("out_of_range")),
            (json!("/square_feet"), json!("wrong_type")),
        ]
    );
}

#[test]
fn a_code_is_one_locations_alone_until_it_is_deleted() {
    let app = TestApp::start();
    let who = owner(&app);
    let mut body = new_location("Training Center");
    body["code"] = json!("TC");
    let first = made(&who, "/locations", &body);
    body["code"] = json!("tc");
    let answer = who.post("/locations", &body).expect(409);
    assert_eq!(answer.text_at("/code"), "duplicate");
    who.delete(&format!("/locations/{first}")).expect(204);
    who.post("/locations", &body).expect(201);
    let back = who.act(&format!("/locations/{first}/restore")).expect(409);
    assert_eq!(back.text_at("/code"), "duplicate");
}

#[test]
fn locations_are_listed_by_kind_and_by_words_and_a_field_is_cleared_by_null() {
    let app = TestApp::start();
    let who = owner(&app);
    let elan = made(&who, "/locations", &new_location("Élan Center"));
    let mut office = new_location("Annex");
    office["location_type"] = json!("office");
    made(&who, "/locations", &office);
    let names = |query: &str| {
        texts(
            &who.get(&format!("/locations{query}")).expect(200).json(),
            "name",
        )
    };
    assert_eq!(names(""), ["Annex", "Élan Center"]);
    assert_eq!(names("?location_type=office"), ["Annex"]);
    assert_eq!(names("?q=elan%20renton"), ["Élan Center"]);
    let path = format!("/locations/{elan}");
    let changed = who.patch(&path, &json!({"capacity": null, "city": "Kent"}));
    let changed = changed.expect(200).json();
    assert_eq!(
        (&changed["capacity"], &changed["city"]),
        (&json!(null), &json!("Kent"))
    );
}
