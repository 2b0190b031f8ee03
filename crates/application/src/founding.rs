//! How a tenant comes to be, whoever makes it: the operator, the first run, or somebody who signs up. The tenant, the
//! place of its owner and what is on record of both are written in one transaction.

use unionhall_domain::{
    audit::{AuditAction, Target},
    ids::Id,
    roles::Role,
    tenants::{Plan, Tenant, TenantId},
    users::UserId,
    version::Version,
};
use unionhall_ports::{
    audit::{AuditActor, AuditEvent, Origin},
    identity::{HeldRole, Membership},
    storage::StorageError,
    unit_of_work::Repositories,
};
use uuid::Uuid;

use crate::{accounts::NewTenant, core::Core};

/// Who makes something, and from where.
#[derive(Debug, Clone)]
pub(crate) struct By {
    /// Who.
    pub(crate) actor: AuditActor,
    /// From where.
    pub(crate) origin: Origin,
}

impl By {
    /// The operator, at the command line.
    pub(crate) fn operator() -> Self {
        Self {
            actor: AuditActor::Operator,
            origin: Origin::default(),
        }
    }

    /// What is put on record.
    pub(crate) fn event(
        &self,
        core: &Core,
        tenant: Option<TenantId>,
        target: Target,
        id: Uuid,
        action: AuditAction,
    ) -> AuditEvent {
        AuditEvent {
            id: core.clock.new_id(),
            at: core.clock.now(),
            tenant,
            actor: self.actor,
            action,
            target,
            target_id: Some(id),
            changes: Vec::new(),
            details: Vec::new(),
            origin: self.origin.clone(),
        }
    }
}

/// A tenant that is stored nowhere yet.
pub(crate) fn drafted(core: &Core, new: NewTenant, plan: Plan) -> Tenant {
    let now = core.clock.now();
    Tenant {
        id: Id::new(core.clock.new_id()),
        slug: new.slug,
        name: new.name,
        kind: new.kind,
        time_zone: new.time_zone,
        currency: new.currency,
        plan,
        version: Version::FIRST,
        created_at: now,
        updated_at: now,
    }
}

/// Puts a new tenant on record.
///
/// # Errors
/// [`StorageError`].
pub(crate) fn recorded(
    tx: &mut dyn Repositories,
    core: &Core,
    tenant: &Tenant,
    by: &By,
) -> Result<(), StorageError> {
    let id = tenant.id.uuid();
    let event = by.event(
        core,
        Some(tenant.id),
        Target::Tenant,
        id,
        AuditAction::Created,
    );
    tx.audit().insert(&[event])
}

/// Gives somebody a place in a tenant, with these roles for good, and puts it on record.
///
/// # Errors
/// [`StorageError`].
pub(crate) fn join(
    tx: &mut dyn Repositories,
    core: &Core,
    user: UserId,
    tenant: TenantId,
    roles: &[Role],
    by: &By,
) -> Result<(), StorageError> {
    let held = |role: &Role| HeldRole {
        role: *role,
        expires_at: None,
    };
    let membership = Membership {
        user,
        tenant,
        roles: roles.iter().map(held).collect(),
        member: None,
    };
    tx.identity()
        .put_membership(&membership, core.clock.now())?;
    let (target, id) = (Target::Membership, user.uuid());
    let event = by.event(core, Some(tenant), target, id, AuditAction::Created);
    tx.audit().insert(&[event])
}
