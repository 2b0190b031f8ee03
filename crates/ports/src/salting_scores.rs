//! SALTing scores in storage.

use unionhall_domain::{
    organizations::OrganizationId, salting_scores::SaltingScoreEntry, version::Version,
};

use crate::{
    pages::{Page, PageRequest},
    storage::StorageError,
};

/// How a history of scores is sorted: by its places alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SaltingScoreSort {
    /// The order in which they were set.
    #[default]
    Set,
}

/// How many entries of one organization a series has at most.
pub const SERIES: i64 = 50;

/// The SALTing scores of one tenant; an entry is never changed.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait SaltingScoreRepository {
    /// The newest entry of an employer, or of those that were merged into it, if there is any.
    ///
    /// # Errors
    /// [`StorageError`].
    fn newest(
        &mut self,
        organization: OrganizationId,
    ) -> Result<Option<SaltingScoreEntry>, StorageError>;

    /// The version of the newest entry that was written of this very organization, if there is any.
    ///
    /// # Errors
    /// [`StorageError`].
    fn last_version(
        &mut self,
        organization: OrganizationId,
    ) -> Result<Option<Version>, StorageError>;

    /// The entries of an employer, and of those that were merged into it, in the order in which they were set.
    ///
    /// # Errors
    /// [`StorageError`].
    fn history(
        &mut self,
        organization: OrganizationId,
        page: &PageRequest<SaltingScoreSort>,
    ) -> Result<Page<SaltingScoreEntry>, StorageError>;

    /// The last [`SERIES`] entries of each of these organizations, by organization, earliest first; those of what was
    /// merged into one are told as its own.
    ///
    /// # Errors
    /// [`StorageError`].
    fn series(
        &mut self,
        organizations: &[OrganizationId],
    ) -> Result<Vec<SaltingScoreEntry>, StorageError>;

    /// Adds an entry whose version is above that of the newest.
    ///
    /// # Errors
    /// [`StorageError::Stale`] when there is an entry with this version already.
    fn insert(&mut self, entry: &SaltingScoreEntry) -> Result<(), StorageError>;
}
