//! The database: named in the configuration, or our own PostgreSQL in the data folder.

use std::path::Path;

use unionhall_embedded::postgres::{
    self, Cluster, ClusterConfig, Durability,
    programs::{self, ProgramSearch},
};
use unionhall_postgres_adapter::migrate;

use super::Say;
use crate::{
    config::{Config, Environment},
    exit::Exit,
    failure::Failure,
};

/// The names inside an embedded cluster.
const DATABASE: &str = "unionhall";
const SUPERUSER: &str = "postgres";
const RUNTIME: &str = "unionhall";

/// How to reach the database, in its two roles.
#[derive(Clone)]
pub struct DatabaseUrls {
    /// As the role that serves requests and owns nothing.
    pub runtime: String,
    /// As a role that may migrate, if one is known.
    pub owner: Option<String>,
    /// Whether the database was brought along.
    pub embedded: bool,
}

/// The database that the configuration names.
pub(super) fn named(config: &Config) -> Option<DatabaseUrls> {
    let url = config.database.url.as_ref()?;
    Some(DatabaseUrls {
        runtime: url.expose().clone(),
        owner: config
            .database
            .owner_url
            .as_ref()
            .map(|url| url.expose().clone()),
        embedded: false,
    })
}

/// The database that a running server brought along.
pub(super) fn running(data_dir: &Path) -> Option<DatabaseUrls> {
    let server = postgres::running(data_dir)?;
    Some(DatabaseUrls {
        runtime: server.connection_url(DATABASE, RUNTIME),
        owner: Some(server.connection_url(DATABASE, SUPERUSER)),
        embedded: true,
    })
}

/// The named database, or our own, started and migrated.
pub(super) fn start(
    config: &Config,
    say: Say<'_>,
) -> Result<(DatabaseUrls, Option<Cluster>), Failure> {
    if let Some(urls) = named(config) {
        return Ok((urls, None));
    }
    let missing =
        |error: postgres::EmbeddedError| Failure::caused(Exit::Unavailable, "PostgreSQL", &error);
    let search = ProgramSearch {
        bin_dir: config.postgres_bin.clone(),
        allow_fetch: config.environment == Environment::Development,
        ..ProgramSearch::on_this_machine(&config.data_dir, say)
    };
    let programs = programs::find(&search).map_err(missing)?;
    let settings = ClusterConfig::new(&config.data_dir, &programs, Durability::Full, say);
    let cluster = Cluster::start(&settings).map_err(missing)?;
    let urls = DatabaseUrls {
        runtime: cluster.connection_url(DATABASE, RUNTIME),
        owner: Some(cluster.connection_url(DATABASE, SUPERUSER)),
        embedded: true,
    };
    let admin = cluster.connection_url("postgres", SUPERUSER);
    migrate::create_database(&admin, DATABASE)
        .map_err(|error| Failure::caused(Exit::Unavailable, "making the database", &error))?;
    migrate(&urls, say)?;
    Ok((urls, Some(cluster)))
}

/// Brings tables and roles up to date.
///
/// # Errors
/// [`Exit::Usage`] without an owner's address, [`Exit::Unavailable`] when the database does not answer,
/// [`Exit::Failed`] when a migration fails.
pub fn migrate(urls: &DatabaseUrls, say: Say<'_>) -> Result<(), Failure> {
    let owner = urls.owner.as_ref().ok_or_else(|| {
        Failure::new(
            Exit::Usage,
            "DATABASE_OWNER_URL is not set: name a role that may make tables and roles",
        )
    })?;
    let report = migrate::prepare_and_migrate(owner, &urls.runtime).map_err(|error| {
        let exit = match error {
            migrate::MigrateError::Url => Exit::Usage,
            migrate::MigrateError::Connect { .. } => Exit::Unavailable,
            migrate::MigrateError::Step { .. } => Exit::Failed,
        };
        Failure::caused(exit, "migrating the database", &error)
    })?;
    for line in &report.lines {
        say(line);
    }
    Ok(())
}
