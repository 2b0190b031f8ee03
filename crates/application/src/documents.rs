//! Documents: files that belong to a record, taken in, shown to whoever may see the record, and kept as long as they must.
//!
//! A file is announced as one that nothing refers to, then stored, and referred to in the transaction that makes the
//! document: a crash leaves a file too long, never a document without its file. What may be done with a document is what
//! may be done with the record, and with those of its papers that are about something more confidential.

mod access;
mod intake;
mod purging;
mod taking;

use std::sync::Arc;

use unionhall_domain::{
    audit::{AuditAction, FieldChange, Target, differences},
    documents::{
        Category, Document, DocumentChange, DocumentDetails, DocumentFile, DocumentId, Hold,
        RecordRef, RecordType,
    },
    invalid::{FieldError, Invalid},
    refused::Refused,
    text::Line,
};
use unionhall_ports::{
    blobs::{BlobError, BlobStore},
    idempotency::StoredAnswer,
    pages::{Page, PageRequest},
    storage::StorageError,
    unit_of_work::Repositories,
};
pub use unionhall_ports::{
    blobs::{LEAST_PART, Told},
    documents::{DocumentFilter, DocumentSort},
};

use self::access::Doing;
pub use self::{
    intake::{Intake, Received},
    taking::Taken,
};
use crate::{
    actor::Actor,
    call::Call,
    core::{Change, Core, Recorded},
    error::{CallError, Code, Coded},
    permissions::Permission,
};

/// What can go wrong with documents.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// There is none with this id, as far as the caller may know.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// Fields are wrong.
    #[error("some fields are wrong")]
    Invalid(Vec<FieldError>),
    /// The file is larger than is taken.
    #[error("the file is larger than {limit} bytes")]
    TooLarge {
        /// The most that is taken, in bytes.
        limit: u64,
    },
    /// Its state does not allow it.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// What any call can meet.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl DocumentError {
    const NO_DOCUMENT: Self = Self::NotFound("document");

    fn wrong(field: &'static str, code: &'static str, detail: impl Into<String>) -> Self {
        Self::Invalid(vec![Invalid::new(code, detail).at(field)])
    }
}

impl From<StorageError> for DocumentError {
    fn from(error: StorageError) -> Self {
        Self::Call(error.into())
    }
}

impl From<BlobError> for DocumentError {
    fn from(error: BlobError) -> Self {
        Self::Call(match error {
            BlobError::Unavailable(source) => CallError::Unavailable(source),
            error @ (BlobError::Refused(_) | BlobError::Failed(_)) => {
                CallError::Internal(Box::new(error))
            }
        })
    }
}

impl Coded for DocumentError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound(_) => Code::NotFound,
            Self::Invalid(_) => Code::InvalidFields,
            Self::TooLarge { .. } => Code::TooLarge,
            Self::Refused(_) => Code::IllegalMove,
            Self::Call(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldError] {
        match self {
            Self::Invalid(errors) => errors,
            Self::NotFound(_) | Self::TooLarge { .. } | Self::Refused(_) | Self::Call(_) => &[],
        }
    }

    fn allowed_actions(&self) -> Option<Vec<&'static str>> {
        match self {
            Self::Refused(refused) => Some(refused.allowed.clone()),
            Self::NotFound(_) | Self::Invalid(_) | Self::TooLarge { .. } | Self::Call(_) => None,
        }
    }

    fn replay(&self) -> Option<&StoredAnswer> {
        match self {
            Self::Call(error) => error.replay(),
            Self::NotFound(_) | Self::Invalid(_) | Self::TooLarge { .. } | Self::Refused(_) => None,
        }
    }
}

/// A document to be made of a file that was taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDocument {
    /// What it belongs to.
    pub record: RecordRef,
    /// Which of the record's papers it is, by name.
    pub category: String,
    /// What is said of it.
    pub details: DocumentDetails,
}

/// A document with a new file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// The document.
    pub document: Document,
    /// Other documents of the record, among those that the caller may see, that have the same content.
    pub same: Vec<DocumentId>,
}

/// What an installation decides about documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DocumentPolicy {
    /// The largest file that is taken, in bytes.
    pub largest: u64,
    /// Whether files are scanned: then only what is clean can be taken.
    pub scanned: bool,
}

/// The use cases of documents.
#[derive(Clone)]
pub struct Documents {
    core: Arc<Core>,
    blobs: Arc<dyn BlobStore>,
    policy: DocumentPolicy,
}

impl Documents {
    /// Over these ports.
    pub fn new(core: Arc<Core>, blobs: Arc<dyn BlobStore>, policy: DocumentPolicy) -> Self {
        Self {
            core,
            blobs,
            policy,
        }
    }

    /// The categories of a type of record that the caller may see.
    ///
    /// # Errors
    /// [`CallError::Forbidden`] when the caller may read no such record.
    pub fn categories(&self, call: &Call, kind: RecordType) -> Result<Vec<Category>, CallError> {
        let reach = access::reach(&call.actor, kind, Doing::Read)?;
        let own = !reach.is_every();
        Ok(access::categories(&call.actor, kind, own, Doing::Read))
    }

    /// One document, if the caller may see its record.
    ///
    /// # Errors
    /// [`DocumentError`].
    pub fn find(&self, call: &Call, id: DocumentId) -> Result<Recorded<Document>, DocumentError> {
        access::any(&call.actor, Doing::Read)?;
        let found = self
            .core
            .snapshot(call, |tx| self.shown(tx, call, id, Doing::Read))?;
        Ok(self
            .core
            .recorded(call, Target::Document, id.uuid(), found)?)
    }

    /// The versions of a document, newest first.
    ///
    /// # Errors
    /// [`DocumentError`].
    pub fn versions(
        &self,
        call: &Call,
        id: DocumentId,
    ) -> Result<Recorded<Vec<DocumentFile>>, DocumentError> {
        access::any(&call.actor, Doing::Read)?;
        let files = self.core.snapshot(call, |tx| {
            self.shown(tx, call, id, Doing::Read)?;
            Ok::<_, DocumentError>(tx.documents().files(id)?)
        })?;
        Ok(self
            .core
            .recorded(call, Target::Document, id.uuid(), files)?)
    }

    /// The documents of a record that match, out of those that the caller may see.
    ///
    /// # Errors
    /// [`DocumentError::NotFound`] when the caller may not see the record.
    pub fn list(
        &self,
        call: &Call,
        record: RecordRef,
        mut filter: DocumentFilter,
        page: &PageRequest<DocumentSort>,
    ) -> Result<Recorded<Page<Document>>, DocumentError> {
        let reach = access::reach(&call.actor, record.kind(), Doing::Read)?;
        let found = self.core.snapshot(call, |tx| {
            let day = call.actor.today(self.core.clock.now());
            let seen = access::visible(tx, &call.actor, record, &reach, day)?;
            let may = seen.categories(&call.actor, record.kind(), Doing::Read);
            let asked = std::mem::take(&mut filter.categories);
            filter.categories = may
                .into_iter()
                .filter(|one| asked.is_empty() || asked.contains(one))
                .collect();
            Ok::<_, DocumentError>(tx.documents().list(record, &filter, page)?)
        })?;
        let details = vec![
            ("record_type", record.kind().as_str().to_owned()),
            ("record_id", record.uuid().to_string()),
            ("rows", found.items.len().to_string()),
        ];
        Ok(self
            .core
            .recorded_list(call, Target::Document, details, found)?)
    }

    /// Changes what is said of a document; a change that changes nothing leaves no trace of a change.
    ///
    /// # Errors
    /// [`DocumentError`].
    pub fn update(
        &self,
        call: &Call,
        id: DocumentId,
        wanted: DocumentChange,
    ) -> Result<Document, DocumentError> {
        access::any(&call.actor, Doing::Change)?;
        self.core.change(call, |change| {
            let before = self.present(change, id)?;
            let after = Document {
                details: before.details.clone().changed(wanted),
                ..before.clone()
            };
            if after == before {
                change.leave_unchanged_and_told(Target::Document, id.uuid());
                return Ok(before);
            }
            write(change, AuditAction::Updated, &before, after)
        })
    }

    /// Deletes a document, which can be restored for 30 days.
    ///
    /// # Errors
    /// [`DocumentError::Refused`] when it is held.
    pub fn delete(&self, call: &Call, id: DocumentId) -> Result<(), DocumentError> {
        access::any(&call.actor, Doing::Change)?;
        self.core.change(call, |change| {
            let before = self.present(change, id)?;
            before.may_go()?;
            let after = Document {
                deleted_at: Some(change.now),
                ..before.clone()
            };
            write(change, AuditAction::Deleted, &before, after).map(drop)
        })
    }

    /// Brings a deleted document back, as long as it is not removed for good.
    ///
    /// # Errors
    /// [`DocumentError::NotFound`] also when its record is gone.
    pub fn restore(&self, call: &Call, id: DocumentId) -> Result<Document, DocumentError> {
        access::any(&call.actor, Doing::Change)?;
        self.core.change(call, |change| {
            let found = change.tx.documents().find_deleted(id)?;
            let before = self.permitted(change.tx, call, found, Doing::Change)?;
            call.expects(before.version)?;
            let after = Document {
                deleted_at: None,
                ..before.clone()
            };
            write(change, AuditAction::Restored, &before, after)
        })
    }

    /// Says that a document must not go, deleted or not; why can be said anew.
    ///
    /// # Errors
    /// [`DocumentError`].
    pub fn hold(
        &self,
        call: &Call,
        id: DocumentId,
        reason: Line<500>,
    ) -> Result<Document, DocumentError> {
        call.actor.require(Permission::DocumentsHold)?;
        self.core.change(call, |change| {
            let hold = Hold {
                reason,
                by: call.actor.user_id(),
                at: change.now,
            };
            self.put_hold(change, id, Some(hold))
        })
    }

    /// Says that a document may go again.
    ///
    /// # Errors
    /// [`DocumentError::Refused`] when it is not held.
    pub fn release(&self, call: &Call, id: DocumentId) -> Result<Document, DocumentError> {
        call.actor.require(Permission::DocumentsHold)?;
        self.core
            .change(call, |change| self.put_hold(change, id, None))
    }

    fn put_hold(
        &self,
        change: &mut Change<'_>,
        id: DocumentId,
        hold: Option<Hold>,
    ) -> Result<Document, DocumentError> {
        let call = change.call;
        let found = match change.tx.documents().find(id)? {
            Some(found) => Some(found),
            None => change.tx.documents().find_deleted(id)?,
        };
        let before = match self.permitted(change.tx, call, found.clone(), Doing::Read) {
            Err(DocumentError::NotFound(_)) => of_deleted(change.tx, call, found)?,
            permitted => permitted?,
        };
        call.expects(before.version)?;
        if hold.is_none() && before.hold.is_none() {
            return Err(Refused {
                what: "a document",
                status: "not held",
                action: "release",
                allowed: vec!["hold"],
            }
            .into());
        }
        let after = Document {
            hold,
            ..before.clone()
        };
        write(change, AuditAction::Updated, &before, after)
    }

    /// The document with this id, if it is there and the caller may do this with it.
    fn shown(
        &self,
        tx: &mut dyn Repositories,
        call: &Call,
        id: DocumentId,
        doing: Doing,
    ) -> Result<Document, DocumentError> {
        let found = tx.documents().find(id)?;
        self.permitted(tx, call, found, doing)
    }

    /// A document that the caller may do this with. Whoever may not even see it is told that it is not there.
    fn permitted(
        &self,
        tx: &mut dyn Repositories,
        call: &Call,
        found: Option<Document>,
        doing: Doing,
    ) -> Result<Document, DocumentError> {
        let document = found.ok_or(DocumentError::NO_DOCUMENT)?;
        let (actor, kind) = (&call.actor, document.record.kind());
        let reach = access::reach(actor, kind, Doing::Read);
        let reach = reach.map_err(|_| DocumentError::NO_DOCUMENT)?;
        let day = actor.today(self.core.clock.now());
        let seen = access::visible(tx, actor, document.record, &reach, day);
        let seen = seen.map_err(|error| match error {
            DocumentError::NotFound(_) => DocumentError::NO_DOCUMENT,
            other => other,
        })?;
        let readable = seen.categories(actor, kind, Doing::Read);
        if !readable.contains(&document.category) {
            return Err(DocumentError::NO_DOCUMENT);
        }
        access::may(actor, kind, document.category, doing)?;
        Ok(document)
    }

    fn present(&self, change: &mut Change<'_>, id: DocumentId) -> Result<Document, DocumentError> {
        let call = change.call;
        let found = self.shown(change.tx, call, id, Doing::Change)?;
        call.expects(found.version)?;
        Ok(found)
    }
}

/// What this actor may do with a document that they were shown.
pub fn allowed_actions(actor: &Actor, document: &Document) -> Vec<&'static str> {
    let mut actions = Vec::new();
    let kind = document.record.kind();
    if access::may(actor, kind, document.category, Doing::Change).is_ok() {
        actions.extend(["update", "add_version"]);
        if document.may_go().is_ok() {
            actions.push("delete");
        }
    }
    if actor.may(Permission::DocumentsHold) {
        actions.push("hold");
        if document.hold.is_some() {
            actions.push("release");
        }
    }
    actions
}

/// A document whose record is deleted, for whoever holds papers and reads all such records: it could not be kept otherwise.
/// Papers of the benevolence fund stay with those who are shown the application.
fn of_deleted(
    tx: &mut dyn Repositories,
    call: &Call,
    found: Option<Document>,
) -> Result<Document, DocumentError> {
    let document = found.ok_or(DocumentError::NO_DOCUMENT)?;
    let (actor, kind) = (&call.actor, document.record.kind());
    let is_there = match document.record {
        RecordRef::Member(id) => tx.members().find(id)?.is_some(),
        RecordRef::Organization(id) => tx.organizations().find(id)?.is_some(),
        RecordRef::Grievance(id) => tx.grievances().find(id)?.is_some(),
        RecordRef::BenevolenceApplication(_) => true,
    };
    let every = access::reach(actor, kind, Doing::Read).is_ok_and(|reach| reach.is_every());
    let readable = access::categories(actor, kind, false, Doing::Read);
    let readable = readable.contains(&document.category);
    if is_there || !every || !readable || document.category == Category::Benevolence {
        return Err(DocumentError::NO_DOCUMENT);
    }
    Ok(document)
}

/// Writes what became of a document, and puts on record what differs.
fn write(
    change: &mut Change<'_>,
    action: AuditAction,
    before: &Document,
    after: Document,
) -> Result<Document, DocumentError> {
    let after = Document {
        version: before.version.next(),
        updated_at: change.now,
        ..after
    };
    change.tx.documents().update(&after)?;
    let fields = differences(before.fields(), after.fields());
    record(change, action, &after, fields);
    Ok(after)
}

/// Puts on record what was done to a document, with the record it belongs to.
fn record(
    change: &mut Change<'_>,
    action: AuditAction,
    document: &Document,
    fields: Vec<FieldChange>,
) {
    let details = vec![
        ("record_type", document.record.kind().as_str().to_owned()),
        ("record_id", document.record.uuid().to_string()),
    ];
    let id = document.id.uuid();
    change.record(action, Target::Document, id, fields, details);
}

#[cfg(test)]
mod tests;
