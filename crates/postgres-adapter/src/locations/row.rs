//! A row of `locations`, and its way from and to the aggregate.

use diesel::{AsChangeset, Insertable, Queryable, Selectable};
use unionhall_domain::{
    locations::{FloorArea, Location, LocationDetails, LocationId, LocationType},
    seats::Seats,
    tenants::TenantId,
    text::{Line, Prose},
    users::EmailAddress,
};
use uuid::Uuid;

use crate::{errors::InconsistentRow, rows::instant, schema::locations, stored::StoredRow};

/// Everything that is stored of a location, save what the database derives from it.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = locations)]
#[diesel(primary_key(tenant_id, id))]
#[diesel(treat_none_as_null = true)]
#[diesel(treat_none_as_default_value = false)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) tenant_id: Uuid,
    name: String,
    code: Option<String>,
    location_type: String,
    address_line1: Option<String>,
    address_line2: Option<String>,
    city: Option<String>,
    state: Option<String>,
    postal_code: Option<String>,
    capacity: Option<i32>,
    square_feet: Option<i32>,
    contact_name: Option<String>,
    contact_phone: Option<String>,
    contact_email: Option<String>,
    notes: Option<String>,
    pub(super) version: i64,
    pub(super) created_at: jiff_diesel::Timestamp,
    updated_at: jiff_diesel::Timestamp,
    deleted_at: Option<jiff_diesel::Timestamp>,
}

impl Row {
    /// The row of a tenant's location.
    pub(super) fn new(tenant: TenantId, location: &Location) -> Self {
        let Location {
            id,
            details,
            version,
            created_at,
            updated_at,
            deleted_at,
        } = location;
        let LocationDetails {
            name,
            code,
            kind,
            address_line1,
            address_line2,
            city,
            state,
            postal_code,
            capacity,
            square_feet,
            contact_name,
            contact_phone,
            contact_email,
            notes,
        } = details;
        Self {
            id: id.uuid(),
            tenant_id: tenant.uuid(),
            name: name.to_string(),
            code: code.as_ref().map(ToString::to_string),
            location_type: kind.as_str().to_owned(),
            address_line1: address_line1.as_ref().map(ToString::to_string),
            address_line2: address_line2.as_ref().map(ToString::to_string),
            city: city.as_ref().map(ToString::to_string),
            state: state.as_ref().map(ToString::to_string),
            postal_code: postal_code.as_ref().map(ToString::to_string),
            capacity: capacity.map(|found| found.get()),
            square_feet: square_feet.map(|found| found.get()),
            contact_name: contact_name.as_ref().map(ToString::to_string),
            contact_phone: contact_phone.as_ref().map(ToString::to_string),
            contact_email: contact_email.as_ref().map(ToString::to_string),
            notes: notes.as_ref().map(ToString::to_string),
            version: version.get(),
            created_at: instant(*created_at),
            updated_at: instant(*updated_at),
            deleted_at: deleted_at.map(instant),
        }
    }
}

impl TryFrom<Row> for Location {
    type Error = InconsistentRow;

    fn try_from(row: Row) -> Result<Self, InconsistentRow> {
        let from = StoredRow::new("locations", row.id);
        Ok(Self {
            id: LocationId::new(row.id),
            details: LocationDetails {
                name: from.value("name", Line::parse(&row.name))?,
                code: from.optional("code", row.code.as_deref(), Line::parse)?,
                kind: from.value("location_type", LocationType::parse(&row.location_type))?,
                address_line1: from.optional(
                    "address_line1",
                    row.address_line1.as_deref(),
                    Line::parse,
                )?,
                address_line2: from.optional(
                    "address_line2",
                    row.address_line2.as_deref(),
                    Line::parse,
                )?,
                city: from.optional("city", row.city.as_deref(), Line::parse)?,
                state: from.optional("state", row.state.as_deref(), Line::parse)?,
                postal_code: from.optional(
                    "postal_code",
                    row.postal_code.as_deref(),
                    Line::parse,
                )?,
                capacity: row
                    .capacity
                    .map(|count| from.value("capacity", Seats::new(i64::from(count))))
                    .transpose()?,
                square_feet: row
                    .square_feet
                    .map(|count| from.value("square_feet", FloorArea::new(i64::from(count))))
                    .transpose()?,
                contact_name: from.optional(
                    "contact_name",
                    row.contact_name.as_deref(),
                    Line::parse,
                )?,
                contact_phone: from.optional(
                    "contact_phone",
                    row.contact_phone.as_deref(),
                    Line::parse,
                )?,
                contact_email: from.optional(
                    "contact_email",
                    row.contact_email.as_deref(),
                    EmailAddress::parse,
                )?,
                notes: from.optional("notes", row.notes.as_deref(), Prose::parse)?,
            },
            version: from.version(row.version)?,
            created_at: row.created_at.to_jiff(),
            updated_at: row.updated_at.to_jiff(),
            deleted_at: row.deleted_at.map(jiff_diesel::Timestamp::to_jiff),
        })
    }
}
