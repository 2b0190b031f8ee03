//! Removing for good what was deleted long enough ago, with its files.

use unionhall_domain::{
    audit::AuditAction,
    documents::{DocumentId, RESTORABLE},
    tenants::TenantId,
};
use unionhall_ports::{audit::Origin, blobs::BlobKey, unit_of_work::Scope};

use super::{DocumentError, Documents, record};
use crate::{actor::Actor, call::Call, error::CallError};

/// How many documents are removed at once.
const AT_ONCE: u16 = 50;

impl Documents {
    /// Removes documents that were deleted for longer than they can be restored and that nobody must keep, and enters
    /// their files among those that nothing refers to. Tells how many.
    ///
    /// # Errors
    /// [`DocumentError`]; what was not removed is tried again.
    pub fn purge(&self) -> Result<usize, DocumentError> {
        let now = self.core.clock.now();
        let before = now.saturating_sub(RESTORABLE);
        let before = before.map_err(|error| CallError::Internal(error.into()))?;
        // Nowhere is it a later day than in Kiribati: a tenant's own day is asked for when it is known.
        let day = jiff::tz::Offset::constant(14).to_datetime(now).date();
        let storage = &self.core.unit_of_work;
        let due = storage.read(Scope::Worker, |tx| {
            Ok::<_, DocumentError>(tx.documents().deleted_before(before, day, AT_ONCE)?)
        })?;
        let (mut purged, mut failed) = (0, None);
        for (tenant, id) in due {
            match self.purge_one(tenant, id) {
                Ok(true) => purged += 1,
                Ok(false) => {}
                // One tenant's trouble does not keep another one's papers longer than they may be kept.
                Err(error) => failed = Some(error),
            }
        }
        failed.map_or(Ok(purged), Err)
    }

    fn purge_one(&self, tenant: TenantId, id: DocumentId) -> Result<bool, DocumentError> {
        let scope = Scope::Tenant(tenant);
        let found = self.core.unit_of_work.read(scope, |tx| {
            Ok::<_, DocumentError>(tx.tenants().find(tenant)?)
        })?;
        let Some(tenant) = found else {
            return Ok(false);
        };
        let call = Call::new(Actor::operator(tenant), Origin::default());
        self.core.change_own(&call, |change| {
            let found = change.tx.documents().find_deleted(id)?;
            let (now, today) = (change.now, change.today());
            let Some(document) = found.filter(|one| one.is_over(now, today)) else {
                change.leave_unchanged();
                return Ok(false);
            };
            let files = change.tx.documents().files(id)?;
            change.tx.documents().purge(&document)?;
            for file in &files {
                let key = BlobKey::parse(file.key.clone());
                let key = key.map_err(|error| CallError::Internal(error.into()))?;
                change.tx.pictures().release(&key, now)?;
            }
            let freed = files.iter().map(|file| file.bytes);
            change.reserve_storage(0, freed.fold(0, u64::saturating_add))?;
            let fields = unionhall_domain::audit::differences(
                document.fields(),
                document
                    .fields()
                    .into_iter()
                    .map(|(name, _)| (name, None))
                    .collect(),
            );
            record(change, AuditAction::Deleted, &document, fields);
            Ok(true)
        })
    }
}
