//! The outermost layer: what happens around every request and to every answer, errors and unknown addresses included.

use std::fmt;

use actix_web::{
    Error, HttpMessage, HttpRequest,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    error::InternalError,
    http::{
        Method, StatusCode,
        header::{HeaderMap, HeaderName, HeaderValue},
    },
    middleware::Next,
    web::Data,
};
use tracing::Instrument;

use super::{
    access_log::Line,
    caller::RoundTrips,
    metrics::{InFlight, Metrics, Route},
    rate_limits::Standings,
    request_id::{MakeId, RequestId, X_REQUEST_ID},
    security::{Asked, Security},
};

/// In development, what an answer cost (Server Timing, W3C): how often it has waited for the database.
const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");

/// What the layer needs; one for the whole server, in its application data.
pub(crate) struct Edge {
    /// Makes the ids of requests that come without one.
    pub(crate) make_id: MakeId,
    /// What browsers are told.
    pub(crate) security: Security,
    /// Where requests are counted.
    pub(crate) metrics: Data<Metrics>,
    /// Whether answers say what they cost, for whoever works on the program.
    pub(crate) development: bool,
}

impl fmt::Debug for Edge {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Edge")
            .field("security", &self.security)
            .finish_non_exhaustive()
    }
}

/// Gives a request its id, its span and its line in the log, counts it, and gives its answer the headers that all have.
///
/// It goes around everything else: the last `wrap` of the application, `wrap(from_fn(edge::around))`.
///
/// # Errors
/// Those of the layers inside; their answers have got the headers as well.
pub(crate) async fn around(
    edge: Data<Edge>,
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let visit = Visit::begin(&edge, &request);
    // HEAD is GET without the content (RFC 9110 §9.3.2): it is routed as one, and the server leaves the content out.
    if request.method() == Method::HEAD {
        request.head_mut().method = Method::GET;
        request.extensions_mut().insert(WithoutContent);
    }
    request.extensions_mut().insert(visit.id.clone());
    if let Some(answer) = edge.security.preflight(request.head(), &visit.asked) {
        let mut response = request.into_response(answer);
        visit.end(&edge, response.status(), response.headers_mut(), None);
        return Ok(response);
    }
    let span = visit.line.span();
    match next.call(request).instrument(span).await {
        Ok(response) => {
            let mut response = response.map_into_boxed_body();
            let round_trips = round_trips(&response);
            let standings = response.request().extensions().get::<Standings>().cloned();
            if let Some(standings) = standings {
                standings.tell(response.headers_mut());
            }
            visit.end(
                &edge,
                response.status(),
                response.headers_mut(),
                round_trips,
            );
            Ok(response)
        }
        Err(error) => {
            let mut response = error.error_response();
            visit.end(&edge, response.status(), response.headers_mut(), None);
            Err(InternalError::from_response(error, response).into())
        }
    }
}

/// That a request is routed as GET, and its answer leaves without its content.
struct WithoutContent;

/// Whether whoever asks does not get to see what the answer shows (HEAD).
pub(crate) fn without_content(request: &HttpRequest) -> bool {
    request.extensions().contains::<WithoutContent>()
}

/// One request on its way in and out.
struct Visit {
    id: RequestId,
    asked: Asked,
    route: Route,
    line: Line,
    in_flight: InFlight,
}

impl Visit {
    fn begin(edge: &Edge, request: &ServiceRequest) -> Self {
        let id = RequestId::taken_or_made(request.headers(), &edge.make_id);
        let route = Route::of(request);
        Self {
            asked: edge.security.asked(request.head()),
            line: Line::begin(&id, &route, request.headers()),
            in_flight: edge.metrics.enter(),
            id,
            route,
        }
    }

    fn end(
        self,
        edge: &Edge,
        status: StatusCode,
        headers: &mut HeaderMap,
        round_trips: Option<u32>,
    ) {
        edge.security.protect(&self.asked, status, headers);
        if let Some(id) = self.id.header() {
            headers.insert(X_REQUEST_ID, id);
        }
        if let Some(count) = round_trips.filter(|_| edge.development)
            && let Ok(cost) = HeaderValue::from_str(&format!("sql;desc=\"{count}\""))
        {
            headers.insert(SERVER_TIMING, cost);
        }
        let duration = self.line.end(status, round_trips);
        edge.metrics
            .count(self.route, status, duration, round_trips);
        drop(self.in_flight);
    }
}

fn round_trips(response: &ServiceResponse<BoxBody>) -> Option<u32> {
    let extensions = response.request().extensions();
    extensions.get::<RoundTrips>().map(|count| count.0)
}

#[cfg(test)]
mod tests;
