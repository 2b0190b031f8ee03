//! Counts and durations for Prometheus, and `GET /metrics` for those who may read them.

use std::{borrow::Cow, fmt, time::Duration};

use actix_web::{
    HttpRequest, HttpResponse,
    dev::ServiceRequest,
    guard,
    http::{Method, StatusCode, header},
    web::{self, Data, ServiceConfig},
};
use prometheus_client::{
    collector::Collector,
    encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric, text},
    metrics::{
        MetricType,
        counter::Counter,
        family::Family,
        gauge::{ConstGauge, Gauge},
        histogram::Histogram,
        info::Info,
    },
    registry::{Registry, Unit},
};
use sha2::{Digest, Sha256};

use super::problem::Problem;
use crate::pages;

/// The type of the answer: OpenMetrics, which Prometheus reads.
const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The upper bounds of the buckets of durations, in seconds: from a cached answer to the longest wait.
const BUCKETS: [f64; 12] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0,
];

/// What is counted, for the whole process.
///
/// A clone of a label is made for the first request of its kind alone: later ones find it by hash.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<Outcome, Counter>,
    durations: Family<Route, Histogram, fn() -> Histogram>,
    round_trips: Family<Route, Counter>,
    in_flight: Gauge,
}

/// Which method of which route: never the address as it came, for those have no end.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(crate) struct Route {
    method: &'static str,
    route: Cow<'static, str>,
}

/// A route, and how its request ended.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Outcome {
    #[prometheus(flatten)]
    route: Route,
    status: &'static str,
}

impl Route {
    /// The route that `request` will take; `unmatched` if nothing is there.
    pub(crate) fn of(request: &ServiceRequest) -> Self {
        let pattern = request.match_pattern();
        Self {
            method: known(request.method()),
            route: pattern.map_or(Cow::Borrowed("unmatched"), Cow::Owned),
        }
    }

    /// The method in capitals; `other` for one that nobody knows.
    pub(crate) const fn method(&self) -> &'static str {
        self.method
    }

    /// The pattern, such as `/api/v1/members/{id}`.
    pub(crate) fn pattern(&self) -> &str {
        &self.route
    }
}

impl Metrics {
    /// No counts yet; `version` is this program's, shown beside them.
    #[must_use]
    pub fn new(version: &str) -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("unionhall"),
            requests: Family::default(),
            durations: Family::new_with_constructor(|| Histogram::new(BUCKETS)),
            round_trips: Family::default(),
            in_flight: Gauge::default(),
        };
        let registry = &mut metrics.registry;
        registry.register(
            "build",
            "Which version runs",
            Info::new(vec![("version".to_owned(), version.to_owned())]),
        );
        registry.register(
            "http_requests",
            "Requests that were answered, by the first digit of the status",
            metrics.requests.clone(),
        );
        registry.register_with_unit(
            "http_request_duration",
            "Time from a request to the beginning of its answer",
            Unit::Seconds,
            metrics.durations.clone(),
        );
        registry.register(
            "http_sql_round_trips",
            "Times that requests waited for the database",
            metrics.round_trips.clone(),
        );
        registry.register(
            "http_requests_in_flight",
            "Requests that are being answered now",
            metrics.in_flight.clone(),
        );
        metrics
    }

    /// Adds a gauge that is read whenever the metrics are: `read` must be quick.
    /// `name` is in `snake_case` and comes after `unionhall_`; `help` has no full stop at its end.
    pub fn watch(
        &mut self,
        name: &'static str,
        help: &'static str,
        read: impl Fn() -> usize + Send + Sync + 'static,
    ) {
        let watched = Watched { name, help, read };
        self.registry.register_collector(Box::new(watched));
    }

    /// Counts a request as being answered until the guard is dropped.
    pub(crate) fn enter(&self) -> InFlight {
        self.in_flight.inc();
        InFlight(self.in_flight.clone())
    }

    /// Counts a request that was answered.
    pub(crate) fn count(
        &self,
        route: Route,
        status: StatusCode,
        duration: Duration,
        round_trips: Option<u32>,
    ) {
        let seconds = duration.as_secs_f64();
        self.durations.get_or_create(&route).observe(seconds);
        if let Some(count) = round_trips {
            let counter = self.round_trips.get_or_create(&route);
            counter.inc_by(count.into());
        }
        let status = class(status);
        let outcome = Outcome { route, status };
        self.requests.get_or_create(&outcome).inc();
    }

    /// Everything counted so far, as Prometheus reads it.
    fn page(&self) -> Result<String, fmt::Error> {
        let mut page = String::new();
        text::encode(&mut page, &self.registry)?;
        Ok(page)
    }
}

/// A request that is being answered.
#[derive(Debug)]
pub(crate) struct InFlight(Gauge);

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// A number that somebody else keeps.
struct Watched<F> {
    name: &'static str,
    help: &'static str,
    read: F,
}

impl<F> fmt::Debug for Watched<F> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Watched")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl<F: Fn() -> usize + Send + Sync + 'static> Collector for Watched<F> {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        let help = format!("{}.", self.help);
        let metric = encoder.encode_descriptor(self.name, &help, None, MetricType::Gauge)?;
        let now = i64::try_from((self.read)()).unwrap_or(i64::MAX);
        ConstGauge::new(now).encode(metric)
    }
}

/// Who may read the metrics beside this machine: whoever has the token, of which the digest is kept.
#[derive(Debug, Clone)]
struct Token(Option<[u8; 32]>);

/// Puts `GET /metrics` into a server whose application data has [`Metrics`].
///
/// It answers programs on this machine and whoever sends `token` as a bearer token; to anybody else there is nothing there.
pub(crate) fn configure(server: &mut ServiceConfig, token: Option<String>) {
    let token = Data::new(Token(token.as_deref().map(digest)));
    let metrics = web::resource("/metrics").guard(guard::Get());
    server.service(metrics.app_data(token).to(show));
}

async fn show(
    request: HttpRequest,
    metrics: Data<Metrics>,
    token: Data<Token>,
) -> Result<HttpResponse, Problem> {
    if !is_from_here(&request) && !token.is_in(&request) {
        return pages::not_found(request).await;
    }
    let page = metrics.page().map_err(|error| Problem::internal(&error))?;
    Ok(HttpResponse::Ok().content_type(OPEN_METRICS).body(page))
}

impl Token {
    fn is_in(&self, request: &HttpRequest) -> bool {
        let header = request.headers().get(header::AUTHORIZATION);
        let value = header.and_then(|value| value.to_str().ok());
        let given = value.and_then(|value| value.strip_prefix("Bearer "));
        // Digests are compared, so how long that takes says nothing about the token.
        self.0.is_some() && self.0 == given.map(digest)
    }
}

/// Whether the peer is a program on this machine, and not a proxy on it that speaks for somebody elsewhere.
fn is_from_here(request: &HttpRequest) -> bool {
    let forwarded = ["forwarded", "x-forwarded-for", "x-real-ip", "via"];
    let peer = request.peer_addr();
    peer.is_some_and(|peer| peer.ip().to_canonical().is_loopback())
        && !forwarded
            .iter()
            .any(|name| request.headers().contains_key(*name))
}

fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token).into()
}

/// The names of methods are few; what a client invents is not a label.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

fn class(status: StatusCode) -> &'static str {
    match status.as_u16() {
        ..200 => "1xx",
        200..300 => "2xx",
        300..400 => "3xx",
        400..500 => "4xx",
        500.. => "5xx",
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use actix_web::{
        App,
        test::{TestRequest, call_service, init_service, read_body},
    };

    use super::*;

    fn route(method: &'static str, pattern: &'static str) -> Route {
        let route = Cow::Borrowed(pattern);
        Route { method, route }
    }

    #[test]
    fn requests_are_counted_by_route_method_and_class_of_status() {
        let metrics = Metrics::new("1.2.3");
        let took = Duration::from_millis(7);
        for status in [StatusCode::OK, StatusCode::OK, StatusCode::NOT_FOUND] {
            metrics.count(route("GET", "/members/{id}"), status, took, Some(2));
        }
        metrics.count(route("POST", "/members"), StatusCode::CREATED, took, None);
        let page = metrics.page().unwrap();
        for line in [
            "unionhall_build_info{version=\"1.2.3\"} 1",
            "unionhall_http_requests_total{method=\"GET\",route=\"/members/{id}\",status=\"2xx\"} 2",
            "unionhall_http_requests_total{method=\"GET\",route=\"/members/{id}\",status=\"4xx\"} 1",
            "unionhall_http_requests_total{method=\"POST\",route=\"/members\",status=\"2xx\"} 1",
            "unionhall_http_sql_round_trips_total{method=\"GET\",route=\"/members/{id}\"} 6",
            "unionhall_http_request_duration_seconds_count{method=\"GET\",route=\"/members/{id}\"} 3",
            "unionhall_http_request_duration_seconds_bucket{le=\"0.005\",method=\"GET\",route=\"/members/{id}\"} 0",
            "unionhall_http_request_duration_seconds_bucket{le=\"0.01\",method=\"GET\",route=\"/members/{id}\"} 3",
        ] {
            assert!(page.contains(line), "{line} is not in\n{page}");
        }
        let unasked = "unionhall_http_sql_round_trips_total{method=\"POST\"";
        assert!(!page.contains(unasked), "{page}");
    }

    #[test]
    fn a_request_is_in_flight_until_its_guard_is_gone() {
        let metrics = Metrics::new("1");
        let in_flight = metrics.enter();
        let line = "unionhall_http_requests_in_flight 1";
        assert!(metrics.page().unwrap().contains(line));
        drop(in_flight);
        assert!(!metrics.page().unwrap().contains(line));
    }

    #[test]
    fn a_watched_number_is_read_when_the_page_is() {
        let mut metrics = Metrics::new("1");
        metrics.watch("gate_waiting", "Use cases that wait", || 42);
        let page = metrics.page().unwrap();
        let described = "# HELP unionhall_gate_waiting Use cases that wait.\n# TYPE unionhall_gate_waiting gauge\nunionhall_gate_waiting 42\n";
        assert!(page.contains(described), "{page}");
    }

    const TOKEN: &str = "a-token-of-metrics";

    async fn status_for(token: Option<&str>, peer: &str, header: Option<(&str, &str)>) -> u16 {
        let metrics = Data::new(Metrics::new("1"));
        let token = token.map(ToOwned::to_owned);
        let app = App::new()
            .app_data(metrics)
            .configure(|server| configure(server, token));
        let server = init_service(app).await;
        let peer: SocketAddr = peer.parse().unwrap();
        let mut request = TestRequest::get().uri("/metrics").peer_addr(peer);
        if let Some(header) = header {
            request = request.insert_header(header);
        }
        let response = call_service(&server, request.to_request()).await;
        let status = response.status().as_u16();
        let is_page = read_body(response).await.ends_with(b"# EOF\n");
        assert_eq!(is_page, status == 200);
        status
    }

    #[actix_web::test]
    async fn programs_on_this_machine_read_the_metrics() {
        for peer in ["127.0.0.1:999", "[::1]:999", "[::ffff:127.0.0.1]:999"] {
            assert_eq!(status_for(None, peer, None).await, 200, "{peer}");
        }
    }

    #[actix_web::test]
    async fn for_others_there_is_nothing_there_even_through_a_proxy_on_this_machine() {
        assert_eq!(status_for(None, "192.0.2.7:999", None).await, 404);
        assert_eq!(status_for(Some(TOKEN), "192.0.2.7:999", None).await, 404);
        let forwarded = Some(("X-Forwarded-For", "192.0.2.7"));
        assert_eq!(status_for(None, "127.0.0.1:999", forwarded).await, 404);
    }

    #[actix_web::test]
    async fn the_token_opens_the_metrics_from_elsewhere_and_another_one_does_not() {
        let elsewhere = "192.0.2.7:999";
        for (bearer, status) in [
            ("Bearer a-token-of-metrics", 200),
            ("Bearer a-token-of-metric", 404),
            ("Bearer ", 404),
            ("a-token-of-metrics", 404),
        ] {
            let header = Some(("Authorization", bearer));
            assert_eq!(
                status_for(Some(TOKEN), elsewhere, header).await,
                status,
                "{bearer}"
            );
        }
        let nothing = Some(("Authorization", "Bearer "));
        assert_eq!(status_for(None, elsewhere, nothing).await, 404);
    }
}
