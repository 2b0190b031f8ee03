//! Rows of `documents` and `document_files`, and their way from and to the aggregate.

use diesel::{AsChangeset, Insertable, Queryable, Selectable};
use unionhall_domain::{
    documents::{
        Category, Document, DocumentDetails, DocumentFile, FileKind, FileName, Hold, RecordRef,
        RecordType, ScanState, Sha256, Tag,
    },
    ids::Id,
    tenants::TenantId,
    text::{Line, Prose},
};
use uuid::Uuid;

use crate::{
    errors::InconsistentRow,
    rows::{count, instant},
    schema::{document_files, documents},
    stored::{StoredRow, day},
};

/// Everything that is stored of a document beside its files, save what the database derives from it.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = documents)]
#[diesel(primary_key(tenant_id, id))]
#[diesel(treat_none_as_null = true)]
#[diesel(treat_none_as_default_value = false)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) tenant_id: Uuid,
    record_type: String,
    member_id: Option<Uuid>,
    organization_id: Option<Uuid>,
    grievance_id: Option<Uuid>,
    application_id: Option<Uuid>,
    category: String,
    name: String,
    title: Option<String>,
    description: Option<String>,
    tags: Vec<String>,
    expires_on: Option<jiff_diesel::Date>,
    keep_until: Option<jiff_diesel::Date>,
    hold_reason: Option<String>,
    held_by: Option<Uuid>,
    held_at: Option<jiff_diesel::Timestamp>,
    pub(super) version: i64,
    pub(super) created_at: jiff_diesel::Timestamp,
    updated_at: jiff_diesel::Timestamp,
    deleted_at: Option<jiff_diesel::Timestamp>,
}

impl Row {
    /// The row of a tenant's document.
    pub(super) fn new(tenant: TenantId, document: &Document) -> Self {
        let DocumentDetails {
            title,
            description,
            tags,
            expires_on,
            keep_until,
        } = &document.details;
        let of = |kind| (document.record.kind() == kind).then(|| document.record.uuid());
        let hold = document.hold.as_ref();
        Self {
            id: document.id.uuid(),
            tenant_id: tenant.uuid(),
            record_type: document.record.kind().as_str().to_owned(),
            member_id: of(RecordType::Member),
            organization_id: of(RecordType::Organization),
            grievance_id: of(RecordType::Grievance),
            application_id: of(RecordType::BenevolenceApplication),
            category: document.category.as_str().to_owned(),
            name: document.file.name.to_string(),
            title: title.as_ref().map(ToString::to_string),
            description: description.as_ref().map(ToString::to_string),
            tags: tags.iter().map(ToString::to_string).collect(),
            expires_on: expires_on.map(day),
            keep_until: keep_until.map(day),
            hold_reason: hold.map(|hold| hold.reason.to_string()),
            held_by: hold.and_then(|hold| hold.by).map(Id::uuid),
            held_at: hold.map(|hold| instant(hold.at)),
            version: document.version.get(),
            created_at: instant(document.created_at),
            updated_at: instant(document.updated_at),
            deleted_at: document.deleted_at.map(instant),
        }
    }

    /// The document with its newest version.
    pub(super) fn document(self, file: Option<FileRow>) -> Result<Document, InconsistentRow> {
        let from = StoredRow::new("documents", self.id);
        let file = file.ok_or_else(|| from.inconsistent("it has no newest version"))?;
        let kind = from.value("record_type", RecordType::parse(&self.record_type))?;
        let record = [
            self.member_id,
            self.organization_id,
            self.grievance_id,
            self.application_id,
        ];
        let record = record.into_iter().flatten().next();
        let record = record.ok_or_else(|| from.inconsistent("it belongs to nothing"))?;
        let tags = self.tags.iter();
        let tags = tags.map(|tag| from.value("tags", Tag::parse(tag)));
        let category = Category::parse(&self.category, &Category::ALL);
        let reason = from.optional("hold_reason", self.hold_reason.as_deref(), Line::parse)?;
        let hold = reason.zip(self.held_at).map(|(reason, at)| Hold {
            reason,
            by: self.held_by.map(Id::new),
            at: at.to_jiff(),
        });
        Ok(Document {
            id: Id::new(self.id),
            record: RecordRef::of(kind, record),
            category: from.value("category", category)?,
            details: DocumentDetails {
                title: from.optional("title", self.title.as_deref(), Line::parse)?,
                description: from.optional(
                    "description",
                    self.description.as_deref(),
                    Prose::parse,
                )?,
                tags: tags.collect::<Result<_, _>>()?,
                expires_on: self.expires_on.map(jiff_diesel::Date::to_jiff),
                keep_until: self.keep_until.map(jiff_diesel::Date::to_jiff),
            },
            hold,
            file: file.try_into()?,
            version: from.version(self.version)?,
            created_at: self.created_at.to_jiff(),
            updated_at: self.updated_at.to_jiff(),
            deleted_at: self.deleted_at.map(jiff_diesel::Timestamp::to_jiff),
        })
    }
}

/// Everything that is stored of a version, save when it was scanned.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = document_files)]
#[diesel(treat_none_as_default_value = false)]
pub(super) struct FileRow {
    tenant_id: Uuid,
    pub(super) document_id: Uuid,
    number: i32,
    is_newest: bool,
    name: String,
    media_type: String,
    bytes: i64,
    sha256: Vec<u8>,
    key: String,
    scan: String,
    uploaded_by: Option<Uuid>,
    uploaded_at: jiff_diesel::Timestamp,
}

impl FileRow {
    /// The row of the newest version of a tenant's document.
    pub(super) fn new(tenant: TenantId, document: &Document) -> Self {
        let DocumentFile {
            number,
            name,
            kind,
            bytes,
            sha256,
            key,
            scan,
            uploaded_by,
            uploaded_at,
        } = &document.file;
        Self {
            tenant_id: tenant.uuid(),
            document_id: document.id.uuid(),
            number: i32::try_from(*number).unwrap_or(i32::MAX),
            is_newest: true,
            name: name.to_string(),
            media_type: kind.media_type().to_owned(),
            bytes: i64::try_from(*bytes).unwrap_or(i64::MAX),
            sha256: sha256.0.to_vec(),
            key: key.clone(),
            scan: scan.as_str().to_owned(),
            uploaded_by: uploaded_by.map(Id::uuid),
            uploaded_at: instant(*uploaded_at),
        }
    }
}

impl TryFrom<FileRow> for DocumentFile {
    type Error = InconsistentRow;

    fn try_from(row: FileRow) -> Result<Self, InconsistentRow> {
        let from = StoredRow::new("document_files", row.document_id);
        let sha256 = <[u8; 32]>::try_from(row.sha256);
        let sha256 = sha256.map_err(|_| from.inconsistent("the digest has not 32 bytes"))?;
        Ok(Self {
            number: u32::try_from(row.number).unwrap_or_default(),
            name: from.value("name", FileName::parse(&row.name))?,
            kind: from.value("media_type", FileKind::parse(&row.media_type))?,
            bytes: count(row.bytes),
            sha256: Sha256(sha256),
            key: row.key,
            scan: from.value("scan", ScanState::parse(&row.scan))?,
            uploaded_by: row.uploaded_by.map(Id::new),
            uploaded_at: row.uploaded_at.to_jiff(),
        })
    }
}
