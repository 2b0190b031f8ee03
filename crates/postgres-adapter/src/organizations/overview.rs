//! What an organization is in the middle of, in two statements.

use diesel::{
    ExpressionMethods, QueryDsl, RunQueryDsl,
    sql_types::{BigInt, Date as SqlDate, Uuid as SqlUuid},
};
use jiff::civil::Date;
use unionhall_domain::{
    grievances::{GrievanceId, GrievanceNumber},
    members::MemberId,
    organizations::OrganizationId,
};
use unionhall_ports::{
    organizations::{OpenGrievance, OrganizationCounts, OverviewRepository},
    storage::StorageError,
};
use uuid::Uuid;

use crate::{
    errors::InconsistentRow,
    rows::count,
    schema::grievances,
    statements::prepared,
    stored::{StoredRow, day},
    unit_of_work::Transaction,
};

const COUNTS: &str = "\
    with given (tenant, organization, today) as (values (?, ?, ?)) \
    select \
        (select count(*) from contacts c \
            where c.tenant_id = g.tenant and c.organization_id = g.organization and c.deleted_at is null), \
        (select count(distinct e.member_id) from employments e \
            where e.tenant_id = g.tenant and e.organization_id = g.organization and e.deleted_at is null \
                and e.start_date <= g.today and (e.end_date is null or e.end_date >= g.today)), \
        (select count(*) from grievances r \
            where r.tenant_id = g.tenant and r.employer_id = g.organization and r.deleted_at is null \
                and r.status in ('open', 'investigation', 'hearing', 'arbitration')) \
    from given g";

/// Where a grievance stands that is open.
const OPEN: [&str; 4] = ["open", "investigation", "hearing", "arbitration"];

impl OverviewRepository for Transaction<'_> {
    fn counts(
        &mut self,
        organization: OrganizationId,
        today: Date,
    ) -> Result<OrganizationCounts, StorageError> {
        let tenant = self.tenant()?;
        let (contacts, members, open): (i64, i64, i64) = self.query(|connection| {
            prepared::<(BigInt, BigInt, BigInt)>(COUNTS)
                .bind::<SqlUuid, _>(tenant.uuid())
                .bind::<SqlUuid, _>(organization.uuid())
                .bind::<SqlDate, _>(day(today))
                .get_result(connection)
        })?;
        Ok(OrganizationCounts {
            contacts: count(contacts),
            current_members: count(members),
            open_grievances: count(open),
        })
    }

    fn open_grievances(
        &mut self,
        organization: OrganizationId,
        limit: u16,
    ) -> Result<Vec<OpenGrievance>, StorageError> {
        type Row = (Uuid, i16, i32, Uuid, jiff_diesel::Date, String, String);
        let tenant = self.tenant()?;
        let rows: Vec<Row> = self.query(|connection| {
            grievances::table
                .filter(grievances::tenant_id.eq(tenant.uuid()))
                .filter(grievances::employer_id.eq(organization.uuid()))
                .filter(grievances::deleted_at.is_null())
                .filter(grievances::status.eq_any(OPEN))
                .order((grievances::filed_date.desc(), grievances::id.desc()))
                .limit(i64::from(limit))
                .select((
                    grievances::id,
                    grievances::year,
                    grievances::place,
                    grievances::member_id,
                    grievances::filed_date,
                    grievances::current_step,
                    grievances::status,
                ))
                .load(connection)
        })?;
        let open = |(id, year, place, member, filed, current_step, status): Row| {
            let from = StoredRow::new("grievances", id);
            Ok::<_, InconsistentRow>(OpenGrievance {
                id: GrievanceId::new(id),
                number: from.value("place", GrievanceNumber::new(year, place))?,
                member: MemberId::new(member),
                filed_date: filed.to_jiff(),
                current_step,
                status,
            })
        };
        let found: Result<_, _> = rows.into_iter().map(open).collect();
        found.map_err(|row| self.refuse(row))
    }
}
