//! One's own profile, and what one may see of colleagues.

use std::sync::Arc;

use unionhall_domain::{
    audit::{AuditAction, Target, differences},
    email_changes::EmailChange,
    profiles::{ColleagueCard, Profile, ProfileChange},
    tenants::Tenant,
    users::UserId,
};
use unionhall_ports::{storage::StorageError, unit_of_work::Scope};

use crate::{
    actor::Actor,
    call::Call,
    core::Core,
    error::{CallError, Code, Coded},
    permissions::Permission,
};

/// What can go wrong with profiles.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// There is nobody with this id here.
    #[error("there is no such user")]
    NotFound,
    /// What any call can meet.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl From<StorageError> for ProfileError {
    fn from(error: StorageError) -> Self {
        Self::Call(error.into())
    }
}

impl Coded for ProfileError {
    fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::NotFound,
            Self::Call(error) => error.code(),
        }
    }

    fn replay(&self) -> Option<&unionhall_ports::idempotency::StoredAnswer> {
        match self {
            Self::Call(error) => error.replay(),
            Self::NotFound => None,
        }
    }
}

/// Who one is, where one works, and what one may do there.
#[derive(Debug, Clone)]
pub struct OwnProfile {
    /// What one says of oneself.
    pub profile: Profile,
    /// Oneself at work in the present tenant.
    pub actor: Actor,
    /// Every tenant one has a place in, by slug.
    pub tenants: Vec<Tenant>,
    /// The change of address that waits for both addresses to agree, if one does.
    pub email_change: Option<EmailChange>,
}

/// The use cases of profiles.
#[derive(Clone)]
pub struct Profiles {
    core: Arc<Core>,
}

impl Profiles {
    /// Over these ports.
    pub const fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// One's own profile, and what one may do; everybody may see their own.
    ///
    /// # Errors
    /// [`ProfileError`].
    pub fn find_own(&self, call: &Call) -> Result<OwnProfile, ProfileError> {
        let user = call.actor.user_id().ok_or(ProfileError::NotFound)?;
        let now = self.core.clock.now();
        self.core.unit_of_work.snapshot(Scope::Identity, |tx| {
            let profile = tx.profiles().find(user)?;
            Ok(OwnProfile {
                profile: profile.ok_or(ProfileError::NotFound)?,
                actor: call.actor.clone(),
                tenants: tx.identity().tenants_of(user)?,
                email_change: tx.email_changes().find(user, now)?,
            })
        })
    }

    /// Changes what one names of one's own profile. Everybody may, also where the tenant may change nothing: a
    /// profile is the person's. A change that changes nothing leaves no trace.
    ///
    /// # Errors
    /// [`ProfileError`].
    pub fn update_own(&self, call: &Call, wanted: ProfileChange) -> Result<Profile, ProfileError> {
        let user = call.actor.user_id().ok_or(ProfileError::NotFound)?;
        self.core.change_own(call, |change| {
            let before = change.tx.profiles().find(user)?;
            let before = before.ok_or(ProfileError::NotFound)?;
            call.expects(before.version)?;
            let mut after = before.clone().changed(wanted);
            let fields = differences(before.fields(), after.fields());
            if fields.is_empty() {
                change.leave_unchanged();
                return Ok(before);
            }
            after.version = before.version.next();
            let now = change.now;
            change.tx.profiles().update(&after, now)?;
            let (action, id) = (AuditAction::Updated, user.uuid());
            change.record(action, Target::User, id, fields, Vec::new());
            Ok(after)
        })
    }

    /// What colleagues may see of somebody.
    ///
    /// # Errors
    /// [`ProfileError::NotFound`] also for people of other tenants.
    pub fn find_colleague(&self, call: &Call, user: UserId) -> Result<ColleagueCard, ProfileError> {
        call.actor.require(Permission::ColleaguesRead)?;
        self.core.read(call, |tx| {
            let found = tx.profiles().find_card(user)?;
            found.ok_or(ProfileError::NotFound)
        })
    }
}

#[cfg(test)]
mod tests;
