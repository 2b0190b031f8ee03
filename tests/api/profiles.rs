//! One's own profile, and what colleagues see of it.

use std::time::Duration;

use serde_json::{Value, json};
use unionhall_domain::roles::Role;
use unionhall_testing::{TestApp, app::Identity, eventually};

use crate::fixtures::{new_member, owner};

fn own(who: &Identity<'_>) -> Value {
    who.get("/me").expect(200).json()
}

#[test]
fn everybody_sees_themselves_and_what_they_may_do() {
    let app = TestApp::start();
    for role in Role::ALL {
        let me = own(&app.as_role(role));
        let person = app.local.person(role);
        assert_eq!(me["profile"]["email"], person.email.as_str());
        assert_eq!(me["roles"], json!([role.as_str()]));
        assert_eq!(me["tenant"]["slug"], "local-46");
        assert_eq!(me["tenants"].as_array().map(Vec::len), Some(1));
        let permissions = me["permissions"].as_array().unwrap();
        let manages = permissions.contains(&json!("tenant:manage"));
        assert_eq!(manages, [Role::Owner, Role::Admin].contains(&role));
    }
}

#[test]
fn a_profile_is_changed_by_its_owner_alone_by_version_and_on_record() {
    let app = TestApp::start();
    let staff = app.as_role(Role::Staff);
    let body = json!({
        "first_name": "Robyn", "phone": "206-555-0146", "bio": "Since 2001.", "job_title": "Dispatcher",
        "department": "Hall", "language": "ES-mx", "time_zone": "America/Denver"
    });
    let change = |tag: &str| {
        let request = staff.request("PATCH", "/me").header("If-Match", tag);
        request.json(&body).send()
    };
    let changed = change("\"1\"").expect(200);
    assert_eq!(changed.text_at("/language"), "es-MX");
    assert_eq!(change("\"1\"").expect(412).code(), "stale");
    assert_eq!(own(&staff)["profile"], changed.json());
    assert_eq!(staff.get("/me").header("etag"), Some("\"2\""));
    // What is remembered of the session is forgotten at once.
    let me = staff.get("/auth/me").expect(200);
    assert_eq!(me.text_at("/first_name"), "Robyn");
    // Nobody else has changed.
    assert_eq!(own(&owner(&app))["profile"]["first_name"], "Robin");
    let trail = owner(&app).get("/audit-events?target=user&action=updated");
    let event = trail.expect(200).json()["items"][0].clone();
    let title = json!({"field": "job_title", "before": null, "after": "Dispatcher"});
    assert!(
        event["changes"].as_array().unwrap().contains(&title),
        "{event}"
    );
    let cleared = staff.patch("/me", &json!({"bio": null})).expect(200);
    assert_eq!(cleared.json()["bio"], json!(null));
}

#[test]
fn a_rehearsed_profile_keeps_nothing_and_a_retry_does_it_once() {
    let app = TestApp::start();
    let staff = app.as_role(Role::Staff);
    let body = json!({"bio": "Since 2001."});
    staff.patch("/me?dry_run=true", &body).expect(200);
    assert_eq!(own(&staff)["profile"]["bio"], json!(null));
    let send = || {
        let request = staff.request("PATCH", "/me");
        request.header("Idempotency-Key", "k1").json(&body).send()
    };
    let first = send().expect(200);
    let again = send().expect(200);
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(first.text(), again.text());
    assert_eq!(own(&staff)["profile"]["version"], 2);
}

#[test]
fn colleagues_see_who_somebody_is_and_what_they_do_and_nothing_else() {
    let app = TestApp::start();
    let staff = app.as_role(Role::Staff);
    let body = json!({"phone": "206-555-0146", "job_title": "Dispatcher", "department": "Hall"});
    staff.patch("/me", &body).expect(200);
    let path = format!("/colleagues/{}", app.local.person(Role::Staff).id);
    let seen = app.as_role(Role::Member).get(&path).expect(200).json();
    let expected = json!({
        "id": app.local.person(Role::Staff).id.to_string(), "first_name": "Robin", "last_name": "staff",
        "full_name": "Robin staff", "job_title": "Dispatcher", "department": "Hall"
    });
    assert_eq!(seen, expected);
    // Whoever may not sign in any more is no colleague, and people of other tenants never were.
    app.in_trust(Role::Owner).get(&path).expect(404);
    app.database()
        .execute("update users set state = 'inactive' where email = 'staff@local46.example'");
    app.as_role(Role::Member).get(&path).expect(404);
}

#[test]
fn a_profile_can_be_changed_where_the_tenant_can_change_nothing() {
    let app = TestApp::start();
    app.database()
        .execute("update tenants set status = 'suspended' where slug = 'local-46'");
    let who = owner(&app);
    eventually("the suspension counts", Duration::from_secs(5), || {
        who.post("/members?dry_run=true", &new_member("L-9"))
            .status()
            == 403
    });
    who.patch("/me", &json!({"bio": "Still here."})).expect(200);
}
