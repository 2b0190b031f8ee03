//! What can go wrong with storage, as the application sees it.

use std::error::Error;

/// A failure of storage.
#[derive(Debug, thiserror::Error)]
pub enum StorageError {
    /// A constraint of the database refused the write; its name tells which rule.
    #[error("the constraint {name} refused the write")]
    Constraint {
        /// The constraint's name.
        name: String,
    },
    /// Somebody else changed the record since it was read.
    #[error("the record was changed by somebody else")]
    Stale,
    /// Storage cannot be reached, or is too busy, at present; trying later may help.
    #[error("storage is not available")]
    Unavailable(#[source] Box<dyn Error + Send + Sync>),
    /// Anything else: a bug, or a row that no longer makes sense.
    #[error("storage failed")]
    Failed(#[source] Box<dyn Error + Send + Sync>),
}
