//! The embedded object store: an S3 server on loopback that keeps buckets as folders.
//!
//! It speaks enough of S3 for the adapter that also speaks to a real store, and it lets nobody in
//! without the keys that it made for its data folder.
//! What it has acknowledged survives the end of the program, however sudden; a loss of power may
//! take the last seconds, because the files are not forced to disk one by one.

use std::{
    fs,
    io::{self, Write},
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto, graceful::GracefulShutdown},
};
use s3s::{
    auth::SimpleAuth,
    service::{S3Service, S3ServiceBuilder},
};
use s3s_fs::FileSystem;
use thiserror::Error;
use tokio::{
    net::TcpListener,
    runtime::Handle,
    sync::{Semaphore, oneshot},
    task::JoinHandle,
};

use crate::folders;

/// Connections served at the same time; more wait in the system's queue.
const MAX_CONNECTIONS: usize = 256;

/// How long a client may take to send the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);

/// How long requests in flight may take to finish when the store stops.
const STOP_TIMEOUT: Duration = Duration::from_secs(5);

/// How long to wait before accepting again after the system refused to (out of descriptors).
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Where the store keeps its data.
#[derive(Clone, Debug)]
pub struct ObjectStoreConfig {
    /// The store's own folder, made when missing; no two running stores may share one.
    pub folder: PathBuf,
}

/// The keys that let a client in.
#[derive(Clone, PartialEq, Eq)]
pub struct ObjectStoreCredentials {
    /// The public half.
    pub access_key: String,
    /// The secret half; it stays out of logs.
    pub secret_key: String,
}

impl std::fmt::Debug for ObjectStoreCredentials {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("ObjectStoreCredentials")
            .field("access_key", &self.access_key)
            .field("secret_key", &"***")
            .finish()
    }
}

/// Why the store did not start.
#[derive(Debug, Error)]
pub enum ObjectStoreError {
    /// A file or folder of the store cannot be made or read.
    #[error("{path}: cannot be used by the object store")]
    File {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file with the keys holds something else.
    #[error("{path}: is not the object store's file of keys; remove it to have new keys made")]
    Credentials {
        /// The file with the keys.
        path: PathBuf,
    },
    /// No port of loopback could be had.
    #[error("the object store cannot listen on loopback")]
    Listen(#[source] io::Error),
    /// The system gave no random bytes for the keys.
    #[error("the system gives no random bytes for the object store's keys")]
    Random(#[source] getrandom::Error),
    /// The S3 server did not take the folder.
    #[error("{path}: the S3 server cannot use the folder: {reason}")]
    Server {
        /// The folder with the buckets.
        path: PathBuf,
        /// What the S3 server said.
        reason: String,
    },
}

/// A running S3 server; it stops when it is dropped, and in order with [`ObjectStore::stop`].
#[derive(Debug)]
pub struct ObjectStore {
    address: SocketAddr,
    credentials: ObjectStoreCredentials,
    runtime: Handle,
    stop: oneshot::Sender<()>,
    server: JoinHandle<()>,
}

impl ObjectStore {
    /// Starts the server on a free port of 127.0.0.1, with its tasks on `runtime`.
    ///
    /// Blocks for a few file operations, so it is called from outside of `runtime`'s tasks.
    ///
    /// # Errors
    ///
    /// An [`ObjectStoreError`] that names the file or the step that failed.
    pub fn start(config: &ObjectStoreConfig, runtime: &Handle) -> Result<Self, ObjectStoreError> {
        let buckets = config.folder.join("buckets");
        for folder in [&config.folder, &buckets] {
            folders::create_private(folder).map_err(|source| ObjectStoreError::File {
                path: folder.clone(),
                source,
            })?;
        }
        let credentials = load_or_make_credentials(&config.folder.join("credentials"))?;
        let service = service(&buckets, &credentials)?;

        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .map_err(ObjectStoreError::Listen)?;
        listener
            .set_nonblocking(true)
            .map_err(ObjectStoreError::Listen)?;
        let address = listener.local_addr().map_err(ObjectStoreError::Listen)?;
        let listener = {
            let _in_runtime = runtime.enter();
            TcpListener::from_std(listener).map_err(ObjectStoreError::Listen)?
        };
        let (stop, stopped) = oneshot::channel();
        let server = runtime.spawn(serve(listener, service, stopped));
        Ok(Self {
            address,
            credentials,
            runtime: runtime.clone(),
            stop,
            server,
        })
    }

    /// The address for clients, such as `http://127.0.0.1:40123`; buckets are part of the path.
    #[must_use]
    pub fn endpoint(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The keys that let a client in; the same for every start on the same folder.
    #[must_use]
    pub fn credentials(&self) -> &ObjectStoreCredentials {
        &self.credentials
    }

    /// Stops accepting, lets requests in flight finish for up to five seconds, and returns when
    /// the server has ended.
    ///
    /// # Panics
    ///
    /// When called from an asynchronous task, which it would block.
    pub fn stop(self) {
        // Failing means that the server has ended already.
        let _ended = self.stop.send(());
        if let Err(error) = self.runtime.block_on(self.server) {
            tracing::warn!(%error, "the object store did not end in order");
        }
    }
}

/// The S3 protocol over the folder, for whoever has the keys.
fn service(
    buckets: &Path,
    credentials: &ObjectStoreCredentials,
) -> Result<S3Service, ObjectStoreError> {
    let files = FileSystem::new(buckets).map_err(|error| ObjectStoreError::Server {
        path: buckets.to_owned(),
        reason: format!("{error:?}"),
    })?;
    let mut builder = S3ServiceBuilder::new(files);
    builder.set_auth(SimpleAuth::from_single(
        credentials.access_key.clone(),
        credentials.secret_key.as_str(),
    ));
    Ok(builder.build())
}

/// Accepts and serves connections until `stopped` resolves, which it also does when the store is
/// dropped.
async fn serve(listener: TcpListener, service: S3Service, mut stopped: oneshot::Receiver<()>) {
    let mut http = auto::Builder::new(TokioExecutor::new());
    http.http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT);
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    loop {
        let accepted = tokio::select! {
            _ = &mut stopped => break,
            accepted = accept(&listener, &places) => accepted,
        };
        let (stream, place) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "the object store cannot accept a connection");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        let connection = http.serve_connection(TokioIo::new(stream), service.clone());
        let connection = graceful.watch(connection.into_owned());
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(error, "a connection to the object store broke");
            }
            drop(place);
        });
    }
    if tokio::time::timeout(STOP_TIMEOUT, graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("requests to the object store were cut off when it stopped");
    }
}

/// The next connection, once there is a place for it.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> io::Result<(tokio::net::TcpStream, tokio::sync::OwnedSemaphorePermit)> {
    let place = Arc::clone(places)
        .acquire_owned()
        .await
        .map_err(io::Error::other)?;
    let (stream, _peer) = listener.accept().await?;
    Ok((stream, place))
}

/// Reads the keys of a folder, or makes them on the first start.
fn load_or_make_credentials(path: &Path) -> Result<ObjectStoreCredentials, ObjectStoreError> {
    match fs::read_to_string(path) {
        Ok(text) => parse_credentials(&text).ok_or_else(|| ObjectStoreError::Credentials {
            path: path.to_owned(),
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let credentials = ObjectStoreCredentials {
                access_key: random_hex::<10>()?,
                secret_key: random_hex::<32>()?,
            };
            write_credentials(path, &credentials).map_err(|source| ObjectStoreError::File {
                path: path.to_owned(),
                source,
            })?;
            Ok(credentials)
        }
        Err(source) => Err(ObjectStoreError::File {
            path: path.to_owned(),
            source,
        }),
    }
}

fn parse_credentials(text: &str) -> Option<ObjectStoreCredentials> {
    let mut lines = text.lines();
    let access_key = lines.next()?.strip_prefix("access_key=")?.to_owned();
    let secret_key = lines.next()?.strip_prefix("secret_key=")?.to_owned();
    let complete = !access_key.is_empty() && !secret_key.is_empty() && lines.next().is_none();
    complete.then_some(ObjectStoreCredentials {
        access_key,
        secret_key,
    })
}

/// Writes the keys for the owner's eyes only, whole or not at all.
fn write_credentials(path: &Path, credentials: &ObjectStoreCredentials) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    // A temporary file is made with mode 0600, and keeps it under its final name.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    writeln!(file, "access_key={}", credentials.access_key)?;
    writeln!(file, "secret_key={}", credentials.secret_key)?;
    file.as_file().sync_all()?;
    file.persist_noclobber(path)?;
    fs::File::open(folder)?.sync_all()
}

/// `N` random bytes as hexadecimal text.
fn random_hex<const N: usize>() -> Result<String, ObjectStoreError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(ObjectStoreError::Random)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
