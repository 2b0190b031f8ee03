//! A row of `instructors`, and its way from and to the aggregate.

use diesel::{AsChangeset, Insertable, Queryable, Selectable};
use unionhall_domain::{
    ids::Id,
    instructors::{
        Engagement, Instructor, InstructorDetails, InstructorId, InstructorStatus, RateType,
        TaxIdEnding,
    },
    money::Amount,
    tenants::TenantId,
    text::{Line, Prose},
    users::EmailAddress,
};
use uuid::Uuid;

use crate::{errors::InconsistentRow, rows::instant, schema::instructors, stored::StoredRow};

/// Everything that is stored of an instructor, save what the database derives from it and the sealed tax id.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = instructors)]
#[diesel(primary_key(tenant_id, id))]
#[diesel(treat_none_as_null = true)]
#[diesel(treat_none_as_default_value = false)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) tenant_id: Uuid,
    first_name: String,
    last_name: String,
    email: String,
    phone: Option<String>,
    bio: Option<String>,
    certification: Option<String>,
    specialties: Option<String>,
    rate_type: String,
    rate_amount: Option<i64>,
    engagement: String,
    user_id: Option<Uuid>,
    status: String,
    #[diesel(skip_insertion, skip_update)]
    tax_id_ending: Option<String>,
    pub(super) version: i64,
    pub(super) created_at: jiff_diesel::Timestamp,
    updated_at: jiff_diesel::Timestamp,
    deleted_at: Option<jiff_diesel::Timestamp>,
}

impl Row {
    /// The row of a tenant's instructor.
    pub(super) fn new(tenant: TenantId, instructor: &Instructor) -> Self {
        let Instructor {
            id,
            details,
            tax_id: _,
            version,
            created_at,
            updated_at,
            deleted_at,
        } = instructor;
        let InstructorDetails {
            first_name,
            last_name,
            email,
            phone,
            bio,
            certification,
            specialties,
            rate_type,
            rate_amount,
            engagement,
            user,
            status,
        } = details;
        Self {
            id: id.uuid(),
            tenant_id: tenant.uuid(),
            first_name: first_name.to_string(),
            last_name: last_name.to_string(),
            email: email.to_string(),
            phone: phone.as_ref().map(ToString::to_string),
            bio: bio.as_ref().map(ToString::to_string),
            certification: certification.as_ref().map(ToString::to_string),
            specialties: specialties.as_ref().map(ToString::to_string),
            rate_type: rate_type.as_str().to_owned(),
            rate_amount: rate_amount.map(|found| found.minor()),
            engagement: engagement.as_str().to_owned(),
            user_id: user.map(|found| found.uuid()),
            status: status.as_str().to_owned(),
            tax_id_ending: None,
            version: version.get(),
            created_at: instant(*created_at),
            updated_at: instant(*updated_at),
            deleted_at: deleted_at.map(instant),
        }
    }
}

impl TryFrom<Row> for Instructor {
    type Error = InconsistentRow;

    fn try_from(row: Row) -> Result<Self, InconsistentRow> {
        let from = StoredRow::new("instructors", row.id);
        Ok(Self {
            id: InstructorId::new(row.id),
            details: InstructorDetails {
                first_name: from.value("first_name", Line::parse(&row.first_name))?,
                last_name: from.value("last_name", Line::parse(&row.last_name))?,
                email: from.value("email", EmailAddress::parse(&row.email))?,
                phone: from.optional("phone", row.phone.as_deref(), Line::parse)?,
                bio: from.optional("bio", row.bio.as_deref(), Prose::parse)?,
                certification: from.optional(
                    "certification",
                    row.certification.as_deref(),
                    Line::parse,
                )?,
                specialties: from.optional(
                    "specialties",
                    row.specialties.as_deref(),
                    Prose::parse,
                )?,
                rate_type: from.value("rate_type", RateType::parse(&row.rate_type))?,
                rate_amount: row
                    .rate_amount
                    .map(|minor| from.value("rate_amount", Amount::from_minor(minor)))
                    .transpose()?,
                engagement: from.value("engagement", Engagement::parse(&row.engagement))?,
                user: row.user_id.map(Id::new),
                status: from.value("status", InstructorStatus::parse(&row.status))?,
            },
            tax_id: from.optional(
                "tax_id_ending",
                row.tax_id_ending.as_deref(),
                TaxIdEnding::parse,
            )?,
            version: from.version(row.version)?,
            created_at: row.created_at.to_jiff(),
            updated_at: row.updated_at.to_jiff(),
            deleted_at: row.deleted_at.map(jiff_diesel::Timestamp::to_jiff),
        })
    }
}
