//! An administrator resets the factor of somebody who has lost it.

use serde_json::{Value, json};
use unionhall_domain::roles::Role;
use unionhall_testing::{
    TestApp,
    app::{Answer, Identity},
};

use super::phone::{email, enrol, sign_in};
use super::unheard;
use crate::fixtures::{owner, reason};

fn reset(app: &TestApp, by: &Identity<'_>, of: Role) -> Answer {
    let path = format!("/users/{}/reset-second-factor", app.local.person(of).id);
    by.post(&path, &reason())
}

#[test]
fn a_reset_ends_factor_and_sessions_is_on_record_and_told_by_mail() {
    let app = TestApp::start();
    enrol(&app, Role::Staff);
    let staff = app.as_role(Role::Staff);
    staff.get("/members").expect(200);
    assert_eq!(app.deliver_mail().len(), 1, "of setting it up");
    let admin = app.as_role(Role::Admin);
    reset(&app, &admin, Role::Staff).expect(204);
    staff.get("/members").expect(401);
    let signed_in = sign_in(&app, &email(&app, Role::Staff), None).json();
    assert!(signed_in["access_token"].is_string());
    let mails = app.deliver_mail();
    assert_eq!(mails.len(), 1, "{mails:#?}");
    assert!(format!("{:?}", mails[0]).contains("Your second factor was reset"));
    let trail = owner(&app).get("/audit-events?action=second_factor_reset");
    let event = &trail.expect(200).json()["items"][0];
    assert_eq!(
        event["actor_id"],
        json!(app.local.person(Role::Admin).id.to_string())
    );
    assert!(
        event.to_string().contains("The member asked for it."),
        "{event}"
    );
    // There is none any more.
    assert_eq!(
        reset(&app, &admin, Role::Staff).expect(404).code(),
        "not_found"
    );
}

#[test]
fn a_reset_can_be_rehearsed_and_is_done_once_however_often_it_is_sent() {
    let app = TestApp::start();
    enrol(&app, Role::Staff);
    assert_eq!(app.deliver_mail().len(), 1, "of setting it up");
    let admin = app.as_role(Role::Admin);
    let path = format!(
        "/users/{}/reset-second-factor",
        app.local.person(Role::Staff).id
    );
    let rehearsed = admin.post(&format!("{path}?dry_run=true"), &reason());
    assert_eq!(rehearsed.expect(204).header("dry-run"), Some("true"));
    let state = || {
        app.as_role(Role::Staff)
            .get("/me/second-factor")
            .expect(200)
            .json()["state"]
            .clone()
    };
    assert_eq!(state(), Value::from("confirmed"));
    for replayed in [None, Some("true")] {
        let request = admin.request("POST", &path).header("Idempotency-Key", "k1");
        let answer = request.json(&reason()).send().expect(204);
        assert_eq!(answer.header("idempotent-replayed"), replayed);
    }
    assert_eq!(app.deliver_mail().len(), 1);
}

#[test]
fn nobody_resets_their_own_factor_or_that_of_somebody_above() {
    let app = unheard();
    enrol(&app, Role::Owner);
    enrol(&app, Role::Admin);
    let admin = app.as_role(Role::Admin);
    let own = reset(&app, &admin, Role::Admin);
    assert_eq!(own.expect(403).code(), "not_oneself");
    let above = reset(&app, &admin, Role::Owner);
    assert_eq!(above.expect(403).code(), "above_own_role");
    // Whoever owns another hall is above, however little they are here.
    enrol(&app, Role::Contact);
    let elsewhere = unionhall_ports::identity::Membership {
        user: app.local.person(Role::Contact).id,
        ..app.trust.membership(Role::Owner, None)
    };
    unionhall_testing::builders::store(
        app.storage(),
        unionhall_ports::unit_of_work::Scope::Identity,
        |tx| tx.identity().put_membership(&elsewhere, app.now()),
    );
    let above = reset(&app, &admin, Role::Contact);
    assert_eq!(above.expect(403).code(), "above_own_role");
    let theirs = format!(
        "/users/{}/reset-second-factor",
        app.trust.person(Role::Staff).id
    );
    assert_eq!(
        admin.post(&theirs, &reason()).expect(404).code(),
        "not_found"
    );
}
