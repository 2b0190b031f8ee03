//! Documents in PostgreSQL.

mod listing;
mod row;

use std::collections::HashMap;

use diesel::{
    BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl,
    SelectableHelper, dsl::exists,
};
use jiff::{Timestamp, civil::Date};
use unionhall_domain::{
    documents::{Category, Document, DocumentFile, DocumentId, RecordRef, ScanState, Sha256},
    ids::Id,
    tenants::TenantId,
};
use unionhall_ports::{
    documents::{DocumentFilter, DocumentRepository, DocumentSort, UnscannedFile},
    pages::{Page, PageRequest},
    storage::StorageError,
};
use uuid::Uuid;

use crate::{
    rows::{count, instant, page as page_of},
    schema::{document_files, documents},
    stored::day as stored_day,
    unit_of_work::Transaction,
};
use row::{FileRow, Row};

/// How many documents with the same content are named.
const SAME: i64 = 20;

impl DocumentRepository for Transaction<'_> {
    fn find(&mut self, id: DocumentId) -> Result<Option<Document>, StorageError> {
        let tenant = self.tenant()?;
        let row = self.query(|connection| {
            with_id(tenant.uuid(), id.uuid())
                .filter(documents::deleted_at.is_null())
                .select(Row::as_select())
                .first(connection)
                .optional()
        })?;
        self.document(row)
    }

    fn find_deleted(&mut self, id: DocumentId) -> Result<Option<Document>, StorageError> {
        let tenant = self.tenant()?;
        let row = self.query(|connection| {
            with_id(tenant.uuid(), id.uuid())
                .filter(documents::deleted_at.is_not_null())
                .select(Row::as_select())
                .first(connection)
                .optional()
        })?;
        self.document(row)
    }

    fn list(
        &mut self,
        record: RecordRef,
        filter: &DocumentFilter,
        page: &PageRequest<DocumentSort>,
    ) -> Result<Page<Document>, StorageError> {
        let tenant = self.tenant()?;
        let rows =
            self.query(|connection| listing::rows(connection, tenant, record, filter, page))?;
        let total = if page.with_total {
            let total =
                self.query(|connection| listing::total(connection, tenant, record, filter))?;
            Some(count(total))
        } else {
            None
        };
        let Page { items, next, total } = page_of(rows, page.limit, total, |row| {
            listing::cursor(page.sort, row)
        });
        let rows = items.into_iter().map(|(row, _)| row).collect();
        let items = self.with_files(tenant, rows)?;
        Ok(Page { items, next, total })
    }

    fn files(&mut self, id: DocumentId) -> Result<Vec<DocumentFile>, StorageError> {
        let tenant = self.tenant()?;
        let rows: Vec<FileRow> = self.query(|connection| {
            document_files::table
                .filter(document_files::tenant_id.eq(tenant.uuid()))
                .filter(document_files::document_id.eq(id.uuid()))
                .order(document_files::number.desc())
                .select(FileRow::as_select())
                .load(connection)
        })?;
        self.all(rows, DocumentFile::try_from)
    }

    fn same_content(
        &mut self,
        record: RecordRef,
        sha256: &Sha256,
        categories: &[Category],
    ) -> Result<Vec<DocumentId>, StorageError> {
        let tenant = self.tenant()?;
        let same = document_files::table
            .filter(document_files::tenant_id.eq(tenant.uuid()))
            .filter(document_files::sha256.eq(sha256.0.to_vec()))
            .filter(document_files::document_id.eq(documents::id));
        let categories: Vec<_> = categories.iter().map(|one| one.as_str()).collect();
        let ids: Vec<Uuid> = self.query(|connection| {
            documents::table
                .filter(documents::tenant_id.eq(tenant.uuid()))
                .filter(documents::record_id.eq(record.uuid()))
                .filter(documents::record_type.eq(record.kind().as_str()))
                .filter(documents::deleted_at.is_null())
                .filter(documents::category.eq_any(categories))
                .filter(exists(same))
                .order((documents::created_at, documents::id))
                .limit(SAME)
                .select(documents::id)
                .load(connection)
        })?;
        Ok(ids.into_iter().map(Id::new).collect())
    }

    fn insert(&mut self, document: &Document) -> Result<(), StorageError> {
        let tenant = self.tenant()?;
        let row = Row::new(tenant, document);
        self.query(|connection| {
            diesel::insert_into(documents::table)
                .values(&row)
                .execute(connection)
        })?;
        self.put_file(tenant, document)
    }

    fn update(&mut self, document: &Document) -> Result<(), StorageError> {
        let row = Row::new(self.tenant()?, document);
        let stored = row.version.saturating_sub(1);
        let written = self.query(|connection| {
            diesel::update(with_id(row.tenant_id, row.id))
                .filter(documents::version.eq(stored))
                .set(&row)
                .execute(connection)
        })?;
        self.unless_stale(written, 1)
    }

    fn add_file(&mut self, document: &Document) -> Result<(), StorageError> {
        let tenant = self.tenant()?;
        self.query(|connection| {
            diesel::update(document_files::table)
                .filter(document_files::tenant_id.eq(tenant.uuid()))
                .filter(document_files::document_id.eq(document.id.uuid()))
                .filter(document_files::is_newest)
                .set(document_files::is_newest.eq(false))
                .execute(connection)
        })?;
        self.put_file(tenant, document)
    }

    fn deleted_before(
        &mut self,
        before: Timestamp,
        day: Date,
        limit: u16,
    ) -> Result<Vec<(TenantId, DocumentId)>, StorageError> {
        let rows: Vec<(Uuid, Uuid)> = self.query(|connection| {
            documents::table
                .filter(documents::deleted_at.lt(instant(before)))
                .filter(documents::hold_reason.is_null())
                .filter(
                    documents::keep_until
                        .is_null()
                        .or(documents::keep_until.lt(stored_day(day))),
                )
                .order((documents::deleted_at, documents::id))
                .limit(i64::from(limit))
                .select((documents::tenant_id, documents::id))
                .load(connection)
        })?;
        let ids = |(tenant, id)| (TenantId::new(tenant), Id::new(id));
        Ok(rows.into_iter().map(ids).collect())
    }

    fn purge(&mut self, document: &Document) -> Result<(), StorageError> {
        let (tenant, id) = (self.tenant()?.uuid(), document.id.uuid());
        self.query(|connection| {
            diesel::delete(document_files::table)
                .filter(document_files::tenant_id.eq(tenant))
                .filter(document_files::document_id.eq(id))
                .execute(connection)
        })?;
        let gone = self.query(|connection| {
            diesel::delete(with_id(tenant, id))
                .filter(documents::version.eq(document.version.get()))
                .filter(documents::deleted_at.is_not_null())
                .execute(connection)
        })?;
        self.unless_stale(gone, 1)
    }

    fn unscanned(&mut self, limit: u16) -> Result<Vec<UnscannedFile>, StorageError> {
        let rows: Vec<(Uuid, Uuid, i32, String, i64)> = self.query(|connection| {
            document_files::table
                .filter(document_files::scan.eq(ScanState::Unscanned.as_str()))
                .order((
                    document_files::uploaded_at,
                    document_files::document_id,
                    document_files::number,
                ))
                .limit(i64::from(limit))
                .select((
                    document_files::tenant_id,
                    document_files::document_id,
                    document_files::number,
                    document_files::key,
                    document_files::bytes,
                ))
                .load(connection)
        })?;
        let file = |(tenant, document, number, key, bytes)| UnscannedFile {
            tenant: TenantId::new(tenant),
            document: Id::new(document),
            number: u32::try_from(number).unwrap_or_default(),
            key,
            bytes: count(bytes),
        };
        Ok(rows.into_iter().map(file).collect())
    }

    fn scanned(
        &mut self,
        document: DocumentId,
        number: u32,
        state: ScanState,
        at: Timestamp,
    ) -> Result<(), StorageError> {
        let tenant = self.tenant()?;
        let number = i32::try_from(number).unwrap_or_default();
        let key = (tenant.uuid(), document.uuid(), number);
        let written = self.query(|connection| {
            diesel::update(document_files::table.find(key))
                .filter(document_files::scan.eq(ScanState::Unscanned.as_str()))
                .set((
                    document_files::scan.eq(state.as_str()),
                    document_files::scanned_at.eq(instant(at)),
                ))
                .execute(connection)
        })?;
        self.unless_stale(written, 1)
    }
}

#[diesel::dsl::auto_type(no_type_alias)]
fn with_id(tenant: Uuid, id: Uuid) -> _ {
    documents::table
        .filter(documents::tenant_id.eq(tenant))
        .filter(documents::id.eq(id))
}

impl Transaction<'_> {
    fn put_file(&mut self, tenant: TenantId, document: &Document) -> Result<(), StorageError> {
        let row = FileRow::new(tenant, document);
        self.query(|connection| {
            diesel::insert_into(document_files::table)
                .values(&row)
                .execute(connection)
        })
        .map(drop)
    }

    fn document(&mut self, row: Option<Row>) -> Result<Option<Document>, StorageError> {
        let Some(row) = row else { return Ok(None) };
        let tenant = self.tenant()?;
        Ok(self.with_files(tenant, vec![row])?.pop())
    }

    /// Documents with their newest versions.
    fn with_files(
        &mut self,
        tenant: TenantId,
        rows: Vec<Row>,
    ) -> Result<Vec<Document>, StorageError> {
        let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
        let files: Vec<FileRow> = self.query(|connection| {
            document_files::table
                .filter(document_files::tenant_id.eq(tenant.uuid()))
                .filter(document_files::document_id.eq_any(ids))
                .filter(document_files::is_newest)
                .select(FileRow::as_select())
                .load(connection)
        })?;
        let mut files: HashMap<_, _> = files
            .into_iter()
            .map(|file| (file.document_id, file))
            .collect();
        self.all(
            rows.into_iter()
                .map(|row| {
                    let file = files.remove(&row.id);
                    (row, file)
                })
                .collect(),
            |(row, file)| row.document(file),
        )
    }
}
