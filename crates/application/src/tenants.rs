//! The tenant itself: its settings, what it uses, and the card that everybody may see.

use std::sync::Arc;

use unionhall_domain::{
    audit::{AuditAction, Target, differences},
    tenants::{SettingsChange, Slug, Standing, TenantDetails},
};
use unionhall_ports::{storage::StorageError, tenants::TenantStatistics, unit_of_work::Scope};

use crate::{
    call::Call,
    core::Core,
    error::{CallError, Code, Coded},
    permissions::Permission,
};

/// What can go wrong with a tenant's settings.
#[derive(Debug, thiserror::Error)]
pub enum TenantError {
    /// There is none of this name.
    #[error("there is no such tenant")]
    NotFound,
    /// What any call can meet.
    #[error(transparent)]
    Call(#[from] CallError),
    /// The caller would be kept out by the rule that they make.
    #[error(
        "a role that you hold would need a second factor, and you have none; set one up under /me/second-factor first"
    )]
    OwnFactorFirst,
}

impl From<StorageError> for TenantError {
    fn from(error: StorageError) -> Self {
        Self::Call(error.into())
    }
}

impl Coded for TenantError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::NotFound,
            Self::OwnFactorFirst => Code::SecondFactorRequired,
            Self::Call(error) => error.code(),
        }
    }

    fn replay(&self) -> Option<&unionhall_ports::idempotency::StoredAnswer> {
        match self {
            Self::Call(error) => error.replay(),
            Self::NotFound | Self::OwnFactorFirst => None,
        }
    }
}

/// The use cases of the tenant itself.
#[derive(Clone)]
pub struct Tenants {
    core: Arc<Core>,
}

impl Tenants {
    /// Over these ports.
    pub const fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// The caller's tenant with its settings: whoever has a place in it may see them, so this asks for no permission.
    ///
    /// # Errors
    /// [`TenantError`].
    pub fn find(&self, call: &Call) -> Result<TenantDetails, TenantError> {
        self.core.read(call, |tx| {
            let found = tx.tenants().find_details(call.actor.tenant_id())?;
            found.ok_or(TenantError::NotFound)
        })
    }

    /// Changes the settings that a caller names, from now on; a change that changes nothing leaves no trace. Nobody makes
    /// a rule about second factors that would keep themselves out.
    ///
    /// # Errors
    /// [`TenantError`].
    pub fn update(
        &self,
        call: &Call,
        wanted: SettingsChange,
    ) -> Result<TenantDetails, TenantError> {
        call.actor.require(Permission::TenantManage)?;
        self.core.change(call, |change| {
            let id = call.actor.tenant_id();
            let found = change.tx.tenants().find_details(id)?;
            let before = found.ok_or(TenantError::NotFound)?;
            call.expects(before.tenant.version)?;
            let mut after = before.clone().changed(wanted);
            let needing = &after.settings.second_factor_roles;
            if call.actor.would_lack_second_factor(needing) {
                return Err(TenantError::OwnFactorFirst);
            }
            let fields = differences(before.fields(), after.fields());
            if fields.is_empty() {
                change.leave_unchanged();
                return Ok(before);
            }
            after.tenant.version = before.tenant.version.next();
            after.tenant.updated_at = change.now;
            change.tx.tenants().update_settings(&after)?;
            let details = vec![("effective_date", change.today().to_string())];
            let action = AuditAction::Updated;
            change.record(action, Target::Tenant, id.uuid(), fields, details);
            Ok(after)
        })
    }

    /// What the caller's tenant has and uses: all of it counted now.
    ///
    /// # Errors
    /// [`TenantError`].
    pub fn statistics(&self, call: &Call) -> Result<TenantStatistics, TenantError> {
        call.actor.require(Permission::TenantManage)?;
        let now = self.core.clock.now();
        self.core.read(call, |tx| Ok(tx.tenants().statistics(now)?))
    }

    /// What everybody may see of the tenant with this slug. One that is canceled has no card.
    ///
    /// # Errors
    /// [`TenantError::NotFound`], also for what is no slug.
    pub fn card(&self, slug: &str) -> Result<TenantDetails, TenantError> {
        let slug = Slug::parse(slug).map_err(|_| TenantError::NotFound)?;
        let found = self.core.unit_of_work.read(Scope::Identity, |tx| {
            Ok::<_, TenantError>(tx.tenants().find_details_by_slug(&slug)?)
        })?;
        found
            .filter(|found| found.tenant.plan.standing != Standing::Canceled)
            .ok_or(TenantError::NotFound)
    }
}

#[cfg(test)]
mod tests;
