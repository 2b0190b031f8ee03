//! How a document is shown.

use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use unionhall_application::{
    documents::{Kept, allowed_actions},
    permissions::Permission,
};
use unionhall_domain::{
    documents::{Category, Document, DocumentDetails, DocumentFile, DocumentId, Hold, Sha256, Tag},
    users::UserId,
};
use utoipa::ToSchema;
use uuid::Uuid;

use super::super::{
    choices::{
        DocumentActionName, DocumentCategoryName, DocumentMediaTypeName, DocumentRecordTypeName,
        DocumentScanName,
    },
    shown::Shown,
};
use crate::web::answer::Rendering;

/// A file that belongs to a record.
#[derive(Serialize, ToSchema)]
#[schema(as = Document)]
pub(super) struct DocumentView<'a> {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<DocumentId>,
    /// The type of the record that it belongs to.
    #[schema(value_type = DocumentRecordTypeName)]
    record_type: &'static str,
    /// The record that it belongs to.
    #[schema(value_type = String, format = "uuid")]
    record_id: Shown<Uuid>,
    /// Which of the record's papers it is.
    #[schema(value_type = DocumentCategoryName)]
    category: &'static str,
    /// What it is called by the office.
    #[schema(required = true)]
    title: Option<&'a str>,
    /// What is in it.
    #[schema(required = true)]
    description: Option<&'a str>,
    /// Words it is found by.
    tags: Vec<&'a str>,
    /// The last day on which what it says holds.
    #[schema(value_type = Option<String>, required = true, format = Date)]
    expires_on: Option<Shown<Date>>,
    /// The day until which it must be kept, deleted or not.
    #[schema(value_type = Option<String>, required = true, format = Date)]
    keep_until: Option<Shown<Date>>,
    /// That it must not go, and why.
    #[schema(required = true)]
    hold: Option<DocumentHoldView<'a>>,
    /// Its newest version.
    file: DocumentFileView<'a>,
    /// Counts the changes of the record.
    #[schema(minimum = 1)]
    version: i64,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Shown<Timestamp>,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Shown<Timestamp>,
    /// Other documents of the record that have the same content; only in the answer to a new file.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<String>, required = false)]
    same_content: Option<Vec<Shown<DocumentId>>>,
    /// What the caller may do with it now; not in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<DocumentActionName>, required = false)]
    allowed_actions: Option<Vec<&'static str>>,
}

/// That a document must not go.
#[derive(Serialize, ToSchema)]
#[schema(as = DocumentHold)]
pub(super) struct DocumentHoldView<'a> {
    /// Why; null in lists, and for whoever may not hold documents.
    #[schema(required = true)]
    reason: Option<&'a str>,
    /// Who said so; null for whoever hosts the installation, and where the reason is.
    #[schema(value_type = Option<String>, required = true, format = "uuid")]
    held_by: Option<Shown<UserId>>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    held_at: Shown<Timestamp>,
}

/// A version of a document.
#[derive(Serialize, ToSchema)]
#[schema(as = DocumentFile)]
pub(super) struct DocumentFileView<'a> {
    /// Which version it is, from 1.
    #[schema(minimum = 1)]
    number: u32,
    /// What it was called by whoever sent it.
    name: &'a str,
    /// What it is.
    #[schema(value_type = DocumentMediaTypeName)]
    media_type: &'static str,
    /// How many bytes it has.
    #[schema(minimum = 1)]
    bytes: u64,
    /// Its digest.
    #[schema(value_type = String, pattern = "^[0-9a-f]{64}$")]
    sha256: Shown<Sha256>,
    /// What the scanner says.
    #[schema(value_type = DocumentScanName)]
    scan: &'static str,
    /// Who sent it; null for whoever hosts the installation.
    #[schema(value_type = Option<String>, required = true, format = "uuid")]
    uploaded_by: Option<Shown<UserId>>,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    uploaded_at: Shown<Timestamp>,
}

/// The categories of a type of record that the caller may see.
#[derive(Serialize, ToSchema)]
#[schema(as = DocumentCategories)]
pub(super) struct DocumentCategoriesView {
    /// Their names.
    #[schema(value_type = Vec<DocumentCategoryName>)]
    items: Vec<&'static str>,
}

/// An address under which a file can be taken for a while.
#[derive(Serialize, ToSchema)]
#[schema(as = DocumentAddress)]
pub(super) struct DocumentAddressView<'a> {
    /// The address. Whoever has it can take the file: it is a secret.
    pub(super) url: String,
    /// For how many seconds.
    #[schema(minimum = 60, maximum = 86400)]
    pub(super) expires_in: u32,
    /// What is there.
    pub(super) file: DocumentFileView<'a>,
}

impl<'a> DocumentView<'a> {
    /// The view with what the caller may do.
    pub(super) fn shown(rendering: &Rendering, document: &'a Document) -> Self {
        let actor = &rendering.actor;
        let holds = actor.may(Permission::DocumentsHold);
        let hold = document.hold.as_ref();
        Self {
            hold: hold.map(|hold| DocumentHoldView::shown(hold, holds)),
            allowed_actions: Some(allowed_actions(actor, document)),
            ..Self::from(document)
        }
    }

    /// The view of a document with a new file.
    pub(super) fn kept(rendering: &Rendering, kept: &'a Kept) -> Self {
        Self {
            same_content: Some(kept.same.iter().copied().map(Shown).collect()),
            ..Self::shown(rendering, &kept.document)
        }
    }
}

impl<'a> From<&'a Document> for DocumentView<'a> {
    fn from(document: &'a Document) -> Self {
        let Document {
            id,
            record,
            category,
            details,
            hold,
            file,
            version,
            created_at,
            updated_at,
            deleted_at: _,
        } = document;
        let DocumentDetails {
            title,
            description,
            tags,
            expires_on,
            keep_until,
        } = details;
        Self {
            id: Shown(*id),
            record_type: record.kind().as_str(),
            record_id: Shown(record.uuid()),
            category: category.as_str(),
            title: title.as_ref().map(|text| text.as_str()),
            description: description.as_ref().map(|text| text.as_str()),
            tags: tags.iter().map(Tag::as_str).collect(),
            expires_on: expires_on.map(Shown),
            keep_until: keep_until.map(Shown),
            hold: hold
                .as_ref()
                .map(|hold| DocumentHoldView::shown(hold, false)),
            file: DocumentFileView::from(file),
            version: version.get(),
            created_at: Shown(*created_at),
            updated_at: Shown(*updated_at),
            same_content: None,
            allowed_actions: None,
        }
    }
}

impl<'a> DocumentHoldView<'a> {
    /// The view, whole for whoever may hold documents: the reason may be about the very person who reads it.
    fn shown(hold: &'a Hold, whole: bool) -> Self {
        let Hold { reason, by, at } = hold;
        Self {
            reason: whole.then(|| reason.as_str()),
            held_by: by.filter(|_| whole).map(Shown),
            held_at: Shown(*at),
        }
    }
}

impl<'a> From<&'a DocumentFile> for DocumentFileView<'a> {
    fn from(file: &'a DocumentFile) -> Self {
        let DocumentFile {
            number,
            name,
            kind,
            bytes,
            sha256,
            key: _,
            scan,
            uploaded_by,
            uploaded_at,
        } = file;
        Self {
            number: *number,
            name: name.as_str(),
            media_type: kind.media_type(),
            bytes: *bytes,
            sha256: Shown(*sha256),
            scan: scan.as_str(),
            uploaded_by: uploaded_by.map(Shown),
            uploaded_at: Shown(*uploaded_at),
        }
    }
}

impl From<&Vec<Category>> for DocumentCategoriesView {
    fn from(categories: &Vec<Category>) -> Self {
        Self {
            items: categories.iter().map(|one| one.as_str()).collect(),
        }
    }
}
