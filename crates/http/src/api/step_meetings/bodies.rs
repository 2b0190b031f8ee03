//! What can be said of a meeting, who is there, and what is put forward.

use jiff::Timestamp;
use serde::Deserialize;
use unionhall_domain::{
    change::Change,
    ids::Id,
    step_meetings::{
        Agenda, AgendaChange, Attendee, MOST_ATTENDEES, NewStatement, Party, StatementChange,
    },
    text::{Line, Prose},
};
use utoipa::ToSchema;

use super::super::choices::PartyName;
use crate::web::{
    fields::{Input, Reader, Unknown, instant},
    problem::Problem,
};

/// A meeting to be set.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = PlanMeeting,
    example = json!({
        "starts_at": "2026-12-01T17:00:00Z",
        "place": "Puget Electric, conference room 2",
        "attendees": [
            {"party": "union", "name": "A. Voltz", "role": "steward"},
            {"party": "employer", "name": "B. Ohm", "role": "foreman"}
        ]
    })
)]
pub(super) struct PlanMeetingBody {
    /// When it begins.
    #[serde(default)]
    #[schema(value_type = String, required = true, format = DateTime)]
    starts_at: Input,
    /// Where.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 200, pattern = r"\S")]
    place: Input,
    /// Free notes of the union.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 10000, pattern = r"\S")]
    notes: Input,
    /// The recorded step of the grievance that it belongs to, when there is one.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    step_record_id: Input,
    /// Who is to be there, or was.
    #[serde(default)]
    #[schema(value_type = Option<Vec<AttendeeBody>>, max_items = 40)]
    attendees: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

/// Somebody at a meeting.
#[derive(Deserialize, ToSchema)]
#[schema(as = NewAttendee)]
pub(super) struct AttendeeBody {
    /// For whom.
    #[serde(default)]
    #[schema(value_type = PartyName, required = true)]
    party: Input,
    /// The name.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 200, pattern = r"\S")]
    name: Input,
    /// As what, such as steward, witness or counsel.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 100, pattern = r"\S")]
    role: Input,
    /// The user of the tenant who it is, if it is one.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    user_id: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

/// What to change of a meeting.
#[derive(Deserialize, ToSchema)]
#[schema(as = ChangeMeeting, example = json!({"starts_at": "2026-12-02T17:00:00Z", "notes": null}))]
pub(super) struct ChangeMeetingBody {
    /// When it begins.
    #[serde(default)]
    #[schema(value_type = String, format = DateTime)]
    starts_at: Input,
    /// Where.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 200, pattern = r"\S")]
    place: Input,
    /// Free notes of the union.
    #[serde(default)]
    #[schema(value_type = Option<String>, max_length = 10000, pattern = r"\S")]
    notes: Input,
    /// The recorded step of the grievance that it belongs to.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    step_record_id: Input,
    /// Who is there, all of them.
    #[serde(default)]
    #[schema(value_type = Vec<AttendeeBody>, max_items = 40)]
    attendees: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

/// That a meeting took place.
#[derive(Deserialize, ToSchema)]
#[schema(as = HoldMeeting, example = json!({"held_at": "2026-11-20T17:05:00Z"}))]
pub(super) struct HoldMeetingBody {
    /// When it began, not in the future; when it was set to begin, if nothing is said.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    held_at: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

/// A statement to be written down.
#[derive(Deserialize, ToSchema)]
#[schema(
    as = NewStatement,
    example = json!({
        "party": "employer", "made_by": "B. Ohm", "text": "The list was followed.", "signed": true
    })
)]
pub(super) struct StateBody {
    /// Whose it is.
    #[serde(default)]
    #[schema(value_type = PartyName, required = true)]
    party: Input,
    /// Who made it.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 200, pattern = r"\S")]
    made_by: Input,
    /// When it was made, not in the future; now when nothing is said.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = DateTime)]
    made_at: Input,
    /// The words.
    #[serde(default)]
    #[schema(value_type = String, required = true, max_length = 20000, pattern = r"\S")]
    text: Input,
    /// The signed statement of the same side that it corrects.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uuid")]
    corrects_id: Input,
    /// Whether it is signed off at once.
    #[serde(default)]
    #[schema(value_type = Option<bool>, default = false)]
    signed: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

/// What to change of a draft.
#[derive(Deserialize, ToSchema)]
#[schema(as = ChangeStatement, example = json!({"text": "The list was followed in October."}))]
pub(super) struct ChangeStatementBody {
    /// Who made it.
    #[serde(default)]
    #[schema(value_type = String, max_length = 200, pattern = r"\S")]
    made_by: Input,
    /// When it was made, not in the future.
    #[serde(default)]
    #[schema(value_type = String, format = DateTime)]
    made_at: Input,
    /// The words.
    #[serde(default)]
    #[schema(value_type = String, max_length = 20000, pattern = r"\S")]
    text: Input,
    #[serde(flatten)]
    #[schema(ignore)]
    unknown: Unknown,
}

impl AttendeeBody {
    fn read(self, reader: &mut Reader) -> Option<Attendee> {
        reader.refuse(&self.unknown);
        let party = reader.required("party", self.party, Party::parse);
        let name = reader.required("name", self.name, Line::parse);
        let role = reader.optional("role", self.role, Line::parse);
        let user = reader.optional("user_id", self.user_id, Id::parse);
        Some(Attendee {
            party: party?,
            name: name?,
            role,
            user,
        })
    }
}

fn attendees(reader: &mut Reader, input: Input) -> Change<Vec<Attendee>> {
    match input {
        Input::Absent => Change::Keep,
        Input::Present(_) => reader
            .objects("attendees", input, MOST_ATTENDEES, AttendeeBody::read)
            .map_or(Change::Keep, Change::Set),
    }
}

impl PlanMeetingBody {
    /// The meeting, or every field that is wrong.
    pub(super) fn command(self) -> Result<Agenda, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let starts_at = reader.required("starts_at", self.starts_at, instant);
        let place = reader.optional("place", self.place, Line::parse);
        let notes = reader.optional("notes", self.notes, Prose::parse);
        let record = reader.optional("step_record_id", self.step_record_id, Id::parse);
        let named = match self.attendees {
            Input::Present(serde_json::Value::Null) => Change::Keep,
            input => attendees(&mut reader, input),
        };
        let agenda = starts_at.map(|starts_at| {
            let mut agenda = Agenda {
                starts_at,
                place,
                notes,
                record,
                attendees: Vec::new(),
            };
            named.apply(&mut agenda.attendees);
            agenda
        });
        reader.finish(agenda)
    }
}

impl ChangeMeetingBody {
    /// The change, or every field that is wrong.
    pub(super) fn command(self) -> Result<AgendaChange, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let change = AgendaChange {
            starts_at: reader.change("starts_at", self.starts_at, instant),
            place: reader.clearable("place", self.place, Line::parse),
            notes: reader.clearable("notes", self.notes, Prose::parse),
            record: reader.clearable("step_record_id", self.step_record_id, Id::parse),
            attendees: attendees(&mut reader, self.attendees),
        };
        reader.finish(Some(change))
    }
}

impl HoldMeetingBody {
    /// When it began, or what is wrong with it.
    pub(super) fn command(self) -> Result<Option<Timestamp>, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let began = reader.optional("held_at", self.held_at, instant);
        reader.finish(Some(began))
    }
}

impl StateBody {
    /// The statement, or every field that is wrong.
    pub(super) fn command(self) -> Result<NewStatement, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let party = reader.required("party", self.party, Party::parse);
        let made_by = reader.required("made_by", self.made_by, Line::parse);
        let made_at = reader.optional("made_at", self.made_at, instant);
        let text = reader.required("text", self.text, Prose::parse);
        let corrects = reader.optional("corrects_id", self.corrects_id, Id::parse);
        let signs = reader.truth("signed", self.signed);
        let who = party.zip(made_by);
        let new = who.zip(text).map(|((party, made_by), text)| NewStatement {
            party,
            made_by,
            made_at,
            text,
            corrects,
            signs,
        });
        reader.finish(new)
    }
}

impl ChangeStatementBody {
    /// The change, or every field that is wrong.
    pub(super) fn command(self) -> Result<StatementChange, Problem> {
        let mut reader = Reader::new(&self.unknown);
        let change = StatementChange {
            made_by: reader.change("made_by", self.made_by, Line::parse),
            made_at: reader.change("made_at", self.made_at, instant),
            text: reader.change("text", self.text, Prose::parse),
        };
        reader.finish(Some(change))
    }
}
