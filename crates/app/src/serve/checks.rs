//! What must hold before the hall is served, and what health is asked of while it is.

use std::sync::Arc;

use unionhall_http::health::Readiness;
use unionhall_ports::{blobs::BlobStore, mail::Mailer};
use unionhall_postgres_adapter::PgUnitOfWork;
use unionhall_s3_adapter::S3BlobStore;

use crate::{
    backing::Backing,
    config::{Config, Environment},
    demo,
    exit::Exit,
    failure::Failure,
    wiring::Wired,
};

/// Refuses a configuration that must not be served in production.
pub(super) fn production(config: &Config) -> Result<(), Failure> {
    if config.environment == Environment::Development {
        return Ok(());
    }
    refuse("production", config.check_production())
}

/// Refuses a database that must not be served in production: a role that can do too much, demo data, default
/// passwords.
pub(super) fn production_database(wired: &Wired) -> Result<(), Failure> {
    let unavailable =
        |error: &dyn std::error::Error| Failure::caused(Exit::Unavailable, "the database", error);
    let mut faults = wired
        .unit_of_work
        .check_role()
        .map_err(|error| unavailable(&error))?;
    faults.extend(demo::left_overs(wired).map_err(|error| unavailable(&error))?);
    refuse("production", faults)
}

/// Refuses a database whose tables are older than the program.
///
/// # Errors
/// [`Exit::Unavailable`], with what to do.
pub fn check_migrations(wired: &Wired) -> Result<(), Failure> {
    let missing = wired
        .unit_of_work
        .probe()
        .map_err(|error| Failure::caused(Exit::Unavailable, "the database", &error))?;
    if missing.is_empty() {
        return Ok(());
    }
    let missing = missing.join(", ");
    Err(Failure::new(
        Exit::Unavailable,
        format!("the database lacks the migrations {missing}; run `unionhall migrate` first"),
    ))
}

fn refuse(what: &str, faults: Vec<String>) -> Result<(), Failure> {
    if faults.is_empty() {
        return Ok(());
    }
    let mut message = format!("this must not be served in {what}:");
    for fault in faults {
        message.push_str("\n  - ");
        message.push_str(&fault);
    }
    Err(Failure::new(Exit::Usage, message))
}

/// Asks everything the hall stands on whether it is there.
pub(super) struct Ready {
    unit_of_work: Arc<PgUnitOfWork>,
    blobs: Arc<S3BlobStore>,
    mailer: Arc<dyn Mailer>,
}

impl Ready {
    pub(super) fn new(wired: &Wired, backing: &Backing) -> Self {
        Self {
            unit_of_work: Arc::clone(&wired.unit_of_work),
            blobs: Arc::clone(&backing.blobs),
            mailer: Arc::clone(&backing.mailer),
        }
    }
}

impl Readiness for Ready {
    fn check(&self) -> Vec<(&'static str, Result<(), String>)> {
        let told = |error: &dyn std::error::Error| {
            Failure::caused(Exit::Unavailable, "not there", error).message
        };
        let (database, migrations) = match self.unit_of_work.probe() {
            Ok(missing) if missing.is_empty() => (Ok(()), Ok(())),
            Ok(missing) => (Ok(()), Err(format!("missing: {}", missing.join(", ")))),
            Err(error) => (
                Err(told(&error)),
                Err("the database is not there".to_owned()),
            ),
        };
        vec![
            ("database", database),
            ("migrations", migrations),
            (
                "object_store",
                self.blobs.probe().map_err(|error| told(&error)),
            ),
            ("mail", self.mailer.probe().map_err(|error| told(&error))),
        ]
    }
}
