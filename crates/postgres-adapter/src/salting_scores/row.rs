//! A row of `salting_scores`, and its way from and to the entry.

use diesel::{Insertable, Queryable, Selectable};
use unionhall_domain::{
    organizations::OrganizationId,
    salting_scores::{Assessment, SaltingScore, SaltingScoreEntry, SaltingScoreEntryId},
    tenants::TenantId,
    text::Prose,
    users::UserId,
};
use uuid::Uuid;

use crate::{errors::InconsistentRow, rows::instant, schema::salting_scores, stored::StoredRow};

/// Everything that is stored of an entry.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = salting_scores)]
pub(super) struct Row {
    id: Uuid,
    tenant_id: Uuid,
    organization_id: Uuid,
    version: i64,
    score: Option<i16>,
    reason: String,
    notes: Option<String>,
    set_by: Option<Uuid>,
    set_at: jiff_diesel::Timestamp,
}

impl Row {
    /// The row of a tenant's entry.
    pub(super) fn new(tenant: TenantId, entry: &SaltingScoreEntry) -> Self {
        let SaltingScoreEntry {
            id,
            organization,
            version,
            assessment,
            set_by,
            set_at,
        } = entry;
        let Assessment {
            score,
            reason,
            notes,
        } = assessment;
        Self {
            id: id.uuid(),
            tenant_id: tenant.uuid(),
            organization_id: organization.uuid(),
            version: version.get(),
            score: score.map(SaltingScore::number),
            reason: reason.to_string(),
            notes: notes.as_ref().map(ToString::to_string),
            set_by: set_by.map(UserId::uuid),
            set_at: instant(*set_at),
        }
    }
}

impl TryFrom<Row> for SaltingScoreEntry {
    type Error = InconsistentRow;

    fn try_from(row: Row) -> Result<Self, InconsistentRow> {
        let from = StoredRow::new("salting_scores", row.id);
        let score = row.score.map(|number| SaltingScore::new(number.into()));
        Ok(Self {
            id: SaltingScoreEntryId::new(row.id),
            organization: OrganizationId::new(row.organization_id),
            version: from.version(row.version)?,
            assessment: Assessment {
                score: score.map(|score| from.value("score", score)).transpose()?,
                reason: from.value("reason", Prose::parse(&row.reason))?,
                notes: from.optional("notes", row.notes.as_deref(), Prose::parse)?,
            },
            set_by: row.set_by.map(UserId::new),
            set_at: row.set_at.to_jiff(),
        })
    }
}
