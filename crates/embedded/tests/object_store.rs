//! The embedded object store as its folder and strangers see it; the S3 adapter's tests have the
//! rest.

#![expect(
    clippy::unwrap_used,
    reason = "clippy takes only functions marked #[test] for tests, not their helpers"
)]

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    os::unix::fs::PermissionsExt,
    path::Path,
    time::Duration,
};

use tokio::runtime::{self, Runtime};
use unionhall_embedded::object_store::{ObjectStore, ObjectStoreConfig, ObjectStoreError};

fn runtime() -> Runtime {
    runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap()
}

fn config(folder: &Path) -> ObjectStoreConfig {
    ObjectStoreConfig {
        folder: folder.join("data/objects"),
    }
}

fn connect(store: &ObjectStore) -> std::io::Result<TcpStream> {
    let stream = TcpStream::connect(store.endpoint().strip_prefix("http://").unwrap())?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    Ok(stream)
}

/// The answer to a request that is not signed.
fn unsigned(store: &ObjectStore, request: &str) -> String {
    let mut stream = connect(store).unwrap();
    let head = format!("{request} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn the_keys_of_a_folder_stay_the_same_and_those_of_another_differ() {
    let (runtime, folder, other) = (
        runtime(),
        tempfile::tempdir().unwrap(),
        tempfile::tempdir().unwrap(),
    );
    let first = ObjectStore::start(&config(folder.path()), runtime.handle()).unwrap();
    let credentials = first.credentials().clone();
    first.stop();
    let second = ObjectStore::start(&config(folder.path()), runtime.handle()).unwrap();
    assert_eq!(second.credentials(), &credentials);
    let elsewhere = ObjectStore::start(&config(other.path()), runtime.handle()).unwrap();
    assert_ne!(elsewhere.credentials().access_key, credentials.access_key);
    assert_ne!(elsewhere.credentials().secret_key, credentials.secret_key);
}

#[test]
fn only_the_owner_can_read_the_keys_and_the_objects() {
    let (runtime, folder) = (runtime(), tempfile::tempdir().unwrap());
    let store = ObjectStore::start(&config(folder.path()), runtime.handle()).unwrap();
    let mode = |path: &str| {
        fs::metadata(folder.path().join(path))
            .unwrap()
            .permissions()
            .mode()
            & 0o777
    };
    assert_eq!(mode("data/objects/credentials"), 0o600);
    assert_eq!(mode("data/objects"), 0o700);
    // The database's own user has to pass through the data folder above.
    assert_ne!(mode("data") & 0o011, 0);
    assert!(!format!("{store:?}").contains(&store.credentials().secret_key));
}

#[test]
fn a_stranger_without_the_keys_sees_and_changes_nothing() {
    let (runtime, folder) = (runtime(), tempfile::tempdir().unwrap());
    let store = ObjectStore::start(&config(folder.path()), runtime.handle()).unwrap();
    let buckets = folder.path().join("data/objects/buckets");
    fs::create_dir_all(buckets.join("hall")).unwrap();
    fs::write(buckets.join("hall/file"), "confidential").unwrap();
    for request in [
        "GET /hall/file",
        "GET /",
        "PUT /new",
        "DELETE /hall/file",
        "HEAD /hall",
    ] {
        let answer = unsigned(&store, request);
        assert!(answer.starts_with("HTTP/1.1 403"), "{request}: {answer}");
        assert!(!answer.contains("confidential"), "{request}: {answer}");
    }
    assert_eq!(fs::read_dir(&buckets).unwrap().count(), 1);
    assert!(buckets.join("hall/file").exists());
}

#[test]
fn a_file_of_keys_that_is_damaged_is_an_error_that_names_it() {
    let (runtime, folder) = (runtime(), tempfile::tempdir().unwrap());
    fs::create_dir_all(folder.path().join("data/objects")).unwrap();
    fs::write(
        folder.path().join("data/objects/credentials"),
        "access_key=\n",
    )
    .unwrap();
    let error = ObjectStore::start(&config(folder.path()), runtime.handle()).unwrap_err();
    assert!(
        matches!(error, ObjectStoreError::Credentials { .. }),
        "{error:?}"
    );
    assert!(
        error.to_string().contains("data/objects/credentials"),
        "{error}"
    );
}

#[test]
fn a_stopped_store_takes_no_connections_even_with_a_client_still_connected() {
    let (runtime, folder) = (runtime(), tempfile::tempdir().unwrap());
    let store = ObjectStore::start(&config(folder.path()), runtime.handle()).unwrap();
    let address = store.endpoint().strip_prefix("http://").unwrap().to_owned();
    let mut idle = connect(&store).unwrap();
    idle.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .unwrap();
    let mut byte = [0];
    idle.read_exact(&mut byte).unwrap();
    store.stop();
    assert!(TcpStream::connect(address).is_err());
    let mut rest = Vec::new();
    idle.read_to_end(&mut rest).unwrap();
}
