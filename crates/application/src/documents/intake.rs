//! Taking files in: piece by piece, with their size and digest counted on the way, never whole in memory.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256 as Hasher};
use unionhall_domain::{
    audit::{AuditAction, created},
    documents::{
        Category, Document, DocumentFile, DocumentId, FileKind, FileName, HEAD, MOST_VERSIONS,
        Place, RecordRef, ScanState, Sha256,
    },
    ids::Id,
    invalid::Invalid,
    tenants::TenantId,
    version::Version,
};
use unionhall_ports::{
    blobs::{BlobKey, BlobStore, PartsId, StoredPart},
    unit_of_work::{Repositories, Scope},
};

use super::{
    DocumentError, Documents, Doing, Kept, NewDocument,
    access::{self, Seen},
    record, write,
};
use crate::{
    call::Call,
    core::{Change, Core},
    error::{CallError, Resource},
};

/// How long a file may be on its way before something refers to it.
const ANNOUNCED: SignedDuration = SignedDuration::from_hours(24);

/// A file that is on its way into the store.
pub struct Intake {
    core: Arc<Core>,
    blobs: Arc<dyn BlobStore>,
    tenant: TenantId,
    received: Received,
    limit: u64,
    rehearsed: bool,
    hasher: Hasher,
    head: Vec<u8>,
    upload: Option<PartsId>,
    parts: Vec<StoredPart>,
}

/// A file that is in the store, and that nothing refers to yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    key: BlobKey,
    name: FileName,
    kind: FileKind,
    bytes: u64,
    /// Its digest.
    pub sha256: Sha256,
}

impl Documents {
    /// Prepares to take in the first file of a document. A rehearsed one is looked at like any other, and not stored.
    ///
    /// # Errors
    /// [`DocumentError`]: also when the name ends otherwise than files may, or the declared type is another.
    pub fn begin(
        &self,
        call: &Call,
        new: &NewDocument,
        (name, declared): (&str, &str),
        rehearsed: bool,
    ) -> Result<Intake, DocumentError> {
        let reach = access::reach(&call.actor, new.record.kind(), Doing::Add)?;
        let day = call.actor.today(self.core.clock.now());
        let (owner, category) = self.core.snapshot(call, |tx| {
            let seen = access::visible(tx, &call.actor, new.record, &reach, day)?;
            let category = category(call, new, &seen)?;
            Ok::<_, DocumentError>((seen.owner, category))
        })?;
        let (name, kind) = named(name, declared)?;
        let place = Place {
            tenant: call.actor.tenant_id(),
            record: new.record.kind(),
            owner: &owner,
            category,
            day,
            id: self.core.clock.new_id(),
            name: &name,
            kind,
        };
        let key = place.key();
        self.announced(call, key, (name, kind), rehearsed)
    }

    /// Prepares to take in another version of a document.
    ///
    /// # Errors
    /// [`DocumentError`], as for [`begin`](Self::begin).
    pub fn begin_version(
        &self,
        call: &Call,
        id: DocumentId,
        (name, declared): (&str, &str),
        rehearsed: bool,
    ) -> Result<Intake, DocumentError> {
        access::any(&call.actor, Doing::Change)?;
        let day = call.actor.today(self.core.clock.now());
        let (document, owner) = self.core.snapshot(call, |tx| {
            let document = self.shown(tx, call, id, Doing::Change)?;
            let reach = access::reach(&call.actor, document.record.kind(), Doing::Change)?;
            let seen = access::visible(tx, &call.actor, document.record, &reach, day)?;
            next_number(&document)?;
            Ok::<_, DocumentError>((document, seen.owner))
        })?;
        let (name, kind) = named(name, declared)?;
        let place = Place {
            tenant: call.actor.tenant_id(),
            record: document.record.kind(),
            owner: &owner,
            category: document.category,
            day,
            id: self.core.clock.new_id(),
            name: &name,
            kind,
        };
        let key = place.key();
        self.announced(call, key, (name, kind), rehearsed)
    }

    fn announced(
        &self,
        call: &Call,
        key: String,
        (name, kind): (FileName, FileKind),
        rehearsed: bool,
    ) -> Result<Intake, DocumentError> {
        let internal = |error: unionhall_ports::blobs::InvalidBlobKey| {
            DocumentError::Call(CallError::Internal(Box::new(error)))
        };
        let key = BlobKey::parse(key).map_err(internal)?;
        let tenant = call.actor.tenant_id();
        let due = self.core.clock.now().saturating_add(ANNOUNCED);
        let due = due.map_err(|error| CallError::Internal(error.into()))?;
        if !rehearsed {
            call.actor.require_writable(self.core.clock.now())?;
            let storage = &self.core.unit_of_work;
            storage.transaction(Scope::Tenant(tenant), |tx| {
                has_room(tx, call, self.core.clock.now())?;
                Ok::<_, DocumentError>(tx.pictures().release(&key, due)?)
            })?;
        }
        Ok(Intake {
            core: Arc::clone(&self.core),
            blobs: Arc::clone(&self.blobs),
            tenant,
            received: Received {
                key,
                name,
                kind,
                bytes: 0,
                sha256: Sha256([0; 32]),
            },
            limit: self.policy.largest,
            rehearsed,
            hasher: Hasher::new(),
            head: Vec::new(),
            upload: None,
            parts: Vec::new(),
        })
    }

    /// Makes a document of a file that was taken in.
    ///
    /// # Errors
    /// [`DocumentError`]; [`CallError::LimitReached`] when the tenant has no room for it. Then the file is removed later.
    pub fn create(
        &self,
        call: &Call,
        new: NewDocument,
        received: Received,
    ) -> Result<Kept, DocumentError> {
        let reach = access::reach(&call.actor, new.record.kind(), Doing::Add)?;
        self.core.change(call, |change| {
            let day = change.today();
            let seen = access::visible(change.tx, &call.actor, new.record, &reach, day)?;
            let category = category(call, &new, &seen)?;
            let document = Document {
                id: Id::new(change.new_id()),
                record: new.record,
                category,
                details: new.details,
                hold: None,
                file: file(change, &received, 1),
                version: Version::FIRST,
                created_at: change.now,
                updated_at: change.now,
                deleted_at: None,
            };
            let same = same(change, new.record, &seen, &received)?;
            change.reserve_storage(received.bytes, 0)?;
            change.tx.documents().insert(&document)?;
            keep(change, &received)?;
            let fields = created(document.fields());
            record(change, AuditAction::Created, &document, fields);
            Ok(Kept { document, same })
        })
    }

    /// Makes a file that was taken in the newest version of a document; the others are kept.
    ///
    /// # Errors
    /// [`DocumentError`], as for [`create`](Self::create).
    pub fn add_version(
        &self,
        call: &Call,
        id: DocumentId,
        received: Received,
    ) -> Result<Kept, DocumentError> {
        access::any(&call.actor, Doing::Change)?;
        self.core.change(call, |change| {
            let before = self.present(change, id)?;
            let number = next_number(&before)?;
            let record = before.record;
            let reach = access::reach(&call.actor, record.kind(), Doing::Change)?;
            let day = change.today();
            let seen = access::visible(change.tx, &call.actor, record, &reach, day)?;
            let same = same(change, record, &seen, &received)?;
            let same = same.into_iter().filter(|other| *other != id).collect();
            change.reserve_storage(received.bytes, 0)?;
            let after = Document {
                file: file(change, &received, number),
                ..before.clone()
            };
            let document = write(change, AuditAction::Updated, &before, after)?;
            change.tx.documents().add_file(&document)?;
            keep(change, &received)?;
            Ok(Kept { document, same })
        })
    }
}

impl Intake {
    /// Takes a part of the file, of [`LEAST_PART`](super::LEAST_PART) bytes or more, with another one to follow.
    ///
    /// # Errors
    /// [`DocumentError`]; then nothing of the file is left, or it is removed later.
    pub fn part(mut self, bytes: Vec<u8>) -> Result<Self, DocumentError> {
        match self.take_part(bytes) {
            Ok(()) => Ok(self),
            Err(error) => Err(self.given_up(error)),
        }
    }

    /// Takes the last part of the file, or all of it.
    ///
    /// # Errors
    /// [`DocumentError`]: also when it is empty, too large or not what it is called.
    pub fn finish(mut self, bytes: Vec<u8>) -> Result<Received, DocumentError> {
        match self.take_last(bytes) {
            Ok(()) => Ok(self.received),
            Err(error) => Err(self.given_up(error)),
        }
    }

    /// Forgets the parts that were taken.
    pub fn give_up(self) {
        if let Some(upload) = &self.upload
            && let Err(error) = self.blobs.abort_parts(&self.received.key, upload)
        {
            tracing::warn!(%error, "the parts of an upload are removed later");
        }
    }

    fn given_up(self, error: DocumentError) -> DocumentError {
        self.give_up();
        error
    }

    /// Counts bytes, and looks at the first of them.
    fn count(&mut self, bytes: &[u8], last: bool) -> Result<(), DocumentError> {
        let more = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.received.bytes = self.received.bytes.saturating_add(more);
        if self.received.bytes > self.limit {
            return Err(DocumentError::TooLarge { limit: self.limit });
        }
        self.hasher.update(bytes);
        let missing = HEAD.saturating_sub(self.head.len());
        self.head.extend(bytes.iter().take(missing));
        if self.head.is_empty() {
            return Err(DocumentError::wrong("file", "empty_file", "is empty"));
        }
        if (self.head.len() == HEAD || last) && !self.received.kind.fits(&self.head) {
            let extension = self.received.kind.extension();
            let detail = format!("is no file of the kind that .{extension} stands for");
            return Err(DocumentError::wrong(
                "file",
                "not_what_it_is_called",
                detail,
            ));
        }
        Ok(())
    }

    fn take_part(&mut self, bytes: Vec<u8>) -> Result<(), DocumentError> {
        self.count(&bytes, false)?;
        if self.rehearsed {
            return Ok(());
        }
        let upload = match self.upload.take() {
            Some(upload) => upload,
            None => self.begun()?,
        };
        let number = u32::try_from(self.parts.len()).unwrap_or(u32::MAX);
        let number = number.saturating_add(1);
        let part = self
            .blobs
            .put_part(&self.received.key, &upload, number, bytes);
        self.upload = Some(upload);
        self.parts.push(part?);
        Ok(())
    }

    /// Begins an upload in parts, and notes it, so that its parts are removed also after a crash.
    fn begun(&self) -> Result<PartsId, DocumentError> {
        let key = &self.received.key;
        let media_type = self.received.kind.media_type();
        let upload = self.blobs.begin_parts(key, media_type)?;
        let storage = &self.core.unit_of_work;
        storage.transaction(Scope::Tenant(self.tenant), |tx| {
            Ok::<_, DocumentError>(tx.pictures().begun(key, &upload)?)
        })?;
        Ok(upload)
    }

    fn take_last(&mut self, bytes: Vec<u8>) -> Result<(), DocumentError> {
        let in_parts = self.upload.is_some();
        if in_parts && !bytes.is_empty() {
            self.take_part(bytes)?;
        } else if !in_parts {
            self.count(&bytes, true)?;
            if !self.rehearsed {
                let media_type = self.received.kind.media_type();
                self.blobs.put(&self.received.key, &bytes, media_type)?;
            }
        }
        if let Some(upload) = &self.upload {
            self.blobs
                .finish_parts(&self.received.key, upload, &self.parts)?;
        }
        let digest = std::mem::take(&mut self.hasher).finalize();
        self.received.sha256 = Sha256(digest.into());
        Ok(())
    }
}

/// Goes on unless the tenant's storage is full: how large the file will be is not known yet.
fn has_room(tx: &mut dyn Repositories, call: &Call, now: Timestamp) -> Result<(), DocumentError> {
    let Some(limit) = call.actor.tenant().plan.max_storage_bytes else {
        return Ok(());
    };
    if tx.tenants().statistics(now)?.used_storage_bytes < limit {
        return Ok(());
    }
    let resource = Resource::StorageBytes;
    Err(CallError::LimitReached { resource, limit }.into())
}

/// The number of the next version of a document.
fn next_number(document: &Document) -> Result<u32, DocumentError> {
    let number = document.file.number.saturating_add(1);
    if number <= MOST_VERSIONS {
        return Ok(number);
    }
    let detail = format!("has {MOST_VERSIONS} versions; add it as another document");
    Err(DocumentError::wrong("file", "too_many_versions", detail))
}

/// The category of a new document, out of those that the caller may add to.
fn category(call: &Call, new: &NewDocument, seen: &Seen) -> Result<Category, DocumentError> {
    let may = seen.categories(&call.actor, new.record.kind(), Doing::Add);
    Category::parse(&new.category, &may)
        .map_err(|invalid| DocumentError::Invalid(vec![invalid.at("category")]))
}

/// The name and kind of a file, if they go with what it is said to be.
fn named(name: &str, declared: &str) -> Result<(FileName, FileKind), DocumentError> {
    let wrong = |invalid: Invalid| DocumentError::Invalid(vec![invalid.at("file")]);
    let name = FileName::parse(name).map_err(wrong)?;
    let kind = FileKind::of(&name).map_err(wrong)?;
    if kind.may_be_called(declared) {
        return Ok((name, kind));
    }
    let detail = format!(
        "is called .{}, and said to be another type",
        kind.extension()
    );
    Err(DocumentError::wrong(
        "file",
        "type_contradicts_name",
        detail,
    ))
}

/// The file of a version that is made now.
fn file(change: &Change<'_>, received: &Received, number: u32) -> DocumentFile {
    DocumentFile {
        number,
        name: received.name.clone(),
        kind: received.kind,
        bytes: received.bytes,
        sha256: received.sha256,
        key: received.key.to_string(),
        scan: ScanState::Unscanned,
        uploaded_by: change.call.actor.user_id(),
        uploaded_at: change.now,
    }
}

/// Other documents of the record that have the same content, among those that the caller may see.
fn same(
    change: &mut Change<'_>,
    of: RecordRef,
    seen: &Seen,
    received: &Received,
) -> Result<Vec<DocumentId>, DocumentError> {
    let readable = seen.categories(&change.call.actor, of.kind(), Doing::Read);
    let documents = change.tx.documents();
    Ok(documents.same_content(of, &received.sha256, &readable)?)
}

/// From now on something refers to the file. A rehearsed one was never announced.
fn keep(change: &mut Change<'_>, received: &Received) -> Result<(), DocumentError> {
    if !change.call.dry_run {
        change.tx.pictures().keep(&received.key)?;
    }
    Ok(())
}
