//! The pool: connections that remember whose rows they can see.

use std::time::Duration;

use diesel::{
    Connection as _, PgConnection, connection::SimpleConnection, r2d2::R2D2Connection,
    result::ConnectionError,
};
use r2d2::{HandleError, ManageConnection, PooledConnection};
use unionhall_ports::{
    round_trips,
    storage::StorageError,
    unit_of_work::{Mode, Scope},
};

use crate::errors::{chain, storage_error};

/// What every connection is told once: how long a statement, a lock and a silent transaction may last, and that
/// only a transaction that says so may write.
const SETTINGS: &str = "\
    set statement_timeout = '15s'; \
    set lock_timeout = '5s'; \
    set idle_in_transaction_session_timeout = '30s'; \
    set default_transaction_read_only = on; \
    set application_name = 'unionhall'";

/// How to reach the database, and how many connections to keep.
#[derive(Clone)]
pub struct PoolConfig {
    /// The database and the role that owns nothing: `postgresql://unionhall@host/database`.
    pub url: String,
    /// How many connections at most.
    pub size: u32,
    /// How long to wait for one to become free.
    pub wait: Duration,
}

impl PoolConfig {
    /// Eight connections, and five seconds of waiting for one.
    #[must_use]
    pub fn new(url: String) -> Self {
        Self {
            url,
            size: 8,
            wait: Duration::from_secs(5),
        }
    }
}

impl std::fmt::Debug for PoolConfig {
    /// Leaves out the address: it holds the password.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("PoolConfig")
            .field("size", &self.size)
            .field("wait", &self.wait)
            .finish_non_exhaustive()
    }
}

/// Why no connection could be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConnectError {
    /// The server was not reached or refused.
    #[error("the database could not be reached")]
    Unreachable(#[from] ConnectionError),
    /// It was reached and did not take the settings.
    #[error("the connection could not be set up")]
    SetUp(#[from] diesel::result::Error),
}

/// A connection and what is known of its state.
pub(crate) struct Connection {
    raw: PgConnection,
    /// Whose rows it sees, if that is certain.
    scope: Option<Scope>,
    /// Whether it was told its scope inside the transaction that is open: a rollback takes that back.
    told_inside: bool,
    /// Whether a transaction is open.
    open: bool,
    /// Whether it must not be used again.
    broken: bool,
}

impl Connection {
    /// The connection for statements.
    pub(crate) fn raw(&mut self) -> &mut PgConnection {
        &mut self.raw
    }

    /// Makes sure that the connection is told its scope anew.
    pub(crate) fn forget(&mut self) {
        self.scope = None;
    }

    fn send(&mut self, text: &str) -> Result<(), StorageError> {
        round_trips::add();
        self.raw.batch_execute(text).map_err(storage_error)
    }

    /// Tells the scope, if the connection does not have it already, and begins, all in one round trip at most.
    fn begin(&mut self, scope: Scope, mode: Mode) -> Result<(), StorageError> {
        let begin = match mode {
            Mode::Read => None,
            Mode::Snapshot => Some("begin isolation level repeatable read read only"),
            Mode::Write => Some("begin read write"),
        };
        let told = self.scope == Some(scope);
        let text = match (begin, told) {
            (None, true) => return Ok(()),
            (None, false) => telling(scope),
            (Some(begin), true) => begin.to_owned(),
            (Some(begin), false) => format!("{begin}; {}", telling(scope)),
        };
        // Until the server has answered, neither is certain.
        self.scope = None;
        self.open = begin.is_some();
        if let Err(error) = self.send(&text) {
            self.broken = true;
            return Err(error);
        }
        self.told_inside = begin.is_some() && !told;
        self.scope = Some(scope);
        Ok(())
    }

    /// Keeps what was done.
    pub(crate) fn commit(&mut self, mode: Mode) -> Result<(), StorageError> {
        if mode == Mode::Read {
            return Ok(());
        }
        let result = self.send("commit");
        match &result {
            Ok(()) => self.open = false,
            Err(_) => self.broken = true,
        }
        result
    }

    /// Keeps nothing. When the server does not answer, the connection is closed, which has the same effect.
    pub(crate) fn roll_back(&mut self, mode: Mode) {
        if mode == Mode::Read {
            // Nothing is open, but a statement failed: better tell the scope once more than once too little.
            self.forget();
            return;
        }
        match self.send("rollback") {
            Ok(()) => {
                self.open = false;
                if self.told_inside {
                    self.forget();
                }
            }
            Err(error) => {
                tracing::warn!(error = %chain(&error), "a rollback was not answered: closing the connection");
                self.broken = true;
            }
        }
    }
}

/// The statement that tells a connection whose rows it sees, for as long as the session lasts.
fn telling(scope: Scope) -> String {
    let (name, tenant) = match scope {
        Scope::Tenant(tenant) => ("tenant", tenant.to_string()),
        Scope::Identity => ("identity", String::new()),
        Scope::Worker => ("worker", String::new()),
    };
    format!(
        "select set_config('app.scope', '{name}', false), set_config('app.tenant', '{tenant}', false)"
    )
}

/// Connects and makes the settings.
pub(crate) fn connect(url: &str) -> Result<PgConnection, ConnectError> {
    let mut raw = PgConnection::establish(url)?;
    raw.batch_execute(SETTINGS)?;
    Ok(raw)
}

/// Makes connections for the pool.
pub(crate) struct Manager {
    url: String,
}

impl ManageConnection for Manager {
    type Connection = Connection;
    type Error = ConnectError;

    fn connect(&self) -> Result<Connection, ConnectError> {
        Ok(Connection {
            raw: connect(&self.url)?,
            scope: None,
            told_inside: false,
            open: false,
            broken: false,
        })
    }

    fn is_valid(&self, connection: &mut Connection) -> Result<(), ConnectError> {
        Ok(connection.raw.ping()?)
    }

    fn has_broken(&self, connection: &mut Connection) -> bool {
        // A panic leaves a transaction open: closing the connection rolls it back.
        connection.broken
            || connection.open
            || std::thread::panicking()
            || connection.raw.is_broken()
    }
}

/// Writes down why connections could not be made.
#[derive(Debug)]
struct LogConnectErrors;

impl HandleError<ConnectError> for LogConnectErrors {
    fn handle_error(&self, error: ConnectError) {
        tracing::warn!(error = %chain(&error), "no connection to the database");
    }
}

/// The connections of one database.
pub(crate) struct Pool {
    inner: r2d2::Pool<Manager>,
}

impl Pool {
    pub(crate) fn new(config: &PoolConfig) -> Self {
        let manager = Manager {
            url: config.url.clone(),
        };
        let inner = r2d2::Pool::builder()
            .max_size(config.size.max(1))
            // Connections are made when they are needed: a command that needs one makes one.
            .min_idle(Some(0))
            .connection_timeout(config.wait)
            // Asking each time would double the round trips; a dead connection shows itself in `begin`.
            .test_on_check_out(false)
            .error_handler(Box::new(LogConnectErrors))
            .build_unchecked(manager);
        Self { inner }
    }

    /// A connection that is free.
    pub(crate) fn get(&self) -> Result<PooledConnection<Manager>, StorageError> {
        self.inner
            .get()
            .map_err(|error| StorageError::Unavailable(Box::new(error)))
    }

    /// A connection that is free within this time, which may be shorter than the pool's.
    pub(crate) fn get_within(
        &self,
        patience: Duration,
    ) -> Result<PooledConnection<Manager>, StorageError> {
        self.inner
            .get_timeout(patience.min(self.inner.connection_timeout()))
            .map_err(|error| StorageError::Unavailable(Box::new(error)))
    }

    /// A connection that sees `scope`'s rows, with a transaction open on it when `mode` asks for one.
    ///
    /// After the database was started anew every connection in the pool is dead. That shows here, before any work
    /// was done, so the next one can be tried: at most as many times as there can be dead ones.
    pub(crate) fn begin(
        &self,
        scope: Scope,
        mode: Mode,
    ) -> Result<PooledConnection<Manager>, StorageError> {
        for _ in 0..self.inner.max_size() {
            let mut connection = self.get()?;
            if connection.begin(scope, mode).is_ok() {
                return Ok(connection);
            }
        }
        let mut connection = self.get()?;
        connection.begin(scope, mode)?;
        Ok(connection)
    }
}
