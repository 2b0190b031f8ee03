//! Locks: who is kept out by wrong passwords, for how long, and who is not.

use std::thread;

use serde_json::json;
use unionhall_domain::roles::Role;
use unionhall_testing::{
    TestApp,
    app::{Answer, PASSWORD},
    sql::Sql,
};

use super::email;
use crate::fixtures::owner;

/// A service behind a proxy on this machine.
fn behind_proxy(more: &[(&str, &str)]) -> TestApp {
    let mut settings = vec![("UNIONHALL_TRUSTED_PROXIES", "127.0.0.0/8")];
    settings.extend_from_slice(more);
    TestApp::start_with(&settings)
}

const HOME: &str = "198.51.100.1";
const ELSEWHERE: &str = "203.0.113.9";

fn try_from(app: &TestApp, from: &str, email: &str, password: &str) -> Answer {
    let request = app.anonymous().request("POST", "/auth/login");
    let request = request.header("X-Forwarded-For", from);
    request
        .json(&json!({"email": email, "password": password}))
        .send()
}

/// Wrong passwords from here until nothing is taken from here.
fn lock_from(app: &TestApp, from: &str, email: &str) {
    for _ in 0..5 {
        try_from(app, from, email, "wrong").expect(401);
    }
}

/// What stands behind `#token=` in the one mail there is.
fn token_from_mail(app: &TestApp) -> String {
    let mails = app.deliver_mail();
    assert_eq!(mails.len(), 1, "{mails:#?}");
    let text = &mails[0].text;
    let (_, rest) = text.split_once("/account/unlock#token=").expect("a link");
    rest.chars()
        .take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c))
        .collect()
}

fn unlock(app: &TestApp, from: &str, token: &str) -> Answer {
    let request = app.anonymous().request("POST", "/auth/unlock");
    let request = request.header("X-Forwarded-For", from);
    request.json(&json!({"token": token})).send()
}

#[test]
fn strangers_who_guess_do_not_keep_the_owner_out_where_they_are_known() {
    let app = behind_proxy(&[]);
    app.ignore_mail();
    let email = email(&app, Role::Staff);
    try_from(&app, HOME, &email, PASSWORD).expect(200);
    for number in 0..20 {
        try_from(&app, &format!("203.0.113.{number}"), &email, "wrong").expect(401);
    }
    // Nobody new is let in, not even with the right password …
    try_from(&app, ELSEWHERE, &email, PASSWORD).expect(401);
    // … but the owner is, and that lets nobody else in.
    try_from(&app, HOME, &email, PASSWORD).expect(200);
    try_from(&app, ELSEWHERE, &email, PASSWORD).expect(401);
    // What is guessed at home is locked at home.
    lock_from(&app, HOME, &email);
    try_from(&app, HOME, &email, PASSWORD).expect(401);
}

#[test]
fn a_place_is_not_known_any_more_after_ninety_days() {
    let app = behind_proxy(&[]);
    app.ignore_mail();
    let email = email(&app, Role::Staff);
    try_from(&app, HOME, &email, PASSWORD).expect(200);
    lock_from(&app, ELSEWHERE, &email);
    let shift = |days: u32| {
        app.database().execute(&format!(
            "update known_places set last_passed_at = last_passed_at - interval '{days} days'"
        ));
    };
    shift(89);
    try_from(&app, HOME, &email, PASSWORD).expect(200);
    shift(91);
    try_from(&app, HOME, &email, PASSWORD).expect(401);
}

#[test]
fn the_owner_is_mailed_once_for_each_lock_and_gets_in_with_the_mail_whatever_strangers_do() {
    let app = behind_proxy(&[]);
    let email = email(&app, Role::Staff);
    lock_from(&app, ELSEWHERE, &email);
    lock_from(&app, ELSEWHERE, &email);
    let token = token_from_mail(&app);
    try_from(&app, HOME, &email, PASSWORD).expect(401);
    unlock(&app, HOME, &token).expect(204);
    // The strangers go on at once, before the owner has signed in.
    lock_from(&app, ELSEWHERE, &email);
    try_from(&app, HOME, &email, PASSWORD).expect(200);
    try_from(&app, ELSEWHERE, &email, PASSWORD).expect(401);
    let again = unlock(&app, HOME, &token).expect(422).json();
    assert_eq!(again["errors"][0]["pointer"], "/token");
    assert_eq!(again["errors"][0]["code"], "token_refused");
    assert_eq!(app.deliver_mail().len(), 1, "of the second lock");
    let events = owner(&app).get("/audit-events?action=unlocked").expect(200);
    assert_eq!(events.json()["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(events.text_at("/items/0/address"), HOME);
}

#[test]
fn each_lock_lasts_longer_than_the_one_before_and_the_trail_says_until_when() {
    let app = behind_proxy(&[]);
    app.ignore_mail();
    let email = email(&app, Role::Staff);
    let database = Sql::connect(&app.database().owner_url());
    let minutes = || {
        database.number(&format!(
            "select round(extract(epoch from locked_until - now()) / 60)::bigint from users where email = '{email}'"
        ))
    };
    for expected in [30, 60, 120] {
        lock_from(&app, ELSEWHERE, &email);
        assert_eq!(minutes(), expected);
        app.database()
            .execute("update users set locked_until = now() where locked_until is not null");
    }
    // The right password forgets how often it was.
    try_from(&app, ELSEWHERE, &email, PASSWORD).expect(200);
    lock_from(&app, "203.0.113.77", &email);
    assert_eq!(minutes(), 30);
    let events = owner(&app)
        .get("/audit-events?action=sign_in_refused&limit=1")
        .expect(200);
    assert!(!events.text_at("/items/0/details/locked_until").is_empty());
}

#[test]
fn wrong_passwords_at_the_same_instant_all_count() {
    let app = behind_proxy(&[]);
    app.ignore_mail();
    let email = email(&app, Role::Staff);
    thread::scope(|scope| {
        for _ in 0..5 {
            scope.spawn(|| try_from(&app, ELSEWHERE, &email, "wrong").expect(401));
        }
    });
    try_from(&app, ELSEWHERE, &email, PASSWORD).expect(401);
}

#[test]
fn nobody_is_mailed_about_an_account_that_does_not_exist_or_is_switched_off() {
    let app = behind_proxy(&[]);
    app.database().execute(&format!(
        "update users set state = 'inactive' where email = '{}'",
        email(&app, Role::Officer)
    ));
    lock_from(&app, ELSEWHERE, &email(&app, Role::Officer));
    lock_from(&app, ELSEWHERE, "nobody@local46.example");
    assert!(app.deliver_mail().is_empty());
}

#[test]
fn strangers_who_use_up_an_accounts_tries_leave_the_owner_theirs() {
    let app = behind_proxy(&[("UNIONHALL_RATE_LIMITS", "on")]);
    app.ignore_mail();
    let email = email(&app, Role::Staff);
    try_from(&app, HOME, &email, PASSWORD).expect(200);
    for number in 0..12 {
        let answer = try_from(&app, &format!("203.0.113.{number}"), &email, "wrong");
        assert_eq!(answer.status(), if number < 9 { 401 } else { 429 });
    }
    try_from(&app, HOME, &email, PASSWORD).expect(200);
    try_from(&app, ELSEWHERE, &email, PASSWORD).expect(429);
    // The owner's own network has an end as well.
    let tries = (0..10).map(|_| try_from(&app, HOME, &email, PASSWORD).status());
    let let_in = tries.filter(|status| *status == 200).count();
    assert_eq!(let_in, 8);
}
