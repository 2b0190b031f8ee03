//! The rows of signing in, of accounts and of sessions.

use serde_json::json;
use unionhall_testing::app::PASSWORD;

use super::{Body, Row, asked, get, row, signed_in};

/// Signing in and out.
pub(super) fn auth() -> Vec<Row> {
    let ending = |operation, ask| Row {
        ends_session: true,
        ..row(operation, signed_in(204), ask)
    };
    vec![
        row("auth_me", signed_in(200), |_, _| get("/auth/me".to_owned())),
        row("auth_switch_tenant", signed_in(200), |_, _| {
            let body = json!({"tenant": "local-46"});
            asked("POST", "/auth/switch-tenant".to_owned(), Body::Json(body))
        }),
        row("auth_login", [200; 10], |_, email| {
            let body = json!({"email": email, "password": PASSWORD});
            asked("POST", "/auth/login".to_owned(), Body::Json(body))
        }),
        row("auth_second_factor", [401; 10], |_, _| {
            let body = json!({"challenge": "invented", "code": "123456"});
            asked("POST", "/auth/second-factor".to_owned(), Body::Json(body))
        }),
        row("auth_refresh", [200; 10], |world, email| {
            let token = world.app.sign_in(email).text_at("/refresh_token");
            let body = json!({"refresh_token": token});
            asked("POST", "/auth/refresh".to_owned(), Body::Json(body))
        }),
        ending("auth_logout", |_, _| {
            asked("POST", "/auth/logout".to_owned(), Body::None)
        }),
        ending("auth_logout_all", |_, _| {
            asked("POST", "/auth/logout-all".to_owned(), Body::None)
        }),
    ]
}

/// What people do about their accounts without being signed in, and their passwords.
pub(super) fn accounts() -> Vec<Row> {
    vec![
        // Nobody has a token that counts without a mail.
        row("auth_unlock", [422; 10], |_, _| {
            let body = json!({"token": "none"});
            asked("POST", "/auth/unlock".to_owned(), Body::Json(body))
        }),
        row("auth_forgot_password", [202; 10], |_, email| {
            let body = json!({"email": email});
            asked("POST", "/auth/forgot-password".to_owned(), Body::Json(body))
        }),
        row("auth_reset_password", [422; 10], |_, _| {
            let body = json!({"token": "none", "new_password": "gravel-otter-sings-low"});
            asked("POST", "/auth/reset-password".to_owned(), Body::Json(body))
        }),
        // People are invited here: who may register is another test's business.
        row("auth_register", [403; 10], |_, _| {
            let body = json!({
                "email": "ada@spark.example", "password": "gravel-otter-sings-low",
                "first_name": "Ada", "last_name": "Voltz"
            });
            asked("POST", "/auth/register".to_owned(), Body::Json(body))
        }),
        row("auth_verify_email", [422; 10], |_, _| {
            let body = json!({"token": "none"});
            asked("POST", "/auth/verify-email".to_owned(), Body::Json(body))
        }),
        row("auth_resend_verification", [202; 10], |_, email| {
            let body = json!({"email": email});
            asked(
                "POST",
                "/auth/resend-verification".to_owned(),
                Body::Json(body),
            )
        }),
        row("auth_confirm_email", [422; 10], |_, _| {
            let body = json!({"token": "none"});
            asked("POST", "/auth/confirm-email".to_owned(), Body::Json(body))
        }),
        row("profiles_change_email", signed_in(202), |_, _| {
            let body = json!({"email": "robin@spark.example", "current_password": PASSWORD});
            asked("POST", "/me/email".to_owned(), Body::Json(body))
        }),
        row("profiles_keep_email", signed_in(204), |_, _| {
            asked("DELETE", "/me/email".to_owned(), Body::None)
        }),
        // Refused for the new password, before the present one is looked at: nobody is locked out.
        row("auth_change_password", signed_in(422), |_, _| {
            let body = json!({"current_password": PASSWORD, "new_password": "short"});
            asked("POST", "/auth/change-password".to_owned(), Body::Json(body))
        }),
        row("auth_password_strength", [200; 10], |_, _| {
            let body = json!({"password": "gravel-otter-sings-low"});
            asked(
                "POST",
                "/auth/password-strength".to_owned(),
                Body::Json(body),
            )
        }),
    ]
}

/// Answering an invitation.
pub(super) fn invited() -> Vec<Row> {
    vec![
        row("auth_validate_invitation", [422; 10], |_, _| {
            let body = json!({"token": "none"});
            let path = "/auth/invitations/validate".to_owned();
            asked("POST", path, Body::Json(body))
        }),
        row("auth_accept_invitation", [422; 10], |_, _| {
            let body = json!({"token": "none", "password": "gravel-otter-sings-low"});
            let path = "/auth/invitations/accept".to_owned();
            asked("POST", path, Body::Json(body))
        }),
    ]
}

/// Where people are signed in.
pub(super) fn own_sessions() -> Vec<Row> {
    vec![
        row("sessions_list", signed_in(200), |_, _| {
            get("/me/sessions".to_owned())
        }),
        row("sessions_list_alarms", signed_in(200), |_, _| {
            get("/me/alarms".to_owned())
        }),
        // Nobody has a session with this id.
        row("sessions_end", signed_in(404), |world, _| {
            let path = format!("/me/sessions/{}", world.records.member);
            asked("DELETE", path, Body::None)
        }),
    ]
}

pub(super) fn ending_the_others() -> Row {
    Row {
        ends_session: true,
        ..row("sessions_end_others", signed_in(204), |_, _| {
            asked("DELETE", "/me/sessions".to_owned(), Body::None)
        })
    }
}
