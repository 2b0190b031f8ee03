//! One's own sessions: seeing them, ending them, and being told of a token that was used twice.

use std::time::Duration;

use serde_json::{Value, json};
use unionhall_domain::roles::Role;
use unionhall_testing::{
    TestApp,
    app::{Answer, DEVICE, Identity, PASSWORD},
    eventually,
    sql::Sql,
};

use super::email;

/// Within this time a session that was ended is refused everywhere.
const PROMISE: Duration = Duration::from_secs(5);

fn sign_in_from(app: &TestApp, email: &str, device: &str) -> Answer {
    let request = app.anonymous().request("POST", "/auth/login");
    let body = json!({"email": email, "password": PASSWORD});
    request
        .header("User-Agent", device)
        .json(&body)
        .send()
        .expect(200)
}

fn whose<'a>(app: &'a TestApp, pair: &Answer) -> Identity<'a> {
    app.with_token(&pair.text_at("/access_token"))
}

fn items(answer: &Answer) -> Vec<Value> {
    let body = answer.json();
    body["items"].as_array().cloned().unwrap_or_default()
}

/// The devices of the sessions that are listed, sorted.
fn devices(who: &Identity<'_>) -> Vec<String> {
    let found = items(&who.get("/me/sessions").expect(200));
    let device = |session: &Value| session["device"].as_str().unwrap_or_default().to_owned();
    let mut devices: Vec<_> = found.iter().map(device).collect();
    devices.sort();
    devices
}

#[test]
fn a_person_sees_where_they_are_signed_in_and_from_which_of_it_they_ask() {
    let app = TestApp::start();
    let email = email(&app, Role::Member);
    let phone = sign_in_from(&app, &email, "Phone");
    let laptop = sign_in_from(&app, &email, "Laptop");
    sign_in_from(
        &app,
        app.local.person(Role::Staff).email.as_str(),
        "Another's",
    );
    let found = items(&whose(&app, &phone).get("/me/sessions").expect(200));
    assert_eq!(found.len(), 2, "{found:#?}");
    assert_eq!(found[0]["device"], "Laptop", "last used first");
    for session in &found {
        assert_eq!(session["is_current"], session["device"] == "Phone");
        assert_eq!(session["address"], "127.0.0.1");
        assert_eq!(session["created_at"], session["last_used_at"]);
    }
    // One that is used again comes first.
    let body = json!({"refresh_token": phone.text_at("/refresh_token")});
    app.anonymous().post("/auth/refresh", &body).expect(200);
    let found = items(&whose(&app, &laptop).get("/me/sessions").expect(200));
    assert_eq!(found[0]["device"], "Phone");
    assert_ne!(found[0]["created_at"], found[0]["last_used_at"]);
}

#[test]
fn sessions_come_in_pages() {
    let app = TestApp::start();
    let email = email(&app, Role::Member);
    let pairs: Vec<_> = (0..5)
        .map(|number| sign_in_from(&app, &email, &format!("{number}")))
        .collect();
    let who = whose(&app, &pairs[0]);
    let (mut found, mut next) = (Vec::new(), String::new());
    loop {
        let page = who
            .get(&format!("/me/sessions?limit=2&include_total=true{next}"))
            .expect(200);
        assert_eq!(page.json()["total"], 5);
        found.extend(items(&page));
        match page.json()["next_cursor"].as_str() {
            Some(cursor) => next = format!("&cursor={cursor}"),
            None => break,
        }
    }
    let devices: Vec<_> = found
        .iter()
        .map(|session| session["device"].clone())
        .collect();
    assert_eq!(devices, ["4", "3", "2", "1", "0"]);
    who.get("/me/sessions?cursor=x").expect(400);
    who.get("/me/sessions?sort=device").expect(400);
}

#[test]
fn one_session_is_ended_at_once_and_only_by_whose_it_is() {
    let app = TestApp::start();
    let email = email(&app, Role::Member);
    let (phone, laptop) = (
        sign_in_from(&app, &email, "Phone"),
        sign_in_from(&app, &email, "Laptop"),
    );
    let found = items(&whose(&app, &laptop).get("/me/sessions").expect(200));
    let lost = found
        .iter()
        .find(|session| session["device"] == "Phone")
        .expect("it is listed");
    let path = format!("/me/sessions/{}", lost["id"].as_str().expect("an id"));
    whose(&app, &phone).get("/auth/me").expect(200);
    let stranger = app.as_role(Role::Owner).delete(&path).expect(404);
    let never = app
        .as_role(Role::Owner)
        .delete("/me/sessions/0190ffff-ffff-7fff-bfff-ffffffffffff");
    assert_eq!(
        stranger.text_without_request_id(),
        never.expect(404).text_without_request_id()
    );
    whose(&app, &laptop).delete(&path).expect(204);
    whose(&app, &phone).get("/auth/me").expect(401);
    let body = json!({"refresh_token": phone.text_at("/refresh_token")});
    app.anonymous().post("/auth/refresh", &body).expect(401);
    whose(&app, &laptop).delete(&path).expect(404);
    assert_eq!(devices(&whose(&app, &laptop)), ["Laptop"]);
}

#[test]
fn a_session_that_another_instance_ended_is_refused_within_five_seconds() {
    let app = TestApp::start();
    let phone = sign_in_from(&app, &email(&app, Role::Member), "Phone");
    whose(&app, &phone).get("/auth/me").expect(200);
    app.database()
        .execute("update sessions set ended_at = now()");
    eventually("the session is refused", PROMISE, || {
        whose(&app, &phone).get("/auth/me").status() == 401
    });
}

#[test]
fn the_others_are_ended_all_at_once_and_the_present_one_when_that_is_wanted() {
    let app = TestApp::start();
    let email = email(&app, Role::Member);
    let pairs = ["Phone", "Laptop", "Tablet"].map(|device| sign_in_from(&app, &email, device));
    let here = whose(&app, &pairs[1]);
    here.delete("/me/sessions").expect(204);
    assert_eq!(devices(&here), ["Laptop"]);
    for pair in [&pairs[0], &pairs[2]] {
        whose(&app, pair).get("/auth/me").expect(401);
    }
    here.delete("/me/sessions?include_current=true").expect(204);
    here.get("/auth/me").expect(401);
    here.delete("/me/sessions?include_current=maybe")
        .expect(401);
    let events = crate::fixtures::owner(&app)
        .get("/audit-events?action=signed_out")
        .expect(200);
    let ended: Vec<_> = items(&events)
        .iter()
        .map(|event| event["details"]["sessions"].clone())
        .collect();
    assert_eq!(ended, ["1", "2"]);
}

#[test]
fn a_session_that_nobody_can_go_on_with_is_not_listed() {
    let app = TestApp::start();
    let email = email(&app, Role::Member);
    sign_in_from(&app, &email, "Old");
    app.database()
        .execute("update refresh_tokens set expires_at = now() - interval '1 second'");
    let fresh = sign_in_from(&app, &email, "New");
    assert_eq!(devices(&whose(&app, &fresh)), ["New"]);
}

#[test]
fn a_token_that_is_used_twice_raises_an_alarm_that_its_owner_sees_and_is_mailed() {
    let app = TestApp::start();
    let email = email(&app, Role::Member);
    let phone = sign_in_from(&app, &email, "Phone");
    let body = json!({"refresh_token": phone.text_at("/refresh_token")});
    app.anonymous().post("/auth/refresh", &body).expect(200);
    for _ in 0..2 {
        app.anonymous().post("/auth/refresh", &body).expect(401);
    }
    let mails = app.deliver_mail();
    assert_eq!(mails.len(), 1, "{mails:#?}");
    assert!(
        mails[0].text.contains("/account/sessions"),
        "{}",
        mails[0].text
    );
    let here = app.sign_in(&email);
    let alarms = items(
        &whose(&app, &here)
            .get("/me/alarms?include_total=true")
            .expect(200),
    );
    assert_eq!(alarms.len(), 1, "{alarms:#?}");
    assert_eq!(alarms[0]["session_device"], "Phone");
    assert_eq!(alarms[0]["device"], DEVICE);
    assert_eq!(alarms[0]["address"], "127.0.0.1");
    assert_eq!(devices(&whose(&app, &here)), [DEVICE]);
    assert!(items(&app.as_role(Role::Owner).get("/me/alarms").expect(200)).is_empty());
}

#[test]
fn the_last_use_is_noted_without_a_write_for_each_request_and_written_down_later() {
    let app = TestApp::start();
    let phone = sign_in_from(&app, &email(&app, Role::Member), "Phone");
    app.database()
        .execute("update sessions set last_used_at = last_used_at - interval '1 day'");
    whose(&app, &phone).get("/auth/me").expect(200);
    app.write_uses();
    let database = Sql::connect(&app.database().owner_url());
    let lately = "select count(*) from sessions where last_used_at > now() - interval '1 minute'";
    assert_eq!(database.number(lately), 1);
}
