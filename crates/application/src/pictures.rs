//! Pictures: the tenant's logo and people's own, in the object store.
//!
//! A new file is announced as one that nothing refers to, then stored, and then taken up in the transaction that
//! refers to it; the old one is released in the same transaction. What is left over, after a crash too, is removed by
//! [`Pictures::sweep`]: nothing is removed that is referred to, and nothing stays that is not.

use std::sync::Arc;

use jiff::SignedDuration;
use unionhall_domain::{
    audit::{AuditAction, FieldChange, Target},
    invalid::{FieldError, Invalid},
    tenants::Slug,
    users::UserId,
};
pub use unionhall_ports::{
    blobs::Blob,
    pictures::{Picture, PictureFormat, PictureReader, StoredPicture},
};
use unionhall_ports::{
    blobs::{BlobError, BlobKey, BlobStore},
    pictures::{PictureOwner, PictureProblem, UnkeptFile},
    storage::StorageError,
    unit_of_work::Scope,
};
use uuid::Uuid;

use crate::{
    call::Call,
    core::{Change, Core},
    error::{CallError, Code, Coded},
    permissions::Permission,
};

/// How long a file may be stored before something refers to it.
const ANNOUNCED: SignedDuration = SignedDuration::from_hours(1);
/// How many files are removed at once.
const SWEPT: u16 = 100;
/// How often the store may be out of reach before the other files wait for the next time.
const OUT_OF_REACH: u8 = 3;

/// What can go wrong with pictures.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// There is none.
    #[error("there is no such picture")]
    NotFound,
    /// It cannot be used as a picture.
    #[error("the body cannot be used as a picture")]
    Unusable(Vec<FieldError>),
    /// What any call can meet.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl From<StorageError> for PictureError {
    fn from(error: StorageError) -> Self {
        Self::Call(error.into())
    }
}

impl From<BlobError> for PictureError {
    fn from(error: BlobError) -> Self {
        Self::Call(match error {
            BlobError::Unavailable(source) => CallError::Unavailable(source),
            error @ (BlobError::Refused(_) | BlobError::Failed(_)) => {
                CallError::Internal(Box::new(error))
            }
        })
    }
}

impl From<PictureProblem> for PictureError {
    fn from(problem: PictureProblem) -> Self {
        let invalid = match problem {
            PictureProblem::Unreadable => Invalid::new(
                "not_a_picture",
                "is no picture of the type it is said to be",
            ),
            PictureProblem::TooManyPixels => Invalid::new(
                "too_many_pixels",
                "has more than 64 million pixels, or a side of more than 12000",
            ),
        };
        Self::Unusable(vec![invalid.at("")])
    }
}

impl Coded for PictureError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::NotFound,
            Self::Unusable(_) => Code::InvalidFields,
            Self::Call(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldError] {
        match self {
            Self::Unusable(fields) => fields,
            Self::NotFound | Self::Call(_) => &[],
        }
    }

    fn replay(&self) -> Option<&unionhall_ports::idempotency::StoredAnswer> {
        match self {
            Self::Call(error) => error.replay(),
            Self::NotFound | Self::Unusable(_) => None,
        }
    }
}

/// A picture that one may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// The tenant's: its logo.
    Tenants,
    /// One's own.
    Own,
}

/// The use cases of pictures.
#[derive(Clone)]
pub struct Pictures {
    core: Arc<Core>,
    blobs: Arc<dyn BlobStore>,
}

impl Pictures {
    /// Over these ports.
    pub fn new(core: Arc<Core>, blobs: Arc<dyn BlobStore>) -> Self {
        Self { core, blobs }
    }

    /// Puts a picture in the place of the one that was there. The logo counts into the storage that the tenant uses.
    ///
    /// # Errors
    /// [`PictureError`]; then the one that was there stays.
    pub fn put(
        &self,
        call: &Call,
        whose: Whose,
        picture: &Picture,
    ) -> Result<StoredPicture, PictureError> {
        let owner = changing(call, whose)?;
        let after = StoredPicture {
            key: key(call, owner, self.core.clock.new_id())?,
            format: picture.format,
            bytes: u64::try_from(picture.bytes.len()).unwrap_or(u64::MAX),
        };
        if !call.dry_run {
            self.store(call, &after, picture)?;
        }
        self.change(call, whose, |change| {
            replace(change, owner, Some(&after))?;
            if !call.dry_run {
                change.tx.pictures().keep(&after.key)?;
            }
            Ok(after)
        })
    }

    /// Takes the picture away; taking away what is not there changes nothing.
    ///
    /// # Errors
    /// [`PictureError`].
    pub fn remove(&self, call: &Call, whose: Whose) -> Result<(), PictureError> {
        let owner = changing(call, whose)?;
        self.change(call, whose, |change| replace(change, owner, None))
    }

    /// The picture of the tenant or one's own.
    ///
    /// # Errors
    /// [`PictureError`].
    pub fn find(&self, call: &Call, whose: Whose) -> Result<Blob, PictureError> {
        let owner = match whose {
            Whose::Tenants => PictureOwner::Tenant,
            Whose::Own => PictureOwner::User(own(call)?),
        };
        self.shown(call, owner)
    }

    /// The picture of a colleague.
    ///
    /// # Errors
    /// [`PictureError::NotFound`] also for people of other tenants.
    pub fn find_colleagues(&self, call: &Call, user: UserId) -> Result<Blob, PictureError> {
        call.actor.require(Permission::ColleaguesRead)?;
        self.shown(call, PictureOwner::User(user))
    }

    /// The logo that everybody may see.
    ///
    /// # Errors
    /// [`PictureError::NotFound`], also for what is no slug.
    pub fn find_logo(&self, slug: &str) -> Result<Blob, PictureError> {
        let slug = Slug::parse(slug).map_err(|_| PictureError::NotFound)?;
        let found = self.core.unit_of_work.read(Scope::Identity, |tx| {
            Ok::<_, PictureError>(tx.pictures().find_logo(&slug)?)
        })?;
        self.stored(found)
    }

    /// Removes files that nothing refers to, and tells how many. One that cannot be removed does not keep the others.
    ///
    /// # Errors
    /// The last [`PictureError`]; what was not removed is tried again.
    pub fn sweep(&self) -> Result<usize, PictureError> {
        let now = self.core.clock.now();
        let storage = &self.core.unit_of_work;
        let due = storage.read(Scope::Worker, |tx| {
            Ok::<_, PictureError>(tx.pictures().due(now, SWEPT)?)
        })?;
        let (mut failed, mut tries) = (None, OUT_OF_REACH);
        for file in &due {
            let Err(error) = self.sweep_one(file) else {
                continue;
            };
            if error.code() == Code::Unavailable {
                tries = tries.saturating_sub(1);
            }
            failed = Some(error);
            if tries == 0 {
                break;
            }
        }
        failed.map_or(Ok(due.len()), Err)
    }

    fn sweep_one(&self, UnkeptFile { key, upload }: &UnkeptFile) -> Result<(), PictureError> {
        if let Some(upload) = upload {
            self.blobs.abort_parts(key, upload)?;
        }
        self.blobs.delete(key)?;
        let storage = &self.core.unit_of_work;
        storage.transaction(Scope::Worker, |tx| {
            Ok::<_, PictureError>(tx.pictures().removed(key)?)
        })
    }

    /// Stores a new file, announced so that it is not left for good if nothing comes to refer to it.
    fn store(
        &self,
        call: &Call,
        stored: &StoredPicture,
        picture: &Picture,
    ) -> Result<(), PictureError> {
        let due = self.core.clock.now().saturating_add(ANNOUNCED);
        let due = due.map_err(|error| CallError::Internal(error.into()))?;
        let scope = Scope::Tenant(call.actor.tenant_id());
        self.core.unit_of_work.transaction(scope, |tx| {
            Ok::<_, PictureError>(tx.pictures().release(&stored.key, due)?)
        })?;
        let media_type = stored.format.media_type();
        Ok(self.blobs.put(&stored.key, &picture.bytes, media_type)?)
    }

    /// A logo is the tenant's to change; one's own picture can be changed also where the tenant may change nothing.
    fn change<T: 'static>(
        &self,
        call: &Call,
        whose: Whose,
        work: impl FnOnce(&mut Change<'_>) -> Result<T, PictureError>,
    ) -> Result<T, PictureError> {
        match whose {
            Whose::Tenants => self.core.change(call, work),
            Whose::Own => self.core.change_own(call, work),
        }
    }

    fn shown(&self, call: &Call, owner: PictureOwner) -> Result<Blob, PictureError> {
        let found = self
            .core
            .read(call, |tx| Ok::<_, PictureError>(tx.pictures().find(owner)?))?;
        self.stored(found)
    }

    fn stored(&self, found: Option<StoredPicture>) -> Result<Blob, PictureError> {
        let found = found.ok_or(PictureError::NotFound)?;
        self.blobs.find(&found.key)?.ok_or(PictureError::NotFound)
    }
}

/// Whose picture it is, if the caller may change it.
fn changing(call: &Call, whose: Whose) -> Result<PictureOwner, PictureError> {
    match whose {
        Whose::Tenants => {
            call.actor.require(Permission::TenantManage)?;
            Ok(PictureOwner::Tenant)
        }
        Whose::Own => Ok(PictureOwner::User(own(call)?)),
    }
}

fn own(call: &Call) -> Result<UserId, PictureError> {
    call.actor.user_id().ok_or(PictureError::NotFound)
}

/// A key that no other file has or had.
fn key(call: &Call, owner: PictureOwner, id: Uuid) -> Result<BlobKey, PictureError> {
    let text = match owner {
        PictureOwner::Tenant => format!("tenants/{}/logos/{id}", call.actor.tenant_id()),
        PictureOwner::User(user) => format!("users/{user}/pictures/{id}"),
    };
    let key = BlobKey::parse(text).map_err(|error| CallError::Internal(Box::new(error)))?;
    Ok(key)
}

/// Puts a picture or none in the place of the one that is there, whose file is released.
fn replace(
    change: &mut Change<'_>,
    owner: PictureOwner,
    after: Option<&StoredPicture>,
) -> Result<(), PictureError> {
    let before = change.tx.pictures().find(owner)?;
    if before.is_none() && after.is_none() {
        change.leave_unchanged();
        return Ok(());
    }
    let size = |picture: Option<&StoredPicture>| picture.map_or(0, |picture| picture.bytes);
    let (field, target, id) = match owner {
        PictureOwner::Tenant => {
            change.reserve_storage(size(after), size(before.as_ref()))?;
            let id = change.call.actor.tenant_id().uuid();
            ("logo", Target::Tenant, id)
        }
        PictureOwner::User(user) => ("picture", Target::User, user.uuid()),
    };
    let now = change.now;
    let pictures = change.tx.pictures();
    pictures.replace(owner, before.as_ref(), after, now)?;
    if let Some(before) = &before {
        pictures.release(&before.key, now)?;
    }
    let changed = FieldChange {
        field,
        before: before.as_ref().map(told),
        after: after.map(told),
    };
    change.record(AuditAction::Updated, target, id, vec![changed], Vec::new());
    Ok(())
}

/// A picture as the audit trail tells it.
fn told(picture: &StoredPicture) -> String {
    format!("{}, {} bytes", picture.format.media_type(), picture.bytes)
}

#[cfg(test)]
mod tests;
