//! Secrets that must be read again, kept so that a copy of the database alone does not give them away.

use std::fmt;

/// A secret as it is stored: worth nothing without the installation's key; printing it shows the key's name alone.
#[derive(Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The name of the key it was sealed with.
    pub key: String,
    /// The sealed bytes.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealed")
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

/// A secret can be neither sealed nor opened.
#[derive(Debug, thiserror::Error)]
pub enum SealError {
    /// The key it was sealed with is not configured (any more).
    #[error("the key {0}, with which a secret was sealed, is not configured")]
    UnknownKey(String),
    /// It was sealed for something else, or changed since, or the key of that name is another one.
    #[error("a sealed secret does not open")]
    Damaged,
    /// The system has no random bytes to give, or the library refused.
    #[error("a secret could not be sealed")]
    Failed,
}

/// Seals secrets with the installation's present key, and opens what any of its keys has sealed.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Sealer: Send + Sync {
    /// Seals a secret. What is sealed for one `context` does not open for another, so that a row's secret is
    /// worth nothing in another row.
    ///
    /// # Errors
    /// [`SealError::Failed`].
    fn seal(&self, context: &str, secret: &[u8]) -> Result<Sealed, SealError>;

    /// Opens what was sealed for this `context`.
    ///
    /// # Errors
    /// [`SealError::UnknownKey`] when its key is not configured, [`SealError::Damaged`] when it does not open.
    fn open(&self, context: &str, sealed: &Sealed) -> Result<Vec<u8>, SealError>;

    /// Whether a secret was sealed with the present key; one that was not should be sealed anew.
    fn is_current(&self, sealed: &Sealed) -> bool;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_secret_prints_the_name_of_its_key_alone() {
        let sealed = Sealed {
            key: "2026".to_owned(),
            bytes: vec![7; 3],
        };
        assert_eq!(format!("{sealed:?}"), r#"Sealed { key: "2026", .. }"#);
    }
}
