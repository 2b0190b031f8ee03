//! Whoever acts: the person, the tenant, and what the roles held there allow.

use std::sync::Arc;

use jiff::{Timestamp, civil::Date};
use unionhall_domain::{
    members::MemberId,
    roles::Role,
    tenants::{Tenant, TenantId},
    users::{User, UserId, places::Changer},
};
use unionhall_ports::{
    audit::AuditActor,
    identity::{Access, SessionId},
};

use crate::{error::CallError, permissions::Permission};

/// A signed-in person at work in a tenant, or the operator at the command line.
#[derive(Debug, Clone)]
pub struct Actor {
    kind: Kind,
    tenant: Arc<Tenant>,
    roles: Vec<Role>,
}

#[derive(Debug, Clone)]
enum Kind {
    Person(Arc<Access>),
    Operator,
}

impl Actor {
    /// The person behind a session, with the roles that have not expired at `now`.
    pub fn person(access: Arc<Access>, tenant: Arc<Tenant>, now: Timestamp) -> Self {
        let roles = access
            .roles
            .iter()
            .filter(|held| held.counts(now))
            .map(|held| held.role)
            .collect();
        Self {
            kind: Kind::Person(access),
            tenant,
            roles,
        }
    }

    /// Whoever hosts the installation, working for a tenant on its behalf with an owner's rights.
    pub fn operator(tenant: Tenant) -> Self {
        Self {
            kind: Kind::Operator,
            tenant: Arc::new(tenant),
            roles: vec![Role::Owner],
        }
    }

    /// Goes on if a role held allows it.
    ///
    /// # Errors
    /// [`CallError::Forbidden`].
    pub fn require(&self, permission: Permission) -> Result<(), CallError> {
        if self.may(permission) {
            Ok(())
        } else {
            Err(CallError::Forbidden(permission))
        }
    }

    /// Goes on if the tenant may change anything at `now`: its trial runs, or it is active.
    ///
    /// # Errors
    /// [`CallError::ReadOnly`].
    pub fn require_writable(&self, now: Timestamp) -> Result<(), CallError> {
        match self.tenant.plan.standing.read_only(now) {
            Some(reason) => Err(CallError::ReadOnly(reason)),
            None => Ok(()),
        }
    }

    /// Whether a role held allows it.
    pub fn may(&self, permission: Permission) -> bool {
        permission.held_by(&self.roles)
    }

    /// The roles held now.
    pub fn roles(&self) -> &[Role] {
        &self.roles
    }

    /// The actor as whoever changes places in the tenant.
    pub fn as_changer(&self) -> Changer {
        Changer {
            user: self.user_id(),
            highest: self.roles.iter().copied().min(),
        }
    }

    /// Every permission held now, in the order of their names.
    pub fn permissions(&self) -> Vec<Permission> {
        Permission::ALL
            .into_iter()
            .filter(|permission| self.may(*permission))
            .collect()
    }

    /// The tenant worked in.
    pub fn tenant(&self) -> &Tenant {
        &self.tenant
    }

    /// The tenant's id.
    pub fn tenant_id(&self) -> TenantId {
        self.tenant.id
    }

    /// The user, unless it is the operator.
    pub fn user(&self) -> Option<&User> {
        match &self.kind {
            Kind::Person(access) => Some(&access.user),
            Kind::Operator => None,
        }
    }

    /// The user's id, unless it is the operator.
    pub fn user_id(&self) -> Option<UserId> {
        self.user().map(|user| user.id)
    }

    /// The session, unless it is the operator.
    pub fn session(&self) -> Option<SessionId> {
        match &self.kind {
            Kind::Person(access) => Some(access.session),
            Kind::Operator => None,
        }
    }

    /// The union member the person is, if one.
    pub fn member(&self) -> Option<MemberId> {
        match &self.kind {
            Kind::Person(access) => access.member,
            Kind::Operator => None,
        }
    }

    /// Whether a role held now needs a second factor in this tenant.
    pub fn needs_second_factor(&self) -> bool {
        match &self.kind {
            Kind::Person(access) => {
                let needing = &access.second_factor_roles;
                self.roles.iter().any(|role| needing.contains(role))
            }
            Kind::Operator => false,
        }
    }

    /// Whether a role held now needs a second factor in this tenant and the person has none.
    pub fn lacks_second_factor(&self) -> bool {
        match &self.kind {
            Kind::Person(access) => self.would_lack_second_factor(&access.second_factor_roles),
            Kind::Operator => false,
        }
    }

    /// Whether a role held now is one of these, were they to need a second factor, and the person has none.
    pub fn would_lack_second_factor(&self, needing: &[Role]) -> bool {
        match &self.kind {
            Kind::Person(access) => {
                let needs = self.roles.iter().any(|role| needing.contains(role));
                needs && !access.has_second_factor
            }
            Kind::Operator => false,
        }
    }

    /// The actor as the audit trail names it.
    pub fn in_trail(&self) -> AuditActor {
        self.user_id()
            .map_or(AuditActor::Operator, AuditActor::User)
    }

    /// The tenant's calendar day at `now`.
    pub fn today(&self, now: Timestamp) -> Date {
        self.tenant.time_zone.day_of(now)
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use jiff::civil::date;
    use unionhall_ports::identity::HeldRole;

    use super::*;
    use crate::{
        error::Code,
        fixtures::{ADA, CALLER, SESSION, access, code, for_good, now, tenant},
    };

    fn until(role: Role, seconds: i64) -> HeldRole {
        HeldRole {
            role,
            expires_at: Some(now() + SignedDuration::from_secs(seconds)),
        }
    }

    fn person(roles: &[HeldRole]) -> Actor {
        let access = Arc::new(access(roles, Some(ADA)));
        Actor::person(access, Arc::new(tenant()), now())
    }

    #[test]
    fn a_role_counts_until_the_instant_it_expires() {
        let actor = person(&[
            until(Role::Owner, -1),
            until(Role::Officer, 0),
            until(Role::Staff, 1),
            for_good(Role::Member),
        ]);
        assert_eq!(actor.roles(), [Role::Staff, Role::Member]);
        assert!(actor.may(Permission::MembersWrite));
        assert!(!actor.may(Permission::MembersDelete));
    }

    #[test]
    fn several_roles_allow_what_any_of_them_allows() {
        let actor = person(&[for_good(Role::Member), for_good(Role::Organizer)]);
        let names: Vec<_> = actor
            .permissions()
            .into_iter()
            .map(Permission::as_str)
            .collect();
        let expected = [
            "benevolence:file_own",
            "benevolence:read_own",
            "colleagues:read",
            "grievances:read_own",
            "members:read",
            "members:read_own",
            "organizations:read",
            "organizing:read",
            "organizing:write",
            "training:read_own",
            "users:read",
        ];
        assert_eq!(names, expected);
    }

    #[test]
    fn whoever_holds_no_role_may_do_nothing() {
        let actor = person(&[]);
        assert!(actor.permissions().is_empty());
        let result = actor.require(Permission::MembersRead);
        assert_eq!(
            result.as_ref().map_err(ToString::to_string),
            Err("this needs the permission members:read".to_owned())
        );
        assert_eq!(code(result), Code::Forbidden);
    }

    #[test]
    fn a_person_is_known_by_user_session_and_member_and_the_operator_by_nothing() {
        let actor = person(&[]);
        assert_eq!(actor.user_id(), Some(CALLER));
        assert_eq!(actor.session(), Some(SESSION));
        assert_eq!(actor.member(), Some(ADA));
        assert_eq!(actor.in_trail(), AuditActor::User(CALLER));
        let operator = Actor::operator(tenant());
        assert_eq!(operator.user_id(), None);
        assert_eq!(operator.session(), None);
        assert_eq!(operator.member(), None);
        assert_eq!(operator.in_trail(), AuditActor::Operator);
        assert_eq!(operator.roles(), [Role::Owner]);
    }

    #[test]
    fn a_second_factor_is_lacking_where_a_role_that_counts_needs_one_and_there_is_none() {
        let lacks = |held: HeldRole, needing: &[Role], has_second_factor: bool| {
            let access = Access {
                second_factor_roles: needing.to_vec(),
                has_second_factor,
                ..access(&[held], None)
            };
            let actor = Actor::person(Arc::new(access), Arc::new(tenant()), now());
            (actor.needs_second_factor(), actor.lacks_second_factor())
        };
        let admin = for_good(Role::Admin);
        assert_eq!(
            lacks(admin, &[Role::Owner, Role::Admin], false),
            (true, true)
        );
        assert_eq!(lacks(admin, &[Role::Admin], true), (true, false));
        assert_eq!(lacks(admin, &[Role::Owner], false), (false, false));
        assert_eq!(
            lacks(until(Role::Admin, -1), &[Role::Admin], false),
            (false, false)
        );
        assert!(!Actor::operator(tenant()).lacks_second_factor());
    }

    #[test]
    fn today_is_the_halls_day() {
        let late: Timestamp = "2026-11-22T07:59:59Z".parse().unwrap();
        assert_eq!(person(&[]).today(late), date(2026, 11, 21));
    }
}
