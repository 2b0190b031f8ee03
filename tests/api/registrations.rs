//! Accounts that people make by themselves: what is mailed, what a link is worth, and what nobody learns.

use serde_json::{Value, json};
use unionhall_domain::roles::Role;
use unionhall_testing::{TestApp, app::Answer};

use crate::{
    fixtures::owner,
    passwords::{mailed_token, sign_in_with, token_of},
};

const PASSWORD: &str = "gravel-otter-sings-low";
const OTHER: &str = "pebble-heron-hums-high";
const ADA: &str = "ada@spark.example";
const OPEN: &[(&str, &str)] = &[("UNIONHALL_REGISTRATION_MODE", "open")];

fn body(email: &str, password: &str) -> Value {
    json!({"email": email, "password": password, "first_name": "Ada", "last_name": "Voltz"})
}

fn register(app: &TestApp, email: &str, password: &str) -> Answer {
    app.anonymous()
        .post("/auth/register", &body(email, password))
}

fn verify(app: &TestApp, token: &str) -> Answer {
    app.anonymous()
        .post("/auth/verify-email", &json!({"token": token}))
}

fn resend(app: &TestApp, email: &str) -> Answer {
    app.anonymous()
        .post("/auth/resend-verification", &json!({"email": email}))
}

#[test]
fn whoever_registers_signs_in_after_the_link_of_the_mail_and_not_before() {
    let app = TestApp::start_with(OPEN);
    let answer = register(&app, "Ada@Spark.example", PASSWORD).expect(202);
    assert_eq!(answer.text(), "");
    let mails = app.deliver_mail();
    assert_eq!(mails[0].summary.to, ADA);
    assert!(mails[0].text.contains("/account/verify-email#token="));
    let token = token_of(&mails[0].text);
    let unknown = sign_in_with(&app, "nobody@spark.example", PASSWORD).expect(401);
    let waiting = sign_in_with(&app, ADA, PASSWORD).expect(401);
    assert_eq!(
        waiting.text_without_request_id(),
        unknown.text_without_request_id()
    );
    assert_eq!(waiting.lasting_headers(), unknown.lasting_headers());
    // The right password asked for a new link; it ends the older one.
    let newer = mailed_token(&app);
    verify(&app, &token).expect(422);
    verify(&app, &newer).expect(204);
    verify(&app, &newer).expect(422);
    // In order, and at home nowhere yet: that is said honestly, to whoever knows the password.
    let homeless = sign_in_with(&app, ADA, PASSWORD).expect(403);
    assert_eq!(homeless.code(), "no_place");
    sign_in_with(&app, ADA, OTHER).expect(401);
    let local = app.local.id();
    app.database().execute(&format!(
        "insert into memberships (tenant_id, user_id, joined_at)
            select '{local}', id, now() from users where email = '{ADA}'"
    ));
    sign_in_with(&app, ADA, PASSWORD).expect(200);
}

#[test]
fn registering_a_known_address_changes_nothing_and_tells_its_owner() {
    let app = TestApp::start_with(OPEN);
    let known = app.local.person(Role::Staff).email.as_str().to_owned();
    let answer = register(&app, &known, PASSWORD).expect(202);
    let fresh = register(&app, ADA, PASSWORD).expect(202);
    assert_eq!(answer.text(), fresh.text());
    assert_eq!(answer.lasting_headers(), fresh.lasting_headers());
    let mails = app.deliver_mail();
    assert_eq!(mails[0].summary.to, known);
    assert_eq!(mails[0].summary.subject, "You have an account already");
    assert!(!mails[0].text.contains("#token="), "{}", mails[0].text);
    sign_in_with(&app, &known, PASSWORD).expect(401);
    let me = app.sign_in(&known).text_at("/access_token");
    let me = app.with_token(&me).get("/auth/me").expect(200).json();
    assert_eq!(me["first_name"], "Robin");
}

#[test]
fn the_link_that_counts_opens_the_account_with_the_password_that_was_chosen_with_it() {
    let app = TestApp::start_with(OPEN);
    // Somebody registers an address that is not theirs, and then its owner does.
    register(&app, ADA, OTHER).expect(202);
    let strangers = mailed_token(&app);
    register(&app, ADA, PASSWORD).expect(202);
    let own = mailed_token(&app);
    verify(&app, &strangers).expect(422);
    verify(&app, &own).expect(204);
    sign_in_with(&app, ADA, OTHER).expect(401);
    sign_in_with(&app, ADA, PASSWORD).expect(403);
    // From now on registering again changes nothing.
    register(&app, ADA, OTHER).expect(202);
    assert_eq!(
        app.deliver_mail()[0].summary.subject,
        "You have an account already"
    );
    sign_in_with(&app, ADA, OTHER).expect(401);
}

#[test]
fn of_many_who_register_an_address_at_once_all_are_answered_alike_and_one_account_is_made() {
    let app = TestApp::start_with(OPEN);
    app.ignore_mail();
    let statuses = std::thread::scope(|scope| {
        let threads = [PASSWORD, OTHER, PASSWORD, OTHER].map(|password| {
            let app = &app;
            scope.spawn(move || register(app, ADA, password).status())
        });
        threads.map(|thread| thread.join().expect("it answers"))
    });
    assert_eq!(statuses, [202; 4]);
    let sql = unionhall_testing::sql::Sql::connect(&app.database().owner_url());
    let users = sql.number(&format!("select count(*) from users where email = '{ADA}'"));
    assert_eq!(users, 1);
}

#[test]
fn a_link_works_for_a_day_and_another_one_can_be_asked_for() {
    let app = TestApp::start_with(OPEN);
    register(&app, ADA, PASSWORD).expect(202);
    let late = mailed_token(&app);
    app.database().execute(
        "update mail_tokens set issued_at = issued_at - interval '1 day',
            expires_at = expires_at - interval '1 day'",
    );
    verify(&app, &late).expect(422);
    resend(&app, ADA).expect(202);
    verify(&app, &mailed_token(&app)).expect(204);
    // Nobody else waits for a link.
    resend(&app, ADA).expect(202);
    resend(&app, "nobody@spark.example").expect(202);
    assert_eq!(app.deliver_mail().len(), 0);
}

#[test]
fn a_new_password_with_the_link_of_a_mail_verifies_the_address_too() {
    let app = TestApp::start_with(OPEN);
    register(&app, ADA, PASSWORD).expect(202);
    drop(app.deliver_mail());
    app.anonymous()
        .post("/auth/forgot-password", &json!({"email": ADA}))
        .expect(202);
    let body = json!({"token": mailed_token(&app), "new_password": OTHER});
    app.anonymous()
        .post("/auth/reset-password", &body)
        .expect(204);
    drop(app.deliver_mail());
    sign_in_with(&app, ADA, OTHER).expect(403);
}

#[test]
fn a_hall_says_whether_it_takes_who_registers_as_a_member() {
    let app = TestApp::start_with(OPEN);
    let join = |email: &str| {
        let mut body = body(email, PASSWORD);
        body["tenant"] = json!("local-46");
        let answer = app.anonymous().post("/auth/register", &body).expect(202);
        verify(&app, &mailed_token(&app)).expect(204);
        (
            answer.text().to_owned(),
            sign_in_with(&app, email, PASSWORD),
        )
    };
    let (before, refused) = join(ADA);
    assert_eq!(
        (refused.status(), refused.code()),
        (403, "no_place".to_owned())
    );
    app.database()
        .execute("update tenants set registration_policy = 'as_member' where slug = 'local-46'");
    let (after, welcome) = join("grace@spark.example");
    assert_eq!(before, after);
    let me = app.with_token(&welcome.expect(200).text_at("/access_token"));
    let me = me.get("/auth/me").expect(200).json();
    assert_eq!(me["tenant"]["slug"], "local-46");
    assert_eq!(me["roles"], json!(["member"]));
}

#[test]
fn an_installation_says_whether_people_can_register_by_themselves() {
    for mode in ["invitation", "closed"] {
        let app = TestApp::start_with(&[("UNIONHALL_REGISTRATION_MODE", mode)]);
        let refused = register(&app, ADA, PASSWORD).expect(403);
        assert_eq!(refused.code(), "registration_closed");
    }
    // Unless it says otherwise, an invitation is needed.
    let app = TestApp::start();
    register(&app, ADA, PASSWORD).expect(403);
}

#[test]
fn a_password_that_is_refused_makes_no_account() {
    let app = TestApp::start_with(OPEN);
    let refused = register(&app, ADA, "spark plugs and otters").expect(422);
    assert_eq!(
        refused.json()["errors"][0],
        json!({
            "pointer": "/password", "code": "contains_known_word",
            "detail": "must not contain a part of the e-mail address"
        })
    );
    assert_eq!(app.deliver_mail().len(), 0);
}

#[test]
fn registrations_are_on_record_and_no_secret_is() {
    let app = TestApp::start_with(OPEN);
    let known = app.local.person(Role::Staff);
    register(&app, known.email.as_str(), PASSWORD).expect(202);
    app.ignore_mail();
    let path = "/audit-events?action=registration_refused";
    let events = owner(&app).get(path).expect(200);
    assert_eq!(events.json()["items"][0]["target_id"], known.id.to_string());
    assert!(!events.text().contains(PASSWORD));
}
