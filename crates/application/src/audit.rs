//! Reading the audit trail, which is on record itself.

use std::sync::Arc;

use unionhall_domain::audit::Target;
use unionhall_ports::{
    audit::{AuditFilter, AuditRecord, AuditSort, Onlooker},
    pages::{Page, PageRequest},
};

use crate::{
    actor::Actor,
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

    /// The tenant's events that match. What would tell a reviewer of the benevolence fund whose an application is, before
    /// they may know, is left out.
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
        // Who may not see a kind of record may not learn from the trail that there is one.
        let seen = AuditFilter {
            without: hidden_from(&call.actor),
            onlooker: call.actor.user_id().map(|user| Onlooker {
                user,
                member: call.actor.member(),
                day: call.actor.today(self.core.clock.now()),
            }),
            ..filter.clone()
        };
        let found: Page<AuditRecord> = self.core.read(call, |tx| {
            tx.audit().list(&seen, page).map_err(CallError::from)
        })?;
        let details = listed(filter, found.items.len());
        self.core
            .recorded_list(call, Target::AuditTrail, details, found)
    }
}

/// The kinds of records that an actor may not know to be there.
fn hidden_from(actor: &Actor) -> &'static [Target] {
    if actor.may(Permission::OrganizingRead) {
        &[]
    } else {
        &Target::ORGANIZING
    }
}

fn listed(filter: &AuditFilter, count: usize) -> Vec<(&'static str, String)> {
    let mut details = vec![("count", count.to_string())];
    let mut add = |name, value: Option<String>| details.extend(value.map(|value| (name, value)));
    add("actor_id", filter.actor.map(|id| id.to_string()));
    add(
        "action",
        filter.action.map(|action| action.as_str().to_owned()),
    );
    add(
        "target_type",
        filter.target.map(|target| target.as_str().to_owned()),
    );
    add("target_id", filter.target_id.map(|id| id.to_string()));
    add("from", filter.from.map(|at| at.to_string()));
    add("until", filter.until.map(|at| at.to_string()));
    details
}

#[cfg(test)]
mod tests {
    use unionhall_domain::roles::Role;
    use unionhall_ports::{
        mock::MockRepositories,
        unit_of_work::{Decision, Mode, Scope},
    };

    use super::*;
    use crate::{
        error::Code,
        fixtures::{ADA, CALLER, HALL, Hall, call, code, page, told},
    };

    /// Mocks with an empty trail.
    fn empty_trail() -> MockRepositories {
        let mut mocks = MockRepositories::default();
        mocks
            .audit
            .expect_list()
            .withf(|filter, page| {
                let onlooker = filter.onlooker.map(|onlooker| onlooker.user);
                filter.target_id == Some(ADA.uuid()) && page.limit == 50 && onlooker == Some(CALLER)
            })
            .returning(|_, _| {
                Ok(Page {
                    items: Vec::new(),
                    next: None,
                    total: Some(0),
                })
            });
        mocks
    }

    fn filter() -> AuditFilter {
        AuditFilter {
            target_id: Some(ADA.uuid()),
            ..AuditFilter::default()
        }
    }

    #[test]
    fn the_trail_is_shown_to_officers_and_above_and_to_nobody_else() {
        for role in Role::ALL {
            let hall = Hall::over(empty_trail());
            let result = hall.application.audit.list(&call(role), &filter(), &page());
            if matches!(role, Role::Owner | Role::Admin | Role::Officer) {
                assert!(result.is_ok());
            } else {
                assert_eq!(code(result), Code::Forbidden, "{role:?}");
                assert_eq!(hall.runs(), []);
            }
        }
    }

    #[test]
    fn what_an_actor_may_not_see_is_not_in_the_trail_that_they_are_shown() {
        for role in Role::ALL {
            let sees = Permission::OrganizingRead.held_by(&[role]);
            let hidden = hidden_from(&call(role).actor);
            assert_eq!(hidden.is_empty(), sees, "{role:?}");
            if !sees {
                assert_eq!(hidden, Target::ORGANIZING);
            }
        }
    }

    #[test]
    fn reading_the_trail_is_on_record_itself() {
        let hall = Hall::over(empty_trail());
        let officer = call(Role::Officer);
        let found = hall.application.audit.list(&officer, &filter(), &page());
        assert_eq!(found.unwrap().value.total, Some(0));
        assert_eq!(told(&hall.reads), [("listed", "audit_trail")]);
        let expected = [("count", "0".to_owned()), ("target_id", ADA.to_string())];
        assert_eq!(hall.reads.lock().unwrap()[0].details, expected);
        let read = (Scope::Tenant(HALL), Mode::Read, Decision::Commit);
        assert_eq!(hall.runs(), [read]);
    }

    #[test]
    fn a_trail_whose_reading_cannot_be_put_on_record_is_not_shown() {
        let hall = Hall::without_log(empty_trail());
        let officer = call(Role::Officer);
        let result = hall.application.audit.list(&officer, &filter(), &page());
        assert_eq!(code(result), Code::Unavailable);
    }
}
