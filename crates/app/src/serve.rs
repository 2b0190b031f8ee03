//! Serving the hall: starting everything in order, and stopping it in the opposite one.

mod checks;
mod mailbox;
mod screen;
mod signals;

use std::{
    net::{SocketAddr, TcpListener},
    num::NonZeroUsize,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread::{self, JoinHandle},
};

use actix_web::{dev::ServerHandle, web::Data};
use unionhall_application::{
    case_files::CaseFiles,
    documents::{DocumentPolicy, Documents},
    passwords::{Password, PasswordHash, PasswordHasher},
    pictures::Pictures,
    postman::{Logos, Postman},
};
use unionhall_embedded::mailbox::Mailbox;
use unionhall_http::{
    server::{self, Parts, Settings},
    web::{
        client::TrustedProxies,
        documents::FileGate,
        gate::Gate,
        metrics::Metrics,
        passwords::{Busy, PasswordGate},
        pictures::PictureGate,
        rate_limits::RateLimiter,
        tokens::{SigningKey, Tokens},
    },
};
use unionhall_postgres_adapter::PgRateLimits;
use unionhall_s3_adapter::S3BlobStore;

pub use checks::check_migrations;

use crate::{
    backing::{self, Backing, Say},
    config::{self, Config, Environment},
    demo,
    exchange::Exchange,
    exit::Exit,
    failure::Failure,
    first_run,
    passwords::{BcryptHasher, HashingPool},
    wiring::Wired,
    worker::{Files, Worker},
};

/// Connections that may wait to be accepted.
const BACKLOG: u32 = 4_096;

/// Serves until Ctrl-C or SIGTERM.
///
/// # Errors
/// [`Failure`] with the exit code of its kind, when the hall cannot be served.
pub fn until_told_to_stop(config: &Config) -> Result<Exit, Failure> {
    let screen = screen::Screen::new(config.environment);
    let say = |line: &str| screen.say(line);
    let signals = signals::Signals::listen()?;
    let running = Running::start(config, &say)?;
    screen.ready(config, running.address);
    signals.wait();
    say("stopping: no new requests; those in flight are finished");
    running.stop(&say)?;
    say("stopped");
    Ok(Exit::Done)
}

/// A hall that is being served.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// Its use cases.
    pub wired: Wired,
    /// Sends its mail; the worker uses it too.
    pub postman: Postman,
    /// Its documents; the worker uses them too.
    pub documents: Documents,
    /// The mailbox that keeps its mail, unless a mail server is named.
    pub mailbox: Option<Mailbox>,
    worker: Worker,
    exchange: Option<Exchange>,
    http: ServerHandle,
    thread: JoinHandle<std::io::Result<()>>,
    backing: Backing,
}

impl Running {
    /// Starts everything that serving takes.
    ///
    /// # Errors
    /// [`Failure`] with the exit code of its kind.
    pub fn start(config: &Config, say: Say<'_>) -> Result<Self, Failure> {
        checks::production(config)?;
        let lock = backing::lock(config)?;
        let listener = listen(config)?;
        let address = listener
            .local_addr()
            .map_err(|error| Failure::caused(Exit::Failed, "listening", &error))?;
        let backing = Backing::start(config, lock, say)?;
        let wired = Wired::new(config, &backing.urls.runtime)?;
        check_migrations(&wired)?;
        match config.environment {
            Environment::Production => checks::production_database(&wired)?,
            Environment::Development if config.demo => {
                demo::ensure(&wired, &documents(config, &wired, &backing), say)
                    .map_err(|error| Failure::caused(Exit::Failed, "the demo data", &error))?;
            }
            Environment::Development => {}
        }
        first_run::ensure(&wired, config, say)?;
        let postman = Postman::new(
            wired.core.unit_of_work.clone(),
            Arc::clone(&backing.mailer),
            Arc::clone(&wired.clock),
            logos(&wired, &backing),
            mail_domain(config),
        );
        let waiting = Arc::new(AtomicUsize::new(0));
        let parts = parts(config, &wired, &backing, &waiting)?;
        let exchange = exchange(&parts)?;
        let (http, thread) = serve(listener, parts)?;
        let application = wired.application.clone();
        let documents = documents(config, &wired, &backing);
        let worker = Worker::start(
            postman.clone(),
            application,
            Files {
                pictures: pictures(&wired, &backing),
                case_files: case_files(&wired, &backing),
                documents: documents.clone(),
            },
            waiting,
        )
        .map_err(|error| Failure::caused(Exit::Failed, "the worker", &error))?;
        Ok(Self {
            address,
            wired,
            postman,
            documents,
            mailbox: backing.mailbox.clone(),
            worker,
            exchange,
            http,
            thread,
            backing,
        })
    }

    /// Stops accepting, finishes what is in flight, drains the worker, and stops what was brought along.
    ///
    /// # Errors
    /// When the database does not stop cleanly.
    pub fn stop(self, say: Say<'_>) -> Result<(), Failure> {
        // The command is sent at once; its end is the end of the thread.
        drop(self.http.stop(true));
        if !matches!(self.thread.join(), Ok(Ok(()))) {
            tracing::error!("the HTTP server did not end well");
        }
        say("draining the worker");
        self.worker.stop();
        drop(self.exchange);
        self.wired.reads.drain();
        // The connections close before the database does.
        drop(self.postman);
        drop(self.documents);
        drop(self.wired);
        self.backing.stop(say)
    }
}

fn listen(config: &Config) -> Result<TcpListener, Failure> {
    let address = config.listen;
    let bound = || {
        let socket = match address {
            SocketAddr::V4(_) => tokio::net::TcpSocket::new_v4(),
            SocketAddr::V6(_) => tokio::net::TcpSocket::new_v6(),
        }?;
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        socket.listen(BACKLOG)?.into_std()
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()
        .map_err(|error| Failure::caused(Exit::Failed, "listening", &error))?;
    let _inside = runtime.enter();
    bound().map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => Failure::new(
            Exit::Occupied,
            format!(
                "{address} is in use by another program; stop it, or set UNIONHALL_LISTEN to another address"
            ),
        ),
        _ => Failure::caused(Exit::Failed, &format!("listening on {address}"), &error),
    })
}

fn parts(
    config: &Config,
    wired: &Wired,
    backing: &Backing,
    outbox: &Arc<AtomicUsize>,
) -> Result<Parts, Failure> {
    let failed = |error: &dyn std::error::Error| Failure::caused(Exit::Failed, "starting", error);
    let width = usize::try_from(config.database.pool_size.get()).unwrap_or(usize::MAX);
    let limits = &config.limits;
    let gate = Gate::new(width, limits.gate_queue.get(), limits.gate_wait);
    let gate = gate.map_err(|error| failed(&error))?;
    let keys = signing_keys(config)?;
    let tokens = Tokens::new(&keys).map_err(|error| failed(&error))?;
    let pool = HashingPool::start(limits.hashing_queue).map_err(|error| failed(&error))?;
    let mut metrics = Metrics::new(env!("CARGO_PKG_VERSION"));
    let (waiting, running) = (gate.clone(), gate.clone());
    metrics.watch(
        "gate_waiting",
        "Requests that wait for the database",
        move || waiting.waiting(),
    );
    metrics.watch(
        "gate_running",
        "Requests that use the database now",
        move || running.running(),
    );
    let outbox = Arc::clone(outbox);
    metrics.watch("outbox_waiting", "Mails that wait to be sent", move || {
        outbox.load(Ordering::Relaxed)
    });
    Ok(Parts {
        application: wired.application.clone(),
        clock: Arc::clone(&wired.clock),
        tokens: Arc::new(tokens),
        gate,
        passwords: Arc::new(Passwords {
            pool,
            hasher: Arc::clone(&wired.hasher),
        }),
        pictures: PictureGate::new(
            pictures(wired, backing),
            Arc::new(unionhall_picture_adapter::Pictures),
        ),
        case_files: case_files(wired, backing),
        files: FileGate::new(documents(config, wired, backing)),
        rate_limiter: rate_limiter(config, wired, &keys),
        readiness: Arc::new(checks::Ready::new(wired, backing)),
        metrics: Data::new(metrics),
        pages: mailbox::pages(config, backing),
        settings: settings(config),
    })
}

/// The use cases of pictures.
fn pictures(wired: &Wired, backing: &Backing) -> Pictures {
    let blobs: Arc<S3BlobStore> = Arc::clone(&backing.blobs);
    Pictures::new(Arc::clone(&wired.core), blobs)
}

/// The use cases of case files.
fn case_files(wired: &Wired, backing: &Backing) -> CaseFiles {
    let blobs: Arc<S3BlobStore> = Arc::clone(&backing.blobs);
    let writer = Arc::new(unionhall_case_file_adapter::CaseFiles);
    CaseFiles::new(Arc::clone(&wired.core), blobs, writer)
}

/// The use cases of documents.
fn documents(config: &Config, wired: &Wired, backing: &Backing) -> Documents {
    let blobs: Arc<S3BlobStore> = Arc::clone(&backing.blobs);
    let policy = DocumentPolicy {
        largest: config.limits.upload_bytes,
        scanned: false,
    };
    Documents::new(Arc::clone(&wired.core), blobs, policy)
}

/// The logos that mails bring along.
fn logos(wired: &Wired, backing: &Backing) -> Logos {
    let blobs: Arc<S3BlobStore> = Arc::clone(&backing.blobs);
    let reader = Arc::new(unionhall_picture_adapter::Pictures);
    Logos::new(wired.core.unit_of_work.clone(), blobs, reader)
}

/// The limiter, unless nobody is limited. The secret of its hashes is the one that the instances share already.
fn rate_limiter(config: &Config, wired: &Wired, keys: &[SigningKey]) -> Option<Arc<RateLimiter>> {
    let (allowances, key) = config.rate_limits.zip(keys.first())?;
    Some(Arc::new(RateLimiter::new(
        allowances,
        &key.secret,
        Arc::<PgRateLimits>::clone(&wired.rate_limits),
        Arc::clone(&wired.clock),
    )))
}

fn exchange(parts: &Parts) -> Result<Option<Exchange>, Failure> {
    let started = parts.rate_limiter.clone().map(Exchange::start);
    started
        .transpose()
        .map_err(|error| Failure::caused(Exit::Failed, "the rate limits", &error))
}

fn settings(config: &Config) -> Settings {
    Settings {
        development: config.environment == Environment::Development,
        https: config.public_url.starts_with("https://"),
        proxies: TrustedProxies::new(config.trusted_proxies.clone()),
        cors_origins: config.cors_origins.clone(),
        metrics_token: config
            .metrics_token
            .as_ref()
            .map(|token| token.expose().clone()),
        import_bytes: config.limits.import_bytes,
        body_bytes: config.limits.body_bytes,
        workers: thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
    }
}

fn signing_keys(config: &Config) -> Result<Vec<SigningKey>, Failure> {
    let taken = |key: &config::SigningKey| SigningKey {
        id: key.id.clone(),
        secret: key.secret.expose().clone(),
    };
    if config.signing_keys.is_empty() {
        let key = config::development_signing_key(&config.data_dir)
            .map_err(|error| Failure::caused(Exit::Failed, "the signing key", &error))?;
        return Ok(vec![taken(&key)]);
    }
    Ok(config.signing_keys.iter().map(taken).collect())
}

/// The right half of Message-IDs: the host that people know the hall by.
fn mail_domain(config: &Config) -> String {
    let host = config.public_url.split("//").nth(1).unwrap_or_default();
    let host = host.split(['/', ':']).next().unwrap_or_default();
    if host.contains('.') && !host.starts_with('[') {
        host.to_owned()
    } else {
        "unionhall.localhost".to_owned()
    }
}

fn serve(
    listener: TcpListener,
    parts: Parts,
) -> Result<(ServerHandle, JoinHandle<std::io::Result<()>>), Failure> {
    let failed = |error: &dyn std::error::Error| Failure::caused(Exit::Failed, "serving", error);
    let (tell, told) = std::sync::mpsc::channel();
    let thread = thread::Builder::new()
        .name("http".to_owned())
        .spawn(move || {
            actix_web::rt::System::new().block_on(async move {
                let server = server::start(listener, parts)?;
                // Whoever started us waits for this; if they are gone, the server ends with the process.
                let _nobody_waits = tell.send(server.handle());
                server.await
            })
        })
        .map_err(|error| failed(&error))?;
    match told.recv() {
        Ok(handle) => Ok((handle, thread)),
        Err(gone) => Err(match thread.join() {
            Ok(Err(error)) => failed(&error),
            Ok(Ok(())) | Err(_) => failed(&gone),
        }),
    }
}

/// Checks passwords on threads of their own, a bounded number at a time.
struct Passwords {
    pool: HashingPool,
    hasher: Arc<BcryptHasher>,
}

impl PasswordGate for Passwords {
    fn check(
        &self,
        password: Password,
        hash: Option<PasswordHash>,
    ) -> Pin<Box<dyn Future<Output = Result<bool, Busy>> + Send>> {
        let hasher = Arc::clone(&self.hasher);
        let checked = self.pool.submit(move || hasher.verify(&password, hash));
        Box::pin(async move { checked.await.map_err(|_| Busy) })
    }

    fn hash(
        &self,
        password: Password,
    ) -> Pin<Box<dyn Future<Output = Result<PasswordHash, Busy>> + Send>> {
        let hasher = Arc::clone(&self.hasher);
        let hashed = self.pool.submit(move || hasher.hash(&password));
        Box::pin(async move {
            let hash = hashed.await.map_err(|_| Busy)?;
            hash.map_err(|error| {
                tracing::error!(
                    error = error.0.to_string(),
                    "a password could not be hashed"
                );
                Busy
            })
        })
    }
}
