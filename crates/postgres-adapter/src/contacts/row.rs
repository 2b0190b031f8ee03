//! A row of `contacts`, and its way from and to the aggregate.

use diesel::{AsChangeset, Insertable, Queryable, Selectable};
use unionhall_domain::{
    contacts::{Contact, ContactDetails, ContactId, Rank},
    organizations::OrganizationId,
    tenants::TenantId,
    text::{Line, Prose},
    users::EmailAddress,
};
use uuid::Uuid;

use crate::{errors::InconsistentRow, rows::instant, schema::contacts, stored::StoredRow};

/// Everything that is stored of a contact, save what the database derives from it.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = contacts)]
#[diesel(primary_key(tenant_id, id))]
#[diesel(treat_none_as_null = true)]
#[diesel(treat_none_as_default_value = false)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) tenant_id: Uuid,
    organization_id: Uuid,
    first_name: String,
    last_name: String,
    title: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    is_primary: bool,
    notes: Option<String>,
    pub(super) version: i64,
    pub(super) created_at: jiff_diesel::Timestamp,
    updated_at: jiff_diesel::Timestamp,
    deleted_at: Option<jiff_diesel::Timestamp>,
}

impl Row {
    /// The row of a tenant's contact.
    pub(super) fn new(tenant: TenantId, contact: &Contact) -> Self {
        let Contact {
            id,
            organization,
            details,
            rank,
            version,
            created_at,
            updated_at,
            deleted_at,
        } = contact;
        let ContactDetails {
            first_name,
            last_name,
            title,
            phone,
            email,
            notes,
        } = details;
        Self {
            id: id.uuid(),
            tenant_id: tenant.uuid(),
            organization_id: organization.uuid(),
            first_name: first_name.to_string(),
            last_name: last_name.to_string(),
            title: title.as_ref().map(ToString::to_string),
            phone: phone.as_ref().map(ToString::to_string),
            email: email.as_ref().map(ToString::to_string),
            is_primary: rank.is_primary(),
            notes: notes.as_ref().map(ToString::to_string),
            version: version.get(),
            created_at: instant(*created_at),
            updated_at: instant(*updated_at),
            deleted_at: deleted_at.map(instant),
        }
    }

    /// The columns that a change writes, as the database reads rows from JSON.
    pub(super) fn to_json(&self) -> serde_json::Value {
        serde_json::json!({
            "id": self.id.to_string(),
            "first_name": self.first_name,
            "last_name": self.last_name,
            "title": self.title,
            "phone": self.phone,
            "email": self.email,
            "is_primary": self.is_primary,
            "notes": self.notes,
            "version": self.version,
            "updated_at": self.updated_at.to_jiff().to_string(),
            "deleted_at": self.deleted_at.map(|at| at.to_jiff().to_string()),
        })
    }
}

impl TryFrom<Row> for Contact {
    type Error = InconsistentRow;

    fn try_from(row: Row) -> Result<Self, InconsistentRow> {
        let from = StoredRow::new("contacts", row.id);
        Ok(Self {
            id: ContactId::new(row.id),
            organization: OrganizationId::new(row.organization_id),
            details: ContactDetails {
                first_name: from.value("first_name", Line::parse(&row.first_name))?,
                last_name: from.value("last_name", Line::parse(&row.last_name))?,
                title: from.optional("title", row.title.as_deref(), Line::parse)?,
                phone: from.optional("phone", row.phone.as_deref(), Line::parse)?,
                email: from.optional("email", row.email.as_deref(), EmailAddress::parse)?,
                notes: from.optional("notes", row.notes.as_deref(), Prose::parse)?,
            },
            rank: Rank::of(row.is_primary),
            version: from.version(row.version)?,
            created_at: row.created_at.to_jiff(),
            updated_at: row.updated_at.to_jiff(),
            deleted_at: row.deleted_at.map(jiff_diesel::Timestamp::to_jiff),
        })
    }
}
