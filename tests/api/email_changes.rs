//! The change of the address that one signs in with: two links, in either order, and nothing before both.

use serde_json::{Value, json};
use unionhall_domain::roles::Role;
use unionhall_testing::{
    TestApp,
    app::{Answer, Identity, PASSWORD},
};

use crate::{
    fixtures::owner,
    passwords::{sign_in_with, token_of},
};

const NEW: &str = "robin@spark.example";

fn old(app: &TestApp) -> String {
    app.local.person(Role::Staff).email.as_str().to_owned()
}

fn ask(who: &Identity<'_>, email: &str) -> Answer {
    let body = json!({"email": email, "current_password": PASSWORD});
    who.post("/me/email", &body)
}

fn confirm(app: &TestApp, token: &str) -> Answer {
    app.anonymous()
        .post("/auth/confirm-email", &json!({"token": token}))
}

/// The tokens that went to the old and to the new address.
fn tokens(app: &TestApp, old: &str, new: &str) -> [String; 2] {
    let mails = app.deliver_mail();
    assert_eq!(mails.len(), 2, "{mails:#?}");
    [old, new].map(|to| {
        let mail = mails.iter().find(|mail| mail.summary.to == to);
        let mail = mail.unwrap_or_else(|| panic!("nothing for {to}: {mails:#?}"));
        assert!(mail.text.contains("/account/confirm-email#token="));
        token_of(&mail.text)
    })
}

fn waiting(who: &Identity<'_>) -> Value {
    who.get("/me").expect(200).json()["email_change"].clone()
}

fn errors(answer: &Answer) -> Vec<(String, String)> {
    let body = answer.json();
    let errors = body["errors"].as_array().cloned().unwrap_or_default();
    let text = |error: &Value, name: &str| error[name].as_str().unwrap_or_default().to_owned();
    errors
        .iter()
        .map(|error| (text(error, "pointer"), text(error, "code")))
        .collect()
}

#[test]
fn the_address_changes_when_both_have_agreed_in_either_order() {
    for first in [0, 1] {
        let app = TestApp::start();
        let old = old(&app);
        let here = app.sign_in(&old).text_at("/access_token");
        let (here, there) = (app.with_token(&here), app.as_role(Role::Staff));
        there.get("/auth/me").expect(200);
        assert_eq!(waiting(&here), json!(null));
        let asked = ask(&here, "Robin@Spark.example").expect(202);
        assert_eq!(asked.text(), "");
        let tokens = tokens(&app, &old, NEW);
        let change = waiting(&here);
        assert_eq!(change["email"], NEW);
        let agreed = confirm(&app, &tokens[first]).expect(200).json();
        assert_eq!(agreed, json!({"changed": false}));
        let change = waiting(&here);
        let said =
            ["old", "new"].map(|side| change[format!("confirmed_at_{side}_address")] == true);
        assert_eq!(said, [first == 0, first == 1]);
        // A link works once, and nothing has changed yet.
        let again = confirm(&app, &tokens[first]).expect(422);
        assert_eq!(
            errors(&again),
            [("/token".to_owned(), "token_refused".to_owned())]
        );
        sign_in_with(&app, NEW, PASSWORD).expect(401);
        assert_eq!(app.deliver_mail().len(), 0);
        let agreed = confirm(&app, &tokens[1 - first]).expect(200).json();
        assert_eq!(agreed, json!({"changed": true}));
        let me = here.get("/me").expect(200).json();
        assert_eq!(me["profile"]["email"], NEW);
        assert_eq!(me["email_change"], json!(null));
        there.get("/auth/me").expect(401);
        sign_in_with(&app, &old, PASSWORD).expect(401);
        sign_in_with(&app, NEW, PASSWORD).expect(200);
        let mut told: Vec<_> = app
            .deliver_mail()
            .into_iter()
            .map(|mail| (mail.summary.to, mail.summary.subject))
            .collect();
        told.sort();
        let subject = "Your e-mail address was changed".to_owned();
        assert_eq!(told, [(NEW.to_owned(), subject.clone()), (old, subject)]);
    }
}

#[test]
fn links_that_went_to_the_old_address_are_worth_nothing_afterwards_and_mail_goes_to_the_new_one() {
    let app = TestApp::start();
    let old = old(&app);
    let forget = |email: &str| {
        let body = json!({"email": email});
        let asked = app.anonymous().post("/auth/forgot-password", &body);
        asked.expect(202);
        app.deliver_mail()
    };
    let before = token_of(&forget(&old)[0].text);
    ask(&app.as_role(Role::Staff), NEW).expect(202);
    for token in tokens(&app, &old, NEW) {
        confirm(&app, &token).expect(200);
    }
    drop(app.deliver_mail());
    let body = json!({"token": before, "new_password": "gravel-otter-sings-low"});
    app.anonymous()
        .post("/auth/reset-password", &body)
        .expect(422);
    assert_eq!(forget(&old).len(), 0);
    assert_eq!(forget(NEW)[0].summary.to, NEW);
}

#[test]
fn an_address_that_somebody_has_is_answered_and_shown_like_any_other_and_its_owner_is_told() {
    let app = TestApp::start();
    let old = old(&app);
    let staff = app.as_role(Role::Staff);
    let taken = app.local.person(Role::Officer).email.as_str().to_owned();
    let answers = [taken.as_str(), NEW].map(|email| {
        let answer = ask(&staff, email).expect(202);
        let mut shown = waiting(&staff);
        assert_eq!(shown["email"], email);
        for field in ["email", "asked_at", "expires_at"] {
            shown[field] = json!(null);
        }
        (answer.text().to_owned(), answer.lasting_headers(), shown)
    });
    assert_eq!(answers[0], answers[1]);
    let mails = app.deliver_mail();
    let to_owner = mails.iter().find(|mail| mail.summary.to == taken);
    let to_owner = to_owner.expect("the owner is told");
    assert_eq!(to_owner.summary.subject, "You have an account already");
    assert!(!to_owner.text.contains("#token=") && !to_owner.text.contains(&old));
    sign_in_with(&app, &taken, PASSWORD).expect(200);
}

#[test]
fn an_address_that_is_taken_meanwhile_is_refused_and_the_account_keeps_its_own() {
    let app = TestApp::start();
    let old = old(&app);
    let (staff, officer) = (app.as_role(Role::Staff), app.as_role(Role::Officer));
    let officers = app.local.person(Role::Officer).email.as_str();
    ask(&staff, NEW).expect(202);
    let late = tokens(&app, &old, NEW);
    confirm(&app, &late[0]).expect(200);
    ask(&officer, NEW).expect(202);
    for token in tokens(&app, officers, NEW) {
        confirm(&app, &token).expect(200);
    }
    drop(app.deliver_mail());
    let refused = confirm(&app, &late[1]).expect(409);
    assert_eq!(refused.code(), "duplicate");
    assert_eq!(waiting(&staff), json!(null));
    sign_in_with(&app, &old, PASSWORD).expect(200);
    assert_eq!(app.deliver_mail().len(), 0);
}

#[test]
fn an_account_that_nobody_verified_gives_way_to_who_shows_that_the_address_is_theirs() {
    let app = TestApp::start_with(&[("UNIONHALL_REGISTRATION_MODE", "open")]);
    let old = old(&app);
    let stranger = json!({
        "email": NEW, "password": "gravel-otter-sings-low", "first_name": "Mallory", "last_name": "X"
    });
    app.anonymous()
        .post("/auth/register", &stranger)
        .expect(202);
    let strangers = token_of(&app.deliver_mail()[0].text);
    ask(&app.as_role(Role::Staff), NEW).expect(202);
    for token in tokens(&app, &old, NEW) {
        confirm(&app, &token).expect(200);
    }
    drop(app.deliver_mail());
    sign_in_with(&app, NEW, PASSWORD).expect(200);
    let body = json!({"token": strangers});
    app.anonymous()
        .post("/auth/verify-email", &body)
        .expect(422);
}

#[test]
fn a_newer_wish_ends_the_older_one_and_a_wish_can_be_called_off() {
    let app = TestApp::start();
    let old = old(&app);
    let staff = app.as_role(Role::Staff);
    staff.delete("/me/email").expect(404);
    ask(&staff, "first@spark.example").expect(202);
    let older = tokens(&app, &old, "first@spark.example");
    ask(&staff, NEW).expect(202);
    let newer = tokens(&app, &old, NEW);
    for token in older {
        confirm(&app, &token).expect(422);
    }
    confirm(&app, &newer[0]).expect(200);
    staff.delete("/me/email").expect(204);
    assert_eq!(waiting(&staff), json!(null));
    confirm(&app, &newer[1]).expect(422);
    staff.delete("/me/email").expect(404);
    sign_in_with(&app, &old, PASSWORD).expect(200);
}

#[test]
fn a_day_ends_a_wish_and_its_links() {
    let app = TestApp::start();
    let old = old(&app);
    let staff = app.as_role(Role::Staff);
    ask(&staff, NEW).expect(202);
    let tokens = tokens(&app, &old, NEW);
    confirm(&app, &tokens[0]).expect(200);
    app.database().execute(
        "update mail_tokens set issued_at = issued_at - interval '1 day', expires_at = expires_at - interval '1 day';
         update email_changes set asked_at = asked_at - interval '1 day', expires_at = expires_at - interval '1 day'",
    );
    assert_eq!(waiting(&staff), json!(null));
    confirm(&app, &tokens[1]).expect(422);
}

#[test]
fn asking_takes_the_password_another_address_and_somebody_who_is_signed_in() {
    let app = TestApp::start();
    app.ignore_mail();
    let (old, staff) = (old(&app), app.as_role(Role::Staff));
    let ask = |email: &str, password: &str| {
        let body = json!({"email": email, "current_password": password});
        errors(&staff.post("/me/email", &body).expect(422))
    };
    let one = |pointer: &str, code: &str| vec![(pointer.to_owned(), code.to_owned())];
    assert_eq!(ask(&old, PASSWORD), one("/email", "unchanged"));
    assert_eq!(ask("robin", PASSWORD), one("/email", "not_an_email"));
    let wrong = one("/current_password", "wrong_password");
    for _ in 0..5 {
        assert_eq!(ask(NEW, "not-the-password"), wrong);
    }
    // A session that was left open is no place to guess at: after that the right one is refused too.
    assert_eq!(ask(NEW, PASSWORD), wrong);
    assert_eq!(waiting(&staff), json!(null));
}

#[test]
fn a_change_is_on_record_from_wish_to_end_and_no_token_is() {
    let app = TestApp::start();
    let old = old(&app);
    ask(&app.as_role(Role::Staff), NEW).expect(202);
    let tokens = tokens(&app, &old, NEW);
    for token in &tokens {
        confirm(&app, token).expect(200);
    }
    drop(app.deliver_mail());
    let id = app.local.person(Role::Staff).id;
    let path = format!("/audit-events/by-record/user/{id}");
    let trail = owner(&app).get(&path).expect(200);
    let events = trail.json()["items"].as_array().cloned().unwrap();
    let mut actions: Vec<_> = events
        .iter()
        .map(|event| event["action"].as_str().unwrap().to_owned())
        .filter(|action| action.starts_with("email_change"))
        .collect();
    actions.sort();
    let expected = [
        "email_change_asked",
        "email_change_confirmed",
        "email_change_confirmed",
        "email_changed",
    ];
    assert_eq!(actions, expected);
    let changed = events
        .iter()
        .find(|event| event["action"] == "email_changed");
    let changes = json!([{"field": "email", "before": old, "after": NEW}]);
    assert_eq!(changed.unwrap()["changes"], changes);
    assert!(tokens.iter().all(|token| !trail.text().contains(token)));
}
