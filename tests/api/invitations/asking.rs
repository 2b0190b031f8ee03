//! What an office does with invitations, and what it does not learn.

use insta::assert_json_snapshot;
use serde_json::json;
use unionhall_domain::roles::Role;
use unionhall_testing::TestApp;

use super::{ADA, NEW, accept, invite, seen, sent, validate};
use crate::{
    concurrency::{at_once, statuses},
    fixtures::{contact, made, new_member, owner, reason, someone, texts},
    passwords::{mailed_token, token_of},
};

#[test]
fn an_invitation_is_shown_whole_and_its_mail_says_who_invites_where_to_and_until_when() {
    let app = TestApp::start();
    let mut body = invite(ADA);
    body["job_title"] = json!("Dispatcher");
    body["message"] = json!("Welcome to the <b>office</b>!\nRobin");
    body["expires_in_days"] = json!(3);
    body["roles"] =
        json!([{"role": "staff"}, {"role": "officer", "expires_at": "2127-01-01T00:00:00Z"}]);
    let made = owner(&app).post("/invitations", &body).expect(201);
    let path = format!("/invitations/{}", made.text_at("/id"));
    assert_eq!(
        made.header("location"),
        Some(format!("/api/v1{path}").as_str())
    );
    assert_eq!(made.header("etag"), Some("\"1\""));
    assert_json_snapshot!("whole", made.json(), {
        ".id" => "[id]", ".invited_by" => "[owner]", ".sent_at" => "[now]", ".expires_at" => "[in three days]",
        ".created_at" => "[now]", ".updated_at" => "[now]",
    });
    assert_eq!(owner(&app).get(&path).expect(200).json(), made.json());
    let mails = app.deliver_mail();
    let (text, html) = (&mails[0].text, mails[0].html.as_ref().expect("it has HTML"));
    assert_eq!(mails[0].summary.to, ADA);
    assert_eq!(mails[0].summary.subject, "You are invited to Hall local-46");
    assert!(text.starts_with("Hello Ada,"), "{text}");
    for said in [
        "Robin owner invites you to work with Hall local-46 on Unionhall, as officer and staff.",
        "Welcome to the <b>office</b>!",
        "/account/accept-invitation#token=",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    assert!(!html.contains("<b>office"), "{html}");
    // Whoever has the token is told what they need to decide; the token itself is told to nobody else.
    let token = token_of(text);
    let welcome = validate(&app, &token).expect(200);
    assert_json_snapshot!("welcome", welcome.json(), { ".expires_at" => "[in three days]" });
    assert!(!made.text().contains(&token) && !welcome.text().contains(&token));
    let trail = owner(&app).get("/audit-events?limit=100").expect(200);
    assert!(!trail.text().contains(&token));
    owner(&app).get(&format!("{path}/{token}")).expect(404);
}

#[test]
fn whether_somebody_has_an_account_elsewhere_is_nothing_that_an_inviter_can_tell() {
    let app = TestApp::start();
    let elsewhere = app.trust.person(Role::Staff).email.as_str().to_owned();
    let mut answers = [&elsewhere, "nobody@trust.example"].map(|email| sent(&app, email));
    let own = [
        "id",
        "email",
        "sent_at",
        "expires_at",
        "created_at",
        "updated_at",
    ];
    let [known, unknown] = answers.each_mut().map(|answer| {
        let mut body = answer.json();
        for field in own {
            body.as_object_mut().expect("an object").remove(field);
        }
        (answer.status(), body, answer.round_trips())
    });
    assert_eq!(known, unknown);
    let [known, unknown] = [&elsewhere, "nobody@trust.example"].map(|email| {
        let again = owner(&app).post("/invitations", &invite(email)).expect(409);
        seen(&again)
    });
    assert_eq!(known, unknown);
    let mails = app.deliver_mail();
    let [known, unknown] = [&mails[0].text, &mails[1].text].map(|text| {
        let token = token_of(text);
        text.replace(&token, "[token]")
    });
    assert_eq!(known, unknown);
}

#[test]
fn users_of_the_tenant_are_not_invited_and_those_removed_come_back_by_invitation() {
    let app = TestApp::start();
    let who = owner(&app);
    let refused = |email: &str| {
        let answer = who.post("/invitations", &invite(email)).expect(409);
        assert_eq!(answer.code(), "duplicate");
        answer.text_at("/detail")
    };
    let detail = refused(app.local.person(Role::Member).email.as_str());
    assert!(
        detail.ends_with("is a user of this tenant already"),
        "{detail}"
    );
    let id = contact(&app, &app.local, ADA);
    let path = format!("/users/{id}");
    who.post(&format!("{path}/suspend"), &reason()).expect(200);
    let detail = refused(ADA);
    assert!(detail.ends_with("and suspended"), "{detail}");
    who.delete(&path).expect(204);
    sent(&app, ADA);
    let token = mailed_token(&app);
    accept(&app, &token, unionhall_testing::app::PASSWORD).expect(204);
    let back = who.get(&path).expect(200).json();
    assert_eq!(
        (&back["state"], &back["roles"][0]["role"]),
        (&json!("active"), &json!("staff"))
    );
    drop(app.deliver_mail());
    let trail = format!("/audit-events?target_id={id}&action=restored");
    assert_eq!(texts(&who.get(&trail).json(), "actor_id"), [id]);
}

#[test]
fn one_invitation_waits_at_each_address_also_when_two_are_sent_at_once() {
    let app = TestApp::start();
    let answers = at_once(4, |_| owner(&app).post("/invitations", &invite(ADA)));
    assert_eq!(statuses(&answers), [201, 409, 409, 409], "{answers:#?}");
    assert_eq!(app.deliver_mail().len(), 1);
    // In another tenant, another one waits.
    app.in_trust(Role::Owner)
        .post("/invitations", &invite(ADA))
        .expect(201);
    assert_eq!(app.deliver_mail().len(), 1);
}

#[test]
fn sent_again_the_older_link_is_dead_and_taken_back_both_are() {
    let app = TestApp::start();
    let id = sent(&app, ADA).text_at("/id");
    let older = mailed_token(&app);
    let path = format!("/invitations/{id}");
    let admin = app.as_role(Role::Admin);
    let again = admin
        .post(&format!("{path}/resend"), &json!({"expires_in_days": 30}))
        .expect(200);
    assert_eq!(again.header("etag"), Some("\"2\""));
    let admins = app.local.person(Role::Admin).id.to_string();
    assert_eq!(again.text_at("/invited_by"), admins);
    let newer = mailed_token(&app);
    validate(&app, &older).expect(422);
    validate(&app, &newer).expect(200);
    // Without a body it is good for as long as usual.
    admin.act(&format!("{path}/resend")).expect(200);
    let newest = mailed_token(&app);
    validate(&app, &newer).expect(422);
    let canceled = admin.act(&format!("{path}/cancel")).expect(200).json();
    assert_eq!(
        (&canceled["status"], &canceled["allowed_actions"]),
        (&json!("canceled"), &json!([]))
    );
    validate(&app, &newest).expect(422);
    let refused = admin.act(&format!("{path}/cancel")).expect(409);
    assert_eq!(refused.code(), "illegal_move");
    admin.act(&format!("{path}/resend")).expect(409);
    // Then somebody may be invited anew.
    sent(&app, ADA);
    drop(app.deliver_mail());
}

#[test]
fn an_invitation_runs_out_by_itself_and_makes_room_for_another() {
    let app = TestApp::start();
    let path = format!("/invitations/{}", sent(&app, ADA).text_at("/id"));
    let late = mailed_token(&app);
    app.database().execute(
        "update invitations set sent_at = sent_at - interval '8 days', expires_at = expires_at - interval '8 days'",
    );
    validate(&app, &late).expect(422);
    let who = owner(&app);
    let expired = who.get(&path).expect(200).json();
    assert_eq!(
        (&expired["status"], &expired["allowed_actions"]),
        (&json!("expired"), &json!(["resend"]))
    );
    who.act(&format!("{path}/cancel")).expect(409);
    // Sent again it waits again.
    who.act(&format!("{path}/resend")).expect(200);
    validate(&app, &mailed_token(&app)).expect(200);
    app.database().execute(
        "update invitations set sent_at = sent_at - interval '8 days', expires_at = expires_at - interval '8 days'",
    );
    sent(&app, ADA);
    drop(app.deliver_mail());
    let listed = who.get("/invitations?sort=created_at").expect(200).json();
    assert_eq!(texts(&listed, "status"), ["expired", "pending"]);
    who.act(&format!("{path}/resend")).expect(409);
}

#[test]
fn invitations_are_found_by_status_role_name_and_address_page_by_page() {
    let app = TestApp::start();
    app.ignore_mail();
    let who = owner(&app);
    for (email, name, role) in [
        ("grace@spark.example", "Grace", "officer"),
        ("ada@spark.example", "Ada", "staff"),
        ("zoe@elsewhere.example", "Zoë", "staff"),
    ] {
        let body = json!({"email": email, "first_name": name, "roles": [{"role": role}]});
        who.post("/invitations", &body).expect(201);
    }
    let zoe = who.get("/invitations?q=zoe").text_at("/items/0/id");
    who.act(&format!("/invitations/{zoe}/cancel")).expect(200);
    let found = |query: &str| {
        let list = app
            .as_role(Role::Admin)
            .get(&format!("/invitations?{query}"));
        texts(&list.expect(200).json(), "email").join(" ")
    };
    let newest_first = "zoe@elsewhere.example ada@spark.example grace@spark.example";
    assert_eq!(found(""), newest_first);
    assert_eq!(
        found("q=spark&sort=email"),
        "ada@spark.example grace@spark.example"
    );
    assert_eq!(found("role=officer"), "grace@spark.example");
    assert_eq!(found("status=canceled"), "zoe@elsewhere.example");
    assert_eq!(found("status=pending&role=staff"), "ada@spark.example");
    assert_eq!(found("status=accepted"), "");
    let first = who
        .get("/invitations?limit=2&include_total=true")
        .expect(200);
    assert_eq!(first.json()["total"], 3);
    let next = first.text_at("/next_cursor");
    let second = who
        .get(&format!("/invitations?limit=2&cursor={next}"))
        .json();
    assert_eq!(texts(&second, "email"), ["grace@spark.example"]);
    who.get("/invitations?status=lost").expect(400);
}

#[test]
fn nobody_invites_to_a_role_above_their_own_and_who_is_no_administrator_invites_nobody() {
    let app = TestApp::start();
    let admin = app.as_role(Role::Admin);
    let owners = json!({"email": ADA, "roles": [{"role": "owner"}]});
    let refused = admin.post("/invitations", &owners).expect(403);
    assert_eq!(refused.code(), "above_own_role");
    let path = owner(&app).post("/invitations", &owners).expect(201);
    let path = format!("/invitations/{}", path.text_at("/id"));
    for verb in ["resend", "cancel"] {
        let refused = admin.act(&format!("{path}/{verb}")).expect(403);
        assert_eq!(refused.code(), "above_own_role");
    }
    let seen = admin.get(&path).expect(200).json();
    assert_eq!(seen["allowed_actions"], json!([]));
    drop(app.deliver_mail());
    for role in [Role::Officer, Role::Staff, Role::Member] {
        let refused = app.as_role(role).post("/invitations", &invite(ADA));
        assert_eq!(refused.expect(403).code(), "forbidden");
    }
}

#[test]
fn a_full_hall_invites_nobody_and_the_last_place_is_given_once() {
    let app = TestApp::start();
    sent(&app, ADA);
    sent(&app, "grace@spark.example");
    let tokens: Vec<_> = app
        .deliver_mail()
        .iter()
        .map(|mail| token_of(&mail.text))
        .collect();
    let limit = |places: u32| {
        app.database().execute(&format!(
            "update tenants set max_users = {places} where slug = 'local-46'"
        ));
    };
    limit(9);
    let refused = owner(&app).post("/invitations", &invite("zoe@spark.example"));
    assert_eq!(refused.expect(409).code(), "limit_reached");
    let refused = accept(&app, &tokens[0], NEW).expect(409);
    assert_eq!(refused.code(), "limit_reached");
    limit(10);
    let answers = at_once(2, |index| accept(&app, &tokens[index], NEW));
    assert_eq!(statuses(&answers), [204, 409], "{answers:#?}");
    assert_eq!(app.deliver_mail().len(), 1);
}

#[test]
fn whoever_is_invited_as_a_member_is_that_member_and_nobody_else_is() {
    let app = TestApp::start();
    let who = owner(&app);
    let member = made(&who, "/members", &new_member("L-1"));
    let body = |email: &str| {
        let mut body = invite(email);
        body["member_id"] = json!(member);
        body["roles"] = json!([{"role": "member"}]);
        body
    };
    who.post("/invitations", &body(ADA)).expect(201);
    let refused = who.post("/invitations", &body("grace@spark.example"));
    assert_eq!(refused.expect(409).code(), "duplicate");
    let token = mailed_token(&app);
    accept(&app, &token, NEW).expect(204);
    drop(app.deliver_mail());
    let ada = app
        .anonymous()
        .post("/auth/login", &json!({"email": ADA, "password": NEW}));
    let ada = app.with_token(&ada.text_at("/access_token"));
    ada.get(&format!("/members/{member}")).expect(200);
    let refused = who.post("/invitations", &body("grace@spark.example"));
    assert!(refused.expect(409).text_at("/detail").contains("linked"));
    let mut nobody = body("grace@spark.example");
    nobody["member_id"] = json!("0190ffff-ffff-7fff-bfff-ffffffffffff");
    let refused = who.post("/invitations", &nobody).expect(422);
    assert_eq!(refused.text_at("/errors/0/pointer"), "/member_id");
}

#[test]
fn an_inviter_who_may_not_invite_any_more_lets_nobody_in_until_another_sends_it_again() {
    let app = TestApp::start();
    let second = someone(&app, &app.local, "second@local46.example", Role::Admin);
    let token = app.sign_in("second@local46.example");
    let second_admin = app.with_token(&token.text_at("/access_token"));
    let id = second_admin
        .post("/invitations", &invite(ADA))
        .expect(201)
        .text_at("/id");
    let token = mailed_token(&app);
    validate(&app, &token).expect(200);
    let roles = json!({"roles": [{"role": "staff"}]});
    let path = format!("/users/{second}");
    owner(&app)
        .put(&format!("{path}/roles"), &roles)
        .expect(200);
    validate(&app, &token).expect(422);
    accept(&app, &token, NEW).expect(422);
    owner(&app)
        .act(&format!("/invitations/{id}/resend"))
        .expect(200);
    let token = mailed_token(&app);
    accept(&app, &token, NEW).expect(204);
    drop(app.deliver_mail());
}

#[test]
fn of_many_each_has_an_answer_and_a_retry_mails_nobody_twice() {
    let app = TestApp::start();
    let who = app.as_role(Role::Admin);
    let user = app.local.person(Role::Staff).email.as_str().to_owned();
    let owners = json!({"email": "zoe@spark.example", "roles": [{"role": "owner"}]});
    let short = json!({"email": "joe@spark.example", "roles": [
        {"role": "staff", "expires_at": "2020-01-01T00:00:00Z"}
    ]});
    let rows = [
        invite(ADA),
        invite(&user),
        invite(ADA),
        owners,
        short,
        invite("grace@spark.example"),
    ];
    let body = json!({"invitations": rows});
    let send = |query: &str| {
        let request = who.request("POST", &format!("/invitations/batch{query}"));
        request
            .header("Idempotency-Key", "list-1")
            .json(&body)
            .send()
            .expect(200)
    };
    let rehearsed = send("?dry_run=true").json();
    assert_eq!(
        (&rehearsed["sent"], &rehearsed["refused"]),
        (&json!(2), &json!(4))
    );
    assert_eq!(app.deliver_mail().len(), 0);
    let sent = send("");
    let answers = sent.json()["answers"].as_array().cloned().expect("answers");
    let codes: Vec<_> = answers
        .iter()
        .map(|row| row["refusal"]["code"].clone())
        .collect();
    let expected = json!([
        null,
        "duplicate",
        "duplicate",
        "above_own_role",
        "invalid_fields",
        null
    ]);
    assert_eq!(json!(codes), expected);
    assert_eq!(answers[0]["invitation"]["status"], "pending");
    let pointer = &answers[4]["refusal"]["errors"][0]["pointer"];
    assert_eq!(pointer, "/invitations/4/roles/0/expires_at");
    let again = send("");
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(again.text(), sent.text());
    assert_eq!(app.deliver_mail().len(), 2);
    let none = who.post("/invitations/batch", &json!({"invitations": []}));
    assert_eq!(none.expect(422).text_at("/errors/0/code"), "too_few");
    let many: Vec<_> = (0..51)
        .map(|n| invite(&format!("{n}@spark.example")))
        .collect();
    let many = who.post("/invitations/batch", &json!({"invitations": many}));
    assert_eq!(many.expect(422).text_at("/errors/0/code"), "too_many");
}

#[test]
fn statistics_count_what_became_of_invitations() {
    let app = TestApp::start();
    let who = owner(&app);
    let counted = || who.get("/invitations/statistics").expect(200).json();
    let nothing = json!({
        "sent": 0, "pending": 0, "accepted": 0, "canceled": 0, "expired": 0, "acceptance_rate": null
    });
    assert_eq!(counted(), nothing);
    for name in ["accepted", "canceled", "expired", "late", "pending"] {
        sent(&app, &format!("{name}@spark.example"));
    }
    let token = token_of(&app.deliver_mail()[0].text);
    accept(&app, &token, NEW).expect(204);
    drop(app.deliver_mail());
    let canceled = who.get("/invitations?q=canceled").text_at("/items/0/id");
    who.act(&format!("/invitations/{canceled}/cancel"))
        .expect(200);
    app.database().execute(
        "update invitations set sent_at = sent_at - interval '8 days', expires_at = expires_at - interval '8 days' \
         where email like 'expired@%' or email like 'late@%'",
    );
    let expected = json!({
        "sent": 5, "pending": 1, "accepted": 1, "canceled": 1, "expired": 2, "acceptance_rate": 33.3
    });
    assert_eq!(counted(), expected);
}
