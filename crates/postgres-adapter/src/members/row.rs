//! A row of `members`, and its way from and to the aggregate.

use diesel::{AsChangeset, Insertable, Queryable, Selectable};
use unionhall_domain::{
    members::{Member, MemberClassification, MemberDetails, MemberId, MemberNumber, MemberStatus},
    tenants::TenantId,
    text::{Line, Prose},
    users::EmailAddress,
};
use uuid::Uuid;

use crate::{
    errors::InconsistentRow,
    rows::instant,
    schema::members,
    stored::{StoredRow, day},
};

/// Everything that is stored of a member, save what the database derives from it.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = members)]
#[diesel(primary_key(tenant_id, id))]
#[diesel(treat_none_as_null = true)]
#[diesel(treat_none_as_default_value = false)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) tenant_id: Uuid,
    pub(super) member_number: String,
    pub(super) first_name: String,
    pub(super) last_name: String,
    pub(super) middle_name: Option<String>,
    pub(super) address: Option<String>,
    pub(super) city: Option<String>,
    pub(super) state: Option<String>,
    pub(super) zip_code: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) email: Option<String>,
    pub(super) date_of_birth: Option<jiff_diesel::Date>,
    pub(super) hire_date: Option<jiff_diesel::Date>,
    pub(super) status: String,
    pub(super) classification: String,
    pub(super) notes: Option<String>,
    pub(super) version: i64,
    pub(super) created_at: jiff_diesel::Timestamp,
    pub(super) updated_at: jiff_diesel::Timestamp,
    pub(super) deleted_at: Option<jiff_diesel::Timestamp>,
}

impl Row {
    /// The row of a tenant's member.
    pub(super) fn new(tenant: TenantId, member: &Member) -> Self {
        let Member {
            id,
            details,
            version,
            created_at,
            updated_at,
            deleted_at,
        } = member;
        let MemberDetails {
            member_number,
            first_name,
            last_name,
            middle_name,
            address,
            city,
            state,
            zip_code,
            phone,
            email,
            date_of_birth,
            hire_date,
            status,
            classification,
            notes,
        } = details;
        Self {
            id: id.uuid(),
            tenant_id: tenant.uuid(),
            member_number: member_number.to_string(),
            first_name: first_name.to_string(),
            last_name: last_name.to_string(),
            middle_name: middle_name.as_ref().map(ToString::to_string),
            address: address.as_ref().map(ToString::to_string),
            city: city.as_ref().map(ToString::to_string),
            state: state.as_ref().map(ToString::to_string),
            zip_code: zip_code.as_ref().map(ToString::to_string),
            phone: phone.as_ref().map(ToString::to_string),
            email: email.as_ref().map(ToString::to_string),
            date_of_birth: date_of_birth.map(day),
            hire_date: hire_date.map(day),
            status: status.as_str().to_owned(),
            classification: classification.as_str().to_owned(),
            notes: notes.as_ref().map(ToString::to_string),
            version: version.get(),
            created_at: instant(*created_at),
            updated_at: instant(*updated_at),
            deleted_at: deleted_at.map(instant),
        }
    }
}

impl TryFrom<Row> for Member {
    type Error = InconsistentRow;

    fn try_from(row: Row) -> Result<Self, InconsistentRow> {
        let from = StoredRow::new("members", row.id);
        Ok(Self {
            id: MemberId::new(row.id),
            version: from.version(row.version)?,
            created_at: row.created_at.to_jiff(),
            updated_at: row.updated_at.to_jiff(),
            deleted_at: row.deleted_at.map(jiff_diesel::Timestamp::to_jiff),
            details: details(from, &row)?,
        })
    }
}

fn details(from: StoredRow, row: &Row) -> Result<MemberDetails, InconsistentRow> {
    Ok(MemberDetails {
        member_number: from.value("member_number", MemberNumber::parse(&row.member_number))?,
        first_name: from.value("first_name", Line::parse(&row.first_name))?,
        last_name: from.value("last_name", Line::parse(&row.last_name))?,
        middle_name: from.optional("middle_name", row.middle_name.as_deref(), Line::parse)?,
        address: from.optional("address", row.address.as_deref(), Line::parse)?,
        city: from.optional("city", row.city.as_deref(), Line::parse)?,
        state: from.optional("state", row.state.as_deref(), Line::parse)?,
        zip_code: from.optional("zip_code", row.zip_code.as_deref(), Line::parse)?,
        phone: from.optional("phone", row.phone.as_deref(), Line::parse)?,
        email: from.optional("email", row.email.as_deref(), EmailAddress::parse)?,
        date_of_birth: row.date_of_birth.map(jiff_diesel::Date::to_jiff),
        hire_date: row.hire_date.map(jiff_diesel::Date::to_jiff),
        status: from.value("status", MemberStatus::parse(&row.status))?,
        classification: from.value(
            "classification",
            MemberClassification::parse(&row.classification),
        )?,
        notes: from.optional("notes", row.notes.as_deref(), Prose::parse)?,
    })
}

impl Row {
    /// The row as `jsonb_populate_recordset` reads it: a field for each column.
    pub(super) fn to_json(&self) -> serde_json::Value {
        serde_json::json!({
            "id": self.id.to_string(),
            "member_number": self.member_number,
            "first_name": self.first_name,
            "last_name": self.last_name,
            "middle_name": self.middle_name,
            "address": self.address,
            "city": self.city,
            "state": self.state,
            "zip_code": self.zip_code,
            "phone": self.phone,
            "email": self.email,
            "date_of_birth": self.date_of_birth.map(|day| day.to_jiff().to_string()),
            "hire_date": self.hire_date.map(|day| day.to_jiff().to_string()),
            "status": self.status,
            "classification": self.classification,
            "notes": self.notes,
            "version": self.version,
            "updated_at": self.updated_at.to_jiff().to_string(),
            "deleted_at": self.deleted_at.map(|at| at.to_jiff().to_string()),
        })
    }
}
