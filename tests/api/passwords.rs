//! New passwords: with a link from a mail, with the old one, and what is said of one before.

use serde_json::{Value, json};
use unionhall_domain::roles::Role;
use unionhall_testing::{
    TestApp,
    app::{Answer, PASSWORD},
};

use crate::fixtures::owner;

const NEW: &str = "gravel-otter-sings-low";
const NEWER: &str = "pebble-heron-hums-high";

pub(crate) fn sign_in_with(app: &TestApp, email: &str, password: &str) -> Answer {
    let body = json!({"email": email, "password": password});
    app.anonymous().post("/auth/login", &body)
}

fn email(app: &TestApp, role: Role) -> String {
    app.local.person(role).email.as_str().to_owned()
}

fn forget(app: &TestApp, email: &str) -> Answer {
    let body = json!({"email": email});
    app.anonymous().post("/auth/forgot-password", &body)
}

fn reset(app: &TestApp, token: &str, password: &str) -> Answer {
    let body = json!({"token": token, "new_password": password});
    app.anonymous().post("/auth/reset-password", &body)
}

/// The token behind the one link of a mail's text.
pub(crate) fn token_of(text: &str) -> String {
    let (_, rest) = text.split_once("#token=").expect("the mail has a link");
    let url_safe = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    rest.chars().take_while(|c| url_safe(*c)).collect()
}

/// The token of the one mail that waits.
pub(crate) fn mailed_token(app: &TestApp) -> String {
    let mails = app.deliver_mail();
    assert_eq!(mails.len(), 1, "{mails:#?}");
    token_of(&mails[0].text)
}

fn fields(answer: &Answer) -> Vec<(String, String)> {
    let body = answer.json();
    let errors = body["errors"].as_array().cloned().unwrap_or_default();
    let text = |error: &Value, name: &str| error[name].as_str().unwrap_or_default().to_owned();
    errors
        .iter()
        .map(|error| (text(error, "pointer"), text(error, "code")))
        .collect()
}

fn one(pointer: &str, code: &str) -> Vec<(String, String)> {
    vec![(pointer.to_owned(), code.to_owned())]
}

#[test]
fn whoever_forgot_a_password_chooses_a_new_one_with_the_link_of_a_mail() {
    let app = TestApp::start();
    let email = email(&app, Role::Staff);
    let before = app.as_role(Role::Staff);
    before.get("/auth/me").expect(200);
    let asked = forget(&app, &email).expect(202);
    assert_eq!(asked.text(), "");
    let mails = app.deliver_mail();
    assert_eq!(mails[0].summary.to, email);
    assert!(mails[0].text.contains("/account/reset-password#token="));
    let token = token_of(&mails[0].text);
    assert_eq!(token.len(), 43);
    reset(&app, &token, NEW).expect(204);
    before.get("/auth/me").expect(401);
    sign_in_with(&app, &email, PASSWORD).expect(401);
    sign_in_with(&app, &email, NEW).expect(200);
    let told = app.deliver_mail();
    assert_eq!(told[0].summary.subject, "Your password was changed");
    // The link worked once.
    let again = reset(&app, &token, NEWER).expect(422);
    assert_eq!(fields(&again), one("/token", "token_refused"));
    sign_in_with(&app, &email, NEW).expect(200);
}

#[test]
fn a_new_link_ends_the_older_one_and_an_hour_ends_both() {
    let app = TestApp::start();
    let email = email(&app, Role::Staff);
    forget(&app, &email).expect(202);
    let older = mailed_token(&app);
    forget(&app, &email).expect(202);
    let newer = mailed_token(&app);
    let shift = |minutes: u32| {
        app.database().execute(&format!(
            "update mail_tokens set issued_at = issued_at - interval '{minutes} minutes',
                expires_at = expires_at - interval '{minutes} minutes'"
        ));
    };
    reset(&app, &older, NEW).expect(422);
    shift(59);
    // A password that is refused leaves the token good.
    reset(&app, &newer, "short").expect(422);
    shift(1);
    let late = reset(&app, &newer, NEW).expect(422);
    assert_eq!(fields(&late), one("/token", "token_refused"));
    sign_in_with(&app, &email, PASSWORD).expect(200);
}

#[test]
fn of_two_who_use_a_link_at_once_one_gets_their_password() {
    let app = TestApp::start();
    let email = email(&app, Role::Staff);
    forget(&app, &email).expect(202);
    let token = mailed_token(&app);
    let statuses = std::thread::scope(|scope| {
        let threads = [NEW, NEWER].map(|password| {
            let (app, token) = (&app, &token);
            scope.spawn(move || reset(app, token, password).status())
        });
        threads.map(|thread| thread.join().expect("it answers"))
    });
    let mut sorted = statuses;
    sorted.sort_unstable();
    assert_eq!(sorted, [204, 422]);
    let winner = if statuses[0] == 204 { NEW } else { NEWER };
    sign_in_with(&app, &email, winner).expect(200);
    assert_eq!(app.deliver_mail().len(), 1);
}

#[test]
fn a_new_password_opens_a_locked_account_and_no_other() {
    let app = TestApp::start();
    let locked = email(&app, Role::Staff);
    for _ in 0..5 {
        sign_in_with(&app, &locked, "wrong").expect(401);
    }
    sign_in_with(&app, &locked, PASSWORD).expect(401);
    // Whatever else was written to the person because of the lock is another test's business.
    drop(app.deliver_mail());
    forget(&app, &locked).expect(202);
    reset(&app, &mailed_token(&app), NEW).expect(204);
    sign_in_with(&app, &locked, NEW).expect(200);
    drop(app.deliver_mail());
    for (role, change) in [
        (Role::Officer, "state = 'inactive'"),
        (Role::Admin, "deleted_at = now()"),
    ] {
        let email = email(&app, role);
        app.database().execute(&format!(
            "update users set {change} where email = '{email}'"
        ));
        forget(&app, &email).expect(202);
    }
    forget(&app, "nobody@local46.example").expect(202);
    assert_eq!(app.deliver_mail().len(), 0);
}

#[test]
fn whoever_is_signed_in_exchanges_the_password_and_stays_signed_in_here_alone() {
    let app = TestApp::start();
    let email = email(&app, Role::Staff);
    let (here, there) = (app.sign_in(&email), app.sign_in(&email));
    let me = |pair: &Answer| {
        app.with_token(&pair.text_at("/access_token"))
            .get("/auth/me")
            .status()
    };
    assert_eq!((me(&here), me(&there)), (200, 200));
    let change = |current: &str, new: &str| {
        let body = json!({"current_password": current, "new_password": new});
        app.with_token(&here.text_at("/access_token"))
            .post("/auth/change-password", &body)
    };
    let wrong = change("not-the-password", NEW).expect(422);
    assert_eq!(fields(&wrong), one("/current_password", "wrong_password"));
    let same = change(PASSWORD, PASSWORD).expect(422);
    assert_eq!(fields(&same), one("/new_password", "unchanged"));
    let weak = change(PASSWORD, "we are local 46 here").expect(422);
    assert_eq!(fields(&weak), one("/new_password", "contains_known_word"));
    change(PASSWORD, NEW).expect(204);
    assert_eq!((me(&here), me(&there)), (200, 401));
    let body = json!({"refresh_token": there.text_at("/refresh_token")});
    app.anonymous().post("/auth/refresh", &body).expect(401);
    sign_in_with(&app, &email, NEW).expect(200);
    let mails = app.deliver_mail();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].summary.to, email);
}

#[test]
fn a_session_that_was_left_open_is_no_place_to_guess_the_password_at() {
    let app = TestApp::start();
    app.ignore_mail();
    let email = email(&app, Role::Staff);
    let left_open = app.as_role(Role::Staff);
    let change = |current: &str| {
        let body = json!({"current_password": current, "new_password": NEW});
        left_open.post("/auth/change-password", &body)
    };
    for _ in 0..5 {
        change("not-the-password").expect(422);
    }
    let right = change(PASSWORD).expect(422);
    assert_eq!(fields(&right), one("/current_password", "wrong_password"));
    sign_in_with(&app, &email, PASSWORD).expect(401);
}

#[test]
fn every_byte_of_a_long_password_counts() {
    let app = TestApp::start();
    app.ignore_mail();
    let email = email(&app, Role::Staff);
    // 72 bytes and more that bcrypt alone would not look at.
    let long: String = "gravel otter sings low, pebble heron hums high; ".repeat(2);
    let long = format!("{}x", long.trim());
    assert!(long.len() > 80);
    let body = json!({"current_password": PASSWORD, "new_password": long});
    let changed = app
        .as_role(Role::Staff)
        .post("/auth/change-password", &body);
    changed.expect(204);
    let other = format!("{}y", long.trim_end_matches('x'));
    sign_in_with(&app, &email, &other).expect(401);
    sign_in_with(&app, &email, &long[..72]).expect(401);
    sign_in_with(&app, &email, &long).expect(200);
}

#[test]
fn changes_of_passwords_are_on_record_and_no_secret_is() {
    let app = TestApp::start();
    let email = email(&app, Role::Staff);
    forget(&app, &email).expect(202);
    let token = mailed_token(&app);
    reset(&app, &token, NEW).expect(204);
    drop(app.deliver_mail());
    let id = app.local.person(Role::Staff).id.to_string();
    let events = |action: &str| {
        let path = format!("/audit-events?action={action}&target_id={id}");
        owner(&app).get(&path).expect(200)
    };
    let asked = events("password_forgotten");
    assert_eq!(asked.json()["items"][0]["actor_kind"], "anonymous");
    let changed = events("password_changed");
    let event = &changed.json()["items"][0];
    assert_eq!(event["actor_id"], id);
    assert_eq!(event["details"]["by"], "mail");
    for answer in [asked, changed] {
        for secret in [token.as_str(), NEW, PASSWORD] {
            assert!(!answer.text().contains(secret));
        }
    }
}

#[test]
fn a_password_can_be_tried_out_and_every_reason_is_told() {
    let app = TestApp::start();
    let judged = |body: &Value| {
        let answer = app.anonymous().post("/auth/password-strength", body);
        let body = answer.expect(200).json();
        let reasons = body["reasons"].as_array().cloned().unwrap_or_default();
        let codes: Vec<_> = reasons
            .iter()
            .map(|reason| reason["code"].as_str().unwrap_or_default().to_owned())
            .collect();
        assert_eq!(body["acceptable"], codes.is_empty());
        codes
    };
    assert_eq!(judged(&json!({"password": NEW})), [""; 0]);
    assert_eq!(
        judged(&json!({"password": "password"})),
        ["too_short", "common"]
    );
    assert_eq!(
        judged(&json!({"password": "qwerty123456789"})),
        ["common", "sequence"]
    );
    assert_eq!(
        judged(&json!({"password": "robin.hood sings low", "email": "robin.hood@hall.example"})),
        ["contains_known_word"]
    );
    assert_eq!(
        judged(&json!({"password": "spark plug workers", "tenant": "Spark Plug"})),
        ["contains_known_word"]
    );
    // Nothing was looked up: a hall that is here is only told apart by the words that were sent.
    assert_eq!(
        judged(&json!({"password": "hall of the low otter"})),
        [""; 0]
    );
}
