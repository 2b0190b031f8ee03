//! Makes the database what this program needs: roles, extensions, tables. Says line by line what it did.

mod databases;
mod roles;
mod url;

use diesel::{
    Connection as _, PgConnection, QueryableByName, RunQueryDsl,
    connection::SimpleConnection,
    migration::{Migration, MigrationSource},
    pg::Pg,
    result::{ConnectionError, QueryResult},
    sql_query,
    sql_types::{Bool, Text},
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

pub use databases::{copy_database, create_database, drop_database, execute};
pub use roles::check_runtime_role;
pub(crate) use roles::complaints;
use url::Login;

/// Every step of the schema, compiled in.
const MIGRATIONS: EmbeddedMigrations = embed_migrations!("../../migrations");

/// The key of the lock under which the schema is changed: "unionhal" in ASCII.
const LOCK: i64 = 0x756e_696f_6e68_616c;

/// What was done, a line for each thing, for the screen. Empty when nothing was left to do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MigrationReport {
    /// The lines.
    pub lines: Vec<String>,
}

/// Why the database could not be made ready.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// An address is not one.
    #[error("a database address must look like postgresql://user@host/database")]
    Url,
    /// A role was not let in, or the server was not reached.
    #[error("the database cannot be reached as {role}")]
    Connect {
        /// The role's name.
        role: String,
        /// What libpq says.
        #[source]
        source: ConnectionError,
    },
    /// A step failed; those before it are kept.
    #[error("{step} failed")]
    Step {
        /// What was being done.
        step: String,
        /// Why it failed.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// Makes the database at `owner_url` ready for the program, which connects with `runtime_url`.
///
/// The role of `owner_url` must be allowed to make roles and must own the database. Two programs may do this at
/// once: the second waits, and finds nothing left to do.
///
/// # Errors
/// [`MigrateError`]; what was done before stays, and doing it again goes on from there.
pub fn prepare_and_migrate(
    owner_url: &str,
    runtime_url: &str,
) -> Result<MigrationReport, MigrateError> {
    let runtime = Login::parse(runtime_url)?;
    let mut connection = connect(owner_url)?;
    let connection = &mut connection;
    let mut report = MigrationReport::default();
    step("waiting for other migrations", lock(connection))?;
    roles::ensure(connection, &runtime, &mut report)?;
    step("making extensions", ensure_extensions(connection))?;
    step("opening the schema", open_schema(connection))?;
    become_owner(connection)?;
    let applied = connection
        .run_pending_migrations(MIGRATIONS)
        .map_err(|source| MigrateError::Step {
            step: "a migration".to_owned(),
            source,
        })?;
    report.lines.extend(
        applied
            .iter()
            .map(|version| format!("applied migration {version}")),
    );
    let runtime = connect(runtime_url);
    runtime.map(|_| report)
}

/// Takes back every migration, and with them everything that was stored. For tests of the migrations.
///
/// # Errors
/// [`MigrateError`].
pub fn revert_all(owner_url: &str) -> Result<(), MigrateError> {
    let mut connection = connect(owner_url)?;
    become_owner(&mut connection)?;
    connection
        .revert_all_migrations(MIGRATIONS)
        .map(drop)
        .map_err(|source| MigrateError::Step {
            step: "taking the migrations back".to_owned(),
            source,
        })
}

/// The migrations of this program that the database at `url` has not seen, oldest first.
///
/// # Errors
/// [`MigrateError`].
pub fn pending(url: &str) -> Result<Vec<String>, MigrateError> {
    let mut connection = connect(url)?;
    step("looking for pending migrations", missing(&mut connection))
}

/// Takes back every migration after the one with this version, such as `20261121100000`. For tests of the migrations.
///
/// # Errors
/// [`MigrateError`].
pub fn revert_to(owner_url: &str, version: &str) -> Result<(), MigrateError> {
    let mut connection = connect(owner_url)?;
    become_owner(&mut connection)?;
    let failed = |source| MigrateError::Step {
        step: "taking a migration back".to_owned(),
        source,
    };
    loop {
        let applied = connection.applied_migrations().map_err(failed)?;
        match applied.first() {
            Some(latest) if latest.to_string().as_str() > version => {
                connection
                    .revert_last_migration(MIGRATIONS)
                    .map_err(failed)?;
            }
            _ => return Ok(()),
        }
    }
}

/// Every migration of this program by name, oldest first.
#[must_use]
pub fn all() -> Vec<String> {
    names(&known().unwrap_or_default())
}

/// The migrations of this program that the database has not seen. Writes nothing.
pub(crate) fn missing(connection: &mut PgConnection) -> QueryResult<Vec<String>> {
    let mut known = known()
        .map_err(|error| diesel::result::Error::QueryBuilderError(error.to_string().into()))?;
    if has_migration_table(connection)? {
        let applied: Vec<Version> =
            sql_query("select version::text as version from __diesel_schema_migrations")
                .load(connection)?;
        known.retain(|migration| {
            let version = migration.name().version().to_string();
            applied.iter().all(|one| one.version != version)
        });
    }
    Ok(names(&known))
}

type Migrations = Vec<Box<dyn Migration<Pg>>>;

fn known() -> Result<Migrations, Box<dyn std::error::Error + Send + Sync>> {
    let mut known: Migrations = MIGRATIONS.migrations()?;
    known.sort_by(|one, other| one.name().version().cmp(&other.name().version()));
    Ok(known)
}

fn names(migrations: &Migrations) -> Vec<String> {
    migrations
        .iter()
        .map(|migration| migration.name().to_string())
        .collect()
}

fn become_owner(connection: &mut PgConnection) -> Result<(), MigrateError> {
    let doing = "becoming the owner of the tables";
    step(doing, connection.batch_execute("set role unionhall_owner"))
}

fn has_migration_table(connection: &mut PgConnection) -> QueryResult<bool> {
    sql_query("select to_regclass('public.__diesel_schema_migrations') is not null as yes")
        .get_result::<Answer>(connection)
        .map(|answer| answer.yes)
}

#[derive(QueryableByName)]
struct Version {
    #[diesel(sql_type = Text)]
    version: String,
}

/// A yes or a no of the database.
#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Bool)]
    yes: bool,
}

fn connect(url: &str) -> Result<PgConnection, MigrateError> {
    let login = Login::parse(url)?;
    PgConnection::establish(url).map_err(|source| MigrateError::Connect {
        role: login.role,
        source,
    })
}

fn step<T>(name: &str, result: QueryResult<T>) -> Result<T, MigrateError> {
    result.map_err(|source| MigrateError::Step {
        step: name.to_owned(),
        source: Box::new(source),
    })
}

/// Waits until nobody else changes this database. The lock goes with the connection.
fn lock(connection: &mut PgConnection) -> QueryResult<()> {
    connection.batch_execute(&format!("select pg_advisory_lock({LOCK})"))
}

/// Search by similar spelling, without accents, within a tenant.
fn ensure_extensions(connection: &mut PgConnection) -> QueryResult<()> {
    connection.batch_execute(
        "create extension if not exists pg_trgm with schema public; \
         create extension if not exists unaccent with schema public; \
         create extension if not exists btree_gin with schema public",
    )
}

/// The owner of the tables may make them, the other two may use them, and nobody else may make anything.
fn open_schema(connection: &mut PgConnection) -> QueryResult<()> {
    connection.batch_execute(
        "revoke create on schema public from public; \
         grant usage, create on schema public to unionhall_owner, unionhall_search; \
         grant usage on schema public to unionhall_runtime",
    )
}
