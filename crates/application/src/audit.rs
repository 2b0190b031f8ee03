//! Reading the audit trail, which is on record itself.

use std::sync::Arc;

use unionhall_domain::audit::Target;
use unionhall_ports::{
    audit::{AuditFilter, AuditRecord, AuditSort},
    pages::{Page, PageRequest},
};

use crate::{
    call::Call,
    core::{Core, Recorded},
    error::CallError,
    permissions::Permission,
};

/// The audit trail's use cases.
#[derive(Clone)]
pub struct Audit {
    core: Arc<Core>,
}

impl Audit {
    /// Over these ports.
    pub const fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// The tenant's events that match.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn list(
        &self,
        call: &Call,
        filter: &AuditFilter,
        page: &PageRequest<AuditSort>,
    ) -> Result<Recorded<Page<AuditRecord>>, CallError> {
        call.actor.require(Permission::AuditRead)?;
        let found: Page<AuditRecord> = self.core.read(call, |tx| {
            tx.audit().list(filter, page).map_err(CallError::from)
        })?;
        let details = vec![("count", found.items.len().to_string())];
        self.core
            .recorded_list(call, Target::AuditTrail, details, found)
    }
}
