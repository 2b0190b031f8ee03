//! What the port promises, asked of every server.

use unionhall_ports::blobs::{Blob, BlobError, BlobKey, BlobStore, LEAST_PART, Told};

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

fn a_file_in_parts_is_there_when_they_are_put_together_and_not_before(server: &Server) {
    let store = server.prepared();
    // The longest key of a document: a store may write what it knows of an upload beside it.
    let key = key(&"k".repeat(126));
    let upload = store.begin_parts(&key, "application/pdf").unwrap();
    let first: Vec<u8> = (0..=255).cycle().take(LEAST_PART).collect();
    let replaced = store
        .put_part(&key, &upload, 1, vec![9; LEAST_PART])
        .unwrap();
    let last = store
        .put_part(&key, &upload, 2, b"the end".to_vec())
        .unwrap();
    let one = store.put_part(&key, &upload, 1, first.clone()).unwrap();
    assert_ne!(one.tag, replaced.tag);
    assert_eq!(store.find(&key).unwrap(), None);
    store.finish_parts(&key, &upload, &[one, last]).unwrap();
    let whole = [&first[..], b"the end"].concat();
    assert!(store.find(&key).unwrap() == blob(&whole, "application/pdf"));
    store.abort_parts(&key, &upload).unwrap();
    assert!(store.find(&key).unwrap() == blob(&whole, "application/pdf"));
}

fn parts_that_are_forgotten_leave_nothing(server: &Server) {
    let store = server.prepared();
    let key = key("a/part");
    let upload = store.begin_parts(&key, "text/plain").unwrap();
    let part = store.put_part(&key, &upload, 1, b"1".to_vec()).unwrap();
    store.abort_parts(&key, &upload).unwrap();
    store.abort_parts(&key, &upload).unwrap();
    assert!(store.finish_parts(&key, &upload, &[part]).is_err());
    assert_eq!(store.find(&key).unwrap(), None);
}

fn any_part_of_a_blob_can_be_read(server: &Server) {
    let store = server.prepared();
    let key = key("ranged");
    store.put(&key, b"0123456789", "text/plain").unwrap();
    for (start, length, expected) in [
        (0, 10, &b"0123456789"[..]),
        (0, 1, b"0"),
        (3, 4, b"3456"),
        (9, 1, b"9"),
        (8, 100, b"89"),
        (2, 0, b""),
    ] {
        let read = store.read(&key, start, length).unwrap();
        assert_eq!(read.as_deref(), Some(expected), "{start}+{length}");
    }
    let behind = store.read(&key, 10, 1);
    assert!(matches!(behind, Err(BlobError::Refused(_))), "{behind:?}");
    let nothing = BlobKey::parse("nothing").unwrap();
    assert_eq!(store.read(&nothing, 0, 1).unwrap(), None);
}

fn an_address_leads_whoever_has_it_to_one_blob_and_tells_its_name(server: &Server) {
    let store = server.prepared();
    let key = key("given/out.pdf");
    store
        .put(&key, b"%PDF-", "application/octet-stream")
        .unwrap();
    let told = Told {
        content_type: "application/pdf".to_owned(),
        disposition: "attachment; filename=\"a b.pdf\"; filename*=UTF-8''%C5%81%20b.pdf".to_owned(),
    };
    let address = store.address(&key, &told, 60).unwrap();
    let taken = server.take(&address);
    assert_eq!((taken.status, taken.body.as_slice()), (200, &b"%PDF-"[..]));
    assert_eq!(taken.content_type, told.content_type);
    assert_eq!(taken.disposition, told.disposition);
    let elsewhere = server.take(&address.replace("out.pdf", "other.pdf"));
    assert!(
        matches!(elsewhere.status, 403 | 404),
        "{}",
        elsewhere.status
    );
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
    a_file_in_parts_is_there_when_they_are_put_together_and_not_before,
    parts_that_are_forgotten_leave_nothing,
    any_part_of_a_blob_can_be_read,
    an_address_leads_whoever_has_it_to_one_blob_and_tells_its_name,
    a_type_that_is_no_header_value_is_refused,
    many_threads_share_one_store,
);
