//! Grievances, their numbers and their meetings in PostgreSQL.

mod listing;
mod row;
mod search;
mod settlement;
mod steps;

use diesel::{
    ExpressionMethods, OptionalExtension, PgConnection, QueryDsl, QueryResult, RunQueryDsl,
    SelectableHelper,
    sql_types::{Integer, Jsonb, SmallInt, Uuid as SqlUuid},
};
use unionhall_domain::{
    collective_agreements::CollectiveAgreementId,
    grievances::{Grievance, GrievanceId, GrievanceNumber, StepRecord},
    members::MemberId,
    organizations::OrganizationId,
};
use unionhall_ports::{
    grievances::{GrievanceFilter, GrievanceRepository, GrievanceSort},
    pages::{Page, PageRequest},
    storage::StorageError,
};
use uuid::Uuid;

use crate::{
    errors::InconsistentRow,
    rows::{count, page as page_of, stored},
    schema::{grievance_steps, grievances},
    statements::{command, prepared},
    unit_of_work::Transaction,
};
use row::Row;
use steps::StepRow;

/// Waits for whoever took a number of the same year until that transaction has ended: so there are no gaps.
const NEXT_NUMBER: &str = "\
    insert into number_sequences as sequence (tenant_id, kind, year, last) values (?, 'grievance', ?, 1) \
    on conflict (tenant_id, kind, year) do update set last = sequence.last + 1 \
    returning last";

/// Writes representatives where each record has the version before.
const ASSIGN: &str = "\
    update grievances set \
        assigned_representative_id = new.representative, version = new.version, updated_at = new.updated_at \
    from jsonb_to_recordset(?) as new(id uuid, representative uuid, version bigint, updated_at timestamptz) \
    where grievances.tenant_id = ? and grievances.id = new.id and grievances.version = new.version - 1";

/// How many numbers are told when a record cannot go because of its grievances.
const NUMBERS_TOLD: i64 = 20;

impl GrievanceRepository for Transaction<'_> {
    fn next_number(&mut self, year: i16) -> Result<GrievanceNumber, StorageError> {
        let tenant = self.tenant()?;
        let place = self.query(|connection| {
            prepared::<Integer>(NEXT_NUMBER)
                .bind::<SqlUuid, _>(tenant.uuid())
                .bind::<SmallInt, _>(year)
                .get_result::<i32>(connection)
        })?;
        number(year, place).map_err(|row| self.refuse(row))
    }

    fn find(&mut self, id: GrievanceId) -> Result<Option<Grievance>, StorageError> {
        let tenant = self.tenant()?;
        let row = self.query(|connection| {
            with_id(tenant.uuid(), id.uuid())
                .filter(grievances::deleted_at.is_null())
                .select(Row::as_select())
                .first(connection)
                .optional()
        })?;
        self.grievance(row)
    }

    fn find_deleted(&mut self, id: GrievanceId) -> Result<Option<Grievance>, StorageError> {
        let tenant = self.tenant()?;
        let row = self.query(|connection| {
            with_id(tenant.uuid(), id.uuid())
                .filter(grievances::deleted_at.is_not_null())
                .select(Row::as_select())
                .first(connection)
                .optional()
        })?;
        self.grievance(row)
    }

    fn find_by_number(
        &mut self,
        number: GrievanceNumber,
    ) -> Result<Option<Grievance>, StorageError> {
        let tenant = self.tenant()?;
        let row = self.query(|connection| {
            grievances::table
                .filter(grievances::tenant_id.eq(tenant.uuid()))
                .filter(grievances::year.eq(number.year()))
                .filter(grievances::place.eq(number.place()))
                .filter(grievances::deleted_at.is_null())
                .select(Row::as_select())
                .first(connection)
                .optional()
        })?;
        self.grievance(row)
    }

    fn list(
        &mut self,
        filter: &GrievanceFilter,
        page: &PageRequest<GrievanceSort>,
    ) -> Result<Page<Grievance>, StorageError> {
        let tenant = self.tenant()?;
        let rows = self.query(|connection| listing::rows(connection, tenant, filter, page))?;
        let total = if page.with_total {
            let total = self.query(|connection| listing::total(connection, tenant, filter))?;
            Some(count(total))
        } else {
            None
        };
        let grievances: Result<Vec<_>, _> = rows.into_iter().map(Grievance::try_from).collect();
        let grievances = grievances.map_err(|row| self.refuse(row))?;
        Ok(page_of(grievances, page.limit, total, |last| {
            listing::cursor(page.sort, last.number, last.filed_date, last.id.uuid())
        }))
    }

    fn insert(&mut self, grievance: &Grievance) -> Result<(), StorageError> {
        let row = Row::new(self.tenant()?, grievance);
        self.query(|connection| {
            diesel::insert_into(grievances::table)
                .values(&row)
                .execute(connection)
        })
        .map(drop)
    }

    fn update(&mut self, grievance: &Grievance) -> Result<(), StorageError> {
        let row = Row::new(self.tenant()?, grievance);
        let stored = row.version.saturating_sub(1);
        let written = self.query(|connection| {
            diesel::update(with_id(row.tenant_id, row.id))
                .filter(grievances::version.eq(stored))
                .set(&row)
                .execute(connection)
        })?;
        self.unless_stale(written, 1)
    }

    fn lock_by_ids(&mut self, ids: &[GrievanceId]) -> Result<Vec<Grievance>, StorageError> {
        let tenant = self.tenant()?;
        let ids: Vec<_> = ids.iter().map(|id| id.uuid()).collect();
        let rows: Vec<Row> = self.query(|connection| {
            grievances::table
                .filter(grievances::tenant_id.eq(tenant.uuid()))
                .filter(grievances::id.eq_any(ids))
                .filter(grievances::deleted_at.is_null())
                // Whoever locks several does so in the same order, so nobody waits in a circle.
                .order(grievances::id)
                .select(Row::as_select())
                .for_update()
                .load(connection)
        })?;
        let found: Result<_, _> = rows.into_iter().map(Grievance::try_from).collect();
        found.map_err(|row| self.refuse(row))
    }

    fn assign(&mut self, grievances: &[Grievance]) -> Result<(), StorageError> {
        let tenant = self.tenant()?;
        let row = |grievance: &Grievance| {
            serde_json::json!({
                "id": grievance.id.to_string(),
                "representative": grievance.claim.assigned_representative.map(|id| id.to_string()),
                "version": grievance.version.get(),
                "updated_at": grievance.updated_at.to_string(),
            })
        };
        let rows: serde_json::Value = grievances.iter().map(row).collect();
        let written = self.query(|connection| {
            command(ASSIGN)
                .bind::<Jsonb, _>(rows)
                .bind::<SqlUuid, _>(tenant.uuid())
                .execute(connection)
        })?;
        self.unless_stale(written, grievances.len())
    }

    fn insert_step(&mut self, record: &StepRecord) -> Result<(), StorageError> {
        let row = StepRow::new(self.tenant()?, record);
        self.query(|connection| {
            diesel::insert_into(grievance_steps::table)
                .values(&row)
                .execute(connection)
        })
        .map(drop)
    }

    fn steps(&mut self, grievance: GrievanceId) -> Result<Vec<StepRecord>, StorageError> {
        let tenant = self.tenant()?;
        let rows: Vec<StepRow> = self.query(|connection| {
            grievance_steps::table
                .filter(grievance_steps::tenant_id.eq(tenant.uuid()))
                .filter(grievance_steps::grievance_id.eq(grievance.uuid()))
                .order((
                    grievance_steps::meeting_date,
                    grievance_steps::created_at,
                    grievance_steps::id,
                ))
                .select(StepRow::as_select())
                .load(connection)
        })?;
        let records: Result<_, _> = rows.into_iter().map(StepRecord::try_from).collect();
        records.map_err(|row| self.refuse(row))
    }

    fn numbers_of_member(
        &mut self,
        member: MemberId,
    ) -> Result<Vec<GrievanceNumber>, StorageError> {
        let tenant = self.tenant()?;
        self.numbers(|connection| {
            grievances::table
                .filter(grievances::tenant_id.eq(tenant.uuid()))
                .filter(grievances::member_id.eq(member.uuid()))
                .filter(grievances::deleted_at.is_null())
                .order((grievances::year, grievances::place))
                .select((grievances::year, grievances::place))
                .limit(NUMBERS_TOLD)
                .load(connection)
        })
    }

    fn numbers_against(
        &mut self,
        employer: OrganizationId,
    ) -> Result<Vec<GrievanceNumber>, StorageError> {
        let tenant = self.tenant()?;
        self.numbers(|connection| {
            grievances::table
                .filter(grievances::tenant_id.eq(tenant.uuid()))
                .filter(grievances::employer_id.eq(employer.uuid()))
                .filter(grievances::deleted_at.is_null())
                .order((grievances::year, grievances::place))
                .select((grievances::year, grievances::place))
                .limit(NUMBERS_TOLD)
                .load(connection)
        })
    }

    fn numbers_under(
        &mut self,
        agreement: CollectiveAgreementId,
    ) -> Result<Vec<GrievanceNumber>, StorageError> {
        let tenant = self.tenant()?;
        self.numbers(|connection| {
            grievances::table
                .filter(grievances::tenant_id.eq(tenant.uuid()))
                .filter(grievances::agreement_id.eq(agreement.uuid()))
                .filter(grievances::deleted_at.is_null())
                .order((grievances::year, grievances::place))
                .select((grievances::year, grievances::place))
                .limit(NUMBERS_TOLD)
                .load(connection)
        })
    }
}

#[diesel::dsl::auto_type(no_type_alias)]
fn with_id(tenant: Uuid, id: Uuid) -> _ {
    grievances::table
        .filter(grievances::tenant_id.eq(tenant))
        .filter(grievances::id.eq(id))
}

impl Transaction<'_> {
    fn grievance(&mut self, row: Option<Row>) -> Result<Option<Grievance>, StorageError> {
        row.map(Grievance::try_from)
            .transpose()
            .map_err(|row| self.refuse(row))
    }

    fn numbers(
        &mut self,
        load: impl FnOnce(&mut PgConnection) -> QueryResult<Vec<(i16, i32)>>,
    ) -> Result<Vec<GrievanceNumber>, StorageError> {
        let rows = self.query(load)?;
        let numbers: Result<_, _> = rows
            .into_iter()
            .map(|(year, place)| number(year, place))
            .collect();
        numbers.map_err(|row| self.refuse(row))
    }
}

fn number(year: i16, place: i32) -> Result<GrievanceNumber, InconsistentRow> {
    stored(
        "grievances",
        format_args!("{year}-{place}"),
        "number",
        GrievanceNumber::new(year, place),
    )
}
