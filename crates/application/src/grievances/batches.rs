//! Many grievances at once, as an office works: all cases of a representative who leaves.

use unionhall_domain::{
    audit::{AuditAction, differences},
    batches::Batch,
    grievances::{Claim, Grievance},
    users::UserId,
};

use super::{GrievanceError, Grievances, filing, record};
use crate::{
    batches::{Answered, Decided, Refusal, decided},
    call::Call,
    permissions::Permission,
};

impl Refusal for GrievanceError {
    fn not_found() -> Self {
        Self::NotFound
    }
}

impl Grievances {
    /// Gives each of these grievances to a representative, or to nobody, with an answer for each in the same order:
    /// what speaks against one keeps no other from it, and a case that is theirs already is left as it is.
    ///
    /// # Errors
    /// [`GrievanceError`], when nothing can be done for any of them, such as when the representative is none.
    pub fn assign_many(
        &self,
        call: &Call,
        representative: Option<UserId>,
        batch: &Batch<Grievance>,
    ) -> Result<Vec<Answered<Grievance, GrievanceError>>, GrievanceError> {
        call.actor.require(Permission::GrievancesWork)?;
        self.core.change(call, |change| {
            filing::representative(change, representative)?;
            let known = change.tx.grievances().lock_by_ids(&batch.ids())?;
            let now = change.now;
            let read = |grievance: &Grievance| (grievance.id, grievance.version);
            let (answers, written) = decided(batch, known, read, |before| {
                let claim = Claim {
                    assigned_representative: representative,
                    ..before.claim.clone()
                };
                let after = Grievance {
                    claim,
                    ..before.clone()
                };
                let fields = differences(before.fields(), after.fields());
                if fields.is_empty() {
                    return Ok(Decided::Unchanged(before));
                }
                let after = Grievance {
                    version: before.version.next(),
                    updated_at: now,
                    ..after
                };
                record(change, AuditAction::Updated, &after, fields, Vec::new());
                Ok(Decided::Changed(after))
            });
            if written.is_empty() {
                change.leave_unchanged();
            } else {
                change.tx.grievances().assign(&written)?;
            }
            Ok(answers)
        })
    }
}

#[cfg(test)]
mod tests;
