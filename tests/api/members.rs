//! Members over HTTP: from their entry to their deletion and back, and how they are found.

use insta::assert_json_snapshot;
use serde_json::{Value, json};
use unionhall_domain::roles::Role;
use unionhall_testing::TestApp;

use crate::fixtures::{case, ids, made, new_member, owner, texts};

#[test]
fn a_member_is_shown_with_every_field() {
    let app = TestApp::start();
    let mut body = new_member("a1204");
    body["notes"] = json!("  Prefers the phone.\r\nSpeaks Spanish. ");
    let answer = owner(&app).post("/members", &body).expect(201);
    let id = answer.text_at("/id");
    assert_eq!(
        answer.header("location"),
        Some(format!("/api/v1/members/{id}").as_str())
    );
    let record = owner(&app).get(&format!("/members/{id}")).expect(200);
    assert_eq!(record.json(), answer.json());
    assert_json_snapshot!(record.json(), {
        ".id" => "[id]", ".created_at" => "[time]", ".updated_at" => "[time]"
    });
}

#[test]
fn a_row_of_the_list_is_the_record_without_what_may_be_done() {
    let app = TestApp::start();
    let id = made(&owner(&app), "/members", &new_member("L-1"));
    let mut record = owner(&app)
        .get(&format!("/members/{id}"))
        .expect(200)
        .json();
    let list = owner(&app).get("/members").expect(200).json();
    record
        .as_object_mut()
        .expect("an object")
        .remove("allowed_actions");
    assert_eq!(list, json!({"items": [record], "next_cursor": null}));
}

#[test]
fn what_may_be_done_depends_on_who_asks() {
    let app = TestApp::start();
    let path = format!("/members/{}", app.member("L-1", "Ada", "Voltz").id);
    let actions =
        |role: Role| app.as_role(role).get(&path).expect(200).json()["allowed_actions"].take();
    assert_eq!(
        actions(Role::Officer),
        json!(["update", "delete", "file_grievance"])
    );
    assert_eq!(actions(Role::Staff), json!(["update", "file_grievance"]));
    assert_eq!(actions(Role::Organizer), json!([]));
}

#[test]
fn a_change_touches_what_it_names_and_null_clears() {
    let app = TestApp::start();
    let who = owner(&app);
    let path = format!("/members/{}", made(&who, "/members", &new_member("L-1")));
    let before = who.get(&path).expect(200).json();
    let change = json!({"city": null, "phone": "206-555-0146", "classification": "foreman"});
    let after = who.patch(&path, &change).expect(200).json();
    let mut expected = before;
    for (field, value) in change.as_object().expect("an object") {
        expected[field] = value.clone();
    }
    expected["version"] = json!(2);
    expected["updated_at"] = after["updated_at"].clone();
    assert_eq!(after, expected);
    who.patch(&path, &json!({"status": null})).expect(422);
    who.patch(&path, &json!({"member_number": null}))
        .expect(422);
    assert_eq!(who.get(&path).json(), after);
}

#[test]
fn a_deleted_member_is_gone_everywhere_and_comes_back_whole() {
    let app = TestApp::start();
    let who = owner(&app);
    let path = format!("/members/{}", made(&who, "/members", &new_member("L-1")));
    let before = who.get(&path).json();
    who.delete(&path).expect(204);
    for gone in [
        who.get(&path),
        who.get("/members/by-number/L-1"),
        who.patch(&path, &json!({"city": "Kent"})),
        who.delete(&path),
    ] {
        assert_eq!((gone.status(), gone.code()), (404, "not_found".to_owned()));
    }
    assert_eq!(who.get("/members?q=voltz").json()["items"], json!([]));
    // The number stays taken: it is in old papers.
    assert_eq!(
        who.post("/members", &new_member("L-1")).expect(409).code(),
        "duplicate"
    );
    let restored = who.act(&format!("{path}/restore")).expect(200).json();
    for field in ["id", "member_number", "city", "email", "created_at"] {
        assert_eq!(restored[field], before[field], "{field}");
    }
    who.act(&format!("{path}/restore")).expect(404);
    who.get("/members/by-number/L-1").expect(200);
}

#[test]
fn a_member_whom_grievances_name_is_not_deleted_and_the_answer_names_them() {
    let app = TestApp::start();
    let who = owner(&app);
    let case = case(&who, "L-1");
    let path = format!("/members/{}", case.member);
    let answer = who.delete(&path).expect(409);
    assert_eq!(answer.code(), "in_use");
    let number = who
        .get(&format!("/grievances/{}", case.grievance))
        .text_at("/grievance_number");
    assert!(answer.text_at("/detail").contains(&number), "{answer:#?}");
    who.delete(&format!("/grievances/{}", case.grievance))
        .expect(204);
    who.delete(&path).expect(204);
    let restore = who
        .act(&format!("/grievances/{}/restore", case.grievance))
        .expect(422);
    assert_eq!(restore.text_at("/errors/0/pointer"), "/member_id");
}

#[test]
fn a_number_is_had_once_whatever_its_case() {
    let app = TestApp::start();
    let who = owner(&app);
    who.post("/members", &new_member("A1204")).expect(201);
    assert_eq!(
        who.post("/members", &new_member("a1204"))
            .expect(409)
            .code(),
        "duplicate"
    );
    let other = made(&who, "/members", &new_member("A1205"));
    let change = who.patch(
        &format!("/members/{other}"),
        &json!({"member_number": "a1204"}),
    );
    assert_eq!(change.expect(409).code(), "duplicate");
    assert_eq!(
        who.get("/members/by-number/a1204")
            .expect(200)
            .text_at("/member_number"),
        "A1204"
    );
}

#[test]
fn members_are_found_by_name_number_and_address_despite_accents_and_typing_errors() {
    let app = TestApp::start();
    let who = owner(&app);
    for (number, first, last) in [
        ("1278", "José", "Núñez"),
        ("1315-R", "Renée", "Lefèvre"),
        ("A1204", "Ada", "Voltz"),
        ("1241", "Grace", "Okafor"),
    ] {
        let mut body = new_member(number);
        body["first_name"] = json!(first);
        body["last_name"] = json!(last);
        who.post("/members", &body).expect(201);
    }
    for (words, numbers) in [
        ("nunez", vec!["1278"]),
        ("N%C3%9A%C3%91EZ", vec!["1278"]),
        ("jose%20nun", vec!["1278"]),
        ("lefevre", vec!["1315-R"]),
        ("Lefebvre", vec!["1315-R"]),
        ("okafro", vec!["1241"]),
        ("a1204", vec!["A1204"]),
        ("1204", vec!["A1204"]),
        ("12", vec!["1241", "1278", "A1204"]),
        ("a1204@example.org", vec!["A1204"]),
        ("nobody%20here", vec![]),
        ("%25", vec![]),
    ] {
        let list = who
            .get(&format!("/members?sort=member_number&q={words}"))
            .expect(200);
        let found = texts(&list.json(), "member_number");
        assert_eq!(found, numbers, "{words}");
    }
    who.get("/members?q=").expect(400);
    who.get(&format!("/members?q={}", "x".repeat(201)))
        .expect(400);
}

#[test]
fn lists_are_filtered_by_status_and_classification() {
    let app = TestApp::start();
    let who = owner(&app);
    for (number, status, class) in [
        ("1", "active", "journeyman"),
        ("2", "retired", "retiree"),
        ("3", "active", "apprentice_1"),
    ] {
        let mut body = new_member(number);
        body["status"] = json!(status);
        body["classification"] = json!(class);
        who.post("/members", &body).expect(201);
    }
    let found = |query: &str| {
        let path = format!("/members?sort=member_number&{query}");
        texts(&who.get(&path).expect(200).json(), "member_number")
    };
    assert_eq!(found("status=active"), ["1", "3"]);
    assert_eq!(found("classification=retiree"), ["2"]);
    assert_eq!(found("status=active&classification=apprentice_1"), ["3"]);
    assert_eq!(found("status=suspended"), [""; 0]);
    assert_eq!(found("status=active&q=voltz"), ["1", "3"]);
}

#[test]
fn a_member_finds_their_own_record_and_no_other() {
    let app = TestApp::start();
    let who = app.as_role(Role::Member);
    let (own, other) = (
        app.member("L-1", "Ada", "Voltz"),
        app.member("L-2", "Ada", "Okafor"),
    );
    // Whoever is on the books as nobody finds nobody.
    assert_eq!(
        who.get("/members?include_total=true").expect(200).json(),
        empty()
    );
    app.is_member(own.id);
    let list = || who.get("/members").expect(200).json();
    unionhall_testing::eventually(
        "the link is known",
        std::time::Duration::from_secs(5),
        || !ids(&list()).is_empty(),
    );
    assert_eq!(ids(&list()), [own.id.to_string()]);
    assert_eq!(
        ids(&who.get("/members?q=ada").expect(200).json()),
        [own.id.to_string()]
    );
    who.get(&format!("/members/{}", own.id)).expect(200);
    let foreign = who.get(&format!("/members/{}", other.id)).expect(404);
    let unknown = who
        .get("/members/0190ffff-ffff-7fff-bfff-ffffffffffff")
        .expect(404);
    assert_eq!(
        foreign.text_without_request_id(),
        unknown.text_without_request_id()
    );
    who.get("/members/by-number/L-2").expect(404);
}

fn empty() -> Value {
    json!({"items": [], "next_cursor": null, "total": 0})
}
