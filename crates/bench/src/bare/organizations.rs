//! Organizations as the bare handler reads and shows them.

use jiff::Timestamp;
use serde::Serialize;
use tokio_postgres::{Error, Row};
use uuid::Uuid;

use super::as_text;

/// The first page, by name.
pub(super) const LIST: &str = "select id, name, org_type, address, city, state, zip_code, phone, email, website, \
     version, created_at, updated_at \
     from organizations where tenant_id = $1 and deleted_at is null order by sort_name, id limit 51";

/// An organization as the API shows it.
#[derive(Serialize)]
pub(super) struct OrganizationRow {
    #[serde(serialize_with = "as_text")]
    pub(super) id: Uuid,
    name: String,
    org_type: String,
    address: Option<String>,
    city: Option<String>,
    state: Option<String>,
    zip_code: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    website: Option<String>,
    version: i64,
    #[serde(serialize_with = "as_text")]
    created_at: Timestamp,
    #[serde(serialize_with = "as_text")]
    updated_at: Timestamp,
}

impl OrganizationRow {
    /// Decodes a row.
    pub(super) fn read(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.try_get(0)?,
            name: row.try_get(1)?,
            org_type: row.try_get(2)?,
            address: row.try_get(3)?,
            city: row.try_get(4)?,
            state: row.try_get(5)?,
            zip_code: row.try_get(6)?,
            phone: row.try_get(7)?,
            email: row.try_get(8)?,
            website: row.try_get(9)?,
            version: row.try_get(10)?,
            created_at: row.try_get(11)?,
            updated_at: row.try_get(12)?,
        })
    }
}
