//! Where a tenant wants a second factor of a role, whoever holds it and has none is kept from everything but what
//! leads there and out again: the one place that says so.

use actix_web::HttpRequest;
use unionhall_application::{actor::Actor, error::Code};

use super::problem::Problem;

/// What stays open: setting a second factor up, seeing who one is, leaving, and going to work in another tenant,
/// because a session begins where its owner last was.
const OPEN: [(&str, &str); 8] = [
    ("GET", "/api/v1/me/second-factor"),
    ("POST", "/api/v1/me/second-factor"),
    ("POST", "/api/v1/me/second-factor/confirm"),
    ("GET", "/api/v1/me"),
    ("GET", "/api/v1/auth/me"),
    ("POST", "/api/v1/auth/logout"),
    ("POST", "/api/v1/auth/logout-all"),
    ("POST", "/api/v1/auth/switch-tenant"),
];

/// Goes on unless the actor lacks a second factor that a role needs, and asks for more than what stays open.
pub(super) fn demanded(request: &HttpRequest, actor: &Actor) -> Result<(), Problem> {
    if !actor.lacks_second_factor() {
        return Ok(());
    }
    let pattern = request.match_pattern().unwrap_or_default();
    // `HEAD` is answered wherever `GET` is, and tells less.
    let method = match request.method().as_str() {
        "HEAD" => "GET",
        other => other,
    };
    if OPEN.contains(&(method, pattern.as_str())) {
        return Ok(());
    }
    Err(Problem::new(
        Code::SecondFactorRequired,
        "a role that you hold here needs a second factor; set one up under /me/second-factor first",
    ))
}
