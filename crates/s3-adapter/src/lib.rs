//! Keeps blobs in an S3-compatible object store.
//!
//! The client is asynchronous and the port is not: calls come from blocking threads and wait for
//! the client on a runtime that the program hands in.

mod config;
mod errors;

use std::{collections::HashMap, net::IpAddr, time::Duration};

use reqwest_of_rust_s3::{Proxy, Url};
use s3::{Bucket, Region, creds::Credentials, error::S3Error, serde_types::Part};
use tokio::runtime::Handle;
use unionhall_ports::blobs::{Blob, BlobError, BlobKey, BlobStore, PartsId, StoredPart, Told};

use crate::errors::{TimedOut, is_missing_blob, is_missing_upload, status};
pub use crate::{
    config::{S3Config, SecretKey},
    errors::InvalidS3Config,
};

/// The media type of a blob whose store has forgotten it.
const UNKNOWN_CONTENT_TYPE: &str = "application/octet-stream";

/// The region whose name a request for a new bucket has to leave out.
const DEFAULT_REGION: &str = "us-east-1";

/// Blobs in one bucket of an S3-compatible store.
#[derive(Debug)]
pub struct S3BlobStore {
    bucket: Box<Bucket>,
    /// The same bucket as browsers reach it.
    public: Box<Bucket>,
    /// Whether it is a store on this very machine.
    local: bool,
    timeout: Duration,
    runtime: Handle,
}

impl S3BlobStore {
    /// Makes a client for the bucket that `config` names; nothing is sent yet.
    ///
    /// `runtime` is where the client does its work. It must have a thread of its own and outlive
    /// this store.
    ///
    /// # Errors
    ///
    /// [`InvalidS3Config`] when the client cannot be made from these values.
    pub fn new(config: &S3Config, runtime: Handle) -> Result<Self, InvalidS3Config> {
        let bucket = bucket_at(config, &config.endpoint)?;
        let public = match &config.public_endpoint {
            Some(endpoint) => bucket_at(config, endpoint)?,
            None => bucket.clone(),
        };
        Ok(Self {
            bucket,
            public,
            local: is_loopback(&config.endpoint),
            timeout: config.timeout,
            runtime,
        })
    }

    /// Makes the bucket when it is not there.
    ///
    /// # Errors
    ///
    /// Any [`BlobError`].
    ///
    /// # Panics
    ///
    /// Like every call of the store, when made from an asynchronous task, which it would block.
    pub fn prepare(&self) -> Result<(), BlobError> {
        match self.wait(self.bucket.head_object("")) {
            Ok(_) => return Ok(()),
            Err(error) if status(&error) == Some(404) => {}
            Err(error) => return Err(errors::blob_error(error)),
        }
        match self.wait(self.create_bucket()) {
            Ok(()) => {
                tracing::info!(bucket = self.bucket.name, "made the bucket");
                Ok(())
            }
            // Somebody else may have made it in between; if it is theirs, the probe says so.
            Err(error) if status(&error) == Some(409) => self.probe(),
            Err(error) => Err(errors::blob_error(error)),
        }
    }

    async fn create_bucket(&self) -> Result<(), S3Error> {
        // A bucket is what comes of putting its description where its root will be.
        // The client's own call makes another client, without our proxy and timeout, and always
        // names the region, which S3 refuses for the default one.
        let region = self.bucket.region.to_string();
        let description = if region == DEFAULT_REGION {
            String::new()
        } else {
            format!(
                "<CreateBucketConfiguration><LocationConstraint>{region}</LocationConstraint>\
                 </CreateBucketConfiguration>"
            )
        };
        self.bucket
            .put_object_with_content_type("", description.as_bytes(), "application/xml")
            .await?;
        Ok(())
    }

    /// Waits for the client, for no longer than the timeout with everything that it may repeat.
    fn wait<T>(&self, call: impl Future<Output = Result<T, S3Error>>) -> Result<T, S3Error> {
        self.runtime.block_on(async {
            match tokio::time::timeout(self.timeout, call).await {
                Ok(outcome) => outcome,
                Err(_elapsed) => Err(S3Error::Io(TimedOut::after(self.timeout))),
            }
        })
    }
}

/// A client for the bucket at one of the store's addresses.
fn bucket_at(config: &S3Config, endpoint: &str) -> Result<Box<Bucket>, InvalidS3Config> {
    let invalid = InvalidS3Config::new;
    let region = Region::Custom {
        region: config.region.clone(),
        endpoint: endpoint.trim_end_matches('/').to_owned(),
    };
    let access_key = Some(config.access_key.as_str());
    let secret_key = Some(config.secret_key.expose());
    let credentials = Credentials::new(access_key, secret_key, None, None, None)
        .map_err(|error| invalid(error.into()))?;
    let mut bucket = Bucket::new(&config.bucket, region, credentials).map_err(invalid)?;
    if is_loopback(endpoint) {
        // The client heeds HTTP_PROXY, and no proxy leads to a store on this machine.
        let direct = Proxy::custom(|_url| None::<Url>);
        bucket = Box::new(bucket.set_proxy(direct).map_err(invalid)?);
    }
    bucket.set_request_timeout(Some(config.timeout));
    if config.path_style {
        bucket.set_path_style();
    }
    Ok(bucket)
}

/// Whether a store's address is on this very machine.
fn is_loopback(endpoint: &str) -> bool {
    let Ok(url) = endpoint.parse::<Url>() else {
        return false;
    };
    let host = url.host_str().unwrap_or_default();
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare == "localhost"
        || bare
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

impl BlobStore for S3BlobStore {
    fn put(&self, key: &BlobKey, bytes: &[u8], content_type: &str) -> Result<(), BlobError> {
        self.wait(
            self.bucket
                .put_object_with_content_type(key.as_str(), bytes, content_type),
        )
        .map(|_| ())
        .map_err(errors::blob_error)
    }

    fn find(&self, key: &BlobKey) -> Result<Option<Blob>, BlobError> {
        let found = match self.wait(self.bucket.get_object(key.as_str())) {
            Ok(found) => found,
            Err(error) if is_missing_blob(&error) => return Ok(None),
            Err(error) => return Err(errors::blob_error(error)),
        };
        let content_type = found
            .headers()
            .remove("content-type")
            .unwrap_or_else(|| UNKNOWN_CONTENT_TYPE.to_owned());
        Ok(Some(Blob {
            bytes: found.into_bytes().into(),
            content_type,
        }))
    }

    fn begin_parts(&self, key: &BlobKey, content_type: &str) -> Result<PartsId, BlobError> {
        let begun = self
            .bucket
            .initiate_multipart_upload(key.as_str(), content_type);
        let begun = self.wait(begun).map_err(errors::blob_error)?;
        Ok(PartsId::new(begun.upload_id))
    }

    fn put_part(
        &self,
        key: &BlobKey,
        upload: &PartsId,
        number: u32,
        bytes: Vec<u8>,
    ) -> Result<StoredPart, BlobError> {
        let (key, upload) = (key.as_str(), upload.as_str());
        let put = self
            .bucket
            .put_multipart_chunk(bytes, key, number, upload, UNKNOWN_CONTENT_TYPE);
        let part = self.wait(put).map_err(errors::blob_error)?;
        Ok(StoredPart {
            number: part.part_number,
            tag: part.etag,
        })
    }

    fn finish_parts(
        &self,
        key: &BlobKey,
        upload: &PartsId,
        parts: &[StoredPart],
    ) -> Result<(), BlobError> {
        let part = |part: &StoredPart| Part {
            part_number: part.number,
            etag: part.tag.clone(),
        };
        let parts = parts.iter().map(part).collect();
        let finished = self
            .bucket
            .complete_multipart_upload(key.as_str(), upload.as_str(), parts);
        self.wait(finished).map(drop).map_err(errors::blob_error)
    }

    fn abort_parts(&self, key: &BlobKey, upload: &PartsId) -> Result<(), BlobError> {
        match self.wait(self.bucket.abort_upload(key.as_str(), upload.as_str())) {
            Ok(()) => Ok(()),
            Err(error) if is_missing_upload(&error, self.local) => Ok(()),
            Err(error) => Err(errors::blob_error(error)),
        }
    }

    fn read(&self, key: &BlobKey, start: u64, length: u32) -> Result<Option<Vec<u8>>, BlobError> {
        if length == 0 {
            return Ok(Some(Vec::new()));
        }
        // The last byte is part of what is asked for.
        let end = start.saturating_add(u64::from(length)).saturating_sub(1);
        match self.wait(self.bucket.get_object_range(key.as_str(), start, Some(end))) {
            Ok(found) => Ok(Some(found.into_bytes().into())),
            Err(error) if is_missing_blob(&error) => Ok(None),
            Err(error) => Err(errors::blob_error(error)),
        }
    }

    fn address(&self, key: &BlobKey, told: &Told, seconds: u32) -> Result<String, BlobError> {
        let queries = HashMap::from([
            (
                "response-content-type".to_owned(),
                told.content_type.clone(),
            ),
            (
                "response-content-disposition".to_owned(),
                told.disposition.clone(),
            ),
        ]);
        let address = self
            .public
            .presign_get(key.as_str(), seconds, Some(queries));
        self.wait(address).map_err(errors::blob_error)
    }

    fn delete(&self, key: &BlobKey) -> Result<(), BlobError> {
        match self.wait(self.bucket.delete_object(key.as_str())) {
            Ok(_) => Ok(()),
            Err(error) if is_missing_blob(&error) => Ok(()),
            Err(error) => Err(errors::blob_error(error)),
        }
    }

    fn probe(&self) -> Result<(), BlobError> {
        self.wait(self.bucket.head_object(""))
            .map(|_| ())
            .map_err(errors::blob_error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_this_machine_are_loopback() {
        for endpoint in [
            "http://127.0.0.1:9",
            "http://localhost:9",
            "https://[::1]:9",
        ] {
            assert!(is_loopback(endpoint), "{endpoint}");
        }
        for endpoint in [
            "https://s3.amazonaws.com",
            "http://10.0.0.1",
            "127.0.0.1",
            "localhost",
        ] {
            assert!(!is_loopback(endpoint), "{endpoint}");
        }
    }
}
