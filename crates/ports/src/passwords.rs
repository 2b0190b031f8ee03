//! Passwords: never shown, never stored, slow to guess.

use std::fmt;

/// A password as somebody typed it: at most 1,024 bytes; printing it shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// Takes a password of at most 1,024 bytes.
    pub fn new(text: String) -> Option<Self> {
        (text.len() <= 1_024).then_some(Self(text))
    }

    /// The password itself, for hashing.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

/// A password's hash as it is stored; printing it shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// Takes a stored hash.
    pub const fn new(text: String) -> Self {
        Self(text)
    }

    /// The hash, for storing and comparing.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

/// Hashing failed: out of memory, or a cost outside its range.
#[derive(Debug, thiserror::Error)]
#[error("the password could not be hashed")]
pub struct HashError(#[source] pub Box<dyn std::error::Error + Send + Sync>);

/// Makes and checks hashes; both take long on purpose.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait PasswordHasher: Send + Sync {
    /// Hashes a password with a new salt; every byte of it counts.
    ///
    /// # Errors
    /// [`HashError`].
    fn hash(&self, password: &Password) -> Result<PasswordHash, HashError>;

    /// Whether the password is the hash's. Without a hash the answer is `false`, after the same time.
    fn verify(&self, password: &Password, hash: Option<PasswordHash>) -> bool;
}
