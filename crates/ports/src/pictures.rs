//! Pictures: how they are read, and where it is kept which one is whose.

use std::fmt;

use jiff::Timestamp;
use unionhall_domain::{invalid::Invalid, tenants::Slug, users::UserId};

use crate::{
    blobs::{BlobKey, PartsId},
    storage::StorageError,
};

/// The formats of pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PictureFormat {
    /// JPEG (ISO/IEC 10918).
    Jpeg,
    /// PNG (ISO/IEC 15948).
    Png,
    /// WebP (RFC 9649).
    Webp,
}

impl PictureFormat {
    /// Every format.
    pub const ALL: [Self; 3] = [Self::Jpeg, Self::Png, Self::Webp];

    /// Its media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
        }
    }

    /// The format with this media type.
    ///
    /// # Errors
    /// `not_a_picture_type`.
    pub fn parse(media_type: &str) -> Result<Self, Invalid> {
        let mut formats = Self::ALL.into_iter();
        formats
            .find(|format| format.media_type() == media_type)
            .ok_or_else(|| Invalid::new("not_a_picture_type", "must be JPEG, PNG or WebP"))
    }
}

/// A picture that was made anew.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// The file.
    pub bytes: Vec<u8>,
    /// Its format.
    pub format: PictureFormat,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
}

impl fmt::Debug for Picture {
    /// Shows the size instead of the file: pictures are personal data and do not reach logs.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Picture")
            .field("bytes", &self.bytes.len())
            .field("format", &self.format)
            .finish_non_exhaustive()
    }
}

/// What is wrong with a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureProblem {
    /// It is no picture of the format that it is said to be.
    Unreadable,
    /// It has more pixels than are read.
    TooManyPixels,
}

/// Makes pictures anew.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait PictureReader: Send + Sync {
    /// Reads a picture and makes a new one of bounded size, as it is to be looked at: turned upright, and without
    /// anything that was in the file beside the picture. Takes a bounded amount of memory, whatever the file says,
    /// and up to a second of a processor.
    ///
    /// # Errors
    /// [`PictureProblem`].
    fn read(&self, bytes: &[u8], format: PictureFormat) -> Result<Picture, PictureProblem>;

    /// The same, with no side longer than so many pixels.
    ///
    /// # Errors
    /// [`PictureProblem`].
    fn shrink(
        &self,
        bytes: &[u8],
        format: PictureFormat,
        longest: u32,
    ) -> Result<Picture, PictureProblem>;
}

/// Whose picture it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PictureOwner {
    /// The scope's tenant: its logo.
    Tenant,
    /// A person who has a place in the scope's tenant and may sign in.
    User(UserId),
}

/// Where a picture lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredPicture {
    /// Under which key.
    pub key: BlobKey,
    /// Its format.
    pub format: PictureFormat,
    /// How many bytes it takes.
    pub bytes: u64,
}

/// A file that nothing refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnkeptFile {
    /// Under which key it lies, or would lie.
    pub key: BlobKey,
    /// The upload in parts that it was to come from, if any.
    pub upload: Option<PartsId>,
}

/// Which picture is whose, and the files that nothing refers to. Works in a tenant's scope except where a method says
/// otherwise.
#[cfg_attr(feature = "mock", mockall::automock)]
pub trait PictureRepository {
    /// The picture of an owner.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find(&mut self, owner: PictureOwner) -> Result<Option<StoredPicture>, StorageError>;

    /// The logo of the tenant with this slug, unless it is canceled. Needs the identity scope.
    ///
    /// # Errors
    /// [`StorageError`].
    fn find_logo(&mut self, slug: &Slug) -> Result<Option<StoredPicture>, StorageError>;

    /// Puts a picture, or none, in the place of the one that was there.
    ///
    /// # Errors
    /// [`StorageError::Stale`] when another one is there than `before`.
    fn replace<'a>(
        &mut self,
        owner: PictureOwner,
        before: Option<&'a StoredPicture>,
        after: Option<&'a StoredPicture>,
        at: Timestamp,
    ) -> Result<(), StorageError>;

    /// Enters a file that nothing refers to (yet), to be removed from then on.
    ///
    /// # Errors
    /// [`StorageError`].
    fn release(&mut self, key: &BlobKey, due_at: Timestamp) -> Result<(), StorageError>;

    /// Strikes off a file that is referred to from now on.
    ///
    /// # Errors
    /// [`StorageError::Stale`] when it was not entered, or is removed already.
    fn keep(&mut self, key: &BlobKey) -> Result<(), StorageError>;

    /// Notes that a file that nothing refers to is being sent to the store in parts, as this upload.
    ///
    /// # Errors
    /// [`StorageError::Stale`] when it was not entered, or is removed already.
    fn begun(&mut self, key: &BlobKey, upload: &PartsId) -> Result<(), StorageError>;

    /// Up to `limit` files that are due to be removed at `now`. Needs the worker's scope.
    ///
    /// # Errors
    /// [`StorageError`].
    fn due(&mut self, now: Timestamp, limit: u16) -> Result<Vec<UnkeptFile>, StorageError>;

    /// Strikes off a file that was removed. Needs the worker's scope.
    ///
    /// # Errors
    /// [`StorageError`].
    fn removed(&mut self, key: &BlobKey) -> Result<(), StorageError>;
}
