//! A row of `employments`, and its way from and to the aggregate.

use diesel::{AsChangeset, Insertable, Queryable, Selectable};
use unionhall_domain::{
    employments::{Employment, EmploymentDetails, EmploymentId, Period},
    members::{MemberId, MemberNumber},
    money::Amount,
    organizations::OrganizationId,
    tenants::TenantId,
    text::Line,
};
use unionhall_ports::employments::Employed;
use uuid::Uuid;

use crate::{
    errors::InconsistentRow,
    rows::instant,
    schema::employments,
    stored::{StoredRow, day},
};

/// Everything that is stored of a job.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = employments)]
#[diesel(primary_key(tenant_id, id))]
#[diesel(treat_none_as_null = true)]
#[diesel(treat_none_as_default_value = false)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) tenant_id: Uuid,
    member_id: Uuid,
    organization_id: Uuid,
    pub(super) start_date: jiff_diesel::Date,
    end_date: Option<jiff_diesel::Date>,
    job_title: Option<String>,
    hourly_rate: Option<i64>,
    pub(super) version: i64,
    pub(super) created_at: jiff_diesel::Timestamp,
    updated_at: jiff_diesel::Timestamp,
    deleted_at: Option<jiff_diesel::Timestamp>,
}

/// A row with the member's number and names, and the organization's name.
pub(super) type Joined = (Row, (String, String, String, String));

impl Row {
    /// The row of a job on a tenant's books.
    pub(super) fn new(tenant: TenantId, employment: &Employment) -> Self {
        let Employment {
            id,
            member,
            organization,
            details,
            version,
            created_at,
            updated_at,
            deleted_at,
        } = employment;
        let EmploymentDetails {
            period,
            job_title,
            hourly_rate,
        } = details;
        Self {
            id: id.uuid(),
            tenant_id: tenant.uuid(),
            member_id: member.uuid(),
            organization_id: organization.uuid(),
            start_date: day(period.start()),
            end_date: period.end().map(day),
            job_title: job_title.as_ref().map(ToString::to_string),
            hourly_rate: hourly_rate.map(Amount::minor),
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
            "start_date": self.start_date.to_jiff().to_string(),
            "end_date": self.end_date.map(|day| day.to_jiff().to_string()),
            "job_title": self.job_title,
            "hourly_rate": self.hourly_rate,
            "version": self.version,
            "updated_at": self.updated_at.to_jiff().to_string(),
            "deleted_at": self.deleted_at.map(|at| at.to_jiff().to_string()),
        })
    }
}

/// The job with its names.
pub(super) fn employed(
    (row, (number, first_name, last_name, name)): Joined,
) -> Result<Employed, InconsistentRow> {
    let from = StoredRow::new("employments", row.id);
    Ok(Employed {
        member_number: from.value("member_number", MemberNumber::parse(&number))?,
        first_name: from.value("first_name", Line::parse(&first_name))?,
        last_name: from.value("last_name", Line::parse(&last_name))?,
        organization_name: from.value("name", Line::parse(&name))?,
        employment: Employment::try_from(row)?,
    })
}

impl TryFrom<Row> for Employment {
    type Error = InconsistentRow;

    fn try_from(row: Row) -> Result<Self, InconsistentRow> {
        let from = StoredRow::new("employments", row.id);
        let end = row.end_date.map(jiff_diesel::Date::to_jiff);
        let rate = row.hourly_rate.map(Amount::from_minor).transpose();
        Ok(Self {
            id: EmploymentId::new(row.id),
            member: MemberId::new(row.member_id),
            organization: OrganizationId::new(row.organization_id),
            details: EmploymentDetails {
                period: from.value("end_date", Period::new(row.start_date.to_jiff(), end))?,
                job_title: from.optional("job_title", row.job_title.as_deref(), Line::parse)?,
                hourly_rate: from.value("hourly_rate", rate)?,
            },
            version: from.version(row.version)?,
            created_at: row.created_at.to_jiff(),
            updated_at: row.updated_at.to_jiff(),
            deleted_at: row.deleted_at.map(jiff_diesel::Timestamp::to_jiff),
        })
    }
}
