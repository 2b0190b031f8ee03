//! What the answers of the object store and the failures of its client mean.

use std::{io, time::Duration};

use s3::error::S3Error;
use thiserror::Error;
use unionhall_ports::blobs::BlobError;

/// The configuration of the object store cannot be used.
#[derive(Debug, Error)]
#[error("the object store's configuration cannot be used")]
pub struct InvalidS3Config(#[source] Box<S3Error>);

impl InvalidS3Config {
    pub(crate) fn new(source: S3Error) -> Self {
        Self(Box::new(source))
    }
}

/// The store did not answer in time.
#[derive(Debug, Error)]
#[error("no answer within {0:?}")]
pub(crate) struct TimedOut(Duration);

impl TimedOut {
    pub(crate) fn after(timeout: Duration) -> io::Error {
        io::Error::new(io::ErrorKind::TimedOut, Self(timeout))
    }
}

/// The HTTP status that the store answered, when it answered an error.
pub(crate) fn status(error: &S3Error) -> Option<u16> {
    match error {
        S3Error::HttpFailWithBody(status, _) => Some(*status),
        _ => None,
    }
}

/// Whether the store says that there is no such blob.
///
/// The status alone does not: a missing bucket and a wrong address answer 404 too.
pub(crate) fn is_missing_blob(error: &S3Error) -> bool {
    matches!(error, S3Error::HttpFailWithBody(404, body) if body.contains("NoSuchKey"))
}

/// Whether the store says that there is no such upload in parts. The one that the program brings along, which is on this
/// machine, refuses it; any other one that refuses means that we may not, and the parts are still there.
pub(crate) fn is_missing_upload(error: &S3Error, on_this_machine: bool) -> bool {
    match error {
        S3Error::HttpFailWithBody(404, body) => {
            body.contains("NoSuchUpload") || body.contains("NoSuchKey")
        }
        S3Error::HttpFailWithBody(403, body) => on_this_machine && body.contains("AccessDenied"),
        _ => false,
    }
}

/// Sorts a failure by what the caller can do about it.
pub(crate) fn blob_error(error: S3Error) -> BlobError {
    match error {
        S3Error::HttpFailWithBody(408 | 429 | 500 | 502 | 503 | 504, _)
        | S3Error::Io(_)
        | S3Error::Reqwest(_) => BlobError::Unavailable(Box::new(error)),
        S3Error::HttpFailWithBody(400..=403 | 405..=499, _)
        | S3Error::InvalidHeaderValue(_)
        | S3Error::InvalidHeaderName(_) => BlobError::Refused(Box::new(error)),
        _ => BlobError::Failed(Box::new(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(status: u16) -> BlobError {
        blob_error(S3Error::HttpFailWithBody(status, String::new()))
    }

    #[test]
    fn a_store_that_is_overloaded_is_unavailable() {
        for status in [408, 429, 500, 502, 503, 504] {
            assert!(
                matches!(answered(status), BlobError::Unavailable(_)),
                "{status}"
            );
        }
    }

    #[test]
    fn a_store_that_says_no_has_refused() {
        for status in [400, 401, 403, 405, 409, 411, 413] {
            assert!(
                matches!(answered(status), BlobError::Refused(_)),
                "{status}"
            );
        }
    }

    #[test]
    fn an_upload_that_may_not_be_aborted_is_not_taken_for_one_that_is_gone() {
        let answered = |status, code: &str| {
            let body = format!("<Code>{code}</Code>");
            S3Error::HttpFailWithBody(status, body)
        };
        let gone = answered(404, "NoSuchUpload");
        let refused = answered(403, "AccessDenied");
        for on_this_machine in [true, false] {
            assert!(is_missing_upload(&gone, on_this_machine));
            assert_eq!(
                is_missing_upload(&refused, on_this_machine),
                on_this_machine
            );
        }
        assert!(!is_missing_upload(&answered(404, "NoSuchBucket"), true));
    }

    #[test]
    fn a_missing_bucket_is_a_failure_and_no_missing_blob() {
        let error = S3Error::HttpFailWithBody(404, "<Code>NoSuchBucket</Code>".to_owned());
        assert!(!is_missing_blob(&error));
        assert!(matches!(blob_error(error), BlobError::Failed(_)));
        assert!(is_missing_blob(&S3Error::HttpFailWithBody(
            404,
            "<Code>NoSuchKey</Code>".to_owned()
        )));
    }
}
