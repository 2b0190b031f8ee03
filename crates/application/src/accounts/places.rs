//! People's places in a tenant: the roles they hold there, and the member they are.

use unionhall_domain::{
    audit::{AuditAction, Target, differences},
    members::MemberId,
    tenants::Slug,
    users::{
        User, UserId,
        places::{Place, PlaceState},
    },
};
use unionhall_ports::{audit::Origin, identity::Colleague, unit_of_work::Scope};

use super::{AccountError, Accounts, tenant};
use crate::{actor::Actor, call::Call};

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
        let tenant = self.find_tenant(slug)?;
        let operator = Call::new(Actor::operator(tenant), Origin::default());
        self.core.change(&operator, |change| {
            let before = change.tx.users().find(user)?;
            let before = before
                .filter(|place| place.state() == PlaceState::Active)
                .ok_or(AccountError::NoPlace)?;
            let held = change.tx.members().hold(member)?;
            held.ok_or(AccountError::NoMember)?;
            let after = Place {
                member: Some(member),
                version: before.version.next(),
                updated_at: change.now,
                ..before.clone()
            };
            change.tx.users().update(&after)?;
            change.record(
                AuditAction::Updated,
                Target::Membership,
                user.uuid(),
                differences(before.fields(), after.fields()),
                vec![("member_id", member.to_string())],
            );
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use unionhall_domain::{members::Member, roles::Role, users::places::Standing};
    use unionhall_ports::{
        mock::MockRepositories,
        storage::StorageError,
        unit_of_work::{Decision, Mode},
    };

    use super::*;
    use crate::fixtures::{
        ADA, HALL, Hall, STEWARD, audited, colleague, for_good, member, now, place, tenant, told,
        user,
    };

    /// A hall that the steward may have a place in, and that may have the member.
    fn hall(place: Option<Place>, member: Option<Member>) -> MockRepositories {
        let mut mocks = MockRepositories::default();
        mocks
            .tenants
            .expect_find_by_slug()
            .returning(|_| Ok(Some(tenant())));
        mocks
            .users
            .expect_find()
            .returning(move |_| Ok(place.clone()));
        mocks
            .members
            .expect_hold()
            .returning(move |_| Ok(member.clone()));
        mocks
    }

    fn steward() -> Place {
        place(STEWARD, &[for_good(Role::Member)])
    }

    fn link(hall: &Hall) -> Result<(), AccountError> {
        let accounts = &hall.application.accounts;
        accounts.link_member(&tenant().slug, STEWARD, ADA)
    }

    #[test]
    fn linking_keeps_the_roles_in_one_transaction_and_is_on_record() {
        let mut mocks = hall(Some(steward()), Some(member()));
        let events = audited(&mut mocks);
        mocks
            .users
            .expect_update()
            .withf(|put| put.member == Some(ADA) && put.roles == steward().roles)
            .times(1)
            .returning(|_| Ok(()));
        let hall = Hall::over(mocks);
        link(&hall).unwrap();
        let last = (Scope::Tenant(HALL), Mode::Write, Decision::Commit);
        assert_eq!(hall.runs().last(), Some(&last));
        assert_eq!(told(&events), [("updated", "membership")]);
        assert_eq!(
            events.lock().unwrap()[0].details,
            [("member_id", ADA.to_string())]
        );
    }

    #[test]
    fn nobody_is_linked_without_an_active_place_or_to_a_member_who_is_not_there() {
        let removed = Place {
            standing: Standing::Removed { at: now() },
            ..steward()
        };
        for found in [None, Some(removed)] {
            let without_place = Hall::over(hall(found, Some(member())));
            assert!(matches!(link(&without_place), Err(AccountError::NoPlace)));
        }
        let without_member = Hall::over(hall(Some(steward()), None));
        assert!(matches!(link(&without_member), Err(AccountError::NoMember)));
    }

    #[test]
    fn a_member_who_is_another_user_already_is_told_and_nothing_is_kept() {
        let mut mocks = hall(Some(steward()), Some(member()));
        mocks.users.expect_update().returning(|_| {
            Err(StorageError::Constraint {
                name: "memberships_member_key".to_owned(),
            })
        });
        let hall = Hall::over(mocks);
        assert!(matches!(link(&hall), Err(AccountError::MemberTaken)));
        let last = (Scope::Tenant(HALL), Mode::Write, Decision::RollBack);
        assert_eq!(hall.runs().last(), Some(&last));
    }

    #[test]
    fn colleagues_are_listed_with_their_roles_and_those_switched_off_without() {
        let found = colleague(&[for_good(Role::Member)]);
        for (found, roles) in [(Some(found.clone()), found.roles), (None, Vec::new())] {
            let mut mocks = hall(None, None);
            mocks
                .identity
                .expect_list_users()
                .returning(|_| Ok(vec![user(STEWARD)]));
            mocks
                .identity
                .expect_find_colleague()
                .returning(move |_| Ok(found.clone()));
            let hall = Hall::over(mocks);
            let listed = hall.application.accounts.list_colleagues(&tenant().slug);
            assert_eq!(listed.unwrap(), [colleague(&roles)]);
        }
    }
}
