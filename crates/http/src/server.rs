//! The server: every route, the layers around them, and the bounds of the connections.

use std::{io, net::TcpListener, num::NonZeroUsize, sync::Arc, time::Duration};

use actix_web::{
    App, HttpServer,
    dev::Server,
    middleware::from_fn,
    web::{self as actix, Data},
};
use unionhall_application::{Application, case_files::CaseFiles, clock::Clock};
use utoipa_actix_web::{AppExt, scope::scope};

use crate::{
    BASE, api, health, openapi, pages,
    web::{
        auth::Authenticator,
        caller::Shared,
        client::TrustedProxies,
        documents::FileGate,
        edge::{self, Edge},
        exports::Desk,
        gate::Gate,
        metrics::{self, Metrics},
        passwords::PasswordGate,
        pictures::PictureGate,
        pieces, problem,
        rate_limits::{self, RateLimiter},
        security::Security,
        tokens::Tokens,
    },
};

/// How long requests in flight may take to finish when the server stops, in seconds.
const STOPPING: u64 = 30;
/// How long a client may take to send the head of a request.
const HEAD: Duration = Duration::from_secs(30);

/// What the server is made of.
pub struct Parts {
    /// The use cases.
    pub application: Application,
    /// Time, and the ids of requests.
    pub clock: Arc<dyn Clock>,
    /// Signs and knows access tokens.
    pub tokens: Arc<Tokens>,
    /// The way to the use cases.
    pub gate: Gate,
    /// The way to the hashing of passwords.
    pub passwords: Arc<dyn PasswordGate>,
    /// The way to pictures.
    pub pictures: PictureGate,
    /// The use cases of case files.
    pub case_files: CaseFiles,
    /// Takes files in and sends them.
    pub files: FileGate,
    /// Counts requests; none when nobody is limited.
    pub rate_limiter: Option<Arc<RateLimiter>>,
    /// What health is asked of.
    pub readiness: Arc<dyn health::Readiness>,
    /// What is counted.
    pub metrics: Data<Metrics>,
    /// What the pages show.
    pub pages: pages::PagesConfig,
    /// The rest of what can be set.
    pub settings: Settings,
}

/// What can be set.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Whether answers say what they cost, for whoever works on the program.
    pub development: bool,
    /// Whether people reach the server over HTTPS.
    pub https: bool,
    /// Who is believed to say for whom it speaks.
    pub proxies: TrustedProxies,
    /// Origins whose pages may call the API.
    pub cors_origins: Vec<String>,
    /// Who bears it may read the metrics from elsewhere than loopback.
    pub metrics_token: Option<String>,
    /// The largest roster, in bytes.
    pub import_bytes: usize,
    /// The largest JSON body, in bytes.
    pub body_bytes: usize,
    /// Threads that speak HTTP.
    pub workers: NonZeroUsize,
}

/// Starts serving on a bound listener. The server ends when its handle stops it; signals are the caller's.
///
/// # Errors
/// When the listener cannot be used.
pub fn start(listener: TcpListener, parts: Parts) -> io::Result<Server> {
    let workers = parts.settings.workers.get();
    let metrics_token = parts.settings.metrics_token.clone();
    let held = Held::new(parts);
    let server = HttpServer::new(move || {
        App::new()
            .app_data(held.shared.clone())
            .app_data(held.edge.clone())
            .app_data(held.metrics.clone())
            .app_data(held.pages.clone())
            .app_data(held.health.clone())
            .wrap(from_fn(rate_limits::asked))
            .wrap(from_fn(problem::told))
            .wrap(from_fn(edge::around))
            // First, because the scope takes every path that begins like its own.
            .route("/api/v1/openapi.json", actix::get().to(document))
            .into_utoipa_app()
            .service(scope(BASE).configure(api::configure))
            .into_app()
            .configure(health::configure)
            .configure(|config| metrics::configure(config, metrics_token.clone()))
            .configure(pages::configure)
            .default_service(actix::to(pages::not_found))
    });
    Ok(server
        .workers(workers)
        .client_request_timeout(HEAD)
        // Answers leave in pieces: none may wait for the client's word on the one before (RFC 1122 §4.2.3.4).
        .tcp_nodelay(true)
        .h1_write_buffer_size(pieces::PIECE)
        .shutdown_timeout(STOPPING)
        .disable_signals()
        .listen(listener)?
        .run())
}

/// The parts as every thread that speaks HTTP holds them.
#[derive(Clone)]
struct Held {
    shared: Data<Shared>,
    edge: Data<Edge>,
    metrics: Data<Metrics>,
    pages: Data<pages::PagesConfig>,
    health: Data<health::Health>,
}

impl Held {
    fn new(parts: Parts) -> Self {
        let authenticator = Authenticator::new(
            parts.application.clone(),
            parts.gate.clone(),
            Arc::clone(&parts.tokens),
            Arc::clone(&parts.clock),
        );
        let clock = parts.clock;
        Self {
            shared: Data::new(Shared {
                application: parts.application,
                gate: parts.gate,
                authenticator,
                tokens: parts.tokens,
                passwords: parts.passwords,
                pictures: parts.pictures,
                case_files: parts.case_files,
                files: parts.files,
                exports: Desk::default(),
                proxies: parts.settings.proxies,
                rate_limiter: parts.rate_limiter,
                import_bytes: parts.settings.import_bytes,
                body_bytes: parts.settings.body_bytes,
            }),
            edge: Data::new(Edge {
                make_id: Arc::new(move || clock.new_id()),
                security: Security::new(parts.settings.https, parts.settings.cors_origins),
                metrics: parts.metrics.clone(),
                development: parts.settings.development,
            }),
            metrics: parts.metrics,
            pages: Data::new(parts.pages),
            health: Data::new(health::Health::new(parts.readiness)),
        }
    }
}

async fn document() -> actix_web::HttpResponse {
    actix_web::HttpResponse::Ok()
        .content_type("application/json")
        .body(openapi::COMMITTED)
}
