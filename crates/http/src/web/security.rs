//! The headers that keep browsers careful: on every answer, stricter on pages, and for pages of other origins only as configured.

use actix_web::{
    HttpResponse,
    dev::RequestHead,
    http::{
        Method, StatusCode,
        header::{self, HeaderMap, HeaderName, HeaderValue},
    },
};

/// Where pages of other origins may call, if they are configured: nowhere else.
const API: &str = "/api/";

/// Where the documentation page is, which cannot do without scripts.
pub(crate) const DOCS: &str = "/docs/";

/// Our own pages: no script, and nothing from elsewhere.
const PAGE_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
);

/// The documentation page: its own scripts, styles that they set, pictures within those, and calls to this server.
const DOCS_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
);

const NOSNIFF: HeaderValue = HeaderValue::from_static("nosniff");
const NO_REFERRER: HeaderValue = HeaderValue::from_static("no-referrer");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// A year, in seconds, as browsers want it; other names below this one's domain are not ours to decide about.
const ONLY_HTTPS: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// What a page elsewhere may send, may read, and for how many seconds a browser may remember that.
const METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, POST, PUT, PATCH, DELETE");
const ALLOWED: HeaderValue = HeaderValue::from_static(
    "Authorization, Content-Type, If-Match, Idempotency-Key, X-Request-Id",
);
const EXPOSED: HeaderValue = HeaderValue::from_static(
    "ETag, Location, X-Request-Id, Dry-Run, Idempotent-Replayed, Retry-After",
);
const REMEMBERED: HeaderValue = HeaderValue::from_static("600");

const ORIGIN: HeaderValue = HeaderValue::from_static("Origin");
const PREFLIGHT: HeaderValue = HeaderValue::from_static(
    "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
);

/// What browsers are told; made once for the whole server.
#[derive(Debug, Clone)]
pub(crate) struct Security {
    https: bool,
    origins: Vec<String>,
}

/// What a request says that its answer's headers depend on.
#[derive(Debug)]
pub(crate) struct Asked {
    docs: bool,
    cors: bool,
    origin: Option<HeaderValue>,
}

impl Security {
    /// `https`: whether people reach this server by `https` alone. `origins`: those whose pages may call the API, such as `https://hall.example`, compared to the letter.
    pub(crate) const fn new(https: bool, origins: Vec<String>) -> Self {
        Self { https, origins }
    }

    /// What of `head` the headers of its answer will depend on.
    pub(crate) fn asked(&self, head: &RequestHead) -> Asked {
        let path = head.uri.path();
        let cors = !self.origins.is_empty() && path.starts_with(API);
        Asked {
            docs: path.starts_with(DOCS),
            cors,
            origin: cors.then(|| self.allowed_origin(&head.headers)).flatten(),
        }
    }

    /// The answer to a browser that asks whether a page of an allowed origin may send a request; `None` to anything else.
    pub(crate) fn preflight(&self, head: &RequestHead, asked: &Asked) -> Option<HttpResponse> {
        let asks = head.method == Method::OPTIONS
            && asked.origin.is_some()
            && head
                .headers
                .contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
        asks.then(|| {
            HttpResponse::NoContent()
                .insert_header((header::ACCESS_CONTROL_ALLOW_METHODS, METHODS))
                .insert_header((header::ACCESS_CONTROL_ALLOW_HEADERS, ALLOWED))
                .insert_header((header::ACCESS_CONTROL_MAX_AGE, REMEMBERED))
                .insert_header((header::VARY, PREFLIGHT))
                .finish()
        })
    }

    /// Adds the headers to an answer; what a handler has said about caching, or about what its page may do, stays.
    pub(crate) fn protect(&self, asked: &Asked, status: StatusCode, headers: &mut HeaderMap) {
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, NOSNIFF);
        headers.insert(header::REFERRER_POLICY, NO_REFERRER);
        if self.https {
            headers.insert(header::STRICT_TRANSPORT_SECURITY, ONLY_HTTPS);
        }
        if !headers.contains_key(header::CACHE_CONTROL) || !is_kept(status) {
            headers.insert(header::CACHE_CONTROL, NO_STORE);
        }
        if asked.docs {
            headers.insert(header::CONTENT_SECURITY_POLICY, DOCS_POLICY);
        } else if is_html(headers) && !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
            headers.insert(header::CONTENT_SECURITY_POLICY, PAGE_POLICY);
        }
        if asked.cors {
            append_once(headers, header::VARY, ORIGIN);
        }
        if let Some(origin) = &asked.origin {
            headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
            headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        }
    }

    fn allowed_origin(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        let origin = headers.get(header::ORIGIN)?;
        let is_allowed = |allowed: &String| allowed.as_bytes() == origin.as_bytes();
        self.origins.iter().any(is_allowed).then(|| origin.clone())
    }
}

/// Whether an answer may be kept at all: errors never.
fn is_kept(status: StatusCode) -> bool {
    !status.is_client_error() && !status.is_server_error()
}

fn is_html(headers: &HeaderMap) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE);
    content_type.is_some_and(|value| value.as_bytes().starts_with(b"text/html"))
}

/// The answer to a preflight says `Origin` and more already.
fn append_once(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    if !headers.contains_key(&name) {
        headers.insert(name, value);
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    const HALL: &str = "https://hall.example";

    fn security(origins: &[&str]) -> Security {
        Security::new(true, origins.iter().map(ToString::to_string).collect())
    }

    fn protected(
        security: &Security,
        request: TestRequest,
        answer: &[(HeaderName, &str)],
    ) -> HeaderMap {
        let request = request.to_http_request();
        let mut headers = HeaderMap::new();
        for (name, value) in answer {
            headers.insert(name.clone(), HeaderValue::from_str(value).unwrap());
        }
        let asked = security.asked(request.head());
        security.protect(&asked, StatusCode::OK, &mut headers);
        headers
    }

    fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
        headers.get(name).map(|value| value.to_str().unwrap())
    }

    #[test]
    fn every_answer_is_kept_from_caches_referrers_and_guesses_of_its_type() {
        let headers = protected(
            &security(&[]),
            TestRequest::with_uri("/api/v1/members"),
            &[],
        );
        assert_eq!(text(&headers, header::CACHE_CONTROL), Some("no-store"));
        assert_eq!(text(&headers, header::REFERRER_POLICY), Some("no-referrer"));
        assert_eq!(
            text(&headers, header::X_CONTENT_TYPE_OPTIONS),
            Some("nosniff")
        );
    }

    #[test]
    fn what_a_handler_says_about_caching_stays_unless_the_answer_is_an_error() {
        let said = [(header::CACHE_CONTROL, "no-cache")];
        let request = TestRequest::with_uri("/assets/a.css");
        let mut headers = protected(&security(&[]), request, &said);
        assert_eq!(text(&headers, header::CACHE_CONTROL), Some("no-cache"));
        let request = TestRequest::default().to_http_request();
        let asked = security(&[]).asked(request.head());
        security(&[]).protect(&asked, StatusCode::NOT_FOUND, &mut headers);
        assert_eq!(text(&headers, header::CACHE_CONTROL), Some("no-store"));
    }

    #[test]
    fn browsers_are_held_to_https_only_where_people_come_by_it() {
        let name = header::STRICT_TRANSPORT_SECURITY;
        let headers = protected(&security(&[]), TestRequest::default(), &[]);
        assert_eq!(text(&headers, name.clone()), Some("max-age=31536000"));
        let plain = Security::new(false, Vec::new());
        let headers = protected(&plain, TestRequest::default(), &[]);
        assert_eq!(text(&headers, name), None);
    }

    #[test]
    fn scripts_run_on_the_documentation_page_alone() {
        let html = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
        let policy = |uri: &str, answer: &[(HeaderName, &str)]| {
            let headers = protected(&security(&[]), TestRequest::with_uri(uri), answer);
            text(&headers, header::CONTENT_SECURITY_POLICY).map(ToOwned::to_owned)
        };
        for page in ["/", "/mailbox", "/docs", "/docsy"] {
            let policy = policy(page, &html).unwrap();
            assert!(policy.starts_with("default-src 'none'") && !policy.contains("script-src"));
        }
        assert!(
            policy("/docs/", &html)
                .unwrap()
                .contains("script-src 'self';")
        );
        assert_eq!(policy("/api/v1/members", &[]), None);
    }

    #[test]
    fn a_page_that_says_itself_what_it_may_do_is_held_to_that() {
        let answer = [
            (header::CONTENT_TYPE, "text/html; charset=utf-8"),
            (header::CONTENT_SECURITY_POLICY, "sandbox"),
        ];
        let request = TestRequest::with_uri("/mailbox/7/html");
        let headers = protected(&security(&[]), request, &answer);
        assert_eq!(
            text(&headers, header::CONTENT_SECURITY_POLICY),
            Some("sandbox")
        );
    }

    #[test]
    fn a_page_of_a_configured_origin_may_read_answers_of_the_api() {
        let ask = |origin: &str, uri: &str| {
            let request = TestRequest::with_uri(uri).insert_header((header::ORIGIN, origin));
            protected(&security(&[HALL]), request, &[])
        };
        let headers = ask(HALL, "/api/v1/members");
        assert_eq!(
            text(&headers, header::ACCESS_CONTROL_ALLOW_ORIGIN),
            Some(HALL)
        );
        assert_eq!(text(&headers, header::VARY), Some("Origin"));
        let exposed = text(&headers, header::ACCESS_CONTROL_EXPOSE_HEADERS).unwrap();
        assert!(exposed.contains("ETag") && exposed.contains("Idempotent-Replayed"));

        for other in [
            "https://hall.example.evil.example",
            "http://hall.example",
            "null",
            "",
        ] {
            let headers = ask(other, "/api/v1/members");
            assert_eq!(
                text(&headers, header::ACCESS_CONTROL_ALLOW_ORIGIN),
                None,
                "{other}"
            );
            assert_eq!(text(&headers, header::VARY), Some("Origin"));
        }
        let headers = ask(HALL, "/mailbox");
        assert_eq!(text(&headers, header::ACCESS_CONTROL_ALLOW_ORIGIN), None);
        assert_eq!(text(&headers, header::VARY), None);
    }

    #[test]
    fn a_preflight_is_answered_for_configured_origins_alone() {
        let preflight = |origins: &[&str], method: Method, asks: bool| {
            let mut request = TestRequest::with_uri("/api/v1/members")
                .method(method)
                .insert_header((header::ORIGIN, HALL));
            if asks {
                let name = header::ACCESS_CONTROL_REQUEST_METHOD;
                request = request.insert_header((name, "PATCH"));
            }
            let request = request.to_http_request();
            let security = security(origins);
            security.preflight(request.head(), &security.asked(request.head()))
        };
        let answer = preflight(&[HALL], Method::OPTIONS, true).unwrap();
        assert_eq!(answer.status(), StatusCode::NO_CONTENT);
        let allowed = text(answer.headers(), header::ACCESS_CONTROL_ALLOW_HEADERS).unwrap();
        assert!(allowed.contains("If-Match") && allowed.contains("Idempotency-Key"));
        let methods = text(answer.headers(), header::ACCESS_CONTROL_ALLOW_METHODS).unwrap();
        assert!(methods.contains("PATCH"));

        assert!(preflight(&[], Method::OPTIONS, true).is_none());
        assert!(preflight(&["https://other.example"], Method::OPTIONS, true).is_none());
        assert!(preflight(&[HALL], Method::OPTIONS, false).is_none());
        assert!(preflight(&[HALL], Method::POST, true).is_none());
    }
}
