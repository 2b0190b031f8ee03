//! Search over HTTP: one question over everything that somebody may read.

use serde_json::{Value, json};
use unionhall_domain::{ids::Id, roles::Role};
use unionhall_testing::{TestApp, app::Identity};

use crate::{
    benevolence::{APPLICATIONS, asking, rule, seat_role},
    fixtures::{case, made, new_employer, new_member, owner},
};

/// What is found, as type and title.
fn told(found: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let items = found["items"].as_array().cloned().unwrap_or_default();
    let told = |find: &Value| (text(&find["type"]), text(&find["title"]));
    items.iter().map(told).collect()
}

#[test]
fn a_name_finds_the_member_and_the_case_and_says_what_of_it_was_meant() {
    let app = TestApp::start();
    let who = owner(&app);
    case(&who, "M-1");
    let found = who.get("/search?q=VOLTS").expect(200).json();
    assert_eq!(
        found["types"],
        json!([
            "member",
            "organization",
            "grievance",
            "benevolence_application"
        ])
    );
    let found = who.get("/search?q=volt").expect(200).json();
    let pair = |kind: &str| (kind.to_owned(), "Ada Voltz".to_owned());
    assert_eq!(told(&found), [pair("member"), pair("grievance")]);
    let first = &found["items"][0];
    assert_eq!(first["rank"], "prefix");
    let pieces = json!([
        {"text": "Ada ", "is_match": false}, {"text": "Volt", "is_match": true},
        {"text": "z", "is_match": false}
    ]);
    assert_eq!(first["match"], json!({"field": "name", "pieces": pieces}));
    assert_eq!(found["items"][1]["subtitle"], "Puget Electric");
}

#[test]
fn kinds_and_numbers_of_finds_can_be_bounded() {
    let app = TestApp::start();
    let who = owner(&app);
    for number in 0..3 {
        made(&who, "/members", &new_member(&format!("M-{number}")));
        made(
            &who,
            "/organizations",
            &new_employer(&format!("Voltz {number}")),
        );
    }
    let found = who
        .get("/search?q=voltz&types=organization&limit=2")
        .expect(200)
        .json();
    assert_eq!(found["types"], json!(["organization"]));
    assert_eq!(found["items"].as_array().map(Vec::len), Some(2));
    for query in [
        "",
        "?q=a",
        "?q=voltz&types=salting",
        "?q=voltz&limit=51",
        "?q=voltz&cursor=x",
    ] {
        assert_eq!(who.get(&format!("/search{query}")).status(), 400, "{query}");
    }
}

#[test]
fn a_member_finds_what_is_their_own_and_nothing_else() {
    let app = TestApp::start();
    let who = owner(&app);
    let mine = case(&who, "M-1");
    let mut other = new_member("M-2");
    other["first_name"] = json!("Grace");
    made(&who, "/members", &other);
    app.is_member(Id::parse(&mine.member).unwrap());
    let found = app
        .as_role(Role::Member)
        .get("/search?q=voltz")
        .expect(200)
        .json();
    let pair = |kind: &str| (kind.to_owned(), "Ada Voltz".to_owned());
    assert_eq!(told(&found), [pair("member"), pair("grievance")]);
    let own = ["member", "grievance", "benevolence_application"];
    assert_eq!(found["types"], json!(own));
    for words in ["grace", "M-2", "puget"] {
        let path = format!("/search?q={words}");
        let found = app.as_role(Role::Member).get(&path).expect(200).json();
        assert_eq!(told(&found), [], "{words}");
    }
    let nothing = app
        .as_role(Role::Contact)
        .get("/search?q=voltz")
        .expect(200)
        .json();
    assert_eq!(nothing, json!({"items": [], "types": []}));
}

#[test]
fn what_was_looked_for_is_on_record_for_each_sensitive_kind() {
    let app = TestApp::start();
    let who = owner(&app);
    case(&who, "M-1");
    who.get("/search?q=voltz").expect(200);
    let trail = who
        .get("/audit-events?action=listed&limit=3")
        .expect(200)
        .json();
    let mut targets: Vec<_> = (0..3)
        .map(|index| trail["items"][index]["target"].as_str().unwrap_or_default())
        .collect();
    targets.sort_unstable();
    assert_eq!(targets, ["benevolence_application", "grievance", "member"]);
    let items = trail["items"].as_array().expect("rows");
    let of_members = items.iter().find(|event| event["target"] == "member");
    let details = json!({"count": "1", "q": "voltz"});
    assert_eq!(of_members.map(|event| &event["details"]), Some(&details));
}

#[test]
fn an_application_is_found_by_name_unless_names_are_held_back_from_who_asks() {
    let app = TestApp::start();
    let staff = app.as_role(Role::Staff);
    let member = made(&staff, "/members", &new_member("M-1"));
    let asked = made(&staff, APPLICATIONS, &asking(&member, "300"));
    rule(&app, &json!({"naming": "need_first"}));
    seat_role(&app, Role::Officer, "vp");
    let officer = app.as_role(Role::Officer);
    let of = |who: &Identity<'_>, words: &str| {
        let path = format!("/search?q={words}&types=benevolence_application");
        who.get(&path).expect(200).json()
    };
    let found = of(&staff, "voltz");
    let kind = "benevolence_application".to_owned();
    assert_eq!(told(&found), [(kind, "Ada Voltz".to_owned())]);
    assert_eq!(found["items"][0]["id"], json!(asked));
    assert_eq!(told(&of(&officer, "voltz")), []);
    let number = found["items"][0]["number"].as_str().expect("a number");
    let need = of(&officer, number);
    assert_eq!(need["items"][0]["title"], json!(number));
    assert!(!need.to_string().contains("Voltz"), "{need}");
}
