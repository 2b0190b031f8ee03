//! Errors as problem details (RFC 9457): one shape for every error of the API.

use std::{error::Error, fmt};

use actix_web::{
    HttpResponse, HttpResponseBuilder, ResponseError,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    error::InternalError,
    http::{StatusCode, header},
    middleware::Next,
};
use serde::Serialize;
use unionhall_application::{
    StoredAnswer,
    error::{Code, Coded},
};
use unionhall_domain::invalid::FieldError;
use utoipa::ToSchema;

use super::{answer, problem_catalogue, request_id};

/// The type of every error's body.
pub(crate) const CONTENT_TYPE: &str = "application/problem+json";
/// How many seconds a client is asked to wait when something is down or too busy.
const RETRY_AFTER: &str = "2";

/// An error on its way to a client.
#[derive(Debug, Clone)]
pub struct Problem {
    code: Code,
    detail: String,
    place: Place,
    errors: Vec<FieldError>,
    allowed_actions: Option<Vec<&'static str>>,
    allowed_methods: Option<String>,
    retry_after: Option<u32>,
    replay: Option<Box<StoredAnswer>>,
}

/// Where wrong fields are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Body,
    Query,
}

impl Problem {
    /// An error with its sentence.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
            place: Place::Body,
            errors: Vec::new(),
            allowed_actions: None,
            allowed_methods: None,
            retry_after: None,
            replay: None,
        }
    }

    /// Wrong fields of a body, all of them.
    pub(crate) fn fields(errors: Vec<FieldError>) -> Self {
        Self {
            errors,
            ..Self::new(Code::InvalidFields, "some fields are wrong")
        }
    }

    /// Wrong parameters of a query, all of them.
    pub(crate) fn parameters(errors: Vec<FieldError>) -> Self {
        Self {
            errors,
            place: Place::Query,
            ..Self::new(Code::BadRequest, "some parameters of the query are wrong")
        }
    }

    /// Nobody is signed in, or the sign-in does not count.
    pub(crate) fn unauthenticated() -> Self {
        Self::new(
            Code::Unauthenticated,
            "sign in and send the access token as a bearer token",
        )
    }

    /// There is no such thing.
    pub(crate) fn not_found(what: &str) -> Self {
        Self::new(Code::NotFound, format!("there is no such {what}"))
    }

    /// The path takes these methods, which are listed as in the header `Allow`, and the request has another.
    pub(crate) fn method_not_allowed(allowed: String) -> Self {
        Self {
            allowed_methods: Some(allowed),
            ..by_status(StatusCode::METHOD_NOT_ALLOWED)
        }
    }

    /// Too many wait already.
    pub(crate) fn busy() -> Self {
        Self::new(
            Code::Unavailable,
            "the service is too busy at present; try again",
        )
    }

    /// There were enough requests of this kind; after so many seconds there may be more.
    pub(crate) fn too_many(seconds: u32) -> Self {
        Self {
            retry_after: Some(seconds),
            ..Self::new(
                Code::RateLimited,
                format!("too many requests of this kind; try again in {seconds} seconds"),
            )
        }
    }

    /// A bug: its cause is logged here, once, and told to nobody.
    pub(crate) fn internal(cause: &(dyn Error + 'static)) -> Self {
        tracing::error!(
            error = chain(cause),
            "a request failed through a fault of ours"
        );
        Self::new(Code::Internal, "something went wrong on our side")
    }

    /// A bug that ended in a panic; its message and place are in the log already.
    pub(crate) fn panicked() -> Self {
        tracing::error!("a use case panicked");
        Self::new(Code::Internal, "something went wrong on our side")
    }

    /// What went wrong.
    #[must_use]
    pub const fn code(&self) -> Code {
        self.code
    }

    fn status(&self) -> StatusCode {
        StatusCode::from_u16(problem_catalogue::status(self.code))
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The answer, with the request's id.
    pub(crate) fn answer(&self, request_id: &str) -> HttpResponse {
        if let Some(stored) = &self.replay {
            return answer::replayed(stored);
        }
        let code = self.code.as_str();
        let errors = self.errors.iter().map(|error| self.field(error)).collect();
        let body = ProblemView {
            kind: format!("/problems/{code}"),
            title: problem_catalogue::title(self.code).to_owned(),
            status: problem_catalogue::status(self.code),
            code: code.to_owned(),
            detail: self.detail.clone(),
            request_id: request_id.to_owned(),
            errors,
            allowed_actions: self
                .allowed_actions
                .as_ref()
                .map(|actions| actions.iter().map(|action| (*action).to_owned()).collect()),
        };
        let mut response = HttpResponseBuilder::new(self.status());
        if let Some(methods) = &self.allowed_methods {
            response.insert_header((header::ALLOW, methods.as_str()));
        }
        if let Some(named) = header_of(self.code) {
            response.insert_header(named);
        }
        if let Some(seconds) = self.retry_after {
            response.insert_header((header::RETRY_AFTER, seconds));
        }
        response
            .content_type(CONTENT_TYPE)
            .body(serde_json::to_string(&body).unwrap_or_default())
    }

    fn field(&self, error: &FieldError) -> FieldProblem {
        let (pointer, parameter) = match self.place {
            Place::Body => (Some(format!("/{}", error.field)), None),
            Place::Query => (None, Some(error.field.clone().into_owned())),
        };
        FieldProblem {
            pointer,
            parameter,
            code: error.invalid.code.to_owned(),
            detail: error.invalid.detail.clone(),
        }
    }
}

impl<E: Coded> From<E> for Problem {
    fn from(error: E) -> Self {
        let code = error.code();
        let replay = error.replay().cloned().map(Box::new);
        match code {
            Code::Internal if replay.is_none() => return Self::internal(&error),
            Code::Unavailable => {
                tracing::warn!(error = chain(&error), "something needed is not available");
            }
            _ => {}
        }
        Self {
            errors: error.fields().to_vec(),
            allowed_actions: error.allowed_actions(),
            replay,
            ..Self::new(code, error.to_string())
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status()
    }

    fn error_response(&self) -> HttpResponse {
        // The middleware below makes the answer that goes out: only it knows the request's id.
        HttpResponse::new(self.status())
    }
}

/// Gives every error of the API its body: ours as they are, the framework's by their status.
pub(crate) async fn told(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let request_id = request_id::of(request.request());
    match next.call(request).await {
        Ok(response) => {
            let response = response.map_into_boxed_body();
            let Some(problem) = problem_of(response.response()) else {
                return Ok(response);
            };
            Ok(response.into_response(problem.answer(&request_id)))
        }
        // The router needs the request for itself, so there is none left to make a whole answer with.
        Err(error) => {
            let refused = HttpResponse::from_error(error);
            let problem = problem_of(&refused);
            let answer = problem.map_or(refused, |problem| problem.answer(&request_id));
            Err(InternalError::from_response("refused by a layer inside", answer).into())
        }
    }
}

fn problem_of(response: &HttpResponse) -> Option<Problem> {
    if let Some(error) = response.error() {
        if let Some(problem) = error.as_error::<Problem>() {
            return Some(problem.clone());
        }
        return Some(by_status(response.status()));
    }
    let bare = response.headers().get(header::CONTENT_TYPE).is_none();
    let failed = response.status().is_client_error() || response.status().is_server_error();
    (failed && bare).then(|| by_status(response.status()))
}

/// The header that tells a client what to do about a problem with this code.
pub(crate) const fn header_of(code: Code) -> Option<(header::HeaderName, &'static str)> {
    match code {
        Code::Unavailable | Code::RateLimited => Some((header::RETRY_AFTER, RETRY_AFTER)),
        Code::Unauthenticated | Code::SignInRefused | Code::SecondFactorRefused => {
            Some((header::WWW_AUTHENTICATE, "Bearer"))
        }
        Code::BadRequest
        | Code::NoPlace
        | Code::RegistrationClosed
        | Code::Forbidden
        | Code::SecondFactorRequired
        | Code::TenantReadOnly
        | Code::NotOneself
        | Code::AboveOwnRole
        | Code::Barred
        | Code::NotFound
        | Code::MethodNotAllowed
        | Code::IllegalMove
        | Code::Duplicate
        | Code::JobsOverlap
        | Code::SessionsOverlap
        | Code::InUse
        | Code::LimitReached
        | Code::LastOwner
        | Code::FundShort
        | Code::NoSeat
        | Code::OverCap
        | Code::NotMade
        | Code::ChangedMeanwhile
        | Code::Stale
        | Code::KeyInProgress
        | Code::KeyReused
        | Code::TooLarge
        | Code::TooManyRows
        | Code::UnsupportedMediaType
        | Code::RangeNotSatisfiable
        | Code::InvalidFields
        | Code::Internal => None,
    }
}

fn by_status(status: StatusCode) -> Problem {
    let (code, detail) = match status {
        StatusCode::NOT_FOUND => (Code::NotFound, "there is nothing at this address"),
        StatusCode::METHOD_NOT_ALLOWED => (
            Code::MethodNotAllowed,
            "this address does not take that method",
        ),
        StatusCode::PAYLOAD_TOO_LARGE => (Code::TooLarge, "the body is too large"),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => (
            Code::UnsupportedMediaType,
            "the body is not of a type that is taken here",
        ),
        StatusCode::SERVICE_UNAVAILABLE => (Code::Unavailable, "try again later"),
        other if other.is_client_error() => (Code::BadRequest, "the request is not understood"),
        _ => (Code::Internal, "something went wrong on our side"),
    };
    Problem::new(code, detail)
}

/// An error and its causes in one line.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

/// Problem details (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct ProblemView {
    /// The page that explains the problem.
    #[serde(rename = "type")]
    #[schema(example = "/problems/not_found")]
    kind: String,
    /// The problem in a few words, the same each time.
    #[schema(example = "Not found")]
    title: String,
    /// The HTTP status.
    #[schema(example = 404)]
    status: u16,
    /// The problem as a word for programs.
    #[schema(example = "not_found")]
    code: String,
    /// What went wrong this time.
    #[schema(example = "there is no such grievance")]
    detail: String,
    /// The id of the request, for whoever asks for help.
    request_id: String,
    /// The wrong fields, all of them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    errors: Vec<FieldProblem>,
    /// The moves that are allowed instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    allowed_actions: Option<Vec<String>>,
}

/// One wrong field or parameter.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FieldProblem {
    /// Where in the body, as a JSON pointer (RFC 6901).
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false, example = "/first_name")]
    pointer: Option<String>,
    /// Which parameter of the query.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    parameter: Option<String>,
    /// What is wrong, as a word for programs.
    #[schema(example = "blank")]
    code: String,
    /// What is wrong, for people.
    #[schema(example = "must not be blank")]
    detail: String,
}

#[cfg(test)]
pub(crate) mod tests {
    use super::Problem;

    /// What is wrong with which field, in the order in which a client is told.
    pub(crate) fn told<T>(outcome: Result<T, Problem>) -> Vec<String> {
        let errors = outcome.err().map(|problem| problem.errors);
        errors
            .unwrap_or_default()
            .iter()
            .map(|error| format!("/{} {}", error.field, error.invalid.code))
            .collect()
    }
}
