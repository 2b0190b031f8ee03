//! A row of `student_moves`: one move of a student, which nothing changes.

use diesel::{Insertable, Queryable, Selectable};
use unionhall_domain::{
    students::{Moved, StudentId, StudentStatus},
    tenants::TenantId,
    text::Prose,
    users::UserId,
};
use uuid::Uuid;

use crate::{
    errors::InconsistentRow,
    rows::instant,
    schema::student_moves,
    stored::{StoredRow, day},
};

/// Everything that is stored of a move.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = student_moves)]
pub(super) struct MoveRow {
    id: Uuid,
    tenant_id: Uuid,
    student_id: Uuid,
    from_status: Option<String>,
    to_status: String,
    moved_on: jiff_diesel::Date,
    reason: Option<String>,
    moved_by: Option<Uuid>,
    moved_at: jiff_diesel::Timestamp,
}

impl MoveRow {
    /// The row of a move of a tenant's student.
    pub(super) fn new(tenant: TenantId, id: Uuid, student: StudentId, moved: &Moved) -> Self {
        let Moved {
            from,
            to,
            on,
            reason,
            by,
            at,
        } = moved;
        Self {
            id,
            tenant_id: tenant.uuid(),
            student_id: student.uuid(),
            from_status: from.map(|status| status.as_str().to_owned()),
            to_status: to.as_str().to_owned(),
            moved_on: day(*on),
            reason: reason.as_ref().map(ToString::to_string),
            moved_by: by.map(UserId::uuid),
            moved_at: instant(*at),
        }
    }
}

impl TryFrom<MoveRow> for Moved {
    type Error = InconsistentRow;

    fn try_from(row: MoveRow) -> Result<Self, InconsistentRow> {
        let stored = StoredRow::new("student_moves", row.id);
        let from = row.from_status.as_deref();
        Ok(Self {
            from: stored.optional("from_status", from, StudentStatus::parse)?,
            to: stored.value("to_status", StudentStatus::parse(&row.to_status))?,
            on: row.moved_on.to_jiff(),
            reason: stored.optional("reason", row.reason.as_deref(), Prose::parse)?,
            by: row.moved_by.map(UserId::new),
            at: row.moved_at.to_jiff(),
        })
    }
}
