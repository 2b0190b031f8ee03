//! The tenant's rules of jobs: how many at once, and which rates are usual.

use unionhall_domain::{
    audit::{AuditAction, Target, differences},
    employments::{JobRules, JobRulesChange},
};

use super::{EmploymentError, Employments};
use crate::{call::Call, permissions::Permission};

impl Employments {
    /// The rules.
    ///
    /// # Errors
    /// [`EmploymentError`].
    pub fn rules(&self, call: &Call) -> Result<JobRules, EmploymentError> {
        call.actor.require(Permission::MembersRead)?;
        self.core.read(call, |tx| Ok(tx.employments().rules()?))
    }

    /// Changes the rules for what is written from now on; jobs that are there stay as they are.
    ///
    /// # Errors
    /// [`EmploymentError`].
    pub fn update_rules(
        &self,
        call: &Call,
        wanted: JobRulesChange,
    ) -> Result<JobRules, EmploymentError> {
        call.actor.require(Permission::TenantManage)?;
        self.core.change(call, |change| {
            let before = change.tx.employments().rules()?;
            call.expects(before.version)?;
            let after = before.changed(wanted);
            let mut after = after.map_err(|error| EmploymentError::Invalid(vec![error]))?;
            let fields = differences(before.fields(), after.fields());
            if fields.is_empty() {
                change.leave_unchanged();
                return Ok(before);
            }
            after.version = before.version.next();
            change.tx.employments().put_rules(&after)?;
            let tenant = call.actor.tenant_id().uuid();
            let action = AuditAction::Updated;
            change.record(action, Target::Tenant, tenant, fields, Vec::new());
            Ok(after)
        })
    }
}
