//! A row of `organizations`, and its way from and to the aggregate.

use diesel::{AsChangeset, Insertable, Queryable, Selectable};
use unionhall_domain::{
    organizations::{Organization, OrganizationDetails, OrganizationId, OrganizationType},
    tenants::TenantId,
    text::Line,
    users::EmailAddress,
};
use uuid::Uuid;

use crate::{errors::InconsistentRow, rows::instant, schema::organizations, stored::StoredRow};

/// Everything that is stored of an organization, save what the database derives from it.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = organizations)]
#[diesel(primary_key(tenant_id, id))]
#[diesel(treat_none_as_null = true)]
#[diesel(treat_none_as_default_value = false)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) tenant_id: Uuid,
    name: String,
    org_type: String,
    address: Option<String>,
    city: Option<String>,
    state: Option<String>,
    zip_code: Option<String>,
    phone: Option<String>,
    email: Option<String>,
    website: Option<String>,
    pub(super) version: i64,
    pub(super) created_at: jiff_diesel::Timestamp,
    updated_at: jiff_diesel::Timestamp,
    deleted_at: Option<jiff_diesel::Timestamp>,
}

impl Row {
    /// The row of a tenant's organization.
    pub(super) fn new(tenant: TenantId, organization: &Organization) -> Self {
        let Organization {
            id,
            details,
            version,
            created_at,
            updated_at,
            deleted_at,
        } = organization;
        let OrganizationDetails {
            name,
            org_type,
            address,
            city,
            state,
            zip_code,
            phone,
            email,
            website,
        } = details;
        Self {
            id: id.uuid(),
            tenant_id: tenant.uuid(),
            name: name.to_string(),
            org_type: org_type.as_str().to_owned(),
            address: address.as_ref().map(ToString::to_string),
            city: city.as_ref().map(ToString::to_string),
            state: state.as_ref().map(ToString::to_string),
            zip_code: zip_code.as_ref().map(ToString::to_string),
            phone: phone.as_ref().map(ToString::to_string),
            email: email.as_ref().map(ToString::to_string),
            website: website.as_ref().map(ToString::to_string),
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
            "name": self.name,
            "org_type": self.org_type,
            "address": self.address,
            "city": self.city,
            "state": self.state,
            "zip_code": self.zip_code,
            "phone": self.phone,
            "email": self.email,
            "website": self.website,
            "version": self.version,
            "updated_at": self.updated_at.to_jiff().to_string(),
            "deleted_at": self.deleted_at.map(|at| at.to_jiff().to_string()),
        })
    }
}

impl TryFrom<Row> for Organization {
    type Error = InconsistentRow;

    fn try_from(row: Row) -> Result<Self, InconsistentRow> {
        let from = StoredRow::new("organizations", row.id);
        Ok(Self {
            id: OrganizationId::new(row.id),
            details: OrganizationDetails {
                name: from.value("name", Line::parse(&row.name))?,
                org_type: from.value("org_type", OrganizationType::parse(&row.org_type))?,
                address: from.optional("address", row.address.as_deref(), Line::parse)?,
                city: from.optional("city", row.city.as_deref(), Line::parse)?,
                state: from.optional("state", row.state.as_deref(), Line::parse)?,
                zip_code: from.optional("zip_code", row.zip_code.as_deref(), Line::parse)?,
                phone: from.optional("phone", row.phone.as_deref(), Line::parse)?,
                email: from.optional("email", row.email.as_deref(), EmailAddress::parse)?,
                website: from.optional("website", row.website.as_deref(), Line::parse)?,
            },
            version: from.version(row.version)?,
            created_at: row.created_at.to_jiff(),
            updated_at: row.updated_at.to_jiff(),
            deleted_at: row.deleted_at.map(jiff_diesel::Timestamp::to_jiff),
        })
    }
}
