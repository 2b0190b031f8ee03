//! What the adapter has to be told about the object store.

use std::{fmt, time::Duration};

/// Where the store is and how to be let in.
#[derive(Clone, Debug)]
pub struct S3Config {
    /// The store's address with its scheme, such as `https://s3.eu-central-1.amazonaws.com`.
    pub endpoint: String,
    /// The address under which browsers reach the store, where it is another one: addresses that are given out lead
    /// there.
    pub public_endpoint: Option<String>,
    /// The region that requests are signed for, such as `eu-central-1`.
    pub region: String,
    /// The bucket that holds all blobs.
    pub bucket: String,
    /// The public half of the credentials.
    pub access_key: String,
    /// The secret half.
    pub secret_key: SecretKey,
    /// Whether the bucket is named in the path and not in the host: most stores other than
    /// Amazon's want it so.
    pub path_style: bool,
    /// How long one call may take altogether.
    pub timeout: Duration,
}

/// A secret key, which never shows itself in a log.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretKey(String);

impl SecretKey {
    /// Takes the key as it is.
    pub fn new(key: impl Into<String>) -> Self {
        Self(key.into())
    }

    /// The key itself, for the one who signs with it.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("SecretKey(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_debug_form_of_a_secret_key_masks_it() {
        assert_eq!(format!("{:?}", SecretKey::new("hunter2")), "SecretKey(***)");
    }
}
