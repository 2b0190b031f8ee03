//! Tax ids: sealed when they come, and opened for who may see them, on record.

use unionhall_domain::{
    audit::Target,
    instructors::{Instructor, InstructorId, TaxId},
    tenants::TenantId,
};
use unionhall_ports::{instructors::SealedTaxId, sealing::SealError};

use super::{InstructorError, Instructors};
use crate::{
    call::Call,
    core::{Change, Recorded},
    permissions::Permission,
};

impl Instructors {
    /// The whole tax id of an instructor; that it was shown is on record before it is.
    ///
    /// # Errors
    /// [`InstructorError`]; `NoTaxId` when none is kept.
    pub fn tax_id(
        &self,
        call: &Call,
        id: InstructorId,
    ) -> Result<Recorded<TaxId>, InstructorError> {
        call.actor.require(Permission::InstructorsUnmask)?;
        let sealed = self.core.snapshot(call, |tx| {
            let found = tx.instructors().find(id)?;
            found.ok_or(InstructorError::NotFound)?;
            tx.instructors().tax_id(id)?.ok_or(InstructorError::NoTaxId)
        })?;
        let context = context(call.actor.tenant_id(), id);
        let opened = self.core.sealer.open(&context, &sealed);
        let opened = opened.map_err(InstructorError::Seal)?;
        let damaged = || InstructorError::Seal(SealError::Damaged);
        let text = String::from_utf8(opened).map_err(|_| damaged())?;
        let tax_id = TaxId::parse(&text).map_err(|_| damaged())?;
        let target = Target::Instructor;
        Ok(self
            .core
            .recorded_unmasking(call, target, id.uuid(), tax_id)?)
    }

    /// Seals the tax id of an instructor and keeps it, or keeps none.
    pub(super) fn keep_tax_id(
        &self,
        change: &mut Change<'_>,
        instructor: &Instructor,
        tax_id: Option<TaxId>,
    ) -> Result<(), InstructorError> {
        let context = context(change.call.actor.tenant_id(), instructor.id);
        let sealed = tax_id.map(|tax_id| {
            let sealed = self.core.sealer.seal(&context, tax_id.expose().as_bytes());
            let ending = tax_id.ending();
            sealed.map(|sealed| SealedTaxId { ending, sealed })
        });
        let sealed = sealed.transpose().map_err(InstructorError::Seal)?;
        Ok(change.tx.instructors().put_tax_id(instructor.id, sealed)?)
    }
}

/// What a tax id is sealed for: it opens for this instructor of this tenant and no other.
fn context(tenant: TenantId, id: InstructorId) -> String {
    format!("instructor {tenant}/{id} tax id")
}
