//! Tenants and users, as the operator makes them at the command line.

mod places;
mod plans;
mod setting_up;

pub use setting_up::FirstSignIn;

use std::sync::Arc;

use unionhall_domain::{
    audit::{AuditAction, Target},
    ids::Id,
    passwords::Strength,
    roles::Role,
    tenants::{Currency, IllegalStanding, Plan, Slug, Tenant, TenantId, TenantKind, ZoneName},
    text::Line,
    users::{EmailAddress, User, UserId},
};
use unionhall_ports::{
    audit::AuditEvent,
    passwords::PasswordHash,
    storage::StorageError,
    unit_of_work::{Repositories, Scope},
};
use uuid::Uuid;

use crate::{
    core::{Core, reserve_user},
    error::CallError,
    founding::{self, By},
};

/// What can go wrong with accounts.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// There is a tenant, so that the first one cannot be made any more.
    #[error("this installation has a tenant already")]
    AlreadySetUp,
    /// There is a tenant with this slug.
    #[error("there is a tenant with this slug already")]
    SlugTaken,
    /// There is a user with this address.
    #[error("there is a user with this e-mail address already")]
    EmailTaken,
    /// There is no tenant with this slug.
    #[error("there is no tenant {0}")]
    NoTenant(String),
    /// There is no user with this address.
    #[error("there is no user {0}")]
    NoUser(EmailAddress),
    /// The user has no place in the tenant, or may not sign in.
    #[error("the user has no place in the tenant")]
    NoPlace,
    /// The tenant has no such member.
    #[error("the tenant has no such member")]
    NoMember,
    /// The tenant does not move there from where it stands.
    #[error(transparent)]
    IllegalStanding(#[from] IllegalStanding),
    /// Another user is that member.
    #[error("another user is linked to this member")]
    MemberTaken,
    /// What any call can meet.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl From<StorageError> for AccountError {
    fn from(error: StorageError) -> Self {
        match error {
            StorageError::Constraint { name } if name == "tenants_slug_key" => Self::SlugTaken,
            StorageError::Constraint { name } if name == "users_email_key" => Self::EmailTaken,
            StorageError::Constraint { name } if name == "memberships_member_key" => {
                Self::MemberTaken
            }
            other => Self::Call(other.into()),
        }
    }
}

/// A tenant to be made.
#[derive(Debug, Clone)]
pub struct NewTenant {
    /// Its short name.
    pub slug: Slug,
    /// What it calls itself.
    pub name: Line<255>,
    /// Local or trust.
    pub kind: TenantKind,
    /// Where its days begin and end.
    pub time_zone: ZoneName,
    /// What its amounts are in.
    pub currency: Currency,
}

/// A user to be made.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// The address the person signs in with.
    pub email: EmailAddress,
    /// Given name.
    pub first_name: Line<100>,
    /// Family name.
    pub last_name: Line<100>,
    /// The password's hash.
    pub password: PasswordHash,
}

/// The operator's use cases.
#[derive(Clone)]
pub struct Accounts {
    core: Arc<Core>,
}

impl Accounts {
    /// Over these ports.
    pub const fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// Makes a tenant, and gives it its first owner: a new user, or one there is.
    ///
    /// # Errors
    /// [`AccountError`]; then neither is made.
    pub fn create_tenant(&self, new: NewTenant, owner: NewUser) -> Result<Tenant, AccountError> {
        self.change(|tx, core| {
            let tenant = add_tenant(tx, core, new)?;
            let user = match tx.identity().find_credentials(&owner.email)? {
                Some(found) => found.user.id,
                None => add_user(tx, core, owner, Some(tenant.id))?,
            };
            join(tx, core, user, tenant.id, &[Role::Owner])?;
            Ok(tenant)
        })
    }

    /// Every tenant, by slug.
    ///
    /// # Errors
    /// [`AccountError`].
    pub fn list_tenants(&self) -> Result<Vec<Tenant>, AccountError> {
        self.core
            .unit_of_work
            .read(Scope::Identity, |tx| Ok(tx.tenants().list()?))
    }

    /// The tenant with this slug.
    ///
    /// # Errors
    /// [`AccountError::NoTenant`].
    pub fn find_tenant(&self, slug: &Slug) -> Result<Tenant, AccountError> {
        self.core
            .unit_of_work
            .read(Scope::Identity, |tx| tenant(tx, slug))
    }

    /// Makes a user, with a place in a tenant if one is named.
    ///
    /// # Errors
    /// [`AccountError`]; then nothing is made.
    pub fn create_user(
        &self,
        new: NewUser,
        place: Option<(&Slug, &[Role])>,
    ) -> Result<UserId, AccountError> {
        self.change(|tx, core| {
            let place = place
                .map(|(slug, roles)| Ok::<_, AccountError>((tenant(tx, slug)?.id, roles)))
                .transpose()?;
            let user = add_user(tx, core, new, place.map(|(tenant, _)| tenant))?;
            if let Some((tenant, roles)) = place {
                reserve_user(tx, tenant)?;
                join(tx, core, user, tenant, roles)?;
            }
            Ok(user)
        })
    }

    /// Users by address: all of them, or those of a tenant.
    ///
    /// # Errors
    /// [`AccountError`].
    pub fn list_users(&self, slug: Option<&Slug>) -> Result<Vec<User>, AccountError> {
        self.core.unit_of_work.snapshot(Scope::Identity, |tx| {
            let tenant = slug.map(|slug| tenant(tx, slug)).transpose()?;
            Ok(tx.identity().list_users(tenant.map(|tenant| tenant.id))?)
        })
    }

    /// Gives a user a new password and ends all their sessions.
    ///
    /// # Errors
    /// [`AccountError::NoUser`].
    pub fn reset_password(
        &self,
        email: &EmailAddress,
        hash: &PasswordHash,
    ) -> Result<(), AccountError> {
        self.change(|tx, core| {
            let now = core.clock.now();
            let found = tx
                .identity()
                .find_credentials(email)?
                .ok_or_else(|| AccountError::NoUser(email.clone()))?;
            let user = found.user.id;
            tx.identity()
                .set_password(user, hash, Strength::Alone, now)?;
            tx.identity().end_sessions(user, now)?;
            put(
                tx,
                core,
                found.tenant,
                Target::User,
                user.uuid(),
                AuditAction::PasswordReset,
            )
        })
    }

    fn change<T>(
        &self,
        work: impl FnOnce(&mut dyn Repositories, &Core) -> Result<T, AccountError>,
    ) -> Result<T, AccountError> {
        self.core
            .unit_of_work
            .transaction(Scope::Identity, |tx| work(tx, &self.core))
    }
}

fn tenant(tx: &mut dyn Repositories, slug: &Slug) -> Result<Tenant, AccountError> {
    tx.tenants()
        .find_by_slug(slug)?
        .ok_or_else(|| AccountError::NoTenant(slug.as_str().to_owned()))
}

fn add_tenant(
    tx: &mut dyn Repositories,
    core: &Core,
    new: NewTenant,
) -> Result<Tenant, AccountError> {
    let tenant = founding::drafted(core, new, Plan::ACTIVE);
    tx.tenants().insert(&tenant)?;
    founding::recorded(tx, core, &tenant, &By::operator())?;
    Ok(tenant)
}

fn add_user(
    tx: &mut dyn Repositories,
    core: &Core,
    new: NewUser,
    tenant: Option<TenantId>,
) -> Result<UserId, AccountError> {
    let user = User {
        id: Id::new(core.clock.new_id()),
        email: new.email,
        first_name: new.first_name,
        last_name: new.last_name,
        last_login_at: None,
        created_at: core.clock.now(),
    };
    tx.identity().insert_user(&user, &new.password)?;
    put(
        tx,
        core,
        tenant,
        Target::User,
        user.id.uuid(),
        AuditAction::Created,
    )?;
    Ok(user.id)
}

fn join(
    tx: &mut dyn Repositories,
    core: &Core,
    user: UserId,
    tenant: TenantId,
    roles: &[Role],
) -> Result<(), AccountError> {
    Ok(founding::join(
        tx,
        core,
        user,
        tenant,
        roles,
        &By::operator(),
    )?)
}

fn put(
    tx: &mut dyn Repositories,
    core: &Core,
    tenant: Option<TenantId>,
    target: Target,
    id: Uuid,
    action: AuditAction,
) -> Result<(), AccountError> {
    let event = event(core, tenant, target, id, action);
    Ok(tx.audit().insert(&[event])?)
}

fn event(
    core: &Core,
    tenant: Option<TenantId>,
    target: Target,
    id: Uuid,
    action: AuditAction,
) -> AuditEvent {
    By::operator().event(core, tenant, target, id, action)
}

#[cfg(test)]
mod tests;
