//! Time and chance, as parameters.

use jiff::Timestamp;

/// The time, and the ids and secrets made from it.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> Timestamp;
    /// A new UUID of version 7 (RFC 9562): later ones sort after earlier ones.
    fn new_id(&self) -> uuid::Uuid;
    /// 32 bytes that nobody can guess, for tokens.
    fn secret(&self) -> [u8; 32];
}
