//! Which picture is whose, and the files that nothing refers to.

use diesel::{
    ExpressionMethods, OptionalExtension, PgExpressionMethods, QueryDsl, RunQueryDsl, dsl::exists,
};
use jiff::Timestamp;
use unionhall_domain::tenants::Slug;
use unionhall_ports::{
    blobs::{BlobKey, PartsId},
    pictures::{PictureFormat, PictureOwner, PictureRepository, StoredPicture, UnkeptFile},
    storage::StorageError,
};

use crate::{
    errors::InconsistentRow,
    rows::{count, instant},
    schema::{memberships, tenants, unkept_files, users},
    unit_of_work::Transaction,
};

/// Key, media type and size of a picture, or none of them.
type Columns = (Option<String>, Option<String>, Option<i64>);

impl PictureRepository for Transaction<'_> {
    fn find(&mut self, owner: PictureOwner) -> Result<Option<StoredPicture>, StorageError> {
        let tenant = self.tenant()?;
        let row = match owner {
            PictureOwner::Tenant => self.query(|connection| {
                tenants::table
                    .find(tenant.uuid())
                    .select((tenants::logo_key, tenants::logo_type, tenants::logo_bytes))
                    .first::<Columns>(connection)
                    .optional()
            })?,
            PictureOwner::User(user) => {
                let here = memberships::table
                    .filter(memberships::tenant_id.eq(tenant.uuid()))
                    .filter(memberships::user_id.eq(users::id));
                self.query(|connection| {
                    users::table
                        .find(user.uuid())
                        .filter(users::state.eq("active"))
                        .filter(users::deleted_at.is_null())
                        .filter(exists(here))
                        .select((
                            users::picture_key,
                            users::picture_type,
                            users::picture_bytes,
                        ))
                        .first::<Columns>(connection)
                        .optional()
                })?
            }
        };
        self.picture(row)
    }

    fn find_logo(&mut self, slug: &Slug) -> Result<Option<StoredPicture>, StorageError> {
        let row = self.query(|connection| {
            tenants::table
                .filter(tenants::slug.eq(slug.as_str()))
                .filter(tenants::status.ne("canceled"))
                .select((tenants::logo_key, tenants::logo_type, tenants::logo_bytes))
                .first::<Columns>(connection)
                .optional()
        })?;
        self.picture(row)
    }

    fn replace(
        &mut self,
        owner: PictureOwner,
        before: Option<&StoredPicture>,
        after: Option<&StoredPicture>,
        at: Timestamp,
    ) -> Result<(), StorageError> {
        let tenant = self.tenant()?;
        let old = before.map(|picture| picture.key.as_str());
        let key = after.map(|picture| picture.key.as_str());
        let kind = after.map(|picture| picture.format.media_type());
        let bytes = after.map(|picture| i64::try_from(picture.bytes).unwrap_or(i64::MAX));
        let written = match owner {
            PictureOwner::Tenant => self.query(|connection| {
                diesel::update(tenants::table.find(tenant.uuid()))
                    .filter(tenants::logo_key.is_not_distinct_from(old))
                    .set((
                        tenants::logo_key.eq(key),
                        tenants::logo_type.eq(kind),
                        tenants::logo_bytes.eq(bytes),
                        tenants::updated_at.eq(instant(at)),
                    ))
                    .execute(connection)
            })?,
            PictureOwner::User(user) => self.query(|connection| {
                diesel::update(users::table.find(user.uuid()))
                    .filter(users::picture_key.is_not_distinct_from(old))
                    .set((
                        users::picture_key.eq(key),
                        users::picture_type.eq(kind),
                        users::picture_bytes.eq(bytes),
                        users::updated_at.eq(instant(at)),
                    ))
                    .execute(connection)
            })?,
        };
        self.unless_stale(written, 1)
    }

    fn release(&mut self, key: &BlobKey, due_at: Timestamp) -> Result<(), StorageError> {
        let tenant = self.tenant()?;
        self.query(|connection| {
            diesel::insert_into(unkept_files::table)
                .values((
                    unkept_files::key.eq(key.as_str()),
                    unkept_files::tenant_id.eq(tenant.uuid()),
                    unkept_files::due_at.eq(instant(due_at)),
                ))
                .execute(connection)
        })
        .map(drop)
    }

    fn keep(&mut self, key: &BlobKey) -> Result<(), StorageError> {
        let tenant = self.tenant()?;
        let struck = self.query(|connection| {
            diesel::delete(unkept_files::table.find(key.as_str()))
                .filter(unkept_files::tenant_id.eq(tenant.uuid()))
                .execute(connection)
        })?;
        self.unless_stale(struck, 1)
    }

    fn begun(&mut self, key: &BlobKey, upload: &PartsId) -> Result<(), StorageError> {
        let tenant = self.tenant()?;
        let noted = self.query(|connection| {
            diesel::update(unkept_files::table.find(key.as_str()))
                .filter(unkept_files::tenant_id.eq(tenant.uuid()))
                .set(unkept_files::upload.eq(upload.as_str()))
                .execute(connection)
        })?;
        self.unless_stale(noted, 1)
    }

    fn due(&mut self, now: Timestamp, limit: u16) -> Result<Vec<UnkeptFile>, StorageError> {
        let rows = self.query(|connection| {
            unkept_files::table
                .filter(unkept_files::due_at.le(instant(now)))
                .order((unkept_files::due_at, unkept_files::key))
                .limit(i64::from(limit))
                .select((unkept_files::key, unkept_files::upload))
                .load::<(String, Option<String>)>(connection)
        })?;
        self.all(rows, |(key, upload)| {
            Ok(UnkeptFile {
                key: key_of("unkept_files", key)?,
                upload: upload.map(PartsId::new),
            })
        })
    }

    fn removed(&mut self, key: &BlobKey) -> Result<(), StorageError> {
        self.query(|connection| {
            diesel::delete(unkept_files::table.find(key.as_str())).execute(connection)
        })
        .map(drop)
    }
}

impl Transaction<'_> {
    fn picture(&mut self, row: Option<Columns>) -> Result<Option<StoredPicture>, StorageError> {
        let Some((Some(key), Some(kind), Some(bytes))) = row else {
            return Ok(None);
        };
        let read = || {
            let format = PictureFormat::parse(&kind).map_err(|invalid| InconsistentRow {
                table: "pictures",
                id: key.clone(),
                what: invalid.detail,
            })?;
            Ok(StoredPicture {
                key: key_of("pictures", key.clone())?,
                format,
                bytes: count(bytes),
            })
        };
        read()
            .map(Some)
            .map_err(|row: InconsistentRow| self.refuse(row))
    }
}

fn key_of(table: &'static str, key: String) -> Result<BlobKey, InconsistentRow> {
    BlobKey::parse(key.clone()).map_err(|error| InconsistentRow {
        table,
        id: key,
        what: error.to_string(),
    })
}
