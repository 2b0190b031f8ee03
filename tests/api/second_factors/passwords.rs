//! Passwords beside a second factor: they may be shorter, and what leans on the factor falls with it.

use serde_json::json;
use unionhall_domain::roles::Role;
use unionhall_testing::{TestApp, app::PASSWORD};

use super::phone::{email, enrol, forget_step};
use super::unheard;
use crate::{
    fixtures::reason,
    passwords::{mailed_token, sign_in_with},
};

/// Eight characters: enough beside a factor.
const SHORT: &str = "gravel-7";
const LONG: &str = "gravel-otter-sings-low";

#[test]
fn a_shorter_password_is_taken_beside_a_factor_which_then_cannot_be_removed() {
    let app = unheard();
    let address = email(&app, Role::Staff);
    let staff = app.as_role(Role::Staff);
    let change = |from: &str, to: &str| {
        let body = json!({"current_password": from, "new_password": to});
        staff.post("/auth/change-password", &body)
    };
    let refused = change(PASSWORD, SHORT).expect(422);
    assert_eq!(refused.text_at("/errors/0/code"), "too_short");
    let (phone, codes) = enrol(&app, Role::Staff);
    change(PASSWORD, SHORT).expect(204);
    let asked = sign_in_with(&app, &address, SHORT).expect(200);
    let challenge = asked.text_at("/second_factor/challenge");
    let body = json!({"challenge": challenge, "code": phone.code(&app, 1)});
    app.anonymous()
        .post("/auth/second-factor", &body)
        .expect(200);
    let remove = |password: &str, recovery_code: &str| {
        let body = json!({"password": password, "recovery_code": recovery_code});
        let request = staff.request("DELETE", "/me/second-factor");
        request.json(&body).send()
    };
    let kept = remove(SHORT, &codes[0]).expect(422);
    assert_eq!(kept.text_at("/errors/0/pointer"), "/password");
    assert_eq!(kept.text_at("/errors/0/code"), "too_short");
    let state = staff.get("/me/second-factor").expect(200);
    assert_eq!(state.text_at("/state"), "confirmed");
    change(SHORT, LONG).expect(204);
    remove(LONG, &codes[1]).expect(204);
    forget_step(&app);
    let signed_in = sign_in_with(&app, &address, LONG).expect(200).json();
    assert!(signed_in["access_token"].is_string());
}

#[test]
fn after_a_reset_by_an_administrator_a_short_password_counts_no_more_and_a_mail_gives_another() {
    let app = TestApp::start();
    let address = email(&app, Role::Staff);
    enrol(&app, Role::Staff);
    let body = json!({"current_password": PASSWORD, "new_password": SHORT});
    let staff = app.as_role(Role::Staff);
    staff.post("/auth/change-password", &body).expect(204);
    let id = app.local.person(Role::Staff).id;
    let path = format!("/users/{id}/reset-second-factor");
    app.as_role(Role::Admin).post(&path, &reason()).expect(204);
    let refused = sign_in_with(&app, &address, SHORT).expect(401);
    assert_eq!(refused.code(), "sign_in_refused");
    assert_eq!(
        app.deliver_mail().len(),
        3,
        "set up, password changed, reset"
    );
    let body = json!({"email": address});
    app.anonymous()
        .post("/auth/forgot-password", &body)
        .expect(202);
    let token = mailed_token(&app);
    let choose = |password: &str| {
        let body = json!({"token": token, "new_password": password});
        app.anonymous().post("/auth/reset-password", &body)
    };
    // The factor is gone, so the short one is too short again.
    let refused = choose(SHORT).expect(422);
    assert_eq!(refused.text_at("/errors/0/code"), "too_short");
    choose(LONG).expect(204);
    sign_in_with(&app, &address, LONG).expect(200);
    assert_eq!(app.deliver_mail().len(), 1, "of the new password");
}

#[test]
fn a_password_can_be_tried_out_as_one_beside_a_factor() {
    let app = TestApp::start();
    let judged = |body| {
        let answer = app.anonymous().post("/auth/password-strength", &body);
        answer.expect(200).json()["acceptable"].clone()
    };
    assert_eq!(judged(json!({"password": SHORT})), false);
    assert_eq!(
        judged(json!({"password": SHORT, "second_factor": true})),
        true
    );
}
