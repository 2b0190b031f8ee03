//! The rows of the tenant itself, of its people's profiles, and of pictures.

use serde_json::json;

use super::{Body, Row, asked, first, get, rehearse, row, signed_in};
use crate::pictures::PIXEL;

const ADMINS: usize = 2;

/// Making a hall. People are invited here: who may make one is another test's business.
pub(super) fn signups() -> Vec<Row> {
    vec![
        row("tenants_sign_up", [403; 10], |_, _| {
            let body = json!({
                "name": "Local 7", "email": "ada@spark.example", "password": "gravel-otter-sings-low",
                "first_name": "Ada", "last_name": "Voltz"
            });
            asked("POST", "/tenants".to_owned(), Body::Json(body))
        }),
        row("tenants_found", signed_in(403), |_, _| {
            let body = json!({"name": "Local 7"});
            asked("POST", "/me/tenants".to_owned(), Body::Json(body))
        }),
    ]
}

/// The rows.
pub(super) fn rows() -> Vec<Row> {
    vec![
        row(
            "profiles_find",
            signed_in(200),
            |_, _| get("/me".to_owned()),
        ),
        row("profiles_update", signed_in(200), |_, _| {
            rehearse("PATCH", "/me", Body::Json(json!({"bio": "Since 2001."})))
        }),
        row("profiles_colleague", first(8, 200), |world, _| {
            get(format!("/colleagues/{}", world.records.representative))
        }),
        row("tenants_find", signed_in(200), |_, _| {
            get("/tenant".to_owned())
        }),
        row("tenants_update", first(ADMINS, 200), |_, _| {
            let body = json!({"contact_phone": "206-555-0146"});
            rehearse("PATCH", "/tenant", Body::Json(body))
        }),
        row("tenants_statistics", first(ADMINS, 200), |_, _| {
            get("/tenant/statistics".to_owned())
        }),
        // Nobody has put a picture there: the rehearsals keep none.
        row("pictures_find_logo", signed_in(404), |_, _| {
            get("/tenant/logo".to_owned())
        }),
        row("pictures_put_logo", first(ADMINS, 200), |_, _| {
            rehearse("PUT", "/tenant/logo", Body::Png(PIXEL))
        }),
        row("pictures_remove_logo", first(ADMINS, 204), |_, _| {
            rehearse("DELETE", "/tenant/logo", Body::None)
        }),
        row("pictures_public_logo", [404; 10], |_, _| {
            get("/tenants/local-46/logo".to_owned())
        }),
        row("pictures_find", signed_in(404), |_, _| {
            get("/me/picture".to_owned())
        }),
        row("pictures_put", signed_in(200), |_, _| {
            rehearse("PUT", "/me/picture", Body::Png(PIXEL))
        }),
        row("pictures_remove", signed_in(204), |_, _| {
            rehearse("DELETE", "/me/picture", Body::None)
        }),
        row("pictures_colleagues", first(8, 404), |world, _| {
            get(format!(
                "/colleagues/{}/picture",
                world.records.representative
            ))
        }),
        row("tenants_card", [200; 10], |_, _| {
            get("/tenants/local-46/card".to_owned())
        }),
    ]
}
