//! SALTing scores in PostgreSQL.

mod row;

use diesel::{
    BoolExpressionMethods, ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl,
    SelectableHelper,
    dsl::count_star,
    pg::Pg,
    sql_types::{Array, BigInt, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid},
};
use unionhall_domain::{
    organizations::OrganizationId, salting_scores::SaltingScoreEntry, tenants::TenantId,
};
use unionhall_ports::{
    pages::{Cursor, Page, PageRequest},
    salting_scores::{SERIES, SaltingScoreRepository, SaltingScoreSort},
    storage::StorageError,
};

use crate::{
    lists::{one_more_than, place, sorted},
    rows::{count, instant, page as page_of},
    schema::{organizations, salting_scores},
    statements::prepared,
    unit_of_work::Transaction,
};
use row::Row;

/// The last entries of several organizations.
const LAST: &str = "\
    select id, tenant_id, organization_id, version, score, reason, notes, set_by, set_at \
    from ( \
        select *, row_number() over (partition by organization_id order by version desc) as place \
        from salting_scores where tenant_id = ? and organization_id = any(?) \
    ) as numbered \
    where place <= ? \
    order by organization_id, version";

type Columns = (
    SqlUuid,
    SqlUuid,
    SqlUuid,
    BigInt,
    Nullable<SmallInt>,
    Text,
    Nullable<Text>,
    Nullable<SqlUuid>,
    Timestamptz,
);

impl SaltingScoreRepository for Transaction<'_> {
    fn newest(
        &mut self,
        organization: OrganizationId,
    ) -> Result<Option<SaltingScoreEntry>, StorageError> {
        let tenant = self.tenant()?;
        let row = self.query(|connection| {
            of(tenant, organization)
                .order(salting_scores::version.desc())
                .select(Row::as_select())
                .first(connection)
                .optional()
        })?;
        row.map(SaltingScoreEntry::try_from)
            .transpose()
            .map_err(|row| self.refuse(row))
    }

    fn history(
        &mut self,
        organization: OrganizationId,
        request: &PageRequest<SaltingScoreSort>,
    ) -> Result<Page<SaltingScoreEntry>, StorageError> {
        let SaltingScoreSort::Set = request.sort;
        let tenant = self.tenant()?;
        let total = if request.with_total {
            let matching = told_of(tenant, organization).select(count_star());
            Some(self.query(|connection| matching.get_result(connection).map(count))?)
        } else {
            None
        };
        let Ok(after) = place(request.after.as_ref(), |key| key.parse().ok().map(instant)) else {
            return Ok(Page {
                items: Vec::new(),
                next: None,
                total,
            });
        };
        let rows = sorted!(
            told_of(tenant, organization).select(Row::as_select()),
            request.direction,
            [salting_scores::set_at, salting_scores::id] as (Timestamptz, SqlUuid),
            after
        );
        let rows = one_more_than(request.limit, rows);
        let rows = self.query(|connection| rows.load::<Row>(connection))?;
        let entries: Result<Vec<_>, _> =
            rows.into_iter().map(SaltingScoreEntry::try_from).collect();
        let entries = entries.map_err(|row| self.refuse(row))?;
        Ok(page_of(entries, request.limit, total, |last| Cursor {
            key: last.set_at.to_string(),
            id: last.id.uuid(),
        }))
    }

    fn series(
        &mut self,
        organizations: &[OrganizationId],
    ) -> Result<Vec<SaltingScoreEntry>, StorageError> {
        let tenant = self.tenant()?;
        let ids: Vec<_> = organizations.iter().map(|id| id.uuid()).collect();
        let rows: Vec<Row> = self.query(|connection| {
            prepared::<Columns>(LAST)
                .bind::<SqlUuid, _>(tenant.uuid())
                .bind::<Array<SqlUuid>, _>(ids)
                .bind::<BigInt, _>(SERIES)
                .load(connection)
        })?;
        let entries: Result<_, _> = rows.into_iter().map(SaltingScoreEntry::try_from).collect();
        entries.map_err(|row| self.refuse(row))
    }

    fn insert(&mut self, entry: &SaltingScoreEntry) -> Result<(), StorageError> {
        let row = Row::new(self.tenant()?, entry);
        let written = self.query(|connection| {
            diesel::insert_into(salting_scores::table)
                .values(&row)
                .on_conflict((
                    salting_scores::tenant_id,
                    salting_scores::organization_id,
                    salting_scores::version,
                ))
                .do_nothing()
                .execute(connection)
        })?;
        self.unless_stale(written, 1)
    }
}

fn of(tenant: TenantId, organization: OrganizationId) -> salting_scores::BoxedQuery<'static, Pg> {
    salting_scores::table
        .filter(salting_scores::tenant_id.eq(tenant.uuid()))
        .filter(salting_scores::organization_id.eq(organization.uuid()))
        .into_boxed()
}

/// What was said of an organization, and of those that were merged into it: their entries stay where they were written.
fn told_of(
    tenant: TenantId,
    organization: OrganizationId,
) -> salting_scores::BoxedQuery<'static, Pg> {
    let merged = organizations::table
        .filter(organizations::tenant_id.eq(tenant.uuid()))
        .filter(organizations::merged_into.eq(organization.uuid()))
        .select(organizations::id);
    let of_these = salting_scores::organization_id
        .eq(organization.uuid())
        .or(salting_scores::organization_id.eq_any(merged));
    let all: salting_scores::BoxedQuery<'static, Pg> = salting_scores::table.into_boxed();
    all.filter(salting_scores::tenant_id.eq(tenant.uuid()))
        .filter(of_these)
}
