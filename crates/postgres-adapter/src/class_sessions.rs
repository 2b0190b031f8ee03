//! Class sessions in PostgreSQL.

mod listing;
mod overlaps;
mod row;

use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl, SelectableHelper, sql_query,
};
use jiff::{Timestamp, civil::Date};
use unionhall_domain::{
    class_sessions::{ClassSession, ClassSessionId, Overlap, SeriesId},
    classes::ClassId,
    instructors::InstructorId,
    locations::LocationId,
};
use unionhall_ports::{
    class_sessions::{ClassSessionFilter, ClassSessionRepository, ClassSessionSort},
    pages::{Page, PageRequest},
    storage::StorageError,
};
use uuid::Uuid;

use crate::{
    rows::{count, page as page_of},
    schema::class_sessions,
    stored::day,
    unit_of_work::Transaction,
};
use row::Row;

/// Whoever writes to a timetable does so one after the other, tenant by tenant.
const LOCK: &str =
    "select pg_advisory_xact_lock(hashtextextended('timetable ' || app_tenant()::text, 0))";

impl ClassSessionRepository for Transaction<'_> {
    fn find(&mut self, id: ClassSessionId) -> Result<Option<ClassSession>, StorageError> {
        let tenant = self.tenant()?;
        let row = self.query(|connection| {
            with_id(tenant.uuid(), id.uuid())
                .select(Row::as_select())
                .first(connection)
                .optional()
        })?;
        self.one_session(row)
    }

    fn hold(&mut self, id: ClassSessionId) -> Result<Option<ClassSession>, StorageError> {
        let tenant = self.tenant()?;
        let row = self.query(|connection| {
            with_id(tenant.uuid(), id.uuid())
                .select(Row::as_select())
                .for_share()
                .first(connection)
                .optional()
        })?;
        self.one_session(row)
    }

    fn list(
        &mut self,
        filter: &ClassSessionFilter,
        page: &PageRequest<ClassSessionSort>,
    ) -> Result<Page<ClassSession>, StorageError> {
        let tenant = self.tenant()?;
        let rows = self.query(|connection| listing::rows(connection, tenant, filter, page))?;
        let total = if page.with_total {
            let total = self.query(|connection| listing::total(connection, tenant, filter))?;
            Some(count(total))
        } else {
            None
        };
        let Page { items, next, total } = page_of(rows, page.limit, total, listing::cursor);
        let items = self.sessions_of(items)?;
        Ok(Page { items, next, total })
    }

    fn lock_timetable(&mut self) -> Result<(), StorageError> {
        self.query(|connection| sql_query(LOCK).execute(connection))
            .map(drop)
    }

    fn of_series(&mut self, id: SeriesId, from: Date) -> Result<Vec<ClassSession>, StorageError> {
        let tenant = self.tenant()?;
        let rows = self.query(|connection| {
            class_sessions::table
                .filter(class_sessions::tenant_id.eq(tenant.uuid()))
                .filter(class_sessions::series_id.eq(id.uuid()))
                .filter(class_sessions::session_date.ge(day(from)))
                .filter(class_sessions::cancellation_reason.is_null())
                .order((class_sessions::starts_at, class_sessions::id))
                .select(Row::as_select())
                .load(connection)
        })?;
        self.sessions_of(rows)
    }

    fn of_class(&mut self, id: ClassId) -> Result<Vec<ClassSession>, StorageError> {
        let tenant = self.tenant()?;
        let rows = self.query(|connection| {
            class_sessions::table
                .filter(class_sessions::tenant_id.eq(tenant.uuid()))
                .filter(class_sessions::class_id.eq(id.uuid()))
                .filter(class_sessions::cancellation_reason.is_null())
                .order((class_sessions::starts_at, class_sessions::id))
                .select(Row::as_select())
                .load(connection)
        })?;
        self.sessions_of(rows)
    }

    fn days_at(&mut self, location: LocationId, now: Timestamp) -> Result<Vec<Date>, StorageError> {
        let filter = ClassSessionFilter {
            location: Some(location),
            is_cancelled: Some(false),
            ..ClassSessionFilter::default()
        };
        self.days_to_come(&filter, now)
    }

    fn days_taught_by(
        &mut self,
        instructor: InstructorId,
        now: Timestamp,
    ) -> Result<Vec<Date>, StorageError> {
        let filter = ClassSessionFilter {
            instructor: Some(instructor),
            is_cancelled: Some(false),
            ..ClassSessionFilter::default()
        };
        self.days_to_come(&filter, now)
    }

    fn overlaps(&mut self, ids: &[ClassSessionId]) -> Result<Vec<Overlap>, StorageError> {
        let tenant = self.tenant()?;
        let rows = self.query(|connection| overlaps::rows(connection, tenant, ids))?;
        let overlaps: Result<_, _> = rows.into_iter().map(overlaps::overlap).collect();
        overlaps.map_err(|row| self.refuse(row))
    }

    fn insert(&mut self, sessions: &[ClassSession]) -> Result<(), StorageError> {
        let tenant = self.tenant()?;
        let rows: Vec<_> = sessions
            .iter()
            .map(|session| Row::new(tenant, session))
            .collect();
        self.query(|connection| {
            diesel::insert_into(class_sessions::table)
                .values(&rows)
                .execute(connection)
        })
        .map(drop)
    }

    fn update(&mut self, session: &ClassSession) -> Result<(), StorageError> {
        let tenant = self.tenant()?;
        let row = Row::new(tenant, session);
        let stored = row.version.saturating_sub(1);
        let written = self.query(|connection| {
            diesel::update(with_id(row.tenant_id, row.id))
                .filter(class_sessions::version.eq(stored))
                .set(&row)
                .execute(connection)
        })?;
        self.unless_stale(written, 1)
    }
}

#[diesel::dsl::auto_type(no_type_alias)]
fn with_id(tenant: Uuid, id: Uuid) -> _ {
    class_sessions::table
        .filter(class_sessions::tenant_id.eq(tenant))
        .filter(class_sessions::id.eq(id))
}

impl Transaction<'_> {
    fn days_to_come(
        &mut self,
        filter: &ClassSessionFilter,
        now: Timestamp,
    ) -> Result<Vec<Date>, StorageError> {
        let tenant = self.tenant()?;
        let days =
            self.query(|connection| listing::days_to_come(connection, tenant, filter, now))?;
        Ok(days.into_iter().map(jiff_diesel::Date::to_jiff).collect())
    }

    fn one_session(&mut self, row: Option<Row>) -> Result<Option<ClassSession>, StorageError> {
        let found = self.sessions_of(row.into_iter().collect())?;
        Ok(found.into_iter().next())
    }

    fn sessions_of(&mut self, rows: Vec<Row>) -> Result<Vec<ClassSession>, StorageError> {
        let sessions: Result<_, _> = rows.into_iter().map(Row::session).collect();
        sessions.map_err(|row| self.refuse(row))
    }
}
