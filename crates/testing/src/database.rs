//! A database per test: nothing one test does can be seen by another.

mod server;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use unionhall_ports::unit_of_work::UnitOfWork;
use unionhall_postgres_adapter::{PgUnitOfWork, PoolConfig, migrate};

/// A database of its own, removed when dropped. All of a process lie on one server that ends with the process.
#[derive(Debug)]
pub struct TestDatabase {
    name: String,
}

impl TestDatabase {
    /// A migrated database without records.
    #[expect(
        clippy::new_without_default,
        reason = "making one is real work, which a default should not be"
    )]
    #[must_use]
    pub fn new() -> Self {
        let database = Self::named();
        server::shared().copy_template(&database.name);
        database
    }

    /// A database without even a table.
    #[must_use]
    pub fn empty() -> Self {
        let database = Self::named();
        server::shared().create_empty(&database.name);
        database
    }

    fn named() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(1);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        Self {
            name: format!("test_{number}"),
        }
    }

    /// The address for the role that the program signs in as: it owns nothing.
    #[must_use]
    pub fn runtime_url(&self) -> String {
        server::shared().runtime_url(&self.name)
    }

    /// The address for the role that may make databases and roles: the server's superuser.
    #[must_use]
    pub fn owner_url(&self) -> String {
        server::shared().url(&self.name, "postgres")
    }

    /// The address under which one acts as the owner of the tables.
    #[must_use]
    pub fn table_owner_url(&self) -> String {
        format!("{}?options=-c%20role%3Dunionhall_owner", self.owner_url())
    }

    /// Runs statements as the server's superuser, to whom no policy applies.
    ///
    /// # Panics
    /// When they fail.
    pub fn execute(&self, statements: &str) {
        migrate::execute(&self.owner_url(), statements)
            .unwrap_or_else(|error| panic!("{error:?} in: {statements}"));
    }

    /// How the program's pool is set up in tests: a single connection, so that a transaction inside a transaction
    /// fails here and not under load.
    #[must_use]
    pub fn pool_config(&self) -> PoolConfig {
        PoolConfig {
            url: self.runtime_url(),
            size: 1,
            wait: Duration::from_secs(3),
        }
    }

    /// The unit of work with a pool of one connection.
    #[must_use]
    pub fn unit_of_work(&self) -> Arc<dyn UnitOfWork> {
        Arc::new(PgUnitOfWork::new(&self.pool_config()))
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        server::shared().remove(&self.name);
    }
}
