//! A row of `representation_log`, and its way from and to an entry.

use diesel::{Insertable, Queryable, Selectable};
use unionhall_domain::{
    grievances::{GrievanceId, Step},
    representation_log::{
        Channel, Contact, Decision, DecisionKind, Direction, LogContent, LogEntry, LogEntryId,
    },
    tenants::TenantId,
    text::{Line, Prose},
    users::UserId,
};
use uuid::Uuid;

use crate::{
    errors::InconsistentRow,
    rows::instant,
    schema::representation_log,
    stored::{StoredRow, day},
};

/// Everything that is stored of an entry.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = representation_log)]
#[diesel(treat_none_as_default_value = false)]
pub(super) struct Row {
    id: Uuid,
    tenant_id: Uuid,
    grievance_id: Uuid,
    kind: String,
    contacted_at: Option<jiff_diesel::Timestamp>,
    channel: Option<String>,
    direction: Option<String>,
    contacted_by: Option<String>,
    sent: Option<String>,
    decided_on: Option<jiff_diesel::Date>,
    decision: Option<String>,
    step: Option<String>,
    words: String,
    corrects_id: Option<Uuid>,
    recorded_by: Option<Uuid>,
    recorded_at: jiff_diesel::Timestamp,
}

impl Row {
    /// The row of a tenant's entry.
    pub(super) fn new(tenant: TenantId, entry: &LogEntry) -> Self {
        let LogEntry {
            id,
            grievance,
            content,
            corrects,
            recorded_by,
            recorded_at,
        } = entry;
        let (contact, decision) = match content {
            LogContent::Contact(contact) => (Some(contact), None),
            LogContent::Decision(decision) => (None, Some(decision)),
        };
        let words = match content {
            LogContent::Contact(contact) => contact.said.to_string(),
            LogContent::Decision(decision) => decision.reason.to_string(),
        };
        Self {
            id: id.uuid(),
            tenant_id: tenant.uuid(),
            grievance_id: grievance.uuid(),
            kind: content.kind().as_str().to_owned(),
            contacted_at: contact.map(|contact| instant(contact.at)),
            channel: contact.map(|contact| contact.channel.as_str().to_owned()),
            direction: contact.map(|contact| contact.direction.as_str().to_owned()),
            contacted_by: contact.map(|contact| contact.by.to_string()),
            sent: contact.and_then(|contact| contact.sent.as_ref().map(ToString::to_string)),
            decided_on: decision.map(|decision| day(decision.on)),
            decision: decision.map(|decision| decision.kind.as_str().to_owned()),
            step: decision.map(|decision| decision.step.as_str().to_owned()),
            words,
            corrects_id: corrects.map(LogEntryId::uuid),
            recorded_by: recorded_by.map(UserId::uuid),
            recorded_at: instant(*recorded_at),
        }
    }

    fn content(&self, from: StoredRow) -> Result<LogContent, InconsistentRow> {
        let contact = (
            self.contacted_at,
            from.optional("channel", self.channel.as_deref(), Channel::parse)?,
            from.optional("direction", self.direction.as_deref(), Direction::parse)?,
            from.optional("contacted_by", self.contacted_by.as_deref(), Line::parse)?,
        );
        let decision = (
            self.decided_on,
            from.optional("decision", self.decision.as_deref(), DecisionKind::parse)?,
            from.optional("step", self.step.as_deref(), Step::parse)?,
        );
        match (self.kind.as_str(), contact, decision) {
            (
                "contact",
                (Some(at), Some(channel), Some(direction), Some(by)),
                (None, None, None),
            ) => Ok(LogContent::Contact(Contact {
                at: at.to_jiff(),
                channel,
                direction,
                by,
                said: from.value("words", Prose::parse(&self.words))?,
                sent: from.optional("sent", self.sent.as_deref(), Prose::parse)?,
            })),
            ("decision", (None, None, None, None), (Some(on), Some(kind), Some(step))) => {
                Ok(LogContent::Decision(Decision {
                    on: on.to_jiff(),
                    kind,
                    step,
                    reason: from.value("words", Prose::parse(&self.words))?,
                }))
            }
            _ => Err(from.inconsistent("kind contradicts what is said")),
        }
    }
}

impl TryFrom<Row> for LogEntry {
    type Error = InconsistentRow;

    fn try_from(row: Row) -> Result<Self, InconsistentRow> {
        let from = StoredRow::new("representation_log", row.id);
        Ok(Self {
            id: LogEntryId::new(row.id),
            grievance: GrievanceId::new(row.grievance_id),
            content: row.content(from)?,
            corrects: row.corrects_id.map(LogEntryId::new),
            recorded_by: row.recorded_by.map(UserId::new),
            recorded_at: row.recorded_at.to_jiff(),
        })
    }
}
