//! Many members at once, as an office works: thirty who retire at the end of the year.

use unionhall_domain::{
    audit::{AuditAction, differences},
    batches::Batch,
    members::{Member, MemberDetails, MemberStatus},
};

use super::{MemberError, Members, record};
use crate::{
    batches::{Answered, Decided, Refusal, decided},
    call::Call,
    permissions::Permission,
};

impl Refusal for MemberError {
    fn not_found() -> Self {
        Self::NotFound
    }
}

impl Members {
    /// Gives each of these members a status, with an answer for each in the same order: what speaks against one keeps
    /// no other from it, and who has the status already is left as they are.
    ///
    /// # Errors
    /// [`MemberError`], when nothing can be done for any of them.
    pub fn set_status_of_many(
        &self,
        call: &Call,
        status: MemberStatus,
        batch: &Batch<Member>,
    ) -> Result<Vec<Answered<Member, MemberError>>, MemberError> {
        call.actor.require(Permission::MembersWrite)?;
        self.core.change(call, |change| {
            let known = change.tx.members().lock_by_ids(&batch.ids())?;
            let (now, today) = (change.now, change.today());
            let read = |member: &Member| (member.id, member.version);
            let (answers, written) = decided(batch, known, read, |before| {
                let details = MemberDetails {
                    status,
                    ..before.details.clone()
                };
                details.check(today).map_err(MemberError::Invalid)?;
                let fields = differences(before.details.fields(), details.fields());
                if fields.is_empty() {
                    return Ok(Decided::Unchanged(before));
                }
                let after = Member {
                    details,
                    version: before.version.next(),
                    updated_at: now,
                    ..before
                };
                record(change, AuditAction::Updated, &after, fields);
                Ok(Decided::Changed(after))
            });
            if written.is_empty() {
                change.leave_unchanged();
            } else {
                change.tx.members().update_many(&written)?;
            }
            Ok(answers)
        })
    }
}

#[cfg(test)]
mod tests;
