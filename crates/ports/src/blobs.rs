//! The port to the object store: files are kept under a key, found again and deleted.

use std::fmt;

use thiserror::Error;

/// What went wrong underneath, kept for the log and never shown to a client.
type Source = Box<dyn std::error::Error + Send + Sync>;

/// The name of a blob in the store.
///
/// A key is a path of segments divided by `/`, such as `tenants/1f0…/documents/1f1…`.
/// It is made by the program, never taken from a file name that somebody typed.
/// No key may be the folder of another one (`a` beside `a/b`): a store that keeps its blobs in
/// folders cannot hold both.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlobKey(String);

impl BlobKey {
    /// The longest key, in bytes: what every store the program works with can hold.
    pub const MAX_BYTES: usize = 150;

    /// Takes a key of 1 to [`BlobKey::MAX_BYTES`] bytes out of `A-Z a-z 0-9 / _ . -`.
    ///
    /// # Errors
    ///
    /// Refuses other lengths and characters, empty segments (`/a`, `a//b`, `a/`) and anything
    /// that could climb out of a folder (`.` as a segment, `..` anywhere).
    pub fn parse(text: impl Into<String>) -> Result<Self, InvalidBlobKey> {
        let text = text.into();
        if text.is_empty() || text.len() > Self::MAX_BYTES {
            return Err(InvalidBlobKey::Length);
        }
        let allowed =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'_' | b'.' | b'-');
        if !text.bytes().all(allowed) {
            return Err(InvalidBlobKey::Character);
        }
        let misleading = |segment: &str| segment.is_empty() || segment == ".";
        if text.contains("..") || text.split('/').any(misleading) {
            return Err(InvalidBlobKey::Segment);
        }
        Ok(Self(text))
    }

    /// The key as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for BlobKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Why a text is no [`BlobKey`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum InvalidBlobKey {
    /// It is empty or too long.
    #[error("a blob key has 1 to {} bytes", BlobKey::MAX_BYTES)]
    Length,
    /// It holds a character outside `A-Z a-z 0-9 / _ . -`.
    #[error("a blob key holds only letters, digits, '/', '_', '.' and '-'")]
    Character,
    /// It has an empty segment, or one that points to a folder.
    #[error("a blob key has no empty segment, no '.' segment and no '..'")]
    Segment,
}

/// A file as it lies in the store.
#[derive(Clone, PartialEq, Eq)]
pub struct Blob {
    /// The content, unchanged.
    pub bytes: Vec<u8>,
    /// The media type that was given with it, such as `application/pdf`.
    pub content_type: String,
}

impl fmt::Debug for Blob {
    /// Shows the size instead of the content: files are personal data and do not reach logs.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Blob")
            .field("bytes", &self.bytes.len())
            .field("content_type", &self.content_type)
            .finish()
    }
}

/// An upload in parts that the store has begun, named by the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartsId(String);

impl PartsId {
    /// Takes the store's name for it.
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    /// The store's name for it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A part that the store has taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredPart {
    /// Its place, from 1.
    pub number: u32,
    /// The store's tag for its content.
    pub tag: String,
}

/// What a file is called and said to be by an address that leads to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The media type.
    pub content_type: String,
    /// The `Content-Disposition` (RFC 6266).
    pub disposition: String,
}

/// Why the store did not do what it was asked.
#[derive(Debug, Error)]
pub enum BlobError {
    /// The store cannot be reached or is overloaded; the same call may work later.
    #[error("the object store is unavailable")]
    Unavailable(#[source] Source),
    /// The store understood and said no: wrong credentials, no permission, a request it will
    /// never take.
    #[error("the object store refused the request")]
    Refused(#[source] Source),
    /// Anything else, such as a missing bucket or an answer that makes no sense.
    #[error("the object store failed")]
    Failed(#[source] Source),
}

/// How many bytes each part of a file has at least, except for the last one.
pub const LEAST_PART: usize = 5 * 1024 * 1024;

/// Keeps files under keys.
///
/// Calls block until the store has answered or a timeout has passed, so they are made from
/// blocking threads and never inside a database transaction.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait BlobStore: Send + Sync {
    /// Keeps `bytes` and their media type under `key`, in place of what was there.
    ///
    /// # Errors
    ///
    /// Any [`BlobError`]; `Refused` also when `content_type` cannot be sent.
    /// After an error the blob may or may not have been kept.
    fn put(&self, key: &BlobKey, bytes: &[u8], content_type: &str) -> Result<(), BlobError>;

    /// The blob under `key`, or `None` when there is none.
    ///
    /// # Errors
    ///
    /// Any [`BlobError`].
    fn find(&self, key: &BlobKey) -> Result<Option<Blob>, BlobError>;

    /// Begins to keep a large file under `key` in parts; nothing is there before they are put together.
    ///
    /// # Errors
    ///
    /// Any [`BlobError`].
    fn begin_parts(&self, key: &BlobKey, content_type: &str) -> Result<PartsId, BlobError>;

    /// Takes a part: `number` counts from 1, and every part but the last one has at least [`LEAST_PART`] bytes. The same
    /// number again takes the place of the one before.
    ///
    /// # Errors
    ///
    /// Any [`BlobError`].
    fn put_part(
        &self,
        key: &BlobKey,
        upload: &PartsId,
        number: u32,
        bytes: Vec<u8>,
    ) -> Result<StoredPart, BlobError>;

    /// Puts the parts together, in their order and without a gap: the file is there then, whole.
    ///
    /// # Errors
    ///
    /// Any [`BlobError`].
    fn finish_parts(
        &self,
        key: &BlobKey,
        upload: &PartsId,
        parts: &[StoredPart],
    ) -> Result<(), BlobError>;

    /// Forgets the parts; forgetting what is not there, or was put together, is fine.
    ///
    /// # Errors
    ///
    /// Any [`BlobError`].
    fn abort_parts(&self, key: &BlobKey, upload: &PartsId) -> Result<(), BlobError>;

    /// Up to `length` bytes of what is under `key`, from the byte `start` on, which must be there; `None` when there is no
    /// such blob.
    ///
    /// # Errors
    ///
    /// Any [`BlobError`]; `Refused` when the blob ends before `start`.
    fn read(&self, key: &BlobKey, start: u64, length: u32) -> Result<Option<Vec<u8>>, BlobError>;

    /// An address from which a browser can take what is under `key` for so many seconds, without any other permission.
    /// Nothing is asked of the store: also an address of what is not there can be made.
    ///
    /// # Errors
    ///
    /// `Failed` when none can be made.
    fn address(&self, key: &BlobKey, told: &Told, seconds: u32) -> Result<String, BlobError>;

    /// Removes what is under `key`; removing what is not there is fine.
    ///
    /// # Errors
    ///
    /// Any [`BlobError`].
    fn delete(&self, key: &BlobKey) -> Result<(), BlobError>;

    /// Answers whether the store is there, lets us in and has our bucket; changes nothing.
    ///
    /// # Errors
    ///
    /// Any [`BlobError`]: the store cannot be used now.
    fn probe(&self) -> Result<(), BlobError>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_of_plain_segments_is_taken_as_it_is() {
        for text in ["a", "tenants/1/documents/2.pdf", "A_b-c.d/9", "a.b.c"] {
            assert_eq!(
                BlobKey::parse(text).map(|key| key.to_string()),
                Ok(text.to_owned())
            );
        }
    }

    #[test]
    fn a_key_that_could_leave_its_folder_is_refused() {
        for text in ["/a", "a/", "a//b", "./a", "a/./b", "../a", "a/..", "a..b"] {
            assert_eq!(BlobKey::parse(text), Err(InvalidBlobKey::Segment), "{text}");
        }
    }

    #[test]
    fn a_key_with_other_characters_is_refused() {
        for text in ["a b", "ä", "a\0", "a\\b", "a?b", "a%2e", "a\nb"] {
            assert_eq!(
                BlobKey::parse(text),
                Err(InvalidBlobKey::Character),
                "{text}"
            );
        }
    }

    #[test]
    fn the_length_of_a_key_is_bounded() {
        assert_eq!(BlobKey::parse(""), Err(InvalidBlobKey::Length));
        assert!(BlobKey::parse("k".repeat(BlobKey::MAX_BYTES)).is_ok());
        assert_eq!(
            BlobKey::parse("k".repeat(BlobKey::MAX_BYTES + 1)),
            Err(InvalidBlobKey::Length)
        );
    }

    #[test]
    fn the_debug_form_of_a_blob_shows_no_content() {
        let blob = Blob {
            bytes: b"secret".to_vec(),
            content_type: "text/plain".to_owned(),
        };
        assert_eq!(
            format!("{blob:?}"),
            r#"Blob { bytes: 6, content_type: "text/plain" }"#
        );
    }
}
