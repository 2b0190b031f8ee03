//! Halls that people make by themselves: with a new account or their own, on trial, and read-only when that is over.

use std::time::Duration;

use serde_json::{Value, json};
use unionhall_domain::roles::Role;
use unionhall_testing::{TestApp, app::Answer, eventually};

use crate::{
    fixtures::new_member,
    passwords::{mailed_token, sign_in_with, token_of},
};

const PASSWORD: &str = "gravel-otter-sings-low";
const ADA: &str = "ada@spark.example";
const OPEN: &[(&str, &str)] = &[("UNIONHALL_REGISTRATION_MODE", "open")];

fn body(name: &str, email: &str) -> Value {
    json!({
        "name": name, "time_zone": "America/Denver", "email": email, "password": PASSWORD, "first_name": "Ada",
        "last_name": "Voltz"
    })
}

fn sign_up(app: &TestApp, name: &str, email: &str) -> Answer {
    app.anonymous().post("/tenants", &body(name, email))
}

fn verify(app: &TestApp, token: &str) -> Answer {
    app.anonymous()
        .post("/auth/verify-email", &json!({"token": token}))
}

/// Signs up, follows the link, and gives the tokens of the owner's session.
fn founded(app: &TestApp, name: &str, email: &str) -> Answer {
    sign_up(app, name, email).expect(202);
    verify(app, &mailed_token(app)).expect(204);
    drop(app.deliver_mail());
    sign_in_with(app, email, PASSWORD).expect(200)
}

#[test]
fn whoever_signs_up_owns_a_hall_on_trial_when_the_address_is_verified_and_not_before() {
    let app = TestApp::start_with(OPEN);
    let asked = sign_up(&app, "Fils & Lumière — Local 7", "Ada@Spark.example").expect(202);
    assert_eq!(asked.text(), "");
    let card = "/tenants/fils-lumiere-local-7/card";
    app.anonymous().get(card).expect(404);
    let mails = app.deliver_mail();
    assert_eq!(mails[0].summary.to, ADA);
    assert!(!mails[0].text.contains("Lumi"), "a stranger wrote it");
    verify(&app, &token_of(&mails[0].text)).expect(204);
    app.anonymous().get(card).expect(200);
    let ready = app.deliver_mail();
    assert!(ready[0].summary.subject.ends_with("is ready"));
    let pair = sign_in_with(&app, ADA, PASSWORD).expect(200);
    assert_eq!(pair.text_at("/tenant/slug"), "fils-lumiere-local-7");
    let who = app.with_token(&pair.text_at("/access_token"));
    assert_eq!(who.get("/me").expect(200).json()["roles"], json!(["owner"]));
    let settings = who.get("/tenant").expect(200);
    assert_eq!(settings.text_at("/time_zone"), "America/Denver");
    assert_eq!(settings.text_at("/plan/status"), "trial");
    who.post("/members", &new_member("L-1")).expect(201);
    let trail = who.get("/audit-events?action=created").expect(200).json();
    let targets: Vec<_> = trail["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["target"].as_str().unwrap().to_owned())
        .collect();
    for target in ["tenant", "membership", "member"] {
        assert!(targets.contains(&target.to_owned()), "{targets:?}");
    }
}

#[test]
fn when_the_trial_is_over_the_hall_can_be_read_and_not_changed() {
    let app = TestApp::start_with(OPEN);
    let pair = founded(&app, "Local 7", ADA);
    let who = app.with_token(&pair.text_at("/access_token"));
    who.post("/members", &new_member("L-1")).expect(201);
    let ends_at: jiff::Timestamp = who
        .get("/tenant")
        .expect(200)
        .text_at("/plan/trial_ends_at")
        .parse()
        .unwrap();
    let hours = ends_at.duration_since(app.now()).as_hours();
    assert!((719..=720).contains(&hours), "{hours}");
    app.database().execute(
        "update tenants set trial_ends_at = now() - interval '1 second' where slug = 'local-7'",
    );
    eventually("the end counts", Duration::from_secs(5), || {
        who.post("/members?dry_run=true", &new_member("L-2"))
            .status()
            == 403
    });
    let refused = who.post("/members", &new_member("L-2")).expect(403);
    assert_eq!(refused.code(), "tenant_read_only");
    let members = who.get("/members?include_total=true").expect(200).json();
    assert_eq!(members["total"], 1);
}

#[test]
fn a_known_address_is_answered_like_a_new_one_and_its_owner_is_told_how_to_make_a_hall() {
    let app = TestApp::start_with(OPEN);
    let known = app.local.person(Role::Staff).email.as_str().to_owned();
    let answers = [known.as_str(), ADA].map(|email| {
        let answer = sign_up(&app, "Local 7", email).expect(202);
        (answer.text().to_owned(), answer.lasting_headers())
    });
    assert_eq!(answers[0], answers[1]);
    let mails = app.deliver_mail();
    let mail = mails.iter().find(|mail| mail.summary.to == known).unwrap();
    assert_eq!(mail.summary.subject, "You have an account already");
    assert!(mail.text.contains("make the hall from there") && !mail.text.contains("#token="));
    sign_in_with(&app, &known, PASSWORD).expect(401);
    app.anonymous().get("/tenants/local-7/card").expect(404);
}

#[test]
fn whoever_has_an_account_makes_a_hall_with_it_one_on_trial_at_a_time() {
    let app = TestApp::start_with(OPEN);
    let staff = app.as_role(Role::Staff);
    let made = staff
        .post("/me/tenants", &json!({"name": "Local 7"}))
        .expect(201);
    assert_eq!(made.text_at("/tenant/slug"), "local-7");
    assert_eq!(
        made.header("location"),
        Some("/api/v1/tenants/local-7/card")
    );
    let switched = staff
        .post("/auth/switch-tenant", &json!({"tenant": "local-7"}))
        .expect(200);
    let there = app.with_token(&switched.text_at("/access_token"));
    assert_eq!(
        there.get("/me").expect(200).json()["roles"],
        json!(["owner"])
    );
    let second = there
        .post("/me/tenants", &json!({"name": "Local 8"}))
        .expect(409);
    assert_eq!(second.code(), "duplicate");
    // Whoever tries out none may.
    let taken = json!({"name": "Other", "slug": "local-7"});
    let officer = app.as_role(Role::Officer);
    officer.post("/me/tenants", &taken).expect(409);
    let reserved = officer.post("/me/tenants", &json!({"name": "X", "slug": "admin"}));
    assert_eq!(reserved.expect(422).json()["errors"][0]["code"], "reserved");
}

#[test]
fn of_two_halls_of_one_name_made_at_once_each_has_a_short_name_of_its_own() {
    let app = TestApp::start_with(OPEN);
    app.ignore_mail();
    let roles = [Role::Staff, Role::Officer, Role::Organizer, Role::Member];
    let mut slugs = std::thread::scope(|scope| {
        let threads = roles.map(|role| {
            let app = &app;
            scope.spawn(move || {
                let body = json!({"name": "Local 7"});
                let made = app.as_role(role).post("/me/tenants", &body);
                made.expect(201).text_at("/tenant/slug")
            })
        });
        threads.map(|thread| thread.join().expect("it answers"))
    });
    slugs.sort();
    assert_eq!(slugs, ["local-7", "local-7-2", "local-7-3", "local-7-4"]);
}

#[test]
fn of_one_person_who_makes_two_halls_at_once_one_is_made() {
    let app = TestApp::start_with(OPEN);
    let staff = app.as_role(Role::Staff);
    let mut statuses = std::thread::scope(|scope| {
        let threads = ["Local 7", "Local 8"].map(|name| {
            let staff = &staff;
            scope.spawn(move || staff.post("/me/tenants", &json!({"name": name})).status())
        });
        threads.map(|thread| thread.join().expect("it answers"))
    });
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 409]);
}

#[test]
fn the_link_that_counts_makes_the_hall_that_was_asked_for_with_it_and_no_other() {
    let app = TestApp::start_with(OPEN);
    // A stranger asks for a hall with somebody's address, and then its owner only wants an account.
    sign_up(&app, "A Stranger's Hall", ADA).expect(202);
    let strangers = mailed_token(&app);
    let register = json!({
        "email": ADA, "password": "pebble-heron-hums-high", "first_name": "Ada", "last_name": "Voltz"
    });
    app.anonymous()
        .post("/auth/register", &register)
        .expect(202);
    let own = mailed_token(&app);
    verify(&app, &strangers).expect(422);
    verify(&app, &own).expect(204);
    assert_eq!(app.deliver_mail().len(), 0);
    app.anonymous()
        .get("/tenants/a-strangers-hall/card")
        .expect(404);
    let homeless = sign_in_with(&app, ADA, "pebble-heron-hums-high").expect(403);
    assert_eq!(homeless.code(), "no_place");
}

#[test]
fn a_short_name_that_is_taken_meanwhile_gets_a_number() {
    let app = TestApp::start_with(OPEN);
    let mut asked = body("Local 7", ADA);
    asked["slug"] = json!("seven");
    app.anonymous().post("/tenants", &asked).expect(202);
    let token = mailed_token(&app);
    let other = json!({"name": "Other", "slug": "seven"});
    app.as_role(Role::Staff)
        .post("/me/tenants", &other)
        .expect(201);
    asked["email"] = json!("grace@spark.example");
    let refused = app.anonymous().post("/tenants", &asked).expect(409);
    assert_eq!(refused.code(), "duplicate");
    verify(&app, &token).expect(204);
    drop(app.deliver_mail());
    let pair = sign_in_with(&app, ADA, PASSWORD).expect(200);
    assert_eq!(pair.text_at("/tenant/slug"), "seven-2");
}

#[test]
fn where_people_do_not_register_by_themselves_nobody_makes_a_hall() {
    for mode in ["invitation", "closed"] {
        let app = TestApp::start_with(&[("UNIONHALL_REGISTRATION_MODE", mode)]);
        let refused = sign_up(&app, "Local 7", ADA).expect(403);
        assert_eq!(refused.code(), "registration_closed");
        let body = json!({"name": "Local 7"});
        let refused = app.as_role(Role::Owner).post("/me/tenants", &body);
        assert_eq!(refused.expect(403).code(), "registration_closed");
        assert_eq!(app.deliver_mail().len(), 0);
    }
}

#[test]
fn the_password_holds_no_part_of_the_halls_name() {
    let app = TestApp::start_with(OPEN);
    let mut asked = body("Spark Plugs", ADA);
    asked["password"] = json!("the sparkplugs forever");
    let refused = app.anonymous().post("/tenants", &asked).expect(422);
    assert_eq!(
        refused.json()["errors"][0],
        json!({
            "pointer": "/password", "code": "contains_known_word",
            "detail": "must not contain the name of the hall"
        })
    );
}
