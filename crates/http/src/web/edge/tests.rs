//! What the outermost layer does to requests of all kinds, and what it says of them in the log.

use std::{
    future::poll_fn,
    io::{self, Write},
    sync::{Arc, Mutex},
    task::Poll,
};

use actix_web::{
    App, HttpRequest, HttpResponse,
    http::{Method, header},
    middleware::from_fn,
    test::{TestRequest, call_service, init_service, read_body_json, try_call_service},
    web,
};
use serde_json::Value;
use tracing::Level;
use tracing_subscriber::fmt::MakeWriter;
use unionhall_application::error::Code;
use uuid::Uuid;

use super::*;
use crate::web::problem::{self, Problem};

const MADE: Uuid = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001);

fn edge() -> Data<Edge> {
    Data::new(Edge {
        make_id: Arc::new(|| MADE),
        security: Security::new(false, vec!["https://hall.example".to_owned()]),
        metrics: Data::new(Metrics::new("1")),
        development: true,
    })
}

async fn member(request: HttpRequest) -> HttpResponse {
    request.extensions_mut().insert(RoundTrips(3));
    HttpResponse::Ok().body("a member")
}

async fn refused() -> Result<HttpResponse, Problem> {
    Err(Problem::new(Code::Forbidden, "not you"))
}

async fn hung() -> HttpResponse {
    std::future::pending().await
}

/// A layer inside that refuses with an error instead of an answer.
async fn bouncer(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if request.headers().contains_key("x-bounce") {
        return Err(Problem::new(Code::Unavailable, "full").into());
    }
    next.call(request)
        .await
        .map(ServiceResponse::map_into_boxed_body)
}

/// What a server with the layer answers, or the error that is left for actix to answer.
async fn tried(edge: Data<Edge>, request: TestRequest) -> Result<ServiceResponse<BoxBody>, Error> {
    let app = App::new()
        .app_data(edge)
        .wrap(from_fn(bouncer))
        .wrap(from_fn(around))
        .route("/members/{id}", web::get().to(member))
        .route("/refused", web::get().to(refused))
        .route("/hung", web::get().to(hung));
    try_call_service(&init_service(app).await, request.to_request()).await
}

async fn answer(request: TestRequest) -> ServiceResponse<BoxBody> {
    tried(edge(), request).await.unwrap()
}

fn get(uri: &str) -> TestRequest {
    TestRequest::get().uri(uri)
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).map(|value| value.to_str().unwrap())
}

#[actix_web::test]
async fn every_answer_has_the_id_and_the_headers_also_when_it_is_an_error() {
    for (uri, status) in [("/members/7", 200), ("/refused", 403), ("/nothing", 404)] {
        let response = answer(get(uri)).await;
        assert_eq!(response.status().as_u16(), status);
        let id = text(response.headers(), "x-request-id");
        assert_eq!(id, Some(MADE.to_string().as_str()), "{uri}");
        assert_eq!(
            text(response.headers(), "x-content-type-options"),
            Some("nosniff")
        );
        assert_eq!(text(response.headers(), "cache-control"), Some("no-store"));
    }
}

#[actix_web::test]
async fn an_error_of_a_layer_inside_leaves_with_the_id_and_the_headers() {
    let request = get("/members/7")
        .insert_header(("x-bounce", "1"))
        .insert_header(("x-request-id", "mine.1"));
    let error = tried(edge(), request).await.err().unwrap();
    let response = error.error_response();
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(text(response.headers(), "x-request-id"), Some("mine.1"));
    assert_eq!(
        text(response.headers(), "referrer-policy"),
        Some("no-referrer")
    );
}

#[actix_web::test]
async fn problems_carry_the_id_that_the_client_sent() {
    let app = App::new()
        .app_data(edge())
        .wrap(from_fn(problem::told))
        .wrap(from_fn(around))
        .route("/refused", web::get().to(refused));
    let server = init_service(app).await;
    for uri in ["/refused", "/nothing"] {
        let request = get(uri).insert_header(("x-request-id", "mine.2"));
        let response = call_service(&server, request.to_request()).await;
        assert_eq!(text(response.headers(), "x-request-id"), Some("mine.2"));
        let body: Value = read_body_json(response).await;
        assert_eq!(body["request_id"], "mine.2");
    }
}

#[actix_web::test]
async fn a_preflight_is_answered_before_anything_else_is_asked() {
    let request = TestRequest::default()
        .method(Method::OPTIONS)
        .uri("/api/v1/members")
        .insert_header((header::ORIGIN, "https://hall.example"))
        .insert_header((header::ACCESS_CONTROL_REQUEST_METHOD, "POST"));
    let response = answer(request).await;
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
    let origin = text(response.headers(), "access-control-allow-origin");
    assert_eq!(origin, Some("https://hall.example"));
    let vary = text(response.headers(), "vary").unwrap();
    assert!(vary.starts_with("Origin, Access-Control-Request-Method"));
    assert!(text(response.headers(), "x-request-id").is_some());
}

#[actix_web::test]
async fn an_answer_says_in_development_what_it_has_cost() {
    let response = answer(get("/members/7")).await;
    assert_eq!(
        text(response.headers(), "server-timing"),
        Some("sql;desc=\"3\"")
    );
    let response = answer(get("/refused")).await;
    assert_eq!(text(response.headers(), "server-timing"), None);
}

/// A writer whose lines a test can read back.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Written {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl Written {
    /// Gathers what this thread logs until the guard is dropped.
    fn begin() -> (Self, tracing::subscriber::DefaultGuard) {
        Self::begin_at(Level::DEBUG)
    }

    /// Gathers what is at least as grave as `level`.
    fn begin_at(level: Level) -> (Self, tracing::subscriber::DefaultGuard) {
        let written = Self::default();
        let subscriber = tracing_subscriber::fmt()
            .json()
            .with_max_level(level)
            .flatten_event(true)
            .with_writer(written.clone())
            .finish();
        (written, tracing::subscriber::set_default(subscriber))
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

#[actix_web::test]
async fn a_request_leaves_one_line_with_its_ids_route_status_duration_and_cost() {
    let (written, _guard) = Written::begin();
    let request = get("/members/7")
        .insert_header(("x-request-id", "mine.3"))
        .insert_header((
            "traceparent",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        ));
    answer(request).await;
    let text = written.text();
    assert_eq!(text.lines().count(), 1, "{text}");
    let line: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(line["message"], "answered");
    assert_eq!(line["status"], 200);
    assert_eq!(line["sql_round_trips"], 3);
    assert!(line["duration_ms"].as_f64().is_some_and(|time| time >= 0.0));
    let span = &line["span"];
    assert_eq!(span["request_id"], "mine.3");
    assert_eq!(span["trace_id"], "4bf92f3577b34da6a3ce929d0e0e4736");
    assert_eq!(span["method"], "GET");
    assert_eq!(span["route"], "/members/{id}");
}

#[actix_web::test]
async fn of_reads_only_those_that_went_wrong_are_in_the_usual_log() {
    let (written, _guard) = Written::begin_at(Level::INFO);
    answer(get("/members/7")).await;
    assert_eq!(written.text(), "");
    answer(get("/nowhere")).await;
    assert_eq!(written.text().lines().count(), 1, "{}", written.text());
}

#[actix_web::test]
async fn what_a_person_sends_is_not_in_the_log() {
    let (written, _guard) = Written::begin();
    for uri in ["/members/secret-a?q=secret-b", "/secret-c?q=secret-d"] {
        let request = get(uri)
            .insert_header(("authorization", "Bearer secret-e"))
            .insert_header(("x-request-id", "secret f"))
            .insert_header(("traceparent", "secret-g"))
            .set_payload("secret-h");
        answer(request).await;
    }
    let text = written.text();
    assert_eq!(text.lines().count(), 2, "{text}");
    assert!(text.contains("\"route\":\"unmatched\""), "{text}");
    assert!(!text.contains("secret"), "{text}");
}

#[actix_web::test]
async fn a_client_that_hangs_up_is_in_the_log() {
    let (written, _guard) = Written::begin();
    let mut answer = Box::pin(answer(get("/hung")));
    let pending = poll_fn(|context| Poll::Ready(answer.as_mut().poll(context).is_pending()));
    assert!(pending.await);
    drop(answer);
    let text = written.text();
    assert!(
        text.contains("the client hung up before the answer"),
        "{text}"
    );
    assert!(text.contains("\"route\":\"/hung\""), "{text}");
}
