//! Members as the bare handler reads and shows them.

use jiff::{Timestamp, civil::Date};
use serde::Serialize;
use tokio_postgres::{Error, Row};
use uuid::Uuid;

use super::{as_text, as_text_or_null};

macro_rules! columns {
    () => {
        "m.id, m.member_number, m.first_name, m.last_name, m.middle_name, m.address, m.city, m.state, m.zip_code, \
         m.phone, m.email, m.date_of_birth, m.hire_date, m.status, m.classification, m.notes, m.version, \
         m.created_at, m.updated_at"
    };
}

/// The first page, by name.
pub(super) const LIST: &str = concat!(
    "select ",
    columns!(),
    " from members m where m.tenant_id = $1 and m.deleted_at is null order by m.sort_name, m.id limit 51"
);

/// The first page of those with a status, by name.
pub(super) const LIST_WITH_STATUS: &str = concat!(
    "select ",
    columns!(),
    " from members m where m.tenant_id = $1 and m.status = $2 and m.deleted_at is null",
    " order by m.sort_name, m.id limit 51"
);

/// The first page of those that words find, by name.
pub(super) const SEARCH: &str = concat!(
    "select ",
    columns!(),
    " from members_search($1, null, null, null, 'name', false, null, null, 51) as found (id)",
    " join members m on m.id = found.id order by m.sort_name, m.id"
);

/// One.
pub(super) const FIND: &str = concat!(
    "select ",
    columns!(),
    " from members m where m.tenant_id = $1 and m.id = $2 and m.deleted_at is null"
);

/// What the office's staff may do with every member.
const ALLOWED_ACTIONS: [&str; 2] = ["update", "file_grievance"];

/// A member as the API shows it.
#[derive(Serialize)]
pub(super) struct MemberRow {
    #[serde(serialize_with = "as_text")]
    pub(super) id: Uuid,
    member_number: String,
    first_name: String,
    last_name: String,
    middle_name: Option<String>,
    address: Option<String>,
    city: Option<String>,
    state: Option<String>,
    zip_code: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    #[serde(serialize_with = "as_text_or_null")]
    date_of_birth: Option<Date>,
    #[serde(serialize_with = "as_text_or_null")]
    hire_date: Option<Date>,
    status: String,
    classification: String,
    notes: Option<String>,
    version: i64,
    #[serde(serialize_with = "as_text")]
    created_at: Timestamp,
    #[serde(serialize_with = "as_text")]
    updated_at: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed_actions: Option<[&'static str; 2]>,
}

impl MemberRow {
    /// Decodes a row.
    pub(super) fn read(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.try_get(0)?,
            member_number: row.try_get(1)?,
            first_name: row.try_get(2)?,
            last_name: row.try_get(3)?,
            middle_name: row.try_get(4)?,
            address: row.try_get(5)?,
            city: row.try_get(6)?,
            state: row.try_get(7)?,
            zip_code: row.try_get(8)?,
            phone: row.try_get(9)?,
            email: row.try_get(10)?,
            date_of_birth: row.try_get(11)?,
            hire_date: row.try_get(12)?,
            status: row.try_get(13)?,
            classification: row.try_get(14)?,
            notes: row.try_get(15)?,
            version: row.try_get(16)?,
            created_at: row.try_get(17)?,
            updated_at: row.try_get(18)?,
            allowed_actions: None,
        })
    }

    /// The same member as a record by itself, which says what may be done with it.
    pub(super) fn alone(self) -> Self {
        Self {
            allowed_actions: Some(ALLOWED_ACTIONS),
            ..self
        }
    }
}
