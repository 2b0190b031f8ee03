//! The tenant itself: its settings, what it uses, and what it may still do when its trial has ended, or it is
//! suspended or canceled: everything can be read, nothing is changed.

use std::time::Duration;

use serde_json::json;
use unionhall_domain::roles::Role;
use unionhall_testing::{TestApp, eventually};

use crate::{
    changes::changes,
    fixtures::{new_member, owner, records},
};

/// What is promised: so long after the operator has said so it counts everywhere.
const PROMISE: Duration = Duration::from_secs(5);

/// Puts the local there.
fn stand(app: &TestApp, status: &str, trial_ends: &str) {
    app.database().execute(&format!(
        "update tenants set status = '{status}', trial_ends_at = {trial_ends} where slug = 'local-46'"
    ));
}

#[test]
fn a_suspended_tenant_refuses_every_change_and_shows_everything() {
    let app = TestApp::start();
    app.ignore_mail();
    let records = records(&app, &owner(&app), "L");
    stand(&app, "suspended", "null");
    let who = owner(&app);
    eventually("the suspension counts", PROMISE, || {
        who.post("/members?dry_run=true", &new_member("L-9"))
            .status()
            == 403
    });
    for change in changes(&app, &records) {
        let request = who.request(change.method, &change.path);
        let request = match &change.body {
            Some(body) => request.json(body),
            None => request,
        };
        let answer = request.send().expect(403);
        assert_eq!(answer.code(), "tenant_read_only", "{}", change.path);
        let detail = answer.text_at("/detail");
        assert!(detail.ends_with("it is suspended"), "{detail}");
    }
    for path in [
        "/members",
        "/organizations",
        "/grievances",
        "/audit-events",
        "/auth/me",
    ] {
        who.get(path).expect(200);
    }
    let path = format!("/grievances/{}", records.grievance);
    who.get(&path).expect(200);
    // People still come and go.
    app.sign_in(app.local.person(Role::Staff).email.as_str())
        .expect(200);
    // Another tenant on the same installation works on.
    let trust = app.in_trust(Role::Owner);
    trust.post("/members", &new_member("T-1")).expect(201);
    stand(&app, "active", "null");
    eventually("the tenant works again", PROMISE, || {
        who.post("/members?dry_run=true", &new_member("L-9"))
            .status()
            == 201
    });
    who.post("/members", &new_member("L-9")).expect(201);
}

#[test]
fn a_trial_changes_what_it_likes_until_it_ends_and_then_nothing() {
    let app = TestApp::start();
    stand(&app, "trial", "now() + interval '1 day'");
    let who = owner(&app);
    who.post("/members", &new_member("L-1")).expect(201);
    stand(&app, "trial", "now() - interval '1 second'");
    eventually("the end of the trial counts", PROMISE, || {
        who.post("/members?dry_run=true", &new_member("L-2"))
            .status()
            == 403
    });
    let answer = who.post("/members", &new_member("L-2")).expect(403);
    assert!(answer.text_at("/detail").ends_with("its trial has ended"));
    who.get("/members").expect(200);
}

#[test]
fn settings_are_changed_by_version_and_the_trail_tells_what_they_were_before() {
    let app = TestApp::start();
    let who = owner(&app);
    let found = who.get("/tenant").expect(200);
    assert_eq!(found.header("etag"), Some("\"1\""));
    assert_eq!(found.text_at("/registration_policy"), "closed");
    let body = json!({
        "name": "Local 46 of Kent", "second_language_name": "Sección 46", "country": "US",
        "website": "https://hall.example", "second_factor_roles": ["staff", "officer", "staff"],
        "registration_policy": "as_member", "time_zone": "America/Denver"
    });
    let change = |tag: &str| {
        let request = who.request("PATCH", "/tenant").header("If-Match", tag);
        request.json(&body).send()
    };
    let changed = change("\"1\"").expect(200);
    assert_eq!(changed.header("etag"), Some("\"2\""));
    assert_eq!(
        changed.json()["second_factor_roles"],
        json!(["officer", "staff"])
    );
    assert_eq!(change("\"1\"").expect(412).code(), "stale");
    assert_eq!(who.get("/tenant").expect(200).json(), changed.json());
    // What is remembered of sessions is forgotten at once.
    let me = who.get("/auth/me").expect(200);
    assert_eq!(me.text_at("/tenant/name"), "Local 46 of Kent");
    let trail = who.get("/audit-events?target=tenant&action=updated");
    let event = trail.expect(200).json()["items"][0].clone();
    let name = json!({"field": "name", "before": "Hall local-46", "after": "Local 46 of Kent"});
    assert!(
        event["changes"].as_array().unwrap().contains(&name),
        "{event}"
    );
    assert!(event["details"]["effective_date"].is_string(), "{event}");
    // The other tenant is as it was.
    let trust = app.in_trust(Role::Owner).get("/tenant").expect(200);
    assert_eq!(trust.header("etag"), Some("\"1\""));
}

#[test]
fn a_rehearsal_of_settings_keeps_nothing_and_a_retry_does_them_once() {
    let app = TestApp::start();
    let who = owner(&app);
    let body = json!({"city": "Kent"});
    let rehearsed = who.patch("/tenant?dry_run=true", &body).expect(200);
    assert_eq!(rehearsed.text_at("/city"), "Kent");
    assert_eq!(who.get("/tenant").expect(200).json()["city"], json!(null));
    let send = || {
        let request = who.request("PATCH", "/tenant");
        request.header("Idempotency-Key", "k1").json(&body).send()
    };
    let first = send().expect(200);
    let again = send().expect(200);
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(first.text(), again.text());
    assert_eq!(who.get("/tenant").expect(200).header("etag"), Some("\"2\""));
}

#[test]
fn statistics_are_counted_from_what_is_there() {
    let app = TestApp::start();
    let who = owner(&app);
    let before = who.get("/tenant/statistics").expect(200).json();
    assert_eq!(
        before["users_by_state"],
        json!({"active": 9, "inactive": 0})
    );
    assert_eq!(before["users_by_role"]["staff"], 1);
    app.database().execute(
        "update users set state = 'inactive' where email = 'staff@local46.example';
         update membership_roles r set expires_at = now() - interval '1 second' from tenants t
         where t.id = r.tenant_id and t.slug = 'local-46' and r.role = 'officer';
         update tenants set used_storage_bytes = 12 where slug = 'local-46'",
    );
    let after = who.get("/tenant/statistics").expect(200).json();
    assert_eq!(after["users_by_state"], json!({"active": 8, "inactive": 1}));
    assert_eq!(after["users_by_role"]["staff"], 0);
    assert_eq!(after["users_by_role"]["officer"], 0);
    assert_eq!(after["users_by_role"]["owner"], 1);
    assert_eq!(after["used_storage_bytes"], 12);
    assert_eq!(after["plan"]["status"], "active");
}

#[test]
fn the_card_of_a_tenant_tells_everybody_its_names_and_kind_and_nothing_else() {
    let app = TestApp::start();
    let card = app.anonymous().get("/tenants/local-46/card").expect(200);
    let expected = json!({
        "name": "Hall local-46", "second_language_name": null, "kind": "local"
    });
    assert_eq!(card.json(), expected);
    for slug in ["local-47", "Local-46", "%00"] {
        let path = format!("/tenants/{slug}/card");
        app.anonymous().get(&path).expect(404);
    }
    stand(&app, "canceled", "null");
    app.anonymous().get("/tenants/local-46/card").expect(404);
}
