//! The log of how the union represented somebody, in storage: added to, and never changed.

use unionhall_domain::{
    grievances::GrievanceId,
    representation_log::{LogEntry, LogEntryId, LogEntryKind},
};

use crate::{
    pages::{Page, PageRequest},
    storage::StorageError,
};

/// What a list of entries can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogSort {
    /// When they were written down.
    #[default]
    Recorded,
}

/// The log of one tenant.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait RepresentationLog {
    /// The entry of this grievance with this id.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find(
        &mut self,
        grievance: GrievanceId,
        id: LogEntryId,
    ) -> Result<Option<LogEntry>, StorageError>;

    /// The entries of a grievance, of one kind or of both, in a total order.
    ///
    /// # Errors
    /// [`StorageError`].
    fn list(
        &mut self,
        grievance: GrievanceId,
        kind: Option<LogEntryKind>,
        page: &PageRequest<LogSort>,
    ) -> Result<Page<LogEntry>, StorageError>;

    /// Adds an entry.
    ///
    /// # Errors
    /// [`StorageError`].
    fn insert(&mut self, entry: &LogEntry) -> Result<(), StorageError>;
}
