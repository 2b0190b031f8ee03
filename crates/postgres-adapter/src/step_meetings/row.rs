//! Rows of meetings, attendees and statements, and their way from and to the aggregate.

use diesel::{AsChangeset, Insertable, Queryable, Selectable};
use unionhall_domain::{
    grievances::{GrievanceId, Step, StepRecordId},
    step_meetings::{
        Agenda, Attendee, MeetingState, Party, Signature, Statement, StatementId, StepMeeting,
        StepMeetingId,
    },
    tenants::TenantId,
    text::{Line, Prose},
    users::UserId,
};
use uuid::Uuid;

use crate::{
    errors::InconsistentRow,
    rows::instant,
    schema::{step_meeting_attendees, step_meeting_statements, step_meetings},
    stored::StoredRow,
};

/// A row of `step_meetings`.
#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = step_meetings)]
#[diesel(treat_none_as_null = true)]
#[diesel(treat_none_as_default_value = false)]
pub(super) struct Row {
    pub(super) id: Uuid,
    pub(super) tenant_id: Uuid,
    grievance_id: Uuid,
    step: String,
    step_record_id: Option<Uuid>,
    starts_at: jiff_diesel::Timestamp,
    place: Option<String>,
    notes: Option<String>,
    state: String,
    held_at: Option<jiff_diesel::Timestamp>,
    cancel_reason: Option<String>,
    pub(super) version: i64,
    created_at: jiff_diesel::Timestamp,
    updated_at: jiff_diesel::Timestamp,
}

/// A row of `step_meeting_attendees`.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = step_meeting_attendees)]
#[diesel(treat_none_as_default_value = false)]
pub(super) struct AttendeeRow {
    tenant_id: Uuid,
    meeting_id: Uuid,
    place: i16,
    party: String,
    name: String,
    role: Option<String>,
    user_id: Option<Uuid>,
}

/// A row of `step_meeting_statements`.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = step_meeting_statements)]
#[diesel(treat_none_as_default_value = false)]
pub(super) struct StatementRow {
    id: Uuid,
    tenant_id: Uuid,
    meeting_id: Uuid,
    party: String,
    made_by: String,
    made_at: jiff_diesel::Timestamp,
    statement: String,
    corrects_id: Option<Uuid>,
    written_by: Option<Uuid>,
    signed_at: Option<jiff_diesel::Timestamp>,
    signed_by: Option<Uuid>,
    created_at: jiff_diesel::Timestamp,
}

impl Row {
    /// The row of a tenant's meeting.
    pub(super) fn new(tenant: TenantId, meeting: &StepMeeting) -> Self {
        let StepMeeting {
            id,
            grievance,
            step,
            agenda,
            state,
            statements: _,
            version,
            created_at,
            updated_at,
        } = meeting;
        let Agenda {
            starts_at,
            place,
            notes,
            record,
            attendees: _,
        } = agenda;
        let (held_at, cancel_reason) = match state {
            MeetingState::Planned => (None, None),
            MeetingState::Held(at) => (Some(instant(*at)), None),
            MeetingState::Canceled(reason) => (None, Some(reason.to_string())),
        };
        Self {
            id: id.uuid(),
            tenant_id: tenant.uuid(),
            grievance_id: grievance.uuid(),
            step: step.as_str().to_owned(),
            step_record_id: record.map(StepRecordId::uuid),
            starts_at: instant(*starts_at),
            place: place.as_ref().map(ToString::to_string),
            notes: notes.as_ref().map(ToString::to_string),
            state: meeting.status().as_str().to_owned(),
            held_at,
            cancel_reason,
            version: version.get(),
            created_at: instant(*created_at),
            updated_at: instant(*updated_at),
        }
    }

    /// The meeting of this row, with those of the attendees and statements that are its own.
    pub(super) fn meeting(
        self,
        attendees: &[AttendeeRow],
        statements: &[StatementRow],
    ) -> Result<StepMeeting, InconsistentRow> {
        let from = StoredRow::new("step_meetings", self.id);
        let attendees: Result<_, _> = attendees
            .iter()
            .filter(|row| row.meeting_id == self.id)
            .map(|row| row.attendee(from))
            .collect();
        let statements: Result<_, _> = statements
            .iter()
            .filter(|row| row.meeting_id == self.id)
            .map(StatementRow::statement)
            .collect();
        let reason = from.optional("cancel_reason", self.cancel_reason.as_deref(), Prose::parse)?;
        let state = match (self.state.as_str(), self.held_at, reason) {
            ("planned", None, None) => MeetingState::Planned,
            ("held", Some(at), None) => MeetingState::Held(at.to_jiff()),
            ("canceled", None, Some(reason)) => MeetingState::Canceled(reason),
            _ => return Err(from.inconsistent("state contradicts held_at or cancel_reason")),
        };
        Ok(StepMeeting {
            id: StepMeetingId::new(self.id),
            grievance: GrievanceId::new(self.grievance_id),
            step: from.value("step", Step::parse(&self.step))?,
            agenda: Agenda {
                starts_at: self.starts_at.to_jiff(),
                place: from.optional("place", self.place.as_deref(), Line::parse)?,
                notes: from.optional("notes", self.notes.as_deref(), Prose::parse)?,
                record: self.step_record_id.map(StepRecordId::new),
                attendees: attendees?,
            },
            state,
            statements: statements?,
            version: from.version(self.version)?,
            created_at: self.created_at.to_jiff(),
            updated_at: self.updated_at.to_jiff(),
        })
    }
}

impl AttendeeRow {
    /// The rows of everybody at a meeting, in their order.
    pub(super) fn all(tenant: TenantId, meeting: &StepMeeting) -> Vec<Self> {
        let places = 1_i16..;
        let row = |(place, attendee): (i16, &Attendee)| Self {
            tenant_id: tenant.uuid(),
            meeting_id: meeting.id.uuid(),
            place,
            party: attendee.party.as_str().to_owned(),
            name: attendee.name.to_string(),
            role: attendee.role.as_ref().map(ToString::to_string),
            user_id: attendee.user.map(UserId::uuid),
        };
        places.zip(&meeting.agenda.attendees).map(row).collect()
    }

    fn attendee(&self, from: StoredRow) -> Result<Attendee, InconsistentRow> {
        Ok(Attendee {
            party: from.value("party", Party::parse(&self.party))?,
            name: from.value("name", Line::parse(&self.name))?,
            role: from.optional("role", self.role.as_deref(), Line::parse)?,
            user: self.user_id.map(UserId::new),
        })
    }
}

impl StatementRow {
    /// The row of a statement on a tenant's meeting.
    pub(super) fn new(tenant: TenantId, meeting: StepMeetingId, statement: &Statement) -> Self {
        let Statement {
            id,
            party,
            made_by,
            made_at,
            text,
            corrects,
            written_by,
            signature,
            created_at,
        } = statement;
        Self {
            id: id.uuid(),
            tenant_id: tenant.uuid(),
            meeting_id: meeting.uuid(),
            party: party.as_str().to_owned(),
            made_by: made_by.to_string(),
            made_at: instant(*made_at),
            statement: text.to_string(),
            corrects_id: corrects.map(StatementId::uuid),
            written_by: written_by.map(UserId::uuid),
            signed_at: signature.map(|signature| instant(signature.at)),
            signed_by: signature
                .and_then(|signature| signature.by)
                .map(UserId::uuid),
            created_at: instant(*created_at),
        }
    }

    fn statement(&self) -> Result<Statement, InconsistentRow> {
        let from = StoredRow::new("step_meeting_statements", self.id);
        Ok(Statement {
            id: StatementId::new(self.id),
            party: from.value("party", Party::parse(&self.party))?,
            made_by: from.value("made_by", Line::parse(&self.made_by))?,
            made_at: self.made_at.to_jiff(),
            text: from.value("statement", Prose::parse(&self.statement))?,
            corrects: self.corrects_id.map(StatementId::new),
            written_by: self.written_by.map(UserId::new),
            signature: self.signed_at.map(|at| Signature {
                at: at.to_jiff(),
                by: self.signed_by.map(UserId::new),
            }),
            created_at: self.created_at.to_jiff(),
        })
    }
}
