//! What the log says of each request: a span around its work, and one line when it is answered.
//!
//! Neither has the path as it came, the query, a header's text or a body: those hold personal data.

use std::time::{Duration, Instant};

use actix_web::http::{StatusCode, header::HeaderMap};
use tracing::{Span, field};

use super::{
    metrics::Route,
    request_id::{self, RequestId},
};

/// Routes that programs ask every few seconds: their lines are for whoever turns on `debug`.
const POLLED: [&str; 3] = ["/livez", "/metrics", "/readyz"];

/// The line at the end of a request, written when it is dropped: also when the client hangs up first.
#[derive(Debug)]
pub(crate) struct Line {
    span: Span,
    polled: bool,
    /// Whether the request only reads: when that goes well, the audit trail and the metrics tell enough.
    reads: bool,
    started: Instant,
    answered: Option<Answered>,
}

/// How a request ended.
#[derive(Debug, Clone, Copy)]
struct Answered {
    status: StatusCode,
    sql_round_trips: Option<u32>,
}

impl Line {
    /// Opens the span and begins to measure.
    pub(crate) fn begin(id: &RequestId, route: &Route, headers: &HeaderMap) -> Self {
        Self {
            span: tracing::info_span!(
                "request",
                request_id = field::display(id),
                trace_id = request_id::trace_id(headers),
                method = route.method(),
                route = route.pattern(),
            ),
            polled: POLLED.contains(&route.pattern()),
            reads: matches!(route.method(), "GET" | "HEAD"),
            started: Instant::now(),
            answered: None,
        }
    }

    /// The span in which the request is to be answered: every line inside it can be found by the request's id.
    pub(crate) fn span(&self) -> Span {
        self.span.clone()
    }

    /// Notes how the request ended, writes the line, and tells how long the answer took.
    pub(crate) fn end(mut self, status: StatusCode, sql_round_trips: Option<u32>) -> Duration {
        self.answered = Some(Answered {
            status,
            sql_round_trips,
        });
        self.started.elapsed()
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let duration_ms = milliseconds(self.started.elapsed());
        let _entered = self.span.enter();
        match self.answered {
            None => tracing::info!(duration_ms, "the client hung up before the answer"),
            Some(Answered {
                status,
                sql_round_trips,
            }) => {
                let status = status.as_u16();
                let uneventful = self.reads && status < 400;
                if self.polled || uneventful {
                    tracing::debug!(status, duration_ms, sql_round_trips, "answered");
                } else {
                    tracing::info!(status, duration_ms, sql_round_trips, "answered");
                }
            }
        }
    }
}

/// A duration in milliseconds, to the microsecond.
fn milliseconds(duration: Duration) -> f64 {
    let whole = Duration::from_micros(u64::try_from(duration.as_micros()).unwrap_or(u64::MAX));
    whole.as_secs_f64() * 1000.0
}
