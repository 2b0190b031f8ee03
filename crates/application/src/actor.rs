//! Whoever acts: the person, the tenant, and what the roles held there allow.

use std::sync::Arc;

use jiff::{Timestamp, civil::Date};
use unionhall_domain::{
    members::MemberId,
    roles::Role,
    tenants::{Tenant, TenantId},
    users::{User, UserId},
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
        let held = |until: Option<Timestamp>| until.is_none_or(|until| now < until);
        let roles = access
            .roles
            .iter()
            .filter(|held_role| held(held_role.expires_at))
            .map(|held_role| held_role.role)
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

    /// Whether a role held allows it.
    pub fn may(&self, permission: Permission) -> bool {
        permission.held_by(&self.roles)
    }

    /// The roles held now.
    pub fn roles(&self) -> &[Role] {
        &self.roles
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
