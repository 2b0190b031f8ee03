//! Requests to a TestApp and their answers: one shape for every identity.

use std::io::Read as _;

use reqwest::{
    Method, Url,
    blocking::{RequestBuilder, Response},
    header::{CONTENT_TYPE, HeaderMap},
};
use serde_json::Value;

use super::TestApp;

/// Where the API begins.
pub const BASE: &str = "/api/v1";

/// Somebody who sends requests: anonymous, or the bearer of a token.
#[derive(Debug, Clone)]
pub struct Identity<'a> {
    app: &'a TestApp,
    token: Option<String>,
}

impl<'a> Identity<'a> {
    pub(super) const fn new(app: &'a TestApp, token: Option<String>) -> Self {
        Self { app, token }
    }

    /// The access token, if there is one.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// `GET` at a path of the API.
    #[must_use]
    pub fn get(&self, path: &str) -> Answer {
        self.request("GET", path).send()
    }

    /// `POST` with a JSON body.
    #[must_use]
    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.request("POST", path).json(body).send()
    }

    /// `POST` without a body.
    #[must_use]
    pub fn act(&self, path: &str) -> Answer {
        self.request("POST", path).send()
    }

    /// `PATCH` with a JSON body.
    #[must_use]
    pub fn patch(&self, path: &str, body: &Value) -> Answer {
        self.request("PATCH", path).json(body).send()
    }

    /// `PUT` with a JSON body.
    #[must_use]
    pub fn put(&self, path: &str, body: &Value) -> Answer {
        self.request("PUT", path).json(body).send()
    }

    /// `DELETE`.
    pub fn delete(&self, path: &str) -> Answer {
        self.request("DELETE", path).send()
    }

    /// `GET` at a path outside the API.
    pub fn page(&self, path: &str) -> Answer {
        self.request_at("GET", path).send()
    }

    /// A request to a path of the API, to be completed and sent.
    pub fn request(&self, method: &str, path: &str) -> Request {
        self.request_at(method, &format!("{BASE}{path}"))
    }

    /// A request to any path, to be completed and sent.
    ///
    /// # Panics
    /// When method or path are none.
    pub fn request_at(&self, method: &str, path: &str) -> Request {
        let verb = Method::from_bytes(method.as_bytes()).expect("a method");
        let url = Url::parse(&self.app.url(path)).expect("a path");
        let builder = self.app.client().request(verb, url);
        Request {
            line: format!("{method} {path}"),
            builder: match &self.token {
                Some(token) => builder.bearer_auth(token),
                None => builder,
            },
        }
    }
}

/// A request that has not been sent.
#[derive(Debug)]
#[must_use]
pub struct Request {
    line: String,
    builder: RequestBuilder,
}

impl Request {
    /// With a header.
    pub fn header(self, name: &str, value: &str) -> Self {
        Self {
            builder: self.builder.header(name, value),
            ..self
        }
    }

    /// With a JSON body.
    pub fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string())
    }

    /// With a body of this type.
    pub fn body(self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            builder: self
                .builder
                .header(CONTENT_TYPE, content_type)
                .body(body.into()),
            ..self
        }
    }

    /// Sends it and waits for the head of the answer alone.
    ///
    /// # Panics
    /// When no answer comes.
    pub fn open(self) -> Download {
        let Self { line, builder } = self;
        let answered = builder.send();
        let response = answered.unwrap_or_else(|error| panic!("{line}: no answer: {error:?}"));
        Download { response }
    }

    /// Sends it.
    ///
    /// # Panics
    /// When no answer comes.
    pub fn send(self) -> Answer {
        let Self { line, builder } = self;
        let answered = builder.send().and_then(Answer::read(&line));
        answered.unwrap_or_else(|error| panic!("{line}: no answer: {error:?}"))
    }
}

/// An answer, read to its end.
#[derive(Debug, Clone)]
pub struct Answer {
    line: String,
    status: u16,
    headers: HeaderMap,
    body: String,
    bytes: Vec<u8>,
}

/// An answer whose body is still on its way.
#[derive(Debug)]
pub struct Download {
    response: Response,
}

impl Download {
    /// The status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.response.status().as_u16()
    }

    /// So many bytes of the body.
    ///
    /// # Panics
    /// When there are not so many.
    pub fn take(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = vec![0; count];
        let read = self.response.read_exact(&mut bytes);
        read.expect("there are so many bytes");
        bytes
    }

    /// The rest of the body; none when it was broken off.
    #[must_use]
    pub fn rest(mut self) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        self.response.read_to_end(&mut bytes).ok().map(|_| bytes)
    }
}

impl Answer {
    fn read(line: &str) -> impl FnOnce(Response) -> reqwest::Result<Self> {
        let line = line.to_owned();
        |response| {
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            let bytes = response.bytes()?.to_vec();
            Ok(Self {
                line,
                status,
                headers,
                body: String::from_utf8_lossy(&bytes).into_owned(),
                bytes,
            })
        }
    }

    /// The status.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// The same answer, if it has this status.
    ///
    /// # Panics
    /// With the whole answer when it has another.
    pub fn expect(self, status: u16) -> Self {
        let Self { line, body, .. } = &self;
        let got = self.status;
        assert_eq!(got, status, "{line} answered {got}, not {status}: {body}");
        self
    }

    /// A header, if it is there once.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.get_all(name).iter();
        let value = values.next()?.to_str().ok()?;
        values.next().is_none().then_some(value)
    }

    /// All headers but those that differ from answer to answer by their nature: date, id and cost.
    #[must_use]
    pub fn lasting_headers(&self) -> Vec<(String, String)> {
        let passing = ["date", "x-request-id", "server-timing"];
        let headers = self.headers.iter();
        let mut headers: Vec<_> = headers
            .map(|(name, value)| (name.as_str().to_owned(), format!("{value:?}")))
            .filter(|(name, _)| !passing.contains(&name.as_str()))
            .collect();
        headers.sort();
        headers
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.body
    }

    /// The body as it came.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// With the whole answer when it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        let Self {
            line, status, body, ..
        } = self;
        serde_json::from_str(body)
            .unwrap_or_else(|_| panic!("{line} answered {status} and no JSON: {body}"))
    }

    /// The body with its request's id taken out, which differs from request to request.
    #[must_use]
    pub fn text_without_request_id(&self) -> String {
        match self.header("x-request-id") {
            Some(id) => self.body.replace(id, "…"),
            None => self.body.clone(),
        }
    }

    /// The text at a place of the body, given as a JSON pointer (RFC 6901).
    ///
    /// # Panics
    /// When there is no text.
    #[must_use]
    pub fn text_at(&self, pointer: &str) -> String {
        let body = self.json();
        let found = body.pointer(pointer).and_then(Value::as_str);
        found
            .unwrap_or_else(|| panic!("{}: no text at {pointer}: {body}", self.line))
            .to_owned()
    }

    /// The code of a problem, empty when the answer is none.
    #[must_use]
    pub fn code(&self) -> String {
        let is_problem = self.header("content-type") == Some("application/problem+json");
        if is_problem {
            self.text_at("/code")
        } else {
            String::new()
        }
    }

    /// How often the answer waited for the database.
    #[must_use]
    pub fn round_trips(&self) -> Option<u32> {
        let cost = self.header("server-timing")?;
        cost.strip_prefix("sql;desc=\"")?
            .strip_suffix('"')?
            .parse()
            .ok()
    }
}
