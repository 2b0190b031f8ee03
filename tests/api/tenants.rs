//! Tenants whose trial has ended, or that are suspended or canceled: everything can be read, nothing is changed.

use std::time::Duration;

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
