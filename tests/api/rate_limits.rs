//! Limits on requests: what is counted for whom, what an answer tells of it, and who cannot get around it.

use std::time::Duration;

use serde_json::json;
use unionhall_domain::roles::Role;
use unionhall_testing::{
    TestApp,
    app::{Answer, PASSWORD},
    eventually,
};

use crate::fixtures::owner;

/// A service that counts requests, behind a proxy on this machine.
fn limited(more: &[(&str, &str)]) -> TestApp {
    let mut settings = vec![
        ("UNIONHALL_RATE_LIMITS", "on"),
        ("UNIONHALL_TRUSTED_PROXIES", "127.0.0.0/8"),
    ];
    settings.extend_from_slice(more);
    TestApp::start_with(&settings)
}

fn sign_in(app: &TestApp, from: &str, email: &str, password: &str) -> Answer {
    let request = app.anonymous().request("POST", "/auth/login");
    let request = request.header("X-Forwarded-For", from);
    request
        .json(&json!({"email": email, "password": password}))
        .send()
}

fn is_refused(answer: &Answer) {
    let said = (answer.status(), answer.code());
    assert_eq!(said, (429, "rate_limited".to_owned()), "{answer:#?}");
    let seconds: u32 = answer
        .header("retry-after")
        .and_then(|text| text.parse().ok())
        .expect("it is told when to come again");
    assert!((1..=65).contains(&seconds), "{seconds}");
}

#[test]
fn an_address_has_ten_tries_a_minute_to_sign_in_and_is_told_how_many_are_left() {
    let app = limited(&[]);
    for left in (0..10).rev() {
        let email = format!("nobody-{left}@local46.example");
        let answer = sign_in(&app, "198.51.100.1", &email, "wrong").expect(401);
        let told = answer.header("ratelimit").expect("it is told");
        let by_address = format!("\"sign-in-by-address\";r={left};t=");
        assert!(told.starts_with(&by_address), "{told}");
        assert!(told.contains(", \"sign-in-by-account\";r=9;t="), "{told}");
        assert_eq!(
            answer.header("ratelimit-policy"),
            Some("\"sign-in-by-address\";q=10;w=60, \"sign-in-by-account\";q=10;w=60")
        );
    }
    let email = app.local.person(Role::Staff).email.as_str();
    is_refused(&sign_in(&app, "198.51.100.1", email, PASSWORD));
    sign_in(&app, "198.51.100.2", email, PASSWORD).expect(200);
}

#[test]
fn an_account_has_ten_tries_a_minute_from_wherever_they_come_and_whether_it_exists_or_not() {
    let app = limited(&[]);
    app.ignore_mail();
    let known = app.local.person(Role::Organizer).email.as_str().to_owned();
    let seen = |email: &str, number: u32| {
        let from = format!("198.51.100.{number}");
        let answer = sign_in(&app, &from, email, "wrong");
        let mut headers = answer.lasting_headers();
        // In how many seconds there will be more passes with time itself.
        headers.retain(|(name, _)| name != "retry-after" && name != "ratelimit");
        (answer.status(), headers, answer.code())
    };
    for number in 0..12 {
        let expected = if number < 10 { 401 } else { 429 };
        let (of_known, of_unknown) = (
            seen(&known.to_uppercase(), number),
            seen("nobody@local46.example", number + 100),
        );
        assert_eq!(of_known.0, expected, "{number}");
        assert_eq!(of_known, of_unknown, "{number}");
    }
    let kept = unionhall_testing::sql::Sql::connect(&app.database().owner_url());
    let keys = kept.column("select encode(key, 'escape') from rate_windows");
    assert!(keys.len() > 20);
    assert!(keys.iter().all(|key| !key.contains("local46")));
}

#[test]
fn two_instances_have_one_view_of_who_tried_how_often() {
    let app = limited(&[]);
    // Another instance has counted nine tries of the address, and writes where this one does.
    let other = |requests: u32| {
        app.database().execute(&format!(
            "update rate_windows set counts = array[{requests}] || counts[2:13]"
        ));
    };
    sign_in(&app, "198.51.100.1", "nobody@local46.example", "wrong").expect(401);
    other(9);
    sign_in(&app, "198.51.100.1", "nobody@local46.example", "wrong").expect(401);
    is_refused(&sign_in(
        &app,
        "198.51.100.1",
        "nobody@local46.example",
        "wrong",
    ));
}

#[test]
fn a_made_up_address_gets_nobody_around_the_limit() {
    let app = TestApp::start_with(&[
        ("UNIONHALL_RATE_LIMITS", "on"),
        ("UNIONHALL_RATE_LIMITS_SIGN_IN", "2"),
    ]);
    let tried = |number: u32| {
        let from = format!("198.51.100.{number}");
        sign_in(&app, &from, &format!("{number}@local46.example"), "wrong").status()
    };
    assert_eq!([1, 2, 3].map(tried), [401, 401, 429]);
    let app = limited(&[("UNIONHALL_RATE_LIMITS_SIGN_IN", "2")]);
    let tried = |number: u32| {
        // What the client sends stands to the left of what its proxy adds.
        let from = format!("198.51.100.{number}, 203.0.113.7");
        sign_in(&app, &from, &format!("{number}@local46.example"), "wrong").status()
    };
    assert_eq!([1, 2, 3].map(tried), [401, 401, 429]);
}

#[test]
fn the_trail_names_the_address_behind_the_proxy_and_none_that_a_stranger_makes_up() {
    let from = |app: &TestApp| {
        let email = app.local.person(Role::Staff).email.as_str();
        sign_in(app, "1.1.1.1, 198.51.100.7", email, PASSWORD).expect(200);
        let id = app.local.person(Role::Staff).id;
        let path = format!("/audit-events?action=signed_in&actor={id}");
        let events = owner(app).get(&path).expect(200);
        events.text_at("/items/0/address")
    };
    let behind = TestApp::start_with(&[("UNIONHALL_TRUSTED_PROXIES", "127.0.0.1")]);
    assert_eq!(from(&behind), "198.51.100.7");
    assert_eq!(from(&TestApp::start()), "127.0.0.1");
}

#[test]
fn a_signed_in_person_has_requests_by_their_roles_wherever_they_come_from() {
    let app = limited(&[
        ("UNIONHALL_RATE_LIMITS_MEMBER", "2"),
        ("UNIONHALL_RATE_LIMITS_STAFF", "3"),
    ]);
    for (role, name, limit) in [(Role::Member, "member", 2), (Role::Staff, "staff", 3)] {
        let person = app.as_role(role);
        for left in (0..limit).rev() {
            let answer = person.get("/auth/me").expect(200);
            let told = answer.header("ratelimit").expect("it is told");
            assert!(
                told.starts_with(&format!("\"{name}\";r={left};t=")),
                "{told}"
            );
        }
        let refused = person.get("/auth/me");
        is_refused(&refused);
        let policy = format!("\"{name}\";q={limit};w=60");
        assert_eq!(refused.header("ratelimit-policy"), Some(policy.as_str()));
        // Another session of the same person is the same person.
        let email = app.local.person(role).email.as_str();
        let pair = app.sign_in(email);
        is_refused(
            &app.with_token(&pair.text_at("/access_token"))
                .get("/auth/me"),
        );
    }
    for _ in 0..9 {
        app.as_role(Role::Admin).get("/auth/me").expect(200);
    }
}

#[test]
fn what_one_instance_counts_of_a_person_the_others_know_a_second_later() {
    let app = limited(&[("UNIONHALL_RATE_LIMITS_MEMBER", "5")]);
    let member = app.as_role(Role::Member);
    member.get("/auth/me").expect(200);
    let id = app
        .local
        .person(Role::Member)
        .id
        .to_string()
        .replace('-', "");
    let database = unionhall_testing::sql::Sql::connect(&app.database().owner_url());
    let kept = format!("select count(*) from rate_windows where encode(key, 'hex') like '{id}%'");
    let patience = Duration::from_secs(10);
    eventually("it is told", patience, || database.number(&kept) == 1);
    // Another instance has counted the rest.
    app.database().execute(&format!(
        "update rate_windows set counts = array[5] || counts[2:13] where encode(key, 'hex') like '{id}%'"
    ));
    member.get("/auth/me").expect(200);
    eventually("the others are heard", patience, || {
        member.get("/auth/me").status() == 429
    });
}

#[test]
fn who_is_not_signed_in_is_counted_by_address_whatever_token_they_show() {
    let app = limited(&[("UNIONHALL_RATE_LIMITS_ANONYMOUS", "3")]);
    let ask = |from: &str, token: Option<&str>| {
        let identity = token.map_or(app.anonymous(), |token| app.with_token(token));
        let request = identity.request("GET", "/members");
        request.header("X-Forwarded-For", from).send()
    };
    ask("198.51.100.1", None).expect(401);
    ask("198.51.100.1", Some("no.token.atall")).expect(401);
    ask("198.51.100.1", Some("")).expect(401);
    is_refused(&ask("198.51.100.1", None));
    is_refused(&ask("198.51.100.1", Some("no.token.atall")));
    let refresh = app.anonymous().request("POST", "/auth/refresh");
    let refresh = refresh.header("X-Forwarded-For", "198.51.100.1");
    is_refused(&refresh.json(&json!({"refresh_token": "x"})).send());
    // A token does not turn a route for everybody into one without a limit.
    let shown = |from: &str| {
        let request = app
            .with_token("no.token.atall")
            .request("POST", "/auth/refresh");
        let request = request.header("X-Forwarded-For", from);
        request.json(&json!({"refresh_token": "x"})).send()
    };
    for _ in 0..3 {
        shown("198.51.100.2").expect(401);
    }
    is_refused(&shown("198.51.100.2"));
    ask("198.51.100.3", None).expect(401);
}

#[test]
fn without_limits_nothing_is_counted_and_nothing_is_told() {
    let app = TestApp::start();
    for _ in 0..12 {
        let answer = sign_in(&app, "198.51.100.1", "nobody@local46.example", "wrong");
        assert_eq!(answer.expect(401).header("ratelimit"), None);
    }
    app.anonymous().page("/readyz").expect(200);
}
