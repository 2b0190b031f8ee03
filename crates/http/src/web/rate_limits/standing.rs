//! How somebody stands with a limit, and how the answer tells them
//! (draft-ietf-httpapi-ratelimit-headers-10: `RateLimit` and `RateLimit-Policy`).

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use jiff::Timestamp;
use unionhall_domain::rate_limits::Window;

use crate::web::problem::Problem;

const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");
const RATE_LIMIT_POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
/// For how many seconds a limit counts.
const WINDOW: u32 = 60;

/// How somebody stands with one limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Standing {
    policy: &'static str,
    limit: u32,
    left: u32,
    /// In how many seconds there will be more left.
    more_in: u32,
    allowed: bool,
}

impl Standing {
    pub(super) fn of(
        policy: &'static str,
        limit: u32,
        window: &Window,
        allowed: bool,
        now: Timestamp,
    ) -> Self {
        Self {
            policy,
            limit,
            left: limit.saturating_sub(window.used()),
            more_in: window.frees_in(limit, now),
            allowed,
        }
    }

    /// The answer to whoever has none left.
    pub(super) fn refusal(&self) -> Option<Problem> {
        (!self.allowed).then(|| Problem::too_many(self.more_in.max(1)))
    }
}

/// How the sender of a request stands with each limit that it counted for, kept in its extensions.
#[derive(Debug, Clone)]
pub(crate) struct Standings(pub(super) Vec<Standing>);

impl Standings {
    /// Whether the request may go on; else the answer to whoever has used one of them up.
    pub(super) fn verdict(&self) -> Result<(), Problem> {
        let refused = self.0.iter().find_map(Standing::refusal);
        refused.map_or(Ok(()), Err)
    }

    /// Tells them in the head of an answer.
    pub(crate) fn tell(&self, headers: &mut HeaderMap) {
        let mut put = |name, item: fn(&Standing) -> String| {
            let items: Vec<String> = self.0.iter().map(item).collect();
            if let Ok(value) = HeaderValue::from_str(&items.join(", ")) {
                headers.insert(name, value);
            }
        };
        put(RATE_LIMIT, |standing| {
            let Standing {
                policy,
                left,
                more_in,
                ..
            } = standing;
            format!("\"{policy}\";r={left};t={more_in}")
        });
        put(RATE_LIMIT_POLICY, |Standing { policy, limit, .. }| {
            format!("\"{policy}\";q={limit};w={WINDOW}")
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_of_an_answer_tells_policy_and_rest_of_every_limit() {
        let now: Timestamp = "2026-11-21T20:00:01Z".parse().unwrap();
        let mut window = Window::empty(now);
        window.add(4);
        let one = Standing::of("sign-in-by-address", 10, &window, true, now);
        let other = Standing::of("sign-in-by-account", 4, &window, false, now);
        let mut headers = HeaderMap::new();
        let standings = Standings(vec![one, other]);
        standings.tell(&mut headers);
        assert_eq!(
            headers.get("ratelimit").unwrap(),
            "\"sign-in-by-address\";r=6;t=64, \"sign-in-by-account\";r=0;t=64"
        );
        assert_eq!(
            headers.get("ratelimit-policy").unwrap(),
            "\"sign-in-by-address\";q=10;w=60, \"sign-in-by-account\";q=4;w=60"
        );
        assert!(one.refusal().is_none());
        assert!(standings.verdict().is_err());
    }
}
