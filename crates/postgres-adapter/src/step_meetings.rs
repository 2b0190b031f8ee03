//! Meetings on the steps of grievances in PostgreSQL, with who is there and what was put forward.

mod row;

use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, RunQueryDsl, SelectableHelper,
    sql_types::{Timestamptz, Uuid as SqlUuid},
};
use unionhall_domain::{
    grievances::GrievanceId,
    step_meetings::{Statement, StepMeeting, StepMeetingId},
};
use unionhall_ports::{
    pages::{Cursor, Page, PageRequest},
    step_meetings::{StepMeetingRepository, StepMeetingSort},
    storage::StorageError,
};
use uuid::Uuid;

use self::row::{AttendeeRow, Row, StatementRow};
use crate::{
    lists::{instant_key, one_more_than, place, sorted},
    rows::{count, instant, page as page_of},
    schema::{step_meeting_attendees, step_meeting_statements, step_meetings},
    unit_of_work::Transaction,
};

impl StepMeetingRepository for Transaction<'_> {
    fn find(
        &mut self,
        grievance: GrievanceId,
        id: StepMeetingId,
    ) -> Result<Option<StepMeeting>, StorageError> {
        let tenant = self.tenant()?;
        let row: Option<Row> = self.query(|connection| {
            step_meetings::table
                .filter(step_meetings::tenant_id.eq(tenant.uuid()))
                .filter(step_meetings::id.eq(id.uuid()))
                .filter(step_meetings::grievance_id.eq(grievance.uuid()))
                .select(Row::as_select())
                .first(connection)
                .optional()
        })?;
        Ok(self.whole(row.into_iter().collect())?.pop())
    }

    fn list(
        &mut self,
        grievance: GrievanceId,
        page: &PageRequest<StepMeetingSort>,
    ) -> Result<Page<StepMeeting>, StorageError> {
        let tenant = self.tenant()?;
        let of_grievance = || {
            step_meetings::table
                .filter(step_meetings::tenant_id.eq(tenant.uuid()))
                .filter(step_meetings::grievance_id.eq(grievance.uuid()))
        };
        let StepMeetingSort::Start = page.sort;
        let after = place(page.after.as_ref(), |key| instant_key(key).map(instant));
        let rows: Vec<Row> = match after {
            Err(_) => Vec::new(),
            Ok(after) => self.query(|connection| {
                let query = of_grievance().select(Row::as_select()).into_boxed();
                let query = sorted!(
                    query,
                    page.direction,
                    [step_meetings::starts_at, step_meetings::id] as (Timestamptz, SqlUuid),
                    after
                );
                one_more_than(page.limit, query).load(connection)
            })?,
        };
        let total = if page.with_total {
            let total = self.query(|connection| of_grievance().count().get_result(connection))?;
            Some(count(total))
        } else {
            None
        };
        let meetings = self.whole(rows)?;
        Ok(page_of(meetings, page.limit, total, |last| Cursor {
            key: last.agenda.starts_at.to_string(),
            id: last.id.uuid(),
        }))
    }

    fn insert(&mut self, meeting: &StepMeeting) -> Result<(), StorageError> {
        let row = Row::new(self.tenant()?, meeting);
        self.query(|connection| {
            diesel::insert_into(step_meetings::table)
                .values(&row)
                .execute(connection)
        })?;
        self.insert_attendees(meeting)
    }

    fn update(&mut self, meeting: &StepMeeting) -> Result<(), StorageError> {
        let row = Row::new(self.tenant()?, meeting);
        let stored = row.version.saturating_sub(1);
        let written = self.query(|connection| {
            diesel::update(step_meetings::table)
                .filter(step_meetings::tenant_id.eq(row.tenant_id))
                .filter(step_meetings::id.eq(row.id))
                .filter(step_meetings::version.eq(stored))
                .set(&row)
                .execute(connection)
        })?;
        self.unless_stale(written, 1)?;
        self.query(|connection| {
            diesel::delete(step_meeting_attendees::table)
                .filter(step_meeting_attendees::tenant_id.eq(row.tenant_id))
                .filter(step_meeting_attendees::meeting_id.eq(row.id))
                .execute(connection)
        })?;
        self.insert_attendees(meeting)
    }

    fn insert_statement(
        &mut self,
        meeting: StepMeetingId,
        statement: &Statement,
    ) -> Result<(), StorageError> {
        let row = StatementRow::new(self.tenant()?, meeting, statement);
        self.query(|connection| {
            diesel::insert_into(step_meeting_statements::table)
                .values(&row)
                .execute(connection)
        })
        .map(drop)
    }

    fn update_statement(&mut self, statement: &Statement) -> Result<(), StorageError> {
        let tenant = self.tenant()?;
        let signature = statement.signature;
        let written = self.query(|connection| {
            diesel::update(step_meeting_statements::table)
                .filter(step_meeting_statements::tenant_id.eq(tenant.uuid()))
                .filter(step_meeting_statements::id.eq(statement.id.uuid()))
                .set((
                    step_meeting_statements::made_by.eq(statement.made_by.as_str()),
                    step_meeting_statements::made_at.eq(instant(statement.made_at)),
                    step_meeting_statements::statement.eq(statement.text.as_str()),
                    step_meeting_statements::signed_at
                        .eq(signature.map(|signature| instant(signature.at))),
                    step_meeting_statements::signed_by.eq(signature
                        .and_then(|signature| signature.by)
                        .map(|by| by.uuid())),
                ))
                .execute(connection)
        })?;
        self.unless_stale(written, 1)
    }
}

impl Transaction<'_> {
    fn insert_attendees(&mut self, meeting: &StepMeeting) -> Result<(), StorageError> {
        if meeting.agenda.attendees.is_empty() {
            return Ok(());
        }
        let rows = AttendeeRow::all(self.tenant()?, meeting);
        self.query(|connection| {
            diesel::insert_into(step_meeting_attendees::table)
                .values(&rows)
                .execute(connection)
        })
        .map(drop)
    }

    /// The meetings of these rows with their attendees and statements: two statements, however many they are.
    fn whole(&mut self, rows: Vec<Row>) -> Result<Vec<StepMeeting>, StorageError> {
        let tenant = self.tenant()?;
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let attendees: Vec<AttendeeRow> = self.query(|connection| {
            step_meeting_attendees::table
                .filter(step_meeting_attendees::tenant_id.eq(tenant.uuid()))
                .filter(step_meeting_attendees::meeting_id.eq_any(&ids))
                .order((
                    step_meeting_attendees::meeting_id,
                    step_meeting_attendees::place,
                ))
                .select(AttendeeRow::as_select())
                .load(connection)
        })?;
        let statements: Vec<StatementRow> = self.query(|connection| {
            step_meeting_statements::table
                .filter(step_meeting_statements::tenant_id.eq(tenant.uuid()))
                .filter(step_meeting_statements::meeting_id.eq_any(&ids))
                .order((
                    step_meeting_statements::meeting_id,
                    step_meeting_statements::created_at,
                    step_meeting_statements::id,
                ))
                .select(StatementRow::as_select())
                .load(connection)
        })?;
        let meetings: Result<_, _> = rows
            .into_iter()
            .map(|row| row.meeting(&attendees, &statements))
            .collect();
        meetings.map_err(|row| self.refuse(row))
    }
}
