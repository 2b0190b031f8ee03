//! Signing in, staying signed in and signing out, and what refuses it.

mod attacker;
mod locks;
mod own_sessions;
mod sessions;
mod tokens;

use serde_json::json;
use unionhall_domain::roles::Role;
use unionhall_testing::{
    TestApp,
    app::{Answer, PASSWORD},
};

use crate::fixtures::owner;

fn try_to_sign_in(app: &TestApp, email: &str, password: &str) -> Answer {
    let body = json!({"email": email, "password": password});
    app.anonymous().post("/auth/login", &body)
}

fn email(app: &TestApp, role: Role) -> String {
    app.local.person(role).email.as_str().to_owned()
}

/// Wrong passwords until the account is locked.
fn lock(app: &TestApp, email: &str) {
    app.ignore_mail();
    for _ in 0..5 {
        try_to_sign_in(app, email, "wrong").expect(401);
    }
}

#[test]
fn who_signs_in_gets_a_pair_of_tokens_for_their_tenant() {
    let app = TestApp::start();
    let answer = app.sign_in("Staff@Local46.Example");
    let body = answer.json();
    assert_eq!(body["token_type"], "bearer");
    assert_eq!(body["expires_in"], 1800);
    assert_eq!(body["tenant"]["slug"], "local-46");
    assert_eq!(body["tenant"]["kind"], "local");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.text_at("/refresh_token").len(), 43);
    app.with_token(&answer.text_at("/access_token"))
        .get("/members")
        .expect(200);
}

#[test]
fn whatever_keeps_somebody_out_the_answer_is_the_same_to_the_last_byte() {
    let app = TestApp::start();
    let locked = email(&app, Role::Staff);
    lock(&app, &locked);
    let change = |role: Role, what: &str| {
        let email = email(&app, role);
        app.database()
            .execute(&format!("update users set {what} where email = '{email}'"));
        email
    };
    let inactive = change(Role::Officer, "state = 'inactive'");
    let deleted = change(Role::Admin, "deleted_at = now()");
    let unverified = change(Role::Contact, "verified_at = null");
    // Whoever knows the password is mailed another link.
    app.ignore_mail();
    let wrong = email(&app, Role::Organizer);
    let seen = |email: &str, password: &str| {
        let answer = try_to_sign_in(&app, email, password);
        assert_eq!(
            (answer.status(), answer.code()),
            (401, "sign_in_refused".to_owned())
        );
        (answer.lasting_headers(), answer.text_without_request_id())
    };
    let expected = seen("nobody@local46.example", PASSWORD);
    for (email, password) in [
        (wrong.as_str(), "wrong"),
        (&locked, PASSWORD),
        (&locked, "wrong"),
        (&inactive, PASSWORD),
        (&deleted, PASSWORD),
        (&unverified, PASSWORD),
        (&unverified, "wrong"),
        ("no address", PASSWORD),
        ("", ""),
    ] {
        assert_eq!(seen(email, password), expected, "{email}");
    }
}

#[test]
fn a_refusal_asks_the_database_as_often_whatever_the_reason() {
    let app = TestApp::start();
    let locked = email(&app, Role::Staff);
    lock(&app, &locked);
    // A connection that served another purpose before must first be told its scope: the fewest of some count.
    let cost = |email: &str, password: &str| {
        let tries = (0..4).map(|_| try_to_sign_in(&app, email, password).round_trips());
        tries
            .min()
            .flatten()
            .expect("in development the cost is told")
    };
    let unknown = cost("nobody@local46.example", PASSWORD);
    assert_eq!(cost(&locked, PASSWORD), unknown);
    assert_eq!(cost(&email(&app, Role::Organizer), "wrong"), unknown);
}

#[test]
fn five_wrong_passwords_in_a_row_lock_an_account_for_half_an_hour() {
    let app = TestApp::start();
    let email = email(&app, Role::Staff);
    for _ in 0..4 {
        try_to_sign_in(&app, &email, "wrong").expect(401);
    }
    // A right one starts the count anew.
    try_to_sign_in(&app, &email, PASSWORD).expect(200);
    lock(&app, &email);
    try_to_sign_in(&app, &email, PASSWORD).expect(401);
    let shift = |minutes: u32| {
        app.database().execute(&format!(
            "update known_places set locked_until = locked_until - interval '{minutes} minutes'"
        ));
    };
    shift(29);
    try_to_sign_in(&app, &email, PASSWORD).expect(401);
    shift(1);
    try_to_sign_in(&app, &email, PASSWORD).expect(200);
}

#[test]
fn a_locked_account_goes_on_where_it_is_signed_in_already() {
    let app = TestApp::start();
    let staff = app.as_role(Role::Staff);
    lock(&app, &email(&app, Role::Staff));
    staff.get("/members").expect(200);
}

#[test]
fn sign_ins_and_refusals_are_on_record() {
    let app = TestApp::start();
    let email = email(&app, Role::Staff);
    try_to_sign_in(&app, &email, "wrong").expect(401);
    try_to_sign_in(&app, &email, PASSWORD).expect(200);
    let id = app.local.person(Role::Staff).id;
    let refused = owner(&app)
        .get("/audit-events?action=sign_in_refused")
        .expect(200)
        .json();
    assert_eq!(refused["items"][0]["target_id"], id.to_string());
    assert_eq!(refused["items"][0]["actor_kind"], "anonymous");
    let path = format!("/audit-events?action=signed_in&actor={id}");
    let signed_in = owner(&app).get(&path).expect(200).json();
    assert_eq!(signed_in["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(signed_in["items"][0]["address"], "127.0.0.1");
}

#[test]
fn fields_are_checked_without_telling_whether_an_address_exists() {
    let app = TestApp::start();
    let answer = app
        .anonymous()
        .post("/auth/login", &json!({"email": "x", "otp": "1"}));
    let body = answer.expect(422).json();
    assert_eq!(body["errors"][0]["pointer"], "/otp");
    assert_eq!(body["errors"][1]["pointer"], "/password");
    let long = "x".repeat(1025);
    try_to_sign_in(&app, "nobody@local46.example", &long).expect(422);
    // bcrypt alone would look at the first 72 bytes only.
    let almost = format!("{PASSWORD}{}", "x".repeat(100));
    try_to_sign_in(&app, &email(&app, Role::Staff), &almost).expect(401);
}
