//! People's places in a tenant: the roles they hold there, and the member they are.

use unionhall_domain::{
    audit::{AuditAction, Target},
    members::MemberId,
    tenants::Slug,
    users::{User, UserId},
};
use unionhall_ports::{
    audit::AuditEvent,
    identity::{Colleague, Membership},
    unit_of_work::Scope,
};

use super::{AccountError, Accounts, event, tenant};

impl Accounts {
    /// The users of a tenant by address, with the roles they hold there; one who may not sign in holds none.
    ///
    /// # Errors
    /// [`AccountError::NoTenant`].
    pub fn list_colleagues(&self, slug: &Slug) -> Result<Vec<Colleague>, AccountError> {
        let (tenant, users) = self.core.unit_of_work.snapshot(Scope::Identity, |tx| {
            let tenant = tenant(tx, slug)?;
            let users = tx.identity().list_users(Some(tenant.id))?;
            Ok::<_, AccountError>((tenant, users))
        })?;
        // Roles are a tenant's own business, so that they are read in its scope.
        self.core
            .unit_of_work
            .snapshot(Scope::Tenant(tenant.id), |tx| {
                let with_roles = |user: User| {
                    let found = tx.identity().find_colleague(user.id)?;
                    let roles = found.map(|found| found.roles).unwrap_or_default();
                    Ok(Colleague { user, roles })
                };
                users.into_iter().map(with_roles).collect()
            })
    }

    /// Says that a user of a tenant is a member on its books, who may then see their own record and cases.
    /// Saying it again changes nothing but the trail.
    ///
    /// # Errors
    /// [`AccountError::NoTenant`], [`NoPlace`](AccountError::NoPlace), [`NoMember`](AccountError::NoMember)
    /// or [`MemberTaken`](AccountError::MemberTaken); then nothing is linked.
    pub fn link_member(
        &self,
        slug: &Slug,
        user: UserId,
        member: MemberId,
    ) -> Result<(), AccountError> {
        let tenant = self.find_tenant(slug)?.id;
        // Members and roles are the tenant's own business, and places in tenants are not: each in its scope.
        let roles = self
            .core
            .unit_of_work
            .snapshot(Scope::Tenant(tenant), |tx| {
                let colleague = tx.identity().find_colleague(user)?;
                let colleague = colleague.ok_or(AccountError::NoPlace)?;
                tx.members().find(member)?.ok_or(AccountError::NoMember)?;
                Ok::<_, AccountError>(colleague.roles)
            })?;
        let membership = Membership {
            user,
            tenant,
            roles,
            member: Some(member),
        };
        self.change(|tx, core| {
            let now = core.clock.now();
            tx.identity().put_membership(&membership, now)?;
            let event = AuditEvent {
                details: vec![("member_id", member.to_string())],
                ..event(
                    core,
                    Some(tenant),
                    Target::Membership,
                    user.uuid(),
                    AuditAction::Updated,
                )
            };
            Ok(tx.audit().insert(&[event])?)
        })
    }
}

#[cfg(test)]
mod tests {
    use unionhall_domain::{members::Member, roles::Role};
    use unionhall_ports::{
        mock::MockRepositories,
        storage::StorageError,
        unit_of_work::{Decision, Mode},
    };

    use super::*;
    use crate::fixtures::{
        ADA, Hall, STEWARD, audited, colleague, for_good, member, tenant, told, user,
    };

    /// A hall that the steward may have a place in, and that may have the member.
    fn hall(place: Option<Colleague>, member: Option<Member>) -> MockRepositories {
        let mut mocks = MockRepositories::default();
        mocks
            .tenants
            .expect_find_by_slug()
            .returning(|_| Ok(Some(tenant())));
        mocks
            .identity
            .expect_find_colleague()
            .returning(move |_| Ok(place.clone()));
        mocks
            .identity
            .expect_list_users()
            .returning(|_| Ok(vec![user(STEWARD)]));
        mocks
            .members
            .expect_find()
            .returning(move |_| Ok(member.clone()));
        mocks
    }

    fn place() -> Colleague {
        colleague(&[for_good(Role::Member)])
    }

    fn link(hall: &Hall) -> Result<(), AccountError> {
        let accounts = &hall.application.accounts;
        accounts.link_member(&tenant().slug, STEWARD, ADA)
    }

    #[test]
    fn linking_keeps_the_roles_and_is_on_record() {
        let mut mocks = hall(Some(place()), Some(member()));
        let events = audited(&mut mocks);
        mocks
            .identity
            .expect_put_membership()
            .withf(|put, _| put.member == Some(ADA) && put.roles == place().roles)
            .times(1)
            .returning(|_, _| Ok(()));
        let hall = Hall::over(mocks);
        link(&hall).unwrap();
        let last = (Scope::Identity, Mode::Write, Decision::Commit);
        assert_eq!(hall.runs().last(), Some(&last));
        assert_eq!(told(&events), [("updated", "membership")]);
        assert_eq!(
            events.lock().unwrap()[0].details,
            [("member_id", ADA.to_string())]
        );
    }

    #[test]
    fn nobody_is_linked_without_a_place_or_to_a_member_who_is_not_there() {
        let without_place = Hall::over(hall(None, Some(member())));
        assert!(matches!(link(&without_place), Err(AccountError::NoPlace)));
        let without_member = Hall::over(hall(Some(place()), None));
        assert!(matches!(link(&without_member), Err(AccountError::NoMember)));
    }

    #[test]
    fn a_member_who_is_another_user_already_is_told_and_nothing_is_kept() {
        let mut mocks = hall(Some(place()), Some(member()));
        mocks.identity.expect_put_membership().returning(|_, _| {
            Err(StorageError::Constraint {
                name: "memberships_member_key".to_owned(),
            })
        });
        let hall = Hall::over(mocks);
        assert!(matches!(link(&hall), Err(AccountError::MemberTaken)));
        let last = (Scope::Identity, Mode::Write, Decision::RollBack);
        assert_eq!(hall.runs().last(), Some(&last));
    }

    #[test]
    fn colleagues_are_listed_with_their_roles_and_those_switched_off_without() {
        for (found, roles) in [(Some(place()), place().roles), (None, Vec::new())] {
            let hall = Hall::over(hall(found, None));
            let listed = hall.application.accounts.list_colleagues(&tenant().slug);
            assert_eq!(listed.unwrap(), [colleague(&roles)]);
        }
    }
}
