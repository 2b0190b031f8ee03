//! Halls that people make by themselves, on trial for thirty days.
//!
//! Whoever has no account asks with an address and a password, and the hall is made in the transaction that verifies
//! the address: nothing is made, and no short name is held, for somebody who has not shown who they are. Whoever is
//! signed in makes a hall at once, one on trial at a time.

mod letters;

use std::sync::Arc;

use jiff::Timestamp;
use unionhall_domain::{
    invalid::FieldError,
    passwords::KnownWords,
    registrations::RegistrationMode,
    roles::Role,
    signups::{Signup, trial},
    tenants::{Slug, Tenant},
    users::{User, UserId},
};
use unionhall_ports::{
    audit::{AuditActor, Origin},
    storage::StorageError,
    unit_of_work::{Repositories, Scope},
};

use crate::{
    accounts::NewTenant,
    call::Call,
    core::Core,
    error::{CallError, Code, Coded},
    founding::{self, By},
    passwords::{Password, PasswordHash},
    registrations::{Register, RegistrationError, Registrations},
};

/// What can go wrong with making a hall.
#[derive(Debug, thiserror::Error)]
pub enum SignupError {
    /// Nobody makes a hall by themselves here.
    #[error("nobody can make a hall here by themselves; ask whoever runs this installation")]
    Closed,
    /// There is a hall with the short name that is wanted.
    #[error("there is a hall with this short name already; choose another one, or none")]
    SlugTaken,
    /// The person owns a hall on trial.
    #[error("you own a hall on trial already, {}; one is tried out at a time", .0.as_str())]
    OnTrialAlready(Slug),
    /// Fields are wrong: the password is refused.
    #[error("some fields are wrong")]
    Invalid(Vec<FieldError>),
    /// What any call can meet.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl From<StorageError> for SignupError {
    fn from(error: StorageError) -> Self {
        Self::Call(error.into())
    }
}

impl From<RegistrationError> for SignupError {
    fn from(error: RegistrationError) -> Self {
        match error {
            RegistrationError::Closed => Self::Closed,
            RegistrationError::Invalid(errors) => Self::Invalid(errors),
            RegistrationError::Call(error) => Self::Call(error),
        }
    }
}

impl Coded for SignupError {
    fn code(&self) -> Code {
        match self {
            Self::Closed => Code::RegistrationClosed,
            Self::SlugTaken | Self::OnTrialAlready(_) => Code::Duplicate,
            Self::Invalid(_) => Code::InvalidFields,
            Self::Call(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldError] {
        match self {
            Self::Invalid(errors) => errors,
            Self::Closed | Self::SlugTaken | Self::OnTrialAlready(_) => &[],
            Self::Call(error) => error.fields(),
        }
    }
}

/// The use cases of signing up.
#[derive(Clone)]
pub struct Signups {
    core: Arc<Core>,
    registrations: Registrations,
}

impl Signups {
    /// Over these ports.
    pub fn new(core: Arc<Core>) -> Self {
        let registrations = Registrations::new(Arc::clone(&core));
        Self {
            core,
            registrations,
        }
    }

    /// Says whether somebody may make a hall with this password, before the work of hashing it. Storage is not asked, so
    /// the answer tells nothing of any account.
    ///
    /// # Errors
    /// [`SignupError::Closed`], or [`Invalid`](SignupError::Invalid) at `password`.
    pub fn begin(
        &self,
        owner: &Register,
        signup: &Signup,
        password: &Password,
    ) -> Result<(), SignupError> {
        let known = KnownWords::default().hall_called(signup.name.as_str());
        let slug = signup.slug.as_ref().map(Slug::as_str);
        let known = slug.into_iter().fold(known, KnownWords::hall_called);
        Ok(self.registrations.begin_known(owner, known, password)?)
    }

    /// Makes an account and keeps the hall that is wanted until the address is verified, and mails the link for that; if
    /// the address has a verified account, its owner is told how to make a hall with it. For every address the same
    /// statements run.
    ///
    /// # Errors
    /// [`SignupError::SlugTaken`], or others that have nothing to do with the address either.
    pub fn ask(
        &self,
        owner: &Register,
        signup: &Signup,
        hash: &PasswordHash,
        origin: &Origin,
    ) -> Result<(), SignupError> {
        self.core.unit_of_work.transaction(Scope::Identity, |tx| {
            // Which halls there are is no secret: each has a public card.
            if let Some(slug) = &signup.slug
                && tx.tenants().find_by_slug(slug)?.is_some()
            {
                return Err(SignupError::SlugTaken);
            }
            Ok(self
                .registrations
                .enter(tx, owner, hash, Some(signup), origin)?)
        })
    }

    /// Makes a hall on trial that the caller owns.
    ///
    /// # Errors
    /// [`SignupError::Closed`], [`SlugTaken`](SignupError::SlugTaken) for a short name that was asked for, or
    /// [`OnTrialAlready`](SignupError::OnTrialAlready).
    pub fn found(&self, call: &Call, signup: &Signup) -> Result<Tenant, SignupError> {
        let user = call.actor.user().ok_or_else(nobody)?;
        if !is_open(&self.core) {
            return Err(SignupError::Closed);
        }
        let now = self.core.clock.now();
        self.core.unit_of_work.transaction(Scope::Identity, |tx| {
            if let Some(slug) = tx.signups().hold_trial_of(user.id)? {
                return Err(SignupError::OnTrialAlready(slug));
            }
            let unique = self.core.clock.new_id().simple().to_string();
            let mut slugs = signup.slugs(last(&unique));
            if signup.slug.is_some() {
                slugs.truncate(1);
            }
            let by = By {
                actor: AuditActor::User(user.id),
                origin: call.origin.clone(),
            };
            let made = made(&self.core, tx, (signup, slugs), user.id, now, &by)?;
            made.ok_or(SignupError::SlugTaken)
        })
    }
}

/// Makes the hall that somebody waits for whose address has just been verified, and tells them. If the short name that
/// they wanted is taken meanwhile, the hall gets one like it.
///
/// # Errors
/// [`CallError`].
pub(crate) fn settle(
    core: &Core,
    tx: &mut dyn Repositories,
    user: &User,
    now: Timestamp,
    origin: &Origin,
) -> Result<Option<Tenant>, CallError> {
    let Some(signup) = tx.signups().take(user.id)?.filter(|_| is_open(core)) else {
        return Ok(None);
    };
    let unique = core.clock.new_id().simple().to_string();
    let slugs = signup.slugs(last(&unique));
    let by = By {
        actor: AuditActor::User(user.id),
        origin: origin.clone(),
    };
    let made = made(core, tx, (&signup, slugs), user.id, now, &by)?;
    if let Some(tenant) = &made {
        core.post(tx, letters::ready(user, tenant, core.links.home()))?;
    }
    Ok(made)
}

/// Makes a hall under the first of these short names that is free, and its owner's place in it.
fn made(
    core: &Core,
    tx: &mut dyn Repositories,
    (signup, slugs): (&Signup, Vec<Slug>),
    owner: UserId,
    now: Timestamp,
    by: &By,
) -> Result<Option<Tenant>, StorageError> {
    for slug in slugs {
        let new = NewTenant {
            slug,
            name: signup.name.clone(),
            kind: signup.kind,
            time_zone: signup.time_zone.clone(),
            currency: signup.currency.clone(),
        };
        let tenant = founding::drafted(core, new, trial(now));
        if tx.tenants().insert_if_free(&tenant)? {
            founding::recorded(tx, core, &tenant, by)?;
            founding::join(tx, core, owner, tenant.id, &[Role::Owner], by)?;
            return Ok(Some(tenant));
        }
    }
    Ok(None)
}

/// Whether people make halls by themselves.
fn is_open(core: &Core) -> bool {
    match core.registration {
        RegistrationMode::Open => true,
        RegistrationMode::Invitation | RegistrationMode::Closed => false,
    }
}

/// The last eight digits of an id: those are random (RFC 9562 §5.7).
fn last(id: &str) -> &str {
    let from = id.len().saturating_sub(8);
    id.get(from..).unwrap_or(id)
}

fn nobody() -> CallError {
    CallError::Internal("nobody in person calls".into())
}

#[cfg(test)]
mod tests;
