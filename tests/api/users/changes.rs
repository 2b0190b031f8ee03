//! What becomes of a user who is given roles, suspended, removed, restored or linked to a member.

use serde_json::{Value, json};
use unionhall_domain::roles::Role;
use unionhall_ports::{identity::Membership, unit_of_work::Scope};
use unionhall_testing::{
    TestApp,
    app::{Answer, PASSWORD},
    builders::store,
    eventually,
};

use super::{PROMISE, path};
use crate::{
    concurrency::{at_once, statuses},
    fixtures::{made, new_member, owner, reason},
};

fn roles(names: &[&str]) -> Value {
    let roles: Vec<_> = names.iter().map(|name| json!({"role": name})).collect();
    json!({"roles": roles})
}

fn refresh(app: &TestApp, pair: &Answer) -> Answer {
    let body = json!({"refresh_token": pair.text_at("/refresh_token")});
    app.anonymous().post("/auth/refresh", &body)
}

fn try_to_sign_in(app: &TestApp, email: &str) -> Answer {
    let body = json!({"email": email, "password": PASSWORD});
    app.anonymous().post("/auth/login", &body)
}

/// Gives the local's staff a place in the trust, too.
fn also_in_trust(app: &TestApp) {
    let membership = Membership {
        tenant: app.trust.id(),
        ..app.local.membership(Role::Staff, None)
    };
    store(app.storage(), Scope::Identity, |tx| {
        tx.identity().put_membership(&membership, app.now())
    });
}

#[test]
fn roles_count_at_once_and_until_they_expire() {
    let app = TestApp::start();
    let (admin, staff) = (app.as_role(Role::Admin), app.as_role(Role::Staff));
    staff.get("/audit-events").expect(403);
    let path = path(&app, Role::Staff);
    let changed = admin
        .put(&format!("{path}/roles"), &roles(&["officer", "staff"]))
        .expect(200);
    assert_eq!(changed.header("etag"), Some("\"2\""));
    assert_eq!(changed.text_at("/roles/0/role"), "officer");
    staff.get("/audit-events").expect(200);
    let until = (app.now() + std::time::Duration::from_millis(1_500)).to_string();
    let body = json!({"roles": [{"role": "officer", "expires_at": until}]});
    admin.put(&format!("{path}/roles"), &body).expect(200);
    staff.get("/audit-events").expect(200);
    eventually("the role has expired", PROMISE, || {
        staff.get("/audit-events").status() == 403
    });
    let past = json!({"roles": [{"role": "staff", "expires_at": "2020-01-01T00:00:00Z"}]});
    let refused = admin.put(&format!("{path}/roles"), &past).expect(422);
    assert_eq!(refused.text_at("/errors/0/pointer"), "/roles/0/expires_at");
}

#[test]
fn a_suspended_user_is_out_at_once_everywhere_in_the_tenant_and_nowhere_else() {
    let app = TestApp::start();
    also_in_trust(&app);
    let email = app.local.person(Role::Staff).email.as_str().to_owned();
    let elsewhere = app.sign_in(&email);
    let elsewhere = app.with_token(&elsewhere.text_at("/access_token"));
    let there = elsewhere
        .post("/auth/switch-tenant", &json!({"tenant": "training-trust"}))
        .expect(200);
    let here = app.sign_in(&email);
    let here = app
        .with_token(&here.text_at("/access_token"))
        .post("/auth/switch-tenant", &json!({"tenant": "local-46"}))
        .expect(200);
    let at_work = app.with_token(&here.text_at("/access_token"));
    at_work.get("/members").expect(200);
    let path = path(&app, Role::Staff);
    let suspended = owner(&app)
        .post(&format!("{path}/suspend"), &reason())
        .expect(200);
    assert_eq!(suspended.text_at("/state"), "suspended");
    assert_eq!(suspended.text_at("/suspended_for"), reason()["reason"]);
    at_work.get("/members").expect(401);
    refresh(&app, &here).expect(401);
    let trust = app.with_token(&there.text_at("/access_token"));
    trust.get("/members").expect(200);
    refresh(&app, &there).expect(200);
    trust
        .post("/auth/switch-tenant", &json!({"tenant": "local-46"}))
        .expect(404);
    let next = try_to_sign_in(&app, &email).expect(200);
    assert_eq!(next.text_at("/tenant/slug"), "training-trust");
    owner(&app).act(&format!("{path}/reactivate")).expect(200);
    at_work.get("/members").expect(401);
    trust
        .post("/auth/switch-tenant", &json!({"tenant": "local-46"}))
        .expect(200);
}

#[test]
fn who_is_suspended_or_removed_in_their_only_tenant_cannot_sign_in_until_they_are_back() {
    let app = TestApp::start();
    let who = owner(&app);
    let email = app.local.person(Role::Staff).email.as_str().to_owned();
    let path = path(&app, Role::Staff);
    // Only whoever knows the password is told why.
    let refused = || {
        let answer = try_to_sign_in(&app, &email).expect(403);
        assert_eq!(answer.code(), "no_place");
    };
    who.post(&format!("{path}/suspend"), &reason()).expect(200);
    refused();
    who.delete(&path).expect(204);
    refused();
    who.get(&path).expect(404);
    let back = who.act(&format!("{path}/restore")).expect(200);
    assert_eq!(back.text_at("/state"), "active");
    assert_eq!(back.text_at("/roles/0/role"), "staff");
    try_to_sign_in(&app, &email).expect(200);
}

#[test]
fn a_session_on_another_instance_is_refused_within_the_promise() {
    let app = TestApp::start();
    let staff = app.as_role(Role::Staff);
    staff.get("/members").expect(200);
    let id = app.local.person(Role::Staff).id;
    // As another instance does it: this one is not told.
    app.database().execute(&format!(
        "update memberships set state = 'removed', removed_at = now() where user_id = '{id}'"
    ));
    eventually("the user is refused", PROMISE, || {
        staff.get("/members").status() == 401
    });
}

#[test]
fn states_lead_where_the_table_says_and_a_refusal_names_what_is_allowed() {
    let app = TestApp::start();
    let who = owner(&app);
    let path = path(&app, Role::Staff);
    let illegal = who.act(&format!("{path}/reactivate")).expect(409);
    assert_eq!(illegal.code(), "illegal_move");
    assert_eq!(
        illegal.json()["allowed_actions"],
        json!(["set_roles", "suspend", "remove", "link_member"])
    );
    who.act(&format!("{path}/restore")).expect(404);
    who.delete(&path).expect(204);
    who.delete(&path).expect(404);
    who.post(&format!("{path}/suspend"), &reason()).expect(404);
    who.put(&format!("{path}/roles"), &roles(&["staff"]))
        .expect(404);
}

#[test]
fn a_user_is_one_member_and_a_member_one_user() {
    let app = TestApp::start();
    let who = owner(&app);
    let (first, second) = (
        made(&who, "/members", &new_member("L-1")),
        made(&who, "/members", &new_member("L-2")),
    );
    let (member, contact) = (path(&app, Role::Member), path(&app, Role::Contact));
    let link = |path: &str, id: &str| who.put(&format!("{path}/member"), &json!({"member_id": id}));
    let linked = link(&member, &first).expect(200);
    assert_eq!(linked.text_at("/member_id"), first);
    let own = app.as_role(Role::Member);
    own.get(&format!("/members/{first}")).expect(200);
    assert_eq!(link(&contact, &first).expect(409).code(), "duplicate");
    link(&member, &second).expect(200);
    own.get(&format!("/members/{first}")).expect(404);
    link(&contact, &first).expect(200);
    let gone = who.delete(&format!("{member}/member")).expect(200);
    assert_eq!(gone.json()["member_id"], json!(null));
    own.get(&format!("/members/{second}")).expect(404);
    let unknown = link(&member, "0190ffff-ffff-7fff-bfff-ffffffffffff").expect(422);
    assert_eq!(unknown.text_at("/errors/0/pointer"), "/member_id");
    // Who is removed is nobody on the books, so that somebody else can be.
    who.delete(&contact).expect(204);
    link(&member, &first).expect(200);
}

#[test]
fn a_change_is_on_record_with_what_was_and_what_is() {
    let app = TestApp::start();
    let who = owner(&app);
    let path = path(&app, Role::Staff);
    who.put(&format!("{path}/roles"), &roles(&["officer"]))
        .expect(200);
    who.post(&format!("{path}/suspend"), &reason()).expect(200);
    let id = app.local.person(Role::Staff).id;
    let trail = who
        .get(&format!("/audit-events/by-record/membership/{id}"))
        .expect(200)
        .json();
    let suspended = &trail["items"][0];
    assert_eq!(suspended["action"], "moved");
    assert_eq!(suspended["changes"][0]["before"], "active");
    assert_eq!(suspended["changes"][0]["after"], "suspended");
    assert_eq!(suspended["details"]["sessions_ended"], "0");
    let roles = &trail["items"][1]["changes"][0];
    assert_eq!(
        (&roles["before"], &roles["after"]),
        (&json!("staff"), &json!("officer"))
    );
}

#[test]
fn a_retried_change_is_done_once_and_a_stale_one_not_at_all() {
    let app = TestApp::start();
    let who = owner(&app);
    let roles_path = format!("{}/roles", path(&app, Role::Staff));
    let put = |version: &str, key: &str| {
        let request = who.request("PUT", &roles_path).header("If-Match", version);
        request
            .header("Idempotency-Key", key)
            .json(&roles(&["officer"]))
            .send()
    };
    put("\"2\"", "k0").expect(412);
    put("\"1\"", "k1").expect(200);
    let again = put("\"1\"", "k1").expect(200);
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    put("\"1\"", "k2").expect(412);
}

#[test]
fn a_switch_ends_the_refresh_tokens_from_before_and_an_ended_session_is_not_signed_in() {
    let app = TestApp::start();
    also_in_trust(&app);
    let email = app.local.person(Role::Staff).email.as_str().to_owned();
    let first = app.sign_in(&email);
    let who = app.with_token(&first.text_at("/access_token"));
    let switch = |slug: &str| who.post("/auth/switch-tenant", &json!({"tenant": slug}));
    let second = switch("training-trust").expect(200);
    refresh(&app, &first).expect(401);
    let third = refresh(&app, &second).expect(200);
    let answers = at_once(2, |_| switch("local-46"));
    assert_eq!(statuses(&answers), [200, 200]);
    refresh(&app, &third).expect(401);
    let refreshed = answers.iter().map(|pair| refresh(&app, pair).status());
    assert_eq!(refreshed.filter(|status| *status == 200).count(), 1);
    // As another instance ends it: this one is not told.
    app.database()
        .execute("update sessions set ended_at = now()");
    assert_eq!(
        switch("training-trust").expect(401).code(),
        "unauthenticated"
    );
}

#[test]
fn a_removal_that_is_sent_again_is_answered_again() {
    let app = TestApp::start();
    let who = owner(&app);
    let path = path(&app, Role::Staff);
    let remove = || {
        let request = who.request("DELETE", &path);
        request.header("Idempotency-Key", "remove-1").send()
    };
    remove().expect(204);
    let again = remove().expect(204);
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    who.get(&path).expect(404);
}
