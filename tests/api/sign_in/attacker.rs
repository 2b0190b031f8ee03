//! An attacker, in one go: what is left behind by sessions, what can be forged, and what can be guessed.

use std::{
    thread,
    time::{Duration, Instant},
};

use serde_json::json;
use unionhall_domain::roles::Role;
use unionhall_ports::{identity::Membership, unit_of_work::Scope};
use unionhall_testing::{TestApp, app::PASSWORD, builders::store, eventually};

use super::{email, tokens::Token};

/// Within this time a change of rights counts everywhere.
const PROMISE: Duration = Duration::from_secs(5);
const ADDRESSES: u32 = 100;
const GUESSES: u32 = 100;
/// How many send at once.
const HANDS: u32 = 4;

#[test]
fn nothing_that_a_session_left_behind_or_that_can_be_forged_opens_anything() {
    let app = TestApp::start();
    app.ignore_mail();
    let member = app.member("L-1", "Ada", "Voltz").id;
    let path = format!("/members/{member}");
    let pair = app.sign_in(&email(&app, Role::Staff));
    let read = |token: &str| app.with_token(token).get(&path).status();
    let like = || Token::like(&app, &pair);
    assert_eq!(read(&like().signed()), 200, "what is imitated counts");

    let now = app.now().as_second();
    assert_eq!(read(&like().with("exp", json!(now - 1)).signed()), 401);
    let trust = app.trust.id().to_string();
    assert_eq!(read(&like().with("tenant", json!(trust)).signed()), 401);
    assert_eq!(read(&like().of_key("another").signed()), 401);
    let signed = like().signed();
    let claims = signed.split('.').nth(1).expect("a token has three parts");
    // {"alg":"none","kid":"tests","typ":"at+jwt"}
    let unsigned = "eyJhbGciOiJub25lIiwia2lkIjoidGVzdHMiLCJ0eXAiOiJhdCtqd3QifQ";
    assert_eq!(read(&format!("{unsigned}.{claims}.")), 401);
    // A good token of another tenant sees nothing of this one.
    app.in_trust(Role::Owner).get(&path).expect(404);

    // A refresh token that its owner has used already, and everything that came of it.
    let body = json!({"refresh_token": pair.text_at("/refresh_token")});
    let next = app.anonymous().post("/auth/refresh", &body).expect(200);
    app.anonymous().post("/auth/refresh", &body).expect(401);
    let body = json!({"refresh_token": next.text_at("/refresh_token")});
    app.anonymous().post("/auth/refresh", &body).expect(401);
    eventually("the session is refused", PROMISE, || {
        read(&next.text_at("/access_token")) == 401
    });
}

#[test]
fn a_role_that_was_removed_a_moment_ago_opens_nothing_any_more() {
    let app = TestApp::start();
    let member = app.member("L-1", "Ada", "Voltz").id;
    let staff = app.as_role(Role::Staff);
    let path = format!("/members/{member}");
    staff.get(&path).expect(200);
    let without = Membership {
        roles: Vec::new(),
        ..app.local.membership(Role::Staff, None)
    };
    store(app.storage(), Scope::Identity, |tx| {
        tx.identity().put_membership(&without, app.now())
    });
    eventually("the role is gone", PROMISE, || {
        staff.get(&path).status() == 403
    });
}

/// Sends one hand's share of the guesses, and tells how many were looked at.
fn guess(app: &TestApp, email: &str, hand: u32) -> u32 {
    let mut looked_at = 0;
    for number in 0..GUESSES {
        for address in (0..ADDRESSES).filter(|address| address % HANDS == hand) {
            let request = app.anonymous().request("POST", "/auth/login");
            let request = request.header("X-Forwarded-For", &format!("203.0.113.{address}"));
            let body = json!({"email": email, "password": format!("guess-{number}-{address}")});
            match request.json(&body).send().status() {
                401 => looked_at += 1,
                429 => {}
                other => panic!("a guess was answered {other}"),
            }
        }
    }
    looked_at
}

#[test]
fn of_ten_thousand_guesses_from_a_hundred_addresses_ten_a_minute_are_looked_at() {
    let app = TestApp::start_with(&[
        ("UNIONHALL_RATE_LIMITS", "on"),
        ("UNIONHALL_TRUSTED_PROXIES", "127.0.0.0/8"),
    ]);
    let email = email(&app, Role::Staff);
    let sign_in = |from: &str| {
        let request = app.anonymous().request("POST", "/auth/login");
        let request = request.header("X-Forwarded-For", from);
        request
            .json(&json!({"email": email, "password": PASSWORD}))
            .send()
    };
    sign_in("198.51.100.1").expect(200);
    let begun = Instant::now();
    let looked_at: u32 = thread::scope(|scope| {
        let guess = |hand| guess(&app, &email, hand);
        let hands: Vec<_> = (0..HANDS)
            .map(|hand| scope.spawn(move || guess(hand)))
            .collect();
        let counts = hands.into_iter().map(|hand| hand.join());
        counts
            .map(|count| count.expect("a hand does not fail"))
            .sum()
    });
    let minutes = u32::try_from(begun.elapsed().as_secs() / 60).expect("it ends") + 1;
    assert!(
        looked_at <= 10 * minutes,
        "{looked_at} in {minutes} minutes"
    );
    assert!(looked_at >= 5, "the account is locked by {looked_at}");
    // The account is locked for whoever is new, its owner is told once, and gets in where they are known.
    assert_ne!(sign_in("198.51.100.2").status(), 200);
    sign_in("198.51.100.1").expect(200);
    assert_eq!(app.deliver_mail().len(), 1);
}
