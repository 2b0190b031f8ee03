//! Signatures of the installation: what it has given out is told from what others made up, without asking storage.

/// There is no key to sign with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no signing key")]
pub struct NoKey;

/// Makes and checks signatures that nobody makes without a key of the installation.
///
/// A message begins with words that say what it is about, so that no signature is good for anything else.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Signatures: Send + Sync {
    /// The signature of a message under the newest key.
    ///
    /// # Errors
    /// [`NoKey`] where there is none, as at the command line of an installation that serves elsewhere.
    fn sign(&self, message: &[u8]) -> Result<[u8; 32], NoKey>;

    /// Whether a signature is the message's under any of the keys; how long the answer takes tells nothing of it.
    fn verify(&self, message: &[u8], signature: &[u8; 32]) -> bool;
}
