//! Courses, their editions and their prerequisites in PostgreSQL.

mod listing;
mod row;

use diesel::{
    ExpressionMethods, JoinOnDsl, OptionalExtension, QueryDsl, RunQueryDsl, SelectableHelper,
    sql_query,
};
use unionhall_domain::courses::{Course, CourseEdition, CourseId, Requirement};
use unionhall_ports::{
    courses::{CourseFilter, CourseRepository, CourseSort, EditionSort},
    pages::{Page, PageRequest},
    storage::StorageError,
};
use uuid::Uuid;

use crate::{
    rows::{count, page as page_of},
    schema::{course_editions, course_prerequisites, courses},
    unit_of_work::Transaction,
};
use row::{EditionRow, PrerequisiteRow, Row};

/// Who decides which course comes before which does so one after the other, tenant by tenant.
const LOCK: &str = "select pg_advisory_xact_lock(hashtextextended('course prerequisites ' || app_tenant()::text, 0))";

impl CourseRepository for Transaction<'_> {
    fn find(&mut self, id: CourseId) -> Result<Option<Course>, StorageError> {
        let tenant = self.tenant()?;
        let row = self.query(|connection| {
            with_id(tenant.uuid(), id.uuid())
                .filter(courses::deleted_at.is_null())
                .select(Row::as_select())
                .first(connection)
                .optional()
        })?;
        self.one_course(row)
    }

    fn hold(&mut self, id: CourseId) -> Result<Option<Course>, StorageError> {
        let tenant = self.tenant()?;
        let row = self.query(|connection| {
            with_id(tenant.uuid(), id.uuid())
                .filter(courses::deleted_at.is_null())
                .select(Row::as_select())
                .for_share()
                .first(connection)
                .optional()
        })?;
        self.one_course(row)
    }

    fn find_deleted(&mut self, id: CourseId) -> Result<Option<Course>, StorageError> {
        let tenant = self.tenant()?;
        let row = self.query(|connection| {
            with_id(tenant.uuid(), id.uuid())
                .filter(courses::deleted_at.is_not_null())
                .select(Row::as_select())
                .first(connection)
                .optional()
        })?;
        self.one_course(row)
    }

    fn list(
        &mut self,
        filter: &CourseFilter,
        page: &PageRequest<CourseSort>,
    ) -> Result<Page<Course>, StorageError> {
        let tenant = self.tenant()?;
        let rows = self.query(|connection| listing::rows(connection, tenant, filter, page))?;
        let total = if page.with_total {
            let total = self.query(|connection| listing::total(connection, tenant, filter))?;
            Some(count(total))
        } else {
            None
        };
        let Page { items, next, total } = page_of(rows, page.limit, total, |row| {
            listing::cursor(page.sort, row)
        });
        let rows = items.into_iter().map(|(row, _, _)| row).collect();
        let items = self.courses_of(rows)?;
        Ok(Page { items, next, total })
    }

    fn editions(
        &mut self,
        id: CourseId,
        page: &PageRequest<EditionSort>,
    ) -> Result<Page<CourseEdition>, StorageError> {
        let tenant = self.tenant()?;
        let rows = self.query(|connection| listing::editions(connection, tenant, id, page))?;
        let total = if page.with_total {
            let total = self.query(|connection| {
                course_editions::table
                    .filter(course_editions::tenant_id.eq(tenant.uuid()))
                    .filter(course_editions::course_id.eq(id.uuid()))
                    .count()
                    .get_result(connection)
            })?;
            Some(count(total))
        } else {
            None
        };
        let Page { items, next, total } = page_of(rows, page.limit, total, listing::edition_cursor);
        let items: Result<_, _> = items.into_iter().map(EditionRow::edition).collect();
        let items = items.map_err(|row| self.refuse(row))?;
        Ok(Page { items, next, total })
    }

    fn lock_prerequisites(&mut self) -> Result<(), StorageError> {
        self.query(|connection| sql_query(LOCK).execute(connection))
            .map(drop)
    }

    fn requirements(&mut self) -> Result<Vec<Requirement>, StorageError> {
        let tenant = self.tenant()?;
        let pairs: Vec<(Uuid, Uuid)> = self.query(|connection| {
            course_prerequisites::table
                .inner_join(courses::table.on(courses::id.eq(course_prerequisites::course_id)))
                .filter(course_prerequisites::tenant_id.eq(tenant.uuid()))
                .filter(courses::tenant_id.eq(tenant.uuid()))
                .filter(courses::deleted_at.is_null())
                .order((
                    course_prerequisites::course_id,
                    course_prerequisites::prerequisite_id,
                ))
                .select((
                    course_prerequisites::course_id,
                    course_prerequisites::prerequisite_id,
                ))
                .load(connection)
        })?;
        let pair = |(after, before)| (CourseId::new(after), CourseId::new(before));
        Ok(pairs.into_iter().map(pair).collect())
    }

    fn known(&mut self, ids: &[CourseId]) -> Result<Vec<CourseId>, StorageError> {
        let tenant = self.tenant()?;
        let ids: Vec<_> = ids.iter().map(|id| id.uuid()).collect();
        let found: Vec<Uuid> = self.query(|connection| {
            courses::table
                .filter(courses::tenant_id.eq(tenant.uuid()))
                .filter(courses::id.eq_any(ids))
                .filter(courses::deleted_at.is_null())
                .order(courses::id)
                .select(courses::id)
                .load(connection)
        })?;
        Ok(found.into_iter().map(CourseId::new).collect())
    }

    fn insert(&mut self, course: &Course) -> Result<(), StorageError> {
        let tenant = self.tenant()?;
        let row = Row::new(tenant, course);
        self.query(|connection| {
            diesel::insert_into(courses::table)
                .values(&row)
                .execute(connection)
        })?;
        self.put_edition(course)?;
        self.put_prerequisites(course)
    }

    fn update(&mut self, course: &Course) -> Result<(), StorageError> {
        let tenant = self.tenant()?;
        let row = Row::new(tenant, course);
        let stored = row.version.saturating_sub(1);
        let written = self.query(|connection| {
            diesel::update(with_id(row.tenant_id, row.id))
                .filter(courses::version.eq(stored))
                .set(&row)
                .execute(connection)
        })?;
        self.unless_stale(written, 1)?;
        self.put_edition(course)?;
        self.query(|connection| {
            diesel::delete(
                course_prerequisites::table
                    .filter(course_prerequisites::tenant_id.eq(row.tenant_id))
                    .filter(course_prerequisites::course_id.eq(row.id)),
            )
            .execute(connection)
        })?;
        self.put_prerequisites(course)
    }
}

#[diesel::dsl::auto_type(no_type_alias)]
fn with_id(tenant: Uuid, id: Uuid) -> _ {
    courses::table
        .filter(courses::tenant_id.eq(tenant))
        .filter(courses::id.eq(id))
}

impl Transaction<'_> {
    fn one_course(&mut self, row: Option<Row>) -> Result<Option<Course>, StorageError> {
        let found = self.courses_of(row.into_iter().collect())?;
        Ok(found.into_iter().next())
    }

    /// The courses of these rows, in their order, with the prerequisites of all of them read at once.
    fn courses_of(&mut self, rows: Vec<Row>) -> Result<Vec<Course>, StorageError> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let tenant = self.tenant()?;
        let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
        let before: Vec<PrerequisiteRow> = self.query(|connection| {
            course_prerequisites::table
                .filter(course_prerequisites::tenant_id.eq(tenant.uuid()))
                .filter(course_prerequisites::course_id.eq_any(ids))
                .select(PrerequisiteRow::as_select())
                .load(connection)
        })?;
        let courses: Result<_, _> = rows.into_iter().map(|row| row.course(&before)).collect();
        courses.map_err(|row| self.refuse(row))
    }

    fn put_edition(&mut self, course: &Course) -> Result<(), StorageError> {
        let tenant = self.tenant()?;
        let row = EditionRow::new(tenant, &course.present_edition(course.updated_at));
        self.query(|connection| {
            diesel::insert_into(course_editions::table)
                .values(&row)
                .on_conflict_do_nothing()
                .execute(connection)
        })
        .map(drop)
    }

    fn put_prerequisites(&mut self, course: &Course) -> Result<(), StorageError> {
        let tenant = self.tenant()?;
        let rows = PrerequisiteRow::all(tenant, course);
        self.query(|connection| {
            diesel::insert_into(course_prerequisites::table)
                .values(&rows)
                .execute(connection)
        })
        .map(drop)
    }
}
