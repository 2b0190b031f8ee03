//! Passwords: never shown, never stored, slow to guess.

use std::fmt;

use unionhall_domain::passwords::normalized;

/// A password as somebody typed it, in Unicode's NFC: at most 1,024 bytes; printing it shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl Password {
    /// Takes a password of at most 1,024 bytes. However the keyboard wrote an accent, it is the same password.
    pub fn new(text: String) -> Option<Self> {
        let text = if text.len() <= 1_024 {
            normalized(&text)
        } else {
            return None;
        };
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

/// Passwords that are guessed first, because many people chose them or a breach made them known.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait CommonPasswords: Send + Sync {
    /// Whether a password is on the list, in the form that `unionhall_domain::passwords::folded` gives it.
    fn contains(&self, folded: &str) -> bool;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_the_same_however_its_accents_were_typed() {
        let composed = Password::new("caf\u{e9} au lait du matin".to_owned());
        let decomposed = Password::new("cafe\u{301} au lait du matin".to_owned());
        assert!(composed == decomposed && composed.is_some());
    }

    #[test]
    fn more_than_1024_bytes_are_no_password() {
        assert!(Password::new("x".repeat(1_024)).is_some());
        assert!(Password::new("x".repeat(1_025)).is_none());
        // Some letters need more bytes in the normal form than as they were typed.
        assert!(Password::new("\u{1d15e}".repeat(256)).is_none());
    }

    #[test]
    fn nothing_shows_a_password_or_its_hash() {
        let password = Password::new("solidarity".to_owned());
        let hash = PasswordHash::new("$2b$12$x".to_owned());
        let shown = format!("{password:?} {hash:?}");
        assert_eq!(shown, "Some(Password(…)) PasswordHash(…)");
    }
}
