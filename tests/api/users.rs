//! The users of a tenant over HTTP: who is seen by whom, and what becomes of those who are changed.

mod changes;
mod owners;

use std::time::Duration;

use insta::assert_json_snapshot;
use serde_json::json;
use unionhall_domain::roles::Role;
use unionhall_testing::TestApp;

use crate::fixtures::{contact, owner, someone, texts};

/// Within this time a change of rights counts everywhere.
const PROMISE: Duration = Duration::from_secs(5);

fn path(app: &TestApp, role: Role) -> String {
    format!("/users/{}", app.local.person(role).id)
}

#[test]
fn who_manages_users_sees_a_user_whole_and_others_see_a_colleague() {
    let app = TestApp::start();
    let path = path(&app, Role::Staff);
    let whole = app.as_role(Role::Admin).get(&path).expect(200);
    assert_eq!(whole.header("etag"), Some("\"1\""));
    assert_json_snapshot!("whole", whole.json(), { ".id" => "[id]" });
    let short = app.as_role(Role::Moderator).get(&path).expect(200);
    assert_json_snapshot!("short", short.json(), { ".id" => "[id]" });
    app.as_role(Role::Member).get(&path).expect(403);
}

#[test]
fn users_are_found_by_name_address_role_and_state() {
    let app = TestApp::start();
    let who = owner(&app);
    let suspended = someone(&app, &app.local, "zoe@elsewhere.example", Role::Staff);
    who.post(
        &format!("/users/{suspended}/suspend"),
        &json!({"reason": "On leave."}),
    )
    .expect(200);
    let removed = contact(&app, &app.local, "gone@elsewhere.example");
    who.delete(&format!("/users/{removed}")).expect(204);
    let found = |query: &str| {
        let list = app.as_role(Role::Admin).get(&format!("/users?{query}"));
        texts(&list.expect(200).json(), "email")
    };
    assert_eq!(found("include_total=true").len(), 10);
    assert_eq!(found("q=STAFF"), ["staff@local46.example"]);
    assert_eq!(found("q=zoe@elsewhere.example"), ["zoe@elsewhere.example"]);
    assert_eq!(found("q=okafor%20ada"), ["zoe@elsewhere.example"]);
    assert_eq!(found("q=nobody").len(), 0);
    assert_eq!(
        found("role=staff&sort=email"),
        ["staff@local46.example", "zoe@elsewhere.example"]
    );
    assert_eq!(found("role=staff&state=active"), ["staff@local46.example"]);
    assert_eq!(found("state=suspended"), ["zoe@elsewhere.example"]);
    assert_eq!(found("state=removed"), ["gone@elsewhere.example"]);
    assert_eq!(found("sort=-joined_at&limit=1").len(), 1);
    let colleagues = app.as_role(Role::Staff).get("/users").expect(200).json();
    assert!(!texts(&colleagues, "email").contains(&"zoe@elsewhere.example".to_owned()));
    app.as_role(Role::Staff)
        .get(&format!("/users/{suspended}"))
        .expect(404);
    app.as_role(Role::Staff)
        .get("/users?state=active")
        .expect(200);
    app.as_role(Role::Admin)
        .get(&format!("/users/{removed}"))
        .expect(404);
}

#[test]
fn pages_of_users_hold_everybody_once_in_every_order() {
    let app = TestApp::start();
    let who = owner(&app);
    for sort in [
        "name",
        "-name",
        "email",
        "-email",
        "joined_at",
        "-joined_at",
    ] {
        let mut seen = Vec::new();
        let mut path = format!("/users?limit=4&sort={sort}");
        loop {
            let page = who.get(&path).expect(200).json();
            seen.extend(texts(&page, "email"));
            let Some(next) = page["next_cursor"].as_str() else {
                break;
            };
            path = format!("/users?limit=4&sort={sort}&cursor={next}");
        }
        let mut once = seen.clone();
        once.sort();
        once.dedup();
        assert_eq!((seen.len(), once.len()), (9, 9), "{sort}: {seen:?}");
        if sort == "email" {
            assert_eq!(seen, once);
        }
    }
}

#[test]
fn the_matrix_of_permissions_is_shown_to_whoever_is_signed_in() {
    let app = TestApp::start();
    let matrix = app
        .as_role(Role::Contact)
        .get("/permissions")
        .expect(200)
        .json();
    let rows = matrix["permissions"].as_array().expect("rows");
    let manage = rows.iter().find(|row| row["permission"] == "users:manage");
    assert_eq!(manage.expect("a row")["roles"], json!(["owner", "admin"]));
}
