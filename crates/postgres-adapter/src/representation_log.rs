//! The log of how the union represented somebody, in PostgreSQL.

mod row;

use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl, SelectableHelper,
    sql_types::{Timestamptz, Uuid as SqlUuid},
};
use unionhall_domain::{
    grievances::GrievanceId,
    representation_log::{LogEntry, LogEntryId, LogEntryKind},
};
use unionhall_ports::{
    pages::{Cursor, Page, PageRequest},
    representation_log::{LogSort, RepresentationLog},
    storage::StorageError,
};

use self::row::Row;
use crate::{
    lists::{instant_key, one_more_than, place, sorted},
    rows::{count, instant, page as page_of},
    schema::representation_log,
    unit_of_work::Transaction,
};

impl RepresentationLog for Transaction<'_> {
    fn find(
        &mut self,
        grievance: GrievanceId,
        id: LogEntryId,
    ) -> Result<Option<LogEntry>, StorageError> {
        let tenant = self.tenant()?;
        let row: Option<Row> = self.query(|connection| {
            representation_log::table
                .filter(representation_log::tenant_id.eq(tenant.uuid()))
                .filter(representation_log::id.eq(id.uuid()))
                .filter(representation_log::grievance_id.eq(grievance.uuid()))
                .select(Row::as_select())
                .first(connection)
                .optional()
        })?;
        row.map(LogEntry::try_from)
            .transpose()
            .map_err(|row| self.refuse(row))
    }

    fn list(
        &mut self,
        grievance: GrievanceId,
        kind: Option<LogEntryKind>,
        page: &PageRequest<LogSort>,
    ) -> Result<Page<LogEntry>, StorageError> {
        let tenant = self.tenant()?;
        let matching = || {
            let query = representation_log::table
                .filter(representation_log::tenant_id.eq(tenant.uuid()))
                .filter(representation_log::grievance_id.eq(grievance.uuid()))
                .into_boxed();
            match kind {
                Some(kind) => query.filter(representation_log::kind.eq(kind.as_str())),
                None => query,
            }
        };
        let LogSort::Recorded = page.sort;
        let after = place(page.after.as_ref(), |key| instant_key(key).map(instant));
        let rows: Vec<Row> = match after {
            Err(_) => Vec::new(),
            Ok(after) => self.query(|connection| {
                let query = sorted!(
                    matching().select(Row::as_select()),
                    page.direction,
                    [representation_log::recorded_at, representation_log::id]
                        as (Timestamptz, SqlUuid),
                    after
                );
                one_more_than(page.limit, query).load(connection)
            })?,
        };
        let total = if page.with_total {
            let total = self.query(|connection| matching().count().get_result(connection))?;
            Some(count(total))
        } else {
            None
        };
        let found: Result<Vec<_>, _> = rows.into_iter().map(LogEntry::try_from).collect();
        let found = found.map_err(|row| self.refuse(row))?;
        Ok(page_of(found, page.limit, total, |last| Cursor {
            key: last.recorded_at.to_string(),
            id: last.id.uuid(),
        }))
    }

    fn insert(&mut self, entry: &LogEntry) -> Result<(), StorageError> {
        let row = Row::new(self.tenant()?, entry);
        self.query(|connection| {
            diesel::insert_into(representation_log::table)
                .values(&row)
                .execute(connection)
        })
        .map(drop)
    }
}
