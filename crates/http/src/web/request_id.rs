//! Which request this is: the id that goes through every log line, audit event and answer, and the trace it belongs to.

use std::{fmt, sync::Arc};

use actix_web::{
    HttpMessage, HttpRequest,
    http::header::{HeaderMap, HeaderName, HeaderValue},
};
use uuid::Uuid;

/// The header that carries the id, in requests and in every answer.
pub(crate) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The header of the W3C that says which trace a request belongs to.
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// The longest id that is taken from a client, in characters.
const LONGEST: usize = 128;

/// Makes the ids of requests that come without one; a closure, because the `Clock` port is the one to ask.
pub(crate) type MakeId = Arc<dyn Fn() -> Uuid + Send + Sync>;

/// The id of one request: 1 to 128 characters of `A`–`Z`, `a`–`z`, `0`–`9`, `.`, `_` and `-`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RequestId(Arc<str>);

impl RequestId {
    /// The id that the client sent if it is one, and else a new one.
    pub(crate) fn taken_or_made(headers: &HeaderMap, make: &MakeId) -> Self {
        let sent = headers.get(X_REQUEST_ID).and_then(|id| id.to_str().ok());
        sent.and_then(Self::parse)
            .unwrap_or_else(|| Self(make().to_string().into()))
    }

    fn parse(text: &str) -> Option<Self> {
        let usual = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        let is_one = (1..=LONGEST).contains(&text.len()) && text.bytes().all(usual);
        is_one.then(|| Self(text.into()))
    }

    /// The id as the value of a header, or `None` when it cannot be one, which does not happen.
    pub(crate) fn header(&self) -> Option<HeaderValue> {
        HeaderValue::from_str(&self.0).ok()
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The id of a request on which the outermost layer has been at work; empty without that layer.
pub(crate) fn of(request: &HttpRequest) -> String {
    let extensions = request.extensions();
    let id = extensions.get::<RequestId>();
    id.map(ToString::to_string).unwrap_or_default()
}

/// The trace that the request belongs to, as 32 lower-case hexadecimal digits; `None` without a valid `traceparent`.
pub(crate) fn trace_id(headers: &HeaderMap) -> Option<&str> {
    let mut parts = headers.get(TRACEPARENT)?.to_str().ok()?.split('-');
    let [version, trace, parent, flags] =
        [parts.next()?, parts.next()?, parts.next()?, parts.next()?];
    let is_valid = is_hex(version, 2)
        && version != "ff"
        && is_id(trace, 32)
        && is_id(parent, 16)
        && is_hex(flags, 2)
        // Only versions to come may say more than the four parts.
        && (version != "00" || parts.next().is_none());
    is_valid.then_some(trace)
}

fn is_id(text: &str, digits: usize) -> bool {
    is_hex(text, digits) && text.bytes().any(|byte| byte != b'0')
}

fn is_hex(text: &str, digits: usize) -> bool {
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    text.len() == digits && text.bytes().all(is_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MADE: Uuid = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001);

    fn id_for(header: Option<&str>) -> String {
        let mut headers = HeaderMap::new();
        if let Some(value) = header {
            headers.insert(X_REQUEST_ID, HeaderValue::from_str(value).unwrap());
        }
        let make: MakeId = Arc::new(|| MADE);
        RequestId::taken_or_made(&headers, &make).to_string()
    }

    #[test]
    fn an_id_of_usual_characters_is_taken() {
        let longest = "x".repeat(LONGEST);
        for id in ["1", "abc-DEF_1.2", &longest] {
            assert_eq!(id_for(Some(id)), id);
        }
    }

    #[test]
    fn a_new_id_is_made_for_none_and_for_one_that_is_empty_long_or_unusual() {
        let too_long = "x".repeat(LONGEST + 1);
        for header in ["", "a b", "a\"b", "a/b", "ä", &too_long] {
            assert_eq!(id_for(Some(header)), MADE.to_string(), "{header}");
        }
        assert_eq!(id_for(None), MADE.to_string());
    }

    fn trace_in(traceparent: &str) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert(TRACEPARENT, HeaderValue::from_str(traceparent).unwrap());
        trace_id(&headers).map(ToOwned::to_owned)
    }

    #[test]
    fn the_trace_is_taken_from_a_valid_traceparent() {
        let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        for valid in [
            format!("00-{trace}-00f067aa0ba902b7-01"),
            format!("cc-{trace}-00f067aa0ba902b7-00-of-the-future"),
        ] {
            assert_eq!(trace_in(&valid).as_deref(), Some(trace), "{valid}");
        }
    }

    #[test]
    fn a_traceparent_that_breaks_the_rules_counts_as_none() {
        for invalid in [
            "",
            "4bf92f3577b34da6a3ce929d0e0e4736",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
        ] {
            assert_eq!(trace_in(invalid), None, "{invalid}");
        }
        assert_eq!(trace_id(&HeaderMap::new()), None);
    }
}
