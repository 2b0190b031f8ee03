//! What a tenant may use and until when, as the operator sets it.

use unionhall_domain::{
    audit::{AuditAction, Target, differences},
    tenants::{PlanChange, Slug, Tenant},
};
use unionhall_ports::audit::AuditEvent;

use super::{AccountError, Accounts, event, tenant};

impl Accounts {
    /// Changes the plan of a tenant: its standing, its limits, its tier. It counts on every instance within five
    /// seconds. What changes nothing leaves no trace.
    ///
    /// # Errors
    /// [`AccountError::NoTenant`] or [`IllegalStanding`](AccountError::IllegalStanding); then nothing is changed.
    pub fn set_plan(&self, slug: &Slug, wanted: PlanChange) -> Result<Tenant, AccountError> {
        self.change(|tx, core| {
            let before = tenant(tx, slug)?;
            let plan = before.plan.clone().changed(wanted)?;
            let changes = differences(before.plan.fields(), plan.fields());
            if changes.is_empty() {
                return Ok(before);
            }
            let after = Tenant {
                plan,
                version: before.version.next(),
                updated_at: core.clock.now(),
                ..before
            };
            tx.tenants().update_plan(&after)?;
            let event = AuditEvent {
                changes,
                ..event(
                    core,
                    Some(after.id),
                    Target::Tenant,
                    after.id.uuid(),
                    AuditAction::Updated,
                )
            };
            tx.audit().insert(&[event])?;
            Ok(after)
        })
    }
}

#[cfg(test)]
mod tests {
    use unionhall_domain::{
        change::Change,
        tenants::{Plan, Standing, StandingMove},
    };
    use unionhall_ports::{
        mock::MockRepositories,
        unit_of_work::{Decision, Mode, Scope},
    };

    use super::*;
    use crate::fixtures::{Hall, audited, tenant, told, touched};

    /// A hall whose tenant has this plan.
    fn mocks(plan: &Plan) -> MockRepositories {
        let mut mocks = MockRepositories::default();
        let plan = plan.clone();
        mocks.tenants.expect_find_by_slug().returning(move |slug| {
            let found = Tenant {
                plan: plan.clone(),
                ..tenant()
            };
            Ok((*slug == found.slug).then_some(found))
        });
        mocks
    }

    fn suspended() -> PlanChange {
        PlanChange {
            standing: Some(StandingMove::Suspend),
            max_users: Change::Set(Some(5)),
            ..PlanChange::default()
        }
    }

    #[test]
    fn a_plan_is_set_with_its_version_and_is_on_record_field_by_field() {
        let mut mocks = mocks(&Plan::ACTIVE);
        let events = audited(&mut mocks);
        mocks
            .tenants
            .expect_update_plan()
            .times(1)
            .withf(|after| {
                after.plan.standing == Standing::Suspended
                    && after.plan.max_users == Some(5)
                    && after.version.get() == 2
            })
            .returning(|_| Ok(()));
        let hall = Hall::over(mocks);
        let accounts = &hall.application.accounts;
        accounts.set_plan(&tenant().slug, suspended()).unwrap();
        assert_eq!(told(&events), [("updated", "tenant")]);
        assert_eq!(touched(&events), ["status", "max_users"]);
        assert_eq!(
            hall.runs(),
            [(Scope::Identity, Mode::Write, Decision::Commit)]
        );
    }

    #[test]
    fn what_changes_nothing_leaves_no_trace() {
        let plan = Plan {
            standing: Standing::Suspended,
            max_users: Some(5),
            ..Plan::ACTIVE
        };
        let hall = Hall::over(mocks(&plan));
        let accounts = &hall.application.accounts;
        let after = accounts.set_plan(&tenant().slug, suspended()).unwrap();
        assert_eq!(after.version, tenant().version);
    }

    #[test]
    fn a_canceled_tenant_stays_canceled_and_an_unknown_one_is_none() {
        let plan = Plan {
            standing: Standing::Canceled,
            ..Plan::ACTIVE
        };
        let hall = Hall::over(mocks(&plan));
        let accounts = &hall.application.accounts;
        let refused = accounts.set_plan(&tenant().slug, suspended()).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "a tenant that is canceled cannot become suspended"
        );
        let unknown = Slug::parse("local-47").unwrap();
        let unknown = accounts.set_plan(&unknown, suspended());
        assert!(matches!(unknown, Err(AccountError::NoTenant(_))));
    }
}
