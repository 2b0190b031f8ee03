//! What a tenant decides about its school.

use std::sync::Arc;

use unionhall_domain::{
    audit::{AuditAction, Target, differences},
    training_settings::{TrainingSettings, TrainingSettingsChange},
};

use crate::{call::Call, core::Core, error::CallError, permissions::Permission};

/// The use cases of the settings of a school.
#[derive(Clone)]
pub struct TrainingSettingsUse {
    core: Arc<Core>,
}

impl TrainingSettingsUse {
    /// Over these ports.
    pub const fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// The settings as they are.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn find(&self, call: &Call) -> Result<TrainingSettings, CallError> {
        call.actor.require(Permission::TrainingRead)?;
        self.core
            .read(call, |tx| Ok(tx.training_settings().find()?))
    }

    /// Changes the settings. What was recorded before stays as it was recorded; rates are worked out with the
    /// settings of the moment they are asked for.
    ///
    /// # Errors
    /// [`CallError`].
    pub fn update(
        &self,
        call: &Call,
        wanted: TrainingSettingsChange,
    ) -> Result<TrainingSettings, CallError> {
        call.actor.require(Permission::TrainingDecide)?;
        self.core.change(call, |change| {
            let before = change.tx.training_settings().find()?;
            call.expects(before.version)?;
            let after = before.changed(wanted);
            let fields = differences(before.fields(), after.fields());
            if fields.is_empty() {
                change.leave_unchanged();
                return Ok(before);
            }
            let after = TrainingSettings {
                version: before.version.next(),
                ..after
            };
            change.tx.training_settings().put(&after)?;
            let tenant = call.actor.tenant_id().uuid();
            let (updated, settings) = (AuditAction::Updated, Target::TrainingSettings);
            change.record(updated, settings, tenant, fields, Vec::new());
            Ok(after)
        })
    }
}

#[cfg(test)]
mod tests {
    use unionhall_domain::{
        change::Change,
        roles::Role,
        training_settings::{Excused, TrainingSettingsChange},
    };
    use unionhall_ports::mock::MockRepositories;

    use super::*;
    use crate::{
        error::Code,
        fixtures::{Hall, audited, call, code, if_match, told, touched},
    };

    fn wanted() -> TrainingSettingsChange {
        TrainingSettingsChange {
            excused: Change::Set(Excused::Absent),
            ..TrainingSettingsChange::default()
        }
    }

    #[test]
    fn officers_decide_and_the_school_may_know() {
        for role in [Role::Staff, Role::Instructor] {
            let hall = Hall::untouchable();
            let refused = hall
                .application
                .training_settings
                .update(&call(role), wanted());
            assert_eq!(code(refused), Code::Forbidden);
        }
        let hall = Hall::untouchable();
        let refused = hall.application.training_settings.find(&call(Role::Member));
        assert_eq!(code(refused), Code::Forbidden);
    }

    #[test]
    fn a_change_is_on_record_and_meant_for_one_version() {
        let mut mocks = MockRepositories::default();
        let events = audited(&mut mocks);
        let settings = &mut mocks.training_settings;
        settings
            .expect_find()
            .returning(|| Ok(TrainingSettings::USUAL));
        settings.expect_put().times(1).returning(|_| Ok(()));
        let hall = Hall::over(mocks);
        let (settings, officer) = (&hall.application.training_settings, call(Role::Officer));
        let changed = settings.update(&officer, wanted()).unwrap();
        assert_eq!(changed.version.get(), 2);
        assert_eq!(touched(&events), ["excused"]);
        let nothing = settings.update(&officer, TrainingSettingsChange::default());
        assert_eq!(nothing.unwrap(), TrainingSettings::USUAL);
        assert_eq!(told(&events), [("updated", "training_settings")]);
        let stale = settings.update(&if_match(officer, 7), wanted());
        assert_eq!(code(stale), Code::Stale);
    }
}
