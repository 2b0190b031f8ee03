//! SALTing activities in PostgreSQL.

mod listing;
mod row;
mod tallies;

use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl, SelectableHelper};
use unionhall_domain::salting_activities::{SaltingActivity, SaltingActivityId};
use unionhall_ports::{
    pages::{Page, PageRequest},
    salting_activities::{
        SaltingActivityFilter, SaltingActivityRepository, SaltingActivitySort, SaltingStatistics,
    },
    storage::StorageError,
};
use uuid::Uuid;

use crate::{
    rows::{count, page as page_of},
    schema::salting_activities,
    unit_of_work::Transaction,
};
use row::Row;

impl SaltingActivityRepository for Transaction<'_> {
    fn find(&mut self, id: SaltingActivityId) -> Result<Option<SaltingActivity>, StorageError> {
        let tenant = self.tenant()?;
        let row = self.query(|connection| {
            with_id(tenant.uuid(), id.uuid())
                .filter(salting_activities::deleted_at.is_null())
                .select(Row::as_select())
                .first(connection)
                .optional()
        })?;
        self.salting_activity(row)
    }

    fn find_deleted(
        &mut self,
        id: SaltingActivityId,
    ) -> Result<Option<SaltingActivity>, StorageError> {
        let tenant = self.tenant()?;
        let row = self.query(|connection| {
            with_id(tenant.uuid(), id.uuid())
                .filter(salting_activities::deleted_at.is_not_null())
                .select(Row::as_select())
                .first(connection)
                .optional()
        })?;
        self.salting_activity(row)
    }

    fn list(
        &mut self,
        filter: &SaltingActivityFilter,
        page: &PageRequest<SaltingActivitySort>,
    ) -> Result<Page<SaltingActivity>, StorageError> {
        let tenant = self.tenant()?;
        let rows = self.query(|connection| listing::rows(connection, tenant, filter, page))?;
        let total = if page.with_total {
            let total = self.query(|connection| listing::total(connection, tenant, filter))?;
            Some(count(total))
        } else {
            None
        };
        let activities: Result<Vec<_>, _> =
            rows.into_iter().map(SaltingActivity::try_from).collect();
        let activities = activities.map_err(|row| self.refuse(row))?;
        Ok(page_of(activities, page.limit, total, |last| {
            listing::cursor(page.sort, last)
        }))
    }

    fn statistics(
        &mut self,
        filter: &SaltingActivityFilter,
    ) -> Result<SaltingStatistics, StorageError> {
        let tenant = self.tenant()?;
        let rows = self.query(|connection| tallies::rows(connection, tenant, filter))?;
        tallies::statistics(rows).map_err(|row| self.refuse(row))
    }

    fn insert(&mut self, activity: &SaltingActivity) -> Result<(), StorageError> {
        let row = Row::new(self.tenant()?, activity);
        self.query(|connection| {
            diesel::insert_into(salting_activities::table)
                .values(&row)
                .execute(connection)
        })
        .map(drop)
    }

    fn update(&mut self, activity: &SaltingActivity) -> Result<(), StorageError> {
        let row = Row::new(self.tenant()?, activity);
        let stored = row.version.saturating_sub(1);
        let written = self.query(|connection| {
            diesel::update(with_id(row.tenant_id, row.id))
                .filter(salting_activities::version.eq(stored))
                .set(&row)
                .execute(connection)
        })?;
        self.unless_stale(written, 1)
    }
}

#[diesel::dsl::auto_type(no_type_alias)]
fn with_id(tenant: Uuid, id: Uuid) -> _ {
    salting_activities::table
        .filter(salting_activities::tenant_id.eq(tenant))
        .filter(salting_activities::id.eq(id))
}

impl Transaction<'_> {
    fn salting_activity(
        &mut self,
        row: Option<Row>,
    ) -> Result<Option<SaltingActivity>, StorageError> {
        row.map(SaltingActivity::try_from)
            .transpose()
            .map_err(|row| self.refuse(row))
    }
}
