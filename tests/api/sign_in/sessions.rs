//! Sessions: how they go on, in which tenant, and what ends them.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use unionhall_domain::roles::Role;
use unionhall_ports::{
    identity::{HeldRole, Membership},
    unit_of_work::Scope,
};
use unionhall_testing::{TestApp, app::Answer, builders::store, eventually};

use super::email;
use crate::fixtures::owner;

/// Within this time a change of rights counts everywhere.
const PROMISE: Duration = Duration::from_secs(5);

fn refresh(app: &TestApp, pair: &Answer) -> Answer {
    let body = json!({"refresh_token": pair.text_at("/refresh_token")});
    app.anonymous().post("/auth/refresh", &body)
}

fn me(app: &TestApp, pair: &Answer) -> Answer {
    app.with_token(&pair.text_at("/access_token"))
        .get("/auth/me")
}

fn events(app: &TestApp, action: &str) -> Vec<Value> {
    let path = format!("/audit-events?action={action}");
    let list = owner(app).get(&path).expect(200).json();
    list["items"].as_array().cloned().unwrap_or_default()
}

#[test]
fn a_session_goes_on_with_a_new_pair_each_time() {
    let app = TestApp::start();
    let first = app.sign_in(&email(&app, Role::Staff));
    let second = refresh(&app, &first).expect(200);
    let third = refresh(&app, &second).expect(200);
    assert_ne!(
        first.text_at("/refresh_token"),
        second.text_at("/refresh_token")
    );
    assert_ne!(
        second.text_at("/refresh_token"),
        third.text_at("/refresh_token")
    );
    assert_eq!(third.json()["tenant"], first.json()["tenant"]);
    // Access tokens are not taken back by a newer one; they run out.
    for pair in [&first, &second, &third] {
        me(&app, pair).expect(200);
    }
}

#[test]
fn a_spent_refresh_token_ends_its_whole_family_and_the_trail_says_so() {
    let app = TestApp::start();
    app.ignore_mail();
    let first = app.sign_in(&email(&app, Role::Staff));
    let other = app.sign_in(&email(&app, Role::Staff));
    let second = refresh(&app, &first).expect(200);
    me(&app, &second).expect(200);
    let body = json!({"refresh_token": first.text_at("/refresh_token")});
    let request = app.anonymous().request("POST", "/auth/refresh");
    let reused = request.header("X-Request-Id", "thief").json(&body).send();
    assert_eq!(reused.expect(401).code(), "unauthenticated");
    refresh(&app, &second).expect(401);
    eventually("the access tokens are refused", PROMISE, || {
        me(&app, &first).status() == 401 && me(&app, &second).status() == 401
    });
    // The person's other sessions are none of the thief's.
    me(&app, &other).expect(200);
    refresh(&app, &other).expect(200);
    let events = events(&app, "token_reused");
    assert_eq!(events.len(), 1, "{events:#?}");
    assert_eq!(events[0]["request_id"], "thief");
    assert_eq!(events[0]["address"], "127.0.0.1");
    assert_eq!(
        events[0]["actor_id"],
        app.local.person(Role::Staff).id.to_string()
    );
}

#[test]
fn a_refresh_token_is_worth_nothing_after_seven_days() {
    let app = TestApp::start();
    let pair = app.sign_in(&email(&app, Role::Staff));
    let shift = |text: &str| {
        let interval = format!("expires_at = expires_at - interval '{text}'");
        app.database()
            .execute(&format!("update refresh_tokens set {interval}"));
    };
    shift("6 days 23 hours");
    let next = refresh(&app, &pair).expect(200);
    shift("7 days");
    refresh(&app, &next).expect(401);
}

#[test]
fn a_session_ends_after_thirty_days_however_often_it_is_refreshed() {
    let app = TestApp::start();
    let pair = app.sign_in(&email(&app, Role::Staff));
    let age = |text: &str| {
        let began = format!("created_at = created_at - interval '{text}'");
        app.database()
            .execute(&format!("update sessions set {began}"));
    };
    age("29 days 23 hours");
    let next = refresh(&app, &pair).expect(200);
    age("1 hour");
    refresh(&app, &next).expect(401);
    let access = app.with_token(&pair.text_at("/access_token"));
    assert_eq!(access.get("/auth/me").status(), 401);
}

#[test]
fn what_is_no_token_of_ours_continues_nothing() {
    let app = TestApp::start();
    for token in ["", "x", "A".repeat(43).as_str(), "ä", "a\u{0}b"] {
        let body = json!({"refresh_token": token});
        let answer = app.anonymous().post("/auth/refresh", &body);
        assert_eq!(
            (answer.status(), answer.code()),
            (401, "unauthenticated".to_owned())
        );
    }
    let pair = app.sign_in(&email(&app, Role::Staff));
    let body = json!({"refresh_token": pair.text_at("/access_token")});
    app.anonymous().post("/auth/refresh", &body).expect(401);
}

#[test]
fn signing_out_ends_this_session_at_once_and_no_other() {
    let app = TestApp::start();
    let (here, there) = (
        app.sign_in(&email(&app, Role::Staff)),
        app.sign_in(&email(&app, Role::Staff)),
    );
    me(&app, &here).expect(200);
    app.with_token(&here.text_at("/access_token"))
        .act("/auth/logout")
        .expect(204);
    me(&app, &here).expect(401);
    refresh(&app, &here).expect(401);
    me(&app, &there).expect(200);
    assert_eq!(events(&app, "signed_out").len(), 1);
}

#[test]
fn signing_out_everywhere_ends_every_session_of_the_person_and_of_nobody_else() {
    let app = TestApp::start();
    let sessions = [
        app.sign_in(&email(&app, Role::Staff)),
        app.sign_in(&email(&app, Role::Staff)),
    ];
    for pair in &sessions {
        me(&app, pair).expect(200);
    }
    let token = sessions[0].text_at("/access_token");
    app.with_token(&token).act("/auth/logout-all").expect(204);
    for pair in &sessions {
        me(&app, pair).expect(401);
        refresh(&app, pair).expect(401);
    }
    owner(&app).get("/auth/me").expect(200);
    assert_eq!(events(&app, "signed_out")[0]["details"]["sessions"], "2");
}

#[test]
fn a_person_of_two_tenants_goes_on_in_the_other_and_signs_in_there_next_time() {
    let app = TestApp::start();
    let user = app.local.person(Role::Staff);
    let membership = Membership {
        tenant: app.trust.id(),
        ..app.local.membership(Role::Staff, None)
    };
    store(app.storage(), Scope::Identity, |tx| {
        tx.identity().put_membership(&membership, app.now())
    });
    let pair = app.sign_in(user.email.as_str());
    let here = app.with_token(&pair.text_at("/access_token"));
    let slugs: Vec<_> = here.get("/auth/me").json()["tenants"]
        .as_array()
        .expect("tenants")
        .iter()
        .map(|tenant| tenant["slug"].as_str().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(slugs, ["local-46", "training-trust"]);
    let member = app.member("L-1", "Ada", "Voltz").id;
    here.get(&format!("/members/{member}")).expect(200);

    let switched = here
        .post("/auth/switch-tenant", &json!({"tenant": "training-trust"}))
        .expect(200);
    assert_eq!(switched.text_at("/tenant/kind"), "training_trust");
    let there = app.with_token(&switched.text_at("/access_token"));
    there.get(&format!("/members/{member}")).expect(404);
    assert_eq!(
        me(&app, &switched).text_at("/tenant/slug"),
        "training-trust"
    );
    let next = refresh(&app, &switched).expect(200);
    assert_eq!(next.text_at("/tenant/slug"), "training-trust");
    let again = app.sign_in(user.email.as_str());
    assert_eq!(again.text_at("/tenant/slug"), "training-trust");
}

#[test]
fn nobody_goes_on_in_a_tenant_they_have_no_place_in() {
    let app = TestApp::start();
    let staff = app.as_role(Role::Staff);
    let switch = |slug: &str| staff.post("/auth/switch-tenant", &json!({"tenant": slug}));
    let (foreign, unknown) = (switch("training-trust").expect(404), switch("no-such-hall"));
    assert_eq!(
        foreign.text_without_request_id(),
        unknown.text_without_request_id()
    );
    assert_eq!(foreign.lasting_headers(), unknown.lasting_headers());
}

#[test]
fn me_tells_roles_and_permissions_and_who_the_person_is_on_the_books() {
    let app = TestApp::start();
    let member = app.member("L-1", "Ada", "Voltz").id;
    app.is_member(member);
    let body = app.as_role(Role::Member).get("/auth/me").expect(200).json();
    assert_eq!(body["roles"], json!(["member"]));
    assert_eq!(
        body["permissions"],
        json!([
            "benevolence:file_own",
            "benevolence:read_own",
            "colleagues:read",
            "grievances:read_own",
            "members:read_own",
            "training:read_own"
        ])
    );
    assert_eq!(body["member_id"], member.to_string());
    assert_eq!(body["email"], "member@local46.example");
    assert_eq!(body["full_name"], "Robin member");
    assert!(body["last_login_at"].is_string());
}

#[test]
fn a_role_counts_until_it_expires_and_not_longer() {
    let app = TestApp::start();
    let staff = app.as_role(Role::Staff);
    let until = app.now() + Duration::from_millis(1500);
    let membership = Membership {
        roles: vec![HeldRole {
            role: Role::Staff,
            expires_at: Some(until),
        }],
        ..app.local.membership(Role::Staff, None)
    };
    store(app.storage(), Scope::Identity, |tx| {
        tx.identity().put_membership(&membership, app.now())
    });
    staff.get("/members").expect(200);
    eventually("the role has expired", PROMISE, || {
        let (before, answer) = (app.now(), staff.get("/members"));
        assert!(before < until || answer.status() == 403, "{answer:#?}");
        answer.status() == 403
    });
    assert_eq!(staff.get("/auth/me").expect(200).json()["roles"], json!([]));
}

#[test]
fn a_removed_role_and_a_suspended_user_are_refused_within_five_seconds() {
    let app = TestApp::start();
    let (staff, officer) = (app.as_role(Role::Staff), app.as_role(Role::Officer));
    for who in [&staff, &officer] {
        who.get("/members").expect(200);
    }
    let nothing = Membership {
        roles: Vec::new(),
        ..app.local.membership(Role::Staff, None)
    };
    store(app.storage(), Scope::Identity, |tx| {
        tx.identity().put_membership(&nothing, app.now())
    });
    let suspended = email(&app, Role::Officer);
    app.database().execute(&format!(
        "update users set state = 'inactive' where email = '{suspended}'"
    ));
    let begin = Instant::now();
    eventually("both are refused", PROMISE, || {
        staff.get("/members").status() == 403 && officer.get("/members").status() == 401
    });
    assert!(begin.elapsed() < PROMISE);
}
