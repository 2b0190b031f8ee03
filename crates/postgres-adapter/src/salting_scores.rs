//! SALTing scores in PostgreSQL.

mod row;

use diesel::{
    BoolExpressionMethods, ExpressionMethods, NullableExpressionMethods, OptionalExtension,
    QueryDsl, RunQueryDsl, SelectableHelper,
    dsl::count_star,
    pg::Pg,
    sql_types::{Array, BigInt, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid},
};
use unionhall_domain::{
    organizations::OrganizationId, salting_scores::SaltingScoreEntry, tenants::TenantId,
    version::Version,
};
use unionhall_ports::{
    pages::{Cursor, Page, PageRequest},
    salting_scores::{SERIES, SaltingScoreRepository, SaltingScoreSort},
    storage::StorageError,
};

use crate::{
    lists::{instant_key, one_more_than, place, sorted},
    rows::{count, instant, page as page_of},
    schema::{organizations, salting_scores},
    statements::prepared,
    unit_of_work::Transaction,
};
use row::Row;

/// The last entries of several organizations, with those of what was merged into them.
const LAST: &str = "\
    with told as ( \
        select asked as of, asked as id from unnest(?) as asked \
        union all \
        select merged_into, id from organizations where tenant_id = ? and merged_into = any(?)) \
    select id, tenant_id, of, version, score, reason, notes, set_by, set_at \
    from ( \
        select s.*, t.of, row_number() over (partition by t.of order by s.set_at desc, s.version desc) as place \
        from told t join salting_scores s on s.tenant_id = ? and s.organization_id = t.id \
    ) as numbered \
    where place <= ? \
    order by of, set_at, version";

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
            told_of(tenant, organization)
                .order((
                    salting_scores::set_at.desc(),
                    salting_scores::version.desc(),
                ))
                .select(Row::as_select())
                .first(connection)
                .optional()
        })?;
        row.map(SaltingScoreEntry::try_from)
            .transpose()
            .map_err(|row| self.refuse(row))
    }

    fn last_version(
        &mut self,
        organization: OrganizationId,
    ) -> Result<Option<Version>, StorageError> {
        let tenant = self.tenant()?;
        let version: Option<i64> = self.query(|connection| {
            salting_scores::table
                .filter(salting_scores::tenant_id.eq(tenant.uuid()))
                .filter(salting_scores::organization_id.eq(organization.uuid()))
                .order(salting_scores::version.desc())
                .select(salting_scores::version)
                .first(connection)
                .optional()
        })?;
        // A check of the table keeps versions above zero.
        Ok(version.and_then(Version::new))
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
        let Ok(after) = place(request.after.as_ref(), |key| instant_key(key).map(instant)) else {
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
                .bind::<Array<SqlUuid>, _>(&ids)
                .bind::<SqlUuid, _>(tenant.uuid())
                .bind::<Array<SqlUuid>, _>(&ids)
                .bind::<SqlUuid, _>(tenant.uuid())
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

/// What was said of an organization, and of those that were merged into it: their entries stay where they were written.
fn told_of(
    tenant: TenantId,
    organization: OrganizationId,
) -> salting_scores::BoxedQuery<'static, Pg> {
    // The `or` is among the organizations, where each side has its index: among the scores it would read all of them.
    let these = organizations::table
        .filter(organizations::tenant_id.eq(tenant.uuid()))
        .filter(
            organizations::id
                .eq(organization.uuid())
                .or(organizations::merged_into
                    .assume_not_null()
                    .eq(organization.uuid())),
        )
        .select(organizations::id);
    let all: salting_scores::BoxedQuery<'static, Pg> = salting_scores::table.into_boxed();
    all.filter(salting_scores::tenant_id.eq(tenant.uuid()))
        .filter(salting_scores::organization_id.eq_any(these))
}
