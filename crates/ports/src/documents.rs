//! Documents in storage.

use jiff::{Timestamp, civil::Date};
use unionhall_domain::{
    documents::{
        Category, Document, DocumentFile, DocumentId, FileKind, RecordRef, ScanState, Sha256, Tag,
    },
    tenants::TenantId,
};

use crate::{
    pages::{Page, PageRequest},
    storage::StorageError,
};

/// Which documents of a record are wanted; what is `None` does not matter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DocumentFilter {
    /// Of one of these categories: what somebody may see at all, or what they asked for.
    pub categories: Vec<Category>,
    /// With this tag.
    pub tag: Option<Tag>,
    /// Of this kind.
    pub kind: Option<FileKind>,
    /// With this content.
    pub sha256: Option<Sha256>,
    /// Whose name, title, description or tags hold these words, accents and case aside.
    pub search: Option<String>,
}

/// What a list of documents can be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DocumentSort {
    /// Time of entry.
    #[default]
    Created,
    /// Title, or the name of the file where there is none; accents and case aside.
    Title,
}

/// A file that waits to be scanned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnscannedFile {
    /// Whose it is.
    pub tenant: TenantId,
    /// Of which document.
    pub document: DocumentId,
    /// Which version.
    pub number: u32,
    /// Under which key it lies.
    pub key: String,
    /// How many bytes it has.
    pub bytes: u64,
}

/// The documents of one tenant.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait DocumentRepository {
    /// The document with this id, with its newest version, unless deleted.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find(&mut self, id: DocumentId) -> Result<Option<Document>, StorageError>;

    /// The document with this id, if it is deleted.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find_deleted(&mut self, id: DocumentId) -> Result<Option<Document>, StorageError>;

    /// The documents of a record that match and are not deleted, in a total order.
    ///
    /// # Errors
    /// [`StorageError`].
    fn list(
        &mut self,
        record: RecordRef,
        filter: &DocumentFilter,
        page: &PageRequest<DocumentSort>,
    ) -> Result<Page<Document>, StorageError>;

    /// Every version of a document, newest first.
    ///
    /// # Errors
    /// [`StorageError`].
    fn files(&mut self, id: DocumentId) -> Result<Vec<DocumentFile>, StorageError>;

    /// Up to 20 documents of the record, of these categories and not deleted, of which any version has this content,
    /// eldest first.
    ///
    /// # Errors
    /// [`StorageError`].
    fn same_content(
        &mut self,
        record: RecordRef,
        sha256: &Sha256,
        categories: &[Category],
    ) -> Result<Vec<DocumentId>, StorageError>;

    /// Adds a document with its first version.
    ///
    /// # Errors
    /// [`StorageError::Constraint`] when the record is not of this tenant.
    fn insert(&mut self, document: &Document) -> Result<(), StorageError>;

    /// Writes what is said of a document whose version is one above the stored one; its files stay.
    ///
    /// # Errors
    /// [`StorageError::Stale`] when the stored version is another.
    fn update(&mut self, document: &Document) -> Result<(), StorageError>;

    /// Adds the file of a document as its newest version. The document is updated first.
    ///
    /// # Errors
    /// [`StorageError::Constraint`] when there is a version of this number.
    fn add_file(&mut self, document: &Document) -> Result<(), StorageError>;

    /// Up to `limit` documents that were deleted before `before`, are not held and need not be kept on `day` or later,
    /// longest deleted first. Needs the worker's scope.
    ///
    /// # Errors
    /// [`StorageError`].
    fn deleted_before(
        &mut self,
        before: Timestamp,
        day: Date,
        limit: u16,
    ) -> Result<Vec<(TenantId, DocumentId)>, StorageError>;

    /// Removes a deleted document with all its versions.
    ///
    /// # Errors
    /// [`StorageError::Stale`] when its stored version is another, or it is not deleted;
    /// [`StorageError::Constraint`] with `documents_held` when it is held.
    fn purge(&mut self, document: &Document) -> Result<(), StorageError>;

    /// Up to `limit` files that wait to be scanned, longest first. Needs the worker's scope.
    ///
    /// # Errors
    /// [`StorageError`].
    fn unscanned(&mut self, limit: u16) -> Result<Vec<UnscannedFile>, StorageError>;

    /// Writes what the scanner said of a file that waited to be scanned.
    ///
    /// # Errors
    /// [`StorageError::Stale`] when it did not wait any more.
    fn scanned(
        &mut self,
        document: DocumentId,
        number: u32,
        state: ScanState,
        at: Timestamp,
    ) -> Result<(), StorageError>;
}
