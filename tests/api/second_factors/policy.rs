//! Where a tenant wants a second factor of a role.

use serde_json::json;
use unionhall_domain::roles::Role;
use unionhall_testing::{
    TestApp,
    app::{Answer, Identity, PASSWORD},
};

use super::phone::{Phone, email, enrol, sign_in};
use super::unheard;

/// The local wants a second factor of its admins and owners.
fn wanted(app: &TestApp) {
    let slug = app.local.tenant.slug.as_str();
    app.database().execute(&format!(
        "update tenants set second_factor_roles = '{{owner,admin}}' where slug = '{slug}'"
    ));
}

fn is_kept_out(answer: &Answer) {
    let told = (answer.status(), answer.code());
    assert_eq!(told, (403, "second_factor_required".to_owned()));
}

/// What may be done by whoever lacks a second factor.
fn stays_open(who: &Identity<'_>) {
    who.get("/auth/me").expect(200);
    let standing = who.get("/me/second-factor").expect(200).json();
    assert_eq!(standing["required"], true);
    who.post("/auth/switch-tenant", &json!({"tenant": "local-46"}))
        .expect(200);
}

#[test]
fn whoever_holds_a_role_that_needs_one_and_has_none_can_only_set_one_up_and_leave() {
    let app = unheard();
    wanted(&app);
    let admin = app.as_role(Role::Admin);
    for path in [
        "/members",
        "/grievances",
        "/organizations",
        "/audit-events",
        "/me/trusted-devices",
    ] {
        is_kept_out(&admin.get(path));
    }
    is_kept_out(&admin.post("/members", &json!({})));
    is_kept_out(&admin.delete("/members/0190ffff-ffff-7fff-bfff-ffffffffffff"));
    is_kept_out(
        &admin
            .request("PATCH", "/members/0190ffff-ffff-7fff-bfff-ffffffffffff")
            .json(&json!({}))
            .send(),
    );
    is_kept_out(&admin.post(
        "/me/second-factor/recovery-codes",
        &json!({"code": "123456"}),
    ));
    stays_open(&admin);
    // Others are not concerned, nor are the same roles elsewhere.
    app.as_role(Role::Officer).get("/members").expect(200);
    app.in_trust(Role::Admin).get("/members").expect(200);
    admin.act("/auth/logout").expect(204);
}

#[test]
fn once_it_is_set_up_everything_is_open_at_once_and_it_cannot_be_removed() {
    let app = unheard();
    wanted(&app);
    let admin = app.as_role(Role::Admin);
    let begun = admin
        .post("/me/second-factor", &json!({"password": PASSWORD}))
        .expect(200);
    is_kept_out(&admin.get("/members"));
    let phone = Phone::with(&begun.text_at("/secret"));
    let confirm = json!({"code": phone.code(&app, 0)});
    admin
        .post("/me/second-factor/confirm", &confirm)
        .expect(200);
    admin.get("/members").expect(200);
    let body = json!({"password": PASSWORD, "code": phone.code(&app, 1)});
    is_kept_out(
        &admin
            .request("DELETE", "/me/second-factor")
            .json(&body)
            .send(),
    );
    let asked = sign_in(&app, &email(&app, Role::Admin), None);
    let body = json!({
        "challenge": asked.text_at("/second_factor/challenge"), "code": phone.code(&app, 1)
    });
    let finished = app
        .anonymous()
        .post("/auth/second-factor", &body)
        .expect(200);
    let session = app.with_token(&finished.text_at("/access_token"));
    session.get("/members").expect(200);
}

#[test]
fn the_policy_takes_hold_of_sessions_that_go_on_within_five_seconds() {
    let app = unheard();
    let (owner, admin) = (app.as_role(Role::Owner), app.as_role(Role::Admin));
    enrol(&app, Role::Owner);
    admin.get("/members").expect(200);
    wanted(&app);
    unionhall_testing::eventually(
        "the admin is kept out",
        std::time::Duration::from_secs(5),
        || admin.get("/members").status() == 403,
    );
    owner.get("/members").expect(200);
}

#[test]
fn whoever_wants_a_second_factor_of_their_own_role_sets_theirs_up_first() {
    let app = unheard();
    let owner = app.as_role(Role::Owner);
    let body = json!({"second_factor_roles": ["owner", "admin"]});
    let wish = || owner.request("PATCH", "/tenant").json(&body).send();
    is_kept_out(&wish());
    owner.get("/members").expect(200);
    enrol(&app, Role::Owner);
    wish().expect(200);
    owner.get("/members").expect(200);
}
