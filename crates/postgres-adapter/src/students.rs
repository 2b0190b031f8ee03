//! Students in PostgreSQL.

mod listing;
mod moves;
mod row;

use diesel::{
    ExpressionMethods, OptionalExtension, PgConnection, QueryDsl, QueryResult, RunQueryDsl,
    SelectableHelper,
    sql_types::{Bool, Integer, SmallInt, Text, Uuid as SqlUuid},
};
use unionhall_domain::{
    members::MemberId,
    organizations::OrganizationId,
    students::{Moved, Student, StudentId, StudentNumber},
    text::Line,
};
use unionhall_ports::{
    pages::{Page, PageRequest},
    storage::StorageError,
    students::{StudentFilter, StudentRepository, StudentSort},
};
use uuid::Uuid;

use crate::{
    rows::{count, page as page_of, stored},
    schema::{student_moves, students},
    statements::prepared,
    unit_of_work::Transaction,
};
use moves::MoveRow;
use row::Row;

/// Waits for whoever took a number of the same year until that transaction has ended: so there are no gaps.
const NEXT_NUMBER: &str = "\
    insert into number_sequences as sequence (tenant_id, kind, year, last) values (?, 'student', ?, 1) \
    on conflict (tenant_id, kind, year) do update set last = sequence.last + 1 \
    returning last";

const IS_SENT: &str = "\
    select exists ( \
        select from students where tenant_id = ? and union_id = ? and lower(sent_number) = lower(?))";

/// How many students are told when a union cannot go because of them.
const TOLD: i64 = 20;

impl StudentRepository for Transaction<'_> {
    fn find(&mut self, id: StudentId) -> Result<Option<Student>, StorageError> {
        let tenant = self.tenant()?;
        self.student(|connection| {
            with_id(tenant.uuid(), id.uuid())
                .filter(students::deleted_at.is_null())
                .select(Row::as_select())
                .first(connection)
        })
    }

    fn hold(&mut self, id: StudentId) -> Result<Option<Student>, StorageError> {
        let tenant = self.tenant()?;
        self.student(|connection| {
            with_id(tenant.uuid(), id.uuid())
                .filter(students::deleted_at.is_null())
                .select(Row::as_select())
                .for_share()
                .first(connection)
        })
    }

    fn find_deleted(&mut self, id: StudentId) -> Result<Option<Student>, StorageError> {
        let tenant = self.tenant()?;
        self.student(|connection| {
            with_id(tenant.uuid(), id.uuid())
                .filter(students::deleted_at.is_not_null())
                .select(Row::as_select())
                .first(connection)
        })
    }

    fn list(
        &mut self,
        filter: &StudentFilter,
        page: &PageRequest<StudentSort>,
    ) -> Result<Page<Student>, StorageError> {
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
        let items: Result<_, _> = items
            .into_iter()
            .map(|(row, _)| Student::try_from(row))
            .collect();
        let items = items.map_err(|row| self.refuse(row))?;
        Ok(Page { items, next, total })
    }

    fn next_number(&mut self, year: i16) -> Result<StudentNumber, StorageError> {
        let tenant = self.tenant()?;
        let place = self.query(|connection| {
            prepared::<Integer>(NEXT_NUMBER)
                .bind::<SqlUuid, _>(tenant.uuid())
                .bind::<SmallInt, _>(year)
                .get_result::<i32>(connection)
        })?;
        let number = StudentNumber::new(year, place);
        let place = format_args!("{year}-{place}");
        stored("number_sequences", place, "last", number).map_err(|row| self.refuse(row))
    }

    fn find_by_number(&mut self, number: StudentNumber) -> Result<Option<Student>, StorageError> {
        let tenant = self.tenant()?;
        self.student(|connection| {
            students::table
                .filter(students::tenant_id.eq(tenant.uuid()))
                .filter(students::year.eq(number.year()))
                .filter(students::place.eq(number.place()))
                .filter(students::deleted_at.is_null())
                .select(Row::as_select())
                .first(connection)
        })
    }

    fn find_of_member(&mut self, member: MemberId) -> Result<Option<Student>, StorageError> {
        let tenant = self.tenant()?;
        self.student(|connection| {
            students::table
                .filter(students::tenant_id.eq(tenant.uuid()))
                .filter(students::member_id.eq(member.uuid()))
                .filter(students::deleted_at.is_null())
                .select(Row::as_select())
                .first(connection)
        })
    }

    fn is_sent(
        &mut self,
        union: OrganizationId,
        member_number: &Line<50>,
    ) -> Result<bool, StorageError> {
        let tenant = self.tenant()?;
        self.query(|connection| {
            prepared::<Bool>(IS_SENT)
                .bind::<SqlUuid, _>(tenant.uuid())
                .bind::<SqlUuid, _>(union.uuid())
                .bind::<Text, _>(member_number.as_str())
                .get_result(connection)
        })
    }

    fn numbers_sent_by(
        &mut self,
        union: OrganizationId,
    ) -> Result<Vec<StudentNumber>, StorageError> {
        let tenant = self.tenant()?;
        let rows: Vec<(i16, i32)> = self.query(|connection| {
            students::table
                .filter(students::tenant_id.eq(tenant.uuid()))
                .filter(students::union_id.eq(union.uuid()))
                .filter(students::deleted_at.is_null())
                .order((students::year, students::place))
                .select((students::year, students::place))
                .limit(TOLD)
                .load(connection)
        })?;
        let number = |(year, place): (i16, i32)| {
            let row = format_args!("{year}-{place}");
            stored("students", row, "place", StudentNumber::new(year, place))
        };
        let numbers: Result<_, _> = rows.into_iter().map(number).collect();
        numbers.map_err(|row| self.refuse(row))
    }

    fn insert_move(
        &mut self,
        id: Uuid,
        student: StudentId,
        moved: &Moved,
    ) -> Result<(), StorageError> {
        let row = MoveRow::new(self.tenant()?, id, student, moved);
        self.query(|connection| {
            diesel::insert_into(student_moves::table)
                .values(&row)
                .execute(connection)
        })
        .map(drop)
    }

    fn history(&mut self, student: StudentId) -> Result<Vec<Moved>, StorageError> {
        let tenant = self.tenant()?;
        let rows: Vec<MoveRow> = self.query(|connection| {
            student_moves::table
                .filter(student_moves::tenant_id.eq(tenant.uuid()))
                .filter(student_moves::student_id.eq(student.uuid()))
                .order((student_moves::moved_at, student_moves::id))
                .select(MoveRow::as_select())
                .load(connection)
        })?;
        let moves: Result<_, _> = rows.into_iter().map(Moved::try_from).collect();
        moves.map_err(|row| self.refuse(row))
    }

    fn insert(&mut self, student: &Student) -> Result<(), StorageError> {
        let row = Row::new(self.tenant()?, student);
        self.query(|connection| {
            diesel::insert_into(students::table)
                .values(&row)
                .execute(connection)
        })
        .map(drop)
    }

    fn update(&mut self, student: &Student) -> Result<(), StorageError> {
        let row = Row::new(self.tenant()?, student);
        let stored = row.version.saturating_sub(1);
        let written = self.query(|connection| {
            diesel::update(with_id(row.tenant_id, row.id))
                .filter(students::version.eq(stored))
                .set(&row)
                .execute(connection)
        })?;
        self.unless_stale(written, 1)
    }
}

#[diesel::dsl::auto_type(no_type_alias)]
fn with_id(tenant: Uuid, id: Uuid) -> _ {
    students::table
        .filter(students::tenant_id.eq(tenant))
        .filter(students::id.eq(id))
}

impl Transaction<'_> {
    fn student(
        &mut self,
        first: impl FnOnce(&mut PgConnection) -> QueryResult<Row>,
    ) -> Result<Option<Student>, StorageError> {
        let row = self.query(|connection| first(connection).optional())?;
        row.map(Student::try_from)
            .transpose()
            .map_err(|row| self.refuse(row))
    }
}
