//! The object store: named in the configuration, or our own in the data folder.

use std::{sync::Arc, time::Duration};

use tokio::runtime::Handle;
use unionhall_embedded::object_store::{ObjectStore, ObjectStoreConfig};
use unionhall_s3_adapter::{S3BlobStore, S3Config, SecretKey};

use super::{Say, below};
use crate::{config::Config, exit::Exit, failure::Failure};

/// How long one call of the object store may take.
const TIMEOUT: Duration = Duration::from_secs(20);

/// The store, with its bucket made; and our own server, if there is none other.
pub(super) fn start(
    config: &Config,
    runtime: &Handle,
    say: Say<'_>,
) -> Result<(Arc<S3BlobStore>, Option<ObjectStore>), Failure> {
    let failed = |error: &dyn std::error::Error| {
        Failure::caused(Exit::Unavailable, "the object store", error)
    };
    let (settings, server) = match &config.s3 {
        Some(named) => (
            S3Config {
                endpoint: named.endpoint.clone(),
                public_endpoint: named.public_endpoint.clone(),
                region: named.region.clone(),
                bucket: named.bucket.clone(),
                access_key: named.access_key.expose().clone(),
                secret_key: SecretKey::new(named.secret_key.expose().clone()),
                path_style: true,
                timeout: TIMEOUT,
            },
            None,
        ),
        None => {
            say("starting the object store");
            let folder = below(config, "objects");
            let server = ObjectStore::start(&ObjectStoreConfig { folder }, runtime)
                .map_err(|error| failed(&error))?;
            let credentials = server.credentials();
            let settings = S3Config {
                endpoint: server.endpoint(),
                public_endpoint: None,
                region: "us-east-1".to_owned(),
                bucket: "unionhall".to_owned(),
                access_key: credentials.access_key.clone(),
                secret_key: SecretKey::new(credentials.secret_key.clone()),
                path_style: true,
                timeout: TIMEOUT,
            };
            (settings, Some(server))
        }
    };
    let store = S3BlobStore::new(&settings, runtime.clone()).map_err(|error| failed(&error))?;
    store.prepare().map_err(|error| failed(&error))?;
    Ok((Arc::new(store), server))
}
