//! What a token is worth, and what else it takes to come in.

use serde_json::{Value, json};
use unionhall_domain::roles::Role;
use unionhall_testing::{TestApp, app::PASSWORD, sql::Sql};

use super::{ADA, NEW, OTHER, accept, invite, seen, sent, validate};
use crate::{
    concurrency::{at_once, statuses},
    fixtures::{owner, texts},
    passwords::{mailed_token, sign_in_with, token_of},
};

#[test]
fn somebody_new_accepts_with_a_password_and_works_in_the_hall() {
    let app = TestApp::start();
    let mut body = invite(ADA);
    body["job_title"] = json!("Dispatcher");
    let id = owner(&app)
        .post("/invitations", &body)
        .expect(201)
        .text_at("/id");
    let token = mailed_token(&app);
    assert_eq!(
        validate(&app, &token).expect(200).json()["has_account"],
        false
    );
    // A password that is refused leaves the token good; the hall's name is one that everybody would try.
    let refused = accept(&app, &token, "we all love local 46").expect(422);
    assert_eq!(refused.text_at("/errors/0/code"), "contains_known_word");
    accept(&app, &token, NEW).expect(204);
    let mails = app.deliver_mail();
    assert_eq!(
        mails[0].summary.to,
        app.local.person(Role::Owner).email.as_str()
    );
    assert_eq!(
        mails[0].summary.subject,
        "Ada Voltz has accepted your invitation"
    );
    let signed_in = sign_in_with(&app, ADA, NEW).expect(200);
    assert_eq!(signed_in.text_at("/tenant/slug"), "local-46");
    let ada = app.with_token(&signed_in.text_at("/access_token"));
    let me = ada.get("/me").expect(200).json()["profile"].clone();
    assert_eq!(
        (&me["first_name"], &me["job_title"]),
        (&json!("Ada"), &json!("Dispatcher"))
    );
    ada.get("/members").expect(200);
    // The link worked once.
    validate(&app, &token).expect(422);
    accept(&app, &token, NEW).expect(422);
    let who = owner(&app);
    let accepted = who.get(&format!("/invitations/{id}")).expect(200).json();
    assert_eq!(
        (&accepted["status"], &accepted["accepted_by"]),
        (&json!("accepted"), &me["id"])
    );
    let user = me["id"].as_str().expect("an id");
    let trail = who.get(&format!("/audit-events?actor={user}")).expect(200);
    let actions = texts(&trail.json(), "action");
    let expected = ["registered", "email_verified", "created", "moved"];
    assert!(
        expected
            .iter()
            .all(|action| actions.contains(&(*action).to_owned())),
        "{actions:?}"
    );
    assert!(!trail.text().contains(NEW));
}

#[test]
fn names_are_those_that_are_given_and_else_those_that_were_filled_in() {
    let app = TestApp::start();
    let body = json!({"email": ADA, "roles": [{"role": "staff"}]});
    owner(&app).post("/invitations", &body).expect(201);
    let token = mailed_token(&app);
    let refused = accept(&app, &token, NEW).expect(422).json();
    let pointers: Vec<_> = refused["errors"]
        .as_array()
        .expect("errors")
        .iter()
        .map(|error| error["pointer"].clone())
        .collect();
    assert_eq!(pointers, ["/first_name", "/last_name"]);
    let body =
        json!({"token": token, "password": NEW, "first_name": "Adelaide", "last_name": "Watt"});
    app.anonymous()
        .post("/auth/invitations/accept", &body)
        .expect(204);
    assert!(app.deliver_mail()[0].text.contains("Adelaide Watt"));
}

#[test]
fn whoever_has_an_account_comes_in_with_its_password_and_with_nothing_less() {
    let app = TestApp::start();
    let email = app.trust.person(Role::Staff).email.as_str().to_owned();
    sent(&app, &email);
    let token = mailed_token(&app);
    assert_eq!(
        validate(&app, &token).expect(200).json()["has_account"],
        true
    );
    // The token is no way to choose a password, and a wrong one counts like one at the door.
    let refused = accept(&app, &token, NEW).expect(401);
    assert_eq!(refused.code(), "sign_in_refused");
    sign_in_with(&app, &email, NEW).expect(401);
    let there = app.in_trust(Role::Staff);
    there
        .post("/auth/switch-tenant", &json!({"tenant": "local-46"}))
        .expect(404);
    accept(&app, &token, PASSWORD).expect(204);
    drop(app.deliver_mail());
    let here = there
        .post("/auth/switch-tenant", &json!({"tenant": "local-46"}))
        .expect(200);
    let me = app
        .with_token(&here.text_at("/access_token"))
        .get("/me")
        .expect(200)
        .json();
    assert_eq!(
        me["profile"]["first_name"], "Robin",
        "the names of an account are its owner's"
    );
}

#[test]
fn somebody_who_guesses_at_the_password_of_an_invited_account_is_locked_out() {
    let app = TestApp::start();
    app.ignore_mail();
    let email = app.trust.person(Role::Staff).email.as_str().to_owned();
    let invited = sent(&app, &email);
    let token = token_of(&app.deliver_mail()[0].text);
    for _ in 0..5 {
        accept(&app, &token, "not the password").expect(401);
    }
    let right = accept(&app, &token, PASSWORD).expect(401);
    let wrong = accept(&app, &token, "not the password").expect(401);
    assert_eq!(seen(&right), seen(&wrong));
    let path = format!("/invitations/{}", invited.text_at("/id"));
    assert_eq!(owner(&app).get(&path).text_at("/status"), "pending");
}

#[test]
fn an_account_that_was_never_verified_becomes_that_of_whoever_was_invited() {
    let app = TestApp::start_with(&[("UNIONHALL_REGISTRATION_MODE", "open")]);
    // Somebody registers an address that is not theirs, and waits.
    let body = json!({"email": ADA, "password": OTHER, "first_name": "Mallory", "last_name": "M"});
    app.anonymous().post("/auth/register", &body).expect(202);
    let strangers = mailed_token(&app);
    sent(&app, ADA);
    let token = mailed_token(&app);
    assert_eq!(
        validate(&app, &token).expect(200).json()["has_account"],
        false
    );
    accept(&app, &token, NEW).expect(204);
    drop(app.deliver_mail());
    sign_in_with(&app, ADA, OTHER).expect(401);
    let me = sign_in_with(&app, ADA, NEW)
        .expect(200)
        .text_at("/access_token");
    assert_eq!(
        app.with_token(&me).get("/me").json()["profile"]["first_name"],
        "Ada"
    );
    app.anonymous()
        .post("/auth/verify-email", &json!({"token": strangers}))
        .expect(204);
    sign_in_with(&app, ADA, OTHER).expect(401);
}

#[test]
fn every_token_that_does_not_count_is_answered_alike() {
    let app = TestApp::start();
    let who = owner(&app);
    let path = |id: &str, verb: &str| format!("/invitations/{id}/{verb}");
    let canceled = sent(&app, "canceled@spark.example").text_at("/id");
    let replaced = sent(&app, "replaced@spark.example").text_at("/id");
    let _expired = sent(&app, "expired@spark.example");
    let _used = sent(&app, "used@spark.example");
    let _waiting = sent(&app, "waiting@spark.example");
    let mails = app.deliver_mail();
    let tokens: Vec<_> = mails.iter().map(|mail| token_of(&mail.text)).collect();
    who.act(&path(&canceled, "cancel")).expect(200);
    who.act(&path(&replaced, "resend")).expect(200);
    accept(&app, &tokens[3], NEW).expect(204);
    app.database().execute(
        "update invitations set sent_at = sent_at - interval '8 days', expires_at = expires_at - interval '8 days' \
         where email = 'expired@spark.example'",
    );
    drop(app.deliver_mail());
    let waiting = &tokens[4];
    let (first, last) = waiting.split_at(1);
    let turned = if last.ends_with('A') { "B" } else { "A" };
    let mut wrong: Vec<String> = tokens[..4].to_vec();
    wrong.extend([
        "none".to_owned(),
        String::new(),
        "x".repeat(10_000),
        format!("{first}{}", &last[1..]),
        format!("{waiting}A"),
        format!("{}{turned}", &waiting[..107]),
        // A token of another mail is none, even of the right length.
        tokens[0].chars().rev().collect(),
    ]);
    let expected = [validate(&app, "none"), accept(&app, "none", NEW)].map(|answer| seen(&answer));
    assert_eq!((expected[0].0, expected[1].0), (422, 422));
    for token in wrong {
        assert_eq!(seen(&validate(&app, &token)), expected[0], "{token}");
        assert_eq!(seen(&accept(&app, &token, NEW)), expected[1], "{token}");
    }
    // The one that waits is good all the while, however it was copied.
    validate(&app, &format!(" {waiting}\n")).expect(200);
}

#[test]
fn of_many_who_accept_an_invitation_at_once_one_gets_in() {
    let app = TestApp::start();
    sent(&app, ADA);
    let token = mailed_token(&app);
    let passwords = [NEW, OTHER, NEW, OTHER];
    let answers = at_once(4, |index| accept(&app, &token, passwords[index]));
    assert_eq!(statuses(&answers), [204, 422, 422, 422], "{answers:#?}");
    let winner = answers.iter().position(|answer| answer.status() == 204);
    let winner = passwords[winner.expect("one gets in")];
    sign_in_with(&app, ADA, winner).expect(200);
    assert_eq!(app.deliver_mail().len(), 1);
    let sql = Sql::connect(&app.database().owner_url());
    let users = format!("select count(*) from users where email = '{ADA}'");
    assert_eq!(sql.number(&users), 1);
}

#[test]
fn where_nobody_makes_accounts_only_people_with_one_accept() {
    let app = TestApp::start_with(&[("UNIONHALL_REGISTRATION_MODE", "closed")]);
    let email = app.trust.person(Role::Staff).email.as_str().to_owned();
    sent(&app, ADA);
    sent(&app, &email);
    let mails = app.deliver_mail();
    let [new, known] = [&mails[0], &mails[1]].map(|mail| token_of(&mail.text));
    let refused = accept(&app, &new, NEW).expect(403);
    assert_eq!(refused.code(), "registration_closed");
    accept(&app, &known, PASSWORD).expect(204);
    drop(app.deliver_mail());
}

#[test]
fn a_hall_that_may_change_nothing_lets_nobody_in() {
    let app = TestApp::start();
    sent(&app, ADA);
    let token = mailed_token(&app);
    let stand = |status: &str| {
        app.database().execute(&format!(
            "update tenants set status = '{status}' where slug = 'local-46'"
        ));
    };
    stand("suspended");
    assert_eq!(
        accept(&app, &token, NEW).expect(403).code(),
        "tenant_read_only"
    );
    stand("active");
    accept(&app, &token, NEW).expect(204);
    drop(app.deliver_mail());
}

#[test]
fn whoever_became_a_user_meanwhile_is_told_so() {
    let app = TestApp::start();
    let email = app.trust.person(Role::Staff).email.as_str().to_owned();
    sent(&app, &email);
    let token = mailed_token(&app);
    for (state, suspended) in [
        ("active", "null, null"),
        ("suspended", "now(), 'On leave.'"),
    ] {
        app.database().execute(&format!(
            "insert into memberships (tenant_id, user_id, joined_at) \
                 select '{}', id, now() from users where email = '{email}' on conflict do nothing; \
             update memberships m set state = '{state}', (suspended_at, suspended_for) = row({suspended}) \
                 from users u where u.id = m.user_id and u.email = '{email}' and m.tenant_id = '{0}'",
            app.local.id()
        ));
        let refused = accept(&app, &token, PASSWORD).expect(409);
        assert_eq!(refused.code(), "duplicate");
    }
    let sql = Sql::connect(&app.database().owner_url());
    let roles = sql.number(&format!(
        "select count(*) from membership_roles where tenant_id = '{}' and user_id = \
            (select id from users where email = '{email}')",
        app.local.id()
    ));
    assert_eq!(
        roles, 0,
        "nobody who is suspended comes back by an invitation"
    );
    let _nothing: Value = validate(&app, &token).expect(200).json();
}
