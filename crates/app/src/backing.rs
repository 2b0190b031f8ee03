//! The services the program stands on: database, object store and mail, each brought along or named.

mod database;
mod mail;
mod objects;

use std::{path::Path, sync::Arc};

use tokio::runtime::{Builder, Runtime};
use unionhall_embedded::{
    mailbox::Mailbox,
    object_store::ObjectStore,
    postgres::{Cluster, DataDir, DataDirLock},
};
use unionhall_ports::mail::Mailer;
use unionhall_s3_adapter::S3BlobStore;

use crate::{config::Config, exit::Exit, failure::Failure};

pub use database::{DatabaseUrls, migrate};

/// Told, in words for the screen, what is being done.
pub type Say<'a> = &'a dyn Fn(&str);

/// Everything the program stands on. Dropping it stops what was brought along, the database last.
pub struct Backing {
    /// How to reach the database.
    pub urls: DatabaseUrls,
    /// The object store.
    pub blobs: Arc<S3BlobStore>,
    /// The way out for mail.
    pub mailer: Arc<dyn Mailer>,
    /// The mailbox that keeps mail instead of delivering it, unless a mail server is named.
    pub mailbox: Option<Mailbox>,
    object_store: Option<ObjectStore>,
    runtime: Option<Runtime>,
    cluster: Option<Cluster>,
    _lock: Option<DataDirLock>,
}

/// Whether anything is brought along, so that the data folder is ours alone.
fn embeds(config: &Config) -> bool {
    config.database.url.is_none() || config.s3.is_none() || config.smtp.server.is_none()
}

/// Makes the data folder this process's own, if it needs one.
///
/// # Errors
/// [`Exit::Occupied`] when another process runs on it.
pub fn lock(config: &Config) -> Result<Option<DataDirLock>, Failure> {
    let development = config.signing_keys.is_empty() || config.sealing_keys.is_empty();
    if !embeds(config) && !development {
        return Ok(None);
    }
    let held = DataDir::lock(&config.data_dir);
    held.map(Some)
        .map_err(|error| Failure::caused(Exit::Occupied, "the data folder", &error))
}

impl Backing {
    /// Starts what is not named, in the data folder that `lock` holds.
    ///
    /// # Errors
    /// [`Exit::Unavailable`] when something can neither be started nor reached.
    pub fn start(
        config: &Config,
        lock: Option<DataDirLock>,
        say: Say<'_>,
    ) -> Result<Self, Failure> {
        let runtime = runtime()?;
        let (urls, cluster) = database::start(config, say)?;
        let (blobs, object_store) = objects::start(config, runtime.handle(), say)?;
        let (mailer, mailbox) = mail::start(config, runtime.handle(), say)?;
        Ok(Self {
            urls,
            blobs,
            mailer,
            mailbox,
            object_store,
            runtime: Some(runtime),
            cluster,
            _lock: lock,
        })
    }

    /// Stops what was brought along, the database last and cleanly.
    ///
    /// # Errors
    /// When the database does not stop.
    pub fn stop(mut self, say: Say<'_>) -> Result<(), Failure> {
        self.stop_others();
        if let Some(cluster) = self.cluster.take() {
            say("stopping PostgreSQL");
            cluster
                .stop()
                .map_err(|error| Failure::caused(Exit::Failed, "PostgreSQL", &error))?;
        }
        Ok(())
    }

    fn stop_others(&mut self) {
        if let Some(mailbox) = self.mailbox.take() {
            mailbox.stop();
        }
        if let Some(store) = self.object_store.take() {
            store.stop();
        }
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl Drop for Backing {
    fn drop(&mut self) {
        self.stop_others();
    }
}

/// A database for one command: the named one, the one that a running server brought along, or our own for as
/// long as the command runs.
pub struct CommandDatabase {
    /// How to reach it.
    pub urls: DatabaseUrls,
    _cluster: Option<Cluster>,
    _lock: Option<DataDirLock>,
}

impl CommandDatabase {
    /// Finds or starts the database.
    ///
    /// # Errors
    /// [`Exit::Unavailable`] when there is none to be had.
    pub fn open(config: &Config, say: Say<'_>) -> Result<Self, Failure> {
        if let Some(urls) = database::named(config).or_else(|| database::running(&config.data_dir))
        {
            return Ok(Self {
                urls,
                _cluster: None,
                _lock: None,
            });
        }
        let lock = lock(config)?;
        let (urls, cluster) = database::start(config, say)?;
        Ok(Self {
            urls,
            _cluster: cluster,
            _lock: lock,
        })
    }
}

/// The runtime of the clients of object store and mail server, apart from the one that serves HTTP.
fn runtime() -> Result<Runtime, Failure> {
    Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("backing")
        .enable_all()
        .build()
        .map_err(|error| Failure::caused(Exit::Failed, "starting threads", &error))
}

/// A folder below the data folder.
fn below(config: &Config, name: &str) -> std::path::PathBuf {
    Path::new(&config.data_dir).join(name)
}
