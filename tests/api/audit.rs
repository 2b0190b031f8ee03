//! The audit trail: every change and every sensitive read is on record, and nobody can take it back.

use serde_json::{Value, json};
use unionhall_domain::roles::Role;
use unionhall_testing::{
    TestApp,
    app::{DEVICE, PASSWORD},
    sql::Sql,
};

use crate::{
    changes::changes,
    fixtures::{Records, case, made, new_member, owner, records, school::School, texts},
};

/// The events of one request.
fn events_of(app: &TestApp, request: &str) -> Vec<Value> {
    let list = owner(app).get("/audit-events?limit=100").expect(200).json();
    let items = list["items"].as_array().cloned().unwrap_or_default();
    items
        .into_iter()
        .filter(|event| event["request_id"] == request)
        .collect()
}

/// Sends a request with an id of its own and returns what the trail says of it.
fn on_record(app: &TestApp, method: &str, path: &str, body: Option<&Value>) -> Value {
    let id = format!("{method}-{}", path.replace(['/', '?', '&', '='], "-"));
    let request = app.as_role(Role::Admin).request(method, path);
    let request = request.header("X-Request-Id", &id);
    let answer = match body {
        Some(body) => request.json(body).send(),
        None => request.send(),
    };
    assert!(answer.status() < 300, "{answer:#?}");
    let mut events = events_of(app, &id);
    // What ends a grievance writes its reason into the log, and what reopens one releases what was owed out of its
    // settlement: these have events of their own. So have the deadlines that are counted when an agreement is set.
    let along = ["representation_entry", "obligation", "deadline"].map(|kind| json!(kind));
    events.retain(|event| !along.contains(&event["target"]));
    assert_eq!(events.len(), 1, "{method} {path}: {events:#?}");
    let event = events.remove(0);
    let admin = app.local.person(Role::Admin);
    assert_eq!(event["actor_kind"], "user");
    assert_eq!(event["actor_id"], admin.id.to_string());
    assert_eq!(event["actor_email"], admin.email.as_str());
    assert_eq!(event["address"], "127.0.0.1");
    assert_eq!(event["device"], DEVICE);
    event
}

#[test]
fn every_change_is_on_record_with_who_what_and_where_from() {
    let app = TestApp::start();
    app.ignore_mail();
    let records = records(&app, &owner(&app), "L");
    for change in changes(&app, &records) {
        let event = on_record(&app, change.method, &change.path, change.body.as_ref());
        let said = (&event["action"], &event["target"]);
        assert_eq!(
            said,
            (&json!(change.action), &json!(change.target)),
            "{}",
            change.path
        );
        match change.id {
            Some(id) => assert_eq!(event["target_id"], id),
            None => assert!(event["target_id"].is_string()),
        }
    }
}

/// Reads of personal data, with what the trail calls them and the record, unless it is a list.
fn reads(records: &Records) -> Vec<(String, &'static str, &'static str, Option<&String>)> {
    let Records {
        member,
        member_number,
        grievance,
        grievance_number,
        activity,
        campaigns,
        employer,
        ..
    } = records;
    let score = format!("/organizations/{employer}/salting-score");
    let read = |path: String, target, id| (path, "read", target, Some(id));
    let listed = |path: &str, target| (path.to_owned(), "listed", target, None);
    vec![
        read(format!("/members/{member}"), "member", member),
        read(
            format!("/members/by-number/{member_number}"),
            "member",
            member,
        ),
        listed("/members?q=voltz&status=active", "member"),
        read(format!("/grievances/{grievance}"), "grievance", grievance),
        read(
            format!("/grievances/by-number/{grievance_number}"),
            "grievance",
            grievance,
        ),
        read(
            format!("/grievances/{grievance}/steps"),
            "grievance",
            grievance,
        ),
        listed("/grievances?status=open", "grievance"),
        read(
            format!("/salting-activities/{activity}"),
            "salting_activity",
            activity,
        ),
        listed("/salting-activities?outcome=pending", "salting_activity"),
        listed("/salting-activities/statistics", "salting_activity"),
        read(
            format!("/campaigns/{}", campaigns.active),
            "campaign",
            &campaigns.active,
        ),
        read(
            format!("/campaigns/{}/progress", campaigns.active),
            "campaign",
            &campaigns.active,
        ),
        listed("/campaigns?status=active", "campaign"),
        read(score.clone(), "salting_score", employer),
        read(format!("{score}/history"), "salting_score", employer),
        listed("/audit-events?limit=1", "audit_trail"),
        listed(
            &format!("/audit-events/by-record/member/{member}"),
            "audit_trail",
        ),
    ]
}

/// The same of what the school keeps.
fn reads_of_the_school(
    school: &School,
) -> Vec<(String, &'static str, &'static str, Option<&String>)> {
    let read = |path: String, target, id| (path, "read", target, Some(id));
    let listed = |path: &str, target| (path.to_owned(), "listed", target, None);
    vec![
        read(
            format!("/instructors/{}", school.instructor),
            "instructor",
            &school.instructor,
        ),
        listed("/instructors?q=volt", "instructor"),
        read(
            format!("/students/{}", school.student),
            "student",
            &school.student,
        ),
        read(
            format!("/students/{}/history", school.student),
            "student",
            &school.student,
        ),
        listed("/students?status=enrolled", "student"),
        listed(&format!("/cohorts/{}/students", school.cohort), "student"),
    ]
}

#[test]
fn every_sensitive_read_is_on_record_before_the_answer_leaves() {
    let app = TestApp::start();
    let records = records(&app, &owner(&app), "L");
    let mut all = reads(&records);
    all.extend(reads_of_the_school(&records.school));
    for (path, action, target, id) in all {
        let event = on_record(&app, "GET", &path, None);
        let said = (&event["action"], &event["target"], &event["target_id"]);
        assert_eq!(said, (&json!(action), &json!(target), &json!(id)), "{path}");
    }
    let list = "/audit-events?action=listed&target=member";
    let listed = owner(&app).get(list).expect(200).json();
    let details = &listed["items"][0]["details"];
    assert_eq!(
        *details,
        json!({"count": "2", "status": "active", "q": "voltz"})
    );
}

#[test]
fn a_change_names_the_fields_it_touched_before_and_after() {
    let app = TestApp::start();
    let id = made(&owner(&app), "/members", &new_member("L-1"));
    let body = json!({"city": "Burien", "email": null, "first_name": "Ada"});
    let event = on_record(&app, "PATCH", &format!("/members/{id}"), Some(&body));
    let expected = json!([
        {"field": "city", "before": "Kent", "after": "Burien"},
        {"field": "email", "before": "l-1@example.org", "after": null}
    ]);
    assert_eq!(event["changes"], expected);
}

#[test]
fn what_changes_nothing_and_what_is_refused_leaves_no_change_on_record() {
    let app = TestApp::start();
    let who = owner(&app);
    let case = case(&who, "L-1");
    let sql = Sql::connect(&app.database().owner_url());
    let changes =
        "select count(*) from audit_events where action not in ('read', 'listed', 'signed_in')";
    let before = sql.number(changes);
    who.patch(
        &format!("/members/{}", case.member),
        &json!({"city": "Kent"}),
    )
    .expect(200);
    who.post("/members", &new_member("L-1")).expect(409);
    who.delete(&format!("/members/{}", case.member)).expect(409);
    who.act(&format!("/grievances/{}/advance", case.grievance))
        .expect(409);
    who.post("/members?dry_run=true", &new_member("L-2"))
        .expect(201);
    assert_eq!(sql.number(changes), before);
}

#[test]
fn the_trail_is_filtered_by_actor_action_target_and_time() {
    let app = TestApp::start();
    let who = owner(&app);
    let begin = app.now();
    let case = case(&who, "L-1");
    let middle = app.now();
    app.as_role(Role::Staff)
        .get(&format!("/members/{}", case.member))
        .expect(200);
    let staff = app.local.person(Role::Staff).id;
    let member = &case.member;
    let found = |query: &str| {
        let list = who
            .get(&format!("/audit-events?limit=100&{query}"))
            .expect(200);
        texts(&list.json(), "action")
    };
    assert_eq!(found(&format!("actor={staff}")), ["read", "signed_in"]);
    assert_eq!(found("action=created").len(), 3);
    assert_eq!(found("action=created&target=member"), ["created"]);
    assert_eq!(found(&format!("target_id={member}")), ["read", "created"]);
    assert_eq!(
        found(&format!("target_id={member}&actor={staff}")),
        ["read"]
    );
    let between = format!("from={begin}&until={middle}&action=created");
    assert_eq!(found(&between).len(), 3);
    assert_eq!(found(&format!("from={middle}&action=created")), [""; 0]);
    assert_eq!(found(&format!("until={begin}&action=created")), [""; 0]);
    for wrong in ["action=lost", "target=planet", "actor=7", "from=today"] {
        who.get(&format!("/audit-events?{wrong}")).expect(400);
    }
}

#[test]
fn the_history_of_one_record_comes_newest_first() {
    let app = TestApp::start();
    let who = owner(&app);
    let id = made(&who, "/members", &new_member("L-1"));
    let path = format!("/members/{id}");
    who.patch(&path, &json!({"city": "Burien"})).expect(200);
    who.delete(&path).expect(204);
    who.act(&format!("{path}/restore")).expect(200);
    who.get(&path).expect(200);
    let history = |query: &str| {
        let path = format!("/audit-events/by-record/member/{id}{query}");
        texts(&who.get(&path).expect(200).json(), "action")
    };
    let expected = ["read", "restored", "deleted", "updated", "created"];
    assert_eq!(history(""), expected);
    assert_eq!(history("?limit=2"), expected[..2]);
    who.get(&format!("/audit-events/by-record/planet/{id}"))
        .expect(404);
    let other = who.get(&format!("/audit-events/by-record/grievance/{id}"));
    assert_eq!(other.expect(200).json()["items"], json!([]));
}

#[test]
fn the_database_refuses_to_change_the_trail_for_everybody_the_program_can_be() {
    let app = TestApp::start();
    let _case = case(&owner(&app), "L-1");
    let tenant = app.local.id();
    for url in [
        app.database().runtime_url(),
        app.database().table_owner_url(),
        app.database().owner_url(),
    ] {
        let sql = Sql::connect(&url);
        for scope in ["tenant", "identity", "audit", "worker"] {
            let _entered = sql.rows(&format!(
                "select set_config('app.tenant', '{tenant}', false), set_config('app.scope', '{scope}', false)"
            ));
            for statement in [
                "update audit_events set action = 'forgotten'",
                "delete from audit_events",
                "truncate audit_events",
            ] {
                let refused = sql.try_rows(statement).expect_err(statement);
                assert_eq!(refused.state, "42501", "{refused:?}");
            }
        }
    }
    let runtime = Sql::connect(&app.database().runtime_url());
    for statement in [
        "drop table audit_events",
        "alter table audit_events disable trigger all",
        "alter table audit_events disable row level security",
        "drop trigger audit_events_unchanged on audit_events",
    ] {
        assert_eq!(
            runtime.try_rows(statement).expect_err(statement).state,
            "42501"
        );
    }
}

#[test]
fn no_secret_is_in_the_trail() {
    let app = TestApp::start();
    app.ignore_mail();
    let email = app.local.person(Role::Staff).email.as_str().to_owned();
    let pair = app.sign_in(&email);
    let body = json!({"email": email, "password": "not-the-password"});
    app.anonymous().post("/auth/login", &body).expect(401);
    let body = json!({"refresh_token": pair.text_at("/refresh_token")});
    let next = app.anonymous().post("/auth/refresh", &body).expect(200);
    app.anonymous().post("/auth/refresh", &body).expect(401);
    let sql = Sql::connect(&app.database().owner_url());
    let trail = sql
        .column("select string_agg(t::text, ' ') from audit_events t")
        .concat();
    for secret in [
        PASSWORD,
        "not-the-password",
        &pair.text_at("/refresh_token"),
        &pair.text_at("/access_token"),
        &next.text_at("/refresh_token"),
        "$2b$",
    ] {
        assert!(!trail.contains(secret), "{secret}");
    }
    let kept = sql
        .column("select string_agg(encode(hash, 'base64'), ' ') from refresh_tokens")
        .concat();
    assert!(!kept.contains(&pair.text_at("/refresh_token")));
}
