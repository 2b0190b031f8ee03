//! What the port promises, asked of every server.

use unionhall_ports::blobs::{Blob, BlobError, BlobKey, BlobStore};

use crate::servers::Server;

fn key(text: &str) -> BlobKey {
    BlobKey::parse(text).unwrap()
}

fn blob(bytes: &[u8], content_type: &str) -> Option<Blob> {
    Some(Blob {
        bytes: bytes.to_vec(),
        content_type: content_type.to_owned(),
    })
}

fn a_blob_comes_back_as_it_was_put(server: &Server) {
    let store = server.prepared();
    let key = key("tenants/1/documents/2");
    store
        .put(&key, b"Article 12", "text/plain; charset=utf-8")
        .unwrap();
    assert_eq!(
        store.find(&key).unwrap(),
        blob(b"Article 12", "text/plain; charset=utf-8")
    );
}

fn a_key_without_a_blob_finds_nothing(server: &Server) {
    let store = server.prepared();
    assert_eq!(store.find(&key("tenants/1/nothing")).unwrap(), None);
}

fn all_bytes_survive_in_any_size(server: &Server) {
    let store = server.prepared();
    let every_byte: Vec<u8> = (0..=255).collect();
    for (name, content) in [
        ("empty", Vec::new()),
        ("zero", vec![0]),
        ("line-ends", b"\r\n\n\r\0".to_vec()),
        ("all", every_byte.clone()),
        ("large", every_byte.repeat(4 * 4096)),
    ] {
        store
            .put(&key(name), &content, "application/octet-stream")
            .unwrap();
        assert!(
            store.find(&key(name)).unwrap() == blob(&content, "application/octet-stream"),
            "{name} came back changed"
        );
    }
}

fn a_second_put_replaces_content_and_type(server: &Server) {
    let store = server.prepared();
    let key = key("report.pdf");
    store
        .put(&key, b"a first and longer draft", "text/plain")
        .unwrap();
    store.put(&key, b"final", "application/pdf").unwrap();
    assert_eq!(store.find(&key).unwrap(), blob(b"final", "application/pdf"));
}

fn a_deleted_blob_is_gone_and_its_neighbour_stays(server: &Server) {
    let store = server.prepared();
    store.put(&key("a/1"), b"one", "text/plain").unwrap();
    store.put(&key("a/2"), b"two", "text/plain").unwrap();
    store.delete(&key("a/1")).unwrap();
    assert_eq!(store.find(&key("a/1")).unwrap(), None);
    assert_eq!(store.find(&key("a/2")).unwrap(), blob(b"two", "text/plain"));
}

fn deleting_what_is_not_there_is_fine(server: &Server) {
    let store = server.prepared();
    store.delete(&key("never/was")).unwrap();
    store.put(&key("once"), b"1", "text/plain").unwrap();
    store.delete(&key("once")).unwrap();
    store.delete(&key("once")).unwrap();
}

fn the_longest_key_and_every_kind_of_character_work(server: &Server) {
    let store = server.prepared();
    let longest = "k".repeat(BlobKey::MAX_BYTES);
    for text in [longest.as_str(), "A-Z_a.z/0-9/.hidden/-dash/x.y.z"] {
        store
            .put(&key(text), text.as_bytes(), "text/plain")
            .unwrap();
    }
    for text in [longest.as_str(), "A-Z_a.z/0-9/.hidden/-dash/x.y.z"] {
        assert_eq!(
            store.find(&key(text)).unwrap(),
            blob(text.as_bytes(), "text/plain")
        );
    }
}

fn preparing_makes_the_bucket_once_and_keeps_what_is_in_it(server: &Server) {
    let store = server.adapter();
    assert!(matches!(store.probe(), Err(BlobError::Failed(_))));
    store.prepare().unwrap();
    store.probe().unwrap();
    store.put(&key("kept"), b"1", "text/plain").unwrap();
    store.prepare().unwrap();
    assert_eq!(store.find(&key("kept")).unwrap(), blob(b"1", "text/plain"));
}

fn another_region_makes_its_bucket_too(server: &Server) {
    let mut config = server.config.clone();
    config.region = "eu-central-1".to_owned();
    config.bucket = "unionhall-eu".to_owned();
    let store =
        unionhall_s3_adapter::S3BlobStore::new(&config, server.runtime.handle().clone()).unwrap();
    store.prepare().unwrap();
    store.put(&key("here"), b"1", "text/plain").unwrap();
    assert_eq!(store.find(&key("here")).unwrap(), blob(b"1", "text/plain"));
}

fn a_type_that_is_no_header_value_is_refused(server: &Server) {
    let store = server.prepared();
    let injected = "text/plain\r\nX-Amz-Acl: public-read";
    let refused = store.put(&key("typed"), b"1", injected);
    assert!(matches!(refused, Err(BlobError::Refused(_))), "{refused:?}");
    assert_eq!(store.find(&key("typed")).unwrap(), None);
}

fn many_threads_share_one_store(server: &Server) {
    let store = server.prepared();
    std::thread::scope(|threads| {
        for number in 0..8_u8 {
            let store = &store;
            threads.spawn(move || {
                let key = key(&format!("threads/{number}"));
                store.put(&key, &[number], "text/plain").unwrap();
                assert_eq!(store.find(&key).unwrap(), blob(&[number], "text/plain"));
            });
        }
    });
}

/// Runs every promise against a fresh server of each kind.
macro_rules! on_every_server {
    ($($promise:ident),* $(,)?) => {
        mod embedded {
            $(#[test] fn $promise() { super::$promise(&crate::servers::Server::embedded()); })*
        }
        mod moto {
            $(#[test] fn $promise() { super::$promise(&crate::servers::Server::moto()); })*
        }
    };
}

on_every_server!(
    a_blob_comes_back_as_it_was_put,
    a_key_without_a_blob_finds_nothing,
    all_bytes_survive_in_any_size,
    a_second_put_replaces_content_and_type,
    a_deleted_blob_is_gone_and_its_neighbour_stays,
    deleting_what_is_not_there_is_fine,
    the_longest_key_and_every_kind_of_character_work,
    preparing_makes_the_bucket_once_and_keeps_what_is_in_it,
    another_region_makes_its_bucket_too,
    a_type_that_is_no_header_value_is_refused,
    many_threads_share_one_store,
);
