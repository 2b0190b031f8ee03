//! The rows of one's own second factor and trusted devices.

use serde_json::json;
use unionhall_testing::app::PASSWORD;

use super::{Body, Row, asked, get, row, signed_in};

/// The rows.
pub(super) fn rows() -> Vec<Row> {
    vec![
        row("second_factors_show", signed_in(200), |_, _| {
            get("/me/second-factor".to_owned())
        }),
        row("second_factors_begin", signed_in(200), |_, _| {
            let body = json!({"password": PASSWORD});
            asked("POST", "/me/second-factor".to_owned(), Body::Json(body))
        }),
        // What is no code is refused before anybody is asked whether it is the right one.
        row("second_factors_confirm", signed_in(422), |_, _| {
            let path = "/me/second-factor/confirm".to_owned();
            asked("POST", path, Body::Json(json!({"code": "12345"})))
        }),
        row("second_factors_renew_codes", signed_in(404), |_, _| {
            let path = "/me/second-factor/recovery-codes".to_owned();
            asked("POST", path, Body::Json(json!({"code": "999999"})))
        }),
        row("second_factors_remove", signed_in(404), |_, _| {
            let body = json!({"password": PASSWORD, "code": "999999"});
            asked("DELETE", "/me/second-factor".to_owned(), Body::Json(body))
        }),
        row("second_factors_devices", signed_in(200), |_, _| {
            get("/me/trusted-devices".to_owned())
        }),
        row("second_factors_distrust", signed_in(404), |_, _| {
            let path = "/me/trusted-devices/0190ffff-ffff-7fff-bfff-ffffffffffff";
            asked("DELETE", path.to_owned(), Body::None)
        }),
        row("second_factors_distrust_all", signed_in(204), |_, _| {
            asked("DELETE", "/me/trusted-devices".to_owned(), Body::None)
        }),
    ]
}
