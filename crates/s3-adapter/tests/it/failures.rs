//! What the adapter says when the store cannot be reached or does not let us in.

use std::{
    env,
    net::TcpListener,
    process::Command,
    time::{Duration, Instant},
};

use unionhall_ports::blobs::{BlobError, BlobKey, BlobStore};
use unionhall_s3_adapter::{S3BlobStore, SecretKey};

use crate::servers::{Kind, Server, config_of, runtime};

fn key() -> BlobKey {
    BlobKey::parse("a/key").unwrap()
}

/// Every call of the port, each with its outcome.
fn every_call(store: &S3BlobStore) -> [(&'static str, Result<(), BlobError>); 5] {
    [
        ("prepare", store.prepare()),
        ("probe", store.probe()),
        ("put", store.put(&key(), b"1", "text/plain")),
        ("find", store.find(&key()).map(|_| ())),
        ("delete", store.delete(&key())),
    ]
}

#[test]
fn a_wrong_secret_is_refused_in_every_call() {
    let mut server = Server::embedded();
    server.prepared();
    server.config.secret_key = SecretKey::new("a-wrong-secret");
    for (call, outcome) in every_call(&server.adapter()) {
        assert!(
            matches!(outcome, Err(BlobError::Refused(_))),
            "{call}: {outcome:?}"
        );
    }
}

#[test]
fn an_unknown_access_key_is_refused_in_every_call() {
    let mut server = Server::embedded();
    server.prepared();
    server.config.access_key = "somebody".to_owned();
    for (call, outcome) in every_call(&server.adapter()) {
        assert!(
            matches!(outcome, Err(BlobError::Refused(_))),
            "{call}: {outcome:?}"
        );
    }
}

#[test]
fn a_bucket_that_is_missing_is_a_failure_and_not_an_absent_blob() {
    let server = Server::moto();
    let found = server.adapter().find(&key());
    assert!(matches!(found, Err(BlobError::Failed(_))), "{found:?}");
}

#[test]
fn a_store_that_has_stopped_is_unavailable_in_every_call() {
    let mut server = Server::embedded();
    let store = server.prepared();
    if let Kind::Embedded { store, .. } = &mut server.kind {
        store.take().unwrap().stop();
    }
    for (call, outcome) in every_call(&store) {
        assert!(
            matches!(outcome, Err(BlobError::Unavailable(_))),
            "{call}: {outcome:?}"
        );
    }
}

#[test]
fn a_store_that_never_answers_is_unavailable_within_the_timeout() {
    // It takes connections, by way of the system's queue, and never says a word.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", silent.local_addr().unwrap());
    let mut config = config_of(endpoint, "hall", "solidarity");
    config.timeout = Duration::from_millis(300);
    let runtime = runtime();
    let store = S3BlobStore::new(&config, runtime.handle().clone()).unwrap();
    for call in ["probe", "put", "find", "delete"] {
        let started = Instant::now();
        let outcome = match call {
            "probe" => store.probe(),
            "put" => store.put(&key(), b"1", "text/plain"),
            "find" => store.find(&key()).map(|_| ()),
            _ => store.delete(&key()),
        };
        assert!(
            matches!(outcome, Err(BlobError::Unavailable(_))),
            "{call}: {outcome:?}"
        );
        assert!(
            started.elapsed() < Duration::from_secs(3),
            "{call} took {:?}",
            started.elapsed()
        );
    }
}

#[test]
fn a_proxy_for_the_world_outside_is_not_asked_for_a_store_on_this_machine() {
    // Variables of this process belong to all its tests, so another process runs the test.
    let test = "contract::embedded::another_region_makes_its_bucket_too";
    let output = Command::new(env::current_exe().unwrap())
        .args(["--exact", test])
        .env("HTTP_PROXY", "http://127.0.0.1:1")
        .env("http_proxy", "http://127.0.0.1:1")
        .env_remove("NO_PROXY")
        .env_remove("no_proxy")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("1 passed"), "{said}");
}

#[test]
fn no_secret_shows_in_the_debug_form_of_the_store() {
    let config = config_of("http://127.0.0.1:9".to_owned(), "hall", "hunter2-secret");
    let runtime = runtime();
    let store = S3BlobStore::new(&config, runtime.handle().clone()).unwrap();
    assert!(!format!("{config:?} {store:?}").contains("hunter2-secret"));
}
