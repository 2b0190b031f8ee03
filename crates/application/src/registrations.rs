//! People who make an account by themselves, and the proof that an e-mail address is theirs.
//!
//! A known address is answered like a new one, after the same work, and its owner is told by mail. Whoever registers an
//! address again before it was verified replaces name and password and ends the older link, so that a link opens the
//! account that was asked for with it and no other.

mod letters;

use std::sync::Arc;

use jiff::Timestamp;
use unionhall_domain::{
    audit::{AuditAction, Target},
    ids::Id,
    invalid::{FieldError, Invalid},
    mail_tokens::MailPurpose,
    passwords::{KnownWords, Strength},
    registrations::RegistrationMode,
    roles::Role,
    signups::Signup,
    tenants::{Slug, TenantId},
    text::Line,
    users::{EmailAddress, User},
};
use unionhall_ports::{
    audit::{AuditActor, AuditEvent, Origin},
    idempotency::StoredAnswer,
    identity::{Credentials, HeldRole, Membership, UserState},
    storage::StorageError,
    tenants::Room,
    unit_of_work::{Repositories, Scope},
};
use uuid::Uuid;

use crate::{
    core::Core,
    error::{CallError, Code, Coded},
    mail_tokens,
    passwords::{Password, PasswordHash, Passwords},
    signups,
};

/// What can go wrong with registering.
#[derive(Debug, thiserror::Error)]
pub enum RegistrationError {
    /// Nobody makes an account by themselves here.
    #[error("nobody can register here by themselves; ask your hall to invite you")]
    Closed,
    /// Fields are wrong: the password is refused, or the token does not count.
    #[error("some fields are wrong")]
    Invalid(Vec<FieldError>),
    /// What any call can meet.
    #[error(transparent)]
    Call(#[from] CallError),
}

impl From<StorageError> for RegistrationError {
    fn from(error: StorageError) -> Self {
        Self::Call(error.into())
    }
}

impl Coded for RegistrationError {
    fn code(&self) -> Code {
        match self {
            Self::Closed => Code::RegistrationClosed,
            Self::Invalid(_) => Code::InvalidFields,
            Self::Call(error) => error.code(),
        }
    }

    fn fields(&self) -> &[FieldError] {
        match self {
            Self::Invalid(errors) => errors,
            Self::Closed => &[],
            Self::Call(error) => error.fields(),
        }
    }

    fn replay(&self) -> Option<&StoredAnswer> {
        match self {
            Self::Call(error) => error.replay(),
            Self::Closed | Self::Invalid(_) => None,
        }
    }
}

/// Somebody who wants an account.
#[derive(Debug, Clone)]
pub struct Register {
    /// The address to sign in with.
    pub email: EmailAddress,
    /// Given name.
    pub first_name: Line<100>,
    /// Family name.
    pub last_name: Line<100>,
    /// The hall to join as a member, if it takes who registers.
    pub hall: Option<Slug>,
}

/// The use cases of registering.
#[derive(Clone)]
pub struct Registrations {
    core: Arc<Core>,
}

impl Registrations {
    /// Over these ports.
    pub const fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// Says whether somebody may register with this password, before the work of hashing it. Storage is not asked, so
    /// the answer tells nothing of any account.
    ///
    /// # Errors
    /// [`RegistrationError::Closed`], or [`Invalid`](RegistrationError::Invalid) at `password`.
    pub fn begin(&self, new: &Register, password: &Password) -> Result<(), RegistrationError> {
        self.begin_known(new, KnownWords::default(), password)
    }

    /// The same, where more is known than the registration says.
    ///
    /// # Errors
    /// As for [`begin`](Self::begin).
    pub(crate) fn begin_known(
        &self,
        new: &Register,
        known: KnownWords,
        password: &Password,
    ) -> Result<(), RegistrationError> {
        match self.core.registration {
            RegistrationMode::Open => {}
            RegistrationMode::Invitation | RegistrationMode::Closed => {
                return Err(RegistrationError::Closed);
            }
        }
        let known = known.address(&new.email);
        let hall = new.hall.as_ref().map(Slug::as_str);
        let known = hall.into_iter().fold(known, KnownWords::hall_called);
        let objections =
            Passwords::new(Arc::clone(&self.core)).objections(password, Strength::Alone, &known);
        if objections.is_empty() {
            return Ok(());
        }
        let at_field = |invalid: Invalid| invalid.at("password");
        Err(RegistrationError::Invalid(
            objections.into_iter().map(at_field).collect(),
        ))
    }

    /// Makes an account that can be signed in to once its address is verified, and mails the link for that; if the
    /// address has a verified account, its owner is mailed instead. For every address the same statements run.
    ///
    /// # Errors
    /// [`RegistrationError`], for reasons that have nothing to do with the address.
    pub fn register(
        &self,
        new: &Register,
        hash: &PasswordHash,
        origin: &Origin,
    ) -> Result<(), RegistrationError> {
        self.core.unit_of_work.transaction(Scope::Identity, |tx| {
            Ok(self.enter(tx, new, hash, None, origin)?)
        })
    }

    /// Makes the account in a transaction that does more, and keeps the hall that it is to make once it is verified.
    ///
    /// # Errors
    /// [`CallError`].
    pub(crate) fn enter(
        &self,
        tx: &mut dyn Repositories,
        new: &Register,
        hash: &PasswordHash,
        signup: Option<&Signup>,
        origin: &Origin,
    ) -> Result<(), CallError> {
        let (now, email) = (self.core.clock.now(), &new.email);
        let user = self.drafted(new, now);
        let found = tx.identity().find_credentials(email)?;
        let made = tx.identity().register(&user, hash, new.hall.clone())?;
        let holder = made.unwrap_or(Id::new(Uuid::nil()));
        if let Some(signup) = signup {
            tx.signups().put(holder, signup, now)?;
        }
        let purpose = MailPurpose::VerifyEmail;
        let token = mail_tokens::issue(tx, &*self.core.clock, holder, purpose, None, now)?;
        let owner = found
            .as_ref()
            .filter(|found| found.state == UserState::Active);
        let links = &self.core.links;
        let letter = match (made, owner) {
            (None, Some(owner)) => {
                let link = links.page("/account/forgot-password");
                letters::known(&owner.user, signup.is_some(), link)
            }
            (Some(_) | None, _) => {
                let link = links.verify_email(&token);
                letters::verify(email, &new.first_name, signup.is_some(), link)
            }
        };
        let written = made.is_some() || owner.is_some();
        self.core.post_if(written, tx, letter)?;
        let target = made.or(found.as_ref().map(|found| found.user.id));
        let event = AuditEvent {
            action: match made {
                Some(_) => AuditAction::Registered,
                None => AuditAction::RegistrationRefused,
            },
            target_id: target.map(Id::uuid),
            details: signup
                .map(|_| ("for", "tenant".to_owned()))
                .into_iter()
                .collect(),
            ..self.event(now, found.and_then(|found| found.tenant), origin)
        };
        Ok(tx.audit().insert(&[event])?)
    }

    fn drafted(&self, new: &Register, now: Timestamp) -> User {
        User {
            id: Id::new(self.core.clock.new_id()),
            email: new.email.clone(),
            first_name: new.first_name.clone(),
            last_name: new.last_name.clone(),
            last_login_at: None,
            created_at: now,
        }
    }

    /// Mails another link to whoever registered with this address and has not verified it. For every address the same
    /// statements run.
    ///
    /// # Errors
    /// [`RegistrationError`], for reasons that have nothing to do with the address.
    pub fn resend(&self, email: &EmailAddress, origin: &Origin) -> Result<(), RegistrationError> {
        let now = self.core.clock.now();
        self.core.unit_of_work.transaction(Scope::Identity, |tx| {
            let found = tx.identity().find_credentials(email)?;
            let waiting = found.as_ref().filter(|found| waits_for_proof(found));
            remind(&self.core, tx, email, waiting, now)?;
            let event = AuditEvent {
                action: AuditAction::VerificationAsked,
                target_id: found.as_ref().map(|found| found.user.id.uuid()),
                ..self.event(now, found.and_then(|found| found.tenant), origin)
            };
            Ok(tx.audit().insert(&[event])?)
        })
    }

    /// Spends the token of a mail: the address is verified, and its owner may sign in; with a place as a member, if they
    /// registered for a hall that takes them and has room.
    ///
    /// # Errors
    /// [`RegistrationError::Invalid`] at `token`, when it does not count (any more).
    pub fn verify(&self, token: &str, origin: &Origin) -> Result<(), RegistrationError> {
        let now = self.core.clock.now();
        self.core.unit_of_work.transaction(Scope::Identity, |tx| {
            let spent = mail_tokens::spend(tx, token, MailPurpose::VerifyEmail, now)?;
            let user = spent.ok_or_else(token_refused)?.user;
            let tenant = welcome(&self.core, tx, &user, now, origin)?;
            let event = AuditEvent {
                actor: AuditActor::User(user.id),
                action: AuditAction::EmailVerified,
                target_id: Some(user.id.uuid()),
                ..self.event(now, tenant, origin)
            };
            Ok(tx.audit().insert(&[event])?)
        })
    }

    fn event(&self, at: Timestamp, tenant: Option<TenantId>, origin: &Origin) -> AuditEvent {
        AuditEvent {
            id: self.core.clock.new_id(),
            at,
            tenant,
            actor: AuditActor::Anonymous,
            action: AuditAction::Registered,
            target: Target::User,
            target_id: None,
            changes: Vec::new(),
            details: Vec::new(),
            origin: origin.clone(),
        }
    }
}

/// Says that somebody has shown that their address is theirs, and gives them the place that they registered for, if it
/// is to be had, and makes the hall that they asked for; returns the tenant then.
///
/// # Errors
/// [`CallError`].
pub(crate) fn welcome(
    core: &Core,
    tx: &mut dyn Repositories,
    user: &User,
    now: Timestamp,
    origin: &Origin,
) -> Result<Option<TenantId>, CallError> {
    let joined = tx.identity().verify_email(user.id, now)?;
    let founded = signups::settle(core, tx, user, now, origin)?;
    let Some(tenant) = joined else {
        return Ok(founded.map(|tenant| tenant.id));
    };
    match tx.tenants().reserve_user(tenant)? {
        Room::Reserved => {}
        Room::Full { .. } => return Ok(None),
    }
    let role = HeldRole {
        role: Role::Member,
        expires_at: None,
    };
    let membership = Membership {
        user: user.id,
        tenant,
        roles: vec![role],
        member: None,
    };
    tx.identity().put_membership(&membership, now)?;
    let event = AuditEvent {
        id: core.clock.new_id(),
        at: now,
        tenant: Some(tenant),
        actor: AuditActor::User(user.id),
        action: AuditAction::Created,
        target: Target::Membership,
        target_id: Some(user.id.uuid()),
        changes: Vec::new(),
        details: vec![("by", "registration".to_owned())],
        origin: origin.clone(),
    };
    tx.audit().insert(&[event])?;
    Ok(Some(tenant))
}

/// Puts on record that somebody with the right password came who has a place nowhere.
///
/// # Errors
/// [`StorageError`].
pub(crate) fn turn_away(
    core: &Core,
    tx: &mut dyn Repositories,
    found: &Credentials,
    now: Timestamp,
    origin: &Origin,
) -> Result<(), StorageError> {
    tx.audit().insert(&[AuditEvent {
        id: core.clock.new_id(),
        at: now,
        tenant: None,
        actor: AuditActor::User(found.user.id),
        action: AuditAction::SignInRefused,
        target: Target::User,
        target_id: Some(found.user.id.uuid()),
        changes: Vec::new(),
        details: vec![("reason", "no_place".to_owned())],
        origin: origin.clone(),
    }])
}

/// Whether an account would be in order, if only its address were verified.
fn waits_for_proof(found: &Credentials) -> bool {
    found.state == UserState::Active && !found.verified
}

/// Mails another link to verify an address to an account that waits for one; else does the same work for nobody.
///
/// # Errors
/// [`CallError`].
pub(crate) fn remind(
    core: &Core,
    tx: &mut dyn Repositories,
    email: &EmailAddress,
    waiting: Option<&Credentials>,
    now: Timestamp,
) -> Result<(), CallError> {
    let user = waiting.map_or(Id::new(Uuid::nil()), |found| found.user.id);
    let token = mail_tokens::issue(tx, &*core.clock, user, MailPurpose::VerifyEmail, None, now)?;
    let link = core.links.verify_email(&token);
    let letter = letters::reminder(email, waiting.map(|found| &found.user), link);
    core.post_if(waiting.is_some(), tx, letter)
}

fn token_refused() -> RegistrationError {
    RegistrationError::Invalid(vec![mail_tokens::refused().at("token")])
}

#[cfg(test)]
mod tests;
