//! Signing in with a second factor: challenge, code, recovery code, trusted device, and every way to be refused.

use std::{sync::Barrier, thread};

use serde_json::{Value, json};
use unionhall_domain::{passwords::Strength, roles::Role};
use unionhall_ports::unit_of_work::Scope;
use unionhall_testing::{
    TestApp,
    app::{Answer, PASSWORD},
    builders::store,
};

use super::phone::{email, enrol, forget_step, sign_in};
use super::unheard;

fn challenge(app: &TestApp) -> String {
    sign_in(app, &email(app, Role::Staff), None).text_at("/second_factor/challenge")
}

fn finish(app: &TestApp, challenge: &str, code: &str) -> Answer {
    prove(app, &json!({"challenge": challenge, "code": code}))
}

fn prove(app: &TestApp, body: &Value) -> Answer {
    app.anonymous().post("/auth/second-factor", body)
}

/// Signs in with a code and trusts the device; the token of the device.
fn trusted(app: &TestApp, code: &str) -> String {
    let body = json!({"challenge": challenge(app), "code": code, "trust_device": true});
    prove(app, &body).expect(200).text_at("/device_token")
}

/// Takes back every lock, as if time had gone by.
fn unlock(app: &TestApp) {
    app.database().execute(
        "update users set failed_logins = 0, locks = 0, locked_until = null; \
         update known_places set failed_logins = 0, locks = 0, locked_until = null",
    );
}

/// Whether the password alone is enough with this device.
fn is_trusted(app: &TestApp, device: &str) -> bool {
    let answer = sign_in(app, &email(app, Role::Staff), Some(device)).json();
    assert_ne!(
        answer["access_token"].is_string(),
        answer["second_factor"].is_object()
    );
    answer["access_token"].is_string()
}

#[test]
fn the_right_password_is_answered_with_a_challenge_and_the_code_with_tokens() {
    let app = unheard();
    let (phone, _) = enrol(&app, Role::Staff);
    let asked = sign_in(&app, &email(&app, Role::Staff), None);
    assert_eq!(asked.header("cache-control"), Some("no-store"));
    let body = asked.json();
    assert_eq!(
        body.as_object().map(serde_json::Map::len),
        Some(1),
        "{body}"
    );
    assert_eq!(body["second_factor"]["expires_in"], 300);
    let code = phone.code(&app, 1);
    let finished = finish(&app, &asked.text_at("/second_factor/challenge"), &code).expect(200);
    assert_eq!(finished.header("cache-control"), Some("no-store"));
    assert_eq!(finished.json()["device_token"], Value::Null);
    assert_eq!(finished.text_at("/tenant/slug"), "local-46");
    let token = finished.text_at("/access_token");
    app.with_token(&token).get("/members").expect(200);
    let refresh = json!({"refresh_token": finished.text_at("/refresh_token")});
    app.anonymous().post("/auth/refresh", &refresh).expect(200);
    // The challenge has served.
    forget_step(&app);
    let again = finish(
        &app,
        &asked.text_at("/second_factor/challenge"),
        &phone.code(&app, 0),
    );
    assert_eq!(again.expect(401).code(), "second_factor_refused");
}

#[test]
fn a_wrong_password_does_not_tell_whether_there_is_a_second_factor() {
    let app = unheard();
    enrol(&app, Role::Staff);
    let seen = |email: &str| {
        let body = json!({"email": email, "password": "wrong"});
        let answer = app.anonymous().post("/auth/login", &body).expect(401);
        let cost = answer.round_trips();
        (
            answer.lasting_headers(),
            answer.text_without_request_id(),
            cost,
        )
    };
    let warm = seen("nobody@local46.example");
    let with = seen(&email(&app, Role::Staff));
    assert_eq!(with, seen(&email(&app, Role::Organizer)));
    assert_eq!((with.0, with.1), (warm.0, warm.1));
}

#[test]
fn of_two_who_offer_the_same_code_at_once_one_gets_in() {
    let app = unheard();
    let (phone, _) = enrol(&app, Role::Staff);
    for _ in 0..3 {
        forget_step(&app);
        let challenges = [challenge(&app), challenge(&app)];
        let code = phone.code(&app, 0);
        let together = Barrier::new(challenges.len());
        let mut told: Vec<_> = thread::scope(|scope| {
            let threads: Vec<_> = challenges
                .iter()
                .map(|challenge| {
                    scope.spawn(|| {
                        together.wait();
                        finish(&app, challenge, &code).status()
                    })
                })
                .collect();
            threads
                .into_iter()
                .map(|thread| thread.join().expect("it answers"))
                .collect()
        });
        told.sort_unstable();
        assert_eq!(told, [200, 401]);
    }
}

#[test]
fn a_recovery_code_lets_in_once_however_it_is_written() {
    let app = unheard();
    let (_, codes) = enrol(&app, Role::Staff);
    let offer = |code: &str| {
        let body = json!({"challenge": challenge(&app), "recovery_code": code});
        prove(&app, &body).status()
    };
    let typed = codes[0].replace('-', " ").to_lowercase();
    assert_eq!(
        (offer(&typed), offer(&codes[0]), offer(&codes[1])),
        (200, 401, 200)
    );
    let staff = app.as_role(Role::Staff);
    let standing = staff.get("/me/second-factor").expect(200).json();
    assert_eq!(standing["recovery_codes_left"], 8);
    let id = app.local.person(Role::Staff).id;
    let path = format!("/audit-events?action=signed_in&limit=1&actor={id}");
    let trail = app.as_role(Role::Owner).get(&path).expect(200);
    assert!(trail.text().contains("recovery_code"), "{}", trail.text());
}

#[test]
fn five_wrong_codes_end_the_challenge_and_lock_the_account() {
    let app = unheard();
    app.ignore_mail();
    let (phone, _) = enrol(&app, Role::Staff);
    let other = challenge(&app);
    let tried = challenge(&app);
    for _ in 0..5 {
        let answer = finish(&app, &tried, &phone.wrong_code(&app));
        assert_eq!(answer.expect(401).code(), "second_factor_refused");
    }
    let right = phone.code(&app, 1);
    finish(&app, &tried, &right).expect(401);
    // The account is locked: neither another challenge nor the password helps.
    finish(&app, &other, &right).expect(401);
    let body = json!({"email": email(&app, Role::Staff), "password": PASSWORD});
    app.anonymous().post("/auth/login", &body).expect(401);
    unlock(&app);
    finish(&app, &tried, &right).expect(401);
    finish(&app, &challenge(&app), &right).expect(200);
}

#[test]
fn wrong_codes_of_one_challenge_count_whether_or_not_they_come_at_once() {
    let app = unheard();
    app.ignore_mail();
    let (phone, _) = enrol(&app, Role::Staff);
    let tried = challenge(&app);
    let wrong = phone.wrong_code(&app);
    thread::scope(|scope| {
        for _ in 0..5 {
            scope.spawn(|| finish(&app, &tried, &wrong).expect(401));
        }
    });
    unlock(&app);
    finish(&app, &tried, &phone.code(&app, 1)).expect(401);
}

#[test]
fn a_challenge_waits_five_minutes() {
    let app = unheard();
    let (phone, _) = enrol(&app, Role::Staff);
    for (minutes, status) in [(4, 200), (5, 401)] {
        forget_step(&app);
        let waiting = challenge(&app);
        app.database().execute(&format!(
            "update sign_in_challenges set expires_at = expires_at - interval '{minutes} minutes'"
        ));
        finish(&app, &waiting, &phone.code(&app, 0)).expect(status);
    }
}

#[test]
fn a_challenge_is_worth_nothing_to_another_account_and_an_invented_one_to_nobody() {
    let app = unheard();
    let (phone, codes) = enrol(&app, Role::Staff);
    enrol(&app, Role::Organizer);
    let theirs = sign_in(&app, &email(&app, Role::Organizer), None);
    let theirs = theirs.text_at("/second_factor/challenge");
    for (challenge, code) in [
        (theirs.as_str(), phone.code(&app, 1)),
        ("invented", phone.code(&app, 1)),
    ] {
        finish(&app, challenge, &code).expect(401);
    }
    let body = json!({"challenge": theirs, "recovery_code": codes[0]});
    prove(&app, &body).expect(401);
    let fields = prove(&app, &json!({"challenge": "x", "code": "1", "otp": 1}));
    assert_eq!(fields.expect(422).text_at("/errors/0/pointer"), "/otp");
}

#[test]
fn on_a_trusted_device_the_password_is_enough_for_thirty_days() {
    let app = unheard();
    let (phone, _) = enrol(&app, Role::Staff);
    let device = trusted(&app, &phone.code(&app, 1));
    assert_eq!(device.len(), 43);
    assert!(is_trusted(&app, &device));
    assert!(!is_trusted(&app, "invented"));
    let listed = app
        .as_role(Role::Staff)
        .get("/me/trusted-devices")
        .expect(200)
        .json();
    assert_eq!(listed["items"][0]["device"], "unionhall-tests");
    assert!(listed["items"][0]["last_used_at"].is_string());
    let earlier = |days: u32| {
        app.database().execute(&format!(
            "update trusted_devices set expires_at = expires_at - interval '{days} days'"
        ));
    };
    earlier(29);
    assert!(is_trusted(&app, &device));
    earlier(1);
    assert!(!is_trusted(&app, &device));
}

#[test]
fn a_trusted_device_does_not_help_with_a_wrong_password_or_another_account() {
    let app = unheard();
    let (phone, _) = enrol(&app, Role::Staff);
    enrol(&app, Role::Organizer);
    let device = trusted(&app, &phone.code(&app, 1));
    let body =
        json!({"email": email(&app, Role::Staff), "password": "wrong", "device_token": device});
    app.anonymous().post("/auth/login", &body).expect(401);
    let other = sign_in(&app, &email(&app, Role::Organizer), Some(&device)).json();
    assert!(other["second_factor"].is_object());
}

#[test]
fn a_device_is_trusted_no_more_when_its_owner_says_so() {
    let app = unheard();
    let (phone, _) = enrol(&app, Role::Staff);
    let staff = app.as_role(Role::Staff);
    let device = trusted(&app, &phone.code(&app, 1));
    let listed = staff.get("/me/trusted-devices").expect(200);
    let path = format!("/me/trusted-devices/{}", listed.text_at("/items/0/id"));
    app.as_role(Role::Organizer).delete(&path).expect(404);
    staff.delete(&path).expect(204);
    staff.delete(&path).expect(404);
    assert!(!is_trusted(&app, &device));
    forget_step(&app);
    let device = trusted(&app, &phone.code(&app, 0));
    staff.delete("/me/trusted-devices").expect(204);
    assert!(!is_trusted(&app, &device));
}

#[test]
fn a_new_password_and_a_removed_factor_end_trusted_devices() {
    let app = unheard();
    let (phone, codes) = enrol(&app, Role::Staff);
    let device = trusted(&app, &phone.code(&app, 1));
    let waiting = challenge(&app);
    // The same password under a new hash is a new one.
    let user = app.local.person(Role::Staff).id;
    let hash = unionhall_testing::app::halls::password_hash().clone();
    store(app.storage(), Scope::Identity, |tx| {
        tx.identity()
            .set_password(user, &hash, Strength::Alone, app.now())
    });
    assert!(!is_trusted(&app, &device));
    forget_step(&app);
    finish(&app, &waiting, &phone.code(&app, 0)).expect(401);
    let device = trusted(&app, &phone.code(&app, 0));
    let staff = app.as_role(Role::Staff);
    let body = json!({"password": PASSWORD, "recovery_code": codes[0]});
    staff
        .request("DELETE", "/me/second-factor")
        .json(&body)
        .send()
        .expect(204);
    enrol(&app, Role::Staff);
    assert!(!is_trusted(&app, &device));
}
