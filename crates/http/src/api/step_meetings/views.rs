//! How a meeting is shown.

use jiff::Timestamp;
use serde::Serialize;
use unionhall_domain::{
    grievances::{GrievanceId, StepRecordId},
    step_meetings::{
        Agenda, Attendee, MeetingState, Statement, StatementId, StepMeeting, StepMeetingId,
    },
    users::UserId,
};
use utoipa::ToSchema;

use super::super::{
    choices::{
        GrievanceStepName, PartyName, StatementStatusName, StepMeetingActionName,
        StepMeetingStatusName,
    },
    shown::Shown,
};

/// A meeting on a step of a grievance.
#[derive(Serialize, ToSchema)]
#[schema(as = StepMeeting)]
pub(super) struct StepMeetingView<'a> {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<StepMeetingId>,
    /// The grievance it is about.
    #[schema(value_type = String, format = "uuid")]
    grievance_id: Shown<GrievanceId>,
    /// The step that the grievance was on when it was set.
    #[schema(value_type = GrievanceStepName)]
    step: &'static str,
    /// The recorded step that it belongs to, when there is one.
    #[schema(value_type = Option<String>, required = true, format = "uuid")]
    step_record_id: Option<Shown<StepRecordId>>,
    /// Where it stands.
    #[schema(value_type = StepMeetingStatusName)]
    status: &'static str,
    /// When it begins.
    #[schema(value_type = String, format = DateTime)]
    starts_at: Shown<Timestamp>,
    /// When it began, if it took place.
    #[schema(value_type = Option<String>, required = true, format = DateTime)]
    held_at: Option<Shown<Timestamp>>,
    /// Why it was called off, if it was.
    #[schema(required = true)]
    cancel_reason: Option<&'a str>,
    /// Where.
    #[schema(required = true)]
    place: Option<&'a str>,
    /// Free notes of the union.
    #[schema(required = true)]
    notes: Option<&'a str>,
    /// Who is there.
    attendees: Vec<AttendeeView<'a>>,
    /// What was put forward, earliest first.
    statements: Vec<StatementView<'a>>,
    /// Counts the changes of the record.
    #[schema(minimum = 1)]
    version: i64,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Shown<Timestamp>,
    /// When it was last changed.
    #[schema(value_type = String, format = DateTime)]
    updated_at: Shown<Timestamp>,
    /// What the caller may do with it now; not in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Vec<StepMeetingActionName>, required = false)]
    allowed_actions: Option<Vec<&'static str>>,
}

/// Somebody at a meeting.
#[derive(Serialize, ToSchema)]
#[schema(as = Attendee)]
pub(super) struct AttendeeView<'a> {
    /// For whom.
    #[schema(value_type = PartyName)]
    party: &'static str,
    /// The name.
    name: &'a str,
    /// As what.
    #[schema(required = true)]
    role: Option<&'a str>,
    /// The user of the tenant who it is.
    #[schema(value_type = Option<String>, required = true, format = "uuid")]
    user_id: Option<Shown<UserId>>,
}

/// What a side put forward.
#[derive(Serialize, ToSchema)]
#[schema(as = Statement)]
pub(super) struct StatementView<'a> {
    /// Its id.
    #[schema(value_type = String, format = "uuid")]
    id: Shown<StatementId>,
    /// Whose it is.
    #[schema(value_type = PartyName)]
    party: &'static str,
    /// Whether it can still be changed.
    #[schema(value_type = StatementStatusName)]
    status: &'static str,
    /// Who made it.
    made_by: &'a str,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    made_at: Shown<Timestamp>,
    /// The words; in lists the first 200 characters of them.
    text: &'a str,
    /// The statement that it corrects.
    #[schema(value_type = Option<String>, required = true, format = "uuid")]
    corrects_id: Option<Shown<StatementId>>,
    /// The user who wrote it down.
    #[schema(value_type = Option<String>, required = true, format = "uuid")]
    written_by: Option<Shown<UserId>>,
    /// When it was signed off.
    #[schema(value_type = Option<String>, required = true, format = DateTime)]
    signed_at: Option<Shown<Timestamp>>,
    /// The user who signed it off.
    #[schema(value_type = Option<String>, required = true, format = "uuid")]
    signed_by: Option<Shown<UserId>>,
    /// When it was written down.
    #[schema(value_type = String, format = DateTime)]
    created_at: Shown<Timestamp>,
}

impl StepMeetingView<'_> {
    /// The same view, with what the caller may do.
    pub(super) fn allowing(self, actions: Vec<&'static str>) -> Self {
        Self {
            allowed_actions: Some(actions),
            ..self
        }
    }
}

impl<'a> From<&'a StepMeeting> for StepMeetingView<'a> {
    fn from(meeting: &'a StepMeeting) -> Self {
        let StepMeeting {
            id,
            grievance,
            step,
            agenda,
            state,
            statements,
            version,
            created_at,
            updated_at,
        } = meeting;
        let Agenda {
            starts_at,
            place,
            notes,
            record,
            attendees,
        } = agenda;
        let (held_at, cancel_reason) = match state {
            MeetingState::Planned => (None, None),
            MeetingState::Held(at) => (Some(Shown(*at)), None),
            MeetingState::Canceled(reason) => (None, Some(reason.as_str())),
        };
        Self {
            id: Shown(*id),
            grievance_id: Shown(*grievance),
            step: step.as_str(),
            step_record_id: record.map(Shown),
            status: meeting.status().as_str(),
            starts_at: Shown(*starts_at),
            held_at,
            cancel_reason,
            place: place.as_ref().map(|text| text.as_str()),
            notes: notes.as_ref().map(|text| text.as_str()),
            attendees: attendees.iter().map(AttendeeView::from).collect(),
            statements: statements.iter().map(StatementView::from).collect(),
            version: version.get(),
            created_at: Shown(*created_at),
            updated_at: Shown(*updated_at),
            allowed_actions: None,
        }
    }
}

impl<'a> From<&'a Attendee> for AttendeeView<'a> {
    fn from(attendee: &'a Attendee) -> Self {
        let Attendee {
            party,
            name,
            role,
            user,
        } = attendee;
        Self {
            party: party.as_str(),
            name: name.as_str(),
            role: role.as_ref().map(|text| text.as_str()),
            user_id: user.map(Shown),
        }
    }
}

impl<'a> From<&'a Statement> for StatementView<'a> {
    fn from(statement: &'a Statement) -> Self {
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
            id: Shown(*id),
            party: party.as_str(),
            status: statement.status(),
            made_by: made_by.as_str(),
            made_at: Shown(*made_at),
            text: text.as_str(),
            corrects_id: corrects.map(Shown),
            written_by: written_by.map(Shown),
            signed_at: signature.map(|signature| Shown(signature.at)),
            signed_by: signature.and_then(|signature| signature.by).map(Shown),
            created_at: Shown(*created_at),
        }
    }
}
