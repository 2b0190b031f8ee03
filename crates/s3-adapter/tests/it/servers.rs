//! The two S3 servers that the adapter is tested against.

use std::{path::Path, time::Duration};

use reqwest_of_rust_s3::Client;
use tempfile::TempDir;
use tokio::runtime::{self, Runtime};
use unionhall_embedded::{
    object_store::{ObjectStore, ObjectStoreConfig},
    python_tools::PythonServer,
};
use unionhall_s3_adapter::{S3BlobStore, S3Config, SecretKey};

/// A server of its own for one test, and how to reach it.
pub(crate) struct Server {
    pub(crate) config: S3Config,
    pub(crate) runtime: Runtime,
    pub(crate) kind: Kind,
}

/// What keeps the server running; it ends when this is dropped.
pub(crate) enum Kind {
    Embedded {
        store: Option<ObjectStore>,
        _folder: TempDir,
    },
    Moto {
        _server: PythonServer,
    },
}

impl Server {
    /// The store that the program brings along.
    pub(crate) fn embedded() -> Self {
        let runtime = runtime();
        let folder = tempfile::tempdir().unwrap();
        let config = ObjectStoreConfig {
            folder: folder.path().join("objects"),
        };
        let store = ObjectStore::start(&config, runtime.handle()).unwrap();
        let keys = store.credentials().clone();
        let config = config_of(store.endpoint(), &keys.access_key, &keys.secret_key);
        Self {
            config,
            runtime,
            kind: Kind::Embedded {
                store: Some(store),
                _folder: folder,
            },
        }
    }

    /// A server that shares no code with ours.
    pub(crate) fn moto() -> Self {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/moto");
        let server = PythonServer::start(Path::new(folder)).unwrap();
        let endpoint = format!("http://127.0.0.1:{}", server.port());
        let config = config_of(endpoint, "hall", "solidarity");
        Self {
            config,
            runtime: runtime(),
            kind: Kind::Moto { _server: server },
        }
    }

    /// The adapter for this server, its bucket not made yet.
    pub(crate) fn adapter(&self) -> S3BlobStore {
        S3BlobStore::new(&self.config, self.runtime.handle().clone()).unwrap()
    }

    /// The adapter for this server, its bucket made.
    pub(crate) fn prepared(&self) -> S3BlobStore {
        let adapter = self.adapter();
        adapter.prepare().unwrap();
        adapter
    }
}

/// What came from an address.
pub(crate) struct Taken {
    pub(crate) status: u16,
    pub(crate) content_type: String,
    pub(crate) disposition: String,
    pub(crate) body: Vec<u8>,
}

impl Server {
    /// Takes what is at an address, as a browser does that knows nothing else.
    pub(crate) fn take(&self, address: &str) -> Taken {
        let client = Client::builder().no_proxy().build().unwrap();
        self.runtime.block_on(async {
            let response = client.get(address).send().await.unwrap();
            let header = |name: &str| {
                let value = response.headers().get(name);
                value.map_or_else(String::new, |value| value.to_str().unwrap().to_owned())
            };
            Taken {
                status: response.status().as_u16(),
                content_type: header("content-type"),
                disposition: header("content-disposition"),
                body: response.bytes().await.unwrap().to_vec(),
            }
        })
    }
}

pub(crate) fn runtime() -> Runtime {
    runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap()
}

pub(crate) fn config_of(endpoint: String, access_key: &str, secret_key: &str) -> S3Config {
    S3Config {
        endpoint,
        public_endpoint: None,
        region: "us-east-1".to_owned(),
        bucket: "unionhall".to_owned(),
        access_key: access_key.to_owned(),
        secret_key: SecretKey::new(secret_key),
        path_style: true,
        timeout: Duration::from_secs(20),
    }
}
