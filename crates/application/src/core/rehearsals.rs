//! What stays of a rehearsal: nothing but that it has told of a record.

use unionhall_domain::audit::{AuditAction, Target};
use unionhall_ports::{audit::AuditEvent, storage::StorageError, unit_of_work::Scope};
use uuid::Uuid;

use super::{Core, event};
use crate::call::Call;

impl Core {
    /// Puts on record which sensitive records a rehearsal has told of: nothing of what it did stays, but its answer shows
    /// them as they are.
    pub(super) fn put_rehearsal_on_record(
        &self,
        call: &Call,
        touched: Vec<(Target, Uuid)>,
    ) -> Result<(), StorageError> {
        let now = self.clock.now();
        let read = |(target, id): (Target, Uuid)| AuditEvent {
            target_id: Some(id),
            ..event(
                &*self.clock,
                call,
                now,
                AuditAction::Read,
                target,
                vec![("rehearsed", "true".to_owned())],
            )
        };
        let events: Vec<_> = touched.into_iter().map(read).collect();
        if events.is_empty() {
            return Ok(());
        }
        let scope = Scope::Tenant(call.actor.tenant_id());
        self.unit_of_work
            .transaction(scope, |tx| tx.audit().insert(&events))
    }
}

/// The records that the answer to a rehearsal tells of, of those whose reading goes on record: each that was there before
/// and is the only one of its kind. Of several of a kind, as in a batch, and of what a merger moves, the answer tells how
/// many there are and not what they say.
pub(super) fn told_of(events: &[AuditEvent]) -> Vec<(Target, Uuid)> {
    if events
        .iter()
        .any(|event| event.action == AuditAction::Merged)
    {
        return Vec::new();
    }
    let mut told: Vec<(Target, Uuid)> = Vec::new();
    for event in events {
        let was_there = event.action != AuditAction::Created;
        let Some(id) = event
            .target_id
            .filter(|_| was_there && event.target.is_read_on_record())
        else {
            continue;
        };
        if !told.contains(&(event.target, id)) {
            told.push((event.target, id));
        }
    }
    let of_kind = |kind| told.iter().filter(|(target, _)| *target == kind).count();
    let alone = |(target, _): &&(Target, Uuid)| of_kind(*target) == 1;
    told.iter().filter(alone).copied().collect()
}
