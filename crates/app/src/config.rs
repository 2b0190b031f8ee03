//! The configuration: one typed struct, read from defaults, a TOML file, the environment and flags.
//!
//! The only place that reads the environment. Every fault is told at once, with its key and its source.

mod errors;
mod explain;
mod keys;
mod nearest;
mod parse;
mod production;
mod reader;
mod secret;
mod setup;
mod signing_keys;
mod sources;

use std::{
    collections::BTreeMap,
    fmt,
    net::SocketAddr,
    num::{NonZeroU32, NonZeroUsize},
    path::PathBuf,
    time::Duration,
};

pub use errors::{ConfigError, ConfigErrors};
pub use explain::{Explained, reference_table, render};
pub use secret::{MASK, Secret};
pub use setup::Setup;
pub use signing_keys::{
    SigningKey, SigningKeyFileError, development_sealing_key, development_signing_key,
};
pub use sources::{Flags, Origin, Sources, Variables};
use unionhall_domain::registrations::RegistrationMode;
use unionhall_http::web::{client::Network, rate_limits::Allowances};

use reader::Reader;

/// Everything the program can be told, checked.
#[derive(Debug, Clone)]
pub struct Config {
    /// Whether this is somebody's laptop or somebody's hall.
    pub environment: Environment,
    /// The address that HTTP is served on.
    pub listen: SocketAddr,
    /// Where the embedded services and the development keys lie.
    pub data_dir: PathBuf,
    /// The address people use, without a slash at the end: `https://hall.example`.
    pub public_url: String,
    /// Whether the demo tenants are made on first start and their sign-ins shown.
    pub demo: bool,
    /// The keys of access tokens: the first signs, all verify. Empty: none is configured.
    pub signing_keys: Vec<SigningKey>,
    /// The keys of secrets that must be read again: the first seals, all open. Empty: none is configured.
    pub sealing_keys: Vec<SigningKey>,
    /// Origins whose pages may call the API.
    pub cors_origins: Vec<String>,
    /// Proxies that are believed when they say for whom they speak.
    pub trusted_proxies: Vec<Network>,
    /// How many requests somebody may send; `None`: as many as they like.
    pub rate_limits: Option<Allowances>,
    /// Who bears it may read `/metrics` from elsewhere than loopback.
    pub metrics_token: Option<Secret>,
    /// The folder of PostgreSQL's server programs; `None`: they are looked for.
    pub postgres_bin: Option<PathBuf>,
    /// The database.
    pub database: Database,
    /// The object store; `None`: the embedded one.
    pub s3: Option<S3>,
    /// Mail.
    pub smtp: Smtp,
    /// The first tenant and its owner, made once; `None`: nothing is made.
    pub setup: Option<Setup>,
    /// What is logged and how.
    pub log: Log,
    /// The bounds of everything that could grow.
    pub limits: Limits,
    /// The cost of a password's hash: each step doubles the work.
    pub bcrypt_cost: u32,
    /// Who may make an account by themselves.
    pub registration: RegistrationMode,
    origins: BTreeMap<&'static str, Origin>,
    file: Option<PathBuf>,
}

/// Where the program runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Environment {
    /// On a laptop: everything embedded, demo data, a mailbox instead of mail.
    Development,
    /// In a hall: everything named, nothing invented.
    Production,
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Development => "development",
            Self::Production => "production",
        })
    }
}

/// The database and how many connections the program holds to it.
#[derive(Debug, Clone)]
pub struct Database {
    /// The role that serves requests, which owns nothing; `None`: the embedded PostgreSQL.
    pub url: Option<Secret>,
    /// The role that owns the tables, for `migrate` alone.
    pub owner_url: Option<Secret>,
    /// Connections in the pool.
    pub pool_size: NonZeroU32,
}

/// An S3-compatible object store.
#[derive(Debug, Clone)]
pub struct S3 {
    /// Its address, without a slash at the end.
    pub endpoint: String,
    /// The address under which browsers reach it, where that is another one.
    pub public_endpoint: Option<String>,
    /// Its region, which is part of every signature.
    pub region: String,
    /// The bucket that holds documents.
    pub bucket: String,
    /// Who signs.
    pub access_key: Secret,
    /// What signs.
    pub secret_key: Secret,
}

/// Mail: who it is from, and the server that takes it.
#[derive(Debug, Clone)]
pub struct Smtp {
    /// The sender: `ada@hall.example` or `Hall <ada@hall.example>`.
    pub from: String,
    /// `None`: the embedded mailbox, which delivers nothing.
    pub server: Option<SmtpServer>,
    /// Who signs mail; `None`: nobody.
    pub dkim: Option<Dkim>,
}

/// A signature under every mail (RFC 6376).
#[derive(Debug, Clone)]
pub struct Dkim {
    /// The domain that signs.
    pub domain: String,
    /// Where its public key is.
    pub selector: String,
    /// The file with the private key.
    pub key_file: PathBuf,
}

/// A mail server.
#[derive(Debug, Clone)]
pub struct SmtpServer {
    /// Its name or address.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: SmtpSecurity,
    /// The file with the authorities that may vouch for it; `None`: those that browsers trust.
    pub ca_file: Option<PathBuf>,
    /// The sign-in, when the server wants one.
    pub credentials: Option<SmtpCredentials>,
}

/// A sign-in at a mail server.
#[derive(Debug, Clone)]
pub struct SmtpCredentials {
    /// The user.
    pub user: String,
    /// The user's password.
    pub password: Secret,
}

/// How a connection to a mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmtpSecurity {
    /// Not at all; port 25.
    None,
    /// TLS begins after a greeting in the clear, and must; port 587.
    StartTls,
    /// TLS from the first byte; port 465.
    Tls,
}

impl SmtpSecurity {
    /// The port such servers listen on (RFC 5321, RFC 6409, RFC 8314).
    pub const fn default_port(self) -> u16 {
        match self {
            Self::None => 25,
            Self::StartTls => 587,
            Self::Tls => 465,
        }
    }
}

impl fmt::Display for SmtpSecurity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "none",
            Self::StartTls => "starttls",
            Self::Tls => "tls",
        })
    }
}

/// What is logged and how.
#[derive(Debug, Clone)]
pub struct Log {
    /// Directives of `tracing-subscriber`'s `EnvFilter`, already checked: `info,unionhall=debug`.
    pub filter: String,
    /// For people or for programs.
    pub format: LogFormat,
}

/// Who reads the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// People: one line each, coloured on a terminal.
    Text,
    /// Programs: one JSON object a line.
    Json,
}

impl fmt::Display for LogFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "text",
            Self::Json => "json",
        })
    }
}

/// The bounds of everything that could grow.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Largest body of a request, in bytes.
    pub body_bytes: usize,
    /// Largest body of an import, in bytes.
    pub import_bytes: usize,
    /// Largest file of a document, in bytes.
    pub upload_bytes: u64,
    /// Requests that may wait for a database connection; one more is answered 503.
    pub gate_queue: NonZeroUsize,
    /// How long a request may wait for a database connection before it is answered 503.
    pub gate_wait: Duration,
    /// Passwords that may wait to be hashed; one more is answered 503.
    pub hashing_queue: NonZeroUsize,
}

impl Config {
    /// Reads and checks every source.
    ///
    /// # Errors
    /// Every unknown name and every bad value at once, each with its key and its source.
    pub fn load(sources: &Sources) -> Result<Self, ConfigErrors> {
        let mut reader = Reader::new(sources::collect(sources));
        let config = Self::read(&mut reader);
        match (config, reader.into_errors()) {
            (Some(config), errors) if errors.is_empty() => Ok(config),
            (_, errors) => Err(ConfigErrors(errors)),
        }
    }

    /// `None` when something was wrong; what it was, the reader knows. Everything is read before
    /// the first `?`, so that one fault does not hide another.
    fn read(read: &mut Reader) -> Option<Self> {
        let environment = read.environment();
        let listen = read.required("listen", parse::address);
        let data_dir = read.required("data_dir", parse::path);
        let public_url = read.optional("public_url", parse::web_address);
        let demo = read.required("demo", parse::truth);
        let signing_keys = read.list("signing_keys", signing_keys::parse_all);
        let sealing_keys = read.list("sealing_keys", signing_keys::parse_all);
        let cors_origins = read.list("cors_origins", parse::origins);
        let trusted_proxies = read.list("trusted_proxies", parse::networks);
        let rate_limits = rate_limits(read);
        let metrics_token = read.optional("metrics_token", parse::token);
        let postgres_bin = read.optional("postgres_bin", parse::path);
        let database = database(read);
        let s3 = s3(read);
        let smtp = smtp(read);
        let setup = setup::read(read);
        let log = log(read);
        let limits = limits(read);
        let bcrypt_cost = read.required("passwords.bcrypt_cost", parse::whole(4, 16));
        let registration = read.required("registration.mode", parse::registration);
        let listen = listen?;
        Some(Self {
            environment: environment?,
            listen,
            data_dir: data_dir?,
            public_url: public_url?.unwrap_or_else(|| format!("http://{listen}")),
            demo: demo?,
            signing_keys: signing_keys?,
            sealing_keys: sealing_keys?,
            cors_origins: cors_origins?,
            trusted_proxies: trusted_proxies?,
            rate_limits: rate_limits?,
            metrics_token: metrics_token?,
            postgres_bin: postgres_bin?,
            database: database?,
            s3: s3?,
            smtp: smtp?,
            setup: setup?,
            log: log?,
            limits: limits?,
            bcrypt_cost: bcrypt_cost?,
            registration: registration?,
            origins: read.origins(),
            file: read.file(),
        })
    }

    /// Where the value of a key came from.
    fn origin(&self, name: &str) -> &Origin {
        self.origins.get(name).unwrap_or(&Origin::Default)
    }

    /// The file that was read, if one was.
    pub fn file(&self) -> Option<&std::path::Path> {
        self.file.as_deref()
    }
}

fn database(read: &mut Reader) -> Option<Database> {
    let url = read.optional("database.url", parse::postgres_url);
    let owner_url = read.optional("database.owner_url", parse::postgres_url);
    let pool_size = read.required("database.pool_size", parse::whole(1, 1000));
    Some(Database {
        url: url?,
        owner_url: owner_url?,
        pool_size: NonZeroU32::new(pool_size?)?,
    })
}

/// A store is named by its endpoint or bucket or keys; a store named by halves is a fault.
fn s3(read: &mut Reader) -> Option<Option<S3>> {
    let endpoint = read.optional("s3.endpoint", parse::web_address);
    let public_endpoint = read.optional("s3.public_endpoint", parse::web_address);
    let region = read.required("s3.region", parse::name);
    let bucket = read.optional("s3.bucket", parse::bucket);
    let access_key = read.optional("s3.access_key", parse::secret);
    let secret_key = read.optional("s3.secret_key", parse::secret);
    let names = ["s3.endpoint", "s3.bucket", "s3.access_key", "s3.secret_key"];
    if !read.together(&names) {
        return None;
    }
    let (endpoint, bucket, access_key, secret_key) = (endpoint?, bucket?, access_key?, secret_key?);
    let (region, public_endpoint) = (region?, public_endpoint?);
    let store = endpoint.zip(bucket).zip(access_key.zip(secret_key));
    Some(
        store.map(|((endpoint, bucket), (access_key, secret_key))| S3 {
            endpoint,
            public_endpoint,
            region,
            bucket,
            access_key,
            secret_key,
        }),
    )
}

fn smtp(read: &mut Reader) -> Option<Smtp> {
    let from = read.required("smtp.from", parse::mailbox);
    let host = read.optional("smtp.host", parse::name);
    let port = read.optional("smtp.port", parse::whole(1, u16::MAX));
    let security = read.required("smtp.security", parse::smtp_security);
    let user = read.optional("smtp.user", parse::text);
    let password = read.optional("smtp.password", parse::secret);
    let ca_file = read.optional("smtp.ca_file", parse::path);
    let dkim = dkim(read);
    let details = [
        "smtp.port",
        "smtp.security",
        "smtp.user",
        "smtp.password",
        "smtp.ca_file",
    ];
    let complete =
        read.needed_by("smtp.host", &details) & read.together(&["smtp.user", "smtp.password"]);
    let (host, port, security, ca_file, dkim) = (host?, port?, security?, ca_file?, dkim?);
    let credentials = user?.zip(password?);
    let credentials = credentials.map(|(user, password)| SmtpCredentials { user, password });
    let from = from?;
    complete.then(|| Smtp {
        from,
        server: host.map(|host| SmtpServer {
            host,
            port: port.unwrap_or(security.default_port()),
            security,
            ca_file,
            credentials,
        }),
        dkim,
    })
}

/// A signature is named by its domain, selector and key; one named by halves is a fault.
fn dkim(read: &mut Reader) -> Option<Option<Dkim>> {
    let domain = read.optional("smtp.dkim_domain", parse::name);
    let selector = read.optional("smtp.dkim_selector", parse::name);
    let key_file = read.optional("smtp.dkim_key_file", parse::path);
    let names = [
        "smtp.dkim_domain",
        "smtp.dkim_selector",
        "smtp.dkim_key_file",
    ];
    let together = read.together(&names);
    let (domain, selector, key_file) = (domain?, selector?, key_file?);
    together.then(|| {
        let named = domain.zip(selector).zip(key_file);
        named.map(|((domain, selector), key_file)| Dkim {
            domain,
            selector,
            key_file,
        })
    })
}

fn log(read: &mut Reader) -> Option<Log> {
    let filter = read.required("log.filter", parse::log_filter);
    let format = read.required("log.format", parse::log_format);
    Some(Log {
        filter: filter?,
        format: format?,
    })
}

/// The numbers are checked whether they count or not.
fn rate_limits(read: &mut Reader) -> Option<Option<Allowances>> {
    let on = read.required("rate_limits.mode", parse::switch);
    let mut each = |name| read.required(name, parse::whole(1, 1_000_000_000));
    let sign_in = each("rate_limits.sign_in");
    let registration = each("rate_limits.registration");
    let recovery = each("rate_limits.recovery");
    let anonymous = each("rate_limits.anonymous");
    let member = each("rate_limits.member");
    let staff = each("rate_limits.staff");
    let admin = each("rate_limits.admin");
    let allowances = Allowances {
        sign_in: sign_in?,
        registration: registration?,
        recovery: recovery?,
        anonymous: anonymous?,
        member: member?,
        staff: staff?,
        admin: admin?,
    };
    Some(on?.then_some(allowances))
}

fn limits(read: &mut Reader) -> Option<Limits> {
    let body_bytes = read.required("limits.body_bytes", parse::whole(1024, 1 << 30));
    let import_bytes = read.required("limits.import_bytes", parse::whole(1024, 1 << 30));
    let upload_bytes = read.required("limits.upload_bytes", parse::whole(1024, 1 << 34));
    let gate_queue = read.required("limits.gate_queue", parse::whole(1, 1_000_000));
    let gate_wait = read.required("limits.gate_wait_ms", parse::whole(1, 600_000));
    let hashing_queue = read.required("limits.hashing_queue", parse::whole(1, 1_000_000));
    Some(Limits {
        body_bytes: body_bytes?,
        import_bytes: import_bytes?,
        upload_bytes: upload_bytes?,
        gate_queue: NonZeroUsize::new(gate_queue?)?,
        gate_wait: Duration::from_millis(gate_wait?),
        hashing_queue: NonZeroUsize::new(hashing_queue?)?,
    })
}

#[cfg(test)]
mod tests;
