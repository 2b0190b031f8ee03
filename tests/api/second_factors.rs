//! The second factor: setting it up, signing in with it, living without it, and where it is wanted.

mod passwords;
mod phone;
mod policy;
mod resetting;
mod signing_in;

use serde_json::json;
use unionhall_domain::roles::Role;
use unionhall_testing::{TestApp, app::PASSWORD, sql::Sql};

use self::phone::{Phone, email, enrol, forget_step, sign_in, texts_at};

/// A service whose mails are another test's business.
fn unheard() -> TestApp {
    let app = TestApp::start();
    app.ignore_mail();
    app
}

#[test]
fn a_second_factor_is_set_up_with_the_password_and_a_first_code() {
    let app = unheard();
    let staff = app.as_role(Role::Staff);
    let none = staff.get("/me/second-factor").expect(200).json();
    assert_eq!(
        none,
        json!({
            "state": "none", "confirmed_at": null, "recovery_codes_left": 0, "required": false, "trusted_devices": []
        })
    );
    let begun = staff
        .post("/me/second-factor", &json!({"password": PASSWORD}))
        .expect(200);
    assert_eq!(begun.header("cache-control"), Some("no-store"));
    let uri = begun.text_at("/otpauth_uri");
    assert!(
        uri.starts_with("otpauth://totp/Unionhall:staff%40local46.example?secret="),
        "{uri}"
    );
    assert!(uri.contains(&begun.text_at("/secret")), "{uri}");
    assert!(begun.text_at("/qr_code_svg").contains("<svg"));
    let state = || staff.get("/me/second-factor").expect(200).json();
    assert_eq!(state()["state"], "begun");
    // Until it is confirmed nobody is asked for it.
    assert!(sign_in(&app, &email(&app, Role::Staff), None).json()["access_token"].is_string());

    let phone = Phone::with(&begun.text_at("/secret"));
    let wrong = staff.post(
        "/me/second-factor/confirm",
        &json!({"code": phone.wrong_code(&app)}),
    );
    assert_eq!(wrong.expect(422).text_at("/errors/0/code"), "wrong_code");
    let code = phone.code(&app, 0);
    let confirmed = staff.post("/me/second-factor/confirm", &json!({"code": code}));
    let confirmed = confirmed.expect(200);
    assert_eq!(confirmed.header("cache-control"), Some("no-store"));
    let codes = texts_at(&confirmed.json(), "/recovery_codes");
    assert_eq!(codes.len(), 10);
    let after = state();
    assert_eq!(
        (&after["state"], &after["recovery_codes_left"]),
        (&json!("confirmed"), &json!(10))
    );
    assert!(after["confirmed_at"].is_string());
    for again in [
        staff.post("/me/second-factor", &json!({"password": PASSWORD})),
        staff.post("/me/second-factor/confirm", &json!({"code": code})),
    ] {
        assert_eq!(again.expect(409).code(), "duplicate");
    }
}

#[test]
fn an_enrolment_that_is_begun_anew_has_another_secret_and_the_first_is_worth_nothing() {
    let app = unheard();
    let staff = app.as_role(Role::Staff);
    let begin = || {
        let body = json!({"password": PASSWORD});
        let begun = staff.post("/me/second-factor", &body).expect(200);
        Phone::with(&begun.text_at("/secret"))
    };
    let (first, second) = (begin(), begin());
    let confirm = |phone: &Phone| {
        let body = json!({"code": phone.code(&app, 0)});
        staff.post("/me/second-factor/confirm", &body).status()
    };
    assert_eq!((confirm(&first), confirm(&second)), (422, 200));
}

#[test]
fn nothing_is_begun_without_the_password_and_five_wrong_ones_lock_the_account() {
    let app = unheard();
    let staff = app.as_role(Role::Staff);
    let begin = |password: &str| staff.post("/me/second-factor", &json!({"password": password}));
    for _ in 0..5 {
        let answer = begin("wrong").expect(422);
        assert_eq!(answer.text_at("/errors/0/pointer"), "/password");
        assert_eq!(answer.text_at("/errors/0/code"), "wrong_password");
    }
    begin(PASSWORD).expect(422);
    let body = json!({"email": email(&app, Role::Staff), "password": PASSWORD});
    app.anonymous().post("/auth/login", &body).expect(401);
    app.ignore_mail();
}

#[test]
fn new_recovery_codes_take_a_code_of_the_phone_and_end_the_old_ones() {
    let app = unheard();
    let (phone, old) = enrol(&app, Role::Staff);
    let staff = app.as_role(Role::Staff);
    let renew = |code: &str| staff.post("/me/second-factor/recovery-codes", &json!({"code": code}));
    let code = phone.code(&app, 1);
    let new = texts_at(&renew(&code).expect(200).json(), "/recovery_codes");
    assert!(new.len() == 10 && new.iter().all(|code| !old.contains(code)));
    // A code works once.
    assert_eq!(
        renew(&code).expect(422).text_at("/errors/0/code"),
        "wrong_code"
    );
    let challenge =
        sign_in(&app, &email(&app, Role::Staff), None).text_at("/second_factor/challenge");
    let finish = |recovery_code: &str| {
        let body = json!({"challenge": challenge, "recovery_code": recovery_code});
        app.anonymous().post("/auth/second-factor", &body).status()
    };
    assert_eq!((finish(&old[0]), finish(&new[0])), (401, 200));
}

#[test]
fn a_removal_takes_the_password_and_either_code_and_takes_everything_with_it() {
    let app = unheard();
    let (phone, codes) = enrol(&app, Role::Staff);
    let staff = app.as_role(Role::Staff);
    let remove = |body| {
        staff
            .request("DELETE", "/me/second-factor")
            .json(&body)
            .send()
    };
    let fresh = phone.code(&app, 1);
    for (body, pointer) in [
        (json!({"password": "wrong", "code": fresh}), "/password"),
        (
            json!({"password": PASSWORD, "code": phone.wrong_code(&app)}),
            "/code",
        ),
        (
            json!({"password": PASSWORD, "recovery_code": "AAAA-AAAA-AAAA-AAAA-AAAA-AAAA"}),
            "/recovery_code",
        ),
        (json!({"password": PASSWORD}), "/code"),
    ] {
        assert_eq!(
            remove(body).expect(422).text_at("/errors/0/pointer"),
            pointer
        );
    }
    remove(json!({"password": PASSWORD, "recovery_code": codes[3].to_lowercase()})).expect(204);
    let standing = staff.get("/me/second-factor").expect(200).json();
    assert_eq!(
        (&standing["state"], &standing["recovery_codes_left"]),
        (&json!("none"), &json!(0))
    );
    assert!(sign_in(&app, &email(&app, Role::Staff), None).json()["access_token"].is_string());
    let gone = staff.post("/me/second-factor/recovery-codes", &json!({"code": fresh}));
    assert_eq!(gone.expect(404).code(), "not_found");
    remove(json!({"password": PASSWORD, "code": fresh})).expect(404);
}

#[test]
fn what_shows_secrets_is_neither_kept_for_retries_nor_rehearsed() {
    let app = unheard();
    let staff = app.as_role(Role::Staff);
    let body = json!({"password": PASSWORD});
    let request = |path: &str| staff.request("POST", path).json(&body);
    let kept = request("/me/second-factor").header("Idempotency-Key", "k1");
    assert_eq!(kept.send().expect(400).code(), "bad_request");
    request("/me/second-factor?dry_run=true").send().expect(400);
    let database = Sql::connect(&app.database().owner_url());
    assert_eq!(database.number("select count(*) from idempotency_keys"), 0);
    assert_eq!(database.number("select count(*) from second_factors"), 0);
}

#[test]
fn neither_the_database_nor_the_trail_holds_a_secret_or_a_code() {
    let app = unheard();
    let staff = app.as_role(Role::Staff);
    let begun = staff.post("/me/second-factor", &json!({"password": PASSWORD}));
    let secret = begun.expect(200).text_at("/secret");
    let phone = Phone::with(&secret);
    let code = phone.code(&app, 0);
    let confirmed = staff.post("/me/second-factor/confirm", &json!({"code": code}));
    let recovery = texts_at(&confirmed.expect(200).json(), "/recovery_codes");
    forget_step(&app);
    let body = json!({
        "challenge": sign_in(&app, &email(&app, Role::Staff), None).text_at("/second_factor/challenge"),
        "code": code, "trust_device": true
    });
    let finished = app
        .anonymous()
        .post("/auth/second-factor", &body)
        .expect(200);
    let mut secrets = vec![
        secret,
        phone.hexadecimal(),
        code,
        body["challenge"].as_str().unwrap_or_default().to_owned(),
        finished.text_at("/device_token"),
    ];
    secrets.extend(recovery.iter().map(|code| code.replace('-', "")));
    secrets.extend(recovery);
    let database = Sql::connect(&app.database().owner_url());
    for table in [
        "audit_events",
        "second_factors",
        "recovery_codes",
        "trusted_devices",
        "sign_in_challenges",
        "outbox",
    ] {
        let rows = database
            .column(&format!("select t::text from {table} t"))
            .concat();
        for secret in &secrets {
            // Six digits may be a part of any number: of an instant, of a hash.
            assert!(
                secret.len() == 6 || !rows.contains(secret.as_str()),
                "{table} holds {secret}"
            );
        }
    }
    let trail = database.column("select details::text || changes::text from audit_events");
    assert!(!trail.concat().contains(&secrets[2]), "{trail:#?}");
    let actions = database
        .column("select action from audit_events where action like 'second_factor%' order by id");
    assert_eq!(actions, ["second_factor_begun", "second_factor_confirmed"]);
}

#[test]
fn whatever_happens_to_a_factor_its_owner_is_told_by_mail() {
    let app = TestApp::start();
    let subjects = || {
        let mails = app.deliver_mail().into_iter();
        mails.map(|mail| mail.summary.subject).collect::<Vec<_>>()
    };
    let (_phone, codes) = enrol(&app, Role::Staff);
    assert_eq!(subjects(), ["A second factor was set up"]);
    let body = json!({
        "challenge": sign_in(&app, &email(&app, Role::Staff), None).text_at("/second_factor/challenge"),
        "recovery_code": codes[0]
    });
    app.anonymous()
        .post("/auth/second-factor", &body)
        .expect(200);
    let used = app.deliver_mail();
    assert_eq!(used.len(), 1);
    assert_eq!(
        used[0].summary.subject,
        "A recovery code was used to sign in"
    );
    assert!(used[0].text.contains("9 recovery codes are left"));
    let body = json!({"password": PASSWORD, "recovery_code": codes[1]});
    let staff = app.as_role(Role::Staff);
    let removal = staff.request("DELETE", "/me/second-factor").json(&body);
    removal.send().expect(204);
    assert_eq!(subjects(), ["Your second factor was removed"]);
}
